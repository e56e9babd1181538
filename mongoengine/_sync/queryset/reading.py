# Generated from mongoengine/_async/queryset/reading.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Verbs that read: documents, counts, values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from mongoengine._sync.collections import open_collection
from mongoengine._sync.commands import count_matching
from mongoengine.base.type_variables import D_co
from mongoengine.base.verbs import verb
from mongoengine.queryset import counting
from mongoengine.queryset.visitor import QNode
from mongoengine.state.clients import get_client
from mongoengine.state.concerns import with_concerns
from mongoengine.state.cursors import take
from mongoengine.state.home import home_of
from mongoengine.state.ownership import own_collection
from mongoengine.state.transactions import session_for, using_session

if TYPE_CHECKING:
    from pymongo.synchronous.collection import Collection
    from pymongo.synchronous.cursor import Cursor

__all__ = ("SyncQuerySetReading",)


class SyncQuerySetReading(Generic[D_co]):
    """What a queryset reads from the server."""

    __slots__ = ()

    def _target(self: Any, call: str) -> Collection[dict[str, Any]]:
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
            collection = own_collection(self._collection_obj, call)
        elif home == home_of(document):
            get_client(home[0], call)
            collection = verb(document, "_get_collection")()
        else:
            collection = open_collection(document, *home, call)
        return with_concerns(
            collection, read_concern=self._read_concern, read_preference=self._read_preference
        )

    def _open_cursor(self: Any, call: str) -> Cursor[dict[str, Any]]:
        """Return a cursor over what the queryset finds; nothing is sent yet."""
        collection = self._target(call)
        session = session_for(collection)
        result: Cursor[dict[str, Any]] = collection.find(
            self._filter(), session=session, **self._find_options()
        )
        return result

    def _fetch(self: Any, call: str) -> list[Any]:
        """Return all that the queryset finds."""
        if self._finds_nothing():
            return []
        cursor = self._open_cursor(call)
        results: list[Any] = self._results_of(self._read(cursor))
        return results

    def _read(self: Any, cursor: Cursor[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return all that a cursor gives, and close it."""
        try:
            return take(cursor, one_batch=self._fits_one_batch())
        finally:
            cursor.close()

    def to_list(self: Any) -> list[D_co]:
        """Return all results as a list."""
        results: list[D_co] = self._fetch("to_list")
        return results

    def first(self: Any) -> D_co | None:
        """Return the first result; None when there is none."""
        found = self._one_from(0)._fetch("first")
        return found[0] if found else None

    def _item(self: Any, index: int) -> D_co:
        """Return the result at a position, by a query of its own.

        Raises:
            IndexError: there is none.
        """
        found = self._one_from(index)._fetch("first")
        if not found:
            raise IndexError("no such item for Cursor instance")
        answer: D_co = found[0]
        return answer

    def get(self: Any, *q_objs: QNode, **query: Any) -> D_co:
        """Return the only document that matches.

        Args:
            *q_objs: a `Q` object.
            **query: conditions by field.

        Raises:
            DoesNotExist: none matches; the class's own exception.
            MultipleObjectsReturned: several match; the class's own exception.
        """
        queryset = self.filter(*q_objs, **query).order_by().limit(2)
        result: D_co = self._only_match(queryset._fetch("get"))
        return result

    def exists(self: Any) -> bool:
        """Tell whether there is any result."""
        queryset = self._one_from(0).order_by().only("pk").as_pymongo()
        return bool(queryset._fetch("exists"))

    def count(self: Any, with_limit_and_skip: bool = False) -> int:
        """Count the results.

        Args:
            with_limit_and_skip: count only those in the window; otherwise all, except
                that a limit of 0 counts none.
        """
        if self._counts_none(with_limit_and_skip):
            return 0
        collection = self._target("count")
        query, options = self._filter(), self._count_options(with_limit_and_skip)
        if not counting.needs_count_command(query):
            return count_matching(collection, query, options)
        with using_session(collection) as session:
            answer = collection.database.command(
                counting.count_command(self, collection, options, session),
                read_preference=collection.read_preference,
                session=session,
            )
        count: int = answer["n"]
        return count
