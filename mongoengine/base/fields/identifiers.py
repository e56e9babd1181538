"""Fields that hold identifiers: `ObjectIdField` and `UUIDField`.

Model floor: checks and conversions only.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from bson.errors import InvalidId
from bson.objectid import ObjectId

from mongoengine.base.fields.base import BaseField, T

__all__ = ("ObjectIdField", "UUIDField")


class ObjectIdField(BaseField[T]):
    """An id as MongoDB makes them."""

    plain_types: ClassVar[tuple[type, ...]] = (ObjectId,)

    def to_python(self, value: Any) -> Any:
        """Convert the text or bytes of an id; leave anything else as it is."""
        if value is None or isinstance(value, ObjectId):
            return value  # ObjectId(None) would make a new id
        try:
            return ObjectId(value)
        except (InvalidId, TypeError):
            return value

    def to_mongo(self, value: Any) -> Any:
        """Convert to an id.

        Raises:
            ValidationError: the text of the value is not an id.
        """
        if isinstance(value, ObjectId):
            return value
        try:
            return ObjectId(str(value))
        except Exception as error:  # whatever the value's own __str__ may raise
            self.error(str(error))

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert to an id; None stays."""
        if value is None:
            return None
        return super().prepare_query_value(op, self.to_mongo(value))

    def validate(self, value: Any) -> None:
        """Refuse values whose text is not an id."""
        try:
            ObjectId(str(value))
        except Exception:  # whatever the value's own __str__ may raise
            self.error("Invalid ObjectID")

    def _plain_is_valid(self) -> bool:
        return self._has_no_rules()


class UUIDField(BaseField[T]):
    """A UUID.

    Args:
        binary: store it in binary form; as text when False.
        **kwargs: see `BaseField`.
    """

    # Said per instance: with binary=False UUIDs are stored as text.
    plain_types: ClassVar[tuple[type, ...]] = ()
    lazy: ClassVar[bool] = True
    _refuses_operators: ClassVar[bool] = True

    _binary: bool | None = None

    def __init__(self, binary: bool = True, **kwargs: Any) -> None:
        self._binary = binary
        super().__init__(**kwargs)
        if binary:
            self.__dict__["plain_types"] = (uuid.UUID,)

    def to_python(self, value: Any) -> Any:
        """Convert stored text where it is a UUID; with ``binary`` nothing needs converting."""
        if self._binary:
            return value
        try:
            return uuid.UUID(str(value))
        except Exception:  # text that is no UUID, or whatever the value's __str__ may raise
            return value

    def to_mongo(self, value: Any) -> Any:
        """Convert to a UUID, or to text without ``binary``.

        Raises:
            ValueError: text that is to be stored in binary form is no UUID.
        """
        if not self._binary:
            return str(value)
        return uuid.UUID(value) if isinstance(value, str) else value

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert to what is stored; None stays.

        Raises:
            ValueError: the text is no UUID.
        """
        if value is None:
            return None
        return self.to_mongo(value)

    def validate(self, value: Any) -> None:
        """Refuse values whose text is not a UUID."""
        if isinstance(value, uuid.UUID):
            return
        text = str(value)
        try:
            uuid.UUID(text)
        except ValueError as error:
            self.error(f"Could not convert to UUID: {error}")

    def _plain_is_valid(self) -> bool:
        return self._has_no_rules()

    def _loads_lazily(self) -> bool:
        return not self._binary and super()._loads_lazily()
