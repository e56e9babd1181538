"""Querysets made of another one, and what else of a queryset needs no server: JSON, pickles.

Model floor, pure.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, Self

from bson import json_util

from mongoengine.queryset.builder import QuerySetBuilder
from mongoengine.queryset.visitor import Q

__all__ = ("QuerySetVariants",)

#: Documents that are made of the driver's data in one go.
CHUNK_SIZE = 100

# Made anew by whoever unpickles it: the driver's objects, and the compiled filter.
_NOT_PICKLED = ("_collection_obj", "_cursor_obj", "_async_cursor_obj", "_mongo_query")


class QuerySetVariants(QuerySetBuilder):
    """What is derived from a queryset without asking the server."""

    def _by_keys(self, keys: Iterable[Any]) -> Self:
        """Return a queryset that finds documents by their keys, whatever else was asked for."""
        loaded = copy.deepcopy(self._loaded_fields)
        loaded._id = None  # the server sends the key unless told otherwise
        loaded.fields.discard("_id")
        return self._with(
            _query_obj=Q(__raw__={"_id": {"$in": list(keys)}}),
            _mongo_query=None,
            _cls_query={},
            _where_clause=None,
            _text_filter=None,
            _search_text_score=None,
            _ordering=[],
            _skip=None,
            _limit=None,
            _hint=-1,
            _collation=None,
            _loaded_fields=loaded,
        )

    def _at(self, document: Any, collection_name: str | None) -> Self:
        """Return a queryset of this kind over another class, in its or a named collection."""
        queryset = type(self)(document, None)
        queryset._collection_name = collection_name
        return queryset

    def _chainable_method(self, method_name: str, val: Any) -> Self:
        """Return a copy with one option changed: what chain methods of subclasses may call.

        Args:
            method_name: name of the option, as ``"limit"``.
            val: its value.
        """
        return self._with(**{f"_{method_name}": val})

    def _chunk_size(self) -> int:
        """Return how many documents to take from the driver at a time."""
        return min(abs(self._batch_size or CHUNK_SIZE), CHUNK_SIZE)

    def _values_of(self, document: Any, names: Iterable[str]) -> dict[str, Any]:
        """Return values of a document by path."""
        values = {}
        for name in names:
            path = name.replace(".", "__")
            values[name] = self._with(_scalar=[path])._get_scalar(document)
        return values

    def from_json(self, json_data: str) -> list[Any]:
        """Make documents of JSON; those with keys count as stored.

        Args:
            json_data: a list of documents by stored names.
        """
        return [self._document._from_son(data) for data in json_util.loads(json_data)]

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle keeps: what is to be found, and what has been."""
        state = {name: value for name, value in self.__dict__.items() if name not in _NOT_PICKLED}
        if self._collection_obj is not None:
            state["_collection_name"] = self._collection_obj.name
        for name in ("_lock", "_async_lock", "_loops", "_async_loops"):
            state.pop(name, None)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what a pickle kept; the collection is looked up when it is needed."""
        self.__dict__.update(dict.fromkeys(_NOT_PICKLED), **state)
