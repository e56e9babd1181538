# Generated from mongoengine/_async/profiling.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Counting what the server does, by its profiler."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from mongoengine.state.clients import get_database
from mongoengine.state.waiting import to_the_end

if TYPE_CHECKING:
    from pymongo.synchronous.database import Database

__all__ = ("SyncQueryCounterIO",)


class SyncQueryCounterIO:
    """What a query counter does with the server; never in a session, which would count it."""

    __slots__ = ()

    def __enter__(self) -> Self:
        self._turn_on_profiling()
        return self

    def __exit__(self, t: Any, value: Any, traceback: Any) -> None:
        to_the_end(self._resets_profiling)

    def count(self) -> int:
        """Return how many operations the server has done on the database inside the block."""
        return self._get_count()

    def _db(self: Any, call: str) -> Database[dict[str, Any]]:
        return get_database(self.alias, call)

    def _turn_on_profiling(self: Any) -> None:
        """Profile everything from now on, and forget what was profiled before."""
        database = self._db("query_counter")
        level = database.command({"profile": -1})["was"]
        if not self._depth:
            self.initial_profiling_level = level
        self._depth += 1
        try:
            database.command({"profile": 0})
            database.system.profile.drop()
            database.command({"profile": 2})
        except BaseException:
            to_the_end(self._resets_profiling)
            raise
        self._ctx_query_counter = 0

    def _resets_profiling(self: Any) -> None:
        """Profile as before."""
        self._depth -= 1
        if self._depth:
            return  # a block inside itself
        database = self._db("query_counter")
        database.command({"profile": self.initial_profiling_level})

    def _get_count(self: Any) -> int:
        """Count the profiled operations, without those that counted."""
        profile = self._db("count").system.profile
        count: int = profile.count_documents(self._ignored_query) - self._ctx_query_counter
        self._ctx_query_counter += 1
        return count
