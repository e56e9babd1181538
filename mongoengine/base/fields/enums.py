"""`EnumField`: members of an enumeration, stored by their values.

Model floor: checks and conversions only.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import enum as enums
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from mongoengine.base.fields.base import BaseField, T

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("EnumField",)

_STANDARD_LOOKUPS = (enums.Enum._missing_.__func__, enums.Flag._missing_.__func__)  # type: ignore[attr-defined]


class EnumField(BaseField[T]):
    """A member of an enumeration.

    Values may be assigned in place of members and become members; a value without a
    member is kept for validation to refuse.

    Args:
        enum: the enumeration.
        **kwargs: see `BaseField`; ``choices`` may name some of the members.

    Raises:
        ValueError: a choice is not a member.
    """

    lazy: ClassVar[bool] = True
    _refuses_operators: ClassVar[bool] = True

    def __init__(self, enum: type[enums.Enum], **kwargs: Any) -> None:
        self._enum_cls = enum
        choices = kwargs.get("choices")
        if isinstance(choices, Iterator):
            choices = list(choices)
        if choices:
            strangers = [choice for choice in choices if not isinstance(choice, enum)]
            if strangers:
                raise ValueError(f"Invalid choices: {strangers}")
        kwargs["choices"] = choices or list(enum)
        super().__init__(**kwargs)

    def __set__(self, instance: BaseDocument, value: Any) -> None:
        """Store a member, found by its value if need be."""
        super().__set__(instance, self._member(value))

    def _default_value(self) -> Any:
        return self._member(super()._default_value())

    def _member(self, value: Any) -> Any:
        # None means "no value" to documents, even where a member has the value None.
        return None if value is None else self.to_python(value)

    def to_python(self, value: Any) -> Any:
        """Return the member with a value; the value itself if there is none."""
        if isinstance(value, self._enum_cls):
            return value
        try:
            return self._enum_cls(value)
        except ValueError:
            return value

    def to_mongo(self, value: Any) -> Any:
        """Return the value of a member, anything else as it is."""
        return value.value if isinstance(value, self._enum_cls) else value

    def validate(self, value: Any) -> None:
        """Refuse what is neither a member nor the value of one."""
        if isinstance(value, self._enum_cls):
            return
        try:
            self._enum_cls(value)
        except ValueError:
            self.error(f"{value} is not a valid {self._enum_cls}")

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert members to their values; None stays."""
        if value is None:
            return None
        return super().prepare_query_value(op, self.to_mongo(value))

    def _loads_lazily(self) -> bool:
        # An enumeration with a look-up of its own may fail, or need to run at once.
        lookup = getattr(self._enum_cls._missing_, "__func__", None)
        return lookup in _STANDARD_LOOKUPS and super()._loads_lazily()
