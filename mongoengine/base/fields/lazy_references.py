"""The lazy reference fields: reading gives a `LazyReference`, which loads when told to.

Model floor: nothing here loads a document.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from bson import SON, DBRef

from mongoengine.base.delete_rules import DO_NOTHING
from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.generic_references import BaseGenericReferenceField
from mongoengine.base.fields.references import TypedReference, key_field, unsaved_document_text
from mongoengine.base.fields.untyped import is_any_document, is_toplevel
from mongoengine.base.lazy_reference import BaseLazyReference
from mongoengine.base.reference_proxy import BaseReferenceProxy

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("BaseGenericLazyReferenceField", "BaseLazyReferenceField", "LazilyReadField")


class LazilyReadField(BaseField[T]):
    """A field whose values read as lazy references, whatever form they were given in."""

    passthrough: bool

    #: The class of the references that reading gives.
    _reference_class: ClassVar[Any] = BaseLazyReference

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> T: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        """Return a lazy reference or None; the field itself on a class."""
        if instance is None:
            return self
        value = BaseField.__get__(self, instance, owner)
        reference = self.build_lazyref(value)
        if reference is not value:
            # Kept, because a lazy reference remembers the document it has loaded.
            instance.__dict__[self.name] = reference
        return reference

    def _holds_references(self, seen: set[Any]) -> bool:
        return False

    def build_lazyref(self, value: Any) -> Any:
        """Return a value of any form as a lazy reference."""
        raise NotImplementedError

    def _lazy(self, document_type: Any, key: Any) -> BaseLazyReference:
        result: BaseLazyReference = self._reference_class(
            document_type, key, passthrough=self.passthrough
        )
        return result

    def _with_passthrough(self, reference: BaseLazyReference) -> BaseLazyReference:
        if reference.passthrough == self.passthrough:
            return reference
        return self._lazy(reference.document_type, reference.pk)


class BaseLazyReferenceField(LazilyReadField[T], TypedReference[T]):
    """`LazyReferenceField` without its I/O."""

    lazy: ClassVar[bool] = True
    _refuses_operators: ClassVar[bool] = True
    _public_name: ClassVar[str] = "LazyReferenceField"

    def __init__(
        self,
        document_type: type[BaseDocument] | str,
        passthrough: bool = False,
        dbref: bool = False,
        reverse_delete_rule: int = DO_NOTHING,
        **kwargs: Any,
    ) -> None:
        self._set_document_type(document_type)
        self.dbref = dbref
        self.passthrough = passthrough
        self.reverse_delete_rule = reverse_delete_rule
        super().__init__(**kwargs)

    def build_lazyref(self, value: Any) -> Any:
        """Return a document, DBRef, key or lazy reference as a lazy reference; None stays."""
        if isinstance(value, BaseLazyReference):
            return self._with_passthrough(value)
        if value is None:
            return None
        if isinstance(value, self.document_type):
            return self._lazy(self.document_type, value.pk)
        return self._lazy(self.document_type, value.id if isinstance(value, DBRef) else value)

    def _lazy_check(self) -> Callable[[Any], bool] | None:
        return self._key_can_wait()

    def to_python(self, value: Any) -> Any:
        """Return a lazy reference for a stored or given key; documents and DBRefs as they are.

        Raises:
            AttributeError: a key is given of a class that has none.
            NotRegistered: no class of the given name exists yet.
        """
        if value is None or isinstance(value, DBRef) or is_any_document(value):
            return value
        document_type = self.document_type
        return self._lazy(document_type, key_field(document_type).to_python(value))

    def to_mongo(self, value: Any) -> Any:
        """Return the key or the DBRef of what is referred to.

        Raises:
            ValidationError: the value is no key, or a document without one.
        """
        if value is None:
            return None
        document_type = self.document_type
        key = key_field(document_type).to_mongo(self._key_of(value))
        return DBRef(document_type._get_collection_name(), key) if self.dbref else key

    def _key_of(self, value: Any) -> Any:
        if isinstance(value, DBRef):
            return value.id
        return value.pk if isinstance(value, self.document_type) else value

    def validate(self, value: Any) -> None:
        """Refuse what refers to another collection or nowhere, and what is no key."""
        document_type = self.document_type
        if isinstance(value, DBRef):
            if value.collection != document_type._get_collection_name():
                if isinstance(value, BaseLazyReference):
                    self.error(f"Reference must be on a `{document_type}` document.")
                self.error(
                    f"DBRef on bad collection (must be on `{document_type._get_collection_name()}`)"
                )
        elif not isinstance(value, document_type):
            self._validate_key(value)
        if self._key_of(value) is None:
            self.error(unsaved_document_text(document_type.__name__))

    def _validate_key(self, value: Any) -> None:
        name, id_field = self.document_type.__name__, key_field(self.document_type)
        try:
            id_field.validate(value)
        except Exception:  # validation may fail in whatever way the key's field likes
            self.error(
                f"value should be `{name}` document, LazyReference or DBRef on `{name}` or "
                f"`{name}`'s primary key (i.e. `{type(id_field).__name__}`)"
            )

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return what is stored for a document, reference or key; None stays."""
        if value is None:
            return None
        super().prepare_query_value(op, value)
        return self.to_mongo(value)


class BaseGenericLazyReferenceField(LazilyReadField[T], BaseGenericReferenceField[T]):
    """`GenericLazyReferenceField` without its I/O."""

    _public_name: ClassVar[str] = "GenericLazyReferenceField"

    def __init__(
        self,
        *args: Any,
        passthrough: bool = False,
        choices: Iterable[type[Any] | str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.passthrough = passthrough
        super().__init__(*args, choices=choices, **kwargs)

    def build_lazyref(self, value: Any) -> Any:
        """Return a document, its stored form or a lazy reference as a lazy reference.

        Raises:
            NotRegistered: the class stored with the reference does not exist.
        """
        if isinstance(value, BaseLazyReference):
            return self._with_passthrough(value)
        if isinstance(value, dict):
            document_type, reference = self._target(value)
            return self._lazy(document_type, reference.id)
        if isinstance(value, BaseReferenceProxy):
            return self._lazy(value.document_type, value.id)
        return self._lazy(type(value), value.pk) if is_toplevel(value) else value

    def to_mongo(self, document: Any) -> Any:
        """Return the stored form of a document or lazy reference; other references as they are.

        Raises:
            ValidationError: the document has no key yet, or the value is no reference.
        """
        if not isinstance(document, BaseLazyReference):
            return super().to_mongo(document)
        name = document.document_type._class_name
        return SON((("_cls", name), ("_ref", DBRef(document.collection, document.pk))))

    def validate(self, value: Any) -> None:
        """Refuse what is no reference, and what refers to a document without a key."""
        if isinstance(value, BaseLazyReference) and value.pk is None:
            self.error(unsaved_document_text(self._public_name))
        super().validate(value)

    def _validate_choices(self, value: Any) -> None:
        if isinstance(value, BaseLazyReference):
            value = value.document_type._class_name
        super()._validate_choices(value)
