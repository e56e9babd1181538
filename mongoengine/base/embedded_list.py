"""`EmbeddedDocumentList`: a list of embedded documents that can be searched.

Everything here works on the documents in memory. Saving the owner is I/O and is added
above this floor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from mongoengine.base.containers import BaseList, T, bound_list
from mongoengine.errors import DoesNotExist, MultipleObjectsReturned

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ("EmbeddedDocumentList",)


def _matches(document: Any, wanted: Mapping[str, Any]) -> bool:
    for name, value in wanted.items():
        found = getattr(document, name)
        # Upstream lets the text of a value stand for the value.
        if found != value and str(found) != value:
            return False
    return True


class EmbeddedDocumentList(BaseList[T]):
    """The value of an `EmbeddedDocumentListField`.

    `filter` and `exclude` return lists of their own; `create`, `delete` and `update` change
    the list of the owner. Nothing is written to the database before the owner is saved.
    """

    __module__ = "mongoengine.base.datastructures"

    def filter(self, **kwargs: Any) -> Self:
        """Return the documents whose attributes equal all the keywords; all without any.

        Raises:
            AttributeError: a document has no attribute of that name.
        """
        return self._selection([item for item in self if _matches(item, kwargs)])

    def exclude(self, **kwargs: Any) -> Self:
        """Return the documents `filter` would leave out.

        Raises:
            AttributeError: a document has no attribute of that name.
        """
        return self._selection([item for item in self if not _matches(item, kwargs)])

    def count(self) -> int:  # type: ignore[override]
        """Return the number of documents in the list."""
        return len(self)

    def first(self) -> T | None:
        """Return the first document, or None when there is none."""
        return self[0] if self else None

    def get(self, **kwargs: Any) -> T:
        """Return the one document whose attributes equal all the keywords.

        Raises:
            AttributeError: a document has no attribute of that name.
            DoesNotExist: there is no such document.
            MultipleObjectsReturned: there are several.
        """
        found = self.filter(**kwargs)
        if not found:
            raise DoesNotExist(f"{self._name} matching query does not exist.")
        if len(found) > 1:
            raise MultipleObjectsReturned(f"{len(found)} items returned, instead of 1")
        result: T = found[0]
        return result

    def create(self, **values: Any) -> T:
        """Make a document of the type the field holds, append it to the owner's list, return it.

        Args:
            **values: its field values.
        """
        document: T = self._document_type()(**values)
        self._owned_list().append(document)
        return document

    def delete(self) -> int:
        """Take these documents out of the owner's list and return how many there were."""
        documents = list(self)
        owned = self._owned_list()
        for document in documents:
            owned.remove(document)
        return len(documents)

    def update(self, **update: Any) -> int:
        """Set attributes on every document and return how many there are; 0 without keywords.

        Args:
            **update: the new values.
        """
        if not update:
            return 0
        for document in self:
            for name, value in update.items():
                setattr(document, name, value)
        return len(self)

    def _selection(self, documents: list[T]) -> Self:
        return bound_list(type(self), documents, self._instance, self._name)

    def _path(self) -> list[str]:
        return (self._name or "").split(".")

    def _owned_list(self) -> Any:
        """Return the list in the owner that this one is, or was selected from."""
        first, *steps = self._path()
        value = self._instance[first]
        for step in steps:
            value = value[int(step) if isinstance(value, list) else step]
        return value

    def _document_type(self) -> Any:
        """Return the document class of the field, which lists and maps may surround."""
        first, *steps = self._path()
        field = self._instance._fields[first]
        for _ in steps:
            field = field.field
        return field.field.document_type
