"""Keeping the copies of cached references up to date."""

from __future__ import annotations

from typing import Any

from mongoengine.base.fields.cached_references import synced_fields
from mongoengine.base.fields.references import key_field
from mongoengine.base.verbs import verb
from mongoengine.state.transactions import using_session

__all__ = ("AsyncCachedReferenceIO", "async_update_copies")


class AsyncCachedReferenceIO:
    """What a cached reference does with the server."""

    __slots__ = ()

    async def async_sync_all(self: Any) -> None:
        """Write all copies anew, by one update for each document referred to."""
        async for document in self.document_type.objects.no_cache():
            stored = self.to_mongo(document)
            await self._async_update_holders(document, {"$set": {self.db_field: stored}})

    async def _async_update_holders(self: Any, document: Any, update: dict[str, Any]) -> None:
        """Update the documents that hold a copy of a document."""
        key = key_field(type(document)).to_mongo(document.pk)
        for holder in self._holders:
            collection = await verb(holder, "_async_get_collection")()
            with using_session(collection) as session:
                await collection.update_many({f"{self.db_field}._id": key}, update, session=session)


async def async_update_copies(document: Any) -> None:
    """Bring the copies of a document up to date that was saved with changes.

    Args:
        document: the document, its changes not yet cleared.
    """
    for field in synced_fields(type(document)):
        update = field.cache_update(document)
        if update:
            await field._async_update_holders(document, update)
