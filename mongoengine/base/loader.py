"""Loading: from the dict the driver decoded to a document that has it as its store.

The compiled loader renames keys, converts what cannot wait and leaves the rest to the
first read. What upstream refuses on load is refused here, on load: unknown keys of
strict documents and values a conversion rejects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from mongoengine.base import schema
from mongoengine.base.codegen import FunctionSource
from mongoengine.base.common import _DocumentRegistry, find_document
from mongoengine.base.rebinding import rebind
from mongoengine.base.state import DocumentState, own_state, set_loaded
from mongoengine.errors import FieldDoesNotExist, InvalidDocumentError

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("compile_check", "compile_loader", "construct_loaded", "load_document")

_ABSENT = object()


# Kinds of fields


def _is_identity(field: BaseField[Any]) -> bool:
    from mongoengine.base.fields.base import BaseField  # fields reach plans, plans reach fields

    return type(field).to_python is BaseField.to_python


def _plain_types(field: BaseField[Any]) -> tuple[type, ...]:
    if not schema.vouched(type(field), "plain_types", "to_python"):
        return ()
    return tuple(type(field).plain_types)


def _default_cannot_wait(field: BaseField[Any]) -> bool:
    """Tell whether a default must be taken on load: a callable may count or read the clock."""
    return callable(field.default) and field.default not in (list, dict)


# Entry


def load_document(
    cls: type[BaseDocument],
    raw: dict[str, Any],
    *,
    dereference: bool = True,
    created: bool = False,
) -> Any:
    """Make a document of stored data, of the class its ``_cls`` names.

    Args:
        cls: the class; a subclass of it when the data says so.
        raw: decoded data by database name; becomes the document's store.
        dereference: False for a document that hands out references as stored.
        created: True for one not known to be in the database.

    Raises:
        FieldDoesNotExist: unknown keys on a strict document.
        InvalidDocumentError: a value a field cannot convert.
    """
    document = cls.__plan__().load(raw)
    if created or not dereference:
        set_loaded(document, created=created, dereference=dereference)
    return document


def load_other_class(raw: dict[str, Any]) -> Any:
    """Make a document of the class its ``_cls`` names."""
    cls = _DocumentRegistry.get(raw["_cls"])
    # The registry understands shorter and longer names, too.
    raw["_cls"] = cls._class_name
    return cls.__plan__().load(raw)


def construct_loaded(cls: Any, raw: dict[str, Any]) -> Any:
    """Make a document of stored data through its constructor, for classes that want to see it."""
    class_name = raw.get("_cls")
    if class_name is not None and class_name != cls._class_name:
        return load_other_class(raw)
    data: dict[str, Any] = {}
    errors: dict[str, Exception] = {}
    names = cls._reverse_db_field_map
    for key, value in raw.items():
        name = names.get(key, key)
        field = cls._fields.get(name)
        if value is not None and field is not None and field.db_field == key:
            try:
                value = field._from_stored(value)
            except (AttributeError, ValueError) as error:
                errors[name] = error
        data[name] = value
    if errors:
        raise invalid_data(cls, errors)
    if cls.STRICT:
        data = {name: value for name, value in data.items() if name in cls._fields}
    document = cls(__auto_convert=False, _created=False, **data)
    set_loaded(document)
    return document


def invalid_data(cls: type[BaseDocument], errors: dict[str, Exception]) -> InvalidDocumentError:
    """Return the error that lists what could not be converted."""
    lines = "\n".join(f"Field '{name}' - {error}" for name, error in errors.items())
    return InvalidDocumentError(f"Invalid data to create a `{cls._class_name}` instance.\n{lines}")


def unknown_names(cls: type[BaseDocument], names: Iterable[str]) -> FieldDoesNotExist:
    """Return the error for names a document does not have."""
    return FieldDoesNotExist(
        f'The fields "{set(names)}" do not exist on the document "{cls._class_name}"'
    )


# The compiled loader


def compile_loader(cls: Any) -> Callable[[dict[str, Any]], Any]:
    """Return ``load(raw)`` for a class whose documents may adopt their data."""
    from mongoengine.base.document import BaseDocument  # the document reaches its own loader

    source = FunctionSource("load", "d")
    fields: list[BaseField[Any]] = [cls._fields[name] for name in cls._fields]
    other = source.ref(load_other_class, "load_other_class")
    source.line("if '_cls' in d:")
    source.line(f"if d['_cls'] != {cls._class_name!r}:", 2)
    source.line(f"return {other}(d)", 3)
    if "_cls" not in cls._fields:
        # Containers of mixed classes write it for every class.
        source.line("del d['_cls']", 2)
    _rename(source, fields)
    source.line("g = d.get")
    source.line("errors = None")
    lazy = [field for field in fields if field._loads_lazily()]
    source.line("early = None")
    for field in fields:
        if field in lazy:
            _emit_lazy(source, field)
        else:
            _emit_eager(source, field)
    known = source.ref(frozenset(cls._fields), "known")
    source.line(f"if not {known}.issuperset(d) or errors:")
    unknown = source.ref(_Leftovers(cls), "leftovers")
    source.line(f"extra = {unknown}(d, errors)", 2)
    source.line("else:")
    source.line("extra = None", 2)

    state = DocumentState(
        created=False,
        initialised=True,
        changed=(),
        pending=frozenset(field.name for field in lazy),
        shared=True,
    )
    shared = source.ref(state, "shared")
    new = source.ref(object.__new__, "new")
    kind = source.ref(cls, "cls")
    set_state = source.ref(BaseDocument.__state__.__set__, "set_state")  # type: ignore[attr-defined]
    set_values = source.ref(BaseDocument.__dict__["__dict__"].__set__, "set_values")
    source.line(f"document = {new}({kind})")
    source.line(f"{set_state}(document, {shared})")
    source.line(f"{set_values}(document, d)")
    finish = source.ref(_finish, "finish")
    source.line("if early is not None or extra is not None:")
    source.line(f"{finish}(document, early, extra)", 2)
    source.line("return document")
    return source.compile(cls._class_name)


def _rename(source: FunctionSource, fields: list[BaseField[Any]]) -> None:
    """Move values from database names to model names, all out before any in."""
    renamed = [field for field in fields if field.db_field != field.name]
    absent = source.ref(_ABSENT, "absent")
    for number, field in enumerate(renamed):
        source.line(f"v{number} = d.pop({field.db_field!r}, {absent})")
    for number, field in enumerate(renamed):
        source.line(f"if v{number} is not {absent}: d[{field.name!r}] = v{number}")


def _emit_eager(source: FunctionSource, field: BaseField[Any]) -> None:
    name = repr(field.name)
    has_default = field.default is not None and not field.null
    types = _plain_types(field)
    if _is_identity(field):
        if has_default:
            source.line(f"if g({name}) is None:")
            _emit_default(source, field, 2)
        return
    source.line(f"v = g({name})")
    test = f"not ({source.is_exactly('v', types)})" if types else "True"
    source.line(f"if {test}:")
    source.line("if v is not None:", 2)
    source.line("try:", 3)
    source.line(f"d[{name}] = {source.ref(field.to_python, 'to_python')}(v)", 4)
    source.line("except (AttributeError, ValueError) as error:", 3)
    source.line("errors = errors or {}", 4)
    source.line(f"errors[{name}] = error", 4)
    if has_default:
        source.line("else:", 2)
        _emit_default(source, field, 3)


def _emit_default(source: FunctionSource, field: BaseField[Any], depth: int) -> None:
    """Take the default now, or forget a stored None so that the first read finds it."""
    name = repr(field.name)
    if _default_cannot_wait(field):
        default = source.ref(field._default_value, "default")
        source.line(f"d[{name}] = {default}()", depth)
    else:
        source.line(f"d.pop({name}, None)", depth)


def _emit_lazy(source: FunctionSource, field: BaseField[Any]) -> None:
    name = repr(field.name)
    source.line(f"v = g({name})")
    check = field._lazy_check()
    if check is not None:
        source.line(f"if v is not None and not {source.ref(check, 'check')}(v):")
        source.line("try:", 2)
        source.line(f"d[{name}] = {source.ref(field.to_python, 'to_python')}(v)", 3)
        source.line("early = early or []", 3)
        source.line(f"early.append({name})", 3)
        source.line("except (AttributeError, ValueError) as error:", 2)
        source.line("errors = errors or {}", 3)
        source.line(f"errors[{name}] = error", 3)
    if field.default is not None and not field.null:
        source.line("if v is None:")
        _emit_default(source, field, 2)
        if _default_cannot_wait(field):
            source.line("early = early or []", 2)
            source.line(f"early.append({name})", 2)


class _Leftovers:
    """Deals with what a loader could not place: unknown keys and failed conversions."""

    def __init__(self, cls: type[BaseDocument]) -> None:
        self._cls = cls

    def __call__(
        self, values: dict[str, Any], errors: dict[str, Exception] | None
    ) -> dict[str, Any] | None:
        cls = self._cls
        if errors:
            raise invalid_data(cls, errors)
        extra = {key: values.pop(key) for key in set(values) - set(cls._fields)}
        if not cls.__is_embedded_document__:
            extra.pop("_id", None)  # a document whose id field was given another key
        if cls.STRICT:
            return None
        unknown = set(extra) - {"_text_score"}
        if unknown and cls._meta.get("strict", True):
            raise unknown_names(cls, unknown)
        return extra or None


def _finish(document: BaseDocument, early: list[str] | None, extra: dict[str, Any] | None) -> None:
    """Give a document its own state: some values are converted, or have no field."""
    state = own_state(document)
    for name in early or ():
        state.pending.discard(name)
        rebind(document.__dict__[name], document)
    state.extra = extra


# The structure check


def compile_check(cls: Any) -> Callable[[Any], bool]:
    """Return ``check(raw)``: can this nested dict be loaded later without raising?"""
    fields: list[BaseField[Any]] = list(cls._fields.values())
    if any(_converts_now(field) for field in fields):
        return lambda raw: False
    source = FunctionSource("check", "raw")
    known = {field.db_field for field in fields}
    source.line("if type(raw) is not dict:")
    source.line("return False", 2)
    other = source.ref(_OtherClass(cls), "other")
    source.line(f"if '_cls' in raw and raw['_cls'] != {cls._class_name!r}:")
    source.line(f"return {other}(raw)", 2)
    if cls._meta.get("strict", True):
        source.line(f"if not {source.ref(frozenset(known | {'_cls'}), 'known')}.issuperset(raw):")
        source.line("return False", 2)
    for field in fields:
        if not field._loads_lazily():
            continue
        check = field._lazy_check()
        if check is not None:
            source.line(f"v = raw.get({field.db_field!r})")
            source.line(f"if v is not None and not {source.ref(check, 'check')}(v):")
            source.line("return False", 2)
    source.line("return True")
    return source.compile(cls._class_name)


def _converts_now(field: BaseField[Any]) -> bool:
    """Tell whether loading the field runs code that may raise or must not wait."""
    if _default_cannot_wait(field):
        return True
    return not (_is_identity(field) or _plain_types(field) or field._loads_lazily())


class _OtherClass:
    """Checks a nested dict that says it is of another class."""

    def __init__(self, cls: type[BaseDocument]) -> None:
        self._cls = cls

    def __call__(self, raw: dict[str, Any]) -> bool:
        # Without a class it cannot wait: loading it now raises the error.
        found = find_document(raw["_cls"])
        return found is not None and found is not self._cls and found.__plan__().check(raw)
