"""Cursors of both colours: what the twins do with them by one name.

State floor. An async driver makes a cursor of an aggregation by a command, so it has to be
awaited; and a sync cursor need not be the driver's own (other clients may stand in for it).
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any

from mongoengine.state.transactions import using_cursor
from mongoengine.state.waiting import async_answered

if TYPE_CHECKING:
    from pymongo.asynchronous.command_cursor import AsyncCommandCursor
    from pymongo.command_cursor import CommandCursor

__all__ = (
    "PendingCursor",
    "async_iteration_lock",
    "async_pending_cursor",
    "async_take",
    "iteration_lock",
    "pending_cursor",
    "take",
)


class PendingCursor:
    """A cursor not opened yet: await it to get it, or iterate over it with ``async for``.

    Args:
        opening: opens the cursor.
    """

    __slots__ = ("_opening",)

    def __init__(self, opening: Awaitable[AsyncCommandCursor[dict[str, Any]]]) -> None:
        self._opening = opening

    def __await__(self) -> Generator[Any, None, AsyncCommandCursor[dict[str, Any]]]:
        return self._opening.__await__()

    async def __aiter__(self) -> AsyncIterator[dict[str, Any]]:
        """Open the cursor, yield what it gives and close it, at the end or before."""
        cursor = await self._opening
        try:
            async for item in cursor:
                yield item
        finally:
            await cursor.close()


if TYPE_CHECKING:
    # What an aggregation gives, by the names of the twins.
    AsyncPipelineResults = PendingCursor
    SyncPipelineResults = CommandCursor[dict[str, Any]]


def async_pending_cursor(opening: Callable[..., Awaitable[Any]], *args: Any) -> PendingCursor:
    """Return what gives the cursor when awaited or iterated over."""
    return PendingCursor(opening(*args))


def pending_cursor(opening: Callable[..., Any], *args: Any) -> Any:
    """Return the cursor, opened."""
    return opening(*args)


async def async_take(
    cursor: Any, number: int | None = None, *, one_batch: bool = False
) -> list[dict[str, Any]]:
    """Return the next results of a cursor.

    Args:
        cursor: the driver's.
        number: how many; all that are left when None.
        one_batch: the first batch holds all results, so the server keeps no cursor.
    """
    batch: list[dict[str, Any]]
    with using_cursor(cursor):
        if one_batch or cursor.cursor_id is not None:
            batch = await cursor.to_list(number)
        else:
            # A cursor whose number was in a lost answer would stay open for minutes.
            batch = await async_answered(cursor.to_list, number)
    return batch


def take(
    cursor: Any, number: int | None = None, *, one_batch: bool = False
) -> list[dict[str, Any]]:
    """Return the next results of a cursor; the arguments are those of `async_take`."""
    to_list = getattr(cursor, "to_list", None)
    if to_list is None:
        # Clients that stand in for the driver's give cursors without it.
        return list(itertools.islice(cursor, number))
    with using_cursor(cursor):
        batch: list[dict[str, Any]] = to_list(number)
    return batch


def async_iteration_lock() -> asyncio.Lock:
    """Return a lock for tasks that read one cursor."""
    return asyncio.Lock()


def iteration_lock() -> threading.RLock:
    """Return a lock for threads that read one cursor; loading a document may iterate again."""
    return threading.RLock()
