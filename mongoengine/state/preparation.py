"""Which collections have been prepared (created, indexed), once per client.

The first use of a collection prepares it, and uses that come meanwhile wait. Both
colours keep the same book; only the way of waiting differs.
"""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

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


def _close(book: _Book, key: Hashable) -> None:
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
    with _lock:
        lock = book.locks.setdefault(key, threading.RLock())
    with lock:
        needed = key not in book.done
        yield needed
        _close(book, key)


@asynccontextmanager
async def async_preparing(client: Any, key: Hashable) -> AsyncIterator[bool]:
    """Do what `preparing` does, without blocking the event loop."""
    book = _book_of(client)
    lock = book.locks.setdefault(key, asyncio.Lock())
    async with lock:
        needed = key not in book.done
        yield needed
        _close(book, key)
