"""The names that change in translation and that the prefix rule does not cover.

The prefix rule is `async_x` -> `x`, `_async_x` -> `_x`, `AsyncX` -> `SyncX`, `_AsyncX` -> `_SyncX`.
To translate one more name, add its row to `NAMES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# Names of this project and of its driver. A row that no source uses is refused, so that the
# table cannot outlive a rename.
NAMES: Mapping[str, str] = {
    "AsyncClientSession": "ClientSession",
    "AsyncCollection": "Collection",
    "AsyncCommandCursor": "CommandCursor",
    "AsyncCursor": "Cursor",
    "AsyncDatabase": "Database",
    "AsyncGridFS": "GridFS",
    "AsyncGridIn": "GridIn",
    "AsyncGridOut": "GridOut",
    "AsyncMongoClient": "MongoClient",
    "_async": "_sync",
    "asynchronous": "synchronous",
    "connect_async": "connect",
    "disconnect_all_async": "disconnect_all",
    "disconnect_async": "disconnect",
    "pytest_asyncio": "pytest",
}

# Python's own names, besides those unasync knows (`__aiter__`, `StopAsyncIteration`, ...).
# They are part of the language, so a source is free not to use them.
PYTHON_NAMES: Mapping[str, str] = {
    "AbstractAsyncContextManager": "AbstractContextManager",
    "AsyncContextManager": "ContextManager",
    "AsyncExitStack": "ExitStack",
    "aclose": "close",
    "aclosing": "closing",
    "aiter": "iter",
    "anext": "next",
    "enter_async_context": "enter_context",
}

# `Awaitable[T]` and `Coroutine[S, R, T]` read as `T`; their imports go.
TRANSPARENT_TYPES = frozenset({"Awaitable", "Coroutine"})


def row_location(key: str) -> str:
    """Return `file:line` of a row of `NAMES`, or the file alone when the row is not in it."""
    path = Path(__file__)
    file = f"tools/twin/{path.name}"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith(f'    "{key}": '):
            return f"{file}:{number}"
    return file
