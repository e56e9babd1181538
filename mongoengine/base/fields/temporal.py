"""Fields that hold dates and times.

Model floor: checks and conversions only. dateutil is used where it is installed, and
imported when the first text is parsed.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import datetime
import functools
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.strings import StringField

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("ComplexDateTimeField", "DateField", "DateTimeField")

# What is understood without dateutil, each with and without a fraction (of a second).
_FORMATS = tuple(
    layout + fraction
    for layout in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
    for fraction in ("", ".%f")
)


class DateTimeField(BaseField[T]):
    """A date and time, stored to the millisecond.

    Texts, dates and callables may be assigned; they are converted when saved.
    """

    plain_types: ClassVar[tuple[type, ...]] = (datetime.datetime,)
    _refuses_operators: ClassVar[bool] = True

    def validate(self, value: Any) -> None:
        """Refuse what cannot be converted."""
        if not isinstance(self.to_mongo(value), (datetime.datetime, datetime.date)):
            self.error(f'cannot parse date "{value}"')

    def _plain_is_valid(self) -> bool:
        return self._has_no_rules()

    def to_mongo(self, value: Any) -> Any:
        """Convert dates to their midnight, texts by parsing, callables by calling them.

        Returns:
            The date and time, or None for what cannot be converted.
        """
        if value is None or isinstance(value, datetime.datetime):
            return value
        if isinstance(value, datetime.date):
            return _midnight(value)
        if callable(value):
            return value()
        if isinstance(value, str):
            return self._parse_datetime(value)
        return None

    @staticmethod
    def _parse_datetime(value: str) -> datetime.datetime | None:
        """Read a text with dateutil if installed, else ``YYYY-MM-DD[ HH:MM[:SS]]``."""
        text = value.strip()
        if not text:
            return None
        parse = _dateutil_parse()
        if parse is None:
            return _parse_without_dateutil(text)
        try:
            return parse(text)
        except (TypeError, ValueError, OverflowError):
            return None

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert to what is stored."""
        return super().prepare_query_value(op, self.to_mongo(value))


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day)


@functools.cache
def _dateutil_parse() -> Callable[[str], datetime.datetime] | None:
    try:
        parser = importlib.import_module("dateutil.parser")
    except ImportError:
        return None
    parse: Callable[[str], datetime.datetime] = parser.parse
    return parse


def _parse_without_dateutil(text: str) -> datetime.datetime | None:
    for layout in _FORMATS:
        try:
            return datetime.datetime.strptime(text, layout)
        except ValueError:
            continue
    return None


class DateField(DateTimeField[T]):
    """A date, stored as its midnight."""

    plain_types: ClassVar[tuple[type, ...]] = ()
    lazy: ClassVar[bool] = True

    def to_mongo(self, value: Any) -> Any:
        """Convert to the midnight of the day, or to None."""
        moment = super().to_mongo(value)
        return _midnight(moment) if isinstance(moment, datetime.datetime) else moment

    def to_python(self, value: Any) -> Any:
        """Convert a date and time to its date; leave anything else as it is."""
        return value.date() if isinstance(value, datetime.datetime) else value


class ComplexDateTimeField(StringField[T]):
    """A date and time to the microsecond, stored as text that sorts by time.

    The document holds the text and reads as `datetime.datetime`.

    Args:
        separator: stands between the numbers of the text.
        **kwargs: see `StringField`; its rules do not apply.
    """

    plain_types: ClassVar[tuple[type, ...]] = ()
    lazy: ClassVar[bool] = True

    def __init__(self, separator: str = ",", **kwargs: Any) -> None:
        self.separator = separator
        self.format = separator.join(("%Y", "%m", "%d", "%H", "%M", "%S", "%f"))
        super().__init__(**kwargs)

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> T: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        """Return the date and time on a document, the field itself on a class.

        Raises:
            ValueError: the document holds a text of another format.
        """
        if instance is None:
            return self
        # Loaded text needs no conversion in the store, so nothing here waits for a first read.
        values = instance.__dict__
        value = values[self.name] if self.name in values else self._missing_value(instance)
        return self._convert_from_string(value) if isinstance(value, str) else value

    def __set__(self, instance: BaseDocument, value: Any) -> None:
        """Store a date and time as its text, anything else as it is."""
        super().__set__(instance, self._held(value))

    def _default_value(self) -> Any:
        return self._held(super()._default_value())

    def _load(self, value: Any, instance: BaseDocument) -> Any:
        return self._held(value)

    def _held(self, value: Any) -> Any:
        if isinstance(value, datetime.datetime):
            return self._convert_from_datetime(value)
        return value

    def _convert_from_datetime(self, val: datetime.datetime) -> str:
        """Return the text of a date and time."""
        return val.strftime(self.format)

    def _convert_from_string(self, data: str) -> datetime.datetime:
        """Return the date and time of a text.

        Raises:
            ValueError: the text is of another format.
        """
        return datetime.datetime(*map(int, data.split(self.separator)))  # type: ignore[arg-type]

    def to_python(self, value: Any) -> Any:
        """Convert text that is a date and time; leave anything else as it is."""
        if not isinstance(value, str):
            return value
        try:
            return self._convert_from_string(value)
        except (TypeError, ValueError, OverflowError):
            return value

    def to_mongo(self, value: Any) -> Any:
        """Convert to text."""
        return self._convert_from_datetime(self.to_python(value))

    def validate(self, value: Any) -> None:
        """Refuse everything but dates with times, and their texts."""
        if not isinstance(self.to_python(value), datetime.datetime):
            self.error("Only datetime objects may used in a ComplexDateTimeField")

    def _plain_is_valid(self) -> bool:
        return False

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert a date and time to text; None stays."""
        if value is None:
            return None
        return super().prepare_query_value(op, self._convert_from_datetime(value))
