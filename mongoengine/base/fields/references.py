"""References: what all reference fields share, and `BaseReferenceField`, to one class.

Model floor: nothing here loads a document. Reading a field that dereferences calls the
hook `DereferencingField._load_reference`, which the public classes fill in.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from bson import DBRef, ObjectId

from mongoengine.base import schema
from mongoengine.base.common import _DocumentRegistry
from mongoengine.base.delete_rules import DO_NOTHING, register_field
from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.untyped import is_any_document, is_toplevel
from mongoengine.base.lazy_reference import BaseLazyReference
from mongoengine.base.reference_proxy import BaseReferenceProxy, plain_reference
from mongoengine.errors import NotRegistered

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = (
    "RECURSIVE_REFERENCE_CONSTANT",
    "BaseReferenceField",
    "DereferencingField",
    "TypedReference",
    "is_toplevel_class",
    "key_field",
    "never",
    "unsaved_document_text",
)

#: Names the class a field is in where a class of documents is asked for.
RECURSIVE_REFERENCE_CONSTANT = "self"


def unsaved_document_text(document: str) -> str:
    """Return the text of the error for a reference to a document without a key.

    Args:
        document: name of its class.
    """
    return (
        f"The instance of the document '{document}' you are trying to reference has an empty "
        "'id'. You can only reference documents once they have been saved to the database"
    )


def key_field(document_type: Any) -> BaseField[Any]:
    """Return the field of the primary key of a class.

    Raises:
        AttributeError: the class is abstract or embedded: it has no collection and no key.
    """
    name = document_type._meta.get("id_field")
    if name is None:
        raise AttributeError(
            f"type object {document_type.__name__!r} has no attribute 'id': it has no collection "
            "of its own, so refer to it by a document or a DBRef, not by a key"
        )
    field: BaseField[Any] = document_type._fields[name]
    return field


def _converts_safely(field: BaseField[Any]) -> bool:
    """Tell whether the field of a key takes any stored value: users' conversions might not."""
    kind = type(field)
    if kind.to_python is BaseField.to_python or field._loads_lazily():
        return True
    return bool(kind.plain_types) and schema.vouched(kind, "plain_types", "to_python")


def never(raw: Any) -> bool:
    """Say of a stored value that its conversion cannot wait."""
    return False


class DereferencingField(BaseField[T]):
    """A field whose stored references are replaced by the documents when read."""

    _refuses_operators: ClassVar[bool] = True
    #: Types of stored values that stand for a document.
    _reference_types: ClassVar[tuple[type, ...]] = (DBRef,)

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> T: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        """Return the document referred to, loaded if need be; the field itself on a class."""
        if instance is None:
            return self
        value = instance.__dict__.get(self.name)
        if is_any_document(value):
            return value  # no need to look further: what waits for conversion is no document
        value = super().__get__(instance, owner)
        if isinstance(value, self._reference_types):
            return self._dereference(instance, value)
        return value

    def __set__(self, instance: BaseDocument, value: Any) -> None:
        """Store a value; of a proxy read elsewhere, what it stands for."""
        if isinstance(value, BaseReferenceProxy):
            value = self._reference_of(value) if value._document is None else value._document
        super().__set__(instance, value)

    def _reference_of(self, proxy: BaseReferenceProxy) -> Any:
        """Return the reference a proxy stands for, in the form this field keeps."""
        return proxy.to_dbref()

    def _holds_references(self, seen: set[Any]) -> bool:
        return True

    def _dereference(self, instance: BaseDocument, value: Any) -> Any:
        """Return the document a stored reference stands for; the reference while that is off."""
        if instance.__state__.dereference and self._auto_dereference:
            return self._load_reference(instance, value)
        return value

    def _load_reference(self, instance: BaseDocument, value: Any) -> Any:
        """Hook: return what a stored reference reads as; without a database, as it is stored."""
        return value

    def _keep_loaded(self, instance: BaseDocument, document: Any) -> None:
        """Put a loaded document in the place of the reference to it; that is no change."""
        instance.__dict__[self.name] = document

    def _target(self, value: Any) -> tuple[Any, DBRef]:
        """Return the class and the reference that a stored value names."""
        raise NotImplementedError


class TypedReference(BaseField[T]):
    """A field that refers to documents of one class, given as a class or by name."""

    #: What users call the class, for error messages.
    _public_name: ClassVar[str]

    # Set by the constructors.
    document_type_obj: Any

    def _set_document_type(self, document_type: Any) -> None:
        if not isinstance(document_type, str) and not is_toplevel_class(document_type):
            self.error(
                f"Argument to {self._public_name} constructor must be a document class or a string"
            )
        self.document_type_obj = document_type

    @property
    def document_type(self) -> Any:
        """The class referred to, looked up by name when first asked for.

        Raises:
            NotRegistered: no class of that name exists yet.
        """
        document_type = self.document_type_obj
        if not isinstance(document_type, str):
            return document_type
        if document_type == RECURSIVE_REFERENCE_CONSTANT:
            found: Any = self.owner_document
        else:
            found = _DocumentRegistry.get(document_type)
        if found is not None:
            # Not by assignment: knowing the class changes nothing for compiled code.
            self.__dict__["document_type_obj"] = found
        return found

    def lookup_member(self, member_name: str) -> BaseField[Any] | None:
        """Return the field of that name of the class referred to."""
        field: BaseField[Any] | None = self.document_type._fields.get(member_name)
        return field

    def _class_made(self, cls: type[BaseDocument]) -> None:
        register_field(cls, self, getattr(self, "reverse_delete_rule", DO_NOTHING), self)

    def _is_resolved(self) -> bool:
        """Tell whether the class referred to is there yet."""
        try:
            return self.document_type is not None
        except NotRegistered:
            return False

    def _key_can_wait(self) -> Callable[[Any], bool] | None:
        """Return the `_lazy_check` of a field that stores keys of the class referred to."""
        document_type = self.document_type if self._is_resolved() else None
        if document_type is None or document_type._meta.get("id_field") is None:
            return never  # converting raises the error that says so
        return None if _converts_safely(key_field(document_type)) else never


