"""Saving documents: what is stored, what is sent, what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import bson.errors
import pytest
import pytest_asyncio
from bson import ObjectId

from mongoengine.connection import _clear_session, _set_session
from mongoengine.errors import (
    InvalidDocumentError,
    NotUniqueError,
    OperationError,
    SaveConditionError,
    ValidationError,
)
from tests.commands import CommandLog
from tests.models import (
    Account,
    Anything,
    Author,
    Book,
    CascadingBook,
    Circle,
    Delivery,
    Event,
    House,
    Journaled,
    JournaledOwner,
    Letter,
    Loose,
    Measurement,
    Person,
    Reading,
    Sketch,
    Square,
    Stamped,
    Street,
    Template,
    Ticket,
)


async def stored(database: Any, document: Any) -> Any:
    """Return what the server holds of a document."""
    return await database[document._get_collection_name()].find_one({"_id": document.pk})


async def loaded(document: Any) -> Any:
    """Return a second object of the same stored document."""
    return await type(document).objects.async_get(pk=document.pk)


# New documents


async def test_a_new_document_is_inserted_and_gets_its_id(database: Any) -> None:
    person = Person(name="Ada", age=36, town="London", languages=["en", "fr"])

    assert await person.async_save() is person

    assert isinstance(person.id, ObjectId)
    assert await database["person"].find().to_list() == [
        {"_id": person.id, "name": "Ada", "age": 36, "t": "London", "languages": ["en", "fr"]}
    ]


async def test_a_saved_document_is_no_longer_new_and_has_no_changes() -> None:
    person = Person(name="Ada")
    assert person._created
    assert not hasattr(person, "_changed_fields")

    await person.async_save()

    assert not person._created
    assert person._changed_fields == []


async def test_values_that_are_none_are_not_stored_unless_the_field_says_so(database: Any) -> None:
    house = await House(label=None, nothing=None).async_save()

    assert await stored(database, house) == {
        "_id": house.id,
        "neighbours": [],
        "r": [],
        "sizes": [42],
        "notes": {},
        "nothing": None,
    }


async def test_embedded_documents_are_stored_under_their_database_names(database: Any) -> None:
    house = House(
        street=Street(name="Elm", number=3), neighbours=[Street(number=1), Street(name="Oak")]
    )

    await house.async_save()

    found = await stored(database, house)
    assert found["s"] == {"n": "Elm", "number": 3}
    assert found["neighbours"] == [{"number": 1}, {"n": "Oak"}]


async def test_a_new_document_with_an_id_that_is_free_is_inserted(database: Any) -> None:
    person = Person(id=ObjectId(), name="Ada")

    await person.async_save()

    assert await stored(database, person) == {"_id": person.id, "name": "Ada", "languages": []}


async def test_a_new_document_replaces_the_stored_one_with_its_id(database: Any) -> None:
    first = await Person(name="Ada", age=36).async_save()

    await Person(id=first.id, name="Grace").async_save()

    assert await database["person"].find().to_list() == [
        {"_id": first.id, "name": "Grace", "languages": []}
    ]


async def test_force_insert_refuses_an_id_that_is_taken(database: Any) -> None:
    first = await Person(name="Ada").async_save()
    second = Person(id=first.id, name="Grace")

    with pytest.raises(NotUniqueError, match=r"Tried to save duplicate unique keys \(E11000"):
        await second.async_save(force_insert=True)

    assert (await stored(database, first))["name"] == "Ada"
    assert second._created


async def test_force_insert_inserts_a_stored_document_once_more(database: Any) -> None:
    person = await Person(name="Ada").async_save()
    await database["person"].delete_many({})

    await person.async_save(force_insert=True)

    assert (await stored(database, person))["name"] == "Ada"


async def test_a_key_of_the_users_own_is_stored_as_the_id(database: Any) -> None:
    account = await Account(login="ada").async_save()

    assert account.pk == account.login == "ada"
    assert await database["account"].find().to_list() == [{"_id": "ada", "balance": 0}]


async def test_a_document_without_the_key_of_its_own_is_refused() -> None:
    with pytest.raises(ValidationError, match="Field is required") as failure:
        await Account(balance=1).async_save()

    assert failure.value.to_dict() == {"login": "Field is required"}


async def test_the_class_is_stored_with_documents_that_can_have_subclasses(database: Any) -> None:
    await Square(name="q", corners=4, side=2).async_save()
    await Circle(name="c").async_save()

    found = await database["shape"].find(sort=[("name", 1)]).to_list()

    assert [{**raw, "_id": None} for raw in found] == [
        {"_id": None, "_cls": "Shape.Circle", "name": "c"},
        {"_id": None, "_cls": "Shape.Polygon.Square", "name": "q", "c": 4, "side": 2},
    ]


async def test_a_class_below_an_abstract_one_is_stored_in_its_own_collection(
    database: Any,
) -> None:
    letter = await Letter(name="A", text="Dear").async_save()

    assert await database["letter"].find().to_list() == [
        {"_id": letter.id, "name": "A", "text": "Dear"}
    ]


async def test_an_abstract_document_cannot_be_saved() -> None:
    with pytest.raises(InvalidDocumentError, match=r"^Cannot save an abstract document\.$"):
        await Template(name="A").async_save()


async def test_keywords_it_does_not_know_are_ignored(database: Any) -> None:
    person = await Person(name="Ada").async_save(no_such_option=True)

    assert (await stored(database, person))["name"] == "Ada"


# Documents that are stored already


async def test_saving_an_unchanged_document_sends_nothing(commands: CommandLog) -> None:
    person = await Person(name="Ada").async_save()
    commands.clear()

    await person.async_save()
    await (await loaded(person)).async_save()

    assert commands.names == ["find"]


async def test_only_what_changed_is_stored(database: Any, commands: CommandLog) -> None:
    person = await Person(name="Ada", age=36, town="London").async_save()
    await database["person"].update_one({}, {"$set": {"age": 37}})
    commands.clear()

    person.town = "Paris"
    await person.async_save()

    (update,) = commands.only("update")["updates"]
    assert (update["q"], update["u"]) == ({"_id": person.id}, {"$set": {"t": "Paris"}})
    assert (await stored(database, person))["age"] == 37
    assert person._changed_fields == []


async def test_assigning_an_equal_value_changes_nothing(commands: CommandLog) -> None:
    person = await Person(name="Ada", languages=["en"]).async_save()
    commands.clear()

    person.name, person.languages = "Ada", ["en"]
    await person.async_save()

    assert commands.names == []


async def test_none_and_emptied_values_are_removed_from_the_store(database: Any) -> None:
    house = await House(
        label="x", rooms=["hall"], notes={"a": 1}, street=Street(name="Elm", number=1)
    ).async_save()

    house.label = None
    house.rooms = []
    house.notes = {}
    house.street.name = None
    await house.async_save()

    found = await stored(database, house)
    assert found["s"] == {"number": 1}
    assert {"label", "r", "notes"}.isdisjoint(found)


async def test_a_list_with_another_default_is_stored_empty(database: Any) -> None:
    house = await House().async_save()

    house.sizes = []
    await house.async_save()

    assert (await stored(database, house))["sizes"] == []


async def test_zero_is_stored(database: Any) -> None:
    account = await Account(login="ada", balance=5).async_save()

    account.balance = 0
    await account.async_save()

    assert await stored(database, account) == {"_id": "ada", "balance": 0}


@pytest.mark.parametrize(
    ("change", "update"),
    [
        (lambda house: house.rooms.append("attic"), {"$set": {"r": ["hall", "bath", "attic"]}}),
        (lambda house: house.rooms.__setitem__(1, "pool"), {"$set": {"r.1": "pool"}}),
        (lambda house: house.rooms.__setitem__(-1, "pool"), {"$set": {"r.1": "pool"}}),
        (lambda house: house.notes.__setitem__("b", 2), {"$set": {"notes.b": 2}}),
        (lambda house: house.notes.__delitem__("a"), {"$unset": {"notes.a": 1}}),
        (lambda house: house.notes.update(b=2), {"$set": {"notes": {"a": 1, "b": 2}}}),
        (lambda house: setattr(house.street, "number", 9), {"$set": {"s.number": 9}}),
        (lambda house: setattr(house, "street", None), {"$unset": {"s": 1}}),
        (
            lambda house: setattr(house.neighbours[1], "name", "Fir"),
            {"$set": {"neighbours.1.n": "Fir"}},
        ),
        (lambda house: setattr(house, "nothing", None), {"$set": {"nothing": None}}),
    ],
)
async def test_a_change_inside_a_value_is_stored_where_it_was_made(
    database: Any, commands: CommandLog, change: Any, update: dict[str, Any]
) -> None:
    saved = await House(
        nothing="something",
        rooms=["hall", "bath"],
        notes={"a": 1},
        street=Street(name="Elm", number=3),
        neighbours=[Street(name="Oak"), Street(name="Ash")],
    ).async_save()
    house = await loaded(saved)
    commands.clear()

    change(house)
    await house.async_save()

    assert commands.only("update")["updates"][0]["u"] == update
    assert (await loaded(house)).to_mongo() == house.to_mongo()


async def test_what_was_not_loaded_survives_a_save(database: Any) -> None:
    saved = await Person(name="Ada", age=36, languages=["en"]).async_save()
    person = await Person.objects.only("name").async_get(pk=saved.pk)

    person.name = "Grace"
    await person.async_save()

    assert await stored(database, person) == {
        "_id": saved.id,
        "name": "Grace",
        "age": 36,
        "languages": ["en"],
    }


async def test_an_id_assigned_after_construction_means_a_stored_document(
    database: Any, commands: CommandLog
) -> None:
    person = Person(name="Ada")
    person.id = ObjectId()
    assert not person._created

    await person.async_save()

    assert commands.only("update")["updates"][0]["upsert"] is True
    assert (await stored(database, person))["name"] == "Ada"


async def test_a_loaded_document_under_another_id_becomes_a_second_one(database: Any) -> None:
    first = await Person(name="Ada", age=36).async_save()
    person = await loaded(first)

    person.id = ObjectId()
    person.age = 37
    await person.async_save()

    found = await database["person"].find(sort=[("_id", 1)]).to_list()
    assert [raw["_id"] for raw in found] == [first.id, person.id]
    assert (found[0]["age"], found[1]["age"]) == (36, 37)


async def test_a_changed_document_that_was_deleted_meanwhile_is_stored_anew(
    database: Any,
) -> None:
    person = await Person(name="Ada", age=36).async_save()
    await database["person"].delete_many({})

    person.age = 37
    await person.async_save()

    assert await database["person"].find().to_list() == [{"_id": person.id, "age": 37}]


async def test_two_writers_of_different_fields_do_not_undo_each_other(database: Any) -> None:
    saved = await Person(name="Ada", age=36).async_save()
    one, other = await loaded(saved), await loaded(saved)

    one.name, other.age = "Grace", 37
    await one.async_save()
    await other.async_save()

    found = await stored(database, saved)
    assert (found["name"], found["age"]) == ("Grace", 37)


async def test_unknown_keys_of_a_document_that_is_not_strict_survive(database: Any) -> None:
    inserted = (await database["loose"].insert_one({"name": "a", "other": [1]})).inserted_id
    document = await Loose.objects.async_get()

    document.name = "b"
    await document.async_save()

    assert await database["loose"].find_one() == {"_id": inserted, "name": "b", "other": [1]}


async def test_a_shard_key_is_part_of_the_filter(database: Any, commands: CommandLog) -> None:
    reading = await Reading(station="north", value=1).async_save()
    commands.clear()

    reading.value = 2
    await reading.async_save()

    update = commands.only("update")["updates"][0]
    assert update["q"] == {"_id": reading.id, "st": "north"}
    assert await stored(database, reading) == {"_id": reading.id, "st": "north", "value": 2}


async def test_a_document_that_lacks_its_shard_key_is_not_saved(database: Any) -> None:
    await Reading(station="north", value=1).async_save()
    await Delivery(day=1, street=Street(name="High"), parcels=1).async_save()
    reading = await Reading.objects.only("value").async_first()
    delivery = await Delivery.objects.only("day", "parcels").async_first()
    reading.value = delivery.parcels = 2

    with pytest.raises(OperationError, match=r"^Reading\.station is part of the shard key and "):
        await reading.async_save()
    with pytest.raises(OperationError, match=r"^Delivery\.street\.name is part of the shard key "):
        await delivery.async_save()

    assert [raw["value"] for raw in await database["reading"].find().to_list()] == [1]
    assert [raw["parcels"] for raw in await database["delivery"].find().to_list()] == [1]


async def test_every_verb_finds_a_document_by_a_shard_key_inside_another(
    database: Any, commands: CommandLog
) -> None:
    delivery = await Delivery(day=1, street=Street(name="High"), parcels=1).async_save()
    collection = database["delivery"]
    commands.clear()

    delivery.parcels = 2
    await delivery.async_save()
    assert await delivery.async_update(inc__parcels=1) == 1
    assert await delivery.async_modify(inc__parcels=1)
    await delivery.async_reload()
    assert (await collection.find_one())["parcels"] == delivery.parcels == 4
    await delivery.async_delete()

    assert await collection.count_documents({}) == 0
    key = {"_id": delivery.id, "s.n": "High", "day": 1}
    filters = [
        *(command["updates"][0]["q"] for command in commands.of("update")),
        commands.only("findAndModify")["query"],
        commands.of("find")[0]["filter"],
        commands.only("delete")["deletes"][0]["q"],
    ]
    assert filters == [key] * 5


async def test_a_document_without_the_embedded_part_of_its_shard_key_is_found(
    database: Any,
) -> None:
    await Delivery(day=1, parcels=1).async_save()
    await Delivery(day=1, street=Street(name="High"), parcels=7).async_save()
    delivery = await Delivery.objects(parcels=1).async_first()

    assert await delivery.async_update(inc__parcels=1) == 1
    assert await delivery.async_modify(inc__parcels=1)
    assert (await delivery.async_reload()).parcels == 3
    await delivery.async_delete()

    assert [raw["parcels"] for raw in await database["delivery"].find().to_list()] == [7]


async def test_a_shard_key_cannot_be_changed_after_the_first_save() -> None:
    reading = Reading(station="north")
    reading.station = "south"
    await reading.async_save()

    with pytest.raises(
        OperationError, match=r"^Shard Keys are immutable\. Tried to update station$"
    ):
        reading.station = "west"

    reading.station = "south"
    assert reading.station == "south"


# Attributes of dynamic documents


async def test_attributes_of_a_dynamic_document_are_stored_and_removed(database: Any) -> None:
    sketch = Sketch(name="a", colour="red")
    sketch.points = [1, {"x": 2}]
    await sketch.async_save()
    assert await stored(database, sketch) == {
        "_id": sketch.id,
        "name": "a",
        "colour": "red",
        "points": [1, {"x": 2}],
    }

    sketch = await loaded(sketch)
    assert (sketch.colour, sketch.points) == ("red", [1, {"x": 2}])
    del sketch.colour
    sketch.points.append(3)
    sketch.size = 7
    await sketch.async_save()

    assert await stored(database, sketch) == {
        "_id": sketch.id,
        "name": "a",
        "points": [1, {"x": 2}, 3],
        "size": 7,
    }


# Conditions


async def test_a_document_that_matches_the_save_condition_is_updated(database: Any) -> None:
    person = await Person(name="Ada", age=36, town="London").async_save()

    person.age = 37
    await person.async_save(save_condition={"town": "London", "age__lt": 40})

    assert (await stored(database, person))["age"] == 37


async def test_a_document_that_fails_the_save_condition_is_left_alone(database: Any) -> None:
    person = await Person(name="Ada", age=36).async_save()
    person.age = 37

    with pytest.raises(
        SaveConditionError, match=r"^Race condition preventing document update detected$"
    ):
        await person.async_save(save_condition={"name": "Grace"})

    assert (await stored(database, person))["age"] == 36
    assert person._changed_fields == ["age"]


async def test_a_save_condition_keeps_a_deleted_document_from_coming_back(database: Any) -> None:
    person = await Person(name="Ada", age=36).async_save()
    await database["person"].delete_many({})
    person.age = 37

    with pytest.raises(SaveConditionError):
        await person.async_save(save_condition={"name": "Ada"})

    assert await database["person"].count_documents({}) == 0


async def test_a_save_condition_says_nothing_about_new_or_unchanged_documents(
    database: Any,
) -> None:
    person = await Person(name="Ada").async_save(save_condition={"name": "Grace"})
    await person.async_save(save_condition={"name": "Grace"})

    assert (await stored(database, person))["name"] == "Ada"


# Refusals


async def test_a_value_that_is_not_valid_keeps_the_document_from_being_saved(
    database: Any,
) -> None:
    person = Person(age="old")

    with pytest.raises(ValidationError) as failure:
        await person.async_save()

    assert set(failure.value.errors) == {"name", "age"}
    assert str(failure.value).startswith("ValidationError (Person:None) ")
    assert await database["person"].count_documents({}) == 0


async def test_validation_can_be_switched_off(database: Any) -> None:
    person = await Person(age=36).async_save(validate=False)

    assert await stored(database, person) == {"_id": person.id, "age": 36, "languages": []}


async def test_clean_may_change_and_refuse_what_is_saved(database: Any) -> None:
    event = await Event(title="  Concert ", start=1, end=2).async_save()
    assert (await stored(database, event))["title"] == "Concert"

    event.end = 0
    with pytest.raises(ValidationError, match="An event must not end") as failure:
        await event.async_save()
    assert set(failure.value.errors) == {"__all__"}
    assert (await stored(database, event))["end"] == 2

    await event.async_save(clean=False)
    assert (await stored(database, event))["end"] == 0


async def test_a_unique_value_cannot_be_saved_twice(database: Any) -> None:
    await Ticket(number=1).async_save()
    second = await Ticket(number=2).async_save()

    with pytest.raises(NotUniqueError, match=r"Tried to save duplicate unique keys \(E11000"):
        await Ticket(number=1).async_save()
    second.number = 1
    with pytest.raises(NotUniqueError, match=r"Tried to save duplicate unique keys \(E11000"):
        await second.async_save()

    assert await database["ticket"].count_documents({"number": 1}) == 1
    assert second._changed_fields == ["number"]


async def test_a_document_that_could_not_be_saved_is_still_new(database: Any) -> None:
    await Ticket(number=1).async_save()
    ticket = Ticket(number=1)
    with pytest.raises(NotUniqueError):
        await ticket.async_save()

    assert ticket._created
    assert ticket.pk is None
    ticket.number = 2
    await ticket.async_save()

    assert (await stored(database, ticket))["number"] == 2


@pytest_asyncio.fixture
async def small_measurements_only(database: Any) -> AsyncIterator[None]:
    """Have the server refuse measurements above 100."""
    await Measurement(n=0).async_save()
    await database.command("collMod", "measurement", validator={"n": {"$lte": 100}})
    yield
    await database.command("collMod", "measurement", validator={})


@pytest.mark.usefixtures("small_measurements_only")
async def test_a_refusal_of_the_server_is_an_operation_error(database: Any) -> None:
    with pytest.raises(OperationError, match=r"^Could not save document \(") as failure:
        await Measurement(n=101).async_save()
    assert not isinstance(failure.value, NotUniqueError)

    measurement = await Measurement(n=1).async_save()
    measurement.n = 101
    with pytest.raises(OperationError, match=r"^Could not save document \("):
        await measurement.async_save()
    assert (await stored(database, measurement))["n"] == 1


async def test_a_refusal_of_the_drivers_passes_through() -> None:
    with pytest.raises(bson.errors.InvalidDocument, match="cannot encode object"):
        await Anything(value=object()).async_save()


# Write concern and session


async def test_a_write_concern_reaches_the_server(commands: CommandLog) -> None:
    person = await Person(name="Ada").async_save(write_concern={"w": 1, "j": True})
    assert commands.only("insert")["writeConcern"] == {"w": 1, "j": True}

    person.name = "Grace"
    await person.async_save(write_concern={"w": "majority"})
    assert commands.only("update")["writeConcern"] == {"w": "majority"}


async def test_a_document_saved_without_a_confirmation_is_not_stored_twice(database: Any) -> None:
    person = Person(name="Ada")

    with pytest.raises(OperationError, match="Not enough data-bearing nodes"):
        await person.async_save(write_concern={"w": 5, "wtimeout": 100})
    assert person._created
    person.name = "Grace"
    await person.async_save()

    found = await database["person"].find().to_list()
    assert [(raw["_id"], raw["name"]) for raw in found] == [(person.id, "Grace")]


async def test_a_save_is_part_of_the_transaction_that_is_open(
    connection: Any, database: Any
) -> None:
    before = await Person(name="Ada").async_save()
    async with connection.start_session() as session:
        await session.start_transaction()
        _set_session(session)
        try:
            inside = await Person(name="Grace").async_save()
            before.name = "Ida"
            await before.async_save()
            names = sorted([person.name async for person in Person.objects])
        finally:
            _clear_session()
        await session.abort_transaction()

    assert names == ["Grace", "Ida"]
    assert await stored(database, inside) is None
    assert (await stored(database, before))["name"] == "Ada"


# Cascades


async def test_a_save_does_not_follow_references_by_itself(database: Any) -> None:
    author = await Author(name="Ada").async_save()
    book = await Book(title="Notes", author=author).async_save()

    author.name = "Grace"
    await book.async_save()

    assert (await stored(database, author))["name"] == "Ada"


async def test_a_cascade_saves_the_changed_documents_referred_to(database: Any) -> None:
    author = await Author(name="Ada").async_save()
    topic = await Person(name="Grace").async_save()
    book = await Book(title="Notes", author=author, about=topic).async_save()

    author.name, topic.name = "Ida", "Mary"
    await book.async_save(cascade=True)

    assert (await stored(database, author))["name"] == "Ida"
    assert (await stored(database, topic))["name"] == "Mary"


async def test_the_documents_referred_to_can_be_saved_alone(database: Any) -> None:
    author = await Author(name="Ada").async_save()
    book = await Book(title="Notes", author=author).async_save()

    author.name, book.title = "Ida", "Letters"
    await book.async_cascade_save()

    assert (await stored(database, author))["name"] == "Ida"
    assert (await stored(database, book))["title"] == "Notes"
    assert book._get_changed_fields() == ["title"]


async def test_a_class_can_cascade_by_default(database: Any) -> None:
    author = await Author(name="Ada").async_save()
    book = await CascadingBook(author=author).async_save()

    author.name = "Grace"
    await book.async_save(cascade=False)
    assert (await stored(database, author))["name"] == "Ada"

    await book.async_save()
    assert (await stored(database, author))["name"] == "Grace"


async def test_cascade_keywords_imply_a_cascade_and_override_those_of_the_save(
    database: Any,
) -> None:
    author = await Author(name="Ada").async_save()
    book = await Book(author=author).async_save()

    author.name = 5
    with pytest.raises(ValidationError, match="StringField only accepts string values"):
        await book.async_save(cascade_kwargs={"clean": True})
    await book.async_save(cascade_kwargs={"validate": False})

    assert (await stored(database, author))["name"] == 5


async def test_a_cascade_goes_on_and_ends_in_a_circle(database: Any) -> None:
    ada = await Author(name="Ada").async_save()
    grace = await Author(name="Grace", friend=ada).async_save()
    ada.friend = grace
    await ada.async_save()
    book = await Book(author=grace).async_save()

    ada.name, grace.name = "Ada L.", "Grace H."
    await book.async_save(cascade=True)

    assert (await stored(database, ada))["name"] == "Ada L."
    assert (await stored(database, grace))["name"] == "Grace H."


async def test_a_cascade_leaves_lists_of_references_alone(database: Any) -> None:
    author = await Author(name="Ada").async_save()
    book = await Book(others=[author]).async_save()

    author.name = "Grace"
    await book.async_save(cascade=True)

    assert (await stored(database, author))["name"] == "Ada"


async def test_an_override_of_the_verb_is_what_runs(database: Any) -> None:
    journaled = await Journaled.objects.async_create(name="a")
    assert await stored(database, journaled) == {"_id": journaled.id, "name": "a", "saves": 1}

    owner = await JournaledOwner(journaled=journaled).async_save()
    journaled.name = "b"
    await owner.async_save(cascade=True)

    assert await stored(database, journaled) == {"_id": journaled.id, "name": "b", "saves": 2}


async def test_an_override_of_what_writes_a_new_document_is_what_runs(database: Any) -> None:
    document = await Stamped(name="a").async_save()

    assert await stored(database, document) == {
        "_id": document.id,
        "name": "a",
        "stamp": "stamped",
    }


# Embedded documents


async def test_an_embedded_document_has_its_owner_saved(database: Any) -> None:
    house = await House(label="x", street=Street(number=1)).async_save()

    house.street.number = 2
    await house.street.async_save()

    assert (await stored(database, house))["s"] == {"number": 2}
