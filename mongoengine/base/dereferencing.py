"""Whether reading a reference loads it: the switches of one task or thread.

Nothing here loads anything. The count lives in a context variable, so two tasks or
threads never see each other's switches.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mongoengine.base.fields.base import BaseField

__all__ = ("dereferencing_disabled", "no_dereferencing")

_disabled: ContextVar[int] = ContextVar("mongoengine_no_dereference", default=0)


def dereferencing_disabled() -> bool:
    """Tell whether the current context has switched dereferencing off."""
    return _disabled.get() > 0


def change_depth(step: int) -> None:
    """Add to the number of open "no dereference" blocks of this context."""
    _disabled.set(_disabled.get() + step)


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
