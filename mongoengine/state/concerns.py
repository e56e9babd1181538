"""Collections with other concerns or preferences; they ask the server nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

__all__ = ("with_concerns",)

C = TypeVar("C", bound=Any)


def with_concerns(
    collection: C,
    write_concern: Mapping[str, Any] | None = None,
    read_concern: Mapping[str, Any] | ReadConcern | None = None,
    read_preference: Any = None,
) -> C:
    """Return the collection, or a copy with the concerns merged over its own.

    Args:
        collection: of either colour.
        write_concern: keywords of pymongo's ``WriteConcern``.
        read_concern: keywords of pymongo's ``ReadConcern``, or one.
        read_preference: a read preference of pymongo's.
    """
    options: dict[str, Any] = {}
    if write_concern:
        options["write_concern"] = WriteConcern(
            **{**collection.write_concern.document, **write_concern}
        )
    if isinstance(read_concern, ReadConcern):
        options["read_concern"] = read_concern
    elif read_concern:
        options["read_concern"] = ReadConcern(
            **{**collection.read_concern.document, **read_concern}
        )
    if read_preference is not None:
        options["read_preference"] = read_preference
    result: C = collection.with_options(**options) if options else collection
    return result
