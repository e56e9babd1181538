"""The public module of the values documents hold; the classes live in modules of their own."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mongoengine.base.containers import (
    BaseDict,
    BaseList,
)
from mongoengine.base.containers import mark_as_changed_wrapper as mark_as_changed_wrapper
from mongoengine.base.containers import mark_key_as_changed_wrapper as mark_key_as_changed_wrapper
from mongoengine.base.strict_dict import StrictDict

__all__ = (
    "BaseDict",
    "StrictDict",
    "BaseList",
    "EmbeddedDocumentList",  # noqa: F822  # see __getattr__
    "LazyReference",  # noqa: F822  # see __getattr__
)

# Public here, but made on the floor of the facades: they talk to the server.
_FACADES = {
    "AsyncReferenceProxy": "mongoengine.fields.loading",
    "EmbeddedDocumentList": "mongoengine.fields.embedded_lists",
    "LazyReference": "mongoengine.fields.loading",
}


def __getattr__(name: str) -> Any:
    if name in _FACADES:
        return getattr(import_module(_FACADES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
