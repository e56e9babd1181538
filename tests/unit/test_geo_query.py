"""Geospatial operators."""

from __future__ import annotations

import pytest
from bson import SON

from mongoengine.errors import InvalidQueryError
from mongoengine.queryset import transform
from tests.unit.query_models import FakeDocument, FakeFlatPoint, FakePoint, FakeText

POINT = {"type": "Point", "coordinates": [1, 2]}


class Place(FakeDocument):
    flat = FakeFlatPoint("f")
    round = FakePoint("r")
    name = FakeText("n")


def query(**conditions):
    return transform.query(Place, **conditions)


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("near", {"$near": [1, 2]}),
        ("near_sphere", {"$nearSphere": [1, 2]}),
        ("within_distance", {"$within": {"$center": [1, 2]}}),
        ("within_spherical_distance", {"$within": {"$centerSphere": [1, 2]}}),
        ("within_polygon", {"$within": {"$polygon": [1, 2]}}),
        ("within_box", {"$within": {"$box": [1, 2]}}),
        ("max_distance", {"$maxDistance": [1, 2]}),
        ("min_distance", {"$minDistance": [1, 2]}),
    ],
)
def test_a_flat_field_takes_the_legacy_operators(op, expected):
    assert query(**{f"flat__{op}": [1, 2]}) == {"f": expected}


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("near", {"$near": {"$geometry": POINT}}),
        ("geo_within", {"$geoWithin": {"$geometry": POINT}}),
        ("geo_intersects", {"$geoIntersects": {"$geometry": POINT}}),
        ("geo_within_box", {"$geoWithin": {"$box": [1, 2]}}),
        ("geo_within_polygon", {"$geoWithin": {"$polygon": [1, 2]}}),
        ("geo_within_center", {"$geoWithin": {"$center": [1, 2]}}),
        ("geo_within_sphere", {"$geoWithin": {"$centerSphere": [1, 2]}}),
        ("max_distance", {"$maxDistance": [1, 2]}),
        ("min_distance", {"$minDistance": [1, 2]}),
    ],
)
@pytest.mark.parametrize("field", ["round", "name"])
def test_every_other_field_takes_geometries(field, op, expected):
    assert query(**{f"{field}__{op}": [1, 2]}) == {field[0]: expected}


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (
            "flat__geo_within",
            'Geo method "geo_within" has not been implemented for a GeoPointField',
        ),
        ("round__within_box", 'Geo method "within_box" has not been implemented for a PointField '),
        ("name__near_sphere", 'Geo method "near_sphere" has not been implemented for a FakeText '),
    ],
)
def test_an_operator_of_the_other_kind_is_not_implemented(key, message):
    with pytest.raises(NotImplementedError) as error:
        query(**{key: [1, 2]})
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([1, 2], "Point"),
        ([[1, 2], [3, 4]], "LineString"),
        ([(1, 2)], "LineString"),
        ([[[1, 2]]], "Polygon"),
        ([[[[1, 2]]]], "Polygon"),
        ([[]], "Point"),
        ([1, [2]], "Point"),
    ],
)
def test_the_nesting_of_lists_tells_the_geometry(value, kind):
    assert transform._infer_geometry(value) == {"$geometry": {"type": kind, "coordinates": value}}


def test_a_geojson_dict_is_wrapped_unless_it_is_already():
    assert transform._infer_geometry(POINT) == {"$geometry": POINT}
    assert transform._infer_geometry({"$geometry": POINT}) == {"$geometry": POINT}


@pytest.mark.parametrize("value", [{}, {"type": "Point"}, {"coordinates": [1, 2]}])
def test_a_dict_that_is_no_geojson_is_an_invalid_query(value):
    with pytest.raises(InvalidQueryError) as error:
        query(round__geo_within=value)
    assert str(error.value) == "Invalid $geometry dictionary should have type and coordinates keys"


@pytest.mark.parametrize("value", [(1, 2), [], 5, None, "ab", {1}])
def test_a_value_that_is_no_geometry_is_an_invalid_query(value):
    with pytest.raises(InvalidQueryError) as error:
        query(round__geo_intersects=value)
    assert str(error.value) == (
        "Invalid $geometry data. Can be either a dictionary or (nested) lists of coordinate(s)"
    )


def test_near_takes_a_tuple_because_its_items_are_converted():
    assert query(round__near=(1, 2)) == {"r": {"$near": {"$geometry": POINT}}}
    with pytest.raises(TypeError, match="must be applied to an iterable"):
        query(round__near=5)


def test_distances_go_into_a_geometry():
    condition = query(round__near=[1, 2], round__max_distance=5, round__min_distance=1)["r"]
    assert condition == {"$near": {"$geometry": POINT, "$maxDistance": 5, "$minDistance": 1}}
    assert isinstance(condition["$near"], SON)


def test_distances_follow_flat_coordinates():
    condition = query(flat__near=[1, 2], flat__max_distance=5, flat__exists=True)["f"]
    assert list(condition.items()) == [("$exists", True), ("$near", [1, 2]), ("$maxDistance", 5)]
    assert isinstance(condition, SON)
    condition = query(flat__near_sphere=[1, 2], flat__min_distance=5)["f"]
    assert list(condition) == ["$nearSphere", "$minDistance"]


def test_a_distance_keyword_overrides_the_one_in_the_geometry_and_leaves_that_alone():
    near = {"$geometry": POINT, "$maxDistance": 4}
    assert query(round__near=near, round__max_distance=5) == {
        "r": {"$near": {"$geometry": POINT, "$maxDistance": 5}}
    }
    assert near["$maxDistance"] == 4


def test_a_raw_near_takes_distances_too():
    assert query(__raw__={"f": {"$near": [1, 2]}}, flat__max_distance=3) == {
        "f": {"$near": [1, 2], "$maxDistance": 3}
    }


def test_a_distance_without_near_stays_where_it_is():
    assert query(flat__max_distance=5, flat__min_distance=1) == {
        "f": {"$maxDistance": 5, "$minDistance": 1}
    }
