"""Overrides of a verb in one colour only: noticed when a class is made, told of when it matters.

A class that overrides `save` has not overridden `async_save`. It gets a stand-in for the
verb it has left alone, which warns at its first call and then takes itself off the class: so
the check costs no other class, and no later call, anything.
"""

from __future__ import annotations

import functools
import inspect
import threading
import warnings
import weakref
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ("OPTION", "sync_name", "verb_pairs", "watch_overrides")

#: The key in ``meta``; False silences the warning for a class and those below it.
OPTION = "warn_one_colour_overrides"


# The verbs of the other colour that were warned of, by the class that does not override them.
_warned: weakref.WeakKeyDictionary[type, set[str]] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


class _StandIn:
    """Marks the function that stands in for a verb."""

    __slots__ = ("overridden", "overrider")

    def __init__(self, overrider: type, overridden: str) -> None:
        self.overrider = overrider
        self.overridden = overridden


def sync_name(name: str) -> str:
    """Return what a verb of async code is called in sync code; itself if that is the same."""
    if name.startswith(("async_", "_async_")):
        return name.replace("async_", "", 1)
    if name.startswith("__a"):
        return name.replace("__a", "__", 1)
    return name


def verb_pairs(async_mixin: type, sync_mixin: type) -> dict[str, str]:
    """Return the verbs of a class, each with the one of the other colour.

    Args:
        async_mixin: class that has, or inherits, the async verbs.
        sync_mixin: its twin.
    """
    pairs = {}
    for cls in async_mixin.__mro__[:-1]:
        for name in vars(cls):
            other = sync_name(name)
            if other != name and hasattr(sync_mixin, other):
                pairs[name], pairs[other] = other, name
    return pairs


def watch_overrides(cls: type, pairs: Mapping[str, str]) -> None:
    """Have a class warn when a verb is called that it overrides in the other colour only.

    Args:
        cls: a class of documents or of querysets, just made.
        pairs: its verbs (see `verb_pairs`).
    """
    if not _is_wanted(cls):
        return
    for overridden, other in pairs.items():
        overrider = _definer(cls, overridden)
        if overrider is None or _is_ours(overrider, overridden):
            continue
        original = _definer(cls, other)
        if original in (None, overrider) or _is_told(cls, other, overrider):
            continue
        # Of two classes beside each other, each may have one half of the same override.
        if _is_ours(original, other) or issubclass(overrider, original):
            setattr(cls, other, _stand_in(cls, other, overrider, overridden))


def _is_ours(cls: Any, name: str) -> bool:
    """Tell whether a method is the library's own."""
    module = getattr(_function_of(vars(cls)[name]), "__module__", None) or ""
    return module.partition(".")[0] == __name__.partition(".")[0]


def _is_wanted(cls: type) -> bool:
    for base in cls.__mro__:
        # Not every class has the options of its bases in its own.
        option = (vars(base).get("_meta") or {}).get(OPTION)
        if option is not None:
            return bool(option)
    return True


def _with_options(holder: Any) -> type:
    """Return the class of documents whose options count for a document or a queryset."""
    if isinstance(holder, type):
        return holder
    document_class = vars(holder).get("_document")
    return document_class if isinstance(document_class, type) else type(holder)


def _definer(cls: type, name: str) -> Any:
    """Return the class whose method of a name counts; None if the name is no method's."""
    for base in cls.__mro__:
        if name in vars(base):
            found = vars(base)[name]
            if _mark_of(found) is None:
                return base if _function_of(found) is not None else None
    return None


def _is_told(cls: type, name: str, overrider: type) -> bool:
    """Tell whether a stand-in warns of the class that overrides already, or has done so."""
    if name in _warned.get(overrider, ()):
        return True
    marks = (_mark_of(vars(base).get(name)) for base in cls.__mro__)
    return any(mark is not None and mark.overrider is overrider for mark in marks)


def _function_of(found: Any) -> Callable[..., Any] | None:
    function = found.__func__ if isinstance(found, (classmethod, staticmethod)) else found
    return function if inspect.isroutine(function) else None


def _mark_of(found: Any) -> _StandIn | None:
    mark = getattr(_function_of(found), "__one_colour__", None)
    return mark if isinstance(mark, _StandIn) else None


def _stand_in(cls: type, name: str, overrider: type, overridden: str) -> Any:
    """Return what warns when it is called, and calls the verb it stands for."""
    original = next(
        vars(base)[name]
        for base in cls.__mro__
        if name in vars(base) and _mark_of(vars(base)[name]) is None
    )
    function: Any = _function_of(original)

    def warn(holder: Any) -> None:
        user = holder if isinstance(holder, type) else type(holder)
        found = next((vars(base)[name] for base in user.__mro__ if name in vars(base)), None)
        if _mark_of(found) is not mark:
            return  # called by an override of this colour
        with _lock:
            told = _warned.setdefault(overrider, set())
            is_first = name not in told and _is_wanted(_with_options(holder))
            if is_first:
                told.add(name)
            if name in told and _mark_of(vars(cls).get(name)) is mark:
                delattr(cls, name)
        if is_first:
            warnings.warn(_message(overrider, overridden, name), UserWarning, stacklevel=3)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def async_stand_in(holder: Any, /, *args: Any, **kwargs: Any) -> Any:
            warn(holder)
            return await function(holder, *args, **kwargs)

        stand_in: Any = async_stand_in
    else:

        @functools.wraps(function)
        def sync_stand_in(holder: Any, /, *args: Any, **kwargs: Any) -> Any:
            warn(holder)
            return function(holder, *args, **kwargs)

        stand_in = sync_stand_in
    mark = stand_in.__one_colour__ = _StandIn(overrider, overridden)
    return classmethod(stand_in) if isinstance(original, classmethod) else stand_in


def _message(overrider: type, overridden: str, called: str) -> str:
    return (
        f"{overrider.__name__} overrides {overridden}() but not {called}(): {called}() runs "
        f"without that code. Override {called}() as well, or set "
        f'meta = {{"{OPTION}": False}}.'
    )
