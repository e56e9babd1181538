"""Access to the classes of this package by their bare name.

Ground floor, with one deliberate exception to "imports run downward": the modules below
are imported when a name is asked for, never when this module is. That is what
``_import_class`` is for: a lower floor, or a third party, can name a class whose module
could not be imported yet without a cycle.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_MODULE_BY_CLASS = {
    "BaseDocument": "mongoengine.base.document",
    "Document": "mongoengine.document",
    "DynamicEmbeddedDocument": "mongoengine.document",
    "EmbeddedDocument": "mongoengine.document",
    "MapReduceDocument": "mongoengine.document",
    "DeReference": "mongoengine.dereference",
}

# Every name in the __all__ of these can be asked for; the first module that has it answers.
_FIELD_MODULES = ("mongoengine.fields", "mongoengine.base.fields")

_class_registry_cache: dict[str, type[Any]] = {}


def _import_class(cls_name: str) -> type[Any]:
    """Return the class of this package that is called ``cls_name``.

    Args:
        cls_name: ``"BaseDocument"``, ``"Document"``, ``"DynamicEmbeddedDocument"``,
            ``"EmbeddedDocument"``, ``"MapReduceDocument"``, ``"DeReference"``, or a name
            exported by ``mongoengine.fields`` or ``mongoengine.base.fields``.

    Raises:
        ValueError: The name is none of these.
    """
    cached = _class_registry_cache.get(cls_name)
    if cached is not None:
        return cached
    cls: type[Any] = getattr(import_module(_module_of(cls_name)), cls_name)
    _class_registry_cache[cls_name] = cls
    return cls


def _module_of(cls_name: str) -> str:
    if cls_name in _MODULE_BY_CLASS:
        return _MODULE_BY_CLASS[cls_name]
    for module in _FIELD_MODULES:
        if cls_name in import_module(module).__all__:
            return module
    raise ValueError(f"No import set for: {cls_name}")
