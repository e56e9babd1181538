# Generated from mongoengine/fields/__init__.py and tools/field_types.py; do not edit.
# To write it again: python tools/generate_field_types.py
# pyright: reportPrivateUsage=false
import decimal
import re
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import IO, Any, Generic, Literal, overload
from uuid import UUID

from bson import SON as SON
from bson import Binary as Binary
from bson import DBRef as DBRef
from bson import Decimal128 as Decimal128
from bson import Int64 as Int64
from bson import ObjectId as ObjectId
from bson.decimal128 import create_decimal128_context as create_decimal128_context
from pymongo import ReturnDocument as ReturnDocument
from typing_extensions import TypeVar

from mongoengine._reexports import reexports_of as reexports_of
from mongoengine.base.common import _DocumentRegistry as _DocumentRegistry
from mongoengine.base.common import get_document as get_document
from mongoengine.base.delete_rules import DO_NOTHING as DO_NOTHING
from mongoengine.base.document import BaseDocument as BaseDocument
from mongoengine.base.fields.base import BaseField as BaseField
from mongoengine.base.fields.binary import BinaryField as _BinaryField
from mongoengine.base.fields.complex import ComplexBaseField as ComplexBaseField
from mongoengine.base.fields.dicts import DictField as _DictField
from mongoengine.base.fields.dicts import MapField as _MapField
from mongoengine.base.fields.dicts import key_not_string as key_not_string
from mongoengine.base.fields.dicts import key_starts_with_dollar as key_starts_with_dollar
from mongoengine.base.fields.dynamic import DynamicField as DynamicField
from mongoengine.base.fields.embedded import EmbeddedDocumentField as _EmbeddedDocumentField
from mongoengine.base.fields.embedded import (
    GenericEmbeddedDocumentField as GenericEmbeddedDocumentField,
)
from mongoengine.base.fields.enums import EnumField as _EnumField
from mongoengine.base.fields.geo import GeoJsonBaseField as GeoJsonBaseField
from mongoengine.base.fields.geo import GeoPointField as GeoPointField
from mongoengine.base.fields.geo import LineStringField as LineStringField
from mongoengine.base.fields.geo import MultiLineStringField as MultiLineStringField
from mongoengine.base.fields.geo import MultiPointField as MultiPointField
from mongoengine.base.fields.geo import MultiPolygonField as MultiPolygonField
from mongoengine.base.fields.geo import PointField as PointField
from mongoengine.base.fields.geo import PolygonField as PolygonField
from mongoengine.base.fields.identifiers import ObjectIdField as _ObjectIdField
from mongoengine.base.fields.identifiers import UUIDField as _UUIDField
from mongoengine.base.fields.lists import ListField as _ListField
from mongoengine.base.fields.lists import SortedListField as _SortedListField
from mongoengine.base.fields.numbers import BooleanField as _BooleanField
from mongoengine.base.fields.numbers import Decimal128Field as _Decimal128Field
from mongoengine.base.fields.numbers import DecimalField as _DecimalField
from mongoengine.base.fields.numbers import FloatField as _FloatField
from mongoengine.base.fields.numbers import IntField as _IntField
from mongoengine.base.fields.references import (
    RECURSIVE_REFERENCE_CONSTANT as RECURSIVE_REFERENCE_CONSTANT,
)
from mongoengine.base.fields.references import unsaved_document_text as unsaved_document_text
from mongoengine.base.fields.strings import EmailField as _EmailField
from mongoengine.base.fields.strings import StringField as _StringField
from mongoengine.base.fields.strings import URLField as _URLField
from mongoengine.base.fields.temporal import ComplexDateTimeField as _ComplexDateTimeField
from mongoengine.base.fields.temporal import DateField as _DateField
from mongoengine.base.fields.temporal import DateTimeField as _DateTimeField
from mongoengine.base.utils import LazyRegexCompiler as LazyRegexCompiler
from mongoengine.common import _import_class as _import_class
from mongoengine.connection import DEFAULT_CONNECTION_NAME as DEFAULT_CONNECTION_NAME
from mongoengine.connection import _get_session as _get_session
from mongoengine.connection import get_db as get_db
from mongoengine.document import Document as Document
from mongoengine.document import EmbeddedDocument as EmbeddedDocument
from mongoengine.errors import DoesNotExist as DoesNotExist
from mongoengine.errors import InvalidQueryError as InvalidQueryError
from mongoengine.errors import ValidationError as ValidationError
from mongoengine.fields.embedded_lists import EmbeddedDocumentList
from mongoengine.fields.embedded_lists import (
    EmbeddedDocumentListField as _EmbeddedDocumentListField,
)
from mongoengine.fields.files import FileField as _FileField
from mongoengine.fields.files import GridFSError as GridFSError
from mongoengine.fields.files import GridFSProxy as GridFSProxy
from mongoengine.fields.files import ImageField as _ImageField
from mongoengine.fields.files import ImageGridFsProxy as ImageGridFsProxy
from mongoengine.fields.files import ImproperlyConfigured as ImproperlyConfigured
from mongoengine.fields.loading import AsyncReferenceProxy
from mongoengine.fields.loading import LazyReference as LazyReference
from mongoengine.fields.references import CachedReferenceField as _CachedReferenceField
from mongoengine.fields.references import GenericLazyReferenceField as _GenericLazyReferenceField
from mongoengine.fields.references import GenericReferenceField as _GenericReferenceField
from mongoengine.fields.references import LazyReferenceField as _LazyReferenceField
from mongoengine.fields.references import ReferenceField as _ReferenceField
from mongoengine.fields.sequence import SequenceField as _SequenceField
from mongoengine.queryset.base import BaseQuerySet as BaseQuerySet
from mongoengine.queryset.operators import STRING_OPERATORS as STRING_OPERATORS

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
LANCZOS: Any
_unsaved_object_error = unsaved_document_text
_V = TypeVar("_V", default=Any)
_C = TypeVar("_C", default=Any)
_C_Enum = TypeVar("_C_Enum", bound=Enum)
_I = TypeVar("_I")
_V_StringField = TypeVar("_V_StringField", default=str | None)
_V_URLField = TypeVar("_V_URLField", default=str | None)
_V_EmailField = TypeVar("_V_EmailField", default=str | None)
_V_IntField = TypeVar("_V_IntField", default=int | None)
_V_FloatField = TypeVar("_V_FloatField", default=float | None)
_V_DecimalField = TypeVar("_V_DecimalField", default=Decimal | None)
_V_Decimal128Field = TypeVar("_V_Decimal128Field", default=Decimal | None)
_V_BooleanField = TypeVar("_V_BooleanField", default=bool | None)
_V_DateTimeField = TypeVar("_V_DateTimeField", default=datetime | None)
_V_DateField = TypeVar("_V_DateField", default=date | None)
_V_ComplexDateTimeField = TypeVar("_V_ComplexDateTimeField", default=datetime | None)
_V_ObjectIdField = TypeVar("_V_ObjectIdField", default=ObjectId | None)
_V_UUIDField = TypeVar("_V_UUIDField", default=UUID | None)
_V_BinaryField = TypeVar("_V_BinaryField", default=bytes | None)
_V_ListField = TypeVar("_V_ListField", default=list[Any])
_V_SortedListField = TypeVar("_V_SortedListField", default=list[Any])
_V_DictField = TypeVar("_V_DictField", default=dict[str, Any])
_V_MapField = TypeVar("_V_MapField", default=dict[str, Any])

