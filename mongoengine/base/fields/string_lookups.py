"""The string operators of queries (``name__icontains="x"``) as regular expressions.

Shared by every field that can hold text: `StringField`, the dict fields and
`DynamicField`. Pure: a value goes in, a pattern comes out.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ("string_query",)

# How the escaped text stands in the pattern.
_TEMPLATES = {
    "contains": "%s",
    "startswith": "^%s",
    "endswith": "%s$",
    "exact": "^%s$",
    "wholeword": r"\b%s\b",
}

_LOOKUPS = {
    prefix + operator: (operator, flags)
    for operator in (*_TEMPLATES, "regex")
    for prefix, flags in (("", re.RegexFlag(0)), ("i", re.IGNORECASE))
}


def string_query(op: str | None, value: Any) -> Any:
    """Turn the value of a string operator into the pattern the server is asked for.

    Args:
        op: an operator of a query; ``i`` in front of a string operator ignores case.
        value: the text; a regular expression for ``regex`` and ``iregex``.

    Returns:
        A compiled pattern, or the value as it is for all other operators.

    Raises:
        TypeError: the value of a string operator is not text.
    """
    lookup = _LOOKUPS.get(op) if isinstance(op, str) else None
    if lookup is None:
        return value
    operator, flags = lookup
    if operator == "regex":
        return re.compile(value, flags)
    return re.compile(_TEMPLATES[operator] % re.escape(value), flags)
