"""Stored names in JavaScript code, and the functions the server runs for a queryset."""

from __future__ import annotations

import re
from typing import Any

__all__ = ("substitute_fields",)

_SUBSCRIPT = re.compile(r"\[~([A-Za-z_][A-Za-z0-9_.]*)\]")
_PATH = re.compile(r"\{\{~([A-Za-z_][A-Za-z0-9_.]*)\}\}")


def substitute_fields(document: Any, code: str) -> str:
    """Replace marked field names by stored ones.

    Args:
        document: class whose fields are meant.
        code: JavaScript in which ``[~a.b]`` becomes the subscript ``["b"]`` and
            ``{{~a.b}}`` the path ``a.b``, both by stored names.
    """

    def subscript(match: re.Match[str]) -> str:
        return f'["{_names(document, match)[-1]}"]'

    def path(match: re.Match[str]) -> str:
        return ".".join(_names(document, match))

    return _PATH.sub(path, _SUBSCRIPT.sub(subscript, code))


def _names(document: Any, match: re.Match[str]) -> list[str]:
    parts = document._lookup_field(match.group(1).split("."))
    return [part if isinstance(part, str) else part.db_field for part in parts]
