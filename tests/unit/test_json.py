"""Documents as JSON."""

from __future__ import annotations

import json
import uuid
from datetime import datetime

import pytest
from bson import ObjectId
from bson.json_util import RELAXED_JSON_OPTIONS, JSONOptions

from mongoengine.document import Document, EmbeddedDocument
from mongoengine.fields import (
    DateTimeField,
    EmbeddedDocumentField,
    IntField,
    ListField,
    StringField,
    UUIDField,
)
from mongoengine.pymongo_support import LEGACY_JSON_OPTIONS

KEY = ObjectId("5d1b4a3c0000000000000000")


class Part(EmbeddedDocument):
    name = StringField(db_field="n")


class Machine(Document):
    label = StringField(db_field="l")
    built = DateTimeField()
    part = EmbeddedDocumentField(Part, db_field="p")
    counts = ListField(IntField())
    serial = UUIDField(binary=True)


def machine() -> Machine:
    return Machine(
        id=KEY, label="Grün", built=datetime(2020, 1, 2), part=Part(name="x"), counts=[1, 2]
    )


def test_json_holds_the_stored_form() -> None:
    text = machine().to_json(json_options=RELAXED_JSON_OPTIONS)

    assert json.loads(text) == {
        "_id": {"$oid": str(KEY)},
        "l": "Grün",
        "built": {"$date": "2020-01-02T00:00:00Z"},
        "p": {"n": "x"},
        "counts": [1, 2],
    }


def test_json_can_use_the_names_of_the_fields() -> None:
    text = machine().to_json(use_db_field=False, json_options=RELAXED_JSON_OPTIONS)

    data = json.loads(text)
    assert (data["label"], data["part"]) == ("Grün", {"name": "x"})
    assert data["id"] == {"$oid": str(KEY)}


def test_options_of_json_are_passed_on() -> None:
    text = machine().to_json(sort_keys=True, indent=2, json_options=RELAXED_JSON_OPTIONS)

    assert text.startswith('{\n  "_id": {\n    "$oid"')
    assert list(json.loads(text)) == ["_id", "built", "counts", "l", "p"]


def test_a_document_comes_back_from_json() -> None:
    text = machine().to_json(json_options=LEGACY_JSON_OPTIONS)

    again = Machine.from_json(text, json_options=LEGACY_JSON_OPTIONS)

    assert again == machine()
    assert again._data == machine()._data
    assert not again._created
    assert again._get_changed_fields() == []


def test_json_can_be_that_of_a_new_document() -> None:
    text = machine().to_json(json_options=LEGACY_JSON_OPTIONS)

    assert Machine.from_json(text, created=True, json_options=LEGACY_JSON_OPTIONS)._created


def test_json_without_options_warns_and_uses_the_legacy_ones() -> None:
    with pytest.warns(DeprecationWarning, match="No 'json_options' are specified!") as caught:
        text = machine().to_json()
    assert caught[0].filename == __file__
    with pytest.warns(DeprecationWarning, match="No 'json_options' are specified!"):
        again = Machine.from_json(text)

    assert json.loads(text)["built"] == {"$date": 1577923200000}
    assert again._data == machine()._data


def test_the_representation_of_uuids_is_a_matter_of_the_options() -> None:
    serial = uuid.UUID(int=5)
    options = JSONOptions(uuid_representation=4)  # standard

    text = Machine(serial=serial).to_json(json_options=options)

    assert Machine.from_json(text, json_options=options).serial == serial
