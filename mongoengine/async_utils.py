"""Helpers for code that works with async connections directly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mongoengine.state import clients, registry
from mongoengine.state.registry import ConnectionType
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME

if TYPE_CHECKING:
    from pymongo.asynchronous.collection import AsyncCollection

__all__ = ["ensure_async_connection", "ensure_sync_connection", "get_async_collection"]


def ensure_async_connection(alias: str = DEFAULT_CONNECTION_NAME) -> None:
    """Make sure async calls can use ``alias``; one merely registered is not opened by this.

    Raises:
        ConnectionFailure: The alias is not defined.
        RuntimeError: It is open for sync calls only.
    """
    registry.settings_of(alias)
    registry.require(ConnectionType.ASYNC, alias, call="async calls", instead="sync calls")


def ensure_sync_connection(alias: str = DEFAULT_CONNECTION_NAME) -> None:
    """Make sure sync calls can use ``alias``; one merely registered is not opened by this.

    Raises:
        ConnectionFailure: The alias is not defined.
        RuntimeError: It is open for async calls only.
    """
    registry.settings_of(alias)
    registry.require(ConnectionType.SYNC, alias, call="sync calls", instead="async calls")


def get_async_collection(
    collection_name: str, alias: str = DEFAULT_CONNECTION_NAME
) -> AsyncCollection[dict[str, Any]]:
    """Return a collection of the running event loop's client; do not keep it for another loop.

    Raises:
        ConnectionFailure: The alias is not defined, or its client cannot be made.
        RuntimeError: It is open for sync calls only, or no event loop is running.
    """
    database = clients.database_in_running_loop(alias, "get_async_collection", instead="get_db")
    return database[collection_name]
