"""What a health check makes of the server's answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from bson.codec_options import CodecOptions

from mongoengine import Document, IntField, StringField
from mongoengine.base.collection_options import ordered_keys
from mongoengine.base.diagnosis import (
    UNSPECIFIED_UUIDS,
    ConnectionReport,
    ModelReport,
    report_connection,
    report_model,
)

STANDALONE = {"isWritablePrimary": True, "logicalSessionTimeoutMinutes": 30}
REPLICA_SET = {**STANDALONE, "setName": "rs0", "hosts": ["a:1"]}


def connection(hello: dict[str, Any], uuids: int = 4) -> ConnectionReport:
    client = SimpleNamespace(codec_options=CodecOptions(uuid_representation=uuids))
    database = SimpleNamespace(client=client, name="shop")
    return report_connection("default", database, hello, {"version": "8.0.1"})


class Parcel(Document):
    number = IntField(unique=True)
    note = StringField()
    meta = {"indexes": ["note", {"fields": ["-number"], "expireAfterSeconds": 0}]}


def model(existing: dict[str, Any], documents: int | None = 7) -> ModelReport:
    return report_model(Parcel, "shop.parcel", documents, existing, ordered_keys(Parcel))


def test_a_connection_report_names_all_versions() -> None:
    versions = connection(REPLICA_SET).versions
    for part in ("mongoengine 0.30.0", "Python 3.", "PyMongo 4.", "MongoDB 8.0.1"):
        assert part in versions


@pytest.mark.parametrize(
    ("hello", "topology"),
    [
        (STANDALONE, "standalone server"),
        (REPLICA_SET, "replica set rs0, 1 member, answered by a primary"),
        (
            {**REPLICA_SET, "isWritablePrimary": False, "passives": ["b:1"], "arbiters": ["c:1"]},
            "replica set rs0, 3 members, answered by a secondary",
        ),
        ({**STANDALONE, "msg": "isdbgrid"}, "sharded cluster"),
    ],
)
def test_the_topology_is_told_by_the_answer_to_hello(hello: dict[str, Any], topology: str) -> None:
    assert connection(hello).topology == topology


def test_transactions_take_a_replica_set_or_a_cluster() -> None:
    assert not connection(STANDALONE).has_transactions
    assert connection(REPLICA_SET).has_transactions
    assert connection({**STANDALONE, "msg": "isdbgrid"}).has_transactions
    assert not connection({"setName": "old", "hosts": []}).has_transactions


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, UNSPECIFIED_UUIDS), (3, "pythonLegacy"), (4, "standard"), (6, "csharpLegacy")],
)
def test_the_representation_of_uuids_is_spelled_as_in_settings(number: int, shown: str) -> None:
    assert connection(REPLICA_SET, number).uuid_representation == shown


WANTED = {
    "_id_": {"key": [("_id", 1)]},
    "number_1": {"key": [("number", 1)], "unique": True},
    "note_1": {"key": [("note", 1)]},
    "number_-1": {"key": [("number", -1)], "expireAfterSeconds": 0},
}


def test_a_model_whose_indexes_are_all_there_agrees() -> None:
    report = model(WANTED)
    assert report.agrees
    assert (report.model, report.collection, report.documents) == ("Parcel", "shop.parcel", 7)


def test_missing_and_extra_indexes_are_told_apart() -> None:
    existing = {name: info for name, info in WANTED.items() if name != "note_1"}
    report = model({**existing, "old_1": {"key": [("old", 1)]}})
    assert report.missing == ([("note", 1)],)
    assert report.extra == ([("old", 1)],)
    assert not report.agrees


def test_an_index_with_other_options_is_told_with_both() -> None:
    existing = {
        **WANTED,
        "number_1": {"key": [("number", 1)]},
        "number_-1": {"key": [("number", -1)], "expireAfterSeconds": 60},
    }
    report = model(existing)
    assert set(report.differing) == {
        "number_1: unique is not set, the class wants True",
        "number_-1: expireAfterSeconds is 60, the class wants 0",
    }
    assert not report.agrees


def test_a_model_without_collection_agrees_with_whatever_will_be() -> None:
    report = model({}, documents=None)
    assert report.agrees
    assert report.missing == ()
