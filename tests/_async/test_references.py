"""Reference fields: what is stored, what is loaded, and what is missing."""

from __future__ import annotations

from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine.dereference import DeReference
from mongoengine.errors import DoesNotExist, NotRegistered
from tests.commands import CommandLog
from tests.reference_models import (
    RefAnimal,
    RefChair,
    RefComment,
    RefDog,
    RefPost,
    RefRoom,
    RefSketch,
    RefTable,
    RefTag,
    RefUser,
)


async def user(name: str, **values: Any) -> RefUser:
    saved: RefUser = await RefUser(name=name, **values).async_save()
    return saved


async def reloaded(document: Any) -> Any:
    return await type(document).objects.async_get(pk=document.pk)


async def test_a_reference_is_stored_as_the_key_or_as_a_dbref(database: Any) -> None:
    ada = await user("Ada")

    await RefPost(author=ada, by_dbref=ada).async_save()

    raw = await database["ref_post"].find_one()
    assert raw["a"] == ada.id
    assert raw["by_dbref"] == DBRef("ref_user", ada.id)


async def test_a_reference_is_loaded_once_and_kept(commands: CommandLog) -> None:
    ada = await user("Ada")
    post = await reloaded(await RefPost(author=ada, by_dbref=ada).async_save())
    commands.clear()

    author = await RefPost.author.async_fetch(post)
    again = await RefPost.author.async_fetch(post)
    other = await RefPost.by_dbref.async_fetch(post)

    assert (author.name, again, other) == ("Ada", author, author)
    assert again is author
    assert post.author is author
    assert commands.names == ["find", "find"]
    assert post._get_changed_fields() == []


async def test_a_reference_that_is_not_set_loads_nothing(commands: CommandLog) -> None:
    post = await RefPost(title="none").async_save()
    commands.clear()

    assert await RefPost.author.async_fetch(post) is None
    assert post.author is None
    assert commands.names == []


async def test_a_dangling_reference_names_owner_field_and_key() -> None:
    ada = await user("Ada")
    post = await reloaded(await RefPost(author=ada, about=ada, anything=ada).async_save())
    await ada.async_delete()

    for field in (RefPost.author, RefPost.about):
        with pytest.raises(DoesNotExist) as caught:
            await field.async_fetch(post)
        assert str(caught.value) == (
            f"Trying to dereference unknown document DBRef('ref_user', {ada.id!r}), "
            f"which RefPost.{field.name} refers to"
        )


async def test_a_document_of_a_hierarchy_is_loaded_as_what_it_is() -> None:
    dog = await RefDog(name="Rex", trick="roll").async_save()
    room = await reloaded(await RefRoom(animal=dog).async_save())

    animal = await RefRoom.animal.async_fetch(room)

    assert type(animal) is RefDog
    assert animal.trick == "roll"
    assert isinstance(animal, RefAnimal)


async def test_a_reference_to_an_abstract_class_names_the_concrete_one(database: Any) -> None:
    chair = await RefChair(name="Oak").async_save()
    table = await RefTable(name="Elm").async_save()
    rooms = [await RefRoom(thing=thing).async_save() for thing in (chair, table)]

    raw = await database["ref_room"].find_one({"_id": rooms[0].id})
    assert raw["thing"] == DBRef("ref_chair", chair.id, cls="RefChair")
    for room, thing in zip(rooms, (chair, table), strict=True):
        found = await RefRoom.thing.async_fetch(await reloaded(room))
        assert (type(found), found.name) == (type(thing), thing.name)
        (again,) = await RefRoom.objects(pk=room.pk).async_select_related()
        assert again._data["thing"] == thing
        assert type(again._data["thing"]) is type(thing)


async def test_a_reference_can_be_queried_by_document_key_and_reference() -> None:
    ada, ida = await user("Ada"), await user("Ida")
    post = await RefPost(author=ada, by_dbref=ada).async_save()
    await RefPost(author=ida, by_dbref=ida).async_save()

    for value in (ada, ada.id, str(ada.id), ada.to_dbref()):
        assert await RefPost.objects(author=value).async_get() == post
    for value in (ada, ada.to_dbref()):
        assert await RefPost.objects(by_dbref=value).async_get() == post
    assert await RefPost.objects(author__in=[ada, ida]).async_count() == 2


async def test_saving_a_loaded_document_sends_no_query(commands: CommandLog) -> None:
    ada = await user("Ada")
    tag = await RefTag(name="red").async_save()
    post = await RefPost(author=ada, tags=[tag], comments=[RefComment(user=ada)]).async_save()
    found = await reloaded(post)
    commands.clear()

    found.title = "new"
    await found.async_save()

    assert commands.names == ["update"]
    assert commands.only("update")["updates"][0]["u"] == {"$set": {"title": "new"}}


async def test_reloading_loads_references_but_leaves_dangling_ones() -> None:
    ada, ida = await user("Ada"), await user("Ida")
    post = await RefPost(author=ada, tags=[await RefTag(name="red").async_save()]).async_save()
    stale = await reloaded(post)
    post.author = ida
    await post.async_save()

    await stale.async_reload()
    assert stale.author.name == "Ida"
    assert [tag.name for tag in stale.tags] == ["red"]

    await ida.async_delete()
    await stale.async_reload()
    assert stale._data["author"] == DBRef("ref_user", ida.id)
    assert stale.title is None


async def test_reloading_can_leave_references_alone(commands: CommandLog) -> None:
    post = await RefPost(author=await user("Ada")).async_save()
    found = await reloaded(post)
    commands.clear()

    await found.async_reload(max_depth=0)

    assert commands.names == ["find"]
    assert type(found._data["author"]) is DBRef


async def test_references_in_dynamic_attributes_are_loaded_with_the_document() -> None:
    ada = await user("Ada")
    sketch = await RefSketch(model=ada, models=[ada], by_name={"a": ada}).async_save()

    found = await (await reloaded(sketch)).async_select_related()

    assert (found.model, found.models, found.by_name) == (ada, [ada], {"a": ada})
    assert found._get_changed_fields() == []


async def test_a_reference_to_a_class_that_is_gone_says_so(database: Any) -> None:
    gone = {"_cls": "NoSuchRefClass", "_ref": DBRef("gone", ObjectId())}
    await database["ref_post"].insert_one({"about": gone, "mentions": [gone]})
    post = await RefPost.objects.async_get()

    with pytest.raises(NotRegistered, match="NoSuchRefClass"):
        await RefPost.about.async_fetch(post)
    with pytest.raises(NotRegistered, match="NoSuchRefClass"):
        await post.async_select_related()


async def test_dereferencing_by_hand_needs_no_more_than_the_class() -> None:
    assert DeReference()(None) is None
    assert DeReference()("text") == "text"
    assert DeReference()([]) == []
    assert DeReference()({"a": 1}) == {"a": 1}
