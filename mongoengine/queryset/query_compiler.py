"""Keyword filters compiled into MongoDB filters.

Model floor, pure. A keyword becomes a `QueryPlan` once per document class; applying a plan to
a value gives a path and a condition; conditions on the same path are merged.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from bson import DBRef, ObjectId

from mongoengine.errors import InvalidQueryError
from mongoengine.queryset.geo import geo_operator, place_distances
from mongoengine.queryset.keys import QueryField, last_field, look_up, plans_of, remember
from mongoengine.queryset.operands import without_operators
from mongoengine.queryset.operators import (
    COMPARISON_OPERATORS,
    ELEMENT_OPERATORS,
    GEO_OPERATORS,
    ITERABLE_OPERATORS,
    MATCH_OPERATORS,
    SINGLE_VALUE_OPERATORS,
    STRING_OPERATORS,
)

__all__ = ("compile_query", "handle_raw_query", "prepare_iterable")

_MATCH = frozenset(MATCH_OPERATORS)
_GEO = frozenset(GEO_OPERATORS)
_STRING = frozenset(STRING_OPERATORS)

_OPERATORS_TEXT = "`in`, `nin`, `all`, or `near`-operators"

Conversion = Callable[[Any], Any]


def compile_query(document_class: Any, conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Compile keyword conditions into a filter.

    Args:
        document_class: The class the keywords speak of; None takes the names as they are.
        conditions: Keyword and value, as in ``filter(age__gt=3)``. ``__raw__`` holds a
            MongoDB filter to merge in.

    Raises:
        InvalidQueryError: A keyword does not name a field or operator.
    """
    compiled: dict[str, Any] = {}
    alternatives: dict[str, list[Any]] = {}
    plans = plans_of(document_class).query
    for key in sorted(conditions):
        if key == "__raw__":
            handle_raw_query(conditions[key], compiled)
            continue
        plan = plans.get(key)
        if plan is None:
            plan = _make_plan(document_class, key, plans)
        path, condition = plan.apply(conditions[key])
        if path not in compiled:
            compiled[path] = condition
        elif _can_share_a_dict(compiled[path], condition):
            # A new dict: the present one may belong to the user.
            compiled[path] = place_distances({**compiled[path], **condition})
        else:
            alternatives.setdefault(path, []).append(condition)
    if alternatives:
        _combine(compiled, alternatives)
    return compiled


def _can_share_a_dict(one: Any, other: Any) -> bool:
    """Tell whether two conditions can stand in one dict: neither would hide part of the other."""
    return isinstance(one, dict) and isinstance(other, dict) and not one.keys() & other.keys()


def handle_raw_query(value: Mapping[str, Any], mongo_query: dict[str, Any]) -> None:
    """Merge a MongoDB filter into a compiled one, which is changed.

    What is there stays; where both have a dict under a key, the dicts are united.
    """
    for key, condition in value.items():
        if key not in mongo_query:
            mongo_query[key] = condition
        elif isinstance(mongo_query[key], dict):
            mongo_query[key] = {**mongo_query[key], **condition}


def prepare_iterable(field: QueryField, op: str | None, value: Any) -> list[Any]:
    """Convert every item of a value used with ``in``, ``nin``, ``all`` or ``near``.

    Raises:
        TypeError: The value is a document or cannot be iterated over.
    """
    if hasattr(type(value), "_class_name"):
        # A document can be iterated over, but that gives the names of its fields.
        raise TypeError(
            f"When using the {_OPERATORS_TEXT} you can't use a `Document`, "
            "you must wrap your object in a list (object -> [object])."
        )
    if not hasattr(value, "__iter__"):
        raise TypeError(f"The {_OPERATORS_TEXT} must be applied to an iterable (e.g. a list).")
    convert = without_operators(field, functools.partial(field.prepare_query_value, op))
    return [convert(item) for item in value]


def _combine(compiled: dict[str, Any], alternatives: dict[str, list[Any]]) -> None:
    """Move paths with several conditions into ``$and``, the one that came first last."""
    clauses: list[dict[str, Any]] = []
    for path, conditions in alternatives.items():
        clauses.extend({path: condition} for condition in conditions)
        clauses.append({path: compiled.pop(path)})
    compiled["$and"] = [*compiled.get("$and", ()), *clauses]


class QueryPlan:
    """What to do with the value of one keyword.

    Attributes:
        path: Where the condition applies, in names of the database.
        convert: Turns the user's value into a stored one; None leaves it.
        suffix: Gives the part of the path that depends on the value.
        symbol: The MongoDB operator the value is put under.
        wrap: Builds the condition where that takes more than a symbol.
        negate: Put the condition under ``$not``.
    """

    __slots__ = ("convert", "negate", "path", "suffix", "symbol", "wrap")

    def __init__(
        self,
        path: str,
        *,
        convert: Conversion | None = None,
        suffix: Callable[[Any], str] | None = None,
        symbol: str | None = None,
        wrap: Conversion | None = None,
        negate: bool = False,
    ) -> None:
        self.path = path
        self.convert = convert
        self.suffix = suffix
        self.symbol = symbol
        self.wrap = wrap
        self.negate = negate

    def apply(self, value: Any) -> tuple[str, Any]:
        """Return path and condition for a value."""
        path = self.path
        if self.convert is not None:
            value = self.convert(value)
        if self.suffix is not None:
            path += self.suffix(value)
        if self.symbol is not None:
            value = {self.symbol: value}
        elif self.wrap is not None:
            value = self.wrap(value)
        if self.negate:
            value = {"$not": value}
        return path, value


