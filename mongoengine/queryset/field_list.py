"""Projections that add up: what ``only``, ``exclude`` and ``fields`` leave to be loaded.

Model floor, pure. A queryset holds one `QueryFieldList` and adds one for every call.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

__all__ = ("QueryFieldList",)


class QueryFieldList:
    """A projection under construction.

    Args:
        fields: Names of the database.
        value: `ONLY` or `EXCLUDE` for all of them, or a dict (``{"$slice": 3}``).
        always_include: Names that every list of wanted fields contains.
        _only_called: Comes from ``only()``: later wanted fields add to it.
    """

    ONLY = 1
    EXCLUDE = 0

    def __init__(
        self,
        fields: Iterable[str] | None = None,
        value: Any = ONLY,
        always_include: Iterable[str] | None = None,
        _only_called: bool = False,
    ) -> None:
        self.value = value
        self.fields = set(fields or ())
        self.always_include = set(always_include or ())
        self._id: Any = None
        self._only_called = _only_called
        self.slice: dict[str, Any] = {}

    def __add__(self, f: QueryFieldList) -> QueryFieldList:
        """Add another list to this one, which changes, and return it."""
        if isinstance(f.value, dict):
            self._add_operators(f)
        elif not self.fields:
            self.fields = set(f.fields)
            self.value = f.value
            self.slice = {}
        else:
            self._add_names(f)
        if "_id" in f.fields:
            # The server sends `_id` unless told otherwise, whatever the other fields say.
            self._id = f.value
        if self.always_include:
            self._apply_always_include()
        self._only_called = self._only_called or f._only_called
        return self

    def __bool__(self) -> bool:
        return bool(self.fields)

    def as_dict(self) -> dict[str, Any]:
        """Return the projection as MongoDB takes it."""
        projection: dict[str, Any] = dict.fromkeys(self.fields, self.value)
        projection.update(self.slice)
        if self._id is not None:
            projection["_id"] = self._id
        return projection

    def reset(self) -> None:
        """Forget all names but those always included."""
        self.fields = set()
        self.slice = {}
        self.value = self.ONLY

    def _add_operators(self, other: QueryFieldList) -> None:
        self.slice.update(dict.fromkeys(other.fields, other.value))
        if not self.fields:
            self.fields = set(other.fields)

    def _add_names(self, other: QueryFieldList) -> None:
        values = (self.value, other.value)
        if values == (self.ONLY, self.ONLY):
            # Before the names change: a slice outlives the first list that lacks its field.
            self._clean_slice()
            self.fields = self.fields | other.fields if self._only_called else set(other.fields)
            return
        if values == (self.ONLY, self.EXCLUDE):
            self.fields = self.fields - other.fields
        elif values == (self.EXCLUDE, self.ONLY):
            self.fields = other.fields - self.fields
            self.value = self.ONLY
        elif values == (self.EXCLUDE, self.EXCLUDE):
            self.fields = self.fields | other.fields
        self._clean_slice()

    def _apply_always_include(self) -> None:
        if self.value == self.ONLY and self.fields:
            # Slices alone do not restrict what is sent; one wanted name would.
            if self.fields != set(self.slice):
                self.fields = self.fields | self.always_include
        else:
            self.fields = self.fields - self.always_include

    def _clean_slice(self) -> None:
        """Drop the operators of fields that are not listed any more."""
        for name in self.slice.keys() - self.fields:
            del self.slice[name]
