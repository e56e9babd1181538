# Generated from mongoengine/_async/gridfs.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Files in GridFS: what a field's proxy does with the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from mongoengine._reexports import LateModule
from mongoengine.base import images, modifying
from mongoengine.base.fields.files import BaseFileField
from mongoengine.errors import OperationError
from mongoengine.state.clients import get_database
from mongoengine.state.files import (
    begun_by_others,
    missing_file,
    unreadable_file,
    whole,
)
from mongoengine.state.offload import offload
from mongoengine.state.transactions import in_transaction, session_for
from mongoengine.state.waiting import to_the_end

if TYPE_CHECKING:
    from gridfs.synchronous.grid_file import GridOut
    from pymongo.synchronous.collection import Collection
    from pymongo.synchronous.database import Database

    from mongoengine._sync import uploads
else:
    # The driver's GridFS comes with it, which most programs never use.
    uploads = LateModule(f"{__package__}.uploads")

__all__ = ("SyncFileFieldIO", "SyncGridFSProxyIO", "SyncImageProxyIO", "files_of")


def refuse_in_transactions(proxy: Any, call: str) -> None:
    """Refuse a verb of a file while a transaction is open.

    Raises:
        OperationError: one is.
    """
    if in_transaction():
        raise OperationError(
            f"{call}() cannot run in a transaction, because GridFS has none: "
            f"store the file of {proxy.key!r} before or after it"
        )


def refuse_unwritable(proxy: Any, call: str) -> None:
    """Refuse to go on writing a file while a transaction is open, or in the other colour.

    Raises:
        OperationError: a transaction is open.
        RuntimeError: calls of the other colour have begun the file.
    """
    refuse_in_transactions(proxy, call)
    if not isinstance(proxy.newfile, uploads.GridIn):
        raise begun_by_others(call, proxy.key)


def files_of(document: Any, call: str) -> list[Any]:
    """Return the proxies of a document's stored files, also of those it was not loaded with.

    Raises:
        OperationError: there is a file, and a transaction is open, which it cannot take part in.
    """
    fields: list[Any] = [f for f in document._fields.values() if isinstance(f, BaseFileField)]
    proxies = {field: field._proxy_of(document) for field in fields}
    files = [proxy for proxy in proxies.values() if proxy]
    for file in files:
        # Before anything is sent: the document must not be deleted without its files.
        refuse_in_transactions(file, call)
    unknown = [field for field, proxy in proxies.items() if not proxy]
    if unknown and document.pk is not None and not document._created:
        queryset = modifying.queryset_to_reload(document, [field.name for field in unknown])
        for stored in queryset._fetch(call):
            found = [field._proxy_of(stored) for field in unknown]
            for file in filter(None, found):
                refuse_in_transactions(file, call)
                files.append(file)
    return files


