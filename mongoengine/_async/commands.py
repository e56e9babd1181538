"""Small commands that belong to no document: counting, listing collections, the server's version.

Twins floor. Public as ``mongoengine.pymongo_support`` and ``mongoengine.mongodb_support``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mongoengine.state.clients import async_get_client
from mongoengine.state.ownership import async_require_own
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME
from mongoengine.state.transactions import refuse_in_transaction, using_session

if TYPE_CHECKING:
    from pymongo.asynchronous.collection import AsyncCollection
    from pymongo.asynchronous.database import AsyncDatabase


async def async_count_documents(
    collection: AsyncCollection[Any],
    filter: Any,
    skip: int | None = None,
    limit: int | None = None,
    hint: Any = None,
    collation: Any = None,
) -> int:
    """Return how many documents of a collection match.

    Without filter, options and session that is the collection's own count, which costs
    nothing; it may be off after an unclean shutdown of the server, and on sharded clusters.

    Args:
        collection: The collection.
        filter: The filter, as the server takes it.
        skip: How many matching documents not to count.
        limit: The most to count; 0 counts none.
        hint: The index to use.
        collation: The collation to compare strings by.

    Raises:
        RuntimeError: The collection is of the other colour.
    """
    await async_require_own(collection, "async_count_documents")
    if limit == 0:
        # To the server a limit of 0 would mean none at all.
        return 0
    given = {"skip": skip, "limit": limit, "hint": hint, "collation": collation}
    options = {option: value for option, value in given.items() if value is not None}
    return await async_count_matching(collection, filter or {}, options)


async def async_count_matching(
    collection: AsyncCollection[Any], query: Mapping[str, Any], options: Mapping[str, Any]
) -> int:
    """Return how many documents match; the collection's own count where nothing is asked for.

    Args:
        collection: The collection.
        query: The filter, as the server takes it.
        options: Options of the driver's ``count_documents``.
    """
    with using_session(collection) as session:
        if not query and not options and session is None:
            return await collection.estimated_document_count()
        return await collection.count_documents(query, session=session, **options)


async def async_list_collection_names(
    db: AsyncDatabase[Any], include_system_collections: bool = False
) -> list[str]:
    """Return the names of a database's collections, those of the server's own on request.

    Raises:
        OperationError: A transaction is open.
        RuntimeError: The database is of the other colour.
    """
    await async_require_own(db, "async_list_collection_names")
    refuse_in_transaction(db, "async_list_collection_names")
    with using_session(db) as session:
        names = await db.list_collection_names(session=session)
    return [name for name in names if include_system_collections or not name.startswith("system.")]


async def async_get_mongodb_version(alias: str = DEFAULT_CONNECTION_NAME) -> tuple[int, int]:
    """Return the version of the server behind ``alias``, as major and minor number."""
    client = await async_get_client(alias, call="async_get_mongodb_version")
    major, minor = (await client.server_info())["versionArray"][:2]
    return major, minor
