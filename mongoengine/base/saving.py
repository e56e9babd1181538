"""The decisions of saving a document; the twins ask and then talk to the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pymongo.errors import DuplicateKeyError, OperationFailure, WriteConcernError

from mongoengine.base.toplevel import BaseTopLevelDocument, require_plain_key
from mongoengine.errors import InvalidDocumentError, NotUniqueError, OperationError

__all__ = (
    "apply_saved",
    "cascade_options",
    "cascades",
    "documents_to_cascade",
    "forget_changes",
    "id_filter",
    "is_new",
    "keep_key",
    "kept_if_created",
    "kept_if_unconfirmed",
    "reported_failure",
    "reported_save_failure",
    "require_saveable",
)


def require_saveable(document: BaseTopLevelDocument) -> None:
    """Refuse to save an abstract document.

    Raises:
        InvalidDocumentError: the class is abstract.
    """
    if document._meta.get("abstract"):
        raise InvalidDocumentError("Cannot save an abstract document.")


def is_new(document: BaseTopLevelDocument, force_insert: bool) -> bool:
    """Tell whether saving inserts: the document has no key, or is not known to be stored."""
    return force_insert or document._created or document.pk is None


def id_filter(document: BaseTopLevelDocument, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filter that finds exactly the stored document, shard key included."""
    require_plain_key(document, stored["_id"])
    found: dict[str, Any] = document._integrate_shard_key(stored, {"_id": stored["_id"]})
    return found


def apply_saved(document: BaseTopLevelDocument, object_id: Any, created: bool) -> None:
    """Give a saved document the id it has got."""
    id_field = document._meta["id_field"]
    if created or id_field not in (document._meta.get("shard_key") or ()):
        document[id_field] = document._fields[id_field].to_python(object_id)


def forget_changes(document: BaseTopLevelDocument) -> None:
    """Take a document for stored as it is."""
    document._clear_changed_fields()
    document._created = False


@contextmanager
def kept_if_created(
    document: BaseTopLevelDocument, object_id: Any, created: bool
) -> Iterator[None]:
    """Do what belongs to a save after the document has been stored.

    If that fails or is cancelled, a new document is stored all the same and must know its
    key, or saving it again would store it twice. One that was updated keeps its changes, so
    that saving it again repeats everything.
    """
    try:
        yield
    except BaseException:
        if created:
            apply_saved(document, object_id, created)
            forget_changes(document)
        raise


def keep_key(document: BaseTopLevelDocument, object_id: Any) -> None:
    """Give a new document the key it was sent under, and leave it new.

    Whether it is stored for good is not known. Saving it again puts it in its own place if it
    is, and inserts it if it is not.
    """
    apply_saved(document, object_id, created=True)
    document._created = True


@contextmanager
def kept_if_unconfirmed(document: BaseTopLevelDocument, sent: Mapping[str, Any]) -> Iterator[None]:
    """Insert a document; if the server stores but does not confirm it, it keeps its key.

    Args:
        document: the document.
        sent: its stored form, to which the driver adds a key.
    """
    try:
        yield
    except WriteConcernError:
        keep_key(document, sent["_id"])
        raise


# Cascades


def cascades(document: BaseTopLevelDocument, cascade: bool | None, kwargs: Any) -> bool:
    """Tell whether saving saves what the document refers to, too."""
    if cascade is not None:
        return cascade
    return bool(document._meta.get("cascade", False) or kwargs is not None)


def cascade_options(
    cascade_kwargs: Mapping[str, Any] | None,
    refs: list[str] | None,
    **options: Any,
) -> dict[str, Any]:
    """Return the keywords the documents referred to are saved with."""
    merged = {**options, **(cascade_kwargs or {})}
    merged["_refs"] = refs
    return merged


def documents_to_cascade(document: BaseTopLevelDocument, refs: list[str]) -> list[Any]:
    """Return the loaded, changed documents that direct references hold.

    Args:
        document: the document that is being saved.
        refs: what the running cascade has saved already; grows, so that it ends.
    """
    found = []
    for name, field in document._fields.items():
        referred: Any = document.__dict__.get(name)
        if not field._refers or not getattr(type(referred), "_is_document", False):
            continue
        if referred.__state__.changed is not None and not referred._get_changed_fields():
            continue
        mark = f"{type(referred).__name__},{referred._data}"
        if mark not in refs:
            refs.append(mark)
            found.append(referred)
    return found


# Failures


def is_duplicate_key(error: OperationFailure) -> bool:
    """Tell whether the server refused a second document with the same unique keys."""
    return isinstance(error, DuplicateKeyError) or str(error).startswith(("E11000", "E11001"))


@contextmanager
def reported_save_failure() -> Iterator[None]:
    """Report the driver's failures of a save as the library's errors.

    Raises:
        NotUniqueError: unique keys are taken.
        OperationError: any other refusal of the server's.
    """
    with reported_failure(
        "Could not save document ({error})", "Tried to save duplicate unique keys ({error})"
    ):
        yield


@contextmanager
def reported_failure(message: str, duplicate: str | None = None) -> Iterator[None]:
    """Report the driver's failures as the library's errors.

    Args:
        message: text of the `OperationError`, with ``{error}`` for the driver's.
        duplicate: text of the `NotUniqueError`; like ``message`` when None.
    """
    try:
        yield
    except OperationFailure as error:
        if is_duplicate_key(error):
            raise NotUniqueError((duplicate or message).format(error=error)) from error
        raise OperationError(message.format(error=error)) from error
