# Generated from tests/_async/test_reloading.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Loading a document again."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from mongoengine.errors import DoesNotExist, LookUpError
from tests.commands import CommandLog
from tests.models import Account, House, Person, Race, Reading, Sketch, Square, Street


def test_a_reload_takes_over_what_others_have_stored(database: Any) -> None:
    person = Person(name="Ada", age=36).save()
    database["person"].update_one({}, {"$set": {"t": "Paris"}, "$unset": {"age": 1}})

    assert person.reload() is person

    assert (person.name, person.age, person.town) == ("Ada", None, "Paris")


def test_a_reload_drops_changes_that_were_not_saved(commands: CommandLog) -> None:
    house = House(label="x", rooms=["hall"], street=Street(number=1)).save()
    house.label = "y"
    house.rooms.append("bath")
    house.street.number = 2

    house.reload()

    assert (house.label, house.rooms, house.street.number) == ("x", ["hall"], 1)
    assert house._get_changed_fields() == []
    commands.clear()
    house.save()
    assert commands.names == []


def test_a_reload_of_some_fields_keeps_changes_of_the_others() -> None:
    house = House(label="x", rooms=["hall"], street=Street(number=1)).save()
    house.label, house.rooms, house.street.number = "y", ["bath"], 2

    house.reload("label")

    assert (house.label, house.rooms, house.street.number) == ("x", ["bath"], 2)
    assert sorted(house._get_changed_fields()) == ["r", "s.number"]

    house.reload("rooms", "street")
    assert (house.label, house.rooms, house.street.number) == ("x", ["hall"], 1)
    assert house._get_changed_fields() == []


def test_a_reload_loads_only_the_fields_it_is_asked_for(commands: CommandLog) -> None:
    person = Person(name="Ada", age=36, town="London").save()
    commands.clear()

    person.reload("town", "age")

    assert dict(commands.only("find")["projection"]) == {"t": 1, "age": 1}


def test_the_depth_of_references_may_come_before_the_fields() -> None:
    person = Person(name="Ada", age=36).save()
    person.name, person.age = "Grace", 37

    person.reload(2, "age")
    assert (person.name, person.age) == ("Grace", 36)

    person.reload(1)
    person.reload(max_depth=1)
    assert (person.name, person.age) == ("Ada", 36)


def test_a_reload_of_a_name_that_is_no_field_is_refused() -> None:
    person = Person(name="Ada").save()

    with pytest.raises(LookUpError, match=r'^Cannot resolve field "nickname"$'):
        person.reload("nickname")


def test_a_reload_of_what_is_not_stored_says_so(database: Any) -> None:
    person = Person(name="Ada")
    with pytest.raises(Person.DoesNotExist, match=r"^Document does not exist$"):
        person.reload()

    person.save()
    database["person"].delete_many({})
    with pytest.raises(Person.DoesNotExist, match=r"^Document does not exist$") as failure:
        person.reload()

    assert isinstance(failure.value, DoesNotExist)
    assert person.name == "Ada"


def test_values_that_were_reloaded_belong_to_the_document(database: Any) -> None:
    house = House(
        rooms=["hall"], notes={"a": 1}, street=Street(number=1), neighbours=[Street(number=5)]
    ).save()
    house.reload()

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
    house.save()

    found = database["house"].find_one({"_id": house.id})
    assert (found["r"], found["notes"], found["s"], found["neighbours"]) == (
        ["hall", "bath"],
        {"a": 1, "b": 2},
        {"number": 2},
        [{"number": 6}],
    )


def test_a_reload_fills_in_what_was_not_loaded() -> None:
    saved = Person(name="Ada", age=36, languages=["en"]).save()
    person = Person.objects.only("name").get(pk=saved.pk)
    assert (person.age, person.languages) == (None, [])

    person.reload()

    assert (person.age, person.languages) == (36, ["en"])


def test_a_document_made_of_its_id_alone_can_be_reloaded() -> None:
    saved = Person(name="Ada").save()
    person = Person(id=saved.id)

    person.reload()

    assert person.name == "Ada"
    assert not person._created


def test_keys_of_every_kind_are_found_again() -> None:
    account = Account(login="ada", balance=1).save()
    reading = Reading(station="north", value=1).save()
    square = Square(name="s", side=2).save()
    Account.objects.update(set__balance=5)
    Reading.objects.update(set__value=5)
    Square.objects.update(set__side=5)

    assert account.reload().balance == 5
    assert reading.reload().value == 5
    assert square.reload().side == 5


def test_the_shard_key_is_part_of_the_filter(commands: CommandLog) -> None:
    reading = Reading(station="north", value=1).save()
    commands.clear()

    reading.reload()

    assert commands.only("find")["filter"] == {"_id": reading.id, "st": "north"}


def test_the_default_order_does_not_get_in_the_way() -> None:
    race = Race(name="a", points=1).save()

    assert race.reload().points == 1


def test_attributes_of_a_dynamic_document_are_reloaded(database: Any) -> None:
    sketch = Sketch(name="a", colour="red").save()
    database["sketch"].update_one({}, {"$set": {"colour": "blue", "size": [1]}})

    sketch.reload()
    assert (sketch.colour, sketch.size) == ("blue", [1])

    sketch.size.append(2)
    sketch.save()
    assert database["sketch"].find_one()["size"] == [1, 2]


def test_an_attribute_of_a_dynamic_document_can_be_reloaded_alone(database: Any) -> None:
    sketch = Sketch(name="a", colour="red").save()
    database["sketch"].update_one({}, {"$set": {"colour": "blue", "name": "b"}})

    sketch.reload("colour")

    assert (sketch.colour, sketch.name) == ("blue", "a")


def test_an_embedded_document_has_its_owner_reloaded(database: Any) -> None:
    house = House(label="x", street=Street(number=1)).save()
    database["house"].update_one({}, {"$set": {"label": "y", "s.number": 2}})

    house.street.reload()

    assert (house.label, house.street.number) == ("y", 2)


def test_a_reload_needs_the_class_as_it_was_stored(database: Any) -> None:
    square = Square(name="s").save()
    database["shape"].update_one({}, {"$set": {"_cls": "Shape.Circle"}})

    with pytest.raises(Square.DoesNotExist):
        square.reload()


def test_an_id_that_was_changed_leads_to_another_document() -> None:
    first = Person(name="Ada").save()
    second = Person(name="Grace").save()

    first.id = second.id
    assert first.reload().name == "Grace"

    first.id = ObjectId()
    with pytest.raises(Person.DoesNotExist):
        first.reload()
