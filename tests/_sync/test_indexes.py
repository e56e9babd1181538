# Generated from tests/_async/test_indexes.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Collections and their indexes: when they are made, and which."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
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


@pytest.fixture(autouse=True)
def no_collections() -> Iterator[None]:
    """Begin and end without collections."""
    for cls in CLASSES:
        cls.drop_collection()
    yield
    for cls in CLASSES:
        cls.drop_collection()


def index_keys(database: Any, collection: str) -> dict[str, list[tuple[str, Any]]]:
    found = database[collection].index_information()
    return {name: list(info["key"]) for name, info in found.items()}


# Indexes


def test_the_first_use_of_a_class_makes_its_indexes(database: Any) -> None:
    Indexed.objects.first()

    assert index_keys(database, "indexed") == {
        "_id_": [("_id", 1)],
        "name_1": [("name", 1)],
        "age_-1": [("age", -1)],
        "name_1_age_-1": [("name", 1), ("age", -1)],
        "by_town": [("t", 1)],
        "code_1": [("code", 1)],
    }
    options = database["indexed"].index_information()
    assert options["by_town"]["sparse"] is True
    assert (options["code_1"]["unique"], options["code_1"]["sparse"]) == (True, True)


@pytest.mark.parametrize("first_use", ["save", "count", "update", "delete", "insert", "iterate"])
def test_every_verb_makes_the_indexes_before_it_runs(
    database: Any, commands: CommandLog, first_use: str
) -> None:
    commands.clear()

    match first_use:
        case "save":
            Indexed(name="a").save()
        case "count":
            Indexed.objects.count()
        case "update":
            Indexed.objects.update(set__name="a")
        case "delete":
            Indexed.objects.delete()
        case "insert":
            Indexed.objects.insert(Indexed(name="a"))
        case "iterate":
            assert [document for document in Indexed.objects] == []

    assert commands.names[:5] == ["createIndexes"] * 5
    assert len(index_keys(database, "indexed")) == 6


def test_indexes_are_made_once(commands: CommandLog) -> None:
    Indexed.objects.first()
    commands.clear()

    Indexed(name="a").save()
    Indexed.objects.count()

    assert "createIndexes" not in commands.names


def test_building_a_queryset_makes_nothing(commands: CommandLog) -> None:
    commands.clear()

    Indexed.objects(name="a").order_by("age").only("name").limit(3)
    Indexed(name="a").validate()

    assert commands.names == []


def test_a_dropped_collection_is_prepared_again(database: Any) -> None:
    Indexed(name="a").save()

    Indexed.drop_collection()
    assert "indexed" not in database.list_collection_names()

    Indexed(name="b").save()
    assert len(index_keys(database, "indexed")) == 6
    assert database["indexed"].count_documents({}) == 1


def test_a_class_may_leave_its_indexes_to_others(database: Any) -> None:
    Unindexed(name="a").save()
    assert set(index_keys(database, "unindexed")) == {"_id_"}

    Unindexed.ensure_indexes()
    assert set(index_keys(database, "unindexed")) == {"_id_", "name_1"}


def test_a_class_may_have_every_save_make_sure_of_its_indexes(database: Any) -> None:
    IndexedOnSave(name="a").save()
    database["indexed_on_save"].drop_index("name_1")

    IndexedOnSave(name="b").save()

    assert set(index_keys(database, "indexed_on_save")) == {"_id_", "name_1"}


def test_a_unique_index_that_cannot_be_built_is_reported_as_it_is(database: Any) -> None:
    database["indexed"].insert_many([{"code": "a"}, {"code": "a"}])

    with pytest.raises(OperationFailure, match="E11000"):
        Indexed.objects.first()
    database["indexed"].delete_many({})

    assert Indexed.objects.first() is None
    assert len(index_keys(database, "indexed")) == 6


def test_a_unique_index_does_its_work() -> None:
    Indexed(name="a", code="x").save()
    Indexed(name="b").save()
    Indexed(name="c").save()

    with pytest.raises(NotUniqueError):
        Indexed(name="d", code="x").save()


def test_the_indexes_of_a_hierarchy_begin_with_the_class(database: Any) -> None:
    IndexedFamily(name="a").save()
    IndexedChild(name="b", age=3).save()

    assert sorted(index_keys(database, "indexed_family").values()) == [
        [("_cls", 1), ("age", 1)],
        [("_cls", 1), ("name", 1)],
        [("_id", 1)],
    ]


