"""The async classes and their generated twins share one class statement: names must not clash."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import pytest

import mongoengine._async
from tools.twin.names import NAMES
from tools.twin.translation import TwinRule

# What Python itself puts into the namespace of every class.
HOUSEKEEPING = frozenset(
    {
        "__annotations__",
        "__dict__",
        "__doc__",
        "__firstlineno__",
        "__module__",
        "__orig_bases__",
        "__parameters__",
        "__qualname__",
        "__slots__",
        "__static_attributes__",
        "__type_params__",
        "__weakref__",
    }
)


def twin_name(name: str) -> str:
    return TwinRule(NAMES).translated_name(name)


def translated(default: Any) -> Any:
    """Return the default a parameter has in the twin: names of verbs are data there."""
    return twin_name(default) if isinstance(default, str) else default


def async_modules() -> Iterator[Any]:
    package = mongoengine._async
    yield package
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield importlib.import_module(module.name)


def mixins() -> list[type[Any]]:
    return [
        value
        for module in async_modules()
        for name, value in vars(module).items()
        if inspect.isclass(value)
        and name.lstrip("_").startswith("Async")
        and value.__module__ == module.__name__
        and not extends_driver(value)
    ]


def extends_driver(cls: type[Any]) -> bool:
    """Tell whether it is one of the driver's classes with changes: these are never mixed in."""
    return any(base.__module__.partition(".")[0] in {"gridfs", "pymongo"} for base in cls.mro())


def twin_of(cls: type[Any]) -> type[Any]:
    module = importlib.import_module(
        cls.__module__.replace("mongoengine._async", "mongoengine._sync")
    )
    twin: type[Any] = getattr(module, twin_name(cls.__name__))
    return twin


def own_names(cls: type[Any]) -> set[str]:
    return set(vars(cls)) - HOUSEKEEPING


def function_of(value: Any) -> Any:
    """Return what a method, class method, static method or property runs; None for others."""
    if isinstance(value, (classmethod, staticmethod)):
        return value.__func__
    if isinstance(value, property):
        return value.fget
    return value if isinstance(value, FunctionType) else None


each_mixin = pytest.mark.parametrize("mixin", mixins(), ids=lambda cls: cls.__name__)


def test_the_mixins_of_documents_and_querysets_are_among_those_looked_at() -> None:
    names = {cls.__name__ for cls in mixins()}

    assert {"AsyncDocumentIO", "AsyncQuerySetReading", "AsyncQuerySetWriting"} <= names


@each_mixin
def test_the_names_of_a_mixin_translate_to_exactly_those_of_its_twin(mixin: type[Any]) -> None:
    assert {twin_name(name) for name in own_names(mixin)} == own_names(twin_of(mixin))


@each_mixin
def test_every_name_of_a_mixin_changes_in_translation(mixin: type[Any]) -> None:
    assert own_names(mixin).isdisjoint(own_names(twin_of(mixin)))


@each_mixin
def test_a_mixin_holds_methods_only_and_no_state(mixin: type[Any]) -> None:
    for cls in (mixin, twin_of(mixin)):
        assert cls.__slots__ == ()
        assert "__init__" not in vars(cls)
        assert "__new__" not in vars(cls)
        for name in own_names(cls):
            assert function_of(vars(cls)[name]) is not None, f"{cls.__name__}.{name} is state"


@each_mixin
def test_a_mixin_has_no_mangled_names(mixin: type[Any]) -> None:
    for cls in (mixin, twin_of(mixin)):
        prefix = f"_{cls.__name__.lstrip('_')}__"
        used = set(own_names(cls))
        for name in own_names(cls):
            used.update(function_of(vars(cls)[name]).__code__.co_names)

        assert [name for name in used if name.startswith(prefix)] == []


@each_mixin
def test_a_method_takes_the_same_arguments_in_both_colours(mixin: type[Any]) -> None:
    for name in own_names(mixin):
        method, twin = vars(mixin)[name], vars(twin_of(mixin))[twin_name(name)]
        assert type(method) is type(twin)
        parameters = inspect.signature(function_of(method)).parameters.values()
        twins = inspect.signature(function_of(twin)).parameters.values()
        assert [(p.name, p.kind, translated(p.default)) for p in parameters] == [
            (p.name, p.kind, p.default) for p in twins
        ]


@each_mixin
def test_no_method_of_a_twin_has_to_be_awaited(mixin: type[Any]) -> None:
    twin = twin_of(mixin)
    for name in own_names(twin):
        function = function_of(vars(twin)[name])
        assert not inspect.iscoroutinefunction(function)
        assert not inspect.isasyncgenfunction(function)


@each_mixin
def test_what_a_mixin_does_is_documented_in_words_of_its_own_colour(mixin: type[Any]) -> None:
    for name in own_names(mixin):
        if name.startswith("_"):
            continue
        assert inspect.getdoc(function_of(vars(mixin)[name])), f"{mixin.__name__}.{name}"
        words = inspect.getdoc(function_of(vars(twin_of(mixin))[twin_name(name)])) or ""
        assert "async" not in words.lower()
        assert "await" not in words.lower()
