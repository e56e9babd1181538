"""Loading a document again."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from mongoengine.errors import DoesNotExist, LookUpError
from tests.commands import CommandLog
from tests.models import Account, House, Person, Race, Reading, Sketch, Square, Street


async def test_a_reload_takes_over_what_others_have_stored(database: Any) -> None:
    person = await Person(name="Ada", age=36).async_save()
    await database["person"].update_one({}, {"$set": {"t": "Paris"}, "$unset": {"age": 1}})

    assert await person.async_reload() is person

    assert (person.name, person.age, person.town) == ("Ada", None, "Paris")


async def test_a_reload_drops_changes_that_were_not_saved(commands: CommandLog) -> None:
    house = await House(label="x", rooms=["hall"], street=Street(number=1)).async_save()
    house.label = "y"
    house.rooms.append("bath")
    house.street.number = 2

    await house.async_reload()

    assert (house.label, house.rooms, house.street.number) == ("x", ["hall"], 1)
    assert house._get_changed_fields() == []
    commands.clear()
    await house.async_save()
    assert commands.names == []


async def test_a_reload_of_some_fields_keeps_changes_of_the_others() -> None:
    house = await House(label="x", rooms=["hall"], street=Street(number=1)).async_save()
    house.label, house.rooms, house.street.number = "y", ["bath"], 2

    await house.async_reload("label")

    assert (house.label, house.rooms, house.street.number) == ("x", ["bath"], 2)
    assert sorted(house._get_changed_fields()) == ["r", "s.number"]

    await house.async_reload("rooms", "street")
    assert (house.label, house.rooms, house.street.number) == ("x", ["hall"], 1)
    assert house._get_changed_fields() == []


async def test_a_reload_loads_only_the_fields_it_is_asked_for(commands: CommandLog) -> None:
    person = await Person(name="Ada", age=36, town="London").async_save()
    commands.clear()

    await person.async_reload("town", "age")

    assert dict(commands.only("find")["projection"]) == {"t": 1, "age": 1}


async def test_the_depth_of_references_may_come_before_the_fields() -> None:
    person = await Person(name="Ada", age=36).async_save()
    person.name, person.age = "Grace", 37

    await person.async_reload(2, "age")
    assert (person.name, person.age) == ("Grace", 36)

    await person.async_reload(1)
    await person.async_reload(max_depth=1)
    assert (person.name, person.age) == ("Ada", 36)


async def test_a_reload_of_a_name_that_is_no_field_is_refused() -> None:
    person = await Person(name="Ada").async_save()

    with pytest.raises(LookUpError, match=r'^Cannot resolve field "nickname"$'):
        await person.async_reload("nickname")


async def test_a_reload_of_what_is_not_stored_says_so(database: Any) -> None:
    person = Person(name="Ada")
    with pytest.raises(Person.DoesNotExist, match=r"^Document does not exist$"):
        await person.async_reload()

    await person.async_save()
    await database["person"].delete_many({})
    with pytest.raises(Person.DoesNotExist, match=r"^Document does not exist$") as failure:
        await person.async_reload()

    assert isinstance(failure.value, DoesNotExist)
    assert person.name == "Ada"


async def test_values_that_were_reloaded_belong_to_the_document(database: Any) -> None:
    house = await House(
        rooms=["hall"], notes={"a": 1}, street=Street(number=1), neighbours=[Street(number=5)]
    ).async_save()
    await house.async_reload()

    house.rooms.append("bath")
    house.notes["b"] = 2
    house.street.number = 2
    house.neighbours[0].number = 6
    assert sorted(house._get_changed_fields()) == [
        "neighbours.0.number",
        "notes.b",
        "r",
        "s.number",
    ]
    assert house.street._instance == house
    await house.async_save()

    found = await database["house"].find_one({"_id": house.id})
    assert (found["r"], found["notes"], found["s"], found["neighbours"]) == (
        ["hall", "bath"],
        {"a": 1, "b": 2},
        {"number": 2},
        [{"number": 6}],
    )


async def test_a_reload_fills_in_what_was_not_loaded() -> None:
    saved = await Person(name="Ada", age=36, languages=["en"]).async_save()
    person = await Person.objects.only("name").async_get(pk=saved.pk)
    assert (person.age, person.languages) == (None, [])

    await person.async_reload()

    assert (person.age, person.languages) == (36, ["en"])


async def test_a_document_made_of_its_id_alone_can_be_reloaded() -> None:
    saved = await Person(name="Ada").async_save()
    person = Person(id=saved.id)

    await person.async_reload()

    assert person.name == "Ada"
    assert not person._created


async def test_keys_of_every_kind_are_found_again() -> None:
    account = await Account(login="ada", balance=1).async_save()
    reading = await Reading(station="north", value=1).async_save()
    square = await Square(name="s", side=2).async_save()
    await Account.objects.async_update(set__balance=5)
    await Reading.objects.async_update(set__value=5)
    await Square.objects.async_update(set__side=5)

    assert (await account.async_reload()).balance == 5
    assert (await reading.async_reload()).value == 5
    assert (await square.async_reload()).side == 5


async def test_the_shard_key_is_part_of_the_filter(commands: CommandLog) -> None:
    reading = await Reading(station="north", value=1).async_save()
    commands.clear()

    await reading.async_reload()

    assert commands.only("find")["filter"] == {"_id": reading.id, "st": "north"}


async def test_the_default_order_does_not_get_in_the_way() -> None:
    race = await Race(name="a", points=1).async_save()

    assert (await race.async_reload()).points == 1


async def test_attributes_of_a_dynamic_document_are_reloaded(database: Any) -> None:
    sketch = await Sketch(name="a", colour="red").async_save()
    await database["sketch"].update_one({}, {"$set": {"colour": "blue", "size": [1]}})

    await sketch.async_reload()
    assert (sketch.colour, sketch.size) == ("blue", [1])

    sketch.size.append(2)
    await sketch.async_save()
    assert (await database["sketch"].find_one())["size"] == [1, 2]


async def test_an_attribute_of_a_dynamic_document_can_be_reloaded_alone(database: Any) -> None:
    sketch = await Sketch(name="a", colour="red").async_save()
    await database["sketch"].update_one({}, {"$set": {"colour": "blue", "name": "b"}})

    await sketch.async_reload("colour")

    assert (sketch.colour, sketch.name) == ("blue", "a")


async def test_an_embedded_document_has_its_owner_reloaded(database: Any) -> None:
    house = await House(label="x", street=Street(number=1)).async_save()
    await database["house"].update_one({}, {"$set": {"label": "y", "s.number": 2}})

    await house.street.async_reload()

    assert (house.label, house.street.number) == ("y", 2)


async def test_a_reload_needs_the_class_as_it_was_stored(database: Any) -> None:
    square = await Square(name="s").async_save()
    await database["shape"].update_one({}, {"$set": {"_cls": "Shape.Circle"}})

    with pytest.raises(Square.DoesNotExist):
        await square.async_reload()


async def test_an_id_that_was_changed_leads_to_another_document() -> None:
    first = await Person(name="Ada").async_save()
    second = await Person(name="Grace").async_save()

    first.id = second.id
    assert (await first.async_reload()).name == "Grace"

    first.id = ObjectId()
    with pytest.raises(Person.DoesNotExist):
        await first.async_reload()
