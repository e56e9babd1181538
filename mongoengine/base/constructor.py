"""Constructing: a new document from keywords."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mongoengine import signals
from mongoengine.base import schema
from mongoengine.base.attributes import NativeAttribute
from mongoengine.base.loader import unknown_names
from mongoengine.base.reserved import RESERVED_NAMES
from mongoengine.base.state import DocumentState, own_state

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("compile_constructor",)

Setter = Callable[["BaseDocument", Any], None]


def compile_constructor(cls: Any) -> Callable[[BaseDocument, dict[str, Any]], None]:
    """Return ``construct(document, values)`` for a class."""
    constructor = _DynamicConstructor(cls) if cls._dynamic else _Constructor(cls)
    return constructor.construct


class _Constructor:
    """The tables a class needs to fill its new documents."""

    def __init__(self, cls: Any) -> None:
        self.cls = cls
        self.observed = schema.overrides_library(cls, "__setattr__")
        self.allowed = frozenset(cls._fields) | {"id", "pk", "_cls", "_text_score"}
        self.setters: dict[str, Setter] = {
            name: self._setter(name, field) for name, field in cls._fields.items()
        }
        self.converters = {
            name: _converter(field)
            for name, field in cls._fields.items()
            if field._converts_on_construction
        }
        self.defaulted = tuple(
            (name, field) for name, field in cls._fields.items() if self._needs_default(field)
        )
        embedded = cls.__is_embedded_document__
        # New top-level documents track nothing: they are saved whole.
        self.under_way = DocumentState(changed=() if embedded else None, shared=True)
        self.finished = DocumentState(
            initialised=True, changed=() if embedded else None, shared=True
        )
        self.set_state = cls.__state__.__set__

    def construct(self, document: BaseDocument, values: dict[str, Any]) -> None:
        """Fill a document from keywords, which may be changed."""
        self.set_state(document, self.under_way)
        created = values.pop("_created", True)
        convert = values.pop("__auto_convert", True)
        if signals.pre_init.receivers:
            signals.pre_init.send(self.cls, document=document, values=values)
        rest = {} if self.allowed.issuperset(values) else self._split_unknown(values, created)

        for name, field in self.defaulted:
            if name not in values:
                self._set_default(document, name, field)
        setters, converters = self.setters, self.converters
        for name, value in values.items():
            if convert and value is not None and name in converters:
                value = converters[name](value)
            setter = setters.get(name)
            if setter is not None:
                setter(document, value)
            else:
                self._set_other(document, name, value)
        if rest:
            self._set_rest(document, rest, created)
        self._finish(document, created)
        if signals.post_init.receivers:
            signals.post_init.send(self.cls, document=document)

    def _split_unknown(self, values: dict[str, Any], created: bool) -> dict[str, Any]:
        """Take the names that are no fields out of the keywords, or refuse them."""
        cls = self.cls
        unknown = {name: values[name] for name in values if name not in self.allowed}
        if created or cls._meta.get("strict", True):
            raise unknown_names(cls, unknown)
        for name in unknown:
            del values[name]
        return unknown

    def _set_rest(self, document: BaseDocument, rest: dict[str, Any], created: bool) -> None:
        """Keep the unknown keys of loaded, non-strict data beside the fields."""
        _keep_beside(document, rest)

    def _set_other(self, document: BaseDocument, name: str, value: Any) -> None:
        """Set a keyword that is allowed without being a field."""
        if name == "_text_score":
            _keep_beside(document, {name: value})
        elif name == "_cls":
            document.__dict__[name] = value
        else:
            setattr(document, name, value)

    def _finish(self, document: BaseDocument, created: bool) -> None:
        if document.__state__ is self.under_way and created:
            self.set_state(document, self.finished)
        else:
            state = own_state(document)
            state.initialised = True
            state.created = created

    # Tables

    def _setter(self, name: str, field: BaseField[Any]) -> Setter:
        found = next(base.__dict__[name] for base in self.cls.__mro__ if name in base.__dict__)
        if not self.observed:
            if isinstance(found, NativeAttribute):
                return _native_setter(field)
            if found is field:
                return field.__set__
        return lambda document, value: setattr(document, name, value)

    def _needs_default(self, field: BaseField[Any]) -> bool:
        """Tell whether a field that is not given must be set all the same."""
        kind = type(field)
        return field.default is not None or any(
            schema.overrides_library(kind, method) for method in ("__get__", "__set__")
        )

    def _set_default(self, document: BaseDocument, name: str, field: BaseField[Any]) -> None:
        self.setters[name](document, getattr(document, name))


class _DynamicConstructor(_Constructor):
    """Fills documents that take any name."""

    def _split_unknown(self, values: dict[str, Any], created: bool) -> dict[str, Any]:
        return {name: values.pop(name) for name in list(values) if name not in self.allowed}

    def _set_rest(self, document: BaseDocument, rest: dict[str, Any], created: bool) -> None:
        from mongoengine.base.dynamic import (  # it needs documents
            is_dynamic_name,
            set_dynamic_value,
        )

        cls = self.cls
        for name, value in rest.items():
            if is_dynamic_name(cls, name) and (created or name not in RESERVED_NAMES):
                set_dynamic_value(document, name, value)
            elif created:
                setattr(document, name, value)
            else:
                # Reachable as data only: it must not stand in the way of a method.
                _keep_beside(document, {name: value})


def _keep_beside(document: BaseDocument, values: dict[str, Any]) -> None:
    state = own_state(document)
    state.extra = {**(state.extra or {}), **values}


def _converter(field: BaseField[Any]) -> Callable[[Any], Any]:
    types = type(field).plain_types
    if not types or not schema.vouched(type(field), "plain_types", "to_python"):
        return field.to_python
    to_python = field.to_python
    if len(types) == 1:
        (plain,) = types
        return lambda value: value if type(value) is plain else to_python(value)
    return lambda value: value if type(value) in types else to_python(value)


def _native_setter(field: BaseField[Any]) -> Setter:
    """Return what `BaseField.__set__` comes to while nothing is tracked."""
    name = field.name
    atomic = frozenset(type(field).plain_types)
    keeps_none = field.null or field.default is None

    def set_value(document: BaseDocument, value: Any) -> None:
        if type(value) in atomic or (value is None and keeps_none):
            document.__dict__[name] = value
        else:
            field.__set__(document, value)

    return set_value
