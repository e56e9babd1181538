"""`BaseSequenceField`: numbers from a counter, one to each document.

Model floor: nothing here counts. Names, rules and conversions are here; asking the
counter is added by the public class.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.untyped import is_embedded
from mongoengine.base.meta import snake_case

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("BaseSequenceField", "embedded_sequences", "unset_sequences")

# The alias documents use when their meta names none.
_DEFAULT_ALIAS = "default"


class BaseSequenceField(BaseField[T]):
    """`SequenceField` without its I/O."""

    COLLECTION_NAME = "mongoengine.counters"
    VALUE_DECORATOR: Callable[[Any], Any] = int

    plain_types: ClassVar[tuple[type, ...]] = (int, str)
    _auto_gen: bool = True

    #: True once a class of embedded documents has such a field.
    _embedded: ClassVar[bool] = False

    def __init__(
        self,
        collection_name: str | None = None,
        db_alias: str | None = None,
        sequence_name: str | None = None,
        value_decorator: Callable[[Any], Any] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self.collection_name = collection_name or self.COLLECTION_NAME
        self.db_alias = db_alias or _DEFAULT_ALIAS
        self.sequence_name = sequence_name
        self.value_decorator: Callable[[Any], Any] = (
            value_decorator if callable(value_decorator) else self.VALUE_DECORATOR
        )
        super().__init__(*args, **kwargs)

    def _class_made(self, cls: type[BaseDocument]) -> None:
        if cls.__is_embedded_document__:
            BaseSequenceField._embedded = True

    def _holds_sequences(self, seen: set[Any]) -> bool:
        return True

    # The counter

    def get_sequence_name(self) -> str:
        """Return the first part of the counter's key."""
        if self.sequence_name:
            return self.sequence_name
        owner: Any = self.owner_document
        if owner.__is_embedded_document__ or owner._meta.get("abstract"):
            return snake_case(owner.__name__)
        name: str = owner._get_collection_name()
        return name

    def _counter_key(self) -> dict[str, str]:
        """Return the filter that finds the counter."""
        return {"_id": f"{self.get_sequence_name()}.{self.name}"}

    def _value_after(self, counter: dict[str, Any] | None) -> Any:
        """Return the value that comes after a stored counter; None stands for a new one."""
        return self.value_decorator(counter["next"] + 1 if counter else 1)

    def _next_value_now(self) -> Any:
        """Hook: count, without waiting for it elsewhere; None where that cannot be done."""
        return None

    # Descriptor

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> T: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        """Return the value, counted now if there is none; the field itself on a class."""
        if instance is None:
            return self
        value = super().__get__(instance, owner)
        if value is None and instance.__state__.initialised:
            value = self._generate_missing(instance)
        return value

    def __set__(self, instance: BaseDocument, value: Any) -> None:
        """Store a value; None asks for the next one."""
        counts = value is None and instance.__state__.initialised
        stored: Any = self._next_value_now() if counts else value
        super().__set__(instance, stored)

    def _generate_missing(self, instance: BaseDocument) -> Any:
        value = self._missing_value(instance)
        if value is None:
            value = self._next_value_now()
            if value is not None:
                self._keep_generated(instance, value)
        return value

    def _keep_generated(self, instance: BaseDocument, value: Any) -> None:
        """Give a document the value that was counted for it."""
        instance.__dict__[self.name] = value
        instance._mark_as_changed(self.name)

    # Conversion

    def to_python(self, value: Any) -> Any:
        """Return the value; the next one for None."""
        return self._next_value_now() if value is None else value

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return what the value decorator makes of the value."""
        return self.value_decorator(value)

    def _plain_is_valid(self) -> bool:
        return self._has_no_rules()


def embedded_sequences() -> bool:
    """Tell whether embedded documents of any class, among untyped data, may have sequences."""
    return BaseSequenceField._embedded


def unset_sequences(document: Any) -> Iterator[tuple[Any, BaseSequenceField]]:
    """Yield what has to be counted before a document can be stored.

    Only fields that can lead to a sequence are looked into.

    Yields:
        The document, or one embedded in it at any depth, and a field of it without a value.
    """
    for field in document.__plan__().sequence_fields:
        if field.name in document.__state__.pending:
            field._convert_pending(document)
        value = document.__dict__.get(field.name)
        if value is None:
            value = field._missing_value(document)
        if value is not None:
            yield from _unset_inside(value)
        elif isinstance(field, BaseSequenceField):
            yield document, field
    if embedded_sequences():
        for name in document.__state__.dynamic or ():
            yield from _unset_inside(document.__dict__.get(name))


def _unset_inside(value: Any) -> Iterator[tuple[Any, BaseSequenceField]]:
    if is_embedded(value):
        yield from unset_sequences(value)
    elif isinstance(value, (list, tuple, dict)) and not getattr(value, "_plain", False):
        for item in list(value.values()) if isinstance(value, dict) else value:
            yield from _unset_inside(item)
