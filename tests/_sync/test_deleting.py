# Generated from tests/_async/test_deleting.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Deleting documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mongoengine import signals
from mongoengine.errors import OperationError
from tests.commands import CommandLog
from tests.models import (
    Circle,
    House,
    Measurement,
    Person,
    Polygon,
    Race,
    Reading,
    Shape,
    Square,
    Street,
)


def numbers(count: int = 5) -> None:
    Measurement.objects.insert([Measurement(n=n) for n in range(count)])


def stored_numbers(database: Any) -> list[int]:
    return [raw["n"] for raw in database["measurement"].find(sort=[("n", 1)]).to_list()]


# A document


def test_a_document_is_deleted_and_the_object_stays_as_it_is(database: Any) -> None:
    person = Person(name="Ada").save()
    other = Person(name="Grace").save()
    key = person.id

    assert person.delete() is None

    assert [raw["_id"] for raw in database["person"].find().to_list()] == [other.id]
    assert (person.id, person.name, person._created) == (key, "Ada", False)


def test_deleting_what_is_not_stored_does_no_harm(database: Any) -> None:
    Person(name="Ada").save()

    Person(name="Grace").delete()
    gone = Person(name="Ida").save()
    gone.delete()
    gone.delete()

    assert [raw["name"] for raw in database["person"].find().to_list()] == ["Ada"]


def test_the_shard_key_of_a_document_is_part_of_the_filter(commands: CommandLog) -> None:
    reading = Reading(station="north").save()
    commands.clear()

    reading.delete()

    assert commands.only("delete")["deletes"][0]["q"] == {"_id": reading.id, "st": "north"}


def test_keywords_of_a_delete_are_a_write_concern(commands: CommandLog) -> None:
    person = Person(name="Ada").save()
    commands.clear()

    person.delete(w=1, j=True)

    assert commands.only("delete")["writeConcern"] == {"w": 1, "j": True}


def test_a_refusal_of_the_server_is_an_operation_error(database: Any) -> None:
    person = Person(name="Ada").save()

    with pytest.raises(OperationError, match=r"^Could not delete document \("):
        person.delete(w=50, wtimeout=1)


# A queryset


def test_all_documents_that_match_are_deleted_by_one_command(
    database: Any, commands: CommandLog
) -> None:
    numbers()
    commands.clear()

    assert Measurement.objects(n__gte=3).delete() == 2

    assert commands.names == ["delete"]
    assert stored_numbers(database) == [0, 1, 2]
    assert Measurement.objects(n=7).delete() == 0
    assert Measurement.objects.delete() == 3
    assert stored_numbers(database) == []


def test_a_window_is_deleted_document_by_document(database: Any) -> None:
    numbers(6)

    assert Measurement.objects.order_by("n")[1:3].delete() == 2
    assert stored_numbers(database) == [0, 3, 4, 5]

    assert Measurement.objects.order_by("-n").limit(1).delete() == 1
    assert Measurement.objects.order_by("n").skip(2).delete() == 1
    assert stored_numbers(database) == [0, 3]


@pytest.mark.parametrize(
    "loaded",
    [
        lambda q: q.as_pymongo(),
        lambda q: q.scalar("n"),
        lambda q: q.values_list("n", "id"),
        lambda q: q.exclude("id"),
        lambda q: q.only("id"),
    ],
    ids=["dicts", "values", "tuples", "without keys", "only keys"],
)
def test_documents_are_deleted_one_by_one_whatever_the_queryset_loads(
    database: Any, loaded: Any
) -> None:
    numbers(6)
    seen: list[int] = []

    assert loaded(Measurement.objects.order_by("n"))[1:3].delete() == 2
    assert stored_numbers(database) == [0, 3, 4, 5]

    with signals.pre_delete.connected_to(
        lambda sender, document: seen.append(document.n), sender=Measurement
    ):
        assert loaded(Measurement.objects(n__lt=4)).delete() == 2
    assert stored_numbers(database) == [4, 5]
    assert sorted(seen) == [0, 3]


