"""What a block switches, and the session it opens, is for its own task or thread only."""

from __future__ import annotations

import asyncio
import contextvars
import os
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio

from mongoengine.connection import (
    _get_session,
    connect,
    connect_async,
    disconnect,
    disconnect_async,
    get_async_connection,
    get_connection,
    register_connection,
)
from mongoengine.context_managers import (
    async_no_dereference,
    async_no_sub_classes,
    async_run_in_transaction,
    async_session,
    async_switch_collection,
    async_switch_db,
    no_dereference,
    no_dereferencing_active_for_class,
    run_in_transaction,
    switch_db,
)
from mongoengine.errors import OperationError
from mongoengine.state.context import sessions
from mongoengine.state.home import alias_of
from tests.models import Book, Person, Shape

# Several runs may share a server.
PREFIX = f"leak_tests_{os.getpid()}"
TASKS, THREADS = 200, 20


class RollBack(Exception):
    """Raised to have a transaction aborted."""


@pytest.fixture
def settings(mongodb_uri: str) -> dict[str, Any]:
    return {"host": mongodb_uri, "uuidRepresentation": "standard", "appname": PREFIX}


@pytest_asyncio.fixture
async def asynchronous(settings: dict[str, Any]) -> AsyncIterator[Any]:
    """The default alias, async."""
    await connect_async(PREFIX, **settings)
    database = get_async_connection()[PREFIX]
    await database["person"].insert_one({"name": "to have the collection"})
    await database["person"].delete_many({})
    yield database
    await get_async_connection().drop_database(PREFIX)
    await disconnect_async()


@pytest.fixture
def synchronous(settings: dict[str, Any]) -> Iterator[Any]:
    """The default alias, sync."""
    connect(PREFIX, **settings)
    yield get_connection()[PREFIX]
    get_connection().drop_database(PREFIX)
    disconnect()


# Switches


async def test_two_hundred_tasks_each_write_to_their_own_database_only(
    asynchronous: Any, settings: dict[str, Any]
) -> None:
    aliases = [f"{PREFIX}_{n}" for n in range(TASKS)]
    for alias in aliases:
        register_connection(alias, alias, **settings)
    barrier = asyncio.Barrier(TASKS)

    async def write(alias: str) -> None:
        async with async_switch_db(Person, alias):
            await barrier.wait()  # all are inside their block now
            await Person(name=alias).async_save()
            await asyncio.sleep(0)
            found = await Person.objects.async_to_list()
            assert [person.name for person in found] == [alias]

    client = get_async_connection()
    try:
        await asyncio.gather(*map(write, aliases))

        assert await asynchronous["person"].count_documents({}) == 0
        for alias in aliases:
            assert [found["name"] async for found in client[alias]["person"].find()] == [alias]
    finally:
        await asyncio.gather(*map(client.drop_database, aliases))
        for alias in aliases:
            await disconnect_async(alias)


def test_twenty_threads_each_write_to_their_own_database_only(
    synchronous: Any, settings: dict[str, Any]
) -> None:
    aliases = [f"{PREFIX}_{n}" for n in range(THREADS)]
    for alias in aliases:
        register_connection(alias, alias, **settings)
    barrier = threading.Barrier(THREADS)

    def write(alias: str) -> list[str]:
        with switch_db(Person, alias):
            barrier.wait(timeout=30)  # all are inside their block now
            Person(name=alias).save()
            barrier.wait(timeout=30)
            return [person.name for person in Person.objects]

    client = get_connection()
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            seen = list(pool.map(write, aliases))

        assert seen == [[alias] for alias in aliases]
        assert synchronous["person"].count_documents({}) == 0
        for alias in aliases:
            assert [found["name"] for found in client[alias]["person"].find()] == [alias]
    finally:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(client.drop_database, aliases))
        for alias in aliases:
            disconnect(alias)


async def test_no_switch_is_seen_by_another_task() -> None:
    inside, seen = asyncio.Event(), asyncio.Event()

    async def switch() -> None:
        async with (
            async_switch_collection(Person, "elsewhere"),
            async_no_sub_classes(Shape),
            async_no_dereference(Book),
        ):
            inside.set()
            await seen.wait()
            assert Person._get_collection_name() == "elsewhere"
            assert Shape._subclasses == ("Shape",)
            assert not Book.author._auto_dereference

    task = asyncio.create_task(switch())
    await inside.wait()

    assert Person._get_collection_name() == "person"
    assert len(Shape._subclasses) > 1
    assert Book.author._auto_dereference
    assert not no_dereferencing_active_for_class(Book)
    seen.set()
    await task


