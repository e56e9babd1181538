"""What fields do with values no field describes: documents, and nested plain data.

Kinds are read off the type, never off the value: asking a proxy or a lazy reference
for an attribute might load a document.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bson import SON, DBRef

from mongoengine.base.loader import load_document
from mongoengine.base.plain import holds_scalars
from mongoengine.base.stored_class import find_embedded_class
from mongoengine.errors import (
    FieldDoesNotExist,
    InvalidDocumentError,
    NotRegistered,
    ValidationError,
)

__all__ = (
    "converted_items",
    "generic_reference",
    "is_any_document",
    "is_embedded",
    "is_toplevel",
    "revive_documents",
    "revived",
    "stored_with_class",
)


def is_any_document(value: Any) -> bool:
    """Tell whether a value is a document, embedded or not."""
    return hasattr(type(value), "__is_embedded_document__")


def is_embedded(value: Any) -> bool:
    """Tell whether a value is an embedded document."""
    return getattr(type(value), "__is_embedded_document__", False) is True


def is_toplevel(value: Any) -> bool:
    """Tell whether a value is a document with a collection of its own."""
    return getattr(type(value), "__is_embedded_document__", True) is False


def converted_items(value: Any, convert: Callable[[Any], Any]) -> Any:
    """Return a list or dict of converted items; a value that has no items as it is."""
    if isinstance(value, Mapping):
        return {key: convert(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray)):
        return [convert(item) for item in value]
    return value


def revive_documents(stored: Any) -> bool:
    """Turn the embedded documents in stored plain data, which name their class, into documents.

    Args:
        stored: a list or dict the driver decoded; changed in place.

    Returns:
        Whether there were any.
    """
    if isinstance(stored, dict):
        if holds_scalars(stored.values()):
            return False
        items: Iterable[tuple[Any, Any]] = list(stored.items())
    elif isinstance(stored, list):
        if holds_scalars(stored):
            return False
        items = enumerate(stored)
    else:
        return False
    found = False
    for key, item in items:
        if (document := revived(item)) is not item:
            stored[key] = document
            found = True
        elif revive_documents(item):
            found = True
    return found


def revived(stored: Any) -> Any:
    """Return the embedded document that untyped data stands for.

    Returns:
        The data itself where it names no class, or one it is no document of: anybody who may
        fill an untyped field could otherwise make the document around it unloadable.
    """
    if not isinstance(stored, dict) or "_cls" not in stored or "_ref" in stored:
        return stored
    cls = find_embedded_class(stored)
    if cls is None:
        return stored
    if cls.__plan__().check(stored):
        return load_document(cls, stored)
    try:
        # A copy: what loading has done by the time it fails must not show.
        return load_document(cls, copy.deepcopy(stored))
    except (FieldDoesNotExist, InvalidDocumentError, NotRegistered):
        return stored


def stored_with_class(document: Any, use_db_field: bool, fields: list[str] | None) -> Any:
    """Return the stored form of an embedded document, with the class it must be loaded as."""
    stored = document.to_mongo(use_db_field, fields)
    stored["_cls"] = type(document).__name__
    return stored


def generic_reference(document: Any) -> SON[str, Any]:
    """Return the stored form of a reference to a document of any class.

    Raises:
        ValidationError: the document has no key yet.
    """
    cls = type(document)
    if document.pk is None:
        raise ValidationError(
            f"The instance of the document '{cls.__name__}' you are trying to reference has "
            "an empty 'id'. You can only reference documents once they have been saved to "
            "the database",
            errors=None,
        )
    key = cls._fields[cls._meta["id_field"]].to_mongo(document.pk)
    return SON((("_cls", cls._class_name), ("_ref", DBRef(cls._get_collection_name(), key))))