class StringField(_StringField[_V_StringField]):
    @overload
    def __init__(
        self: StringField[str],
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: StringField[str],
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: StringField[str],
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: StringField[str | None],
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_StringField) -> None: ...

class IntField(_IntField[_V_IntField]):
    @overload
    def __init__(
        self: IntField[int],
        min_value: int | None = ...,
        max_value: int | None = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: int | Callable[[], int] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: IntField[int],
        min_value: int | None = ...,
        max_value: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: int | Callable[[], int] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: IntField[int],
        min_value: int | None = ...,
        max_value: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: int | Callable[[], int],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: IntField[int | None],
        min_value: int | None = ...,
        max_value: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: int | Callable[[], int] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        min_value: int | None = ...,
        max_value: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: int | Callable[[], int] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_IntField) -> None: ...

class FloatField(_FloatField[_V_FloatField]):
    @overload
    def __init__(
        self: FloatField[float],
        min_value: float | None = ...,
        max_value: float | None = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: float | Callable[[], float] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: FloatField[float],
        min_value: float | None = ...,
        max_value: float | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: float | Callable[[], float] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: FloatField[float],
        min_value: float | None = ...,
        max_value: float | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: float | Callable[[], float],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: FloatField[float | None],
        min_value: float | None = ...,
        max_value: float | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: float | Callable[[], float] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        min_value: float | None = ...,
        max_value: float | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: float | Callable[[], float] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_FloatField) -> None: ...

