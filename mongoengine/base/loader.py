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
from mongoengine.base.rebinding import rebind
from mongoengine.base.state import DocumentState, own_state, set_loaded
from mongoengine.base.stored_class import find_embedded_class, is_below, loadable_class
from mongoengine.errors import FieldDoesNotExist, InvalidDocumentError

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("compile_check", "compile_loader", "construct_loaded", "load_document", "never")

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


def load_other_class(cls: Any, raw: dict[str, Any]) -> Any:
    """Make a document of the class, related to the one that is loaded, that its ``_cls`` names."""
    found = loadable_class(cls, raw["_cls"])
    # The registry understands shorter and longer names, too.
    raw["_cls"] = found._class_name
    return found.__plan__().load(raw)


def construct_loaded(cls: Any, raw: dict[str, Any]) -> Any:
    """Make a document of stored data through its constructor, for classes that want to see it."""
    class_name = raw.get("_cls")
    if class_name is not None and class_name != cls._class_name:
        return load_other_class(cls, raw)
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


def compile_loader(cls: Any, *, checked: bool = False) -> Callable[..., list[Any]]:
    """Return ``load_all(raws)`` for a class whose documents may adopt their data.

    For embedded documents it takes the owner's weak proxy as well. The loop is inside,
    since calls and look-ups per document would cost more than loading it does.

    Args:
        cls: the class.
        checked: True for dicts that have passed `compile_check`, nested ones included.
    """
    embedded = cls.__is_embedded_document__
    source = FunctionSource("load_all", "raws, owner=None" if embedded else "raws")
    fields: list[BaseField[Any]] = [cls._fields[name] for name in cls._fields]
    source.line("documents = []")
    source.line("for d in raws:")
    source.line("if '_cls' in d:", 2)
    source.line(f"if d['_cls'] != {cls._class_name!r}:", 3)
    other, kind = source.ref(load_other_class, "load_other_class"), source.ref(cls, "cls")
    source.line(f"document = {other}({kind}, d)", 4)
    if embedded:
        source.line("if owner is not None: document._instance = owner", 4)
    source.line("documents.append(document)", 4)
    source.line("continue", 4)
    if "_cls" not in cls._fields:
        # Containers of mixed classes write it for every class.
        source.line("del d['_cls']", 3)
    _rename(source, fields, 2)
    _emit_quick_look(source, fields, checked)
    source.line("early = extra = None", 2)
    source.line("if not fits:", 2)
    source.line(f"early, extra = {source.ref(_compile_settle(cls), 'settle')}(d)", 3)
    _emit_document(source, cls)
    if embedded:
        source.line("if owner is not None: " + _slot_setter(source, cls, "__owner__") + "owner)", 2)
    source.line("if early is not None or extra is not None:", 2)
    source.line(f"{source.ref(_finish, 'finish')}(document, early, extra)", 3)
    source.line("documents.append(document)", 2)
    source.line("return documents")
    return source.compile(cls._class_name)


def _emit_quick_look(source: FunctionSource, fields: list[BaseField[Any]], checked: bool) -> None:
    """Set ``fits``: every field is there, nothing else is, and no value has to be touched."""
    tests = [f"len(d) == {len(fields)}"]
    for field in fields:
        test = _untouched_test(source, field, checked)
        if test is None:
            source.line("fits = False", 2)
            return
        tests.append(test)
    # Subscripts: with all keys there they take half the time of `dict.get`.
    source.line("try:", 2)
    source.line(f"fits = {' and '.join(tests)}", 3)
    source.line("except KeyError:", 2)
    source.line("fits = False", 3)


def _untouched_test(source: FunctionSource, field: BaseField[Any], checked: bool) -> str | None:
    """Return the test that a stored value may stay as it is; None when it never may."""
    value = f"d[{field.name!r}]"
    if field._loads_lazily():
        check = None if checked else field._lazy_check()
        present = f"{value} is not None"
        return present if check is None else f"{present} and {source.ref(check, 'check')}({value})"
    if _is_identity(field):
        return f"{value} is not None"
    types = _plain_types(field)
    return source.is_exactly(value, types) if types else None


