"""Prefetching: which references a queryset loads together with what it finds.

Model floor, pure; the twins carry it out.
"""

from __future__ import annotations

from typing import Any, Self

from mongoengine.base.dereference_paths import Paths, paths_of
from mongoengine.queryset.variants import QuerySetVariants

__all__ = ("QuerySetPrefetching",)

#: Documents whose references are looked up together, unless a batch size was given.
PREFETCHED_TOGETHER = 5_000


class QuerySetPrefetching(QuerySetVariants):
    """Remembers what to prefetch."""

    def prefetch(self, *paths: str) -> Self:
        """Load references together with the documents: one query per collection and level.

        It goes through lists, dicts and embedded documents, and loads no document twice.
        What is missing stays a reference. Iterating takes documents in portions of 5 000,
        or of the batch size, and prefetches for each.

        Args:
            *paths: names of fields, with dots to go on in embedded documents and in the
                documents referred to: ``"author"``, ``"comments.user.friends"``.

        Raises:
            LookUpError: a name is no field.
            InvalidQueryError: a path leads to no reference.
        """
        paths_of(self._document, paths)
        return self._with(_prefetched=(*self._prefetched, *paths))

    def _prefetched_paths(self) -> Paths | None:
        """Return what to load with each document; None for nothing."""
        if not self._prefetched or self._as_pymongo:
            return None
        return paths_of(self._document, self._prefetched)

    def _chunk_size(self) -> int:
        if not self._prefetched:
            return super()._chunk_size()
        return abs(self._batch_size or PREFETCHED_TOGETHER)

    def _find_options(self) -> dict[str, Any]:
        options = super()._find_options()
        if self._prefetched:
            options.setdefault("batch_size", self._chunk_size())
        return options
