"""Counting: what a `SequenceField` does with its counter on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pymongo import ReturnDocument

from mongoengine.base.fields.sequence import unset_sequences
from mongoengine.state.clients import async_get_collection
from mongoengine.state.transactions import using_session

if TYPE_CHECKING:
    from pymongo.asynchronous.collection import AsyncCollection

__all__ = ("AsyncSequenceIO", "async_fill_sequences")


class AsyncSequenceIO:
    """What a sequence does with the server."""

    __slots__ = ()

    async def async_generate(self: Any) -> Any:
        """Count, and return the next value; no other caller gets the same one.

        Raises:
            RuntimeError: the alias of the counters is open in the other colour only.
        """
        return await self._async_update_counter({"$inc": {"next": 1}}, "async_generate")

    async def async_set_next_value(self: Any, value: int | str) -> Any:
        """Set the counter; the value after it is the next one to be given.

        Args:
            value: where to go on from.

        Returns:
            What the value decorator makes of it.
        """
        return await self._async_update_counter(
            {"$set": {"next": int(value)}}, "async_set_next_value"
        )

    async def async_get_next_value(self: Any) -> Any:
        """Return the value that would be given next, without counting."""
        counters = await self._async_counters("async_get_next_value")
        with using_session(counters) as session:
            counter = await counters.find_one(self._counter_key(), session=session)
        return self._value_after(counter)

    async def _async_update_counter(self: Any, update: dict[str, Any], call: str) -> Any:
        counters = await self._async_counters(call)
        with using_session(counters) as session:
            counter = await counters.find_one_and_update(
                self._counter_key(),
                update,
                upsert=True,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
        return self.value_decorator(counter["next"])

    async def _async_counters(self: Any, call: str) -> AsyncCollection[dict[str, Any]]:
        return await async_get_collection(self.db_alias, self.collection_name, call)


async def async_fill_sequences(document: Any) -> None:
    """Count for every sequence without a value, in a document and in what it embeds."""
    sequences: list[tuple[Any, Any]] = list(unset_sequences(document))
    for holder, field in sequences:
        field._keep_generated(holder, await field.async_generate())
