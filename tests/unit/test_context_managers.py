"""Context managers without a server: what they switch, and for whom."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

import mongoengine
from mongoengine import context_managers
from mongoengine.base import dereferencing
from mongoengine.base.fields import _no_dereference_for_fields
from mongoengine.connection import ConnectionFailure
from mongoengine.context_managers import (
    MyThreadLocals,
    _register_no_dereferencing_for_class,
    _unregister_no_dereferencing_for_class,
    async_switch_collection,
    no_dereference,
    no_dereferencing_active_for_class,
    no_sub_classes,
    query_counter,
    set_read_write_concern,
    set_write_concern,
    switch_collection,
    switch_db,
    thread_locals,
)
from mongoengine.errors import OperationError
from mongoengine.state.blocks import Block
from mongoengine.state.context import LocalSessions
from mongoengine.state.home import home_of
from mongoengine.state.retrying import (
    Retries,
    commit_has_failed,
    may_commit_again,
    may_run_again,
)
from tests.models import Author, Book, Person, Polygon, Shape, Square

UNKNOWN, TRANSIENT = "UnknownTransactionCommitResult", "TransientTransactionError"


def labelled(error: Any, label: str) -> Any:
    error._add_error_label(label)
    return error


# Switches


def test_a_switch_needs_neither_connection_nor_event_loop() -> None:
    with switch_db(Person, "nowhere") as switched, switch_collection(Person, "elsewhere"):
        assert switched is Person
        assert home_of(Person) == ("nowhere", "elsewhere")
        assert Person._get_collection_name() == "elsewhere"

    assert home_of(Person) == ("default", "person")


def test_a_switch_is_stronger_than_a_class_s_own_name() -> None:
    class Tenant(mongoengine.Document):
        @classmethod
        def _get_collection_name(cls) -> str:
            return "of_the_tenant"

    with switch_collection(Tenant, "elsewhere"):
        assert home_of(Tenant) == ("default", "elsewhere")
    assert home_of(Tenant) == ("default", "of_the_tenant")


def test_a_switch_works_with_async_with_too() -> None:
    async def name() -> Any:
        async with async_switch_collection(Person, "elsewhere"):
            return Person._get_collection_name()

    assert asyncio.run(name()) == "elsewhere"
    assert Person._get_collection_name() == "person"


def test_every_switch_has_an_async_name() -> None:
    names = set(context_managers.__all__) - {"no_dereferencing_active_for_class"}

    sync = {name for name in names if not name.startswith("async_")}

    assert {f"async_{name}" for name in sync} == names - sync


def test_upstream_s_signatures_are_kept() -> None:
    def parameters(function: Any) -> list[str]:
        return list(inspect.signature(function).parameters)

    assert parameters(no_dereference) == ["cls"]
    assert parameters(set_write_concern) == ["collection", "write_concerns"]
    assert parameters(set_read_write_concern) == [
        "collection",
        "write_concerns",
        "read_concerns",
    ]


def test_a_block_must_say_what_to_enter() -> None:
    with pytest.raises(NotImplementedError, match="Block does not say"):
        Block[None]().__enter__()


# Narrowing


def test_only_the_names_of_the_class_itself_are_left_in_a_block() -> None:
    everything = Shape._subclasses

    with no_sub_classes(Shape), no_sub_classes(Square):
        assert Shape._subclasses == ("Shape",)
        assert Shape(name="s")._subclasses == ("Shape",)
        assert Polygon._subclasses == ("Shape.Polygon", "Shape.Polygon.Square")

    assert Shape._subclasses == everything
    assert everything[0] == "Shape"


def test_a_class_made_inside_a_block_counts_after_it() -> None:
    class Vehicle(mongoengine.Document):
        meta = {"allow_inheritance": True}

    with no_sub_classes(Vehicle):

        class Bicycle(Vehicle):
            pass

        assert Vehicle._subclasses == ("Vehicle",)

    assert Vehicle._subclasses == ("Vehicle", "Vehicle.Bicycle")
    assert Bicycle._subclasses == ("Vehicle.Bicycle",)


# References


def test_no_dereference_decorates_functions_of_both_kinds() -> None:
    @no_dereference(Book)
    def here() -> bool:
        return no_dereferencing_active_for_class(Book)

    @no_dereference(Book)
    async def there() -> bool:
        await asyncio.sleep(0)
        return no_dereferencing_active_for_class(Book)

    assert here()
    assert asyncio.run(there())
    assert not no_dereferencing_active_for_class(Book)


def test_blocks_for_a_class_are_counted() -> None:
    with no_dereference(Book):
        assert thread_locals.no_dereferencing_class == {Book: 1}
        with no_dereference(Book), no_dereference(Author):
            assert thread_locals.no_dereferencing_class == {Book: 2, Author: 1}

    assert thread_locals.no_dereferencing_class == {}
    assert isinstance(thread_locals, MyThreadLocals)


def test_blocks_can_be_counted_by_hand() -> None:
    _register_no_dereferencing_for_class(Book)
    _register_no_dereferencing_for_class(Book)
    _unregister_no_dereferencing_for_class(Book)
    assert no_dereferencing_active_for_class(Book)

    _unregister_no_dereferencing_for_class(Book)
    assert not no_dereferencing_active_for_class(Book)

    thread_locals.no_dereferencing_class = {Book: 1}
    assert no_dereferencing_active_for_class(Book)
    thread_locals.no_dereferencing_class = {}
    assert not no_dereferencing_active_for_class(Book)


def test_dereferencing_is_off_for_all_fields_inside_a_block_for_one() -> None:
    with _no_dereference_for_fields(Book.author):
        assert not Author.friend._auto_dereference
        with _no_dereference_for_fields():
            assert dereferencing.dereferencing_disabled()

    assert Author.friend._auto_dereference
    with _no_dereference_for_fields():
        assert Author.friend._auto_dereference


# Concerns


def test_concerns_can_be_set_without_a_server() -> None:
    client: MongoClient[Any] = MongoClient(connect=False)
    collection = client["db"]["people"]

    with (
        set_write_concern(collection, {"w": 2}) as writing,
        set_read_write_concern(writing, {"j": True}, {"level": "majority"}) as both,
    ):
        assert writing.write_concern.document == {"w": 2}
        assert both.write_concern.document == {"w": 2, "j": True}
        assert both.read_concern.document == {"level": "majority"}

    client.close()


# Counting


def test_a_counter_needs_a_defined_alias() -> None:
    with pytest.raises(ConnectionFailure, match='"nowhere" has not been defined'):
        query_counter("nowhere")


# Sessions


def test_sessions_are_a_stack() -> None:
    stack, one, two = LocalSessions(), object(), object()

    stack.append(one)
    stack.append(two)
    assert stack.sessions == (one, two)
    assert stack.get_current() is two
    stack.clear_current()
    assert stack.get_current() is one
    stack.clear_all()
    assert stack.get_current() is None


def test_the_twins_ask_for_the_session_of_a_client() -> None:
    """The innermost session may be of another client, so `current_session` is not for them."""
    folder = Path(mongoengine.__file__).parent / "_async"
    sources = list(folder.rglob("*.py"))

    assert sources
    assert [path.name for path in sources if "current_session" in path.read_text()] == []


# Trying again


def test_labels_are_found_on_the_cause_of_the_library_s_errors() -> None:
    cause = labelled(OperationFailure("WriteConflict", 112), TRANSIENT)
    error = OperationError("Could not save document")
    error.__cause__ = cause

    assert may_run_again(cause)
    assert may_run_again(error)
    assert not may_run_again(OperationError("Could not save document"))
    assert not may_run_again(ValueError())


def test_a_commit_is_sent_again_only_while_its_result_is_unknown() -> None:
    assert may_commit_again(labelled(PyMongoError("gone"), UNKNOWN))
    assert not may_commit_again(labelled(OperationFailure("slow", 50), UNKNOWN))
    assert not may_commit_again(labelled(OperationFailure("met", 112), TRANSIENT))


def test_a_commit_has_failed_only_if_the_driver_is_sure() -> None:
    refused = labelled(OperationFailure("met", 112), TRANSIENT)
    cancelled_after_failure = asyncio.CancelledError()
    cancelled_after_failure.__cause__ = refused

    assert commit_has_failed(refused)
    assert commit_has_failed(cancelled_after_failure)
    assert not commit_has_failed(labelled(PyMongoError("gone"), UNKNOWN))
    assert not commit_has_failed(asyncio.CancelledError())


def test_pauses_grow_up_to_a_limit_and_stay_within_the_time() -> None:
    retries = Retries(seconds=1000)
    pauses = [retries.next_pause() for _ in range(200)]

    assert 0 <= max(pauses[:3]) <= 0.02
    assert 0.02 < max(pauses) <= 0.5
    assert not retries.are_over()

    over = Retries(seconds=0)
    assert over.are_over()
    assert over.next_pause() == 0
