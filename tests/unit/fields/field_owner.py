"""A stand-in for a document: values, book-keeping and a record of what was marked as changed."""

from __future__ import annotations

from typing import Any

from mongoengine.base.changed_fields import ChangedFields
from mongoengine.base.fields.base import BaseField
from mongoengine.base.state import DocumentState


class Owner:
    __slots__ = ("__dict__", "__state__", "__weakref__", "marked")

    def __init__(self, pending: set[str] | None = None, **values: Any) -> None:
        self.__state__ = DocumentState(
            created=False, initialised=True, changed=ChangedFields(), pending=pending or set()
        )
        self.marked: list[str] = []
        self.__dict__.update(values)

    def _mark_as_changed(self, name: str) -> None:
        self.marked.append(name)


def owner_of(field: BaseField[Any], pending: set[str] | None = None, /, **values: Any) -> Owner:
    """Return an owner whose class has ``field`` under the name ``value``."""
    field.name = "value"
    kind = type("Owner", (Owner,), {"value": field, "__slots__": ()})
    return kind(pending, **values)
