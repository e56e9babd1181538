"""The decisions of a queryset's writes; the twins ask and then talk to the server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pymongo.errors

from mongoengine import signals
from mongoengine.base.saving import keep_key, reported_failure
from mongoengine.errors import BulkWriteError, NotUniqueError, OperationError
from mongoengine.queryset import transform

__all__ = (
    "InsertPlan",
    "UpdatePlan",
    "compiled_update",
    "deletes_one_by_one",
    "matched",
    "reported_insert_failure",
    "reported_update_failure",
    "update_plan",
    "with_class",
)


class InsertPlan:
    """The documents of one insert.

    Raises:
        OperationError: one is of another class, or stored already.
    """

    def __init__(self, queryset: Any, doc_or_docs: Any) -> None:
        cls = queryset._document
        # Documents can be iterated over, too.
        self.single = hasattr(type(doc_or_docs), "__is_embedded_document__") or not isinstance(
            doc_or_docs, Iterable
        )
        self.documents: list[Any] = [doc_or_docs] if self.single else list(doc_or_docs)
        for document in self.documents:
            if not isinstance(document, cls):
                raise OperationError(f"Some documents inserted aren't instances of {cls}")
            if document.pk and not document._created:
                raise OperationError("Some documents have ObjectIds, use doc.update() instead")

    def stored(self) -> list[dict[str, Any]]:
        """Return the stored forms."""
        return [document.to_mongo() for document in self.documents]

    def give_ids(self, ids: Sequence[Any]) -> None:
        """Tell the documents the ids they were stored under."""
        for document, object_id in zip(self.documents, ids, strict=True):
            document.pk = object_id

    @contextmanager
    def kept_if_stored(self, stored: Sequence[Mapping[str, Any]]) -> Iterator[None]:
        """Insert the documents; if that fails halfway, those that are stored know it.

        Else inserting or saving them again would store them twice.

        Args:
            stored: their stored forms, to which the driver adds keys.
        """
        try:
            yield
        except pymongo.errors.WriteConcernError:
            keep_key(self.documents[0], stored[0]["_id"])
            raise
        except pymongo.errors.BulkWriteError as error:
            refused = [failure["index"] for failure in error.details.get("writeErrors", ())]
            unconfirmed = bool(error.details.get("writeConcernErrors"))
            # The driver sends a list in order and stops at the first refusal.
            for document, raw in zip(
                self.documents[: min(refused, default=len(stored))], stored, strict=False
            ):
                if unconfirmed:
                    keep_key(document, raw["_id"])
                else:
                    document.pk = raw["_id"]
            raise

    def in_order(self, loaded: Sequence[Any], ids: Sequence[Any]) -> list[Any]:
        """Return the loaded documents in the order in which they were inserted."""
        found = {document.pk: document for document in loaded}
        return [found[object_id] for object_id in ids if object_id in found]

    def shaped(self, results: Sequence[Any]) -> Any:
        """Return one result for one document, a list for a list."""
        return results[0] if self.single else list(results)


@contextmanager
def reported_insert_failure() -> Iterator[None]:
    """Report the driver's failures of an insert as the library's errors.

    Raises:
        NotUniqueError: unique keys are taken, by a single document.
        BulkWriteError: the server refuses documents of a list.
        OperationError: any other refusal of the server's.
    """
    try:
        yield
    except pymongo.errors.DuplicateKeyError as error:
        raise NotUniqueError(f"Could not save document ({error})") from error
    except pymongo.errors.BulkWriteError as error:
        raise BulkWriteError(f"Bulk write error: ({error.details})") from error
    except pymongo.errors.OperationFailure as error:
        with reported_failure(
            "Could not save document ({error})", "Tried to save duplicate unique keys ({error})"
        ):
            raise error


class UpdatePlan:
    """Filter, update and options of one update."""

    # Not a dataclass, whose methods would be compiled whenever the library is imported.
    __slots__ = ("filter", "options", "update")

    def __init__(self, filter: dict[str, Any], update: Any, options: dict[str, Any]) -> None:
        self.filter = filter
        self.update = update
        self.options = options


def update_plan(
    queryset: Any,
    upsert: bool,
    multi: bool,
    array_filters: Sequence[Mapping[str, Any]] | None,
    update: dict[str, Any],
) -> UpdatePlan | None:
    """Return what to send; None when the queryset finds nothing.

    Raises:
        OperationError: there is nothing to change.
    """
    if not update and not upsert:
        raise OperationError("No update parameters, would remove data")
    if queryset._finds_nothing():
        return None
    changes = compiled_update(queryset._document, update)
    if upsert:
        changes = with_class(queryset, changes)
    options = {"upsert": upsert, **queryset._write_options()}
    if array_filters is not None:
        options["array_filters"] = array_filters
    return UpdatePlan(queryset._filter(), changes, options)


def compiled_update(cls: Any, update: dict[str, Any]) -> Any:
    """Return an update as the server takes it: a document, or the stages of a pipeline."""
    if isinstance(update.get("__raw__"), list):
        return [transform.update(cls, __raw__=stage) for stage in update["__raw__"]]
    return transform.update(cls, **update)


def with_class(queryset: Any, changes: Any) -> Any:
    """Return an upsert that gives a document it makes a class; one that is there keeps its own.

    The class is that of the queryset, unless the filter names another: the server makes the
    document of the filter, which may leave the class open.

    Args:
        queryset: the queryset.
        changes: the update, as the server takes it.
    """
    cls = queryset._document
    if not cls._meta.get("allow_inheritance"):
        return changes
    name = _named_class(queryset._query) or cls._class_name
    if isinstance(changes, list):
        return [*changes, {"$set": {"_cls": {"$ifNull": ["$_cls", name]}}}]
    if any("_cls" in values for values in changes.values() if isinstance(values, Mapping)):
        return changes
    return {**changes, "$setOnInsert": {**changes.get("$setOnInsert", {}), "_cls": name}}


def _named_class(query: Mapping[str, Any]) -> str | None:
    """Return the one class a filter asks for; None when it asks for several or any."""
    if isinstance(query.get("_cls"), str):
        return str(query["_cls"])
    names = [name for part in query.get("$and", ()) if (name := _named_class(part))]
    return names[-1] if names else None


def matched(result: Any) -> int | None:
    """Return how many documents an update matched; None when the server did not say."""
    return result.raw_result["n"] if result.raw_result else None


@contextmanager
def reported_update_failure() -> Iterator[None]:
    """Report the driver's failures of an update as the library's errors.

    Raises:
        NotUniqueError: unique keys are taken.
        OperationError: any other refusal of the server's.
    """
    with reported_failure("Update failed ({error})"):
        yield


def deletes_one_by_one(queryset: Any, from_document: bool) -> bool:
    """Tell whether documents must be deleted one by one: of a window, or before receivers."""
    if queryset._skip or queryset._limit is not None:
        return not from_document
    return not from_document and has_delete_receivers(queryset._document)


def has_delete_receivers(cls: Any) -> bool:
    """Tell whether somebody wants to hear of each document of a class that is deleted."""
    # blinker's has_receivers_for stays true after the last receiver of a sender has gone.
    return any(
        signal.receivers and any(True for _ in signal.receivers_for(cls))
        for signal in (signals.pre_delete, signals.post_delete)
    )
