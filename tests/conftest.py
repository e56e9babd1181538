"""One throw-away MongoDB for the whole run."""

from __future__ import annotations

import pytest

from tests.faults import fault_server_uri
from tools.mongod import shared_server


@pytest.fixture(scope="session")
def mongodb_uri() -> str:
    """URI of a real server: that of $MONGODB_URI, else one started for this run."""
    return shared_server(test_commands=True).uri


@pytest.fixture(scope="session")
def fault_uri() -> str:
    """URI of a server with fail points: the same one, unless somebody else's has none."""
    return fault_server_uri()
