"""Keywords of queries and updates resolved against a document class, and remembered.

Model floor. Taking ``author__name__gt`` apart and looking its fields up costs far more than
using it, so the outcome (a *plan*) is kept on the document class it was made for. Plans are
dropped when any class or field changes (`mongoengine.base.schema`).
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, TypeGuard

from mongoengine.base import schema
from mongoengine.errors import InvalidQueryError

__all__ = ("KeyPlans", "QueryField", "is_field", "last_field", "look_up", "plans_of", "remember")

# Keys of dict fields are part of the keyword, so there is no natural end to their number.
_MOST_PLANS = 1024

_ATTRIBUTE = "_key_plans"


class QueryField(Protocol):
    """What the query language asks of a field."""

    #: What the field holds as far as queries care: "" (nothing special), "list", "embedded",
    #: "geo_json", "generic_reference" or "cached_reference".
    query_kind: ClassVar[str]
    db_field: str
    required: bool
    _geo_index: Any

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Convert a value used with an operator."""

    def to_mongo(self, value: Any) -> Any:
        """Convert a value to the one that is stored."""


class KeyPlans:
    """The plans of one document class, valid for one generation of the schema."""

    __slots__ = ("generation", "query", "update")

    def __init__(self, generation: int) -> None:
        self.generation = generation
        self.query: dict[str, Any] = {}
        self.update: dict[str, Any] = {}


_WITHOUT_CLASS = KeyPlans(0)


def plans_of(document_class: Any) -> KeyPlans:
    """Return what is remembered for a document class; None stands for "no class"."""
    if document_class is None:
        return _WITHOUT_CLASS
    generation = schema.generation.number
    if not isinstance(document_class, type):
        return KeyPlans(generation)
    # Not inherited: a subclass resolves names its base does not know. Not a weak dictionary
    # either: a plan holds fields, which hold their class.
    plans = document_class.__dict__.get(_ATTRIBUTE)
    if plans is None or plans.generation != generation:
        plans = KeyPlans(generation)
        setattr(document_class, _ATTRIBUTE, plans)
    return plans


def remember(
    plans: dict[str, Any], key: str, plan: Any, document_class: Any, first_name: str
) -> None:
    """Keep a plan, unless its path starts with a field that a dynamic document made up."""
    dynamic = getattr(document_class, "_dynamic", False)
    if dynamic and first_name not in document_class._fields and first_name != "pk":
        return
    if len(plans) >= _MOST_PLANS:
        plans.clear()
    plans[key] = plan


def look_up(document_class: Any, names: list[str]) -> list[QueryField | str]:
    """Resolve a path of attribute names into fields.

    Returns:
        A field for every name; the name itself where there is none (a position in a list, the
        key of a dict).

    Raises:
        InvalidQueryError: The path does not lead anywhere.
    """
    try:
        return list(document_class._lookup_field(names))
    except Exception as error:
        # Every failure here means a wrong keyword, whatever stumbled over it.
        raise InvalidQueryError(str(error)) from error


def is_field(step: QueryField | str) -> TypeGuard[QueryField]:
    """Tell a field of a resolved path from a bare name."""
    return not isinstance(step, str)


def last_field(steps: list[QueryField | str]) -> QueryField | None:
    """Return the innermost field of a resolved path: the one that converts values."""
    return next((step for step in reversed(steps) if is_field(step)), None)
