"""Loading the documents that references point to: one, or whole levels at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bson import DBRef

from mongoengine._async.collections import async_open_collection
from mongoengine.base.dereference_paths import Choice
from mongoengine.base.dereference_plan import DereferencePlan, Lookup
from mongoengine.base.loader import load_document
from mongoengine.base.reference_proxy import plain_reference
from mongoengine.errors import DoesNotExist
from mongoengine.state.clients import async_get_collection
from mongoengine.state.cursors import async_take
from mongoengine.state.home import alias_of
from mongoengine.state.implicit import async_reaches
from mongoengine.state.transactions import session_for, using_session

__all__ = (
    "async_fetch_reference",
    "async_load_reachable_references",
    "async_load_references",
    "async_run_plan",
)

#: Keys in one query. What a query may weigh limits them, and no key weighs more than this allows.
MOST_KEYS = 100_000


async def async_fetch_reference(cls: Any, dbref: DBRef, referrer: str = "") -> Any:
    """Return the document a reference points to.

    Args:
        cls: class to load it as; it is looked for in the database of that class.
        dbref: names the collection and the key.
        referrer: class and field the reference was read from, for the error.

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
    with using_session(collection) as session:
        found = await collection.find_one({"_id": dbref.id}, session=session)
    if found is None:
        missing = f"Trying to dereference unknown document {plain_reference(dbref)}"
        raise DoesNotExist(f"{missing}, which {referrer} refers to" if referrer else missing)
    return load_document(cls, found)


async def async_load_references(documents: Iterable[Any], choice: Choice) -> None:
    """Put the documents referred to in the place of the references; missing ones stay.

    Args:
        documents: where to look for references.
        choice: which of them to load, and how deep.
    """
    plan = DereferencePlan()
    plan.add_documents(documents, choice)
    await async_run_plan(plan)


async def async_load_reachable_references(documents: Iterable[Any], choice: Choice) -> None:
    """Do as `async_load_references`, but leave what only calls of the other colour can load."""
    plan = DereferencePlan(lambda cls: async_reaches(alias_of(cls)))
    plan.add_documents(documents, choice)
    await async_run_plan(plan)


async def async_run_plan(plan: DereferencePlan) -> None:
    """Ask for what a plan needs, level by level, until it needs no more."""
    while lookups := plan.lookups(alias_of):
        for lookup in lookups:
            plan.put(lookup, await async_look_up(lookup))


async def async_look_up(lookup: Lookup) -> list[dict[str, Any]]:
    """Return the stored documents of one lookup, by one query."""
    cls, call = lookup.document_type, "async_select_related"
    if lookup.collection == cls._get_collection_name():
        collection = await async_open_collection(cls, lookup.alias, lookup.collection, call)
    else:
        collection = await async_get_collection(lookup.alias, lookup.collection, call)
    session, keys = session_for(collection), lookup.keys()
    found: list[dict[str, Any]] = []
    for start in range(0, len(keys), MOST_KEYS):
        some = keys[start : start + MOST_KEYS]
        # One more than can be found: the server closes the cursor with the first batch.
        cursor = collection.find({"_id": {"$in": some}}, batch_size=len(some) + 1, session=session)
        found.extend(await async_take(cursor, one_batch=True))
    return found
