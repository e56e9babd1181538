"""Fields that hold numbers and truth values.

Model floor: checks and conversions only. Hooks for queries raise what ``int()`` and
``float()`` raise, as upstream does.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import decimal
import functools
from collections.abc import Callable
from typing import Any, ClassVar

from bson.decimal128 import Decimal128, create_decimal128_context

from mongoengine.base.fields.base import BaseField, T

__all__ = ("BooleanField", "Decimal128Field", "DecimalField", "FloatField", "IntField")


def _check_bounds(field: Any, number: Any, kind: str) -> None:
    """Refuse a number outside of what the field allows; ``kind`` begins the message."""
    lowest, highest = field.min_value, field.max_value
    if lowest is not None and number < lowest:
        field.error(f"{kind} value is too small")
    if highest is not None and number > highest:
        field.error(f"{kind} value is too large")


class IntField(BaseField[T]):
    """A whole number.

    Args:
        min_value: least value.
        max_value: greatest value.
        **kwargs: see `BaseField`.
    """

    plain_types: ClassVar[tuple[type, ...]] = (int,)

    def __init__(
        self, min_value: int | None = None, max_value: int | None = None, **kwargs: Any
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Convert what ``int()`` can convert; leave the rest as it is."""
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            return value

    def validate(self, value: Any) -> None:
        """Refuse what is not a whole number, and numbers out of bounds."""
        try:
            number = int(value)
        except (TypeError, ValueError, OverflowError):
            self.error(f"{value} could not be converted to int")
        _check_bounds(self, number, "Integer")

    def _plain_is_valid(self) -> bool:
        return self._has_no_rules() and self.min_value is None and self.max_value is None

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert to a whole number; None stays.

        Raises:
            TypeError: the type cannot be converted.
            ValueError: the value cannot be converted.
        """
        if value is None:
            return None
        return super().prepare_query_value(op, int(value))


class FloatField(BaseField[T]):
    """A floating point number.

    Args:
        min_value: least value.
        max_value: greatest value.
        **kwargs: see `BaseField`.
    """

    plain_types: ClassVar[tuple[type, ...]] = (float,)

    def __init__(
        self, min_value: float | None = None, max_value: float | None = None, **kwargs: Any
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Convert numbers and their texts; leave the rest as it is."""
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            return value

    def validate(self, value: Any) -> None:
        """Refuse what is neither float nor int, and numbers out of bounds."""
        if not isinstance(value, (int, float)):
            self.error("FloatField only accepts float and integer values")
        try:
            number = float(value)
        except OverflowError:
            self.error("The value is too large to be converted to float")
        _check_bounds(self, number, "Float")

    def _plain_is_valid(self) -> bool:
        return self._has_no_rules() and self.min_value is None and self.max_value is None

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert to a float; None stays.

        Raises:
            TypeError: the type cannot be converted.
            ValueError: the value cannot be converted.
        """
        if value is None:
            return None
        return super().prepare_query_value(op, float(value))


class DecimalField(BaseField[T]):
    """A decimal number of fixed precision, stored as a float or as text.

    `Decimal128Field` stores decimals exactly.

    Args:
        min_value: least value.
        max_value: greatest value.
        force_string: store text, which keeps all digits but sorts as text.
        precision: number of digits after the point.
        rounding: one of the rounding modes of `decimal`.
        **kwargs: see `BaseField`.

    Raises:
        ValidationError: ``precision`` is negative or not a whole number.
    """

    lazy: ClassVar[bool] = True

    def __init__(
        self,
        min_value: decimal.Decimal | int | None = None,
        max_value: decimal.Decimal | int | None = None,
        force_string: bool = False,
        precision: int = 2,
        rounding: str = decimal.ROUND_HALF_UP,
        **kwargs: Any,
    ) -> None:
        if precision < 0 or not isinstance(precision, int):
            self.error("precision must be a positive integer")
        self.min_value = min_value
        self.max_value = max_value
        self.force_string = force_string
        self.precision = precision
        self.rounding = rounding
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Convert to a decimal of the field's precision; leave what is no number as it is.

        Raises:
            decimal.InvalidOperation: the number has more digits than the decimal context
                allows, or is infinite.
        """
        if value is None:
            return None
        try:
            number = decimal.Decimal(str(value))
        except (TypeError, ValueError, decimal.InvalidOperation):
            return value
        return number.quantize(_unit(self.precision), rounding=self.rounding)

    def to_mongo(self, value: Any) -> Any:
        """Convert to a float, or to text with ``force_string``."""
        number = self.to_python(value)
        return str(number) if self.force_string else float(number)

    def validate(self, value: Any) -> None:
        """Refuse what is no number, and numbers out of bounds before rounding."""
        if not isinstance(value, decimal.Decimal):
            text = str(value)
            try:
                value = decimal.Decimal(text)
            except (TypeError, ValueError, decimal.InvalidOperation) as error:
                self.error(f"Could not convert value to decimal: {error}")
        _check_bounds(self, value, "Decimal")

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert to what is stored; None stays."""
        if value is None:
            return None
        return super().prepare_query_value(op, self.to_mongo(value))

    def _lazy_check(self) -> Callable[[Any], bool]:
        return _converts_surely if self.precision <= _SURE_PRECISION else _never


# Numbers below this limit, with as many digits behind the point, fit into the 28 digits
# of the default decimal context; others may be refused and are converted on load.
_SURE_LIMIT = 10.0**15
_SURE_PRECISION = 12


def _converts_surely(value: Any) -> bool:
    if type(value) is float:
        return -_SURE_LIMIT < value < _SURE_LIMIT
    # Plain digits only: a short text with an exponent can be a number of any size.
    return type(value) is str and len(value) <= 15 and _is_digits(value)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).removeprefix("-").isdigit()


def _never(value: Any) -> bool:
    return False


@functools.cache
def _unit(precision: int) -> decimal.Decimal:
    return decimal.Decimal((0, (1,), -precision))


class Decimal128Field(BaseField[T]):
    """A decimal number, stored exactly with up to 34 digits.

    Args:
        min_value: least value.
        max_value: greatest value.
        **kwargs: see `BaseField`.
    """

    lazy: ClassVar[bool] = True

    DECIMAL_CONTEXT = create_decimal128_context()

    def __init__(
        self,
        min_value: decimal.Decimal | int | None = None,
        max_value: decimal.Decimal | int | None = None,
        **kwargs: Any,
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def to_mongo(self, value: Any) -> Any:
        """Convert to the stored type, rounding what is no decimal yet to 34 digits.

        Raises:
            decimal.Inexact: a decimal has more than 34 digits.
            TypeError: the type cannot be converted.
        """
        if value is None or isinstance(value, Decimal128):
            return value
        if not isinstance(value, decimal.Decimal):
            value = self.DECIMAL_CONTEXT.create_decimal(value)
        return Decimal128(value)

    def to_python(self, value: Any) -> Any:
        """Convert to a decimal; None stays."""
        if value is None or _fits_decimal128(value):
            return value
        return self.to_mongo(value).to_decimal()

    def validate(self, value: Any) -> None:
        """Refuse what `Decimal128` does not take, and numbers out of bounds."""
        if not isinstance(value, Decimal128):
            try:
                value = Decimal128(value)
            except (TypeError, ValueError, decimal.InvalidOperation) as error:
                self.error(f"Could not convert value to Decimal128: {error}")
        _check_bounds(self, value.to_decimal(), "Decimal")

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert to what is stored."""
        return super().prepare_query_value(op, self.to_mongo(value))

    def _is_unread(self, value: Any) -> bool:
        return type(value) is Decimal128

    def _lazy_check(self) -> Callable[[Any], bool]:
        return _is_decimal128


def _fits_decimal128(value: Any) -> bool:
    """Tell whether a decimal would come back the same from `Decimal128`, which is slow."""
    if type(value) is not decimal.Decimal:
        return False
    _, digits, exponent = value.as_tuple()
    return len(digits) <= 34 and type(exponent) is int and -6000 < exponent < 6000


def _is_decimal128(value: Any) -> bool:
    return type(value) is Decimal128


class BooleanField(BaseField[T]):
    """True or False."""

    plain_types: ClassVar[tuple[type, ...]] = (bool,)
    _refuses_operators: ClassVar[bool] = True

    def to_python(self, value: Any) -> Any:
        """Return the truth value: any text that is not empty is True, ``"False"`` too."""
        try:
            return bool(value)
        except (TypeError, ValueError):
            return value

    def validate(self, value: Any) -> None:
        """Refuse everything but True and False."""
        if not isinstance(value, bool):
            self.error("BooleanField only accepts boolean values")

    def _plain_is_valid(self) -> bool:
        return self._has_no_rules()
