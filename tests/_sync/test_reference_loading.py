# Generated from tests/_async/test_reference_loading.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Loading what a single reference points to."""

from __future__ import annotations

from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine._sync.dereference import fetch_reference
from mongoengine.errors import DoesNotExist
from tests.commands import CommandLog
from tests.field_models import Planet

KEY = ObjectId("5" * 24)


def test_a_reference_is_loaded_by_one_find(database: Any, commands: CommandLog) -> None:
    database["planet"].insert_one({"_id": KEY, "name": "Mars"})
    commands.clear()
    planet = fetch_reference(Planet, DBRef("planet", KEY))
    assert (planet.pk, planet.name) == (KEY, "Mars")
    assert not planet._created
    assert commands.names == ["find"]


def test_the_collection_is_the_one_of_the_reference(database: Any) -> None:
    database["dwarf_planet"].insert_one({"_id": KEY, "name": "Pluto"})
    planet = fetch_reference(Planet, DBRef("dwarf_planet", KEY))
    assert planet.name == "Pluto"


def test_a_missing_document_is_reported() -> None:
    with pytest.raises(DoesNotExist) as caught:
        fetch_reference(Planet, DBRef("planet", KEY))
    assert str(caught.value) == (f"Trying to dereference unknown document DBRef('planet', {KEY!r})")


def test_a_reference_to_another_database_is_refused(database: Any) -> None:
    database["planet"].insert_one({"_id": KEY})
    named = fetch_reference(Planet, DBRef("planet", KEY, database.name))
    assert named.pk == KEY
    with pytest.raises(ValueError, match="points to another database"):
        fetch_reference(Planet, DBRef("planet", KEY, "elsewhere"))
