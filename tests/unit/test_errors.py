from __future__ import annotations

import copy
import pickle

import pytest

from mongoengine import errors
from mongoengine.errors import MongoEngineException, OperationError, ValidationError


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("MongoEngineException", (Exception,)),
        ("NotRegistered", (MongoEngineException,)),
        ("InvalidDocumentError", (MongoEngineException,)),
        ("DoesNotExist", (MongoEngineException,)),
        ("MultipleObjectsReturned", (MongoEngineException,)),
        ("InvalidQueryError", (MongoEngineException,)),
        ("OperationError", (MongoEngineException,)),
        ("FieldDoesNotExist", (MongoEngineException,)),
        ("DeprecatedError", (MongoEngineException,)),
        ("NotUniqueError", (OperationError,)),
        ("BulkWriteError", (OperationError,)),
        ("SaveConditionError", (OperationError,)),
        ("LookUpError", (AttributeError,)),
        ("ValidationError", (AssertionError,)),
    ],
)
def test_every_error_keeps_the_bases_that_callers_catch_it_by(name, bases):
    assert getattr(errors, name).__bases__ == bases


def test_star_import_brings_every_error_but_the_root():
    assert errors.__all__ == (
        "NotRegistered",
        "InvalidDocumentError",
        "LookUpError",
        "DoesNotExist",
        "MultipleObjectsReturned",
        "InvalidQueryError",
        "OperationError",
        "NotUniqueError",
        "BulkWriteError",
        "FieldDoesNotExist",
        "ValidationError",
        "SaveConditionError",
        "DeprecatedError",
    )


def test_a_bare_validation_error_has_an_empty_message_and_no_errors():
    error = ValidationError()
    assert (str(error), repr(error), error.message) == ("", "ValidationError(,)", "")
    assert (error.errors, error.field_name, error.args) == ({}, None, ("",))


def test_the_message_is_shown_by_str_and_with_a_trailing_comma_by_repr():
    error = ValidationError("too long", field_name="title")
    assert str(error) == "too long"
    assert repr(error) == "ValidationError(too long,)"
    assert error.field_name == "title"


def test_repr_names_the_actual_class():
    class TooLong(ValidationError):
        pass

    assert repr(TooLong("x")) == "TooLong(x,)"


def test_the_message_may_be_given_by_keyword_and_need_not_be_text():
    assert ValidationError(message="a").args == ("a",)
    assert ValidationError(5).message == 5
    assert str(ValidationError(5)) == "5"
    assert str(ValidationError(None)) == "None"
    assert ValidationError(5, errors={"a": "b"}).message == "5(b: ['a'])"


def test_unknown_keywords_are_ignored():
    assert vars(ValidationError("a", severity=3)) == {
        "errors": {},
        "field_name": None,
        "_message": "a",
    }


def test_errors_given_as_none_stay_none_and_count_as_no_errors():
    error = ValidationError("a", errors=None)
    assert error.errors is None
    assert error.to_dict() == {}
    assert error.message == "a"


def test_two_validation_errors_do_not_share_their_errors():
    first, second = ValidationError("a"), ValidationError("b")
    first.errors["x"] = "y"
    assert second.errors == {}
    assert ValidationError.errors == {}


def test_reading_the_message_appends_the_errors_and_the_stored_text_stays_bare():
    error = ValidationError("root", errors={"a": ValidationError("bad")})
    assert error.message == "root(bad: ['a'])"
    assert str(error) == "root(bad: ['a'])"
    assert error._message == "root"
    assert error._get_message() == "root"
    assert error.args == ("root",)


def test_message_and_errors_may_be_replaced_later():
    error = ValidationError("root")
    error.errors = {"z": ValidationError("late")}
    error.message = "new"
    assert error.message == "new(late: ['z'])"
    assert error.args == ("root",)


def test_a_subclass_without_super_init_still_answers():
    class Bare(ValidationError):
        def __init__(self):
            self.extra = 1

    error = Bare()
    assert (error.errors, error.field_name, error.message, error.to_dict()) == ({}, None, None, {})


def test_to_dict_expands_nested_errors_and_turns_every_leaf_into_text():
    error = ValidationError(
        "root",
        errors={
            "plain": "text",
            "own": ValidationError("bad"),
            "other": ValueError("val"),
            "number": 5,
            "list": ["x", "y"],
            "nothing": {},
            "deep": ValidationError(
                "unseen", errors={2: ValidationError("unseen", errors={"x": ValidationError("m")})}
            ),
        },
    )
    assert error.to_dict() == {
        "plain": "text",
        "own": "bad",
        "other": "val",
        "number": "5",
        "list": "['x', 'y']",
        "nothing": {},
        "deep": {2: {"x": "m"}},
    }


def _part(**errors):
    return ValidationError("unseen", errors=errors)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"a": "plain"}, "plain: ['a']"),
        (
            {"name": ValidationError("Field is required"), "nick": ValidationError("too long")},
            "Field is required: ['name'] too long: ['nick']",
        ),
        ({"a": "same", "b": "same", "c": "other"}, "same: ['a', 'b'] other: ['c']"),
        ({"f": {"k": _part(v="bad")}}, "k.v.bad: ['f']"),
        ({"f": {"a": "m1", "b": "m2"}}, "a.m1 b.m2: ['f']"),
        ({"f": _part(a=_part(z="m1", w="m3"), b="m2")}, "a.z.m1 w.m3 b.m2: ['f']"),
        ({"f": {0: "i0", 1: "i1"}}, "i0 1.i1: ['f']"),
        ({"f": {0: {"x": "msg"}}}, "x.msg: ['f']"),
        ({"f": {1: {"x": "msg"}}}, "1.x.msg: ['f']"),
        ({"f": {"": "m"}}, "m: ['f']"),
        ({"f": {None: "m"}}, "m: ['f']"),
        ({0: "zero"}, "zero: [0]"),
        ({"__all__": "rule"}, "rule: ['__all__']"),
        ({"a": ""}, ": ['a']"),
        ({"a": {}}, ": ['a']"),
        ({"a": {"b": {}}}, "b.: ['a']"),
        ({"a": {"b": ["x", {"c": "d"}]}}, "b.['x', {'c': 'd'}]: ['a']"),
    ],
)
def test_errors_are_grouped_by_the_flattened_text_of_their_part(parts, text):
    assert ValidationError("root", errors=parts).message == f"root({text})"


def test_an_overridden_to_dict_is_what_the_message_shows():
    class Shown(ValidationError):
        def to_dict(self):
            return {"k": "over"}

    assert Shown("x", errors={"a": "b"}).message == "x(over: ['k'])"


def test_a_part_with_its_own_str_is_shown_by_it():
    class Loud(ValidationError):
        def __str__(self):
            return "LOUD"

    assert ValidationError("x", errors={"a": Loud("y")}).to_dict() == {"a": "LOUD"}


@pytest.mark.parametrize(
    "duplicate", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy]
)
def test_pickling_and_copying_keep_message_errors_and_field_name(duplicate):
    twin = duplicate(ValidationError("m", errors={"a": ValidationError("x")}, field_name="n"))
    assert (twin.message, twin.field_name, twin.args) == ("m(x: ['a'])", "n", ("m",))
