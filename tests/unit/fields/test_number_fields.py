from __future__ import annotations

import decimal
from decimal import Decimal

import pytest
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from hypothesis import given
from hypothesis import strategies as st

from mongoengine.base.fields.numbers import (
    BooleanField,
    Decimal128Field,
    DecimalField,
    FloatField,
    IntField,
)
from mongoengine.errors import ValidationError


def refusal(field, value):
    """Return the text of the error a value causes, None if it is accepted."""
    try:
        field._validate(value)
    except ValidationError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("kind", "word", "convert"),
    [
        (IntField, "Integer", int),
        (IntField, "Integer", str),
        (FloatField, "Float", float),
        (FloatField, "Float", int),
        (DecimalField, "Decimal", Decimal),
        (DecimalField, "Decimal", int),
        (DecimalField, "Decimal", str),
        (Decimal128Field, "Decimal", Decimal),
        (Decimal128Field, "Decimal", str),
    ],
)
def test_numbers_out_of_bounds_are_refused(kind, word, convert):
    field = kind(min_value=0, max_value=2)

    assert refusal(field, convert(0)) is None
    assert refusal(field, convert(2)) is None
    assert refusal(field, convert(-1)) == f"{word} value is too small"
    assert refusal(field, convert(3)) == f"{word} value is too large"


@pytest.mark.parametrize("kind", [IntField, FloatField, DecimalField, Decimal128Field])
def test_none_stays_none_in_queries(kind):
    assert kind().prepare_query_value(None, None) is None


# IntField


@pytest.mark.parametrize(
    ("value", "expected"),
    [("5", 5), (2.7, 2), (-2.7, -2), (True, 1), (Int64(7), 7), ("2.5", "2.5"), ([1], [1])],
)
def test_what_int_can_convert_is_converted(value, expected):
    converted = IntField().to_python(value)

    assert converted == expected
    assert type(converted) is type(expected)
    assert IntField().to_mongo(value) == expected


@pytest.mark.parametrize("value", ["ten", "2.5", None, [1], (1, 2), float("nan")])
def test_what_is_no_whole_number_is_refused(value):
    assert refusal(IntField(), value) == f"{value} could not be converted to int"


def test_infinity_is_loaded_as_it_is_and_refused_by_validation():
    infinity = float("inf")

    assert IntField().to_python(infinity) == infinity
    assert refusal(IntField(), infinity) == "inf could not be converted to int"


@pytest.mark.parametrize(("value", "error"), [("ten", ValueError), ([1], TypeError)])
def test_a_query_raises_what_int_raises(value, error):
    with pytest.raises(error):
        IntField().prepare_query_value("gt", value)


def test_an_update_is_converted_and_validated():
    field = IntField(max_value=5)

    assert field.prepare_query_value("set", "5") == 5
    with pytest.raises(ValidationError, match="too large"):
        field.prepare_query_value("set", "6")


# FloatField


@pytest.mark.parametrize(("value", "expected"), [("2.5", 2.5), (3, 3.0), ("x", "x"), (b"x", b"x")])
def test_what_float_can_convert_is_converted(value, expected):
    converted = FloatField().to_python(value)

    assert converted == expected
    assert type(converted) is type(expected)


@pytest.mark.parametrize("value", [None, [1], {}])
def test_what_cannot_be_a_float_is_loaded_as_it_is(value):
    assert FloatField().to_python(value) is value


def test_floats_are_queried_as_floats():
    assert FloatField().prepare_query_value("gt", "2.5") == 2.5
    with pytest.raises(ValueError, match="could not convert string to float"):
        FloatField().prepare_query_value("gt", "x")
    with pytest.raises(ValidationError, match="too large"):
        FloatField(max_value=1).prepare_query_value("set", 2)


def test_texts_and_decimals_are_no_floats():
    message = "FloatField only accepts float and integer values"

    assert refusal(FloatField(), "2.0") == message
    assert refusal(FloatField(), Decimal("2.0")) == message


def test_integers_are_floats_unless_too_large():
    assert refusal(FloatField(), 2**500) is None
    assert refusal(FloatField(), 2**100000) == ("The value is too large to be converted to float")


# DecimalField


@pytest.mark.parametrize("value", [10.1, "10.1", Decimal("10.1"), Decimal128("10.1")])
def test_decimals_have_the_precision_of_the_field(value):
    converted = DecimalField(precision=4).to_python(value)

    assert str(converted) == "10.1000"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "1.01"),
        ({"rounding": decimal.ROUND_DOWN}, "1.00"),
        ({"precision": 0}, "1"),
        ({"precision": 5}, "1.00500"),
    ],
)
def test_decimals_are_rounded_as_the_field_says(options, expected):
    assert str(DecimalField(**options).to_python("1.005")) == expected


@pytest.mark.parametrize("value", [None, "x", True, [1], b"1"])
def test_what_is_no_number_stays(value):
    assert DecimalField().to_python(value) is value


def test_decimals_are_stored_as_floats_or_texts():
    assert DecimalField().to_mongo("1.005") == 1.01
    assert DecimalField(force_string=True).to_mongo(1) == "1.00"


