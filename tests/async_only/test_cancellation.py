"""Every async verb, cancelled wherever it waits: before or after, never between."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient

import mongoengine
from mongoengine.base.document import BaseDocument
from mongoengine.connection import connect_async, disconnect_async
from tests.async_only.cancellation_cases import (
    ALIAS,
    CASES,
    COUNT,
    OTHER_ALIAS,
    Case,
    Connections,
    Line,
    Writer,
)
from tests.async_only.cancelling import (
    PoolLog,
    cancelled_everywhere,
    nothing_left_on_the_server,
)

# One of its own for each run: several may share a server.
DATABASE = f"cancellation_tests_{os.getpid()}"

# What `async for`, `anext` and `async with` call.
SPECIAL = {"__aiter__", "__anext__", "__aenter__"}


@pytest.fixture(scope="module")
def pool() -> PoolLog:
    return PoolLog()


@pytest_asyncio.fixture(scope="module")
async def witness(mongodb_uri: str) -> AsyncIterator[Any]:
    """A client that is never cancelled."""
    async with AsyncMongoClient(mongodb_uri, appname="witness") as client:
        yield client


@pytest_asyncio.fixture(scope="module", autouse=True)
async def connections(mongodb_uri: str, pool: PoolLog, witness: Any) -> AsyncIterator[None]:
    settings: dict[str, Any] = {"host": mongodb_uri, "uuidRepresentation": "standard"}
    await witness.drop_database(DATABASE)
    settings |= {"db": DATABASE, "event_listeners": [pool]}
    Connections.main = {**settings, "alias": ALIAS, "appname": ALIAS}
    Connections.settings = {**settings, "alias": OTHER_ALIAS, "appname": OTHER_ALIAS}
    await connect_async(**Connections.main)
    writer = await Writer(name="Ada").async_save()
    await Line.objects.async_insert([Line(n=n, writer=writer) for n in range(COUNT)])
    yield
    await disconnect_async(ALIAS)
    await disconnect_async(OTHER_ALIAS)
    await disconnect_async()
    await witness.drop_database(DATABASE)


@pytest_asyncio.fixture(autouse=True)
async def opened(connections: None) -> None:
    """Open the connection again, if the verb before has closed all there are."""
    await connect_async(**Connections.main)


@pytest.fixture(autouse=True)
def small_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an upload send chunks many times."""
    monkeypatch.setattr("mongoengine._async.uploads._BATCH_SIZE", 2048)


# The table


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(mongoengine.__path__, "mongoengine."):
        if "_sync" not in found.name.split("."):
            yield importlib.import_module(found.name)


def public_verbs() -> set[str]:
    """Return class and name, or module and name, of everything users await."""
    found = set()
    for module in modules():
        for value in vars(module).values():
            if inspect.isclass(value) and value.__module__.startswith("mongoengine"):
                found.update(f"{value.__name__}.{verb}" for verb in verbs_of(value))
        # By the files users import from, not those of the floors below.
        parts = module.__name__.split(".")
        if len(parts) == 2 and parts[1] not in ("_async", "state", "async_utils"):
            found.update(
                f"{parts[1]}.{name}"
                for name, value in vars(module).items()
                if not name.startswith("_")
                and callable(value)
                and (
                    inspect.iscoroutinefunction(value)
                    or inspect.isasyncgenfunction(inspect.unwrap(value))
                )
            )
    return found


def verbs_of(cls: type) -> Iterator[str]:
    for name, value in vars(cls).items():
        function = inspect.unwrap(getattr(value, "__func__", value))
        awaited = inspect.iscoroutinefunction(function) and not name.startswith("_")
        if name in SPECIAL or awaited or (name.startswith("async_") and callable(function)):
            yield name


def test_every_public_async_verb_is_in_the_table() -> None:
    assert public_verbs() == {name.partition(" ")[0] for name in CASES}


# Cancelling


def shape(result: Any) -> Any:
    """Return a result in a form that equals that of the same result found again."""
    if isinstance(result, BaseDocument):
        return dict(result.to_mongo())
    if isinstance(result, dict):
        return {key: shape(value) for key, value in result.items()}
    if isinstance(result, (list, tuple)):
        return [shape(item) for item in result]
    return result


async def settled(client: Any, pool: PoolLog) -> None:
    """Make sure that nothing is in use any more."""
    for appname in (ALIAS, OTHER_ALIAS):
        await nothing_left_on_the_server(client, DATABASE, appname)
    assert pool.in_use == 0


async def cancel_everywhere(case: Case, late: bool, client: Any, pool: PoolLog) -> int:
    given = await case.given()
    before = case.state(given)
    expected = shape(await case.run(given))
    after = case.state(given)
    await settled(client, pool)

    async def check(given: Any) -> None:
        now = case.state(given)
        assert now in (before, after)
        await settled(client, pool)
        if now != before and not case.again:
            given = await case.given()
        result = shape(await case.run(given))
        assert not case.result or result == expected
        assert case.state(given) == after

    return await cancelled_everywhere(case.given, case.run, check, late=late)


@pytest.mark.parametrize("late", [False, True], ids=["early", "late"])
@pytest.mark.parametrize("name", CASES)
async def test_a_verb_cancelled_anywhere_leaves_nothing_half_done(
    name: str, late: bool, witness: Any, pool: PoolLog
) -> None:
    with warnings.catch_warnings():
        # Reasons of their own: commands that servers deprecate.
        warnings.simplefilter("error")
        times = await cancel_everywhere(CASES[name], late, witness, pool)

    assert times >= CASES[name].waits
