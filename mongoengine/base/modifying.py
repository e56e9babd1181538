"""The decisions of changing, deleting and reloading a document."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pymongo.errors import OperationFailure
from pymongo.read_preferences import ReadPreference

from mongoengine.base.changed_fields import ChangedFields
from mongoengine.errors import InvalidDocumentError, InvalidQueryError, OperationError

if TYPE_CHECKING:
    from mongoengine.base.toplevel import BaseTopLevelDocument

__all__ = (
    "depth_to_reload",
    "own_queryset",
    "queryset_of",
    "queryset_to_modify",
    "queryset_to_reload",
    "names_to_reload",
    "owner_of",
    "reported_delete_failure",
    "take_over",
    "take_over_reloaded",
    "values_to_reload",
)


def owner_of(part: Any, call: str) -> Any:
    """Return the document that holds an embedded document, or a list of them.

    Args:
        part: what is held.
        call: the verb the document is to run.

    Raises:
        OperationError: no document holds it.
    """
    name, owner = type(part).__name__, part._instance
    if owner is None:
        raise OperationError(
            f"{call}() of {name} is a call to the document that holds it, and none does: "
            "put it in a field of a document first."
        )
    if not isinstance(owner, weakref.ProxyTypes):
        return owner
    try:
        # A proxy hands out the methods of the document itself.
        return owner.__getstate__.__self__
    except ReferenceError as error:
        raise OperationError(
            f"{call}() of {name}: the document that holds it is gone. "
            "Keep a variable for that document while you work with a part of it."
        ) from error


def queryset_of(document: Any) -> Any:
    """Return a queryset that finds exactly this document."""
    return document._qs.filter(**document._object_key)


def own_queryset(document: Any, update: dict[str, Any]) -> Any:
    """Return the queryset an update of a document goes through.

    Raises:
        OperationError: the document has not been saved, and is not to be.
    """
    if document.pk is not None:
        return queryset_of(document)
    if not update.get("upsert", False):
        raise OperationError("attempt to update a document not yet saved")
    whole = document.to_mongo()
    whole.pop("_cls", None)
    return document._qs.filter(__raw__=dict(whole))


def queryset_to_modify(document: Any, query: Any) -> Any:
    """Return the queryset `modify` goes through.

    Raises:
        InvalidDocumentError: the document has no key.
        InvalidQueryError: the conditions name another key.
    """
    if document.pk is None:
        raise InvalidDocumentError("The document does not have a primary key.")
    queryset = document._qs
    id_field = document._meta["id_field"]
    if isinstance(query, Mapping):
        query = dict(query)
        wanted = query.get("pk", query.get(id_field, document.pk))
        if wanted != document.pk:
            raise InvalidQueryError(
                "Invalid document modify query: it must modify only this document."
            )
        queryset = queryset.filter(**query)
    elif query is not None:
        queryset = queryset.filter(query)
    return queryset.filter(**document._object_key)


def take_over(document: BaseTopLevelDocument, loaded: Any) -> None:
    """Give a document all values of a freshly loaded copy."""
    _take_values(document, loaded, loaded._fields_ordered)
    document._changed_fields = ChangedFields()
    document._created = False


def names_to_reload(fields: Sequence[Any]) -> list[str]:
    """Return the names to reload; the depth of references may come before them."""
    return list(fields[1:] if fields and isinstance(fields[0], int) else fields)


def depth_to_reload(fields: Sequence[Any], kwargs: Mapping[str, Any]) -> int:
    """Return how deep references are to be loaded with the document."""
    depth: int = fields[0] if fields and isinstance(fields[0], int) else kwargs.get("max_depth", 1)
    return depth


def queryset_to_reload(document: Any, names: Sequence[str]) -> Any:
    """Return the queryset a document is loaded again through."""
    queryset = document._qs.read_preference(ReadPreference.PRIMARY)
    return queryset.filter(**document._object_key).only(*names).limit(1)


def take_over_reloaded(document: Any, found: Sequence[Any], names: Sequence[str]) -> None:
    """Give a document the values it was loaded with again.

    Args:
        document: the document.
        found: the freshly loaded copy, alone or no one.
        names: which values; all when empty.

    Raises:
        DoesNotExist: nothing was found; the class's own exception.
    """
    if not found:
        raise document.DoesNotExist("Document does not exist")
    loaded = found[0]
    _take_values(document, loaded, values_to_reload(loaded, names))
    roots = _roots(names)
    changed = [] if not roots else document._changed_fields
    dropped = {document._db_field_map.get(name, name) for name in roots}
    document._changed_fields = ChangedFields(
        path for path in changed if path.partition(".")[0] not in dropped
    )
    document._created = False


def values_to_reload(loaded: Any, names: Sequence[str]) -> list[str]:
    """Return the names of the values a document takes over from its freshly loaded copy.

    Args:
        loaded: the copy.
        names: which values; all when empty.
    """
    roots = _roots(names)
    return [name for name in loaded._fields_ordered if not roots or name in roots]


def _roots(names: Sequence[str]) -> set[str]:
    return {name.partition(".")[0].partition("__")[0] for name in names}


def _take_values(document: Any, loaded: Any, names: Sequence[str]) -> None:
    """Move values to a document, with the fields of those its class has none for."""
    for name in names:
        field = loaded._fields.get(name)
        if field is None:
            field = document._dynamic_fields[name] = loaded.__state__.dynamic[name]
        document._reload(name, field._stored_value(loaded))


@contextmanager
def reported_delete_failure() -> Iterator[None]:
    """Report the driver's failures of a delete as the library's error.

    Raises:
        OperationError: the server refuses.
    """
    try:
        yield
    except OperationFailure as error:
        raise OperationError(f"Could not delete document ({error.args})") from error
