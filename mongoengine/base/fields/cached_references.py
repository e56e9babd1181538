"""`BaseCachedReferenceField`: references stored together with a copy of some fields.

Model floor: nothing here loads a document or updates the copies; what has to be updated
is worked out here.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from bson import DBRef

from mongoengine.base.changed_fields import ChangedFields
from mongoengine.base.dumper import StoredForm
from mongoengine.base.fields.base import T
from mongoengine.base.fields.references import (
    DereferencingField,
    TypedReference,
    key_field,
    never,
    unsaved_document_text,
)
from mongoengine.base.fields.untyped import is_toplevel
from mongoengine.base.reference_proxy import BaseReferenceProxy
from mongoengine.errors import InvalidDocumentError

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.toplevel import BaseTopLevelDocument

__all__ = ("BaseCachedReferenceField", "CachedReference", "synced_fields")

_MISSING = object()


class CachedReference(DBRef):
    """A reference that was loaded with the copy of fields stored beside it.

    Args:
        document_type: class of the document referred to.
        stored: the copy, its key under ``_id``.
    """

    __slots__ = ("document_type", "stored")

    def __init__(self, document_type: Any, stored: Mapping[str, Any]) -> None:
        self.document_type = document_type
        self.stored = stored
        super().__init__(document_type._get_collection_name(), stored["_id"])

    # DBRef would copy itself as a DBRef, and could not be pickled under this constructor.

    def __reduce__(self) -> tuple[type[CachedReference], tuple[Any, ...]]:
        return type(self), (self.document_type, self.stored)

    def __copy__(self) -> CachedReference:
        return type(self)(self.document_type, self.stored)

    def __deepcopy__(self, memo: Any) -> CachedReference:
        return self.__copy__()


class BaseCachedReferenceField(DereferencingField[T], TypedReference[T]):
    """`CachedReferenceField` without its I/O."""

    query_kind: ClassVar[str] = "cached_reference"
    lazy: ClassVar[bool] = True
    _public_name: ClassVar[str] = "CachedReferenceField"

    #: The classes whose collections hold copies; their subclasses are stored with them.
    _holders: tuple[type[BaseTopLevelDocument], ...] = ()

    def __init__(
        self,
        document_type: type[BaseDocument] | str,
        fields: Iterable[str] | None = None,
        auto_sync: bool = True,
        **kwargs: Any,
    ) -> None:
        self._set_document_type(document_type)
        self.auto_sync = auto_sync
        self.fields = [] if fields is None else fields
        super().__init__(**kwargs)

    def _class_made(self, cls: type[BaseDocument]) -> None:
        if cls.__is_embedded_document__:
            raise InvalidDocumentError("CachedReferenceFields is not allowed in EmbeddedDocuments")
        super()._class_made(cls)
        target = self.document_type
        # Subclasses share the field of the class that declared it.
        if self not in target._cached_reference_fields:
            target._cached_reference_fields.append(self)
        if not cls._meta.get("abstract") and not issubclass(cls, self._holders):
            self.__dict__["_holders"] = (*self._holders, cls)

    # Loading

    def to_python(self, value: Any) -> Any:
        """Return a reference for a stored copy; anything else as it is."""
        if isinstance(value, dict) and "_id" in value and self.document_type._get_collection_name():
            return CachedReference(self.document_type, value)
        return value

    def _lazy_check(self) -> Callable[[Any], bool] | None:
        return None if self._is_resolved() else never

    def _reference_of(self, proxy: BaseReferenceProxy) -> Any:
        return _origin(proxy)

    def _target(self, value: DBRef) -> tuple[Any, DBRef]:
        return self.document_type, value

    # Storing

    def to_mongo(
        self, document: Any, use_db_field: bool = True, fields: Iterable[str] | None = None
    ) -> Any:
        """Return the key and the copied fields of a document.

        Args:
            document: the document; a reference that was not loaded yields its stored copy.
            use_db_field: key by database name, else by model name.
            fields: what to copy, for a field that does not say so itself.

        Raises:
            ValidationError: the document has no key yet, or the value is no document.
        """
        document = _origin(document)
        if isinstance(document, CachedReference):
            return document.stored
        if not is_toplevel(document):
            self.error("Only accept a document object")
        cls = type(document)
        if document.pk is None:
            self.error(unsaved_document_text(cls.__name__))
        copied = document.to_mongo(use_db_field, list(self.fields or fields or ()))
        id_field = key_field(cls)
        for key in ("_id", "_cls", None if use_db_field else id_field.name):
            copied.pop(key, None)
        stored = StoredForm({"_id": id_field.to_mongo(document.pk)})
        if "_cls" in cls._fields:
            stored["_cls"] = cls._class_name
        stored.update(copied)
        return stored

    def validate(self, value: Any) -> None:
        """Refuse what is no document of the class, and documents without a key."""
        if isinstance(_origin(value), CachedReference):
            return
        if not isinstance(value, self.document_type):
            self.error("A CachedReferenceField only accepts documents")
        if value.pk is None:
            self.error(unsaved_document_text(type(value).__name__))

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return the stored form of a document; None stays.

        Raises:
            NotImplementedError: the value is no document.
        """
        if value is None:
            return None
        if not is_toplevel(value) and not isinstance(_origin(value), CachedReference):
            raise NotImplementedError
        return self.to_mongo(value)

    # Keeping the copies up to date

    def cache_update(self, document: BaseTopLevelDocument) -> dict[str, dict[str, Any]]:
        """Return the update that brings copies of a changed document up to date.

        Args:
            document: a document of the class referred to, its changes not yet cleared.

        Returns:
            ``$set`` and ``$unset`` by database path; empty when no copied field changed.
        """
        changed = ChangedFields(document._get_changed_fields())
        to_set: dict[str, Any] = {}
        to_unset: dict[str, Any] = {}
        stored = self.to_mongo(document)
        for path in self._copied_paths(document, stored):
            if not _is_affected(path, changed):
                continue
            value = _value_at(stored, path.split("."))
            if value is _MISSING:
                to_unset[f"{self.db_field}.{path}"] = ""
            else:
                to_set[f"{self.db_field}.{path}"] = value
        update = {"$set": to_set, "$unset": to_unset}
        return {operator: values for operator, values in update.items() if values}

    def _copied_paths(self, document: BaseTopLevelDocument, stored: Mapping[str, Any]) -> list[str]:
        """Return the database paths of the fields that are copied."""
        if self.fields:
            return [document._translate_field_name(name) for name in self.fields]
        names = [name for name in document._db_field_map.values() if name != "_id"]
        return list(dict.fromkeys([*names, *(name for name in stored if name != "_id")]))


def _origin(value: Any) -> Any:
    """Return what a proxy was read from; any other value as it is."""
    while isinstance(value, BaseReferenceProxy):
        value = value._stored
    return value


def synced_fields(cls: Any) -> list[Any]:
    """Return the fields that keep copies of documents of a class and follow their changes."""
    return [
        field
        for base in cls.__mro__
        for field in base.__dict__.get("_cached_reference_fields", ())
        if field.auto_sync
    ]


def _is_affected(path: str, changed: ChangedFields) -> bool:
    """Tell whether a path, one above it or one below it has changed."""
    return changed.covers(path) or any(other.startswith(f"{path}.") for other in changed)


def _value_at(stored: Any, names: list[str]) -> Any:
    for name in names:
        if not isinstance(stored, dict) or name not in stored:
            return _MISSING
        stored = stored[name]
    return stored
