"""Stored names in JavaScript code, and the functions the server runs for a queryset.

Model floor, pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bson.code import Code

__all__ = (
    "COUNT_ITEMS",
    "EMIT_ITEMS",
    "NOTHING",
    "SUM_VALUES",
    "eval_command",
    "frequencies",
    "substitute_fields",
)

#: A filter that no document matches.
NOTHING: dict[str, Any] = {"_id": {"$in": []}}

_SUBSCRIPT = re.compile(r"\[~([A-Za-z_][A-Za-z0-9_.]*)\]")
_PATH = re.compile(r"\{\{~([A-Za-z_][A-Za-z0-9_.]*)\}\}")

# Calls `each(value)` for what a path leads to in a document: the items of lists, or the value
# itself; null where the path ends early. An empty list has no items.
_FOR_EACH_ITEM = """
function forEachItem(value, path, each) {
    if (Array.isArray(value) && !/^[0-9]+$/.test(path[0])) {
        value.forEach(function(item) { forEachItem(item, path, each); });
    } else if (value === undefined || value === null) {
        each(null);
    } else if (path.length === 0) {
        each(value);
    } else {
        forEachItem(value[path[0]], path.slice(1), each);
    }
}
"""

#: Map function of item frequencies; ``path`` is a variable it sees.
EMIT_ITEMS = f"""
function() {{
    {_FOR_EACH_ITEM}
    forEachItem(this, path, function(item) {{ emit(item, 1); }});
}}
"""

#: Its reduce function.
SUM_VALUES = "function(key, values) { return Array.sum(values); }"

#: The same without map/reduce: counts in the shell of the server.
COUNT_ITEMS = f"""
function(path) {{
    {_FOR_EACH_ITEM}
    var counts = [], positions = {{}};
    db[collection].find(query).forEach(function(document) {{
        forEachItem(document, path, function(item) {{
            var name = tojson(item);
            if (!(name in positions)) {{
                positions[name] = counts.push([item, 0]) - 1;
            }}
            counts[positions[name]][1] += 1;
        }});
    }});
    return counts;
}}
"""


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


def eval_command(
    queryset: Any,
    collection: str,
    code: str,
    arguments: Iterable[Any],
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the command that runs a function in the server's shell.

    Args:
        queryset: the queryset; the function sees its filter as ``query``.
        collection: name of the collection; the function sees it as ``collection``.
        code: the function, with stored names already.
        arguments: what it is called with.
        options: the function sees them as ``options``.
    """
    query = NOTHING if queryset._finds_nothing() else queryset._filter()
    variables = {"collection": collection, "options": dict(options), "query": query}
    return {"eval": Code(code, variables), "args": list(arguments)}


def frequencies(counts: Iterable[tuple[Any, Any]], normalize: bool) -> dict[Any, Any]:
    """Return the counts by item, or each item's part of the total.

    Args:
        counts: items and counts, as JavaScript knows them: all numbers are floats.
        normalize: return parts of the total.
    """
    found = {_whole(item): _whole(count) for item, count in counts}
    if not normalize:
        return found
    total = sum(found.values())
    return {item: count / total for item, count in found.items()}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