class SyncGridFSProxyIO:
    """The verbs of a file. After writing, the document still has to be saved."""

    __slots__ = ()

    def _database(self: Any, call: str) -> Database[dict[str, Any]]:
        """Return the database the file is in.

        Raises:
            OperationError: a transaction is open, which files cannot take part in.
            RuntimeError: the alias is open in the other colour only.
        """
        refuse_in_transactions(self, call)
        return get_database(self.db_alias, call)

    def _root(self: Any, call: str) -> Collection[dict[str, Any]]:
        """Return the GridFS collection; errors are those of `_database`."""
        result: Collection[dict[str, Any]] = self._database(call)[self.collection_name]
        return result

    # Reading

    def _find(self: Any, grid_id: Any, call: str) -> GridOut | None:
        """Return a stored file, open for reading; None if it is not in the database."""
        database = self._database(call)
        files = uploads.GridFS(database, self.collection_name)
        try:
            return files.get(grid_id, session=session_for(database))
        except uploads.NoFile:
            return None

    def _open(self: Any, call: str) -> GridOut | None:
        """Open the file unless it is open; return it, or None if there is none.

        Raises:
            NoFile: it is not in the database. Sync calls take that for no file.
        """
        if self.grid_id is None:
            return None
        # Chunks of a file opened before are read outside, too.
        refuse_in_transactions(self, call)
        if not isinstance(self.gridout, uploads.GridOut) or self.gridout._id != self.grid_id:
            found = self._find(self.grid_id, call)
            if found is None:
                missing_file(self._missing_text())
                return None
            if self.gridout is not None and self.gridout._id == self.grid_id:
                # Opened by calls of the other colour, which have read so far.
                self._position = self.gridout.tell()
            if self._position:
                found.seek(self._position)
                self._position = 0
            self.gridout = found
        stored: GridOut = self.gridout
        return stored

    def get(self: Any, grid_id: Any = None) -> GridOut | None:
        """Return the stored file, open for reading; None if there is none.

        From then on its metadata are attributes of the proxy, as are ``seek`` and ``tell``.

        Args:
            grid_id: stand for this file from now on.

        Raises:
            NoFile: it is not in the database. Sync calls take that for no file.
        """
        if grid_id:
            self.grid_id = grid_id
        stored: GridOut | None = self._open("get")
        return stored

    def read(self: Any, size: int = -1) -> bytes | None:
        """Return content from where the last read ended; None if there is no file.

        Args:
            size: the most bytes to read; all that is left when negative.

        Raises:
            NoFile: the file is not in the database. Sync calls take that for no file.
            CorruptGridFile: content is missing. Sync calls return an empty string.
        """
        stored = self._open("read")
        if stored is None:
            return None
        with self._reading():
            try:
                content: bytes = stored.read(size)
            except uploads.CorruptGridFile as error:
                content = unreadable_file(error)
        return content

    def _lines(self: Any) -> Iterator[bytes]:
        """Yield the lines from where the last read ended."""
        stored = self._open("__iter__")
        if stored is not None:
            while line := self._piece(stored.readline):
                yield line

    def _chunks(self: Any) -> Iterator[bytes]:
        """Yield content as it is stored, chunk by chunk, from where the last read ended."""
        stored = self._open("chunks")
        while stored is not None and (chunk := self._piece(stored.readchunk)):
            yield chunk

    def _piece(self: Any, read: Callable[[], bytes]) -> bytes:
        """Read the next line or chunk of the open file."""
        with self._reading():
            return read()

    # Writing

    def put(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store a file. If that fails or is cancelled, nothing of it stays.

        Args:
            file_obj: bytes, an open file, or an iterable of bytes, in sync code a sync one
                as well; text if an ``encoding`` is given.
            **kwargs: stored with it: ``filename``, ``content_type``, metadata of your own.

        Raises:
            GridFSError: there is a file already.
            TypeError: ``file_obj`` is none of these.
        """
        self._refuse_second_file()
        root = self._root("put")
        self._point_at(uploads.store(root, file_obj, kwargs))

    def new_file(self: Any, **kwargs: Any) -> None:
        """Begin a file that is written piece by piece and then closed.

        Args:
            **kwargs: see `put`.
        """
        root = self._root("new_file")
        self._begin(uploads.open_upload(root, kwargs))

    def write(self: Any, string: Any) -> None:
        """Write a piece of a file, a new one if none was begun.

        If that fails or is cancelled halfway, nothing of the file stays.

        Args:
            string: see `put`.

        Raises:
            GridFSError: there is a file already.
        """
        if self.newfile is None:
            self._refuse_second_file()
            self.new_file()
        refuse_unwritable(self, "write")
        with self._forgetting_lost_file() as newfile:
            uploads.write(newfile, string)

    def writelines(self: Any, lines: Any) -> None:
        """Write pieces of a file, a new one if none was begun; see `write`."""
        if self.newfile is None:
            self.new_file()
        refuse_unwritable(self, "writelines")
        with self._forgetting_lost_file() as newfile:
            uploads.write(newfile, lines)

    def close(self: Any) -> None:
        """Finish the file that was begun."""
        if self.newfile is not None:
            refuse_unwritable(self, "close")
            with self._forgetting_lost_file() as newfile:
                uploads.close(newfile)

    def delete(self: Any) -> None:
        """Delete the file, if there is one."""
        if self.grid_id is not None:
            to_the_end(self._remove, self.grid_id)
        self.newfile = None
        self._point_at(None)

    def _remove(self: Any, grid_id: Any) -> None:
        """Delete a file from the database."""
        database = self._database("delete")
        files = uploads.GridFS(database, self.collection_name)
        files.delete(grid_id, session=session_for(database))

    def replace(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store a file in the place of the one there is, which is deleted afterwards.

        Args:
            file_obj: see `put`.
            **kwargs: see `put`.
        """
        replaced, new = self._detached(), self._emptied()
        new.put(file_obj, **kwargs)
        self.newfile = None
        self._point_at(new.grid_id)
        to_the_end(replaced.delete)


class SyncImageProxyIO:
    """The verbs of an image."""

    __slots__ = ()

    def put(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store an image, brought to the size the field wants, and its thumbnail.

        Args:
            file_obj: bytes, an open file, an iterable of bytes, or a path.
            **kwargs: stored with it; ``progressive=True`` stores a JPEG so that it can be
                shown while it loads.

        Raises:
            GridFSError: there is an image already.
            ValidationError: it is no image.
        """
        self._refuse_second_file()
        root = self._root("put")
        field, progressive = self._field(), kwargs.get("progressive") is True
        content = whole(file_obj)
        image, thumbnail = offload(images.prepare, content, field, progressive)
        metadata = {**image.metadata, "thumbnail_id": None, **kwargs}
        if thumbnail is None:
            super().put(image.content, **metadata)  # type: ignore[misc]
            return
        thumbnail_id = uploads.store(root, thumbnail.content, thumbnail.metadata)
        try:
            super().put(  # type: ignore[misc]
                image.content, **{**metadata, "thumbnail_id": thumbnail_id, **kwargs}
            )
        except BaseException:
            to_the_end(self._remove, thumbnail_id)
            raise

    def _put_thumbnail(
        self: Any, thumbnail: Any, format: str, progressive: bool, **kwargs: Any
    ) -> Any:
        """Store an image as a thumbnail and return its id."""
        image = offload(images.encoded, thumbnail, format, progressive)
        root = self._root("put")
        return uploads.store(root, image.content, {**image.metadata, **kwargs})

    def _open_thumbnail(self: Any) -> GridOut | None:
        """Return the stored thumbnail, open for reading; None if there is none."""
        stored = self._open("thumbnail")
        thumbnail_id = getattr(stored, "thumbnail_id", None)
        if thumbnail_id is None:
            return None
        found = self._find(thumbnail_id, "thumbnail")
        if found is None:
            missing_file(self._missing_text("thumbnail", thumbnail_id))
        thumbnail: GridOut | None = found
        return thumbnail

    def _remove(self: Any, grid_id: Any) -> None:
        """Delete an image and its thumbnail, if it has one, from the database."""
        stored = self._find(grid_id, "delete")
        thumbnail_id = getattr(stored, "thumbnail_id", None)
        if thumbnail_id is not None:
            super()._remove(thumbnail_id)  # type: ignore[misc]
        super()._remove(grid_id)  # type: ignore[misc]

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
            file_obj: bytes, an open file, or an iterable of bytes.
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
