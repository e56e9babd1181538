"""Counting by the server's ``count`` command, for conditions that no pipeline takes.

Model floor, pure. The driver counts by a pipeline; JavaScript conditions and sorting by
distance are refused there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mongoengine.errors import OperationError

__all__ = ("count_command", "needs_count_command")

_NOT_IN_PIPELINES = frozenset({"$where", "$near", "$nearSphere"})


def needs_count_command(query: Any) -> bool:
    """Tell whether a filter has a condition that a pipeline does not take."""
    if isinstance(query, Mapping):
        return not _NOT_IN_PIPELINES.isdisjoint(query) or any(
            needs_count_command(value) for value in query.values()
        )
    if isinstance(query, (list, tuple)):
        return any(needs_count_command(value) for value in query)
    return False


def count_command(
    queryset: Any, collection: Any, options: Mapping[str, Any], session: Any
) -> dict[str, Any]:
    """Return the command that counts what a queryset finds.

    Args:
        queryset: the queryset.
        collection: the driver's collection, of either colour; its read concern counts.
        options: the options of the count.
        session: the session it runs in, or None.

    Raises:
        OperationError: the session is in a transaction, where the command is refused.
    """
    if session is not None and session.in_transaction:
        raise OperationError(
            f"count() of {queryset._document._class_name} cannot run in a transaction with "
            "where() or a condition on distance: only the count command takes these, and the "
            "server refuses it there. Load the documents and count them."
        )
    command = {"count": collection.name, "query": queryset._filter(), **options}
    if collection.read_concern.document:
        command["readConcern"] = collection.read_concern.document
    return command
