# Generated from mongoengine/_async/collections.py; do not edit.
# To write it again: python tools/generate_sync.py
"""From a document class to the driver's collection, made ready on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mongoengine.base.collection_options import (
    capped_options,
    check_capped,
    key_of,
    required_indexes,
    timeseries_options,
)
from mongoengine.state.clients import get_collection, get_database
from mongoengine.state.preparation import is_prepared, preparing
from mongoengine.state.transactions import (
    puts_off_preparation,
    session_for,
    session_for_database,
)

if TYPE_CHECKING:
    from pymongo.synchronous.collection import Collection

__all__ = ("open_collection", "create_indexes", "create_special")


def open_collection(cls: Any, alias: str, name: str, call: str) -> Collection[dict[str, Any]]:
    """Return the collection a class is stored in, created and indexed.

    Args:
        cls: the document class.
        alias: the connection to look in.
        name: the collection's name.
        call: the verb it is needed for.

    Raises:
        RuntimeError: the alias is open in the other colour only.
    """
    collection = get_collection(alias, name, call)
    client = collection.database.client
    key = key_of(cls, collection)
    if is_prepared(client, key) or puts_off_preparation(collection):
        return collection
    with preparing(client, key) as needed:
        if needed:
            create_special(cls, alias, name, call)
            if cls._meta.get("auto_create_index", True) and client.is_primary:
                create_indexes(cls, collection)
    return collection


def create_special(cls: Any, alias: str, name: str, call: str) -> None:
    """Create a capped or time series collection that does not exist yet.

    Raises:
        InvalidCollectionError: it exists, capped otherwise.
    """
    options = capped_options(cls._meta) or timeseries_options(cls._meta)
    if not options:
        return
    database = get_database(alias, call)
    session = session_for_database(database)
    if name in database.list_collection_names(session=session):
        if "capped" in options:
            check_capped(cls, database[name].options(session=session))
        return
    database.create_collection(name, session=session, **options)


def create_indexes(cls: Any, collection: Collection[dict[str, Any]]) -> None:
    """Create all indexes of a class on a collection."""
    for keys, options in required_indexes(cls):
        collection.create_index(keys, session=session_for(collection), **options)
