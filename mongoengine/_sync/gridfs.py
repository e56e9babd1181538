# Generated from mongoengine/_async/gridfs.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Files in GridFS: what a field's proxy does with the server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gridfs.errors import NoFile
from gridfs.synchronous import GridFS
from gridfs.synchronous.grid_file import GridOut

from mongoengine.base import images
from mongoengine.errors import OperationError
from mongoengine.state.clients import get_database
from mongoengine.state.offload import offload
from mongoengine.state.transactions import in_transaction, session_for_database

__all__ = ("SyncFileFieldIO", "SyncGridFSProxyIO", "SyncImageProxyIO")


class SyncGridFSProxyIO:
    """The verbs of a file. After writing, the document still has to be saved."""

    __slots__ = ()

    def _open_fs(self: Any, call: str) -> GridFS:
        """Return the file system the file is in.

        Raises:
            OperationError: a transaction is open, which files cannot take part in.
            RuntimeError: the alias is open in the other colour only.
        """
        if in_transaction():
            raise OperationError(
                f"{call}() cannot run in a transaction, because GridFS has none: "
                f"store the file of {self.key!r} before or after it"
            )
        return GridFS(get_database(self.db_alias, call), self.collection_name)

    def _session(self: Any) -> Any:
        """Return the session to read and delete with, or None."""
        return session_for_database(get_database(self.db_alias, "get"))

    def get(self: Any, grid_id: Any = None) -> GridOut | None:
        """Return the stored file, open for reading; None if there is none.

        Args:
            grid_id: stand for this file from now on.
        """
        if grid_id:
            self.grid_id = grid_id
        if self.grid_id is None:
            return None
        if not isinstance(self.gridout, GridOut) or self.gridout._id != self.grid_id:
            fs = self._open_fs("get")
            try:
                self.gridout = fs.get(self.grid_id, session=self._session())
            except NoFile:
                return None
        stored: GridOut = self.gridout
        return stored

    def read(self: Any, size: int = -1) -> bytes | None:
        """Return content from where the last read ended; None if there is no file.

        Args:
            size: the most bytes to read; all that is left when negative.
        """
        stored = self.get()
        return None if stored is None else stored.read(size)

    def put(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store a file.

        Args:
            file_obj: content, or an open file.
            **kwargs: stored with it: ``filename``, ``content_type``, metadata of your own.

        Raises:
            GridFSError: there is a file already.
        """
        self._refuse_second_file()
        fs = self._open_fs("put")
        self._point_at(fs.put(file_obj, **kwargs))

    def new_file(self: Any, **kwargs: Any) -> None:
        """Begin a file that is written piece by piece and then closed.

        Args:
            **kwargs: see `put`.
        """
        fs = self._open_fs("new_file")
        self.newfile = fs.new_file(**kwargs)
        self._point_at(self.newfile._id)

    def write(self: Any, string: Any) -> None:
        """Write a piece of a file, a new one if none was begun.

        Args:
            string: content, or an open file.

        Raises:
            GridFSError: there is a file already.
        """
        if self.newfile is None:
            self._refuse_second_file()
            self.new_file()
        newfile: Any = self.newfile
        newfile.write(string)

    def writelines(self: Any, lines: Iterable[Any]) -> None:
        """Write pieces of a file, a new one if none was begun."""
        if self.newfile is None:
            self.new_file()
        newfile: Any = self.newfile
        newfile.writelines(lines)

    def close(self: Any) -> None:
        """Finish the file that was begun."""
        if self.newfile is not None:
            self.newfile.close()

    def delete(self: Any) -> None:
        """Delete the file, if there is one."""
        if self.grid_id is not None:
            fs = self._open_fs("delete")
            fs.delete(self.grid_id, session=self._session())
        self.newfile = None
        self._point_at(None)

    def replace(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store a file in the place of the one there is.

        Args:
            file_obj: content, or an open file.
            **kwargs: see `put`.
        """
        self.delete()
        self.put(file_obj, **kwargs)


class SyncImageProxyIO:
    """The verbs of an image."""

    __slots__ = ()

    def put(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store an image, brought to the size the field wants, and its thumbnail.

        Args:
            file_obj: an open file, bytes, or a path.
            **kwargs: stored with it; ``progressive=True`` stores a JPEG so that it can be
                shown while it loads.

        Raises:
            GridFSError: there is an image already.
            ValidationError: it is no image.
        """
        self._refuse_second_file()
        field, progressive = self._field(), kwargs.get("progressive") is True
        image, thumbnail = offload(images.prepare, file_obj, field, progressive)
        thumbnail_id = None
        if thumbnail is not None:
            fs = self._open_fs("put")
            thumbnail_id = fs.put(thumbnail.content, **thumbnail.metadata)
        metadata = {**image.metadata, "thumbnail_id": thumbnail_id, **kwargs}
        super().put(image.content, **metadata)  # type: ignore[misc]

    def _put_thumbnail(
        self: Any, thumbnail: Any, format: str, progressive: bool, **kwargs: Any
    ) -> Any:
        """Store an image as a thumbnail and return its id."""
        image = offload(images.encoded, thumbnail, format, progressive)
        fs = self._open_fs("put")
        return fs.put(image.content, **image.metadata, **kwargs)

    def _open_thumbnail(self: Any) -> GridOut | None:
        """Return the stored thumbnail, open for reading; None if there is none."""
        stored = self.get()
        thumbnail_id = getattr(stored, "thumbnail_id", None)
        if thumbnail_id is None:
            return None
        fs = self._open_fs("get")
        return fs.get(thumbnail_id, session=self._session())

    def delete(self: Any) -> None:
        """Delete the image and its thumbnail, if there are any."""
        thumbnail_id = getattr(self.get(), "thumbnail_id", None)
        if thumbnail_id is not None:
            fs = self._open_fs("delete")
            fs.delete(thumbnail_id, session=self._session())
        super().delete()  # type: ignore[misc]

    def write(self: Any, *args: Any, **kwargs: Any) -> None:
        """Refuse: an image is stored whole.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError('Please use "put" method instead')

    def writelines(self: Any, *args: Any, **kwargs: Any) -> None:
        """Refuse: an image is stored whole.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError('Please use "put" method instead')


class SyncFileFieldIO:
    """The verbs of a file, on the field: for code that has the class and a document."""

    __slots__ = ()

    def put(self: Any, file_obj: Any, instance: Any, **kwargs: Any) -> None:
        """Store a file for a document.

        Args:
            file_obj: content, or an open file.
            instance: the document.
            **kwargs: stored with it: ``filename``, ``content_type``, metadata of your own.

        Raises:
            GridFSError: there is a file already.
        """
        self._proxy_of(instance).put(file_obj, **kwargs)

    def get(self: Any, instance: Any) -> GridOut | None:
        """Return the file of a document, open for reading; None if there is none."""
        stored: GridOut | None = self._proxy_of(instance).get()
        return stored

    def read(self: Any, instance: Any, size: int = -1) -> bytes | None:
        """Return content of the file of a document; None if there is no file."""
        content: bytes | None = self._proxy_of(instance).read(size)
        return content

    def delete(self: Any, instance: Any) -> None:
        """Delete the file of a document, if there is one."""
        self._proxy_of(instance).delete()

    def replace(self: Any, file_obj: Any, instance: Any, **kwargs: Any) -> None:
        """Store a file in the place of the one a document has."""
        self._proxy_of(instance).replace(file_obj, **kwargs)
