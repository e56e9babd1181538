"""References to documents of one class, without a server."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine.base.datastructures import LazyReference
from mongoengine.base.delete_rules import CASCADE, DENY, NULLIFY, PULL
from mongoengine.base.dereferencing import no_dereferencing
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import InvalidDocumentError, NotRegistered, ValidationError
from mongoengine.fields import (
    DictField,
    EmbeddedDocumentField,
    IntField,
    ListField,
    MapField,
    ReferenceField,
    StringField,
)

KEY = ObjectId("5" * 24)
UNSAVED = (
    "The instance of the document '{}' you are trying to reference has an empty 'id'. "
    "You can only reference documents once they have been saved to the database"
)


class RefWriter(Document):
    name = StringField()


class RefNumbered(Document):
    number = IntField(primary_key=True)


class RefAbstract(Document):
    meta = {"abstract": True}


class RefConcrete(RefAbstract):
    name = StringField()


class RefText(Document):
    writer = ReferenceField(RefWriter, db_field="w")
    as_dbref = ReferenceField(RefWriter, dbref=True)
    numbered = ReferenceField(RefNumbered)
    parent = ReferenceField("self")
    any_kind = ReferenceField(RefAbstract)
    missing = ReferenceField("RefNowhere")


class FetchingField(ReferenceField):
    """Makes up what it loads, and remembers what was asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: list[Any] = []

    def _load_reference(self, instance: Any, value: Any) -> Any:
        document_type, dbref = self._target(value)
        self.asked.append((document_type, dbref))
        document = document_type(id=dbref.id)
        self._keep_loaded(instance, document)
        return document


class RefReader(Document):
    writer = FetchingField(RefWriter)
    any_kind = FetchingField(RefAbstract)


class StaticFetchField(ReferenceField):
    @staticmethod
    def _lazy_load_ref(ref_cls: Any, dbref: DBRef) -> Any:
        return ref_cls(id=dbref.id, name="loaded")


class RefStatic(Document):
    writer = StaticFetchField(RefWriter)


def saved(cls: Any = RefWriter, key: Any = KEY, **values: Any) -> Any:
    document = cls(**values)
    document.pk = key
    return document


# Construction of the field


