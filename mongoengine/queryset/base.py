"""`BaseQuerySet`: a queryset in both colours. The verbs are in the twins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mongoengine._async.queryset import AsyncQuerySetIO
from mongoengine._sync.queryset import SyncQuerySetIO
from mongoengine.base.delete_rules import CASCADE, DENY, DO_NOTHING, NULLIFY, PULL
from mongoengine.queryset.builder import QuerySetBuilder
from mongoengine.state.home import home_of

__all__ = ("CASCADE", "DENY", "DO_NOTHING", "NULLIFY", "PULL", "BaseQuerySet")


class BaseQuerySet(SyncQuerySetIO, AsyncQuerySetIO, QuerySetBuilder):
    """What is to be found, and every verb to do it with, sync and async."""

    def __init__(self, document: Any, collection: Any = None) -> None:
        super().__init__(document, collection)
        # What is switched later does not move a queryset that was begun before.
        self._home = home_of(document)
        self._cursor_obj: Any = None

    @property
    def _collection(self) -> Any:
        """The driver's collection, sync."""
        return self._target("_collection")

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
        return self._item(key)

    def __bool__(self) -> bool:
        """Tell whether there is any result; asks the server."""
        return self.order_by().first() is not None
