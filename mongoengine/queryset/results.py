"""Which results of a queryset are known already, when it has to be asked again.

Model floor, pure. A loop that is left early closes its cursor; the next loop asks anew and
must neither lose nor repeat a document.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from mongoengine.errors import ValidationError

__all__ = ("keys_of_results", "shared", "unseen")

T = TypeVar("T")


def shared(queryset: Any, name: str, make: Callable[[], T]) -> T:
    """Return what the loops over a queryset share, made by the first of them.

    It is the same for all, also if several threads are the first.

    Args:
        queryset: the queryset.
        name: the attribute it is kept under.
        make: makes it.
    """
    kept: T = queryset.__dict__.get(name) or queryset.__dict__.setdefault(name, make())
    return kept


def keys_of_results(queryset: Any, results: Sequence[Any]) -> frozenset[Any] | None:
    """Return the stored keys of results; None when they cannot be told.

    Args:
        queryset: the queryset that found them.
        results: documents, or the driver's dicts.
    """
    try:
        if queryset._as_pymongo:
            return frozenset(result["_id"] for result in results)
        if queryset._scalar:
            return None
        keys = [document.pk for document in results]
        if None in keys:
            return None
        to_mongo = queryset._document._fields[queryset._document._meta["id_field"]].to_mongo
        return frozenset(to_mongo(key) for key in keys)
    except (KeyError, TypeError, ValidationError):
        # The key was not fetched, is one that no set can hold, or was changed meanwhile.
        return None


def unseen(
    batch: list[dict[str, Any]], seen: Collection[Any] | None, room: int | None
) -> list[dict[str, Any]]:
    """Return the dicts of a batch whose documents are not known yet.

    Args:
        batch: the driver's dicts.
        seen: keys of the known documents; None when there are none.
        room: how many may be added; None for any number.
    """
    if seen is None:
        return batch
    return [raw for raw in batch if raw["_id"] not in seen][:room]
