# Generated from mongoengine/_async/diagnosis.py; do not edit.
# To write it again: python tools/generate_sync.py
"""The questions of a health check. They change nothing: no collection, no index is made."""

from __future__ import annotations

from typing import Any

from mongoengine.base.diagnosis import (
    ConnectionReport,
    ModelReport,
    report_connection,
    report_model,
)
from mongoengine.base.verbs import verb
from mongoengine.state.clients import get_database
from mongoengine.state.home import home_of
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME

__all__ = ("examine_connection", "examine_model")


def examine_connection(alias: str = DEFAULT_CONNECTION_NAME) -> ConnectionReport:
    """Ask the server behind an alias what it is and can do.

    Args:
        alias: the alias.

    Raises:
        ConnectionFailure: the alias is not defined.
        PyMongoError: the server cannot be reached, or refuses to answer.
    """
    database = get_database(alias, "examine_connection")
    hello = database.command("hello")
    return report_connection(alias, database, hello, database.command("buildInfo"))


def examine_model(cls: Any) -> ModelReport:
    """Compare a document class with its collection.

    Args:
        cls: a document class that has a collection.

    Raises:
        ConnectionFailure: its alias is not defined.
        PyMongoError: the server cannot be reached, or refuses to answer.
    """
    alias, name = home_of(cls)
    database = get_database(alias, "examine_model")
    full_name = f"{database.name}.{name}"
    required = verb(cls, "list_indexes")()
    if name not in database.list_collection_names(filter={"name": name}):
        return report_model(cls, full_name, None, {}, required)
    documents = database[name].estimated_document_count()
    existing = database[name].index_information()
    return report_model(cls, full_name, documents, existing, required)
