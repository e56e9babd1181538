"""`DynamicField`: a field without a type."""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, overload

from bson import DBRef

from mongoengine.base import reference_reader
from mongoengine.base.common import _DocumentRegistry
from mongoengine.base.fields.base import BaseField
from mongoengine.base.fields.sequence import embedded_sequences
from mongoengine.base.fields.string_lookups import string_query
from mongoengine.base.fields.untyped import converted_items, is_toplevel, revived, stored_with_class
from mongoengine.base.plain import SCALARS
from mongoengine.base.reference_proxy import BaseReferenceProxy

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("DynamicField",)


class DynamicField(BaseField[Any]):
    """Holds any value; what is stored names the classes needed to load it again.

    Args:
        **kwargs: see `BaseField`.
    """

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> Any: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        """Return the value, of a reference the document; the field itself on a class."""
        if instance is None:
            return self
        value = super().__get__(instance, owner)
        if _is_reference(value):
            return self._dereference(instance, value)
        return value

    def _dereference(self, instance: BaseDocument, value: dict[str, Any]) -> Any:
        """Return what a stored reference, ``{"_ref": DBRef, "_cls": name}``, reads as."""
        if not instance.__state__.dereference or not self._auto_dereference:
            return value
        document_type = _DocumentRegistry.get(value["_cls"])
        reader = reference_reader.current
        found = reader.read_one(instance, self.name, document_type, value["_ref"], value)
        if is_toplevel(found):
            instance.__dict__[self.name] = found
        return found

    def _holds_references(self, seen: set[Any]) -> bool:
        return True

    def _holds_sequences(self, seen: set[Any]) -> bool:
        return embedded_sequences()

    def to_python(self, value: Any) -> Any:
        """Return the document that stored data stands for; other values as they are."""
        return revived(value)  # reading loads references

    def to_mongo(
        self, value: Any, use_db_field: bool = True, fields: list[str] | None = None
    ) -> Any:
        """Return the stored form: documents as references, embedded ones with their class.

        Raises:
            OperationError: a document that has not been saved.
        """
        if type(value) in SCALARS:
            return value
        if is_toplevel(value):
            return {"_ref": value.to_dbref(), "_cls": type(value).__name__}
        if isinstance(value, DBRef):
            return value.to_mongo() if isinstance(value, BaseReferenceProxy) else value
        if hasattr(type(value), "to_mongo"):
            return stored_with_class(value, use_db_field, fields)
        if not isinstance(value, (list, tuple, dict)):
            return value
        return converted_items(value, lambda item: self.to_mongo(item, use_db_field, fields))

    def validate(self, value: Any, clean: bool = True) -> None:
        """Let a document validate itself; anything else is valid.

        Args:
            value: anything.
            clean: call the document's ``clean`` first.
        """
        if hasattr(type(value), "validate"):
            value.validate(clean=clean)

    def lookup_member(self, member_name: str) -> Any:
        """Return the name itself: keys below are used as they are."""
        return member_name

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return a pattern for a string operator, else the stored form."""
        if isinstance(value, str):
            return string_query(op, value)
        return super().prepare_query_value(op, self.to_mongo(value))


def _is_reference(value: Any) -> bool:
    """Tell whether a value is a stored reference, and not data that looks a little like one."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("_ref"), DBRef)
        and isinstance(value.get("_cls"), str)
    )
