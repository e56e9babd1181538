"""MapField without a server."""

from __future__ import annotations

import weakref
from typing import Any

import pytest

from mongoengine.base.datastructures import BaseDict
from mongoengine.base.fields.dicts import DictField, MapField
from mongoengine.base.fields.embedded import EmbeddedDocumentField
from mongoengine.base.fields.lists import ListField
from mongoengine.base.fields.numbers import IntField
from mongoengine.base.fields.strings import StringField
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import InvalidDocumentError, ValidationError


class Sight(EmbeddedDocument):
    name = StringField(db_field="nm")
    visits = ListField(IntField())


class Atlas(Document):
    heights = MapField(IntField())
    sights = MapField(EmbeddedDocumentField(Sight), db_field="s")


def load(**stored: Any) -> Any:
    return Atlas._from_son(stored)


@pytest.mark.parametrize("inner", [(), ("x",), (IntField,)])
def test_the_inner_field_is_mandatory(inner):
    text = "^Argument to MapField constructor must be a valid field$"
    with pytest.raises(ValidationError, match=text):
        MapField(*inner)


def test_it_is_a_dict_field():
    assert issubclass(MapField, DictField)
    assert type(load(heights={"a": "1"}).heights) is BaseDict
    assert load(heights={"a": "1"}).heights == {"a": 1}


def test_embedded_values_know_their_owner_and_are_made_from_dicts():
    for document in (Atlas(sights={"é": {"name": "x"}}), load(s={"é": {"nm": "x"}})):
        assert document.sights["é"].name == "x"
        assert document.sights["é"]._instance is weakref.proxy(document)


def test_changes_inside_values_are_stored_by_path():
    document = load(s={"1": {"nm": "a", "visits": [1]}})
    document.sights["1"].name = "b"
    document.sights["1"].visits.append(2)
    document.sights["2"] = Sight(name="c")
    to_set, to_unset = document._delta()
    assert to_set == {
        "s.1.nm": "b",
        "s.1.visits": [1, 2],
        "s.2": {"nm": "c", "visits": []},
    }
    assert to_unset == {}


def test_a_value_that_does_not_fit_is_invalid():
    document = Atlas(heights={"a": 1})
    document.heights["b"] = "high"
    document.sights["x"] = 123
    with pytest.raises(ValidationError) as info:
        document.validate()
    text = "Invalid embedded document instance provided to an EmbeddedDocumentField"
    assert info.value.to_dict() == {
        "heights": {"b": "high could not be converted to int"},
        "sights": {"x": text},
    }


def test_a_stored_value_that_does_not_fit_is_refused_on_load():
    with pytest.raises(InvalidDocumentError, match="Field 'sights'"):
        load(s={"x": 5})


def test_embedded_values_are_looked_up_by_key_as_untyped_data():
    assert type(Atlas.sights.lookup_member("anything")) is DictField
