# Generated from tests/_async/test_cached_references.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Cached references: the copies, and keeping them up to date."""

from __future__ import annotations

from typing import Any

from tests.commands import CommandLog
from tests.reference_models import RefCat, RefOwner, RefPet, RefSighting, RefUnsynced


def sighted(pet: Any = None) -> tuple[Any, Any]:
    pet = pet or RefPet(name="Rex", tag="red", owner=RefOwner(name="Ada", kind="new"))
    pet.save()
    return pet, RefSighting(place="park", pet=pet).save()


def test_a_copy_of_the_fields_is_stored(database: Any) -> None:
    pet, _ = sighted()

    raw = database["ref_sighting"].find_one()
    assert raw["p"] == {
        "_id": pet.id,
        "_cls": "RefPet",
        "name": "Rex",
        "t": "red",
        "owner": {"k": "new"},
    }


def test_the_document_is_loaded_from_its_own_collection(commands: CommandLog) -> None:
    _, sighting = sighted()
    found = RefSighting.objects.get()
    commands.clear()

    loaded = RefSighting.pet.fetch(found)

    assert commands.only("find")["find"] == "ref_pet"
    assert (loaded.name, loaded.owner.name) == ("Rex", "Ada")
    assert found.pet is loaded
    assert found.to_mongo() == sighting.to_mongo()


def test_saving_what_was_copied_updates_the_copies(database: Any, commands: CommandLog) -> None:
    pet, _ = sighted()
    _, other = sighted(RefPet(name="Tom"))
    commands.clear()

    pet.tag = "blue"
    pet.owner.kind = "old"
    pet.save()

    assert commands.names == ["update", "update"]
    update = commands.of("update")[1]["updates"][0]
    assert update["u"] == {"$set": {"p.t": "blue", "p.owner.k": "old"}}
    raw = database["ref_sighting"].find_one({"p._id": pet.id})
    assert (raw["p"]["t"], raw["p"]["owner"], raw["p"]["name"]) == ("blue", {"k": "old"}, "Rex")
    raw = database["ref_sighting"].find_one({"_id": other.id})
    assert raw["p"]["name"] == "Tom"


def test_a_removed_value_is_removed_from_the_copies(database: Any) -> None:
    pet, _ = sighted()

    pet.tag = None
    pet.save()

    raw = database["ref_sighting"].find_one()
    assert "t" not in raw["p"]


def test_changes_of_other_fields_update_no_copies(commands: CommandLog) -> None:
    pet, _ = sighted()
    commands.clear()

    pet.owner.name = "Ida"
    pet.save()
    pet.save()

    assert commands.names == ["update"]


def test_a_new_document_has_no_copies_to_update(commands: CommandLog) -> None:
    RefPet(name="Warm", tag="up").save()
    commands.clear()

    RefPet(name="New", tag="none").save()

    assert commands.names == ["insert"]


def test_documents_of_a_subclass_update_their_copies(database: Any) -> None:
    cat, _ = sighted(RefCat(name="Tom"))

    cat.name = "Thomas"
    cat.save()

    raw = database["ref_sighting"].find_one()
    assert (raw["p"]["name"], raw["p"]["_cls"]) == ("Thomas", "RefPet.RefCat")


def test_copies_can_be_left_as_they_were(database: Any) -> None:
    pet = RefPet(name="Rex").save()
    RefUnsynced(pet=pet).save()

    pet.name = "Max"
    pet.save()

    assert database["ref_unsynced"].find_one()["pet"]["name"] == "Rex"


def test_all_copies_can_be_written_anew(database: Any) -> None:
    pets = [sighted(RefPet(name=name))[0] for name in "abc"]
    RefPet.objects.update(set__name="same", set__tag="new")

    RefSighting.pet.sync_all()

    raws = database["ref_sighting"].find().to_list()
    assert {raw["p"]["_id"] for raw in raws} == {pet.id for pet in pets}
    assert all((raw["p"]["name"], raw["p"]["t"]) == ("same", "new") for raw in raws)


def test_a_missing_document_leaves_its_copy(database: Any) -> None:
    pet, _ = sighted()
    pet.delete()

    (found,) = RefSighting.objects.select_related()
    found.place = "zoo"
    found.save()

    raw = database["ref_sighting"].find_one()
    assert (raw["place"], raw["p"]["name"]) == ("zoo", "Rex")


def test_copies_can_be_queried_by_document_and_by_copied_field() -> None:
    pet, sighting = sighted()
    sighted(RefPet(name="Tom"))

    assert RefSighting.objects(pet=pet).get() == sighting
    assert RefSighting.objects(pet__name="Rex").get() == sighting
