"""The results a queryset keeps, and the operators that are answered from them.

Model floor: the twins fill the cache.
"""

from __future__ import annotations

from typing import Any

from mongoengine.errors import OperationError
from mongoengine.queryset.access import REPR_OUTPUT_SIZE, QuerySetAccess
from mongoengine.queryset.results import keys_of_results

__all__ = ("QuerySetCache",)


class QuerySetCache(QuerySetAccess):
    """Keeps what was found once."""

    _has_more = True
    _len: int | None = None
    _result_cache: list[Any] | None = None
    #: Keys of the results that were kept when a loop was left early.
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

    def _has_all(self) -> bool:
        return self._result_cache is not None and not self._has_more

    def _answers_from_cache(self) -> bool:
        """Tell whether an operator has its answer here and may not ask the server."""
        return self._has_all() and not self._may_ask()

    def _require_operator(self, operator: str) -> None:
        if not self._has_all():
            super()._require_operator(operator)

    def __len__(self) -> int:
        """Count the results by loading them all."""
        if self._len is None:
            self._require_operator("__len__")
            self._len = len(self._results() if not self._has_more else self.to_list())
        return self._len

    def to_list(self) -> list[Any]:
        """Return all results as a list, and keep them; asks the server."""
        raise NotImplementedError

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
        untouched = self._result_cache is None and not self.__dict__.get("_cursor_obj")
        if untouched and len(found) <= REPR_OUTPUT_SIZE:
            self._result_cache, self._has_more = list(found), False
        return found

    def __repr__(self) -> str:
        """Show the first results: those kept, or else those that may be asked for."""
        kept = self._result_cache
        if kept is None or self._iter or (self._has_more and len(kept) <= REPR_OUTPUT_SIZE):
            return super().__repr__()
        return self._shown(kept)

    def _require_no_results(self) -> None:
        """Refuse to become a queryset that keeps nothing.

        Raises:
            OperationError: this one has results already.
        """
        if self._result_cache is not None:
            raise OperationError("QuerySet already cached")
