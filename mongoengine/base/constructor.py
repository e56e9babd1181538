"""Constructing: a new document from keywords."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mongoengine import signals
from mongoengine.base import schema
from mongoengine.base.attributes import NativeAttribute
from mongoengine.base.codegen import FunctionSource
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
    if constructor.observed or cls._dynamic:
        return constructor.construct
    return _compile_quick(cls, constructor)


def _compile_quick(cls: Any, constructor: _Constructor) -> Callable[..., None]:
    """Return a constructor that leaves what is out of the ordinary to the careful one.

    Ordinary are names of fields only, and nobody who listens. Values of plain types are
    taken over as they are given, all at once; defaults that can wait do.
    """
    source = FunctionSource("construct", "document, values")
    receivers = [source.ref(signal, "signal") for signal in (signals.pre_init, signals.post_init)]
    known = source.ref(frozenset(cls._fields), "known")
    source.line(f"if {' or '.join(f'{name}.receivers' for name in receivers)} or (")
    source.line(f"    not {known}.issuperset(values)")
    source.line("):")
    source.line(f"return {source.ref(constructor.construct, 'careful')}(document, values)", 2)
    set_state = source.ref(constructor.set_state, "set_state")
    source.line(f"{set_state}(document, {source.ref(constructor.under_way, 'under_way')})")
    source.line("g = values.get")
    source.line("stored = document.__dict__")
    for name, field in cls._fields.items():
        _emit_value(source, constructor, name, field)
    source.line("stored.update(values)")
    finished = source.ref(constructor.finished, "finished")
    source.line(f"if document.__state__ is {source.ref(constructor.under_way, 'under_way')}:")
    source.line(f"{set_state}(document, {finished})", 2)
    source.line("else:")
    source.line(f"{source.ref(constructor._finish, 'finish')}(document, True)", 2)
    return source.compile(cls._class_name)


def _emit_value(
    source: FunctionSource, constructor: _Constructor, name: str, field: BaseField[Any]
) -> None:
    """Leave a plain value where it is; set any other one, and take it out of the values."""
    types = _adopted_types(constructor, name, field)
    key = repr(name)
    source.line(f"v = g({key})")
    if types:
        source.line(f"if {source.is_exactly('v', types)}:")
        source.line("pass", 2)
        source.line("elif v is not None:")
    elif schema.overrides_library(type(field), "__set__"):
        source.line(f"if {key} in values:")  # it is to see None, too
    else:
        source.line("if v is not None:")
    source.line(f"{source.ref(constructor.setter_of(name), 'set')}(document, values.pop({key}))", 2)
    if (name, field) in constructor.defaulted:
        keeps_none = field.null or field.default is None
        source.line(f"elif {key} not in values:" if keeps_none else "else:")
        source.line(f"values.pop({key}, None)", 2)
        if not _default_can_wait(field):
            setter = source.ref(constructor._set_default, "set_default")
            source.line(f"{setter}(document, {key}, {source.ref(field, 'field')})", 2)


def _adopted_types(constructor: _Constructor, name: str, field: BaseField[Any]) -> tuple[type, ...]:
    """Return the types of values that neither converting nor setting would change."""
    if not isinstance(class_attribute(constructor.cls, name), NativeAttribute):
        return ()
    if not schema.vouched(type(field), "plain_types", "to_python"):
        return ()
    return tuple(type(field).plain_types)


def _default_can_wait(field: BaseField[Any]) -> bool:
    """Tell whether nobody sees when a default is taken: it is a constant or a new container."""
    kind = type(field)
    overridden = any(schema.overrides_library(kind, name) for name in ("__get__", "__set__"))
    return not overridden and (not callable(field.default) or field.default in (list, dict))


def class_attribute(cls: type, name: str) -> Any:
    """Return what a class or a base defines under a name, descriptors untouched."""
    return next(base.__dict__[name] for base in cls.__mro__ if name in base.__dict__)


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

    def setter_of(self, name: str) -> Setter:
        """Return what converts and sets a value that is not None."""
        setter, convert = self.setters[name], self.converters.get(name)
        if convert is None:
            return setter
        return lambda document, value: setter(document, value if value is None else convert(value))

    def _setter(self, name: str, field: BaseField[Any]) -> Setter:
        found = class_attribute(self.cls, name)
        if not self.observed:
            if isinstance(found, NativeAttribute):
                return _native_setter(field)
            if found is field:
                result: Setter = field.__set__
                return result
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
