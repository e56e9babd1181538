"""Pipelines: what a queryset puts before a user's stages, and those of sum and average.

Model floor, pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mongoengine.errors import OperationError

__all__ = (
    "check_pipeline",
    "match_of",
    "pipeline_of",
    "pipeline_options",
    "total_pipeline",
)

#: Stages the server takes at the very start of a pipeline only.
_OPENING_STAGES = ("$geoNear", "$collStats")

#: The server has no filter in a pipeline that is always false without looking at a document.
_NOTHING: list[dict[str, Any]] = [{"$limit": 1}, {"$match": {"$expr": False}}]


def check_pipeline(pipeline: Any) -> None:
    """Refuse what is no pipeline.

    Raises:
        TypeError: it is neither a list nor a tuple.
    """
    if not isinstance(pipeline, (list, tuple)):
        raise TypeError(
            f"Starting from 1.0 release pipeline must be a list/tuple, received: {type(pipeline)}"
        )


def match_of(queryset: Any, call: str) -> dict[str, Any]:
    """Return the filter of a queryset for a verb that is a pipeline to the server.

    Args:
        queryset: the queryset.
        call: the verb.

    Raises:
        OperationError: the queryset has a JavaScript condition, which no pipeline takes.
    """
    if queryset._where_clause is not None:
        raise OperationError(
            f"{call}() cannot honour where() on {queryset._document._class_name}: the server "
            "allows no $where in a pipeline. Filter by fields, or by "
            "filter(__raw__={'$expr': ...})."
        )
    query: dict[str, Any] = queryset._query
    return query


def pipeline_of(queryset: Any, stages: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the stages that stand for a queryset, followed by a user's own.

    Args:
        queryset: its filter, explicit order and window count.
        stages: the user's stages; those that must open a pipeline go to its start.

    Raises:
        OperationError: the queryset has a JavaScript condition.
    """
    query = match_of(queryset, "aggregate")
    opening = [stage for stage in stages if _opens(stage)]
    own: list[Mapping[str, Any]] = list(_NOTHING) if queryset._finds_nothing() else []
    if query:
        own.append({"$match": query})
    if queryset._ordering:
        own.append({"$sort": dict(queryset._ordering)})
    skip, limit = queryset._skip or 0, abs(queryset._limit or 0)
    if limit:
        own.append({"$limit": limit + skip})
    if skip:
        own.append({"$skip": skip})
    return [*opening, *own, *(stage for stage in stages if not _opens(stage))]


def _opens(stage: Mapping[str, Any]) -> bool:
    return any(name in stage for name in _OPENING_STAGES)


def pipeline_options(queryset: Any, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the options of an aggregation.

    Args:
        queryset: the queryset whose options count.
        given: the user's own keywords, which have precedence.
    """
    options = queryset._write_options()
    if queryset._allow_disk_use:
        options["allowDiskUse"] = True
    if queryset._batch_size is not None:
        options["batchSize"] = queryset._batch_size
    if queryset._max_time_ms is not None:
        options["maxTimeMS"] = queryset._max_time_ms
    return {**options, **(given or {})}


def total_pipeline(queryset: Any, field: str, operator: str, call: str) -> list[dict[str, Any]]:
    """Return the pipeline that puts the values of a field together.

    Args:
        queryset: its filter counts; its window does not.
        field: path of the field; every list on the way is taken apart.
        operator: ``$sum`` or ``$avg``.
        call: the verb it is for.

    Raises:
        LookUpError: there is no such field.
        OperationError: the queryset has a JavaScript condition.
    """
    pipeline: list[dict[str, Any]] = [{"$match": match_of(queryset, call)}]
    path: list[str] = []
    for step in queryset._document._lookup_field(field.replace("__", ".").split(".")):
        path.append(step if isinstance(step, str) else step.db_field)
        if getattr(step, "query_kind", "") == "list":
            pipeline.append({"$unwind": "$" + ".".join(path)})
    pipeline.append({"$group": {"_id": None, "total": {operator: "$" + ".".join(path)}}})
    return pipeline