def test_a_window_loaded_without_shard_keys_is_deleted(database: Any) -> None:
    for value in range(3):
        Reading(station="north", value=value).save()

    assert Reading.objects.order_by("value").only("value")[:2].delete() == 2

    assert [raw["value"] for raw in database["reading"].find().to_list()] == [2]


def test_the_default_order_says_which_documents_a_window_holds(database: Any) -> None:
    Race.objects.insert([Race(name=name, points=p) for p, name in enumerate("abc")])

    assert Race.objects.limit(1).delete() == 1

    left = database["race"].find(sort=[("name", 1)]).to_list()
    assert [raw["name"] for raw in left] == ["a", "b"]


def test_a_limit_of_zero_deletes_all(database: Any) -> None:
    numbers()

    assert Measurement.objects.limit(0).delete() == 5
    assert stored_numbers(database) == []


@pytest.fixture
def deletions() -> Iterator[list[int]]:
    """The numbers of measurements about to be deleted, as receivers see them."""
    seen: list[int] = []

    def receiver(sender: Any, document: Any) -> None:
        seen.append(document.n)

    with signals.pre_delete.connected_to(receiver, sender=Measurement):
        yield seen


def test_documents_are_deleted_one_by_one_before_receivers(
    database: Any, deletions: list[int]
) -> None:
    numbers()

    assert Measurement.objects(n__lt=2).delete() == 2

    assert sorted(deletions) == [0, 1]
    assert stored_numbers(database) == [2, 3, 4]


def test_receivers_of_another_class_change_nothing(
    commands: CommandLog, deletions: list[int]
) -> None:
    Person.objects.insert([Person(name="Ada"), Person(name="Grace")])
    commands.clear()

    assert Person.objects.delete() == 2

    assert (commands.names, deletions) == (["delete"], [])


def test_receivers_that_have_gone_change_nothing(
    commands: CommandLog, deletions: list[int]
) -> None:
    def receiver(sender: Any, document: Any) -> None:
        raise AssertionError("not connected any more")

    Person.objects.insert([Person(name="Ada"), Person(name="Grace")])
    with signals.pre_delete.connected_to(receiver, sender=Person):
        pass
    commands.clear()

    assert Person.objects.delete() == 2

    assert commands.names == ["delete"]


def test_a_queryset_of_nothing_deletes_nothing(database: Any) -> None:
    numbers()

    assert Measurement.objects.none().delete() == 0
    assert Measurement.objects.none().filter(n__gte=0).delete() == 0
    assert Measurement.objects[:0].delete() == 0
    assert Measurement.objects[2:2].delete() == 0

    assert stored_numbers(database) == [0, 1, 2, 3, 4]


def test_a_javascript_condition_limits_a_delete(database: Any) -> None:
    numbers()

    assert Measurement.objects.where("this[~n] < 0").delete() == 0
    assert Measurement.objects(n__lt=4).where("this[~n] > 2").delete() == 1

    assert stored_numbers(database) == [0, 1, 2, 4]


def test_a_delete_without_an_answer_returns_none(database: Any) -> None:
    numbers()

    assert Measurement.objects.delete(write_concern={"w": 0}) is None


def test_a_delete_reaches_the_class_and_its_subclasses_only(database: Any) -> None:
    Circle(name="a").save()
    Polygon(name="b").save()
    Square(name="c").save()

    assert Polygon.objects.delete() == 2
    assert [raw["name"] for raw in database["shape"].find().to_list()] == ["a"]
    assert Shape.objects.delete() == 1


def test_the_options_of_the_queryset_go_along(commands: CommandLog) -> None:
    House.objects.insert([House(label="A", street=Street(name="Elm"))])
    commands.clear()

    queryset = House.objects(street__name="ELM").hint("_id_").comment("why")
    queryset = queryset.collation({"locale": "en", "strength": 2})
    assert queryset.delete(write_concern={"w": 1, "j": True}) == 1

    command = commands.only("delete")
    assert (command["comment"], command["writeConcern"]) == ("why", {"w": 1, "j": True})
    assert command["deletes"][0]["q"] == {"s.n": "ELM"}
    assert command["deletes"][0]["hint"] == "_id_"
    assert command["deletes"][0]["collation"]["strength"] == 2