def test_no_switch_is_seen_by_another_thread() -> None:
    with no_dereference(Book), ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: Book.author._auto_dereference).result()
        assert not Book.author._auto_dereference


async def test_tasks_may_share_a_block_and_leave_it_in_any_order() -> None:
    switch = async_switch_collection(Person, "elsewhere")
    others = [asyncio.Event() for _ in range(3)]

    async def use(number: int) -> str | None:
        async with switch:
            others[number].set()
            await others[(number + 1) % 3].wait()
            async with switch:
                await asyncio.sleep(0)
            return Person._get_collection_name()

    assert await asyncio.gather(*map(use, range(3))) == ["elsewhere"] * 3
    assert Person._get_collection_name() == "person"


def test_threads_may_share_a_block() -> None:
    switch, barrier = switch_db(Person, "nowhere"), threading.Barrier(3)

    def use(_: int) -> str:
        with switch:
            barrier.wait(timeout=30)
            alias = alias_of(Person)
            barrier.wait(timeout=30)
        return f"{alias}, then {alias_of(Person)}"

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(use, range(3))) == {"nowhere, then default"}


async def test_a_block_is_left_by_the_task_that_entered_it() -> None:
    switch = async_switch_collection(Person, "elsewhere")
    inside, tried = asyncio.Event(), asyncio.Event()

    async def use() -> str | None:
        async with switch:
            inside.set()
            await tried.wait()
            return Person._get_collection_name()

    task = asyncio.create_task(use())
    await inside.wait()
    with pytest.raises(RuntimeError, match="not inside a switch_collection block"):
        await switch.__aexit__(None, None, None)
    tried.set()

    assert await task == "elsewhere"


async def test_a_task_begins_with_the_switches_it_was_started_under() -> None:
    async def name() -> str | None:
        return Person._get_collection_name()

    async with async_switch_collection(Person, "elsewhere"):
        task = asyncio.create_task(name())

    assert await task == "elsewhere"
    assert await name() == "person"


# Transactions: who may use the session


async def test_no_other_task_sees_the_session(asynchronous: Any) -> None:
    inside, seen = asyncio.Event(), asyncio.Event()

    async def transact() -> None:
        async with async_run_in_transaction():
            await Person(name="ada").async_save()
            inside.set()
            await seen.wait()

    task = asyncio.create_task(transact())
    await inside.wait()
    session, found = _get_session(), await Person.objects.async_first()
    seen.set()
    await task

    assert session is None
    assert found is None
    assert await Person.objects.async_count() == 1


def test_no_other_thread_sees_the_session(synchronous: Any) -> None:
    Person.objects.first()

    with run_in_transaction(), ThreadPoolExecutor(1) as pool:
        Person(name="ada").save()
        assert pool.submit(_get_session).result() is None
        assert pool.submit(Person.objects.first).result() is None

    assert Person.objects.count() == 1


async def test_operations_side_by_side_in_a_transaction_are_refused(asynchronous: Any) -> None:
    await Person(name="eve").async_save()

    async with async_run_in_transaction():
        outcomes = await asyncio.gather(
            *(Person(name=name).async_save() for name in ("ada", "bob", "cyd")),
            return_exceptions=True,
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, OperationError)]
        assert len(refused) == 2
        for error in refused:
            assert re.search(r"one operation at a time.*asyncio\.gather", str(error))
        assert await Person.objects.async_count() == 2

    assert await Person.objects.async_count() == 2


async def test_gathering_that_fails_leaves_nothing_behind(asynchronous: Any) -> None:
    await Person.objects.async_first()
    before = await open_transactions(asynchronous)
    people = [Person(name=name) for name in ("ada", "bob")]

    async def save_all() -> None:
        async with async_run_in_transaction():
            # The first one goes on by itself when the second is refused.
            await asyncio.gather(*(person.async_save() for person in people))

    for _ in range(5):
        with pytest.raises(OperationError, match="one operation at a time"):
            await save_all()

    assert await Person.objects.async_count() == 0
    assert await open_transactions(asynchronous) == before
    assert [person.id for person in people] == [None, None]


