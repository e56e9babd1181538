"""Map/reduce: the command, where its output goes, and what is read back.

Model floor, pure.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from bson.code import Code

from mongoengine.errors import OperationError
from mongoengine.queryset.aggregation import match_of
from mongoengine.queryset.javascript import NOTHING

__all__ = ("MapReduceOutput", "map_reduce_command", "output_of", "read_preference_for")

_ACTIONS = ("replace", "merge", "reduce")
_PASSED_ON = ("sharded", "nonAtomic")


class MapReduceOutput(NamedTuple):
    """Where the results go.

    Attributes:
        out: the option of the command.
        collection: name of the collection they are read from; None when the answer has them.
        database: name of its database; None for that of the documents.
        temporary: the collection is of no use afterwards.
    """

    out: Any
    collection: str | None = None
    database: str | None = None
    temporary: bool = False


def output_of(queryset: Any, output: Any, database: str | None = None) -> MapReduceOutput:
    """Take a user's output apart.

    Args:
        queryset: the queryset; the server sorts results in a collection only.
        output: ``"inline"``, the name of a collection, or a dict of an action
            (``replace``, ``merge`` or ``reduce``) with such a name and further options.
        database: name of the database that ``db_alias`` stands for.

    Raises:
        OperationError: a dict names no action, or the output is of another type.
    """
    if output == "inline":
        if not queryset._ordering:
            return MapReduceOutput({"inline": 1})
        name = f"tmp.map_reduce.{uuid.uuid4().hex}"
        return MapReduceOutput({"replace": name}, name, temporary=True)
    if isinstance(output, str):
        return MapReduceOutput(output, output)
    if not isinstance(output, Mapping):
        raise OperationError("actionData not specified for output")
    action = next((action for action in _ACTIONS if output.get(action)), None)
    if action is None:
        raise OperationError("actionData not specified for output")
    database = database or output.get("db")
    out = {action: output[action], **({"db": database} if database else {})}
    out.update({name: output[name] for name in _PASSED_ON if output.get(name)})
    return MapReduceOutput(out, output[action], database)


def map_reduce_command(
    queryset: Any,
    collection: str,
    out: Any,
    functions: Mapping[str, Any],
    limit: int | None,
    scope: Mapping[str, Any] | None,
    call: str,
) -> dict[str, Any]:
    """Return the command.

    Args:
        queryset: its filter, collation, comment and time limit count.
        collection: name of the collection.
        out: see `MapReduceOutput`.
        functions: JavaScript by option: ``map``, ``reduce``, ``finalize`` (which may be None).
        limit: the most documents to look at.
        scope: values the functions see as variables.
        call: the verb it is for.

    Raises:
        OperationError: the queryset has a JavaScript condition.
    """
    query = match_of(queryset, call)
    options = queryset._write_options()
    options.pop("hint", None)  # the command has none
    if queryset._max_time_ms is not None:
        options["maxTimeMS"] = queryset._max_time_ms
    code = {
        name: Code(queryset._sub_js_fields(str(function)))
        for name, function in functions.items()
        if function is not None
    }
    # The server takes no variables with a function any more, only with the command.
    variables: dict[str, Any] = {}
    for function in functions.values():
        variables.update(getattr(function, "scope", None) or {})
    variables.update(scope or {})
    command = {
        "mapReduce": collection,
        **code,
        "query": NOTHING if queryset._finds_nothing() else query,
        "out": out,
        **options,
    }
    if variables:
        command["scope"] = variables
    if limit:
        command["limit"] = limit
    return command


def read_preference_for(collection: Any, out: Any) -> Any:
    """Return from which servers a map/reduce may read; None for the one that writes.

    Args:
        collection: the driver's collection, of either colour.
        out: see `MapReduceOutput`; results that are not inline are written.
    """
    inline = isinstance(out, Mapping) and "inline" in out
    return collection.read_preference if inline else None
