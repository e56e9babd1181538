"""A pytest plugin that makes every use of the driver's sync client fail.

`pytest -p tests.async_only.without_sync_client tests/_async`: what passes sends no query
that an event loop would have to wait for.
"""

from __future__ import annotations

from typing import Any, NoReturn

from pymongo import MongoClient
from pymongo.synchronous.collection import Collection
from pymongo.synchronous.cursor import Cursor
from pymongo.synchronous.database import Database

from tests.faults import fault_server_uri


class SyncClientUsed(BaseException):
    """The sync client was used. No `Exception`, so that nothing can handle it by mistake."""


def _refused(*args: Any, **kwargs: Any) -> NoReturn:
    raise SyncClientUsed("asynchronous code used the sync client")


def pytest_sessionstart() -> None:
    """Take the sync classes of the driver out of use for the whole run."""
    fault_server_uri()  # which asks the server by a sync client, once
    for cls in (MongoClient, Database, Collection, Cursor):
        cls.__init__ = _refused  # type: ignore[method-assign]
