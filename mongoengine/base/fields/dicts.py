"""The dict fields: of anything, and of items of one kind."""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mongoengine.base.dereferencing import dereferencing_disabled
from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.fields.string_lookups import string_query
from mongoengine.base.plain import holds_scalars

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("DictField", "MapField", "key_not_string", "key_starts_with_dollar")

_ONLY_STRINGS = frozenset({str})
_starts_with_dollar = operator.methodcaller("startswith", "$")


def key_not_string(d: dict[Any, Any]) -> bool | None:
    """Return True if a key, here or in a nested dict, is not a string; else None."""
    if not _ONLY_STRINGS.issuperset(map(type, d)) and any(not isinstance(key, str) for key in d):
        return True
    return True if any(map(key_not_string, _nested_dicts(d))) else None


def key_starts_with_dollar(d: dict[Any, Any]) -> bool | None:
    """Return True if a key, here or in a nested dict, starts with a dollar sign; else None."""
    if any(map(_starts_with_dollar, d)):
        return True
    return True if any(map(key_starts_with_dollar, _nested_dicts(d))) else None


def _nested_dicts(d: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
    values = d.values()
    if holds_scalars(values):
        return iter(())
    return (value for value in values if isinstance(value, dict))


class DictField(ComplexBaseField[T]):
    """A dict with string keys.

    Args:
        field: converts and validates each value; without it anything can be a value.
        *args: refused.
        **kwargs: see `BaseField`; the default is an empty dict.
    """

    def __init__(self, field: BaseField[Any] | None = None, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, field=field, **kwargs)  # type: ignore[misc]
        # Until documents are loaded: upstream's tests pin it.
        self.set_auto_dereferencing(False)

    def _dereferences(self, instance: BaseDocument) -> bool:
        # Upstream's flag changes with the first document loaded; what is read must not.
        return instance.__state__.dereference and not dereferencing_disabled()

    def validate(self, value: Any) -> None:
        """Check type and keys, then every value."""
        if not isinstance(value, dict):
            self.error("Only dictionaries may be used in a DictField")
        if key_not_string(value):
            self.error("Invalid dictionary key - documents must have only string keys")
        if key_starts_with_dollar(value):
            self.error('Invalid dictionary key name - keys may not startswith "$" characters')
        super().validate(value)

    def lookup_member(self, member_name: str) -> Any:
        """Return an untyped field for a key."""
        return DictField(db_field=member_name)

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return a pattern for a string operator, else the stored form."""
        if isinstance(value, str):
            pattern = string_query(op, value)
            if pattern is not value:
                return pattern
        inner = self.field
        if inner is None or not hasattr(inner, "field"):
            return super().prepare_query_value(op, value)
        if op in ("set", "unset") and isinstance(value, dict):
            return {key: inner.prepare_query_value(op, item) for key, item in value.items()}
        return inner.prepare_query_value(op, value)


class MapField(DictField[T]):
    """A dict whose values are all of one kind.

    Args:
        field: converts and validates each value.
        *args: refused.
        **kwargs: see `DictField`.

    Raises:
        ValidationError: ``field`` is missing or not a field.
    """

    def __init__(self, field: Any = None, *args: Any, **kwargs: Any) -> None:
        if not isinstance(field, BaseField):
            self.error("Argument to MapField constructor must be a valid field")
        super().__init__(field, *args, **kwargs)
