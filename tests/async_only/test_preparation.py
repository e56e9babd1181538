"""Collections are made ready once per client, whoever comes first and how many come at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from pymongo.errors import OperationFailure

from mongoengine.connection import connect, connect_async, disconnect, disconnect_async
from mongoengine.document import Document
from mongoengine.errors import NotUniqueError
from mongoengine.fields import IntField, StringField
from tests.commands import CommandLog

DATABASE = "preparation_in_both_colours"
ALIAS = "preparation"
FAULTY_ALIAS = "preparation_faulty"
FIRST_USES = 100


class Plate(Document):
    meta = {"db_alias": ALIAS, "collection": "plates", "indexes": ["size", "-size"]}

    number = StringField(unique=True)
    size = IntField()


class Crowd(Document):
    """Says which indexes there are by itself, in both colours."""

    meta = {"db_alias": ALIAS, "collection": "crowds", "indexes": ["name"]}

    name = StringField()
    calls: list[str] = []

    @classmethod
    def ensure_indexes(cls) -> None:
        cls.calls.append("ensure_indexes")
        super().ensure_indexes()
        cls._get_collection().create_index("extra")
        assert cls.objects.count() == 0

    @classmethod
    async def async_ensure_indexes(cls) -> None:
        cls.calls.append("async_ensure_indexes")
        await super().async_ensure_indexes()
        collection = await cls._async_get_collection()
        await asyncio.gather(*(collection.create_index(name) for name in ("extra", "other")))
        assert await asyncio.gather(*(cls.objects.async_count() for _ in range(3))) == [0, 0, 0]


class Left(Document):
    """Its indexes need those of another class, whose indexes need these."""

    meta = {"db_alias": ALIAS, "collection": "lefts"}

    @classmethod
    async def async_ensure_indexes(cls) -> None:
        await asyncio.sleep(0)
        await Right.objects.async_first()


class Right(Document):
    meta = {"db_alias": ALIAS, "collection": "rights"}

    @classmethod
    async def async_ensure_indexes(cls) -> None:
        await asyncio.sleep(0)
        await Left.objects.async_first()


class Elsewhere(Document):
    """Says by itself which database it is in."""

    meta = {"db_alias": ALIAS, "collection": "elsewhere", "indexes": ["name"]}

    name = StringField()

    @classmethod
    def _get_db(cls) -> Any:
        return super()._get_db().client[f"{DATABASE}_other"]

    @classmethod
    async def _async_get_db(cls) -> Any:
        return (await super()._async_get_db()).client[f"{DATABASE}_other"]


@pytest.fixture
def log() -> CommandLog:
    return CommandLog()


@pytest_asyncio.fixture
async def both_colours(mongodb_uri: str, log: CommandLog) -> AsyncIterator[Any]:
    settings: dict[str, Any] = {
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        "appname": "preparation",
        "event_listeners": [log],
    }
    client = connect(DATABASE, alias=ALIAS, **settings)
    await connect_async(DATABASE, alias=ALIAS, **settings)
    client.drop_database(DATABASE)
    client.drop_database(f"{DATABASE}_other")
    Crowd.calls.clear()
    log.clear()
    yield client
    client.drop_database(DATABASE)
    client.drop_database(f"{DATABASE}_other")
    await disconnect_async(ALIAS)
    disconnect(ALIAS)


async def test_a_drop_in_one_colour_makes_the_other_create_the_indexes_again(
    both_colours: Any,
) -> None:
    await Plate(number="1").async_save()
    Plate.drop_collection()
    await Plate(number="2").async_save()

    indexes = both_colours[DATABASE]["plates"].index_information()
    assert sorted(indexes) == ["_id_", "number_1", "size_-1", "size_1"]


# Many at once


def created(log: CommandLog) -> Counter[str]:
    return Counter(
        index["name"] for command in log.of("createIndexes") for index in command["indexes"]
    )


async def test_many_first_uses_by_tasks_create_each_index_once(
    both_colours: Any, log: CommandLog
) -> None:
    uses = [
        Plate(number=str(number)).async_save() if number % 2 else Plate.objects.async_count()
        for number in range(FIRST_USES)
    ]

    await asyncio.gather(*uses)

    assert created(log) == {"number_1": 1, "size_1": 1, "size_-1": 1}
    assert both_colours[DATABASE]["plates"].count_documents({}) == FIRST_USES // 2


def in_threads(use: Any, number: int) -> list[BaseException]:
    """Run something in so many threads at once; return what it raised."""
    start, failures = threading.Barrier(number), []

    def run(argument: int) -> None:
        start.wait()
        try:
            use(argument)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(argument,)) for argument in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


async def test_many_first_uses_by_threads_create_each_index_once(
    both_colours: Any, log: CommandLog
) -> None:
    def use(number: int) -> None:
        Plate(number=str(number)).save()

    assert await asyncio.to_thread(in_threads, use, FIRST_USES) == []

    assert created(log) == {"number_1": 1, "size_1": 1, "size_-1": 1}
    assert both_colours[DATABASE]["plates"].count_documents({}) == FIRST_USES


async def test_a_cancelled_first_use_leaves_the_preparation_to_the_next(
    both_colours: Any, log: CommandLog
) -> None:
    first = asyncio.create_task(Plate.objects.async_count())
    others = [asyncio.create_task(Plate.objects.async_count()) for _ in range(5)]
    while not log.of("createIndexes"):  # noqa: ASYNC110 - the driver's listener has no event
        await asyncio.sleep(0)
    first.cancel()

    assert await asyncio.gather(*others) == [0] * 5
    with pytest.raises(asyncio.CancelledError):
        await first

    indexes = both_colours[DATABASE]["plates"].index_information()
    assert sorted(indexes) == ["_id_", "number_1", "size_-1", "size_1"]


async def test_a_first_use_that_fails_fails_for_each_and_is_tried_again(both_colours: Any) -> None:
    plates = both_colours[DATABASE]["plates"]
    plates.insert_many([{"number": "1"}, {"number": "1"}])

    results = await asyncio.gather(
        *(Plate.objects.async_count() for _ in range(5)), return_exceptions=True
    )
    assert [getattr(result, "code", None) for result in results] == [11000] * 5

    plates.delete_many({})
    await Plate(number="1").async_save()
    with pytest.raises(NotUniqueError):
        await Plate(number="1").async_save()


# Another process at the same time

FIRST_USE = """
import sys
from mongoengine import *
connect({database!r}, host={uri!r}, uuidRepresentation="standard")

