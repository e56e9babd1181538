"""Files in GridFS: what a field's proxy does with the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from mongoengine._reexports import LateModule
from mongoengine.base import images, modifying
from mongoengine.base.fields.files import BaseFileField
from mongoengine.errors import OperationError
from mongoengine.state.clients import async_get_database
from mongoengine.state.files import (
    async_missing_file,
    async_unreadable_file,
    async_whole,
    begun_by_others,
)
from mongoengine.state.offload import async_offload
from mongoengine.state.transactions import in_transaction, session_for
from mongoengine.state.waiting import async_to_the_end

if TYPE_CHECKING:
    from gridfs.asynchronous.grid_file import AsyncGridOut
    from pymongo.asynchronous.collection import AsyncCollection
    from pymongo.asynchronous.database import AsyncDatabase

    from mongoengine._async import uploads
else:
    # The driver's GridFS comes with it, which most programs never use.
    uploads = LateModule(f"{__package__}.uploads")

__all__ = ("AsyncFileFieldIO", "AsyncGridFSProxyIO", "AsyncImageProxyIO", "async_files_of")


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
    if not isinstance(proxy.newfile, uploads.AsyncGridIn):
        raise begun_by_others(call, proxy.key)


async def async_files_of(document: Any, call: str) -> list[Any]:
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
        for stored in await queryset._async_fetch(call):
            found = [field._proxy_of(stored) for field in unknown]
            for file in filter(None, found):
                refuse_in_transactions(file, call)
                files.append(file)
    return files


class AsyncGridFSProxyIO:
    """The verbs of a file. After writing, the document still has to be saved."""

    __slots__ = ()

    async def _async_database(self: Any, call: str) -> AsyncDatabase[dict[str, Any]]:
        """Return the database the file is in.

        Raises:
            OperationError: a transaction is open, which files cannot take part in.
            RuntimeError: the alias is open in the other colour only.
        """
        refuse_in_transactions(self, call)
        return await async_get_database(self.db_alias, call)

    async def _async_root(self: Any, call: str) -> AsyncCollection[dict[str, Any]]:
        """Return the GridFS collection; errors are those of `_async_database`."""
        result: AsyncCollection[dict[str, Any]] = (await self._async_database(call))[
            self.collection_name
        ]
        return result

    # Reading

    async def _async_find(self: Any, grid_id: Any, call: str) -> AsyncGridOut | None:
        """Return a stored file, open for reading; None if it is not in the database."""
        database = await self._async_database(call)
        files = uploads.AsyncGridFS(database, self.collection_name)
        try:
            return await files.get(grid_id, session=session_for(database))
        except uploads.NoFile:
            return None

    async def _async_open(self: Any, call: str) -> AsyncGridOut | None:
        """Open the file unless it is open; return it, or None if there is none.

        Raises:
            NoFile: it is not in the database. Sync calls take that for no file.
        """
        if self.grid_id is None:
            return None
        # Chunks of a file opened before are read outside, too.
        refuse_in_transactions(self, call)
        if not isinstance(self.gridout, uploads.AsyncGridOut) or self.gridout._id != self.grid_id:
            found = await self._async_find(self.grid_id, call)
            if found is None:
                await async_missing_file(self._missing_text())
                return None
            if self.gridout is not None and self.gridout._id == self.grid_id:
                # Opened by calls of the other colour, which have read so far.
                self._position = self.gridout.tell()
            if self._position:
                await found.seek(self._position)
                self._position = 0
            self.gridout = found
        stored: AsyncGridOut = self.gridout
        return stored

    async def async_get(self: Any, grid_id: Any = None) -> AsyncGridOut | None:
        """Return the stored file, open for reading; None if there is none.

        From then on its metadata are attributes of the proxy, as are ``seek`` and ``tell``.

        Args:
            grid_id: stand for this file from now on.

        Raises:
            NoFile: it is not in the database. Sync calls take that for no file.
        """
        if grid_id:
            self.grid_id = grid_id
        stored: AsyncGridOut | None = await self._async_open("async_get")
        return stored

    async def async_read(self: Any, size: int = -1) -> bytes | None:
        """Return content from where the last read ended; None if there is no file.

        Args:
            size: the most bytes to read; all that is left when negative.

        Raises:
            NoFile: the file is not in the database. Sync calls take that for no file.
            CorruptGridFile: content is missing. Sync calls return an empty string.
        """
        stored = await self._async_open("async_read")
        if stored is None:
            return None
        with self._reading():
            try:
                content: bytes = await stored.read(size)
            except uploads.CorruptGridFile as error:
                content = await async_unreadable_file(error)
        return content

    async def _async_lines(self: Any) -> AsyncIterator[bytes]:
        """Yield the lines from where the last read ended."""
        stored = await self._async_open("__aiter__")
        if stored is not None:
            while line := await self._async_piece(stored.readline):
                yield line

    async def _async_chunks(self: Any) -> AsyncIterator[bytes]:
        """Yield content as it is stored, chunk by chunk, from where the last read ended."""
        stored = await self._async_open("async_chunks")
        while stored is not None and (chunk := await self._async_piece(stored.readchunk)):
            yield chunk

    async def _async_piece(self: Any, read: Callable[[], Awaitable[bytes]]) -> bytes:
        """Read the next line or chunk of the open file."""
        with self._reading():
            return await read()

    # Writing

    async def async_put(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store a file. If that fails or is cancelled, nothing of it stays.

        Args:
            file_obj: bytes, an open file, or an iterable of bytes, in async code an async one
                as well; text if an ``encoding`` is given.
            **kwargs: stored with it: ``filename``, ``content_type``, metadata of your own.

        Raises:
            GridFSError: there is a file already.
            TypeError: ``file_obj`` is none of these.
        """
        self._refuse_second_file()
        root = await self._async_root("async_put")
        self._point_at(await uploads.async_store(root, file_obj, kwargs))

    async def async_new_file(self: Any, **kwargs: Any) -> None:
        """Begin a file that is written piece by piece and then closed.

        Args:
            **kwargs: see `async_put`.
        """
        root = await self._async_root("async_new_file")
        self._begin(await uploads.async_open_upload(root, kwargs))

    async def async_write(self: Any, string: Any) -> None:
        """Write a piece of a file, a new one if none was begun.

        If that fails or is cancelled halfway, nothing of the file stays.

        Args:
            string: see `async_put`.

        Raises:
            GridFSError: there is a file already.
        """
        if self.newfile is None:
            self._refuse_second_file()
            await self.async_new_file()
        refuse_unwritable(self, "async_write")
        with self._forgetting_lost_file() as newfile:
            await uploads.async_write(newfile, string)

    async def async_writelines(self: Any, lines: Any) -> None:
        """Write pieces of a file, a new one if none was begun; see `async_write`."""
        if self.newfile is None:
            await self.async_new_file()
        refuse_unwritable(self, "async_writelines")
        with self._forgetting_lost_file() as newfile:
            await uploads.async_write(newfile, lines)

    async def async_close(self: Any) -> None:
        """Finish the file that was begun."""
        if self.newfile is not None:
            refuse_unwritable(self, "async_close")
            with self._forgetting_lost_file() as newfile:
                await uploads.async_close(newfile)

    async def async_delete(self: Any) -> None:
        """Delete the file, if there is one."""
        if self.grid_id is not None:
            await async_to_the_end(self._async_remove, self.grid_id)
        self.newfile = None
        self._point_at(None)

    async def _async_remove(self: Any, grid_id: Any) -> None:
        """Delete a file from the database."""
        database = await self._async_database("async_delete")
        files = uploads.AsyncGridFS(database, self.collection_name)
        await files.delete(grid_id, session=session_for(database))

    async def async_replace(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store a file in the place of the one there is, which is deleted afterwards.

        Args:
            file_obj: see `async_put`.
            **kwargs: see `async_put`.
        """
        replaced, new = self._detached(), self._emptied()
        await new.async_put(file_obj, **kwargs)
        self.newfile = None
        self._point_at(new.grid_id)
        await async_to_the_end(replaced.async_delete)


class AsyncImageProxyIO:
    """The verbs of an image."""

    __slots__ = ()

    async def async_put(self: Any, file_obj: Any, **kwargs: Any) -> None:
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
        root = await self._async_root("async_put")
        field, progressive = self._field(), kwargs.get("progressive") is True
        content = await async_whole(file_obj)
        image, thumbnail = await async_offload(images.prepare, content, field, progressive)
        metadata = {**image.metadata, "thumbnail_id": None, **kwargs}
        if thumbnail is None:
            await super().async_put(image.content, **metadata)  # type: ignore[misc]
            return
        thumbnail_id = await uploads.async_store(root, thumbnail.content, thumbnail.metadata)
        try:
            await super().async_put(  # type: ignore[misc]
                image.content, **{**metadata, "thumbnail_id": thumbnail_id, **kwargs}
            )
        except BaseException:
            await async_to_the_end(self._async_remove, thumbnail_id)
            raise

    async def _async_put_thumbnail(
        self: Any, thumbnail: Any, format: str, progressive: bool, **kwargs: Any
    ) -> Any:
        """Store an image as a thumbnail and return its id."""
        image = await async_offload(images.encoded, thumbnail, format, progressive)
        root = await self._async_root("async_put")
        return await uploads.async_store(root, image.content, {**image.metadata, **kwargs})

    async def _async_open_thumbnail(self: Any) -> AsyncGridOut | None:
        """Return the stored thumbnail, open for reading; None if there is none."""
        stored = await self._async_open("async_thumbnail")
        thumbnail_id = getattr(stored, "thumbnail_id", None)
        if thumbnail_id is None:
            return None
        found = await self._async_find(thumbnail_id, "async_thumbnail")
        if found is None:
            await async_missing_file(self._missing_text("thumbnail", thumbnail_id))
        thumbnail: AsyncGridOut | None = found
        return thumbnail

    async def _async_remove(self: Any, grid_id: Any) -> None:
        """Delete an image and its thumbnail, if it has one, from the database."""
        stored = await self._async_find(grid_id, "async_delete")
        thumbnail_id = getattr(stored, "thumbnail_id", None)
        if thumbnail_id is not None:
            await super()._async_remove(thumbnail_id)  # type: ignore[misc]
        await super()._async_remove(grid_id)  # type: ignore[misc]

    async def async_write(self: Any, *args: Any, **kwargs: Any) -> None:
        """Refuse: an image is stored whole.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError('Please use "put" method instead')

    async def async_writelines(self: Any, *args: Any, **kwargs: Any) -> None:
        """Refuse: an image is stored whole.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError('Please use "put" method instead')


class AsyncFileFieldIO:
    """The verbs of a file, on the field: for code that has the class and a document."""

    __slots__ = ()

    async def async_put(self: Any, file_obj: Any, instance: Any, **kwargs: Any) -> None:
        """Store a file for a document.

        Args:
            file_obj: bytes, an open file, or an iterable of bytes.
            instance: the document.
            **kwargs: stored with it: ``filename``, ``content_type``, metadata of your own.

        Raises:
            GridFSError: there is a file already.
        """
        await self._proxy_of(instance).async_put(file_obj, **kwargs)

    async def async_get(self: Any, instance: Any) -> AsyncGridOut | None:
        """Return the file of a document, open for reading; None if there is none."""
        stored: AsyncGridOut | None = await self._proxy_of(instance).async_get()
        return stored

    async def async_read(self: Any, instance: Any, size: int = -1) -> bytes | None:
        """Return content of the file of a document; None if there is no file."""
        content: bytes | None = await self._proxy_of(instance).async_read(size)
        return content

    async def async_delete(self: Any, instance: Any) -> None:
        """Delete the file of a document, if there is one."""
        await self._proxy_of(instance).async_delete()

    async def async_replace(self: Any, file_obj: Any, instance: Any, **kwargs: Any) -> None:
        """Store a file in the place of the one a document has."""
        await self._proxy_of(instance).async_replace(file_obj, **kwargs)
