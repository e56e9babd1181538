"""The public module of the values documents hold; the classes live in modules of their own."""

from __future__ import annotations

from mongoengine.base.containers import (
    BaseDict,
    BaseList,
)
from mongoengine.base.containers import mark_as_changed_wrapper as mark_as_changed_wrapper
from mongoengine.base.containers import mark_key_as_changed_wrapper as mark_key_as_changed_wrapper
from mongoengine.base.embedded_list import EmbeddedDocumentList
from mongoengine.base.lazy_reference import LazyReference
from mongoengine.base.strict_dict import StrictDict

__all__ = (
    "BaseDict",
    "StrictDict",
    "BaseList",
    "EmbeddedDocumentList",
    "LazyReference",
)
