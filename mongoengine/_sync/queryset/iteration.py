# Generated from mongoengine/_async/queryset/iteration.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Iterating over a queryset, batch by batch, with and without a cache.

A loop that ends before the results do, for whatever reason, closes its cursor on the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic

from mongoengine.base.type_variables import D_co
from mongoengine.queryset.results import shared, unseen
from mongoengine.state.cursors import iteration_lock, take

__all__ = ("SyncCachedIteration", "SyncPlainIteration")


class SyncCachedIteration(Generic[D_co]):
    """Keeps the results, so that every further iteration costs nothing."""

    __slots__ = ()

    def __iter__(self: Any) -> Iterator[D_co]:
        result: Iterator[D_co] = self._iter_results()
        return result

    def _iter_results(self: Any) -> Iterator[D_co]:
        """Yield the results kept so far, then fetch more until there are none."""
        position, loop, loops = 0, object(), shared(self, "_loops", set)
        loops.add(loop)
        try:
            while True:
                cache = self._results()
                while position < len(cache):
                    yield cache[position]
                    position += 1
                if not self._has_more:
                    return
                self._populate_cache_beyond(position)
        finally:
            loops.discard(loop)
            self._leave(loops)

    def _populate_cache_beyond(self: Any, position: int) -> None:
        """Fetch more results, unless another iterator has done so meanwhile."""
        with shared(self, "_lock", iteration_lock):
            if self._has_more and position >= len(self._results()):
                self._populate_cache()

    def _populate_cache(self: Any) -> None:
        """Fetch one chunk of results into the cache."""
        if self._finds_nothing():
            self._has_more = False
            return
        if self._cursor_obj is None:
            self._cursor_obj = self._open_cursor("__iter__")
        cursor, size = self._cursor_obj, self._chunk_size()
        try:
            batch = take(cursor, size, one_batch=self._fits_one_batch())
            new = unseen(batch, self._seen, self._room())
            self._results().extend(self._results_of(new))
        except BaseException:
            # The driver has killed the cursor, or a batch is lost: whoever iterates on
            # asks anew, rather than take the end of this cursor for the end of the results.
            self._drop_cursor()
            raise
        self._has_more = len(batch) == size and cursor.alive

    def _leave(self: Any, loops: set[object]) -> None:
        """Close the cursor when the last loop has ended."""
        if loops or self._cursor_obj is None:
            return
        with shared(self, "_lock", iteration_lock):
            # Another loop may have begun meanwhile, in a thread.
            if not loops and self._cursor_obj is not None:
                self._drop_cursor()

    def _drop_cursor(self: Any) -> None:
        """Close the cursor; more results are to be asked for by another one."""
        cursor, self._cursor_obj = self._cursor_obj, None
        try:
            self._part_with_cursor()
        finally:
            cursor.close()

    def to_list(self: Any) -> list[D_co]:
        """Return all results as a list, and keep them."""
        with shared(self, "_lock", iteration_lock):
            if self._has_more and not self._results() and self._cursor_obj is None:
                self._results().extend(self._fetch("to_list"))
                self._has_more = False
        if self._has_more:
            return [result for result in self._iter_results()]
        return list(self._results())

    def count(self: Any, with_limit_and_skip: bool = False) -> int:
        """Count the results (see `BaseQuerySet.count`); within the window, only once."""
        if not with_limit_and_skip:
            result: int = super().count(with_limit_and_skip)  # type: ignore[misc]
            return result
        if self._len is None:
            self._len = super().count(with_limit_and_skip)  # type: ignore[misc]
        result = self._len
        return result


class SyncPlainIteration(Generic[D_co]):
    """Asks the server anew for every iteration."""

    __slots__ = ()

    def __iter__(self: Any) -> Iterator[D_co]:
        result: Iterator[D_co] = self._stream()
        return result

    def _stream(self: Any) -> Iterator[D_co]:
        """Yield the results of a cursor of its own."""
        if self._finds_nothing():
            return
        cursor = self._open_cursor("__iter__")
        loop, loops = object(), shared(self, "_loops", set)
        loops.add(loop)
        try:
            one_batch = self._fits_one_batch()
            while batch := take(cursor, self._chunk_size(), one_batch=one_batch):
                for result in self._results_of(batch):
                    yield result
        finally:
            loops.discard(loop)
            cursor.close()
