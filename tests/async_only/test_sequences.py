"""Counting at the same time, on other aliases, and never on reading in async code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest_asyncio

from mongoengine.connection import connect, connect_async, disconnect, disconnect_async
from mongoengine.document import Document
from mongoengine.fields import SequenceField
from tests.commands import CommandLog

ASYNC, SYNC = "async_counting", "sync_counting"
DATABASE = "counting_tests"


class AsyncCounted(Document):
    meta = {"db_alias": ASYNC, "collection": "counted"}

    number = SequenceField(db_alias=ASYNC, sequence_name="shared", collection_name="counters")


class SyncCounted(Document):
    meta = {"db_alias": SYNC, "collection": "counted"}

    number = SequenceField(db_alias=SYNC, sequence_name="shared", collection_name="counters")


class CountedElsewhere(Document):
    meta = {"db_alias": SYNC, "collection": "counted"}

    number = SequenceField(db_alias=f"{SYNC}_elsewhere")


@pytest_asyncio.fixture(autouse=True)
async def log(mongodb_uri: str) -> AsyncIterator[CommandLog]:
    log = CommandLog()
    settings: dict[str, Any] = {"host": mongodb_uri, "uuidRepresentation": "standard"}
    await connect_async(DATABASE, alias=ASYNC, event_listeners=[log], appname=ASYNC, **settings)
    client = connect(DATABASE, alias=SYNC, appname=SYNC, **settings)
    connect(f"{DATABASE}_elsewhere", alias=f"{SYNC}_elsewhere", appname=SYNC, **settings)
    yield log
    client.drop_database(DATABASE)
    client.drop_database(f"{DATABASE}_elsewhere")
    await disconnect_async(ASYNC)
    disconnect(SYNC)
    disconnect(f"{SYNC}_elsewhere")


async def test_tasks_saving_at_the_same_time_get_different_numbers() -> None:
    saved = await asyncio.gather(*(AsyncCounted().async_save() for _ in range(100)))
    assert sorted(document.number for document in saved) == list(range(1, 101))


def save_some(_: int) -> list[int]:
    return [SyncCounted().save().number for _ in range(25)]


def test_threads_saving_at_the_same_time_get_different_numbers() -> None:
    with ThreadPoolExecutor(8) as threads:
        numbers = [number for some in threads.map(save_some, range(8)) for number in some]
    assert sorted(numbers) == list(range(1, 201))


async def test_both_colours_count_on() -> None:
    tasks = [AsyncCounted().async_save() for _ in range(20)]
    some, saved = await asyncio.gather(asyncio.to_thread(save_some, 0), asyncio.gather(*tasks))
    assert sorted([*some, *(document.number for document in saved)]) == list(range(1, 46))


async def test_an_unset_number_reads_as_none_and_asks_nothing(log: CommandLog) -> None:
    document = AsyncCounted()
    log.clear()
    assert document.number is None
    document.number = None
    assert document.to_mongo() == {}
    assert AsyncCounted.number.to_python(None) is None
    assert log.names == []
    await document.async_save()
    assert document.number == 1


def test_an_unset_number_is_counted_when_it_is_read_on_a_sync_alias() -> None:
    document = SyncCounted()
    assert document.__dict__.get("number") is None
    assert document.number == 1
    assert document.number == 1
    document.number = None
    assert document.__dict__["number"] == 2
    assert SyncCounted().to_mongo()["number"] == 3


def test_a_counter_can_be_kept_under_another_alias() -> None:
    assert CountedElsewhere().save().number == 1
    counters = CountedElsewhere.number._counters("tests")
    assert counters.database.name == f"{DATABASE}_elsewhere"
    assert counters.name == "mongoengine.counters"
    assert counters.find_one() == {"_id": "counted.number", "next": 1}
