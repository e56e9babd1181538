"""The sequence field users import: the one of the model floor, with counting added."""

from __future__ import annotations

from typing import Any

from mongoengine._async.sequence import AsyncSequenceIO
from mongoengine._sync.sequence import SyncSequenceIO
from mongoengine.base.fields.base import T
from mongoengine.base.fields.sequence import BaseSequenceField
from mongoengine.state.implicit import may_block
from mongoengine.state.transactions import keep_counted

__all__ = ("SequenceField",)


class SequenceField(SyncSequenceIO, AsyncSequenceIO, BaseSequenceField[T]):
    """A number, or what a function makes of it, that grows from document to document.

    The counter belongs to the class that declares the field; subclasses share it.

    Args:
        collection_name: collection of the counters.
        db_alias: alias of the connection the counters are kept in.
        sequence_name: first part of the counter's key; the collection of the owner, or
            the name of an embedded or abstract one, when omitted.
        value_decorator: what to make of the number; `int` when omitted.
        *args: see `BaseField`.
        **kwargs: see `BaseField`.
    """

    def _next_value_now(self) -> Any:
        return self.generate() if may_block(self.db_alias) else None

    def _keep_generated(self, instance: Any, value: Any) -> None:
        super()._keep_generated(instance, value)
        keep_counted(instance, self.name, value, self.db_alias)
