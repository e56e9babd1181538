"""One queryset read by many threads: results once and in order, one cursor, none left."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mongoengine.connection import connect, disconnect
from mongoengine.document import Document
from mongoengine.fields import IntField
from mongoengine.queryset import QuerySet
from tests.commands import CommandLog

DATABASE = "loops_in_threads"
ALIAS = "loops in threads"
COUNT, THREADS = 300, 8


class Bead(Document):
    meta = {"db_alias": ALIAS, "collection": "beads"}

    n = IntField()


@pytest.fixture(scope="module")
def log() -> CommandLog:
    return CommandLog()


@pytest.fixture(scope="module", autouse=True)
def client(mongodb_uri: str, log: CommandLog) -> Iterator[Any]:
    client = connect(
        DATABASE,
        alias=ALIAS,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="loops in threads",
        event_listeners=[log],
    )
    client.drop_database(DATABASE)
    Bead.objects.insert([Bead(n=n) for n in range(COUNT)], load_bulk=False)
    yield client
    client.drop_database(DATABASE)
    disconnect(ALIAS)


@pytest.fixture(autouse=True)
def eager_switches() -> Iterator[None]:
    """Have threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def in_threads(use: Callable[[int], Any]) -> list[Any]:
    start, results = threading.Barrier(THREADS), [None] * THREADS

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = use(number)
        except BaseException as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def open_cursors(client: Any) -> int:
    stages = [
        {"$currentOp": {"idleCursors": True, "localOps": True}},
        {"$match": {"type": "idleCursor", "ns": f"{DATABASE}.beads"}},
    ]
    return len(list(client.admin.aggregate(stages)))


def beads() -> QuerySet:
    return Bead.objects.order_by("n").batch_size(10)


@pytest.mark.parametrize("attempt", range(5))
def test_loops_that_end_at_different_places_disturb_nobody(client: Any, attempt: int) -> None:
    queryset = beads()

    def read(number: int) -> list[int]:
        seen: list[int] = []
        for _ in range(4):
            seen.clear()
            for bead in queryset:
                seen.append(bead.n)
                if bead.n == (number + 1) * 30:
                    break
        return seen

    assert in_threads(read) == [
        list(range(min((number + 1) * 30 + 1, COUNT))) for number in range(THREADS)
    ]
    assert not queryset._iter
    assert queryset._cursor_obj is None
    assert [bead.n for bead in queryset] == list(range(COUNT))
    gc.collect()
    assert open_cursors(client) == 0


@pytest.mark.parametrize("attempt", range(5))
def test_lists_made_at_once_are_loaded_once(log: CommandLog, attempt: int) -> None:
    queryset = beads()
    log.clear()

    lists = in_threads(lambda number: queryset.to_list() if number % 2 else list(iter(queryset)))

    assert [[bead.n for bead in beads] for beads in lists] == [list(range(COUNT))] * THREADS
    assert log.names.count("find") == 1


def test_loops_without_a_cache_are_counted_each(client: Any) -> None:
    queryset = beads().no_cache()

    def read(number: int) -> list[int]:
        seen = []
        for bead in queryset:
            seen.append(bead.n)
            assert queryset._iter
            if bead.n == number:
                break
        return seen

    assert in_threads(read) == [list(range(number + 1)) for number in range(THREADS)]
    assert not queryset._iter
    assert open_cursors(client) == 0
