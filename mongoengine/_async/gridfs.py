"""Files in GridFS: what a field's proxy does with the server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gridfs.asynchronous import AsyncGridFS
from gridfs.asynchronous.grid_file import AsyncGridOut
from gridfs.errors import NoFile

from mongoengine.base import images
from mongoengine.errors import OperationError
from mongoengine.state.clients import async_get_database
from mongoengine.state.offload import async_offload
from mongoengine.state.transactions import in_transaction, session_for_database

__all__ = ("AsyncFileFieldIO", "AsyncGridFSProxyIO", "AsyncImageProxyIO")


class AsyncGridFSProxyIO:
    """The verbs of a file. After writing, the document still has to be saved."""

    __slots__ = ()

    async def _async_open_fs(self: Any, call: str) -> AsyncGridFS:
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
        return AsyncGridFS(await async_get_database(self.db_alias, call), self.collection_name)

    async def _async_session(self: Any) -> Any:
        """Return the session to read and delete with, or None."""
        return session_for_database(await async_get_database(self.db_alias, "async_get"))

    async def async_get(self: Any, grid_id: Any = None) -> AsyncGridOut | None:
        """Return the stored file, open for reading; None if there is none.

        Args:
            grid_id: stand for this file from now on.
        """
        if grid_id:
            self.grid_id = grid_id
        if self.grid_id is None:
            return None
        if not isinstance(self.gridout, AsyncGridOut) or self.gridout._id != self.grid_id:
            fs = await self._async_open_fs("async_get")
            try:
                self.gridout = await fs.get(self.grid_id, session=await self._async_session())
            except NoFile:
                return None
        stored: AsyncGridOut = self.gridout
        return stored

    async def async_read(self: Any, size: int = -1) -> bytes | None:
        """Return content from where the last read ended; None if there is no file.

        Args:
            size: the most bytes to read; all that is left when negative.
        """
        stored = await self.async_get()
        return None if stored is None else await stored.read(size)

    async def async_put(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store a file.

        Args:
            file_obj: content, or an open file.
            **kwargs: stored with it: ``filename``, ``content_type``, metadata of your own.

        Raises:
            GridFSError: there is a file already.
        """
        self._refuse_second_file()
        fs = await self._async_open_fs("async_put")
        self._point_at(await fs.put(file_obj, **kwargs))

    async def async_new_file(self: Any, **kwargs: Any) -> None:
        """Begin a file that is written piece by piece and then closed.

        Args:
            **kwargs: see `async_put`.
        """
        fs = await self._async_open_fs("async_new_file")
        self.newfile = fs.new_file(**kwargs)
        self._point_at(self.newfile._id)

    async def async_write(self: Any, string: Any) -> None:
        """Write a piece of a file, a new one if none was begun.

        Args:
            string: content, or an open file.

        Raises:
            GridFSError: there is a file already.
        """
        if self.newfile is None:
            self._refuse_second_file()
            await self.async_new_file()
        newfile: Any = self.newfile
        await newfile.write(string)

    async def async_writelines(self: Any, lines: Iterable[Any]) -> None:
        """Write pieces of a file, a new one if none was begun."""
        if self.newfile is None:
            await self.async_new_file()
        newfile: Any = self.newfile
        await newfile.writelines(lines)

    async def async_close(self: Any) -> None:
        """Finish the file that was begun."""
        if self.newfile is not None:
            await self.newfile.close()

    async def async_delete(self: Any) -> None:
        """Delete the file, if there is one."""
        if self.grid_id is not None:
            fs = await self._async_open_fs("async_delete")
            await fs.delete(self.grid_id, session=await self._async_session())
        self.newfile = None
        self._point_at(None)

    async def async_replace(self: Any, file_obj: Any, **kwargs: Any) -> None:
        """Store a file in the place of the one there is.

        Args:
            file_obj: content, or an open file.
            **kwargs: see `async_put`.
        """
        await self.async_delete()
        await self.async_put(file_obj, **kwargs)


class AsyncImageProxyIO:
    """The verbs of an image."""

    __slots__ = ()

    async def async_put(self: Any, file_obj: Any, **kwargs: Any) -> None:
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
        image, thumbnail = await async_offload(images.prepare, file_obj, field, progressive)
        thumbnail_id = None
        if thumbnail is not None:
            fs = await self._async_open_fs("async_put")
            thumbnail_id = await fs.put(thumbnail.content, **thumbnail.metadata)
        metadata = {**image.metadata, "thumbnail_id": thumbnail_id, **kwargs}
        await super().async_put(image.content, **metadata)  # type: ignore[misc]

    async def _async_put_thumbnail(
        self: Any, thumbnail: Any, format: str, progressive: bool, **kwargs: Any
    ) -> Any:
        """Store an image as a thumbnail and return its id."""
        image = await async_offload(images.encoded, thumbnail, format, progressive)
        fs = await self._async_open_fs("async_put")
        return await fs.put(image.content, **image.metadata, **kwargs)

    async def _async_open_thumbnail(self: Any) -> AsyncGridOut | None:
        """Return the stored thumbnail, open for reading; None if there is none."""
        stored = await self.async_get()
        thumbnail_id = getattr(stored, "thumbnail_id", None)
        if thumbnail_id is None:
            return None
        fs = await self._async_open_fs("async_get")
        return await fs.get(thumbnail_id, session=await self._async_session())

    async def async_delete(self: Any) -> None:
        """Delete the image and its thumbnail, if there are any."""
        thumbnail_id = getattr(await self.async_get(), "thumbnail_id", None)
        if thumbnail_id is not None:
            fs = await self._async_open_fs("async_delete")
            await fs.delete(thumbnail_id, session=await self._async_session())
        await super().async_delete()  # type: ignore[misc]

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
            file_obj: content, or an open file.
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
