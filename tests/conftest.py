"""One throw-away MongoDB for the whole run."""

from __future__ import annotations

import pytest

from tools.mongod import shared_server


@pytest.fixture(scope="session")
def mongodb_uri() -> str:
    """URI of a real server: that of $MONGODB_URI, else one started for this run."""
    return shared_server().uri
