# Generated from tests/_async/conftest.py; do not edit.
# To write it again: python tools/generate_sync.py
"""The connection these tests run on, and empty collections for each of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from mongoengine.connection import connect, disconnect
from mongoengine.state.clients import get_database
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


@pytest.fixture(scope="package", autouse=True)
def connection(mongodb_uri: str, command_log: CommandLog) -> Iterator[Any]:
    """The default alias, open in one colour only."""
    # An option of its own keeps other aliases from sharing the client.
    client = connect(
        DATABASE,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="twins",
        event_listeners=[command_log],
    )
    yield client
    client.drop_database(DATABASE)
    disconnect()


@pytest.fixture
def database(connection: Any) -> Any:
    """The driver's database of the default alias."""
    return get_database("default", "tests")


@pytest.fixture(autouse=True)
def empty_collections(connection: Any) -> Iterator[None]:
    """Leave collections and indexes, take the documents away."""
    yield
    database = connection[DATABASE]
    for name in database.list_collection_names():
        if not name.startswith("system."):
            database[name].delete_many({})
