"""Verbs that put documents together on the server: pipelines, sums, averages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mongoengine.queryset import aggregation
from mongoengine.state.cursors import async_pending_cursor, async_take
from mongoengine.state.transactions import using_session
from mongoengine.state.waiting import async_answered

if TYPE_CHECKING:
    from pymongo.asynchronous.command_cursor import AsyncCommandCursor

    from mongoengine.state.cursors import AsyncPipelineResults

__all__ = ("AsyncQuerySetAggregation",)


class AsyncQuerySetAggregation:
    """What a queryset has the server compute."""

    __slots__ = ()

    def async_aggregate(
        self: Any, pipeline: Sequence[Mapping[str, Any]], **kwargs: Any
    ) -> AsyncPipelineResults:
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
        results: AsyncPipelineResults = async_pending_cursor(
            self._async_run_pipeline,
            aggregation.pipeline_of(self, pipeline),
            kwargs,
            "async_aggregate",
        )
        return results

    async def _async_run_pipeline(
        self: Any,
        pipeline: Sequence[Mapping[str, Any]],
        options: Mapping[str, Any],
        call: str,
    ) -> AsyncCommandCursor[dict[str, Any]]:
        """Return the cursor of a whole pipeline."""
        collection = await self._async_target(call)
        with using_session(collection) as session:
            cursor: AsyncCommandCursor[dict[str, Any]] = await async_answered(
                collection.aggregate,
                pipeline,
                session=session,
                **aggregation.pipeline_options(self, options),
            )
        return cursor

    async def async_sum(self: Any, field: str) -> Any:
        """Return the sum of a field's values, those in lists included; 0 when there are none.

        Args:
            field: path of the field. The window of the queryset does not count.

        Raises:
            LookUpError: there is no such field.
            OperationError: the queryset has a JavaScript condition.
        """
        return await self._async_total(field, "$sum", "async_sum")

    async def async_average(self: Any, field: str) -> Any:
        """Return the average of a field's values, those in lists included.

        Args:
            field: path of the field. The window of the queryset does not count.

        Returns:
            The average; 0 when there are no documents, None when no value is a number.

        Raises:
            LookUpError: there is no such field.
            OperationError: the queryset has a JavaScript condition.
        """
        return await self._async_total(field, "$avg", "async_average")

    async def _async_total(self: Any, field: str, operator: str, call: str) -> Any:
        """Return the values of a field put together by an operator."""
        pipeline = aggregation.total_pipeline(self, field, operator, call)
        if self._finds_nothing():
            return 0
        results = await async_take(await self._async_run_pipeline(pipeline, {}, call))
        return results[0]["total"] if results else 0
