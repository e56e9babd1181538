"""Connections in a forked child, on a real server.

Each case is a script in a process of its own: a fork of the test process would take pytest,
and the threads of other tests' clients, with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="this operating system cannot fork a process"
)

PRELUDE = """
import asyncio, os, sys, threading
from pymongo.monitoring import ConnectionPoolListener
import mongoengine.connection as connection
from mongoengine.connection import (
    ConnectionType, connect, connect_async, disconnect, disconnect_async, get_connection,
    get_connection_type, get_async_connection, get_async_db, get_db,
)
from mongoengine.state import loops

class Count(ConnectionPoolListener):
    created = 0
    def connection_created(self, event):
        Count.created += 1
    def nothing(self, event):
        pass
    connection_ready = connection_closed = connection_check_out_started = nothing
    connection_check_out_failed = connection_checked_out = connection_checked_in = nothing
    pool_created = pool_ready = pool_cleared = pool_closed = nothing

settings = dict(
    db="fork_tests", host=sys.argv[1], uuidRepresentation="standard", event_listeners=[Count()],
    # One monitor's connection more or less must not spoil the counting.
    heartbeatFrequencyMS=100000,
)

def in_child(run):
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            run()
            code = 0
        finally:
            if code:
                sys.excepthook(*sys.exc_info())
            sys.stderr.flush()
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
"""

SYNC = """
client = connect(**settings)
assert get_db().command("ping")["ok"] == 1
before = Count.created

def child():
    assert connection._connections == connection._dbs == {}
    assert get_connection_type() is ConnectionType.SYNC
    assert get_connection() is not client
    assert get_db().command("ping")["ok"] == 1
    disconnect()

in_child(child)
in_child(child)
assert get_connection() is client
assert get_db().command("ping")["ok"] == 1
assert Count.created == before, "the parent had to connect anew"
disconnect()
"""

ASYNC = """
async def use():
    assert (await get_async_db().command("ping"))["ok"] == 1

async def child_main():
    assert loops._by_loop == {}
    assert get_connection_type() is ConnectionType.ASYNC
    await use()
    await disconnect_async()

async def main():
    client = await connect_async(**settings)
    await use()
    before = Count.created
    in_child(lambda: asyncio.run(child_main()))
    assert get_async_connection() is client
    await use()
    assert Count.created == before, "the parent had to connect anew"

asyncio.run(main())
in_child(lambda: asyncio.run(child_main()))
asyncio.run(disconnect_async())
"""

BOTH = """
async def main():
    made = await connect_async(**settings)
    client = connect(**settings)

    def child():
        assert get_connection_type() == ConnectionType.SYNC | ConnectionType.ASYNC
        assert get_db().command("ping")["ok"] == 1

        async def async_part():
            assert get_async_connection() is not made
            await get_async_db().command("ping")
            await disconnect_async()

        asyncio.run(async_part())
        assert get_connection_type() is ConnectionType.SYNC
        disconnect()

    in_child(child)
    assert get_async_connection() is made
    assert get_connection() is client
    disconnect()
    await disconnect_async()

asyncio.run(main())
"""

LOCK = """
from mongoengine.state.registry import books

connect(**settings)
held, release = threading.Event(), threading.Event()

def hold():
    with books.lock:
        held.set()
        release.wait()

thread = threading.Thread(target=hold)
thread.start()
held.wait()

def child():
    assert get_db().command("ping")["ok"] == 1
    disconnect()

in_child(child)
release.set()
thread.join()
disconnect()
"""

SESSION = """
client = connect(**settings)
session = client.start_session()
connection._set_session(session)

def child():
    assert connection._get_session() is None
    connection._clear_session()

in_child(child)
assert connection._get_session() is session
connection._clear_session()
session.end_session()
disconnect()
"""


@pytest.mark.parametrize(
    "script",
    [SYNC, ASYNC, BOTH, LOCK, SESSION],
    ids=["sync", "async", "both", "lock held by another thread", "session"],
)
def test_a_child_opens_its_own_clients_and_leaves_the_parents_alone(
    mongodb_uri: str, script: str
) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-W", "error"),
            # The driver has threads; Python 3.12 and later warn of forking then, at any rate.
            *("-W", "ignore:This process:DeprecationWarning"),
            # The driver drops what the child inherits of its connections, and says nothing.
            *("-W", "ignore:unclosed transport:ResourceWarning"),
            *("-W", "ignore:unclosed <socket:ResourceWarning", "-c"),
            textwrap.dedent(PRELUDE + script),
            mongodb_uri,
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
