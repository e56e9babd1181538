"""How error messages name calls, and the same call in the other colour.

State floor: words only.
"""

from __future__ import annotations

__all__ = ("OPERATOR_HINTS", "counterpart", "spoken")

#: Operators on querysets, and what else there is where they cannot ask the server. Once the
#: results were loaded by ``async_to_list`` or ``async for``, all of them are answered from these.
OPERATOR_HINTS = {
    "__bool__": "To ask only whether there is any result, await async_exists().",
    "__contains__": "To go through the results batch by batch, use async for.",
    "__getitem__": "To load only that one, await skip(index).async_first().",
    "__iter__": "To go through the results batch by batch, use async for.",
    "__len__": "To count without loading, await async_count().",
}

_IRREGULAR = {
    "connect": "connect_async",
    "disconnect": "disconnect_async",
    "disconnect_all": "disconnect_all_async",
    "get_connection": "get_async_connection",
    "get_db": "get_async_db",
    "__aiter__": "__iter__",
    "__next__": "__anext__",
    "__enter__": "__aenter__",
    "__exit__": "__aexit__",
}
_COUNTERPARTS = {
    **_IRREGULAR,
    **{there: here for here, there in _IRREGULAR.items()},
    **dict.fromkeys(OPERATOR_HINTS, "async_to_list"),
}

_SPOKEN = {
    "__bool__": "bool()",
    "__contains__": "in",
    "__getitem__": "[index]",
    "__len__": "len()",
    "__iter__": "for",
    "__aiter__": "async for",
    "__next__": "next()",
    "__anext__": "anext()",
    "__enter__": "with",
    "__aenter__": "async with",
    "__exit__": "with",
    "__aexit__": "async with",
}


def counterpart(call: str) -> str:
    """Return the name of the same call in the other colour: ``save`` and ``async_save``."""
    owner, dot, name = call.rpartition(".")
    bare = name.lstrip("_")
    underscores = name[: len(name) - len(bare)]
    if name in _COUNTERPARTS:
        name = _COUNTERPARTS[name]
    elif bare.startswith("async_"):
        name = underscores + bare.removeprefix("async_")
    else:
        name = f"{underscores}async_{bare}"
    return owner + dot + name


def spoken(call: str) -> str:
    """Return ``call`` as an error message names it: ``save()``, ``async for``."""
    if call in _SPOKEN:
        return _SPOKEN[call]
    return f"{call}()" if call.replace(".", "").isidentifier() else call
