"""The values of conditions: plain ones for typed fields, never MongoDB's operators.

Model floor, pure. A value may come from anybody: ``filter(name=request.json["name"])`` must not
turn into a condition of the sender's choice because a dict was sent where a text was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mongoengine.errors import InvalidQueryError
from mongoengine.queryset.keys import QueryField

__all__ = ("without_operators",)

Conversion = Callable[[Any], Any]


def without_operators(field: QueryField, convert: Conversion) -> Conversion:
    """Return the conversion of a field's values, made to refuse operators where it is typed.

    Args:
        field: what is compared. A container is as typed as its items are; fields without a type,
            embedded documents and users' own kinds of fields take what the driver takes.
        convert: turns a value into the stored one.
    """
    if not getattr(_innermost(field), "_refuses_operators", False):
        return convert

    def converted(value: Any) -> Any:
        if isinstance(value, Mapping):
            _require_no_operators(field, value)
        return convert(value)

    return converted


def _innermost(field: Any) -> Any:
    while (item := getattr(field, "field", None)) is not None:
        field = item
    return field


def _require_no_operators(field: QueryField, value: Mapping[Any, Any]) -> None:
    names = [key for key in value if isinstance(key, str) and key.startswith("$")]
    if names:
        raise InvalidQueryError(
            f'The value for "{field.db_field}" holds MongoDB operators ({", ".join(names)}), which '
            f"no value of a {type(field).__name__} does. Write them as keywords "
            f"({field.db_field}__ne=...), or the whole filter as __raw__."
        )
