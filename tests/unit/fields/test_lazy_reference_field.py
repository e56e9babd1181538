"""The lazy reference fields, without a server."""

from __future__ import annotations

from typing import Any

import pytest
from bson import SON, DBRef, ObjectId

from mongoengine.base.datastructures import LazyReference
from mongoengine.base.delete_rules import CASCADE
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import NotRegistered, ValidationError
from mongoengine.fields import (
    EmbeddedDocumentField,
    GenericLazyReferenceField,
    GenericReferenceField,
    IntField,
    LazyReferenceField,
    ListField,
    StringField,
)

KEY = ObjectId("5" * 24)


class LazyAnimal(Document):
    meta = {"allow_inheritance": True}

    name = StringField()


class LazyDog(LazyAnimal):
    pass


class LazyNumbered(Document):
    number = IntField(primary_key=True)


class LazySighting(Document):
    animal = LazyReferenceField(LazyAnimal)
    as_dbref = LazyReferenceField(LazyAnimal, dbref=True)
    through = LazyReferenceField(LazyAnimal, passthrough=True)
    numbered = LazyReferenceField(LazyNumbered)
    parent = LazyReferenceField("self")
    anything = GenericLazyReferenceField()
    chosen = GenericLazyReferenceField(choices=[LazyAnimal, "LazyNumbered"])
    through_anything = GenericLazyReferenceField(passthrough=True)
    animals = ListField(LazyReferenceField(LazyAnimal))


def saved(cls: Any = LazyAnimal, key: Any = KEY) -> Any:
    document = cls()
    document.pk = key
    return document


REFERENCE = {"_cls": "LazyAnimal", "_ref": DBRef("lazy_animal", KEY)}


