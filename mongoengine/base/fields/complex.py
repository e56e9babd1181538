"""`ComplexBaseField`: what list and dict fields have in common.

Items are converted by an inner field or, without one, as plain data. Reading gives
containers that track changes; loading references on read is added above this floor.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from mongoengine.base import reference_reader, schema
from mongoengine.base.containers import (
    BaseDict,
    BaseList,
    bound_dict,
    bound_list,
    track_nested,
    wrap,
)
from mongoengine.base.delete_rules import register_container
from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.embedded import EmbeddedDocumentField
from mongoengine.base.fields.enums import EnumField
from mongoengine.base.fields.sequence import embedded_sequences
from mongoengine.base.fields.untyped import (
    converted_items,
    generic_reference,
    is_any_document,
    is_embedded,
    is_toplevel,
    revive_documents,
    stored_with_class,
)
from mongoengine.base.plain import SCALARS, holds_scalars, is_plain_inside
from mongoengine.errors import ValidationError

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("ComplexBaseField",)


_NO_TYPES: frozenset[type] = frozenset()

_NOT_SAVED = "You can only reference documents once they have been saved to the database"


class _ItemRules:
    """What the exact types of items alone say about them, for one inner field.

    Attributes:
        unconverted: types of stored items that loading leaves as they are.
        stored_as_is: types of items that are stored as they are.
        valid: types whose values the inner field accepts, whatever they are.
        holds_references: True when items may be, or contain, references.
    """

    __slots__ = (
        "generation",
        "holds_references",
        "inner",
        "stored_as_is",
        "unconverted",
        "valid",
    )

    def __init__(self, inner: BaseField[Any] | None) -> None:
        self.inner = inner
        self.generation = schema.generation.number
        self.holds_references = inner is None or inner._holds_references(set())
        self.unconverted = _trusted_types(inner, "to_python")
        self.stored_as_is = _trusted_types(inner, "to_python", "to_mongo")
        self.valid = _NO_TYPES
        if (
            inner is not None
            and schema.vouched(type(inner), "_plain_is_valid", "validate", "_validate")
            and inner._plain_is_valid()
        ):
            self.valid = _trusted_types(inner, "validate", "_validate")


def _trusted_types(inner: BaseField[Any] | None, *methods: str) -> frozenset[type]:
    if inner is None or not schema.vouched(type(inner), "plain_types", *methods):
        return _NO_TYPES
    return frozenset(type(inner).plain_types)


class ComplexBaseField(BaseField[T]):
    """A field whose values hold other values.

    Args:
        field: converts and validates each item; plain data of any kind without it.
        **kwargs: see `BaseField`.

    Raises:
        TypeError: ``field`` is not a field instance.
    """

    lazy: ClassVar[bool] = True
    stores_items_alone: ClassVar[bool] = True

    #: The container that lists become.
    _list_class: ClassVar[type[BaseList]] = BaseList
    #: True for a field whose `_prepare_items` has something to do.
    _prepares_items: bool = False

    _known_rules: _ItemRules | None = None

    def __init__(self, field: BaseField[Any] | None = None, **kwargs: Any) -> None:
        if field is not None and not isinstance(field, BaseField):
            raise TypeError(
                "field argument must be a Field instance "
                f"(e.g {type(self).__name__}(StringField()))"
            )
        super().__init__(**kwargs)
        self.field = field

    # Descriptor

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> T: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        """Return the tracked container on a document, the field itself on a class."""
        if instance is None:
            return self
        name = self.name
        values = instance.__dict__
        value = values.get(name)
        if not isinstance(value, (BaseList, BaseDict)):
            if name in instance.__state__.pending:
                self._convert_pending(instance)
            value = values[name] if name in values else self._missing_value(instance)
        if not isinstance(value, (BaseList, BaseDict)):
            if not isinstance(value, (list, tuple, dict)):
                return value
            value = values[name] = self._bound(
                wrap(value, weakref.proxy(instance), name, list_class=self._list_class)
            )
        if self._prepares_items:
            self._prepare_items(value)
        if not value._dereferenced:
            found = self._dereference_on_read(instance, value)
            if found is not value:
                value = values[name] = found
            if isinstance(value, (BaseList, BaseDict)) and not value._tracked:
                track_nested(value)
        return value

    def _container(self, instance: BaseDocument) -> Any:
        """Return the container as reading gives it, its references left as they are."""
        value = self._stored_value(instance)
        if isinstance(value, (list, tuple, dict)) and not isinstance(value, (BaseList, BaseDict)):
            owner = weakref.proxy(instance)
            value = self._bound(wrap(value, owner, self.name, list_class=self._list_class))
            instance.__dict__[self.name] = value
        return value

    def __set__(self, instance: BaseDocument, value: Any) -> None:
        """Store a value; a container of another document or field is copied."""
        if isinstance(self.field, EnumField) and value is not None:
            value = converted_items(value, self.field.to_python)
        elif isinstance(value, (BaseList, BaseDict)) and not (
            value._instance is weakref.proxy(instance) and value._name == self.name
        ):
            # It would go on reporting to where it came from.
            value = dict(value) if isinstance(value, dict) else list.copy(value)
        stored: Any = value
        super().__set__(instance, stored)

    def _bound(self, container: Any) -> Any:
        """Tell a new container what its items become when they are containers too."""
        inner = self._container_field()
        if inner is not None:
            container._inner = inner
        return container

    def _container_field(self) -> ComplexBaseField[Any] | None:
        inner = self.field
        return inner if isinstance(inner, ComplexBaseField) else None

    def _prepare_items(self, value: Any) -> None:
        """Hook: change the items of a container to what each reading must give."""

    # References

    def _holds_references(self, seen: set[Any]) -> bool:
        return self.field is None or self.field._holds_references(seen)

    def _holds_sequences(self, seen: set[Any]) -> bool:
        if super()._holds_sequences(seen):
            return True
        return embedded_sequences() if self.field is None else self.field._holds_sequences(seen)

    def _dereferences(self, instance: BaseDocument) -> bool:
        """Tell whether reading replaces references, on this document and just now."""
        return instance.__state__.dereference and self._auto_dereference

    def _dereference_on_read(self, instance: BaseDocument, value: Any) -> Any:
        """Return what reading gives for a container not marked ``_dereferenced``."""
        if not value or not instance.__state__.initialised or not self._dereferences(instance):
            return value
        if not self._rules().holds_references:
            value._dereferenced = True
            return value
        return self._lazy_load_refs(instance, self.name, value, max_depth=1)

    @staticmethod
    def _lazy_load_refs(instance: Any, name: str, ref_values: Any, *, max_depth: int) -> Any:
        """Return items with the documents they refer to in place; there to be overridden.

        Args:
            instance: the document that is read.
            name: its field.
            ref_values: the items.
            max_depth: how many references to follow, one behind the other.
        """
        return reference_reader.current.read_items(instance, name, ref_values, max_depth)

    # Loading

    def _loads_lazily(self) -> bool:
        inner = self.field
        return super()._loads_lazily() and (
            inner is None or inner._loads_lazily() or bool(self._rules().unconverted)
        )

    def _lazy_check(self) -> Callable[[Any], bool] | None:
        inner = self.field
        if inner is None:
            return None
        item_check = inner._lazy_check() if inner._loads_lazily() else None
        if inner._loads_lazily() and item_check is None:
            return None
        if isinstance(inner, EmbeddedDocumentField):
            return _check_of_items(inner._check_of_class(many=True))
        if item_check is None:
            types = self._rules().unconverted
            return _check_of_items(lambda items: types.issuperset(map(type, items)))
        return _check_of_items(lambda items: all(map(item_check, items)))

    def _is_unread(self, value: Any) -> bool:
        return not isinstance(value, (BaseList, BaseDict))

    def _load(self, value: Any, instance: BaseDocument) -> Any:
        revived = self.field is None and revive_documents(value)
        if type(value) is list:
            items: Any = self._load_items(value, instance)
            plain = not revived and self._loaded_plain(items, converted=items is not value)
            owner = weakref.proxy(instance)
            return self._bound(bound_list(self._list_class, items, owner, self.name, plain=plain))
        if isinstance(value, dict):
            stored = value.values()
            items = self._load_items(stored, instance)
            plain = not revived and self._loaded_plain(items, converted=items is not stored)
            # A dict is copied at once, pairs are not.
            pairs = value if items is stored else zip(value, items, strict=True)
            return self._bound(bound_dict(pairs, weakref.proxy(instance), self.name, plain=plain))
        return self.to_python(value)

    def _loaded_plain(self, items: Collection[Any], *, converted: bool) -> bool:
        """Tell whether nothing among loaded items is, or holds, a document."""
        if not converted:
            return self.field is None or SCALARS.issuperset(self._rules().unconverted)
        return not isinstance(self.field, EmbeddedDocumentField) and is_plain_inside(items)

    def _from_stored(self, value: Any) -> Any:
        if self.field is None:
            revive_documents(value)
        return self.to_python(value)

    def _load_items(self, items: Collection[Any], instance: BaseDocument) -> Collection[Any]:
        """Convert items the driver decoded, which nobody else holds."""
        inner = self.field
        if inner is None:
            return items
        types = self._rules().unconverted
        if types and types.issuperset(map(type, items)):
            return items
        if isinstance(inner, ComplexBaseField):
            # Items that are lists or dicts are bound when they are read out of this one.
            return [inner._load_nested(item, instance) for item in items]
        if isinstance(inner, EmbeddedDocumentField):
            return inner._load_all(items, instance)
        return [inner._load(item, instance) for item in items]

    def _load_nested(self, value: Any, instance: BaseDocument) -> Any:
        if self.field is None:
            revive_documents(value)
        if type(value) is list:
            return list(self._load_items(value, instance))
        if isinstance(value, dict):
            return dict(zip(value, self._load_items(value.values(), instance), strict=True))
        return self.to_python(value)

    def _rules(self) -> _ItemRules:
        rules = self._known_rules
        if (
            rules is None
            or rules.generation != schema.generation.number
            or rules.inner is not self.field
        ):
            # Not by assignment: it would make compiled code out of date.
            rules = self.__dict__["_known_rules"] = _ItemRules(self.field)
        return rules

    # Conversion

    def to_python(self, value: Any) -> Any:
        """Return a new list or dict with converted items.

        Without an inner field nested data is copied; documents stay what they are.

        Raises:
            ValidationError: an unsaved document where there is no inner field.
        """
        if type(value) in SCALARS or is_any_document(value):
            return value
        if hasattr(type(value), "to_python"):
            return value.to_python()
        inner = self.field
        return converted_items(value, self._item_to_python if inner is None else inner.to_python)

    def _item_to_python(self, item: Any) -> Any:
        if is_toplevel(item) and item.pk is None:
            self.error(_NOT_SAVED)
        return self.to_python(item)

    def to_mongo(
        self, value: Any, use_db_field: bool = True, fields: list[str] | None = None
    ) -> Any:
        """Return the stored form: a new list or dict of the stored forms of the items."""
        if type(value) in SCALARS:
            return value
        if isinstance(value, (list, dict)):
            return self._items_to_mongo(value, use_db_field, fields)
        if is_toplevel(value):
            return generic_reference(value)
        if is_embedded(value):
            return stored_with_class(value, use_db_field, fields)
        if hasattr(type(value), "to_mongo"):
            return value.to_mongo(use_db_field, fields)
        return self._items_to_mongo(value, use_db_field, fields)

    def _items_to_mongo(self, value: Any, use_db_field: bool, fields: list[str] | None) -> Any:
        inner = self.field
        if isinstance(value, (list, dict)) and self._are_stored_as_is(value):
            return dict(value) if isinstance(value, dict) else list.copy(value)
        if inner is None:
            return converted_items(
                value, lambda item: self._untyped_to_mongo(item, use_db_field, fields)
            )
        if use_db_field and not fields:
            return converted_items(value, inner.to_mongo)
        return converted_items(
            value, lambda item: inner._to_mongo_safe_call(item, use_db_field, fields)
        )

    def _are_stored_as_is(self, value: list[Any] | dict[Any, Any]) -> bool:
        items = value.values() if isinstance(value, dict) else value
        if self.field is None:
            return holds_scalars(items)
        types = self._rules().stored_as_is
        return bool(types) and types.issuperset(map(type, items))

    def _untyped_to_mongo(self, item: Any, use_db_field: bool, fields: list[str] | None) -> Any:
        if not is_toplevel(item):
            return self.to_mongo(item, use_db_field, fields)
        if item.pk is None:
            self.error(_NOT_SAVED)
        if item._meta.get("allow_inheritance"):
            # The stored document names its class itself.
            return item.to_dbref()
        return generic_reference(item)

    # Validation

    def validate(self, value: Any) -> None:
        """Check every item with the inner field.

        Raises:
            ValidationError: with the errors of the items by index or key.
        """
        if self.field is not None and value and not self._are_valid(value):
            errors = self._item_errors(value)
            if errors:
                self.error(f"Invalid {type(self.field).__name__} item ({value})", errors=errors)
        if self.required and not value:
            self.error("Field is required and cannot be empty")

    def _item_errors(self, value: Any) -> dict[Any, Any]:
        inner = self.field
        assert inner is not None
        errors: dict[Any, Any] = {}
        for key, item in value.items() if hasattr(value, "items") else enumerate(value):
            try:
                inner._validate(item)
            except ValidationError as error:
                errors[key] = error.errors or error
            except (ValueError, AssertionError) as error:
                errors[key] = error
        return errors

    def _are_valid(self, value: Any) -> bool:
        """Tell from their types alone whether all items are valid; False means look closer."""
        types = self._rules().valid
        if not types or not isinstance(value, (list, tuple, dict)):
            return False
        return types.issuperset(map(type, value.values() if isinstance(value, dict) else value))

    # Queries

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return the stored form of a value used in a query or update."""
        return self.to_mongo(value)

    def lookup_member(self, member_name: str) -> Any:
        """Return the field of a name below the items; None without an inner field."""
        return self.field.lookup_member(member_name) if self.field is not None else None  # type: ignore[attr-defined]

    # Owner

    def _class_made(self, cls: type[BaseDocument]) -> None:
        register_container(cls, self)

    def _set_owner_document(self, owner_document: type[BaseDocument]) -> None:
        if self.field is not None:
            self.field.owner_document = owner_document
        super()._set_owner_document(owner_document)


def _check_of_items(check: Callable[[Iterable[Any]], bool]) -> Callable[[Any], bool]:
    """Return a check of lists and dicts from one of their items."""

    def can_wait(raw: Any) -> bool:
        kind = type(raw)
        if kind is list:
            return check(raw)
        return kind is dict and check(raw.values())

    return can_wait
