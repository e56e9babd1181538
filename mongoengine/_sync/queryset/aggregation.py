# Generated from mongoengine/_async/queryset/aggregation.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Verbs that put documents together on the server: pipelines, sums, averages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mongoengine.queryset import aggregation
from mongoengine.state.cursors import pending_cursor, take
from mongoengine.state.transactions import using_session
from mongoengine.state.waiting import answered

if TYPE_CHECKING:
    from pymongo.synchronous.command_cursor import CommandCursor

    from mongoengine.state.cursors import SyncPipelineResults

__all__ = ("SyncQuerySetAggregation",)


class SyncQuerySetAggregation:
    """What a queryset has the server compute."""

    __slots__ = ()

    def aggregate(
        self: Any, pipeline: Sequence[Mapping[str, Any]], **kwargs: Any
    ) -> SyncPipelineResults:
        """Run a pipeline over what the queryset finds.

        Args:
            pipeline: its stages, by stored names. The filter, an explicit order and the window
                of the queryset go before them.
            **kwargs: options of the driver's ``aggregate``; those of the queryset are defaults.

        Returns:
            The driver's cursor.

        Raises:
            TypeError: the pipeline is neither a list nor a tuple.
            OperationError: the queryset has a JavaScript condition.
        """
        aggregation.check_pipeline(pipeline)
        results: SyncPipelineResults = pending_cursor(
            self._run_pipeline,
            aggregation.pipeline_of(self, pipeline),
            kwargs,
            "aggregate",
        )
        return results

    def _run_pipeline(
        self: Any,
        pipeline: Sequence[Mapping[str, Any]],
        options: Mapping[str, Any],
        call: str,
    ) -> CommandCursor[dict[str, Any]]:
        """Return the cursor of a whole pipeline."""
        collection = self._target(call)
        with using_session(collection) as session:
            cursor: CommandCursor[dict[str, Any]] = answered(
                collection.aggregate,
                pipeline,
                session=session,
                **aggregation.pipeline_options(self, options),
            )
        return cursor

    def sum(self: Any, field: str) -> Any:
        """Return the sum of a field's values, those in lists included; 0 when there are none.

        Args:
            field: path of the field. The window of the queryset does not count.

        Raises:
            LookUpError: there is no such field.
            OperationError: the queryset has a JavaScript condition.
        """
        return self._total(field, "$sum", "sum")

    def average(self: Any, field: str) -> Any:
        """Return the average of a field's values, those in lists included.

        Args:
            field: path of the field. The window of the queryset does not count.

        Returns:
            The average; 0 when there are no documents, None when no value is a number.

        Raises:
            LookUpError: there is no such field.
            OperationError: the queryset has a JavaScript condition.
        """
        return self._total(field, "$avg", "average")

    def _total(self: Any, field: str, operator: str, call: str) -> Any:
        """Return the values of a field put together by an operator."""
        pipeline = aggregation.total_pipeline(self, field, operator, call)
        if self._finds_nothing():
            return 0
        results = take(self._run_pipeline(pipeline, {}, call))
        return results[0]["total"] if results else 0
