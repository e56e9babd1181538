"""Geospatial operators as MongoDB conditions.

Model floor, pure functions. Fields with a 2d index take the legacy operators on flat
coordinates; all other fields take GeoJSON geometries.
"""

from __future__ import annotations

from typing import Any

import pymongo
from bson import SON

from mongoengine.errors import InvalidQueryError
from mongoengine.queryset.keys import QueryField

__all__ = ("geo_operator", "infer_geometry", "place_distances")

_DISTANCES = {"max_distance": "$maxDistance", "min_distance": "$minDistance"}
_FLAT_SHAPES = {
    "within_distance": "$center",
    "within_spherical_distance": "$centerSphere",
    "within_polygon": "$polygon",
    "within_box": "$box",
}
_FLAT_NEAR = {"near": "$near", "near_sphere": "$nearSphere"}
_SPHERE_SHAPES = {
    "geo_within_box": "$box",
    "geo_within_polygon": "$polygon",
    "geo_within_center": "$center",
    "geo_within_sphere": "$centerSphere",
}
_SPHERE_GEOMETRIES = {
    "geo_within": "$geoWithin",
    "geo_intersects": "$geoIntersects",
    "near": "$near",
}
# By how deep the coordinates are nested.
_GEOMETRY_TYPES = {1: "Point", 2: "LineString", 3: "Polygon"}


def geo_operator(field: QueryField, op: str, value: Any) -> dict[str, Any]:
    """Return the condition for a geo operator.

    Raises:
        NotImplementedError: The operator does not exist for this kind of field.
        InvalidQueryError: The value is no geometry.
    """
    if op in _DISTANCES:
        return {_DISTANCES[op]: value}
    if field._geo_index == pymongo.GEO2D:
        return _flat_condition(op, value)
    return _sphere_condition(field, op, value)


def _flat_condition(op: str, value: Any) -> dict[str, Any]:
    if op in _FLAT_NEAR:
        return {_FLAT_NEAR[op]: value}
    if op in _FLAT_SHAPES:
        return {"$within": {_FLAT_SHAPES[op]: value}}
    raise NotImplementedError(f'Geo method "{op}" has not been implemented for a GeoPointField')


def _sphere_condition(field: QueryField, op: str, value: Any) -> dict[str, Any]:
    if op in _SPHERE_GEOMETRIES:
        return {_SPHERE_GEOMETRIES[op]: infer_geometry(value)}
    if op in _SPHERE_SHAPES:
        return {"$geoWithin": {_SPHERE_SHAPES[op]: value}}
    name = getattr(field, "_name", type(field).__name__)
    # The space at the end is part of the text upstream's users know.
    raise NotImplementedError(f'Geo method "{op}" has not been implemented for a {name} ')


def infer_geometry(value: Any) -> dict[str, Any]:
    """Wrap coordinates or a GeoJSON object as ``{"$geometry": ...}``.

    Args:
        value: A GeoJSON dict, wrapped or not, or a list of coordinates: a point, a list of
            points (line) or a list of lines (polygon).

    Raises:
        InvalidQueryError: It is none of these.
    """
    if isinstance(value, dict):
        if "$geometry" in value:
            return value
        if "type" in value and "coordinates" in value:
            return {"$geometry": value}
        raise InvalidQueryError(
            "Invalid $geometry dictionary should have type and coordinates keys"
        )
    depth = _nesting(value) if isinstance(value, list) else 0
    if depth == 0:
        raise InvalidQueryError(
            "Invalid $geometry data. Can be either a dictionary or (nested) lists of coordinate(s)"
        )
    return {"$geometry": {"type": _GEOMETRY_TYPES[depth], "coordinates": value}}


def _nesting(value: Any) -> int:
    """Count how often the first item can be taken, up to the depth of a polygon."""
    for depth in range(max(_GEOMETRY_TYPES)):
        try:
            value = value[0]
        except (TypeError, LookupError):
            return depth
    return max(_GEOMETRY_TYPES)


def place_distances(condition: dict[str, Any]) -> dict[str, Any]:
    """Put ``$maxDistance`` and ``$minDistance`` where the server looks for them.

    Inside ``$near`` when that is a document, else after it: the server reads the legacy form
    in order.
    """
    near = next((name for name in _FLAT_NEAR.values() if name in condition), None)
    distances = {name: condition[name] for name in _DISTANCES.values() if name in condition}
    if near is None or not distances:
        return condition
    placed: SON[str, Any] = SON(
        (name, value) for name, value in condition.items() if name not in distances
    )
    geometry = condition[near]
    if isinstance(geometry, dict):
        placed[near] = SON([*geometry.items()])
        placed[near].update(distances)
    else:
        placed.update(distances)
    return placed
