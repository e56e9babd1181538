"""`BaseGenericReferenceField`: references to documents of any class.

Model floor: nothing here loads a document.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from bson import DBRef, ObjectId

from mongoengine.base.common import _DocumentRegistry
from mongoengine.base.delete_rules import DO_NOTHING, register_field
from mongoengine.base.fields.base import T
from mongoengine.base.fields.references import (
    DereferencingField,
    is_toplevel_class,
    unsaved_document_text,
)
from mongoengine.base.fields.untyped import generic_reference, is_toplevel
from mongoengine.base.reference_proxy import BaseReferenceProxy

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("BaseGenericReferenceField",)

_NO_DOCUMENT = "GenericReferences can only contain documents"


class BaseGenericReferenceField(DereferencingField[T]):
    """`GenericReferenceField` without its I/O."""

    query_kind: ClassVar[str] = "generic_reference"
    _refers: ClassVar[bool] = True
    _reference_types: ClassVar[tuple[type, ...]] = (dict,)

    choices: list[str]

    def __init__(
        self, *args: Any, choices: Iterable[type[Any] | str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [self._class_name_of(choice) for choice in choices or ()]

    def _class_name_of(self, choice: Any) -> str:
        if isinstance(choice, str):
            return choice
        if not is_toplevel_class(choice):
            self.error("Invalid choices provided: must be a list ofDocument subclasses and/or str")
        name: str = choice._class_name
        return name

    def _class_made(self, cls: type[BaseDocument]) -> None:
        register_field(cls, self, getattr(self, "reverse_delete_rule", DO_NOTHING), self)

    def _reference_of(self, proxy: BaseReferenceProxy) -> Any:
        return proxy._generic_form()

    def _target(self, value: dict[str, Any]) -> tuple[Any, DBRef]:
        return _DocumentRegistry.get(value["_cls"]), value["_ref"]

    def to_mongo(self, document: Any) -> Any:
        """Return the stored form of a document; references, ids and None as they are.

        Raises:
            ValidationError: the document has no key yet, or the value is none of these.
        """
        if isinstance(document, BaseReferenceProxy):
            return document._generic_form()
        if document is None or isinstance(document, (dict, DBRef, ObjectId)):
            return document
        self._check_document(document)
        return generic_reference(document)

    def validate(self, value: Any) -> None:
        """Refuse what is no reference, and documents without a key."""
        if isinstance(value, dict):
            if "_cls" not in value or "_ref" not in value:
                self.error(_NO_DOCUMENT)
        elif not isinstance(value, DBRef):
            self._check_document(value)

    def _check_document(self, value: Any) -> None:
        if not is_toplevel(value):
            self.error(_NO_DOCUMENT)
        if value.pk is None:
            self.error(unsaved_document_text(type(value).__name__))

    def _validate_choices(self, value: Any) -> None:
        if isinstance(value, dict):
            value = value.get("_cls")
        elif isinstance(value, BaseReferenceProxy):
            value = value.document_type._class_name
        elif is_toplevel(value):
            value = value._class_name
        if value not in self.choices:
            self.error(f"Value must be one of {self.choices}")

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return the stored form of a document; references, ids and None as they are."""
        return self.to_mongo(value)
