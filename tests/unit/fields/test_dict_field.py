"""DictField without a server."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from bson import SON, DBRef, ObjectId
from hypothesis import given
from hypothesis import strategies as st

from mongoengine.base.datastructures import BaseDict, BaseList
from mongoengine.base.fields.dicts import DictField, key_not_string, key_starts_with_dollar
from mongoengine.base.fields.embedded import EmbeddedDocumentField
from mongoengine.base.fields.lists import ListField
from mongoengine.base.fields.numbers import IntField
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import ValidationError


class KeyedEntry(EmbeddedDocument):
    number = IntField(db_field="n")


class Keyed(Document):
    data = DictField(db_field="d")
    numbers = DictField(IntField())
    lists = DictField(ListField(IntField()))
    deep = DictField(DictField(ListField(DictField(IntField()))))
    needed = DictField(required=True)


class KeyedTarget(Document):
    pass


def load(**stored: Any) -> Any:
    return Keyed._from_son(stored)


# Definition and reading


def test_the_default_is_an_empty_dict_of_ones_own():
    first, second = Keyed(), Keyed()
    first.data["a"] = 1
    assert (first.data, second.data) == ({"a": 1}, {})


def test_it_does_not_dereference_before_documents_were_loaded():
    assert DictField()._auto_dereference is False


def test_the_inner_field_must_be_a_field():
    with pytest.raises(TypeError, match=r"DictField\(StringField\(\)\)"):
        DictField("db_field")  # type: ignore[call-overload]


@pytest.mark.parametrize("made", [Keyed, lambda data: load(d=data)])
def test_reading_gives_one_tracked_dict(made):
    document = made(data={"a": {"b": [1]}})
    assert type(document.data) is BaseDict
    assert document.data is document.data
    assert type(document.data["a"]["b"]) is BaseList
    assert document.data["a"]["b"]._name == "data.a.b"


def test_the_dict_given_to_the_constructor_is_copied_at_every_depth():
    given = {"a": {"b": [1]}}
    document = Keyed(data=given)
    given["a"]["b"].append(2)
    given["c"] = 3
    assert document.data == {"a": {"b": [1]}}


def test_values_are_converted_when_loaded():
    document = load(numbers={"a": "1"}, deep={"x": {"y": [{"z": "2"}]}})
    assert document.numbers == {"a": 1}
    assert document.deep == {"x": {"y": [{"z": 2}]}}


@pytest.mark.parametrize("value", [[1], "text", 5])
def test_a_stored_value_that_is_no_dict_loads_as_it_is(value):
    assert load(d=value).data == value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3) | st.binary(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), json_values, min_size=1, max_size=4))
def test_untyped_data_survives_loading_reading_and_storing(data):
    document = load(d=copy.deepcopy(data))
    assert document.data == data
    for key in data:
        document.data[key]
    assert document.to_mongo()["d"] == data
    assert Keyed(data=data).to_mongo()["d"] == data
    assert document._delta() == ({}, {})


# Changes


@pytest.mark.parametrize(
    ("change", "delta"),
    [
        (lambda d: d.__setitem__("a", 2), ({"d.a": 2}, {})),
        (lambda d: d.__delitem__("a"), ({}, {"d.a": 1})),
        (lambda d: d["b"].__setitem__("c", 2), ({"d.b.c": 2}, {})),
        (lambda d: d["b"].clear(), ({"d.b": {}}, {})),
        (
            lambda d: d.__setitem__("e", KeyedEntry(number=1)),
            ({"d.e": {"n": 1, "_cls": "KeyedEntry"}}, {}),
        ),
        (lambda d: d.clear(), ({}, {"d": 1})),
    ],
)
def test_a_change_is_stored_by_its_path(change, delta):
    document = load(d={"a": 1, "b": {"c": 1}})
    change(document.data)
    assert document._delta() == delta


@pytest.mark.parametrize("key", ["a.b", ""])
def test_a_change_below_a_key_no_path_can_name_stores_the_whole_dict(key):
    for change in (
        lambda d: d[key].__setitem__("x", 2),
        lambda d: d.__setitem__(key, {"x": 2}),
    ):
        document = load(d={key: {"x": 1}, "other": 1})
        change(document.data)
        assert document._delta() == ({"d": {key: {"x": 2}, "other": 1}}, {})


def test_deleting_such_a_key_stores_the_whole_dict():
    document = load(d={"a.b": 1, "other": 1})
    del document.data["a.b"]
    assert document._delta() == ({"d": {"other": 1}}, {})


def test_a_dict_of_another_document_is_copied():
    first, second = load(d={"a": 1}), load()
    second.data = first.data
    second._clear_changed_fields()
    second.data["a"] = 2
    assert first.data == {"a": 1}
    assert (first._delta(), second._delta()) == (({}, {}), ({"d.a": 2}, {}))


# Storing


def test_a_saved_document_given_to_the_constructor_keeps_its_class():
    key = ObjectId()
    document = Keyed(data={"x": KeyedTarget(id=key)})
    stored = document.to_mongo()["d"]["x"]
    assert stored == SON([("_cls", "KeyedTarget"), ("_ref", DBRef("keyed_target", key))])
    document.data["x"] = KeyedTarget(id=key)
    assert document.to_mongo()["d"]["x"] == stored


def test_values_with_an_inner_field_are_converted_by_it():
    field = DictField(EmbeddedDocumentField(KeyedEntry))
    assert field.to_mongo({"a": KeyedEntry(number=1)}) == {"a": {"n": 1}}
    assert field.to_mongo({"a": KeyedEntry(number=1)}, use_db_field=False) == {"a": {"number": 1}}


# Validation


@pytest.mark.parametrize("value", ["text", [1], 5, False, KeyedEntry()])
def test_only_dicts_are_valid(value):
    with pytest.raises(ValidationError, match=r"^Only dictionaries may be used in a DictField$"):
        Keyed.data.validate(value)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {1: "b"}}, {"a": 1, None: 2}])
def test_keys_must_be_strings(value):
    text = "^Invalid dictionary key - documents must have only string keys$"
    with pytest.raises(ValidationError, match=text):
        Keyed.data.validate(value)


@pytest.mark.parametrize("value", [{"$a": 1}, {"a": {"$b": 1}}, {"$a.b": 1}])
def test_keys_must_not_start_with_a_dollar_sign(value):
    text = re.escape('Invalid dictionary key name - keys may not startswith "$" characters')
    with pytest.raises(ValidationError, match=f"^{text}$"):
        Keyed.data.validate(value)


def test_dots_and_dollar_signs_inside_keys_are_valid():
    Keyed.data.validate({"a.b": {"te$t.x": 1}, "": 1})


def test_an_empty_dict_is_valid_unless_required():
    Keyed.data.validate({})
    with pytest.raises(ValidationError, match=r"^Field is required and cannot be empty$"):
        Keyed.needed.validate({})


def test_errors_of_values_are_kept_by_key():
    with pytest.raises(ValidationError) as info:
        Keyed(needed={"a": 1}, numbers={"a": 1, "b": "x"}, lists={"k": [1, "y"]}).validate()
    assert info.value.to_dict() == {
        "numbers": {"b": "x could not be converted to int"},
        "lists": {"k": {1: "y could not be converted to int"}},
    }


def test_the_helpers_answer_true_or_none_and_look_into_dicts_only():
    assert key_not_string({"a": {1: 1}}) is True
    assert key_not_string({"a": [{1: 1}]}) is None
    assert key_starts_with_dollar({"a": {"$b": 1}}) is True
    assert key_starts_with_dollar({"a": [{"$b": 1}], "c": "$"}) is None


# Queries


def test_string_operators_give_patterns():
    assert Keyed.data.prepare_query_value("icontains", "a.b") == re.compile(r"a\.b", re.IGNORECASE)
    assert Keyed.numbers.prepare_query_value("startswith", "a") == re.compile("^a")
    assert Keyed.data.prepare_query_value("icontains", 5) == 5


@pytest.mark.parametrize("op", ["set", "unset"])
def test_updates_of_dicts_of_containers_convert_value_by_value(op):
    assert Keyed.lists.prepare_query_value(op, {"a": ["1"]}) == {"a": [1]}


def test_dicts_of_containers_convert_any_other_value_as_one_of_their_values():
    assert Keyed.lists.prepare_query_value(None, ("1",)) == [1]


def test_other_values_are_converted_whole():
    assert Keyed.numbers.prepare_query_value(None, {"a": 1}) == {"a": 1}
    assert Keyed.data.prepare_query_value("set", {"a": KeyedEntry(number=1)}) == {
        "a": {"n": 1, "_cls": "KeyedEntry"}
    }


def test_every_key_is_looked_up_as_an_untyped_dict():
    member = Keyed.numbers.lookup_member("any")
    assert type(member) is DictField
    assert (member.db_field, member.field) == ("any", None)
