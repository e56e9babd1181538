"""Iterating over a queryset, batch by batch, with and without a cache."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

__all__ = ("AsyncCachedIteration", "AsyncPlainIteration")

#: Documents that are made of the driver's data in one go.
CHUNK_SIZE = 100


class AsyncCachedIteration:
    """Keeps the results, so that every further iteration costs nothing."""

    __slots__ = ()

    def __aiter__(self: Any) -> AsyncIterator[Any]:
        return self._async_iter_results()  # type: ignore[no-any-return]

    async def _async_iter_results(self: Any) -> AsyncIterator[Any]:
        """Yield the results kept so far, then fetch more until there are none."""
        position = 0
        while True:
            cache = self._results()
            while position < len(cache):
                yield cache[position]
                position += 1
            if not self._has_more:
                return
            await self._async_populate_cache()

    async def _async_populate_cache(self: Any) -> None:
        """Fetch one chunk of results into the cache."""
        if self._finds_nothing():
            self._has_more = False
            return
        if self._cursor_obj is None:
            self._cursor_obj = await self._async_open_cursor("__aiter__")
        batch = await self._cursor_obj.to_list(CHUNK_SIZE)
        self._results().extend(self._hydrate(batch))
        self._has_more = len(batch) == CHUNK_SIZE and self._cursor_obj.alive

    async def async_to_list(self: Any) -> list[Any]:
        """Return all results as a list, and keep them."""
        if not self._results() and self._has_more and self._cursor_obj is None:
            self._results().extend(await self._async_fetch("async_to_list"))
            self._has_more = False
        while self._has_more:
            await self._async_populate_cache()
        return list(self._results())

    async def async_count(self: Any, with_limit_and_skip: bool = False) -> int:
        """Count the results (see `BaseQuerySet.count`); within the window, only once."""
        if not with_limit_and_skip:
            return await super().async_count(with_limit_and_skip)  # type: ignore[misc, no-any-return]
        if self._len is None:
            self._len = await super().async_count(with_limit_and_skip)  # type: ignore[misc]
        return self._len  # type: ignore[no-any-return]


class AsyncPlainIteration:
    """Asks the server anew for every iteration."""

    __slots__ = ()

    def __aiter__(self: Any) -> AsyncIterator[Any]:
        return self._async_stream()  # type: ignore[no-any-return]

    async def _async_stream(self: Any) -> AsyncIterator[Any]:
        """Yield the results of a cursor of its own."""
        if self._finds_nothing():
            return
        cursor = await self._async_open_cursor("__aiter__")
        try:
            while cursor.alive:
                for result in self._hydrate(await cursor.to_list(CHUNK_SIZE)):
                    yield result
        finally:
            await cursor.close()
