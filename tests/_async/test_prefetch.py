"""Prefetching references together with what a queryset finds."""

from __future__ import annotations

from typing import Any

import pytest
from bson import DBRef

from mongoengine.errors import InvalidQueryError, LookUpError
from mongoengine.queryset import QuerySet
from tests.commands import CommandLog
from tests.reference_models import (
    RefAnimal,
    RefComment,
    RefPost,
    RefRoom,
    RefSketch,
    RefTag,
    RefUser,
)


async def users(*names: str) -> list[RefUser]:
    return [await RefUser(name=name).async_save() for name in names]


def is_loaded(document: Any, name: str) -> bool:
    return isinstance(document._data[name], RefUser)


async def test_a_thousand_posts_with_authors_and_tags_take_three_queries(
    commands: CommandLog,
) -> None:
    authors = await RefUser.objects.async_insert([RefUser(name=f"u{n}") for n in range(50)])
    tags = await RefTag.objects.async_insert([RefTag(name=f"t{n}") for n in range(400)])
    await RefPost.objects.async_insert(
        [
            RefPost(
                title=str(number),
                author=authors[number % 50],
                tags=[tags[(number * 5 + more) % 400] for more in range(5)],
            )
            for number in range(1000)
        ],
        load_bulk=False,
    )
    commands.clear()

    posts = [post async for post in RefPost.objects.prefetch("author", "tags")]
    for post in posts:
        assert post.author.name == f"u{int(post.title) % 50}"
        first = int(post.title) * 5
        assert [tag.name for tag in post.tags] == [f"t{(first + n) % 400}" for n in range(5)]

    assert len(posts) == 1000
    assert commands.names == ["find", "find", "find"]
    assert len(commands.of("find")[1]["filter"]["_id"]["$in"]) in (50, 400)
    assert posts[0].author is posts[50].author


async def test_a_chain_of_calls_only_remembers_what_to_prefetch(commands: CommandLog) -> None:
    base = RefPost.objects(title="a")
    queryset = base.prefetch("author").filter(author__ne=None).prefetch("tags").order_by("title")

    assert isinstance(queryset, QuerySet)
    assert queryset is not base
    assert commands.names == []
    assert base._prefetched == ()
    assert queryset._prefetched == queryset.clone()._prefetched == ("author", "tags")


async def test_only_what_was_asked_for_is_loaded(commands: CommandLog) -> None:
    (ada,) = await users("Ada")
    await RefPost(author=ada, by_dbref=ada, tags=[await RefTag(name="t").async_save()]).async_save()
    commands.clear()

    post = await RefPost.objects.prefetch("author").async_first()

    assert commands.names == ["find", "find"]
    assert is_loaded(post, "author")
    assert type(post._data["by_dbref"]) is DBRef
    assert type(post._data["tags"][0]) is DBRef


async def test_paths_go_through_lists_dicts_and_embedded_documents(commands: CommandLog) -> None:
    ada, ida = await users("Ada", "Ida")
    ada.friend, ida.friends = ida, [ada]
    await ada.async_save()
    await ida.async_save()
    comments = [RefComment(user=ada, likers=[ida]), RefComment(user=ida)]
    await RefPost(
        comment=RefComment(user=ada), comments=comments, by_role={"a": ada}, nested=[[ida]]
    ).async_save()
    paths = ("comment.user.friend", "comments__user__friends", "comments.likers")
    commands.clear()

    queryset = RefPost.objects.prefetch(*paths, "by_role", "nested")
    post = await queryset.async_get()

    assert commands.names == ["find", "find"]
    data = post._data
    assert data["comment"]._data["user"]._data["friend"].name == "Ida"
    assert data["comments"][1]._data["user"]._data["friends"][0].name == "Ada"
    assert data["comments"][0]._data["likers"][0] is data["nested"][0][0]
    assert data["by_role"]["a"] is data["comment"]._data["user"]


async def test_a_path_to_embedded_documents_loads_all_they_refer_to(commands: CommandLog) -> None:
    (ada,) = await users("Ada")
    await RefPost(comments=[RefComment(user=ada, likers=[ada])], author=ada).async_save()
    commands.clear()

    post = await RefPost.objects.prefetch("comments").async_get()

    assert commands.names == ["find", "find"]
    (comment,) = post._data["comments"]
    assert comment._data["user"] is comment._data["likers"][0]
    assert not is_loaded(post, "author")


