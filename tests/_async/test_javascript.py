"""What the server computes by JavaScript: map/reduce, frequencies, conditions, counts of them."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio
from bson import ObjectId
from bson.code import Code
from pymongo.errors import OperationFailure

from mongoengine.context_managers import async_run_in_transaction
from mongoengine.document import MapReduceDocument
from mongoengine.errors import LookUpError, OperationError
from tests.commands import CommandLog
from tests.verb_models import Dimensions, Place, Ware

TAGS = "function() { this[~tags].forEach(function(tag) { emit(tag, 1); }); }"
ADD = "function(key, values) { return Array.sum(values); }"


@pytest_asyncio.fixture
async def wares() -> list[Ware]:
    return [
        await Ware(name="a", price=1, x=1, tags=["red", "big"]).async_save(),
        await Ware(name="b", price=2, x=1, tags=["red"]).async_save(),
        await Ware(name="c", price=3, tags=[]).async_save(),
    ]


async def reduced(queryset: Any, *args: Any, **kwargs: Any) -> list[tuple[Any, Any]]:
    return [
        (result.key, result.value) async for result in queryset.async_map_reduce(*args, **kwargs)
    ]


# Map/reduce


@pytest.mark.usefixtures("wares")
async def test_results_of_a_map_reduce_have_key_and_value() -> None:
    results = [result async for result in Ware.objects.async_map_reduce(TAGS, ADD, "inline")]

    assert all(type(result) is MapReduceDocument for result in results)
    assert {result.key: result.value for result in results} == {"red": 2, "big": 1}


@pytest.mark.usefixtures("wares")
async def test_a_map_reduce_sees_what_the_filter_finds() -> None:
    assert dict(await reduced(Ware.objects(price__gt=1), TAGS, ADD, "inline")) == {"red": 1}
    assert dict(await reduced(Ware.objects, TAGS, ADD, "inline", limit=1)) in (
        {"red": 1, "big": 1},
        {"red": 1},
        {},
    )


async def test_a_map_reduce_runs_when_it_is_asked_for_results(commands: CommandLog) -> None:
    results = Ware.objects.async_map_reduce(TAGS, ADD, {})
    assert commands.names == []

    with pytest.raises(OperationError, match=r"^actionData not specified for output$"):
        await anext(results)
    with pytest.raises(OperationError, match=r"^actionData not specified for output$"):
        await anext(Ware.objects.async_map_reduce(TAGS, ADD, 5))


@pytest.mark.usefixtures("wares")
async def test_functions_see_the_scope_and_values_are_finished(database: Any) -> None:
    results = await reduced(
        Ware.objects.comment("mine").max_time_ms(60_000),
        Code("function() { emit(this.n, this[~price] * factor * own); }", {"own": 10}),
        ADD,
        "inline",
        finalize_f="function(key, value) { return value + 1; }",
        scope={"factor": 2},
    )

    assert dict(results) == {"a": 21, "b": 41, "c": 61}


@pytest.mark.usefixtures("wares")
async def test_results_can_be_left_in_a_collection(database: Any) -> None:
    await database.kept.drop()

    assert dict(await reduced(Ware.objects, TAGS, ADD, "kept")) == {"red": 2, "big": 1}
    assert {raw["_id"]: raw["value"] async for raw in database.kept.find()} == {
        "red": 2,
        "big": 1,
    }
    assert dict(await reduced(Ware.objects, TAGS, ADD, {"reduce": "kept"})) == {
        "red": 4,
        "big": 2,
    }
    in_database = {"merge": "kept", "db": database.name}
    assert dict(await reduced(Ware.objects(name="b"), TAGS, ADD, in_database))["red"] == 1
    by_alias = {"replace": "kept", "db_alias": "default"}
    assert await reduced(Ware.objects(name="b"), TAGS, ADD, by_alias) == [("red", 1)]
    await database.kept.drop()


@pytest.mark.usefixtures("wares")
async def test_an_explicit_order_sorts_the_results(database: Any, commands: CommandLog) -> None:
    by_value = Ware.objects.order_by("-value")

    assert await reduced(by_value, TAGS, ADD, "inline") == [("red", 2), ("big", 1)]
    assert await reduced(Ware.objects.order_by("value"), TAGS, ADD, "kept") == [
        ("big", 1),
        ("red", 2),
    ]

    # What was made only to be sorted is gone.
    made = commands.of("mapReduce")[0]["out"]["replace"]
    assert made not in await database.list_collection_names()
    assert "kept" in await database.list_collection_names()
    await database.kept.drop()


@pytest.mark.usefixtures("wares")
async def test_sorted_results_that_are_not_all_read_leave_nothing_behind(database: Any) -> None:
    results = Ware.objects.order_by("value").async_map_reduce(TAGS, ADD, "inline")

    assert (await anext(results)).key == "big"
    await results.aclose()

    names = await database.list_collection_names()
    assert [name for name in names if name.startswith("tmp.")] == []


async def test_a_result_finds_the_document_of_its_key(wares: list[Ware]) -> None:
    by_key = "function() { emit(this._id, 1); }"
    by_text = "function() { emit(this._id.str, 1); }"
    for function in (by_key, by_text):
        async for result in Ware.objects(name="b").async_map_reduce(function, ADD, "inline"):
            found = await result.async_fetch()
            assert found == wares[1]
            assert await result.async_fetch() is found

    unknown = MapReduceDocument(Ware, None, ObjectId(), 1)
    assert await unknown.async_fetch() is None


@pytest.mark.usefixtures("wares")
async def test_a_map_reduce_of_nothing_has_no_results() -> None:
    assert await reduced(Ware.objects.none(), TAGS, ADD, "inline") == []


# Frequencies


@pytest.mark.usefixtures("wares")
async def test_the_values_of_a_field_are_counted() -> None:
    assert await Ware.objects.async_item_frequencies("name") == {"a": 1, "b": 1, "c": 1}
    assert await Ware.objects.async_item_frequencies("tags") == {"red": 2, "big": 1}
    assert await Ware.objects(name="b").async_item_frequencies("tags") == {"red": 1}
    assert await Ware.objects.async_item_frequencies("tags", normalize=True) == {
        "red": 2 / 3,
        "big": 1 / 3,
    }


@pytest.mark.usefixtures("wares")
async def test_a_missing_value_counts_as_none_and_whole_numbers_are_integers() -> None:
    found = await Ware.objects.async_item_frequencies("x")

    assert found == {1: 2, None: 1}
    assert {type(item) for item in found} == {int, type(None)}
    assert {type(count) for count in found.values()} == {int}


async def test_values_of_embedded_documents_are_counted_in_lists_too() -> None:
    await Ware(
        size=Dimensions(width=1), parts=[Dimensions(width=2), Dimensions(width=3)]
    ).async_save()
    await Ware(parts=[Dimensions(width=2)]).async_save()

    assert await Ware.objects.async_item_frequencies("size.width") == {1: 1, None: 1}
    assert await Ware.objects.async_item_frequencies("parts.width") == {2: 2, 3: 1}


@pytest.mark.usefixtures("wares")
async def test_frequencies_of_nothing_are_empty(commands: CommandLog) -> None:
    commands.clear()

    for by_map_reduce in (True, False):
        counts = await Ware.objects.none().async_item_frequencies("name", map_reduce=by_map_reduce)
        assert counts == {}

    assert commands.names == []
    assert await Ware.objects(name="z").async_item_frequencies("name", normalize=True) == {}


async def test_frequencies_of_what_is_no_field_are_refused() -> None:
    with pytest.raises(LookUpError, match=r'^Cannot resolve field "weight"$'):
        await Ware.objects.async_item_frequencies("weight")


# The server's shell


async def test_a_function_for_the_shell_gets_stored_names_and_the_filter(
    commands: CommandLog,
) -> None:
    # Servers since MongoDB 4.2 refuse the command, so what was sent is all there is to see.
    with pytest.raises(OperationFailure, match="eval"):
        await Ware.objects(price=1).async_exec_js(
            "function(f) { return [~size.width]; }", "price", much=5
        )
    with pytest.raises(OperationFailure, match="eval"):
        await Ware.objects.none().async_exec_js("function() {}")

    first, second = commands.of("eval")
    assert str(first["eval"]) == 'function(f) { return ["w"]; }'
    assert first["args"] == ["p"]
    assert first["eval"].scope == {
        "collection": "ware",
        "query": {"p": 1},
        "options": {"much": 5},
    }
    assert second["eval"].scope["query"] == {"_id": {"$in": []}}


async def test_frequencies_can_be_asked_of_the_shell(commands: CommandLog) -> None:
    with pytest.raises(OperationFailure, match="eval"):
        await Ware.objects.where("true").async_item_frequencies("size.width", map_reduce=False)

    command = commands.only("eval")
    assert command["args"] == [["d", "w"]]
    assert command["eval"].scope["query"] == {"$where": "true"}


# Conditions that only some commands take


@pytest.mark.usefixtures("wares")
async def test_a_javascript_condition_counts_in_every_verb_that_can_honour_it(
    database: Any,
) -> None:
    queryset = Ware.objects.where("this[~price] > 1")

    assert {ware.name for ware in await queryset.async_to_list()} == {"b", "c"}
    assert await queryset.async_count() == 2
    assert await queryset(price__lt=3).async_count() == 1
    assert await queryset.skip(1).limit(5).async_count(with_limit_and_skip=True) == 1
    assert await queryset.async_update(set__stock=1) == 2
    assert await queryset.async_update_one(set__stock=2) == 1
    assert await queryset.async_exists()
    assert await queryset.async_delete() == 2
    assert [raw["n"] async for raw in database.ware.find()] == ["a"]


@pytest.mark.usefixtures("wares")
async def test_a_javascript_condition_is_refused_where_it_would_be_forgotten() -> None:
    queryset = Ware.objects.where("this[~price] > 1")

    with pytest.raises(OperationError, match=r"map_reduce\(\) cannot honour where\(\) on Ware"):
        await anext(queryset.async_map_reduce(TAGS, ADD, "inline"))
    with pytest.raises(OperationError, match=r"item_frequencies\(\) cannot honour where\(\)"):
        await queryset.async_item_frequencies("tags")


@pytest.mark.usefixtures("wares")
async def test_a_count_by_command_takes_the_options(commands: CommandLog) -> None:
    queryset = Ware.objects.where("true").comment("mine").hint("_id_").max_time_ms(60_000)
    queryset = queryset.collation({"locale": "en"}).read_concern({"level": "majority"})
    commands.clear()

    assert await queryset.async_count() == 3

    command = commands.only("count")
    assert (command["comment"], command["hint"], command["maxTimeMS"]) == ("mine", "_id_", 60_000)
    assert command["collation"]["locale"] == "en"
    assert command["readConcern"] == {"level": "majority"}


async def test_documents_near_a_place_are_counted() -> None:
    await Place(name="here", location=[0, 0]).async_save()
    await Place(name="there", location=[40, 40]).async_save()
    near = Place.objects(location__near=[0, 0], location__max_distance=1000)

    assert await near.async_count() == 1
    assert await Place.objects(location__near=[0, 0]).async_count() == 2


@pytest.mark.usefixtures("wares")
async def test_a_count_that_a_transaction_refuses_says_so() -> None:
    async with async_run_in_transaction():
        assert await Ware.objects(price=1).async_count() == 1
        with pytest.raises(OperationError, match=r"count\(\) of Ware cannot run in a transaction"):
            await Ware.objects.where("true").async_count()
