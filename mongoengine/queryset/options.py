"""The options of a queryset: how the server is to go about it. Chain methods and what is sent.

Model floor, pure.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, Self

from pymongo.common import validate_read_preference
from pymongo.read_concern import ReadConcern

from mongoengine.queryset.projection import QuerySetProjection

__all__ = ("QuerySetOptions",)


class QuerySetOptions(QuerySetProjection):
    """Remembers options, and puts them together for the driver."""

    def hint(self, index: Any = None) -> Self:
        """Use an index, given by name or keys; without argument, let the server choose again."""
        return self._with(_hint=index)

    def collation(self, collation: Any = None) -> Self:
        """Compare strings by a collation."""
        return self._with(_collation=collation)

    def comment(self, text: str) -> Self:
        """Send a text along that shows in the server's logs and profile."""
        return self._with(_comment=text)

    def batch_size(self, size: int) -> Self:
        """Fetch ``size`` documents at a time."""
        return self._with(_batch_size=size)

    def max_time_ms(self, ms: int | None) -> Self:
        """Let the server give up after so many milliseconds.

        Raises:
            TypeError: the time is no number.
        """
        if ms is not None and not isinstance(ms, int):
            raise TypeError(f"max_time_ms must be an integer or None, not {type(ms)}")
        return self._with(_max_time_ms=ms)

    def timeout(self, enabled: bool) -> Self:
        """Let the server close the cursor after a time without use, or not."""
        return self._with(_timeout=enabled)

    def snapshot(self, enabled: bool) -> Self:
        """Do nothing: servers have no such option any more."""
        warnings.warn(
            "snapshot is deprecated as it has no impact when using PyMongo 3+.",
            DeprecationWarning,
            stacklevel=2,
        )
        return self._with(_snapshot=enabled)

    def allow_disk_use(self, enabled: bool) -> Self:
        """Let the server write temporary files for a large sort."""
        return self._with(_allow_disk_use=enabled)

    def read_preference(self, read_preference: Any) -> Self:
        """Read from servers of this preference.

        Raises:
            TypeError: it is no read preference.
        """
        validate_read_preference("read_preference", read_preference)
        return self._with(_read_preference=read_preference)

    def read_concern(self, read_concern: Mapping[str, Any] | None) -> Self:
        """Read with a read concern, given as the keywords of pymongo's ``ReadConcern``.

        Raises:
            TypeError: it is no mapping.
        """
        if read_concern is not None and not isinstance(read_concern, Mapping):
            raise TypeError(f"{read_concern!r} is not a valid read concern.")
        concern = ReadConcern(**read_concern) if read_concern is not None else None
        return self._with(_read_concern=concern)

    def using(self, alias: str) -> Self:
        """Look in the database of another connection."""
        return self._with(_alias=alias, _collection_obj=None)

    # As they are sent

    @property
    def _cursor_args(self) -> dict[str, Any]:
        """The options of a find that go beyond the filter; none that are left at default."""
        if self._snapshot:
            warnings.warn(
                "The snapshot option is not anymore available with PyMongo 3+",
                DeprecationWarning,
                stacklevel=3,
            )
        options: dict[str, Any] = {}
        if not self._timeout:
            options["no_cursor_timeout"] = True
        if self._allow_disk_use:
            options["allow_disk_use"] = True
        projection = self._projection()
        if projection is not None:
            options["projection"] = projection
        return options

    def _write_options(self) -> dict[str, Any]:
        """Return the options an update or delete shares with a find."""
        given = {
            "collation": self._collation,
            "comment": self._comment,
            "hint": None if self._hint == -1 else self._hint,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _count_options(self, with_limit_and_skip: bool) -> dict[str, Any]:
        """Return the options of a count."""
        options = self._write_options()
        if self._max_time_ms is not None:
            options["maxTimeMS"] = self._max_time_ms
        if with_limit_and_skip:
            options.update({"limit": self._limit} if self._limit else {})
            options.update({"skip": self._skip} if self._skip else {})
        return options
