"""What a queryset does with the server, by kind of verb."""

from __future__ import annotations

from mongoengine._async.queryset.iteration import AsyncCachedIteration, AsyncPlainIteration
from mongoengine._async.queryset.reading import AsyncQuerySetReading
from mongoengine._async.queryset.writing import AsyncQuerySetWriting

__all__ = ("AsyncCachedIteration", "AsyncPlainIteration", "AsyncQuerySetIO")


class AsyncQuerySetIO(AsyncQuerySetReading, AsyncQuerySetWriting):
    """All verbs of a queryset."""

    __slots__ = ()
