"""Files: what content may come from, and what a file that cannot be read means.

State floor: pairs the twins call by one name. In async code a missing or broken file is an
error; sync code keeps MongoEngine's values for them.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gridfs.errors import GridFSError

__all__ = (
    "async_missing_file",
    "async_pieces_of",
    "async_require_content",
    "async_unreadable_file",
    "async_whole",
    "begun_by_others",
    "missing_file",
    "pieces_of",
    "require_content",
    "unreadable_file",
    "whole",
)

_CONTENT_TEXT = "can only write strings or file-like objects, or iterables of bytes"


def require_content(source: Any) -> None:
    """Refuse what no file can be written from.

    Raises:
        TypeError: nothing can be written from it in this colour.
    """
    if _is_async_source(source):
        raise TypeError(
            f"{_CONTENT_TEXT}; {type(source).__name__} has to be awaited: use the async_ call, "
            "on an async connection"
        )
    _require_readable(source)


async def async_require_content(source: Any) -> None:
    """Refuse what no file can be written from.

    Raises:
        TypeError: nothing can be written from it.
    """
    if not _is_async_source(source):
        _require_readable(source)


def pieces_of(source: Any) -> Iterator[Any]:
    """Yield what the driver can write, one after the other, to write a source."""
    if isinstance(source, (bytes, str)) or _is_file(source):
        yield source
    elif isinstance(source, (bytearray, memoryview)):
        yield bytes(source)
    else:
        for piece in source:
            yield _as_bytes(piece)


async def async_pieces_of(source: Any) -> AsyncIterator[Any]:
    """Yield what the driver can write, one after the other, to write a source."""
    if _is_async_source(source) and not _is_file(source):
        async for piece in source:
            yield _as_bytes(piece)
    else:
        for piece in pieces_of(source):
            yield piece


def whole(source: Any) -> Any:
    """Return content that is read at once anyway: a path or an open file as it is, else bytes."""
    require_content(source)
    if isinstance(source, str) or _is_file(source):
        return source
    return b"".join(pieces_of(source))


async def async_whole(source: Any) -> Any:
    """Return content that is read at once anyway: a path or an open file as it is, else bytes."""
    await async_require_content(source)
    if _is_file(source):
        return await source.read() if _is_async_source(source) else source
    if isinstance(source, str):
        return source
    return b"".join([piece async for piece in async_pieces_of(source)])


def missing_file(text: str) -> None:
    """Answer for a file that is not in the database."""


async def async_missing_file(text: str) -> None:
    """Answer for a file that is not in the database.

    Raises:
        NoFile: always.
    """
    from gridfs.errors import NoFile  # with the driver's GridFS, which few programs use

    raise NoFile(text)


def unreadable_file(error: GridFSError) -> Any:
    """Answer for content that is damaged in the database."""
    return ""


async def async_unreadable_file(error: GridFSError) -> Any:
    """Answer for content that is damaged in the database.

    Raises:
        GridFSError: the one given.
    """
    raise error


def begun_by_others(call: str, key: str | None) -> RuntimeError:
    """Return the error for going on with a file that calls of the other colour have begun.

    Args:
        call: the call that cannot, by the name its user wrote.
        key: name of the field.
    """
    mine, others = ("async", "sync") if call.startswith("async_") else ("sync", "async")
    return RuntimeError(
        f"{call}() cannot go on with the file of {key!r}, which {others} calls have begun: "
        f"finish it by {others} calls, or delete it and begin it by {mine} ones"
    )


def _is_file(source: Any) -> bool:
    return hasattr(source, "read")


def _is_async_source(source: Any) -> bool:
    if _is_file(source):
        return inspect.iscoroutinefunction(source.read)
    return isinstance(source, AsyncIterable)


def _require_readable(source: Any) -> None:
    if not (_is_file(source) or isinstance(source, Iterable)):
        raise TypeError(_CONTENT_TEXT)


def _as_bytes(piece: Any) -> bytes:
    if isinstance(piece, (bytes, bytearray, memoryview)):
        return bytes(piece)
    raise TypeError(f"a file is written from pieces of bytes, not of {type(piece).__name__}")
