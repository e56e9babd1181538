"""The distinct values of a field: where they are stored and what they are turned into.

Model floor, pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bson import DBRef

from mongoengine.base.common import _DocumentRegistry
from mongoengine.errors import LookUpError

__all__ = ("distinct_options", "documents_wanted", "embedded", "resolve", "with_documents")


def resolve(document: Any, name: str) -> tuple[str, Any]:
    """Return the stored path of a field, and the field of its single values.

    Args:
        document: class that has the field.
        name: path of the field; what is no field is passed on as it is.

    Returns:
        The path, and None as the field where the path leads to none.
    """
    if name == "pk":
        name = document._meta["id_field"]
    names = name.replace("__", ".").split(".")
    try:
        steps = document._lookup_field(names)
    except LookUpError:
        return name, None
    path = ".".join(step if isinstance(step, str) else step.db_field for step in steps)
    field: Any = next((step for step in reversed(steps) if not isinstance(step, str)), None)
    while getattr(field, "query_kind", "") == "list":
        field = field.field
    return path, field


def distinct_options(queryset: Any) -> dict[str, Any]:
    """Return the options of a distinct; order, window and hint are none of them."""
    options: dict[str, Any] = queryset._write_options()
    options.pop("hint", None)
    if queryset._max_time_ms is not None:
        options["maxTimeMS"] = queryset._max_time_ms
    return options


def embedded(field: Any, values: list[Any]) -> list[Any]:
    """Return values with stored embedded documents made documents again."""
    if not _is_embedded(field):
        return values
    return [field.to_python(value) if isinstance(value, dict) else value for value in values]


def _is_embedded(field: Any) -> bool:
    from mongoengine.base.fields.embedded import (  # fields are made from documents
        EmbeddedDocumentField,
        GenericEmbeddedDocumentField,
    )

    return isinstance(field, (EmbeddedDocumentField, GenericEmbeddedDocumentField))


def documents_wanted(field: Any, values: Iterable[Any]) -> dict[Any, set[Any]]:
    """Return the keys of the documents that values refer to, by class and collection."""
    wanted: dict[Any, set[Any]] = {}
    for value in values:
        target = _target(field, value)
        if target is not None:
            place, key = target
            wanted.setdefault(place, set()).add(key)
    return wanted


def with_documents(
    field: Any, values: Iterable[Any], found: dict[Any, dict[Any, Any]]
) -> list[Any]:
    """Return values with references replaced by the documents found.

    Args:
        field: the field of the values.
        values: values as stored; references to what was not found stay as they are.
        found: documents by key, by class and collection.
    """
    replaced = []
    for value in values:
        place, key = _target(field, value) or (None, None)
        replaced.append(found.get(place, {}).get(key, value))
    return replaced


def _target(field: Any, value: Any) -> tuple[tuple[Any, str | None], Any] | None:
    """Return class, collection and key of what a stored reference points to."""
    if not getattr(field, "_refers", False):
        return None
    if isinstance(value, dict):
        reference = value.get("_ref")
        if not isinstance(reference, DBRef) or "_cls" not in value:
            return None
        return (_DocumentRegistry.get(value["_cls"]), reference.collection), reference.id
    cls = getattr(field, "document_type", None)
    if cls is None or value is None:
        return None
    if isinstance(value, DBRef):
        return (cls, value.collection), value.id
    return (cls, None), value
