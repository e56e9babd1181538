"""Building a queryset: what to find and how, without asking the server anything.

Every chain method returns a changed copy. What the twins do with a queryset they read
from here: the filter (`_filter`), the order and the options of a find (`_find_options`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from mongoengine.base.state import own_state
from mongoengine.errors import InvalidQueryError, LookUpError, OperationError
from mongoengine.queryset import javascript
from mongoengine.queryset.options import QuerySetOptions
from mongoengine.queryset.visitor import Q, QNode

__all__ = ("QuerySetBuilder",)

#: Results in a server's first answer, unless a batch size is set.
_FIRST_BATCH = 101


class QuerySetBuilder(QuerySetOptions):
    """The pure half of a queryset: conditions, window and order, with all options."""

    # Filtering

    def __call__(self, q_obj: QNode | None = None, **query: Any) -> Self:
        """Return a queryset that finds what matches these conditions too.

        Args:
            q_obj: a `Q` object.
            **query: conditions by field, with operators after ``__``.

        Raises:
            InvalidQueryError: the positional argument is no `Q`.
        """
        conditions: QNode = Q(**query)
        if q_obj is not None:
            if not isinstance(q_obj, QNode):
                raise InvalidQueryError(
                    f"Not a query object: {q_obj}. Did you intend to use key=value?"
                )
            conditions &= q_obj
        return self._with(_query_obj=self._query_obj & conditions, _mongo_query=None)

    def filter(self, *q_objs: QNode, **query: Any) -> Self:
        """Return a queryset that finds what matches these conditions too."""
        return self.__call__(*q_objs, **query)

    def where(self, where_clause: str) -> Self:
        """Add a JavaScript condition; ``[~field]`` in it stands for the stored name."""
        return self._with(_where_clause=self._sub_js_fields(where_clause), _mongo_query=None)

    def search_text(self, text: str, language: str | None = None, text_score: bool = True) -> Self:
        """Search the text index.

        Args:
            text: words to look for.
            language: language of the words.
            text_score: fetch how well each document matches (see `get_text_score`).

        Raises:
            OperationError: the queryset searches a text already.
        """
        if self._search_text is not None:
            raise OperationError("It is not possible to use search_text two times.")
        search = {"$search": text}
        if language is not None:
            search["$language"] = language
        queryset = self._with(_search_text=text, _text_filter={"$text": search}, _mongo_query=None)
        if text_score:
            queryset._search_text_score = {"_text_score": {"$meta": "textScore"}}
        return queryset

    def none(self) -> Self:
        """Return a queryset that finds nothing and changes nothing."""
        return self._with(_none=True)

    def no_sub_classes(self) -> Self:
        """Find documents of exactly this class."""
        if self._document._meta.get("allow_inheritance"):
            self._cls_query = {"_cls": self._document._class_name}
            self._mongo_query = None
        return self

    def clear_cls_query(self) -> Self:
        """Find documents of every class stored in the collection."""
        return self._with(_cls_query={}, _mongo_query=None)

    @property
    def _query(self) -> dict[str, Any]:
        """The filter, as it is sent."""
        if self._mongo_query is None:
            query = self._query_obj.to_query(self._document)
            self._mongo_query = self._complete(query)
        return self._mongo_query

    def _complete(self, query: dict[str, Any]) -> dict[str, Any]:
        """Add to the user's conditions those that come with the queryset."""
        if self._text_filter is not None:
            query = {**self._text_filter, **query}
        if not self._cls_query:
            return query
        if "_cls" in query:
            return {"$and": [self._cls_query, query]}
        return {**query, **self._cls_query}

    def _filter(self) -> dict[str, Any]:
        """Return the filter with the JavaScript condition, which is part of it to the server."""
        if self._where_clause is None:
            return self._query
        if "$where" in self._query:
            return {"$and": [self._query, {"$where": self._where_clause}]}
        return {**self._query, "$where": self._where_clause}

    # Window

    def skip(self, n: int | None) -> Self:
        """Leave out the first ``n`` documents; None leaves out none."""
        return self._with(_skip=n)

    def limit(self, n: int | None) -> Self:
        """Find at most ``n`` documents; 0 means all."""
        return self._with(_limit=n, _empty=False)

    def _slice(self, key: slice) -> Self:
        """Return the window of a slice; the last window given is the one that counts.

        Raises:
            IndexError: a negative bound, a step, or an end before the start.
        """
        if key.step is not None:
            raise IndexError("Cursor instances do not support slice steps")
        start, stop = key.start or 0, key.stop
        if start < 0:
            raise IndexError("Cursor instances do not support negative indices")
        if stop is not None and stop < start:
            raise IndexError(f"stop index must be greater than start index for slice {key!r}")
        window = None if stop is None else stop - start
        return self._with(_skip=key.start, _limit=window, _empty=window == 0)

    # Order

    def order_by(self, *keys: str, __raw__: list[tuple[str, Any]] | None = None) -> Self:
        """Sort by fields.

        Args:
            *keys: names, with ``-`` before them for descending order; none at all
                clears the order, the default one too.
            __raw__: the driver's own sort list, instead of names.

        Raises:
            OperationError: both were given.
        """
        if __raw__ and keys:
            raise OperationError("Can not use both keys and __raw__ with order_by() ")
        ordering = list(__raw__) if __raw__ else self._get_order_by(keys)
        return self._with(_ordering=ordering)

    def _get_order_by(self, keys: Iterable[str]) -> list[tuple[str, Any]]:
        """Translate sort keys to the driver's sort list."""
        ordering: list[tuple[str, Any]] = []
        for key in keys:
            if not key:
                continue
            if key == "$text_score":
                ordering.append(("_text_score", {"$meta": "textScore"}))
                continue
            direction = -1 if key[0] == "-" else 1
            name = key[1:] if key[0] in "+-" else key
            name = name.replace("__", ".")
            try:
                name = self._document._translate_field_name(name)
            except LookUpError:
                # Sorting by what is only in the data is allowed.
                name = name if name != "pk" else "_id"
            ordering.append((name, direction))
        return ordering

    def _sort(self) -> list[tuple[str, Any]] | None:
        """Return the order to send: the one asked for, else the default one."""
        if self._ordering is not None:
            return self._ordering or None
        default = self._document._meta.get("ordering")
        return self._get_order_by(default) or None if default else None

    # What the twins send

    def _find_options(self) -> dict[str, Any]:
        """Return all options of a find, for both drivers."""
        options = self._cursor_args
        given = {
            "sort": self._sort(),
            "skip": self._skip or None,
            "limit": self._limit,
            "collation": self._collation,
            "batch_size": self._batch_size,
            "comment": self._comment,
            "max_time_ms": self._max_time_ms,
            "hint": None if self._hint == -1 else self._hint,
        }
        options.update({name: value for name, value in given.items() if value is not None})
        return options

    # Other querysets

    def _one_from(self, index: int) -> Self:
        """Return a queryset that finds the one result at a position of this one."""
        if self._limit and index >= abs(self._limit):
            return self.none()
        return self._with(_skip=(self._skip or 0) + index, _limit=1)

    def _by_ids(self, ids: Iterable[Any]) -> Self:
        """Return a queryset over the same place that finds documents by their keys."""
        queryset = type(self)(self._document, self._collection_obj)
        queryset._alias, queryset._collection_name = self._alias, self._collection_name
        queryset._home = self._home
        queryset._query_obj = Q(__raw__={"_id": {"$in": list(ids)}})
        return queryset

    def _place(self, document: Any) -> Any:
        """Make a new document belong where the queryset looks."""
        if self._alias is not None or self._collection_name is not None:
            alias, name = document.__state__.home or self._home
            home = (self._alias or alias, self._collection_name or name)
            own_state(document).home = home
        return document

    def _fits_one_batch(self) -> bool:
        """Tell whether all results come with the first answer, so that no cursor stays open."""
        batch = self._batch_size or _FIRST_BATCH
        return bool(self._limit) and abs(self._limit or 0) <= batch

    def _is_filtered(self) -> bool:
        """Tell whether the user has asked for less than all documents."""
        return (
            bool(self._query_obj) or self._where_clause is not None or self._search_text is not None
        )

    def _counts_none(self, with_limit_and_skip: bool) -> bool:
        return self._finds_nothing() or (self._limit == 0 and not with_limit_and_skip)

    # JavaScript

    def _sub_js_fields(self, code: str) -> str:
        """Replace field names marked in JavaScript by stored names."""
        return javascript.substitute_fields(self._document, code)
