"""Collections are made ready once per client, and once more after they were dropped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from mongoengine.connection import connect, connect_async, disconnect, disconnect_async
from mongoengine.document import Document
from mongoengine.fields import StringField

DATABASE = "preparation_in_both_colours"
ALIAS = "preparation"


class Plate(Document):
    meta = {"db_alias": ALIAS, "collection": "plates"}

    number = StringField(unique=True)


@pytest_asyncio.fixture
async def both_colours(mongodb_uri: str) -> AsyncIterator[Any]:
    settings = {"host": mongodb_uri, "uuidRepresentation": "standard", "appname": "preparation"}
    client = connect(DATABASE, alias=ALIAS, **settings)
    await connect_async(DATABASE, alias=ALIAS, **settings)
    yield client
    client.drop_database(DATABASE)
    await disconnect_async(ALIAS)
    disconnect(ALIAS)


async def test_a_drop_in_one_colour_makes_the_other_create_the_indexes_again(
    both_colours: Any,
) -> None:
    await Plate(number="1").async_save()
    Plate.drop_collection()
    await Plate(number="2").async_save()

    indexes = both_colours[DATABASE]["plates"].index_information()
    assert sorted(indexes) == ["_id_", "number_1"]
