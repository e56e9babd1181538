"""References to documents of any class, without a server."""

from __future__ import annotations

from typing import Any

import pytest
from bson import SON, DBRef, ObjectId

from mongoengine.base.datastructures import LazyReference
from mongoengine.base.delete_rules import CASCADE
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import InvalidDocumentError, NotRegistered, ValidationError
from mongoengine.fields import GenericReferenceField, IntField, ListField, StringField

KEY = ObjectId("5" * 24)


class GenericOne(Document):
    meta = {"allow_inheritance": True}

    name = StringField()


class GenericChild(GenericOne):
    pass


class GenericOther(Document):
    number = IntField(primary_key=True)


class FakeLoad(GenericReferenceField):
    @staticmethod
    def _lazy_load_ref(ref_cls: Any, dbref: DBRef) -> Any:
        return ref_cls(pk=dbref.id)


class GenericOwner(Document):
    anything = FakeLoad()
    chosen = GenericReferenceField(choices=(GenericOne, "GenericOther"))


def saved(cls: Any = GenericOne, key: Any = KEY) -> Any:
    document = cls()
    document.pk = key
    return document


REFERENCE = {"_cls": "GenericOne", "_ref": DBRef("generic_one", KEY)}


def test_choices_are_kept_as_class_names() -> None:
    assert GenericOwner.chosen.choices == ["GenericOne", "GenericOther"]
    assert GenericOwner.anything.choices == []
    assert GenericReferenceField(choices=iter(["GenericOne"])).choices == ["GenericOne"]


@pytest.mark.parametrize("choice", [5, EmbeddedDocument, GenericOne()])
def test_a_choice_is_a_document_class_or_a_name(choice: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        GenericReferenceField(choices=[choice])
    assert str(caught.value) == (
        "Invalid choices provided: must be a list ofDocument subclasses and/or str"
    )


def test_the_first_positional_argument_is_the_database_name() -> None:
    assert GenericReferenceField("stored").db_field == "stored"


def test_a_document_is_stored_with_its_class() -> None:
    stored = GenericOwner(anything=saved()).to_mongo()["anything"]
    assert stored == SON(REFERENCE)
    child = GenericOwner(anything=saved(GenericChild)).to_mongo()["anything"]
    assert child["_cls"] == "GenericOne.GenericChild"
    assert list(stored) == ["_cls", "_ref"]


@pytest.mark.parametrize("value", [None, KEY, DBRef("x", 1), REFERENCE, SON(REFERENCE)])
def test_references_and_ids_are_stored_as_they_are(value: Any) -> None:
    assert GenericOwner.anything.to_mongo(value) is value
    assert GenericOwner.anything.prepare_query_value("set", value) is value


@pytest.mark.parametrize("value", [5, "x", b"x"])
def test_what_is_no_reference_cannot_be_stored(value: Any) -> None:
    with pytest.raises(ValidationError, match="GenericReferences can only contain documents"):
        GenericOwner.anything.to_mongo(value)


@pytest.mark.parametrize(
    "value", [saved(), DBRef("x", 1), LazyReference(GenericOne, KEY), REFERENCE]
)
def test_documents_and_references_are_valid(value: Any) -> None:
    GenericOwner.anything.validate(value)


@pytest.mark.parametrize("value", [5, "x", KEY, {"_cls": "GenericOne"}, {"_ref": 1}, {}])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        GenericOwner.anything.validate(value)
    assert str(caught.value) == "GenericReferences can only contain documents"


def test_a_document_without_a_key_is_refused() -> None:
    for check in (GenericOwner.anything.validate, GenericOwner.anything.to_mongo):
        with pytest.raises(ValidationError, match="'GenericOne' you are trying to reference"):
            check(GenericOne())


def test_choices_are_checked_by_class_name() -> None:
    for allowed in (saved(), saved(GenericOther, 3), REFERENCE):
        GenericOwner.chosen._validate(allowed)
    for refused in (saved(GenericChild), KEY, DBRef("generic_one", KEY), {"_cls": "Gone"}):
        with pytest.raises(ValidationError) as caught:
            GenericOwner.chosen._validate(refused)
        assert str(caught.value) == "Value must be one of ['GenericOne', 'GenericOther']"


def test_reading_loads_the_stored_class_once() -> None:
    owner = GenericOwner._from_son({"_id": KEY, "anything": dict(REFERENCE)})
    assert owner.__dict__["anything"] == REFERENCE
    assert isinstance(owner.anything, GenericOne)
    assert owner.anything is owner.anything
    assert owner._get_changed_fields() == []
    assert owner.to_mongo()["anything"] == SON(REFERENCE)


def test_a_bare_dbref_reads_as_it_is() -> None:
    reference = DBRef("generic_one", KEY)
    assert GenericOwner(anything=reference).anything is reference


def test_an_unknown_class_is_reported_on_read() -> None:
    owner = GenericOwner(anything={"_cls": "GenericGone", "_ref": DBRef("x", 1)})
    with pytest.raises(NotRegistered):
        owner.anything  # noqa: B018


def test_changes_of_the_document_referred_to_are_not_those_of_the_owner() -> None:
    owner = GenericOwner._from_son({"_id": KEY, "anything": dict(REFERENCE)})
    owner.anything.name = "changed"
    assert owner._get_changed_fields() == []
    assert owner._delta() == ({}, {})


@pytest.mark.parametrize("make", [lambda field: field, ListField])
def test_a_delete_rule_needs_one_class(make: Any) -> None:
    field = make(GenericReferenceField(reverse_delete_rule=CASCADE))
    with pytest.raises(InvalidDocumentError, match="not supported for GenericReferenceField"):
        type("GenericRule", (Document,), {"f": field})
