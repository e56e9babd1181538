"""Keyword updates compiled into MongoDB update documents.

Model floor, pure. As with queries, a keyword becomes an `UpdatePlan` once per document class;
applying a plan to a value gives an update operator, a path and an operand.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from mongoengine.errors import InvalidQueryError
from mongoengine.queryset.keys import (
    QueryField,
    is_field,
    last_field,
    look_up,
    plans_of,
    remember,
)
from mongoengine.queryset.operands import without_operators
from mongoengine.queryset.operators import (
    COMPARISON_OPERATORS,
    MONGO_UPDATE_NAMES,
    UPDATE_OPERATORS,
)
from mongoengine.queryset.query_compiler import handle_raw_query, prepare_iterable

__all__ = ("compile_update",)

_COMPARISON = frozenset(COMPARISON_OPERATORS)

Conversion = Callable[[Any], Any]


def compile_update(document_class: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Compile keyword changes into an update document.

    Args:
        document_class: The class the keywords speak of; None takes the names as they are.
        changes: Keyword and value, as in ``update(push__tags="x")``. ``__raw__`` holds a
            MongoDB update document to merge in.

    Raises:
        InvalidQueryError: A keyword does not name a field, or lacks its operator.
    """
    compiled: dict[str, Any] = {}
    plans = plans_of(document_class).update
    for key, value in changes.items():
        if key == "__raw__":
            handle_raw_query(_copied(value), compiled)
            continue
        plan = plans.get(key)
        if plan is None:
            plan = _make_plan(document_class, key, plans)
        operand = plan.operand(value)
        present = compiled.get(plan.symbol)
        if present is None:
            compiled[plan.symbol] = {plan.path: operand}
        else:
            present[plan.path] = operand
    return compiled


def _copied(raw: Mapping[str, Any]) -> dict[str, Any]:
    # The inner dicts receive the other keywords' changes; the user's stay as they are.
    return {
        name: {**change} if isinstance(change, dict) else change for name, change in raw.items()
    }


class UpdatePlan:
    """What to do with the value of one keyword.

    Attributes:
        symbol: The MongoDB update operator.
        path: Where it applies, in names of the database.
        convert: Turns the user's value into a stored one; None leaves it.
        negate: Use the negative value (``dec``).
        match: Comparison the value is put under (``pull__age__gt``).
        shape: Builds the operand from the converted value.
    """

    __slots__ = ("convert", "match", "negate", "path", "shape", "symbol")

    def __init__(self, symbol: str, path: str) -> None:
        self.symbol = symbol
        self.path = path
        self.convert: Conversion | None = None
        self.negate = False
        self.match: str | None = None
        self.shape: Conversion | None = None

    def operand(self, value: Any) -> Any:
        """Return what the update operator gets for a value."""
        if self.negate:
            value = -value
        if self.convert is not None:
            value = self.convert(value)
        if self.match is not None:
            value = {self.match: value}
        return value if self.shape is None else self.shape(value)


def _make_plan(document_class: Any, key: str, plans: dict[str, UpdatePlan]) -> UpdatePlan:
    """Return the plan for a keyword, and keep it among the others."""
    word, names, match = _parse(key)
    steps: list[QueryField | str] = list(names)
    if document_class is not None:
        steps = look_up(document_class, names)
    field = last_field(steps)
    if word is None:
        if key.count("__") > 1:
            raise InvalidQueryError(
                f'The update keyword "{key}" needs an operator, as in "set__{key}"'
            )
        word = "set"
    if not steps or (document_class is not None and field is None):
        raise InvalidQueryError(f'The update keyword "{key}" does not name a field')

    operator = MONGO_UPDATE_NAMES.get(word, word)
    parts = _database_names(steps, positional=document_class is not None)
    plan = UpdatePlan(f"${operator}", ".".join(parts))
    plan.negate = word == "dec"
    plan.match = match and f"${match}"
    if field is not None:
        plan.convert = _conversion(field, operator, match)
    _set_shape(plan, operator, parts, steps)
    remember(plans, key, plan, document_class, names[0])
    return plan


def _parse(key: str) -> tuple[str | None, list[str], str | None]:
    """Take a keyword apart into MongoEngine's operator, names and comparison."""
    names = key.split("__")
    word = names.pop(0) if names[0] in UPDATE_OPERATORS else None
    match = None
    if len(names) > 1 and names[-1] in _COMPARISON:
        match = names.pop()
    if len(names) > 1 and not names[-1]:
        # `set__item__type__` means the field "type", not the comparison.
        names.pop()
    return word, names, match


