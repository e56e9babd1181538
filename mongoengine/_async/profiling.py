"""Counting what the server does, by its profiler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from mongoengine.state.clients import async_get_database
from mongoengine.state.waiting import async_to_the_end

if TYPE_CHECKING:
    from pymongo.asynchronous.database import AsyncDatabase

__all__ = ("AsyncQueryCounterIO",)


class AsyncQueryCounterIO:
    """What a query counter does with the server; never in a session, which would count it."""

    __slots__ = ()

    async def __aenter__(self) -> Self:
        await self._async_turn_on_profiling()
        return self

    async def __aexit__(self, t: Any, value: Any, traceback: Any) -> None:
        await async_to_the_end(self._async_resets_profiling)

    async def async_count(self) -> int:
        """Return how many operations the server has done on the database inside the block."""
        return await self._async_get_count()

    async def _async_db(self: Any, call: str) -> AsyncDatabase[dict[str, Any]]:
        return await async_get_database(self.alias, call)

    async def _async_turn_on_profiling(self: Any) -> None:
        """Profile everything from now on, and forget what was profiled before."""
        database = await self._async_db("async_query_counter")
        level = (await database.command({"profile": -1}))["was"]
        if not self._depth:
            self.initial_profiling_level = level
        self._depth += 1
        try:
            await database.command({"profile": 0})
            await database.system.profile.drop()
            await database.command({"profile": 2})
        except BaseException:
            await async_to_the_end(self._async_resets_profiling)
            raise
        self._ctx_query_counter = 0

    async def _async_resets_profiling(self: Any) -> None:
        """Profile as before."""
        self._depth -= 1
        if self._depth:
            return  # a block inside itself
        database = await self._async_db("async_query_counter")
        await database.command({"profile": self.initial_profiling_level})

    async def _async_get_count(self: Any) -> int:
        """Count the profiled operations, without those that counted."""
        profile = (await self._async_db("async_count")).system.profile
        count: int = await profile.count_documents(self._ignored_query) - self._ctx_query_counter
        self._ctx_query_counter += 1
        return count
