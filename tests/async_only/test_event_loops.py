"""Async clients and the event loops they are bound to, on a real server."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import mongoengine.connection as connection
from mongoengine.connection import (
    ConnectionType,
    connect_async,
    disconnect_async,
    get_async_connection,
    get_async_db,
    get_connection_type,
    register_connection,
)
from mongoengine.state import loops

ALIAS = "event_loops"


@pytest.fixture
def settings(mongodb_uri: str) -> dict[str, Any]:
    return {
        "db": "event_loop_tests",
        "alias": ALIAS,
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
    }


@pytest.fixture(autouse=True)
def closed_afterwards() -> Iterator[None]:
    yield
    asyncio.run(disconnect_async(ALIAS))
    assert get_connection_type(ALIAS) is ConnectionType.NONE


async def ping() -> int:
    return int((await get_async_db(ALIAS).command("ping"))["ok"])


def test_a_second_run_gets_a_client_of_its_own(settings: dict[str, Any]) -> None:
    used: list[Any] = []

    async def main() -> int:
        used.append(get_async_connection(ALIAS))
        return await ping()

    register_connection(**settings)

    assert [asyncio.run(main()) for _ in range(3)] == [1, 1, 1]
    assert len({id(client) for client in used}) == 3


def test_connecting_in_one_run_is_enough_for_the_next(settings: dict[str, Any]) -> None:
    async def main() -> int:
        await connect_async(**settings)
        return await ping()

    assert asyncio.run(main()) == 1
    assert asyncio.run(ping()) == 1
    assert asyncio.run(main()) == 1


def test_loops_in_several_threads_work_at_once(settings: dict[str, Any]) -> None:
    register_connection(**settings)
    all_here = threading.Barrier(4)
    answers: list[int] = []

    async def main() -> None:
        await ping()
        await asyncio.to_thread(all_here.wait, 30)
        answers.append(sum(await asyncio.gather(*(ping() for _ in range(5)))))

    threads = [threading.Thread(target=lambda: asyncio.run(main())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [5] * 4


def test_tasks_of_one_loop_share_one_client(settings: dict[str, Any]) -> None:
    async def one() -> int:
        await ping()
        return id(get_async_connection(ALIAS))

    async def main() -> set[int]:
        await connect_async(**settings)
        return set(await asyncio.gather(*(one() for _ in range(10))))

    assert len(asyncio.run(main())) == 1


def test_a_run_that_ends_leaves_neither_loop_nor_client_nor_a_warning(
    settings: dict[str, Any],
) -> None:
    async def main() -> tuple[weakref.ref[Any], weakref.ref[Any]]:
        client = await connect_async(**settings)
        await ping()
        return weakref.ref(asyncio.get_running_loop()), weakref.ref(client)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loop, client = asyncio.run(main())
        gc.collect()

    assert loop() is None
    assert client() is None
    assert [str(warning.message) for warning in caught] == []


def cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def run_and_close_without_ceremony(main: Callable[[], Any]) -> weakref.ref[Any]:
    """Run a loop as asyncio does, but close it without ending its async generators."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    cancel_all(loop)
    loop.close()
    return weakref.ref(loop)


@pytest.mark.parametrize("look_up", [ping, lambda: disconnect_async(ALIAS)])
def test_a_client_whose_loop_was_closed_under_it_is_dropped_at_the_next_look_up(
    settings: dict[str, Any], look_up: Callable[[], Any]
) -> None:
    clients: list[weakref.ref[Any]] = []

    async def main() -> None:
        clients.append(weakref.ref(await connect_async(**settings)))
        await ping()

    loop = run_and_close_without_ceremony(main)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(look_up())
        gc.collect()

    assert clients[0]() is None
    assert loop() is None
    assert [str(warning.message) for warning in caught] == []


def test_disconnecting_closes_the_client_of_a_loop_running_elsewhere(
    settings: dict[str, Any],
) -> None:
    opened, disconnected = threading.Event(), threading.Event()
    client: list[Any] = []

    async def live() -> None:
        client.append(await connect_async(**settings))
        await ping()
        opened.set()
        await asyncio.to_thread(disconnected.wait, 30)
        # The loop was asked to close the client before it was asked to wake this task.
        await asyncio.gather(*loops._closing)

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    assert opened.wait(30)
    asyncio.run(disconnect_async(ALIAS))
    disconnected.set()
    thread.join()

    assert client[0]._closed
    assert ALIAS not in connection._connection_settings


SCRIPT = """
import asyncio
from mongoengine.connection import connect_async, disconnect_async, get_async_db

async def main():
    await connect_async("event_loop_tests", host={uri!r}, uuidRepresentation="standard")
    await get_async_db().command("ping")
    {last}

{run}
"""


@pytest.mark.parametrize(
    "last",
    ["await disconnect_async()", "pass"],
    ids=["disconnected", "left to the end of the loop"],
)
@pytest.mark.parametrize(
    "run",
    ["asyncio.run(main())", "asyncio.run(main()); asyncio.run(main())"],
    ids=["one run", "two runs"],
)
def test_the_interpreter_exits_without_a_warning(mongodb_uri: str, last: str, run: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-W", "error", "-X", "dev", "-X", "faulthandler", "-c"),
            SCRIPT.format(uri=mongodb_uri, last=last, run=run),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
