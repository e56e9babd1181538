"""The pairs through which the twins reach their clients: ``async_x`` and ``x``.

State floor. The two of a pair differ by the colour of the client they answer with, which no
translation can express; so they are written here by hand, and the twins call them by one
name. An alias that is merely registered is opened by its first use, in the colour of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mongoengine.state import guard, loops
from mongoengine.state.naming import spoken
from mongoengine.state.registry import (
    ConnectionType,
    adopt,
    books,
    open_aliases,
    open_async,
    open_sync,
    release_async,
    release_sync,
    require,
    settings_of,
)
from mongoengine.state.settings import Settings

if TYPE_CHECKING:
    from pymongo import AsyncMongoClient, MongoClient
    from pymongo.asynchronous.collection import AsyncCollection
    from pymongo.asynchronous.database import AsyncDatabase
    from pymongo.collection import Collection
    from pymongo.database import Database


# -- clients, databases, collections -----------------------------------------------------


def get_client(alias: str, call: str, instead: str | None = None) -> MongoClient[dict[str, Any]]:
    """Return the sync client of ``alias``, opened now if it is merely registered.

    Args:
        alias: The alias.
        call: The call it is needed for, by the name its user wrote.
        instead: The call of the other colour, where ``x`` / ``async_x`` does not give it.

    Raises:
        ConnectionFailure: The alias is not defined, or its client cannot be made.
        RuntimeError: The alias is open for async calls only; or an event loop is running in
            this thread, and sync calls were forbidden there.
    """
    if guard.refuses_sync:
        guard.check(call, instead)
    client = books.connections.get(alias)
    if client is not None:
        result: MongoClient[dict[str, Any]] = client
        return result
    with books.lock:
        require(ConnectionType.SYNC, alias, call=call, instead=instead)
        result = open_sync(alias, _first_use(call))
        return result


async def async_get_client(
    alias: str, call: str, instead: str | None = None
) -> AsyncMongoClient[dict[str, Any]]:
    """Return the async client ``alias`` has in the running event loop.

    The arguments are those of ``get_client``.

    Raises:
        ConnectionFailure: The alias is not defined, or its client cannot be made.
        RuntimeError: The alias is open for sync calls only.
    """
    return client_in_running_loop(alias, call, instead)


def client_in_running_loop(
    alias: str, call: str, instead: str | None = None
) -> AsyncMongoClient[dict[str, Any]]:
    """Do the work of ``async_get_client``, for callers that are no coroutines.

    Raises:
        ConnectionFailure: The alias is not defined, or its client cannot be made.
        RuntimeError: The alias is open for sync calls only, or no event loop is running.
    """
    client = loops.find(alias)
    if client is not None and alias in books.settings:
        result: AsyncMongoClient[dict[str, Any]] = client
        return result
    with books.lock:
        require(ConnectionType.ASYNC, alias, call=call, instead=instead)
        result = open_async(alias, _first_use(call))
        return result


def get_database(alias: str, call: str, instead: str | None = None) -> Database[dict[str, Any]]:
    """Return the database of ``alias``; arguments and errors are those of ``get_client``."""
    if guard.refuses_sync:
        guard.check(call, instead)
    database = books.dbs.get(alias)
    # A database without a client is a left-over of somebody's clearing the connections.
    if database is None or alias not in books.connections:
        client = get_client(alias, call, instead)
        database = books.dbs[alias] = client[settings_of(alias)["name"]]
    return database


async def async_get_database(
    alias: str, call: str, instead: str | None = None
) -> AsyncDatabase[dict[str, Any]]:
    """Return the database of ``alias``; arguments and errors are those of ``async_get_client``."""
    return database_in_running_loop(alias, call, instead)


def database_in_running_loop(
    alias: str, call: str, instead: str | None = None
) -> AsyncDatabase[dict[str, Any]]:
    """Do the work of ``async_get_database``, for callers that are no coroutines."""
    client = client_in_running_loop(alias, call, instead)
    result: AsyncDatabase[dict[str, Any]] = loops.database(
        alias, client, settings_of(alias)["name"]
    )
    return result


def get_collection(
    alias: str, name: str, call: str, instead: str | None = None
) -> Collection[dict[str, Any]]:
    """Return the collection ``name``; other arguments and errors are those of ``get_client``."""
    return get_database(alias, call, instead)[name]


async def async_get_collection(
    alias: str, name: str, call: str, instead: str | None = None
) -> AsyncCollection[dict[str, Any]]:
    """Return the collection ``name``; the rest is as with ``async_get_client``.

    It belongs to the running event loop and must not be kept.
    """
    return database_in_running_loop(alias, call, instead)[name]


# -- opening and closing -----------------------------------------------------------------


def open_client(alias: str, settings: Settings) -> MongoClient[dict[str, Any]]:
    """Open ``alias`` for sync calls, also if it is open for async ones.

    Raises:
        ConnectionFailure: It is open with other settings, or the client cannot be made.
    """
    with books.lock:
        adopt(alias, settings)
        result: MongoClient[dict[str, Any]] = open_sync(alias, "connect()")
        return result


async def async_open_client(alias: str, settings: Settings) -> AsyncMongoClient[dict[str, Any]]:
    """Open ``alias`` for async calls, also if it is open for sync ones.

    Raises:
        ConnectionFailure: It is open with other settings, or the client cannot be made.
    """
    with books.lock:
        adopt(alias, settings)
        result: AsyncMongoClient[dict[str, Any]] = open_async(alias, "connect_async()")
        return result


def release_client(alias: str, call: str) -> MongoClient[dict[str, Any]] | None:
    """Close the books on ``alias`` for sync calls; return the client to close, if there is one.

    Raises:
        RuntimeError: The alias is open for async calls only.
    """
    with books.lock:
        require(ConnectionType.SYNC, alias, call=call)
        result: MongoClient[dict[str, Any]] | None = release_sync(alias)
        return result


async def async_release_client(alias: str, call: str) -> AsyncMongoClient[dict[str, Any]] | None:
    """Close the books on ``alias`` for async calls; return the client to close, if there is one.

    That is the client of the running event loop; the other loops close theirs.

    Raises:
        RuntimeError: The alias is open for sync calls only.
    """
    with books.lock:
        require(ConnectionType.ASYNC, alias, call=call)
        result: AsyncMongoClient[dict[str, Any]] | None = release_async(alias)
        return result


def opened_aliases() -> list[str]:
    """Return the aliases ``disconnect_all`` closes: those open for sync calls."""
    return open_aliases(ConnectionType.SYNC)


async def async_opened_aliases() -> list[str]:
    """Return the aliases ``disconnect_all_async`` closes: those open for async calls."""
    return open_aliases(ConnectionType.ASYNC)


def _first_use(call: str) -> str:
    return f"its first use, {spoken(call)}"
