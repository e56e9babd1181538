"""Sync calls where an event loop runs: allowed, unless the program forbids them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from mongoengine import (
    Document,
    FileField,
    IntField,
    LazyReferenceField,
    ReferenceField,
    SequenceField,
    StringField,
)
from mongoengine.base.datastructures import AsyncReferenceProxy, LazyReference
from mongoengine.connection import (
    connect,
    connect_async,
    disconnect,
    disconnect_async,
    forbid_sync_in_running_loop,
    get_connection,
    get_db,
)
from mongoengine.context_managers import run_in_transaction, switch_db
from mongoengine.queryset import QuerySet
from tests.commands import CommandLog

ALIAS, DATABASE = "forbidden sync", "forbidden_sync"


class Shelf(Document):
    meta = {"db_alias": ALIAS}

    name = StringField()


class Tome(Document):
    meta = {"db_alias": ALIAS}

    title = StringField()
    pages = IntField()
    shelf = ReferenceField(Shelf)
    lazy_shelf = LazyReferenceField(Shelf)
    scan = FileField(db_alias=ALIAS)


class Numbered(Document):
    meta = {"db_alias": ALIAS}

    n = SequenceField(db_alias=ALIAS)


@pytest.fixture(scope="module")
def log() -> CommandLog:
    """What the sync client sends."""
    return CommandLog()


@pytest_asyncio.fixture(scope="module", autouse=True)
async def connections(mongodb_uri: str, log: CommandLog) -> AsyncIterator[None]:
    settings: dict[str, Any] = {
        "db": DATABASE,
        "alias": ALIAS,
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        "event_listeners": [log],
    }
    client = await connect_async(**settings)
    connect(**settings)
    await client.drop_database(DATABASE)
    shelf = await Shelf(name="top").async_save()
    await Tome(title="Emma", shelf=shelf, lazy_shelf=shelf).async_save()
    yield
    await client.drop_database(DATABASE)
    disconnect(ALIAS)
    await disconnect_async(ALIAS)


@pytest.fixture
def forbidden(connections: None, log: CommandLog) -> Iterator[None]:
    forbid_sync_in_running_loop()
    log.clear()
    yield
    forbid_sync_in_running_loop(False)


def tomes() -> QuerySet[Tome]:
    return Tome.objects(title="Emma")


def enter(block: Any) -> None:
    with block:
        pass


CALLS: dict[str, tuple[Callable[[Tome], Any], str]] = {
    "save": (lambda tome: tome.save(), "async_save()"),
    "delete": (lambda tome: tome.delete(), "async_delete()"),
    "update": (lambda tome: tome.update(pages=1), "async_update()"),
    "modify": (lambda tome: tome.modify(pages=1), "async_modify()"),
    "reload": (lambda tome: tome.reload(), "async_reload()"),
    "select_related": (lambda tome: tome.select_related(), "async_select_related()"),
    "get": (lambda tome: tomes().get(), "async_get()"),
    "first": (lambda tome: tomes().first(), "async_first()"),
    "count": (lambda tome: tomes().count(), "async_count()"),
    "exists": (lambda tome: tomes().exists(), "async_exists()"),
    "to_list": (lambda tome: tomes().to_list(), "async_to_list()"),
    "for": (lambda tome: [tome for tome in tomes()], "async_to_list()"),  # noqa: C416
    "for, uncached": (lambda tome: [*tomes().no_cache()], "async_to_list()"),
    "next": (lambda tome: next(tomes()), "anext()"),
    "len": (lambda tome: len(tomes()), "async_to_list()"),
    "bool": (lambda tome: bool(tomes()), "async_to_list()"),
    "index": (lambda tome: tomes()[0], "async_to_list()"),
    "in": (lambda tome: tome in tomes(), "async_to_list()"),
    "queryset.update": (lambda tome: tomes().update(pages=1), "async_update()"),
    "queryset.delete": (lambda tome: tomes().delete(), "async_delete()"),
    "insert": (lambda tome: Tome.objects.insert(Tome()), "async_insert()"),
    "create": (lambda tome: Tome.objects.create(), "async_save()"),
    "aggregate": (lambda tome: list(tomes().aggregate([])), "async_aggregate()"),
    "distinct": (lambda tome: tomes().distinct("title"), "async_distinct()"),
    "in_bulk": (lambda tome: tomes().in_bulk([tome.id]), "async_in_bulk()"),
    "given collection": (
        lambda tome: QuerySet(Tome, OWN_COLLECTION[0]).count(),
        "async_count()",
    ),
    "other database": (
        lambda tome: Tome.objects.using(ALIAS).count(),
        "async_count()",
    ),
    "ensure_indexes": (lambda tome: Tome.ensure_indexes(), "async_ensure_indexes()"),
    "drop_collection": (lambda tome: Tome.drop_collection(), "async_drop_collection()"),
    "fetch": (lambda tome: LazyReference(Shelf, tome.id).fetch(), "async_fetch()"),
    "file.put": (lambda tome: tome.scan.put(b"page"), "async_put()"),
    "transaction": (lambda tome: enter(run_in_transaction(ALIAS)), "async_run_in_transaction()"),
    "get_connection": (lambda tome: get_connection(ALIAS), "get_async_connection()"),
    "get_db": (lambda tome: get_db(ALIAS), "get_async_db()"),
}

OWN_COLLECTION: list[Any] = []


@pytest.mark.parametrize("name", CALLS)
async def test_a_sync_call_in_a_running_loop_is_refused_and_names_the_async_one(
    name: str, log: CommandLog, request: pytest.FixtureRequest
) -> None:
    tome = await Tome.objects.async_get(title="Emma")
    OWN_COLLECTION[:] = [get_db(ALIAS)["tome"]]
    call, instead = CALLS[name]
    request.getfixturevalue("forbidden")

    with pytest.raises(RuntimeError) as refused:
        call(tome)

    assert str(refused.value).startswith(f"Use {instead} in a running event loop: ")
    assert "forbid_sync_in_running_loop() refuses it" in str(refused.value)
    assert log.names == []
    assert await Tome.objects.async_count() == 1


async def test_the_refusal_tells_the_whole_way_out(forbidden: None) -> None:
    with pytest.raises(RuntimeError) as refused:
        len(tomes())

    assert str(refused.value) == (
        "Use async_to_list() in a running event loop: len() is a sync call, which would hold up "
        "all other tasks of the loop, and forbid_sync_in_running_loop() refuses it. Where it is "
        "needed, run it in a thread, by asyncio.to_thread() for example. To count without "
        "loading, await async_count()."
    )


async def test_async_calls_and_calls_in_threads_go_on(forbidden: None) -> None:
    tome = await Tome.objects.async_get(title="Emma")
    tome.pages = 3
    await tome.async_save()

    def in_thread() -> tuple[int, str]:
        found = tomes().get()
        assert isinstance(found.shelf, Shelf)
        found.save()
        return found.pages, found.shelf.name

    assert await asyncio.to_thread(in_thread) == (3, "top")
    assert [tome.pages async for tome in tomes()] == [3]


def test_sync_code_without_a_loop_goes_on(forbidden: None) -> None:
    assert tomes().get().shelf.name == "top"


async def test_results_already_loaded_answer_operators(forbidden: None) -> None:
    loaded = tomes()
    await loaded.async_to_list()

    assert (len(loaded), bool(loaded), loaded[0].title) == (1, True, "Emma")


async def test_connections_may_be_opened_and_closed(forbidden: None, mongodb_uri: str) -> None:
    connect(DATABASE, alias="another", host=mongodb_uri, uuidRepresentation="standard")

    disconnect("another")


async def test_a_reference_on_a_sync_alias_reads_as_a_proxy(
    mongodb_uri: str, log: CommandLog, request: pytest.FixtureRequest
) -> None:
    connect(DATABASE, alias="sync only", host=mongodb_uri, uuidRepresentation="standard")
    with switch_db(Tome, "sync only"), switch_db(Shelf, "sync only"):
        tome = tomes().get()
        assert isinstance(tome.shelf, Shelf)
        tome = tomes().get()
        request.getfixturevalue("forbidden")
        shelf = tome.shelf
    disconnect("sync only")

    assert isinstance(shelf, AsyncReferenceProxy)
    assert log.names == []


async def test_a_sequence_is_not_counted_up_by_reading(forbidden: None, log: CommandLog) -> None:
    assert Numbered().n is None
    assert log.names == []


async def test_sync_calls_are_allowed_again(forbidden: None) -> None:
    forbid_sync_in_running_loop(False)

    assert tomes().count() == 1
