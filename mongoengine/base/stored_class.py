"""Which class stored data may become: what ``_cls`` in it is allowed to name.

Stored data and JSON may come from anybody, so a name only counts where it fits: below the class
that is loaded, or, where any embedded document may stand, as the name of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mongoengine.base.common import _DocumentRegistry, find_document
from mongoengine.errors import InvalidDocumentError

__all__ = (
    "embedded_class",
    "find_embedded_class",
    "is_below",
    "loadable_class",
    "subclass_named",
)


def is_below(found: Any, cls: Any) -> bool:
    """Tell whether a class is another or one of its subclasses."""
    # By name too: a module that was loaded again has made the same classes anew.
    return issubclass(found, cls) or found._class_name in cls._types


def loadable_class(cls: Any, name: Any) -> Any:
    """Return the class that ``_cls`` in stored data, found by a query of a class, names.

    Queries that leave the class filter out (`in_bulk`, `clear_initial_query`) find documents of
    the whole hierarchy, which share a collection.

    Raises:
        NotRegistered: there is no class of that name.
        InvalidDocumentError: it is not of the hierarchy; for embedded documents, no subclass.
    """
    if not cls.__is_embedded_document__ and isinstance(name, str):
        found = _DocumentRegistry.get(name)
        if not found.__is_embedded_document__ and _root(found) == _root(cls):
            return found
    return subclass_named(cls, name)


def _root(cls: Any) -> str:
    root: str = cls._class_name.partition(".")[0]
    return root


def subclass_named(cls: Any, name: Any) -> Any:
    """Return the class that ``_cls`` in data of a class names.

    Raises:
        NotRegistered: there is no class of that name.
        InvalidDocumentError: it is neither the class nor a subclass of it.
    """
    found = _DocumentRegistry.get(name) if isinstance(name, str) else None
    if found is None or not is_below(found, cls):
        raise InvalidDocumentError(
            f"The data names the class {name!r} in `_cls`, which is neither "
            f"`{cls._class_name}` nor a subclass of it. Load it with the class it was saved as, "
            "or, if `_cls` is of no use to you, remove it from the data."
        )
    return found


def embedded_class(raw: Mapping[str, Any]) -> Any:
    """Return the class of embedded documents that data of any class names.

    Raises:
        NotRegistered: there is no class of that name.
        InvalidDocumentError: what the data names is no class of embedded documents.
        KeyError: the data names none.
    """
    name = raw["_cls"]
    found = _DocumentRegistry.get(name) if isinstance(name, str) else None
    if found is None or not found.__is_embedded_document__:
        raise InvalidDocumentError(
            f"The data of an embedded document names {name!r} in `_cls`, which is no class of "
            "embedded documents."
        )
    return found


def find_embedded_class(raw: Mapping[str, Any]) -> Any:
    """Return the class of embedded documents that data names, or None."""
    name = raw.get("_cls")
    found = find_document(name) if isinstance(name, str) else None
    return found if found is not None and found.__is_embedded_document__ else None
