# Generated from tests/_async/test_transactions.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Transactions and sessions: what takes part, what is refused, what an abort brings back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import ExecutionTimeout, NetworkTimeout, OperationFailure
from pymongo.read_concern import ReadConcern

from mongoengine._sync.transactions import commit_with_retry
from mongoengine.connection import _get_session, connect, disconnect
from mongoengine.context_managers import (
    on_commit,
    query_counter,
    run_in_transaction,
    session,
    switch_db,
    with_transaction,
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


@pytest.fixture
def shared(mongodb_uri: str, command_log: CommandLog, connection: Any) -> Iterator[Any]:
    """An alias of another database on the client of the default alias."""
    client = connect(
        OTHER_DATABASE,
        alias=SHARED,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="twins",
        event_listeners=[command_log],
    )
    assert client is connection
    yield client[OTHER_DATABASE]
    client.drop_database(OTHER_DATABASE)
    disconnect(SHARED)


@pytest.fixture
def apart(mongodb_uri: str) -> Iterator[Any]:
    """An alias with a client of its own."""
    client = connect(
        OTHER_DATABASE,
        alias=APART,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="transaction tests",
    )
    yield client[OTHER_DATABASE]
    client.drop_database(OTHER_DATABASE)
    disconnect(APART)


def names(database: Any) -> list[str]:
    """Return the names of all stored persons."""
    return sorted([found["name"] for found in database["person"].find()])


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction that an error at the end of the block ends."""
    with suppress(RollBack):
        with run_in_transaction():
            yield
            raise RollBack


# Committing and aborting


def test_what_a_transaction_does_is_seen_outside_when_it_ends(database: Any) -> None:
    with run_in_transaction():
        ada = Person(name="ada").save()
        ada.update(set__age=36)
        assert Person.objects.get(id=ada.id).age == 36
        assert names(database) == []

    assert names(database) == ["ada"]


def test_an_error_takes_everything_back_and_passes(database: Any) -> None:
    ada = Person(name="ada").save()

    def fail() -> None:
        with run_in_transaction():
            ada.update(set__name="eve")
            Person.objects.create(name="bob")
            assert Person.objects.count() == 2
            raise RollBack

    with pytest.raises(RollBack):
        fail()

    assert names(database) == ["ada"]
    assert _get_session() is None


def test_the_server_has_aborted_when_the_block_is_left(database: Any, commands: CommandLog) -> None:
    with rolled_back():
        Person(name="ada").save()

    assert commands.names[-1] == "abortTransaction"
    # No lock is left: an index could not be made of it otherwise.
    database["person"].create_index("name", name="probe")
    database["person"].drop_index("probe")


def test_a_refusal_of_the_server_is_the_library_s_error_and_aborts(database: Any) -> None:
    Ticket(number=1).save()

    def fail() -> None:
        with run_in_transaction():
            Ticket(number=2).save()
            Ticket(number=1).save()

    with pytest.raises(NotUniqueError):
        fail()

    assert Ticket.objects.count() == 1


def test_options_reach_session_and_transaction(commands: CommandLog) -> None:
    with run_in_transaction(
        session_kwargs={"causal_consistency": False},
        transaction_kwargs={"read_concern": ReadConcern("snapshot")},
    ):
        Person.objects.first()
        assert _get_session().options.causal_consistency is False

    assert commands.only("find")["readConcern"] == {"level": "snapshot"}


def test_a_transaction_aborted_by_hand_is_left_alone_by_an_error(database: Any) -> None:
    with rolled_back():
        Person(name="ada").save()
        _get_session().abort_transaction()

    assert names(database) == []


# Taking part


def test_an_alias_on_the_same_client_takes_part(shared: Any, database: Any) -> None:
    with rolled_back():
        Person(name="here").save()
        with switch_db(Person, SHARED):
            Person(name="there").save()
            assert Person.objects.count() == 1
        Person.objects.using(SHARED).update(set__age=1)

    assert names(database) == []
    assert names(shared) == []


def test_an_alias_on_another_client_is_refused(apart: Any, database: Any) -> None:
    elsewhere = Person(name="there").switch_db(APART)

    with run_in_transaction():
        Person(name="here").save()
        for refused in (
            elsewhere.save,
            Person.objects.using(APART).first,
            Person.objects.using(APART).count,
            Person.objects.using(APART).delete,
        ):
            with pytest.raises(OperationError, match=r"cannot join .* has a client of its own"):
                refused()

    assert names(database) == ["here"]
    assert names(apart) == []
    elsewhere.save()
    assert names(apart) == ["there"]


def test_indexes_wait_for_the_first_use_outside(database: Any) -> None:
    Indexed.drop_collection()

    with run_in_transaction():
        Indexed(name="ada").save()
    assert list(database["indexed"].index_information()) == ["_id_"]

    Indexed.objects.first()
    assert "by_town" in database["indexed"].index_information()


def test_a_save_that_makes_sure_of_indexes_does_so_outside_only(
    commands: CommandLog,
) -> None:
    IndexedOnSave(name="ada").save()
    assert "createIndexes" in commands.names
    commands.clear()

    with run_in_transaction():
        IndexedOnSave(name="bob").save()

    assert "createIndexes" not in commands.names


def test_a_query_counter_works_inside_a_transaction() -> None:
    Person.objects.first()

    with query_counter() as counter, run_in_transaction():
        Person(name="ada").save()
        assert counter.count() >= 0
        assert Person.objects.count() == 1


def test_a_capped_collection_is_not_made_an_ordinary_one(database: Any) -> None:
    CappedLog.drop_collection()

    with run_in_transaction():
        for use in (CappedLog(line="a").save, CappedLog.objects.first):
            with pytest.raises(OperationError, match="use CappedLog once before it"):
                use()
    assert "capped_log" not in database.list_collection_names()

    assert CappedLog.objects.first() is None
    assert database["capped_log"].options()["capped"]
    with run_in_transaction():
        assert CappedLog.objects.first() is None


def test_a_time_series_is_not_made_an_ordinary_collection(database: Any) -> None:
    Temperature.drop_collection()

    with run_in_transaction():
        with pytest.raises(OperationError, match="use Temperature once before it"):
            Temperature.objects.first()

    assert "temperature" not in database.list_collection_names()


# Nesting


def test_nested_transactions_are_independent(database: Any) -> None:
    with rolled_back():
        outer = _get_session()
        Person(name="outer").save()
        with run_in_transaction():
            assert _get_session() is not outer
            Person(name="inner").save()
        assert _get_session() is outer

    assert names(database) == ["inner"]


def test_a_failed_inner_transaction_leaves_the_outer_one_usable(database: Any) -> None:
    with run_in_transaction():
        Person(name="outer").save()
        with rolled_back():
            Person(name="inner").save()
        assert Person.objects.count() == 1

    assert names(database) == ["outer"]


def test_a_joined_transaction_ends_with_the_outer_one(database: Any) -> None:
    with rolled_back():
        outer = _get_session()
        with run_in_transaction(nested="join"):
            assert _get_session() is outer
            Person(name="inner").save()
        assert names(database) == []

    assert names(database) == []


def test_a_transaction_that_could_join_begins_where_there_is_none(database: Any) -> None:
    with run_in_transaction(nested="join"):
        Person(name="ada").save()
        assert names(database) == []

    assert names(database) == ["ada"]


def test_a_nested_transaction_can_be_forbidden(database: Any) -> None:
    with run_in_transaction(nested="error"):
        with pytest.raises(OperationError, match='open on "default" already'):
            with run_in_transaction(nested="error"):
                pass
        Person(name="ada").save()

    assert names(database) == ["ada"]


def test_nesting_is_one_of_three_ways() -> None:
    with pytest.raises(ValueError, match='must be "independent", "join" or "error"'):
        with run_in_transaction(nested="sideways"):  # type: ignore[arg-type]
            pass


def test_transactions_on_two_clients_nest(apart: Any, database: Any) -> None:
    with run_in_transaction():
        Person(name="here").save()
        with run_in_transaction(APART):
            Person(name="there").switch_db(APART).save()
            Person(name="here too").save()

    assert names(database) == ["here", "here too"]
    assert names(apart) == ["there"]


def test_a_function_can_join_the_transaction_it_is_called_in(database: Any) -> None:
    outer: list[Any] = []

    def save_person() -> str:
        assert _get_session() is outer[0]
        Person(name="inner").save()
        return "saved"

    with rolled_back():
        outer.append(_get_session())
        assert with_transaction(save_person, nested="join") == "saved"
        with pytest.raises(OperationError, match='open on "default" already'):
            with_transaction(save_person, nested="error")
        assert names(database) == []
        assert Person.objects.count() == 1

    assert names(database) == []


def test_a_joined_function_is_not_run_again_by_itself() -> None:
    calls = []

    def meet() -> None:
        calls.append(len(calls))
        if len(calls) < 3:
            raise labelled(OperationFailure("WriteConflict", 112), "TransientTransactionError")

    def outer() -> None:
        with_transaction(meet, nested="join")
        assert len(calls) == 3  # reached by a new transaction only

    with_transaction(outer)


def test_a_function_has_a_transaction_of_its_own_by_default(database: Any) -> None:
    def save_person() -> None:
        Person(name="inner").save()

    with rolled_back():
        with_transaction(save_person)

    assert names(database) == ["inner"]


# Documents after an abort


def test_a_new_document_is_new_again_after_an_abort(database: Any) -> None:
    ada, bob = Person(name="ada"), Person(name="bob")

    with rolled_back():
        ada.save()
        ada.age = 36
        ada.save()
        Person.objects.insert([bob])
        assert ada.id is not None

    assert (ada.id, bob.id) == (None, None)
    assert ada._created
    ada.save()
    stored = database["person"].find_one()
    assert (stored["_id"], stored["name"], stored["age"]) == (ada.id, "ada", 36)


def test_a_key_of_the_user_s_own_stays_after_an_abort() -> None:
    author = Author(id="5" * 24, name="ada")

    with rolled_back():
        author.save()

    assert str(author.id) == "5" * 24
    assert author._created


def test_changes_are_changes_again_after_an_abort(database: Any) -> None:
    house = House(label="a", street=Street(name="x"), rooms=["r"]).save()
    house = House.objects.get(id=house.id)

    with rolled_back():
        house.label = "b"
        house.street.name = "y"
        house.save()
        house.rooms.append("s")

    assert not house._created
    assert set(house._get_changed_fields()) == {"label", "s.n", "r"}
    house.save()
    stored = database["house"].find_one()
    assert (stored["label"], stored["s"]["n"], stored["r"]) == ("b", "y", ["r", "s"])


def test_numbers_are_counted_anew_after_an_abort() -> None:
    Invoice().save()
    invoice = Invoice()

    with rolled_back():
        invoice.save()
        first = invoice.number
    between = Invoice().save()
    invoice.save()

    assert between.number == first
    assert invoice.number == first + 1


def test_embedded_numbers_are_counted_anew_after_an_abort() -> None:
    Invoice(lines=[Line()]).save()
    invoice, loaded = Invoice(lines=[Line(), Line()]), Invoice.objects.first()

    with rolled_back():
        invoice.save()
        loaded.lines.append(Line())
        loaded.save()
        numbers = [line.number for line in invoice.lines]
    between = Invoice(lines=[Line(), Line()]).save()
    invoice.save()
    loaded.save()

    assert [line.number for line in between.lines] == numbers
    assert [line.number for line in invoice.lines] == [numbers[1] + 1, numbers[1] + 2]
    stored = Invoice.objects.as_pymongo().get(id=loaded.id)
    assert stored["lines"][1] == {"number": numbers[1] + 3}


def test_every_change_saved_in_turn_is_a_change_again_after_an_abort(database: Any) -> None:
    house = House(label="a", rooms=["r"], notes={"k": 1}).save()

    with rolled_back():
        house.label = "b"
        house.save()
        house.rooms.append("s")
        house.save()
        house.notes["k"] = 2

    house.save()
    stored = database["house"].find_one()
    assert (stored["label"], stored["r"], stored["notes"]) == ("b", ["r", "s"], {"k": 2})


def test_what_clean_changes_is_a_change_again_after_an_abort(database: Any) -> None:
    event = Event(title="a").save()

    with rolled_back():
        event.title = "b"
        event.save()
        event._mark_as_changed("start")
        event.title = " c "
        event.save()

    event.save()
    assert database["event"].find_one()["title"] == "c"


def test_a_modified_document_is_as_before_after_an_abort(database: Any) -> None:
    house = House(label="a", street=Street(name="x"), rooms=["r"]).save()
    house = House.objects.get(id=house.id)
    house.rooms.append("mine")

    with rolled_back():
        assert house.modify(set__label="b", set__street__name="y", push__rooms="s")
        assert (house.label, house.street.name, house.rooms) == ("b", "y", ["r", "s"])

    assert (house.label, house.street.name, house.rooms) == ("a", "x", ["r", "mine"])
    assert house._get_changed_fields() == ["r"]
    house.save()
    assert database["house"].find_one()["r"] == ["r", "mine"]


def test_a_reloaded_document_is_as_before_after_an_abort(database: Any) -> None:
    person = Person(name="ada", age=36).save()
    sketch = Sketch(name="s", size=1).save()
    person.age = 37

    with rolled_back():
        Person.objects.update(set__town="Paris", set__name="eve")
        Sketch.objects.update(set__size=2, set__colour="red")
        person.reload("town")
        person.reload()
        sketch.reload()
        assert (person.name, person.age, person.town) == ("eve", 36, "Paris")
        assert (sketch.size, sketch.colour) == (2, "red")
        sketch.name = "t"

    assert (person.name, person.age, person.town) == ("ada", 37, None)
    assert person._get_changed_fields() == ["age"]
    assert (sketch.name, sketch.size, hasattr(sketch, "colour")) == ("t", 1, False)
    person.save()
    sketch.save()
    stored = database["sketch"].find_one()
    assert {key: stored[key] for key in stored if key != "_id"} == {"name": "t", "size": 1}
    assert database["person"].find_one()["age"] == 37


def test_values_saved_after_a_reload_stay_after_an_abort(database: Any) -> None:
    person = Person(name="ada", age=36).save()

    with rolled_back():
        person.reload()
        person.age = 37
        person.save()

    assert person.age == 37
    person.save()
    assert database["person"].find_one()["age"] == 37


def test_a_deleted_document_is_stored_after_an_abort(database: Any) -> None:
    person = Person(name="ada").save()

    with rolled_back():
        person.delete()
        assert names(database) == ["ada"]

    assert not person._created
    person.age = 1
    person.save()
    assert database["person"].find_one()["age"] == 1


def test_a_document_deleted_and_saved_again_is_as_before_after_an_abort() -> None:
    person = Person(name="ada").save()
    key = person.id

    with rolled_back():
        person.delete()
        person.id = None
        person.save()
        assert person.id != key

    assert person.id is None
    assert not person._created


def test_a_shard_key_is_as_before_after_an_abort(database: Any) -> None:
    stored = Reading(station="a", value=1).save()
    new = Reading(station="b", value=1)

    with rolled_back():
        new.save()
        stored.value = 2
        stored.save()
        Reading.objects.update(set__station="c")
        Reading.objects.first()

    new.station = "d"  # allowed, as it is not stored
    new.save()
    stored.save()
    found = [(raw["st"], raw["value"]) for raw in database["reading"].find().sort("st")]
    assert found == [("a", 2), ("d", 1)]


def test_documents_stay_as_saved_after_a_commit() -> None:
    ada = Person(name="ada")

    with run_in_transaction():
        ada.save()
        ada.age = 36
        ada.save()

    assert ada.id is not None
    assert not ada._created
    assert ada._get_changed_fields() == []


def test_only_the_transaction_that_failed_takes_documents_back() -> None:
    inner, outer = Person(name="inner"), Person(name="outer")

    with rolled_back():
        outer.save()
        with run_in_transaction():
            inner.save()

    assert inner.id is not None
    assert outer.id is None


# Afterwards


def test_functions_are_called_after_a_commit_in_order(database: Any) -> None:
    seen: list[Any] = []

    def look() -> None:
        seen.append(("look", _get_session(), names(database)))

    with run_in_transaction():
        on_commit(look)
        on_commit(lambda: seen.append("plain"))
        Person(name="ada").save()
        assert seen == []

    assert seen == [("look", None, ["ada"]), "plain"]


def test_functions_are_not_called_after_an_abort() -> None:
    seen: list[Any] = []

    with rolled_back():
        on_commit(lambda: seen.append(1))

    assert seen == []


def test_outside_of_a_transaction_a_function_is_called_at_once() -> None:
    seen: list[Any] = []

    def note() -> None:
        seen.append(1)

    on_commit(note)

    assert seen == [1]


def test_a_nested_transaction_calls_its_functions_when_it_is_committed() -> None:
    seen: list[str] = []

    with rolled_back():
        on_commit(lambda: seen.append("outer"))
        with run_in_transaction(nested="join"):
            on_commit(lambda: seen.append("joined"))
        assert seen == []
        with run_in_transaction():
            on_commit(lambda: seen.append("inner"))
        assert seen == ["inner"]

    assert seen == ["inner"]


def test_a_function_that_fails_undoes_nothing_and_stops_the_others(database: Any) -> None:
    seen: list[int] = []

    def fail() -> None:
        raise labelled(OperationFailure("WriteConflict", 112), "TransientTransactionError")

    def save_person() -> None:
        seen.append(1)
        Person(name="ada").save()
        on_commit(fail)
        on_commit(lambda: seen.append(2))

    with pytest.raises(OperationFailure):
        with_transaction(save_person)

    assert seen == [1]  # nor is a committed transaction run again
    assert names(database) == ["ada"]


def test_functions_are_called_once_however_often_it_was_tried() -> None:
    tries: list[int] = []
    seen: list[int] = []

    def save_person() -> None:
        tries.append(1)
        number = len(tries)
        on_commit(lambda: seen.append(number))
        if number < 3:
            raise labelled(OperationFailure("WriteConflict", 112), "TransientTransactionError")

    with_transaction(save_person)

    assert seen == [3]


def test_a_transaction_on_another_client_calls_nothing_for_this_one(apart: Any) -> None:
    with run_in_transaction():
        with pytest.raises(OperationError, match=f'No transaction is open on "{APART}"'):
            on_commit(list, APART)


def test_what_is_no_function_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="takes a function, not 7"):
        on_commit(7)  # type: ignore[arg-type]


# Trying again


class Session:
    """A session whose commits fail, one by one, with the errors given."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.attempts = 0

    def commit_transaction(self) -> None:
        self.attempts += 1
        if self.errors:
            raise self.errors.pop(0)


def labelled(error: Any, label: str) -> Any:
    error._add_error_label(label)
    return error


def unknown(error: Any) -> Any:
    return labelled(error, "UnknownTransactionCommitResult")


def test_a_commit_of_unknown_result_is_sent_again(caplog: pytest.LogCaptureFixture) -> None:
    failing = Session(unknown(NetworkTimeout("gone")), unknown(OperationFailure("later", 91)))

    with caplog.at_level(logging.WARNING):
        commit_with_retry(failing)  # type: ignore[arg-type]

    assert failing.attempts == 3
    assert caplog.messages == ["UnknownTransactionCommitResult, retrying commit operation ..."] * 2


@pytest.mark.parametrize(
    "error",
    [OperationFailure("no", 251), unknown(ExecutionTimeout("too slow", 50)), RollBack()],
)
def test_other_failures_of_a_commit_are_final(error: Exception) -> None:
    failing = Session(error)

    with pytest.raises(type(error)):
        commit_with_retry(failing)  # type: ignore[arg-type]

    assert failing.attempts == 1


def test_a_commit_is_not_sent_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = Session(*[unknown(NetworkTimeout("gone")) for _ in range(1000)])
    clock = iter(range(0, 10_000, 50))
    monkeypatch.setattr(retrying, "time", SimpleNamespace(monotonic=lambda: next(clock)))

    with pytest.raises(NetworkTimeout):
        commit_with_retry(failing)  # type: ignore[arg-type]

    assert 1 < failing.attempts < 5


def test_a_function_is_called_again_when_transactions_meet(database: Any) -> None:
    ada = Person(name="ada", age=0).save()
    calls = []

    def grow() -> str:
        calls.append(_get_session())
        Person.objects(id=ada.id).update(inc__age=1)
        if len(calls) < 3:
            # As the driver and the library report two transactions that meet.
            raise OperationError("Update failed") from labelled(
                OperationFailure("WriteConflict", 112), "TransientTransactionError"
            )
        return "done"

    assert with_transaction(grow) == "done"

    assert len(set(map(id, calls))) == 3
    assert database["person"].find_one()["age"] == 1


def test_a_function_that_fails_otherwise_is_called_once(database: Any) -> None:
    calls = []

    def fail() -> None:
        calls.append(1)
        Person(name="ada").save()
        raise RollBack

    with pytest.raises(RollBack):
        with_transaction(fail)

    assert calls == [1]
    assert names(database) == []


def test_a_function_is_not_called_again_after_its_time() -> None:
    calls = []

    def fail() -> None:
        calls.append(1)
        raise labelled(OperationFailure("WriteConflict", 112), "TransientTransactionError")

    with pytest.raises(OperationFailure, match="WriteConflict"):
        with_transaction(fail, max_seconds=0)

    assert calls == [1]


# Sessions without a transaction


def test_a_block_of_operations_shares_a_session(commands: CommandLog) -> None:
    Person.objects.first()  # prepares the collection
    commands.clear()

    with session():
        Person(name="ada").save()
        Person.objects.first()
        lsid = _get_session().session_id
        assert not _get_session().in_transaction

    assert {str(command["lsid"]) for _, command in commands.sent} == {str(lsid)}
    assert "afterClusterTime" in commands.only("find")["readConcern"]
    assert _get_session() is None


def test_a_snapshot_session_reads_one_moment(database: Any) -> None:
    Person(name="ada").save()

    with session(snapshot=True):
        assert Indexed.objects.first() is None  # makes no index yet
        assert Person.objects(name="ada").count() == 1
        database["person"].insert_one({"name": "bob"})
        assert [person.name for person in Person.objects] == ["ada"]

    assert names(database) == ["ada", "bob"]


def test_a_session_lets_other_clients_work_without_it(apart: Any) -> None:
    with session():
        Person(name="there").switch_db(APART).save()

    assert names(apart) == ["there"]
