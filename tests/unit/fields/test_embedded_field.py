"""EmbeddedDocumentField and GenericEmbeddedDocumentField without a server."""

from __future__ import annotations

import weakref
from typing import Any

import pytest
from bson import SON

from mongoengine.base.fields.embedded import (
    EmbeddedDocumentField,
    GenericEmbeddedDocumentField,
)
from mongoengine.base.fields.lists import ListField
from mongoengine.base.fields.numbers import IntField
from mongoengine.base.fields.strings import StringField
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import (
    FieldDoesNotExist,
    InvalidDocumentError,
    InvalidQueryError,
    NotRegistered,
    ValidationError,
)

BAD_CLASS = "^Invalid embedded document class provided to an EmbeddedDocumentField$"
BAD_VALUE = "^Invalid embedded document instance provided to an EmbeddedDocumentField$"
BAD_GENERIC = "^Invalid embedded document instance provided to an GenericEmbeddedDocumentField$"


class VehicleWheel(EmbeddedDocument):
    size = IntField(db_field="s")
    brand = StringField(default="own")
    spare = EmbeddedDocumentField("self")


class VehicleEngine(EmbeddedDocument):
    meta = {"allow_inheritance": True}
    power = IntField()


class VehicleDiesel(VehicleEngine):
    filter = StringField()


class Vehicle(Document):
    wheel = EmbeddedDocumentField(VehicleWheel, db_field="w")
    engine = EmbeddedDocumentField("VehicleEngine")
    extra = GenericEmbeddedDocumentField()
    chosen = GenericEmbeddedDocumentField(choices=(VehicleEngine,))
    extras = ListField(GenericEmbeddedDocumentField(choices=[VehicleEngine, VehicleWheel]))


def load(**stored: Any) -> Any:
    return Vehicle._from_son(stored)


# The class of the documents


def test_the_type_is_kept_as_given_and_resolved_when_asked_for():
    field = EmbeddedDocumentField("VehicleWheel")
    assert field.document_type_obj == "VehicleWheel"
    assert field.document_type is VehicleWheel
    assert field.document_type_obj is VehicleWheel


def test_self_means_the_class_the_field_is_in():
    assert VehicleWheel.spare.document_type is VehicleWheel


@pytest.mark.parametrize("document_type", [dict, Vehicle])
def test_a_class_that_is_not_of_embedded_documents_is_refused(document_type):
    with pytest.raises(ValidationError, match=BAD_CLASS):
        EmbeddedDocumentField(document_type)
    with pytest.raises(ValidationError, match=BAD_CLASS):
        EmbeddedDocumentField("Vehicle").document_type  # noqa: B018


@pytest.mark.parametrize("document_type", [5, None])
def test_what_is_no_class_at_all_is_refused(document_type):
    with pytest.raises(TypeError, match="issubclass"):
        EmbeddedDocumentField(document_type)


def test_an_unknown_name_is_reported_when_it_is_needed():
    field = EmbeddedDocumentField("NoSuchEmbeddedDocument")
    with pytest.raises(NotRegistered, match="NoSuchEmbeddedDocument"):
        field.document_type  # noqa: B018


# Reading


@pytest.mark.parametrize(
    "document",
    [
        Vehicle(wheel=VehicleWheel(size=1)),
        Vehicle(wheel={"size": 1}),
        Vehicle(wheel={"s": 1}),
        load(w={"s": 1}),
    ],
)
def test_a_value_is_a_document_that_knows_its_owner(document):
    assert type(document.wheel) is VehicleWheel
    assert document.wheel.size == 1
    assert document.wheel.brand == "own"
    assert document.wheel._instance is weakref.proxy(document)
    assert document.wheel is document.wheel


def test_loading_reads_the_class_from_the_data():
    document = load(engine={"_cls": "VehicleDiesel", "filter": "f"})
    assert type(document.engine) is VehicleDiesel
    assert document.engine.filter == "f"


