"""One sync connection, and an empty database for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from mongoengine.connection import connect, disconnect

DATABASE = f"mongoengine_compat_{os.getpid()}"


@pytest.fixture(scope="package", autouse=True)
def connection(mongodb_uri: str) -> Iterator[None]:
    """The alias the models here are stored under; `default` stays free for other packages."""
    client = connect(DATABASE, alias="compat", host=mongodb_uri, uuidRepresentation="standard")
    yield
    client.drop_database(DATABASE)
    disconnect("compat")