def test_one_index_can_be_made_by_hand(database: Any) -> None:
    name = Unindexed.create_index("-name", sparse=True)

    assert name == "name_-1"
    found = database["unindexed"].index_information()
    assert found["name_-1"]["key"] == [("name", -1)]
    assert found["name_-1"]["sparse"] is True

    child = IndexedChild.create_index(["age", "-name"])
    assert index_keys(database, "indexed_family")[child] == [
        ("_cls", 1),
        ("age", 1),
        ("name", -1),
    ]


def test_the_indexes_a_collection_should_have_are_listed() -> None:
    assert Indexed.list_indexes() == [
        [("name", 1)],
        [("age", -1)],
        [("name", 1), ("age", -1)],
        [("t", 1)],
        [("code", 1)],
        [("_id", 1)],
    ]
    family = IndexedFamily.list_indexes()
    assert sorted(family) == sorted(IndexedChild.list_indexes())
    assert sorted(family) == [
        [("_cls", 1)],
        [("_cls", 1), ("age", 1)],
        [("_cls", 1), ("name", 1)],
        [("_id", 1)],
    ]
    assert Template.list_indexes() == []


def test_the_indexes_there_are_can_be_compared_with_those_there_should_be(
    database: Any,
) -> None:
    assert Indexed.compare_indexes() == {"missing": [], "extra": []}

    database["indexed"].drop_index("age_-1")
    database["indexed"].create_index([("other", 1)])

    assert Indexed.compare_indexes() == {
        "missing": [[("age", -1)]],
        "extra": [[("other", 1)]],
    }


def test_classes_that_share_a_collection_have_no_extra_indexes() -> None:
    IndexedFamily.objects.first()
    IndexedChild.objects.first()

    assert IndexedFamily.compare_indexes() == {"missing": [], "extra": []}
    assert IndexedChild.compare_indexes() == {"missing": [], "extra": []}


def test_indexes_wait_until_the_transaction_is_over(
    connection: Any, database: Any, commands: CommandLog
) -> None:
    database.create_collection("indexed")
    commands.clear()
    with connection.start_session() as session:
        session.start_transaction()
        _set_session(session)
        try:
            Indexed(name="a").save()
        finally:
            _clear_session()
        session.commit_transaction()
    assert "createIndexes" not in commands.names
    assert database["indexed"].count_documents({"name": "a"}) == 1

    Indexed.objects.first()

    assert len(index_keys(database, "indexed")) == 6


# Collections


def test_a_capped_collection_is_made_with_its_sizes(database: Any) -> None:
    for line in "abcd":
        CappedLog(line=line).save()

    assert [log.line for log in CappedLog.objects] == ["b", "c", "d"]
    options = database["capped_log"].options()
    assert (options["capped"], options["max"], options["size"]) == (True, 3, 5120)


def test_a_capped_collection_has_room_for_ten_megabytes_by_default(database: Any) -> None:
    DefaultCappedLog(line="a").save()

    options = database["default_capped_log"].options()
    assert (options["capped"], options["max"], options["size"]) == (True, 3, 10 * 2**20)


def test_a_capped_collection_of_another_size_is_refused() -> None:
    CappedLog(line="a").save()

    with pytest.raises(
        InvalidCollectionError,
        match=r'^Cannot create collection ".*" as a capped collection as it already exists$',
    ):
        WrongCappedLog(line="b").save()


def test_a_time_series_is_made_with_its_options_every_time(database: Any) -> None:
    for _ in range(2):
        Temperature(at=datetime(2026, 1, 1), place="here").save(force_insert=True)

        options = database["temperature"].options()
        assert options["expireAfterSeconds"] == 3600
        assert options["timeseries"]["timeField"] == "at"
        assert options["timeseries"]["metaField"] == "place"
        assert Temperature.objects.count() == 1
        Temperature.drop_collection()


def test_a_class_without_a_collection_has_none_to_drop() -> None:
    with pytest.raises(
        OperationError, match=r"^Document <class .*Template'> has no collection defined"
    ):
        Template.drop_collection()


def test_dropping_takes_documents_and_indexes_away(database: Any) -> None:
    Person(name="Ada").save()

    Person.drop_collection()
    Person.drop_collection()

    assert "person" not in database.list_collection_names()
    assert Person.objects.count() == 0


def test_the_collection_of_the_driver_is_the_one_of_the_class(database: Any) -> None:
    collection = Person._get_collection()

    assert collection.full_name == database["person"].full_name
    assert Person._get_db().name == database.name