def test_loading_leaves_nothing_changed_and_nested_changes_are_followed():
    document = load(w={"s": 1, "spare": {"s": 2}})
    assert document._get_changed_fields() == []
    document.wheel.spare.size = 3
    assert document._delta() == ({"w.spare.s": 3}, {})
    document.wheel.spare = None
    assert document._delta() == ({}, {"w.spare": 1})


@pytest.mark.parametrize(
    ("stored", "error", "text"),
    [
        ({"w": 5}, InvalidDocumentError, "Field 'wheel' - The source SON object needs"),
        ({"w": {"nonsense": 1}}, FieldDoesNotExist, "nonsense"),
        ({"w": {"spare": {"nonsense": 1}}}, FieldDoesNotExist, "nonsense"),
        (
            {"w": {"spare": 5}},
            InvalidDocumentError,
            "create a `VehicleWheel` instance.\nField 'spare'",
        ),
        ({"engine": {"_cls": "NoSuchEngine"}}, NotRegistered, "NoSuchEngine"),
    ],
)
def test_what_cannot_be_converted_is_refused_on_load(stored, error, text):
    with pytest.raises(error, match=text):
        load(**stored)


def test_a_stored_none_reads_as_none():
    assert load(w=None).wheel is None


# Storing


def test_the_stored_form_is_the_documents_own():
    class MarkedBase(EmbeddedDocument):
        meta = {"allow_inheritance": True}

    class MarkedWheel(MarkedBase):
        def to_mongo(self, *args, **kwargs):
            return {**super().to_mongo(*args, **kwargs), "mark": 1}

    assert EmbeddedDocumentField(MarkedBase).to_mongo(MarkedWheel())["mark"] == 1
    assert Vehicle.wheel.to_mongo(VehicleWheel(size=1)) == {"s": 1, "brand": "own"}
    assert Vehicle.wheel.to_mongo(VehicleWheel(size=1), False) == {"size": 1, "brand": "own"}
    assert Vehicle.wheel.to_mongo(VehicleWheel(size=1), True, ["size"]) == {"s": 1}


@pytest.mark.parametrize("value", [None, "text", {"s": 1}, VehicleDiesel()])
def test_anything_else_is_stored_as_it_is(value):
    assert Vehicle.wheel.to_mongo(value) is value


# Validation


@pytest.mark.parametrize("value", ["text", {"s": 1}, VehicleDiesel(), Vehicle()])
def test_only_documents_of_the_class_are_valid(value):
    with pytest.raises(ValidationError, match=BAD_VALUE):
        Vehicle.wheel.validate(value)


def test_errors_inside_are_nested():
    with pytest.raises(ValidationError) as info:
        Vehicle(wheel=VehicleWheel(size="x", spare=VehicleWheel(size="y"))).validate()
    assert info.value.to_dict() == {
        "wheel": {
            "size": "x could not be converted to int",
            "spare": {"size": "y could not be converted to int"},
        }
    }


def test_the_own_validate_of_a_subclass_runs_and_is_told_whether_to_clean():
    told = []

    class CheckedEngine(VehicleEngine):
        def validate(self, clean=True):
            told.append(clean)

    Vehicle(engine=CheckedEngine()).validate(clean=False)
    Vehicle(engine=CheckedEngine()).validate()
    assert told == [False, True]


# Queries


def test_members_are_found_in_the_class_and_its_direct_subclasses():
    assert Vehicle.engine.lookup_member("power") is VehicleEngine.power
    assert Vehicle.engine.lookup_member("filter") is VehicleDiesel.filter
    assert Vehicle.engine.lookup_member("nonsense") is None


def test_a_dict_in_a_query_becomes_the_whole_document():
    assert Vehicle.wheel.prepare_query_value(None, {"s": 1}) == {"s": 1, "brand": "own"}
    assert Vehicle.wheel.prepare_query_value(None, VehicleWheel(size=1)) == {"s": 1, "brand": "own"}


