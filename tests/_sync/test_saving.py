# Generated from tests/_async/test_saving.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Saving documents: what is stored, what is sent, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bson.errors
import pytest
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


def stored(database: Any, document: Any) -> Any:
    """Return what the server holds of a document."""
    return database[document._get_collection_name()].find_one({"_id": document.pk})


def loaded(document: Any) -> Any:
    """Return a second object of the same stored document."""
    return type(document).objects.get(pk=document.pk)


# New documents


def test_a_new_document_is_inserted_and_gets_its_id(database: Any) -> None:
    person = Person(name="Ada", age=36, town="London", languages=["en", "fr"])

    assert person.save() is person

    assert isinstance(person.id, ObjectId)
    assert database["person"].find().to_list() == [
        {"_id": person.id, "name": "Ada", "age": 36, "t": "London", "languages": ["en", "fr"]}
    ]


def test_a_saved_document_is_no_longer_new_and_has_no_changes() -> None:
    person = Person(name="Ada")
    assert person._created
    assert not hasattr(person, "_changed_fields")

    person.save()

    assert not person._created
    assert person._changed_fields == []


def test_values_that_are_none_are_not_stored_unless_the_field_says_so(database: Any) -> None:
    house = House(label=None, nothing=None).save()

    assert stored(database, house) == {
        "_id": house.id,
        "neighbours": [],
        "r": [],
        "sizes": [42],
        "notes": {},
        "nothing": None,
    }


def test_embedded_documents_are_stored_under_their_database_names(database: Any) -> None:
    house = House(
        street=Street(name="Elm", number=3), neighbours=[Street(number=1), Street(name="Oak")]
    )

    house.save()

    found = stored(database, house)
    assert found["s"] == {"n": "Elm", "number": 3}
    assert found["neighbours"] == [{"number": 1}, {"n": "Oak"}]


def test_a_new_document_with_an_id_that_is_free_is_inserted(database: Any) -> None:
    person = Person(id=ObjectId(), name="Ada")

    person.save()

    assert stored(database, person) == {"_id": person.id, "name": "Ada", "languages": []}


def test_a_new_document_replaces_the_stored_one_with_its_id(database: Any) -> None:
    first = Person(name="Ada", age=36).save()

    Person(id=first.id, name="Grace").save()

    assert database["person"].find().to_list() == [
        {"_id": first.id, "name": "Grace", "languages": []}
    ]


def test_force_insert_refuses_an_id_that_is_taken(database: Any) -> None:
    first = Person(name="Ada").save()
    second = Person(id=first.id, name="Grace")

    with pytest.raises(NotUniqueError, match=r"Tried to save duplicate unique keys \(E11000"):
        second.save(force_insert=True)

    assert stored(database, first)["name"] == "Ada"
    assert second._created


def test_force_insert_inserts_a_stored_document_once_more(database: Any) -> None:
    person = Person(name="Ada").save()
    database["person"].delete_many({})

    person.save(force_insert=True)

    assert stored(database, person)["name"] == "Ada"


def test_a_key_of_the_users_own_is_stored_as_the_id(database: Any) -> None:
    account = Account(login="ada").save()

    assert account.pk == account.login == "ada"
    assert database["account"].find().to_list() == [{"_id": "ada", "balance": 0}]


def test_a_document_without_the_key_of_its_own_is_refused() -> None:
    with pytest.raises(ValidationError, match="Field is required") as failure:
        Account(balance=1).save()

    assert failure.value.to_dict() == {"login": "Field is required"}


def test_the_class_is_stored_with_documents_that_can_have_subclasses(database: Any) -> None:
    Square(name="q", corners=4, side=2).save()
    Circle(name="c").save()

    found = database["shape"].find(sort=[("name", 1)]).to_list()

    assert [{**raw, "_id": None} for raw in found] == [
        {"_id": None, "_cls": "Shape.Circle", "name": "c"},
        {"_id": None, "_cls": "Shape.Polygon.Square", "name": "q", "c": 4, "side": 2},
    ]


def test_a_class_below_an_abstract_one_is_stored_in_its_own_collection(
    database: Any,
) -> None:
    letter = Letter(name="A", text="Dear").save()

    assert database["letter"].find().to_list() == [{"_id": letter.id, "name": "A", "text": "Dear"}]


def test_an_abstract_document_cannot_be_saved() -> None:
    with pytest.raises(InvalidDocumentError, match=r"^Cannot save an abstract document\.$"):
        Template(name="A").save()


