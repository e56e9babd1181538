"""What scalar fields tell the compilers about themselves must be true for every value."""

from __future__ import annotations

import datetime
import decimal
import uuid

import pytest
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from bson.objectid import ObjectId
from hypothesis import given
from hypothesis import strategies as st

from mongoengine.base import schema
from mongoengine.base.fields.binary import BinaryField
from mongoengine.base.fields.enums import EnumField
from mongoengine.base.fields.geo import GeoPointField, PointField
from mongoengine.base.fields.identifiers import ObjectIdField, UUIDField
from mongoengine.base.fields.numbers import (
    BooleanField,
    Decimal128Field,
    DecimalField,
    FloatField,
    IntField,
)
from mongoengine.base.fields.strings import EmailField, StringField, URLField
from mongoengine.base.fields.temporal import ComplexDateTimeField, DateField, DateTimeField
from tests.unit.fields.test_enum_field import Color, Permission, Status

PLAIN = {
    str: st.text(),
    int: st.integers(),
    float: st.floats(),
    bool: st.booleans(),
    datetime.datetime: st.datetimes(timezones=st.none() | st.just(datetime.UTC)),
    ObjectId: st.binary(min_size=12, max_size=12).map(ObjectId),
    uuid.UUID: st.uuids(),
}


def shown_by_the_driver(value):
    """Tell whether the driver knows a decimal's value: PyMongo 4.13 gave up on some."""
    try:
        value.to_decimal()
    except decimal.Inexact:
        return False
    return True


# Every stored value there is.
DECIMAL128 = st.binary(min_size=16, max_size=16).map(Decimal128.from_bid)

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-(2**63), 2**63 - 1).map(Int64),
    st.floats(),
    st.text(),
    st.binary(),
    st.datetimes(),
    DECIMAL128.filter(shown_by_the_driver),
    st.integers(-(10**30), 10**30).map(str).map(Decimal128),
    PLAIN[ObjectId],
    st.uuids(),
)
BSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def nothing_to_say(value):
    return None


FIELDS = [
    StringField(),
    StringField(max_length=3),
    StringField(min_length=3),
    StringField(regex="a"),
    StringField(choices=["a"]),
    StringField(validation=nothing_to_say),
    URLField(),
    EmailField(),
    IntField(),
    IntField(min_value=1),
    IntField(max_value=1),
    FloatField(),
    FloatField(min_value=1),
    FloatField(max_value=1),
    DecimalField(),
    DecimalField(precision=30, force_string=True),
    Decimal128Field(),
    BooleanField(),
    BooleanField(choices=[True]),
    DateTimeField(),
    DateTimeField(choices=()),
    DateField(),
    ComplexDateTimeField(),
    ObjectIdField(),
    UUIDField(),
    UUIDField(binary=False),
    BinaryField(),
    EnumField(Status),
    EnumField(Color),
    EnumField(Permission),
    GeoPointField(),
    PointField(),
]

PROMISING = [field for field in FIELDS if field.plain_types]
LAZY = [field for field in FIELDS if field._loads_lazily()]


def describe(field):
    return type(field).__name__


def plain_values(field):
    return st.one_of(*(PLAIN[kind] for kind in field.plain_types))


@pytest.mark.parametrize("field", PROMISING, ids=describe)
@given(data=st.data())
def test_values_of_plain_types_are_held_and_stored_unchanged(field, data):
    value = data.draw(plain_values(field))

    assert type(value) in field.plain_types
    assert field.to_python(value) is value
    assert field.to_mongo(value) is value


@pytest.mark.parametrize("field", PROMISING, ids=describe)
@given(data=st.data())
def test_fields_that_say_so_accept_all_values_of_plain_types(field, data):
    if field._plain_is_valid():
        field._validate(data.draw(plain_values(field)))


@pytest.mark.parametrize("field", LAZY, ids=describe)
@given(value=BSON)
def test_what_loads_lazily_converts_without_raising(field, value):
    check = field._lazy_check()
    if value is None or (check is not None and not check(value)):
        return

    assert repr(field.to_python(value)) == repr(field.to_python(value))


@pytest.mark.parametrize("field", PROMISING, ids=describe)
def test_the_promises_are_made_by_the_class_that_keeps_them(field):
    kind = type(field)

    assert schema.vouched(kind, "plain_types", "to_python", "to_mongo")
    if field._plain_is_valid():
        assert schema.vouched(kind, "_plain_is_valid", "validate", "_validate")


def promises(field):
    return field.plain_types, field._plain_is_valid(), field._loads_lazily()


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (StringField(), ((str,), True, False)),
        (StringField(max_length=3), ((str,), False, False)),
        (StringField(choices=["a"]), ((str,), False, False)),
        (URLField(), ((str,), False, False)),
        (EmailField(), ((str,), False, False)),
        (IntField(), ((int,), True, False)),
        (IntField(min_value=0), ((int,), False, False)),
        (FloatField(), ((float,), True, False)),
        (FloatField(max_value=0), ((float,), False, False)),
        (BooleanField(), ((bool,), True, False)),
        (DateTimeField(), ((datetime.datetime,), True, False)),
        (ObjectIdField(), ((ObjectId,), True, False)),
        (UUIDField(), ((uuid.UUID,), True, False)),
        (ComplexDateTimeField(), ((), False, True)),
    ],
    ids=lambda value: describe(value) if not isinstance(value, tuple) else "",
)
def test_scalar_fields_promise_as_much_as_they_can(field, expected):
    assert promises(field) == expected


@pytest.mark.parametrize(
    "field",
    [
        DecimalField(),
        Decimal128Field(),
        DateField(),
        ComplexDateTimeField(),
        UUIDField(binary=False),
        EnumField(Status),
    ],
    ids=describe,
)
def test_pure_conversions_wait_for_the_first_read(field):
    assert field.plain_types == ()
    assert field._loads_lazily() is True


def test_a_subclass_that_overrides_a_conversion_is_no_longer_trusted():
    class ShoutingField(StringField):
        def to_python(self, value):
            return value.upper()

    class CheckedUUIDField(UUIDField):
        def to_python(self, value):
            raise ValueError(value)

    assert not schema.vouched(ShoutingField, "plain_types", "to_python")
    assert CheckedUUIDField(binary=False)._loads_lazily() is False
