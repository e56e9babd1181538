"""Operators of querysets (`for`, `len`, `bool`, `[]`, `in`): from the server or from the cache."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from mongoengine.connection import connect, connect_async, disconnect, disconnect_async
from mongoengine.document import Document
from mongoengine.errors import OperationError
from mongoengine.fields import IntField
from mongoengine.queryset import QuerySetNoCache
from tests.commands import CommandLog

DATABASE = "queryset_operator_tests"


class Counted(Document):
    meta = {"db_alias": "operators"}

    n = IntField()


@pytest.fixture
def log() -> CommandLog:
    return CommandLog()


@pytest.fixture
def settings(mongodb_uri: str, log: CommandLog) -> dict[str, Any]:
    return {
        "db": DATABASE,
        "alias": "operators",
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        "appname": "operators",
        "event_listeners": [log],
    }


@pytest.fixture
def blocking(settings: dict[str, Any], log: CommandLog) -> Iterator[CommandLog]:
    """Three documents behind an alias opened by `connect`."""
    client = connect(**settings)
    client.drop_database(DATABASE)
    Counted.objects.insert([Counted(n=n) for n in range(3)])
    log.clear()
    yield log
    client.drop_database(DATABASE)
    disconnect("operators")


@pytest_asyncio.fixture
async def awaiting(settings: dict[str, Any], log: CommandLog) -> AsyncIterator[CommandLog]:
    """Three documents behind an alias opened by `connect_async`."""
    client = await connect_async(**settings)
    await client.drop_database(DATABASE)
    await Counted.objects.async_insert([Counted(n=n) for n in range(3)])
    log.clear()
    yield log
    await client.drop_database(DATABASE)
    await disconnect_async("operators")


OPERATORS: list[tuple[str, Callable[[Any], Any], Any]] = [
    ("for", lambda queryset: [counted.n for counted in queryset], [0, 1, 2]),
    ("len", len, 3),
    ("bool", bool, True),
    ("item", lambda queryset: queryset[1].n, 1),
    ("in", lambda queryset: Counted(n=1) in queryset, False),
    ("list", lambda queryset: [counted.n for counted in list(queryset)], [0, 1, 2]),
]

each_operator = pytest.mark.parametrize(
    ("operator", "expected"),
    [(operator, expected) for _, operator, expected in OPERATORS],
    ids=[name for name, _, _ in OPERATORS],
)


# A sync alias


@each_operator
def test_an_operator_asks_the_server_once(
    blocking: CommandLog, operator: Callable[[Any], Any], expected: Any
) -> None:
    assert operator(Counted.objects.order_by("n")) == expected
    assert blocking.names.count("find") == 1


async def test_operators_work_inside_a_running_loop_as_in_old_code(blocking: CommandLog) -> None:
    assert len(Counted.objects) == 3
    assert [counted.n for counted in Counted.objects.order_by("-n")] == [2, 1, 0]


def test_the_length_is_that_of_the_window_and_is_kept(blocking: CommandLog) -> None:
    queryset = Counted.objects[1:]
    assert (len(queryset), len(queryset)) == (2, 2)
    assert [counted.n for counted in queryset] == [1, 2]
    assert blocking.names.count("find") == 1
    assert len(Counted.objects.none()) == 0


def test_the_truth_is_asked_for_one_document_without_order(blocking: CommandLog) -> None:
    assert Counted.objects.order_by("n")
    assert not Counted.objects(n=5)
    assert not Counted.objects.none()

    first, second = blocking.of("find")
    assert first["limit"] == second["limit"] == 1
    assert "sort" not in first


def test_an_item_is_asked_for_and_not_taken_from_the_results(blocking: CommandLog) -> None:
    queryset = Counted.objects.order_by("n")
    assert len(queryset) == 3
    blocking.clear()

    assert queryset[2].n == 2
    assert queryset[1:][0].n == 1
    assert queryset.scalar("n")[1] == 1
    assert queryset.as_pymongo()[1]["n"] == 1

    assert blocking.names == ["find"] * 4


def test_an_item_that_is_not_there_cannot_be_taken(blocking: CommandLog) -> None:
    queryset = Counted.objects.order_by("n")

    with pytest.raises(IndexError, match=r"^no such item for Cursor instance$"):
        queryset[3]
    with pytest.raises(IndexError, match=r"^no such item for Cursor instance$"):
        queryset[:2][2]
    with pytest.raises(IndexError):
        queryset[-1]
    with pytest.raises(TypeError, match=r"^Provide a slice or an integer index$"):
        queryset["n"]


def test_a_slice_has_bounds_from_the_front_and_no_steps(blocking: CommandLog) -> None:
    for window in (slice(-2, None), slice(0, -1), slice(2, 1), slice(0, 3, 2)):
        with pytest.raises(IndexError):
            Counted.objects[window]

    assert blocking.names == []


def test_a_queryset_without_a_cache_has_no_length(blocking: CommandLog) -> None:
    queryset = Counted.objects.order_by("n").no_cache()

    with pytest.raises(TypeError, match="has no len"):
        len(queryset)

    assert [counted.n for counted in queryset] == [0, 1, 2]
    assert [counted.n for counted in list(queryset)] == [0, 1, 2]
    assert queryset
    assert queryset[1].n == 1
    assert type(queryset) is QuerySetNoCache


def test_counting_by_length_forbids_giving_up_the_cache(blocking: CommandLog) -> None:
    queryset = Counted.objects
    len(queryset)

    with pytest.raises(OperationError, match=r"^QuerySet already cached$"):
        queryset.no_cache()


# An async alias


@each_operator
async def test_an_operator_refuses_to_ask_an_async_alias(
    awaiting: CommandLog, operator: Callable[[Any], Any], expected: Any
) -> None:
    for queryset in (Counted.objects.order_by("n"), Counted.objects.no_cache()):
        if operator is len and isinstance(queryset, QuerySetNoCache):
            continue
        with pytest.raises(
            RuntimeError, match=r'^Use async_to_list\(\) with async connection: "operators" was '
        ):
            operator(queryset)

    assert awaiting.names == []


@pytest.mark.parametrize(
    ("operator", "written", "hint"),
    [
        (len, "len()", "To count without loading, await async_count()."),
        (bool, "bool()", "To ask only whether there is any result, await async_exists()."),
        (
            lambda queryset: queryset[0],
            "[index]",
            "To load only that one, await skip(index).async_first().",
        ),
        (
            lambda queryset: [counted.n for counted in queryset],
            "for",
            "To go through the results batch by batch, use async for.",
        ),
        (
            lambda queryset: 1 in queryset,
            "in",
            "To go through the results batch by batch, use async for.",
        ),
    ],
    ids=["len", "bool", "item", "for", "in"],
)
async def test_a_refused_operator_is_named_with_the_ways_out(
    awaiting: CommandLog, operator: Callable[[Any], Any], written: str, hint: str
) -> None:
    with pytest.raises(RuntimeError) as caught:
        operator(Counted.objects)

    assert str(caught.value) == (
        'Use async_to_list() with async connection: "operators" was opened by '
        f"connect_async(), so {written} cannot run. To have both kinds of calls, also open the "
        f"alias with connect() and the same settings. {hint}"
    )


async def test_an_operator_on_a_queryset_of_nothing_needs_no_connection(
    awaiting: CommandLog,
) -> None:
    nothing = Counted.objects.none()

    assert not nothing
    assert list(nothing.no_cache()) == []
    assert (len(nothing), 1 in nothing) == (0, False)
    assert awaiting.names == []


@each_operator
@pytest.mark.parametrize("by_list", [True, False])
async def test_an_operator_answers_from_what_was_awaited(
    awaiting: CommandLog, operator: Callable[[Any], Any], expected: Any, by_list: bool
) -> None:
    queryset = Counted.objects.order_by("n")
    if by_list:
        await queryset.async_to_list()
    else:
        assert [counted.n async for counted in queryset] == [0, 1, 2]
    awaiting.clear()

    assert operator(queryset) == expected

    assert awaiting.names == []


async def test_an_empty_result_that_was_awaited_is_false_and_has_no_items(
    awaiting: CommandLog,
) -> None:
    queryset = Counted.objects(n=5)
    assert await queryset.async_to_list() == []

    assert not queryset
    assert len(queryset) == 0
    with pytest.raises(IndexError, match=r"^no such item for Cursor instance$"):
        queryset[0]


async def test_a_part_of_an_iteration_is_not_enough_to_answer(awaiting: CommandLog) -> None:
    await Counted.objects.async_insert([Counted(n=n) for n in range(3, 250)], load_bulk=False)
    queryset = Counted.objects.order_by("n")
    async for counted in queryset:
        if counted.n == 5:
            break

    with pytest.raises(RuntimeError, match=r"^Use .* with async connection: "):
        len(queryset)
    assert len(await queryset.async_to_list()) == len(queryset) == 250


async def test_a_slice_of_an_async_queryset_asks_nothing(awaiting: CommandLog) -> None:
    window = Counted.objects.order_by("n")[1:]

    assert awaiting.names == []
    assert [counted.n async for counted in window] == [1, 2]
