# Generated from mongoengine/_async/queryset/stepping.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Taking results from a queryset one by one, past its cache."""

from __future__ import annotations

from typing import Any

from mongoengine.state.transactions import using_cursor

__all__ = ("SyncQuerySetStepping",)


class SyncQuerySetStepping:
    """The cursor of a queryset, moved by hand."""

    __slots__ = ()

    def __next__(self: Any) -> Any:
        """Return the next result of the cursor; nothing is kept."""
        if self._finds_nothing():
            raise StopIteration
        if self._cursor_obj is None:
            self._cursor_obj = self._open_cursor("__next__")
        with using_cursor(self._cursor_obj):
            raw = next(self._cursor_obj)
        return self._results_of([raw])[0]

    def rewind(self: Any) -> None:
        """Begin again with the first result."""
        cursor, self._cursor_obj = self._cursor_obj, None
        if cursor is not None:
            cursor.close()
