# Generated from tests/_async/test_failing_transactions.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Transactions on a server that fails as real ones do: what is tried again, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from pymongo.errors import ConnectionFailure, OperationFailure

from mongoengine.connection import connect, disconnect
from mongoengine.context_managers import (
    on_commit,
    run_in_transaction,
    switch_db,
    with_transaction,
)
from mongoengine.errors import OperationError
from tests.commands import CommandLog
from tests.models import Person

ALIAS, DATABASE = "failing", "mongoengine_failing_transactions"

WRITE_CONFLICT = {"errorCode": 112, "errorLabels": ["TransientTransactionError"]}
#: As after a failover: nobody knows whether the commit has happened.
NOT_PRIMARY = {"errorCode": 10107, "errorLabels": ["UnknownTransactionCommitResult"]}
TOO_LATE = {"errorCode": 50, "errorLabels": ["UnknownTransactionCommitResult"]}

Failing = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def log() -> CommandLog:
    """What is sent through the alias that fails."""
    return CommandLog()


@pytest.fixture
def client(fault_uri: str, log: CommandLog) -> Iterator[Any]:
    """The client of an alias whose commands can be made to fail; persons are stored there."""
    client = connect(
        DATABASE,
        alias=ALIAS,
        host=fault_uri,
        uuidRepresentation="standard",
        appname=DATABASE,
        event_listeners=[log],
    )
    with switch_db(Person, ALIAS):
        Person.objects.delete()
        log.clear()
        yield client
    # A commit that was never let through leaves its transaction open on the server.
    left = [command["lsid"] for command in log.of("commitTransaction")]
    client.admin.command("killSessions", left)
    client.drop_database(DATABASE)
    disconnect(ALIAS)


@pytest.fixture
def failing(client: Any) -> Failing:
    """Make commands of this alias fail."""

    @contextmanager
    def fail(command: str, mode: Any, **how: Any) -> Iterator[None]:
        # The name of the application spares everybody else's commands.
        data = {"failCommands": [command], "appName": DATABASE, **how}
        client.admin.command("configureFailPoint", "failCommand", mode=mode, data=data)
        try:
            yield
        finally:
            client.admin.command("configureFailPoint", "failCommand", mode="off")

    return fail


def stored(client: Any) -> list[str]:
    return sorted([found["name"] for found in client[DATABASE]["person"].find()])


class Saving:
    """Saves a person at every call, and remembers what it was like before."""

    def __init__(self) -> None:
        self.person = Person(name="ada")
        self.keys: list[Any] = []

    def run(self) -> str:
        self.keys.append(self.person.id)
        self.person.save()
        return "saved"


def test_transactions_that_meet_are_run_again(client: Any, failing: Failing) -> None:
    saving = Saving()

    with failing("insert", {"times": 3}, **WRITE_CONFLICT):
        assert with_transaction(saving.run, ALIAS) == "saved"

    assert saving.keys == [None] * 4  # as new every time
    assert saving.person.id is not None
    assert stored(client) == ["ada"]


def test_a_transaction_whose_commit_met_another_is_run_again(
    client: Any, failing: Failing, log: CommandLog
) -> None:
    saving = Saving()

    with failing("commitTransaction", {"times": 2}, **WRITE_CONFLICT):
        with_transaction(saving.run, ALIAS)

    assert saving.keys == [None] * 3
    assert stored(client) == ["ada"]
    assert len({command["txnNumber"] for command in log.of("insert")}) >= 1
    assert len(log.of("commitTransaction")) == 3


def test_a_transaction_is_not_run_again_without_being_asked_to(
    client: Any, failing: Failing
) -> None:
    saving = Saving()

    def transact() -> None:
        with run_in_transaction(ALIAS):
            saving.run()

    with failing("insert", {"times": 1}, **WRITE_CONFLICT):
        with pytest.raises(OperationError, match="Could not save document") as caught:
            transact()

    cause: Any = caught.value.__cause__
    assert cause.has_error_label("TransientTransactionError")
    assert len(saving.keys) == 1
    assert saving.person.id is None
    assert stored(client) == []


def test_a_lost_connection_inside_is_a_reason_to_run_again(client: Any, failing: Failing) -> None:
    saving = Saving()

    with failing("insert", {"times": 1}, closeConnection=True):
        with_transaction(saving.run, ALIAS)

    assert len(saving.keys) == 2
    assert stored(client) == ["ada"]


def test_trying_ends_when_the_time_is_over(client: Any, failing: Failing) -> None:
    saving = Saving()

    with failing("insert", "alwaysOn", **WRITE_CONFLICT):
        with pytest.raises(OperationError, match="Could not save document"):
            with_transaction(saving.run, ALIAS, max_seconds=0.2)

    assert len(saving.keys) > 1
    assert saving.person.id is None
    assert stored(client) == []


def test_a_commit_of_unknown_result_is_sent_again_and_nothing_run_twice(
    client: Any, failing: Failing, log: CommandLog
) -> None:
    saving = Saving()
    seen: list[str] = []

    def save_person() -> None:
        saving.run()
        on_commit(lambda: seen.append("committed"), ALIAS)

    with failing("commitTransaction", {"times": 4}, **NOT_PRIMARY):
        with_transaction(save_person, ALIAS)

    assert len(saving.keys) == 1
    assert len(log.of("commitTransaction")) == 5
    assert stored(client) == ["ada"]
    assert seen == ["committed"]


def test_a_block_s_commit_of_unknown_result_is_sent_again(client: Any, failing: Failing) -> None:
    with (
        failing("commitTransaction", {"times": 4}, **NOT_PRIMARY),
        run_in_transaction(ALIAS),
    ):
        Person(name="ada").save()

    assert stored(client) == ["ada"]


def test_sending_a_commit_ends_when_the_time_is_over(client: Any, failing: Failing) -> None:
    saving = Saving()
    seen: list[str] = []

    def save_person() -> None:
        saving.run()
        on_commit(lambda: seen.append("committed"), ALIAS)

    with failing("commitTransaction", "alwaysOn", **NOT_PRIMARY):
        with pytest.raises((OperationFailure, ConnectionFailure)):
            with_transaction(save_person, ALIAS, max_seconds=0.2)

    assert len(saving.keys) == 1
    assert saving.person.id is not None  # it may well be stored
    assert seen == []


def test_a_commit_that_took_the_server_too_long_is_not_sent_for_ever(
    client: Any, failing: Failing, log: CommandLog
) -> None:
    with failing("commitTransaction", "alwaysOn", **TOO_LATE):
        with pytest.raises(OperationFailure):
            with_transaction(Saving().run, ALIAS)

    assert len(log.of("commitTransaction")) == 1
