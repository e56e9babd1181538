"""Cursors on the server: none is left behind by a loop, however it ends."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest
import pytest_asyncio

from mongoengine.errors import FieldDoesNotExist
from tests.commands import CommandLog
from tests.verb_models import Many

COUNT = 250


@pytest_asyncio.fixture(autouse=True)
async def numbers() -> None:
    await Many.objects.async_insert([Many(n=n) for n in range(COUNT)], load_bulk=False)


async def open_cursors(database: Any) -> int:
    """Return how many cursors over the collection the server keeps open."""
    stages = [
        {"$currentOp": {"idleCursors": True, "localOps": True}},
        {"$match": {"type": "idleCursor", "ns": f"{database.name}.many"}},
    ]
    cursor = await database.client.admin.aggregate(stages)
    return len(await cursor.to_list())


async def all_closed(database: Any) -> bool:
    """Tell whether the cursors get closed; some are by a task that has yet to run."""
    for _ in range(50):
        if not await open_cursors(database):
            return True
    return False


def kinds() -> list[Any]:
    ordered = Many.objects.order_by("n").batch_size(50)
    return [
        pytest.param(lambda: ordered.clone(), id="cached"),
        pytest.param(lambda: ordered.no_cache(), id="not cached"),
    ]


each_kind = pytest.mark.parametrize("make", kinds())


@each_kind
async def test_a_loop_that_goes_on_has_a_cursor(make: Any, database: Any) -> None:
    results = make().__aiter__()
    async with aclosing(results):
        assert (await anext(results)).n == 0
        assert await open_cursors(database) == 1

    assert await all_closed(database)


@each_kind
async def test_a_loop_to_the_end_leaves_no_cursor(make: Any, database: Any) -> None:
    assert [many.n async for many in make()] == list(range(COUNT))

    assert await open_cursors(database) == 0


@each_kind
async def test_a_loop_that_is_left_closes_its_cursor(make: Any, database: Any) -> None:
    queryset = make()
    async for many in queryset:
        if many.n == 60:
            break

    assert await all_closed(database)
    # The queryset is still good for all of its results.
    assert [many.n async for many in queryset] == list(range(COUNT))
    assert await all_closed(database)


@each_kind
async def test_a_loop_that_raises_closes_its_cursor(make: Any, database: Any) -> None:
    async def stumble() -> None:
        async for many in make():
            if many.n == 60:
                raise KeyError(many.n)

    with pytest.raises(KeyError):
        await stumble()

    assert await all_closed(database)


@each_kind
async def test_a_document_that_cannot_be_loaded_closes_the_cursor(make: Any, database: Any) -> None:
    await database.many.update_one({"number": 120}, {"$set": {"unknown": 1}})
    queryset = make()
    seen = []

    async def read() -> None:
        async for many in queryset:
            seen.append(many.n)

    with pytest.raises(FieldDoesNotExist):
        await read()

    assert seen[:50] == list(range(50))
    assert await all_closed(database)
    await database.many.update_one({"number": 120}, {"$unset": {"unknown": 1}})
    assert [many.n async for many in queryset] == list(range(COUNT))


async def test_a_loop_inside_a_loop_leaves_the_cursor_to_the_other(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    outer = []

    async for many in queryset:
        outer.append(many.n)
        if many.n in (10, 60):
            async for inner in queryset:
                if inner.n == many.n + 45:
                    break

    assert outer == list(range(COUNT))
    assert await all_closed(database)


# Going on after a loop was left


async def left_at(queryset: Any, n: int) -> list[Many]:
    seen = []
    async for many in queryset:
        seen.append(many)
        if many.n == n:
            break
    return seen


async def test_documents_seen_before_are_the_same_objects_again(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    before = await left_at(queryset, 60)
    assert await all_closed(database)

    again = [many async for many in queryset]

    assert all(one is other for one, other in zip(before, again, strict=False))
    assert [many.n for many in again] == list(range(COUNT))
    assert await queryset.async_to_list() == again


async def test_documents_deleted_meanwhile_do_not_hide_others(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    for many in await left_at(queryset, 60):
        await many.async_delete()
    assert await all_closed(database)

    assert [many.n async for many in queryset] == list(range(COUNT))


async def test_a_window_stays_as_wide_as_it_was(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)[10:170]
    for many in await left_at(queryset, 60):
        await many.async_delete()
    assert await all_closed(database)

    found = [many.n async for many in queryset]

    assert len(found) == len(set(found)) == 160
    assert found[:100] == list(range(10, 110))


@pytest.mark.parametrize(
    ("chain", "value"),
    [
        (lambda q: q.scalar("n"), lambda result: result),
        (lambda q: q.as_pymongo(), lambda result: result["number"]),
        (lambda q: q.exclude("id"), lambda result: result.n),
        (lambda q: q.as_pymongo().exclude("id"), lambda result: result["number"]),
    ],
    ids=["scalar", "as_pymongo", "without key", "dicts without key"],
)
async def test_whatever_is_given_is_given_once_and_completely(
    database: Any, chain: Any, value: Any
) -> None:
    queryset = chain(Many.objects.order_by("n").batch_size(50))
    async for result in queryset:
        if value(result) == 60:
            break
    assert await all_closed(database)

    assert [value(result) async for result in queryset] == list(range(COUNT))


async def test_a_list_after_a_loop_that_was_left_holds_everything(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    await left_at(queryset, 0)
    assert await all_closed(database)

    assert [many.n for many in await queryset.async_to_list()] == list(range(COUNT))
    assert await all_closed(database)


# Batch by batch


async def test_results_come_in_the_batches_of_the_driver(commands: CommandLog) -> None:
    queryset = Many.objects.order_by("n").batch_size(20)
    commands.clear()

    async for many in queryset:
        assert len(commands.of("find")) + len(commands.of("getMore")) == many.n // 20 + 1
        if many.n == 90:
            break


async def test_a_large_batch_is_not_fetched_in_pieces(commands: CommandLog) -> None:
    queryset = Many.objects.order_by("n").batch_size(1000)
    commands.clear()

    assert [many.n async for many in queryset] == list(range(COUNT))

    assert commands.names == ["find"]


# By hand


async def test_results_can_be_taken_one_by_one(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)

    assert [(await anext(queryset)).n for _ in range(60)] == list(range(60))
    await queryset.async_rewind()
    assert (await anext(queryset)).n == 0
    assert await open_cursors(database) == 1
    await queryset.async_rewind()
    assert await open_cursors(database) == 0
    await queryset.async_rewind()


async def test_results_taken_by_hand_have_an_end_and_the_form_asked_for() -> None:
    queryset = Many.objects.order_by("n").scalar("n")[5:7]

    assert [await anext(queryset), await anext(queryset)] == [5, 6]
    with pytest.raises(StopAsyncIteration):
        await anext(queryset)
    with pytest.raises(StopAsyncIteration):
        await anext(Many.objects.none())
    assert (await anext(Many.objects.order_by("n").no_cache())).n == 0
