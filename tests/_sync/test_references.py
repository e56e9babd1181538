# Generated from tests/_async/test_references.py; do not edit.
# To write it again: python tools/generate_sync.py
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


def user(name: str, **values: Any) -> RefUser:
    saved: RefUser = RefUser(name=name, **values).save()
    return saved


def reloaded(document: Any) -> Any:
    return type(document).objects.get(pk=document.pk)


def test_a_reference_is_stored_as_the_key_or_as_a_dbref(database: Any) -> None:
    ada = user("Ada")

    RefPost(author=ada, by_dbref=ada).save()

    raw = database["ref_post"].find_one()
    assert raw["a"] == ada.id
    assert raw["by_dbref"] == DBRef("ref_user", ada.id)


def test_a_reference_is_loaded_once_and_kept(commands: CommandLog) -> None:
    ada = user("Ada")
    post = reloaded(RefPost(author=ada, by_dbref=ada).save())
    commands.clear()

    author = RefPost.author.fetch(post)
    again = RefPost.author.fetch(post)
    other = RefPost.by_dbref.fetch(post)

    assert (author.name, again, other) == ("Ada", author, author)
    assert again is author
    assert post.author is author
    assert commands.names == ["find", "find"]
    assert post._get_changed_fields() == []


def test_a_reference_that_is_not_set_loads_nothing(commands: CommandLog) -> None:
    post = RefPost(title="none").save()
    commands.clear()

    assert RefPost.author.fetch(post) is None
    assert post.author is None
    assert commands.names == []


def test_a_dangling_reference_names_owner_field_and_key() -> None:
    ada = user("Ada")
    post = reloaded(RefPost(author=ada, about=ada, anything=ada).save())
    ada.delete()

    for field in (RefPost.author, RefPost.about):
        with pytest.raises(DoesNotExist) as caught:
            field.fetch(post)
        assert str(caught.value) == (
            f"Trying to dereference unknown document DBRef('ref_user', {ada.id!r}), "
            f"which RefPost.{field.name} refers to"
        )


def test_a_document_of_a_hierarchy_is_loaded_as_what_it_is() -> None:
    dog = RefDog(name="Rex", trick="roll").save()
    room = reloaded(RefRoom(animal=dog).save())

    animal = RefRoom.animal.fetch(room)

    assert type(animal) is RefDog
    assert animal.trick == "roll"
    assert isinstance(animal, RefAnimal)


def test_a_reference_to_an_abstract_class_names_the_concrete_one(database: Any) -> None:
    chair = RefChair(name="Oak").save()
    table = RefTable(name="Elm").save()
    rooms = [RefRoom(thing=thing).save() for thing in (chair, table)]

    raw = database["ref_room"].find_one({"_id": rooms[0].id})
    assert raw["thing"] == DBRef("ref_chair", chair.id, cls="RefChair")
    for room, thing in zip(rooms, (chair, table), strict=True):
        found = RefRoom.thing.fetch(reloaded(room))
        assert (type(found), found.name) == (type(thing), thing.name)
        (again,) = RefRoom.objects(pk=room.pk).select_related()
        assert again._data["thing"] == thing
        assert type(again._data["thing"]) is type(thing)


def test_a_reference_can_be_queried_by_document_key_and_reference() -> None:
    ada, ida = user("Ada"), user("Ida")
    post = RefPost(author=ada, by_dbref=ada).save()
    RefPost(author=ida, by_dbref=ida).save()

    for value in (ada, ada.id, str(ada.id), ada.to_dbref()):
        assert RefPost.objects(author=value).get() == post
    for value in (ada, ada.to_dbref()):
        assert RefPost.objects(by_dbref=value).get() == post
    assert RefPost.objects(author__in=[ada, ida]).count() == 2


def test_saving_a_loaded_document_sends_no_query(commands: CommandLog) -> None:
    ada = user("Ada")
    tag = RefTag(name="red").save()
    post = RefPost(author=ada, tags=[tag], comments=[RefComment(user=ada)]).save()
    found = reloaded(post)
    commands.clear()

    found.title = "new"
    found.save()

    assert commands.names == ["update"]
    assert commands.only("update")["updates"][0]["u"] == {"$set": {"title": "new"}}


def test_reloading_loads_references_but_leaves_dangling_ones() -> None:
    ada, ida = user("Ada"), user("Ida")
    post = RefPost(author=ada, tags=[RefTag(name="red").save()]).save()
    stale = reloaded(post)
    post.author = ida
    post.save()

    stale.reload()
    assert stale.author.name == "Ida"
    assert [tag.name for tag in stale.tags] == ["red"]

    ida.delete()
    stale.reload()
    assert stale._data["author"] == DBRef("ref_user", ida.id)
    assert stale.title is None


def test_reloading_can_leave_references_alone(commands: CommandLog) -> None:
    post = RefPost(author=user("Ada")).save()
    found = reloaded(post)
    commands.clear()

    found.reload(max_depth=0)

    assert commands.names == ["find"]
    assert type(found._data["author"]) is DBRef


def test_references_in_dynamic_attributes_are_loaded_with_the_document() -> None:
    ada = user("Ada")
    sketch = RefSketch(model=ada, models=[ada], by_name={"a": ada}).save()

    found = reloaded(sketch).select_related()

    assert (found.model, found.models, found.by_name) == (ada, [ada], {"a": ada})
    assert found._get_changed_fields() == []


def test_a_reference_to_a_class_that_is_gone_says_so(database: Any) -> None:
    gone = {"_cls": "NoSuchRefClass", "_ref": DBRef("gone", ObjectId())}
    database["ref_post"].insert_one({"about": gone, "mentions": [gone]})
    post = RefPost.objects.get()

    with pytest.raises(NotRegistered, match="NoSuchRefClass"):
        RefPost.about.fetch(post)
    with pytest.raises(NotRegistered, match="NoSuchRefClass"):
        post.select_related()


def test_dereferencing_by_hand_needs_no_more_than_the_class() -> None:
    assert DeReference()(None) is None
    assert DeReference()("text") == "text"
    assert DeReference()([]) == []
    assert DeReference()({"a": 1}) == {"a": 1}