def _emit_document(source: FunctionSource, cls: Any) -> None:
    """Make the document; setting its slots directly spares three calls of ours."""
    lazy = frozenset(field.name for field in cls._fields.values() if field._loads_lazily())
    state = DocumentState(created=False, initialised=True, changed=(), pending=lazy, shared=True)
    new, kind = source.ref(object.__new__, "new"), source.ref(cls, "cls")
    source.line(f"document = {new}({kind})", 2)
    source.line(_slot_setter(source, cls, "__state__") + f"{source.ref(state, 'shared')})", 2)
    source.line(_slot_setter(source, cls, "__dict__") + "d)", 2)


def _slot_setter(source: FunctionSource, cls: type, slot: str) -> str:
    descriptor = next(
        base.__dict__[slot] for base in reversed(cls.__mro__) if slot in base.__dict__
    )
    return f"{source.ref(descriptor.__set__, 'set' + slot.rstrip('_'))}(document, "


def _compile_settle(cls: Any) -> Callable[[dict[str, Any]], tuple[Any, Any]]:
    """Return ``settle(d)``, which does by name what has to be done to the values of a dict.

    It gives the names of lazy fields converted already, and the values without a field.
    """
    source = FunctionSource("settle", "d")
    source.line("g = d.get")
    source.line("errors = early = None")
    for field in cls._fields.values():
        if field._loads_lazily():
            _emit_lazy(source, field)
        else:
            _emit_eager(source, field)
    known = source.ref(frozenset(cls._fields), "known")
    source.line(f"if not {known}.issuperset(d) or errors:")
    source.line(f"return early, {source.ref(_Leftovers(cls), 'leftovers')}(d, errors)", 2)
    source.line("return early, None")
    return source.compile(cls._class_name)


def _rename(source: FunctionSource, fields: list[BaseField[Any]], depth: int) -> None:
    """Move values from database names to model names, all out before any in."""
    renamed = [field for field in fields if field.db_field != field.name]
    absent = source.ref(_ABSENT, "absent")
    for number, field in enumerate(renamed):
        source.line(f"v{number} = d.pop({field.db_field!r}, {absent})", depth)
    for number, field in enumerate(renamed):
        source.line(f"if v{number} is not {absent}: d[{field.name!r}] = v{number}", depth)


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


def compile_check(cls: Any, *, many: bool = False) -> Callable[[Any], bool]:
    """Return ``check(raw)``: can this nested dict be loaded later without raising?

    Args:
        cls: the class.
        many: True for a function that checks many dicts in one call.
    """
    fields: list[BaseField[Any]] = list(cls._fields.values())
    if any(_converts_now(field) for field in fields):
        return never
    source = FunctionSource("check", "raws" if many else "raw")
    source.line(f"for raw in {'raws' if many else '(raw,)'}:")
    source.line("if type(raw) is not dict:", 2)
    source.line("return False", 3)
    _emit_class_check(source, cls, {field.db_field for field in fields})
    for field in fields:
        check = field._lazy_check() if field._loads_lazily() else None
        if check is not None:
            source.line(f"v = raw.get({field.db_field!r})", 2)
            source.line(f"if v is not None and not {source.ref(check, 'check')}(v):", 2)
            source.line("return False", 3)
    source.line("return True")
    return source.compile(cls._class_name)


def _emit_class_check(source: FunctionSource, cls: Any, keys: set[str]) -> None:
    """Leave a dict of another class to that, and refuse unknown keys where they are errors."""
    named = f"'_cls' in raw and raw['_cls'] != {cls._class_name!r}"
    other = source.ref(_OtherClass(cls), "other")
    strict = cls._meta.get("strict", True)
    known = source.ref(frozenset(keys), "known")
    # Where documents do not say their class, one look at the keys tells both.
    both = strict and "_cls" not in keys
    if both:
        source.line(f"if not {known}.issuperset(raw):", 2)
    depth = 3 if both else 2
    source.line(f"if {named}:", depth)
    source.line(f"if not {other}(raw):", depth + 1)
    source.line("return False", depth + 2)
    source.line("continue", depth + 1)
    if strict:
        every = source.ref(frozenset(keys | {"_cls"}), "every")
        source.line(f"if not {every}.issuperset(raw):", depth)
        source.line("return False", depth + 1)


def never(raw: Any) -> bool:
    """Tell that nothing can wait."""
    return False


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
        found = find_embedded_class(raw)
        return (
            found is not None
            and found is not self._cls
            and is_below(found, self._cls)
            and found.__plan__().check(raw)
        )
