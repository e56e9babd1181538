# Generated from mongoengine/_async/cached_references.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Keeping the copies of cached references up to date."""

from __future__ import annotations

from typing import Any

from mongoengine.base.fields.cached_references import synced_fields
from mongoengine.base.fields.references import key_field
from mongoengine.base.verbs import verb
from mongoengine.state.transactions import using_session

__all__ = ("SyncCachedReferenceIO", "update_copies")


class SyncCachedReferenceIO:
    """What a cached reference does with the server."""

    __slots__ = ()

    def sync_all(self: Any) -> None:
        """Write all copies anew, by one update for each document referred to."""
        for document in self.document_type.objects.no_cache():
            stored = self.to_mongo(document)
            self._update_holders(document, {"$set": {self.db_field: stored}})

    def _update_holders(self: Any, document: Any, update: dict[str, Any]) -> None:
        """Update the documents that hold a copy of a document."""
        key = key_field(type(document)).to_mongo(document.pk)
        for holder in self._holders:
            collection = verb(holder, "_get_collection")()
            with using_session(collection) as session:
                collection.update_many({f"{self.db_field}._id": key}, update, session=session)


def update_copies(document: Any) -> None:
    """Bring the copies of a document up to date that was saved with changes.

    Args:
        document: the document, its changes not yet cleared.
    """
    for field in synced_fields(type(document)):
        update = field.cache_update(document)
        if update:
            field._update_holders(document, update)
