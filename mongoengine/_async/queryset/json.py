"""Verbs that write results out as JSON."""

from __future__ import annotations

from typing import Any

from bson import json_util

from mongoengine.base.document import _default_json_options

__all__ = ("AsyncQuerySetJSON",)


class AsyncQuerySetJSON:
    """What a queryset gives as text."""

    __slots__ = ()

    async def async_to_json(self: Any, *args: Any, **kwargs: Any) -> str:
        """Return the stored documents as JSON.

        Args:
            *args: passed to `bson.json_util.dumps`.
            **kwargs: passed to `bson.json_util.dumps`, which wants ``json_options``.
        """
        _default_json_options(kwargs)
        documents = await self.as_pymongo()._async_fetch("async_to_json")
        return json_util.dumps(documents, *args, **kwargs)
