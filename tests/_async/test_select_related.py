"""Loading whole levels of references, of documents and of querysets."""

from __future__ import annotations

from typing import Any

from bson import DBRef

from tests.commands import CommandLog
from tests.reference_models import RefComment, RefPost, RefTag, RefUser


async def chain(length: int) -> RefUser:
    """Return the first of a chain of friends."""
    user = await RefUser(name="last").async_save()
    for number in range(length - 1):
        user = await RefUser(name=str(number), friend=user, friends=[user]).async_save()
    return user


async def full_post() -> tuple[RefPost, RefUser]:
    ada, red = await RefUser(name="Ada").async_save(), await RefTag(name="red").async_save()
    comments = [RefComment(text=text, user=ada, likers=[ada]) for text in "ab"]
    post = RefPost(
        title="all",
        author=ada,
        by_dbref=ada,
        tags=[red],
        comment=RefComment(user=ada),
        comments=comments,
        by_role={"editor": ada},
        nested=[[ada], [ada, ada]],
        about=ada,
        mentions=[red, ada],
        anything=ada,
        items=[ada],
        notes={"who": {"really": ada}},
    )
    return await post.async_save(), ada


def assert_all_loaded(post: Any, ada: Any) -> None:
    data = post._data
    assert data["author"].name == "Ada"
    single = [data["by_dbref"], data["about"], data["anything"], data["items"][0]]
    single += [data["by_role"]["editor"], data["mentions"][1], data["notes"]["who"]["really"]]
    single += [data["comment"]._data["user"], data["comments"][1]._data["user"]]
    single += [data["comments"][0]._data["likers"][0], data["nested"][0][0], data["nested"][1][1]]
    assert all(user is data["author"] for user in single)
    assert data["author"] == ada
    assert [type(tag) for tag in (data["tags"][0], data["mentions"][0])] == [RefTag, RefTag]


async def test_a_document_loads_everything_by_one_query_per_collection(
    commands: CommandLog,
) -> None:
    _, ada = await full_post()
    post = await RefPost.objects.async_get()
    commands.clear()

    assert await post.async_select_related() is post

    assert commands.names == ["find", "find"]
    assert_all_loaded(post, ada)
    assert post._get_changed_fields() == []
    assert post.to_mongo() == (await RefPost.objects.async_get()).to_mongo()


async def test_a_queryset_gives_a_list_with_everything_loaded(commands: CommandLog) -> None:
    _, ada = await full_post()
    commands.clear()

    posts = await RefPost.objects.async_select_related()

    assert type(posts) is list
    assert commands.names == ["find", "find", "find"]
    assert_all_loaded(posts[0], ada)


async def test_a_new_document_loads_what_it_was_given_keys_of(commands: CommandLog) -> None:
    ada = await RefUser(name="Ada").async_save()
    commands.clear()

    post = await RefPost(author=ada.id, nested=[[ada.id]], about=None).async_select_related()

    assert commands.names == ["find"]
    assert (post.author, post.nested) == (ada, [[ada]])


async def test_each_level_takes_one_query(commands: CommandLog) -> None:
    first = await chain(4)
    for depth in (1, 2, 3, 9):
        commands.clear()
        (found,) = await RefUser.objects(pk=first.pk).async_select_related(max_depth=depth)
        levels = min(depth, 3)
        assert commands.names == ["find"] * (1 + levels)
        user = found
        for _ in range(levels):
            user = user._data["friend"]
            assert isinstance(user, RefUser)
        if levels < 3:
            assert type(user._data["friend"]) is DBRef
        else:
            assert user.friend is None


async def test_a_depth_below_one_counts_as_one(commands: CommandLog) -> None:
    first = await chain(2)
    commands.clear()

    (found,) = await RefUser.objects(pk=first.pk).async_select_related(0)

    assert found._data["friend"].name == "last"


async def test_documents_that_refer_to_each_other_are_no_endless_way(commands: CommandLog) -> None:
    one, two = await RefUser(name="1").async_save(), await RefUser(name="2").async_save()
    one.friend, two.friend, one.friends = two, one, [one, two]
    await one.async_save()
    await two.async_save()
    commands.clear()

    users = await RefUser.objects.order_by("name").async_select_related(max_depth=50)

    assert [user.friend.name for user in users] == ["2", "1"]
    assert users[0].friend.friend.friend.name == "2"
    assert commands.names == ["find", "find"]


async def test_missing_documents_stay_references_and_are_not_asked_for_again(
    commands: CommandLog,
) -> None:
    _, ada = await full_post()
    await ada.async_delete()
    commands.clear()

    found = await (await RefPost.objects.async_get()).async_select_related(max_depth=3)

    assert commands.names == ["find", "find", "find"]
    reference = DBRef("ref_user", ada.id)
    assert found._data["author"] == reference
    assert found.nested == [[reference], [reference, reference]]
    assert found._data["comments"][0]._data["user"] == reference
    assert found.tags[0].name == "red"
    assert commands.names == ["find", "find", "find"]
    assert found.to_mongo() == (await RefPost.objects.async_get()).to_mongo()


async def test_the_depth_of_a_reload_is_the_first_argument_or_a_keyword(
    commands: CommandLog,
) -> None:
    first = await RefUser.objects.async_get(pk=(await chain(4)).pk)
    for arguments, keywords in (((2,), {}), ((), {"max_depth": 2})):
        commands.clear()
        await first.async_reload(*arguments, **keywords)
        assert commands.names == ["find"] * 3
        assert isinstance(first._data["friend"]._data["friend"], RefUser)


async def test_no_results_take_one_query(commands: CommandLog) -> None:
    assert await RefPost.objects.async_select_related() == []
    assert commands.names == ["find"]
    assert await RefPost.objects.none().async_select_related() == []
    assert commands.names == ["find"]
