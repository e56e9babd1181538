"""What each field reads as and takes, for the stub that `tools/generate_field_types.py` writes.

To type one more field class, add its row to the table of its kind. A field class of
`mongoengine.fields` that stands in none of them reads as anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = (
    "ALWAYS",
    "CONTAINERS",
    "EMBEDDED_LISTS",
    "MADE_BY",
    "OF_A_CLASS",
    "UNTYPED",
    "VALUES",
    "Container",
    "OfClass",
    "Value",
)


class Value(NamedTuple):
    """A field whose values are of one type, or None."""

    reads: str
    #: Further types it takes.
    takes: tuple[str, ...] = ()


class OfClass(NamedTuple):
    """A field whose values are of a class given to its constructor, or None."""

    #: The constructor's parameter.
    parameter: str
    #: The value type; `C` stands for the class.
    reads: str = "C"
    #: What the class has to be.
    bound: str = "Any"
    #: Whether its name may be given in its place.
    by_name: bool = True
    takes: tuple[str, ...] = ()


class Container(NamedTuple):
    """A field that holds values of another field; it is empty by default, not None."""

    #: The value type; `I` stands for the type of the items.
    reads: str
    #: Whether the field of the items may be left out.
    optional: bool


_REFERENCES = (
    "AsyncReferenceProxy",
    "DBRef",
    "LazyReference[Any]",
    "ObjectId",
    "UUID",
    "int",
    "str",
)

VALUES: Mapping[str, Value] = {
    "StringField": Value("str"),
    "URLField": Value("str"),
    "EmailField": Value("str"),
    "IntField": Value("int"),
    "FloatField": Value("float"),
    "DecimalField": Value("Decimal", ("float", "str")),
    "Decimal128Field": Value("Decimal", ("float", "str")),
    "BooleanField": Value("bool"),
    "DateTimeField": Value("datetime", ("date", "str", "Callable[[], datetime]")),
    "DateField": Value("date", ("date", "str", "Callable[[], datetime]")),
    "ComplexDateTimeField": Value("datetime", ("str",)),
    "ObjectIdField": Value("ObjectId", ("bytes", "str")),
    "UUIDField": Value("UUID", ("str",)),
    "BinaryField": Value("bytes", ("bytearray",)),
}

OF_A_CLASS: Mapping[str, OfClass] = {
    "EmbeddedDocumentField": OfClass("document_type"),
    "ReferenceField": OfClass("document_type", takes=_REFERENCES),
    "CachedReferenceField": OfClass("document_type", takes=_REFERENCES),
    "LazyReferenceField": OfClass(
        "document_type", reads="LazyReference[C]", takes=("C", *_REFERENCES)
    ),
    "EnumField": OfClass("enum", bound="Enum", by_name=False, takes=("int", "str")),
}

CONTAINERS: Mapping[str, Container] = {
    "ListField": Container("list[I]", optional=True),
    "SortedListField": Container("list[I]", optional=False),
    "DictField": Container("dict[str, I]", optional=True),
    "MapField": Container("dict[str, I]", optional=False),
}

#: Lists of embedded documents; the parameter is the class of the documents.
EMBEDDED_LISTS: Mapping[str, str] = {"EmbeddedDocumentListField": "document_type"}

#: Fields that always read as the same type, with what they take besides.
ALWAYS: Mapping[str, Value] = {
    "FileField": Value("GridFSProxy", ("bytes", "str", "IO[bytes]", "None")),
    "ImageField": Value("ImageGridFsProxy", ("bytes", "str", "IO[bytes]", "None")),
    "GenericReferenceField": Value("Any"),
    "GenericLazyReferenceField": Value("Any"),
}

#: Fields whose values a function makes: its parameter, and what they read as without one.
MADE_BY: Mapping[str, tuple[str, str]] = {"SequenceField": ("value_decorator", "int")}

#: Fields whose values may be anything, as they come from the model floor.
UNTYPED = frozenset(
    {
        "DynamicField",
        "GenericEmbeddedDocumentField",
        "GeoJsonBaseField",
        "GeoPointField",
        "LineStringField",
        "MultiLineStringField",
        "MultiPointField",
        "MultiPolygonField",
        "PointField",
        "PolygonField",
    }
)
