"""Cancelling a coroutine wherever it waits, and watching what that leaves behind."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any

from pymongo.monitoring import (
    ConnectionCheckedInEvent,
    ConnectionCheckedOutEvent,
    ConnectionPoolListener,
)

# Long enough for the server on this machine to have done what it was asked just before.
SECONDS_FOR_THE_SERVER = 0.005


class CancelledAt:
    """Awaits something, and cancels the running task when that waits for the n-th time.

    Args:
        awaitable: what to await.
        number: at which wait to cancel.
        late: give the server time to answer before, so that it has done what it was asked,
            and only the answer is lost.
    """

    def __init__(
        self, awaitable: Coroutine[Any, Any, Any], number: int, *, late: bool = False
    ) -> None:
        self._awaitable, self._number, self._late = awaitable, number, late

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self._awaitable.__await__()
        value: Any = None
        failure: BaseException | None = None
        waits = 0
        while True:
            try:
                waited = steps.throw(failure) if failure is not None else steps.send(value)
            except StopIteration as done:
                return done.value
            waits += 1
            if waits == self._number:
                if self._late:
                    time.sleep(SECONDS_FOR_THE_SERVER)
                task = asyncio.current_task()
                assert task is not None
                task.cancel()
            try:
                value, failure = (yield waited), None
            except BaseException as error:  # handed on to what is awaited
                failure = error


async def cancelled_everywhere(
    prepare: Callable[[], Awaitable[Any]],
    verb: Callable[[Any], Coroutine[Any, Any, Any]],
    check: Callable[[Any], Awaitable[None]],
    *,
    late: bool = False,
) -> int:
    """Cancel a verb where it waits first, second and so on; return how often that was.

    Args:
        prepare: makes what the verb is called with, anew for each time.
        verb: what is to be cancelled.
        check: looks at what is left.
        late: see `CancelledAt`.
    """
    number = 0
    while True:
        number += 1
        given = await prepare()

        async def attempt(given: Any = given, number: int = number) -> None:
            await CancelledAt(verb(given), number, late=late)

        task = asyncio.create_task(attempt())
        done, _ = await asyncio.wait([task])
        assert done == {task}
        if not task.cancelled():
            await task
            return number - 1
        del task, done
        await check(given)


class PoolLog(ConnectionPoolListener):
    """Counts the connections that are in use just now, over all pools of a client."""

    def __init__(self) -> None:
        self.in_use = 0
        self.most_in_use = 0

    def connection_checked_out(self, event: ConnectionCheckedOutEvent) -> None:
        self.in_use += 1
        self.most_in_use = max(self.most_in_use, self.in_use)

    def connection_checked_in(self, event: ConnectionCheckedInEvent) -> None:
        self.in_use -= 1

    def nothing(self, event: Any) -> None:
        """Take an event that does not count."""

    pool_created = pool_ready = pool_cleared = pool_closed = nothing
    connection_created = connection_ready = connection_closed = nothing
    connection_check_out_started = connection_check_out_failed = nothing


async def left_on_the_server(client: Any, database: str, appname: str) -> list[dict[str, Any]]:
    """Return the open cursors, running operations and open transactions of an application.

    Args:
        client: asks; it has another name than the application.
        database: where its cursors are.
        appname: its name.
    """
    stages = [
        {"$currentOp": {"idleCursors": True, "idleSessions": True, "localOps": True}},
        {
            "$match": {
                "$or": [
                    {"type": "idleCursor", "ns": {"$regex": f"^{database}[.]"}},
                    {"appName": appname, "transaction": {"$exists": True}},
                    {
                        "appName": appname,
                        "active": True,
                        # The monitors of a client wait for the next change of its server.
                        "command.hello": {"$exists": False},
                    },
                ]
            }
        },
    ]
    return await (await client.admin.aggregate(stages)).to_list()


async def nothing_left_on_the_server(client: Any, database: str, appname: str) -> None:
    """Wait until nothing of an application is left; fail if something stays."""
    left: list[dict[str, Any]] = []
    # The server notices a little later that a connection is gone.
    for attempt in range(40):
        left = await left_on_the_server(client, database, appname)
        if not left:
            return
        await asyncio.sleep(0.005 * attempt)
    raise AssertionError(f"left on the server: {left}")
