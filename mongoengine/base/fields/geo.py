"""Fields that hold points and shapes on a plane or on the globe.

Model floor: checks and conversions only. The checks of shapes answer with the text of
what is wrong, or None, so that a shape can collect what is wrong with its parts.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from bson.son import SON

from mongoengine.base.fields.base import BaseField

__all__ = (
    "GeoJsonBaseField",
    "GeoPointField",
    "LineStringField",
    "MultiLineStringField",
    "MultiPointField",
    "MultiPolygonField",
    "PointField",
    "PolygonField",
)


class GeoPointField(BaseField[Any]):
    """A pair of coordinates (longitude, latitude), with a ``2d`` index.

    `PointField` is the GeoJSON form.
    """

    _geo_index = "2d"
    _refuses_operators: ClassVar[bool] = True

    def validate(self, value: Any) -> None:
        """Refuse what is not a list or tuple of two numbers."""
        if not isinstance(value, (list, tuple)):
            self.error("GeoPointField can only accept tuples or lists of (x, y)")
        problem = _pair_problem(value)
        if problem:
            self.error(problem)


class GeoJsonBaseField(BaseField[Any]):
    """The base of GeoJSON fields, with a ``2dsphere`` index.

    Values are lists of coordinates or dicts with ``type`` and ``coordinates``; dicts are
    what is stored and loaded.

    Args:
        auto_index: create the index.
        *args: see `BaseField`.
        **kwargs: see `BaseField`.
    """

    query_kind: ClassVar[str] = "geo_json"
    _refuses_operators: ClassVar[bool] = True

    _geo_index: str | bool = "2dsphere"
    _type = "GeoBase"

    def __init__(self, auto_index: bool = True, *args: Any, **kwargs: Any) -> None:
        self._name = f"{self._type}Field"
        if not auto_index:
            self._geo_index = False
        super().__init__(*args, **kwargs)

    def validate(self, value: Any) -> None:
        """Refuse what is not a shape of this type."""
        if isinstance(value, dict):
            value = self._coordinates(value)
        if not isinstance(value, (list, tuple)):
            self.error(f"{self._name} can only accept lists of [x, y]")
        check: Callable[[Any], str | None] = getattr(self, f"_validate_{self._type.lower()}")
        problem = check(value)
        if problem:
            self.error(problem)

    def _coordinates(self, shape: Any) -> Any:
        """Return what is inside a GeoJSON dict (or several, one in another)."""
        while isinstance(shape, dict):
            if set(shape) != {"type", "coordinates"}:
                self.error(
                    f"{self._name} can only accept a valid GeoJson dictionary or lists of (x, y)"
                )
            if shape["type"] != self._type:
                self.error(f'{self._name} type must be "{self._type}"')
            shape = shape["coordinates"]
        return shape

    def to_mongo(self, value: Any) -> Any:
        """Wrap coordinates into the GeoJSON form."""
        if isinstance(value, dict):
            return value
        return SON([("type", self._type), ("coordinates", value)])

    # One check per shape, found by the name of the type so that subclasses can add shapes.

    def _validate_point(self, value: Any) -> str | None:
        if not isinstance(value, (list, tuple)):
            return "Points must be a list of coordinate pairs"
        return _pair_problem(value)

    def _validate_linestring(self, value: Any, top_level: bool = True) -> str | None:
        if not isinstance(value, (list, tuple)):
            return "LineStrings must contain list of coordinate pairs"
        if not _is_nested(value, 2):
            return "Invalid LineString must contain at least one valid point"
        heading = "Invalid LineString:\n" if top_level else ""
        return _collected(heading, map(self._validate_point, value))

    def _validate_polygon(self, value: Any, top_level: bool = True) -> str | None:
        if not isinstance(value, (list, tuple)):
            return "Polygons must contain list of linestrings"
        if not _is_nested(value, 3):
            return "Invalid Polygon must contain at least one valid linestring"
        heading = "Invalid Polygon:\n" if top_level else ""
        return _collected(heading, map(self._ring_problem, value))

    def _validate_multipoint(self, value: Any) -> str | None:
        if not isinstance(value, (list, tuple)):
            return "MultiPoint must be a list of Point"
        if not _is_nested(value, 2):
            return "Invalid MultiPoint must contain at least one valid point"
        return _collected("", map(self._validate_point, value))

    def _validate_multilinestring(self, value: Any, top_level: bool = True) -> str | None:
        if not isinstance(value, (list, tuple)):
            return "MultiLineString must be a list of LineString"
        if not _is_nested(value, 3):
            return "Invalid MultiLineString must contain at least one valid linestring"
        heading = "Invalid MultiLineString:\n" if top_level else ""
        return _collected(heading, (self._validate_linestring(line, False) for line in value))

    def _validate_multipolygon(self, value: Any) -> str | None:
        if not isinstance(value, (list, tuple)):
            return "MultiPolygon must be a list of Polygon"
        if not _is_nested(value, 4):
            return "Invalid MultiPolygon must contain at least one valid Polygon"
        problems = (self._validate_polygon(polygon, False) for polygon in value)
        return _collected("Invalid MultiPolygon:\n", problems)

    def _ring_problem(self, line: Any) -> str | None:
        problem = self._validate_linestring(line, top_level=False)
        if problem is None and line[0] != line[-1]:
            return "LineStrings must start and end at the same point"
        return problem


def _pair_problem(pair: list[Any] | tuple[Any, ...]) -> str | None:
    if len(pair) != 2:
        return f"Value ({pair!r}) must be a two-dimensional point"
    if not all(isinstance(number, (float, int)) for number in pair):
        return f"Both values ({pair!r}) in point must be float or int"
    return None


def _is_nested(value: Any, depth: int) -> bool:
    """Tell whether there is a first item of the first item, ``depth`` levels down."""
    for _ in range(depth):
        try:
            value = value[0]
        except (TypeError, LookupError):
            return False
    return True


def _collected(heading: str, problems: Iterable[str | None]) -> str | None:
    distinct = dict.fromkeys(problem for problem in problems if problem)
    return heading + ", ".join(distinct) if distinct else None


class PointField(GeoJsonBaseField):
    """A point: ``[x, y]`` or its GeoJSON dict."""

    _type = "Point"


class LineStringField(GeoJsonBaseField):
    """A line: a list of points or its GeoJSON dict."""

    _type = "LineString"


class PolygonField(GeoJsonBaseField):
    """An area: a list of closed lines, the border first and then holes, or its GeoJSON dict."""

    _type = "Polygon"


class MultiPointField(GeoJsonBaseField):
    """A set of points: a list of points or its GeoJSON dict."""

    _type = "MultiPoint"


class MultiLineStringField(GeoJsonBaseField):
    """A set of lines: a list of lines or its GeoJSON dict."""

    _type = "MultiLineString"


class MultiPolygonField(GeoJsonBaseField):
    """A set of areas: a list of polygons or its GeoJSON dict."""

    _type = "MultiPolygon"
