"""Connections: opening, closing and finding them, sync or async.

Facade: the work is done in ``mongoengine.state`` and the twins. The dicts ``_connections``,
``_dbs`` and ``_connection_settings`` are the very ones in use; they may be edited, and others
may be put in their place.
"""

# Private names that third parties know.
# pyright: reportUnusedFunction=false

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.database import Database

from mongoengine._async.connection import connect_async, disconnect_all_async, disconnect_async
from mongoengine._reexports import reexports_of
from mongoengine._sync.connection import connect, disconnect, disconnect_all
from mongoengine.state import clients, context, registry
from mongoengine.state import settings as _settings
from mongoengine.state.guard import forbid_sync_in_running_loop
from mongoengine.state.registry import ConnectionType
from mongoengine.state.settings import (
    DEFAULT_CONNECTION_NAME,
    DEFAULT_DATABASE_NAME,
    READ_PREFERENCE,
    ConnectionFailure,
)

__all__ = [
    "DEFAULT_CONNECTION_NAME",
    "DEFAULT_DATABASE_NAME",
    "ConnectionFailure",
    "ConnectionType",
    "connect",
    "connect_async",
    "disconnect",
    "disconnect_all",
    "disconnect_all_async",
    "disconnect_async",
    "forbid_sync_in_running_loop",
    "get_async_connection",
    "get_async_db",
    "get_connection",
    "get_connection_type",
    "get_db",
    "is_async_connection",
    "register_connection",
]

# Users meet it here.
ConnectionType.__module__ = __name__

DEFAULT_HOST = _settings.DEFAULT_HOST
DEFAULT_PORT = _settings.DEFAULT_PORT

# Names third parties use, and upstream's tests.
_check_db_name = _settings.check_db_name
_get_connection_settings = _settings.build_settings
_LocalSessions = context.LocalSessions
_local_sessions = context.local_sessions
_get_session = context.current_session

_connections = registry.books.connections
_dbs = registry.books.dbs
_connection_settings = registry.books.settings


def register_connection(
    alias: str,
    db: str | None = None,
    name: str | None = None,
    host: str | list[str] | None = None,
    port: int | None = None,
    read_preference: Any = READ_PREFERENCE,
    username: str | None = None,
    password: str | None = None,
    authentication_source: str | None = None,
    authentication_mechanism: str | None = None,
    authmechanismproperties: Any = None,
    **kwargs: Any,
) -> None:
    """Store the settings of a connection without opening it.

    The first use of the alias opens it, in the colour of that use.

    Args:
        alias: The name documents know the connection by, in ``meta["db_alias"]``.
        db: The name of the database; ``name`` has precedence, the one in a URI before both.
        name: The same.
        host: A host, ``host:port`` or URI, or a list of them.
        port: The port of hosts that name none.
        read_preference: A read preference of the driver; one in a URI has precedence.
        username: To authenticate with, unless a URI has one.
        password: To authenticate with, unless a URI has one.
        authentication_source: The database that knows the user.
        authentication_mechanism: How to authenticate.
        authmechanismproperties: What that mechanism needs.
        **kwargs: Any option of the driver's client; and the classes to make clients of,
            ``mongo_client_class`` in place of ``pymongo.MongoClient`` and
            ``async_mongo_client_class`` in place of ``pymongo.AsyncMongoClient``.

    Raises:
        TypeError: The name of the database is not a string.
        pymongo.errors.InvalidName: It has characters the server does not allow.
    """
    settings = _get_connection_settings(
        db=db,
        name=name,
        host=host,
        port=port,
        read_preference=read_preference,
        username=username,
        password=password,
        authentication_source=authentication_source,
        authentication_mechanism=authentication_mechanism,
        authmechanismproperties=authmechanismproperties,
        **kwargs,
    )
    registry.register(alias, settings)


def get_connection(
    alias: str = DEFAULT_CONNECTION_NAME, reconnect: bool = False
) -> MongoClient[dict[str, Any]] | AsyncMongoClient[dict[str, Any]]:
    """Return the client of ``alias``: the sync one, or the async one if it is open only so.

    Args:
        alias: The alias; if it is merely registered, it is opened for sync calls now.
        reconnect: Close the sync client first and open it again with the same settings.

    Raises:
        ConnectionFailure: The alias is not defined, or its client cannot be made.
        RuntimeError: It is open for async calls only and no event loop is running.
    """
    if reconnect:
        settings = registry.settings_of(alias)
        disconnect(alias)
        return clients.open_client(alias, settings)
    if registry.colours(alias) is ConnectionType.ASYNC:
        return clients.client_in_running_loop(alias, "get_connection")
    return clients.get_client(alias, "get_connection")


def get_db(
    alias: str = DEFAULT_CONNECTION_NAME, reconnect: bool = False
) -> Database[dict[str, Any]] | AsyncDatabase[dict[str, Any]]:
    """Return the database of ``alias``; arguments and errors are those of ``get_connection``."""
    if reconnect:
        get_connection(alias, reconnect=True)
    if registry.colours(alias) is ConnectionType.ASYNC:
        return clients.database_in_running_loop(alias, "get_db")
    return clients.get_database(alias, "get_db")


def get_async_connection(
    alias: str = DEFAULT_CONNECTION_NAME,
) -> AsyncMongoClient[dict[str, Any]]:
    """Return the async client of ``alias`` in the running event loop, made if it has none yet.

    Raises:
        ConnectionFailure: The alias is not defined, or its client cannot be made.
        RuntimeError: It is open for sync calls only, or no event loop is running.
    """
    return clients.client_in_running_loop(alias, "get_async_connection")


def get_async_db(alias: str = DEFAULT_CONNECTION_NAME) -> AsyncDatabase[dict[str, Any]]:
    """Return the async database of ``alias``; the errors are those of ``get_async_connection``."""
    return clients.database_in_running_loop(alias, "get_async_db")


def get_connection_type(alias: str = DEFAULT_CONNECTION_NAME) -> ConnectionType:
    """Return the colours ``alias`` is open in; ``ConnectionType.NONE`` until it is opened."""
    return registry.colours(alias)


def is_async_connection(alias: str = DEFAULT_CONNECTION_NAME) -> bool:
    """Whether ``alias`` is open for async calls, be it for sync ones too or not."""
    return ConnectionType.ASYNC in registry.colours(alias)


_get_connection = get_connection
_get_db = get_db


def _create_connection(
    alias: str, mongo_client_class: Callable[..., Any], **connection_settings: Any
) -> Any:
    """Make a client of a class, reporting whatever that raises as a ConnectionFailure."""
    return registry.create_client(alias, mongo_client_class, connection_settings)


def _find_existing_connection(connection_settings: dict[str, Any]) -> Any:
    """Return the sync client of an alias with these settings, or None."""
    return registry.find_shared(registry.books.connections, connection_settings)


def _set_session(session: Any) -> None:
    """Make ``session`` the one operations of this task or thread carry."""
    _local_sessions.append(session)


def _clear_session() -> None:
    """Go back to the session before."""
    _local_sessions.clear_current()


_BOOKS = {"_connections": "connections", "_dbs": "dbs", "_connection_settings": "settings"}


class _ConnectionModule(ModuleType):
    """This module, with assignments to the three dicts passed on to the floor that uses them."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name in _BOOKS:
            registry.replace_book(_BOOKS[name], value)


sys.modules[__name__].__class__ = _ConnectionModule


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
