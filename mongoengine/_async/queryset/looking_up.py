"""Verbs that look documents up by key, and values by field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic

from mongoengine.base.type_variables import D_co
from mongoengine.errors import InvalidQueryError
from mongoengine.queryset import distinct
from mongoengine.queryset.javascript import NOTHING
from mongoengine.queryset.visitor import Q
from mongoengine.state.transactions import refuse_in_transaction, using_cursor, using_session

__all__ = ("AsyncQuerySetLookingUp",)


class AsyncQuerySetLookingUp(Generic[D_co]):
    """What a queryset finds by key or by field."""

    __slots__ = ()

    async def async_with_id(self: Any, object_id: Any) -> D_co | None:
        """Return the document with a key; None when there is none.

        Raises:
            InvalidQueryError: the queryset is filtered.
        """
        if self._is_filtered():
            raise InvalidQueryError("Cannot use a filter whilst using `with_id`")
        found = await self.filter(pk=object_id).order_by().limit(1)._async_fetch("async_with_id")
        return found[0] if found else None

    async def async_in_bulk(self: Any, object_ids: Iterable[Any]) -> dict[Any, D_co]:
        """Return documents by key.

        Args:
            object_ids: the keys, as they are stored; no other filter counts.
        """
        if self._finds_nothing():
            return {}
        queryset = self._by_keys(object_ids)
        cursor = await queryset._async_open_cursor("async_in_bulk")
        batch = await queryset._async_read(cursor)
        keys = [raw["_id"] for raw in batch]
        return dict(zip(keys, await queryset._async_results_of(batch), strict=True))

    async def async_distinct(self: Any, field: str) -> list[Any]:
        """Return the distinct values of a field; order and window do not count.

        Args:
            field: path of the field. References give documents, unless the queryset hands
                them out as stored; lists give their items.
        """
        if self._finds_nothing():
            return []
        path, leaf = distinct.resolve(self._document, field)
        collection = await self._async_target("async_distinct")
        with using_session(collection) as session:
            values = await collection.distinct(
                path, self._filter(), session=session, **distinct.distinct_options(self)
            )
        if not self._auto_dereference:
            result: list[Any] = values
            return result
        found = {}
        for place, keys in distinct.documents_wanted(leaf, values).items():
            found[place] = await self._at(*place).async_in_bulk(keys)
        return distinct.with_documents(leaf, distinct.embedded(leaf, values), found)

    async def async_values(self: Any, *fields: str) -> list[dict[str, Any]]:
        """Return a dict of values by field name for each document.

        Args:
            *fields: paths of fields; all fields of the class when there are none.
        """
        queryset = self.only(*fields)._with(_scalar=[], _as_pymongo=False)
        names = fields or tuple(self._document._fields_ordered)
        documents = await queryset._async_fetch("async_values")
        return [self._values_of(document, names) for document in documents]

    async def async_explain(self: Any) -> dict[str, Any]:
        """Return how the server goes about finding the results."""
        queryset = self.clone()
        if self._finds_nothing():
            queryset = self._with(
                _query_obj=Q(__raw__=NOTHING), _mongo_query=None, _none=False, _empty=False
            )
        refuse_in_transaction(await self._async_target("async_explain"), "async_explain")
        cursor = await queryset._async_open_cursor("async_explain")
        with using_cursor(cursor):
            plan: dict[str, Any] = await cursor.explain()
        return plan
