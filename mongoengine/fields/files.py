"""The file and image fields users import, and their proxies: both colours of every verb."""

# Private names are shared between floors.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from mongoengine._async.gridfs import AsyncFileFieldIO, AsyncGridFSProxyIO, AsyncImageProxyIO
from mongoengine._sync.gridfs import SyncFileFieldIO, SyncGridFSProxyIO, SyncImageProxyIO
from mongoengine.base.document import BaseDocument
from mongoengine.base.fields.base import T
from mongoengine.base.fields.files import (
    BaseFileField,
    BaseGridFSProxy,
    BaseImageField,
    GridFSError,
    ImproperlyConfigured,
    is_file_content,
)
from mongoengine.state import clients
from mongoengine.state.implicit import may_block
from mongoengine.state.registry import ConnectionType, colours

if TYPE_CHECKING:
    from gridfs import GridFS
    from gridfs.asynchronous import AsyncGridFS

__all__ = (
    "FileField",
    "GridFSError",
    "GridFSProxy",
    "ImageField",
    "ImageGridFsProxy",
    "ImproperlyConfigured",
)

_MISSING = object()


class GridFSProxy(SyncGridFSProxyIO, AsyncGridFSProxyIO, BaseGridFSProxy):
    """Stands for a file in GridFS.

    What it does not have itself is read from the stored file: ``filename``,
    ``content_type``, ``length``, ``seek``, ``tell``, metadata of your own. Where reading an
    attribute cannot wait for the server, the file has to be opened first, by ``async_get``.
    ``async for`` gives the lines, `async_chunks` the content in larger pieces; in sync code
    iterate over what `get` returns.

    Args:
        grid_id: id of the file; None for no file yet.
        key: name of the field, marked as changed when a file is written.
        instance: the document it belongs to.
        db_alias: alias the file is stored under.
        collection_name: the GridFS collection.
    """

    @property
    def fs(self) -> GridFS | AsyncGridFS:
        """The driver's file system, of the colour the alias is open in."""
        # Most programs keep no files: they are spared the import.
        from gridfs import GridFS
        from gridfs.asynchronous import AsyncGridFS

        if colours(self.db_alias) is ConnectionType.ASYNC:
            # It belongs to the running event loop, so it is not kept.
            database = clients.database_in_running_loop(self.db_alias, "fs")
            return AsyncGridFS(database, self.collection_name)
        if self._fs is None:
            self._fs = GridFS(clients.get_database(self.db_alias, "fs"), self.collection_name)
        fs: GridFS = self._fs
        return fs

    def _stored_file(self, name: str) -> Any:
        """Return the stored file, opened now if it can be; None if there is none.

        Raises:
            AttributeError: opening it takes an ``await``.
        """
        if self.grid_id is None or self.gridout is not None:
            return self.gridout
        if may_block(self.db_alias):
            return self.get()
        raise AttributeError(
            f"{name!r} is read from the stored file of {self.key!r}, which has not been opened: "
            f"await its async_get() first"
        )

    @property
    def content_type(self) -> str | None:
        """The content type the file was stored with."""
        stored = self._stored_file("content_type")
        if stored is None:
            raise AttributeError("content_type")
        # The driver deprecates its property of this name, but not the key in the database.
        content_type: str | None = getattr(stored, "contentType", None)
        return content_type

    def __getattr__(self, name: str) -> Any:
        """Read an attribute of the stored file."""
        if name.startswith("_") and name != "_id":
            raise AttributeError(name)
        value = getattr(self._stored_file(name), name, _MISSING)
        if value is _MISSING:
            raise AttributeError()
        return value

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the lines from where the last read ended; ``async for`` only."""
        return self._async_lines()

    def async_chunks(self) -> AsyncIterator[bytes]:
        """Iterate over the content as it is stored, chunk by chunk, with ``async for``."""
        return self._async_chunks()

    def __str__(self) -> str:
        stored = self.gridout
        if stored is None and self.grid_id is not None:
            if not may_block(self.db_alias):
                return repr(self)
            stored = self.get()
        name = "<no file>" if stored is None else stored.filename
        return f"<{type(self).__name__}: {name} ({self.grid_id})>"


class ImageGridFsProxy(SyncImageProxyIO, AsyncImageProxyIO, GridFSProxy):
    """Stands for an image in GridFS; see `GridFSProxy`."""

    def _field(self) -> Any:
        """Return the image field the proxy was made by."""
        field = self.instance._fields[self.key]
        inner = getattr(field, "field", None)
        return inner if isinstance(inner, BaseImageField) else field

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height; None if there is no image."""
        stored = self._stored_file("size")
        return None if stored is None else (stored.width, stored.height)

    @property
    def format(self) -> str | None:
        """The name Pillow has for the format; None if there is no image."""
        stored = self._stored_file("format")
        return None if stored is None else stored.format

    @property
    def thumbnail(self) -> Any:
        """The stored thumbnail, open for reading; None if there is none."""
        return self._open_thumbnail()

    async def async_thumbnail(self) -> Any:
        """Return the stored thumbnail, open for reading; None if there is none."""
        return await self._async_open_thumbnail()


class FileField(SyncFileFieldIO, AsyncFileFieldIO, BaseFileField[T]):
    """A file, kept in GridFS.

    Reading gives a `GridFSProxy`. Assigning bytes or an open file stores it at once, in
    the place of the one there was; where that cannot wait for the server, use
    ``async_put`` or ``async_replace`` of the proxy.

    Args:
        db_alias: alias the files are stored under.
        collection_name: the GridFS collection.
        **kwargs: see `BaseField`.
    """

    proxy_class: type[GridFSProxy] = GridFSProxy

    def __set__(self, instance: BaseDocument, value: Any) -> None:
        """Store a proxy, or write a file from bytes or an open file.

        Raises:
            RuntimeError: a file is to be written, which has to be awaited.
        """
        if not is_file_content(value):
            super().__set__(instance, value)
            return
        if not may_block(self.db_alias):
            raise RuntimeError(_assignment_text(self, instance))
        replaced = self._proxy_of(instance)._detached()
        proxy = self.get_proxy_obj(self.name, instance)
        proxy.put(value)
        super().__set__(instance, proxy)
        if replaced:
            replaced.delete()

    def _proxy_of(self, instance: BaseDocument) -> GridFSProxy:
        value: Any = self.__get__(instance, type(instance))
        proxy: GridFSProxy = value
        return proxy


def _assignment_text(field: FileField, instance: BaseDocument) -> str:
    name = f"{type(instance).__name__}.{field.name}"
    return (
        f"Use async_put() with async connection: assigning content to {name} would store a "
        f'file in "{field.db_alias}" at once, which has to be awaited here. Write '
        f"await document.{field.name}.async_put(content), or async_replace() if there is a "
        "file already."
    )


class ImageField(FileField[T], BaseImageField[T]):
    """An image, kept in GridFS; needs Pillow.

    Args:
        size: ``(width, height, force)`` to bring images to: exactly if ``force``, else at
            most; larger ones only.
        thumbnail_size: the same for a thumbnail stored with each image; none when omitted.
        collection_name: the GridFS collection.
        **kwargs: see `FileField`.

    Raises:
        ImproperlyConfigured: Pillow is not installed.
    """

    proxy_class = ImageGridFsProxy
