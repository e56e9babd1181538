# Generated from mongoengine/_async/queryset/json.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Verbs that write results out as JSON."""

from __future__ import annotations

from typing import Any

from bson import json_util

from mongoengine.base.document import _default_json_options

__all__ = ("SyncQuerySetJSON",)


class SyncQuerySetJSON:
    """What a queryset gives as text."""

    __slots__ = ()

    def to_json(self: Any, *args: Any, **kwargs: Any) -> str:
        """Return the stored documents as JSON.

        Args:
            *args: passed to `bson.json_util.dumps`.
            **kwargs: passed to `bson.json_util.dumps`, which wants ``json_options``.
        """
        _default_json_options(kwargs)
        documents = self.as_pymongo()._fetch("to_json")
        return json_util.dumps(documents, *args, **kwargs)
