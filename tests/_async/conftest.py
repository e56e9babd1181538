"""The connection these tests run on, and empty collections for each of them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from mongoengine.connection import connect_async, disconnect_async
from mongoengine.state.clients import async_get_database
from tests.commands import CommandLog

# One of its own for each run: several may share a server.
DATABASE = f"mongoengine_tests_{os.getpid()}"


@pytest.fixture(scope="package")
def command_log() -> CommandLog:
    """What was sent through the default alias."""
    return CommandLog()


@pytest.fixture
def commands(command_log: CommandLog) -> CommandLog:
    """What was sent since the test began, or since it was last cleared."""
    command_log.clear()
    return command_log


@pytest_asyncio.fixture(scope="package", autouse=True)
async def connection(mongodb_uri: str, command_log: CommandLog) -> AsyncIterator[Any]:
    """The default alias, open in one colour only."""
    # An option of its own keeps other aliases from sharing the client.
    client = await connect_async(
        DATABASE,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="twins",
        event_listeners=[command_log],
    )
    yield client
    await client.drop_database(DATABASE)
    await disconnect_async()


@pytest_asyncio.fixture
async def database(connection: Any) -> Any:
    """The driver's database of the default alias."""
    return await async_get_database("default", "tests")


@pytest_asyncio.fixture(autouse=True)
async def empty_collections(connection: Any) -> AsyncIterator[None]:
    """Leave collections and indexes, take the documents away."""
    yield
    database = connection[DATABASE]
    for name in await database.list_collection_names():
        if not name.startswith("system."):
            await database[name].delete_many({})
