"""Driver objects that users hand in: they must be of the colour they are used in."""

from __future__ import annotations

from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

__all__ = ("async_own_collection", "own_collection")


def own_collection(collection: Any, call: str) -> Any:
    """Return a collection given to a queryset, for a call without ``await``.

    Raises:
        RuntimeError: it is an async one.
    """
    if isinstance(collection, AsyncCollection):
        raise RuntimeError(
            f"{call}() cannot run on the AsyncCollection {collection.full_name!r} this queryset "
            f"was made with. Use the async_ call, or a Collection of a sync connection."
        )
    return collection


async def async_own_collection(collection: Any, call: str) -> Any:
    """Return a collection given to a queryset, for an awaited call.

    Raises:
        RuntimeError: it is a sync one.
    """
    if not isinstance(collection, AsyncCollection):
        raise RuntimeError(
            f"{call}() cannot run on the Collection {collection.full_name!r} this queryset was "
            "made with. Use the call without async_, or an AsyncCollection."
        )
    return collection