def test_keywords_it_does_not_know_are_ignored(database: Any) -> None:
    person = Person(name="Ada").save(no_such_option=True)

    assert stored(database, person)["name"] == "Ada"


# Documents that are stored already


def test_saving_an_unchanged_document_sends_nothing(commands: CommandLog) -> None:
    person = Person(name="Ada").save()
    commands.clear()

    person.save()
    loaded(person).save()

    assert commands.names == ["find"]


def test_only_what_changed_is_stored(database: Any, commands: CommandLog) -> None:
    person = Person(name="Ada", age=36, town="London").save()
    database["person"].update_one({}, {"$set": {"age": 37}})
    commands.clear()

    person.town = "Paris"
    person.save()

    (update,) = commands.only("update")["updates"]
    assert (update["q"], update["u"]) == ({"_id": person.id}, {"$set": {"t": "Paris"}})
    assert stored(database, person)["age"] == 37
    assert person._changed_fields == []


def test_assigning_an_equal_value_changes_nothing(commands: CommandLog) -> None:
    person = Person(name="Ada", languages=["en"]).save()
    commands.clear()

    person.name, person.languages = "Ada", ["en"]
    person.save()

    assert commands.names == []


def test_none_and_emptied_values_are_removed_from_the_store(database: Any) -> None:
    house = House(
        label="x", rooms=["hall"], notes={"a": 1}, street=Street(name="Elm", number=1)
    ).save()

    house.label = None
    house.rooms = []
    house.notes = {}
    house.street.name = None
    house.save()

    found = stored(database, house)
    assert found["s"] == {"number": 1}
    assert {"label", "r", "notes"}.isdisjoint(found)


def test_a_list_with_another_default_is_stored_empty(database: Any) -> None:
    house = House().save()

    house.sizes = []
    house.save()

    assert stored(database, house)["sizes"] == []


def test_zero_is_stored(database: Any) -> None:
    account = Account(login="ada", balance=5).save()

    account.balance = 0
    account.save()

    assert stored(database, account) == {"_id": "ada", "balance": 0}


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
def test_a_change_inside_a_value_is_stored_where_it_was_made(
    database: Any, commands: CommandLog, change: Any, update: dict[str, Any]
) -> None:
    saved = House(
        nothing="something",
        rooms=["hall", "bath"],
        notes={"a": 1},
        street=Street(name="Elm", number=3),
        neighbours=[Street(name="Oak"), Street(name="Ash")],
    ).save()
    house = loaded(saved)
    commands.clear()

    change(house)
    house.save()

    assert commands.only("update")["updates"][0]["u"] == update
    assert loaded(house).to_mongo() == house.to_mongo()


def test_what_was_not_loaded_survives_a_save(database: Any) -> None:
    saved = Person(name="Ada", age=36, languages=["en"]).save()
    person = Person.objects.only("name").get(pk=saved.pk)

    person.name = "Grace"
    person.save()

    assert stored(database, person) == {
        "_id": saved.id,
        "name": "Grace",
        "age": 36,
        "languages": ["en"],
    }


def test_an_id_assigned_after_construction_means_a_stored_document(
    database: Any, commands: CommandLog
) -> None:
    person = Person(name="Ada")
    person.id = ObjectId()
    assert not person._created

    person.save()

    assert commands.only("update")["updates"][0]["upsert"] is True
    assert stored(database, person)["name"] == "Ada"


def test_a_loaded_document_under_another_id_becomes_a_second_one(database: Any) -> None:
    first = Person(name="Ada", age=36).save()
    person = loaded(first)

    person.id = ObjectId()
    person.age = 37
    person.save()

    found = database["person"].find(sort=[("_id", 1)]).to_list()
    assert [raw["_id"] for raw in found] == [first.id, person.id]
    assert (found[0]["age"], found[1]["age"]) == (36, 37)


def test_a_changed_document_that_was_deleted_meanwhile_is_stored_anew(
    database: Any,
) -> None:
    person = Person(name="Ada", age=36).save()
    database["person"].delete_many({})

    person.age = 37
    person.save()

    assert database["person"].find().to_list() == [{"_id": person.id, "age": 37}]


def test_two_writers_of_different_fields_do_not_undo_each_other(database: Any) -> None:
    saved = Person(name="Ada", age=36).save()
    one, other = loaded(saved), loaded(saved)

    one.name, other.age = "Grace", 37
    one.save()
    other.save()

    found = stored(database, saved)
    assert (found["name"], found["age"]) == ("Grace", 37)


