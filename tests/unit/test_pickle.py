"""Pickling and copying documents."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from bson import ObjectId

from mongoengine.document import (
    Document,
    DynamicDocument,
    DynamicEmbeddedDocument,
    EmbeddedDocument,
)
from mongoengine.fields import (
    DictField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)

KEY = ObjectId()


class Pocket(EmbeddedDocument):
    content = StringField(db_field="c")


class Coat(Document):
    colour = StringField(db_field="col", choices=(("r", "Red"), ("b", "Blue")))
    size = IntField(default=40)
    pocket = EmbeddedDocumentField(Pocket, db_field="p")
    pockets = EmbeddedDocumentListField(Pocket)
    tags = ListField(StringField())
    notes = DictField()


class OddCoat(DynamicDocument):
    colour = StringField()


class OddPocket(DynamicEmbeddedDocument):
    content = StringField()


def coat(**values: Any) -> Coat:
    raw = {
        "_id": KEY,
        "col": "r",
        "p": {"c": "key"},
        "pockets": [{"c": "coin"}],
        "tags": ["a"],
        "notes": {"k": {"n": 1}},
        **values,
    }
    loaded: Coat = Coat._from_son(raw)
    return loaded


def round_trip(document: Any, protocol: int = pickle.HIGHEST_PROTOCOL) -> Any:
    return pickle.loads(pickle.dumps(document, protocol))


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_document_comes_back_whole(protocol: int) -> None:
    original = coat()
    again = round_trip(original, protocol)

    assert type(again) is Coat
    assert again == original
    assert again._data == original._data
    assert (again._created, again._initialised) == (False, True)
    assert again._get_changed_fields() == []
    assert again.get_colour_display() == "Red"


def test_changes_survive_pickling() -> None:
    original = coat()
    original.colour = "b"
    original.tags.append("b")

    again = round_trip(original)

    assert again._changed_fields == ["col", "tags"]
    assert again._delta() == ({"col": "b", "tags": ["a", "b"]}, {})


def test_a_new_document_comes_back_new() -> None:
    again = round_trip(Coat(colour="r"))

    assert again._created
    assert not hasattr(again, "_changed_fields")
    assert (again.colour, again.size, again.pk) == ("r", 40, None)


def test_a_document_that_came_back_tracks_changes() -> None:
    again = round_trip(coat())

    again.pocket.content = "ring"
    again.pockets[0].content = "note"
    again.notes["k"]["n"] = 2
    again.tags.append("b")

    assert sorted(again._get_changed_fields()) == ["notes.k.n", "p.c", "pockets.0.c", "tags"]


def test_embedded_documents_belong_to_the_document_that_came_back() -> None:
    again = round_trip(coat())

    assert again.pocket._instance is not None
    assert again.pocket._instance == again
    assert again.pockets[0]._instance == again


def test_an_embedded_document_is_pickled_without_its_owner() -> None:
    pocket = round_trip(coat().pocket)

    assert pocket == Pocket(content="key")
    assert pocket._instance is None


def test_dynamic_attributes_survive_pickling() -> None:
    odd = OddCoat(colour="r", sleeves=3)
    odd.buttons = [1, {"n": 2}]

    again = round_trip(odd)

    assert (again.colour, again.sleeves, again.buttons) == ("r", 3, [1, {"n": 2}])
    assert set(again._dynamic_fields) == {"sleeves", "buttons"}
    assert again.to_mongo() == odd.to_mongo()
    pocket = round_trip(OddPocket(content="a", depth=3))
    assert (pocket.content, pocket.depth) == ("a", 3)


def test_a_dynamic_document_that_came_back_can_be_changed() -> None:
    odd = OddCoat._from_son({"_id": KEY, "colour": "r", "sleeves": 3})
    again = round_trip(odd)

    again.sleeves = 2
    del again.colour

    assert again._delta() == ({"sleeves": 2}, {"colour": 1})


def test_a_copy_is_a_document_of_its_own() -> None:
    original = coat()
    for duplicate in (copy.copy(original), copy.deepcopy(original)):
        assert duplicate == original
        assert duplicate._data == original._data
        duplicate.size = 50
        assert original.size == 40
        assert original._get_changed_fields() == []


def test_a_deep_copy_shares_no_containers() -> None:
    original = coat()
    duplicate = copy.deepcopy(original)

    duplicate.tags.append("b")
    duplicate.notes["k"]["n"] = 2
    duplicate.pocket.content = "ring"

    assert original._data == coat()._data
    assert original._get_changed_fields() == []
    assert sorted(duplicate._get_changed_fields()) == ["notes.k.n", "p.c", "tags"]


def test_the_fields_of_a_class_are_not_copied_with_a_document() -> None:
    assert copy.deepcopy(coat())._fields["tags"] is Coat._fields["tags"]


def test_a_field_can_be_copied_again_and_again() -> None:
    field = Coat.colour
    for _ in range(3):
        field = copy.deepcopy(field)

    assert (field.name, field.db_field) == ("colour", "col")
    assert list(field.choices) == [("r", "Red"), ("b", "Blue")]
