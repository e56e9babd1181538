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
from mongoengine.state.clients import async_get_database
from mongoengine.state.home import home_of
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME

__all__ = ("async_examine_connection", "async_examine_model")


async def async_examine_connection(alias: str = DEFAULT_CONNECTION_NAME) -> ConnectionReport:
    """Ask the server behind an alias what it is and can do.

    Args:
        alias: the alias.

    Raises:
        ConnectionFailure: the alias is not defined.
        PyMongoError: the server cannot be reached, or refuses to answer.
    """
    database = await async_get_database(alias, "async_examine_connection")
    hello = await database.command("hello")
    return report_connection(alias, database, hello, await database.command("buildInfo"))


async def async_examine_model(cls: Any) -> ModelReport:
    """Compare a document class with its collection.

    Args:
        cls: a document class that has a collection.

    Raises:
        ConnectionFailure: its alias is not defined.
        PyMongoError: the server cannot be reached, or refuses to answer.
    """
    alias, name = home_of(cls)
    database = await async_get_database(alias, "async_examine_model")
    full_name = f"{database.name}.{name}"
    required = await verb(cls, "async_list_indexes")()
    if name not in await database.list_collection_names(filter={"name": name}):
        return report_model(cls, full_name, None, {}, required)
    documents = await database[name].estimated_document_count()
    existing = await database[name].index_information()
    return report_model(cls, full_name, documents, existing, required)
