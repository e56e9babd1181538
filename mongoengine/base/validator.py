"""Validating: the errors of all fields of a document, by field name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mongoengine.base import schema
from mongoengine.base.codegen import FunctionSource
from mongoengine.errors import ValidationError

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("compile_validator",)


def compile_validator(cls: Any) -> Callable[[BaseDocument, bool], dict[str, Any]]:
    """Return ``validate(document, clean)`` giving the errors; values of plain types cost a test.

    Values not read since they were loaded are as the database holds them and are not
    looked at: saving one changed field must not cost a walk through the whole document.
    """
    source = FunctionSource("validate", "document, clean")
    source.line("g = document.__dict__.get")
    source.line("pending = document.__state__.pending")
    source.line("errors = {}")
    required = source.ref(_required_error, "required_error")
    check = source.ref(check_field, "check_field")
    for field in cls._fields.values():
        name = repr(field.name)
        ref = source.ref(field, "field")
        source.line(f"v = g({name})")
        if field.default is not None and not field.null:
            source.line("if v is None:")
            source.line(f"v = {ref}._missing_value(document)", 2)
        source.line("if v is None:")
        if field.required and not field._auto_gen:
            given = f"if {name} in document.__dict__: " if field._absent_is_valid else ""
            source.line(f"{given}errors[{name}] = {required}({name})", 2)
        else:
            source.line("pass", 2)
        types = _valid_types(field)
        if types:
            test = f"not ({source.is_exactly('v', types)})"
        elif field._loads_lazily():
            test = f"{name} not in pending or not {ref}._is_unread(v)"
        else:
            test = "True"
        source.line(f"elif {test}:")
        source.line(f"{check}({ref}, v, errors, clean)", 2)
    source.line("if document.__state__.dynamic:")
    dynamic = source.ref(_check_dynamic, "check_dynamic")
    source.line(f"{dynamic}(document, errors, clean)", 2)
    source.line("return errors")
    return source.compile(cls._class_name)


def _valid_types(field: BaseField[Any]) -> tuple[type, ...]:
    trusted = schema.vouched(type(field), "plain_types", "validate", "_validate") and (
        schema.vouched(type(field), "_plain_is_valid", "validate", "_validate")
    )
    return tuple(type(field).plain_types) if trusted and field._plain_is_valid() else ()


def _required_error(name: str) -> ValidationError:
    return ValidationError("Field is required", field_name=name)


def check_field(field: BaseField[Any], value: Any, errors: dict[str, Any], clean: bool) -> None:
    """Validate one value that is not None; put what is wrong with it into ``errors``."""
    keywords = {"clean": clean} if field._passes_clean else {}
    try:
        field._validate(value, **keywords)
    except (ValueError, AttributeError, AssertionError) as error:
        within = error.errors if isinstance(error, ValidationError) else None
        errors[field.name] = within or error


def _check_dynamic(document: BaseDocument, errors: dict[str, Any], clean: bool) -> None:
    for name, field in (document.__state__.dynamic or {}).items():
        value = document.__dict__.get(name)
        if value is not None:
            check_field(field, value, errors, clean)