async def test_generic_references_are_loaded_and_followed(commands: CommandLog) -> None:
    ada, ida = await users("Ada", "Ida")
    ada.friend = ida
    await ada.async_save()
    red = await RefTag(name="red").async_save()
    await RefPost(about=ada, mentions=[red, ada], items=[ida], anything=red).async_save()
    commands.clear()

    queryset = RefPost.objects.prefetch("about.friend", "mentions", "items", "anything")
    post = await queryset.async_get()

    assert commands.names == ["find", "find", "find"]
    assert post._data["about"]._data["friend"].name == "Ida"
    assert [thing.name for thing in post._data["mentions"]] == ["red", "Ada"]
    assert post._data["items"][0] is post._data["about"]._data["friend"]
    assert post._data["anything"] is post._data["mentions"][0]


async def test_missing_documents_stay_references(commands: CommandLog) -> None:
    ada, ida = await users("Ada", "Ida")
    await RefPost(author=ida, tags=[], nested=[[ada, ida]]).async_save()
    await ida.async_delete()
    commands.clear()

    post = await RefPost.objects.prefetch("author.friend", "nested").async_get()

    assert commands.names == ["find", "find"]
    assert post._data["author"] == DBRef("ref_user", ida.id)
    assert post.nested == [[ada, DBRef("ref_user", ida.id)]]
    assert commands.names == ["find", "find"]


async def test_every_verb_that_gives_documents_prefetches() -> None:
    (ada,) = await users("Ada")
    post = await RefPost(title="a", author=ada).async_save()
    queryset = RefPost.objects.prefetch("author")

    found = [
        await queryset.async_first(),
        await queryset.async_get(title="a"),
        await queryset.async_with_id(post.id),
        (await queryset.async_in_bulk([post.id]))[post.id],
        (await queryset.async_to_list())[0],
        (await queryset.clone().no_cache().async_to_list())[0],
        *[each async for each in queryset.clone().no_cache()],
        await queryset.async_modify(set__title="b", new=True),
    ]

    assert [is_loaded(each, "author") for each in found] == [True] * 8


async def test_chosen_values_are_prefetched_too(commands: CommandLog) -> None:
    (ada,) = await users("Ada")
    await RefPost(title="a", author=ada).async_save()
    await RefPost(title="b", author=ada).async_save()
    commands.clear()

    authors = await RefPost.objects.prefetch("author").scalar("author").async_to_list()

    assert [author.name for author in authors] == ["Ada", "Ada"]
    assert commands.names == ["find", "find"]


async def test_raw_results_need_no_prefetch(commands: CommandLog) -> None:
    (ada,) = await users("Ada")
    await RefPost(author=ada).async_save()
    commands.clear()

    (raw,) = await RefPost.objects.prefetch("author").as_pymongo().async_to_list()

    assert raw["a"] == ada.id
    assert commands.names == ["find"]


async def test_portions_are_as_large_as_the_batch_size(commands: CommandLog) -> None:
    for user in await users(*"abcde"):
        await RefPost(author=user).async_save()
    commands.clear()

    queryset = RefPost.objects.prefetch("author").batch_size(2)
    posts = [post async for post in queryset]

    assert all(is_loaded(post, "author") for post in posts)
    assert len(posts) == 5
    assert [len(find["filter"].get("_id", {}).get("$in", [])) for find in commands.of("find")] == [
        0,
        2,
        2,
        1,
    ]


async def test_fields_of_subclasses_and_of_dynamic_documents_can_be_named() -> None:
    (ada,) = await users("Ada")
    await RefSketch(model=ada).async_save()

    sketch = await RefSketch.objects.prefetch("model").async_get()
    assert sketch.model.name == "Ada"

    animal = await RefAnimal(name="Rex").async_save()
    await RefRoom(animal=animal).async_save()
    assert (await RefRoom.objects.prefetch("animal").async_get())._data["animal"].name == "Rex"


@pytest.mark.parametrize("path", ["nobody", "author.nobody", "comments.nobody.friend"])
async def test_a_name_that_is_no_field_is_refused_at_once(path: str) -> None:
    with pytest.raises(
        LookUpError, match=rf'^Cannot prefetch "{path}": Ref\w+ has no field "nobody"$'
    ):
        RefPost.objects.prefetch(path)


@pytest.mark.parametrize("path", ["title", "comments.text", "title.author"])
async def test_a_path_to_no_reference_is_refused_at_once(path: str) -> None:
    with pytest.raises(InvalidQueryError, match=rf'^Cannot prefetch "{path}": .* no reference$'):
        RefPost.objects.prefetch(path)
