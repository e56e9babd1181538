"""Type variables that several floors share. Checkers see their defaults, Python plain ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ("D_co",)

if TYPE_CHECKING:
    from typing_extensions import TypeVar as _TypeVar

    #: What a queryset gives or a reference leads to.
    D_co = _TypeVar("D_co", default=Any, covariant=True)
else:
    D_co = TypeVar("D_co", covariant=True)
