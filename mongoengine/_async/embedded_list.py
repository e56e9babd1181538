"""The verb of lists of embedded documents."""

from __future__ import annotations

from typing import Any

from mongoengine.base.verbs import verb

__all__ = ("AsyncEmbeddedListIO",)


class AsyncEmbeddedListIO:
    """What a list of embedded documents has its owner do."""

    __slots__ = ()

    async def async_save(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Save the document the list belongs to (see `Document.save`)."""
        return await verb(self._instance, "async_save")(*args, **kwargs)
