"""Names that MongoEngine's modules also have, and that belong elsewhere in this package.

Other projects import them from there. They are looked up when they are asked for: most
belong to higher floors than the module asked, or to the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

#: The module asked -> where a name belongs -> names.
_NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "mongoengine.base.datastructures": {
        "bson": ("DBRef",),
        "mongoengine.errors": (
            "DoesNotExist",
            "MultipleObjectsReturned",
        ),
        "mongoengine.fields.embedded_lists": ("EmbeddedDocumentList",),
        "mongoengine.fields.loading": (
            "AsyncReferenceProxy",
            "LazyReference",
        ),
    },
    "mongoengine.base.document": {
        "bson": (
            "DBRef",
            "ObjectId",
            "SON",
        ),
        "mongoengine.base.common": ("get_document",),
        "mongoengine.base.datastructures": (
            "BaseDict",
            "BaseList",
            "EmbeddedDocumentList",
            "LazyReference",
            "StrictDict",
        ),
        "mongoengine.base.fields": ("ComplexBaseField",),
        "mongoengine.errors": (
            "FieldDoesNotExist",
            "LookUpError",
        ),
    },
    "mongoengine.base.fields": {
        "bson": (
            "DBRef",
            "ObjectId",
            "SON",
        ),
        "mongoengine.base.common": ("UPDATE_OPERATORS",),
        "mongoengine.base.datastructures": (
            "BaseDict",
            "BaseList",
            "EmbeddedDocumentList",
        ),
        "mongoengine.errors": (
            "DeprecatedError",
            "ValidationError",
        ),
    },
    "mongoengine.base.metaclasses": {
        "mongoengine.base.fields": ("ComplexBaseField",),
        "mongoengine.queryset.base": ("DO_NOTHING",),
        "mongoengine.queryset.manager": ("QuerySetManager",),
    },
    "mongoengine.connection": {
        "mongoengine.pymongo_support": ("PYMONGO_VERSION",),
        "pymongo": ("ReadPreference",),
        "pymongo.driver_info": ("DriverInfo",),
    },
    "mongoengine.context_managers": {
        "mongoengine.connection": ("get_db",),
        "mongoengine.pymongo_support": ("count_documents",),
        "pymongo.read_concern": ("ReadConcern",),
        "pymongo.write_concern": ("WriteConcern",),
    },
    "mongoengine.dereference": {
        "bson": (
            "DBRef",
            "SON",
        ),
        "mongoengine.base.common": (
            "_DocumentRegistry",
            "get_document",
        ),
        "mongoengine.base.datastructures": (
            "EmbeddedDocumentList",
            "LazyReference",
        ),
        "mongoengine.base.metaclasses": ("TopLevelDocumentMetaclass",),
        "mongoengine.connection": (
            "_get_session",
            "get_db",
        ),
        "mongoengine.document": (
            "Document",
            "EmbeddedDocument",
        ),
        "mongoengine.fields": (
            "DictField",
            "ListField",
            "MapField",
        ),
        "mongoengine.queryset": ("QuerySet",),
    },
    "mongoengine.document": {
        "bson": ("DBRef",),
        "mongoengine.base.common": ("get_document",),
        "mongoengine.base.datastructures": (
            "BaseDict",
            "BaseList",
            "EmbeddedDocumentList",
        ),
        "mongoengine.base.document": ("BaseDocument",),
        "mongoengine.connection": (
            "DEFAULT_CONNECTION_NAME",
            "get_db",
        ),
        "mongoengine.context_managers": (
            "set_write_concern",
            "switch_collection",
            "switch_db",
        ),
        "mongoengine.errors": (
            "InvalidDocumentError",
            "InvalidQueryError",
            "SaveConditionError",
        ),
        "mongoengine.pymongo_support": ("list_collection_names",),
        "pymongo": ("ReadPreference",),
    },
    "mongoengine.fields": {
        "bson": (
            "Binary",
            "DBRef",
            "Decimal128",
            "Int64",
            "ObjectId",
            "SON",
        ),
        "bson.decimal128": ("create_decimal128_context",),
        "mongoengine.base.common": (
            "_DocumentRegistry",
            "get_document",
        ),
        "mongoengine.base.datastructures": ("LazyReference",),
        "mongoengine.base.utils": ("LazyRegexCompiler",),
        "mongoengine.common": ("_import_class",),
        "mongoengine.connection": (
            "DEFAULT_CONNECTION_NAME",
            "_get_session",
            "get_db",
        ),
        "mongoengine.document": (
            "Document",
            "EmbeddedDocument",
        ),
        "mongoengine.errors": (
            "DoesNotExist",
            "InvalidQueryError",
            "ValidationError",
        ),
        "mongoengine.queryset.base": ("BaseQuerySet",),
        "mongoengine.queryset.operators": ("STRING_OPERATORS",),
        "pymongo": ("ReturnDocument",),
    },
    "mongoengine.mongodb_support": {
        "mongoengine.connection": ("get_connection",),
    },
    "mongoengine.pymongo_support": {
        "pymongo.errors": ("OperationFailure",),
    },
    "mongoengine.queryset.base": {
        "bson": (
            "Code",
            "SON",
        ),
        "mongoengine.base.common": ("get_document",),
        "mongoengine.connection": ("get_db",),
        "mongoengine.context_managers": (
            "no_dereferencing_active_for_class",
            "set_read_write_concern",
            "set_write_concern",
            "switch_db",
        ),
        "mongoengine.errors": (
            "BulkWriteError",
            "InvalidQueryError",
            "LookUpError",
            "NotUniqueError",
            "OperationError",
        ),
        "mongoengine.pymongo_support": (
            "LEGACY_JSON_OPTIONS",
            "count_documents",
        ),
        "mongoengine.queryset.field_list": ("QueryFieldList",),
        "mongoengine.queryset.visitor": (
            "Q",
            "QNode",
        ),
        "pymongo": ("ReturnDocument",),
        "pymongo.common": ("validate_read_preference",),
        "pymongo.read_concern": ("ReadConcern",),
    },
    "mongoengine.queryset.queryset": {
        "mongoengine.errors": ("OperationError",),
    },
    "mongoengine.queryset.transform": {
        "bson": (
            "DBRef",
            "ObjectId",
            "SON",
        ),
        "mongoengine.errors": ("InvalidQueryError",),
    },
}


class LateModule:
    """Stands for a module that is imported when something of it is first asked for.

    Args:
        name: full name of the module.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


def origins_of(module: str) -> dict[str, str]:
    """Return where the names belong that a module has besides its own.

    Args:
        module: full name of the module.
    """
    return {name: origin for origin, names in _NAMES[module].items() for name in names}


def reexports_of(module: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a module: it finds the names that belong elsewhere.

    Args:
        module: full name of the module.
    """
    origins = origins_of(module)

    def find(name: str) -> Any:
        if name not in origins:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return getattr(import_module(origins[name]), name)

    return find
