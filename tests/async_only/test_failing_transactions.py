"""What the server still holds when a transaction was broken off in the middle of an operation."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient

from mongoengine import connect_async, disconnect_async
from mongoengine.context_managers import async_run_in_transaction
from tests.models import Person

DATABASE = f"broken_off_{os.getpid()}"


@pytest_asyncio.fixture
async def admin(fault_uri: str) -> AsyncIterator[Any]:
    """A client that looks on, and can hold the commands of the default alias up."""
    await connect_async(DATABASE, host=fault_uri, uuidRepresentation="standard", appname=DATABASE)
    await Person.objects.async_first()
    async with AsyncMongoClient(fault_uri) as client:
        yield client.admin
        await client.admin.command("configureFailPoint", "failCommand", mode="off")
        await client.drop_database(DATABASE)
    await disconnect_async()


async def transactions_of(admin: Any) -> list[Any]:
    """Return what the server says of the open transactions of the default alias."""
    pipeline = [
        {"$currentOp": {"allUsers": True, "idleSessions": True}},
        {"$match": {"transaction": {"$exists": True}, "appName": {"$in": [DATABASE, None]}}},
    ]
    cursor = await admin.aggregate(pipeline)
    return [
        found
        async for found in cursor
        if "transaction" in found
        and found.get("lsid")
        and found["transaction"].get("timeOpenMicros")
    ]


async def until_held_up(admin: Any) -> None:
    """Wait until the server is working on an insert of the default alias."""
    working = {"appName": DATABASE, "command.insert": "person"}
    pipeline = [{"$currentOp": {"allUsers": True}}, {"$match": working}]
    while not await (await admin.aggregate(pipeline)).to_list():  # noqa: ASYNC110 - only it knows
        await asyncio.sleep(0)


async def hold_inserts_up(admin: Any) -> None:
    await admin.command(
        "configureFailPoint",
        "failCommand",
        mode={"times": 1},
        data={
            "failCommands": ["insert"],
            "appName": DATABASE,
            "blockConnection": True,
            "blockTimeMS": 500,
        },
    )


@pytest.mark.parametrize("saved_before", [True, False])
async def test_cancelled_during_an_operation_a_transaction_is_aborted_before_control_returns(
    admin: Any, saved_before: bool
) -> None:
    before = len(await transactions_of(admin))
    ada, bob = Person(name="ada"), Person(name="bob")

    async def transact() -> None:
        async with async_run_in_transaction():
            if saved_before:
                await ada.async_save()
            await hold_inserts_up(admin)
            await bob.async_save()

    task = asyncio.create_task(transact())
    await until_held_up(admin)
    # It is seen as long as it is open.
    assert len(await transactions_of(admin)) == before + saved_before
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert len(await transactions_of(admin)) == before
    assert (ada.id, bob.id) == (None, None)
    # No lock is left, and nothing is written later.
    await Person(id=ada.id, name="eve").async_save()
    assert [person.name async for person in Person.objects] == ["eve"]


async def test_what_a_gathering_left_behind_is_aborted_as_well(admin: Any) -> None:
    before = len(await transactions_of(admin))
    ada = Person(name="ada")

    async def fail() -> None:
        await until_held_up(admin)
        raise RuntimeError("of my own")

    async def transact() -> None:
        async with async_run_in_transaction():
            await hold_inserts_up(admin)
            # The save goes on by itself when the other one fails.
            await asyncio.gather(ada.async_save(), fail())

    with pytest.raises(RuntimeError, match="of my own"):
        await transact()

    assert len(await transactions_of(admin)) == before
    assert await Person.objects.async_count() == 0
