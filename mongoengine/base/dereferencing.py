"""Whether reading a reference loads it: the switches of one task or thread.

Nothing here loads anything. The switches live in context variables, so two tasks or
threads never see each other's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mongoengine.base.fields.base import BaseField

__all__ = (
    "change_class_depth",
    "class_depths",
    "class_keeps_references",
    "dereferencing_disabled",
    "keeping_references",
    "no_dereferencing",
    "set_class_depths",
)

_disabled: ContextVar[int] = ContextVar("mongoengine_no_dereference", default=0)

# Classes whose documents are to keep their references, by number of open blocks. Never
# changed in place: the tasks a task starts hold the same mapping.
_classes: ContextVar[Mapping[type, int]] = ContextVar("mongoengine_no_dereference_classes")
_NO_CLASSES: Mapping[type, int] = {}


def dereferencing_disabled() -> bool:
    """Tell whether the current context has switched dereferencing off."""
    return _disabled.get() > 0


def change_depth(step: int) -> None:
    """Add to the number of open "no dereference" blocks of this context."""
    _disabled.set(_disabled.get() + step)


def class_depths() -> dict[type, int]:
    """Return the classes this context has switched dereferencing off for, and how often."""
    return dict(_classes.get(_NO_CLASSES))


def set_class_depths(depths: Mapping[type, int]) -> None:
    """Replace what `class_depths` returns."""
    _classes.set(dict(depths))


def change_class_depth(cls: type, step: int) -> None:
    """Add to the number of open "no dereference" blocks for a class."""
    depths = class_depths()
    depth = depths.pop(cls, 0) + step
    if depth > 0:
        depths[cls] = depth
    _classes.set(depths)


def class_keeps_references(cls: type) -> bool:
    """Tell whether documents of a class that are found now are to keep their references."""
    return cls in _classes.get(_NO_CLASSES)


@contextlib.contextmanager
def keeping_references(cls: type) -> Iterator[None]:
    """Have documents of a class that are found inside the block keep their references."""
    depths = class_depths()
    token = _classes.set({**depths, cls: depths.get(cls, 0) + 1})
    try:
        yield
    finally:
        _classes.reset(token)


@contextlib.contextmanager
def no_dereferencing(fields: tuple[BaseField[Any], ...] = ()) -> Iterator[None]:
    """Switch dereferencing off inside the block.

    Args:
        fields: the fields it was asked for. One is enough to switch it off for all:
            fields of embedded documents rely on that.
    """
    token = _disabled.set(_disabled.get() + (1 if fields else 0))
    try:
        yield
    finally:
        _disabled.reset(token)
