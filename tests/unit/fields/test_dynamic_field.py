"""DynamicField without a server."""

from __future__ import annotations

import re

import pytest
from bson import DBRef, ObjectId

from mongoengine.base import reference_reader
from mongoengine.base.datastructures import LazyReference
from mongoengine.base.dereferencing import no_dereferencing
from mongoengine.base.fields.dynamic import DynamicField
from mongoengine.base.fields.numbers import IntField
from mongoengine.base.reference_reader import ReferenceReader
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import OperationError, ValidationError

KEY = ObjectId("5" * 24)


class FreeForm(Document):
    value = DynamicField(db_field="v")


class DynamicPiece(EmbeddedDocument):
    number = IntField(db_field="n")


class DynamicTarget(Document):
    pass


def load(value):
    return FreeForm._from_son({"v": value})


@pytest.mark.parametrize("value", [1, "a", b"b", None, [1, {"a": (2,)}], {"_ref": 1}, KEY])
def test_plain_values_load_as_they_are(value):
    assert load(value).value == value


def test_embedded_documents_are_stored_with_their_class_and_loaded_as_it():
    stored = FreeForm(value=DynamicPiece(number=1)).to_mongo()["v"]
    assert stored == {"n": 1, "_cls": "DynamicPiece"}
    loaded = load(stored).value
    assert type(loaded) is DynamicPiece
    assert loaded.number == 1


def test_nested_values_are_stored_recursively():
    value = {"a": [DynamicPiece(number=1)], "b": (1, (2,)), "c": {3}}
    assert FreeForm.value.to_mongo(value) == {
        "a": [{"n": 1, "_cls": "DynamicPiece"}],
        "b": [1, [2]],
        "c": {3},
    }


def test_a_document_is_stored_as_a_reference_with_its_class():
    stored = FreeForm.value.to_mongo([DynamicTarget(id=KEY)])
    assert stored == [{"_ref": DBRef("dynamic_target", KEY), "_cls": "DynamicTarget"}]


def test_a_lazy_reference_is_stored_as_it_is():
    reference = LazyReference(DynamicTarget, KEY, passthrough=True)
    assert FreeForm.value.to_mongo(reference) is reference


def test_an_unsaved_document_cannot_be_stored():
    with pytest.raises(OperationError, match=r"^Only saved documents can have a valid dbref$"):
        FreeForm.value.to_mongo(DynamicTarget())


class GivesKeys(ReferenceReader):
    """Reads references as new documents with the key."""

    def read_one(self, owner, name, document_type, reference, stored):
        return document_type(id=reference.id)


def test_a_stored_reference_is_read_by_the_reference_reader_once(monkeypatch):
    monkeypatch.setattr(reference_reader, "current", GivesKeys())
    reference = {"_ref": DBRef("dynamic_target", KEY), "_cls": "DynamicTarget"}
    form = load(reference)
    assert form._data["value"] == reference
    assert form.value == DynamicTarget(id=KEY)
    assert form.value is form.value
    assert form._get_changed_fields() == []


def test_a_stored_reference_is_given_as_it_is_while_dereferencing_is_off():
    reference = {"_ref": DBRef("dynamic_target", KEY), "_cls": "DynamicTarget"}
    with no_dereferencing((FreeForm.value,)):
        assert load(reference).value == reference


def test_data_of_an_unknown_class_is_given_as_it_is():
    assert load({"_cls": "NoSuchPiece"}).value == {"_cls": "NoSuchPiece"}


def test_documents_validate_themselves_and_anything_else_is_valid():
    with pytest.raises(ValidationError, match="could not be converted to int"):
        FreeForm.value.validate(DynamicPiece(number="x"))
    FreeForm.value.validate([DynamicPiece(number="x")])
    FreeForm.value.validate(object())


def test_queries_take_string_operators_and_stored_forms():
    assert FreeForm.value.prepare_query_value("startswith", "a") == re.compile("^a")
    assert FreeForm.value.prepare_query_value(None, "a") == "a"
    assert FreeForm.value.prepare_query_value(None, [DynamicPiece(number=1)]) == [
        {"n": 1, "_cls": "DynamicPiece"}
    ]


def test_members_are_the_names_themselves():
    assert FreeForm.value.lookup_member("any") == "any"
