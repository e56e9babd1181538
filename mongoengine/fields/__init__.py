"""All field classes, as users import them.

Facade: the classes are written on the model floor, by subject; those that talk to the
server get their verbs in the modules beside this one.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from mongoengine._reexports import reexports_of
from mongoengine.base.delete_rules import DO_NOTHING as DO_NOTHING
from mongoengine.base.document import BaseDocument as BaseDocument
from mongoengine.base.fields.base import BaseField as BaseField
from mongoengine.base.fields.binary import BinaryField
from mongoengine.base.fields.complex import ComplexBaseField as ComplexBaseField
from mongoengine.base.fields.dicts import DictField, MapField
from mongoengine.base.fields.dicts import key_not_string as key_not_string
from mongoengine.base.fields.dicts import key_starts_with_dollar as key_starts_with_dollar
from mongoengine.base.fields.dynamic import DynamicField
from mongoengine.base.fields.embedded import EmbeddedDocumentField, GenericEmbeddedDocumentField
from mongoengine.base.fields.enums import EnumField
from mongoengine.base.fields.geo import (
    GeoJsonBaseField,
    GeoPointField,
    LineStringField,
    MultiLineStringField,
    MultiPointField,
    MultiPolygonField,
    PointField,
    PolygonField,
)
from mongoengine.base.fields.identifiers import ObjectIdField, UUIDField
from mongoengine.base.fields.lists import ListField, SortedListField
from mongoengine.base.fields.numbers import (
    BooleanField,
    Decimal128Field,
    DecimalField,
    FloatField,
    IntField,
)
from mongoengine.base.fields.references import (
    RECURSIVE_REFERENCE_CONSTANT as RECURSIVE_REFERENCE_CONSTANT,
)
from mongoengine.base.fields.references import unsaved_document_text
from mongoengine.base.fields.strings import EmailField, StringField, URLField
from mongoengine.base.fields.temporal import ComplexDateTimeField, DateField, DateTimeField
from mongoengine.fields.embedded_lists import EmbeddedDocumentListField
from mongoengine.fields.files import (
    FileField,
    GridFSError,
    GridFSProxy,
    ImageField,
    ImageGridFsProxy,
    ImproperlyConfigured,
)
from mongoengine.fields.references import (
    CachedReferenceField,
    GenericLazyReferenceField,
    GenericReferenceField,
    LazyReferenceField,
    ReferenceField,
)
from mongoengine.fields.sequence import SequenceField

__all__ = (
    "StringField",
    "URLField",
    "EmailField",
    "IntField",
    "LongField",
    "FloatField",
    "DecimalField",
    "BooleanField",
    "DateTimeField",
    "DateField",
    "ComplexDateTimeField",
    "EmbeddedDocumentField",
    "ObjectIdField",
    "GenericEmbeddedDocumentField",
    "DynamicField",
    "ListField",
    "SortedListField",
    "EmbeddedDocumentListField",
    "DictField",
    "MapField",
    "ReferenceField",
    "CachedReferenceField",
    "LazyReferenceField",
    "GenericLazyReferenceField",
    "GenericReferenceField",
    "BinaryField",
    "GridFSError",
    "GridFSProxy",
    "FileField",
    "ImageGridFsProxy",
    "ImproperlyConfigured",
    "ImageField",
    "GeoPointField",
    "PointField",
    "LineStringField",
    "PolygonField",
    "SequenceField",
    "UUIDField",
    "EnumField",
    "MultiPointField",
    "MultiLineStringField",
    "MultiPolygonField",
    "GeoJsonBaseField",
    "Decimal128Field",
)

#: What older versions called the field for 64-bit numbers.
LongField = IntField

_unsaved_object_error = unsaved_document_text

# These two are public below `mongoengine.base` as well, and known by that path.
_OF_BASE = ("GeoJsonBaseField", "ObjectIdField")

for _name in __all__:
    globals()[_name].__module__ = "mongoengine.base.fields" if _name in _OF_BASE else __name__

_reexported = reexports_of(__name__)


def __getattr__(name: str) -> Any:
    if name == "LANCZOS":
        return import_module("PIL.Image").Resampling.LANCZOS
    return _reexported(name)
