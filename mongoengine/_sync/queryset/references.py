# Generated from mongoengine/_async/queryset/references.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Loading references together with what a queryset finds."""

from __future__ import annotations

from typing import Any, Generic

from mongoengine._sync.dereference import load_references, run_plan
from mongoengine.base.dereference_paths import Everything
from mongoengine.base.dereference_plan import DereferencePlan
from mongoengine.base.fields.untyped import is_toplevel
from mongoengine.base.type_variables import D_co

__all__ = ("SyncQuerySetReferences",)


class SyncQuerySetReferences(Generic[D_co]):
    """What a queryset loads besides its own documents."""

    __slots__ = ()

    def select_related(self: Any, max_depth: int = 1) -> list[D_co]:
        """Return all results, with the documents they refer to loaded.

        Each level takes one query per collection. What is missing stays a reference.

        Args:
            max_depth: how many references to follow, one behind the other.
        """
        results: list[Any] = self.clone()._fetch("select_related")
        choice, plan = Everything(max(max_depth, 1)), DereferencePlan()
        plan.add_documents((result for result in results if is_toplevel(result)), choice)
        # Values chosen by `scalar`, and the driver's dicts.
        plan.add_container(results, None, choice)
        run_plan(plan)
        return results

    def _results_of(self: Any, batch: list[dict[str, Any]]) -> list[Any]:
        """Turn one batch of the driver's dicts into results, with what is to be prefetched."""
        paths = self._prefetched_paths()
        if paths is None:
            result: list[Any] = self._hydrate(batch)
            return result
        documents = self._load(batch)
        load_references(documents, paths)
        result = self._given(documents)
        return result
