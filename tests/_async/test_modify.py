"""Changing one document and getting it back: modify, upsert_one, and the modify of documents."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.errors import OperationFailure

from mongoengine.errors import NotUniqueError, OperationError
from tests.commands import CommandLog
from tests.verb_models import Animal, Dog, Ranked, UniqueWare, Ware


async def wares(*prices: int) -> list[Ware]:
    return [await Ware(name=f"ware {price}", price=price).async_save() for price in prices]


async def stored(database: Any) -> dict[str, int]:
    return {raw["n"]: raw.get("p") async for raw in database.ware.find()}


async def test_a_document_is_changed_and_returned_as_it_was(database: Any) -> None:
    await wares(1, 2)

    before = await Ware.objects(price=2).async_modify(set__price=20)

    assert (before.name, before.price) == ("ware 2", 2)
    assert await stored(database) == {"ware 1": 1, "ware 2": 20}


async def test_a_document_is_returned_as_it_is_afterwards_on_request(database: Any) -> None:
    await wares(1)

    after = await Ware.objects.async_modify(new=True, inc__price=4, set__name="dear")

    assert type(after) is Ware
    assert (after.name, after.price) == ("dear", 5)
    assert await stored(database) == {"dear": 5}
    assert not after._created


async def test_a_document_is_removed_and_returned(database: Any) -> None:
    await wares(1, 2)

    removed = await Ware.objects(price=1).async_modify(remove=True)

    assert removed.price == 1
    assert await stored(database) == {"ware 2": 2}


async def test_nothing_is_returned_when_nothing_matches(database: Any) -> None:
    await wares(1)

    assert await Ware.objects(price=9).async_modify(set__price=0) is None
    assert await Ware.objects(price=9).async_modify(remove=True) is None
    assert await Ware.objects(price=9).async_modify(set__price=0, new=True) is None
    assert await stored(database) == {"ware 1": 1}


async def test_an_upsert_makes_a_document_and_returns_it_if_it_is_wanted_new(
    database: Any,
) -> None:
    assert await Ware.objects(name="a").async_modify(upsert=True, set__price=1) is None
    made = await Ware.objects(name="b").async_modify(upsert=True, new=True, set__price=2)

    assert (made.name, made.price) == ("b", 2)
    assert made.pk is not None
    assert await stored(database) == {"a": 1, "b": 2}


async def test_an_upsert_in_a_hierarchy_makes_a_document_of_the_class(database: Any) -> None:
    made = await Animal.objects(name="new").async_modify(upsert=True, new=True, set__legs=4)
    assert type(made) is Animal
    made = await Dog.objects(name="rex").async_modify(upsert=True, new=True, set__legs=4)
    assert type(made) is Dog

    await Animal.objects(name="rex").async_modify(upsert=True, set__legs=3)

    assert {(raw["n"], raw["_cls"], raw["legs"]) async for raw in database.animal.find()} == {
        ("new", "Animal", 4),
        ("rex", "Animal.Dog", 3),
    }


async def test_an_explicit_order_says_which_document_is_changed(database: Any) -> None:
    await wares(1, 2, 3)

    assert (await Ware.objects.order_by("-price").async_modify(set__stock=1)).price == 3
    assert (await Ware.objects.order_by("price").async_modify(remove=True)).price == 1
    assert await stored(database) == {"ware 2": 2, "ware 3": 3}


async def test_a_cleared_order_is_no_order(commands: CommandLog) -> None:
    await Ranked(rank=1).async_save()
    await Ranked(rank=2).async_save()

    assert await Ranked.objects.order_by().async_modify(set__name="x") is not None
    assert await Ranked.objects.order_by("rank").order_by().async_modify(remove=True) is not None

    assert all("sort" not in command for command in commands.of("findAndModify"))


async def test_the_default_order_does_not_choose_the_document(commands: CommandLog) -> None:
    await Ranked(rank=1).async_save()

    await Ranked.objects.async_modify(set__name="x")

    assert "sort" not in commands.only("findAndModify")


async def test_a_projection_says_what_is_loaded() -> None:
    await Ware(name="a", price=1, stock=2).async_save()

    found = await Ware.objects.only("price").async_modify(set__stock=3)

    assert (found.name, found.price, found.stock) == (None, 1, None)


async def test_a_document_is_returned_whatever_the_queryset_gives_otherwise() -> None:
    await wares(1)

    assert type(await Ware.objects.scalar("price").async_modify(set__stock=1)) is Ware
    assert type(await Ware.objects.as_pymongo().async_modify(set__stock=1)) is Ware


async def test_a_javascript_condition_chooses_the_document(database: Any) -> None:
    await wares(1, 2)

    await Ware.objects.where("this[~price] == 2").async_modify(set__price=5)

    assert await stored(database) == {"ware 1": 1, "ware 2": 5}


async def test_array_filters_choose_the_items_to_change(database: Any) -> None:
    await Ware(name="a", ratings=[1, 5, 1]).async_save()

    await Ware.objects.async_modify(
        __raw__={"$set": {"r.$[low]": 2}}, array_filters=[{"low": {"$lt": 3}}]
    )

    assert (await database.ware.find_one())["r"] == [2, 5, 2]


async def test_an_update_may_be_a_pipeline(database: Any) -> None:
    await wares(3)

    after = await Ware.objects.async_modify(
        new=True, __raw__=[{"$set": {"stock": {"$multiply": ["$p", 2]}}}]
    )

    assert after.stock == 6


async def test_a_queryset_of_nothing_changes_nothing(database: Any, commands: CommandLog) -> None:
    await wares(1)
    commands.clear()

    assert await Ware.objects.none().async_modify(set__price=0) is None
    assert await Ware.objects.none().async_modify(remove=True) is None
    assert await Ware.objects[:0].async_modify(set__price=0) is None
    assert await Ware.objects.none().async_upsert_one(set__price=0) is None

    assert commands.names == []
    assert await stored(database) == {"ware 1": 1}


async def test_arguments_that_contradict_each_other_or_ask_for_nothing_are_refused() -> None:
    with pytest.raises(OperationError, match=r"^Conflicting parameters: remove and new$"):
        await Ware.objects.async_modify(remove=True, new=True)
    with pytest.raises(
        OperationError, match=r"^No update parameters, must either update or remove$"
    ):
        await Ware.objects.async_modify()


async def test_options_of_the_queryset_go_along(commands: CommandLog) -> None:
    await wares(1)
    queryset = (
        Ware.objects.hint("_id_").collation({"locale": "en"}).comment("mine").max_time_ms(5000)
    )

    await queryset.timeout(False).async_modify(set__price=1)
    await queryset.async_modify(remove=True)

    for command in commands.of("findAndModify"):
        assert command["hint"] == "_id_"
        assert command["collation"]["locale"] == "en"
        assert command["comment"] == "mine"
        assert command["maxTimeMS"] == 5000


async def test_a_taken_value_and_a_refusal_of_the_server_are_reported() -> None:
    await UniqueWare(number=1).async_save()
    await UniqueWare(number=2).async_save()

    with pytest.raises(NotUniqueError, match=r"^Update failed \(") as caught:
        await UniqueWare.objects(number=2).async_modify(set__number=1)
    assert isinstance(caught.value.__cause__, OperationFailure)
    with pytest.raises(OperationError, match=r"^Update failed \("):
        await Ware.objects.hint("no_such_index").async_modify(set__price=1)


# One document, made if it is not there


async def test_an_upsert_of_one_changes_what_is_there_and_returns_it(database: Any) -> None:
    first, _ = await wares(1, 2)

    after = await Ware.objects(price=1).async_upsert_one(inc__price=10)

    assert (after.pk, after.price) == (first.pk, 11)
    assert await stored(database) == {"ware 1": 11, "ware 2": 2}


async def test_an_upsert_of_one_makes_what_is_not_there_and_returns_it(database: Any) -> None:
    made = await Ware.objects(name="new").async_upsert_one(set__price=7)

    assert (made.name, made.price) == ("new", 7)
    assert (await database.ware.find_one({"_id": made.pk}))["p"] == 7


async def test_an_upsert_of_one_returns_it_even_if_it_does_not_match_any_more(
    commands: CommandLog,
) -> None:
    await wares(1)
    commands.clear()

    assert (await Ware.objects(price=1).async_upsert_one(set__price=2)).price == 2

    assert commands.names == ["findAndModify"]


async def test_an_upsert_of_one_needs_no_update_where_classes_share_a_collection() -> None:
    made = await Dog.objects(name="rex").async_upsert_one()

    assert (type(made), made.name) == (Dog, "rex")
    assert (await Animal.objects(name="rex").async_upsert_one()).pk == made.pk
    assert type(await Animal.objects.async_get()) is Dog
    with pytest.raises(ValueError, match="cannot be empty"):
        await Ware.objects(name="x").async_upsert_one()


async def test_an_upsert_of_one_gives_what_the_queryset_gives(commands: CommandLog) -> None:
    assert await Ware.objects(name="a").scalar("price").async_upsert_one(set__price=3) == 3
    raw = await Ware.objects(name="a").as_pymongo().async_upsert_one(set__price=4)
    assert raw["p"] == 4

    await Ware.objects(name="a").async_upsert_one({"w": 1, "j": True}, set__price=5)
    assert commands.of("findAndModify")[-1]["writeConcern"] == {"w": 1, "j": True}


# A document of its own accord


async def test_a_document_modifies_itself_and_takes_over_what_is_stored(database: Any) -> None:
    ware, other = await wares(1, 2)
    await database.ware.update_one({"_id": ware.pk}, {"$set": {"stock": 8}})
    ware.name = "not saved"

    assert await ware.async_modify(inc__price=1) is True

    assert (ware.name, ware.price, ware.stock) == ("ware 1", 2, 8)
    assert ware._get_changed_fields() == []
    assert await stored(database) == {"ware 1": 2, other.name: 2}


async def test_a_document_that_does_not_match_is_not_modified(database: Any) -> None:
    (ware,) = await wares(1)

    assert await ware.async_modify({"price": 5}, set__price=9) is False

    assert ware.price == 1
    assert await stored(database) == {"ware 1": 1}
    assert await ware.async_modify({"price": 1}, set__price=9) is True
    assert ware.price == 9
