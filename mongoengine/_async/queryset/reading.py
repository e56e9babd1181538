"""Verbs that read: documents, counts, values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from mongoengine._async.collections import async_open_collection
from mongoengine._async.commands import async_count_matching
from mongoengine.base.type_variables import D_co
from mongoengine.base.verbs import verb
from mongoengine.queryset import counting
from mongoengine.queryset.visitor import QNode
from mongoengine.state.clients import async_get_client
from mongoengine.state.concerns import with_concerns
from mongoengine.state.cursors import async_take
from mongoengine.state.home import home_of
from mongoengine.state.ownership import async_own_collection
from mongoengine.state.transactions import session_for, using_session

if TYPE_CHECKING:
    from pymongo.asynchronous.collection import AsyncCollection
    from pymongo.asynchronous.cursor import AsyncCursor

__all__ = ("AsyncQuerySetReading",)


class AsyncQuerySetReading(Generic[D_co]):
    """What a queryset reads from the server."""

    __slots__ = ()

    async def _async_target(self: Any, call: str) -> AsyncCollection[dict[str, Any]]:
        """Return the collection to work on, created and indexed.

        Args:
            call: the verb it is needed for.

        Raises:
            RuntimeError: the alias is open in the other colour only.
        """
        document = self._document
        default_alias, default_name = self._home or home_of(document)
        home = self._alias or default_alias, self._collection_name or default_name
        if self._collection_obj is not None:
            collection = await async_own_collection(self._collection_obj, call)
        elif home == home_of(document):
            await async_get_client(home[0], call)
            collection = await verb(document, "_async_get_collection")()
        else:
            collection = await async_open_collection(document, *home, call)
        return with_concerns(
            collection, read_concern=self._read_concern, read_preference=self._read_preference
        )

    async def _async_open_cursor(self: Any, call: str) -> AsyncCursor[dict[str, Any]]:
        """Return a cursor over what the queryset finds; nothing is sent yet."""
        collection = await self._async_target(call)
        session = session_for(collection)
        result: AsyncCursor[dict[str, Any]] = collection.find(
            self._filter(), session=session, **self._find_options()
        )
        return result

    async def _async_fetch(self: Any, call: str) -> list[Any]:
        """Return all that the queryset finds."""
        if self._finds_nothing():
            return []
        cursor = await self._async_open_cursor(call)
        results: list[Any] = await self._async_results_of(await self._async_read(cursor))
        return results

    async def _async_read(self: Any, cursor: AsyncCursor[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return all that a cursor gives, and close it."""
        try:
            return await async_take(cursor, one_batch=self._fits_one_batch())
        finally:
            await cursor.close()

    async def async_to_list(self: Any) -> list[D_co]:
        """Return all results as a list."""
        results: list[D_co] = await self._async_fetch("async_to_list")
        return results

    async def async_first(self: Any) -> D_co | None:
        """Return the first result; None when there is none."""
        found = await self._one_from(0)._async_fetch("async_first")
        return found[0] if found else None

    async def _async_item(self: Any, index: int) -> D_co:
        """Return the result at a position, by a query of its own.

        Raises:
            IndexError: there is none.
        """
        found = await self._one_from(index)._async_fetch("async_first")
        if not found:
            raise IndexError("no such item for Cursor instance")
        answer: D_co = found[0]
        return answer

    async def async_get(self: Any, *q_objs: QNode, **query: Any) -> D_co:
        """Return the only document that matches.

        Args:
            *q_objs: a `Q` object.
            **query: conditions by field.

        Raises:
            DoesNotExist: none matches; the class's own exception.
            MultipleObjectsReturned: several match; the class's own exception.
        """
        queryset = self.filter(*q_objs, **query).order_by().limit(2)
        result: D_co = self._only_match(await queryset._async_fetch("async_get"))
        return result

    async def async_exists(self: Any) -> bool:
        """Tell whether there is any result."""
        queryset = self._one_from(0).order_by().only("pk").as_pymongo()
        return bool(await queryset._async_fetch("async_exists"))

    async def async_count(self: Any, with_limit_and_skip: bool = False) -> int:
        """Count the results.

        Args:
            with_limit_and_skip: count only those in the window; otherwise all, except
                that a limit of 0 counts none.
        """
        if self._counts_none(with_limit_and_skip):
            return 0
        collection = await self._async_target("async_count")
        query, options = self._filter(), self._count_options(with_limit_and_skip)
        if not counting.needs_count_command(query):
            return await async_count_matching(collection, query, options)
        with using_session(collection) as session:
            answer = await collection.database.command(
                counting.count_command(self, collection, options, session),
                read_preference=collection.read_preference,
                session=session,
            )
        count: int = answer["n"]
        return count
