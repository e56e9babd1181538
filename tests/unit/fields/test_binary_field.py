from __future__ import annotations

import pytest
from bson.binary import Binary

from mongoengine.base.fields.binary import BinaryField
from mongoengine.errors import ValidationError
from tests.unit.fields.field_owner import owner_of


def refusal(field, value):
    """Return the text of the error a value causes, None if it is accepted."""
    try:
        field._validate(value)
    except ValidationError as error:
        return str(error)
    return None


def test_an_assigned_bytearray_becomes_bytes():
    owner = owner_of(BinaryField())

    owner.value = bytearray(b"\x00\x01")

    assert owner.value == b"\x00\x01"
    assert type(owner.value) is bytes


def test_a_default_bytearray_becomes_bytes():
    assert type(owner_of(BinaryField(default=bytearray(b"x"))).value) is bytes


def test_bytes_are_stored_as_bson_binary():
    stored = BinaryField().to_mongo(b"abc")

    assert stored == Binary(b"abc")
    assert type(stored) is Binary


@pytest.mark.parametrize("value", [b"", b"abcd", Binary(b"abcd")])
def test_bytes_are_valid(value):
    assert refusal(BinaryField(max_bytes=4), value) is None


@pytest.mark.parametrize("value", [2, "text", ["text"], bytearray(b"a"), None])
def test_other_types_are_refused(value):
    assert refusal(BinaryField(), value) == (
        "BinaryField only accepts instances of (bytes, Binary, Binary)"
    )


@pytest.mark.parametrize(("limit", "value"), [(4, b"abcde"), (0, b"a")])
def test_too_many_bytes_are_refused(limit, value):
    assert refusal(BinaryField(max_bytes=limit), value) == "Binary value is too long"


def test_bytes_are_queried_as_they_are_stored():
    field = BinaryField(max_bytes=4)

    assert field.prepare_query_value(None, b"abc") == Binary(b"abc")
    assert field.prepare_query_value(None, None) is None
    with pytest.raises(ValidationError, match="too long"):
        field.prepare_query_value("set", b"abcde")
    with pytest.raises(TypeError):
        field.prepare_query_value(None, "text")
