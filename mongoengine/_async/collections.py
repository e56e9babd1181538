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
from mongoengine.state.clients import async_get_collection, async_get_database
from mongoengine.state.preparation import async_preparing, is_prepared
from mongoengine.state.transactions import (
    puts_off_preparation,
    session_for,
    session_for_database,
)

if TYPE_CHECKING:
    from pymongo.asynchronous.collection import AsyncCollection

__all__ = ("async_open_collection", "async_create_indexes", "async_create_special")


async def async_open_collection(
    cls: Any, alias: str, name: str, call: str
) -> AsyncCollection[dict[str, Any]]:
    """Return the collection a class is stored in, created and indexed.

    Args:
        cls: the document class.
        alias: the connection to look in.
        name: the collection's name.
        call: the verb it is needed for.

    Raises:
        RuntimeError: the alias is open in the other colour only.
    """
    collection = await async_get_collection(alias, name, call)
    client = collection.database.client
    key = key_of(cls, collection)
    if is_prepared(client, key) or puts_off_preparation(collection):
        return collection
    async with async_preparing(client, key) as needed:
        if needed:
            await async_create_special(cls, alias, name, call)
            if cls._meta.get("auto_create_index", True) and await client.is_primary:
                await async_create_indexes(cls, collection)
    return collection


async def async_create_special(cls: Any, alias: str, name: str, call: str) -> None:
    """Create a capped or time series collection that does not exist yet.

    Raises:
        InvalidCollectionError: it exists, capped otherwise.
    """
    options = capped_options(cls._meta) or timeseries_options(cls._meta)
    if not options:
        return
    database = await async_get_database(alias, call)
    session = session_for_database(database)
    if name in await database.list_collection_names(session=session):
        if "capped" in options:
            check_capped(cls, await database[name].options(session=session))
        return
    await database.create_collection(name, session=session, **options)


async def async_create_indexes(cls: Any, collection: AsyncCollection[dict[str, Any]]) -> None:
    """Create all indexes of a class on a collection."""
    for keys, options in required_indexes(cls):
        await collection.create_index(keys, session=session_for(collection), **options)
