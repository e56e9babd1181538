# Generated from tests/_async/test_aggregation.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Pipelines, sums and averages."""

from __future__ import annotations

from typing import Any

import pytest

from mongoengine.errors import LookUpError, OperationError
from tests.commands import CommandLog
from tests.verb_models import Animal, Dimensions, Dog, Many, Place, Ranked, Ware


def wares(*prices: int) -> None:
    Ware.objects.insert([Ware(name=f"w{p}", price=p) for p in prices])


def names(queryset: Any, *stages: dict[str, Any], **options: Any) -> list[str]:
    return [raw["n"] for raw in queryset.aggregate(list(stages), **options)]


def test_a_pipeline_gives_the_dicts_of_the_driver() -> None:
    wares(1, 2, 3)
    group = {"$group": {"_id": None, "sum": {"$sum": "$p"}}}

    cursor = Ware.objects(price__gt=1).aggregate([group])

    assert cursor.to_list() == [{"_id": None, "sum": 5}]


def test_a_pipeline_can_be_iterated_over() -> None:
    wares(1, 2)

    seen = []
    for raw in Ware.objects.aggregate(({"$sort": {"p": -1}},)):
        seen.append(raw["p"])

    assert seen == [2, 1]


def test_filter_order_and_window_go_before_the_stages(commands: CommandLog) -> None:
    wares(*range(6))
    commands.clear()

    found = names(Ware.objects(price__gt=0).order_by("-price")[1:3], {"$set": {"z": 1}})

    assert found == ["w4", "w3"]
    assert commands.only("aggregate")["pipeline"] == [
        {"$match": {"p": {"$gt": 0}}},
        {"$sort": {"p": -1}},
        {"$limit": 3},
        {"$skip": 1},
        {"$set": {"z": 1}},
    ]


def test_a_limit_of_zero_is_no_limit() -> None:
    wares(1, 2)

    assert sorted(names(Ware.objects.limit(0))) == ["w1", "w2"]
    assert names(Ware.objects.order_by("price").skip(1).limit(0)) == ["w2"]


def test_the_default_order_is_not_put_into_a_pipeline(commands: CommandLog) -> None:
    Ranked.objects.aggregate([]).to_list()

    assert commands.only("aggregate")["pipeline"] == []


def test_a_class_sees_its_own_documents_in_a_pipeline() -> None:
    Animal(name="cat").save()
    Dog(name="rex").save()

    assert names(Dog.objects) == ["rex"]
    assert sorted(names(Animal.objects)) == ["cat", "rex"]


def test_stages_that_must_come_first_come_first(commands: CommandLog) -> None:
    Place.ensure_indexes()
    Place(name="near", location=[0, 0]).save()
    Place(name="far", location=[50, 50]).save()
    near = {
        "$geoNear": {
            "near": {"type": "Point", "coordinates": [1, 1]},
            "distanceField": "distance",
            "spherical": True,
        }
    }
    commands.clear()

    found = [raw["name"] for raw in Place.objects(name="near").aggregate([near])]
    count = {"$collStats": {"count": {}}}
    (stats,) = [raw for raw in Place.objects.limit(5).aggregate([count])]

    assert found == ["near"]
    assert stats["count"] == 2
    assert [list(command["pipeline"][0]) for command in commands.of("aggregate")] == [
        ["$geoNear"],
        ["$collStats"],
    ]


def test_a_queryset_of_nothing_gives_an_empty_pipeline() -> None:
    wares(1)

    assert names(Ware.objects.none()) == []
    assert names(Ware.objects[1:1]) == []
    assert names(Ware.objects.none(), {"$set": {"n": "made"}}) == []


def test_options_of_the_queryset_are_defaults_for_a_pipeline(commands: CommandLog) -> None:
    queryset = Ware.objects.hint("_id_").collation({"locale": "en"}).comment("mine")
    queryset = queryset.allow_disk_use(True).batch_size(7).max_time_ms(5000)

    queryset.aggregate([])
    queryset.aggregate([], comment="yours", maxTimeMS=6000, allowDiskUse=False)

    first, second = commands.of("aggregate")
    assert (first["hint"], first["comment"], first["maxTimeMS"]) == ("_id_", "mine", 5000)
    assert first["collation"]["locale"] == "en"
    assert (first["allowDiskUse"], first["cursor"]) == (True, {"batchSize": 7})
    assert (second["comment"], second["maxTimeMS"]) == ("yours", 6000)
    assert second["allowDiskUse"] is False


