"""The ``meta`` of document classes: defaults, merging and the names derived from it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ("BasesTuple", "MetaDict", "collection_name", "document_defaults", "merged_meta")


class BasesTuple(tuple[type, ...]):
    """Bases of a class already flattened, so that nested calls do not do it again."""

    __slots__ = ()


class MetaDict(dict[str, Any]):
    """Meta options; merging concatenates ``indexes`` and replaces everything else."""

    _merge_options = ("indexes",)

    def merge(self, new_options: Mapping[str, Any]) -> None:
        """Take over the options of a class nearer to the one being made."""
        for key, value in new_options.items():
            if key in self._merge_options:
                # The list of an ancestor is part of its children's already.
                merged = list(self.get(key, ()))
                merged += [spec for spec in _as_index_list(value) if spec not in merged]
                self[key] = merged
            else:
                self[key] = value


def _as_index_list(indexes: Any) -> list[Any]:
    if not isinstance(indexes, (list, tuple)):
        raise TypeError(
            f'meta "indexes" must be a list of index specifications, not {type(indexes).__name__}'
        )
    return list(indexes)


def document_defaults() -> dict[str, Any]:
    """Return the meta every concrete top-level document starts from."""
    return {
        "abstract": True,
        "max_documents": None,
        "max_size": None,
        "ordering": [],
        "indexes": [],
        "id_field": None,
        "index_background": False,
        "index_opts": None,
        "delete_rules": None,
        "allow_inheritance": None,
    }


def flattened(bases: Iterable[type]) -> BasesTuple:
    """Return bases and their bases depth first, each once, without `object`."""
    if isinstance(bases, BasesTuple):
        return bases
    found: dict[type, None] = {}

    def visit(classes: Iterable[type]) -> None:
        for cls in classes:
            if cls is object or cls in found:
                continue
            found[cls] = None
            visit(cls.__bases__)

    visit(bases)
    return BasesTuple(found)


def merged_meta(bases: Iterable[type]) -> MetaDict:
    """Merge the metas of flattened bases, from the farthest to the nearest.

    A document class contributes its ``_meta``; a plain mixin its ``meta``.
    """
    meta = MetaDict()
    for base in reversed(tuple(bases)):
        if hasattr(base, "_meta"):
            meta.merge(base._meta)
        elif hasattr(base, "meta"):
            meta.merge(base.meta)
    return meta


def collection_name(cls: type, meta: Mapping[str, Any]) -> str | None:
    """Return the collection a class asks for, or the one its name gives.

    ``BlogPost`` is stored in ``blog_post``.
    """
    wanted: Any = meta.get("collection")
    if callable(wanted):
        return str(wanted(cls))
    if wanted:
        return str(wanted)
    return snake_case(cls.__name__)


def snake_case(name: str) -> str:
    """Return a class name in lower case, with ``_`` before each inner capital."""
    return re.sub("[A-Z]", lambda capital: "_" + capital.group(0), name).strip("_").lower()


def drop_subclass_collection(name: str, bases: Iterable[type], meta: dict[str, Any]) -> None:
    """Refuse, with a warning, a collection of its own to a subclass of a concrete document."""
    if "collection" not in meta:
        return
    concrete = any(
        hasattr(base, "_meta") and not base._meta.get("abstract", True) for base in bases
    )
    if concrete:
        # The frames between the class statement and here are the two metaclasses'.
        warnings.warn(
            f"Trying to set a collection on a subclass ({name})", SyntaxWarning, stacklevel=4
        )
        del meta["collection"]
