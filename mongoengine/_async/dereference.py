"""Loading the documents that references point to."""

from __future__ import annotations

from typing import Any

from bson import DBRef

from mongoengine.base.loader import load_document
from mongoengine.errors import DoesNotExist
from mongoengine.state.clients import async_get_collection
from mongoengine.state.home import alias_of
from mongoengine.state.transactions import session_for

__all__ = ("async_fetch_reference",)


async def async_fetch_reference(cls: Any, dbref: DBRef) -> Any:
    """Return the document a reference points to.

    Args:
        cls: class to load it as; it is looked for in the database of that class.
        dbref: names the collection and the key.

    Raises:
        DoesNotExist: there is no such document.
        ValueError: the reference names another database.
        RuntimeError: the alias of the class is open in the other colour only.
    """
    collection = await async_get_collection(alias_of(cls), dbref.collection, call="async_fetch")
    database = collection.database.name
    if dbref.database is not None and dbref.database != database:
        raise ValueError(
            "trying to dereference a DBRef that points to another database "
            f"({dbref.database!r} not {database!r})"
        )
    found = await collection.find_one({"_id": dbref.id}, session=session_for(collection))
    if found is None:
        raise DoesNotExist(f"Trying to dereference unknown document {dbref}")
    return load_document(cls, found)
