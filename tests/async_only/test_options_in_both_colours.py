"""Every option of a queryset, sent by both colours: the same commands, the same documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from pymongo import ReadPreference

from mongoengine import Q
from mongoengine.connection import connect, connect_async, disconnect, disconnect_async
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.fields import (
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)
from tests.commands import CommandLog

DATABASE = "options_in_both_colours"
ALIAS = "both colours"

Chain = Callable[[Any], Any]


class Dot(EmbeddedDocument):
    x = IntField(db_field="dx")


class Item(Document):
    meta = {
        "db_alias": ALIAS,
        "collection": "option_items",
        "ordering": ["-n"],
        "indexes": ["$text", {"fields": ["n"], "name": "by_n"}],
    }

    key = IntField(primary_key=True)
    n = IntField(db_field="number")
    text = StringField()
    tags = ListField(StringField(), db_field="t")
    dot = EmbeddedDocumentField(Dot, db_field="d")
    dots = EmbeddedDocumentListField(Dot, db_field="ds")


ITEMS = [
    {
        "_id": n,
        "number": n,
        "text": text,
        "t": [f"t{n}", f"t{n + 1}"],
        "d": {"dx": n * 10},
        "ds": [{"dx": n}, {"dx": 9}],
    }
    for n, text in enumerate(["apple", "Banana pie", "apple pie", "cherry", "Apple Pie"])
]


@pytest_asyncio.fixture(scope="module", autouse=True)
async def both(mongodb_uri: str) -> AsyncIterator[None]:
    log = CommandLog()
    settings: dict[str, Any] = {
        "alias": ALIAS,
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        "appname": "options",
        "event_listeners": [log],
    }
    client = connect(DATABASE, **settings)
    await connect_async(DATABASE, **settings)
    client.drop_database(DATABASE)
    Item.ensure_indexes()
    client[DATABASE].option_items.insert_many(ITEMS)
    Logs.log = log
    yield
    client.drop_database(DATABASE)
    disconnect(ALIAS)
    await disconnect_async(ALIAS)


class Logs:
    """The commands of both clients."""

    log: CommandLog


def sent(log: CommandLog) -> list[tuple[str, dict[str, Any]]]:
    """Return the commands without what differs from one session to the other."""
    left_out = ("lsid", "$clusterTime", "txnNumber", "getMore")
    return [
        (name, {key: value for key, value in command.items() if key not in left_out})
        for name in dict.fromkeys(log.names)
        for command in log.of(name)
        if name not in ("createIndexes", "killCursors", "endSessions")
    ]


def plain(results: Any) -> list[Any]:
    """Return results in a form that compares value by value, unread fields included."""
    return [
        (type(result), result.to_mongo().to_dict(), result._get_changed_fields())
        if isinstance(result, Document)
        else result
        for result in results
    ]


async def in_both_colours(chain: Chain) -> tuple[list[Any], list[tuple[str, dict[str, Any]]]]:
    """Run a queryset in both colours; return what both gave and sent."""
    Logs.log.clear()
    sync_results, sync_sent = plain(list(chain(Item.objects))), sent(Logs.log)
    Logs.log.clear()
    async_results = plain([result async for result in chain(Item.objects)])
    async_sent = sent(Logs.log)
    assert async_results == sync_results
    assert async_sent == sync_sent
    return sync_results, sync_sent


def numbers(results: list[Any]) -> list[Any]:
    return [result[1].get("number") for result in results]


# Option, what `find` is sent for it, numbers of the documents found.
FOUND: dict[str, tuple[Chain, dict[str, Any], list[int]]] = {
    "nothing": (lambda q: q, {"sort": {"number": -1}}, [4, 3, 2, 1, 0]),
    "skip": (lambda q: q.skip(3), {"skip": 3}, [1, 0]),
    "limit": (lambda q: q.limit(2), {"limit": 2}, [4, 3]),
    "limit of zero": (lambda q: q.limit(0), {}, [4, 3, 2, 1, 0]),
    "slice": (lambda q: q[1:3], {"skip": 1, "limit": 2}, [3, 2]),
    "open slice": (lambda q: q[3:], {"skip": 3}, [1, 0]),
    "order": (lambda q: q.order_by("n"), {"sort": {"number": 1}}, [0, 1, 2, 3, 4]),
    "order of embedded": (lambda q: q.order_by("dot__x"), {"sort": {"d.dx": 1}}, [0, 1, 2, 3, 4]),
    "order in the server's form": (
        lambda q: q.order_by(__raw__=[("number", 1)]),
        {"sort": {"number": 1}},
        [0, 1, 2, 3, 4],
    ),
    "filter": (lambda q: q(n__gte=3), {"filter": {"number": {"$gte": 3}}}, [4, 3]),
    "alternatives": (
        lambda q: q(Q(n=1) | Q(text="cherry")),
        {"filter": {"$or": [{"number": 1}, {"text": "cherry"}]}},
        [3, 1],
    ),
    "server's own filter": (
        lambda q: q(__raw__={"number": {"$in": [1, 2]}}),
        {"filter": {"number": {"$in": [1, 2]}}},
        [2, 1],
    ),
    "hint by name": (lambda q: q.hint("by_n"), {"hint": "by_n"}, [4, 3, 2, 1, 0]),
    "hint by keys": (
        lambda q: q.hint([("number", 1)]),
        {"hint": {"number": 1}},
        [4, 3, 2, 1, 0],
    ),
    "collation": (
        lambda q: q(text="apple pie").collation({"locale": "en", "strength": 2}),
        {"collation": {"locale": "en", "strength": 2}},
        [4, 2],
    ),
    "comment": (lambda q: q.comment("mine"), {"comment": "mine"}, [4, 3, 2, 1, 0]),
    "batch size": (lambda q: q.batch_size(2), {"batchSize": 2}, [4, 3, 2, 1, 0]),
    "time limit": (lambda q: q.max_time_ms(60_000), {"maxTimeMS": 60_000}, [4, 3, 2, 1, 0]),
    "time limit before a filter": (
        lambda q: q.max_time_ms(60_000).filter(n=1),
        {"maxTimeMS": 60_000},
        [1],
    ),
    "read concern": (
        lambda q: q.read_concern({"level": "majority"}),
        {"readConcern": {"level": "majority"}},
        [4, 3, 2, 1, 0],
    ),
    "read preference": (
        lambda q: q.read_preference(ReadPreference.SECONDARY_PREFERRED),
        {"$readPreference": {"mode": "secondaryPreferred"}},
        [4, 3, 2, 1, 0],
    ),
    "disk use": (lambda q: q.allow_disk_use(True), {"allowDiskUse": True}, [4, 3, 2, 1, 0]),
    "no timeout": (lambda q: q.timeout(False), {"noCursorTimeout": True}, [4, 3, 2, 1, 0]),
    "no cache": (lambda q: q.no_cache(), {}, [4, 3, 2, 1, 0]),
    "cache again": (lambda q: q.no_cache().cache(), {}, [4, 3, 2, 1, 0]),
    "where": (
        lambda q: q.where("this[~n] % 2 == 0"),
        {"filter": {"$where": 'this["number"] % 2 == 0'}},
        [4, 2, 0],
    ),
    "text": (
        lambda q: q.search_text("cherry"),
        {
            "filter": {"$text": {"$search": "cherry"}},
            "projection": {"_text_score": {"$meta": "textScore"}},
        },
        [3],
    ),
    "text without score": (
        lambda q: q.search_text("cherry", language="english", text_score=False),
        {"filter": {"$text": {"$search": "cherry", "$language": "english"}}},
        [3],
    ),
    "no dereferencing": (lambda q: q.no_dereference(), {}, [4, 3, 2, 1, 0]),
    "without class filter": (lambda q: q.clear_cls_query(), {"filter": {}}, [4, 3, 2, 1, 0]),
    "without subclasses": (lambda q: q.no_sub_classes(), {"filter": {}}, [4, 3, 2, 1, 0]),
    "another alias": (lambda q: q.using(ALIAS), {}, [4, 3, 2, 1, 0]),
    "a copy": (lambda q: q.all().clone(), {}, [4, 3, 2, 1, 0]),
    "everything at once": (
        lambda q: (
            q(n__gt=0)
            .order_by("-n")
            .hint("by_n")
            .comment("all")
            .batch_size(2)
            .max_time_ms(60_000)
            .collation({"locale": "en"})
            .allow_disk_use(True)
            .only("n")[1:4]
        ),
        {
            "filter": {"number": {"$gt": 0}},
            "sort": {"number": -1},
            "hint": "by_n",
            "comment": "all",
            "batchSize": 2,
            "maxTimeMS": 60_000,
            "allowDiskUse": True,
            "projection": {"number": 1},
            "skip": 1,
            "limit": 3,
        },
        [3, 2, 1],
    ),
}


# Of PyMongo 4.13; later ones say nothing.
@pytest.mark.filterwarnings("ignore:use an explicit session with no_cursor_timeout:UserWarning")
@pytest.mark.parametrize("option", FOUND)
async def test_an_option_is_sent_and_acts_in_both_colours(option: str) -> None:
    chain, expected, found = FOUND[option]

    results, commands = await in_both_colours(chain)

    assert numbers(results) == found
    name, command = commands[0]
    assert name == "find"
    assert {key: command.get(key) for key in expected if key != "collation"} == {
        key: value for key, value in expected.items() if key != "collation"
    }
    assert expected.get("collation", {}).items() <= dict(command.get("collation", {})).items()


# Option, its projection, the first result of both colours.
LOADED: dict[str, tuple[Chain, dict[str, Any] | None, Any]] = {
    "only": (lambda q: q.only("n"), {"number": 1}, {"_id": 4, "number": 4}),
    "only twice": (
        lambda q: q.only("n").only("text"),
        {"number": 1, "text": 1},
        {"_id": 4, "number": 4, "text": "Apple Pie"},
    ),
    "only embedded": (lambda q: q.only("dot.x"), {"d.dx": 1}, {"_id": 4, "d": {"dx": 40}}),
    "exclude": (
        lambda q: q.exclude("text", "tags", "dot", "dots"),
        {"text": 0, "t": 0, "d": 0, "ds": 0},
        {"_id": 4, "number": 4},
    ),
    "only then exclude": (
        lambda q: q.only("n", "text").exclude("text"),
        {"number": 1},
        {"_id": 4, "number": 4},
    ),
    "fields": (lambda q: q.fields(n=1), {"number": 1}, {"_id": 4, "number": 4}),
    "slice of a list": (
        lambda q: q.only("tags").fields(slice__tags=1),
        {"t": {"$slice": 1}},
        None,
    ),
    "match in a list": (
        lambda q: q.fields(n=1, elemMatch__dots={"dx": 9}),
        {"number": 1, "ds": {"$elemMatch": {"dx": 9}}},
        {"_id": 4, "number": 4, "ds": [{"dx": 9}]},
    ),
    "all fields again": (lambda q: q.only("n").all_fields(), None, ITEMS[4]),
}


@pytest.mark.parametrize("option", LOADED)
async def test_a_projection_is_sent_and_acts_in_both_colours(option: str) -> None:
    chain, projection, first = LOADED[option]

    results, commands = await in_both_colours(lambda q: chain(q).as_pymongo())
    documents, _ = await in_both_colours(chain)

    assert commands[0][1].get("projection") == projection
    assert len(results) == len(documents) == 5
    if first is not None:
        assert results[0] == first


# Option, the results themselves.
GIVEN: dict[str, tuple[Chain, list[Any]]] = {
    "scalar": (lambda q: q.scalar("n"), [4, 3, 2, 1, 0]),
    "several scalars": (lambda q: q[:2].scalar("n", "dot__x"), [(4, 40), (3, 30)]),
    "values_list": (lambda q: q[:2].values_list("text"), ["Apple Pie", "cherry"]),
    "as_pymongo": (lambda q: q(n=2).as_pymongo(), [ITEMS[2]]),
    "none": (lambda q: q.none(), []),
    "none stays none": (lambda q: q.none().filter(n=1).order_by("n").limit(3), []),
    "empty slice": (lambda q: q[2:2], []),
    "limit after an empty slice": (lambda q: q[2:2].limit(1).scalar("n"), [2]),
}


@pytest.mark.parametrize("option", GIVEN)
async def test_an_option_gives_the_same_in_both_colours(option: str) -> None:
    chain, expected = GIVEN[option]

    results, _ = await in_both_colours(chain)

    assert results == expected


# Verbs that end a chain: name, arguments, what they give.
ENDED: dict[str, tuple[Chain, str, tuple[Any, ...], Any]] = {
    "first": (lambda q: q.scalar("n"), "first", (), 4),
    "get": (lambda q: q(n=2).scalar("text"), "get", (), "apple pie"),
    "count": (lambda q: q(n__gt=1), "count", (), 3),
    "count of a window": (lambda q: q[1:3], "count", (True,), 2),
    "count with where": (lambda q: q.where("this[~n] < 2"), "count", (), 2),
    "exists": (lambda q: q(n=9), "exists", (), False),
    "list": (lambda q: q.scalar("n")[:2], "to_list", (), [4, 3]),
    "distinct": (lambda q: q(n__lt=2), "distinct", ("tags",), ["t0", "t1", "t2"]),
    "in bulk": (lambda q: q.scalar("n"), "in_bulk", ([1, 7],), {1: 1}),
    "by key": (lambda q: q.scalar("n"), "with_id", (3,), 3),
    "sum": (lambda q: q(n__gt=2), "sum", ("dots.x",), 3 + 4 + 18),
    "average": (lambda q: q, "average", ("dot.x",), 20),
    "frequencies": (
        lambda q: q(n__lt=2),
        "item_frequencies",
        ("tags",),
        {"t0": 1, "t1": 2, "t2": 1},
    ),
    "values": (lambda q: q[:1], "values", ("n", "text"), [{"n": 4, "text": "Apple Pie"}]),
}


@pytest.mark.parametrize("verb", ENDED)
async def test_a_verb_sends_and_gives_the_same_in_both_colours(verb: str) -> None:
    chain, name, args, expected = ENDED[verb]

    Logs.log.clear()
    sync_result, sync_sent = getattr(chain(Item.objects), name)(*args), sent(Logs.log)
    Logs.log.clear()
    async_result = await getattr(chain(Item.objects), f"async_{name}")(*args)

    assert async_result == sync_result == expected
    assert sent(Logs.log) == sync_sent


async def test_json_is_the_same_in_both_colours() -> None:
    queryset = Item.objects(n=2).only("n", "dot")

    with pytest.deprecated_call(match="No 'json_options' are specified!") as warned:
        text = queryset.to_json(sort_keys=True)
        assert await queryset.async_to_json(sort_keys=True) == text

    assert text == '[{"_id": 2, "d": {"dx": 20}, "number": 2}]'
    assert {warning.filename for warning in warned} == {__file__}
    (document,) = Item.objects.from_json(text)
    assert (document.pk, document.n, document.dot.x) == (2, 2, 20)
    assert not document._created


async def test_values_lists_are_the_same_in_both_colours() -> None:
    queryset = Item.objects(n__lt=2)

    assert await queryset.async_values_list("n") == list(queryset.values_list("n")) == [1, 0]
    assert await queryset.async_values_list("n", "text") == [(1, "Banana pie"), (0, "apple")]
