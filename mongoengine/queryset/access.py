"""A queryset under Python's own operators: `[]`, `bool`, `in`, and its text.

Model floor: the verbs an operator calls and what it may do where one cannot wait are told
by the class that is built on this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mongoengine.queryset.prefetching import QuerySetPrefetching

__all__ = ("REPR_OUTPUT_SIZE", "QuerySetAccess")

#: Results that ``repr`` shows.
REPR_OUTPUT_SIZE = 20


class QuerySetAccess(QuerySetPrefetching):
    """What the operators do."""

    def _may_ask(self) -> bool:
        """Tell whether an operator may ask the server, and wait for the answer."""
        raise NotImplementedError

    def _require_operator(self, operator: str) -> None:
        """Refuse an operator that would have to ask the server where only awaited calls may.

        Args:
            operator: its method, as ``"__len__"``.

        Raises:
            RuntimeError: the alias is open in the other colour only.
        """
        raise NotImplementedError

    def _item(self, index: int) -> Any:
        """Return the result at a position; asks the server."""
        raise NotImplementedError

    def _fetch(self, call: str) -> list[Any]:
        """Return all that the queryset finds; asks the server."""
        raise NotImplementedError

    def exists(self) -> bool:
        """Tell whether there is any result; asks the server."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    def __getitem__(self, key: int | slice) -> Any:
        """Return a window of the results, or the one at a position, which asks the server.

        Raises:
            IndexError: the position is beyond the end, or negative.
            TypeError: the key is neither a slice nor an integer.
        """
        if isinstance(key, slice):
            return self._slice(key)
        if not isinstance(key, int):
            raise TypeError("Provide a slice or an integer index")
        if key < 0:
            raise IndexError("Cursor instances do not support negative indices")
        self._require_operator("__getitem__")
        return self._item(key)

    def __contains__(self, value: Any) -> bool:
        """Tell whether a value is among the results, by going through them."""
        self._require_operator("__contains__")
        return any(result is value or result == value for result in self)

    def __bool__(self) -> bool:
        """Tell whether there is any result; asks the server."""
        self._require_operator("__bool__")
        return self._has_data()

    def _has_data(self) -> bool:
        """Tell whether there is any result; asks the server."""
        return self.exists()

    @property
    def _iter(self) -> bool:
        """True while a loop goes through the results."""
        return bool(self.__dict__.get("_loops") or self.__dict__.get("_async_loops"))

    def _first_results(self) -> list[Any]:
        """Return the results ``repr`` shows, and one more if there are more; asks the server."""
        limit = min(abs(self._limit or REPR_OUTPUT_SIZE + 1), REPR_OUTPUT_SIZE + 1)
        return self._with(_limit=limit)._fetch("to_list")

    def __repr__(self) -> str:
        """Show the first results, if they may be asked for."""
        if self._iter:
            return ".. queryset mid-iteration .."
        if not self._may_ask():
            return f"<{type(self).__name__} of {self._document.__name__}, not loaded>"
        return self._shown(self._first_results())

    @staticmethod
    def _shown(results: list[Any]) -> str:
        """Return the text for results: a list of the first ones."""
        if len(results) > REPR_OUTPUT_SIZE:
            results = [*results[:REPR_OUTPUT_SIZE], "...(remaining elements truncated)..."]
        return repr(results)
