# Generated from mongoengine/_async/queryset/__init__.py; do not edit.
# To write it again: python tools/generate_sync.py
"""What a queryset does with the server, by kind of verb."""

from __future__ import annotations

from mongoengine._sync.queryset.aggregation import SyncQuerySetAggregation
from mongoengine._sync.queryset.iteration import SyncCachedIteration, SyncPlainIteration
from mongoengine._sync.queryset.javascript import SyncMapReduceResult, SyncQuerySetJavaScript
from mongoengine._sync.queryset.json import SyncQuerySetJSON
from mongoengine._sync.queryset.looking_up import SyncQuerySetLookingUp
from mongoengine._sync.queryset.modifying import SyncQuerySetModifying
from mongoengine._sync.queryset.reading import SyncQuerySetReading
from mongoengine._sync.queryset.references import SyncQuerySetReferences
from mongoengine._sync.queryset.stepping import SyncQuerySetStepping
from mongoengine._sync.queryset.writing import SyncQuerySetWriting
from mongoengine.base.type_variables import D_co

__all__ = (
    "SyncCachedIteration",
    "SyncMapReduceResult",
    "SyncPlainIteration",
    "SyncQuerySetIO",
)


class SyncQuerySetIO(
    SyncQuerySetReading[D_co],
    SyncQuerySetLookingUp[D_co],
    SyncQuerySetAggregation,
    SyncQuerySetJavaScript,
    SyncQuerySetJSON,
    SyncQuerySetModifying[D_co],
    SyncQuerySetReferences[D_co],
    SyncQuerySetStepping[D_co],
    SyncQuerySetWriting[D_co],
):
    """All verbs of a queryset."""

    __slots__ = ()
