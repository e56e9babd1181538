"""The field every other field derives from: constructor, descriptor and hooks.

A field object belongs to a class and holds no value. Values live in the document's
``__dict__`` under the field's name (see `mongoengine.base.state`).
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, Self, TypeVar, overload

from mongoengine.base import schema
from mongoengine.base.common import UPDATE_OPERATORS
from mongoengine.base.dereferencing import change_depth, dereferencing_disabled
from mongoengine.base.state import own_state
from mongoengine.errors import DeprecatedError, ValidationError

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("BaseField",)

if TYPE_CHECKING:
    from typing_extensions import TypeVar as _TypeVar

    #: What a field reads as. The package's stub says it from a field's constructor; for a
    #: field class that says nothing it is anything.
    T = _TypeVar("T", default=Any)
else:
    T = TypeVar("T")

_NAME_RULE = (
    'field names cannot contain dots (".") or null characters ("\\0"), '
    'and they must not start with a dollar sign ("$").'
)

# Attributes MongoEngine's fields do not have; what we add must not refuse a user's metadata,
# which hides them. They are read off the class.
_OPEN_TO_METADATA = frozenset(
    {"async_fetch", "fetch", "lazy", "plain_types", "query_kind", "stores_items_alone"}
)

# Threads may read the same document for the first time at once; values are converted in place.
_converting = threading.RLock()

# Values of these exact types can neither be embedded documents nor contain them.
_ATOMIC = frozenset({str, int, float, bool, bytes, type(None)})


class BaseField(Generic[T]):
    """A typed attribute of a document.

    Args:
        db_field: key in the database; the attribute name when omitted.
        required: refuse to validate a document whose value is None.
        default: value, or callable giving the value, used in place of None.
        unique: create a unique index on the field.
        unique_with: name or names of fields that make a unique index together with it.
        primary_key: store the value as ``_id``; implies ``required``.
        validation: callable that raises `ValidationError` for bad values.
        choices: allowed values, or pairs of value and label.
        null: keep and store None even where a default exists.
        sparse: make the unique index sparse.
        **kwargs: metadata that becomes attributes of the field.

    Raises:
        TypeError: ``db_field`` is not a string, or metadata clashes with an attribute.
        ValueError: ``db_field`` is not a legal key.
    """

    name: str = None  # type: ignore[assignment]  # set when the class is made
    _geo_index: Any = False
    _auto_gen: bool = False
    #: Whether a required field may be without a value that was never given.
    _absent_is_valid: ClassVar[bool] = False

    #: Exact types whose values `to_python` and `to_mongo` of this class return unchanged.
    plain_types: ClassVar[tuple[type, ...]] = ()
    #: True when `to_python` is pure and cannot fail, so that it may wait for the first read.
    lazy: ClassVar[bool] = False
    #: True when a container is stored item by item, each the same with or without the others.
    stores_items_alone: ClassVar[bool] = False
    #: True when the constructor converts given values with `to_python`.
    _converts_on_construction: ClassVar[bool] = True
    #: True when `validate` hands its ``clean`` on to an embedded document.
    _passes_clean: ClassVar[bool] = False
    #: What queries must know of the field: "", "list", "embedded", "geo_json",
    #: "generic_reference" or "cached_reference".
    query_kind: ClassVar[str] = ""
    #: True for fields whose values are never dicts of MongoDB operators: queries refuse such.
    _refuses_operators: ClassVar[bool] = False
    #: True for fields that store a reference, below which queries cannot look.
    _refers: ClassVar[bool] = False

    creation_counter: int = 0
    auto_creation_counter: int = -1

    def __init__(
        self,
        db_field: str | None = None,
        required: bool = False,
        default: Any = None,
        unique: bool = False,
        unique_with: str | Iterable[str] | None = None,
        primary_key: bool = False,
        validation: Callable[[Any], None] | None = None,
        choices: Iterable[Any] | None = None,
        null: bool = False,
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        # The metaclass puts the attribute's name in the place of None.
        self.db_field: str = "_id" if primary_key else db_field  # type: ignore[assignment]
        self.required = required or primary_key
        self.default = default
        self.unique = bool(unique or unique_with)
        self.unique_with = unique_with
        self.primary_key = primary_key
        self.validation = validation
        self.choices = choices
        self.null = null
        self.sparse = sparse
        self._owner_document: type[BaseDocument] | None = None
        self.__auto_dereference = True

        _check_db_field(db_field)
        taken = set(dir(self)) & set(kwargs) - _OPEN_TO_METADATA
        if taken:
            raise TypeError(
                f"{type(self).__name__} already has attribute(s): {', '.join(sorted(taken))}"
            )
        self.__dict__.update(kwargs)
        self.creation_counter = _next_counter(is_key=self.db_field == "_id")

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if self.__dict__.get("_owner_document") is not None:
            # The compiled code of every class that uses the field may be out of date.
            schema.touch()

    # Descriptor

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> T: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Self | T:
        """Return the value on a document, the field itself on a class."""
        if instance is None:
            return self
        name = self.name
        values = instance.__dict__
        if name in instance.__state__.pending:
            self._convert_pending(instance)
        if name in values:
            return values[name]  # type: ignore[no-any-return]
        return self._missing_value(instance)  # type: ignore[no-any-return]

    def __set__(self, instance: BaseDocument, value: T) -> None:
        """Store a value as it is; conversion and validation come later."""
        if value is None and not self.null and self.default is not None:
            value = self._default_value()
        name = self.name
        values = instance.__dict__
        state = instance.__state__
        if state.initialised and state.changed is not None and self._differs(instance, value):
            instance._mark_as_changed(name)
            state = instance.__state__
        if type(value) not in _ATOMIC:
            _bind_owner(instance, value)
        if state.pending and name in state.pending:
            own_state(instance).pending.discard(name)
        values[name] = value

    def _convert_pending(self, instance: BaseDocument) -> None:
        """Turn the driver's value into the one users see, once."""
        name = self.name
        with _converting:
            state = instance.__state__
            if name not in state.pending:
                return  # another thread was first
            values = instance.__dict__
            value = values.get(name)
            if value is not None and self._is_unread(value):
                value = values[name] = self._load(value, instance)
            if self._is_unread(value):
                own_state(instance).pending.discard(name)

    def _is_unread(self, value: Any) -> bool:
        """Tell whether a value, of a name that is pending, is still as the driver gave it.

        True for all values says that they do not show it; then the document's state does,
        and reading costs a state of its own.
        """
        return True

    def _load(self, value: Any, instance: BaseDocument) -> Any:
        """Convert a stored value that is not None on behalf of a document."""
        return self.to_python(value)

    def _missing_value(self, instance: BaseDocument) -> Any:
        """Return the default of a value the document does not have, and keep it."""
        if self.default is None or self.null:
            return None
        value = self._default_value()
        if value is not None:
            if type(value) not in _ATOMIC:
                _bind_owner(instance, value)
            instance.__dict__[self.name] = value
            if self.name in instance.__state__.pending:
                own_state(instance).pending.discard(self.name)
        return value

    def _from_stored(self, value: Any) -> Any:
        """Convert a stored value that is not None for a document made by its constructor."""
        return self.to_python(value)

    def _stored_value(self, instance: BaseDocument) -> Any:
        """Return the value as it is kept: converted, with its default, not dereferenced."""
        pending = instance.__state__.pending
        if pending and self.name in pending:
            self._convert_pending(instance)
        value = instance.__dict__.get(self.name)
        if value is None and not self.null:
            value = self._generate_missing(instance) if self._auto_gen else None
            if value is None:
                value = self._missing_value(instance)
        return value

    def _generate_missing(self, instance: BaseDocument) -> Any:
        """Make, keep and return the value of an auto-generating field that has none."""
        raise NotImplementedError(f"{type(self).__name__} sets _auto_gen but generates nothing")

    def _default_value(self) -> Any:
        return self.default() if callable(self.default) else self.default

    def _differs(self, instance: BaseDocument, value: Any) -> bool:
        """Tell whether a value is another than the stored one."""
        pending = instance.__state__.pending
        if pending and self.name in pending:
            self._convert_pending(instance)
        try:
            old = instance.__dict__[self.name]
        except KeyError:
            old = self._missing_value(instance)
        try:
            return bool(old != value)
        except Exception:  # values that cannot be compared (naive and aware dates) have changed
            return True

    # Hooks for subclasses

    def to_python(self, value: Any) -> Any:
        """Convert a stored or given value to the one the document holds."""
        return value

    def to_mongo(self, value: Any) -> Any:
        """Convert a held value to the one that is stored."""
        return self.to_python(value)

    def validate(self, value: Any, clean: bool = True) -> None:
        """Raise `ValidationError` (through `error`) for a value that may not be stored."""

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert a value used in a query or update.

        Args:
            op: the operator it is used with; None for equality.
            value: what the user gave.
        """
        if op in UPDATE_OPERATORS:
            self.validate(value)
        return value

    def error(
        self,
        message: str = "",
        errors: dict[Any, Any] | None = None,
        field_name: str | None = None,
    ) -> NoReturn:
        """Raise a `ValidationError` that names this field."""
        raise ValidationError(message, errors=errors, field_name=field_name or self.name)

    def _holds_references(self, seen: set[Any]) -> bool:
        """Tell whether values may be, or contain, references that reading replaces.

        Args:
            seen: embedded classes looked into already, which may contain themselves.
        """
        return False

    def _holds_sequences(self, seen: set[Any]) -> bool:
        """Tell whether embedded documents in values may have a sequence without a value.

        Args:
            seen: see `_holds_references`.
        """
        # Only a user's field can hold documents that its class does not tell of.
        return any(
            schema.overrides_library(type(self), method) for method in ("to_python", "to_mongo")
        )

    def _class_made(self, cls: type[BaseDocument]) -> None:
        """Register what the field means for others; called for every class that has it."""

    def _loads_lazily(self) -> bool:
        """Tell whether a stored value may wait for its first read to be converted."""
        return type(self).lazy and schema.vouched(type(self), "lazy", "to_python")

    def _lazy_check(self) -> Callable[[Any], bool] | None:
        """Return a test for stored values: may this one be converted later, without raising?

        None means every value may. Asked only of fields that load lazily.
        """
        return None

    def _display(self, value: Any) -> Any:
        """Return the label the choices give a value; for a list, all of them joined."""
        choices = list(self.choices or ())
        if not choices or not isinstance(choices[0], (list, tuple)):
            return value
        labels = dict(choices)
        if value is None:
            return None
        if isinstance(value, (list, tuple)):
            separator = getattr(self, "display_sep", " ")
            return separator.join(str(labels.get(item, item)) for item in value)
        # A value that is no choice shows as text, like one in a list.
        return str(labels.get(value, value))

    def _plain_is_valid(self) -> bool:
        """Tell whether every value of a plain type passes `_validate` as configured."""
        return False

    def _has_no_rules(self) -> bool:
        """Tell whether neither choices nor a validation callable restrict values."""
        return self.choices is None and self.validation is None

    # Validation

    def _validate(self, value: Any, **kwargs: Any) -> None:
        """Check choices, then the ``validation`` callable, then `validate`."""
        if self.choices:
            self._validate_choices(value)
        if self.validation is not None:
            self._run_validation(value)
        self.validate(value, **kwargs)

    def _run_validation(self, value: Any) -> None:
        if not callable(self.validation):
            raise ValueError(f'validation argument for `"{self.name}"` must be a callable.')
        try:
            result = self.validation(value)
        except ValidationError as error:
            self.error(str(error))
        if result is not None:
            raise DeprecatedError(
                f"validation argument for `{self.name}` must not return anything, "
                "it should raise a ValidationError if validation fails"
            )

    def _validate_choices(self, value: Any) -> None:
        choices: Any = self.choices
        first = next(iter(choices), None)
        if isinstance(first, (list, tuple)):
            choices = [key for key, _ in choices]
        if hasattr(type(value), "__is_embedded_document__"):
            allowed = tuple(choice for choice in choices if isinstance(choice, type))
            if not isinstance(value, allowed):
                self.error(f"Value must be an instance of {choices}")
            return
        items = value if isinstance(value, (list, tuple)) else [value]
        if any(item not in choices for item in items):
            self.error(f"Value must be one of {choices}")

    def _to_mongo_safe_call(
        self, value: Any, use_db_field: bool = True, fields: list[str] | None = None
    ) -> Any:
        """Call `to_mongo` with those of the two keywords it accepts.

        Custom fields define ``to_mongo(self, value)``; the containers take more.
        """
        accepted = schema.parameters(type(self).to_mongo)
        kwargs: dict[str, Any] = {}
        if "fields" in accepted:
            kwargs["fields"] = fields
        if "use_db_field" in accepted:
            kwargs["use_db_field"] = use_db_field
        return self.to_mongo(value, **kwargs)

    # Owner

    @property
    def owner_document(self) -> type[BaseDocument] | None:
        """The class that declared the field."""
        return self._owner_document

    @owner_document.setter
    def owner_document(self, owner_document: type[BaseDocument]) -> None:
        self._set_owner_document(owner_document)

    def _set_owner_document(self, owner_document: type[BaseDocument]) -> None:
        self._owner_document = owner_document

    # Dereferencing

    @property
    def _auto_dereference(self) -> bool:
        """True when reading a reference here may load it, in the current context."""
        return self.__auto_dereference and not dereferencing_disabled()

    def set_auto_dereferencing(self, value: bool) -> None:
        """Switch loading on read on or off for this field object."""
        self.__dict__["_BaseField__auto_dereference"] = value

    @property
    def _no_dereference_context_is_set(self) -> bool:
        return dereferencing_disabled()

    def _incr_no_dereference_context(self) -> None:
        change_depth(1)

    def _decr_no_dereference_context(self) -> None:
        change_depth(-1)


def _check_db_field(db_field: Any) -> None:
    if db_field is None:
        return
    if not isinstance(db_field, str):
        raise TypeError("db_field should be a string.")
    if "." in db_field or "\0" in db_field or db_field.startswith("$"):
        raise ValueError(_NAME_RULE)


def _next_counter(*, is_key: bool) -> int:
    """Number a field: user fields count up, those stored as ``_id`` down, to sort first."""
    if is_key:
        number = BaseField.auto_creation_counter
        BaseField.auto_creation_counter -= 1
    else:
        number = BaseField.creation_counter
        BaseField.creation_counter += 1
    return number


def _bind_owner(instance: BaseDocument, value: Any) -> None:
    """Tell embedded documents, alone or in a list, which document holds them."""
    items = value if isinstance(value, (list, tuple)) else (value,)
    owner = None
    for item in items:
        if type(item) not in _ATOMIC and getattr(type(item), "__is_embedded_document__", False):
            if owner is None:
                owner = weakref.proxy(instance)
            type(item).__owner__.__set__(item, owner)  # not through __setattr__
