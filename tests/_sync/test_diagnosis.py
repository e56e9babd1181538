# Generated from tests/_async/test_diagnosis.py; do not edit.
# To write it again: python tools/generate_sync.py
"""A health check asks a real server and changes nothing."""

from __future__ import annotations

import pytest

from mongoengine import Document, IntField, StringField
from mongoengine.connection import ConnectionFailure
from mongoengine.doctor import examine_connection, examine_model
from mongoengine.state.clients import get_database


class Patient(Document):
    number = IntField(unique=True)
    name = StringField()
    meta = {"indexes": ["name"]}


def test_a_replica_set_is_known_as_one_that_has_transactions() -> None:
    report = examine_connection()
    assert report.topology.startswith("replica set")
    assert report.has_transactions
    assert report.writable
    assert report.alias == "default"


def test_an_unknown_alias_is_refused() -> None:
    with pytest.raises(ConnectionFailure, match="nowhere"):
        examine_connection("nowhere")


def test_looking_at_a_model_creates_nothing() -> None:
    Patient.drop_collection()
    report = examine_model(Patient)
    assert report.documents is None
    assert report.agrees
    database = get_database("default", "test")
    assert "patient" not in database.list_collection_names()


def test_a_model_is_compared_with_its_collection() -> None:
    Patient.drop_collection()
    Patient(number=1, name="Ada").save()
    assert examine_model(Patient).agrees

    database = get_database("default", "test")
    database["patient"].drop_index("name_1")
    database["patient"].create_index("ward")
    report = examine_model(Patient)
    assert report.documents == 1
    assert report.missing == ([("name", 1)],)
    assert report.extra == ([("ward", 1)],)
    Patient.drop_collection()