def _make_plan(document_class: Any, key: str, plans: dict[str, QueryPlan]) -> QueryPlan:
    """Return the plan for a keyword, and keep it among the others."""
    names, positions, op, negate = _parse(key)
    if document_class is None:
        plan = _plan_without_class(_path(names, positions), op, negate)
        remember(plans, key, plan, document_class, key)
        return plan
    steps = look_up(document_class, names)
    field = last_field(steps)
    if field is None:
        raise InvalidQueryError(f'Cannot resolve field "{key}"')
    path = _path([step if isinstance(step, str) else step.db_field for step in steps], positions)
    suffix = None
    if steps[-1] is field and type(field).query_kind == "cached_reference":
        path += "._id"
    elif steps[-1] is field and type(field).query_kind == "generic_reference":
        suffix = functools.partial(_generic_reference_suffix, document_class, op)
    plan = QueryPlan(
        path,
        convert=_conversion(field, op),
        suffix=suffix,
        symbol=_symbol(op),
        wrap=_wrapping(field, op),
        negate=negate,
    )
    remember(plans, key, plan, document_class, names[0])
    return plan


def _path(names: list[str], positions: list[tuple[int, str]]) -> str:
    """Join database names, with the positions in lists put back where they were."""
    parts = list(names)
    for index, digits in positions:
        parts.insert(index, digits)
    return ".".join(parts)


def _parse(key: str) -> tuple[list[str], list[tuple[int, str]], str | None, bool]:
    """Take a keyword apart into names, list positions, operator and negation."""
    parts = key.split("__")
    positions = [(index, part) for index, part in enumerate(parts) if part.isdigit()]
    names = [part for part in parts if not part.isdigit()]
    op = None
    if len(names) > 1 and names[-1] in _MATCH:
        op = names.pop()
    if len(names) > 1 and not names[-1]:
        # `item__type__` means the field "type", not the operator.
        names.pop()
    negate = len(names) > 1 and names[-1] == "not"
    if negate:
        names.pop()
    return names, positions, op, negate


def _plan_without_class(path: str, op: str | None, negate: bool) -> QueryPlan:
    if op in _GEO:
        raise InvalidQueryError(
            f'The operator "{op}" on "{path}" depends on the kind of field: '
            "compile the query for a document class"
        )
    symbol = "$elemMatch" if op in ELEMENT_OPERATORS else _symbol(op)
    return QueryPlan(path, symbol=symbol, negate=negate)


def _symbol(op: str | None) -> str | None:
    """Return the MongoDB operator whose operand is the converted value, if that is all."""
    if op is None or op in _STRING or op in _GEO or op in ELEMENT_OPERATORS:
        return None
    return f"${op}"


def _conversion(field: QueryField, op: str | None) -> Conversion | None:
    if op in SINGLE_VALUE_OPERATORS:
        prepare: Conversion = functools.partial(field.prepare_query_value, op)
        if op not in COMPARISON_OPERATORS or op == "not":
            # What is compared (`$gt`) is a value to the server, whatever it looks like.
            prepare = without_operators(field, prepare)
        if type(field).query_kind == "cached_reference":
            return functools.partial(_id_of_cached, prepare)
        return prepare
    if op in ITERABLE_OPERATORS:
        return functools.partial(_items_unless_dict, field, op)
    return None


def _id_of_cached(prepare: Conversion, value: Any) -> Any:
    """Reduce a cached copy of a document to the id that queries compare."""
    stored = prepare(value)
    return stored["_id"] if stored else stored


def _items_unless_dict(field: QueryField, op: str | None, value: Any) -> Any:
    # A dict is a condition in MongoDB's own words (`$geometry`).
    return value if isinstance(value, dict) else prepare_iterable(field, op, value)


def _wrapping(field: QueryField, op: str | None) -> Conversion | None:
    if op in _GEO:
        return functools.partial(geo_operator, field, op)
    if op in ELEMENT_OPERATORS:
        return functools.partial(_element_condition, field, op)
    return None


def _element_condition(field: QueryField, op: str | None, value: Any) -> dict[str, Any]:
    """Return the condition that one element of a list must meet."""
    item: Any = getattr(field, "field", None)
    if (
        isinstance(value, dict)
        and type(field).query_kind == "list"
        and getattr(item, "query_kind", "") == "embedded"
    ):
        return {"$elemMatch": compile_query(item.document_type, value)}
    return {"$elemMatch": field.prepare_query_value(op, value)}


def _generic_reference_suffix(document_class: Any, op: str | None, value: Any) -> str:
    """Return which part of a stored ``{_cls, _ref}`` a value is compared with.

    Raises:
        ValueError: The values are not all of one kind.
    """
    if op in ITERABLE_OPERATORS and isinstance(value, (list, tuple)):
        if all(isinstance(item, DBRef) for item in value):
            return "._ref"
        if all(isinstance(item, ObjectId) for item in value):
            return "._ref.$id"
        if all(isinstance(item, (DBRef, ObjectId)) for item in value):
            raise ValueError(
                f"The {_OPERATORS_TEXT} cannot be applied to mixed queries of "
                f"DBRef/ObjectId/{document_class.__name__}"
            )
        return ""
    if isinstance(value, DBRef):
        return "._ref"
    return "._ref.$id" if isinstance(value, ObjectId) else ""
