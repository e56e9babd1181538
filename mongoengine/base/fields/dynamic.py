"""`DynamicField`: a field without a type."""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from typing import Any

from mongoengine.base.common import _DocumentRegistry
from mongoengine.base.containers import SCALARS
from mongoengine.base.fields.base import BaseField
from mongoengine.base.fields.string_lookups import string_query
from mongoengine.base.fields.untyped import converted_items, is_toplevel, stored_with_class

__all__ = ("DynamicField",)


class DynamicField(BaseField[Any]):
    """Holds any value; what is stored names the classes needed to load it again.

    Args:
        **kwargs: see `BaseField`.
    """

    def to_python(self, value: Any) -> Any:
        """Return the document that stored data stands for; other values as they are."""
        if isinstance(value, dict) and "_cls" in value:
            document_type = _DocumentRegistry.get(value["_cls"])
            if "_ref" in value:
                return self._load_reference(document_type, value)
            return document_type._from_son(value)
        return value

    def _load_reference(self, document_type: type[Any], value: dict[str, Any]) -> Any:
        """Hook: return what a stored reference reads as; without a database, as it is stored.

        Args:
            document_type: class of the document.
            value: the stored form, ``{"_ref": DBRef, "_cls": name}``.
        """
        return value

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
