"""`QuerySet`, which keeps its results, and `QuerySetNoCache`, which does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mongoengine._async.queryset import AsyncCachedIteration, AsyncPlainIteration
from mongoengine._reexports import reexports_of
from mongoengine._sync.queryset import SyncCachedIteration, SyncPlainIteration
from mongoengine.base.delete_rules import CASCADE, DENY, DO_NOTHING, NULLIFY, PULL
from mongoengine.queryset.access import REPR_OUTPUT_SIZE  # noqa: F401 - upstream's name
from mongoengine.queryset.base import BaseQuerySet
from mongoengine.queryset.cached_results import QuerySetCache
from mongoengine.queryset.variants import CHUNK_SIZE as ITER_CHUNK_SIZE  # noqa: F401 - upstream's name

__all__ = ("CASCADE", "DENY", "DO_NOTHING", "NULLIFY", "PULL", "QuerySet", "QuerySetNoCache")


class QuerySet(SyncCachedIteration, AsyncCachedIteration, QuerySetCache, BaseQuerySet):
    """The default queryset: what it has found once is kept."""

    def no_cache(self) -> QuerySetNoCache:
        """Return a queryset that finds the same and keeps nothing.

        Raises:
            OperationError: this one has results already.
        """
        self._require_no_results()
        return self._clone_into(QuerySetNoCache(self._document, self._collection_obj))


class QuerySetNoCache(SyncPlainIteration, AsyncPlainIteration, BaseQuerySet):
    """A queryset that asks the server for every iteration."""

    def cache(self) -> QuerySet:
        """Return a queryset that finds the same and keeps it."""
        return self._clone_into(QuerySet(self._document, self._collection_obj))


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