@pytest.mark.parametrize("value", [float("inf"), "1e400", Decimal("1" * 40)])
def test_numbers_with_too_many_digits_raise_on_conversion(value):
    field = DecimalField()

    with pytest.raises(decimal.InvalidOperation):
        field.to_python(value)
    assert field._lazy_check()(value) is False


def test_a_number_is_validated_before_rounding():
    field = DecimalField(max_value=Decimal("3.5"))

    assert refusal(field, "3.501") == "Decimal value is too large"
    assert refusal(field, "x") == (
        "Could not convert value to decimal: [<class 'decimal.ConversionSyntax'>]"
    )


@pytest.mark.parametrize("precision", [-1, 1.5])
def test_a_precision_that_is_no_count_is_refused(precision):
    with pytest.raises(ValidationError, match="precision must be a positive integer"):
        DecimalField(precision=precision)


def test_a_precision_that_is_no_number_raises_type_error():
    with pytest.raises(TypeError):
        DecimalField(precision="2")


def test_decimals_are_queried_as_they_are_stored():
    assert DecimalField().prepare_query_value("gt", "7") == 7.0
    assert DecimalField(force_string=True).prepare_query_value("gt", 7) == "7.00"
    with pytest.raises(ValidationError, match="too large"):
        DecimalField(max_value=5).prepare_query_value("set", 6)


@given(
    st.one_of(
        st.floats(),
        st.integers(-(2**63), 2**63 - 1),
        st.text(alphabet="0123456789.-+eE_ nifatyNIFATY", max_size=20),
        st.booleans(),
        st.binary(max_size=5),
    ),
    st.integers(0, 30),
)
def test_a_value_that_may_wait_converts_without_raising(value, precision):
    field = DecimalField(precision=precision)

    if field._lazy_check()(value):
        assert isinstance(field.to_python(value), Decimal)


@pytest.mark.parametrize("precision", range(31))
def test_a_long_number_waits_only_if_it_converts_at_the_precision(precision):
    field = DecimalField(precision=precision)
    numbers = [9.99 * 10.0**exponent for exponent in range(31)]
    texts = ["9" * digits for digits in range(1, 31)]

    for value in (*numbers, *texts):
        if field._lazy_check()(value):
            assert isinstance(field.to_python(value), Decimal)


@pytest.mark.parametrize("value", [9.99, -5.0, "12.50", "-3"])
def test_ordinary_amounts_may_wait(value):
    assert DecimalField()._lazy_check()(value) is True


# Decimal128Field


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (100, "100"),
        ("100.0", "100.0"),
        (100.0, "100"),
        (Decimal("100.0"), "100.0"),
        (Decimal128("100"), "100"),
    ],
)
def test_numbers_are_stored_exactly(value, stored):
    field = Decimal128Field()

    assert str(field.to_mongo(value)) == stored
    assert isinstance(field.to_mongo(value), Decimal128)
    assert field.to_python(value) == Decimal(stored)
    assert field.prepare_query_value("gt", value) == Decimal128(stored)


def test_no_decimal128_is_made_of_none():
    assert Decimal128Field().to_python(None) is None
    assert Decimal128Field().to_mongo(None) is None


@pytest.mark.parametrize("value", [Decimal(1), "1", Decimal128("1")])
def test_decimals_and_their_texts_are_valid(value):
    assert refusal(Decimal128Field(), value) is None


def test_what_decimal128_does_not_take_is_refused():
    assert refusal(Decimal128Field(), 5) == (
        "Could not convert value to Decimal128: Cannot convert 5 to Decimal128"
    )
    assert refusal(Decimal128Field(), "ten") == (
        "Could not convert value to Decimal128: [<class 'decimal.ConversionSyntax'>]"
    )


def test_a_decimal_of_more_than_34_digits_is_not_rounded_silently():
    with pytest.raises(decimal.Inexact):
        Decimal128Field().to_mongo(Decimal("1" * 35))


def test_only_decimal128_may_wait_for_conversion():
    check = Decimal128Field()._lazy_check()

    assert check(Decimal128("1")) is True
    assert check("1") is False
    assert check([1]) is False


# BooleanField


@pytest.mark.parametrize(("value", "expected"), [("False", True), ("", False), (2, True)])
def test_a_truth_value_is_made_of_anything(value, expected):
    assert BooleanField().to_python(value) is expected


def test_a_value_without_a_truth_value_stays():
    class Undecided:
        def __bool__(self):
            return "perhaps"

    value = Undecided()

    assert BooleanField().to_python(value) is value


@pytest.mark.parametrize("value", [2, 1, "Yes", None])
def test_only_true_and_false_are_valid(value):
    assert refusal(BooleanField(), True) is None
    assert refusal(BooleanField(), False) is None
    assert refusal(BooleanField(), value) == "BooleanField only accepts boolean values"


def test_booleans_are_queried_as_given():
    assert BooleanField().prepare_query_value(None, "yes") == "yes"