class DecimalField(_DecimalField[_V_DecimalField]):
    @overload
    def __init__(
        self: DecimalField[Decimal],
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        force_string: bool = ...,
        precision: int = ...,
        rounding: str = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: Decimal | float | str | Callable[[], Decimal | float | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DecimalField[Decimal],
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        force_string: bool = ...,
        precision: int = ...,
        rounding: str = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Decimal | float | str | Callable[[], Decimal | float | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DecimalField[Decimal],
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        force_string: bool = ...,
        precision: int = ...,
        rounding: str = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Decimal | float | str | Callable[[], Decimal | float | str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DecimalField[Decimal | None],
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        force_string: bool = ...,
        precision: int = ...,
        rounding: str = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Decimal | float | str | Callable[[], Decimal | float | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        force_string: bool = ...,
        precision: int = ...,
        rounding: str = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Decimal | float | str | Callable[[], Decimal | float | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_DecimalField | float | str) -> None: ...

class Decimal128Field(_Decimal128Field[_V_Decimal128Field]):
    @overload
    def __init__(
        self: Decimal128Field[Decimal],
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: Decimal | float | str | Callable[[], Decimal | float | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: Decimal128Field[Decimal],
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Decimal | float | str | Callable[[], Decimal | float | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: Decimal128Field[Decimal],
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Decimal | float | str | Callable[[], Decimal | float | str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: Decimal128Field[Decimal | None],
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Decimal | float | str | Callable[[], Decimal | float | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        min_value: decimal.Decimal | int | None = ...,
        max_value: decimal.Decimal | int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Decimal | float | str | Callable[[], Decimal | float | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_Decimal128Field | float | str) -> None: ...

class BooleanField(_BooleanField[_V_BooleanField]):
    @overload
    def __init__(
        self: BooleanField[bool],
        db_field: str | None = ...,
        *,
        required: Literal[True],
        default: bool | Callable[[], bool] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: BooleanField[bool],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: bool | Callable[[], bool] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: BooleanField[bool],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: bool | Callable[[], bool],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: BooleanField[bool | None],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: bool | Callable[[], bool] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: bool | Callable[[], bool] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_BooleanField) -> None: ...

class DateTimeField(_DateTimeField[_V_DateTimeField]):
    @overload
    def __init__(
        self: DateTimeField[datetime],
        db_field: str | None = ...,
        *,
        required: Literal[True],
        default: datetime | date | str | Callable[[], datetime] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DateTimeField[datetime],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: datetime | date | str | Callable[[], datetime] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DateTimeField[datetime],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: datetime | date | str | Callable[[], datetime],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DateTimeField[datetime | None],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: datetime | date | str | Callable[[], datetime] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: datetime | date | str | Callable[[], datetime] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(
        self, instance: Any, value: _V_DateTimeField | date | str | Callable[[], datetime]
    ) -> None: ...

class ObjectIdField(_ObjectIdField[_V_ObjectIdField]):
    @overload
    def __init__(
        self: ObjectIdField[ObjectId],
        db_field: str | None = ...,
        *,
        required: Literal[True],
        default: ObjectId | bytes | str | Callable[[], ObjectId | bytes | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ObjectIdField[ObjectId],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: ObjectId | bytes | str | Callable[[], ObjectId | bytes | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ObjectIdField[ObjectId],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: ObjectId | bytes | str | Callable[[], ObjectId | bytes | str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ObjectIdField[ObjectId | None],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: ObjectId | bytes | str | Callable[[], ObjectId | bytes | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: ObjectId | bytes | str | Callable[[], ObjectId | bytes | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_ObjectIdField | bytes | str) -> None: ...

class UUIDField(_UUIDField[_V_UUIDField]):
    @overload
    def __init__(
        self: UUIDField[UUID],
        binary: bool = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: UUID | str | Callable[[], UUID | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: UUIDField[UUID],
        binary: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: UUID | str | Callable[[], UUID | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: UUIDField[UUID],
        binary: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: UUID | str | Callable[[], UUID | str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: UUIDField[UUID | None],
        binary: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: UUID | str | Callable[[], UUID | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        binary: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: UUID | str | Callable[[], UUID | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_UUIDField | str) -> None: ...

class BinaryField(_BinaryField[_V_BinaryField]):
    @overload
    def __init__(
        self: BinaryField[bytes],
        max_bytes: int | None = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: bytes | bytearray | Callable[[], bytes | bytearray] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: BinaryField[bytes],
        max_bytes: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: bytes | bytearray | Callable[[], bytes | bytearray] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: BinaryField[bytes],
        max_bytes: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: bytes | bytearray | Callable[[], bytes | bytearray],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: BinaryField[bytes | None],
        max_bytes: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: bytes | bytearray | Callable[[], bytes | bytearray] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        max_bytes: int | None = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: bytes | bytearray | Callable[[], bytes | bytearray] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_BinaryField | bytearray) -> None: ...

class EmbeddedDocumentField(_EmbeddedDocumentField[_V]):
    @overload
    def __init__(
        self: EmbeddedDocumentField[_C],
        document_type: type[_C],
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: _C | Callable[[], _C] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EmbeddedDocumentField[_C],
        document_type: type[_C],
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C | Callable[[], _C] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EmbeddedDocumentField[_C],
        document_type: type[_C],
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C | Callable[[], _C],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EmbeddedDocumentField[_C | None],
        document_type: type[_C],
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C | Callable[[], _C] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EmbeddedDocumentField[Any],
        document_type: str,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        document_type: type[Any] | str,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V) -> None: ...

class EnumField(_EnumField[_V]):
    @overload
    def __init__(
        self: EnumField[_C_Enum],
        enum: type[_C_Enum],
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: _C_Enum | int | str | Callable[[], _C_Enum | int | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EnumField[_C_Enum],
        enum: type[_C_Enum],
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C_Enum | int | str | Callable[[], _C_Enum | int | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EnumField[_C_Enum],
        enum: type[_C_Enum],
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C_Enum | int | str | Callable[[], _C_Enum | int | str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EnumField[_C_Enum | None],
        enum: type[_C_Enum],
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C_Enum | int | str | Callable[[], _C_Enum | int | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        enum: type[Any],
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V | int | str) -> None: ...

class URLField(_URLField[_V_URLField], StringField[_V_URLField]):
    @overload
    def __init__(
        self: URLField[str],
        url_regex: re.Pattern[str] | None = ...,
        schemes: Sequence[str] | None = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: Literal[True],
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: URLField[str],
        url_regex: re.Pattern[str] | None = ...,
        schemes: Sequence[str] | None = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: URLField[str],
        url_regex: re.Pattern[str] | None = ...,
        schemes: Sequence[str] | None = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: URLField[str | None],
        url_regex: re.Pattern[str] | None = ...,
        schemes: Sequence[str] | None = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        url_regex: re.Pattern[str] | None = ...,
        schemes: Sequence[str] | None = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_URLField) -> None: ...

class EmailField(_EmailField[_V_EmailField], StringField[_V_EmailField]):
    @overload
    def __init__(
        self: EmailField[str],
        domain_whitelist: Container[str] | None = ...,
        allow_utf8_user: bool = ...,
        allow_ip_domain: bool = ...,
        *args: Any,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: Literal[True],
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EmailField[str],
        domain_whitelist: Container[str] | None = ...,
        allow_utf8_user: bool = ...,
        allow_ip_domain: bool = ...,
        *args: Any,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EmailField[str],
        domain_whitelist: Container[str] | None = ...,
        allow_utf8_user: bool = ...,
        allow_ip_domain: bool = ...,
        *args: Any,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EmailField[str | None],
        domain_whitelist: Container[str] | None = ...,
        allow_utf8_user: bool = ...,
        allow_ip_domain: bool = ...,
        *args: Any,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        domain_whitelist: Container[str] | None = ...,
        allow_utf8_user: bool = ...,
        allow_ip_domain: bool = ...,
        *args: Any,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: str | Callable[[], str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_EmailField) -> None: ...

class DateField(_DateField[_V_DateField], DateTimeField[_V_DateField]):
    @overload
    def __init__(
        self: DateField[date],
        db_field: str | None = ...,
        *,
        required: Literal[True],
        default: date | str | Callable[[], datetime] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DateField[date],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: date | str | Callable[[], datetime] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DateField[date],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: date | str | Callable[[], datetime],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DateField[date | None],
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: date | str | Callable[[], datetime] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        db_field: str | None = ...,
        *,
        required: bool = ...,
        default: date | str | Callable[[], datetime] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(
        self, instance: Any, value: _V_DateField | date | str | Callable[[], datetime]
    ) -> None: ...

class ComplexDateTimeField(
    _ComplexDateTimeField[_V_ComplexDateTimeField], StringField[_V_ComplexDateTimeField]
):
    @overload
    def __init__(
        self: ComplexDateTimeField[datetime],
        separator: str = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: Literal[True],
        default: datetime | str | Callable[[], datetime | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ComplexDateTimeField[datetime],
        separator: str = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: datetime | str | Callable[[], datetime | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ComplexDateTimeField[datetime],
        separator: str = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: datetime | str | Callable[[], datetime | str],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ComplexDateTimeField[datetime | None],
        separator: str = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: datetime | str | Callable[[], datetime | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        separator: str = ...,
        *,
        regex: str | re.Pattern[str] | None = ...,
        max_length: int | None = ...,
        min_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: datetime | str | Callable[[], datetime | str] | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_ComplexDateTimeField | str) -> None: ...

class ListField(_ListField[_V_ListField]):
    @overload
    def __init__(
        self: ListField[list[Any] | None],
        field: None = ...,
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ListField[list[_I] | None],
        field: BaseField[_I | None],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ListField[list[_I] | None],
        field: BaseField[_I],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ListField[list[Any] | None],
        field: None = ...,
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ListField[list[_I] | None],
        field: BaseField[_I | None],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ListField[list[_I] | None],
        field: BaseField[_I],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ListField[list[Any]],
        field: None = ...,
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ListField[list[_I]],
        field: BaseField[_I | None],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ListField[list[_I]],
        field: BaseField[_I],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        field: BaseField[Any] | None = ...,
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_ListField) -> None: ...

class DictField(_DictField[_V_DictField]):
    @overload
    def __init__(
        self: DictField[dict[str, Any] | None],
        field: None = ...,
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DictField[dict[str, _I] | None],
        field: BaseField[_I | None],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DictField[dict[str, _I] | None],
        field: BaseField[_I],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DictField[dict[str, Any] | None],
        field: None = ...,
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DictField[dict[str, _I] | None],
        field: BaseField[_I | None],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DictField[dict[str, _I] | None],
        field: BaseField[_I],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DictField[dict[str, Any]],
        field: None = ...,
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DictField[dict[str, _I]],
        field: BaseField[_I | None],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: DictField[dict[str, _I]],
        field: BaseField[_I],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        field: BaseField[Any] | None = ...,
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_DictField) -> None: ...

class SortedListField(_SortedListField[_V_SortedListField], ListField[_V_SortedListField]):
    @overload
    def __init__(
        self: SortedListField[list[_I] | None],
        field: BaseField[_I | None],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: SortedListField[list[_I] | None],
        field: BaseField[_I],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: SortedListField[list[_I] | None],
        field: BaseField[_I | None],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: SortedListField[list[_I] | None],
        field: BaseField[_I],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: SortedListField[list[_I]],
        field: BaseField[_I | None],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: SortedListField[list[_I]],
        field: BaseField[_I],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        field: BaseField[Any],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_SortedListField) -> None: ...

class MapField(_MapField[_V_MapField], DictField[_V_MapField]):
    @overload
    def __init__(
        self: MapField[dict[str, _I] | None],
        field: BaseField[_I | None],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: MapField[dict[str, _I] | None],
        field: BaseField[_I],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[True],
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: MapField[dict[str, _I] | None],
        field: BaseField[_I | None],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: MapField[dict[str, _I] | None],
        field: BaseField[_I],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: None,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: MapField[dict[str, _I]],
        field: BaseField[_I | None],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: MapField[dict[str, _I]],
        field: BaseField[_I],
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        field: Any = ...,
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V_MapField) -> None: ...

class EmbeddedDocumentListField(_EmbeddedDocumentListField[EmbeddedDocumentList[_C]], Generic[_C]):
    @overload
    def __init__(
        self,
        document_type: type[_C],
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: EmbeddedDocumentListField[Any],
        document_type: str,
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        document_type: type[Any] | str,
        *,
        max_length: int | None = ...,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: Sequence[_C]) -> None: ...

class SequenceField(_SequenceField[_V]):
    @overload
    def __init__(
        self: SequenceField[_I],
        collection_name: str | None = ...,
        db_alias: str | None = ...,
        sequence_name: str | None = ...,
        *args: Any,
        value_decorator: Callable[[Any], _I],
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: SequenceField[int],
        collection_name: str | None = ...,
        db_alias: str | None = ...,
        sequence_name: str | None = ...,
        value_decorator: None = ...,
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        collection_name: str | None = ...,
        db_alias: str | None = ...,
        sequence_name: str | None = ...,
        value_decorator: Callable[[Any], Any] | None = ...,
        *args: Any,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(self, instance: Any, value: _V | None) -> None: ...

class FileField(_FileField[GridFSProxy]):
    def __set__(
        self, instance: Any, value: GridFSProxy | bytes | str | IO[bytes] | None
    ) -> None: ...

class LazyReferenceField(_LazyReferenceField[_V]):
    @overload
    def __init__(
        self: LazyReferenceField[LazyReference[_C]],
        document_type: type[_C],
        passthrough: bool = ...,
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: _C
        | LazyReference[_C]
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [],
            _C
            | LazyReference[_C]
            | AsyncReferenceProxy
            | DBRef
            | LazyReference[Any]
            | ObjectId
            | UUID
            | int
            | str,
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: LazyReferenceField[LazyReference[_C]],
        document_type: type[_C],
        passthrough: bool = ...,
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | LazyReference[_C]
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [],
            _C
            | LazyReference[_C]
            | AsyncReferenceProxy
            | DBRef
            | LazyReference[Any]
            | ObjectId
            | UUID
            | int
            | str,
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: LazyReferenceField[LazyReference[_C]],
        document_type: type[_C],
        passthrough: bool = ...,
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | LazyReference[_C]
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [],
            _C
            | LazyReference[_C]
            | AsyncReferenceProxy
            | DBRef
            | LazyReference[Any]
            | ObjectId
            | UUID
            | int
            | str,
        ],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: LazyReferenceField[LazyReference[_C] | None],
        document_type: type[_C],
        passthrough: bool = ...,
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | LazyReference[_C]
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [],
            _C
            | LazyReference[_C]
            | AsyncReferenceProxy
            | DBRef
            | LazyReference[Any]
            | ObjectId
            | UUID
            | int
            | str,
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: LazyReferenceField[Any],
        document_type: str,
        passthrough: bool = ...,
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        document_type: type[Any] | str,
        passthrough: bool = ...,
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(
        self,
        instance: Any,
        value: _V | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str,
    ) -> None: ...

class ImageField(_ImageField[ImageGridFsProxy]):
    def __set__(
        self, instance: Any, value: ImageGridFsProxy | bytes | str | IO[bytes] | None
    ) -> None: ...

class GenericReferenceField(_GenericReferenceField[Any]): ...

class ReferenceField(_ReferenceField[_V]):
    @overload
    def __init__(
        self: ReferenceField[_C],
        document_type: type[_C],
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: _C
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [], _C | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ReferenceField[_C],
        document_type: type[_C],
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [], _C | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ReferenceField[_C],
        document_type: type[_C],
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [], _C | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str
        ],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ReferenceField[_C | None],
        document_type: type[_C],
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [], _C | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: ReferenceField[Any],
        document_type: str,
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        document_type: type[Any] | str,
        dbref: bool = ...,
        reverse_delete_rule: int = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(
        self,
        instance: Any,
        value: _V | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str,
    ) -> None: ...

class CachedReferenceField(_CachedReferenceField[_V]):
    @overload
    def __init__(
        self: CachedReferenceField[_C],
        document_type: type[_C],
        fields: Iterable[str] | None = ...,
        auto_sync: bool = ...,
        *,
        db_field: str | None = ...,
        required: Literal[True],
        default: _C
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [], _C | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: CachedReferenceField[_C],
        document_type: type[_C],
        fields: Iterable[str] | None = ...,
        auto_sync: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [], _C | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: Literal[True],
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: CachedReferenceField[_C],
        document_type: type[_C],
        fields: Iterable[str] | None = ...,
        auto_sync: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [], _C | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str
        ],
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: Literal[False] = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: CachedReferenceField[_C | None],
        document_type: type[_C],
        fields: Iterable[str] | None = ...,
        auto_sync: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: _C
        | AsyncReferenceProxy
        | DBRef
        | LazyReference[Any]
        | ObjectId
        | UUID
        | int
        | str
        | Callable[
            [], _C | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str
        ]
        | None = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self: CachedReferenceField[Any],
        document_type: str,
        fields: Iterable[str] | None = ...,
        auto_sync: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    @overload
    def __init__(
        self,
        document_type: type[Any] | str,
        fields: Iterable[str] | None = ...,
        auto_sync: bool = ...,
        *,
        db_field: str | None = ...,
        required: bool = ...,
        default: Any = ...,
        unique: bool = ...,
        unique_with: str | Iterable[str] | None = ...,
        primary_key: bool = ...,
        validation: Callable[[Any], None] | None = ...,
        choices: Iterable[Any] | None = ...,
        null: bool = ...,
        sparse: bool = ...,
        **kwargs: Any,
    ) -> None: ...
    def __set__(
        self,
        instance: Any,
        value: _V | AsyncReferenceProxy | DBRef | LazyReference[Any] | ObjectId | UUID | int | str,
    ) -> None: ...

class GenericLazyReferenceField(_GenericLazyReferenceField[Any]): ...

LongField = IntField
