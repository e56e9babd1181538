"""The state of a queryset, and copies of it: every chain method returns a changed one.

Model floor, pure. What the state says is written by the classes built on this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from mongoengine.base import schema
from mongoengine.errors import OperationError
from mongoengine.queryset.field_list import QueryFieldList
from mongoengine.queryset.visitor import Q, QNode

if TYPE_CHECKING:
    from pymongo.read_concern import ReadConcern

    from mongoengine.base.document import BaseDocument

__all__ = ("QuerySetState",)

# Attributes a copy takes over; result caches and cursors are not among them.
_COPIED = (
    "_alias",
    "_allow_disk_use",
    "_as_pymongo",
    "_batch_size",
    "_cls_query",
    "_collation",
    "_collection_name",
    "_comment",
    "_dereferences",
    "_empty",
    "_hint",
    "_home",
    "_limit",
    "_loaded_fields",
    "_max_time_ms",
    "_mongo_query",
    "_none",
    "_ordering",
    "_prefetched",
    "_query_obj",
    "_read_concern",
    "_read_preference",
    "_scalar",
    "_search_text",
    "_search_text_score",
    "_skip",
    "_snapshot",
    "_text_filter",
    "_timeout",
    "_where_clause",
)

_CLONED = frozenset(("_collection_obj", "_document", *_COPIED))


class QuerySetState:
    """What a queryset remembers of what it was asked for.

    Args:
        document: class of the documents to find.
        collection: a driver's collection to look in; None for the one of the class.
    """

    # On the class stands what nobody has asked for, so that a copy has no more to carry than
    # what was: a query is built by copying its queryset several times.
    _alias: str | None = None
    _collection_name: str | None = None
    #: Alias and collection of the class when the queryset was begun.
    _home: Any = None
    _mongo_query: dict[str, Any] | None = None
    _query_obj: QNode = Q()
    _where_clause: str | None = None
    _ordering: list[tuple[str, Any]] | None = None
    _snapshot = False
    _timeout = True
    _allow_disk_use = False
    _read_preference: Any = None
    _read_concern: ReadConcern | None = None
    _none = False
    _as_pymongo = False
    _search_text: str | None = None
    _text_filter: dict[str, Any] | None = None
    _search_text_score: dict[str, Any] | None = None
    _limit: int | None = None
    _skip: int | None = None
    _empty = False
    _hint: Any = -1  # None is a value: it takes a hint back
    _collation: Any = None
    _batch_size: int | None = None
    _max_time_ms: int | None = None
    _comment: str | None = None
    _prefetched: tuple[str, ...] = ()
    _dereferences = True

    #: True for classes whose constructor, being the user's, makes every copy.
    _constructs_copies: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._constructs_copies = schema.overrides_library(cls, "__init__")

    def __init__(self, document: type[BaseDocument], collection: Any = None) -> None:
        self._document: Any = document
        self._collection_obj = collection
        self._cls_query: dict[str, Any] = {}
        self._loaded_fields = QueryFieldList()
        self._scalar: list[str] = []
        if document._meta.get("allow_inheritance"):
            self._cls_query = _class_filter(document)
            self._loaded_fields = QueryFieldList(always_include={"_cls"})

    def clone(self) -> Self:
        """Return a queryset that finds the same and shares nothing that changes."""
        if self._constructs_copies:
            made: Self = self._clone_into(type(self)(self._document, self._collection_obj))
            return made
        copied = object.__new__(type(self))
        copied.__dict__.update(
            {name: value for name, value in self.__dict__.items() if name in _CLONED}
        )
        return copied

    def all(self) -> Self:
        """Return a copy."""
        return self.clone()

    def _clone_into(self, new_qs: Any) -> Any:
        """Copy what is to be found into another queryset.

        Raises:
            OperationError: the target is no queryset.
        """
        if not isinstance(new_qs, QuerySetState):
            raise OperationError(
                f"{getattr(new_qs, '__name__', new_qs)} is not a subclass of BaseQuerySet"
            )
        for name in _COPIED:
            value = getattr(self, name)
            setattr(new_qs, name, value)
        return new_qs

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.clone()

    def _with(self, **changes: Any) -> Self:
        queryset = self.clone()
        queryset.__dict__.update(changes)
        return queryset

    def _finds_nothing(self) -> bool:
        """Tell whether the result is empty whatever the collection holds."""
        return self._none or self._empty


def _class_filter(document: Any) -> dict[str, Any]:
    names = document._subclasses
    return {"_cls": names[0]} if len(names) == 1 else {"_cls": {"$in": names}}
