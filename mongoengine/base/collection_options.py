"""What a class's meta says about its collection: kind, size, indexes to create."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from pymongo.errors import CollectionInvalid, OperationFailure

from mongoengine.base.indexes import includes_cls
from mongoengine.errors import InvalidCollectionError

__all__ = (
    "capped_options",
    "check_capped",
    "comparable_keys",
    "compare_keys",
    "is_gone_meanwhile",
    "is_there_already",
    "key_of",
    "ordered_keys",
    "required_indexes",
    "special_options",
    "timeseries_options",
)

_DEFAULT_CAPPED_SIZE = 10 * 2**20  # bytes
_NAMESPACE_EXISTS = 48  # code of the server's
# Codes of the server's: the collection was dropped while its indexes were built, or somebody
# made a time series collection just when the indexes made an ordinary one of its name.
_GONE_MEANWHILE = frozenset({276, _NAMESPACE_EXISTS, 166})
_SIZE_STEP = 256  # the server rounds sizes up to a multiple of this


def key_of(cls: Any, collection: Any) -> Hashable:
    """Return what identifies the preparation of a collection for a class."""
    return collection.full_name, cls


def special_options(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a collection must be created with; empty for one that comes by being used."""
    return capped_options(meta) or timeseries_options(meta)


def is_there_already(error: CollectionInvalid | OperationFailure) -> bool:
    """Tell whether a collection could not be created because it exists."""
    return isinstance(error, CollectionInvalid) or error.code == _NAMESPACE_EXISTS


def is_gone_meanwhile(error: OperationFailure) -> bool:
    """Tell whether indexes could not be created because another process drops the collection."""
    return error.code in _GONE_MEANWHILE


def capped_options(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a capped collection; empty for any other."""
    size, documents = meta.get("max_size"), meta.get("max_documents")
    if not size and not documents:
        return {}
    size = size or _DEFAULT_CAPPED_SIZE
    options: dict[str, Any] = {"capped": True, "size": -(-size // _SIZE_STEP) * _SIZE_STEP}
    if documents:
        options["max"] = documents
    return options


def check_capped(cls: Any, existing: Mapping[str, Any]) -> None:
    """Compare an existing collection with the capped one a class wants.

    Raises:
        InvalidCollectionError: their sizes differ.
    """
    wanted = capped_options(cls._meta)
    if (existing.get("max"), existing.get("size")) != (wanted.get("max"), wanted["size"]):
        raise InvalidCollectionError(
            f'Cannot create collection "{cls._collection}" as a capped collection '
            "as it already exists"
        )


def timeseries_options(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a time series collection; empty for any other."""
    wanted = meta.get("timeseries")
    if not wanted:
        return {}
    timeseries = dict(wanted)
    options: dict[str, Any] = {}
    expiry = timeseries.pop("expireAfterSeconds", None)
    if expiry is not None:
        options["expireAfterSeconds"] = expiry
    options["timeseries"] = timeseries
    return options


def required_indexes(cls: Any) -> Iterator[tuple[list[tuple[str, Any]], dict[str, Any]]]:
    """Yield key list and options of every index `ensure_indexes` creates."""
    meta = cls._meta
    common = {"background": meta.get("index_background", False), **(meta.get("index_opts") or {})}
    index_cls = common.pop("cls", meta.get("index_cls", True))
    cls_indexed = False
    for spec in meta.get("index_specs") or ():
        options = dict(spec)
        keys = options.pop("fields")
        cls_indexed = cls_indexed or includes_cls(keys)
        yield keys, {**common, **options}
    if index_cls and not cls_indexed and meta.get("allow_inheritance"):
        yield [("_cls", 1)], common


def ordered_keys(cls: Any) -> list[Any]:
    """Return the key lists of all classes that share the collection, each once."""
    if cls._meta.get("abstract"):
        return []
    keys: list[Any] = []
    for relative in _relatives(cls):
        specs = relative._meta.get("index_specs") or ()
        keys += [spec["fields"] for spec in specs if spec["fields"] not in keys]
    if [("_id", 1)] not in keys:
        keys.append([("_id", 1)])
    inheritance = cls._meta.get("allow_inheritance") and cls._meta.get("index_cls", True)
    if inheritance and [("_cls", 1)] not in keys:
        keys.append([("_cls", 1)])
    return keys


def _relatives(cls: Any) -> list[Any]:
    """Return the class, and all above, below and beside it in the same collection."""
    found: dict[Any, None] = {cls: None}
    name = cls._get_collection_name()

    def visit(relative: Any) -> None:
        for base in relative.__bases__:
            if _shares(base, name) and base not in found:
                found[base] = None
                visit(base)
        for subclass in relative.__subclasses__():
            if _shares(subclass, name) and subclass not in found:
                found[subclass] = None
                visit(subclass)

    visit(cls)
    return list(found)


def _shares(cls: Any, name: str | None) -> bool:
    return (
        hasattr(cls, "_class_name")
        and not cls._meta.get("abstract")
        and cls._get_collection_name() == name
    )


def compare_keys(
    existing: Mapping[str, Mapping[str, Any]], required: list[Any]
) -> dict[str, list[Any]]:
    """Return which required indexes are missing and which existing ones are extra."""
    present = [_existing_keys(info) for info in existing.values()]
    wanted = [_comparable(keys) for keys in required]
    missing = [
        keys for keys in required if _comparable(keys) not in [_comparable(k) for k in present]
    ]
    extra = [keys for keys in present if _comparable(keys) not in wanted]
    if [("_cls", 1)] in missing and any(
        includes_cls(keys) for keys in required if keys != [("_cls", 1)]
    ):
        missing.remove([("_cls", 1)])
    return {"missing": missing, "extra": extra}


def comparable_keys(info: Mapping[str, Any]) -> Any:
    """Return the keys of an index in a form in which two can be compared.

    Args:
        info: the index as the driver describes it: its keys under ``key``.
    """
    return _comparable(_existing_keys(info))


def _existing_keys(info: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the keys of an existing index in the form of a specification."""
    if "textIndexVersion" not in info:
        return list(info["key"])
    # The server keeps the words of a text index under two keys of its own.
    keys = [(name, "text") for name in info.get("weights", {})]
    return [*keys, *((name, order) for name, order in info["key"] if name not in ("_fts", "_ftsx"))]


def _comparable(keys: list[Any]) -> Any:
    text = frozenset(tuple(key) for key in keys if key[1] == "text")
    return (text, tuple(tuple(key) for key in keys if key[1] != "text"))
