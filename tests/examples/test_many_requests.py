"""Many requests at once, and the application in a server of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pymongo
import pytest
from pymongo.monitoring import (
    ConnectionCheckedInEvent,
    ConnectionCheckedOutEvent,
    ConnectionPoolListener,
)

from mongoengine.state import loops
from tests.examples.library import Library, library_databases, serving
from tests.examples.running import ROOT

REQUESTS = 500
POOL = 10


class PoolCount(ConnectionPoolListener):
    """Connections that are open and those that are at work, and the most of them at once."""

    def __init__(self) -> None:
        self.open = self.most_open = self.busy = self.most_busy = 0

    def connection_created(self, event: object) -> None:
        self.open += 1
        self.most_open = max(self.most_open, self.open)

    def connection_closed(self, event: object) -> None:
        self.open -= 1

    def connection_checked_out(self, event: ConnectionCheckedOutEvent) -> None:
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)

    def connection_checked_in(self, event: ConnectionCheckedInEvent) -> None:
        self.busy -= 1

    def nothing(self, event: object) -> None:
        """Nothing to count."""

    connection_ready = connection_check_out_started = connection_check_out_failed = nothing
    pool_created = pool_ready = pool_cleared = pool_closed = nothing


@pytest.fixture
def environment(mongodb_uri: str) -> Iterator[dict[str, str]]:
    with library_databases(mongodb_uri) as environment:
        yield environment


async def one_visit(client: httpx.AsyncClient, number: int, books: dict[str, str]) -> None:
    """Ask, in one town or the other, for what only that town can answer."""
    town = ("north", "south")[number % 2]
    headers = {"X-Town": town}
    book = f"/books/{books[town]}"
    match number % 5:
        case 0:
            name = f"{town} {number}"
            answer = await client.post("/authors", json={"name": name}, headers=headers)
            assert answer.json()["name"] == name
        case 1:
            answer = await client.get(book, headers=headers)
            assert answer.json()["author"]["name"] == f"Author of {town}"
        case 2:
            answer = await client.get(f"{book}/text", headers=headers)
            assert answer.content == town.encode() * 100_000
        case 3:
            to = {"member": f"member {number}"}
            answer = await client.post(f"{book}/loans", json=to, headers=headers)
            assert answer.json()["book"] == books[town]
        case _:
            other = {"X-Town": ("south", "north")[number % 2]}
            answer = await client.get(book, headers=other)
            assert answer.status_code == 404
            return
    assert answer.is_success, answer.text


async def test_500_requests_at_once_are_answered_rightly_through_a_bounded_pool(
    environment: dict[str, str], mongodb_uri: str
) -> None:
    pool = PoolCount()
    with pymongo.MongoClient[dict[str, object]](mongodb_uri) as watching:
        cursors = watching.admin.command("serverStatus")["metrics"]["cursor"]["open"]["total"]
        async with serving(maxPoolSize=POOL, event_listeners=[pool]) as client:
            books = {}
            for town in ("north", "south"):
                client.headers["X-Town"] = town
                books[town] = await Library(client).book(town, copies=REQUESTS)
                content = town.encode() * 100_000
                await client.put(f"/books/{books[town]}/text", files={"text": content})
            tasks_before = len(asyncio.all_tasks())

            await asyncio.gather(*(one_visit(client, n, books) for n in range(REQUESTS)))

            assert len(asyncio.all_tasks()) == tasks_before
            for town in books:
                headers = {"X-Town": town}
                book = (await client.get(f"/books/{books[town]}", headers=headers)).json()
                loans = (await client.get("/loans", headers=headers)).json()
                authors = (await client.get("/authors", headers=headers)).json()
                assert (loans["total"], book["copies"]) == (REQUESTS / 10, REQUESTS * 9 / 10)
                assert authors["total"] == REQUESTS / 10 + 1
            assert pool.busy == 0
            assert 1 < pool.most_busy <= POOL
        after = watching.admin.command("serverStatus")["metrics"]["cursor"]["open"]["total"]

    assert pool.open == 0
    # Monitors have a connection each, in pools of their own that tell nobody.
    assert pool.most_open <= POOL
    assert after <= cursors
    gc.collect()
    assert not any(held.clients for held in list(loops._by_loop.values()))


async def test_uvicorn_serves_it_and_ends_when_it_is_asked_to(environment: dict[str, str]) -> None:
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "dev", "-W", "error"),
        # Libraries under it have warnings of their own; ours is what is looked at.
        *("-W", "ignore::DeprecationWarning"),
        *("-m", "uvicorn", "examples.fastapi_app.main:app", "--port", "0"),
        cwd=ROOT,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert server.stderr is not None
    said = []
    try:
        async with asyncio.timeout(60):
            while not (address := re.search(r"running on (http://\S+)", said[-1] if said else "")):
                line = (await server.stderr.readline()).decode()
                assert line, "".join(said)
                said.append(line)
            headers = {"X-Town": "south"}
            async with httpx.AsyncClient(base_url=address[1], headers=headers) as client:
                path = f"/books/{await Library(client).book('Romola')}/text"
                content = b"word " * 200_000
                assert (await client.put(path, files={"text": content})).status_code == 202
                assert (await client.get(path)).content == content
                assert (await client.get("/books/nothing")).status_code == 422
    finally:
        if server.returncode is None:
            server.terminate()
        said += (await server.stderr.read()).decode().splitlines(keepends=True)
        code = await server.wait()

    # It raises the signal anew once it has shut down.
    assert code in (0, -15), "".join(said)
    assert said[-1].startswith("INFO:     Finished server process"), "".join(said)
    assert all(line.startswith("INFO:") for line in said), "".join(said)
