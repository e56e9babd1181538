# Generated from tests/_async/test_generic_references.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Generic references, alone and among plain data."""

from __future__ import annotations

from typing import Any

from bson import DBRef, ObjectId

from tests.commands import CommandLog
from tests.reference_models import RefDog, RefPost, RefTag, RefUser


def test_a_generic_reference_is_stored_with_its_class(database: Any) -> None:
    ada = RefUser(name="Ada").save()
    RefPost(about=ada).save()

    raw = database["ref_post"].find_one()
    assert raw["about"] == {"_cls": "RefUser", "_ref": DBRef("ref_user", ada.id)}


def test_generic_references_are_loaded_by_one_query_per_class(commands: CommandLog) -> None:
    things: list[Any] = []
    for number in range(3):
        things.append(RefUser(name=f"user {number}").save())
        things.append(RefTag(name=f"tag {number}").save())
        things.append(RefDog(name=f"dog {number}").save())
    RefPost(mentions=things, about=things[0]).save()
    post = RefPost.objects.get()
    commands.clear()

    post.select_related()

    assert commands.names == ["find", "find", "find"]
    assert post.mentions == things
    assert [type(thing) for thing in post.mentions] == [type(thing) for thing in things]
    assert post.about is post.mentions[0]


def test_untyped_lists_and_dicts_load_what_they_refer_to(commands: CommandLog) -> None:
    ada = RefUser(name="Ada").save()
    tag = RefTag(name="red").save()
    post = RefPost(items=[ada, 1, {"deep": [tag]}], notes={"who": ada.to_dbref(), "n": 1})
    post.save()
    found = RefPost.objects.get()
    commands.clear()

    found.select_related()

    assert commands.names == ["find", "find"]
    assert found.items == [ada, 1, {"deep": [tag]}]
    assert found.notes == {"who": ada, "n": 1}
    assert found._get_changed_fields() == []


def test_a_reference_to_an_unknown_collection_stays(commands: CommandLog) -> None:
    elsewhere = DBRef("of_another_program", ObjectId())
    RefPost(notes={"elsewhere": elsewhere}).save()
    found = RefPost.objects.get()
    commands.clear()

    found.select_related()

    assert found.notes == {"elsewhere": elsewhere}
    assert commands.names == []


def test_missing_documents_stay_references(database: Any) -> None:
    ada, ida = RefUser(name="Ada").save(), RefUser(name="Ida").save()
    RefPost(mentions=[ada, ida], items=[ida]).save()
    ida.delete()

    (post,) = RefPost.objects.select_related()

    stored = {"_cls": "RefUser", "_ref": DBRef("ref_user", ida.id)}
    assert post._data["mentions"] == [ada, stored]
    assert post._data["items"] == [stored]
    before = database["ref_post"].find_one()
    post._mark_as_changed("mentions")
    post._mark_as_changed("items")
    post.save()
    assert database["ref_post"].find_one() == before


def test_generic_references_can_be_queried_by_document() -> None:
    ada, tag = RefUser(name="Ada").save(), RefTag(name="red").save()
    post = RefPost(about=ada, mentions=[tag]).save()
    RefPost(about=tag).save()

    assert RefPost.objects(about=ada).get() == post
    assert RefPost.objects(mentions=tag).get() == post
    assert RefPost.objects(about__in=[ada]).get() == post
