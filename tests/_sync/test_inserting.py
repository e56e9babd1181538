# Generated from tests/_async/test_inserting.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Creating and inserting through a queryset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bson import ObjectId

from mongoengine.context_managers import run_in_transaction
from mongoengine.errors import BulkWriteError, NotUniqueError, OperationError, ValidationError
from tests.commands import CommandLog
from tests.models import (
    Account,
    Circle,
    Event,
    House,
    Measurement,
    Person,
    Race,
    Shape,
    Square,
    Street,
    Ticket,
)

# Creating


def test_a_document_is_made_of_keywords_and_saved(database: Any) -> None:
    person = Person.objects.create(name="Ada", town="London")

    assert type(person) is Person
    assert not person._created
    assert database["person"].find().to_list() == [
        {"_id": person.id, "name": "Ada", "t": "London", "languages": []}
    ]


def test_creating_validates_and_cleans() -> None:
    with pytest.raises(ValidationError, match="Field is required"):
        Person.objects.create(age=36)

    event = Event.objects.create(title=" Concert ")
    assert event.title == "Concert"


def test_creating_never_replaces_a_stored_document(database: Any) -> None:
    Account.objects.create(login="ada", balance=5)

    with pytest.raises(NotUniqueError, match=r"Tried to save duplicate unique keys \(E11000"):
        Account.objects.create(login="ada")

    assert database["account"].find().to_list() == [{"_id": "ada", "balance": 5}]


def test_the_conditions_of_the_queryset_are_no_values_of_the_new_document() -> None:
    person = Person.objects(town="London").create(name="Ada")

    assert person.town is None


# Inserting


def test_one_document_is_inserted_and_returned_as_it_was_stored(database: Any) -> None:
    person = Person(name="Ada", town="London")

    loaded = Person.objects.insert(person)

    assert type(loaded) is Person
    assert loaded is not person
    assert (loaded.id, loaded.name, loaded.town) == (person.id, "Ada", "London")
    assert not loaded._created
    assert database["person"].find().to_list() == [
        {"_id": person.id, "name": "Ada", "t": "London", "languages": []}
    ]


def test_a_list_is_inserted_by_one_command_and_keeps_its_order(
    database: Any, commands: CommandLog
) -> None:
    Measurement.objects.first()
    commands.clear()
    given = [Measurement(n=n) for n in (3, 1, 2)]

    loaded = Measurement.objects.insert(given)

    assert commands.names == ["insert", "find"]
    assert [m.n for m in loaded] == [3, 1, 2]
    assert [m.id for m in loaded] == [m.id for m in given]
    found = database["measurement"].find(sort=[("_id", 1)]).to_list()
    assert [raw["n"] for raw in found] == [3, 1, 2]


def test_a_list_of_one_gives_a_list_and_a_tuple_will_do() -> None:
    (one,) = Measurement.objects.insert([Measurement(n=1)])
    assert one.n == 1

    several = Measurement.objects.insert((Measurement(n=2), Measurement(n=3)))
    assert [m.n for m in several] == [2, 3]


def test_only_ids_are_returned_on_request(commands: CommandLog) -> None:
    Measurement.objects.first()
    commands.clear()
    given = [Measurement(n=1), Measurement(n=2)]

    ids = Measurement.objects.insert(given, load_bulk=False)

    assert commands.names == ["insert"]
    assert ids == [m.id for m in given]
    assert all(isinstance(key, ObjectId) for key in ids)
    single = Measurement(n=3)
    assert Measurement.objects.insert(single, load_bulk=False) == single.id


def test_documents_with_keys_of_the_users_own_are_inserted() -> None:
    free = ObjectId()
    person = Person.objects.insert(Person(id=free, name="Ada"))
    account = Account.objects.insert(Account(login="ada"))

    assert (person.id, account.login) == (free, "ada")


def test_values_are_stored_as_the_fields_store_them(database: Any) -> None:
    house = House.objects.insert(House(street=Street(name="Elm"), rooms=["hall"]))

    assert house.street.name == "Elm"
    found = database["house"].find_one()
    assert (found["s"], found["r"]) == ({"n": "Elm"}, ["hall"])


def test_documents_of_several_subclasses_are_inserted_together(database: Any) -> None:
    loaded = Shape.objects.insert([Circle(name="c"), Square(name="q", side=2)])

    assert [type(shape) for shape in loaded] == [Circle, Square]
    found = database["shape"].find(sort=[("name", 1)]).to_list()
    assert [raw["_cls"] for raw in found] == ["Shape.Circle", "Shape.Polygon.Square"]


def test_inserting_does_not_validate(database: Any) -> None:
    Person.objects.insert(Person(age="old"))

    assert database["person"].find_one()["age"] == "old"


def test_the_default_order_does_not_change_the_order_of_the_result() -> None:
    loaded = Race.objects.insert([Race(name="a", points=1), Race(name="b", points=9)])

    assert [race.name for race in loaded] == ["a", "b"]


