from __future__ import annotations

import pytest
from bson.son import SON

from mongoengine.base.fields.geo import (
    GeoJsonBaseField,
    GeoPointField,
    LineStringField,
    MultiLineStringField,
    MultiPointField,
    MultiPolygonField,
    PointField,
    PolygonField,
)
from mongoengine.errors import ValidationError

RING = [[1, 2], [3, 4], [5, 6], [1, 2]]
SHAPES = [
    (PointField, "Point", [1.5, 2]),
    (LineStringField, "LineString", [[1, 2], (3, 4)]),
    (PolygonField, "Polygon", [RING]),
    (MultiPointField, "MultiPoint", [[1, 2], [3, 4]]),
    (MultiLineStringField, "MultiLineString", [[[1, 2], [3, 4]], RING]),
    (MultiPolygonField, "MultiPolygon", [[RING], [RING, RING]]),
]

NO_PAIR = "Value ([1]) must be a two-dimensional point"
NO_NUMBERS = "Both values (['a', 'b']) in point must be float or int"
NO_POINT = "Points must be a list of coordinate pairs"
OPEN = "LineStrings must start and end at the same point"


def refusal(field, value):
    """Return the text of the error a value causes, None if it is accepted."""
    try:
        field._validate(value)
    except ValidationError as error:
        return str(error)
    return None


# GeoPointField


@pytest.mark.parametrize("value", [[1, 2], (1.5, -2), [True, 0]])
def test_a_pair_of_numbers_is_a_point(value):
    assert refusal(GeoPointField(), value) is None
    assert GeoPointField().to_mongo(value) is value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"x": 1, "y": 2}, "GeoPointField can only accept tuples or lists of (x, y)"),
        (5, "GeoPointField can only accept tuples or lists of (x, y)"),
        ([], "Value ([]) must be a two-dimensional point"),
        ([1, 2, 3], "Value ([1, 2, 3]) must be a two-dimensional point"),
        (("a", "b"), "Both values (('a', 'b')) in point must be float or int"),
    ],
)
def test_anything_else_is_no_point(value, message):
    assert refusal(GeoPointField(), value) == message


def test_a_legacy_point_has_a_2d_index():
    assert GeoPointField()._geo_index == "2d"


# GeoJSON


@pytest.mark.parametrize(("kind", "name", "coordinates"), SHAPES)
def test_a_shape_is_given_as_coordinates_or_as_geojson(kind, name, coordinates):
    assert refusal(kind(), coordinates) is None
    assert refusal(kind(), {"type": name, "coordinates": coordinates}) is None
    assert refusal(kind(), SON([("coordinates", coordinates), ("type", name)])) is None


@pytest.mark.parametrize(("kind", "name", "coordinates"), SHAPES)
def test_coordinates_are_stored_as_geojson(kind, name, coordinates):
    stored = kind().to_mongo(coordinates)
    shape = {"type": name, "coordinates": coordinates}

    assert list(stored.items()) == [("type", name), ("coordinates", coordinates)]
    assert kind().to_mongo(shape) is shape
    assert kind().to_python(shape) is shape


