"""`QuerySet`, which keeps its results, and `QuerySetNoCache`, which does not."""

from __future__ import annotations

from typing import Any

from mongoengine._async.queryset import AsyncCachedIteration, AsyncPlainIteration
from mongoengine._sync.queryset import SyncCachedIteration, SyncPlainIteration
from mongoengine.base.delete_rules import CASCADE, DENY, DO_NOTHING, NULLIFY, PULL
from mongoengine.errors import OperationError
from mongoengine.queryset.base import REPR_OUTPUT_SIZE, BaseQuerySet, shown
from mongoengine.queryset.results import keys_of_results
from mongoengine.queryset.variants import CHUNK_SIZE as ITER_CHUNK_SIZE  # noqa: F401 - upstream's name

__all__ = ("CASCADE", "DENY", "DO_NOTHING", "NULLIFY", "PULL", "QuerySet", "QuerySetNoCache")


class QuerySet(SyncCachedIteration, AsyncCachedIteration, BaseQuerySet):
    """The default queryset: what it has found once is kept."""

    _has_more = True
    _len: int | None = None
    _result_cache: list[Any] | None = None
    # Locks of the colours, and keys of results that were kept when a loop was left early.
    _lock: Any = None
    _async_lock: Any = None
    _seen: frozenset[Any] | None = None

    def _results(self) -> list[Any]:
        if self._result_cache is None:
            self._result_cache = []
        return self._result_cache

    def _room(self) -> int | None:
        """Return how many more results the window has room for; None for any number."""
        return abs(self._limit) - len(self._results()) if self._limit else None

    def _part_with_cursor(self) -> None:
        """Prepare for asking anew: a loop was left early, and its cursor is being closed."""
        if not self._has_more or self._result_cache is None:
            return
        self._seen = keys_of_results(self, self._result_cache)
        if self._seen is None:
            # Without keys there is no going on from here, only beginning again.
            self._result_cache = None

    def _answers_from_cache(self) -> bool:
        """Tell whether an operator has its answer here and may not ask the server."""
        return self._result_cache is not None and not self._has_more and not self._may_ask()

    def __len__(self) -> int:
        """Count the results by loading them all."""
        if self._len is None:
            self._len = len(self._results() if not self._has_more else self.to_list())
        return self._len

    def __bool__(self) -> bool:
        """Tell whether there is any result; asks the server."""
        if self._answers_from_cache():
            return bool(self._result_cache)
        return super().__bool__()

    def _item(self, index: int) -> Any:
        if not self._answers_from_cache():
            return super()._item(index)
        if index >= len(self._results()):
            raise IndexError("no such item for Cursor instance")
        return self._results()[index]

    def _first_results(self) -> list[Any]:
        found = super()._first_results()
        if len(found) <= REPR_OUTPUT_SIZE and self._result_cache is None and not self._cursor_obj:
            self._result_cache, self._has_more = list(found), False
        return found

    def __repr__(self) -> str:
        """Show the first results: those kept, or else those that may be asked for."""
        kept = self._result_cache
        if kept is None or self._iter or (self._has_more and len(kept) <= REPR_OUTPUT_SIZE):
            return super().__repr__()
        return shown(kept)

    def no_cache(self) -> QuerySetNoCache:
        """Return a queryset that finds the same and keeps nothing.

        Raises:
            OperationError: this one has results already.
        """
        if self._result_cache is not None:
            raise OperationError("QuerySet already cached")
        return self._clone_into(QuerySetNoCache(self._document, self._collection_obj))


class QuerySetNoCache(SyncPlainIteration, AsyncPlainIteration, BaseQuerySet):
    """A queryset that asks the server for every iteration."""

    def cache(self) -> QuerySet:
        """Return a queryset that finds the same and keeps it."""
        return self._clone_into(QuerySet(self._document, self._collection_obj))