@pytest.mark.parametrize("block", [async_run_in_transaction, async_session])
async def test_an_operation_and_a_fetch_of_a_cursor_do_not_share_a_session(
    asynchronous: Any, block: Any
) -> None:
    await Person.objects.async_insert([Person(name=str(n)) for n in range(9)])

    async def read() -> list[Any]:
        return [person async for person in Person.objects.batch_size(2)]

    async with block():
        outcomes = await asyncio.gather(
            read(), Person.objects.async_count(), return_exceptions=True
        )
        assert len(outcomes[0]) == 9
        assert re.search(f"{block.__name__}.*one operation at a time", str(outcomes[1]))
        assert [await read(), await Person.objects.async_count()] == [outcomes[0], 9]


async def test_tasks_that_take_turns_may_share_a_transaction(asynchronous: Any) -> None:
    async with async_run_in_transaction():
        await asyncio.create_task(Person(name="ada").async_save())
        await asyncio.wait_for(Person(name="bob").async_save(), timeout=30)
        await asyncio.shield(Person(name="cyd").async_save())
        async with asyncio.TaskGroup() as group:
            group.create_task(Person(name="dan").async_save())
        assert await Person.objects.async_count() == 4
        assert await Person(name="eve").async_save() in await Person.objects.async_to_list()
        assert await asynchronous["person"].count_documents({}) == 0

    assert await Person.objects.async_count() == 5


async def test_a_limit_of_time_that_is_over_aborts(asynchronous: Any) -> None:
    ada = Person(name="ada")

    async def hang() -> None:
        await ada.async_save()
        await asyncio.Event().wait()

    async def transact() -> None:
        async with async_run_in_transaction():
            await asyncio.wait_for(hang(), timeout=0.2)

    with pytest.raises(TimeoutError):
        await transact()

    assert await Person.objects.async_count() == 0
    assert ada.id is None


async def test_an_operation_under_way_is_awaited_before_the_commit(asynchronous: Any) -> None:
    await Person.objects.async_first()

    async with async_run_in_transaction():
        task = asyncio.create_task(Person(name="ada").async_save())
        await asyncio.sleep(0)  # it has begun, and has no answer yet
        assert not task.done()

    assert (await task).id is not None
    assert await Person.objects.async_count() == 1


async def test_results_cannot_be_read_on_after_the_block(asynchronous: Any) -> None:
    await Person.objects.async_insert([Person(name=str(n)) for n in range(9)])

    async with async_run_in_transaction():
        results = aiter(Person.objects.batch_size(2))
        await anext(results)

    assert (await anext(results)).name == "1"  # came with the first batch
    with pytest.raises(OperationError, match="read them to their end inside the block"):
        await anext(results)


async def test_a_limit_of_time_inside_a_transaction_works(asynchronous: Any) -> None:
    async with async_run_in_transaction(), asyncio.timeout(30):
        await Person(name="ada").async_save()

    assert await Person.objects.async_count() == 1


async def test_tasks_may_have_transactions_of_their_own_inside_one(asynchronous: Any) -> None:
    async def transact(name: str) -> None:
        async with async_run_in_transaction():
            await Person(name=name).async_save()

    async with async_run_in_transaction():
        await Person(name="ada").async_save()
        await asyncio.gather(transact("bob"), transact("eve"))

    assert await Person.objects.async_count() == 3


@pytest.mark.parametrize("block", [async_run_in_transaction, async_session])
async def test_a_task_that_outlives_the_block_is_refused(asynchronous: Any, block: Any) -> None:
    ended = asyncio.Event()

    async def save_later() -> None:
        await ended.wait()
        await Person(name="late").async_save()

    async with block():
        await Person(name="ada").async_save()
        task = asyncio.create_task(save_later())
    ended.set()

    with pytest.raises(OperationError, match=rf"{block.__name__}\(\) block .* has ended"):
        await task
    assert [person.name async for person in Person.objects] == ["ada"]


async def test_a_task_with_a_context_of_its_own_may_outlive_the_block(asynchronous: Any) -> None:
    async with async_run_in_transaction():
        task = asyncio.create_task(Person(name="free").async_save(), context=contextvars.Context())

    await task
    assert await Person.objects.async_count() == 1


def test_a_thread_given_the_context_takes_part_if_it_takes_turns(synchronous: Any) -> None:
    Person.objects.first()

    with suppress(RollBack), run_in_transaction():
        context = contextvars.copy_context()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(context.run, Person(name="ada").save).result()
        assert Person.objects.count() == 1
        raise RollBack

    assert Person.objects.count() == 0


