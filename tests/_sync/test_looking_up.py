# Generated from tests/_async/test_looking_up.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Looking documents up by key and values by field."""

from __future__ import annotations

import pytest
from bson import ObjectId

from mongoengine.errors import InvalidQueryError
from tests.commands import CommandLog
from tests.verb_models import Animal, Dimensions, Dog, Maker, Ware


def wares(*prices: int) -> list[Ware]:
    return [Ware(name=f"ware {price}", price=price).save() for price in prices]


# By key


def test_a_document_is_found_by_its_key() -> None:
    _, second = wares(1, 2)

    assert Ware.objects.with_id(second.pk).price == 2
    assert Ware.objects.with_id(str(second.pk)).price == 2
    assert Ware.objects.with_id(ObjectId()) is None


def test_looking_for_a_key_allows_no_other_condition() -> None:
    (ware,) = wares(1)

    for queryset in (Ware.objects(price=1), Ware.objects.where("true")):
        with pytest.raises(
            InvalidQueryError, match=r"^Cannot use a filter whilst using `with_id`$"
        ):
            queryset.with_id(ware.pk)


def test_a_document_of_another_class_is_not_found_by_its_key() -> None:
    animal = Animal(name="cat").save()

    assert Dog.objects.with_id(animal.pk) is None
    assert Animal.objects.with_id(animal.pk).name == "cat"


def test_documents_are_found_by_many_keys_at_once(commands: CommandLog) -> None:
    first, second, _ = wares(1, 2, 3)
    commands.clear()

    found = Ware.objects.in_bulk([first.pk, second.pk, ObjectId()])

    assert {key: ware.price for key, ware in found.items()} == {first.pk: 1, second.pk: 2}
    assert commands.names == ["find"]
    assert Ware.objects.in_bulk([str(first.pk)]) == {}
    assert Ware.objects.in_bulk([]) == {}


def test_finding_by_many_keys_gives_what_the_queryset_gives() -> None:
    first, second = wares(1, 2)
    keys = [first.pk, second.pk]

    by_value = Ware.objects.scalar("price").in_bulk(keys)
    raw = Ware.objects.as_pymongo().in_bulk(keys)
    partial = Ware.objects.exclude("id", "name").in_bulk(keys)

    assert by_value == {first.pk: 1, second.pk: 2}
    assert raw[first.pk] == {"_id": first.pk, **raw[first.pk]}
    assert (partial[second.pk].price, partial[second.pk].name) == (2, None)


def test_finding_by_many_keys_minds_neither_filter_nor_order_nor_class() -> None:
    dog = Dog(name="rex").save()
    cat = Animal(name="cat").save()

    found = Dog.objects(name="x").order_by("name")[5:6].in_bulk([dog.pk, cat.pk])

    assert {type(document) for document in found.values()} == {Dog, Animal}


def test_a_queryset_of_nothing_finds_no_keys(commands: CommandLog) -> None:
    (ware,) = wares(1)
    commands.clear()

    assert Ware.objects.none().with_id(ware.pk) is None
    assert Ware.objects.none().in_bulk([ware.pk]) == {}
    assert Ware.objects.none().distinct("name") == []
    assert Ware.objects.none().values("name") == []
    assert commands.names == []


# Values


def test_distinct_values_are_found_under_their_stored_names() -> None:
    Ware(name="a", price=1, tags=["x", "y"], x=1).save()
    Ware(name="b", price=1, tags=["x"], x=2).save()

    assert Ware.objects.distinct("name") == ["a", "b"]
    assert Ware.objects.distinct("price") == [1]
    assert Ware.objects.distinct("x") == [1, 2]
    assert Ware.objects.distinct("tags") == ["x", "y"]
    assert Ware.objects.distinct("tags.1") == ["y"]
    assert Ware.objects(name="b").distinct("tags") == ["x"]
    assert Ware.objects.distinct("no_such_field") == []


def test_distinct_keys_are_found_by_any_of_their_names() -> None:
    first, second = wares(1, 2)

    for name in ("pk", "id"):
        assert set(Ware.objects.distinct(name)) == {first.pk, second.pk}


def test_distinct_embedded_documents_are_documents_again() -> None:
    small, large = Dimensions(width=1, height=2), Dimensions(width=3, height=4)
    Ware(size=small, parts=[small, large]).save()
    Ware(size=small, parts=[large]).save()

    assert Ware.objects.distinct("size") == [small]
    assert Ware.objects.distinct("parts") == [small, large]
    assert Ware.objects.distinct("size.width") == [1]
    assert Ware.objects.distinct("parts__height") == [2, 4]
    assert Ware.objects.no_dereference().distinct("size") == [{"w": 1, "h": 2}]


def test_distinct_references_are_documents(commands: CommandLog) -> None:
    one, two = [Maker(name=name).save() for name in ("one", "two")]
    gone = Maker(name="gone").save()
    Ware(maker=one, sellers=[one, two], made_of=two).save()
    Ware(maker=gone, sellers=[two]).save()
    gone.delete()
    commands.clear()

    assert set(Ware.objects.distinct("maker")) == {one, gone.pk}
    assert commands.names == ["distinct", "find"]
    assert Ware.objects.distinct("sellers") == [one, two]
    assert Ware.objects.distinct("made_of") == [two]
    assert set(Ware.objects.no_dereference().distinct("maker")) == {one.pk, gone.pk}


def test_distinct_values_do_not_mind_order_and_window(commands: CommandLog) -> None:
    wares(1, 2, 3)
    commands.clear()

    queryset = Ware.objects.order_by("-price")[1:2].where("this[~price] > 1")
    queryset = queryset.comment("mine").collation({"locale": "en"}).max_time_ms(5000)

    assert queryset.distinct("price") == [2, 3]
    command = commands.only("distinct")
    assert command["key"] == "p"
    assert (command["comment"], command["maxTimeMS"]) == ("mine", 5000)
    assert command["collation"]["locale"] == "en"


def test_values_are_given_as_dicts_by_field_name() -> None:
    Ware(name="a", price=1, size=Dimensions(width=3), tags=["x"]).save()
    Ware(name="b").save()
    queryset = Ware.objects.order_by("name")

    assert queryset.values("name", "price") == [
        {"name": "a", "price": 1},
        {"name": "b", "price": None},
    ]
    assert queryset(name="a").values("size__width", "size.height") == [
        {"size__width": 3, "size.height": None}
    ]
    (whole,) = queryset(name="b").as_pymongo().values()
    assert set(whole) == set(Ware._fields_ordered)
    assert (whole["name"], whole["tags"]) == ("b", [])


def test_the_plan_of_the_server_is_explained(commands: CommandLog) -> None:
    wares(1)
    commands.clear()

    plan = Ware.objects(price=1).where("this[~price] == 1").order_by("name").explain()

    assert {"p": {"$eq": 1}} in plan["queryPlanner"]["parsedQuery"]["$and"]
    assert commands.only("explain")["explain"]["sort"] == {"n": 1}
    nothing = Ware.objects.none().explain()
    assert nothing["queryPlanner"]["parsedQuery"] == {"_id": {"$in": []}}
