"""Which collections have been prepared (created, indexed), once per client.

The first use of a collection prepares it, and uses that come meanwhile wait. Both
colours keep the same book; only the way of waiting differs. What prepares a collection may
use it, and others, which are then prepared without waiting: two that need each other's
would wait for ever, and doing it twice does no harm.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from mongoengine.state.context import ContextValue

__all__ = ("async_preparing", "forget", "is_prepared", "preparing")


class _Book:
    """What was prepared through one client, and the locks of what is being prepared."""

    __slots__ = ("done", "locks")

    def __init__(self) -> None:
        self.done: set[Hashable] = set()
        self.locks: dict[Hashable, Any] = {}


# By identity: clients of the same cluster are equal to each other.
_books: dict[int, _Book] = {}
_lock = threading.Lock()


class _Preparation:
    """One that goes on: tasks started in it are part of it until it is over."""

    __slots__ = ("book", "key", "over")

    def __init__(self, book: _Book, key: Hashable) -> None:
        self.book = book
        self.key = key
        self.over = False


_entered: ContextValue[tuple[_Preparation, ...]] = ContextValue("mongoengine_preparing", ())


def _ongoing() -> tuple[_Preparation, ...]:
    """Return what this task or thread is preparing just now."""
    return tuple(preparation for preparation in _entered.get() if not preparation.over)


def _book_of(client: Any) -> _Book:
    number = id(client)
    book = _books.get(number)
    if book is None:
        with _lock:
            book = _books.setdefault(number, _Book())
            weakref.finalize(client, _books.pop, number, None)
    return book


def is_prepared(client: Any, key: Hashable) -> bool:
    """Tell whether a collection has been prepared through this client."""
    book = _books.get(id(client))
    return book is not None and key in book.done


def forget(collection: str) -> None:
    """Forget that a collection was prepared, for every class and client: it is being dropped.

    A collection of that name in another deployment is prepared once more, which does no harm.

    Args:
        collection: full name of the collection.
    """
    with _lock:
        for book in _books.values():
            gone = [key for key in book.done if key[0] == collection]  # type: ignore[index]
            book.done.difference_update(gone)


@contextmanager
def _entering(book: _Book, key: Hashable) -> Iterator[bool]:
    """Prepare a collection, unless that is done or this very task is doing it."""
    ongoing = _ongoing()
    if key in book.done or any((one.book, one.key) == (book, key) for one in ongoing):
        yield False
        return
    preparation = _Preparation(book, key)
    try:
        with _entered.to((*ongoing, preparation)):
            yield True
    finally:
        preparation.over = True
    with _lock:
        book.done.add(key)
        book.locks.pop(key, None)


@contextmanager
def preparing(client: Any, key: Hashable) -> Iterator[bool]:
    """Enter the preparation of a collection, alone.

    Yields:
        True if it has to be done here; it counts as done when the block ends well.
    """
    book = _book_of(client)
    if _ongoing():
        with _entering(book, key) as needed:
            yield needed
        return
    with _lock:
        lock = book.locks.setdefault(key, threading.Lock())
    with lock, _entering(book, key) as needed:
        yield needed


@asynccontextmanager
async def async_preparing(client: Any, key: Hashable) -> AsyncIterator[bool]:
    """Do what `preparing` does, without blocking the event loop."""
    book = _book_of(client)
    if _ongoing():
        with _entering(book, key) as needed:
            yield needed
        return
    lock = book.locks.setdefault(key, asyncio.Lock())
    async with lock:
        with _entering(book, key) as needed:
            yield needed
