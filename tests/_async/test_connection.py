"""Connections to a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pymongo
import pytest
import pytest_asyncio
from pymongo.errors import InvalidOperation, OperationFailure

from mongoengine._async.commands import (
    async_count_documents,
    async_get_mongodb_version,
    async_list_collection_names,
)
from mongoengine.connection import (
    ConnectionFailure,
    _clear_session,
    _set_session,
    connect_async,
    disconnect_async,
    register_connection,
)
from mongoengine.state.clients import (
    async_get_client,
    async_get_database,
    async_opened_aliases,
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


@pytest_asyncio.fixture(autouse=True)
async def closed_afterwards() -> AsyncIterator[None]:
    yield
    for alias in ALIASES:
        await disconnect_async(alias)


@pytest_asyncio.fixture
async def collection(settings: dict[str, Any]) -> AsyncIterator[Any]:
    client = await connect_async("connection_tests", alias=A, **settings)
    await client.drop_database("connection_tests")
    await client["connection_tests"]["numbers"].insert_many([{"n": n} for n in range(5)])
    yield client["connection_tests"]["numbers"]
    await client.drop_database("connection_tests")


async def test_a_client_reaches_the_server(settings: dict[str, Any]) -> None:
    client = await connect_async("connection_tests", alias=A, **settings)

    assert (await client.admin.command("ping"))["ok"] == 1
    assert A in await async_opened_aliases()
    assert await async_get_client(A, call="async_save") is client


async def test_a_registered_alias_is_opened_by_its_first_use(settings: dict[str, Any]) -> None:
    register_connection(A, "connection_tests", **settings)
    assert A not in await async_opened_aliases()

    database = await async_get_database(A, call="async_save")

    assert database.name == "connection_tests"
    assert (await database.command("ping"))["ok"] == 1
    assert A in await async_opened_aliases()


async def test_a_disconnected_client_cannot_be_used(settings: dict[str, Any]) -> None:
    client = await connect_async("connection_tests", alias=A, **settings)
    await client.admin.command("ping")

    await disconnect_async(A)

    with pytest.raises(InvalidOperation):
        await client.admin.command("ping")
    with pytest.raises(ConnectionFailure):
        await async_get_client(A, call="async_save")


async def test_a_shared_client_works_until_its_last_alias_is_closed(
    settings: dict[str, Any],
) -> None:
    client = await connect_async("connection_tests", alias=A, **settings)
    assert await connect_async("other_tests", alias=B, **settings) is client

    await disconnect_async(A)
    assert (await client.admin.command("ping"))["ok"] == 1

    await disconnect_async(B)
    with pytest.raises(InvalidOperation):
        await client.admin.command("ping")


async def test_an_alias_can_lead_elsewhere_after_a_disconnect(settings: dict[str, Any]) -> None:
    await connect_async("connection_tests", alias=A, **settings)
    await disconnect_async(A)

    await connect_async("other_tests", alias=A, **settings)

    assert (await async_get_database(A, call="async_save")).name == "other_tests"


async def test_settings_reach_the_client(settings: dict[str, Any]) -> None:
    client = await connect_async(
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
    await moments.drop()
    await moments.insert_one({"at": moment})

    found = await moments.find_one()

    assert found is not None
    assert found["at"] == moment
    assert client.read_preference == pymongo.ReadPreference.PRIMARY_PREFERRED
    assert client.options.pool_options.max_pool_size == 7
    assert client.write_concern.document == {"w": 1}
    await moments.drop()


async def test_credentials_are_used_although_the_uri_has_none(settings: dict[str, Any]) -> None:
    client = await connect_async(
        "connection_tests", alias=A, username="nobody", password="x", **settings
    )

    with pytest.raises(OperationFailure, match="Authentication failed"):
        await client.admin.command("ping")


async def test_matching_documents_are_counted(collection: Any) -> None:
    assert await async_count_documents(collection, {}) == 5
    assert await async_count_documents(collection, None) == 5
    assert await async_count_documents(collection, {"n": {"$gt": 2}}) == 2
    assert await async_count_documents(collection, {}, skip=2) == 3
    assert await async_count_documents(collection, {}, limit=2) == 2
    assert await async_count_documents(collection, {}, limit=0) == 0
    assert await async_count_documents(collection, {}, hint="_id_") == 5
    assert await async_count_documents(collection, {}, collation={"locale": "en"}) == 5


async def test_documents_are_counted_inside_the_current_transaction(collection: Any) -> None:
    async with collection.database.client.start_session() as session:
        await session.start_transaction()
        _set_session(session)
        try:
            await collection.insert_one({"n": 5}, session=session)
            inside = await async_count_documents(collection, {})
        finally:
            _clear_session()
        outside = await async_count_documents(collection, {"n": {"$gte": 0}})
        await session.abort_transaction()

    assert (inside, outside) == (6, 5)


async def test_the_servers_own_collections_are_listed_on_request(collection: Any) -> None:
    database = collection.database
    await database.create_collection("odd", viewOn="numbers", pipeline=[])

    assert sorted(await async_list_collection_names(database)) == ["numbers", "odd"]
    everything = await async_list_collection_names(database, include_system_collections=True)
    assert sorted(everything) == ["numbers", "odd", "system.views"]


async def test_the_version_of_the_server_is_two_numbers(settings: dict[str, Any]) -> None:
    client = await connect_async("connection_tests", alias=A, **settings)

    major, minor = await async_get_mongodb_version(A)

    assert (await client.server_info())["version"].startswith(f"{major}.{minor}.")
