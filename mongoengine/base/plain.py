"""Plain data: values that neither are documents nor contain any.

Containers of such need not be looked through for documents, nor for changes nobody reports.
"""

from __future__ import annotations

import datetime
import decimal
import re
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from bson import (
    Binary,
    Code,
    DatetimeMS,
    DBRef,
    Decimal128,
    Int64,
    MaxKey,
    MinKey,
    ObjectId,
    Regex,
    Timestamp,
)

__all__ = ("SCALARS", "holds_scalars", "is_plain", "is_plain_inside")

#: Exact types of values that neither are documents nor contain anything.
SCALARS: frozenset[type] = frozenset(
    {
        type(None),
        str,
        int,
        float,
        bool,
        bytes,
        datetime.datetime,
        datetime.date,
        decimal.Decimal,
        uuid.UUID,
        re.Pattern,
        ObjectId,
        DBRef,
        Binary,
        Code,
        DatetimeMS,
        Decimal128,
        Int64,
        MaxKey,
        MinKey,
        Regex,
        Timestamp,
    }
)

# The server refuses documents nested deeper; it also bounds the walk of cyclic data.
_DEEPEST_NESTING = 100


def holds_scalars(items: Iterable[Any]) -> bool:
    """Tell whether all items are of `SCALARS`, at the speed of C."""
    return SCALARS.issuperset(map(type, items))


def is_plain(value: Any, depth: int = _DEEPEST_NESTING) -> bool:
    """Tell whether a value is a scalar, or plain lists and dicts of such."""
    kind = type(value)
    if kind in SCALARS:
        return True
    if depth == 0:
        return False
    if kind is dict:
        value = value.values()
    elif kind is not list and kind is not tuple:
        return False
    return holds_scalars(value) or all(is_plain(item, depth - 1) for item in value)


def is_plain_inside(items: Collection[Any]) -> bool:
    """Tell whether every item is plain (see `is_plain`)."""
    return holds_scalars(items) or all(map(is_plain, items))
