"""The document classes users derive from: both colours of every verb on one class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from mongoengine import errors
from mongoengine._async.document import AsyncDocumentIO, AsyncEmbeddedDocumentIO
from mongoengine._async.queryset import AsyncMapReduceResult
from mongoengine._reexports import reexports_of
from mongoengine._sync.document import SyncDocumentIO, SyncEmbeddedDocumentIO
from mongoengine._sync.queryset import SyncMapReduceResult
from mongoengine.base.dynamic import DynamicAttributes
from mongoengine.base.embedded import BaseEmbeddedDocument
from mongoengine.base.indexes import includes_cls as includes_cls
from mongoengine.base.metaclasses import DocumentMetaclass, TopLevelDocumentMetaclass
from mongoengine.base.one_colour import verb_pairs, watch_overrides
from mongoengine.base.state import own_state
from mongoengine.base.toplevel import BaseTopLevelDocument
from mongoengine.errors import InvalidCollectionError, NotUniqueError, OperationError
from mongoengine.queryset.manager import QuerySetManager
from mongoengine.queryset.queryset import QuerySet
from mongoengine.state import registry
from mongoengine.state.home import home_of, switched_collections

if TYPE_CHECKING:
    from bson import ObjectId

    from mongoengine.queryset.manager import DefaultManager

    class AutomaticKey(Protocol):
        """The key of a class that declares none, as checkers see it."""

        def __get__(self, instance: Any, owner: Any, /) -> ObjectId | Any: ...
        def __set__(self, instance: Any, value: Any, /) -> None: ...

    def automatic_key() -> AutomaticKey: ...


__all__ = (
    "Document",
    "EmbeddedDocument",
    "DynamicDocument",
    "DynamicEmbeddedDocument",
    "MapReduceDocument",
    "OperationError",
    "InvalidCollectionError",
    "NotUniqueError",
)


_EMBEDDED_VERBS = verb_pairs(AsyncEmbeddedDocumentIO, SyncEmbeddedDocumentIO)
_VERBS = verb_pairs(AsyncDocumentIO, SyncDocumentIO)


class EmbeddedDocument(
    SyncEmbeddedDocumentIO,
    AsyncEmbeddedDocumentIO,
    BaseEmbeddedDocument,
    metaclass=DocumentMetaclass,
):
    """A document stored inside another one; it has no collection and no key of its own."""

    __slots__ = ()

    my_metaclass = DocumentMetaclass

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        watch_overrides(cls, _EMBEDDED_VERBS)


class Document(
    SyncDocumentIO,
    AsyncDocumentIO,
    BaseTopLevelDocument,
    metaclass=TopLevelDocumentMetaclass,
):
    """A document stored in a collection.

    Derive from it and give the class fields; ``meta`` says where and how it is stored.
    """

    __slots__ = ()

    my_metaclass = TopLevelDocumentMetaclass

    if TYPE_CHECKING:
        # Neither has a declared type, so that a class may have a manager or a key of its own.
        objects: ClassVar = DefaultManager()
        id = automatic_key()

    #: Raised by querysets of the class; every class has its own.
    DoesNotExist: ClassVar[type[errors.DoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[errors.MultipleObjectsReturned]]

    __default_manager__: ClassVar[type] = QuerySetManager
    _collection: ClassVar[Any] = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        watch_overrides(cls, _VERBS)

    @property
    def _qs(self) -> Any:
        """A fresh queryset over the place this document is stored in."""
        cls = type(self)
        queryset = cls._meta.get("queryset_class", QuerySet)(cls, None)
        if self.__state__.home is not None:
            queryset._alias, queryset._collection_name = self.__state__.home
        return queryset

    def switch_db(self, db_alias: str, keep_created: bool = True) -> Self:
        """Make this document belong to the database of another alias.

        Args:
            db_alias: the alias.
            keep_created: whether it counts as stored there if it is stored where it was.

        Returns:
            The document itself.

        Raises:
            ConnectionFailure: the alias is not defined.
        """
        if not registry.known(db_alias):
            registry.settings_of(db_alias)  # says what is wrong
        self._created = self._created or not keep_created
        _, name = self.__state__.home or home_of(type(self))
        own_state(self).home = (db_alias, name)
        return self

    def switch_collection(self, collection_name: str, keep_created: bool = True) -> Self:
        """Make this document belong to another collection.

        Args:
            collection_name: name of the collection.
            keep_created: whether it counts as stored there if it is stored where it was.

        Returns:
            The document itself.
        """
        self._created = self._created or not keep_created
        alias, _ = self.__state__.home or home_of(type(self))
        own_state(self).home = (alias, collection_name)
        return self

    async def async_fetch(self) -> Self:
        """Return the document itself.

        So ``await post.author.async_fetch()`` is right whether the author is loaded or not.
        """
        return self

    @classmethod
    def _get_collection_name(cls) -> str | None:
        """Return the collection the class is stored in just now; None for one that has none."""
        return switched_collections.get().get(cls, super()._get_collection_name())

    @classmethod
    def _disconnect(cls) -> None:
        """Forget the collection: the connection is gone."""
        cls._collection = None


class DynamicDocument(DynamicAttributes, Document, metaclass=TopLevelDocumentMetaclass):
    """A document that takes any attribute as a field."""

    __slots__ = ()

    my_metaclass = TopLevelDocumentMetaclass


class DynamicEmbeddedDocument(DynamicAttributes, EmbeddedDocument, metaclass=DocumentMetaclass):
    """An embedded document that takes any attribute as a field."""

    __slots__ = ()

    my_metaclass = DocumentMetaclass


class MapReduceDocument(SyncMapReduceResult, AsyncMapReduceResult):
    """A result of a map/reduce.

    Args:
        document: class of the documents it was made of.
        collection: the driver's collection they are in.
        key: what the map function emitted the value under.
        value: what the reduce function made of the values.
    """

    def __init__(self, document: Any, collection: Any, key: Any, value: Any) -> None:
        self._document = document
        self._collection = collection
        self.key = key
        self.value = value
        self._key_object: Any = None

    @property
    def object(self) -> Any:
        """The document whose key is the key of the result, loaded on first access."""
        return self.fetch()

    def _queryset(self) -> Any:
        """Return a queryset over the documents it was made of."""
        return self._document._meta.get("queryset_class", QuerySet)(self._document, None)

    def _document_key(self) -> Any:
        """Return the key as the class keeps it."""
        return self._document._fields[self._document._meta["id_field"]].to_python(self.key)


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
