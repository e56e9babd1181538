"""The verb of lists of embedded documents."""

from __future__ import annotations

from typing import Any

from mongoengine.base import modifying
from mongoengine.base.verbs import verb

__all__ = ("AsyncEmbeddedListIO",)


class AsyncEmbeddedListIO:
    """What a list of embedded documents has its owner do."""

    __slots__ = ()

    async def async_save(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Save the document the list belongs to (see `Document.save`).

        Raises:
            OperationError: it belongs to none.
        """
        owner = modifying.owner_of(self, "async_save")
        return await verb(owner, "async_save")(*args, **kwargs)
