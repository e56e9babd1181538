"""The public module of the values documents hold; the classes live in modules of their own."""

from __future__ import annotations

from mongoengine._reexports import reexports_of
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

__getattr__ = reexports_of(__name__)
