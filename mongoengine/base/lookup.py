"""Resolving the names of queries and indexes to fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mongoengine.base.common import _DocumentRegistry
from mongoengine.errors import LookUpError

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("database_path", "lookup_field")


def lookup_field(cls: type[BaseDocument], parts: str | Iterable[str]) -> list[Any]:
    """Return the field for each part of a path.

    A part without a field object (a list position, the key of a dict field) is
    returned as the string it is.

    Raises:
        LookUpError: a part names nothing.
    """
    names = [parts] if isinstance(parts, str) else list(parts)
    found: list[Any] = []
    field: Any = None
    for name in names:
        if field is None:
            field = _first_field(cls, name)
        elif name.isdigit() and _is_list(field):
            found.append(name)
            continue
        else:
            below = _field_below(cls, field, name)
            if below is None:
                # A key of an untyped container; what follows is resolved from there.
                found.append(name)
                continue
            field = below
        found.append(field)
    return found


def _first_field(cls: Any, name: str) -> BaseField[Any]:
    if name == "pk":
        name = cls._meta["id_field"]
    if name in cls._fields:
        result: BaseField[Any] = cls._fields[name]
        return result
    if cls._dynamic:
        result = _dynamic_field(name)
        return result
    meta = cls._meta
    if meta.get("allow_inheritance") or meta.get("abstract", False):
        for subclass_name in cls._subclasses[1:]:
            try:
                return _first_field(_DocumentRegistry.get(subclass_name), name)
            except LookUpError:
                continue
    raise LookUpError(f'Cannot resolve field "{name}"')


def _field_below(cls: Any, field: Any, name: str) -> Any:
    """Return the field of a part below another; None for a key of an untyped container."""
    if field._refers:
        raise LookUpError(f"Cannot perform join in mongoDB: {field.name}__{name}")
    below = None
    inner: Any = getattr(field, "field", None)
    if hasattr(inner, "lookup_member"):
        below = inner.lookup_member(name)
    elif _is_dynamic(cls, field):
        below = _dynamic_field(name)
    elif hasattr(field, "lookup_member"):
        below = field.lookup_member(name)
    else:
        raise LookUpError(f"Cannot resolve subfield or operator {name} on the field {field.name}")
    if below is None and not _is_container(field):
        raise LookUpError(f'Cannot resolve field "{name}"')
    return below


def _dynamic_field(name: str) -> Any:
    from mongoengine.base.fields.dynamic import DynamicField  # fields are made from documents

    field = DynamicField(db_field=name)
    field.__dict__["name"] = name
    return field


def _is_dynamic(cls: Any, field: Any) -> bool:
    from mongoengine.base.fields.dynamic import DynamicField  # fields are made from documents

    document_type = getattr(field, "document_type", None)
    return cls._dynamic and (
        isinstance(field, DynamicField) or getattr(document_type, "_dynamic", False)
    )


def _is_container(field: Any) -> bool:
    from mongoengine.base.fields.complex import ComplexBaseField  # as above

    return isinstance(field, ComplexBaseField)


def _is_list(field: Any) -> bool:
    from mongoengine.base.fields.lists import ListField  # as above

    return isinstance(field, ListField)


def database_path(cls: type[BaseDocument], path: str, sep: str = ".") -> str:
    """Translate a path of model names to one of database names."""
    parts = path.split(sep)
    found = cls._lookup_field(parts)
    return ".".join(part if isinstance(part, str) else part.db_field for part in found)