class Ring(Document):
    meta = {{"collection": "rings", "max_documents": 1000, "indexes": ["number", "-number"]}}
    number = IntField(unique=True)

class Measure(Document):
    meta = {{"collection": "measures", "timeseries": {{"timeField": "at"}}}}
    at = DateTimeField()

print("ready", flush=True)
for line in sys.stdin:
    Ring(number=int(line)).save()
    Measure.objects.count()
    print("done", flush=True)
"""


async def test_processes_may_create_the_same_collection_at_the_same_time(
    both_colours: Any, mongodb_uri: str
) -> None:
    program = FIRST_USE.format(database=DATABASE, uri=mongodb_uri)

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    processes = [start() for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for number, process in enumerate(processes):
        assert process.stdin is not None
        process.stdin.write(f"{number}\n")
        process.stdin.flush()
    endings = [process.communicate() for process in processes]

    assert [(output, errors) for output, errors in endings] == [("done\n", "")] * 4
    rings = both_colours[DATABASE]["rings"]
    assert rings.count_documents({}) == 4
    assert sorted(rings.index_information()) == ["_id_", "number_-1", "number_1"]
    assert rings.options()["capped"] is True


class Band(Document):
    meta = {"db_alias": ALIAS, "collection": "bands", "max_documents": 10}


async def test_a_collection_made_between_looking_and_creating_is_taken_as_it_is(
    both_colours: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The driver looks first; another process is quicker than its answer.
    monkeypatch.setattr(
        "pymongo.synchronous.database.Database._list_collection_names", lambda *_, **__: []
    )
    monkeypatch.setattr(
        "pymongo.asynchronous.database.AsyncDatabase._list_collection_names", nothing_there
    )
    both_colours[DATABASE].create_collection("bands", capped=True, size=10 * 2**20, max=10)

    Band().save()
    await Band().async_save()

    assert both_colours[DATABASE]["bands"].count_documents({}) == 2


async def nothing_there(*_: Any, **__: Any) -> list[str]:
    return []


#: What the server answers when the collection is dropped while its indexes are built, or comes
#: and goes as another kind of collection.
DROPPED_MEANWHILE = {"IndexBuildAborted": 276, "NamespaceExists": 48, "NotOnView": 166}


class Vane(Document):
    meta = {"db_alias": FAULTY_ALIAS, "collection": "vanes", "indexes": ["name"]}

    name = StringField()


@pytest_asyncio.fixture
async def refusing_indexes(fault_uri: str) -> AsyncIterator[Callable[[int, int], None]]:
    """Have the server refuse to create indexes, with this code and so many times."""
    settings: dict[str, Any] = {
        "host": fault_uri,
        "uuidRepresentation": "standard",
        "appname": FAULTY_ALIAS,
    }
    client = connect(DATABASE, alias=FAULTY_ALIAS, **settings)
    await connect_async(DATABASE, alias=FAULTY_ALIAS, **settings)

    def refuse(code: int, times: int) -> None:
        data = {"failCommands": ["createIndexes"], "appName": FAULTY_ALIAS, "errorCode": code}
        mode = {"times": times}
        client.admin.command("configureFailPoint", "failCommand", mode=mode, data=data)

    yield refuse
    client.admin.command("configureFailPoint", "failCommand", mode="off")
    client.drop_database(DATABASE)
    await disconnect_async(FAULTY_ALIAS)
    disconnect(FAULTY_ALIAS)


async def use(colour: str) -> int:
    if colour == "async":
        return await Vane.objects.async_count()
    return Vane.objects.count()


@pytest.mark.parametrize("colour", ["sync", "async"])
@pytest.mark.parametrize("code", DROPPED_MEANWHILE.values(), ids=DROPPED_MEANWHILE)
async def test_a_collection_that_another_process_drops_meanwhile_is_prepared_again(
    refusing_indexes: Callable[[int, int], None], colour: str, code: int
) -> None:
    refusing_indexes(code, 1)

    assert await use(colour) == 0

    assert sorted(Vane._get_collection().index_information()) == ["_id_", "name_1"]


@pytest.mark.parametrize("colour", ["sync", "async"])
async def test_preparing_again_and_again_has_an_end(
    refusing_indexes: Callable[[int, int], None], colour: str
) -> None:
    refusing_indexes(276, 1000)

    with pytest.raises(OperationFailure) as refused:
        await use(colour)
    assert refused.value.code == 276

    refusing_indexes(85, 1)
    with pytest.raises(OperationFailure) as conflict:
        await use(colour)
    assert conflict.value.code == 85


# Overrides of the user's


@pytest.mark.parametrize("threads", [False, True])
async def test_the_users_own_creation_of_indexes_is_what_prepares(
    both_colours: Any, log: CommandLog, threads: bool
) -> None:
    if threads:
        assert await asyncio.to_thread(in_threads, lambda _: Crowd.objects.count(), 10) == []
        assert Crowd.calls == ["ensure_indexes"]
    else:
        assert await asyncio.gather(*(Crowd.objects.async_count() for _ in range(10))) == [0] * 10
        assert Crowd.calls == ["async_ensure_indexes"]

    indexes = both_colours[DATABASE]["crowds"].index_information()
    expected = {"_id_", "name_1", "extra_1"} | (set() if threads else {"other_1"})
    assert set(indexes) == expected
    assert set(created(log).values()) == {1}


async def test_the_users_own_creation_of_indexes_sees_where_the_documents_go(
    both_colours: Any,
) -> None:
    await Crowd(name="a").switch_collection("crowds_moved").async_save()

    moved = both_colours[DATABASE]["crowds_moved"]
    assert {"name_1", "extra_1", "other_1"} <= set(moved.index_information())
    assert "crowds" not in both_colours[DATABASE].list_collection_names()


async def test_classes_that_prepare_each_other_do_not_wait_for_ever(both_colours: Any) -> None:
    async with asyncio.timeout(30):
        assert await asyncio.gather(Left.objects.async_first(), Right.objects.async_first()) == [
            None,
            None,
        ]


async def test_the_users_own_database_holds_documents_and_indexes(both_colours: Any) -> None:
    Elsewhere(name="a").save()
    await Elsewhere(name="b").async_save()

    other = both_colours[f"{DATABASE}_other"]["elsewhere"]
    assert other.count_documents({}) == await Elsewhere.objects.async_count() == 2
    assert sorted(other.index_information()) == ["_id_", "name_1"]
    assert "elsewhere" not in both_colours[DATABASE].list_collection_names()

    await Elsewhere.async_drop_collection()
    assert both_colours[f"{DATABASE}_other"].list_collection_names() == []
