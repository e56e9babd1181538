# Generated from mongoengine/_async/embedded_list.py; do not edit.
# To write it again: python tools/generate_sync.py
"""The verb of lists of embedded documents."""

from __future__ import annotations

from typing import Any

from mongoengine.base import modifying
from mongoengine.base.verbs import verb

__all__ = ("SyncEmbeddedListIO",)


class SyncEmbeddedListIO:
    """What a list of embedded documents has its owner do."""

    __slots__ = ()

    def save(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Save the document the list belongs to (see `Document.save`).

        Raises:
            OperationError: it belongs to none.
        """
        owner = modifying.owner_of(self, "save")
        return verb(owner, "save")(*args, **kwargs)
