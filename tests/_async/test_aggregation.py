"""Pipelines, sums and averages."""

from __future__ import annotations

from typing import Any

import pytest

from mongoengine.errors import LookUpError, OperationError
from tests.commands import CommandLog
from tests.verb_models import Animal, Dimensions, Dog, Many, Place, Ranked, Ware


async def wares(*prices: int) -> None:
    await Ware.objects.async_insert([Ware(name=f"w{p}", price=p) for p in prices])


async def names(queryset: Any, *stages: dict[str, Any], **options: Any) -> list[str]:
    return [raw["n"] async for raw in queryset.async_aggregate(list(stages), **options)]


async def test_a_pipeline_gives_the_dicts_of_the_driver() -> None:
    await wares(1, 2, 3)
    group = {"$group": {"_id": None, "sum": {"$sum": "$p"}}}

    cursor = await Ware.objects(price__gt=1).async_aggregate([group])

    assert await cursor.to_list() == [{"_id": None, "sum": 5}]


async def test_a_pipeline_can_be_iterated_over() -> None:
    await wares(1, 2)

    seen = []
    async for raw in Ware.objects.async_aggregate(({"$sort": {"p": -1}},)):
        seen.append(raw["p"])

    assert seen == [2, 1]


async def test_filter_order_and_window_go_before_the_stages(commands: CommandLog) -> None:
    await wares(*range(6))
    commands.clear()

    found = await names(Ware.objects(price__gt=0).order_by("-price")[1:3], {"$set": {"z": 1}})

    assert found == ["w4", "w3"]
    assert commands.only("aggregate")["pipeline"] == [
        {"$match": {"p": {"$gt": 0}}},
        {"$sort": {"p": -1}},
        {"$limit": 3},
        {"$skip": 1},
        {"$set": {"z": 1}},
    ]


async def test_a_limit_of_zero_is_no_limit() -> None:
    await wares(1, 2)

    assert sorted(await names(Ware.objects.limit(0))) == ["w1", "w2"]
    assert await names(Ware.objects.order_by("price").skip(1).limit(0)) == ["w2"]


async def test_the_default_order_is_not_put_into_a_pipeline(commands: CommandLog) -> None:
    await (await Ranked.objects.async_aggregate([])).to_list()

    assert commands.only("aggregate")["pipeline"] == []


async def test_a_class_sees_its_own_documents_in_a_pipeline() -> None:
    await Animal(name="cat").async_save()
    await Dog(name="rex").async_save()

    assert await names(Dog.objects) == ["rex"]
    assert sorted(await names(Animal.objects)) == ["cat", "rex"]


async def test_stages_that_must_come_first_come_first(commands: CommandLog) -> None:
    await Place.async_ensure_indexes()
    await Place(name="near", location=[0, 0]).async_save()
    await Place(name="far", location=[50, 50]).async_save()
    near = {
        "$geoNear": {
            "near": {"type": "Point", "coordinates": [1, 1]},
            "distanceField": "distance",
            "spherical": True,
        }
    }
    commands.clear()

    found = [raw["name"] async for raw in Place.objects(name="near").async_aggregate([near])]
    count = {"$collStats": {"count": {}}}
    (stats,) = [raw async for raw in Place.objects.limit(5).async_aggregate([count])]

    assert found == ["near"]
    assert stats["count"] == 2
    assert [list(command["pipeline"][0]) for command in commands.of("aggregate")] == [
        ["$geoNear"],
        ["$collStats"],
    ]


async def test_a_queryset_of_nothing_gives_an_empty_pipeline() -> None:
    await wares(1)

    assert await names(Ware.objects.none()) == []
    assert await names(Ware.objects[1:1]) == []
    assert await names(Ware.objects.none(), {"$set": {"n": "made"}}) == []


async def test_options_of_the_queryset_are_defaults_for_a_pipeline(commands: CommandLog) -> None:
    queryset = Ware.objects.hint("_id_").collation({"locale": "en"}).comment("mine")
    queryset = queryset.allow_disk_use(True).batch_size(7).max_time_ms(5000)

    await queryset.async_aggregate([])
    await queryset.async_aggregate([], comment="yours", maxTimeMS=6000, allowDiskUse=False)

    first, second = commands.of("aggregate")
    assert (first["hint"], first["comment"], first["maxTimeMS"]) == ("_id_", "mine", 5000)
    assert first["collation"]["locale"] == "en"
    assert (first["allowDiskUse"], first["cursor"]) == (True, {"batchSize": 7})
    assert (second["comment"], second["maxTimeMS"]) == ("yours", 6000)
    assert second["allowDiskUse"] is False


