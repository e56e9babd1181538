"""Delete rules: what happens to those who refer to a document that is deleted.

Only registration is here; the twins carry the rules out.
"""

from __future__ import annotations

from typing import Any

from mongoengine.base.common import _DocumentRegistry
from mongoengine.errors import InvalidDocumentError, NotRegistered

__all__ = (
    "CASCADE",
    "DENY",
    "DO_NOTHING",
    "NULLIFY",
    "PULL",
    "register",
    "register_container",
    "register_field",
)

DO_NOTHING = 0
NULLIFY = 1
CASCADE = 2
DENY = 3
PULL = 4


def register(target: Any, owner: Any, field_name: str, rule: int) -> None:
    """Register a rule with a target class and with all present subclasses of both sides."""
    for target_class in _with_subclasses(target):
        rules = target_class._meta.get("delete_rules")
        if rules is None:
            rules = target_class._meta["delete_rules"] = {}
        for owner_class in _with_subclasses(owner):
            rules[(owner_class, field_name)] = rule


def _with_subclasses(cls: Any) -> list[Any]:
    classes = [cls]
    for name in cls._subclasses:
        if name == cls._class_name:
            continue
        try:
            classes.append(_DocumentRegistry.get(name))
        except NotRegistered:
            # A class taken out of the registry takes part in nothing any more.
            continue
    return classes


def register_field(owner: Any, field: Any, rule: int, target_of: Any) -> None:
    """Register the rule a reference field was made with.

    Args:
        owner: the class that has the field.
        field: the field on the class: the reference itself or a list of them.
        rule: its ``reverse_delete_rule``.
        target_of: the field that knows the class referred to.

    Raises:
        InvalidDocumentError: the owner is embedded, or no one class is referred to.
    """
    if rule == DO_NOTHING:
        return
    if not hasattr(type(target_of), "document_type"):
        raise InvalidDocumentError(
            f"Reverse delete rules are not supported for {type(target_of).__name__} "
            f"(field: {field.name}), which refers to documents of any class"
        )
    if owner._is_embedded_document:
        raise InvalidDocumentError(
            "Reverse delete rules are not supported for EmbeddedDocuments "
            f"(field: {field.name})"
        )
    target_of.document_type.register_delete_rule(owner, field.name, rule)


def register_container(owner: Any, field: Any) -> None:
    """Register the rule that the inner field of a list was made with.

    Args:
        owner: the class that has the field.
        field: a list, dict or map field.

    Raises:
        InvalidDocumentError: the owner is embedded, the field is no list, or its items
            refer to documents of any class.
    """
    from mongoengine.base.fields.dicts import DictField  # fields register their rules here

    rule = getattr(field.field, "reverse_delete_rule", DO_NOTHING)
    if rule == DO_NOTHING:
        return
    if isinstance(field, DictField):
        raise InvalidDocumentError(
            f"Reverse delete rules are not supported for {type(field).__name__} "
            f"(field: {field.name})"
        )
    register_field(owner, field, rule, field.field)
