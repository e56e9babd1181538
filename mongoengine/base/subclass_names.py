"""The stored names of a class and its subclasses, all of them or, in a block, only its own.

The switch is a context variable, so two tasks or threads never see each other's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

__all__ = ("SubclassNames", "without_subclasses")

_alone: ContextVar[frozenset[Any]] = ContextVar("mongoengine_no_sub_classes", default=frozenset())


class SubclassNames:
    """The attribute ``_subclasses``: which values of ``_cls`` a query of the class finds."""

    def __get__(self, instance: Any, owner: Any) -> tuple[str, ...]:
        """Return the names, that of the class first."""
        if owner in _alone.get():
            return (owner._class_name,)
        names: tuple[str, ...] = owner._types
        return names


@contextmanager
def without_subclasses(cls: Any) -> Iterator[Any]:
    """Leave the subclasses of a class out of its queries inside the block; give the class."""
    token = _alone.set(_alone.get() | {cls})
    try:
        yield cls
    finally:
        _alone.reset(token)