@pytest.mark.parametrize("target", [5, EmbeddedDocument, LazyAnimal()])
def test_only_document_classes_and_names_can_be_referred_to(target: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        LazyReferenceField(target)
    assert str(caught.value) == (
        "Argument to LazyReferenceField constructor must be a document class or a string"
    )


@pytest.mark.parametrize(
    "given",
    [saved(), KEY, DBRef("lazy_animal", KEY), LazyReference(LazyAnimal, KEY), saved(LazyDog)],
)
def test_every_form_reads_as_a_lazy_reference(given: Any) -> None:
    sighting = LazySighting(animal=given)
    assert sighting.animal == LazyReference(LazyAnimal, KEY)
    assert sighting.animal.document_type is LazyAnimal
    assert sighting.animal is sighting.animal


def test_a_lazy_reference_keeps_its_own_class() -> None:
    assert LazySighting(animal=LazyReference(LazyDog, KEY)).animal.document_type is LazyDog


def test_none_reads_as_none() -> None:
    assert LazySighting().animal is None
    assert LazySighting._from_son({"_id": KEY, "animal": None}).animal is None


def test_a_stored_key_waits_and_reading_changes_nothing() -> None:
    sighting = LazySighting._from_son({"_id": KEY, "animal": KEY})
    assert sighting.__dict__["animal"] == KEY
    assert sighting.animal == LazyReference(LazyAnimal, KEY)
    assert sighting._get_changed_fields() == []
    assert sighting.to_mongo()["animal"] == KEY


def test_an_assigned_key_reads_as_a_lazy_reference() -> None:
    sighting = LazySighting()
    sighting.animal = KEY
    assert sighting.animal == LazyReference(LazyAnimal, KEY)


def test_passthrough_is_that_of_the_field() -> None:
    assert LazySighting(through=LazyReference(LazyAnimal, KEY)).through.passthrough
    assert not LazySighting(
        animal=LazyReference(LazyAnimal, KEY, passthrough=True)
    ).animal.passthrough


def test_a_given_key_is_converted_by_the_key_field_of_the_target() -> None:
    assert LazySighting(numbered="3").numbered.pk == 3
    assert LazySighting._from_son({"_id": KEY, "numbered": "x"}).numbered.pk == "x"


def test_items_of_a_list_read_as_lazy_references() -> None:
    sighting = LazySighting._from_son({"_id": KEY, "animals": [KEY]})
    assert list(sighting.animals) == [LazyReference(LazyAnimal, KEY)]
    assert isinstance(sighting.animals[0], LazyReference)
    assert sighting.to_mongo()["animals"] == [KEY]


def test_keys_or_dbrefs_are_stored() -> None:
    for given in (saved(), KEY, str(KEY), DBRef("x", KEY), LazyReference(LazyAnimal, KEY)):
        sighting = LazySighting(animal=given, as_dbref=given)
        assert sighting.to_mongo()["animal"] == KEY
        assert sighting.to_mongo()["as_dbref"] == DBRef("lazy_animal", KEY)


@pytest.mark.parametrize(
    "value",
    [
        saved(),
        saved(LazyDog),
        KEY,
        str(KEY),
        DBRef("lazy_animal", KEY),
        LazyReference(LazyAnimal, KEY),
        LazyReference(LazyDog, KEY),
    ],
)
def test_references_to_the_collection_and_keys_are_valid(value: Any) -> None:
    LazySighting.animal.validate(value)


@pytest.mark.parametrize("value", [42, "foo", saved(LazyNumbered, 1), {"_id": KEY}, b"x"])
def test_what_is_no_key_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        LazySighting.animal.validate(value)
    assert str(caught.value) == (
        "value should be `LazyAnimal` document, LazyReference or DBRef on `LazyAnimal` or "
        "`LazyAnimal`'s primary key (i.e. `ObjectIdField`)"
    )


def test_references_to_another_collection_are_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        LazySighting.animal.validate(DBRef("elsewhere", KEY))
    assert str(caught.value) == "DBRef on bad collection (must be on `lazy_animal`)"
    with pytest.raises(ValidationError) as caught:
        LazySighting.animal.validate(LazyReference(LazyNumbered, 1))
    assert str(caught.value) == f"Reference must be on a `{LazyAnimal}` document."


@pytest.mark.parametrize("value", [LazyAnimal(), LazyReference(LazyAnimal, None)])
def test_a_document_without_a_key_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        LazySighting.animal.validate(value)
    assert str(caught.value).startswith("The instance of the document 'LazyAnimal' you are")


def test_a_query_takes_documents_references_and_keys() -> None:
    prepare = LazySighting.animal.prepare_query_value
    assert prepare(None, None) is None
    for given in (saved(), LazyReference(LazyAnimal, KEY), str(KEY)):
        assert prepare(None, given) == KEY
    with pytest.raises(ValidationError, match="DBRef on bad collection"):
        prepare("set", DBRef("elsewhere", KEY))


def test_a_delete_rule_is_registered() -> None:
    class LazyRuleTarget(Document):
        name = StringField()

    class LazyRuleOwner(Document):
        target = LazyReferenceField(LazyRuleTarget, reverse_delete_rule=CASCADE)
        targets = ListField(LazyReferenceField(LazyRuleTarget, reverse_delete_rule=CASCADE))

    assert LazyRuleTarget._meta["delete_rules"] == {
        (LazyRuleOwner, "target"): CASCADE,
        (LazyRuleOwner, "targets"): CASCADE,
    }


# Of any class


def test_a_generic_lazy_reference_is_a_generic_reference() -> None:
    assert issubclass(GenericLazyReferenceField, GenericReferenceField)
    assert GenericLazyReferenceField("stored", choices=[LazyAnimal]).db_field == "stored"


@pytest.mark.parametrize("given", [saved(), REFERENCE, LazyReference(LazyAnimal, KEY)])
def test_a_generic_reference_reads_as_one_to_the_stored_class(given: Any) -> None:
    sighting = LazySighting(anything=given)
    assert sighting.anything == LazyReference(LazyAnimal, KEY)
    assert sighting.anything.document_type is LazyAnimal
    assert sighting.anything is sighting.anything
    assert sighting.to_mongo()["anything"] == SON(REFERENCE)


def test_a_loaded_generic_reference_names_the_class_of_its_document() -> None:
    reference = {"_cls": "LazyAnimal.LazyDog", "_ref": DBRef("lazy_animal", KEY)}
    sighting = LazySighting._from_son({"_id": KEY, "anything": reference})
    assert sighting.anything.document_type is LazyDog
    assert sighting.to_mongo()["anything"] == reference


def test_what_names_no_class_reads_as_it_is() -> None:
    assert LazySighting(anything=DBRef("x", 1)).anything == DBRef("x", 1)
    assert LazySighting(anything=KEY).anything == KEY


def test_a_class_that_does_not_exist_is_reported_on_read() -> None:
    sighting = LazySighting(anything={"_cls": "LazyGone", "_ref": DBRef("x", 1)})
    with pytest.raises(NotRegistered):
        sighting.anything  # noqa: B018


def test_generic_passthrough_is_that_of_the_field() -> None:
    assert LazySighting(through_anything=saved()).through_anything.passthrough
    assert not LazySighting(anything=saved()).anything.passthrough


def test_a_generic_reference_without_a_key_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        LazySighting.anything.validate(LazyReference(LazyAnimal, None))
    assert str(caught.value).startswith(
        "The instance of the document 'GenericLazyReferenceField' you are"
    )
    with pytest.raises(ValidationError, match="document 'LazyAnimal' you are"):
        LazySighting.anything.validate(LazyAnimal())


def test_generic_choices_cover_lazy_references() -> None:
    for allowed in (saved(), REFERENCE, LazyReference(LazyNumbered, 1)):
        LazySighting.chosen._validate(allowed)
    for refused in (LazyReference(LazyDog, KEY), DBRef("lazy_animal", KEY), 42, "foo"):
        with pytest.raises(ValidationError) as caught:
            LazySighting.chosen._validate(refused)
        assert str(caught.value) == "Value must be one of ['LazyAnimal', 'LazyNumbered']"


def test_embedded_documents_can_hold_lazy_references() -> None:
    class LazyPart(EmbeddedDocument):
        animal = LazyReferenceField(LazyAnimal)
        anything = GenericLazyReferenceField()
        many = ListField(GenericLazyReferenceField())

    class LazyWhole(Document):
        part = EmbeddedDocumentField(LazyPart)

    stored = {"animal": KEY, "anything": dict(REFERENCE), "many": [dict(REFERENCE)]}
    whole = LazyWhole._from_son({"_id": KEY, "part": stored})
    for reference in (whole.part.animal, whole.part.anything, whole.part.many[0]):
        assert isinstance(reference, LazyReference)
        assert reference.pk == KEY
    assert whole.to_mongo()["part"] == stored
