# Generated from tests/_async/test_select_related.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Loading whole levels of references, of documents and of querysets."""

from __future__ import annotations

from typing import Any

from bson import DBRef

from tests.commands import CommandLog
from tests.reference_models import RefComment, RefPost, RefTag, RefUser


def chain(length: int) -> RefUser:
    """Return the first of a chain of friends."""
    user = RefUser(name="last").save()
    for number in range(length - 1):
        user = RefUser(name=str(number), friend=user, friends=[user]).save()
    return user


def full_post() -> tuple[RefPost, RefUser]:
    ada, red = RefUser(name="Ada").save(), RefTag(name="red").save()
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
    return post.save(), ada


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


def test_a_document_loads_everything_by_one_query_per_collection(
    commands: CommandLog,
) -> None:
    _, ada = full_post()
    post = RefPost.objects.get()
    commands.clear()

    assert post.select_related() is post

    assert commands.names == ["find", "find"]
    assert_all_loaded(post, ada)
    assert post._get_changed_fields() == []
    assert post.to_mongo() == RefPost.objects.get().to_mongo()


def test_a_queryset_gives_a_list_with_everything_loaded(commands: CommandLog) -> None:
    _, ada = full_post()
    commands.clear()

    posts = RefPost.objects.select_related()

    assert type(posts) is list
    assert commands.names == ["find", "find", "find"]
    assert_all_loaded(posts[0], ada)


def test_a_new_document_loads_what_it_was_given_keys_of(commands: CommandLog) -> None:
    ada = RefUser(name="Ada").save()
    commands.clear()

    post = RefPost(author=ada.id, nested=[[ada.id]], about=None).select_related()

    assert commands.names == ["find"]
    assert (post.author, post.nested) == (ada, [[ada]])


def test_each_level_takes_one_query(commands: CommandLog) -> None:
    first = chain(4)
    for depth in (1, 2, 3, 9):
        commands.clear()
        (found,) = RefUser.objects(pk=first.pk).select_related(max_depth=depth)
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


def test_a_depth_below_one_counts_as_one(commands: CommandLog) -> None:
    first = chain(2)
    commands.clear()

    (found,) = RefUser.objects(pk=first.pk).select_related(0)

    assert found._data["friend"].name == "last"


def test_documents_that_refer_to_each_other_are_no_endless_way(commands: CommandLog) -> None:
    one, two = RefUser(name="1").save(), RefUser(name="2").save()
    one.friend, two.friend, one.friends = two, one, [one, two]
    one.save()
    two.save()
    commands.clear()

    users = RefUser.objects.order_by("name").select_related(max_depth=50)

    assert [user.friend.name for user in users] == ["2", "1"]
    assert users[0].friend.friend.friend.name == "2"
    assert commands.names == ["find", "find"]


def test_missing_documents_stay_references_and_are_not_asked_for_again(
    commands: CommandLog,
) -> None:
    _, ada = full_post()
    ada.delete()
    commands.clear()

    found = RefPost.objects.get().select_related(max_depth=3)

    assert commands.names == ["find", "find", "find"]
    reference = DBRef("ref_user", ada.id)
    assert found._data["author"] == reference
    assert found.nested == [[reference], [reference, reference]]
    assert found._data["comments"][0]._data["user"] == reference
    assert found.tags[0].name == "red"
    assert commands.names == ["find", "find", "find"]
    assert found.to_mongo() == RefPost.objects.get().to_mongo()


def test_the_depth_of_a_reload_is_the_first_argument_or_a_keyword(
    commands: CommandLog,
) -> None:
    first = RefUser.objects.get(pk=chain(4).pk)
    for arguments, keywords in (((2,), {}), ((), {"max_depth": 2})):
        commands.clear()
        first.reload(*arguments, **keywords)
        assert commands.names == ["find"] * 3
        assert isinstance(first._data["friend"]._data["friend"], RefUser)


def test_no_results_take_one_query(commands: CommandLog) -> None:
    assert RefPost.objects.select_related() == []
    assert commands.names == ["find"]
    assert RefPost.objects.none().select_related() == []
    assert commands.names == ["find"]