def test_unknown_keys_of_a_document_that_is_not_strict_survive(database: Any) -> None:
    inserted = database["loose"].insert_one({"name": "a", "other": [1]}).inserted_id
    document = Loose.objects.get()

    document.name = "b"
    document.save()

    assert database["loose"].find_one() == {"_id": inserted, "name": "b", "other": [1]}


def test_a_shard_key_is_part_of_the_filter(database: Any, commands: CommandLog) -> None:
    reading = Reading(station="north", value=1).save()
    commands.clear()

    reading.value = 2
    reading.save()

    update = commands.only("update")["updates"][0]
    assert update["q"] == {"_id": reading.id, "st": "north"}
    assert stored(database, reading) == {"_id": reading.id, "st": "north", "value": 2}


def test_a_document_that_lacks_its_shard_key_is_not_saved(database: Any) -> None:
    Reading(station="north", value=1).save()
    Delivery(day=1, street=Street(name="High"), parcels=1).save()
    reading = Reading.objects.only("value").first()
    delivery = Delivery.objects.only("day", "parcels").first()
    reading.value = delivery.parcels = 2

    with pytest.raises(OperationError, match=r"^Reading\.station is part of the shard key and "):
        reading.save()
    with pytest.raises(OperationError, match=r"^Delivery\.street\.name is part of the shard key "):
        delivery.save()

    assert [raw["value"] for raw in database["reading"].find().to_list()] == [1]
    assert [raw["parcels"] for raw in database["delivery"].find().to_list()] == [1]


def test_every_verb_finds_a_document_by_a_shard_key_inside_another(
    database: Any, commands: CommandLog
) -> None:
    delivery = Delivery(day=1, street=Street(name="High"), parcels=1).save()
    collection = database["delivery"]
    commands.clear()

    delivery.parcels = 2
    delivery.save()
    assert delivery.update(inc__parcels=1) == 1
    assert delivery.modify(inc__parcels=1)
    delivery.reload()
    assert collection.find_one()["parcels"] == delivery.parcels == 4
    delivery.delete()

    assert collection.count_documents({}) == 0
    key = {"_id": delivery.id, "s.n": "High", "day": 1}
    filters = [
        *(command["updates"][0]["q"] for command in commands.of("update")),
        commands.only("findAndModify")["query"],
        commands.of("find")[0]["filter"],
        commands.only("delete")["deletes"][0]["q"],
    ]
    assert filters == [key] * 5


def test_a_document_without_the_embedded_part_of_its_shard_key_is_found(
    database: Any,
) -> None:
    Delivery(day=1, parcels=1).save()
    Delivery(day=1, street=Street(name="High"), parcels=7).save()
    delivery = Delivery.objects(parcels=1).first()

    assert delivery.update(inc__parcels=1) == 1
    assert delivery.modify(inc__parcels=1)
    assert delivery.reload().parcels == 3
    delivery.delete()

    assert [raw["parcels"] for raw in database["delivery"].find().to_list()] == [7]


def test_a_shard_key_cannot_be_changed_after_the_first_save() -> None:
    reading = Reading(station="north")
    reading.station = "south"
    reading.save()

    with pytest.raises(
        OperationError, match=r"^Shard Keys are immutable\. Tried to update station$"
    ):
        reading.station = "west"

    reading.station = "south"
    assert reading.station == "south"


# Attributes of dynamic documents


def test_attributes_of_a_dynamic_document_are_stored_and_removed(database: Any) -> None:
    sketch = Sketch(name="a", colour="red")
    sketch.points = [1, {"x": 2}]
    sketch.save()
    assert stored(database, sketch) == {
        "_id": sketch.id,
        "name": "a",
        "colour": "red",
        "points": [1, {"x": 2}],
    }

    sketch = loaded(sketch)
    assert (sketch.colour, sketch.points) == ("red", [1, {"x": 2}])
    del sketch.colour
    sketch.points.append(3)
    sketch.size = 7
    sketch.save()

    assert stored(database, sketch) == {
        "_id": sketch.id,
        "name": "a",
        "points": [1, {"x": 2}, 3],
        "size": 7,
    }


# Conditions


def test_a_document_that_matches_the_save_condition_is_updated(database: Any) -> None:
    person = Person(name="Ada", age=36, town="London").save()

    person.age = 37
    person.save(save_condition={"town": "London", "age__lt": 40})

    assert stored(database, person)["age"] == 37