def test_none_and_operators_pass():
    condition = {"$exists": True}
    assert Vehicle.wheel.prepare_query_value(None, None) is None
    assert Vehicle.wheel.prepare_query_value(None, condition) is condition


def test_a_value_that_makes_no_document_cannot_be_queried():
    text = "^Querying the embedded document 'VehicleWheel' failed, due to an invalid query value$"
    with pytest.raises(InvalidQueryError, match=text):
        Vehicle.wheel.prepare_query_value(None, 5)


def test_updates_validate():
    with pytest.raises(ValidationError, match="size"):
        Vehicle.wheel.prepare_query_value("set", VehicleWheel(size="x"))
    with pytest.raises(ValidationError, match=BAD_VALUE):
        Vehicle.wheel.prepare_query_value("set", None)


# Documents of any class


def test_a_generic_field_always_stores_the_class():
    assert Vehicle.extra.to_mongo(VehicleWheel(size=1)) == {
        "s": 1,
        "brand": "own",
        "_cls": "VehicleWheel",
    }
    assert Vehicle.extra.to_mongo(VehicleDiesel(power=1)) == {"power": 1, "_cls": "VehicleDiesel"}
    assert Vehicle.extra.to_mongo(None) is None


def test_a_generic_field_loads_what_it_stored():
    document = load(
        extra={"_cls": "VehicleWheel", "s": 1}, extras=[{"_cls": "VehicleDiesel", "filter": "f"}]
    )
    assert type(document.extra) is VehicleWheel
    assert document.extra._instance is weakref.proxy(document)
    assert type(document.extras[0]) is VehicleDiesel
    document.extra.size = 2
    assert document._delta() == ({"extra.s": 2}, {})


@pytest.mark.parametrize(
    ("stored", "error"),
    [
        ({"size": 1}, KeyError),
        ({"_cls": "NoSuchEngine"}, NotRegistered),
        ({"_cls": "VehicleWheel", "nonsense": 1}, FieldDoesNotExist),
    ],
)
def test_data_of_no_known_class_is_refused_on_load(stored, error):
    with pytest.raises(error):
        load(extra=stored)


def test_a_stored_value_that_is_no_dict_loads_as_it_is():
    assert load(extra=5).extra == 5


@pytest.mark.parametrize("value", ["text", {"_cls": "VehicleWheel"}, Vehicle()])
def test_a_generic_field_takes_embedded_documents_only(value):
    with pytest.raises(ValidationError, match=BAD_GENERIC):
        Vehicle.extra.validate(value)


def test_choices_allow_classes_and_their_subclasses():
    Vehicle.chosen._validate(VehicleDiesel())
    with pytest.raises(ValidationError, match=r"^Value must be an instance of "):
        Vehicle.chosen._validate(VehicleWheel())
    with pytest.raises(ValidationError) as info:
        Vehicle(extras=[VehicleWheel(), Vehicle()]).validate()
    assert list(info.value.to_dict()["extras"]) == [1]


def test_stored_data_of_a_choice_is_valid():
    Vehicle.chosen.validate(SON([("_cls", "VehicleEngine")]))
    with pytest.raises(ValidationError, match=BAD_GENERIC):
        Vehicle.chosen.validate(SON([("_cls", "VehicleWheel")]))


def test_members_are_found_in_the_choices():
    assert Vehicle.chosen.lookup_member("filter") is VehicleDiesel.filter
    assert Vehicle.extra.lookup_member("power") is None


def test_a_document_of_any_class_can_be_queried_and_set():
    stored = {"s": 1, "brand": "own", "_cls": "VehicleWheel"}
    assert Vehicle.extra.prepare_query_value(None, VehicleWheel(size=1)) == stored
    assert Vehicle.extra.prepare_query_value("set", VehicleWheel(size=1)) == stored
    assert Vehicle.extra.prepare_query_value(None, None) is None