@pytest.mark.parametrize("target", [5, RefWriter(), EmbeddedDocument, int, None])
def test_only_document_classes_and_names_can_be_referred_to(target: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        ReferenceField(target)
    assert str(caught.value) == (
        "Argument to ReferenceField constructor must be a document class or a string"
    )


def test_self_means_the_class_that_has_the_field() -> None:
    assert RefText.parent.document_type is RefText


def test_a_field_of_no_class_yet_does_not_remember_what_self_means() -> None:
    field = ReferenceField("self")
    assert field.document_type is None
    assert field.document_type_obj == "self"


def test_a_name_is_resolved_when_asked_for() -> None:
    with pytest.raises(NotRegistered, match="`RefNowhere` has not been registered"):
        RefText.missing.document_type  # noqa: B018


def test_fields_of_the_target_are_found_by_name() -> None:
    assert RefText.writer.lookup_member("name") is RefWriter.name
    assert RefText.writer.lookup_member("nothing") is None


# Values given and loaded


@pytest.mark.parametrize("given", [KEY, str(KEY), DBRef("ref_writer", KEY)])
def test_a_given_key_becomes_a_dbref_with_the_key_converted(given: Any) -> None:
    assert RefText(writer=given).__dict__["writer"] == DBRef("ref_writer", KEY)


def test_a_given_document_is_kept() -> None:
    writer = saved()
    assert RefText(writer=writer).writer is writer


def test_with_dbref_a_key_stays_what_it_is() -> None:
    assert RefText(as_dbref=KEY).as_dbref == KEY


def test_the_key_is_converted_by_the_key_field_of_the_target() -> None:
    assert RefText(numbered="3").__dict__["numbered"] == DBRef("ref_numbered", 3)


def test_a_loaded_key_waits_for_its_first_read() -> None:
    text = RefText._from_son({"_id": KEY, "w": KEY})
    assert text.__dict__["writer"] == KEY
    with no_dereferencing((RefText.writer,)):
        assert text.writer == DBRef("ref_writer", KEY)
    assert text._get_changed_fields() == []


def test_none_in_a_list_of_references_stays_none() -> None:
    class RefListed(Document):
        writers = ListField(ReferenceField(RefWriter))

    listed = RefListed._from_son({"_id": KEY, "writers": [None]})
    assert listed.to_mongo()["writers"] == [None]


def test_a_key_for_a_class_that_does_not_exist_is_refused_on_load() -> None:
    with pytest.raises(NotRegistered):
        RefText._from_son({"_id": KEY, "missing": KEY})
    assert RefText._from_son({"_id": KEY, "missing": None}).missing is None


def test_a_key_for_an_abstract_class_is_refused_on_load() -> None:
    with pytest.raises(InvalidDocumentError, match="'RefAbstract' has no attribute 'id'"):
        RefText._from_son({"_id": KEY, "any_kind": KEY})


def test_a_key_whose_field_is_the_users_own_is_converted_on_load() -> None:
    class Strict(IntField):
        def to_python(self, value: Any) -> Any:
            if not isinstance(value, int):
                raise ValueError("no number")
            return value

    class RefStrict(Document):
        key = Strict(primary_key=True)

    class RefToStrict(Document):
        target = ReferenceField(RefStrict)

    with pytest.raises(InvalidDocumentError, match="Field 'target' - no number"):
        RefToStrict._from_son({"_id": KEY, "target": "x"})
    loaded = RefToStrict._from_son({"_id": KEY, "target": 3})
    assert loaded.__dict__["target"] == DBRef("ref_strict", 3)


def test_a_class_that_comes_later_is_found_by_the_compiled_loader() -> None:
    class RefEarly(Document):
        late = ReferenceField("RefLate")

    with pytest.raises(NotRegistered):
        RefEarly._from_son({"_id": KEY, "late": KEY})

    class RefLate(Document):
        name = StringField()

    early = RefEarly._from_son({"_id": KEY, "late": KEY})
    assert early.__dict__["late"] == KEY
    assert early._data["late"] == DBRef("ref_late", KEY)


# Reading


def test_reading_loads_once_and_marks_nothing_as_changed() -> None:
    reader = RefReader._from_son({"_id": KEY, "writer": KEY})
    RefReader.writer.asked.clear()
    assert reader.writer is reader.writer
    assert isinstance(reader.writer, RefWriter)
    assert RefReader.writer.asked == [(RefWriter, DBRef("ref_writer", KEY))]
    assert reader._get_changed_fields() == []
    assert reader.to_mongo()["writer"] == KEY


def test_a_switched_off_field_reads_as_stored() -> None:
    reader = RefReader(writer=KEY)
    RefReader.writer.set_auto_dereferencing(False)
    try:
        assert reader.writer == DBRef("ref_writer", KEY)
    finally:
        RefReader.writer.set_auto_dereferencing(True)
    assert isinstance(reader.writer, RefWriter)


def test_a_document_loaded_without_dereferencing_reads_as_stored() -> None:
    reader = RefReader._from_son({"_id": KEY, "writer": KEY}, _auto_dereference=False)
    assert reader.writer == DBRef("ref_writer", KEY)


def test_a_dbref_to_an_abstract_class_names_the_class_to_load() -> None:
    reader = RefReader(any_kind=DBRef("ref_concrete", KEY, cls="RefConcrete"))
    assert isinstance(reader.any_kind, RefConcrete)


def test_a_lazy_reference_is_loaded_as_its_own_class() -> None:
    reader = RefReader(any_kind=LazyReference(RefConcrete, KEY, passthrough=True))
    assert isinstance(reader.any_kind, RefConcrete)


def test_the_static_method_can_be_overridden_to_fetch_differently() -> None:
    document = RefStatic._from_son({"_id": KEY, "writer": KEY})
    assert document.writer.name == "loaded"
    assert document.__dict__["writer"].name == "loaded"


def test_reading_through_the_class_gives_the_field() -> None:
    assert isinstance(RefText.writer, ReferenceField)


# Storing


def test_the_key_is_stored() -> None:
    assert RefText(writer=saved()).to_mongo() == {"w": KEY}
    assert RefText(writer=DBRef("elsewhere", "x")).to_mongo() == {"w": "x"}
    assert RefText(writer=LazyReference(RefWriter, KEY)).to_mongo() == {"w": KEY}


def test_with_dbref_a_dbref_is_stored() -> None:
    expected = DBRef("ref_writer", KEY)
    for given in (saved(), KEY, str(KEY), expected):
        assert RefText(as_dbref=given).to_mongo() == {"as_dbref": expected}


def test_an_abstract_class_is_referred_to_by_a_dbref_that_names_the_concrete_one() -> None:
    stored = RefText(any_kind=saved(RefConcrete)).to_mongo()["any_kind"]
    assert stored == DBRef("ref_concrete", KEY, cls="RefConcrete")
    again = RefText._from_son({"_id": KEY, "any_kind": stored})
    assert again.to_mongo()["any_kind"] == stored
    lazy = RefText(any_kind=LazyReference(RefConcrete, KEY))
    assert lazy.to_mongo()["any_kind"] == stored


def test_an_unsaved_document_cannot_be_stored() -> None:
    with pytest.raises(ValidationError) as caught:
        RefText(writer=RefWriter()).to_mongo()
    assert str(caught.value) == UNSAVED.format("RefWriter")


def test_a_document_with_a_reference_can_be_copied_and_pickled() -> None:
    text = RefText(writer=saved())
    for copied in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert copied.to_mongo() == {"w": KEY}


# Validation


@pytest.mark.parametrize(
    "value", [saved(), KEY, DBRef("elsewhere", 1), LazyReference(RefNumbered, 1)]
)
def test_documents_ids_and_references_are_valid(value: Any) -> None:
    RefText.writer.validate(value)


@pytest.mark.parametrize("value", [str(KEY), 5, {"_id": KEY}, saved(RefNumbered, 3)])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        RefText.writer.validate(value)
    assert str(caught.value) == (
        "A ReferenceField only accepts DBRef, LazyReference, ObjectId or documents"
    )


def test_a_document_without_a_key_is_refused() -> None:
    text = RefText(writer=RefWriter())
    with pytest.raises(ValidationError) as caught:
        text.validate()
    assert UNSAVED.format("RefWriter") in str(caught.value)


# Queries


@pytest.mark.parametrize("given", [KEY, str(KEY), DBRef("ref_writer", KEY), saved()])
def test_a_query_takes_documents_references_and_keys(given: Any) -> None:
    assert RefText.writer.prepare_query_value(None, given) == KEY


def test_a_query_for_none_asks_for_none() -> None:
    assert RefText.writer.prepare_query_value(None, None) is None


def test_an_update_checks_its_value() -> None:
    assert RefText.writer.prepare_query_value("set", saved()) == KEY
    with pytest.raises(ValidationError, match="only accepts DBRef"):
        RefText.writer.prepare_query_value("set", str(KEY))


# Delete rules


def rules_of(target: Any) -> dict[tuple[Any, str], int]:
    return target._meta["delete_rules"]


def test_a_delete_rule_is_registered_with_the_class_referred_to() -> None:
    class RuleTarget(Document):
        name = StringField()

    class RuleOwner(Document):
        meta = {"allow_inheritance": True}

        one = ReferenceField(RuleTarget, reverse_delete_rule=CASCADE)
        many = ListField(ReferenceField(RuleTarget, reverse_delete_rule=PULL))
        none = ReferenceField(RuleTarget)

    expected = {(RuleOwner, "one"): CASCADE, (RuleOwner, "many"): PULL}
    assert rules_of(RuleTarget) == expected

    class RuleOwnerChild(RuleOwner):
        pass

    child = {(RuleOwnerChild, "one"): CASCADE, (RuleOwnerChild, "many"): PULL}
    assert rules_of(RuleTarget) == {**expected, **child}


def test_a_class_can_have_a_rule_for_itself() -> None:
    class RuleSelf(Document):
        parent = ReferenceField("self", reverse_delete_rule=NULLIFY)

    assert rules_of(RuleSelf) == {(RuleSelf, "parent"): NULLIFY}


def test_a_rule_needs_the_class_it_is_about() -> None:
    with pytest.raises(NotRegistered):
        type("RuleHasty", (Document,), {"f": ReferenceField("RuleUnknown", False, DENY)})


@pytest.mark.parametrize(
    "make", [lambda field: field, ListField], ids=["reference", "list of references"]
)
def test_embedded_documents_cannot_have_delete_rules(make: Any) -> None:
    field = make(ReferenceField(RefWriter, reverse_delete_rule=CASCADE))
    with pytest.raises(InvalidDocumentError) as caught:
        type("RuleEmbedded", (EmbeddedDocument,), {"f": field})
    assert str(caught.value) == (
        "Reverse delete rules are not supported for EmbeddedDocuments (field: f)"
    )


@pytest.mark.parametrize("kind", [DictField, MapField])
@pytest.mark.parametrize("base", [Document, EmbeddedDocument])
def test_dicts_of_references_cannot_have_delete_rules(kind: Any, base: Any) -> None:
    field = kind(ReferenceField(RefWriter, reverse_delete_rule=CASCADE))
    with pytest.raises(InvalidDocumentError) as caught:
        type("RuleDict", (base,), {"f": field})
    assert str(caught.value) == (
        f"Reverse delete rules are not supported for {kind.__name__} (field: f)"
    )


def test_a_dict_of_references_without_a_rule_is_fine() -> None:
    cls = type("RuleNoDict", (Document,), {"f": DictField(ReferenceField(RefWriter))})
    assert cls.f.field.reverse_delete_rule == 0


def test_a_reference_inside_an_embedded_document_waits_too() -> None:
    class RefPart(EmbeddedDocument):
        writer = FetchingField(RefWriter)

    class RefWhole(Document):
        part = EmbeddedDocumentField(RefPart)

    whole = RefWhole._from_son({"_id": KEY, "part": {"writer": KEY}})
    assert whole.__dict__["part"] == {"writer": KEY}
    assert isinstance(whole.part.writer, RefWriter)
    assert whole.to_mongo()["part"] == {"writer": KEY}
