"""Iterating over a queryset, batch by batch, with and without a cache.

A loop that ends before the results do, for whatever reason, closes its cursor on the server.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Generic

from mongoengine.base.type_variables import D_co
from mongoengine.queryset.results import shared, unseen
from mongoengine.state.cursors import async_iteration_lock, async_take

__all__ = ("AsyncCachedIteration", "AsyncPlainIteration")


class AsyncCachedIteration(Generic[D_co]):
    """Keeps the results, so that every further iteration costs nothing."""

    __slots__ = ()

    def __aiter__(self: Any) -> AsyncIterator[D_co]:
        result: AsyncIterator[D_co] = self._async_iter_results()
        return result

    async def _async_iter_results(self: Any) -> AsyncIterator[D_co]:
        """Yield the results kept so far, then fetch more until there are none."""
        position, loop, loops = 0, object(), shared(self, "_async_loops", set)
        loops.add(loop)
        try:
            while True:
                cache = self._results()
                while position < len(cache):
                    yield cache[position]
                    position += 1
                if not self._has_more:
                    return
                await self._async_populate_cache_beyond(position)
        finally:
            loops.discard(loop)
            await self._async_leave(loops)

    async def _async_populate_cache_beyond(self: Any, position: int) -> None:
        """Fetch more results, unless another iterator has done so meanwhile."""
        async with shared(self, "_async_lock", async_iteration_lock):
            if self._has_more and position >= len(self._results()):
                await self._async_populate_cache()

    async def _async_populate_cache(self: Any) -> None:
        """Fetch one chunk of results into the cache."""
        if self._finds_nothing():
            self._has_more = False
            return
        if self._async_cursor_obj is None:
            self._async_cursor_obj = await self._async_open_cursor("__aiter__")
        cursor, size = self._async_cursor_obj, self._chunk_size()
        try:
            batch = await async_take(cursor, size, one_batch=self._fits_one_batch())
            new = unseen(batch, self._seen, self._room())
            self._results().extend(await self._async_results_of(new))
        except BaseException:
            # The driver has killed the cursor, or a batch is lost: whoever iterates on
            # asks anew, rather than take the end of this cursor for the end of the results.
            await self._async_drop_cursor()
            raise
        self._has_more = len(batch) == size and cursor.alive

    async def _async_leave(self: Any, loops: set[object]) -> None:
        """Close the cursor when the last loop has ended."""
        if loops or self._async_cursor_obj is None:
            return
        async with shared(self, "_async_lock", async_iteration_lock):
            # Another loop may have begun meanwhile, in a thread.
            if not loops and self._async_cursor_obj is not None:
                await self._async_drop_cursor()

    async def _async_drop_cursor(self: Any) -> None:
        """Close the cursor; more results are to be asked for by another one."""
        cursor, self._async_cursor_obj = self._async_cursor_obj, None
        try:
            self._part_with_cursor()
        finally:
            await cursor.close()

    async def async_to_list(self: Any) -> list[D_co]:
        """Return all results as a list, and keep them."""
        async with shared(self, "_async_lock", async_iteration_lock):
            if self._has_more and not self._results() and self._async_cursor_obj is None:
                self._results().extend(await self._async_fetch("async_to_list"))
                self._has_more = False
        if self._has_more:
            return [result async for result in self._async_iter_results()]
        return list(self._results())

    async def async_count(self: Any, with_limit_and_skip: bool = False) -> int:
        """Count the results (see `BaseQuerySet.count`); within the window, only once."""
        if not with_limit_and_skip:
            result: int = await super().async_count(with_limit_and_skip)  # type: ignore[misc]
            return result
        if self._len is None:
            self._len = await super().async_count(with_limit_and_skip)  # type: ignore[misc]
        result = self._len
        return result


class AsyncPlainIteration(Generic[D_co]):
    """Asks the server anew for every iteration."""

    __slots__ = ()

    def __aiter__(self: Any) -> AsyncIterator[D_co]:
        result: AsyncIterator[D_co] = self._async_stream()
        return result

    async def _async_stream(self: Any) -> AsyncIterator[D_co]:
        """Yield the results of a cursor of its own."""
        if self._finds_nothing():
            return
        cursor = await self._async_open_cursor("__aiter__")
        loop, loops = object(), shared(self, "_async_loops", set)
        loops.add(loop)
        try:
            one_batch = self._fits_one_batch()
            while batch := await async_take(cursor, self._chunk_size(), one_batch=one_batch):
                for result in await self._async_results_of(batch):
                    yield result
        finally:
            loops.discard(loop)
            await cursor.close()
