# Generated from mongoengine/_async/queryset/stepping.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Taking results from a queryset one by one, past its cache."""

from __future__ import annotations

from typing import Any, Generic

from mongoengine.base.type_variables import D_co
from mongoengine.state.cursors import take

__all__ = ("SyncQuerySetStepping",)


class SyncQuerySetStepping(Generic[D_co]):
    """The cursor of a queryset, moved by hand."""

    __slots__ = ()

    def __next__(self: Any) -> D_co:
        """Return the next result of the cursor; nothing is kept."""
        if self._finds_nothing():
            raise StopIteration
        if self._cursor_obj is None:
            self._cursor_obj = self._open_cursor("__next__")
        try:
            batch = take(self._cursor_obj, 1)
        except BaseException:
            # The driver has closed the cursor, which must not look like the end of the results.
            self.rewind()
            raise
        if not batch:
            raise StopIteration
        found: D_co = self._results_of(batch)[0]
        return found

    def rewind(self: Any) -> None:
        """Begin again with the first result."""
        cursor, self._cursor_obj = self._cursor_obj, None
        if cursor is not None:
            cursor.close()
