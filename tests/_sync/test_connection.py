# Generated from tests/_async/test_connection.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Connections to a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pymongo
import pytest
from pymongo.errors import InvalidOperation, OperationFailure

from mongoengine._sync.commands import (
    count_documents,
    get_mongodb_version,
    list_collection_names,
)
from mongoengine.connection import (
    ConnectionFailure,
    _clear_session,
    _set_session,
    connect,
    disconnect,
    register_connection,
)
from mongoengine.state.clients import (
    get_client,
    get_database,
    opened_aliases,
)

ALIASES = ("connection_a", "connection_b")
A, B = ALIASES


@pytest.fixture
def settings(mongodb_uri: str) -> dict[str, Any]:
    # A name of its own keeps these clients apart from those of other tests.
    return {
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        "appname": "connection tests",
    }


@pytest.fixture(autouse=True)
def closed_afterwards() -> Iterator[None]:
    yield
    for alias in ALIASES:
        disconnect(alias)


@pytest.fixture
def collection(settings: dict[str, Any]) -> Iterator[Any]:
    client = connect("connection_tests", alias=A, **settings)
    client.drop_database("connection_tests")
    client["connection_tests"]["numbers"].insert_many([{"n": n} for n in range(5)])
    yield client["connection_tests"]["numbers"]
    client.drop_database("connection_tests")


def test_a_client_reaches_the_server(settings: dict[str, Any]) -> None:
    client = connect("connection_tests", alias=A, **settings)

    assert client.admin.command("ping")["ok"] == 1
    assert A in opened_aliases()
    assert get_client(A, call="save") is client


def test_a_registered_alias_is_opened_by_its_first_use(settings: dict[str, Any]) -> None:
    register_connection(A, "connection_tests", **settings)
    assert A not in opened_aliases()

    database = get_database(A, call="save")

    assert database.name == "connection_tests"
    assert database.command("ping")["ok"] == 1
    assert A in opened_aliases()


def test_a_disconnected_client_cannot_be_used(settings: dict[str, Any]) -> None:
    client = connect("connection_tests", alias=A, **settings)
    client.admin.command("ping")

    disconnect(A)

    with pytest.raises(InvalidOperation):
        client.admin.command("ping")
    with pytest.raises(ConnectionFailure):
        get_client(A, call="save")


def test_a_shared_client_works_until_its_last_alias_is_closed(
    settings: dict[str, Any],
) -> None:
    client = connect("connection_tests", alias=A, **settings)
    assert connect("other_tests", alias=B, **settings) is client

    disconnect(A)
    assert client.admin.command("ping")["ok"] == 1

    disconnect(B)
    with pytest.raises(InvalidOperation):
        client.admin.command("ping")


def test_an_alias_can_lead_elsewhere_after_a_disconnect(settings: dict[str, Any]) -> None:
    connect("connection_tests", alias=A, **settings)
    disconnect(A)

    connect("other_tests", alias=A, **settings)

    assert get_database(A, call="save").name == "other_tests"


def test_settings_reach_the_client(settings: dict[str, Any]) -> None:
    client = connect(
        "connection_tests",
        alias=A,
        tz_aware=True,
        read_preference=pymongo.ReadPreference.PRIMARY_PREFERRED,
        maxPoolSize=7,
        w=1,
        **settings,
    )
    moments = client["connection_tests"]["moments"]
    moment = datetime(2010, 5, 5, tzinfo=UTC)
    moments.drop()
    moments.insert_one({"at": moment})

    found = moments.find_one()

    assert found is not None
    assert found["at"] == moment
    assert client.read_preference == pymongo.ReadPreference.PRIMARY_PREFERRED
    assert client.options.pool_options.max_pool_size == 7
    assert client.write_concern.document == {"w": 1}
    moments.drop()


def test_credentials_are_used_although_the_uri_has_none(settings: dict[str, Any]) -> None:
    client = connect("connection_tests", alias=A, username="nobody", password="x", **settings)

    with pytest.raises(OperationFailure, match="Authentication failed"):
        client.admin.command("ping")


def test_matching_documents_are_counted(collection: Any) -> None:
    assert count_documents(collection, {}) == 5
    assert count_documents(collection, None) == 5
    assert count_documents(collection, {"n": {"$gt": 2}}) == 2
    assert count_documents(collection, {}, skip=2) == 3
    assert count_documents(collection, {}, limit=2) == 2
    assert count_documents(collection, {}, limit=0) == 0
    assert count_documents(collection, {}, hint="_id_") == 5
    assert count_documents(collection, {}, collation={"locale": "en"}) == 5


def test_documents_are_counted_inside_the_current_transaction(collection: Any) -> None:
    with collection.database.client.start_session() as session:
        session.start_transaction()
        _set_session(session)
        try:
            collection.insert_one({"n": 5}, session=session)
            inside = count_documents(collection, {})
        finally:
            _clear_session()
        outside = count_documents(collection, {"n": {"$gte": 0}})
        session.abort_transaction()

    assert (inside, outside) == (6, 5)


def test_the_servers_own_collections_are_listed_on_request(collection: Any) -> None:
    database = collection.database
    database.create_collection("odd", viewOn="numbers", pipeline=[])

    assert sorted(list_collection_names(database)) == ["numbers", "odd"]
    everything = list_collection_names(database, include_system_collections=True)
    assert sorted(everything) == ["numbers", "odd", "system.views"]


def test_the_version_of_the_server_is_two_numbers(settings: dict[str, Any]) -> None:
    client = connect("connection_tests", alias=A, **settings)

    major, minor = get_mongodb_version(A)

    assert client.server_info()["version"].startswith(f"{major}.{minor}.")
