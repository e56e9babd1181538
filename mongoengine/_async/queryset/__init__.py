"""What a queryset does with the server, by kind of verb."""

from __future__ import annotations

from mongoengine._async.queryset.aggregation import AsyncQuerySetAggregation
from mongoengine._async.queryset.iteration import AsyncCachedIteration, AsyncPlainIteration
from mongoengine._async.queryset.javascript import AsyncMapReduceResult, AsyncQuerySetJavaScript
from mongoengine._async.queryset.json import AsyncQuerySetJSON
from mongoengine._async.queryset.looking_up import AsyncQuerySetLookingUp
from mongoengine._async.queryset.modifying import AsyncQuerySetModifying
from mongoengine._async.queryset.reading import AsyncQuerySetReading
from mongoengine._async.queryset.references import AsyncQuerySetReferences
from mongoengine._async.queryset.stepping import AsyncQuerySetStepping
from mongoengine._async.queryset.writing import AsyncQuerySetWriting
from mongoengine.base.type_variables import D_co

__all__ = (
    "AsyncCachedIteration",
    "AsyncMapReduceResult",
    "AsyncPlainIteration",
    "AsyncQuerySetIO",
)


class AsyncQuerySetIO(
    AsyncQuerySetReading[D_co],
    AsyncQuerySetLookingUp[D_co],
    AsyncQuerySetAggregation,
    AsyncQuerySetJavaScript,
    AsyncQuerySetJSON,
    AsyncQuerySetModifying[D_co],
    AsyncQuerySetReferences[D_co],
    AsyncQuerySetStepping[D_co],
    AsyncQuerySetWriting[D_co],
):
    """All verbs of a queryset."""

    __slots__ = ()
