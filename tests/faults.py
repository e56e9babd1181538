"""A server whose commands can be made to fail."""

from __future__ import annotations

import atexit
import functools

from pymongo import MongoClient

from tools.mongod import MongoServer, shared_server


@functools.cache
def fault_server_uri() -> str:
    """Return the URI of the run's server; of one started now, if that is without fail points."""
    uri = shared_server(test_commands=True).uri
    with MongoClient(uri) as client:
        if client.admin.command("getParameter", "*").get("enableTestCommands"):
            return uri
    server = MongoServer(test_commands=True, ignore_environment=True).start()
    atexit.register(server.stop)
    return server.uri