async def test_concern_and_preference_of_reads_count_in_a_pipeline(commands: CommandLog) -> None:
    await Ware.objects.read_concern({"level": "majority"}).async_aggregate([])

    assert commands.only("aggregate")["readConcern"] == {"level": "majority"}


async def test_what_is_no_pipeline_is_refused_at_once() -> None:
    with pytest.raises(
        TypeError,
        match=r"^Starting from 1.0 release pipeline must be a list/tuple, "
        r"received: <class 'dict'>$",
    ):
        Ware.objects.async_aggregate({"$match": {}})
    with pytest.raises(TypeError):
        Ware.objects.async_aggregate([], [])


async def test_a_javascript_condition_is_refused_rather_than_forgotten() -> None:
    await wares(1, 2)
    queryset = Ware.objects.where("this[~price] == 1")

    with pytest.raises(OperationError, match=r"aggregate\(\) cannot honour where\(\) on Ware"):
        queryset.async_aggregate([])
    with pytest.raises(OperationError, match=r"sum\(\) cannot honour where\(\) on Ware"):
        await queryset.async_sum("price")
    with pytest.raises(OperationError, match=r"average\(\) cannot honour where\(\) on Ware"):
        await queryset.async_average("price")


async def test_a_cursor_of_a_pipeline_fetches_batch_by_batch(commands: CommandLog) -> None:
    await Many.objects.async_insert([Many(n=n) for n in range(30)], load_bulk=False)
    commands.clear()

    cursor = await Many.objects.batch_size(10).async_aggregate([])
    assert commands.names == ["aggregate"]

    assert len(await cursor.to_list()) == 30
    assert commands.names.count("getMore") in (2, 3)


# Sums and averages


async def test_a_field_is_summed_and_averaged() -> None:
    await wares(1, 2, 6)

    assert await Ware.objects.async_sum("price") == 9
    assert await Ware.objects.async_average("price") == 3
    assert await Ware.objects(price__gt=1).async_sum("price") == 8
    assert await Ware.objects.order_by("price")[1:2].async_sum("price") == 9


async def test_missing_values_count_for_nothing() -> None:
    await wares(4)
    await Ware(name="none").async_save()

    assert await Ware.objects.async_sum("price") == 4
    assert await Ware.objects.async_average("price") == 4
    assert await Ware.objects.async_average("name") is None
    assert await Ware.objects.async_sum("name") == 0


async def test_without_documents_sum_and_average_are_zero(commands: CommandLog) -> None:
    assert await Ware.objects.async_sum("price") == 0
    assert await Ware.objects.async_average("price") == 0
    commands.clear()

    await wares(1)
    assert await Ware.objects.none().async_sum("price") == 0
    assert await Ware.objects[:0].async_average("price") == 0
    assert "aggregate" not in commands.names


async def test_values_in_lists_are_summed_under_their_stored_names() -> None:
    await Ware(ratings=[1, 2], parts=[Dimensions(width=5), Dimensions(width=6)]).async_save()
    await Ware(ratings=[3], size=Dimensions(width=10), parts=[Dimensions(width=1)]).async_save()
    await Ware(ratings=[]).async_save()

    assert await Ware.objects.async_sum("ratings") == 6
    assert await Ware.objects.async_average("ratings") == 2
    assert await Ware.objects.async_sum("parts.width") == 12
    assert await Ware.objects.async_average("parts__width") == 4
    assert await Ware.objects.async_sum("size.width") == 10


async def test_a_sum_of_what_is_no_field_is_refused() -> None:
    with pytest.raises(LookUpError, match=r'^Cannot resolve field "weight"$'):
        await Ware.objects.async_sum("weight")


async def test_a_sum_takes_the_options_of_the_queryset(commands: CommandLog) -> None:
    await Ware.objects.comment("mine").hint("_id_").max_time_ms(5000).async_sum("price")

    command = commands.only("aggregate")
    assert (command["comment"], command["hint"], command["maxTimeMS"]) == ("mine", "_id_", 5000)
