"""Transactions and sessions: what takes part, what is refused, what an abort brings back."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from pymongo.errors import ExecutionTimeout, NetworkTimeout, OperationFailure
from pymongo.read_concern import ReadConcern

from mongoengine._async.transactions import async_commit_with_retry
from mongoengine.connection import _get_session, connect_async, disconnect_async
from mongoengine.context_managers import (
    async_on_commit,
    async_query_counter,
    async_run_in_transaction,
    async_session,
    async_switch_db,
    async_with_transaction,
)
from mongoengine.errors import NotUniqueError, OperationError
from mongoengine.state import retrying
from tests.commands import CommandLog
from tests.field_models import Invoice, Line
from tests.models import (
    Author,
    CappedLog,
    Event,
    House,
    Indexed,
    IndexedOnSave,
    Person,
    Reading,
    Sketch,
    Street,
    Temperature,
    Ticket,
)

SHARED, APART = "transactions_shared", "transactions_apart"
OTHER_DATABASE = "mongoengine_transaction_tests"


class RollBack(Exception):
    """Raised to have a transaction aborted."""


@pytest_asyncio.fixture
async def shared(mongodb_uri: str, command_log: CommandLog, connection: Any) -> AsyncIterator[Any]:
    """An alias of another database on the client of the default alias."""
    client = await connect_async(
        OTHER_DATABASE,
        alias=SHARED,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="twins",
        event_listeners=[command_log],
    )
    assert client is connection
    yield client[OTHER_DATABASE]
    await client.drop_database(OTHER_DATABASE)
    await disconnect_async(SHARED)


@pytest_asyncio.fixture
async def apart(mongodb_uri: str) -> AsyncIterator[Any]:
    """An alias with a client of its own."""
    client = await connect_async(
        OTHER_DATABASE,
        alias=APART,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="transaction tests",
    )
    yield client[OTHER_DATABASE]
    await client.drop_database(OTHER_DATABASE)
    await disconnect_async(APART)


async def names(database: Any) -> list[str]:
    """Return the names of all stored persons."""
    return sorted([found["name"] async for found in database["person"].find()])


@asynccontextmanager
async def async_rolled_back() -> AsyncIterator[None]:
    """A transaction that an error at the end of the block ends."""
    with suppress(RollBack):
        async with async_run_in_transaction():
            yield
            raise RollBack


# Committing and aborting


async def test_what_a_transaction_does_is_seen_outside_when_it_ends(database: Any) -> None:
    async with async_run_in_transaction():
        ada = await Person(name="ada").async_save()
        await ada.async_update(set__age=36)
        assert (await Person.objects.async_get(id=ada.id)).age == 36
        assert await names(database) == []

    assert await names(database) == ["ada"]


async def test_an_error_takes_everything_back_and_passes(database: Any) -> None:
    ada = await Person(name="ada").async_save()

    async def fail() -> None:
        async with async_run_in_transaction():
            await ada.async_update(set__name="eve")
            await Person.objects.async_create(name="bob")
            assert await Person.objects.async_count() == 2
            raise RollBack

    with pytest.raises(RollBack):
        await fail()

    assert await names(database) == ["ada"]
    assert _get_session() is None


async def test_the_server_has_aborted_when_the_block_is_left(
    database: Any, commands: CommandLog
) -> None:
    async with async_rolled_back():
        await Person(name="ada").async_save()

    assert commands.names[-1] == "abortTransaction"
    # No lock is left: an index could not be made of it otherwise.
    await database["person"].create_index("name", name="probe")
    await database["person"].drop_index("probe")


async def test_a_refusal_of_the_server_is_the_library_s_error_and_aborts(database: Any) -> None:
    await Ticket(number=1).async_save()

    async def fail() -> None:
        async with async_run_in_transaction():
            await Ticket(number=2).async_save()
            await Ticket(number=1).async_save()

    with pytest.raises(NotUniqueError):
        await fail()

    assert await Ticket.objects.async_count() == 1


async def test_options_reach_session_and_transaction(commands: CommandLog) -> None:
    async with async_run_in_transaction(
        session_kwargs={"causal_consistency": False},
        transaction_kwargs={"read_concern": ReadConcern("snapshot")},
    ):
        await Person.objects.async_first()
        assert _get_session().options.causal_consistency is False

    assert commands.only("find")["readConcern"] == {"level": "snapshot"}


async def test_a_transaction_aborted_by_hand_is_left_alone_by_an_error(database: Any) -> None:
    async with async_rolled_back():
        await Person(name="ada").async_save()
        await _get_session().abort_transaction()

    assert await names(database) == []


# Taking part


async def test_an_alias_on_the_same_client_takes_part(shared: Any, database: Any) -> None:
    async with async_rolled_back():
        await Person(name="here").async_save()
        async with async_switch_db(Person, SHARED):
            await Person(name="there").async_save()
            assert await Person.objects.async_count() == 1
        await Person.objects.using(SHARED).async_update(set__age=1)

    assert await names(database) == []
    assert await names(shared) == []


async def test_an_alias_on_another_client_is_refused(apart: Any, database: Any) -> None:
    elsewhere = Person(name="there").switch_db(APART)

    async with async_run_in_transaction():
        await Person(name="here").async_save()
        for refused in (
            elsewhere.async_save,
            Person.objects.using(APART).async_first,
            Person.objects.using(APART).async_count,
            Person.objects.using(APART).async_delete,
        ):
            with pytest.raises(OperationError, match=r"cannot join .* has a client of its own"):
                await refused()

    assert await names(database) == ["here"]
    assert await names(apart) == []
    await elsewhere.async_save()
    assert await names(apart) == ["there"]


async def test_indexes_wait_for_the_first_use_outside(database: Any) -> None:
    await Indexed.async_drop_collection()

    async with async_run_in_transaction():
        await Indexed(name="ada").async_save()
    assert list(await database["indexed"].index_information()) == ["_id_"]

    await Indexed.objects.async_first()
    assert "by_town" in await database["indexed"].index_information()


async def test_a_save_that_makes_sure_of_indexes_does_so_outside_only(
    commands: CommandLog,
) -> None:
    await IndexedOnSave(name="ada").async_save()
    assert "createIndexes" in commands.names
    commands.clear()

    async with async_run_in_transaction():
        await IndexedOnSave(name="bob").async_save()

    assert "createIndexes" not in commands.names


async def test_a_query_counter_works_inside_a_transaction() -> None:
    await Person.objects.async_first()

    async with async_query_counter() as counter, async_run_in_transaction():
        await Person(name="ada").async_save()
        assert await counter.async_count() >= 0
        assert await Person.objects.async_count() == 1


async def test_a_capped_collection_is_not_made_an_ordinary_one(database: Any) -> None:
    await CappedLog.async_drop_collection()

    async with async_run_in_transaction():
        for use in (CappedLog(line="a").async_save, CappedLog.objects.async_first):
            with pytest.raises(OperationError, match="use CappedLog once before it"):
                await use()
    assert "capped_log" not in await database.list_collection_names()

    assert await CappedLog.objects.async_first() is None
    assert (await database["capped_log"].options())["capped"]
    async with async_run_in_transaction():
        assert await CappedLog.objects.async_first() is None


async def test_a_time_series_is_not_made_an_ordinary_collection(database: Any) -> None:
    await Temperature.async_drop_collection()

    async with async_run_in_transaction():
        with pytest.raises(OperationError, match="use Temperature once before it"):
            await Temperature.objects.async_first()

    assert "temperature" not in await database.list_collection_names()


# Nesting


async def test_nested_transactions_are_independent(database: Any) -> None:
    async with async_rolled_back():
        outer = _get_session()
        await Person(name="outer").async_save()
        async with async_run_in_transaction():
            assert _get_session() is not outer
            await Person(name="inner").async_save()
        assert _get_session() is outer

    assert await names(database) == ["inner"]


async def test_a_failed_inner_transaction_leaves_the_outer_one_usable(database: Any) -> None:
    async with async_run_in_transaction():
        await Person(name="outer").async_save()
        async with async_rolled_back():
            await Person(name="inner").async_save()
        assert await Person.objects.async_count() == 1

    assert await names(database) == ["outer"]


async def test_a_joined_transaction_ends_with_the_outer_one(database: Any) -> None:
    async with async_rolled_back():
        outer = _get_session()
        async with async_run_in_transaction(nested="join"):
            assert _get_session() is outer
            await Person(name="inner").async_save()
        assert await names(database) == []

    assert await names(database) == []


async def test_a_transaction_that_could_join_begins_where_there_is_none(database: Any) -> None:
    async with async_run_in_transaction(nested="join"):
        await Person(name="ada").async_save()
        assert await names(database) == []

    assert await names(database) == ["ada"]


async def test_a_nested_transaction_can_be_forbidden(database: Any) -> None:
    async with async_run_in_transaction(nested="error"):
        with pytest.raises(OperationError, match='open on "default" already'):
            async with async_run_in_transaction(nested="error"):
                pass
        await Person(name="ada").async_save()

    assert await names(database) == ["ada"]


async def test_nesting_is_one_of_three_ways() -> None:
    with pytest.raises(ValueError, match='must be "independent", "join" or "error"'):
        async with async_run_in_transaction(nested="sideways"):  # type: ignore[arg-type]
            pass


async def test_transactions_on_two_clients_nest(apart: Any, database: Any) -> None:
    async with async_run_in_transaction():
        await Person(name="here").async_save()
        async with async_run_in_transaction(APART):
            await Person(name="there").switch_db(APART).async_save()
            await Person(name="here too").async_save()

    assert await names(database) == ["here", "here too"]
    assert await names(apart) == ["there"]


async def test_a_function_can_join_the_transaction_it_is_called_in(database: Any) -> None:
    outer: list[Any] = []

    async def save_person() -> str:
        assert _get_session() is outer[0]
        await Person(name="inner").async_save()
        return "saved"

    async with async_rolled_back():
        outer.append(_get_session())
        assert await async_with_transaction(save_person, nested="join") == "saved"
        with pytest.raises(OperationError, match='open on "default" already'):
            await async_with_transaction(save_person, nested="error")
        assert await names(database) == []
        assert await Person.objects.async_count() == 1

    assert await names(database) == []


async def test_a_joined_function_is_not_run_again_by_itself() -> None:
    calls = []

    async def meet() -> None:
        calls.append(len(calls))
        if len(calls) < 3:
            raise labelled(OperationFailure("WriteConflict", 112), "TransientTransactionError")

    async def outer() -> None:
        await async_with_transaction(meet, nested="join")
        assert len(calls) == 3  # reached by a new transaction only

    await async_with_transaction(outer)


async def test_a_function_has_a_transaction_of_its_own_by_default(database: Any) -> None:
    async def save_person() -> None:
        await Person(name="inner").async_save()

    async with async_rolled_back():
        await async_with_transaction(save_person)

    assert await names(database) == ["inner"]


# Documents after an abort


async def test_a_new_document_is_new_again_after_an_abort(database: Any) -> None:
    ada, bob = Person(name="ada"), Person(name="bob")

    async with async_rolled_back():
        await ada.async_save()
        ada.age = 36
        await ada.async_save()
        await Person.objects.async_insert([bob])
        assert ada.id is not None

    assert (ada.id, bob.id) == (None, None)
    assert ada._created
    await ada.async_save()
    stored = await database["person"].find_one()
    assert (stored["_id"], stored["name"], stored["age"]) == (ada.id, "ada", 36)


async def test_a_key_of_the_user_s_own_stays_after_an_abort() -> None:
    author = Author(id="5" * 24, name="ada")

    async with async_rolled_back():
        await author.async_save()

    assert str(author.id) == "5" * 24
    assert author._created


async def test_changes_are_changes_again_after_an_abort(database: Any) -> None:
    house = await House(label="a", street=Street(name="x"), rooms=["r"]).async_save()
    house = await House.objects.async_get(id=house.id)

    async with async_rolled_back():
        house.label = "b"
        house.street.name = "y"
        await house.async_save()
        house.rooms.append("s")

    assert not house._created
    assert set(house._get_changed_fields()) == {"label", "s.n", "r"}
    await house.async_save()
    stored = await database["house"].find_one()
    assert (stored["label"], stored["s"]["n"], stored["r"]) == ("b", "y", ["r", "s"])


async def test_numbers_are_counted_anew_after_an_abort() -> None:
    await Invoice().async_save()
    invoice = Invoice()

    async with async_rolled_back():
        await invoice.async_save()
        first = invoice.number
    between = await Invoice().async_save()
    await invoice.async_save()

    assert between.number == first
    assert invoice.number == first + 1


async def test_embedded_numbers_are_counted_anew_after_an_abort() -> None:
    await Invoice(lines=[Line()]).async_save()
    invoice, loaded = Invoice(lines=[Line(), Line()]), await Invoice.objects.async_first()

    async with async_rolled_back():
        await invoice.async_save()
        loaded.lines.append(Line())
        await loaded.async_save()
        numbers = [line.number for line in invoice.lines]
    between = await Invoice(lines=[Line(), Line()]).async_save()
    await invoice.async_save()
    await loaded.async_save()

    assert [line.number for line in between.lines] == numbers
    assert [line.number for line in invoice.lines] == [numbers[1] + 1, numbers[1] + 2]
    stored = await Invoice.objects.as_pymongo().async_get(id=loaded.id)
    assert stored["lines"][1] == {"number": numbers[1] + 3}


async def test_every_change_saved_in_turn_is_a_change_again_after_an_abort(database: Any) -> None:
    house = await House(label="a", rooms=["r"], notes={"k": 1}).async_save()

    async with async_rolled_back():
        house.label = "b"
        await house.async_save()
        house.rooms.append("s")
        await house.async_save()
        house.notes["k"] = 2

    await house.async_save()
    stored = await database["house"].find_one()
    assert (stored["label"], stored["r"], stored["notes"]) == ("b", ["r", "s"], {"k": 2})


async def test_what_clean_changes_is_a_change_again_after_an_abort(database: Any) -> None:
    event = await Event(title="a").async_save()

    async with async_rolled_back():
        event.title = "b"
        await event.async_save()
        event._mark_as_changed("start")
        event.title = " c "
        await event.async_save()

    await event.async_save()
    assert (await database["event"].find_one())["title"] == "c"


async def test_a_modified_document_is_as_before_after_an_abort(database: Any) -> None:
    house = await House(label="a", street=Street(name="x"), rooms=["r"]).async_save()
    house = await House.objects.async_get(id=house.id)
    house.rooms.append("mine")

    async with async_rolled_back():
        assert await house.async_modify(set__label="b", set__street__name="y", push__rooms="s")
        assert (house.label, house.street.name, house.rooms) == ("b", "y", ["r", "s"])

    assert (house.label, house.street.name, house.rooms) == ("a", "x", ["r", "mine"])
    assert house._get_changed_fields() == ["r"]
    await house.async_save()
    assert (await database["house"].find_one())["r"] == ["r", "mine"]


async def test_a_reloaded_document_is_as_before_after_an_abort(database: Any) -> None:
    person = await Person(name="ada", age=36).async_save()
    sketch = await Sketch(name="s", size=1).async_save()
    person.age = 37

    async with async_rolled_back():
        await Person.objects.async_update(set__town="Paris", set__name="eve")
        await Sketch.objects.async_update(set__size=2, set__colour="red")
        await person.async_reload("town")
        await person.async_reload()
        await sketch.async_reload()
        assert (person.name, person.age, person.town) == ("eve", 36, "Paris")
        assert (sketch.size, sketch.colour) == (2, "red")
        sketch.name = "t"

    assert (person.name, person.age, person.town) == ("ada", 37, None)
    assert person._get_changed_fields() == ["age"]
    assert (sketch.name, sketch.size, hasattr(sketch, "colour")) == ("t", 1, False)
    await person.async_save()
    await sketch.async_save()
    stored = await database["sketch"].find_one()
    assert {key: stored[key] for key in stored if key != "_id"} == {"name": "t", "size": 1}
    assert (await database["person"].find_one())["age"] == 37


async def test_values_saved_after_a_reload_stay_after_an_abort(database: Any) -> None:
    person = await Person(name="ada", age=36).async_save()

    async with async_rolled_back():
        await person.async_reload()
        person.age = 37
        await person.async_save()

    assert person.age == 37
    await person.async_save()
    assert (await database["person"].find_one())["age"] == 37


async def test_a_deleted_document_is_stored_after_an_abort(database: Any) -> None:
    person = await Person(name="ada").async_save()

    async with async_rolled_back():
        await person.async_delete()
        assert await names(database) == ["ada"]

    assert not person._created
    person.age = 1
    await person.async_save()
    assert (await database["person"].find_one())["age"] == 1


async def test_a_document_deleted_and_saved_again_is_as_before_after_an_abort() -> None:
    person = await Person(name="ada").async_save()
    key = person.id

    async with async_rolled_back():
        await person.async_delete()
        person.id = None
        await person.async_save()
        assert person.id != key

    assert person.id is None
    assert not person._created


async def test_a_shard_key_is_as_before_after_an_abort(database: Any) -> None:
    stored = await Reading(station="a", value=1).async_save()
    new = Reading(station="b", value=1)

    async with async_rolled_back():
        await new.async_save()
        stored.value = 2
        await stored.async_save()
        await Reading.objects.async_update(set__station="c")
        await Reading.objects.async_first()

    new.station = "d"  # allowed, as it is not stored
    await new.async_save()
    await stored.async_save()
    found = [(raw["st"], raw["value"]) async for raw in database["reading"].find().sort("st")]
    assert found == [("a", 2), ("d", 1)]


async def test_documents_stay_as_saved_after_a_commit() -> None:
    ada = Person(name="ada")

    async with async_run_in_transaction():
        await ada.async_save()
        ada.age = 36
        await ada.async_save()

    assert ada.id is not None
    assert not ada._created
    assert ada._get_changed_fields() == []


async def test_only_the_transaction_that_failed_takes_documents_back() -> None:
    inner, outer = Person(name="inner"), Person(name="outer")

    async with async_rolled_back():
        await outer.async_save()
        async with async_run_in_transaction():
            await inner.async_save()

    assert inner.id is not None
    assert outer.id is None


# Afterwards


async def test_functions_are_called_after_a_commit_in_order(database: Any) -> None:
    seen: list[Any] = []

    async def look() -> None:
        seen.append(("look", _get_session(), await names(database)))

    async with async_run_in_transaction():
        await async_on_commit(look)
        await async_on_commit(lambda: seen.append("plain"))
        await Person(name="ada").async_save()
        assert seen == []

    assert seen == [("look", None, ["ada"]), "plain"]


async def test_functions_are_not_called_after_an_abort() -> None:
    seen: list[Any] = []

    async with async_rolled_back():
        await async_on_commit(lambda: seen.append(1))

    assert seen == []


async def test_outside_of_a_transaction_a_function_is_called_at_once() -> None:
    seen: list[Any] = []

    async def note() -> None:
        seen.append(1)

    await async_on_commit(note)

    assert seen == [1]


async def test_a_nested_transaction_calls_its_functions_when_it_is_committed() -> None:
    seen: list[str] = []

    async with async_rolled_back():
        await async_on_commit(lambda: seen.append("outer"))
        async with async_run_in_transaction(nested="join"):
            await async_on_commit(lambda: seen.append("joined"))
        assert seen == []
        async with async_run_in_transaction():
            await async_on_commit(lambda: seen.append("inner"))
        assert seen == ["inner"]

    assert seen == ["inner"]


async def test_a_function_that_fails_undoes_nothing_and_stops_the_others(database: Any) -> None:
    seen: list[int] = []

    def fail() -> None:
        raise labelled(OperationFailure("WriteConflict", 112), "TransientTransactionError")

    async def save_person() -> None:
        seen.append(1)
        await Person(name="ada").async_save()
        await async_on_commit(fail)
        await async_on_commit(lambda: seen.append(2))

    with pytest.raises(OperationFailure):
        await async_with_transaction(save_person)

    assert seen == [1]  # nor is a committed transaction run again
    assert await names(database) == ["ada"]


async def test_functions_are_called_once_however_often_it_was_tried() -> None:
    tries: list[int] = []
    seen: list[int] = []

    async def save_person() -> None:
        tries.append(1)
        number = len(tries)
        await async_on_commit(lambda: seen.append(number))
        if number < 3:
            raise labelled(OperationFailure("WriteConflict", 112), "TransientTransactionError")

    await async_with_transaction(save_person)

    assert seen == [3]


async def test_a_transaction_on_another_client_calls_nothing_for_this_one(apart: Any) -> None:
    async with async_run_in_transaction():
        with pytest.raises(OperationError, match=f'No transaction is open on "{APART}"'):
            await async_on_commit(list, APART)


async def test_what_is_no_function_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="takes a function, not 7"):
        await async_on_commit(7)  # type: ignore[arg-type]


# Trying again


class Session:
    """A session whose commits fail, one by one, with the errors given."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.attempts = 0

    async def commit_transaction(self) -> None:
        self.attempts += 1
        if self.errors:
            raise self.errors.pop(0)


