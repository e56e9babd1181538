"""Generic references, alone and among plain data."""

from __future__ import annotations

from typing import Any

from bson import DBRef, ObjectId

from tests.commands import CommandLog
from tests.reference_models import RefDog, RefPost, RefTag, RefUser


async def test_a_generic_reference_is_stored_with_its_class(database: Any) -> None:
    ada = await RefUser(name="Ada").async_save()
    await RefPost(about=ada).async_save()

    raw = await database["ref_post"].find_one()
    assert raw["about"] == {"_cls": "RefUser", "_ref": DBRef("ref_user", ada.id)}


async def test_generic_references_are_loaded_by_one_query_per_class(commands: CommandLog) -> None:
    things: list[Any] = []
    for number in range(3):
        things.append(await RefUser(name=f"user {number}").async_save())
        things.append(await RefTag(name=f"tag {number}").async_save())
        things.append(await RefDog(name=f"dog {number}").async_save())
    await RefPost(mentions=things, about=things[0]).async_save()
    post = await RefPost.objects.async_get()
    commands.clear()

    await post.async_select_related()

    assert commands.names == ["find", "find", "find"]
    assert post.mentions == things
    assert [type(thing) for thing in post.mentions] == [type(thing) for thing in things]
    assert post.about is post.mentions[0]


async def test_untyped_lists_and_dicts_load_what_they_refer_to(commands: CommandLog) -> None:
    ada = await RefUser(name="Ada").async_save()
    tag = await RefTag(name="red").async_save()
    post = RefPost(items=[ada, 1, {"deep": [tag]}], notes={"who": ada.to_dbref(), "n": 1})
    await post.async_save()
    found = await RefPost.objects.async_get()
    commands.clear()

    await found.async_select_related()

    assert commands.names == ["find", "find"]
    assert found.items == [ada, 1, {"deep": [tag]}]
    assert found.notes == {"who": ada, "n": 1}
    assert found._get_changed_fields() == []


async def test_a_reference_to_an_unknown_collection_stays(commands: CommandLog) -> None:
    elsewhere = DBRef("of_another_program", ObjectId())
    await RefPost(notes={"elsewhere": elsewhere}).async_save()
    found = await RefPost.objects.async_get()
    commands.clear()

    await found.async_select_related()

    assert found.notes == {"elsewhere": elsewhere}
    assert commands.names == []


async def test_missing_documents_stay_references(database: Any) -> None:
    ada, ida = await RefUser(name="Ada").async_save(), await RefUser(name="Ida").async_save()
    await RefPost(mentions=[ada, ida], items=[ida]).async_save()
    await ida.async_delete()

    (post,) = await RefPost.objects.async_select_related()

    stored = {"_cls": "RefUser", "_ref": DBRef("ref_user", ida.id)}
    assert post._data["mentions"] == [ada, stored]
    assert post._data["items"] == [stored]
    before = await database["ref_post"].find_one()
    post._mark_as_changed("mentions")
    post._mark_as_changed("items")
    await post.async_save()
    assert await database["ref_post"].find_one() == before


async def test_generic_references_can_be_queried_by_document() -> None:
    ada, tag = await RefUser(name="Ada").async_save(), await RefTag(name="red").async_save()
    post = await RefPost(about=ada, mentions=[tag]).async_save()
    await RefPost(about=tag).async_save()

    assert await RefPost.objects(about=ada).async_get() == post
    assert await RefPost.objects(mentions=tag).async_get() == post
    assert await RefPost.objects(about__in=[ada]).async_get() == post
