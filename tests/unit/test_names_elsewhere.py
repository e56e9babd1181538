"""Names that belong elsewhere, but that MongoEngine's modules have and others import there."""

from __future__ import annotations

import importlib
import types

import pytest

import mongoengine
from mongoengine._reexports import reexports_of

# What `dir()` of the modules of MongoEngine 0.29.3 shows, less modules, less names of Python's
# own library, of Pillow and of dateutil, and less what `__all__` has anyway.
RELEASED = {
    "mongoengine": """
        VERSION get_version
    """,
    "mongoengine.base": """
        NON_FIELD_ERRORS StrictDict get_document
    """,
    "mongoengine.base.common": """
        NotRegistered get_document
    """,
    "mongoengine.base.datastructures": """
        DBRef DoesNotExist MultipleObjectsReturned mark_as_changed_wrapper
        mark_key_as_changed_wrapper
    """,
    "mongoengine.base.document": """
        BaseDict BaseList ComplexBaseField DBRef EmbeddedDocumentList FieldDoesNotExist
        InvalidDocumentError LEGACY_JSON_OPTIONS LazyReference LookUpError ObjectId
        OperationError SON StrictDict ValidationError get_document
    """,
    "mongoengine.base.fields": """
        BaseDict BaseList DBRef DeprecatedError EmbeddedDocumentList ObjectId SON
        UPDATE_OPERATORS ValidationError
    """,
    "mongoengine.base.metaclasses": """
        BaseField ComplexBaseField DO_NOTHING DoesNotExist InvalidDocumentError
        MultipleObjectsReturned ObjectIdField QuerySetManager
    """,
    "mongoengine.base.utils": """
        LazyRegexCompiler
    """,
    "mongoengine.connection": """
        DEFAULT_HOST DEFAULT_PORT DriverInfo MongoClient PYMONGO_VERSION READ_PREFERENCE
        ReadPreference
    """,
    "mongoengine.context_managers": """
        DEFAULT_CONNECTION_NAME MyThreadLocals ReadConcern WriteConcern count_documents get_db
        thread_locals
    """,
    "mongoengine.dereference": """
        BaseDict BaseList DBRef DictField Document EmbeddedDocument EmbeddedDocumentList
        LazyReference ListField MapField QuerySet ReferenceField SON TopLevelDocumentMetaclass
        get_db get_document
    """,
    "mongoengine.document": """
        BaseDict BaseDocument BaseList DBRef DEFAULT_CONNECTION_NAME DocumentMetaclass
        EmbeddedDocumentList InvalidDocumentError InvalidQueryError QuerySet ReadPreference
        SaveConditionError TopLevelDocumentMetaclass get_db get_document includes_cls
        list_collection_names set_write_concern switch_collection switch_db
    """,
    "mongoengine.errors": """
        MongoEngineException
    """,
    "mongoengine.fields": """
        BaseDocument BaseField BaseQuerySet Binary ComplexBaseField DBRef
        DEFAULT_CONNECTION_NAME DO_NOTHING Decimal128 Document DoesNotExist EmbeddedDocument
        Int64 InvalidQueryError LazyReference LazyRegexCompiler ObjectId
        RECURSIVE_REFERENCE_CONSTANT ReturnDocument SON STRING_OPERATORS ValidationError
        create_decimal128_context get_db get_document key_not_string key_starts_with_dollar
    """,
    "mongoengine.mongodb_support": """
        MONGODB_34 MONGODB_36 MONGODB_42 MONGODB_44 MONGODB_50 MONGODB_60 MONGODB_70
        get_connection get_mongodb_version
    """,
    "mongoengine.pymongo_support": """
        LEGACY_JSON_OPTIONS OperationFailure PYMONGO_VERSION count_documents
        list_collection_names
    """,
    "mongoengine.queryset": """
        BulkWriteError DeprecatedError FieldDoesNotExist InvalidDocumentError LookUpError
        NotRegistered QNode STRING_OPERATORS SaveConditionError ValidationError query update
    """,
    "mongoengine.queryset.base": """
        BulkWriteError Code InvalidQueryError LEGACY_JSON_OPTIONS LookUpError NotUniqueError
        OperationError Q QNode QueryFieldList ReadConcern ReturnDocument SON count_documents
        get_db get_document no_dereferencing_active_for_class set_read_write_concern
        set_write_concern switch_db validate_read_preference
    """,
    "mongoengine.queryset.manager": """
        QuerySet
    """,
    "mongoengine.queryset.queryset": """
        BaseQuerySet ITER_CHUNK_SIZE OperationError REPR_OUTPUT_SIZE
    """,
    "mongoengine.queryset.transform": """
        COMPARISON_OPERATORS CUSTOM_OPERATORS DBRef GEO_OPERATORS InvalidQueryError
        MATCH_OPERATORS ObjectId SON UPDATE_OPERATORS handle_raw_query
    """,
    "mongoengine.queryset.visitor": """
        DuplicateQueryConditionsError InvalidQueryError QCombination QNodeVisitor
        QueryCompilerVisitor SimplificationVisitor warn_empty_is_deprecated
    """,
    "mongoengine.signals": """
        Namespace post_bulk_insert pre_bulk_insert signals_available
    """,
}


@pytest.mark.parametrize("module", sorted(RELEASED))
def test_names_the_latest_release_has_can_be_imported(module: str) -> None:
    offered = importlib.import_module(module)

    assert [name for name in RELEASED[module].split() if not hasattr(offered, name)] == []


@pytest.mark.parametrize(
    ("module", "name", "same"),
    [
        ("mongoengine.document", "BaseDocument", mongoengine.base.BaseDocument),
        ("mongoengine.base.fields", "ValidationError", mongoengine.ValidationError),
        ("mongoengine.base.metaclasses", "QuerySetManager", mongoengine.QuerySetManager),
        ("mongoengine.queryset.base", "Q", mongoengine.Q),
    ],
)
def test_a_name_is_the_same_thing_wherever_it_is_imported_from(
    module: str, name: str, same: object
) -> None:
    assert getattr(importlib.import_module(module), name) is same


def test_no_module_answers_to_names_it_never_had() -> None:
    for module in RELEASED:
        assert isinstance(offered := importlib.import_module(module), types.ModuleType)
        assert not hasattr(offered, "nothing_is_called_so")


def test_what_is_missing_is_named_with_the_module_that_was_asked() -> None:
    with pytest.raises(AttributeError, match=r"'mongoengine.document' has no attribute 'Nothing'"):
        reexports_of("mongoengine.document")("Nothing")
