"""Descriptors that metaclasses put on document classes in place of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("DynamicFieldOrder", "NativeAttribute")


class NativeAttribute:
    """Stands on the class for a field whose values need no work when read.

    It defines no ``__set__``, so Python finds the value in the document's ``__dict__``
    first and never comes here; only a value that is missing there does.
    """

    __slots__ = ("field",)

    def __init__(self, field: BaseField[Any]) -> None:
        self.field = field

    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        if instance is None:
            return self.field
        return self.field._missing_value(instance)


class DynamicFieldOrder:
    """``_fields_ordered`` of a dynamic class: an instance adds its own fields."""

    __slots__ = ("names",)

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> tuple[str, ...]:
        if instance is None or not instance.__state__.dynamic:
            return self.names
        return self.names + tuple(
            name for name in instance.__state__.dynamic if name not in self.names
        )
