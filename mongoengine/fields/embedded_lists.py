"""Lists of embedded documents that can save the document they belong to."""

from __future__ import annotations

from mongoengine._async.embedded_list import AsyncEmbeddedListIO
from mongoengine._sync.embedded_list import SyncEmbeddedListIO
from mongoengine.base import embedded_list
from mongoengine.base.fields import lists
from mongoengine.base.fields.base import T

__all__ = ("EmbeddedDocumentList", "EmbeddedDocumentListField")


class EmbeddedDocumentList(
    SyncEmbeddedListIO, AsyncEmbeddedListIO, embedded_list.EmbeddedDocumentList[T]
):
    """What an `EmbeddedDocumentListField` reads as."""

    __module__ = "mongoengine.base.datastructures"
    __slots__ = ()


class EmbeddedDocumentListField(lists.EmbeddedDocumentListField[T]):
    """A list of embedded documents, with `EmbeddedDocumentList.filter` and its like.

    Args:
        document_type: class of the embedded documents, or its name.
        **kwargs: see `ListField`.
    """

    _list_class = EmbeddedDocumentList
