"""What a running delete is deleting, so that rules that lead back to it end there.

State floor.
"""

from __future__ import annotations

from typing import Any

from mongoengine.state.context import ContextValue

__all__ = ("deleting",)

#: Collection and key of what this task or thread is deleting just now.
deleting: ContextValue[frozenset[tuple[str, Any]]] = ContextValue(
    "mongoengine_deleting", frozenset()
)
