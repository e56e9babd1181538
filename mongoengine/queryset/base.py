"""`BaseQuerySet`: a queryset in both colours. The verbs are in the twins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mongoengine._async.queryset import AsyncQuerySetIO
from mongoengine._sync.queryset import SyncQuerySetIO
from mongoengine.base.delete_rules import CASCADE, DENY, DO_NOTHING, NULLIFY, PULL
from mongoengine.queryset.prefetching import QuerySetPrefetching
from mongoengine.state.home import home_of
from mongoengine.state.implicit import may_block
from mongoengine.state.ownership import is_asynchronous

__all__ = ("CASCADE", "DENY", "DO_NOTHING", "NULLIFY", "PULL", "BaseQuerySet")

#: Results that ``repr`` shows.
REPR_OUTPUT_SIZE = 20


class BaseQuerySet(SyncQuerySetIO, AsyncQuerySetIO, QuerySetPrefetching):
    """What is to be found, and every verb to do it with, sync and async.

    Args:
        document: class of the documents to find.
        collection: a driver's collection to look in; None for the one of the class.
    """

    #: Loops that are going through the results just now.
    _iterators = 0

    def __init__(self, document: Any, collection: Any = None) -> None:
        super().__init__(document, collection)
        # What is switched later does not move a queryset that was begun before.
        self._home = home_of(document)
        self._cursor_obj: Any = None
        self._async_cursor_obj: Any = None

    @property
    def _collection(self) -> Any:
        """The driver's collection, sync."""
        return self._target("_collection")

    @property
    def _cursor(self) -> Any:
        """The driver's cursor, sync; nothing is sent before it is moved."""
        if self._cursor_obj is None:
            self._cursor_obj = self._open_cursor("_cursor")
        return self._cursor_obj

    @property
    def _iter(self) -> bool:
        return self._iterators > 0

    @property
    def _dereference(self) -> Any:
        """What puts documents in the place of references in this queryset's results."""
        from mongoengine.dereference import DeReference  # it takes querysets, too

        return DeReference()

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError

    async def async_values_list(self, *fields: str) -> list[Any]:
        """Return values instead of documents: of one field, or tuples of several.

        Args:
            *fields: paths of fields.
        """
        results: list[Any] = await self.values_list(*fields).async_to_list()
        return results

    def _map_reduce_result(self, collection: Any, raw: dict[str, Any]) -> Any:
        """Make a result of a map/reduce of what the server returned."""
        from mongoengine.document import MapReduceDocument  # documents are found by querysets

        return MapReduceDocument(self._document, collection, raw["_id"], raw["value"])

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
        return self._item(key)

    def _has_data(self) -> bool:
        """Tell whether there is any result; asks the server."""
        return self.exists()

    def __bool__(self) -> bool:
        """Tell whether there is any result; asks the server."""
        return self._has_data()

    def _may_ask(self) -> bool:
        """Tell whether an operator may ask the server, and wait for the answer."""
        if self._collection_obj is not None:
            return not is_asynchronous(self._collection_obj)
        return may_block(self._alias or self._home[0])

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
        return shown(self._first_results())


def shown(results: list[Any]) -> str:
    """Return the text for results: a list of the first ones."""
    if len(results) > REPR_OUTPUT_SIZE:
        results = [*results[:REPR_OUTPUT_SIZE], "...(remaining elements truncated)..."]
    return repr(results)
