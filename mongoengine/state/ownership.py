"""Driver objects that users hand in: they must be of the colour they are used in."""

from __future__ import annotations

from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.collection import Collection
from pymongo.database import Database

from mongoengine.state import guard
from mongoengine.state.naming import counterpart, spoken

__all__ = (
    "async_own_collection",
    "async_remember_collection",
    "async_require_own",
    "is_asynchronous",
    "own_collection",
    "remember_collection",
    "require_own",
)


def own_collection(collection: Any, call: str) -> Any:
    """Return a collection given to a queryset, for a call without ``await``.

    Raises:
        RuntimeError: it is an async one; or an event loop is running in this thread, and
            sync calls were forbidden there.
    """
    if guard.refuses_sync:
        guard.check(call)
    if isinstance(collection, AsyncCollection):
        raise RuntimeError(
            f"{spoken(call)} cannot run on the AsyncCollection {collection.full_name!r} this "
            "queryset was made with. Use the async_ call, or a Collection of a sync connection."
        )
    return collection


async def async_own_collection(collection: Any, call: str) -> Any:
    """Return a collection given to a queryset, for an awaited call.

    Raises:
        RuntimeError: it is a sync one.
    """
    if not isinstance(collection, AsyncCollection):
        raise RuntimeError(
            f"{spoken(call)} cannot run on the Collection {collection.full_name!r} this "
            "queryset was made with. Use the call without async_, or an AsyncCollection."
        )
    return collection


def require_own(target: Any, call: str) -> None:
    """Refuse a collection or database of async connections, for a call without ``await``.

    Raises:
        RuntimeError: it is one; or an event loop is running in this thread, and sync calls
            were forbidden there.
    """
    if guard.refuses_sync:
        guard.check(call)
    if isinstance(target, (AsyncCollection, AsyncDatabase)):
        raise RuntimeError(_refusal(target, call, "async"))


async def async_require_own(target: Any, call: str) -> None:
    """Refuse a collection or database of sync connections, for an awaited call.

    Raises:
        RuntimeError: it is one.
    """
    if isinstance(target, (Collection, Database)):
        raise RuntimeError(_refusal(target, call, "sync"))


def _refusal(target: Any, call: str, colour: str) -> str:
    # Asking a database for another attribute would give a collection of that name.
    return (
        f"Use {spoken(counterpart(call))} with {colour} connection: {target.name!r} is of the "
        f"class {type(target).__name__}, so {spoken(call)} cannot run."
    )


def is_asynchronous(collection: Any) -> bool:
    """Tell whether a collection is one whose calls are awaited."""
    return isinstance(collection, AsyncCollection)


def remember_collection(cls: Any, collection: Any) -> None:
    """Show on a class which collection its documents were last found in.

    Only third parties read it; the next call looks the collection up again.
    """
    cls._collection = collection


async def async_remember_collection(cls: Any, collection: Any) -> None:
    """Show nothing: the collection belongs to the running event loop, the class does not."""
