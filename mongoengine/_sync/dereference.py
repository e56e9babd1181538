# Generated from mongoengine/_async/dereference.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Loading the documents that references point to: one, or whole levels at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bson import DBRef

from mongoengine._sync.collections import open_collection
from mongoengine.base.dereference_paths import Choice
from mongoengine.base.dereference_plan import DereferencePlan, Lookup
from mongoengine.base.loader import load_document
from mongoengine.base.reference_proxy import plain_reference
from mongoengine.errors import DoesNotExist
from mongoengine.state.clients import get_collection
from mongoengine.state.cursors import take
from mongoengine.state.home import alias_of
from mongoengine.state.implicit import reaches
from mongoengine.state.transactions import session_for, using_session

__all__ = (
    "fetch_reference",
    "load_reachable_references",
    "load_references",
    "run_plan",
)

#: Keys in one query. What a query may weigh limits them, and no key weighs more than this allows.
MOST_KEYS = 100_000


def fetch_reference(cls: Any, dbref: DBRef, referrer: str = "") -> Any:
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
    collection = get_collection(alias_of(cls), dbref.collection, call="fetch")
    database = collection.database.name
    if dbref.database is not None and dbref.database != database:
        raise ValueError(
            "trying to dereference a DBRef that points to another database "
            f"({dbref.database!r} not {database!r})"
        )
    with using_session(collection) as session:
        found = collection.find_one({"_id": dbref.id}, session=session)
    if found is None:
        missing = f"Trying to dereference unknown document {plain_reference(dbref)}"
        raise DoesNotExist(f"{missing}, which {referrer} refers to" if referrer else missing)
    return load_document(cls, found)


def load_references(documents: Iterable[Any], choice: Choice) -> None:
    """Put the documents referred to in the place of the references; missing ones stay.

    Args:
        documents: where to look for references.
        choice: which of them to load, and how deep.
    """
    plan = DereferencePlan()
    plan.add_documents(documents, choice)
    run_plan(plan)


def load_reachable_references(documents: Iterable[Any], choice: Choice) -> None:
    """Do as `load_references`, but leave what only calls of the other colour can load."""
    plan = DereferencePlan(lambda cls: reaches(alias_of(cls)))
    plan.add_documents(documents, choice)
    run_plan(plan)


def run_plan(plan: DereferencePlan) -> None:
    """Ask for what a plan needs, level by level, until it needs no more."""
    while lookups := plan.lookups(alias_of):
        for lookup in lookups:
            plan.put(lookup, look_up(lookup))


def look_up(lookup: Lookup) -> list[dict[str, Any]]:
    """Return the stored documents of one lookup, by one query."""
    cls, call = lookup.document_type, "select_related"
    if lookup.collection == cls._get_collection_name():
        collection = open_collection(cls, lookup.alias, lookup.collection, call)
    else:
        collection = get_collection(lookup.alias, lookup.collection, call)
    session, keys = session_for(collection), lookup.keys()
    found: list[dict[str, Any]] = []
    for start in range(0, len(keys), MOST_KEYS):
        some = keys[start : start + MOST_KEYS]
        # One more than can be found: the server closes the cursor with the first batch.
        cursor = collection.find({"_id": {"$in": some}}, batch_size=len(some) + 1, session=session)
        found.extend(take(cursor, one_batch=True))
    return found
