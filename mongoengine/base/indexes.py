"""Index specifications: from ``meta["indexes"]`` and field options to key lists.

Nothing here talks to a server; `ensure_indexes` of the twins creates what stands here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pymongo

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("geo_indexes", "includes_cls", "index_spec", "index_specs", "unique_indexes")

IndexSpec = dict[str, Any]
Keys = list[tuple[str, Any]]

_DIRECTIONS: dict[str, Any] = {
    "+": pymongo.ASCENDING,
    "-": pymongo.DESCENDING,
    "$": pymongo.TEXT,
    "#": pymongo.HASHED,
    "*": pymongo.GEO2D,
    "(": pymongo.GEOSPHERE,
}
_GEO_DIRECTIONS = (pymongo.GEO2D, pymongo.GEOSPHERE)


def includes_cls(fields: Iterable[Any]) -> bool:
    """Tell whether the first key of an index is ``_cls``."""
    first = next(iter(fields), None)
    if isinstance(first, (list, tuple)) and first:
        first = first[0]
    return first == "_cls"


def index_specs(cls: type[BaseDocument], meta_indexes: Iterable[Any]) -> list[IndexSpec]:
    """Return all index specifications of a class: given ones, geo fields, unique fields.

    An automatic one with the same keys as a given one lends it its options.
    """
    specs = [cls._build_index_spec(spec) for spec in meta_indexes]
    automatic = cls._geo_indices() + cls._unique_with_indexes()
    for spec in automatic:
        same = next((given for given in specs if given["fields"] == spec["fields"]), None)
        if same is None:
            specs.append(spec)
        else:
            same.update(spec)
    return specs


def index_spec(cls: type[BaseDocument], spec: Any) -> IndexSpec:
    """Turn one specification of any form into key pairs and options.

    Args:
        cls: the class whose fields are named.
        spec: a name, a tuple or list of names or (name, direction) pairs, or a dict with
            these under ``fields`` and options beside them.
    """
    options = _as_dict(spec)
    wants_cls = options.pop("cls", None)
    keys = [_key(cls, entry) for entry in options["fields"]]
    if keys and _needs_cls(cls, keys, wants_cls, sparse=options.get("sparse", False)):
        keys.insert(0, ("_cls", pymongo.ASCENDING))
    options["fields"] = keys
    return options


def _as_dict(spec: Any) -> IndexSpec:
    if isinstance(spec, str):
        return {"fields": [spec]}
    if isinstance(spec, (list, tuple)):
        return {"fields": list(spec)}
    return dict(spec)


def _key(cls: type[BaseDocument], entry: Any) -> tuple[str, Any]:
    """Return the database path and the direction of one entry."""
    if isinstance(entry, (list, tuple)):
        # Ready-made for PyMongo: a database path, which need not belong to a field.
        path, direction = entry
        return path, direction
    if entry.startswith(")"):
        raise NotImplementedError(
            f"Index {entry!r} of {cls.__name__}: MongoDB has no geoHaystack indexes any more"
        )
    direction = _DIRECTIONS.get(entry[:1])
    if direction is None:
        return _path(cls, entry), pymongo.ASCENDING
    return _path(cls, entry[1:]), direction


def _path(cls: type[BaseDocument], path: str) -> str:
    if path in ("pk", "id", "_id"):
        return "_id"
    if path == "_cls":
        return path
    parts = cls._lookup_field(path.split("."))
    return ".".join("_id" if part == "_id" else _database_name(part) for part in parts)


def _database_name(part: Any) -> str:
    name: str = part if isinstance(part, str) else part.db_field
    return name


def _needs_cls(cls: Any, keys: Keys, wanted: bool | None, *, sparse: bool) -> bool:
    """Tell whether ``_cls`` goes first, so that queries by class can use the index."""
    meta = cls._meta
    if not meta.get("allow_inheritance") or sparse or wanted is False:
        return False
    if any(path == "_cls" for path, _ in keys):
        return False
    # 2d and 2dsphere indexes of one field are used by $near, which takes no equality first.
    return bool(wanted or meta.get("index_cls", True)) and keys[-1][1] not in _GEO_DIRECTIONS


def unique_indexes(cls: Any, namespace: str = "", above: tuple[type, ...] = ()) -> list[IndexSpec]:
    """Return the indexes of fields that are unique, alone or together with others.

    Args:
        cls: the class.
        namespace: database path of the embedded document the class stands for.
        above: the classes the path leads through; each is entered once.
    """
    specs: list[IndexSpec] = []
    for name in cls._fields_ordered:
        field = cls._fields[name]
        if field.unique:
            keys = [(namespace + path, pymongo.ASCENDING) for path in _unique_paths(cls, field)]
            sparse = _joint_is_sparse(cls, field) if field.unique_with else field.sparse
            specs.append({"fields": keys, "unique": True, "sparse": sparse})
        embedded = _embedded_type(field)
        if embedded is not None and embedded is not cls and embedded not in above:
            below = f"{namespace}{field.db_field}."
            specs += unique_indexes(embedded, below, (*above, cls))
    return specs


def _unique_paths(cls: Any, field: Any) -> list[str]:
    paths = [field.db_field]
    for partner in _partners(field):
        parts = cls._lookup_field(partner.split("."))
        # Several documents without the value would count as duplicates of each other.
        parts[-1].required = True
        paths.append(".".join(_database_name(part) for part in parts))
    return paths


def _partners(field: Any) -> list[str]:
    partners = field.unique_with or ()
    return [partners] if isinstance(partners, str) else list(partners)


def _joint_is_sparse(cls: Any, field: Any) -> bool:
    """Tell whether the index of a field that is unique together with others is sparse.

    MongoEngine made it sparse where a partner is not declared in the very class: inherited
    or inside an embedded document. The rule stays, since the server refuses to make an
    index that exists with the other option.
    """
    return any(not _declares(cls, partner) for partner in _partners(field))


def _declares(cls: Any, name: str) -> bool:
    field = cls._fields.get(name)
    inherited = (vars(base).get("_fields", vars(base)) for base in cls.__mro__[1:])
    return field is not None and all(fields.get(name) is not field for fields in inherited)


def _embedded_type(field: Any) -> Any:
    """Return the class a field embeds, alone or in a list; None for other fields."""
    from mongoengine.base.fields.embedded import EmbeddedDocumentField  # made from documents
    from mongoengine.base.fields.lists import ListField

    inner = getattr(field, "field", None) if isinstance(field, ListField) else field
    return inner.document_type if isinstance(inner, EmbeddedDocumentField) else None


def geo_indexes(
    cls: Any, inspected: list[Any] | None = None, parent_field: str | None = None
) -> list[IndexSpec]:
    """Return the indexes of geo fields, those inside embedded documents included.

    Args:
        cls: the class.
        inspected: classes that need not be looked at again.
        parent_field: database path of the embedded document the class stands for.
    """
    from mongoengine.base.fields import geo  # fields are made from documents
    from mongoengine.base.fields.embedded import EmbeddedDocumentField

    # Lists of points and the Multi* fields are left to the user.
    indexed = (geo.GeoPointField, geo.PointField, geo.LineStringField, geo.PolygonField)
    inspected = [*(inspected or ()), cls]
    specs: list[IndexSpec] = []
    for field in cls._fields.values():
        path = f"{parent_field}.{field.db_field}" if parent_field else field.db_field
        if isinstance(field, EmbeddedDocumentField):
            if field.document_type not in inspected:
                specs += field.document_type._geo_indices(inspected, parent_field=path)
        elif isinstance(field, indexed) and field._geo_index:
            specs.append({"fields": [(path, field._geo_index)]})
    return specs
