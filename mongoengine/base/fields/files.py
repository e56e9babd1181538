"""Files and images kept in GridFS: the fields, and the proxies that stand for files.

Model floor: nothing here reads or writes a file.
"""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections.abc import AsyncIterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from bson import ObjectId

from mongoengine.base.fields.base import BaseField, T

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = (
    "BaseFileField",
    "BaseGridFSProxy",
    "BaseImageField",
    "GridFSError",
    "ImproperlyConfigured",
    "is_file_content",
)

# The alias documents use when their meta names none.
_DEFAULT_ALIAS = "default"

_HAS_FILE = "This document already has a file. Either delete it or call replace to overwrite it"


class GridFSError(Exception):
    """A file cannot be written: the field has one already."""


class ImproperlyConfigured(Exception):
    """A library that a field needs is not installed."""


class BaseGridFSProxy:
    """`GridFSProxy` without its I/O."""

    #: The driver's file system, where one is kept.
    _fs: Any = None

    #: Where to go on when the file is opened again, after a read that was broken off.
    _position: int = 0

    def __init__(
        self,
        grid_id: Any = None,
        key: str | None = None,
        instance: Any = None,
        db_alias: str = _DEFAULT_ALIAS,
        collection_name: str = "fs",
    ) -> None:
        self.grid_id = grid_id
        self.key = key
        self.instance = instance
        self.db_alias = db_alias
        self.collection_name = collection_name
        self.newfile: Any = None
        self.gridout: Any = None

    def __get__(self, instance: Any, value: Any) -> Self:
        return self

    def __bool__(self) -> bool:
        """Tell whether there is a file."""
        return bool(self.grid_id)

    def __eq__(self, other: object) -> bool:
        """Compare by file: id, collection and alias."""
        return isinstance(other, BaseGridFSProxy) and (
            (self.grid_id, self.collection_name, self.db_alias)
            == (other.grid_id, other.collection_name, other.db_alias)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]  # which file it stands for changes

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.grid_id}>"

    # The driver's objects belong to a client: copies open the file anew.

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_fs": None, "newfile": None, "gridout": None, "_position": 0}

    def __copy__(self) -> Self:
        copied = type(self).__new__(type(self))
        copied.__dict__.update(self.__getstate__())
        return copied

    def __deepcopy__(self, memo: Any) -> Self:
        return self.__copy__()

    # What the verbs do besides their I/O

    def _refuse_second_file(self) -> None:
        """Refuse to write a file where one is.

        Raises:
            GridFSError: there is a file.
        """
        if self.grid_id:
            raise GridFSError(_HAS_FILE)

    def _point_at(self, grid_id: Any) -> None:
        """Stand for another file from now on; None for no file."""
        self.grid_id = grid_id
        self.gridout = None
        self._position = 0
        self._mark_as_changed()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Read from the open file; if that fails or is cancelled, the next read opens it anew.

        The driver's own object is of no use then: it takes the rest of the file for missing.
        """
        position = self.gridout.tell()
        try:
            yield
        except BaseException:
            self.gridout, self._position = None, position
            raise

    def _begin(self, newfile: Any) -> None:
        """Stand for a file that is being written from now on."""
        self.newfile = newfile
        self._point_at(newfile._id)

    def _detached(self) -> Self:
        """Return a proxy of the same file that changes no document."""
        detached = self.__copy__()
        detached.instance = None
        return detached

    def _emptied(self) -> Self:
        """Return a proxy for a file to come, of the same field and document."""
        emptied = self.__copy__()
        emptied.grid_id = None
        return emptied

    @contextmanager
    def _forgetting_lost_file(self) -> Iterator[Any]:
        """Give the file being written; stand for no file if that fails and nothing is left."""
        newfile, was_closed = self.newfile, self.newfile.closed
        try:
            yield newfile
        except BaseException:
            if newfile.closed and not was_closed:
                self.newfile = None
                self._point_at(None)
            raise

    def _missing_text(self, what: str = "file", grid_id: Any = None) -> str:
        """Return what to say of a file that is not in the database."""
        owner = type(self).__name__
        if self.instance is not None:
            owner = f"{type(self.instance).__name__}.{self.key}"
        text = (
            f"{owner}: {what} {grid_id or self.grid_id!r} is not in "
            f"{self.collection_name}.files of alias {self.db_alias!r}"
        )
        if self.newfile is not None and not self.newfile.closed:
            return f"{text}: it is being written, close it first"
        return text

    def _mark_as_changed(self) -> None:
        """Tell the document that the field has changed: it still has to be saved."""
        if self.instance is not None:
            self.instance._mark_as_changed(self.key)


class BaseFileField(BaseField[T]):
    """`FileField` without its I/O."""

    proxy_class: type[Any] = BaseGridFSProxy

    lazy: ClassVar[bool] = True
    _converts_on_construction: ClassVar[bool] = False
    # What is required is a proxy: reading makes one, and so does the first look at a document.
    _absent_is_valid: ClassVar[bool] = True
    _refuses_operators: ClassVar[bool] = True

    def __init__(
        self, db_alias: str = _DEFAULT_ALIAS, collection_name: str = "fs", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.db_alias = db_alias
        self.collection_name = collection_name

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> T: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        """Return the proxy of the file, an empty one if there is none; the field on a class."""
        if instance is None:
            return self
        proxy: Any = super().__get__(instance, owner)
        if not isinstance(proxy, self.proxy_class):
            proxy = self._missing_value(instance)
        elif not proxy.key:
            proxy.key = self.name
            proxy.instance = instance
        return proxy

    def __set__(self, instance: BaseDocument, value: Any) -> None:
        """Store a proxy, or what a file is to be written from; always a change."""
        super().__set__(instance, value)
        instance._mark_as_changed(self.name)

    def _missing_value(self, instance: BaseDocument) -> Any:
        proxy = instance.__dict__[self.name] = self.get_proxy_obj(self.name, instance)
        return proxy

    def get_proxy_obj(
        self,
        key: str,
        instance: Any,
        db_alias: str | None = None,
        collection_name: str | None = None,
    ) -> Any:
        """Return an empty proxy for a document.

        Args:
            key: what to mark as changed when a file is written: the field's name.
            instance: the document.
            db_alias: alias to store the file under; the field's when omitted.
            collection_name: the GridFS collection; the field's when omitted.
        """
        return self.proxy_class(
            key=key,
            instance=instance,
            db_alias=db_alias or self.db_alias,
            collection_name=collection_name or self.collection_name,
        )

    def to_python(self, value: Any) -> Any:
        """Return a proxy for the id of a file; None stays."""
        if value is None:
            return None
        return self.proxy_class(value, collection_name=self.collection_name, db_alias=self.db_alias)

    def to_mongo(self, value: Any) -> Any:
        """Return the id of the file; None if there is none."""
        return value.grid_id if isinstance(value, self.proxy_class) else None

    def validate(self, value: Any) -> None:
        """Refuse what is no proxy of this field's kind; a proxy without a file is one."""
        if value.grid_id is None:
            return
        if not isinstance(value, self.proxy_class):
            self.error("FileField only accepts GridFSProxy values")
        if not isinstance(value.grid_id, ObjectId):
            self.error("Invalid GridFSProxy value")

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return the id of the file."""
        value = super().prepare_query_value(op, value)
        return value.grid_id if isinstance(value, BaseGridFSProxy) else value


def is_file_content(value: Any) -> bool:
    """Tell whether an assigned value is content to be written, rather than a file's proxy."""
    if isinstance(value, BaseGridFSProxy):
        return False
    content_types = (bytes, str, bytearray, memoryview, Iterator, AsyncIterable)
    return isinstance(value, content_types) or hasattr(value, "read")


class BaseImageField(BaseFileField[T]):
    """`ImageField` without its I/O."""

    #: The size images are brought to, as ``width``, ``height`` and ``force``; None for any.
    size: dict[str, Any] | None
    thumbnail_size: dict[str, Any] | None

    def __init__(
        self,
        size: tuple[Any, ...] | None = None,
        thumbnail_size: tuple[Any, ...] | None = None,
        collection_name: str = "images",
        **kwargs: Any,
    ) -> None:
        if find_spec("PIL") is None:
            raise ImproperlyConfigured("PIL library was not found")
        super().__init__(collection_name=collection_name, **kwargs)
        self.size = _size(size)
        self.thumbnail_size = _size(thumbnail_size)


def _size(given: Any) -> dict[str, Any] | None:
    if not isinstance(given, (tuple, list)):
        return None
    values = [*given, None, None, None]
    return dict(zip(("width", "height", "force"), values, strict=False))
