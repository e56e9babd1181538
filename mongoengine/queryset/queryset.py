"""`QuerySet`, which keeps its results, and `QuerySetNoCache`, which does not."""

from __future__ import annotations

from typing import Any

from mongoengine._async.queryset import AsyncCachedIteration, AsyncPlainIteration
from mongoengine._sync.queryset import SyncCachedIteration, SyncPlainIteration
from mongoengine._sync.queryset.iteration import CHUNK_SIZE as ITER_CHUNK_SIZE
from mongoengine.base.delete_rules import CASCADE, DENY, DO_NOTHING, NULLIFY, PULL
from mongoengine.errors import OperationError
from mongoengine.queryset.base import BaseQuerySet
from mongoengine.state.home import alias_of
from mongoengine.state.implicit import may_block

__all__ = ("CASCADE", "DENY", "DO_NOTHING", "NULLIFY", "PULL", "QuerySet", "QuerySetNoCache")

#: Results that ``repr`` shows.
REPR_OUTPUT_SIZE = 20


class QuerySet(SyncCachedIteration, AsyncCachedIteration, BaseQuerySet):
    """The default queryset: what it has found once is kept."""

    _has_more = True
    _len: int | None = None
    _result_cache: list[Any] | None = None

    def _results(self) -> list[Any]:
        if self._result_cache is None:
            self._result_cache = []
        return self._result_cache

    def __len__(self) -> int:
        """Count the results by loading them all."""
        if self._len is None:
            self._len = len(self.to_list())
        return self._len

    def __bool__(self) -> bool:
        """Tell whether there is any result; asks the server if it can."""
        kept = self._kept_results()
        return super().__bool__() if kept is None else bool(kept)

    def _item(self, index: int) -> Any:
        kept = self._kept_results()
        if kept is None:
            return super()._item(index)
        if index >= len(kept):
            raise IndexError("no such item for Cursor instance")
        return kept[index]

    def _kept_results(self) -> list[Any] | None:
        """Return the results where they are all an operator has: the server cannot be asked."""
        if self._result_cache is None or self._has_more:
            return None
        alias = self._alias or alias_of(self._document)
        return None if may_block(alias) else self._result_cache

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
