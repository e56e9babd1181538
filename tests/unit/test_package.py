"""What ``import mongoengine`` offers."""

from __future__ import annotations

import importlib

import pytest

import mongoengine
from mongoengine import connection, document, errors, fields, queryset, signals


@pytest.mark.parametrize(
    "name",
    [
        *("base", "base.common", "base.datastructures", "base.document", "base.fields"),
        *("base.metaclasses", "base.utils", "common", "connection", "context_managers"),
        *("dereference", "document", "errors", "fields", "mongodb_support", "pymongo_support"),
        *("queryset", "queryset.base", "queryset.field_list", "queryset.manager"),
        *("queryset.queryset", "queryset.transform", "queryset.visitor", "signals"),
    ],
)
def test_every_module_of_mongoengine_can_be_imported(name: str) -> None:
    module = importlib.import_module(f"mongoengine.{name}")

    assert all(hasattr(module, exported) for exported in getattr(module, "__all__", ()))


def test_the_package_exports_what_its_modules_export_in_their_order() -> None:
    parts = (document, fields, connection, queryset, signals, errors)
    assert list(mongoengine.__all__) == [name for part in parts for name in part.__all__]
    assert all(hasattr(mongoengine, name) for name in mongoengine.__all__)


def test_context_managers_are_imported_from_their_module() -> None:
    assert "switch_db" not in mongoengine.__all__
    assert not hasattr(mongoengine, "switch_db")
    assert mongoengine.context_managers.switch_db


def test_signals_of_bulk_inserts_are_attributes_of_their_module_only() -> None:
    assert signals.pre_bulk_insert
    assert not {"pre_bulk_insert", "post_bulk_insert"} & set(mongoengine.__all__)


def test_documents_are_exported_with_the_errors_they_raise() -> None:
    assert set(document.__all__) == {
        *("Document", "EmbeddedDocument", "DynamicDocument", "DynamicEmbeddedDocument"),
        *("MapReduceDocument", "OperationError", "InvalidCollectionError", "NotUniqueError"),
    }


def test_the_version_is_a_tuple_and_a_text() -> None:
    assert mongoengine.get_version() == mongoengine.__version__
    assert mongoengine.__version__ == ".".join(str(part) for part in mongoengine.VERSION)
