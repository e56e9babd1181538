"""Querysets among tasks: cancellation, one queryset read by several, cursors not awaited yet."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from mongoengine._async.queryset import iteration
from mongoengine.connection import connect_async, disconnect_async
from mongoengine.document import Document, MapReduceDocument
from mongoengine.fields import IntField
from mongoengine.queryset import QuerySet
from tests.commands import CommandLog

DATABASE = "querysets_in_tasks"
ALIAS = "tasks"
COUNT = 250


class Task(Document):
    meta = {"db_alias": ALIAS, "collection": "tasks"}

    n = IntField()


@pytest.fixture(scope="module")
def log() -> CommandLog:
    return CommandLog()


@pytest_asyncio.fixture(scope="module", autouse=True)
async def client(mongodb_uri: str, log: CommandLog) -> AsyncIterator[Any]:
    client = await connect_async(
        DATABASE,
        alias=ALIAS,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="tasks",
        event_listeners=[log],
    )
    await client.drop_database(DATABASE)
    await Task.objects.async_insert([Task(n=n) for n in range(COUNT)], load_bulk=False)
    yield client
    await client.drop_database(DATABASE)
    await disconnect_async(ALIAS)


async def open_cursors(client: Any) -> int:
    stages = [
        {"$currentOp": {"idleCursors": True, "localOps": True}},
        {"$match": {"type": "idleCursor", "ns": f"{DATABASE}.tasks"}},
    ]
    return len(await (await client.admin.aggregate(stages)).to_list())


def small_batches() -> QuerySet:
    return Task.objects.order_by("n").batch_size(20)


@pytest.mark.parametrize("cached", [True, False])
async def test_a_cancelled_loop_closes_its_cursor_before_its_task_ends(
    client: Any, cached: bool
) -> None:
    queryset = small_batches() if cached else small_batches().no_cache()
    reached, seen = asyncio.Event(), []

    async def read() -> None:
        async for task in queryset:
            seen.append(task.n)
            if task.n == 30:
                reached.set()
                await asyncio.Event().wait()

    reader = asyncio.create_task(read())
    await reached.wait()
    assert await open_cursors(client) == 1
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    del reader
    for _ in range(50):
        if not await open_cursors(client):
            break

    assert await open_cursors(client) == 0
    assert [task.n async for task in queryset] == list(range(COUNT))


async def test_a_loop_cancelled_while_it_waits_for_a_batch_closes_its_cursor(client: Any) -> None:
    slow = Task.objects.where("sleep(this[~n] > 40 ? 200 : 0) || true").batch_size(20)
    reached = asyncio.Event()

    async def read() -> None:
        async for task in slow:
            if task.n == 39:
                reached.set()

    reader = asyncio.create_task(read())
    await reached.wait()
    # The next batch has been asked for when the task has run on.
    await asyncio.sleep(0)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    del reader
    for _ in range(50):
        if not await open_cursors(client):
            break

    assert await open_cursors(client) == 0


@pytest.mark.parametrize("cached", [True, False])
async def test_a_loop_does_not_go_back_to_the_event_loop_between_the_documents_of_a_batch(
    cached: bool,
) -> None:
    queryset = Task.objects.order_by("n").batch_size(50)
    turns, seen = [0], []
    ended = asyncio.Event()

    async def count_turns() -> None:
        while not ended.is_set():
            turns[0] += 1
            await asyncio.sleep(0)

    counter = asyncio.create_task(count_turns())
    async for task in queryset if cached else queryset.no_cache():
        seen.append((task.n, turns[0]))
    ended.set()
    await counter

    assert [n for n, _ in seen] == list(range(COUNT))
    # Somebody else has had a turn only where a batch was fetched.
    assert [
        n for (n, turn), (_, before) in zip(seen[1:], seen, strict=False) if turn != before
    ] == [
        50,
        100,
        150,
        200,
    ]


async def test_tasks_that_read_one_queryset_share_its_results(client: Any, log: CommandLog) -> None:
    queryset = small_batches()
    log.clear()

    async def read() -> list[Task]:
        return [task async for task in queryset]

    readings = await asyncio.gather(*(read() for _ in range(5)))

    assert [task.n for task in readings[0]] == list(range(COUNT))
    assert all(
        one is other
        for reading in readings[1:]
        for one, other in zip(readings[0], reading, strict=True)
    )
    assert log.names.count("find") == 1


async def test_tasks_that_leave_early_do_not_disturb_the_others(client: Any) -> None:
    queryset = small_batches()

    async def read(end: int) -> list[int]:
        seen = []
        async for task in queryset:
            seen.append(task.n)
            if task.n == end:
                break
        return seen

    ends = (5, 70, 249, 133, 0)
    readings = await asyncio.gather(*(read(end) for end in ends))

    assert readings == [list(range(end + 1)) for end in ends]
    for _ in range(50):
        if not await open_cursors(client):
            break
    assert await open_cursors(client) == 0


async def test_a_pipeline_is_run_by_awaiting_it_or_by_iterating_over_it(log: CommandLog) -> None:
    stages = [{"$match": {"n": {"$lt": 3}}}, {"$sort": {"n": 1}}]
    pending = Task.objects.async_aggregate(stages)
    log.clear()
    assert log.names == []

    cursor = await pending
    assert [raw["n"] async for raw in cursor] == [0, 1, 2]
    assert [raw["n"] async for raw in Task.objects.async_aggregate(stages)] == [0, 1, 2]
    assert log.names == ["aggregate", "aggregate"]


async def test_a_loop_over_a_pipeline_that_is_left_closes_the_cursor(client: Any) -> None:
    async for raw in Task.objects.batch_size(20).async_aggregate([{"$sort": {"n": 1}}]):
        if raw["n"] == 3:
            break

    for _ in range(50):
        if not await open_cursors(client):
            break
    assert await open_cursors(client) == 0


async def test_a_pipeline_nobody_awaits_is_noticed() -> None:
    with pytest.warns(RuntimeWarning, match="never awaited"):
        Task.objects.async_aggregate([])


# Without await


async def test_what_asks_the_server_without_await_names_the_call_to_use(log: CommandLog) -> None:
    queryset = Task.objects(n=1)
    result = MapReduceDocument(Task, None, "0" * 24, 1)
    calls: dict[str, Any] = {
        "async_modify()": lambda: queryset.modify(set__n=1),
        "async_upsert_one()": lambda: queryset.upsert_one(set__n=1),
        "async_with_id()": lambda: Task.objects.with_id(1),
        "async_in_bulk()": lambda: queryset.in_bulk([1]),
        "async_distinct()": lambda: queryset.distinct("n"),
        "async_values()": lambda: queryset.values("n"),
        "async_explain()": lambda: queryset.explain(),
        "async_aggregate()": lambda: queryset.aggregate([]),
        "async_sum()": lambda: queryset.sum("n"),
        "async_average()": lambda: queryset.average("n"),
        "async_map_reduce()": lambda: next(queryset.map_reduce("", "", "inline")),
        "async_item_frequencies()": lambda: queryset.item_frequencies("n"),
        "async_exec_js()": lambda: queryset.exec_js(""),
        "async_to_json()": lambda: queryset.to_json(json_options=None),
        "async_fetch()": lambda: result.object,
        "anext()": lambda: next(queryset),
    }
    log.clear()

    for use, call in calls.items():
        with pytest.raises(RuntimeError) as caught:
            call()
        assert str(caught.value).startswith(f'Use {use} with async connection: "{ALIAS}"')

    assert log.names == []


async def test_the_text_of_a_queryset_asks_nobody(log: CommandLog) -> None:
    queryset = Task.objects(n__lt=2).order_by("n")
    log.clear()

    assert repr(queryset) == "<QuerySet of Task, not loaded>"
    assert repr(queryset.no_cache()) == "<QuerySetNoCache of Task, not loaded>"
    assert log.names == []

    await queryset.async_to_list()
    assert repr(queryset) == "[<Task: Task object>, <Task: Task object>]"
    many = Task.objects.order_by("n")
    async for _ in many:
        assert repr(many) == ".. queryset mid-iteration .."
    assert repr(many).endswith("'...(remaining elements truncated)...']")
    assert repr(many.clone()) == "<QuerySet of Task, not loaded>"


def test_threads_that_read_one_queryset_share_its_results(mongodb_uri: str) -> None:
    from mongoengine.connection import connect, disconnect

    class Thread(Document):
        meta = {"db_alias": "threads", "collection": "threads"}

        n = IntField()

    client = connect(
        DATABASE,
        alias="threads",
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="threads",
    )
    try:
        Thread.objects.insert([Thread(n=n) for n in range(COUNT)], load_bulk=False)
        queryset = Thread.objects.order_by("n").batch_size(10)
        readings: list[list[Thread]] = []
        start = threading.Barrier(4)

        def read() -> None:
            start.wait()
            readings.append(list(iter(queryset)))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [[thread.n for thread in reading] for reading in readings] == [
            list(range(COUNT))
        ] * 4
    finally:
        client[DATABASE].threads.drop()
        disconnect("threads")


async def test_a_cancelled_fetch_does_not_end_the_results_of_another_task(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queryset = small_batches()
    take = iteration.async_take
    fetching: asyncio.Queue[Any] = asyncio.Queue()

    async def announced_take(cursor: Any, size: int, **options: Any) -> Any:
        fetching.put_nowait(asyncio.current_task())
        return await take(cursor, size, **options)

    monkeypatch.setattr(iteration, "async_take", announced_take)

    async def read() -> list[int]:
        return [task.n async for task in queryset]

    tasks = {asyncio.create_task(read()), asyncio.create_task(read())}
    victim = await fetching.get()
    victim.cancel()
    (survivor,) = tasks - {victim}

    assert await survivor == list(range(COUNT))
    assert victim.cancelled()
    assert len(await queryset.async_to_list()) == COUNT
