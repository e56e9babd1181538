"""Creating and inserting through a queryset."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from bson import ObjectId

from mongoengine.context_managers import async_run_in_transaction
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


async def test_a_document_is_made_of_keywords_and_saved(database: Any) -> None:
    person = await Person.objects.async_create(name="Ada", town="London")

    assert type(person) is Person
    assert not person._created
    assert await database["person"].find().to_list() == [
        {"_id": person.id, "name": "Ada", "t": "London", "languages": []}
    ]


async def test_creating_validates_and_cleans() -> None:
    with pytest.raises(ValidationError, match="Field is required"):
        await Person.objects.async_create(age=36)

    event = await Event.objects.async_create(title=" Concert ")
    assert event.title == "Concert"


async def test_creating_never_replaces_a_stored_document(database: Any) -> None:
    await Account.objects.async_create(login="ada", balance=5)

    with pytest.raises(NotUniqueError, match=r"Tried to save duplicate unique keys \(E11000"):
        await Account.objects.async_create(login="ada")

    assert await database["account"].find().to_list() == [{"_id": "ada", "balance": 5}]


async def test_the_conditions_of_the_queryset_are_no_values_of_the_new_document() -> None:
    person = await Person.objects(town="London").async_create(name="Ada")

    assert person.town is None


# Inserting


async def test_one_document_is_inserted_and_returned_as_it_was_stored(database: Any) -> None:
    person = Person(name="Ada", town="London")

    loaded = await Person.objects.async_insert(person)

    assert type(loaded) is Person
    assert loaded is not person
    assert (loaded.id, loaded.name, loaded.town) == (person.id, "Ada", "London")
    assert not loaded._created
    assert await database["person"].find().to_list() == [
        {"_id": person.id, "name": "Ada", "t": "London", "languages": []}
    ]


async def test_a_list_is_inserted_by_one_command_and_keeps_its_order(
    database: Any, commands: CommandLog
) -> None:
    await Measurement.objects.async_first()
    commands.clear()
    given = [Measurement(n=n) for n in (3, 1, 2)]

    loaded = await Measurement.objects.async_insert(given)

    assert commands.names == ["insert", "find"]
    assert [m.n for m in loaded] == [3, 1, 2]
    assert [m.id for m in loaded] == [m.id for m in given]
    found = await database["measurement"].find(sort=[("_id", 1)]).to_list()
    assert [raw["n"] for raw in found] == [3, 1, 2]


async def test_a_list_of_one_gives_a_list_and_a_tuple_will_do() -> None:
    (one,) = await Measurement.objects.async_insert([Measurement(n=1)])
    assert one.n == 1

    several = await Measurement.objects.async_insert((Measurement(n=2), Measurement(n=3)))
    assert [m.n for m in several] == [2, 3]


async def test_only_ids_are_returned_on_request(commands: CommandLog) -> None:
    await Measurement.objects.async_first()
    commands.clear()
    given = [Measurement(n=1), Measurement(n=2)]

    ids = await Measurement.objects.async_insert(given, load_bulk=False)

    assert commands.names == ["insert"]
    assert ids == [m.id for m in given]
    assert all(isinstance(key, ObjectId) for key in ids)
    single = Measurement(n=3)
    assert await Measurement.objects.async_insert(single, load_bulk=False) == single.id


async def test_documents_with_keys_of_the_users_own_are_inserted() -> None:
    free = ObjectId()
    person = await Person.objects.async_insert(Person(id=free, name="Ada"))
    account = await Account.objects.async_insert(Account(login="ada"))

    assert (person.id, account.login) == (free, "ada")


async def test_values_are_stored_as_the_fields_store_them(database: Any) -> None:
    house = await House.objects.async_insert(House(street=Street(name="Elm"), rooms=["hall"]))

    assert house.street.name == "Elm"
    found = await database["house"].find_one()
    assert (found["s"], found["r"]) == ({"n": "Elm"}, ["hall"])


async def test_documents_of_several_subclasses_are_inserted_together(database: Any) -> None:
    loaded = await Shape.objects.async_insert([Circle(name="c"), Square(name="q", side=2)])

    assert [type(shape) for shape in loaded] == [Circle, Square]
    found = await database["shape"].find(sort=[("name", 1)]).to_list()
    assert [raw["_cls"] for raw in found] == ["Shape.Circle", "Shape.Polygon.Square"]


async def test_inserting_does_not_validate(database: Any) -> None:
    await Person.objects.async_insert(Person(age="old"))

    assert (await database["person"].find_one())["age"] == "old"


async def test_the_default_order_does_not_change_the_order_of_the_result() -> None:
    loaded = await Race.objects.async_insert([Race(name="a", points=1), Race(name="b", points=9)])

    assert [race.name for race in loaded] == ["a", "b"]


async def test_inserted_documents_can_be_changed_and_saved(database: Any) -> None:
    given = Person(name="Ada")
    loaded = await Person.objects.async_insert(given)

    loaded.name = "Grace"
    await loaded.async_save()

    assert [raw["name"] for raw in await database["person"].find().to_list()] == ["Grace"]


async def test_documents_of_another_class_are_refused(database: Any) -> None:
    with pytest.raises(
        OperationError, match=r"^Some documents inserted aren't instances of <class .*Person'>$"
    ):
        await Person.objects.async_insert([Person(name="Ada"), Ticket(number=1)])
    with pytest.raises(OperationError, match=r"^Some documents inserted aren't instances of"):
        await Person.objects.async_insert(Ticket(number=1))
    with pytest.raises(OperationError, match=r"^Some documents inserted aren't instances of"):
        await Person.objects.async_insert("Ada")

    assert await database["person"].count_documents({}) == 0


async def test_documents_that_are_stored_already_are_refused(database: Any) -> None:
    person = await Person(name="Ada").async_save()

    with pytest.raises(
        OperationError, match=r"^Some documents have ObjectIds, use doc\.update\(\) instead$"
    ):
        await Person.objects.async_insert([Person(name="Grace"), person])

    assert await database["person"].count_documents({}) == 1


async def test_an_empty_list_is_refused_by_the_driver() -> None:
    with pytest.raises(TypeError, match="non-empty list"):
        await Person.objects.async_insert([])


async def test_a_unique_value_cannot_be_inserted_twice(database: Any) -> None:
    await Ticket(number=1).async_save()

    with pytest.raises(NotUniqueError, match=r"^Could not save document \(E11000"):
        await Ticket.objects.async_insert(Ticket(number=1))
    with pytest.raises(BulkWriteError, match=r"^Bulk write error: \(\{'writeErrors'"):
        await Ticket.objects.async_insert([Ticket(number=2), Ticket(number=1), Ticket(number=3)])

    found = await database["ticket"].find(sort=[("number", 1)]).to_list()
    assert [raw["number"] for raw in found] == [1, 2]


async def test_documents_stored_before_a_refused_one_know_it(database: Any) -> None:
    tickets = [Ticket(number=number) for number in (1, 2, 1, 3)]

    with pytest.raises(BulkWriteError):
        await Ticket.objects.async_insert(tickets)

    found = await database["ticket"].find(sort=[("number", 1)]).to_list()
    assert found == [{"_id": tickets[0].id, "number": 1}, {"_id": tickets[1].id, "number": 2}]
    assert [ticket._created for ticket in tickets] == [False, False, True, True]
    assert [ticket.id for ticket in tickets[2:]] == [None, None]

    tickets[2].number = 4
    for ticket in tickets:
        await ticket.async_save()
    stored = await database["ticket"].find(sort=[("number", 1)]).to_list()
    assert [(raw["_id"], raw["number"]) for raw in stored] == [
        (ticket.id, ticket.number) for ticket in sorted(tickets, key=lambda t: t.number)
    ]


@pytest.mark.parametrize("several", [True, False])
async def test_documents_stored_without_a_confirmation_are_not_stored_twice(
    database: Any, several: bool
) -> None:
    tickets = [Ticket(number=1), Ticket(number=2)] if several else [Ticket(number=1)]
    unreachable = {"w": 5, "wtimeout": 100}

    with pytest.raises((BulkWriteError, OperationError), match="Not enough data-bearing nodes"):
        await Ticket.objects.async_insert(
            tickets if several else tickets[0], write_concern=unreachable
        )
    assert [ticket._created for ticket in tickets] == [True] * len(tickets)
    for ticket in tickets:
        await ticket.async_save()

    found = await database["ticket"].find(sort=[("number", 1)]).to_list()
    assert found == [{"_id": ticket.id, "number": ticket.number} for ticket in tickets]


async def test_documents_of_an_aborted_insert_are_new_again(database: Any) -> None:
    await Ticket(number=2).async_save()
    tickets = [Ticket(number=1), Ticket(number=2)]

    with pytest.raises(BulkWriteError):
        async with async_run_in_transaction():
            await Ticket.objects.async_insert(tickets)

    assert [(ticket.id, ticket._created) for ticket in tickets] == [(None, True)] * 2
    assert await database["ticket"].count_documents({}) == 1


@pytest_asyncio.fixture
async def small_measurements_only(database: Any) -> AsyncIterator[None]:
    """Have the server refuse measurements above 100."""
    await Measurement(n=0).async_save()
    await database.command("collMod", "measurement", validator={"n": {"$lte": 100}})
    yield
    await database.command("collMod", "measurement", validator={})


@pytest.mark.usefixtures("small_measurements_only")
async def test_a_refusal_of_the_server_is_an_operation_error() -> None:
    with pytest.raises(OperationError, match=r"^Could not save document \(") as failure:
        await Measurement.objects.async_insert(Measurement(n=101))
    assert not isinstance(failure.value, (NotUniqueError, BulkWriteError))

    with pytest.raises(BulkWriteError, match=r"^Bulk write error: \("):
        await Measurement.objects.async_insert([Measurement(n=101)])


async def test_a_write_concern_reaches_the_server(commands: CommandLog) -> None:
    commands.clear()

    await Person.objects.async_insert(Person(name="Ada"), write_concern={"w": 1, "j": True})

    assert commands.only("insert")["writeConcern"] == {"w": 1, "j": True}
