# Generated from mongoengine/_async/uploads.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Writing files to GridFS: in batches of a bounded size, whole or not at all.

It alone imports the driver's GridFS, and is itself imported when a file is first used.
"""

from __future__ import annotations

from typing import Any

from gridfs.errors import CorruptGridFile as CorruptGridFile
from gridfs.errors import FileExists
from gridfs.errors import NoFile as NoFile
from gridfs.synchronous import GridFS as GridFS
from gridfs.synchronous.grid_file import GridIn as GridIn
from gridfs.synchronous.grid_file import GridOut as GridOut
from pymongo.errors import PyMongoError
from pymongo.synchronous.collection import Collection

from mongoengine.state.files import pieces_of, require_content
from mongoengine.state.waiting import to_the_end

__all__ = ("SyncUpload", "open_upload", "store", "write")

# What is sent by one command. The driver would collect 48 MB, and needs as much again to
# encode them.
_BATCH_SIZE = 8 * 1024 * 1024


class SyncUpload(GridIn):
    """A file being written: the driver's, except for when and how it sends chunks."""

    def __setattr__(self, name: str, value: Any) -> None:
        # The driver looks for its properties in the class of the object only.
        if isinstance(getattr(GridIn, name, None), property):
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    def _flush_data(self, data: Any, force: bool = False) -> None:
        """Keep a chunk, and send what is kept if that is a batch.

        Sending is never broken off: the server would go on storing chunks that are being
        cleaned up.
        """
        if not force and self._buffered_docs_size + len(data) < _BATCH_SIZE:
            super()._flush_data(data)
        else:
            to_the_end(super()._flush_data, data, force=True)

    def _flush(self) -> Any:
        """Send what is left, and the entry that makes the chunks a file."""
        return to_the_end(super()._flush)


def open_upload(root: Collection[dict[str, Any]], metadata: dict[str, Any]) -> SyncUpload:
    """Return a file to be written.

    Args:
        root: the GridFS collection.
        metadata: stored with the file.

    Raises:
        FileExists: the metadata have the id of another file.
    """
    upload = SyncUpload(root, **metadata)
    if "_id" in metadata and root["files"].find_one({"_id": upload._id}, ["_id"]):
        raise FileExists(f"file with _id {upload._id!r} already exists")
    return upload


def write(upload: SyncUpload, source: Any) -> None:
    """Write a source to a file; if that fails halfway, nothing of the file stays.

    Args:
        upload: the file.
        source: bytes, text if an ``encoding`` was given, an open file, or an iterable of bytes.

    Raises:
        TypeError: nothing can be written from it; the file is as before.
        ValueError: the file is closed.
    """
    require_content(source)
    if upload.closed:
        raise ValueError("cannot write to a closed file")
    if isinstance(source, str) and not hasattr(upload, "encoding"):
        raise TypeError("must specify an encoding for file in order to write str")
    try:
        for piece in pieces_of(source):
            upload.write(piece)
    except BaseException as error:
        discard(upload, error)
        raise


def close(upload: SyncUpload) -> None:
    """Finish a file; if that fails, nothing of it stays."""
    try:
        upload.close()
    except BaseException as error:
        discard(upload, error)
        raise


def store(root: Collection[dict[str, Any]], source: Any, metadata: dict[str, Any]) -> Any:
    """Store a file and return its id; if that fails, nothing of it stays.

    Args:
        root: the GridFS collection.
        source: see `write`.
        metadata: stored with the file.

    Raises:
        FileExists: the metadata have the id of another file.
        TypeError: nothing can be written from the source.
    """
    upload = open_upload(root, metadata)
    write(upload, source)
    close(upload)
    return upload._id


def discard(upload: SyncUpload, error: BaseException) -> None:
    """Remove what a failed upload has stored.

    Args:
        upload: the file.
        error: why it failed. Learns of it if nothing can be removed either.
    """
    if isinstance(error, FileExists):
        upload._closed = True  # What is stored under the id belongs to another file.
        return
    try:
        to_the_end(upload.abort)
    except PyMongoError as failure:
        error.add_note(f"Chunks of file {upload._id!r} may be left: {failure}")
