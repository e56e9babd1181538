"""Lists of embedded documents that can save the document they belong to."""

# The overloads only type what the base class does.
# pyright: reportNoOverloadImplementation=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from mongoengine._async.embedded_list import AsyncEmbeddedListIO
from mongoengine._sync.embedded_list import SyncEmbeddedListIO
from mongoengine.base import embedded_list
from mongoengine.base.fields import lists

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("EmbeddedDocumentList", "EmbeddedDocumentListField")


class EmbeddedDocumentList(
    SyncEmbeddedListIO, AsyncEmbeddedListIO, embedded_list.EmbeddedDocumentList
):
    """What an `EmbeddedDocumentListField` reads as."""

    __module__ = "mongoengine.base.datastructures"
    __slots__ = ()


class EmbeddedDocumentListField(lists.EmbeddedDocumentListField):
    """A list of embedded documents, with `EmbeddedDocumentList.filter` and its like.

    Args:
        document_type: class of the embedded documents, or its name.
        **kwargs: see `ListField`.
    """

    _list_class = EmbeddedDocumentList

    if TYPE_CHECKING:

        @overload  # type: ignore[no-overload-impl]
        def __get__(self, instance: None, owner: type[Any]) -> EmbeddedDocumentListField: ...
        @overload
        def __get__(self, instance: BaseDocument, owner: type[Any]) -> EmbeddedDocumentList: ...
