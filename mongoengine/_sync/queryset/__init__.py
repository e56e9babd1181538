# Generated from mongoengine/_async/queryset/__init__.py; do not edit.
# To write it again: python tools/generate_sync.py
"""What a queryset does with the server, by kind of verb."""

from __future__ import annotations

from mongoengine._sync.queryset.iteration import SyncCachedIteration, SyncPlainIteration
from mongoengine._sync.queryset.reading import SyncQuerySetReading
from mongoengine._sync.queryset.writing import SyncQuerySetWriting

__all__ = ("SyncCachedIteration", "SyncPlainIteration", "SyncQuerySetIO")


class SyncQuerySetIO(SyncQuerySetReading, SyncQuerySetWriting):
    """All verbs of a queryset."""

    __slots__ = ()
