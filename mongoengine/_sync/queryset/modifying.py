# Generated from mongoengine/_async/queryset/modifying.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Verbs that change one document and give it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic

from mongoengine.base.type_variables import D_co
from mongoengine.queryset import modifying, plans
from mongoengine.state.concerns import with_concerns
from mongoengine.state.transactions import using_session

__all__ = ("SyncQuerySetModifying",)


class SyncQuerySetModifying(Generic[D_co]):
    """What a queryset changes and reads by one operation of the server's."""

    __slots__ = ()

    def modify(
        self: Any,
        upsert: bool = False,
        remove: bool = False,
        new: bool = False,
        array_filters: Sequence[Mapping[str, Any]] | None = None,
        **update: Any,
    ) -> D_co | None:
        """Change or remove one document that matches, the first in an explicit order.

        Args:
            upsert: make a document when none matches.
            remove: remove it instead of changing it.
            new: return it as it is afterwards.
            array_filters: which list items the update reaches.
            **update: values by operator and field, as ``set__name`` or ``inc__count``.

        Returns:
            The document as it was before, or is now; None when there was none.

        Raises:
            NotUniqueError: unique keys are taken.
            OperationError: the arguments contradict each other or leave nothing to do, or
                the server refuses.
        """
        plan = modifying.modify_plan(self, upsert, remove, new, array_filters, update)
        if plan is None:
            return None
        raw = self._find_and_modify(plan, "modify")
        # A document, whatever the queryset gives otherwise.
        documents = self._with(_scalar=[], _as_pymongo=False)
        return None if raw is None else documents._results_of([raw])[0]

    def upsert_one(
        self: Any,
        write_concern: Mapping[str, Any] | None = None,
        read_concern: Mapping[str, Any] | None = None,
        **update: Any,
    ) -> D_co | None:
        """Change one document that matches, or make it, and return it.

        Args:
            write_concern: keywords of pymongo's ``WriteConcern``.
            read_concern: keywords of pymongo's ``ReadConcern``.
            **update: values by operator and field, as ``set__name`` or ``inc__count``.

        Raises:
            NotUniqueError: unique keys are taken.
            OperationError: the server refuses.
        """
        plan = modifying.upsert_plan(self, update)
        if plan is None:
            return None
        raw = self._find_and_modify(plan, "upsert_one", write_concern, read_concern)
        result: D_co | None = self._results_of([raw])[0]
        return result

    def _find_and_modify(
        self: Any,
        plan: modifying.ModifyPlan,
        call: str,
        write_concern: Mapping[str, Any] | None = None,
        read_concern: Mapping[str, Any] | None = None,
    ) -> dict[str, Any] | None:
        """Send a plan and return the stored document."""
        collection = with_concerns(self._target(call), write_concern, read_concern)
        with plans.reported_update_failure(), using_session(collection) as session:
            if plan.update is None:
                raw = collection.find_one_and_delete(plan.filter, session=session, **plan.options)
            else:
                raw = collection.find_one_and_update(
                    plan.filter, plan.update, session=session, **plan.options
                )
        result: dict[str, Any] | None = raw
        return result
