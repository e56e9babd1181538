"""The reference fields users import: those of the model floor, with loading added."""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from typing import Any, ClassVar

from bson import DBRef

from mongoengine._async.cached_references import AsyncCachedReferenceIO
from mongoengine._async.references import AsyncReferenceFieldIO
from mongoengine._sync.cached_references import SyncCachedReferenceIO
from mongoengine._sync.dereference import fetch_reference
from mongoengine._sync.references import SyncReferenceFieldIO
from mongoengine.base import reference_reader
from mongoengine.base.document import BaseDocument
from mongoengine.base.fields.base import T
from mongoengine.base.fields.cached_references import BaseCachedReferenceField
from mongoengine.base.fields.generic_references import BaseGenericReferenceField
from mongoengine.base.fields.lazy_references import (
    BaseGenericLazyReferenceField,
    BaseLazyReferenceField,
    LazilyReadField,
)
from mongoengine.base.fields.references import BaseReferenceField, DereferencingField
from mongoengine.errors import DoesNotExist
from mongoengine.fields.loading import LazyReference, may_load

__all__ = (
    "CachedReferenceField",
    "GenericLazyReferenceField",
    "GenericReferenceField",
    "LazyReferenceField",
    "LoadsReferences",
    "ReferenceField",
)


class LoadsReferences(SyncReferenceFieldIO, AsyncReferenceFieldIO, DereferencingField[T]):
    """Loads the document when a reference is read, or gives a proxy where it cannot."""

    @staticmethod
    def _lazy_load_ref(ref_cls: Any, dbref: DBRef) -> Any:
        """Return the document a reference points to; there to be overridden.

        Raises:
            DoesNotExist: there is no such document.
        """
        return fetch_reference(ref_cls, dbref)

    def _load_reference(self, instance: BaseDocument, value: Any) -> Any:
        document_type, dbref = self._target(value)
        if not may_load(document_type):
            reader = reference_reader.current
            return reader.read_one(instance, self.name, document_type, dbref, value)
        try:
            document = self._lazy_load_ref(document_type, dbref)
        except DoesNotExist as error:
            raise self._dangling(instance, error) from None
        self._keep_loaded(instance, document)
        return document

    def _dangling(self, instance: BaseDocument, error: DoesNotExist) -> DoesNotExist:
        """Return the error of a missing document with the place that refers to it."""
        return type(error)(f"{error}, which {type(instance).__name__}.{self.name} refers to")


class ReferenceField(LoadsReferences[T], BaseReferenceField[T]):
    """A reference to a document of one class.

    It is stored as the document's key, or as a DBRef; to an abstract class always as a
    DBRef that names the concrete one.

    Args:
        document_type: the class, its name, or ``"self"`` for the class the field is in.
        dbref: store a DBRef instead of the key.
        reverse_delete_rule: what to do when the document referred to is deleted:
            DO_NOTHING, NULLIFY, CASCADE, DENY or PULL.
        **kwargs: see `BaseField`.

    Raises:
        ValidationError: ``document_type`` is neither a class of documents nor a string.
    """


class GenericReferenceField(LoadsReferences[T], BaseGenericReferenceField[T]):
    """A reference to a document of any class, stored with the name of its class.

    Args:
        *args: see `BaseField`; the first is the key in the database.
        choices: the classes that may be referred to, or their names; any when omitted.
        **kwargs: see `BaseField`.

    Raises:
        ValidationError: a choice is neither a class of documents nor a string.
    """


class _GivesLazyReferences(LazilyReadField[T]):
    """Reads as lazy references that can load their documents."""

    _reference_class: ClassVar[Any] = LazyReference


class LazyReferenceField(_GivesLazyReferences[T], BaseLazyReferenceField[T]):
    """A reference to a document of one class that reading does not load.

    Args:
        document_type: the class, its name, or ``"self"`` for the class the field is in.
        passthrough: let fields of the document be read through the reference.
        dbref: store a DBRef instead of the key.
        reverse_delete_rule: what to do when the document referred to is deleted:
            DO_NOTHING, NULLIFY, CASCADE, DENY or PULL.
        **kwargs: see `BaseField`.

    Raises:
        ValidationError: ``document_type`` is neither a class of documents nor a string.
    """


class GenericLazyReferenceField(
    _GivesLazyReferences[T], BaseGenericLazyReferenceField[T], GenericReferenceField[T]
):
    """A reference to a document of any class that reading does not load.

    Args:
        *args: see `BaseField`; the first is the key in the database.
        passthrough: let fields of the document be read through the reference.
        choices: the classes that may be referred to, or their names; any when omitted.
        **kwargs: see `BaseField`.
    """


class CachedReferenceField(
    SyncCachedReferenceIO,
    AsyncCachedReferenceIO,
    LoadsReferences[T],
    BaseCachedReferenceField[T],
):
    """A reference to a document of one class, stored with a copy of some of its fields.

    Args:
        document_type: the class, its name, or ``"self"`` for the class the field is in.
        fields: names of the fields to copy, dotted below embedded documents; all when
            omitted.
        auto_sync: update the copies when the document referred to is saved.
        **kwargs: see `BaseField`.

    Raises:
        ValidationError: ``document_type`` is neither a class of documents nor a string.
    """
