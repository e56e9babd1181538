"""Making values that were loaded for one document belong to another."""

from __future__ import annotations

import weakref
from typing import Any

from mongoengine.base.containers import BaseDict, BaseList

__all__ = ("rebind",)


def rebind(value: Any, owner: Any) -> None:
    """Tell embedded documents and containers, at any depth, which document holds them.

    What an embedded document holds belongs to that, and stays as it is.
    """
    if getattr(type(value), "__is_embedded_document__", False):
        value._instance = weakref.proxy(owner)
    elif isinstance(value, (list, tuple, dict)):
        if isinstance(value, (BaseList, BaseDict)):
            value._instance = weakref.proxy(owner)
        for item in value.values() if isinstance(value, dict) else list(value):
            rebind(item, owner)
