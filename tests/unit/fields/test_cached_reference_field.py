"""References stored with a copy of some fields, without a server."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine.base.fields.cached_references import CachedReference
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import InvalidDocumentError, NotRegistered, ValidationError
from mongoengine.fields import (
    CachedReferenceField,
    DecimalField,
    EmbeddedDocumentField,
    ListField,
    StringField,
)

KEY = ObjectId("5" * 24)


class FakeLoadCached(CachedReferenceField):
    @staticmethod
    def _lazy_load_ref(ref_cls: Any, dbref: DBRef) -> Any:
        return ref_cls(id=dbref.id, name="loaded", tag="fresh")


class CachedKeeper(EmbeddedDocument):
    name = StringField()
    kind = StringField(db_field="k")
    tags = ListField(StringField())


class CachedAnimal(Document):
    name = StringField(db_field="n")
    tag = StringField()
    weight = DecimalField()
    keeper = EmbeddedDocumentField(CachedKeeper)


class CachedSighting(Document):
    whole = CachedReferenceField(CachedAnimal)
    part = FakeLoadCached(CachedAnimal, fields=["name", "keeper.kind"], db_field="p")
    weight = CachedReferenceField(CachedAnimal, fields=("weight",), auto_sync=False)
    parent = CachedReferenceField("self", fields=["note"])
    note = StringField()


def saved(**values: Any) -> CachedAnimal:
    return CachedAnimal(id=KEY, **values)


def changed(**values: Any) -> CachedAnimal:
    """Return a stored animal to which these changes were made."""
    animal = CachedAnimal._from_son(
        {"_id": KEY, "n": "old", "tag": "old", "keeper": {"name": "old", "k": "old"}}
    )
    for name, value in values.items():
        setattr(animal, name, value)
    return animal


@pytest.mark.parametrize("target", [0, EmbeddedDocument, CachedAnimal()])
def test_only_document_classes_and_names_can_be_referred_to(target: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        CachedReferenceField(target)
    assert str(caught.value) == (
        "Argument to CachedReferenceField constructor must be a document class or a string"
    )


def test_the_target_knows_the_fields_that_copy_it() -> None:
    assert CachedAnimal._cached_reference_fields == [
        CachedSighting.whole,
        CachedSighting.part,
        CachedSighting.weight,
    ]
    assert CachedSighting._cached_reference_fields == [CachedSighting.parent]


def test_a_field_knows_the_classes_whose_collections_hold_copies() -> None:
    class CachedTarget(Document):
        name = StringField()

    class CachedTop(Document):
        meta = {"abstract": True}

        target = CachedReferenceField(CachedTarget)

    class CachedFamily(CachedTop):
        meta = {"allow_inheritance": True}

    class CachedMember(CachedFamily):
        pass

    class CachedOther(CachedTop):
        pass

    field = CachedTop.target
    assert CachedMember.target is field
    assert field._holders == (CachedFamily, CachedOther)
    assert CachedTarget._cached_reference_fields == [field]


def test_embedded_documents_cannot_have_them() -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        type("CachedEmbedded", (EmbeddedDocument,), {"f": CachedReferenceField(CachedAnimal)})
    assert str(caught.value) == "CachedReferenceFields is not allowed in EmbeddedDocuments"


def test_the_target_must_exist_when_the_class_is_made() -> None:
    with pytest.raises(NotRegistered):
        type("CachedHasty", (Document,), {"f": CachedReferenceField("CachedNowhere")})


# Storing


def test_key_and_chosen_fields_are_stored_in_their_stored_form() -> None:
    animal = saved(name="Leo", tag="t", weight=Decimal("7.50"), keeper=CachedKeeper(kind="u"))
    stored = CachedSighting(part=animal, weight=animal).to_mongo()
    assert stored["p"] == {"_id": KEY, "n": "Leo", "keeper": {"k": "u"}}
    assert next(iter(stored["p"])) == "_id"
    assert stored["weight"] == {"_id": KEY, "weight": 7.5}


def test_without_chosen_fields_all_are_stored() -> None:
    animal = saved(name="Leo", tag="t")
    assert CachedSighting(whole=animal).to_mongo()["whole"] == {**animal.to_mongo(), "_id": KEY}


def test_the_copy_can_be_keyed_by_model_name() -> None:
    stored = CachedSighting.part.to_mongo(saved(name="Leo"), use_db_field=False)
    assert stored == {"_id": KEY, "name": "Leo"}


def test_a_copy_of_an_inheritable_class_names_the_class() -> None:
    class CachedBeast(Document):
        meta = {"allow_inheritance": True}

        name = StringField()
        tag = StringField()

    class CachedLion(CachedBeast):
        pass

    field = CachedReferenceField(CachedBeast, fields=["name"])
    stored = field.to_mongo(CachedLion(id=KEY, name="Leo", tag="x"))
    assert stored == {"_id": KEY, "_cls": "CachedBeast.CachedLion", "name": "Leo"}


@pytest.mark.parametrize("value", [KEY, {"_id": KEY}, DBRef("x", KEY), "x", None])
def test_only_documents_can_be_stored(value: Any) -> None:
    with pytest.raises(ValidationError, match="Only accept a document object"):
        CachedSighting.part.to_mongo(value)


@pytest.mark.parametrize("value", [KEY, {"_id": KEY}, DBRef("x", KEY), "x", CachedSighting(id=KEY)])
def test_only_documents_of_the_class_are_valid(value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        CachedSighting.part.validate(value)
    assert str(caught.value) == "A CachedReferenceField only accepts documents"


def test_a_document_without_a_key_is_refused() -> None:
    for check in (CachedSighting.part.validate, CachedSighting.part.to_mongo):
        with pytest.raises(ValidationError, match="document 'CachedAnimal' you are trying"):
            check(CachedAnimal())


# Loading


STORED = {"_id": KEY, "n": "Leo", "keeper": {"k": "u"}}


def test_a_loaded_copy_is_stored_again_as_it_was() -> None:
    sighting = CachedSighting._from_son({"_id": KEY, "p": dict(STORED)})
    sighting.validate()
    assert sighting.to_mongo()["p"] == STORED
    assert sighting._data["part"] == DBRef("cached_animal", KEY)
    sighting.validate()
    assert sighting._get_changed_fields() == []


def test_reading_loads_the_document_itself() -> None:
    sighting = CachedSighting._from_son({"_id": KEY, "p": dict(STORED)})
    assert sighting.part.tag == "fresh"
    assert sighting.part is sighting.part
    assert sighting.to_mongo()["p"] == {"_id": KEY, "n": "loaded"}


def test_a_dbref_stored_by_other_means_is_loaded_too() -> None:
    sighting = CachedSighting._from_son({"_id": KEY, "p": DBRef("cached_animal", KEY)})
    assert sighting.part.name == "loaded"


@pytest.mark.parametrize("value", [{"n": "no key"}, KEY])
def test_what_is_no_copy_reads_as_it_is(value: Any) -> None:
    assert CachedSighting._from_son({"_id": KEY, "p": value}).part == value


def test_a_reference_with_its_copy_can_be_copied_and_pickled() -> None:
    reference = CachedReference(CachedAnimal, STORED)
    for again in (
        copy.copy(reference),
        copy.deepcopy(reference),
        pickle.loads(pickle.dumps(reference)),
    ):
        assert type(again) is CachedReference
        assert again == reference == DBRef("cached_animal", KEY)
        assert again.stored == STORED
        assert again.document_type is CachedAnimal


# Queries


def test_a_query_takes_documents_only() -> None:
    prepare = CachedSighting.part.prepare_query_value
    assert prepare(None, None) is None
    assert prepare(None, saved(name="Leo")) == {"_id": KEY, "n": "Leo"}
    assert prepare("set", CachedReference(CachedAnimal, STORED)) == STORED
    for value in (KEY, {"_id": KEY}, DBRef("x", KEY), "x"):
        with pytest.raises(NotImplementedError):
            prepare(None, value)


def test_fields_of_the_target_are_found_by_name() -> None:
    assert CachedSighting.part.lookup_member("keeper") is CachedAnimal.keeper
    assert CachedSighting._translate_field_name("part.keeper.kind") == "p.keeper.k"


# Keeping copies up to date


def test_a_changed_copied_field_is_set() -> None:
    update = CachedSighting.part.cache_update(changed(name="new"))
    assert update == {"$set": {"p.n": "new"}}


def test_other_changes_need_no_update() -> None:
    assert CachedSighting.part.cache_update(changed()) == {}
    assert CachedSighting.part.cache_update(changed(tag="new")) == {}


def test_a_removed_copied_field_is_unset() -> None:
    assert CachedSighting.part.cache_update(changed(name=None)) == {"$unset": {"p.n": ""}}


def test_a_change_inside_or_around_a_copied_path_counts() -> None:
    animal = changed()
    animal.keeper.kind = "new"
    assert CachedSighting.part.cache_update(animal) == {"$set": {"p.keeper.k": "new"}}
    replaced = changed(keeper=CachedKeeper(kind="other"))
    assert CachedSighting.part.cache_update(replaced) == {"$set": {"p.keeper.k": "other"}}
    assert CachedSighting.part.cache_update(changed(keeper=None)) == {"$unset": {"p.keeper.k": ""}}


def test_without_chosen_fields_every_change_counts() -> None:
    animal = changed(tag="new", name=None)
    animal.keeper.tags.append("x")
    assert CachedSighting.whole.cache_update(animal) == {
        "$set": {
            "whole.tag": "new",
            "whole.keeper": {"name": "old", "k": "old", "tags": ["x"]},
        },
        "$unset": {"whole.n": ""},
    }