def test_inserted_documents_can_be_changed_and_saved(database: Any) -> None:
    given = Person(name="Ada")
    loaded = Person.objects.insert(given)

    loaded.name = "Grace"
    loaded.save()

    assert [raw["name"] for raw in database["person"].find().to_list()] == ["Grace"]


def test_documents_of_another_class_are_refused(database: Any) -> None:
    with pytest.raises(
        OperationError, match=r"^Some documents inserted aren't instances of <class .*Person'>$"
    ):
        Person.objects.insert([Person(name="Ada"), Ticket(number=1)])
    with pytest.raises(OperationError, match=r"^Some documents inserted aren't instances of"):
        Person.objects.insert(Ticket(number=1))
    with pytest.raises(OperationError, match=r"^Some documents inserted aren't instances of"):
        Person.objects.insert("Ada")

    assert database["person"].count_documents({}) == 0


def test_documents_that_are_stored_already_are_refused(database: Any) -> None:
    person = Person(name="Ada").save()

    with pytest.raises(
        OperationError, match=r"^Some documents have ObjectIds, use doc\.update\(\) instead$"
    ):
        Person.objects.insert([Person(name="Grace"), person])

    assert database["person"].count_documents({}) == 1


def test_an_empty_list_is_refused_by_the_driver() -> None:
    with pytest.raises(TypeError, match="non-empty list"):
        Person.objects.insert([])


def test_a_unique_value_cannot_be_inserted_twice(database: Any) -> None:
    Ticket(number=1).save()

    with pytest.raises(NotUniqueError, match=r"^Could not save document \(E11000"):
        Ticket.objects.insert(Ticket(number=1))
    with pytest.raises(BulkWriteError, match=r"^Bulk write error: \(\{'writeErrors'"):
        Ticket.objects.insert([Ticket(number=2), Ticket(number=1), Ticket(number=3)])

    found = database["ticket"].find(sort=[("number", 1)]).to_list()
    assert [raw["number"] for raw in found] == [1, 2]


def test_documents_stored_before_a_refused_one_know_it(database: Any) -> None:
    tickets = [Ticket(number=number) for number in (1, 2, 1, 3)]

    with pytest.raises(BulkWriteError):
        Ticket.objects.insert(tickets)

    found = database["ticket"].find(sort=[("number", 1)]).to_list()
    assert found == [{"_id": tickets[0].id, "number": 1}, {"_id": tickets[1].id, "number": 2}]
    assert [ticket._created for ticket in tickets] == [False, False, True, True]
    assert [ticket.id for ticket in tickets[2:]] == [None, None]

    tickets[2].number = 4
    for ticket in tickets:
        ticket.save()
    stored = database["ticket"].find(sort=[("number", 1)]).to_list()
    assert [(raw["_id"], raw["number"]) for raw in stored] == [
        (ticket.id, ticket.number) for ticket in sorted(tickets, key=lambda t: t.number)
    ]


@pytest.mark.parametrize("several", [True, False])
def test_documents_stored_without_a_confirmation_are_not_stored_twice(
    database: Any, several: bool
) -> None:
    tickets = [Ticket(number=1), Ticket(number=2)] if several else [Ticket(number=1)]
    unreachable = {"w": 5, "wtimeout": 100}

    with pytest.raises((BulkWriteError, OperationError), match="Not enough data-bearing nodes"):
        Ticket.objects.insert(tickets if several else tickets[0], write_concern=unreachable)
    assert [ticket._created for ticket in tickets] == [True] * len(tickets)
    for ticket in tickets:
        ticket.save()

    found = database["ticket"].find(sort=[("number", 1)]).to_list()
    assert found == [{"_id": ticket.id, "number": ticket.number} for ticket in tickets]


def test_documents_of_an_aborted_insert_are_new_again(database: Any) -> None:
    Ticket(number=2).save()
    tickets = [Ticket(number=1), Ticket(number=2)]

    with pytest.raises(BulkWriteError):
        with run_in_transaction():
            Ticket.objects.insert(tickets)

    assert [(ticket.id, ticket._created) for ticket in tickets] == [(None, True)] * 2
    assert database["ticket"].count_documents({}) == 1


@pytest.fixture
def small_measurements_only(database: Any) -> Iterator[None]:
    """Have the server refuse measurements above 100."""
    Measurement(n=0).save()
    database.command("collMod", "measurement", validator={"n": {"$lte": 100}})
    yield
    database.command("collMod", "measurement", validator={})


@pytest.mark.usefixtures("small_measurements_only")
def test_a_refusal_of_the_server_is_an_operation_error() -> None:
    with pytest.raises(OperationError, match=r"^Could not save document \(") as failure:
        Measurement.objects.insert(Measurement(n=101))
    assert not isinstance(failure.value, (NotUniqueError, BulkWriteError))

    with pytest.raises(BulkWriteError, match=r"^Bulk write error: \("):
        Measurement.objects.insert([Measurement(n=101)])


def test_a_write_concern_reaches_the_server(commands: CommandLog) -> None:
    commands.clear()

    Person.objects.insert(Person(name="Ada"), write_concern={"w": 1, "j": True})

    assert commands.only("insert")["writeConcern"] == {"w": 1, "j": True}
