"""Sync and async calls side by side, on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from bson import ObjectId
from pymongo import AsyncMongoClient, MongoClient

from mongoengine.base.datastructures import LazyReference
from mongoengine.connection import (
    ConnectionType,
    connect,
    connect_async,
    disconnect,
    disconnect_async,
    get_async_connection,
    get_async_db,
    get_connection,
    get_connection_type,
    get_db,
    register_connection,
)
from mongoengine.document import Document
from mongoengine.mongodb_support import async_get_mongodb_version, get_mongodb_version
from mongoengine.pymongo_support import (
    async_count_documents,
    async_list_collection_names,
    count_documents,
    list_collection_names,
)
from mongoengine.state.registry import colours

ALIAS = "wrong_colour"


@pytest.fixture
def settings(mongodb_uri: str) -> dict[str, Any]:
    return {
        "db": "wrong_colour_tests",
        "alias": ALIAS,
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        # A name of its own keeps these clients apart from those of other tests.
        "appname": "wrong colour tests",
    }


@pytest_asyncio.fixture(autouse=True)
async def closed_afterwards() -> AsyncIterator[None]:
    yield
    if ConnectionType.ASYNC in colours(ALIAS):
        await disconnect_async(ALIAS)
    disconnect(ALIAS)


async def test_an_alias_of_both_colours_serves_both_kinds_of_calls(
    settings: dict[str, Any],
) -> None:
    await connect_async(**settings)
    connect(**settings)

    await get_async_db(ALIAS)["notes"].insert_one({"_id": 1})
    database = get_db(ALIAS)

    assert database["notes"].find_one() == {"_id": 1}
    assert isinstance(get_connection(ALIAS), MongoClient)
    assert isinstance(get_async_connection(ALIAS), AsyncMongoClient)
    get_connection(ALIAS).drop_database("wrong_colour_tests")


async def test_get_connection_and_get_db_answer_async_on_an_async_alias(
    settings: dict[str, Any],
) -> None:
    client = await connect_async(**settings)

    assert get_connection(ALIAS) is client
    assert (await get_db(ALIAS).command("ping"))["ok"] == 1


def test_async_getters_refuse_a_sync_alias(settings: dict[str, Any]) -> None:
    connect(**settings)

    with pytest.raises(RuntimeError, match=r"^Use get_connection\(\) with sync connection: \"wro"):
        get_async_connection(ALIAS)
    with pytest.raises(RuntimeError, match=r"^Use get_db\(\) with sync connection: \"wrong_col"):
        get_async_db(ALIAS)
    assert get_connection_type(ALIAS) is ConnectionType.SYNC


async def test_disconnecting_refuses_the_other_colour(settings: dict[str, Any]) -> None:
    client = await connect_async(**settings)

    with pytest.raises(RuntimeError, match=r"^Use disconnect_async\(\) with async connection:"):
        disconnect(ALIAS)
    assert (await client.admin.command("ping"))["ok"] == 1


async def test_the_servers_version_is_asked_in_the_colour_of_the_default_connection(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Other tests of this process may have the default alias open.
    monkeypatch.setattr("mongoengine.connection._connections", {})
    monkeypatch.setattr("mongoengine.connection._dbs", {})
    monkeypatch.setattr("mongoengine.connection._connection_settings", {})
    settings["alias"] = "default"
    await connect_async(**settings)

    version = await async_get_mongodb_version()
    with pytest.raises(RuntimeError, match=r"^Use async_get_mongodb_version\(\) with async conn"):
        get_mongodb_version()
    connect(**settings)

    assert get_mongodb_version() == version
    await disconnect_async()
    disconnect()


async def test_a_registered_alias_takes_the_colour_of_its_first_use(
    settings: dict[str, Any],
) -> None:
    register_connection(**settings)

    assert isinstance(get_connection(ALIAS), MongoClient)
    with pytest.raises(RuntimeError, match=r"was opened by its first use, get_connection\(\), so"):
        get_async_connection(ALIAS)


class ColouredUser(Document):
    meta = {"db_alias": ALIAS}


async def test_a_lazy_reference_names_the_call_that_was_made(settings: dict[str, Any]) -> None:
    lazy = LazyReference(ColouredUser, ObjectId())

    await connect_async(**settings)
    with pytest.raises(
        RuntimeError, match=r"^Use async_fetch\(\) with async .* so fetch\(\) cannot"
    ):
        lazy.fetch()
    await disconnect_async(ALIAS)

    connect(**settings)
    with pytest.raises(
        RuntimeError, match=r"^Use fetch\(\) with sync .* so async_fetch\(\) cannot"
    ):
        await lazy.async_fetch()


async def test_small_commands_name_the_call_of_the_other_colour(settings: dict[str, Any]) -> None:
    await connect_async(**settings)
    database = get_db(ALIAS)
    await database["notes"].insert_one({"_id": 1})

    with pytest.raises(
        RuntimeError, match=r"^Use async_list_collection_names\(\) with async connection: 'wrong_co"
    ):
        list_collection_names(database)
    with pytest.raises(RuntimeError, match=r"^Use async_count_documents\(\) with async .*'notes'"):
        count_documents(database["notes"], {})
    assert await async_list_collection_names(database) == ["notes"]
    assert await async_count_documents(database["notes"], {"_id": 1}) == 1
    await disconnect_async(ALIAS)

    connect(**settings)
    database = get_db(ALIAS)
    with pytest.raises(
        RuntimeError, match=r"^Use list_collection_names\(\) with sync connection: 'wrong_colour"
    ):
        await async_list_collection_names(database)
    with pytest.raises(RuntimeError, match=r"^Use count_documents\(\) with sync .*'notes'"):
        await async_count_documents(database["notes"], {})
    assert list_collection_names(database) == ["notes"]
    assert count_documents(database["notes"], {"_id": 1}) == 1
    get_connection(ALIAS).drop_database("wrong_colour_tests")


CLASS_VERBS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "ensure_indexes": ("async_ensure_indexes", ()),
    "create_index": ("async_create_index", ("id",)),
    "compare_indexes": ("async_compare_indexes", ()),
    "drop_collection": ("async_drop_collection", ()),
    "_get_collection": ("_async_get_collection", ()),
    "_get_db": ("_async_get_db", ()),
}


@pytest.mark.parametrize("name", CLASS_VERBS)
async def test_a_verb_of_a_class_names_itself_and_the_call_of_the_other_colour(
    name: str, settings: dict[str, Any]
) -> None:
    other, arguments = CLASS_VERBS[name]
    await connect_async(**settings)

    with pytest.raises(
        RuntimeError, match=rf"^Use {other}\(\) with async .* so {name}\(\) cannot run"
    ):
        getattr(ColouredUser, name)(*arguments)
    await disconnect_async(ALIAS)

    connect(**settings)
    with pytest.raises(
        RuntimeError, match=rf"^Use {name}\(\) with sync .* so {other}\(\) cannot run"
    ):
        await getattr(ColouredUser, other)(*arguments)


async def test_loading_with_references_names_itself(settings: dict[str, Any]) -> None:
    await connect_async(**settings)

    with pytest.raises(
        RuntimeError, match=r"^Use async_select_related\(\) .* so select_related\(\) cannot run"
    ):
        ColouredUser.objects.select_related()
