"""`BaseLazyReference`: a reference that loads its document only when told to.

This is the part that needs no database; what fetches the document is added above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bson import DBRef

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("BaseLazyReference", "NotLoaded")


class NotLoaded(KeyError):
    """The document a reference passes through to is not there and cannot be loaded here."""


class BaseLazyReference(DBRef):
    """Points at a document of a known class.

    Args:
        document_type: class of the document.
        pk: its primary key.
        cached_doc: the document itself, when it is at hand.
        passthrough: True to read fields of the document through the reference.
    """

    __slots__ = ("_cached_doc", "document_type", "passthrough")

    document_type: type[BaseDocument]
    passthrough: bool

    def __init__(
        self,
        document_type: type[BaseDocument],
        pk: Any,
        cached_doc: BaseDocument | None = None,
        passthrough: bool = False,
    ) -> None:
        self.document_type = document_type
        self._cached_doc = cached_doc
        self.passthrough = passthrough
        super().__init__(document_type._get_collection_name(), pk)  # type: ignore[arg-type]

    @property
    def pk(self) -> Any:
        """The primary key of the document."""
        return self.id

    def _passthrough_document(self) -> Any:
        """Return the document that fields are read from, or None; loading it is added above.

        Raises:
            NotLoaded: it takes an ``await`` to load it.
        """
        return self._cached_doc

    def __getitem__(self, name: str) -> Any:
        """Return a field of the document.

        Raises:
            KeyError: there is no such field, or the reference does not pass through, or
                the document would have to be awaited.
        """
        document = self._passthrough_document() if self.passthrough else None
        if document is None:
            raise KeyError()
        return document[name]

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except NotLoaded as error:
            raise AttributeError(*error.args) from None
        except KeyError:
            raise AttributeError() from None

    def __repr__(self) -> str:
        return f"<LazyReference({self.document_type}, {self.pk!r})>"

    # DBRef would copy itself as a DBRef, and could not be pickled under this constructor.

    def __reduce__(self) -> tuple[type[BaseLazyReference], tuple[Any, ...]]:
        return type(self), (self.document_type, self.pk, None, self.passthrough)

    def __copy__(self) -> BaseLazyReference:
        return type(self)(self.document_type, self.pk, self._cached_doc, self.passthrough)

    def __deepcopy__(self, memo: Any) -> BaseLazyReference:
        return self.__copy__()
