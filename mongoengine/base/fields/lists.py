"""The list fields: plain, of embedded documents, sorted."""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false, reportNoOverloadImplementation=false

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from mongoengine.base.containers import BaseList
from mongoengine.base.embedded_list import EmbeddedDocumentList
from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.fields.embedded import EmbeddedDocumentField
from mongoengine.base.fields.untyped import is_any_document

if TYPE_CHECKING:
    pass

__all__ = ("EmbeddedDocumentListField", "ListField", "SortedListField")

# Operators whose value is a list of items rather than one item.
_OPERATORS_ON_LISTS = ("set", "unset", "gt", "gte", "lt", "lte", "ne", None)


class ListField(ComplexBaseField[T]):
    """A list.

    Args:
        field: converts and validates each item; without it anything can be an item.
        max_length: the number of items allowed.
        **kwargs: see `BaseField`; the default is an empty list.
    """

    query_kind: ClassVar[str] = "list"

    def __init__(
        self,
        field: BaseField[Any] | None = None,
        *,
        max_length: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.max_length = max_length
        kwargs.setdefault("default", list)
        super().__init__(field=field, **kwargs)
        self._prepares_items = hasattr(field, "build_lazyref")

    def _prepare_items(self, value: Any) -> None:
        if isinstance(value, BaseList):
            _make_lazy(value, self.field.build_lazyref)  # type: ignore[union-attr]

    def validate(self, value: Any) -> None:
        """Check type and length, then every item."""
        # A queryset says of itself that it can stand for a list.
        if not isinstance(value, (list, tuple)) and not getattr(
            type(value), "_stands_for_list", False
        ):
            self.error("Only lists and tuples may be used in a list field")
        self._check_length(value)
        super().validate(value)

    def _check_length(self, value: Any) -> None:
        if self.max_length is not None and len(value) > self.max_length:
            self.error("List is too long")

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return the stored form of a list, or of one item it is asked for or changed by."""
        if op == "set" and self.max_length is not None:
            self._check_length(value)
        inner = self.field
        if inner is None:
            return super().prepare_query_value(op, value)
        if (
            op in _OPERATORS_ON_LISTS
            and hasattr(type(value), "__iter__")
            and not isinstance(value, str)
            and not is_any_document(value)
        ):
            return [inner.prepare_query_value(op, item) for item in value]
        return inner.prepare_query_value(op, value)


class EmbeddedDocumentListField(ListField[T]):
    """A list of embedded documents, read as an `EmbeddedDocumentList`.

    Args:
        document_type: see `EmbeddedDocumentField`.
        **kwargs: see `ListField`.
    """

    _list_class: ClassVar[type[BaseList]] = EmbeddedDocumentList

    def __init__(self, document_type: Any, **kwargs: Any) -> None:
        super().__init__(field=EmbeddedDocumentField(document_type), **kwargs)


class SortedListField(ListField[T]):
    """A list that is stored sorted; the list in memory keeps its order.

    Args:
        field: see `ListField`.
        **kwargs: ``ordering``, the key of the stored items to sort by, the items themselves
            when omitted; ``reverse``, True to sort descending; the rest as for `ListField`.
    """

    # One changed item may move others.
    stores_items_alone: ClassVar[bool] = False

    def __init__(self, field: BaseField[Any], **kwargs: Any) -> None:
        self._ordering: str | None = kwargs.pop("ordering", None)
        self._order_reverse: bool = kwargs.pop("reverse", False)
        super().__init__(field, **kwargs)

    def to_mongo(
        self, value: Any, use_db_field: bool = True, fields: list[str] | None = None
    ) -> Any:
        """Return the stored forms of the items, sorted."""
        stored = super().to_mongo(value, use_db_field, fields)
        key = operator.itemgetter(self._ordering) if self._ordering is not None else None
        return sorted(stored, key=key, reverse=self._order_reverse)


def _make_lazy(items: BaseList, build: Callable[[Any], Any]) -> None:
    """Replace references and documents by lazy references, without reporting a change."""
    for position, item in enumerate(items):
        lazy = build(item)
        if lazy is not item:
            list.__setitem__(items, position, lazy)
