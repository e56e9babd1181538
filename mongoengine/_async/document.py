"""The verbs of documents: saving, loading again, changing, deleting, indexes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from mongoengine import signals
from mongoengine._async.cached_references import async_update_copies
from mongoengine._async.collections import (
    async_create_indexes,
    async_database_of,
    async_open_collection,
)
from mongoengine._async.dereference import (
    async_load_reachable_references,
    async_load_references,
)
from mongoengine._async.gridfs import async_files_of
from mongoengine._async.sequence import async_fill_sequences
from mongoengine.base import modifying, saving
from mongoengine.base.collection_options import compare_keys, ordered_keys
from mongoengine.base.dereference_paths import Everything
from mongoengine.base.schema import overrides_library
from mongoengine.base.verbs import verb
from mongoengine.errors import OperationError, SaveConditionError
from mongoengine.queryset import transform
from mongoengine.state.clients import async_get_client, async_get_database
from mongoengine.state.concerns import with_concerns
from mongoengine.state.home import alias_of, home_of
from mongoengine.state.ownership import async_remember_collection
from mongoengine.state.preparation import forget
from mongoengine.state.transactions import (
    in_transaction,
    keep_savepoint,
    keep_values,
    refuse_in_transaction,
    savepoint_of,
    using_session,
)
from mongoengine.state.waiting import async_to_the_end

if TYPE_CHECKING:
    from pymongo.asynchronous.collection import AsyncCollection
    from pymongo.asynchronous.database import AsyncDatabase

__all__ = ("AsyncDocumentIO", "AsyncEmbeddedDocumentIO")


async def async_home_collection(document: Any, call: str) -> AsyncCollection[dict[str, Any]]:
    """Return the collection one document is stored in.

    Args:
        document: the document.
        call: the verb it is needed for.

    Raises:
        RuntimeError: the alias is open in the other colour only.
    """
    cls, state = type(document), document.__state__
    alias, name = state.home or home_of(cls)
    await async_get_client(alias, call)
    if state.home is None:
        collection: AsyncCollection[dict[str, Any]] = await verb(
            document, "_async_get_collection"
        )()
        return collection
    return await async_open_collection(cls, alias, name, call)


async def async_stored_form(
    document: Any, force_insert: bool, validate: bool, clean: bool, extra: Mapping[str, Any]
) -> tuple[dict[str, Any], bool]:
    """Return what a save stores, and whether that inserts; receivers have their say before.

    Args:
        document: the document.
        force_insert: it inserts in any case.
        validate: check all values.
        clean: call `clean` when validating.
        extra: further keywords for the receivers.

    Raises:
        ValidationError: a value may not be stored.
    """
    cls = type(document)
    sent = signals.pre_save, signals.pre_save_post_validation, signals.post_save
    signals.check_receivers(cls, "async_save", *sent)
    if signals.pre_save.receivers:
        await signals.pre_save.async_send(cls, document=document, **extra)
    await async_fill_sequences(document)
    if validate:
        document.validate(clean=clean)
    created = saving.is_new(document, force_insert)
    if signals.pre_save_post_validation.receivers:
        await signals.pre_save_post_validation.async_send(
            cls, document=document, created=created, **extra
        )
    return document.to_mongo(), created


async def async_home_for_save(document: Any, before: Any) -> None:
    """Have the collection ready for a save, its indexes checked if the class wants that.

    Args:
        document: the document.
        before: what an aborted transaction gives back to it.
    """
    keep_savepoint(before, await async_home_collection(document, "async_save"))
    if document._meta.get("auto_create_index_on_save", False) and not in_transaction():
        await verb(document, "async_ensure_indexes")()


async def async_announce_saved(document: Any, created: bool, extra: Mapping[str, Any]) -> None:
    """Tell receivers that a document was saved, and the copies of it that others hold."""
    if signals.post_save.receivers:
        await signals.post_save.async_send(
            type(document), document=document, created=created, **extra
        )
    if not created:
        await async_update_copies(document)


async def async_remember_values(document: Any, names: Iterable[str], call: str) -> None:
    """Have an open transaction bring values back that loaded ones will take the place of."""
    if in_transaction():
        keep_values(document, names, await async_home_collection(document, call))


Doc = TypeVar("Doc")


class AsyncDocumentIO:
    """What a top-level document does with the server."""

    __slots__ = ()

    # Collection

    @classmethod
    async def _async_get_db(cls: Any) -> AsyncDatabase[dict[str, Any]]:
        """Return the database the class is stored in."""
        return await async_get_database(alias_of(cls), "_async_get_db")

    @classmethod
    async def _async_get_collection(cls: Any) -> AsyncCollection[dict[str, Any]]:
        """Return the collection the class is stored in, created and indexed."""
        alias, name = home_of(cls)
        collection = await async_open_collection(cls, alias, name, "_async_get_collection")
        await async_remember_collection(cls, collection)
        return collection

    # Saving

    async def async_save(
        self: Doc,
        force_insert: bool = False,
        validate: bool = True,
        clean: bool = True,
        write_concern: Mapping[str, Any] | None = None,
        cascade: bool | None = None,
        cascade_kwargs: Mapping[str, Any] | None = None,
        _refs: list[str] | None = None,
        save_condition: Mapping[str, Any] | None = None,
        signal_kwargs: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Doc:
        """Store the document: insert a new one, update what changed in a stored one.

        Args:
            force_insert: insert, and fail if the key is taken.
            validate: check all values first.
            clean: call `clean` when validating.
            write_concern: keywords of pymongo's ``WriteConcern``.
            cascade: save the documents referred to as well; meta decides when None.
            cascade_kwargs: keywords to save those with.
            save_condition: query keywords the stored document must match to be updated.
            signal_kwargs: further keywords for the signals' receivers.
            **kwargs: ignored.

        Returns:
            The document itself.

        Raises:
            ValidationError: a value may not be stored.
            NotUniqueError: unique keys are taken.
            SaveConditionError: the stored document does not match ``save_condition``.
            OperationError: the server refuses.
        """
        document: Any = self
        saving.require_saveable(document)
        before, extra = savepoint_of(document), dict(signal_kwargs or {})
        stored, created = await async_stored_form(document, force_insert, validate, clean, extra)
        await async_home_for_save(document, before)
        with saving.reported_save_failure():
            if created:
                object_id = await verb(document, "_async_save_create")(
                    doc=stored, force_insert=force_insert, write_concern=write_concern
                )
            else:
                object_id, created = await verb(document, "_async_save_update")(
                    stored, save_condition, write_concern
                )
        with saving.kept_if_created(document, object_id, created):
            if saving.cascades(document, cascade, cascade_kwargs):
                options = saving.cascade_options(
                    cascade_kwargs,
                    _refs,
                    force_insert=force_insert,
                    validate=validate,
                    write_concern=write_concern,
                    cascade=cascade,
                )
                await verb(document, "async_cascade_save")(**options)
            saving.apply_saved(document, object_id, created)
            await async_announce_saved(document, created, extra)
        saving.forget_changes(document)
        return self

    async def _async_save_create(
        self: Any,
        doc: dict[str, Any],
        force_insert: bool,
        write_concern: Mapping[str, Any] | None,
    ) -> Any:
        """Insert the document, or put it in the place of one with its key; return the key."""
        collection = with_concerns(await async_home_collection(self, "async_save"), write_concern)
        with using_session(collection) as session:
            if "_id" in doc and not force_insert:
                found = await collection.find_one_and_replace(
                    saving.id_filter(self, doc), doc, session=session
                )
                if found is not None:
                    return doc["_id"]
            with saving.kept_if_unconfirmed(self, doc):
                return (await collection.insert_one(doc, session=session)).inserted_id

    async def _async_save_update(
        self: Any,
        doc: dict[str, Any],
        save_condition: Mapping[str, Any] | None,
        write_concern: Mapping[str, Any] | None,
    ) -> tuple[Any, bool]:
        """Store what changed; return the key and whether that made the document anew."""
        update = self._get_update_doc()
        if not update:
            return doc["_id"], False
        collection = with_concerns(await async_home_collection(self, "async_save"), write_concern)
        query = saving.id_filter(self, doc)
        if save_condition is not None:
            query = {**transform.query(type(self), **save_condition), **query}
        upsert = save_condition is None
        with using_session(collection) as session:
            done = await collection.update_one(query, update, upsert=upsert, session=session)
        result: Any = done.raw_result
        if not upsert and result and result.get("n") == 0:
            raise SaveConditionError("Race condition preventing document update detected")
        return doc["_id"], bool(result) and result.get("upserted") is not None

    async def async_cascade_save(self: Any, **kwargs: Any) -> None:
        """Save the changed documents that direct references of this one hold.

        Args:
            **kwargs: keywords to save them with.
        """
        refs = kwargs.pop("_refs", None) or []
        for referred in saving.documents_to_cascade(self, refs):
            await verb(referred, "async_save")(**kwargs, _refs=refs)

    # Changing and deleting

    async def async_update(self: Any, **kwargs: Any) -> Any:
        """Update the stored document; this object stays as it is.

        Args:
            **kwargs: operators and values (see `QuerySet.update_one`).

        Returns:
            What `QuerySet.update_one` returns.

        Raises:
            OperationError: the document has not been saved.
        """
        return await modifying.own_queryset(self, kwargs).async_update_one(**kwargs)

    async def async_modify(self: Any, query: Any = None, **update: Any) -> bool:
        """Update the stored document and load it again, as one operation of the server's.

        Args:
            query: further conditions it must match.
            **update: operators and values (see `QuerySet.update`).

        Returns:
            Whether it matched and was updated.

        Raises:
            InvalidDocumentError: the document has no key.
            InvalidQueryError: the conditions are about another document.
        """
        queryset = modifying.queryset_to_modify(self, query)
        updated = await queryset.async_modify(new=True, **update)
        if updated is None:
            return False
        await async_remember_values(self, updated._fields_ordered, "async_modify")
        modifying.take_over(self, updated)
        return True

    async def async_delete(
        self: Any, signal_kwargs: Mapping[str, Any] | None = None, **write_concern: Any
    ) -> None:
        """Delete the stored document and its files; this object stays as it is.

        Args:
            signal_kwargs: further keywords for the signals' receivers.
            **write_concern: keywords of pymongo's ``WriteConcern``.

        Raises:
            OperationError: another document refers to it under the rule DENY, or the
                server refuses.
        """
        cls, extra = type(self), dict(signal_kwargs or {})
        sent = signals.pre_delete, signals.post_delete
        signals.check_receivers(cls, "async_delete", *sent)
        files = await async_files_of(self, "async_delete")
        if signals.pre_delete.receivers:
            await signals.pre_delete.async_send(cls, document=self, **extra)
        if files:
            await async_to_the_end(async_delete_with_files, self, files, write_concern)
        else:
            await async_delete_with_files(self, files, write_concern)
        if signals.post_delete.receivers:
            await signals.post_delete.async_send(cls, document=self, **extra)

    # Loading

    async def async_reload(self: Doc, *fields: Any, **kwargs: Any) -> Doc:
        """Load the document again; changes that were not saved are lost.

        Args:
            *fields: only these; the first may be the ``max_depth``.
            **kwargs: ``max_depth``, to what depth references are loaded, by default 1.

        Returns:
            The document itself.

        Raises:
            DoesNotExist: it is not in the database; the class's own exception.
        """
        document: Any = self
        names, depth = modifying.names_to_reload(fields), modifying.depth_to_reload(fields, kwargs)
        found = []
        if document.pk is not None:
            found = await modifying.queryset_to_reload(document, names)._async_fetch("async_reload")
        if depth > 0:
            await async_load_reachable_references(found, Everything(depth))
        if found:
            wanted = modifying.values_to_reload(found[0], names)
            await async_remember_values(document, wanted, "async_reload")
        modifying.take_over_reloaded(document, found, names)
        return self

    async def async_select_related(self: Doc, max_depth: int = 1) -> Doc:
        """Load the documents this one refers to, by one query per collection and level.

        What is missing stays a reference.

        Args:
            max_depth: how many references to follow, one behind the other.

        Returns:
            The document itself.
        """
        document: Any = self
        await async_load_references([document], Everything(max(max_depth, 1)))
        return self

    # Collections and indexes

    @classmethod
    async def async_drop_collection(cls: Any) -> None:
        """Delete the collection with everything in it.

        Raises:
            OperationError: the class has none.
        """
        name = cls._get_collection_name()
        if not name:
            raise OperationError(f"Document {cls} has no collection defined (is it abstract ?)")
        alias, name = home_of(cls)
        database = await async_database_of(cls, alias, "async_drop_collection")
        refuse_in_transaction(database[name], "async_drop_collection")
        cls._collection = None
        try:
            with using_session(database) as session:
                await database.drop_collection(name, session=session)
        finally:
            # Also when nobody knows whether it was dropped: preparing it twice does no harm.
            forget(f"{database.name}.{name}")

    @classmethod
    async def async_ensure_indexes(cls: Any) -> None:
        """Create all indexes of the class.

        The first use of a collection calls it. An override may use the collection.
        """
        alias, name = home_of(cls)
        if overrides_library(cls, "_async_get_collection"):
            collection = await verb(cls, "_async_get_collection")()
        else:
            database = await async_database_of(cls, alias, "async_ensure_indexes")
            collection = database[name]
        await async_create_indexes(cls, collection)

    @classmethod
    async def async_create_index(
        cls: Any, keys: Any, background: bool = False, **kwargs: Any
    ) -> str:
        """Create one index.

        Args:
            keys: a specification as in ``meta["indexes"]``.
            background: build it without blocking others.
            **kwargs: further options of the index.

        Returns:
            Its name.
        """
        options = cls._build_index_spec(keys)
        fields = options.pop("fields")
        await async_get_client(alias_of(cls), "async_create_index")
        collection = await verb(cls, "_async_get_collection")()
        with using_session(collection) as session:
            name: str = await collection.create_index(
                fields, session=session, background=background, **{**options, **kwargs}
            )
        return name

    @classmethod
    async def async_list_indexes(cls: Any) -> list[Any]:
        """Return the keys of all indexes that the classes sharing the collection want."""
        return ordered_keys(cls)

    @classmethod
    async def async_compare_indexes(cls: Any) -> dict[str, list[Any]]:
        """Return the keys of indexes the collection lacks and of those it has in addition.

        Returns:
            Lists of key lists, under ``missing`` and ``extra``.
        """
        await async_get_client(alias_of(cls), "async_compare_indexes")
        collection = await verb(cls, "_async_get_collection")()
        refuse_in_transaction(collection, "async_compare_indexes")
        with using_session(collection) as session:
            existing = await collection.index_information(session=session)
        return compare_keys(existing, await verb(cls, "async_list_indexes")())


async def async_delete_with_files(
    document: Any, files: Iterable[Any], write_concern: Mapping[str, Any]
) -> None:
    """Delete a stored document, then its files: one that must not be deleted keeps them."""
    with modifying.reported_delete_failure():
        await modifying.queryset_of(document).async_delete(
            write_concern=write_concern, _from_doc_delete=True
        )
    for file in files:
        await file.async_delete()


class AsyncEmbeddedDocumentIO:
    """What an embedded document has its owner do."""

    __slots__ = ()

    async def async_save(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Save the document this one is embedded in (see `Document.save`).

        Raises:
            OperationError: it is embedded in none.
        """
        owner = modifying.owner_of(self, "async_save")
        return await verb(owner, "async_save")(*args, **kwargs)

    async def async_reload(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Load the document this one is embedded in again (see `Document.reload`).

        Raises:
            OperationError: it is embedded in none.
        """
        owner = modifying.owner_of(self, "async_reload")
        return await verb(owner, "async_reload")(*args, **kwargs)
