# Generated from mongoengine/_async/queryset/writing.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Verbs that write: creating, inserting, updating, deleting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar, overload

from mongoengine import signals
from mongoengine._sync.delete_rules import carry_out_delete_rules, refuse_denied
from mongoengine._sync.sequence import fill_sequences
from mongoengine.base.type_variables import D_co
from mongoengine.base.verbs import verb
from mongoengine.queryset import plans
from mongoengine.state.concerns import with_concerns
from mongoengine.state.transactions import keep_savepoint, savepoint_of, using_session

__all__ = ("SyncQuerySetWriting",)

Inserted = TypeVar("Inserted")


class SyncQuerySetWriting(Generic[D_co]):
    """What a queryset changes on the server."""

    __slots__ = ()

    def create(self: Any, **kwargs: Any) -> D_co:
        """Make a document of keywords, insert it and return it."""
        document = self._place(self._document(**kwargs))
        result: D_co = verb(document, "save")(force_insert=True)
        return result

    @overload
    def insert(
        self: Any,
        doc_or_docs: Sequence[Inserted],
        load_bulk: Literal[True] = ...,
        write_concern: Mapping[str, Any] | None = ...,
        signal_kwargs: Mapping[str, Any] | None = ...,
    ) -> list[Inserted]: ...
    @overload
    def insert(
        self: Any,
        doc_or_docs: Inserted,
        load_bulk: Literal[True] = ...,
        write_concern: Mapping[str, Any] | None = ...,
        signal_kwargs: Mapping[str, Any] | None = ...,
    ) -> Inserted: ...
    @overload
    def insert(
        self: Any,
        doc_or_docs: Any,
        load_bulk: bool = ...,
        write_concern: Mapping[str, Any] | None = ...,
        signal_kwargs: Mapping[str, Any] | None = ...,
    ) -> Any: ...
    def insert(
        self: Any,
        doc_or_docs: Any,
        load_bulk: bool = True,
        write_concern: Mapping[str, Any] | None = None,
        signal_kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Insert documents by one command; nothing is validated.

        Args:
            doc_or_docs: a new document, or a list of them. They get their ids.
            load_bulk: load what was inserted and return that; otherwise return the ids.
            write_concern: keywords of pymongo's ``WriteConcern``.
            signal_kwargs: further keywords for the signals' receivers.

        Returns:
            Documents or ids: one, or a list, as the argument was.

        Raises:
            OperationError: one is of another class or stored already, or the server refuses.
            NotUniqueError: a single document's unique keys are taken.
            BulkWriteError: the server refuses a document of a list. Those before it are stored
                and have got their ids.
        """
        insert = plans.InsertPlan(self, doc_or_docs)
        extra = dict(signal_kwargs or {})
        sent = signals.pre_bulk_insert, signals.post_bulk_insert
        signals.check_receivers(self._document, "insert", *sent)
        if signals.pre_bulk_insert.receivers:
            signals.pre_bulk_insert.send(self._document, documents=insert.documents, **extra)
        for document in insert.documents:
            fill_sequences(document)
        collection = with_concerns(self._target("insert"), write_concern)
        for document in insert.documents:
            keep_savepoint(savepoint_of(document), collection)
        stored = insert.stored()
        with (
            plans.reported_insert_failure(),
            insert.kept_if_stored(stored),
            using_session(collection) as session,
        ):
            if insert.single:
                done = collection.insert_one(stored[0], session=session)
                ids = [done.inserted_id]
            else:
                ids = collection.insert_many(stored, session=session).inserted_ids
        insert.give_ids(ids)
        if not load_bulk:
            if signals.post_bulk_insert.receivers:
                signals.post_bulk_insert.send(
                    self._document, documents=insert.documents, loaded=False, **extra
                )
            return insert.shaped(ids)
        loaded = self._by_ids(ids)._fetch("insert")
        results = insert.in_order(loaded, ids)
        if signals.post_bulk_insert.receivers:
            signals.post_bulk_insert.send(self._document, documents=results, loaded=True, **extra)
        return insert.shaped(results)

    def update(
        self: Any,
        upsert: bool = False,
        multi: bool = True,
        write_concern: Mapping[str, Any] | None = None,
        read_concern: Mapping[str, Any] | None = None,
        full_result: bool = False,
        array_filters: Sequence[Mapping[str, Any]] | None = None,
        **update: Any,
    ) -> Any:
        """Change the stored documents that match.

        Args:
            upsert: make a document when none matches.
            multi: change all that match, not only one.
            write_concern: keywords of pymongo's ``WriteConcern``.
            read_concern: keywords of pymongo's ``ReadConcern``.
            full_result: return pymongo's ``UpdateResult`` instead of a number.
            array_filters: which list items the update reaches.
            **update: values by operator and field, as ``set__name`` or ``inc__count``.

        Returns:
            The number of documents that matched.

        Raises:
            NotUniqueError: unique keys are taken.
            OperationError: there is nothing to change, or the server refuses.
        """
        plan = plans.update_plan(self, upsert, multi, array_filters, update)
        if plan is None:
            return 0
        collection = with_concerns(self._target("update"), write_concern, read_concern)
        with plans.reported_update_failure(), using_session(collection) as session:
            if multi:
                result = collection.update_many(
                    plan.filter, plan.update, session=session, **plan.options
                )
            else:
                result = collection.update_one(
                    plan.filter, plan.update, session=session, **plan.options
                )
        return result if full_result else plans.matched(result)

    def update_one(
        self: Any,
        upsert: bool = False,
        write_concern: Mapping[str, Any] | None = None,
        full_result: bool = False,
        array_filters: Sequence[Mapping[str, Any]] | None = None,
        **update: Any,
    ) -> Any:
        """Change one stored document that matches (see `update`)."""
        return self.update(
            upsert=upsert,
            multi=False,
            write_concern=write_concern,
            full_result=full_result,
            array_filters=array_filters,
            **update,
        )

    def delete(
        self: Any,
        write_concern: Mapping[str, Any] | None = None,
        _from_doc_delete: bool = False,
        cascade_refs: set[Any] | None = None,
    ) -> int | None:
        """Delete the stored documents that match.

        Args:
            write_concern: keywords of pymongo's ``WriteConcern``.
            _from_doc_delete: the call comes from a document's own delete.
            cascade_refs: collection and key of what a running cascade is deleting already.

        Returns:
            How many were deleted; None when the write concern asks for no answer.

        Raises:
            OperationError: others refer to one of them under the rule DENY.
        """
        if self._finds_nothing():
            return 0
        if plans.deletes_one_by_one(self, _from_doc_delete):
            documents = self._whole_documents()._fetch("delete")
            if not plans.has_delete_receivers(self._document):
                # Receivers may see to those who refer; else nothing is to be deleted in vain.
                refuse_denied(self._document, documents)
            for document in documents:
                verb(document, "delete")(**(write_concern or {}))
            return len(documents)
        # First, because the wrong colour must be refused before any rule.
        collection = with_concerns(self._target("delete"), write_concern)
        carry_out_delete_rules(self, write_concern, cascade_refs)
        with using_session(collection) as session:
            result = collection.delete_many(
                self._filter(), session=session, **self._write_options()
            )
        return result.deleted_count if result.acknowledged else None