def test_a_document_that_fails_the_save_condition_is_left_alone(database: Any) -> None:
    person = Person(name="Ada", age=36).save()
    person.age = 37

    with pytest.raises(
        SaveConditionError, match=r"^Race condition preventing document update detected$"
    ):
        person.save(save_condition={"name": "Grace"})

    assert stored(database, person)["age"] == 36
    assert person._changed_fields == ["age"]


def test_a_save_condition_keeps_a_deleted_document_from_coming_back(database: Any) -> None:
    person = Person(name="Ada", age=36).save()
    database["person"].delete_many({})
    person.age = 37

    with pytest.raises(SaveConditionError):
        person.save(save_condition={"name": "Ada"})

    assert database["person"].count_documents({}) == 0


def test_a_save_condition_says_nothing_about_new_or_unchanged_documents(
    database: Any,
) -> None:
    person = Person(name="Ada").save(save_condition={"name": "Grace"})
    person.save(save_condition={"name": "Grace"})

    assert stored(database, person)["name"] == "Ada"


# Refusals


def test_a_value_that_is_not_valid_keeps_the_document_from_being_saved(
    database: Any,
) -> None:
    person = Person(age="old")

    with pytest.raises(ValidationError) as failure:
        person.save()

    assert set(failure.value.errors) == {"name", "age"}
    assert str(failure.value).startswith("ValidationError (Person:None) ")
    assert database["person"].count_documents({}) == 0


def test_validation_can_be_switched_off(database: Any) -> None:
    person = Person(age=36).save(validate=False)

    assert stored(database, person) == {"_id": person.id, "age": 36, "languages": []}


def test_clean_may_change_and_refuse_what_is_saved(database: Any) -> None:
    event = Event(title="  Concert ", start=1, end=2).save()
    assert stored(database, event)["title"] == "Concert"

    event.end = 0
    with pytest.raises(ValidationError, match="An event must not end") as failure:
        event.save()
    assert set(failure.value.errors) == {"__all__"}
    assert stored(database, event)["end"] == 2

    event.save(clean=False)
    assert stored(database, event)["end"] == 0


def test_a_unique_value_cannot_be_saved_twice(database: Any) -> None:
    Ticket(number=1).save()
    second = Ticket(number=2).save()

    with pytest.raises(NotUniqueError, match=r"Tried to save duplicate unique keys \(E11000"):
        Ticket(number=1).save()
    second.number = 1
    with pytest.raises(NotUniqueError, match=r"Tried to save duplicate unique keys \(E11000"):
        second.save()

    assert database["ticket"].count_documents({"number": 1}) == 1
    assert second._changed_fields == ["number"]


def test_a_document_that_could_not_be_saved_is_still_new(database: Any) -> None:
    Ticket(number=1).save()
    ticket = Ticket(number=1)
    with pytest.raises(NotUniqueError):
        ticket.save()

    assert ticket._created
    assert ticket.pk is None
    ticket.number = 2
    ticket.save()

    assert stored(database, ticket)["number"] == 2


@pytest.fixture
def small_measurements_only(database: Any) -> Iterator[None]:
    """Have the server refuse measurements above 100."""
    Measurement(n=0).save()
    database.command("collMod", "measurement", validator={"n": {"$lte": 100}})
    yield
    database.command("collMod", "measurement", validator={})


@pytest.mark.usefixtures("small_measurements_only")
def test_a_refusal_of_the_server_is_an_operation_error(database: Any) -> None:
    with pytest.raises(OperationError, match=r"^Could not save document \(") as failure:
        Measurement(n=101).save()
    assert not isinstance(failure.value, NotUniqueError)

    measurement = Measurement(n=1).save()
    measurement.n = 101
    with pytest.raises(OperationError, match=r"^Could not save document \("):
        measurement.save()
    assert stored(database, measurement)["n"] == 1


def test_a_refusal_of_the_drivers_passes_through() -> None:
    with pytest.raises(bson.errors.InvalidDocument, match="cannot encode object"):
        Anything(value=object()).save()


# Write concern and session


def test_a_write_concern_reaches_the_server(commands: CommandLog) -> None:
    person = Person(name="Ada").save(write_concern={"w": 1, "j": True})
    assert commands.only("insert")["writeConcern"] == {"w": 1, "j": True}

    person.name = "Grace"
    person.save(write_concern={"w": "majority"})
    assert commands.only("update")["writeConcern"] == {"w": "majority"}


