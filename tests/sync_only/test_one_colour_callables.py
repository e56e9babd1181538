"""Coroutine functions given to sync calls: refused before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mongoengine import connect, disconnect, signals
from mongoengine.connection import get_db
from mongoengine.context_managers import on_commit, run_in_transaction, with_transaction
from tests.models import Person

DATABASE = "mongoengine_one_colour_callables"


@pytest.fixture(autouse=True)
def database(mongodb_uri: str) -> Iterator[Any]:
    """One person, stored."""
    client = connect(DATABASE, host=mongodb_uri, uuidRepresentation="standard")
    Person(name="stored").save()
    yield get_db()
    client.drop_database(DATABASE)
    disconnect()


def save() -> None:
    Person(name="new").save()


def change() -> None:
    person = Person.objects.get()
    person.name = "new"
    person.save()


def insert() -> None:
    Person.objects.insert([Person(name="new")])


def delete() -> None:
    Person.objects.get().delete()


def delete_all() -> None:
    Person.objects.delete()


@pytest.mark.parametrize(
    ("call", "name"),
    [
        *((call, name) for call in (save, change) for name in ("pre_save", "post_save")),
        (save, "pre_save_post_validation"),
        *((insert, name) for name in ("pre_bulk_insert", "post_bulk_insert")),
        *((call, f"{when}_delete") for call in (delete, delete_all) for when in ("pre", "post")),
    ],
)
def test_a_coroutine_receiver_is_refused_before_anything_is_written(
    call: Callable[[], None], name: str, database: Any
) -> None:
    heard: list[str] = []

    async def receiver(sender: Any, **kwargs: Any) -> None:
        heard.append("awaited")

    def first(sender: Any, **kwargs: Any) -> None:
        heard.append("called")

    with (
        signals.pre_save.connected_to(first, sender=Person),
        getattr(signals, name).connected_to(receiver, sender=Person),
        pytest.raises(RuntimeError, match=rf"{name} of Person has the coroutine receiver"),
    ):
        call()

    assert heard == []
    assert [found["name"] for found in database["person"].find()] == ["stored"]


async def work() -> None:
    raise AssertionError("never called")


def test_a_coroutine_function_is_refused_before_a_transaction_begins() -> None:
    for function in (with_transaction, on_commit):
        with pytest.raises(TypeError, match=r"cannot await work\(\): use async_"):
            function(work)


def test_what_returns_a_coroutine_aborts_the_transaction(database: Any) -> None:
    def save_and_wait() -> Any:
        Person(name="new").save()
        return work()

    with pytest.raises(TypeError, match="returned a coroutine, which a synchronous call cannot"):
        with_transaction(save_and_wait)

    assert [found["name"] for found in database["person"].find()] == ["stored"]


def test_a_callback_that_returns_a_coroutine_is_told_of(database: Any) -> None:
    def transact() -> None:
        with run_in_transaction():
            on_commit(lambda: work())
            Person(name="new").save()

    with pytest.raises(TypeError, match="returned a coroutine"):
        transact()

    assert database["person"].count_documents({}) == 2
