"""Looking documents up by key and values by field."""

from __future__ import annotations

import pytest
from bson import ObjectId

from mongoengine.errors import InvalidQueryError
from tests.commands import CommandLog
from tests.verb_models import Animal, Dimensions, Dog, Maker, Ware


async def wares(*prices: int) -> list[Ware]:
    return [await Ware(name=f"ware {price}", price=price).async_save() for price in prices]


# By key


async def test_a_document_is_found_by_its_key() -> None:
    _, second = await wares(1, 2)

    assert (await Ware.objects.async_with_id(second.pk)).price == 2
    assert (await Ware.objects.async_with_id(str(second.pk))).price == 2
    assert await Ware.objects.async_with_id(ObjectId()) is None


async def test_looking_for_a_key_allows_no_other_condition() -> None:
    (ware,) = await wares(1)

    for queryset in (Ware.objects(price=1), Ware.objects.where("true")):
        with pytest.raises(
            InvalidQueryError, match=r"^Cannot use a filter whilst using `with_id`$"
        ):
            await queryset.async_with_id(ware.pk)


async def test_a_document_of_another_class_is_not_found_by_its_key() -> None:
    animal = await Animal(name="cat").async_save()

    assert await Dog.objects.async_with_id(animal.pk) is None
    assert (await Animal.objects.async_with_id(animal.pk)).name == "cat"


async def test_documents_are_found_by_many_keys_at_once(commands: CommandLog) -> None:
    first, second, _ = await wares(1, 2, 3)
    commands.clear()

    found = await Ware.objects.async_in_bulk([first.pk, second.pk, ObjectId()])

    assert {key: ware.price for key, ware in found.items()} == {first.pk: 1, second.pk: 2}
    assert commands.names == ["find"]
    assert await Ware.objects.async_in_bulk([str(first.pk)]) == {}
    assert await Ware.objects.async_in_bulk([]) == {}


async def test_finding_by_many_keys_gives_what_the_queryset_gives() -> None:
    first, second = await wares(1, 2)
    keys = [first.pk, second.pk]

    by_value = await Ware.objects.scalar("price").async_in_bulk(keys)
    raw = await Ware.objects.as_pymongo().async_in_bulk(keys)
    partial = await Ware.objects.exclude("id", "name").async_in_bulk(keys)

    assert by_value == {first.pk: 1, second.pk: 2}
    assert raw[first.pk] == {"_id": first.pk, **raw[first.pk]}
    assert (partial[second.pk].price, partial[second.pk].name) == (2, None)


async def test_finding_by_many_keys_minds_neither_filter_nor_order_nor_class() -> None:
    dog = await Dog(name="rex").async_save()
    cat = await Animal(name="cat").async_save()

    found = await Dog.objects(name="x").order_by("name")[5:6].async_in_bulk([dog.pk, cat.pk])

    assert {type(document) for document in found.values()} == {Dog, Animal}


async def test_a_queryset_of_nothing_finds_no_keys(commands: CommandLog) -> None:
    (ware,) = await wares(1)
    commands.clear()

    assert await Ware.objects.none().async_with_id(ware.pk) is None
    assert await Ware.objects.none().async_in_bulk([ware.pk]) == {}
    assert await Ware.objects.none().async_distinct("name") == []
    assert await Ware.objects.none().async_values("name") == []
    assert commands.names == []


# Values


async def test_distinct_values_are_found_under_their_stored_names() -> None:
    await Ware(name="a", price=1, tags=["x", "y"], x=1).async_save()
    await Ware(name="b", price=1, tags=["x"], x=2).async_save()

    assert await Ware.objects.async_distinct("name") == ["a", "b"]
    assert await Ware.objects.async_distinct("price") == [1]
    assert await Ware.objects.async_distinct("x") == [1, 2]
    assert await Ware.objects.async_distinct("tags") == ["x", "y"]
    assert await Ware.objects.async_distinct("tags.1") == ["y"]
    assert await Ware.objects(name="b").async_distinct("tags") == ["x"]
    assert await Ware.objects.async_distinct("no_such_field") == []


async def test_distinct_keys_are_found_by_any_of_their_names() -> None:
    first, second = await wares(1, 2)

    for name in ("pk", "id"):
        assert set(await Ware.objects.async_distinct(name)) == {first.pk, second.pk}


async def test_distinct_embedded_documents_are_documents_again() -> None:
    small, large = Dimensions(width=1, height=2), Dimensions(width=3, height=4)
    await Ware(size=small, parts=[small, large]).async_save()
    await Ware(size=small, parts=[large]).async_save()

    assert await Ware.objects.async_distinct("size") == [small]
    assert await Ware.objects.async_distinct("parts") == [small, large]
    assert await Ware.objects.async_distinct("size.width") == [1]
    assert await Ware.objects.async_distinct("parts__height") == [2, 4]
    assert await Ware.objects.no_dereference().async_distinct("size") == [{"w": 1, "h": 2}]


async def test_distinct_references_are_documents(commands: CommandLog) -> None:
    one, two = [await Maker(name=name).async_save() for name in ("one", "two")]
    gone = await Maker(name="gone").async_save()
    await Ware(maker=one, sellers=[one, two], made_of=two).async_save()
    await Ware(maker=gone, sellers=[two]).async_save()
    await gone.async_delete()
    commands.clear()

    assert set(await Ware.objects.async_distinct("maker")) == {one, gone.pk}
    assert commands.names == ["distinct", "find"]
    assert await Ware.objects.async_distinct("sellers") == [one, two]
    assert await Ware.objects.async_distinct("made_of") == [two]
    assert set(await Ware.objects.no_dereference().async_distinct("maker")) == {one.pk, gone.pk}


async def test_distinct_values_do_not_mind_order_and_window(commands: CommandLog) -> None:
    await wares(1, 2, 3)
    commands.clear()

    queryset = Ware.objects.order_by("-price")[1:2].where("this[~price] > 1")
    queryset = queryset.comment("mine").collation({"locale": "en"}).max_time_ms(5000)

    assert await queryset.async_distinct("price") == [2, 3]
    command = commands.only("distinct")
    assert command["key"] == "p"
    assert (command["comment"], command["maxTimeMS"]) == ("mine", 5000)
    assert command["collation"]["locale"] == "en"


async def test_values_are_given_as_dicts_by_field_name() -> None:
    await Ware(name="a", price=1, size=Dimensions(width=3), tags=["x"]).async_save()
    await Ware(name="b").async_save()
    queryset = Ware.objects.order_by("name")

    assert await queryset.async_values("name", "price") == [
        {"name": "a", "price": 1},
        {"name": "b", "price": None},
    ]
    assert await queryset(name="a").async_values("size__width", "size.height") == [
        {"size__width": 3, "size.height": None}
    ]
    (whole,) = await queryset(name="b").as_pymongo().async_values()
    assert set(whole) == set(Ware._fields_ordered)
    assert (whole["name"], whole["tags"]) == ("b", [])


async def test_the_plan_of_the_server_is_explained(commands: CommandLog) -> None:
    await wares(1)
    commands.clear()

    plan = await Ware.objects(price=1).where("this[~price] == 1").order_by("name").async_explain()

    assert {"p": {"$eq": 1}} in plan["queryPlanner"]["parsedQuery"]["$and"]
    assert commands.only("explain")["explain"]["sort"] == {"n": 1}
    nothing = await Ware.objects.none().async_explain()
    assert nothing["queryPlanner"]["parsedQuery"] == {"_id": {"$in": []}}
