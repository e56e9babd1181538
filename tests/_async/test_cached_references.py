"""Cached references: the copies, and keeping them up to date."""

from __future__ import annotations

from typing import Any

from tests.commands import CommandLog
from tests.reference_models import RefCat, RefOwner, RefPet, RefSighting, RefUnsynced


async def sighted(pet: Any = None) -> tuple[Any, Any]:
    pet = pet or RefPet(name="Rex", tag="red", owner=RefOwner(name="Ada", kind="new"))
    await pet.async_save()
    return pet, await RefSighting(place="park", pet=pet).async_save()


async def test_a_copy_of_the_fields_is_stored(database: Any) -> None:
    pet, _ = await sighted()

    raw = await database["ref_sighting"].find_one()
    assert raw["p"] == {
        "_id": pet.id,
        "_cls": "RefPet",
        "name": "Rex",
        "t": "red",
        "owner": {"k": "new"},
    }


async def test_the_document_is_loaded_from_its_own_collection(commands: CommandLog) -> None:
    _, sighting = await sighted()
    found = await RefSighting.objects.async_get()
    commands.clear()

    loaded = await RefSighting.pet.async_fetch(found)

    assert commands.only("find")["find"] == "ref_pet"
    assert (loaded.name, loaded.owner.name) == ("Rex", "Ada")
    assert found.pet is loaded
    assert found.to_mongo() == sighting.to_mongo()


async def test_saving_what_was_copied_updates_the_copies(
    database: Any, commands: CommandLog
) -> None:
    pet, _ = await sighted()
    _, other = await sighted(RefPet(name="Tom"))
    commands.clear()

    pet.tag = "blue"
    pet.owner.kind = "old"
    await pet.async_save()

    assert commands.names == ["update", "update"]
    update = commands.of("update")[1]["updates"][0]
    assert update["u"] == {"$set": {"p.t": "blue", "p.owner.k": "old"}}
    raw = await database["ref_sighting"].find_one({"p._id": pet.id})
    assert (raw["p"]["t"], raw["p"]["owner"], raw["p"]["name"]) == ("blue", {"k": "old"}, "Rex")
    raw = await database["ref_sighting"].find_one({"_id": other.id})
    assert raw["p"]["name"] == "Tom"


async def test_a_removed_value_is_removed_from_the_copies(database: Any) -> None:
    pet, _ = await sighted()

    pet.tag = None
    await pet.async_save()

    raw = await database["ref_sighting"].find_one()
    assert "t" not in raw["p"]


async def test_changes_of_other_fields_update_no_copies(commands: CommandLog) -> None:
    pet, _ = await sighted()
    commands.clear()

    pet.owner.name = "Ida"
    await pet.async_save()
    await pet.async_save()

    assert commands.names == ["update"]


async def test_a_new_document_has_no_copies_to_update(commands: CommandLog) -> None:
    await RefPet(name="Warm", tag="up").async_save()
    commands.clear()

    await RefPet(name="New", tag="none").async_save()

    assert commands.names == ["insert"]


async def test_documents_of_a_subclass_update_their_copies(database: Any) -> None:
    cat, _ = await sighted(RefCat(name="Tom"))

    cat.name = "Thomas"
    await cat.async_save()

    raw = await database["ref_sighting"].find_one()
    assert (raw["p"]["name"], raw["p"]["_cls"]) == ("Thomas", "RefPet.RefCat")


async def test_copies_can_be_left_as_they_were(database: Any) -> None:
    pet = await RefPet(name="Rex").async_save()
    await RefUnsynced(pet=pet).async_save()

    pet.name = "Max"
    await pet.async_save()

    assert (await database["ref_unsynced"].find_one())["pet"]["name"] == "Rex"


async def test_all_copies_can_be_written_anew(database: Any) -> None:
    pets = [(await sighted(RefPet(name=name)))[0] for name in "abc"]
    await RefPet.objects.async_update(set__name="same", set__tag="new")

    await RefSighting.pet.async_sync_all()

    raws = await database["ref_sighting"].find().to_list()
    assert {raw["p"]["_id"] for raw in raws} == {pet.id for pet in pets}
    assert all((raw["p"]["name"], raw["p"]["t"]) == ("same", "new") for raw in raws)


async def test_a_missing_document_leaves_its_copy(database: Any) -> None:
    pet, _ = await sighted()
    await pet.async_delete()

    (found,) = await RefSighting.objects.async_select_related()
    found.place = "zoo"
    await found.async_save()

    raw = await database["ref_sighting"].find_one()
    assert (raw["place"], raw["p"]["name"]) == ("zoo", "Rex")


async def test_copies_can_be_queried_by_document_and_by_copied_field() -> None:
    pet, sighting = await sighted()
    await sighted(RefPet(name="Tom"))

    assert await RefSighting.objects(pet=pet).async_get() == sighting
    assert await RefSighting.objects(pet__name="Rex").async_get() == sighting
