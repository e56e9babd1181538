"""When compiled code of a class is out of date, and what a hook accepts.

Loading, dumping and validating run code compiled per class. Anything that changes
how a class must be treated calls `touch`; compiled code remembers the `generation`
it was made in.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

__all__ = ("generation", "overrides_library", "parameters", "touch", "vouched")


class _Generation:
    __slots__ = ("number",)

    def __init__(self) -> None:
        self.number = 0


#: Counts every change of a class or field that compiled code depends on.
generation = _Generation()


def touch() -> None:
    """Make all compiled code out of date."""
    generation.number += 1


def vouched(cls: type, marker: str, *methods: str) -> bool:
    """Tell whether a class-level promise still covers the methods it speaks of.

    A class that overrides one of ``methods`` without restating ``marker`` withdraws
    the promise its base made.
    """
    mro = cls.__mro__
    promised = next(place for place, base in enumerate(mro) if marker in base.__dict__)
    return all(
        promised <= next(place for place, base in enumerate(mro) if method in base.__dict__)
        for method in methods
    )


def overrides_library(cls: type, method: str) -> bool:
    """Tell whether the method a class uses was written outside this package."""
    owner = next((base for base in cls.__mro__ if method in base.__dict__), object)
    return owner is not object and owner.__module__.partition(".")[0] != "mongoengine"


@functools.cache
def parameters(function: Callable[..., Any]) -> frozenset[str]:
    """Return the names of a function's parameters."""
    return frozenset(inspect.signature(function).parameters)
