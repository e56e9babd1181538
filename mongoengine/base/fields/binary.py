"""`BinaryField`: bytes.

Model floor: checks and conversions only.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bson.binary import Binary

from mongoengine.base.fields.base import BaseField, T

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("BinaryField",)


class BinaryField(BaseField[T]):
    """Bytes.

    Args:
        max_bytes: greatest length.
        **kwargs: see `BaseField`.
    """

    def __init__(self, max_bytes: int | None = None, **kwargs: Any) -> None:
        self.max_bytes = max_bytes
        super().__init__(**kwargs)

    def __set__(self, instance: BaseDocument, value: Any) -> None:
        """Store a value; a bytearray as bytes, since changes inside it would go unnoticed."""
        super().__set__(instance, _frozen(value))

    def _default_value(self) -> Any:
        return _frozen(super()._default_value())

    def to_mongo(self, value: Any) -> Any:
        """Convert to BSON's type.

        Raises:
            TypeError: the value is not made of bytes.
        """
        return Binary(value)

    def validate(self, value: Any) -> None:
        """Refuse other types, and too many bytes."""
        if not isinstance(value, bytes):
            # "Binary" stands twice in upstream's text.
            self.error("BinaryField only accepts instances of (bytes, Binary, Binary)")
        if self.max_bytes is not None and len(value) > self.max_bytes:
            self.error("Binary value is too long")

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert to BSON's type; None stays."""
        if value is None:
            return None
        return super().prepare_query_value(op, self.to_mongo(value))


def _frozen(value: Any) -> Any:
    return bytes(value) if isinstance(value, bytearray) else value
