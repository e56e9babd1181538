"""Which databases there are, and which of them a block of code works in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from examples.fastapi_app.models import Author, Book, Job, Loan
from mongoengine import connect, connect_async, disconnect_all, disconnect_all_async
from mongoengine.context_managers import switch_db

TOWNS = ("north", "south")
OF_A_TOWN: tuple[Any, ...] = (Author, Book, Loan)
SHARED: tuple[Any, ...] = (Job,)


def connections(**options: Any) -> list[dict[str, Any]]:
    """Return the settings of all connections.

    They differ in the name of the database only, so they share one client and its pool.

    Args:
        **options: settings of the driver, instead of those written here.
    """
    prefix = os.environ.get("LIBRARY_DATABASE", "library")
    settings = {
        "host": os.environ.get("MONGODB_URI", "mongodb://localhost:27017"),
        "uuidRepresentation": "standard",
        "tz_aware": True,
        "maxPoolSize": 20,
        "serverSelectionTimeoutMS": 5000,
        **options,
    }
    return [
        {"alias": "default", "db": prefix, **settings},
        *({"alias": town, "db": f"{prefix}_{town}", **settings} for town in TOWNS),
    ]


async def open_async(**options: Any) -> None:
    """Connect, and make collections and indexes: a transaction should find them there."""
    for settings in connections(**options):
        await connect_async(**settings)
    for model in SHARED:
        await model.async_ensure_indexes()
    for town in TOWNS:
        with working_in(town):
            for model in OF_A_TOWN:
                await model.async_ensure_indexes()


async def close_async() -> None:
    await disconnect_all_async()


def open_sync(**options: Any) -> None:
    for settings in connections(**options):
        connect(**settings)


def close_sync() -> None:
    disconnect_all()


@contextmanager
def working_in(town: str) -> Iterator[None]:
    """Have the documents of a town be found and stored in its database.

    That holds for the task or thread that runs the block, and for no other.
    """
    with ExitStack() as stack:
        for model in OF_A_TOWN:
            stack.enter_context(switch_db(model, town))
        yield