def labelled(error: Any, label: str) -> Any:
    error._add_error_label(label)
    return error


def unknown(error: Any) -> Any:
    return labelled(error, "UnknownTransactionCommitResult")


async def test_a_commit_of_unknown_result_is_sent_again(caplog: pytest.LogCaptureFixture) -> None:
    failing = Session(unknown(NetworkTimeout("gone")), unknown(OperationFailure("later", 91)))

    with caplog.at_level(logging.WARNING):
        await async_commit_with_retry(failing)  # type: ignore[arg-type]

    assert failing.attempts == 3
    assert caplog.messages == ["UnknownTransactionCommitResult, retrying commit operation ..."] * 2


@pytest.mark.parametrize(
    "error",
    [OperationFailure("no", 251), unknown(ExecutionTimeout("too slow", 50)), RollBack()],
)
async def test_other_failures_of_a_commit_are_final(error: Exception) -> None:
    failing = Session(error)

    with pytest.raises(type(error)):
        await async_commit_with_retry(failing)  # type: ignore[arg-type]

    assert failing.attempts == 1


async def test_a_commit_is_not_sent_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = Session(*[unknown(NetworkTimeout("gone")) for _ in range(1000)])
    clock = iter(range(0, 10_000, 50))
    monkeypatch.setattr(retrying, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    with pytest.raises(NetworkTimeout):
        await async_commit_with_retry(failing)  # type: ignore[arg-type]

    assert 1 < failing.attempts < 5


async def test_a_function_is_called_again_when_transactions_meet(database: Any) -> None:
    ada = await Person(name="ada", age=0).async_save()
    calls = []

    async def grow() -> str:
        calls.append(_get_session())
        await Person.objects(id=ada.id).async_update(inc__age=1)
        if len(calls) < 3:
            # As the driver and the library report two transactions that meet.
            raise OperationError("Update failed") from labelled(
                OperationFailure("WriteConflict", 112), "TransientTransactionError"
            )
        return "done"

    assert await async_with_transaction(grow) == "done"

    assert len(set(map(id, calls))) == 3
    assert (await database["person"].find_one())["age"] == 1


async def test_a_function_that_fails_otherwise_is_called_once(database: Any) -> None:
    calls = []

    async def fail() -> None:
        calls.append(1)
        await Person(name="ada").async_save()
        raise RollBack

    with pytest.raises(RollBack):
        await async_with_transaction(fail)

    assert calls == [1]
    assert await names(database) == []


async def test_a_function_is_not_called_again_after_its_time() -> None:
    calls = []

    async def fail() -> None:
        calls.append(1)
        raise labelled(OperationFailure("WriteConflict", 112), "TransientTransactionError")

    with pytest.raises(OperationFailure, match="WriteConflict"):
        await async_with_transaction(fail, max_seconds=0)

    assert calls == [1]


# Sessions without a transaction


async def test_a_block_of_operations_shares_a_session(commands: CommandLog) -> None:
    await Person.objects.async_first()  # prepares the collection
    commands.clear()

    async with async_session():
        await Person(name="ada").async_save()
        await Person.objects.async_first()
        lsid = _get_session().session_id
        assert not _get_session().in_transaction

    assert {str(command["lsid"]) for _, command in commands.sent} == {str(lsid)}
    assert "afterClusterTime" in commands.only("find")["readConcern"]
    assert _get_session() is None


async def test_a_snapshot_session_reads_one_moment(database: Any) -> None:
    await Person(name="ada").async_save()

    async with async_session(snapshot=True):
        assert await Indexed.objects.async_first() is None  # makes no index yet
        assert await Person.objects(name="ada").async_count() == 1
        await database["person"].insert_one({"name": "bob"})
        assert [person.name async for person in Person.objects] == ["ada"]

    assert await names(database) == ["ada", "bob"]


async def test_a_session_lets_other_clients_work_without_it(apart: Any) -> None:
    async with async_session():
        await Person(name="there").switch_db(APART).async_save()

    assert await names(apart) == ["there"]
