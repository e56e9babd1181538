# Generated from mongoengine/_async/commands.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Small commands that belong to no document: counting, listing collections, the server's version.

Twins floor. Public as ``mongoengine.pymongo_support`` and ``mongoengine.mongodb_support``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mongoengine.state.clients import get_client
from mongoengine.state.ownership import require_own
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME
from mongoengine.state.transactions import refuse_in_transaction, using_session

if TYPE_CHECKING:
    from pymongo.synchronous.collection import Collection
    from pymongo.synchronous.database import Database


def count_documents(
    collection: Collection[Any],
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
    require_own(collection, "count_documents")
    if limit == 0:
        # To the server a limit of 0 would mean none at all.
        return 0
    given = {"skip": skip, "limit": limit, "hint": hint, "collation": collation}
    options = {option: value for option, value in given.items() if value is not None}
    return count_matching(collection, filter or {}, options)


def count_matching(
    collection: Collection[Any], query: Mapping[str, Any], options: Mapping[str, Any]
) -> int:
    """Return how many documents match; the collection's own count where nothing is asked for.

    Args:
        collection: The collection.
        query: The filter, as the server takes it.
        options: Options of the driver's ``count_documents``.
    """
    with using_session(collection) as session:
        if not query and not options and session is None:
            return collection.estimated_document_count()
        return collection.count_documents(query, session=session, **options)


def list_collection_names(db: Database[Any], include_system_collections: bool = False) -> list[str]:
    """Return the names of a database's collections, those of the server's own on request.

    Raises:
        OperationError: A transaction is open.
        RuntimeError: The database is of the other colour.
    """
    require_own(db, "list_collection_names")
    refuse_in_transaction(db, "list_collection_names")
    with using_session(db) as session:
        names = db.list_collection_names(session=session)
    return [name for name in names if include_system_collections or not name.startswith("system.")]


def get_mongodb_version(alias: str = DEFAULT_CONNECTION_NAME) -> tuple[int, int]:
    """Return the version of the server behind ``alias``, as major and minor number."""
    client = get_client(alias, call="get_mongodb_version")
    major, minor = client.server_info()["versionArray"][:2]
    return major, minor
