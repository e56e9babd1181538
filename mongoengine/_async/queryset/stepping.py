"""Taking results from a queryset one by one, past its cache."""

from __future__ import annotations

from typing import Any, Generic

from mongoengine.base.type_variables import D_co
from mongoengine.state.cursors import async_take

__all__ = ("AsyncQuerySetStepping",)


class AsyncQuerySetStepping(Generic[D_co]):
    """The cursor of a queryset, moved by hand."""

    __slots__ = ()

    async def __anext__(self: Any) -> D_co:
        """Return the next result of the cursor; nothing is kept."""
        if self._finds_nothing():
            raise StopAsyncIteration
        if self._async_cursor_obj is None:
            self._async_cursor_obj = await self._async_open_cursor("__anext__")
        try:
            batch = await async_take(self._async_cursor_obj, 1)
        except BaseException:
            # The driver has closed the cursor, which must not look like the end of the results.
            await self.async_rewind()
            raise
        if not batch:
            raise StopAsyncIteration
        found: D_co = (await self._async_results_of(batch))[0]
        return found

    async def async_rewind(self: Any) -> None:
        """Begin again with the first result."""
        cursor, self._async_cursor_obj = self._async_cursor_obj, None
        if cursor is not None:
            await cursor.close()
