"""Loading what a single reference points to."""

from __future__ import annotations

from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine._async.dereference import async_fetch_reference
from mongoengine.errors import DoesNotExist
from tests.commands import CommandLog
from tests.field_models import Planet

KEY = ObjectId("5" * 24)


async def test_a_reference_is_loaded_by_one_find(database: Any, commands: CommandLog) -> None:
    await database["planet"].insert_one({"_id": KEY, "name": "Mars"})
    commands.clear()
    planet = await async_fetch_reference(Planet, DBRef("planet", KEY))
    assert (planet.pk, planet.name) == (KEY, "Mars")
    assert not planet._created
    assert commands.names == ["find"]


async def test_the_collection_is_the_one_of_the_reference(database: Any) -> None:
    await database["dwarf_planet"].insert_one({"_id": KEY, "name": "Pluto"})
    planet = await async_fetch_reference(Planet, DBRef("dwarf_planet", KEY))
    assert planet.name == "Pluto"


async def test_a_missing_document_is_reported() -> None:
    with pytest.raises(DoesNotExist) as caught:
        await async_fetch_reference(Planet, DBRef("planet", KEY))
    assert str(caught.value) == (f"Trying to dereference unknown document DBRef('planet', {KEY!r})")


async def test_a_reference_to_another_database_is_refused(database: Any) -> None:
    await database["planet"].insert_one({"_id": KEY})
    named = await async_fetch_reference(Planet, DBRef("planet", KEY, database.name))
    assert named.pk == KEY
    with pytest.raises(ValueError, match="points to another database"):
        await async_fetch_reference(Planet, DBRef("planet", KEY, "elsewhere"))
