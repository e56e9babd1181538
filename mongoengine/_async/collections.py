"""From a document class to the driver's collection, made ready on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pymongo.errors import CollectionInvalid, OperationFailure

from mongoengine.base.collection_options import (
    check_capped,
    is_gone_meanwhile,
    is_there_already,
    key_of,
    required_indexes,
    special_options,
)
from mongoengine.base.schema import overrides_library
from mongoengine.base.verbs import verb
from mongoengine.state.clients import async_get_database
from mongoengine.state.home import alias_of, at_home
from mongoengine.state.preparation import async_preparing, is_prepared
from mongoengine.state.transactions import (
    puts_off_preparation,
    refuse_creation,
    using_session,
)

if TYPE_CHECKING:
    from pymongo.asynchronous.collection import AsyncCollection
    from pymongo.asynchronous.database import AsyncDatabase

__all__ = (
    "async_create_indexes",
    "async_create_special",
    "async_database_of",
    "async_open_collection",
)


_ATTEMPTS = 3


async def async_database_of(cls: Any, alias: str, call: str) -> AsyncDatabase[dict[str, Any]]:
    """Return the database of a class; one whose class says where it is itself is asked.

    Args:
        cls: the document class.
        alias: the connection to look in; another than its own passes its answer over.
        call: the verb it is needed for.

    Raises:
        RuntimeError: the alias is open in the other colour only.
    """
    if overrides_library(cls, "_async_get_db") and alias == alias_of(cls):
        database: AsyncDatabase[dict[str, Any]] = await verb(cls, "_async_get_db")()
        return database
    return await async_get_database(alias, call)


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
        OperationError: a transaction is open, and the collection is of a kind that has to be
            created before it.
        RuntimeError: the alias is open in the other colour only.
    """
    collection = (await async_database_of(cls, alias, call))[name]
    client = collection.database.client
    key = key_of(cls, collection)
    if is_prepared(client, key):
        return collection
    if puts_off_preparation(collection):
        if special_options(cls._meta):
            refuse_creation(collection, cls.__name__)
        return collection
    async with async_preparing(client, key) as needed:
        if needed:
            # An override of the user's, too, is to find the collection meant here.
            with at_home(cls, alias, name):
                await async_prepare(cls, collection)
    return collection


async def async_prepare(cls: Any, collection: AsyncCollection[dict[str, Any]]) -> None:
    """Create a collection and its indexes; once more if another process drops it meanwhile.

    Raises:
        OperationFailure: the server refuses.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        await async_create_special(cls, collection)
        if not cls._meta.get("auto_create_index", True):
            return
        if not await collection.database.client.is_primary:
            return
        try:
            await verb(cls, "async_ensure_indexes")()
            return
        except OperationFailure as error:
            if attempt == _ATTEMPTS or not is_gone_meanwhile(error):
                raise


async def async_create_special(cls: Any, collection: AsyncCollection[dict[str, Any]]) -> None:
    """Create a capped or time series collection that does not exist yet.

    Raises:
        InvalidCollectionError: it exists, capped otherwise.
    """
    options = special_options(cls._meta)
    if not options:
        return
    database = collection.database
    with using_session(database) as session:
        try:
            await database.create_collection(collection.name, session=session, **options)
        except (CollectionInvalid, OperationFailure) as error:
            # Found by the driver before it asked, or made by another process since.
            if not is_there_already(error):
                raise
            if "capped" in options:
                check_capped(cls, await collection.options(session=session))


async def async_create_indexes(cls: Any, collection: AsyncCollection[dict[str, Any]]) -> None:
    """Create all indexes of a class on a collection."""
    for keys, options in required_indexes(cls):
        with using_session(collection) as session:
            await collection.create_index(keys, session=session, **options)
