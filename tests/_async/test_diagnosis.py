"""A health check asks a real server and changes nothing."""

from __future__ import annotations

import pytest

from mongoengine import Document, IntField, StringField
from mongoengine.connection import ConnectionFailure
from mongoengine.doctor import async_examine_connection, async_examine_model
from mongoengine.state.clients import async_get_database


class Patient(Document):
    number = IntField(unique=True)
    name = StringField()
    meta = {"indexes": ["name"]}


async def test_a_replica_set_is_known_as_one_that_has_transactions() -> None:
    report = await async_examine_connection()
    assert report.topology.startswith("replica set")
    assert report.has_transactions
    assert report.writable
    assert report.alias == "default"


async def test_an_unknown_alias_is_refused() -> None:
    with pytest.raises(ConnectionFailure, match="nowhere"):
        await async_examine_connection("nowhere")


async def test_looking_at_a_model_creates_nothing() -> None:
    await Patient.async_drop_collection()
    report = await async_examine_model(Patient)
    assert report.documents is None
    assert report.agrees
    database = await async_get_database("default", "test")
    assert "patient" not in await database.list_collection_names()


async def test_a_model_is_compared_with_its_collection() -> None:
    await Patient.async_drop_collection()
    await Patient(number=1, name="Ada").async_save()
    assert (await async_examine_model(Patient)).agrees

    database = await async_get_database("default", "test")
    await database["patient"].drop_index("name_1")
    await database["patient"].create_index("ward")
    report = await async_examine_model(Patient)
    assert report.documents == 1
    assert report.missing == ([("name", 1)],)
    assert report.extra == ([("ward", 1)],)
    await Patient.async_drop_collection()
