"""Every option with every verb it acts on: both colours send and leave the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from bson import json_util
from pymongo import ReadPreference
from pymongo.errors import OperationFailure

from mongoengine.connection import (
    _clear_session,
    _set_session,
    connect,
    connect_async,
    disconnect,
    disconnect_async,
)
from mongoengine.document import Document
from mongoengine.errors import OperationError
from mongoengine.fields import IntField, ListField, StringField
from tests.commands import CommandLog

DATABASE = "options_by_verb"
ALIAS = "options by verb"

Chain = Callable[[Any], Any]


class Thing(Document):
    meta = {
        "db_alias": ALIAS,
        "collection": "things",
        "auto_create_index": False,
    }

    key = IntField(primary_key=True)
    n = IntField(db_field="number")
    text = StringField()
    tags = ListField(StringField(), db_field="t")


STORED = [
    {"_id": n, "number": n, "text": text, "t": [text, "all"]}
    for n, text in enumerate(["apple", "Apple", "pear", "Pear", "plum"])
]


class Both:
    """Both clients, and what was sent through them."""

    log = CommandLog()
    clients: dict[str, Any] = {}


@pytest_asyncio.fixture(scope="module", autouse=True)
async def both(mongodb_uri: str) -> AsyncIterator[None]:
    settings: dict[str, Any] = {
        "alias": ALIAS,
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        "appname": "options by verb",
        "event_listeners": [Both.log],
    }
    client = connect(DATABASE, **settings)
    Both.clients = {"": client, "async_": await connect_async(DATABASE, **settings)}
    client.drop_database(DATABASE)
    client[DATABASE].things.create_index("text", name="by_text")
    yield
    client.drop_database(DATABASE)
    disconnect(ALIAS)
    await disconnect_async(ALIAS)


MAP = "function() { emit(this[~text].toLowerCase(), this[~n]); }"
REDUCE = "function(key, values) { return Array.sum(values); }"
JSON = json_util.JSONOptions(json_mode=json_util.JSONMode.RELAXED)

# Verb, its arguments, the command it sends.
READS: dict[str, tuple[tuple[Any, ...], dict[str, Any], str]] = {
    "to_list": ((), {}, "find"),
    "first": ((), {}, "find"),
    "get": ((), {"n": 2}, "find"),
    "exists": ((), {}, "find"),
    "values": (("n", "text"), {}, "find"),
    "values_list": (("n",), {}, "find"),
    "select_related": ((), {}, "find"),
    "distinct": (("tags",), {}, "distinct"),
    "count": ((), {}, "aggregate"),
    "aggregate": (([{"$project": {"number": 1}}],), {}, "aggregate"),
    "sum": (("n",), {}, "aggregate"),
    "average": (("n",), {}, "aggregate"),
    "item_frequencies": (("tags",), {}, "mapReduce"),
    "map_reduce": ((MAP, REDUCE, "inline"), {}, "mapReduce"),
    "explain": ((), {}, "explain"),
    "in_bulk": (([3, 1, 9],), {}, "find"),
    "with_id": ((3,), {}, "find"),
    "to_json": ((), {"json_options": JSON}, "find"),
}
WRITES: dict[str, tuple[tuple[Any, ...], dict[str, Any], str]] = {
    "update": ((), {"inc__n": 10}, "update"),
    "update_one": ((), {"set__text": "new"}, "update"),
    "modify": ((), {"inc__n": 10, "new": True}, "findAndModify"),
    "upsert_one": ((), {"inc__n": 10}, "findAndModify"),
    "delete": ((), {}, "delete"),
}
VERBS = {**READS, **WRITES}

FINDS = [verb for verb, (_, _, command) in READS.items() if command == "find"]
PIPELINES = ["aggregate", "sum", "average"]
MAP_REDUCES = ["item_frequencies", "map_reduce"]
ALL = list(VERBS)
# `get` has a filter of its own, and `with_id` takes none.
FILTERED = [verb for verb in ALL if verb not in ("get", "with_id")]

# Option, how it is asked for, what is sent for it, the verbs that send it.
OPTIONS: dict[str, tuple[Chain, dict[str, Any], list[str]]] = {
    "hint": (
        lambda q: q.hint("by_text"),
        {"hint": "by_text"},
        [verb for verb in ALL if verb not in ("distinct", "in_bulk", *MAP_REDUCES)],
    ),
    "collation": (
        lambda q: q(text="APPLE").collation({"locale": "en", "strength": 2}),
        {"collation.strength": 2},
        [verb for verb in FILTERED if verb != "in_bulk"],
    ),
    "comment": (lambda q: q.comment("why"), {"comment": "why"}, ALL),
    "time limit": (
        lambda q: q.max_time_ms(50_000),
        {"maxTimeMS": 50_000},
        [*READS, "modify", "upsert_one"],
    ),
    "read concern": (
        lambda q: q.read_concern({"level": "majority"}),
        {"readConcern.level": "majority"},
        [verb for verb in READS if verb not in MAP_REDUCES],
    ),
    "read preference": (
        lambda q: q.read_preference(ReadPreference.SECONDARY_PREFERRED),
        {"$readPreference.mode": "secondaryPreferred"},
        list(READS),
    ),
    "batch size": (
        lambda q: q.batch_size(3),
        {"batchSize": 3},
        [verb for verb in FINDS if verb != "exists"],
    ),
    "disk use": (
        lambda q: q.allow_disk_use(True),
        {"allowDiskUse": True},
        [*FINDS, *PIPELINES],
    ),
    "order": (
        lambda q: q.order_by("-n"),
        {"sort.number": -1},
        [
            *("to_list", "first", "values", "values_list", "select_related"),
            *("explain", "to_json", "modify", "upsert_one"),
        ],
    ),
    "filter": (lambda q: q(text__in=["pear", "plum"]), {}, FILTERED),
    "javascript": (
        lambda q: q.where("this[~n] >= 2"),
        {},
        [v for v in ALL if v not in (*PIPELINES, *MAP_REDUCES, "with_id")],
    ),
    "window": (lambda q: q[1:3], {}, FILTERED),
    "projection": (lambda q: q.only("n"), {}, ALL),
    "dicts": (lambda q: q.as_pymongo(), {}, ALL),
    "values": (lambda q: q.scalar("n"), {}, ALL),
    "no cache": (lambda q: q.no_cache(), {}, ALL),
    "nothing": (lambda q: q.none(), {}, FILTERED),
    "all of them": (
        lambda q: q(n__lt=4).hint("_id_").comment("why").max_time_ms(50_000).order_by("n"),
        {"comment": "why"},
        # An ordered map/reduce takes three commands (see tests/_async/test_javascript.py).
        [verb for verb in ALL if verb not in ("map_reduce", "with_id")],
    ),
}

PAIRS = [
    pytest.param(option, verb, id=f"{option}-{verb}")
    for option, (_, _, verbs) in OPTIONS.items()
    for verb in verbs
]


def comparable(result: Any) -> Any:
    """Return a result in a form that compares value by value."""
    if isinstance(result, Document):
        return type(result), result.to_mongo().to_dict()
    if isinstance(result, (list, tuple)):
        return [comparable(item) for item in result]
    if isinstance(result, dict):
        return {key: comparable(value) for key, value in result.items()}
    return result


def sent() -> list[tuple[str, dict[str, Any]]]:
    """Return the commands, without what tells sessions apart."""
    left_out = ("lsid", "$clusterTime", "txnNumber", "getMore")
    return [
        (name, {key: value for key, value in command.items() if key not in left_out})
        for name, command in Both.log.sent
    ]


async def run(colour: str, verb: str, chain: Chain) -> tuple[Any, Any, Any]:
    """Return what a verb gives, sends and leaves behind."""
    things = Both.clients[""][DATABASE].things
    things.delete_many({})
    things.insert_many(STORED)
    args, kwargs, _ = VERBS[verb]
    queryset = chain(Thing.objects)
    Both.log.clear()
    result = getattr(queryset, f"{colour}{verb}")(*args, **kwargs)
    if verb == "map_reduce":
        found = [one async for one in result] if colour else list(result)
        result = sorted((one.key, one.value) for one in found)
    elif colour:
        result = await result
    if verb == "explain":
        # The rest is how long it took.
        result = result["queryPlanner"]["winningPlan"]
    if verb == "aggregate":
        result = [raw async for raw in result] if colour else list(result)
    if verb == "values_list" and not colour:
        result = list(result)
    commands = sent()
    return comparable(result), commands, list(things.find(sort=[("_id", 1)]))


def at(command: Any, path: str) -> Any:
    for key in path.split("."):
        command = command.get(key) if key in command else None
        if command is None:
            return None
    return command


@pytest.mark.parametrize(("option", "verb"), PAIRS)
async def test_an_option_acts_alike_on_a_verb_in_both_colours(option: str, verb: str) -> None:
    chain, expected, _ = OPTIONS[option]

    result, commands, left = await run("", verb, chain)
    async_result, async_commands, async_left = await run("async_", verb, chain)

    assert async_result == result
    assert async_commands == commands
    assert async_left == left
    if verb in READS or option == "nothing":
        assert left == STORED
    elif option != "javascript":
        assert left != STORED
    for path, value in expected.items():
        (command,) = [command for name, command in commands if name != "getMore"]
        holder = next((command[part][0] for part in ("updates", "deletes") if part in command), {})
        holder = command.get("explain", holder)
        assert value in (at(command, path), at(holder, path))


@pytest.mark.parametrize("verb", [verb for verb in FILTERED if verb != "explain"])
async def test_a_queryset_of_nothing_touches_nothing(verb: str) -> None:
    for chain in (
        lambda q: q.none(),
        lambda q: q.none().filter(n=1).order_by("n"),
        lambda q: q[:0],
    ):
        for colour in ("", "async_"):
            result, commands, left = await run(colour, verb, chain)

            assert left == STORED
            assert not result or (verb, result) == ("to_json", "[]")
            names = [name for name, _ in commands]
            # What is ordered is left in a collection of its own for a moment.
            assert names in ([], ["aggregate"], ["mapReduce"], ["mapReduce", "find", "drop"])


@pytest.mark.parametrize("verb", [verb for verb in ALL if verb != "with_id"])
async def test_a_javascript_condition_counts_or_is_refused(verb: str) -> None:
    def chain(queryset: Any) -> Any:
        return queryset.where("this[~n] == 2")

    for colour in ("", "async_"):
        if verb in (*PIPELINES, *MAP_REDUCES):
            with pytest.raises(OperationError, match="where"):
                await run(colour, verb, chain)
            assert Both.log.names == []
            continue
        result, _, left = await run(colour, verb, chain)
        unmatched = [raw for raw in STORED if raw["_id"] != 2]
        assert [raw for raw in left if raw["_id"] != 2] == unmatched
        changed = [raw for raw in left if raw["_id"] == 2] != [STORED[2]]
        assert changed is (verb in WRITES)
        if verb == "count":
            assert result == 1


@pytest.mark.parametrize("verb", ALL)
async def test_the_session_goes_along_in_both_colours(verb: str) -> None:
    for colour, client in Both.clients.items():
        session = client.start_session()
        session_id = session.session_id
        _set_session(session)
        try:
            _, commands, _ = await run(colour, verb, lambda q: q)
            sessions = [command["lsid"] for _, command in Both.log.sent[: len(commands)]]
        finally:
            _clear_session()
            ending = session.end_session()
            if colour:
                await ending
        assert commands
        assert sessions == [session_id] * len(commands)


async def run_in_shell(colour: str, queryset: Any) -> None:
    """Have a queryset send a function to the server's shell."""
    called = getattr(queryset, f"{colour}exec_js")(
        "function(name) { return this[~n]; }", "n", factor=2
    )
    if colour:
        await called


@pytest.mark.parametrize("option", OPTIONS)
async def test_a_function_for_the_shell_is_sent_alike_in_both_colours(option: str) -> None:
    chain, _, _ = OPTIONS[option]
    commands = {}
    for colour in Both.clients:
        Both.log.clear()
        # Servers since MongoDB 4.2 refuse the command, so what was sent is all there is to see.
        with pytest.raises(OperationFailure, match="eval"):
            await run_in_shell(colour, chain(Thing.objects))
        commands[colour] = sent()

    assert commands[""] == commands["async_"]
    ((name, command),) = commands[""]
    assert name == "eval"
    assert str(command["eval"]) == 'function(name) { return this["number"]; }'
    assert command["args"] == ["number"]
    assert command["eval"].scope["options"] == {"factor": 2}
