"""The decisions of changing one document and getting it back.

Model floor, pure: the twins ask and then talk to the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mongoengine.errors import OperationError
from mongoengine.queryset.plans import UpdatePlan, compiled_update, with_class

__all__ = ("ModifyPlan", "modify_plan", "upsert_plan")


class ModifyPlan(UpdatePlan):
    """Filter, update and options of one find-and-modify; without update it removes."""

    __slots__ = ()


def modify_plan(
    queryset: Any,
    upsert: bool,
    remove: bool,
    new: bool,
    array_filters: Sequence[Mapping[str, Any]] | None,
    update: dict[str, Any],
) -> ModifyPlan | None:
    """Return what to send; None when the queryset finds nothing.

    Raises:
        OperationError: there is nothing to do, or a removed document is wanted as changed.
    """
    if remove and new:
        raise OperationError("Conflicting parameters: remove and new")
    if not update and not upsert and not remove:
        raise OperationError("No update parameters, must either update or remove")
    if queryset._finds_nothing():
        return None
    options = _find_and_modify_options(queryset)
    if remove:
        return ModifyPlan(queryset._filter(), None, options)
    changes = compiled_update(queryset._document, update)
    if upsert:
        changes = with_class(queryset, changes)
    options["upsert"] = upsert
    options["return_document"] = new
    if array_filters is not None:
        options["array_filters"] = array_filters
    return ModifyPlan(queryset._filter(), changes, options)


def upsert_plan(queryset: Any, update: dict[str, Any]) -> ModifyPlan | None:
    """Return what to send to change a document or make it; None when nothing may be found."""
    return modify_plan(
        queryset, upsert=True, remove=False, new=True, array_filters=None, update=update
    )


def _find_and_modify_options(queryset: Any) -> dict[str, Any]:
    options: dict[str, Any] = queryset._write_options()
    if queryset._max_time_ms is not None:
        options["maxTimeMS"] = queryset._max_time_ms
    projection = queryset._projection()
    if projection is not None:
        options["projection"] = projection
    # Not the default order: which document is changed would depend on the class's meta.
    if queryset._ordering:
        options["sort"] = queryset._ordering
    return options
