# Generated from mongoengine/_async/sequence.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Counting: what a `SequenceField` does with its counter on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pymongo import ReturnDocument

from mongoengine.base.fields.sequence import unset_sequences
from mongoengine.state.clients import get_collection
from mongoengine.state.transactions import using_session

if TYPE_CHECKING:
    from pymongo.synchronous.collection import Collection

__all__ = ("SyncSequenceIO", "fill_sequences")


class SyncSequenceIO:
    """What a sequence does with the server."""

    __slots__ = ()

    def generate(self: Any) -> Any:
        """Count, and return the next value; no other caller gets the same one.

        Raises:
            RuntimeError: the alias of the counters is open in the other colour only.
        """
        return self._update_counter({"$inc": {"next": 1}}, "generate")

    def set_next_value(self: Any, value: int | str) -> Any:
        """Set the counter; the value after it is the next one to be given.

        Args:
            value: where to go on from.

        Returns:
            What the value decorator makes of it.
        """
        return self._update_counter({"$set": {"next": int(value)}}, "set_next_value")

    def get_next_value(self: Any) -> Any:
        """Return the value that would be given next, without counting."""
        counters = self._counters("get_next_value")
        with using_session(counters) as session:
            counter = counters.find_one(self._counter_key(), session=session)
        return self._value_after(counter)

    def _update_counter(self: Any, update: dict[str, Any], call: str) -> Any:
        counters = self._counters(call)
        with using_session(counters) as session:
            counter = counters.find_one_and_update(
                self._counter_key(),
                update,
                upsert=True,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
        return self.value_decorator(counter["next"])

    def _counters(self: Any, call: str) -> Collection[dict[str, Any]]:
        return get_collection(self.db_alias, self.collection_name, call)


def fill_sequences(document: Any) -> None:
    """Count for every sequence without a value, in a document and in what it embeds."""
    sequences: list[tuple[Any, Any]] = list(unset_sequences(document))
    for holder, field in sequences:
        field._keep_generated(holder, field.generate())