def test_concern_and_preference_of_reads_count_in_a_pipeline(commands: CommandLog) -> None:
    Ware.objects.read_concern({"level": "majority"}).aggregate([])

    assert commands.only("aggregate")["readConcern"] == {"level": "majority"}


def test_what_is_no_pipeline_is_refused_at_once() -> None:
    with pytest.raises(
        TypeError,
        match=r"^Starting from 1.0 release pipeline must be a list/tuple, "
        r"received: <class 'dict'>$",
    ):
        Ware.objects.aggregate({"$match": {}})
    with pytest.raises(TypeError):
        Ware.objects.aggregate([], [])


def test_a_javascript_condition_is_refused_rather_than_forgotten() -> None:
    wares(1, 2)
    queryset = Ware.objects.where("this[~price] == 1")

    with pytest.raises(OperationError, match=r"aggregate\(\) cannot honour where\(\) on Ware"):
        queryset.aggregate([])
    with pytest.raises(OperationError, match=r"sum\(\) cannot honour where\(\) on Ware"):
        queryset.sum("price")
    with pytest.raises(OperationError, match=r"average\(\) cannot honour where\(\) on Ware"):
        queryset.average("price")


def test_a_cursor_of_a_pipeline_fetches_batch_by_batch(commands: CommandLog) -> None:
    Many.objects.insert([Many(n=n) for n in range(30)], load_bulk=False)
    commands.clear()

    cursor = Many.objects.batch_size(10).aggregate([])
    assert commands.names == ["aggregate"]

    assert len(cursor.to_list()) == 30
    assert commands.names.count("getMore") in (2, 3)


# Sums and averages


def test_a_field_is_summed_and_averaged() -> None:
    wares(1, 2, 6)

    assert Ware.objects.sum("price") == 9
    assert Ware.objects.average("price") == 3
    assert Ware.objects(price__gt=1).sum("price") == 8
    assert Ware.objects.order_by("price")[1:2].sum("price") == 9


def test_missing_values_count_for_nothing() -> None:
    wares(4)
    Ware(name="none").save()

    assert Ware.objects.sum("price") == 4
    assert Ware.objects.average("price") == 4
    assert Ware.objects.average("name") is None
    assert Ware.objects.sum("name") == 0


def test_without_documents_sum_and_average_are_zero(commands: CommandLog) -> None:
    assert Ware.objects.sum("price") == 0
    assert Ware.objects.average("price") == 0
    commands.clear()

    wares(1)
    assert Ware.objects.none().sum("price") == 0
    assert Ware.objects[:0].average("price") == 0
    assert "aggregate" not in commands.names


def test_values_in_lists_are_summed_under_their_stored_names() -> None:
    Ware(ratings=[1, 2], parts=[Dimensions(width=5), Dimensions(width=6)]).save()
    Ware(ratings=[3], size=Dimensions(width=10), parts=[Dimensions(width=1)]).save()
    Ware(ratings=[]).save()

    assert Ware.objects.sum("ratings") == 6
    assert Ware.objects.average("ratings") == 2
    assert Ware.objects.sum("parts.width") == 12
    assert Ware.objects.average("parts__width") == 4
    assert Ware.objects.sum("size.width") == 10


def test_a_sum_of_what_is_no_field_is_refused() -> None:
    with pytest.raises(LookUpError, match=r'^Cannot resolve field "weight"$'):
        Ware.objects.sum("weight")


def test_a_sum_takes_the_options_of_the_queryset(commands: CommandLog) -> None:
    Ware.objects.comment("mine").hint("_id_").max_time_ms(5000).sum("price")

    command = commands.only("aggregate")
    assert (command["comment"], command["hint"], command["maxTimeMS"]) == ("mine", "_id_", 5000)
