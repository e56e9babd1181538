"""The registry of document classes, and the names of the update operators.

Model floor: pure bookkeeping, no I/O. The metaclasses register every class they make;
references and stored ``_cls`` values are resolved here.
"""

from __future__ import annotations

import sys
import warnings
from types import FrameType
from typing import Any

from mongoengine.errors import NotRegistered

__all__ = ("UPDATE_OPERATORS", "_DocumentRegistry")

UPDATE_OPERATORS = {
    "add_to_set",
    "dec",
    "inc",
    "max",
    "min",
    "mul",
    "pop",
    "pull",
    "pull_all",
    "push",
    "push_all",
    "rename",
    "set",
    "set_on_insert",
    "unset",
}

_document_registry: dict[str, type[Any]] = {}

_PACKAGE = __name__.partition(".")[0]


class _DocumentRegistry:
    """Looks up, adds and removes document classes by their ``_class_name``."""

    @staticmethod
    def get(name: str) -> type[Any]:
        """Return the document class registered as ``name``.

        Without an exact match the last part of the dotted name decides, if exactly one class
        ends in it: ``"Dog"`` finds ``Animal.Dog``, and ``"shop.Order"`` finds ``Order``.

        Raises:
            NotRegistered: No class matches, or more than one does.
        """
        found = _document_registry.get(name)
        if found is not None:
            return found
        last_part = name.rpartition(".")[2]
        # A copy, because another thread may be importing models.
        candidates = [
            registered
            for registered in list(_document_registry)
            if registered.rpartition(".")[2] == last_part
        ]
        if len(candidates) != 1:
            # The line breaks and the indent are part of the text upstream's users know.
            indent = "\n" + " " * 16
            raise NotRegistered(
                f"`{name}` has not been registered in the document registry."
                f"{indent}Importing the document class automatically registers it, has it"
                f"{indent}been imported?"
            )
        return _document_registry[candidates[0]]

    @staticmethod
    def register(DocCls: type[Any]) -> None:
        """Enter a class under its ``_class_name``, in place of one already there.

        Warns with ``UserWarning`` if that one comes from another module.
        """
        name = DocCls._class_name
        known = _document_registry.get(name)
        if known is not None and known.__module__ != DocCls.__module__:
            warnings.warn(
                f"Multiple Document classes named `{name}` were registered, "
                f"first from: `{known.__module__}`, then from: `{DocCls.__module__}`. "
                "this may lead to unexpected behavior during dereferencing.",
                UserWarning,
                stacklevel=_levels_to_class_statement(),
            )
        _document_registry[name] = DocCls

    @staticmethod
    def unregister(doc_cls_name: str) -> None:
        """Forget a class.

        Raises:
            KeyError: No class is registered under exactly this name.
        """
        del _document_registry[doc_cls_name]


def find_document(name: str) -> type[Any] | None:
    """Return the document class registered as ``name``, or None."""
    try:
        return _DocumentRegistry.get(name)
    except NotRegistered:
        return None


def get_document(name: str) -> type[Any]:
    """Return the document class registered as ``name``; the public name of the registry's look-up.

    Raises:
        NotRegistered: No class matches, or more than one does.
    """
    return _DocumentRegistry.get(name)


def _get_documents_by_db(connection_alias: str, default_connection_alias: str) -> list[type[Any]]:
    """The registered classes stored under ``connection_alias``.

    Args:
        connection_alias: The alias asked for.
        default_connection_alias: The alias of classes that name none in their meta.
    """
    return [
        document
        for document in list(_document_registry.values())
        if document._meta.get("db_alias", default_connection_alias) == connection_alias
    ]


def _levels_to_class_statement() -> int:
    """The ``stacklevel`` at which a warning raised by the caller shows the class statement.

    It is counted, because the number of frames between varies: with the kind of document, and
    with metaclasses of the user's own, whose ``__new__`` stands in between.
    """
    level = 1
    frame: FrameType = sys._getframe(1)
    while frame.f_back is not None and _makes_a_class(frame):
        frame = frame.f_back
        level += 1
    return level


def _makes_a_class(frame: FrameType) -> bool:
    module: str = frame.f_globals.get("__name__", "")
    return module.partition(".")[0] == _PACKAGE or frame.f_code.co_name == "__new__"
