"""Collections and their indexes: when they are made, and which."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio
from pymongo.errors import OperationFailure

from mongoengine.connection import _clear_session, _set_session
from mongoengine.document import InvalidCollectionError
from mongoengine.errors import NotUniqueError, OperationError
from tests.commands import CommandLog
from tests.models import (
    CappedLog,
    DefaultCappedLog,
    Indexed,
    IndexedChild,
    IndexedFamily,
    IndexedOnSave,
    Person,
    Temperature,
    Template,
    Unindexed,
    WrongCappedLog,
)

CLASSES = (
    Indexed,
    Unindexed,
    IndexedOnSave,
    IndexedFamily,
    CappedLog,
    DefaultCappedLog,
    Temperature,
    Person,
)


@pytest_asyncio.fixture(autouse=True)
async def no_collections() -> AsyncIterator[None]:
    """Begin and end without collections."""
    for cls in CLASSES:
        await cls.async_drop_collection()
    yield
    for cls in CLASSES:
        await cls.async_drop_collection()


async def index_keys(database: Any, collection: str) -> dict[str, list[tuple[str, Any]]]:
    found = await database[collection].index_information()
    return {name: list(info["key"]) for name, info in found.items()}


# Indexes


async def test_the_first_use_of_a_class_makes_its_indexes(database: Any) -> None:
    await Indexed.objects.async_first()

    assert await index_keys(database, "indexed") == {
        "_id_": [("_id", 1)],
        "name_1": [("name", 1)],
        "age_-1": [("age", -1)],
        "name_1_age_-1": [("name", 1), ("age", -1)],
        "by_town": [("t", 1)],
        "code_1": [("code", 1)],
    }
    options = await database["indexed"].index_information()
    assert options["by_town"]["sparse"] is True
    assert (options["code_1"]["unique"], options["code_1"]["sparse"]) == (True, True)


@pytest.mark.parametrize("first_use", ["save", "count", "update", "delete", "insert", "iterate"])
async def test_every_verb_makes_the_indexes_before_it_runs(
    database: Any, commands: CommandLog, first_use: str
) -> None:
    commands.clear()

    match first_use:
        case "save":
            await Indexed(name="a").async_save()
        case "count":
            await Indexed.objects.async_count()
        case "update":
            await Indexed.objects.async_update(set__name="a")
        case "delete":
            await Indexed.objects.async_delete()
        case "insert":
            await Indexed.objects.async_insert(Indexed(name="a"))
        case "iterate":
            assert [document async for document in Indexed.objects] == []

    assert commands.names[:5] == ["createIndexes"] * 5
    assert len(await index_keys(database, "indexed")) == 6


async def test_indexes_are_made_once(commands: CommandLog) -> None:
    await Indexed.objects.async_first()
    commands.clear()

    await Indexed(name="a").async_save()
    await Indexed.objects.async_count()

    assert "createIndexes" not in commands.names


async def test_building_a_queryset_makes_nothing(commands: CommandLog) -> None:
    commands.clear()

    Indexed.objects(name="a").order_by("age").only("name").limit(3)
    Indexed(name="a").validate()

    assert commands.names == []


async def test_a_dropped_collection_is_prepared_again(database: Any) -> None:
    await Indexed(name="a").async_save()

    await Indexed.async_drop_collection()
    assert "indexed" not in await database.list_collection_names()

    await Indexed(name="b").async_save()
    assert len(await index_keys(database, "indexed")) == 6
    assert await database["indexed"].count_documents({}) == 1


async def test_a_class_may_leave_its_indexes_to_others(database: Any) -> None:
    await Unindexed(name="a").async_save()
    assert set(await index_keys(database, "unindexed")) == {"_id_"}

    await Unindexed.async_ensure_indexes()
    assert set(await index_keys(database, "unindexed")) == {"_id_", "name_1"}


async def test_a_class_may_have_every_save_make_sure_of_its_indexes(database: Any) -> None:
    await IndexedOnSave(name="a").async_save()
    await database["indexed_on_save"].drop_index("name_1")

    await IndexedOnSave(name="b").async_save()

    assert set(await index_keys(database, "indexed_on_save")) == {"_id_", "name_1"}


async def test_a_unique_index_that_cannot_be_built_is_reported_as_it_is(database: Any) -> None:
    await database["indexed"].insert_many([{"code": "a"}, {"code": "a"}])

    with pytest.raises(OperationFailure, match="E11000"):
        await Indexed.objects.async_first()
    await database["indexed"].delete_many({})

    assert await Indexed.objects.async_first() is None
    assert len(await index_keys(database, "indexed")) == 6


async def test_a_unique_index_does_its_work() -> None:
    await Indexed(name="a", code="x").async_save()
    await Indexed(name="b").async_save()
    await Indexed(name="c").async_save()

    with pytest.raises(NotUniqueError):
        await Indexed(name="d", code="x").async_save()


async def test_the_indexes_of_a_hierarchy_begin_with_the_class(database: Any) -> None:
    await IndexedFamily(name="a").async_save()
    await IndexedChild(name="b", age=3).async_save()

    assert sorted((await index_keys(database, "indexed_family")).values()) == [
        [("_cls", 1), ("age", 1)],
        [("_cls", 1), ("name", 1)],
        [("_id", 1)],
    ]


async def test_one_index_can_be_made_by_hand(database: Any) -> None:
    name = await Unindexed.async_create_index("-name", sparse=True)

    assert name == "name_-1"
    found = await database["unindexed"].index_information()
    assert found["name_-1"]["key"] == [("name", -1)]
    assert found["name_-1"]["sparse"] is True

    child = await IndexedChild.async_create_index(["age", "-name"])
    assert (await index_keys(database, "indexed_family"))[child] == [
        ("_cls", 1),
        ("age", 1),
        ("name", -1),
    ]


async def test_the_indexes_a_collection_should_have_are_listed() -> None:
    assert await Indexed.async_list_indexes() == [
        [("name", 1)],
        [("age", -1)],
        [("name", 1), ("age", -1)],
        [("t", 1)],
        [("code", 1)],
        [("_id", 1)],
    ]
    family = await IndexedFamily.async_list_indexes()
    assert sorted(family) == sorted(await IndexedChild.async_list_indexes())
    assert sorted(family) == [
        [("_cls", 1)],
        [("_cls", 1), ("age", 1)],
        [("_cls", 1), ("name", 1)],
        [("_id", 1)],
    ]
    assert await Template.async_list_indexes() == []


async def test_the_indexes_there_are_can_be_compared_with_those_there_should_be(
    database: Any,
) -> None:
    assert await Indexed.async_compare_indexes() == {"missing": [], "extra": []}

    await database["indexed"].drop_index("age_-1")
    await database["indexed"].create_index([("other", 1)])

    assert await Indexed.async_compare_indexes() == {
        "missing": [[("age", -1)]],
        "extra": [[("other", 1)]],
    }


async def test_classes_that_share_a_collection_have_no_extra_indexes() -> None:
    await IndexedFamily.objects.async_first()
    await IndexedChild.objects.async_first()

    assert await IndexedFamily.async_compare_indexes() == {"missing": [], "extra": []}
    assert await IndexedChild.async_compare_indexes() == {"missing": [], "extra": []}


async def test_indexes_wait_until_the_transaction_is_over(
    connection: Any, database: Any, commands: CommandLog
) -> None:
    await database.create_collection("indexed")
    commands.clear()
    async with connection.start_session() as session:
        await session.start_transaction()
        _set_session(session)
        try:
            await Indexed(name="a").async_save()
        finally:
            _clear_session()
        await session.commit_transaction()
    assert "createIndexes" not in commands.names
    assert await database["indexed"].count_documents({"name": "a"}) == 1

    await Indexed.objects.async_first()

    assert len(await index_keys(database, "indexed")) == 6


# Collections


async def test_a_capped_collection_is_made_with_its_sizes(database: Any) -> None:
    for line in "abcd":
        await CappedLog(line=line).async_save()

    assert [log.line async for log in CappedLog.objects] == ["b", "c", "d"]
    options = await database["capped_log"].options()
    assert (options["capped"], options["max"], options["size"]) == (True, 3, 5120)


async def test_a_capped_collection_has_room_for_ten_megabytes_by_default(database: Any) -> None:
    await DefaultCappedLog(line="a").async_save()

    options = await database["default_capped_log"].options()
    assert (options["capped"], options["max"], options["size"]) == (True, 3, 10 * 2**20)


async def test_a_capped_collection_of_another_size_is_refused() -> None:
    await CappedLog(line="a").async_save()

    with pytest.raises(
        InvalidCollectionError,
        match=r'^Cannot create collection ".*" as a capped collection as it already exists$',
    ):
        await WrongCappedLog(line="b").async_save()


async def test_a_time_series_is_made_with_its_options_every_time(database: Any) -> None:
    for _ in range(2):
        await Temperature(at=datetime(2026, 1, 1), place="here").async_save(force_insert=True)

        options = await database["temperature"].options()
        assert options["expireAfterSeconds"] == 3600
        assert options["timeseries"]["timeField"] == "at"
        assert options["timeseries"]["metaField"] == "place"
        assert await Temperature.objects.async_count() == 1
        await Temperature.async_drop_collection()


async def test_a_class_without_a_collection_has_none_to_drop() -> None:
    with pytest.raises(
        OperationError, match=r"^Document <class .*Template'> has no collection defined"
    ):
        await Template.async_drop_collection()


async def test_dropping_takes_documents_and_indexes_away(database: Any) -> None:
    await Person(name="Ada").async_save()

    await Person.async_drop_collection()
    await Person.async_drop_collection()

    assert "person" not in await database.list_collection_names()
    assert await Person.objects.async_count() == 0


async def test_the_collection_of_the_driver_is_the_one_of_the_class(database: Any) -> None:
    collection = await Person._async_get_collection()

    assert collection.full_name == database["person"].full_name
    assert (await Person._async_get_db()).name == database.name
