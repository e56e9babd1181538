"""The model floor: documents, fields and containers as far as they need no server."""

from __future__ import annotations

from typing import Any

from mongoengine.base import datastructures
from mongoengine.base.common import (
    UPDATE_OPERATORS,
    _document_registry,
    _DocumentRegistry,
    get_document,
)
from mongoengine.base.datastructures import (
    BaseDict,
    BaseList,
    StrictDict,
)
from mongoengine.base.document import NON_FIELD_ERRORS, BaseDocument
from mongoengine.base.fields import (
    BaseField,
    ComplexBaseField,
    GeoJsonBaseField,
    ObjectIdField,
)
from mongoengine.base.metaclasses import DocumentMetaclass, TopLevelDocumentMetaclass

__all__ = (
    # common
    "UPDATE_OPERATORS",
    "_DocumentRegistry",
    # datastructures
    "BaseDict",
    "BaseList",
    "EmbeddedDocumentList",
    "LazyReference",
    # document
    "BaseDocument",
    # fields
    "BaseField",
    "ComplexBaseField",
    "ObjectIdField",
    "GeoJsonBaseField",
    # metaclasses
    "DocumentMetaclass",
    "TopLevelDocumentMetaclass",
)


def __getattr__(name: str) -> Any:
    if name in ("EmbeddedDocumentList", "LazyReference"):
        return getattr(datastructures, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
