"""Transactions and sessions: what takes part, what is refused, what an abort brings back."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from bson.json_util import RELAXED_JSON_OPTIONS
from pymongo.errors import ExecutionTimeout, NetworkTimeout, OperationFailure
from pymongo.read_concern import ReadConcern

from mongoengine._async.commands import async_count_documents
from mongoengine._async.transactions import async_commit_with_retry
from mongoengine.connection import _get_session, connect_async, disconnect_async
from mongoengine.context_managers import (
    async_query_counter,
    async_run_in_transaction,
    async_session,
    async_switch_db,
    async_with_transaction,
)
from mongoengine.errors import NotUniqueError, OperationError
from mongoengine.state import retrying
from tests.commands import CommandLog
from tests.field_models import Attachment, Invoice
from tests.models import Author, Book, House, Indexed, IndexedOnSave, Person, Street, Ticket

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


async def insert_one(book: Any) -> None:
    await Book(title="new").async_save()


async def insert_many(book: Any) -> None:
    await Book.objects.async_insert([Book(title="x"), Book(title="y")])


async def save_changes(book: Any) -> None:
    book.title = "changed"
    await book.async_save()


async def save_cascading(book: Any) -> None:
    book.author.name = "changed"
    await book.async_save(cascade=True)


async def update_itself(book: Any) -> None:
    await book.async_update(set__title="changed")


async def modify_itself(book: Any) -> None:
    await book.async_modify(set__title="changed")


async def reload_itself(book: Any) -> None:
    await book.async_reload()


async def delete_itself(book: Any) -> None:
    await book.async_delete()


async def find_first(book: Any) -> None:
    await Book.objects.async_first()


async def find_one(book: Any) -> None:
    await Book.objects.async_get(id=book.id)


async def find_all(book: Any) -> None:
    await Book.objects.async_to_list()


async def iterate(book: Any) -> None:
    assert [found.id async for found in Book.objects.batch_size(1)] == [book.id]


async def count(book: Any) -> None:
    assert await Book.objects.async_count() == 1


async def count_in_collection(book: Any) -> None:
    assert await async_count_documents(await Book._async_get_collection(), {}) == 1


async def exists(book: Any) -> None:
    assert await Book.objects.async_exists()


async def update_many(book: Any) -> None:
    await Book.objects(title="notes").async_update(set__title="changed")


async def update_first(book: Any) -> None:
    await Book.objects(title="notes").async_update_one(set__title="changed")


async def upsert(book: Any) -> None:
    await Book.objects(title="unknown").async_update(upsert=True, set__title="known")


async def upsert_one(book: Any) -> None:
    await Book.objects(title="unknown").async_upsert_one(set__title="known")


async def modify_first(book: Any) -> None:
    await Book.objects(title="notes").async_modify(set__title="changed", new=True)


async def remove_first(book: Any) -> None:
    await Book.objects(title="notes").async_modify(remove=True)


async def find_by_keys(book: Any) -> None:
    assert list(await Book.objects.async_in_bulk([book.id])) == [book.id]


async def find_by_key(book: Any) -> None:
    assert await Book.objects.async_with_id(book.id) == book


async def distinct_values(book: Any) -> None:
    assert await Book.objects.async_distinct("title") == ["notes"]


async def aggregate(book: Any) -> None:
    cursor = await Book.objects.async_aggregate([{"$project": {"title": 1}}])
    assert [found["title"] async for found in cursor] == ["notes"]


async def add_up(book: Any) -> None:
    assert await Invoice.objects.async_sum("number") > 0


async def average(book: Any) -> None:
    assert await Invoice.objects.async_average("number") > 0


async def load_references(book: Any) -> None:
    loaded = (await Book.objects.async_select_related())[0]
    assert loaded.author.name == "ada"


async def write_json(book: Any) -> None:
    assert "notes" in await Book.objects.async_to_json(json_options=RELAXED_JSON_OPTIONS)


async def delete_many(book: Any) -> None:
    await Book.objects(title="notes").async_delete()


async def count_up(book: Any) -> None:
    await Invoice().async_save()


OPERATIONS = [
    insert_one,
    insert_many,
    save_changes,
    save_cascading,
    update_itself,
    modify_itself,
    reload_itself,
    delete_itself,
    find_first,
    find_one,
    find_all,
    iterate,
    count,
    count_in_collection,
    exists,
    update_many,
    update_first,
    upsert,
    upsert_one,
    modify_first,
    remove_first,
    find_by_keys,
    find_by_key,
    distinct_values,
    aggregate,
    add_up,
    average,
    load_references,
    write_json,
    delete_many,
    count_up,
]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_every_command_carries_the_session(
    operation: Callable[[Any], Awaitable[None]], commands: CommandLog
) -> None:
    author = await Author(name="ada").async_save()
    book = await Book(title="notes", author=author).async_save()
    await Invoice().async_save()  # prepares its collection
    commands.clear()

    async with async_run_in_transaction():
        await operation(book)
        lsid = _get_session().session_id

    sent = [(name, command) for name, command in commands.sent if name != "endSessions"]
    assert [name for name, _ in sent][-1] == "commitTransaction"
    assert len(sent) > 1
    for name, command in sent:
        assert command.get("lsid") == lsid, name
        assert command.get("autocommit") is False, name


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


async def test_files_are_refused_in_a_transaction() -> None:
    attachment = await Attachment().async_save()

    async with async_run_in_transaction():
        with pytest.raises(OperationError, match="cannot run in a transaction"):
            await attachment.file.async_put(b"content")

    await attachment.file.async_put(b"content")
    await attachment.async_save()
    await attachment.async_delete()


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