def test_a_thread_that_does_not_take_turns_is_refused(synchronous: Any) -> None:
    Person.objects.first()

    with run_in_transaction(), ThreadPoolExecutor(1) as pool:
        context = contextvars.copy_context()
        (block,) = sessions.get()
        with block:  # as during an operation
            refused = pool.submit(context.run, Person(name="ada").save).exception()

    assert "one operation at a time" in str(refused)
    assert Person.objects.count() == 0


# Transactions: as decorators, for which each call is a block of its own


async def test_a_coroutine_function_can_run_in_a_transaction(asynchronous: Any) -> None:
    sessions = []

    @async_run_in_transaction()
    async def register(name: str) -> Any:
        sessions.append(_get_session())
        return await Person(name=name).async_save()

    people = await asyncio.gather(register("ada"), register("bob"))

    assert {person.name for person in people} == {"ada", "bob"}
    assert None not in sessions
    assert sessions[0] is not sessions[1]
    assert await Person.objects.async_count() == 2


def test_a_function_can_run_in_a_transaction(synchronous: Any) -> None:
    @run_in_transaction()
    def register(name: str) -> Any:
        Person(name=name).save()
        raise RuntimeError("of my own")

    with pytest.raises(RuntimeError, match="of my own"):
        register("ada")

    assert Person.objects.count() == 0


# Transactions: cancellation


async def open_transactions(database: Any) -> int:
    """Return how many transactions that have done something are open on the server."""
    status = await database.client.admin.command("serverStatus")
    count: int = status["transactions"]["currentOpen"]
    return count


async def test_a_cancelled_transaction_is_aborted_before_control_returns(
    asynchronous: Any,
) -> None:
    saved = asyncio.Event()
    ada = Person(name="ada")

    async def transact() -> None:
        async with async_run_in_transaction():
            await ada.async_save()
            saved.set()
            await asyncio.Event().wait()

    before = await open_transactions(asynchronous)
    task = asyncio.create_task(transact())
    await saved.wait()
    assert await open_transactions(asynchronous) == before + 1
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await open_transactions(asynchronous) == before
    assert await Person.objects.async_count() == 0
    assert ada.id is None


async def test_a_second_cancellation_does_not_break_the_abort_off(
    asynchronous: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, aborting, go_on = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def transact() -> None:
        async with async_run_in_transaction():
            await Person(name="ada").async_save()
            session = _get_session()
            abort = session.abort_transaction

            async def slow_abort() -> None:
                aborting.set()
                await go_on.wait()
                await abort()

            monkeypatch.setattr(session, "abort_transaction", slow_abort)
            saved.set()
            await asyncio.Event().wait()

    before = await open_transactions(asynchronous)
    task = asyncio.create_task(transact())
    await saved.wait()
    task.cancel()
    await aborting.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go_on.set()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await open_transactions(asynchronous) == before


async def test_a_commit_under_way_is_finished_before_a_cancellation(
    asynchronous: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    committing, go_on = asyncio.Event(), asyncio.Event()
    ada = Person(name="ada")

    async def transact() -> None:
        async with async_run_in_transaction():
            await ada.async_save()
            session = _get_session()
            commit = session.commit_transaction

            async def slow_commit() -> None:
                committing.set()
                await go_on.wait()
                await commit()

            monkeypatch.setattr(session, "commit_transaction", slow_commit)

    task = asyncio.create_task(transact())
    await committing.wait()
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await Person.objects.async_count() == 1
    assert ada.id is not None  # it is stored, and knows it


# Transactions: the other colour


def each_call(document: Any) -> list[Callable[[], Any]]:
    return [document.save, Person.objects.first, Person.objects.count, Person.objects.delete]


async def test_sync_calls_are_refused_in_an_async_transaction(
    asynchronous: Any, settings: dict[str, Any]
) -> None:
    connect(PREFIX, **settings)

    async with async_run_in_transaction():
        await Person(name="ada").async_save()
        for call in each_call(Person(name="bob")):
            with pytest.raises(OperationError, match=r"which is async: use the async_ call"):
                call()

    disconnect()
    assert [person.name async for person in Person.objects] == ["ada"]


async def test_async_calls_are_refused_in_a_sync_transaction(
    asynchronous: Any, settings: dict[str, Any]
) -> None:
    connect(PREFIX, **settings)

    with run_in_transaction():
        Person(name="ada").save()
        for call in (Person(name="bob").async_save, Person.objects.async_count):
            with pytest.raises(OperationError, match=r"which is sync: use the call without async_"):
                await call()

    disconnect()
    assert [person.name async for person in Person.objects] == ["ada"]