def _database_names(steps: list[QueryField | str], *, positional: bool) -> list[str]:
    """Return the parts of a path; ``S`` is the keyword's way to write ``$``."""
    names = []
    for step in steps:
        if not isinstance(step, str):
            names.append(step.db_field)
        else:
            names.append("$" if positional and step == "S" else step)
    return names


# Values


def _conversion(field: QueryField, operator: str, match: str | None) -> Conversion | None:
    if operator == "unset":
        return _one
    convert = _field_conversion(field, operator, match)
    if operator == "pull" and match is None and convert is not None:
        # The only update operator whose operand may be a condition.
        convert = without_operators(field, convert)
    if type(field).query_kind != "geo_json":
        return convert
    if convert is None:
        return field.to_mongo
    return lambda value: convert(field.to_mongo(value))


def _field_conversion(field: QueryField, operator: str, match: str | None) -> Conversion | None:
    if operator == "inc":
        return functools.partial(field.prepare_query_value, operator)
    if operator in ("pushAll", "pullAll"):
        return functools.partial(_items, field, operator)
    if operator in ("push", "addToSet", "setOnInsert"):
        return functools.partial(_value_or_items, field, operator)
    if operator == "pull" and match in ("in", "nin"):
        return functools.partial(_items_to_pull, field, operator)
    if operator in ("set", "pull"):
        return functools.partial(_value, field, operator)
    # mul, min, max, pop and rename take operands that are not values of the field.
    return None


def _one(value: Any) -> int:
    return 1


def _value(field: QueryField, operator: str, value: Any) -> Any:
    if value is None and not field.required:
        return None
    return field.prepare_query_value(operator, value)


def _items(field: QueryField, operator: str, value: Any) -> list[Any]:
    return [field.prepare_query_value(operator, item) for item in value]


def _value_or_items(field: QueryField, operator: str, value: Any) -> Any:
    if isinstance(value, (list, tuple, set)):
        return _items(field, operator, value)
    return _value(field, operator, value)


def _items_to_pull(field: QueryField, operator: str, value: Any) -> Any:
    if value is None and not field.required:
        return None
    return prepare_iterable(field, operator, value)


# Shapes of operands


def _set_shape(
    plan: UpdatePlan, operator: str, parts: list[str], steps: list[QueryField | str]
) -> None:
    """Decide path and operand of the operators that are more than ``{path: value}``."""
    if operator in ("push", "pushAll"):
        # The server removed $pushAll; $push with $each says the same.
        plan.symbol = "$push"
        if len(parts) > 1 and parts[-1].isdigit():
            plan.path = ".".join(parts[:-1])
            plan.shape = functools.partial(_each_at, int(parts[-1]))
        elif operator == "pushAll":
            plan.shape = _each
    elif operator == "addToSet":
        plan.shape = _each_of_list
    elif operator == "pullAll" and len(parts) > 1:
        raise InvalidQueryError("pullAll operations only support a single field depth")
    elif operator == "pull" and len(parts) > 1:
        length = _length_to_list(steps)
        plan.path = ".".join(parts[:length])
        if parts[length:]:
            plan.shape = functools.partial(_nested, parts[length:])


def _each(value: Any) -> dict[str, Any]:
    return {"$each": list(value) if isinstance(value, (list, tuple, set)) else [value]}


def _each_at(position: int, value: Any) -> dict[str, Any]:
    return {**_each(value), "$position": position}


def _each_of_list(value: Any) -> Any:
    return {"$each": value} if isinstance(value, list) else value


def _nested(names: list[str], value: Any) -> Any:
    for name in reversed(names):
        value = {name: value}
    return value


def _length_to_list(steps: list[QueryField | str]) -> int:
    """Count the parts of a path up to the innermost list, which ``$pull`` applies to.

    The rest is a condition on the elements. A list may be reached by a position or key
    rather than by a field of its own (``MapField(ListField(...))``). Without any list, the
    path is the first part.
    """
    length = 1
    for index, step in enumerate(steps):
        depth = index
        inner: Any = step if is_field(step) else None
        while inner is not None and depth < len(steps):
            if getattr(inner, "query_kind", "") == "list":
                length = max(length, depth + 1)
            depth += 1
            if depth < len(steps) and is_field(steps[depth]):
                break
            inner = getattr(inner, "field", None)
    return length
