"""Dumping: from a document to the form that is stored."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bson.son import SON

from mongoengine.base import schema
from mongoengine.base.codegen import FunctionSource
from mongoengine.base.state import convert_pending

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("StoredForm", "compile_dumper", "dump_fields", "stored_form")


class StoredForm(SON[str, Any]):
    """What ``to_mongo`` returns: a SON that keeps its order as every dict does.

    bson's SON repeats in Python what dicts have done natively since Python 3.7; this
    one is a dict to the C code and a SON to everything that asks for one.
    """

    def __init__(self, data: dict[str, Any] | None = None) -> None:
        dict.__init__(self, data or {})

    def __new__(cls, *args: Any, **kwargs: Any) -> StoredForm:
        """Make an empty form, without SON's list of keys."""
        return dict.__new__(cls)

    __setitem__ = dict.__setitem__  # pyright: ignore[reportAssignmentType]
    __delitem__ = dict.__delitem__  # pyright: ignore[reportAssignmentType]
    __iter__ = dict.__iter__
    __contains__ = dict.__contains__
    __len__ = dict.__len__
    keys = dict.keys
    values = dict.values  # type: ignore[assignment]
    items = dict.items
    clear = dict.clear
    setdefault = dict.setdefault  # type: ignore[assignment]
    pop = dict.pop  # type: ignore[assignment]
    popitem = dict.popitem
    update = dict.update  # type: ignore[assignment]
    get = dict.get  # type: ignore[assignment]

    def copy(self) -> StoredForm:
        """Return a shallow copy."""
        return StoredForm(self)

    def __repr__(self) -> str:
        return f"SON({list(self.items())!r})"

    def __eq__(self, other: object) -> bool:
        """Compare in order with another SON, without order with any other dict."""
        if isinstance(other, SON):
            return list(self.items()) == list(other.items())
        return dict.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __deepcopy__(self, memo: dict[int, Any]) -> StoredForm:
        result = StoredForm()
        memo[id(self)] = result
        for key, value in self.items():
            result[key] = copy.deepcopy(value, memo)
        return result

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        return StoredForm, (dict(self),)


def stored_form(data: dict[str, Any]) -> StoredForm:
    """Return the `StoredForm` of a dict, past the constructor, which costs as much as dumping."""
    form: StoredForm = dict.__new__(StoredForm)
    dict.update(form, data)
    return form


def compile_dumper(cls: Any) -> Callable[[BaseDocument], dict[str, Any]]:
    """Return ``dump(document)``, giving a plain dict with ``_id`` and ``_cls`` first."""
    source = FunctionSource("dump", "document")
    source.line("if document.__state__.pending:")
    source.line(f"{source.ref(convert_pending, 'convert_pending')}(document)", 2)
    source.line("g = document.__dict__.get")
    source.line("out = {}")
    fields = [cls._fields[name] for name in _stored_order(cls)]
    for field in fields:
        _emit_field(source, field)
    source.line("if document.__state__.dynamic:")
    dynamic = source.ref(_dump_dynamic, "dump_dynamic")
    source.line(f"{dynamic}(document, out)", 2)
    source.line("return out")
    return source.compile(cls._class_name)


def _stored_order(cls: Any) -> list[str]:
    fields = cls._fields
    order = cls.__dict__["_fields_ordered"]
    names = list(order.names if cls._dynamic else order)
    first = [name for name in names if fields[name].db_field == "_id"]
    first += [name for name in ("_cls",) if name in fields]
    return [
        name
        for name in first + [name for name in names if name not in first]
        if _is_stored(cls, name)
    ]


def _is_stored(cls: Any, name: str) -> bool:
    """Tell whether a field is stored: the class name only where there can be subclasses."""
    return name != "_cls" or bool(cls._meta.get("allow_inheritance"))


def _emit_field(source: FunctionSource, field: BaseField[Any]) -> None:
    target = f"out[{field.db_field!r}]"
    source.line(f"v = g({field.name!r})")
    if field._auto_gen:
        source.line("if v is None:")
        source.line(f"v = {source.ref(field, 'field')}._generate_missing(document)", 2)
    elif field.default is not None and not field.null:
        source.line("if v is None:")
        source.line(f"v = {source.ref(field._missing_value, 'missing')}(document)", 2)
    source.line("if v is not None:")
    if _stores_as_is(field):
        source.line(f"{target} = v", 2)
    else:
        to_mongo = source.ref(field.to_mongo, "to_mongo")
        types = _plain_types(field)
        if types:
            source.line(f"if {source.is_exactly('v', types)}:", 2)
            source.line(f"{target} = v", 3)
            source.line("else:", 2)
            depth = 3
        else:
            depth = 2
        source.line(f"v = {to_mongo}(v)", depth)
        if field.null:
            source.line(f"{target} = v", depth)
        else:
            source.line("if v is not None:", depth)
            source.line(f"{target} = v", depth + 1)
    if field.null:
        source.line("else:")
        source.line(f"{target} = None", 2)


def _stores_as_is(field: BaseField[Any]) -> bool:
    from mongoengine.base.fields.base import BaseField  # fields reach plans, plans reach fields

    kind = type(field)
    return kind.to_mongo is BaseField.to_mongo and kind.to_python is BaseField.to_python


def _plain_types(field: BaseField[Any]) -> tuple[type, ...]:
    if not schema.vouched(type(field), "plain_types", "to_python", "to_mongo"):
        return ()
    return tuple(type(field).plain_types)


def _dump_dynamic(document: BaseDocument, out: dict[str, Any]) -> None:
    values = document.__dict__
    for name, field in (document.__state__.dynamic or {}).items():
        value = values.get(name)
        if value is not None:
            value = field.to_mongo(value)
        if value is not None or field.null:
            out[field.db_field] = value


def dump_fields(
    document: BaseDocument, use_db_field: bool, fields: Sequence[str] | None
) -> dict[str, Any]:
    """Return the stored form under chosen names, or of chosen paths only.

    Args:
        document: the document.
        use_db_field: key by database name, else by model name.
        fields: dotted paths to include; None or empty for all.
    """
    convert_pending(document)
    roots = {path.partition(".")[0] for path in fields or ()}
    # Key and class come first and always, whatever is asked for.
    out: dict[str, Any] = {"_id": None}
    if "_cls" in document._fields and _is_stored(type(document), "_cls"):
        out["_cls"] = document._fields["_cls"]._stored_value(document)
    for name in document._fields_ordered:
        if (roots and name not in roots) or not _is_stored(type(document), name):
            continue
        field = document._fields.get(name) or (document.__state__.dynamic or {})[name]
        value = field._stored_value(document)
        if value is not None:
            below = [path[len(name) + 1 :] for path in fields or () if path.startswith(name + ".")]
            value = field._to_mongo_safe_call(value, use_db_field=use_db_field, fields=below)
        if value is not None or field.null:
            out[field.db_field if use_db_field else name] = value
    if out["_id"] is None:
        # By model names the key is under its own name as well.
        out["_id"] = None if document.__is_embedded_document__ else document.__dict__.get("id")
        if out["_id"] is None:
            del out["_id"]
    return out
