"""What depends on the driver: its version, the JSON options of old, counting, listing collections.

An import path of upstream's. The constants are for every floor; the functions do I/O, so
their work is done by the twins, which are imported when one is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pymongo
from bson import binary, json_util

from mongoengine._reexports import reexports_of

PYMONGO_VERSION = tuple(pymongo.version_tuple[:2])

LEGACY_JSON_OPTIONS = json_util.LEGACY_JSON_OPTIONS.with_options(
    uuid_representation=binary.UuidRepresentation.PYTHON_LEGACY,
)


def count_documents(
    collection: Any,
    filter: Any,
    skip: int | None = None,
    limit: int | None = None,
    hint: Any = None,
    collation: Any = None,
) -> int:
    """Return how many documents of a collection match.

    Args:
        collection: The collection.
        filter: The filter, as the server takes it.
        skip: How many matching documents not to count.
        limit: The most to count; 0 counts none.
        hint: The index to use.
        collation: The collation to compare strings by.
    """
    twins = _twins("_sync")
    result: int = twins.count_documents(collection, filter, skip, limit, hint, collation)
    return result


async def async_count_documents(
    collection: Any,
    filter: Any,
    skip: int | None = None,
    limit: int | None = None,
    hint: Any = None,
    collation: Any = None,
) -> int:
    """Return how many documents of an async collection match (see `count_documents`)."""
    counting = _twins("_async").async_count_documents
    result: int = await counting(collection, filter, skip, limit, hint, collation)
    return result


def list_collection_names(db: Any, include_system_collections: bool = False) -> list[str]:
    """Return the names of a database's collections, those of the server's own on request."""
    result: list[str] = _twins("_sync").list_collection_names(db, include_system_collections)
    return result


async def async_list_collection_names(
    db: Any, include_system_collections: bool = False
) -> list[str]:
    """Return the names of an async database's collections (see `list_collection_names`)."""
    listing = _twins("_async").async_list_collection_names
    result: list[str] = await listing(db, include_system_collections)
    return result


def _twins(package: str) -> Any:
    # By name and late: the module is three floors up, and imports this one.
    return import_module(f"mongoengine.{package}.commands")


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
