"""`BaseQuerySet`: a queryset in both colours. The verbs are in the twins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, overload

from mongoengine._async.queryset import AsyncCachedIteration, AsyncQuerySetIO
from mongoengine._reexports import reexports_of
from mongoengine._sync.queryset import SyncCachedIteration, SyncQuerySetIO
from mongoengine.base.delete_rules import CASCADE, DENY, DO_NOTHING, NULLIFY, PULL
from mongoengine.base.one_colour import verb_pairs, watch_overrides
from mongoengine.base.type_variables import D_co
from mongoengine.queryset.access import QuerySetAccess
from mongoengine.state import guard
from mongoengine.state.home import home_of
from mongoengine.state.implicit import may_block
from mongoengine.state.ownership import is_asynchronous, own_collection
from mongoengine.state.registry import ConnectionType, require

if TYPE_CHECKING:
    from mongoengine.queryset.queryset import QuerySet

__all__ = ("CASCADE", "DENY", "DO_NOTHING", "NULLIFY", "PULL", "BaseQuerySet")


_VERBS = {
    **verb_pairs(AsyncQuerySetIO, SyncQuerySetIO),
    **verb_pairs(AsyncCachedIteration, SyncCachedIteration),
}


class BaseQuerySet(SyncQuerySetIO[D_co], AsyncQuerySetIO[D_co], QuerySetAccess):
    """What is to be found, and every verb to do it with, sync and async.

    Args:
        document: class of the documents to find.
        collection: a driver's collection to look in; None for the one of the class.
    """

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, key: int) -> D_co: ...
        @overload
        def __getitem__(self, key: slice) -> Self: ...
        def __getitem__(self, key: int | slice) -> Any: ...
        # What reads as a value has another type than the queryset it comes from. Editors
        # show the docstrings of the methods themselves.
        @overload
        def scalar(self, field: str, /) -> QuerySet[Any]: ...
        @overload
        def scalar(self, field: str, second: str, /) -> QuerySet[tuple[Any, Any]]: ...
        @overload
        def scalar(
            self, field: str, second: str, third: str, /
        ) -> QuerySet[tuple[Any, Any, Any]]: ...
        @overload
        def scalar(self, *fields: str) -> QuerySet[Any]: ...
        def scalar(self, *fields: str) -> QuerySet[Any]: ...  # noqa: D102

        @overload
        def values_list(self, field: str, /) -> QuerySet[Any]: ...
        @overload
        def values_list(self, field: str, second: str, /) -> QuerySet[tuple[Any, Any]]: ...
        @overload
        def values_list(
            self, field: str, second: str, third: str, /
        ) -> QuerySet[tuple[Any, Any, Any]]: ...
        @overload
        def values_list(self, *fields: str) -> QuerySet[Any]: ...
        def values_list(self, *fields: str) -> QuerySet[Any]: ...  # noqa: D102

        def as_pymongo(self) -> QuerySet[dict[str, Any]]: ...  # noqa: D102

    _cursor_obj: Any = None
    _async_cursor_obj: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        watch_overrides(cls, _VERBS)

    def __init__(self, document: Any, collection: Any = None) -> None:
        super().__init__(document, collection)
        # What is switched later does not move a queryset that was begun before.
        self._home = home_of(document)

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
    def _dereference(self) -> Any:
        """What puts documents in the place of references in this queryset's results."""
        from mongoengine.dereference import DeReference  # it takes querysets, too

        return DeReference()

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

    def _may_ask(self) -> bool:
        """Tell whether an operator may ask the server, and wait for the answer."""
        if self._collection_obj is not None:
            return not is_asynchronous(self._collection_obj)
        return may_block(self._alias or self._home[0])

    def _require_operator(self, operator: str) -> None:
        """Refuse an operator that would have to ask the server where only awaited calls may.

        Raises:
            RuntimeError: the alias is open in the other colour only; or an event loop is
                running in this thread, and sync calls were forbidden there.
        """
        if self._collection_obj is not None:
            own_collection(self._collection_obj, operator)
        elif not self._finds_nothing():
            if guard.refuses_sync:
                guard.check(operator)
            require(ConnectionType.SYNC, self._alias or self._home[0], call=operator)


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
