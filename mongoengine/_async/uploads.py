"""Writing files to GridFS: in batches of a bounded size, whole or not at all.

It alone imports the driver's GridFS, and is itself imported when a file is first used.
"""

from __future__ import annotations

from typing import Any

from gridfs.asynchronous import AsyncGridFS as AsyncGridFS
from gridfs.asynchronous.grid_file import AsyncGridIn as AsyncGridIn
from gridfs.asynchronous.grid_file import AsyncGridOut as AsyncGridOut
from gridfs.errors import CorruptGridFile as CorruptGridFile
from gridfs.errors import FileExists
from gridfs.errors import NoFile as NoFile
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError

from mongoengine.state.files import async_pieces_of, async_require_content
from mongoengine.state.waiting import async_to_the_end

__all__ = ("AsyncUpload", "async_open_upload", "async_store", "async_write")

# What is sent by one command. The driver would collect 48 MB, and needs as much again to
# encode them.
_BATCH_SIZE = 8 * 1024 * 1024


class AsyncUpload(AsyncGridIn):
    """A file being written: the driver's, except for when and how it sends chunks."""

    def __setattr__(self, name: str, value: Any) -> None:
        # The driver looks for its properties in the class of the object only.
        if isinstance(getattr(AsyncGridIn, name, None), property):
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    async def _flush_data(self, data: Any, force: bool = False) -> None:
        """Keep a chunk, and send what is kept if that is a batch.

        Sending is never broken off: the server would go on storing chunks that are being
        cleaned up.
        """
        if not force and self._buffered_docs_size + len(data) < _BATCH_SIZE:
            await super()._flush_data(data)
        else:
            await async_to_the_end(super()._flush_data, data, force=True)

    async def _flush(self) -> Any:
        """Send what is left, and the entry that makes the chunks a file."""
        return await async_to_the_end(super()._flush)


async def async_open_upload(
    root: AsyncCollection[dict[str, Any]], metadata: dict[str, Any]
) -> AsyncUpload:
    """Return a file to be written.

    Args:
        root: the GridFS collection.
        metadata: stored with the file.

    Raises:
        FileExists: the metadata have the id of another file.
    """
    upload = AsyncUpload(root, **metadata)
    if "_id" in metadata and await root["files"].find_one({"_id": upload._id}, ["_id"]):
        raise FileExists(f"file with _id {upload._id!r} already exists")
    return upload


async def async_write(upload: AsyncUpload, source: Any) -> None:
    """Write a source to a file; if that fails halfway, nothing of the file stays.

    Args:
        upload: the file.
        source: bytes, text if an ``encoding`` was given, an open file, or an iterable of bytes.

    Raises:
        TypeError: nothing can be written from it; the file is as before.
        ValueError: the file is closed.
    """
    await async_require_content(source)
    if upload.closed:
        raise ValueError("cannot write to a closed file")
    if isinstance(source, str) and not hasattr(upload, "encoding"):
        raise TypeError("must specify an encoding for file in order to write str")
    try:
        async for piece in async_pieces_of(source):
            await upload.write(piece)
    except BaseException as error:
        await async_discard(upload, error)
        raise


async def async_close(upload: AsyncUpload) -> None:
    """Finish a file; if that fails, nothing of it stays."""
    try:
        await upload.close()
    except BaseException as error:
        await async_discard(upload, error)
        raise


async def async_store(
    root: AsyncCollection[dict[str, Any]], source: Any, metadata: dict[str, Any]
) -> Any:
    """Store a file and return its id; if that fails, nothing of it stays.

    Args:
        root: the GridFS collection.
        source: see `async_write`.
        metadata: stored with the file.

    Raises:
        FileExists: the metadata have the id of another file.
        TypeError: nothing can be written from the source.
    """
    upload = await async_open_upload(root, metadata)
    await async_write(upload, source)
    await async_close(upload)
    return upload._id


async def async_discard(upload: AsyncUpload, error: BaseException) -> None:
    """Remove what a failed upload has stored.

    Args:
        upload: the file.
        error: why it failed. Learns of it if nothing can be removed either.
    """
    if isinstance(error, FileExists):
        upload._closed = True  # What is stored under the id belongs to another file.
        return
    try:
        await async_to_the_end(upload.abort)
    except PyMongoError as failure:
        error.add_note(f"Chunks of file {upload._id!r} may be left: {failure}")
