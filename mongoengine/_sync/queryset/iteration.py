# Generated from mongoengine/_async/queryset/iteration.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Iterating over a queryset, batch by batch, with and without a cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ("SyncCachedIteration", "SyncPlainIteration")

#: Documents that are made of the driver's data in one go.
CHUNK_SIZE = 100


class SyncCachedIteration:
    """Keeps the results, so that every further iteration costs nothing."""

    __slots__ = ()

    def __iter__(self: Any) -> Iterator[Any]:
        return self._iter_results()  # type: ignore[no-any-return]

    def _iter_results(self: Any) -> Iterator[Any]:
        """Yield the results kept so far, then fetch more until there are none."""
        position = 0
        while True:
            cache = self._results()
            while position < len(cache):
                yield cache[position]
                position += 1
            if not self._has_more:
                return
            self._populate_cache()

    def _populate_cache(self: Any) -> None:
        """Fetch one chunk of results into the cache."""
        if self._finds_nothing():
            self._has_more = False
            return
        if self._cursor_obj is None:
            self._cursor_obj = self._open_cursor("__iter__")
        batch = self._cursor_obj.to_list(CHUNK_SIZE)
        self._results().extend(self._hydrate(batch))
        self._has_more = len(batch) == CHUNK_SIZE and self._cursor_obj.alive

    def to_list(self: Any) -> list[Any]:
        """Return all results as a list, and keep them."""
        if not self._results() and self._has_more and self._cursor_obj is None:
            self._results().extend(self._fetch("to_list"))
            self._has_more = False
        while self._has_more:
            self._populate_cache()
        return list(self._results())

    def count(self: Any, with_limit_and_skip: bool = False) -> int:
        """Count the results (see `BaseQuerySet.count`); within the window, only once."""
        if not with_limit_and_skip:
            return super().count(with_limit_and_skip)  # type: ignore[misc, no-any-return]
        if self._len is None:
            self._len = super().count(with_limit_and_skip)  # type: ignore[misc]
        return self._len  # type: ignore[no-any-return]


class SyncPlainIteration:
    """Asks the server anew for every iteration."""

    __slots__ = ()

    def __iter__(self: Any) -> Iterator[Any]:
        return self._stream()  # type: ignore[no-any-return]

    def _stream(self: Any) -> Iterator[Any]:
        """Yield the results of a cursor of its own."""
        if self._finds_nothing():
            return
        cursor = self._open_cursor("__iter__")
        try:
            while cursor.alive:
                for result in self._hydrate(cursor.to_list(CHUNK_SIZE)):
                    yield result
        finally:
            cursor.close()
