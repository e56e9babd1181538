"""What changed in a document since it was loaded or saved, and the update that stores it.

Only values that were read can have changed inside, and containers know whether they
hold anything with changes of its own; so collecting and storing changes costs what
the changes cost, not what the document weighs.
"""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Number
from typing import TYPE_CHECKING, Any

from bson import DBRef, ObjectId

from mongoengine.base import schema
from mongoengine.base.changed_fields import ChangedFields
from mongoengine.base.containers import has_path
from mongoengine.base.plain import SCALARS
from mongoengine.base.state import own_state

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("changed_paths", "clear_changes", "clear_nested", "delta", "nested_changes")

_MISSING = object()


# Collecting


def changed_paths(document: BaseDocument) -> list[str]:
    """Return the database paths changed in a document and in what it embeds."""
    own = document.__state__.changed or ()
    recorded = own if isinstance(own, ChangedFields) else ChangedFields(own)
    paths = list(own)
    for field, value in _nesting_values(document):
        if field.db_field in recorded:
            continue
        below = list(nested_changes(field.db_field, value, recorded))
        if below and _order_is_affected(field, below):
            below = [field.db_field]
        paths.extend(below)
    return paths


def nested_changes(path: str, value: Any, recorded: ChangedFields) -> Iterator[str]:
    """Yield the changed paths inside one embedded document or container."""
    if getattr(type(value), "__is_embedded_document__", False):
        if _is_untouched(value):
            return
        for below in value._get_changed_fields():
            if not recorded.covers(f"{path}.{below}"):
                yield f"{path}.{below}"
    elif isinstance(value, (list, tuple, dict)) and not getattr(value, "_plain", False):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        reported: set[str] = set()
        for key, item in items:
            if type(item) in SCALARS:
                continue
            if not has_path(value, key):
                if path not in reported and any(nested_changes(path, item, recorded)):
                    reported.add(path)
                    yield path
                continue
            below_path = f"{path}.{key}"
            if not recorded.covers(below_path):
                yield from nested_changes(below_path, item, recorded)


def _is_untouched(document: BaseDocument) -> bool:
    """Tell whether a loaded document has neither been changed nor read where it can change."""
    state = document.__state__
    return state.shared and not state.created and not any(_nesting_values(document))


def _nesting_values(document: BaseDocument) -> Iterator[tuple[BaseField[Any], Any]]:
    """Yield fields whose present values may carry changes of their own."""
    values = document.__dict__
    state = document.__state__
    native = document.__native_fields__
    for name, field in document._fields.items():
        if name in native:
            continue
        value = values.get(name)
        if value is None or (name in state.pending and field._is_unread(value)):
            continue
        yield field, value
    for name, field in (state.dynamic or {}).items():
        value = values.get(name)
        if value is not None:
            yield field, value


def _order_is_affected(field: BaseField[Any], paths: list[str]) -> bool:
    """Tell whether a list that is stored sorted must be stored anew."""
    ordering = getattr(field, "_ordering", None)
    return ordering is not None and any(path.endswith(f".{ordering}") for path in paths)


def clear_changes(document: BaseDocument) -> None:
    """Forget all changes of a document and of what it embeds; from now on they are tracked."""
    state = document.__state__
    if state.changed or state.changed is None:
        own_state(document).changed = ()
    for _, value in _nesting_values(document):
        clear_nested(value)


def clear_nested(value: Any) -> None:
    """Forget the changes inside one embedded document or container."""
    if getattr(type(value), "__is_embedded_document__", False):
        if not _is_untouched(value):
            clear_changes(value)
    elif isinstance(value, (list, tuple, dict)) and not getattr(value, "_plain", False):
        for item in value.values() if isinstance(value, dict) else value:
            clear_nested(item)


# The delta


def delta(document: BaseDocument) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what to ``$set`` and what to ``$unset``, by database path."""
    if document.__state__.changed is None:
        to_set = dict(document.to_mongo())
        to_set.pop("_id", None)
    else:
        to_set = {
            path: stored_value(document, path.split(".")) for path in document._get_changed_fields()
        }
    to_unset = {
        path: 1
        for path, value in to_set.items()
        if _is_empty(value) and _unsets(document, path, value)
    }
    for path in to_unset:
        del to_set[path]
    return to_set, to_unset


def _is_empty(value: Any) -> bool:
    return not isinstance(value, Number) and not value


def _unsets(document: BaseDocument, path: str, value: Any) -> bool:
    """Tell whether an empty value is stored best by removing the key."""
    first, *rest = path.split(".")
    if not rest and first in (document.__state__.dynamic or {}):
        return True
    field = _field_at(document, [first, *rest])
    default = None if field is None else field._default_value()
    return bool(value == default)


def _field_at(holder: Any, parts: list[str]) -> BaseField[Any] | None:
    """Return the field that a path of keys and positions leads to, going by the values."""
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        if hasattr(type(holder), "__is_embedded_document__"):
            field = _field_stored_as(holder, part)
            if last or field is None:
                return field
            holder = field._stored_value(holder)
        elif last:
            return None
        else:
            holder = _item(holder, part)
    return None


def _field_stored_as(document: BaseDocument, key: str) -> BaseField[Any] | None:
    """Return the field stored under a key; what is no key, a model name too, has none."""
    name = document._reverse_db_field_map.get(key)
    if name is None:
        return (document.__state__.dynamic or {}).get(key)
    return document._fields[name]


def stored_value(document: BaseDocument, parts: list[str]) -> Any:
    """Return the stored form of what a path leads to, converting no more than that."""
    first, *rest = parts
    field = _field_stored_as(document, first)
    if field is None:
        return None
    value = field._stored_value(document)
    if value is None:
        return None
    if not rest:
        return field._to_mongo_safe_call(value)
    if getattr(type(value), "__is_embedded_document__", False):
        return stored_value(value, rest)
    if isinstance(value, (list, dict)) and _stores_items_alone(field):
        item = _item(value, rest[0])
        if item is _MISSING or item is None:
            return None
        if len(rest) > 1 and getattr(type(item), "__is_embedded_document__", False):
            return stored_value(item, rest[1:])
        alone = field.to_mongo({rest[0]: item} if isinstance(value, dict) else [item])
        return _walk(alone[rest[0] if isinstance(value, dict) else 0], rest[1:])
    return _walk(field._to_mongo_safe_call(value), rest)


def _stores_items_alone(field: BaseField[Any]) -> bool:
    """Tell whether one item of a container is stored the same with and without the others."""
    promise = getattr(type(field), "stores_items_alone", False)
    return promise and schema.vouched(type(field), "stores_items_alone", "to_mongo")


def _walk(stored: Any, parts: list[str]) -> Any:
    for part in parts:
        if isinstance(stored, (ObjectId, DBRef)):
            return stored
        stored = _item(stored, part)
        if stored is _MISSING:
            return None
    return stored


def _item(holder: Any, part: str) -> Any:
    """Return the raw item of a list or dict; the containers' own reading would wrap it."""
    if isinstance(holder, dict):
        return dict.get(holder, part, _MISSING)
    if isinstance(holder, (list, tuple)) and part.isdigit() and int(part) < len(holder):
        return (
            list.__getitem__(holder, int(part)) if isinstance(holder, list) else holder[int(part)]
        )
    return _MISSING