@pytest.mark.parametrize(("kind", "name", "coordinates"), SHAPES)
def test_other_dicts_and_types_are_refused(kind, name, coordinates):
    no_geojson = f"{name}Field can only accept a valid GeoJson dictionary or lists of (x, y)"

    assert refusal(kind(), {"x": 1, "y": 2}) == no_geojson
    assert refusal(kind(), {"type": name}) == no_geojson
    assert refusal(kind(), {"type": name, "coordinates": coordinates, "crs": 1}) == no_geojson
    assert refusal(kind(), {"type": "MadeUp", "coordinates": []}) == (
        f'{name}Field type must be "{name}"'
    )
    for value in (5, "a", None, {1, 2}):
        assert refusal(kind(), value) == f"{name}Field can only accept lists of [x, y]"
    assert refusal(kind(), {"type": name, "coordinates": 5}) == (
        f"{name}Field can only accept lists of [x, y]"
    )


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (LineStringField, "Invalid LineString must contain at least one valid point"),
        (PolygonField, "Invalid Polygon must contain at least one valid linestring"),
        (MultiPointField, "Invalid MultiPoint must contain at least one valid point"),
        (
            MultiLineStringField,
            "Invalid MultiLineString must contain at least one valid linestring",
        ),
        (MultiPolygonField, "Invalid MultiPolygon must contain at least one valid Polygon"),
    ],
)
@pytest.mark.parametrize("value", [[], [5, "a"], [[]], [{}], [{"a": 1}]])
def test_a_shape_that_contains_no_point_is_refused(kind, message, value):
    assert refusal(kind(), value) == message


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (PointField, [1], NO_PAIR),
        (PointField, ["a", "b"], NO_NUMBERS),
        (LineStringField, [[1]], f"Invalid LineString:\n{NO_PAIR}"),
        (LineStringField, [[1], ["a", "b"], [1]], f"Invalid LineString:\n{NO_PAIR}, {NO_NUMBERS}"),
        (LineStringField, [[1, 2], 5], f"Invalid LineString:\n{NO_POINT}"),
        (PolygonField, [[[1]]], f"Invalid Polygon:\n{NO_PAIR}"),
        (PolygonField, [[[1, 2], [3, 4]]], f"Invalid Polygon:\n{OPEN}"),
        (PolygonField, [[["a", "b"]], [[1]]], f"Invalid Polygon:\n{NO_NUMBERS}, {NO_PAIR}"),
        (
            PolygonField,
            [RING, 5],
            "Invalid Polygon:\nLineStrings must contain list of coordinate pairs",
        ),
        (
            PolygonField,
            [RING, []],
            "Invalid Polygon:\nInvalid LineString must contain at least one valid point",
        ),
        (MultiPointField, [[1], ["a", "b"], [1]], f"{NO_PAIR}, {NO_NUMBERS}"),
        (MultiLineStringField, [[[1]]], f"Invalid MultiLineString:\n{NO_PAIR}"),
        (
            MultiLineStringField,
            [RING, 5],
            "Invalid MultiLineString:\nLineStrings must contain list of coordinate pairs",
        ),
        (MultiPolygonField, [[[[1]]]], f"Invalid MultiPolygon:\n{NO_PAIR}"),
        (MultiPolygonField, [[[[1, 2], [3, 4]]]], f"Invalid MultiPolygon:\n{OPEN}"),
        (
            MultiPolygonField,
            [[RING], 5],
            "Invalid MultiPolygon:\nPolygons must contain list of linestrings",
        ),
        (
            MultiPolygonField,
            [[RING], []],
            "Invalid MultiPolygon:\nInvalid Polygon must contain at least one valid linestring",
        ),
    ],
)
def test_what_is_wrong_with_the_parts_is_said_once_each(kind, value, message):
    assert refusal(kind(), value) == message


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("_validate_multipoint", "MultiPoint must be a list of Point"),
        ("_validate_multilinestring", "MultiLineString must be a list of LineString"),
        ("_validate_multipolygon", "MultiPolygon must be a list of Polygon"),
    ],
)
def test_a_set_of_shapes_must_be_a_list(check, message):
    assert getattr(GeoJsonBaseField(), check)(5) == message


def test_a_nested_check_leaves_out_its_own_heading():
    assert MultiLineStringField()._validate_multilinestring([[[1]]], top_level=False) == NO_PAIR


def test_a_geojson_field_has_a_2dsphere_index_unless_told_otherwise():
    assert PointField()._geo_index == "2dsphere"
    assert PointField(auto_index=False)._geo_index is False
    assert PointField()._name == "PointField"


def test_the_type_of_a_subclass_names_its_check():
    class TriangleField(GeoJsonBaseField):
        _type = "Triangle"

        def _validate_triangle(self, value):
            return None if len(value) == 3 else "three corners"

    assert refusal(TriangleField(), [1, 2, 3]) is None
    assert refusal(TriangleField(), [1, 2]) == "three corners"
    assert TriangleField().to_mongo([1, 2, 3])["type"] == "Triangle"


def test_an_update_is_validated():
    with pytest.raises(ValidationError, match="two-dimensional"):
        PointField().prepare_query_value("set", [1])
