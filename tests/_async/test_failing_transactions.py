"""Transactions on a server that fails as real ones do: what is tried again, and for how long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from pymongo.errors import ConnectionFailure, OperationFailure

from mongoengine.connection import connect_async, disconnect_async
from mongoengine.context_managers import (
    async_on_commit,
    async_run_in_transaction,
    async_switch_db,
    async_with_transaction,
)
from mongoengine.errors import OperationError
from tests.commands import CommandLog
from tests.models import Person

ALIAS, DATABASE = "failing", "mongoengine_failing_transactions"

WRITE_CONFLICT = {"errorCode": 112, "errorLabels": ["TransientTransactionError"]}
#: As after a failover: nobody knows whether the commit has happened.
NOT_PRIMARY = {"errorCode": 10107, "errorLabels": ["UnknownTransactionCommitResult"]}
TOO_LATE = {"errorCode": 50, "errorLabels": ["UnknownTransactionCommitResult"]}

Failing = Callable[..., AbstractAsyncContextManager[None]]


@pytest_asyncio.fixture
async def log() -> CommandLog:
    """What is sent through the alias that fails."""
    return CommandLog()


@pytest_asyncio.fixture
async def client(fault_uri: str, log: CommandLog) -> AsyncIterator[Any]:
    """The client of an alias whose commands can be made to fail; persons are stored there."""
    client = await connect_async(
        DATABASE,
        alias=ALIAS,
        host=fault_uri,
        uuidRepresentation="standard",
        appname=DATABASE,
        event_listeners=[log],
    )
    async with async_switch_db(Person, ALIAS):
        await Person.objects.async_delete()
        log.clear()
        yield client
    # A commit that was never let through leaves its transaction open on the server.
    left = [command["lsid"] for command in log.of("commitTransaction")]
    await client.admin.command("killSessions", left)
    await client.drop_database(DATABASE)
    await disconnect_async(ALIAS)


@pytest.fixture
def failing(client: Any) -> Failing:
    """Make commands of this alias fail."""

    @asynccontextmanager
    async def fail(command: str, mode: Any, **how: Any) -> AsyncIterator[None]:
        # The name of the application spares everybody else's commands.
        data = {"failCommands": [command], "appName": DATABASE, **how}
        await client.admin.command("configureFailPoint", "failCommand", mode=mode, data=data)
        try:
            yield
        finally:
            await client.admin.command("configureFailPoint", "failCommand", mode="off")

    return fail


async def stored(client: Any) -> list[str]:
    return sorted([found["name"] async for found in client[DATABASE]["person"].find()])


class Saving:
    """Saves a person at every call, and remembers what it was like before."""

    def __init__(self) -> None:
        self.person = Person(name="ada")
        self.keys: list[Any] = []

    async def run(self) -> str:
        self.keys.append(self.person.id)
        await self.person.async_save()
        return "saved"


async def test_transactions_that_meet_are_run_again(client: Any, failing: Failing) -> None:
    saving = Saving()

    async with failing("insert", {"times": 3}, **WRITE_CONFLICT):
        assert await async_with_transaction(saving.run, ALIAS) == "saved"

    assert saving.keys == [None] * 4  # as new every time
    assert saving.person.id is not None
    assert await stored(client) == ["ada"]


async def test_a_transaction_whose_commit_met_another_is_run_again(
    client: Any, failing: Failing, log: CommandLog
) -> None:
    saving = Saving()

    async with failing("commitTransaction", {"times": 2}, **WRITE_CONFLICT):
        await async_with_transaction(saving.run, ALIAS)

    assert saving.keys == [None] * 3
    assert await stored(client) == ["ada"]
    assert len({command["txnNumber"] for command in log.of("insert")}) >= 1
    assert len(log.of("commitTransaction")) == 3


async def test_a_transaction_is_not_run_again_without_being_asked_to(
    client: Any, failing: Failing
) -> None:
    saving = Saving()

    async def transact() -> None:
        async with async_run_in_transaction(ALIAS):
            await saving.run()

    async with failing("insert", {"times": 1}, **WRITE_CONFLICT):
        with pytest.raises(OperationError, match="Could not save document") as caught:
            await transact()

    cause: Any = caught.value.__cause__
    assert cause.has_error_label("TransientTransactionError")
    assert len(saving.keys) == 1
    assert saving.person.id is None
    assert await stored(client) == []


async def test_a_lost_connection_inside_is_a_reason_to_run_again(
    client: Any, failing: Failing
) -> None:
    saving = Saving()

    async with failing("insert", {"times": 1}, closeConnection=True):
        await async_with_transaction(saving.run, ALIAS)

    assert len(saving.keys) == 2
    assert await stored(client) == ["ada"]


async def test_trying_ends_when_the_time_is_over(client: Any, failing: Failing) -> None:
    saving = Saving()

    async with failing("insert", "alwaysOn", **WRITE_CONFLICT):
        with pytest.raises(OperationError, match="Could not save document"):
            await async_with_transaction(saving.run, ALIAS, max_seconds=0.2)

    assert len(saving.keys) > 1
    assert saving.person.id is None
    assert await stored(client) == []


async def test_a_commit_of_unknown_result_is_sent_again_and_nothing_run_twice(
    client: Any, failing: Failing, log: CommandLog
) -> None:
    saving = Saving()
    seen: list[str] = []

    async def save_person() -> None:
        await saving.run()
        await async_on_commit(lambda: seen.append("committed"), ALIAS)

    async with failing("commitTransaction", {"times": 4}, **NOT_PRIMARY):
        await async_with_transaction(save_person, ALIAS)

    assert len(saving.keys) == 1
    assert len(log.of("commitTransaction")) == 5
    assert await stored(client) == ["ada"]
    assert seen == ["committed"]


async def test_a_block_s_commit_of_unknown_result_is_sent_again(
    client: Any, failing: Failing
) -> None:
    async with (
        failing("commitTransaction", {"times": 4}, **NOT_PRIMARY),
        async_run_in_transaction(ALIAS),
    ):
        await Person(name="ada").async_save()

    assert await stored(client) == ["ada"]


async def test_sending_a_commit_ends_when_the_time_is_over(client: Any, failing: Failing) -> None:
    saving = Saving()
    seen: list[str] = []

    async def save_person() -> None:
        await saving.run()
        await async_on_commit(lambda: seen.append("committed"), ALIAS)

    async with failing("commitTransaction", "alwaysOn", **NOT_PRIMARY):
        with pytest.raises((OperationFailure, ConnectionFailure)):
            await async_with_transaction(save_person, ALIAS, max_seconds=0.2)

    assert len(saving.keys) == 1
    assert saving.person.id is not None  # it may well be stored
    assert seen == []


async def test_a_commit_that_took_the_server_too_long_is_not_sent_for_ever(
    client: Any, failing: Failing, log: CommandLog
) -> None:
    async with failing("commitTransaction", "alwaysOn", **TOO_LATE):
        with pytest.raises(OperationFailure):
            await async_with_transaction(Saving().run, ALIAS)

    assert len(log.of("commitTransaction")) == 1