def test_a_document_saved_without_a_confirmation_is_not_stored_twice(database: Any) -> None:
    person = Person(name="Ada")

    with pytest.raises(OperationError, match="Not enough data-bearing nodes"):
        person.save(write_concern={"w": 5, "wtimeout": 100})
    assert person._created
    person.name = "Grace"
    person.save()

    found = database["person"].find().to_list()
    assert [(raw["_id"], raw["name"]) for raw in found] == [(person.id, "Grace")]


def test_a_save_is_part_of_the_transaction_that_is_open(connection: Any, database: Any) -> None:
    before = Person(name="Ada").save()
    with connection.start_session() as session:
        session.start_transaction()
        _set_session(session)
        try:
            inside = Person(name="Grace").save()
            before.name = "Ida"
            before.save()
            names = sorted([person.name for person in Person.objects])
        finally:
            _clear_session()
        session.abort_transaction()

    assert names == ["Grace", "Ida"]
    assert stored(database, inside) is None
    assert stored(database, before)["name"] == "Ada"


# Cascades


def test_a_save_does_not_follow_references_by_itself(database: Any) -> None:
    author = Author(name="Ada").save()
    book = Book(title="Notes", author=author).save()

    author.name = "Grace"
    book.save()

    assert stored(database, author)["name"] == "Ada"


def test_a_cascade_saves_the_changed_documents_referred_to(database: Any) -> None:
    author = Author(name="Ada").save()
    topic = Person(name="Grace").save()
    book = Book(title="Notes", author=author, about=topic).save()

    author.name, topic.name = "Ida", "Mary"
    book.save(cascade=True)

    assert stored(database, author)["name"] == "Ida"
    assert stored(database, topic)["name"] == "Mary"


def test_the_documents_referred_to_can_be_saved_alone(database: Any) -> None:
    author = Author(name="Ada").save()
    book = Book(title="Notes", author=author).save()

    author.name, book.title = "Ida", "Letters"
    book.cascade_save()

    assert stored(database, author)["name"] == "Ida"
    assert stored(database, book)["title"] == "Notes"
    assert book._get_changed_fields() == ["title"]


def test_a_class_can_cascade_by_default(database: Any) -> None:
    author = Author(name="Ada").save()
    book = CascadingBook(author=author).save()

    author.name = "Grace"
    book.save(cascade=False)
    assert stored(database, author)["name"] == "Ada"

    book.save()
    assert stored(database, author)["name"] == "Grace"


def test_cascade_keywords_imply_a_cascade_and_override_those_of_the_save(
    database: Any,
) -> None:
    author = Author(name="Ada").save()
    book = Book(author=author).save()

    author.name = 5
    with pytest.raises(ValidationError, match="StringField only accepts string values"):
        book.save(cascade_kwargs={"clean": True})
    book.save(cascade_kwargs={"validate": False})

    assert stored(database, author)["name"] == 5


def test_a_cascade_goes_on_and_ends_in_a_circle(database: Any) -> None:
    ada = Author(name="Ada").save()
    grace = Author(name="Grace", friend=ada).save()
    ada.friend = grace
    ada.save()
    book = Book(author=grace).save()

    ada.name, grace.name = "Ada L.", "Grace H."
    book.save(cascade=True)

    assert stored(database, ada)["name"] == "Ada L."
    assert stored(database, grace)["name"] == "Grace H."


def test_a_cascade_leaves_lists_of_references_alone(database: Any) -> None:
    author = Author(name="Ada").save()
    book = Book(others=[author]).save()

    author.name = "Grace"
    book.save(cascade=True)

    assert stored(database, author)["name"] == "Ada"


def test_an_override_of_the_verb_is_what_runs(database: Any) -> None:
    journaled = Journaled.objects.create(name="a")
    assert stored(database, journaled) == {"_id": journaled.id, "name": "a", "saves": 1}

    owner = JournaledOwner(journaled=journaled).save()
    journaled.name = "b"
    owner.save(cascade=True)

    assert stored(database, journaled) == {"_id": journaled.id, "name": "b", "saves": 2}


def test_an_override_of_what_writes_a_new_document_is_what_runs(database: Any) -> None:
    document = Stamped(name="a").save()

    assert stored(database, document) == {
        "_id": document.id,
        "name": "a",
        "stamp": "stamped",
    }


# Embedded documents


def test_an_embedded_document_has_its_owner_saved(database: Any) -> None:
    house = House(label="x", street=Street(number=1)).save()

    house.street.number = 2
    house.street.save()

    assert stored(database, house)["s"] == {"number": 2}
