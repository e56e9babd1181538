"""Delete rules: what happens to those who refer to a document that is deleted.

Registration and look-up are here; the twins carry the rules out.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from bson import encode as encode_bson

from mongoengine.base.common import _DocumentRegistry, find_document
from mongoengine.base.lazy_reference import BaseLazyReference
from mongoengine.errors import InvalidDocumentError, NotRegistered

__all__ = (
    "CASCADE",
    "DENY",
    "DO_NOTHING",
    "NULLIFY",
    "PULL",
    "Doomed",
    "doomed_by_class",
    "doomed_documents",
    "keys_in",
    "leads_to_denial",
    "register",
    "register_container",
    "register_field",
    "rules_apply",
    "rules_of",
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
    if owner.__is_embedded_document__:
        raise InvalidDocumentError(
            f"Reverse delete rules are not supported for EmbeddedDocuments (field: {field.name})"
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


# Looking rules up


def rules_of(cls: Any) -> dict[tuple[Any, str], int]:
    """Return the rules for documents of a class by owner and field, in order of registration.

    Owners without a collection have no documents that could refer.
    """
    found: dict[tuple[Any, str], int] = {}
    for base in reversed(cls.__mro__):
        meta: Mapping[str, Any] = base.__dict__.get("_meta") or {}
        found.update(meta.get("delete_rules") or {})
    return {
        (owner, field): rule
        for (owner, field), rule in found.items()
        if rule != DO_NOTHING and not owner._meta.get("abstract")
    }


def rules_apply(cls: Any) -> bool:
    """Tell whether there are rules for documents that a queryset of a class may find."""
    return any(rules_of(each) for each in _with_subclasses(cls))


def leads_to_denial(cls: Any) -> bool:
    """Tell whether deleting documents of a class may come, by cascades too, upon a DENY."""
    seen: set[Any] = set()
    waiting = [cls]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        for below in _with_subclasses(each):
            for (owner, _), rule in rules_of(below).items():
                if rule == DENY:
                    return True
                if rule == CASCADE:
                    waiting.append(owner)
    return False


class Doomed(NamedTuple):
    """What is going to be deleted.

    Attributes:
        by_class: references to it by the class of the documents.
        keys: collection and key of each.
    """

    by_class: dict[Any, list[BaseLazyReference]]
    keys: frozenset[tuple[str, Any]]

    def without(self, keys: frozenset[tuple[str, Any]]) -> Doomed:
        """Return the rest."""
        return _doomed(
            reference
            for references in self.by_class.values()
            for reference in references
            if _key_of(reference) not in keys
        )


def doomed_by_class(cls: Any, raws: Iterable[Mapping[str, Any]]) -> Doomed:
    """Return references to stored documents.

    Args:
        cls: class they were found as.
        raws: their keys, and the names of their classes where these are stored.
    """
    return _doomed(
        BaseLazyReference(find_document(raw.get("_cls", "")) or cls, raw["_id"]) for raw in raws
    )


def doomed_documents(documents: Iterable[Any]) -> Doomed:
    """Return references to loaded documents."""
    return _doomed(BaseLazyReference(type(document), document.pk) for document in documents)


def _doomed(references: Iterable[BaseLazyReference]) -> Doomed:
    by_class: dict[Any, list[BaseLazyReference]] = {}
    keys = set()
    for reference in references:
        by_class.setdefault(reference.document_type, []).append(reference)
        keys.add(_key_of(reference))
    return Doomed(by_class, frozenset(keys))


def _key_of(reference: BaseLazyReference) -> tuple[str, Any]:
    key = reference.id
    return reference.collection, key if isinstance(key, Hashable) else _Unhashable(key)


class _Unhashable:
    """A key that is a dict, for sets of keys."""

    __slots__ = ("encoded", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self.encoded = encode_bson({"": value})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unhashable) and self.encoded == other.encoded

    def __hash__(self) -> int:
        return hash(self.encoded)


def keys_in(collection: str, keys: Iterable[tuple[str, Any]]) -> list[Any]:
    """Return the keys in one collection, as they are stored."""
    return [
        key.value if isinstance(key, _Unhashable) else key
        for name, key in keys
        if name == collection
    ]