def is_toplevel_class(value: Any) -> bool:
    """Tell whether a value is a class of documents with collections of their own."""
    return isinstance(value, type) and getattr(value, "__is_embedded_document__", True) is False


class BaseReferenceField(DereferencingField[T], TypedReference[T]):
    """`ReferenceField` without its I/O."""

    lazy: ClassVar[bool] = True
    _refers: ClassVar[bool] = True
    _public_name: ClassVar[str] = "ReferenceField"

    def __init__(
        self,
        document_type: Any,
        dbref: bool = False,
        reverse_delete_rule: int = DO_NOTHING,
        **kwargs: Any,
    ) -> None:
        self._set_document_type(document_type)
        self.dbref = dbref
        self.reverse_delete_rule = reverse_delete_rule
        super().__init__(**kwargs)

    # Loading

    def _lazy_check(self) -> Callable[[Any], bool] | None:
        return None if self.dbref else self._key_can_wait()

    def to_python(self, value: Any) -> Any:
        """Return a DBRef for a stored or given key; documents and DBRefs as they are.

        Raises:
            AttributeError: a key is given of a class that has none.
            NotRegistered: no class of the given name exists yet.
        """
        if self.dbref or value is None or isinstance(value, DBRef) or is_any_document(value):
            return value
        document_type = self.document_type
        key = key_field(document_type).to_python(value)
        return DBRef(document_type._get_collection_name(), key)

    def _reference_of(self, proxy: BaseReferenceProxy) -> Any:
        reference = proxy.to_dbref()
        if self._is_resolved() and self._is_abstract() and not _class_named(reference):
            name = proxy.document_type._class_name
            return DBRef(reference.collection, reference.id, cls=name)
        return reference

    def _target(self, value: DBRef) -> tuple[Any, DBRef]:
        if isinstance(value, BaseLazyReference):
            return value.document_type, value
        name = _class_named(value)
        return _DocumentRegistry.get(name) if name else self.document_type, value

    # Storing

    def to_mongo(self, document: Any) -> Any:
        """Return the key or the DBRef of what is referred to.

        Args:
            document: a document, a DBRef, or a key in any form its field converts.

        Raises:
            ValidationError: the document has no key yet, or the value cannot be one.
        """
        if document is None:
            return None
        if isinstance(document, DBRef):
            return self._stored_reference(document)
        if is_toplevel(document):
            cls, key = type(document), document.pk
            if key is None:
                self.error(unsaved_document_text(cls.__name__))
        else:
            cls, key = self.document_type, document
        key = key_field(cls).to_mongo(key)
        if self._is_abstract():
            return DBRef(cls._get_collection_name(), key, cls=cls._class_name)
        return DBRef(cls._get_collection_name(), key) if self.dbref else key

    def _stored_reference(self, reference: DBRef) -> Any:
        if self.dbref:
            return plain_reference(reference)
        # A key needs no class, so one that is not there yet is not asked for.
        if not self._is_resolved() or not self._is_abstract():
            return reference.id
        # The key alone would not say in which collection to look.
        if isinstance(reference, (BaseLazyReference, BaseReferenceProxy)):
            name = reference.document_type._class_name
            return DBRef(reference.collection, reference.id, cls=name)
        return reference if _class_named(reference) else reference.id

    def _is_abstract(self) -> bool:
        return bool(self.document_type._meta.get("abstract"))

    def validate(self, value: Any) -> None:
        """Refuse what is no reference, and documents of another class or without a key."""
        if isinstance(value, (DBRef, ObjectId)):
            return
        if not isinstance(value, self.document_type):
            self.error("A ReferenceField only accepts DBRef, LazyReference, ObjectId or documents")
        if value.pk is None:
            self.error(unsaved_document_text(type(value).__name__))

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return what is stored for a document, reference or key; None stays."""
        if value is None:
            return None
        super().prepare_query_value(op, value)
        return self.to_mongo(value)


def _class_named(reference: DBRef) -> str | None:
    """Return the name of the class a reference to an abstract class carries."""
    # Asking a lazy reference for an attribute may load its document.
    if isinstance(reference, BaseLazyReference):
        return None
    name: str | None = getattr(reference, "cls", None)
    return name
