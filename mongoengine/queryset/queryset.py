"""`QuerySet`, which keeps its results, and `QuerySetNoCache`, which does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mongoengine._async.queryset import AsyncCachedIteration, AsyncPlainIteration
from mongoengine._reexports import reexports_of
from mongoengine._sync.queryset import SyncCachedIteration, SyncPlainIteration
from mongoengine.base.delete_rules import CASCADE, DENY, DO_NOTHING, NULLIFY, PULL
from mongoengine.base.type_variables import D_co
from mongoengine.queryset.access import REPR_OUTPUT_SIZE as REPR_OUTPUT_SIZE  # upstream's name
from mongoengine.queryset.base import BaseQuerySet
from mongoengine.queryset.cached_results import QuerySetCache
from mongoengine.queryset.variants import CHUNK_SIZE as ITER_CHUNK_SIZE  # noqa: F401 # pyright: ignore[reportUnusedImport]

__all__ = ("CASCADE", "DENY", "DO_NOTHING", "NULLIFY", "PULL", "QuerySet", "QuerySetNoCache")


class QuerySet(
    SyncCachedIteration[D_co], AsyncCachedIteration[D_co], QuerySetCache, BaseQuerySet[D_co]
):
    """The default queryset: what it has found once is kept."""

    def no_cache(self) -> QuerySetNoCache[D_co]:
        """Return a queryset that finds the same and keeps nothing.

        Raises:
            OperationError: this one has results already.
        """
        self._require_no_results()
        result: QuerySetNoCache[D_co] = self._clone_into(
            QuerySetNoCache(self._document, self._collection_obj)
        )
        return result


class QuerySetNoCache(SyncPlainIteration[D_co], AsyncPlainIteration[D_co], BaseQuerySet[D_co]):
    """A queryset that asks the server for every iteration."""

    def cache(self) -> QuerySet[D_co]:
        """Return a queryset that finds the same and keeps it."""
        result: QuerySet[D_co] = self._clone_into(QuerySet(self._document, self._collection_obj))
        return result


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
