"""Lazy references: loading when told to, and only then."""

from __future__ import annotations

from typing import Any

import pytest
from bson import DBRef

from mongoengine.base import LazyReference
from mongoengine.errors import DoesNotExist
from tests.commands import CommandLog
from tests.reference_models import RefPost, RefUser


async def stored_post(**values: Any) -> RefPost:
    await RefPost(**values).async_save()
    found: RefPost = await RefPost.objects.async_get()
    return found


async def test_a_lazy_reference_is_loaded_when_told_to_and_kept(commands: CommandLog) -> None:
    ada = await RefUser(name="Ada").async_save()
    post = await stored_post(lazy=ada)
    commands.clear()

    assert isinstance(post.lazy, LazyReference)
    assert (post.lazy.pk, post.lazy.document_type) == (ada.id, RefUser)
    assert commands.names == []

    found = await post.lazy.async_fetch()
    assert (found.name, commands.names) == ("Ada", ["find"])
    assert await post.lazy.async_fetch() is found
    assert commands.names == ["find"]


async def test_a_lazy_reference_can_be_loaded_again() -> None:
    ada = await RefUser(name="Ada").async_save()
    post = await stored_post(lazy=ada)
    first = await post.lazy.async_fetch()
    ada.name = "Lady Lovelace"
    await ada.async_save()

    assert (await post.lazy.async_fetch()).name == "Ada"
    second = await post.lazy.async_fetch(force=True)

    assert second is not first
    assert second.name == "Lady Lovelace"


async def test_a_missing_document_is_the_error_of_its_class() -> None:
    ada = await RefUser(name="Ada").async_save()
    post = await stored_post(lazy=ada)
    await ada.async_delete()

    with pytest.raises(RefUser.DoesNotExist, match=r"^RefUser matching query does not exist\.$"):
        await post.lazy.async_fetch()
    assert issubclass(RefUser.DoesNotExist, DoesNotExist)


async def test_a_reference_passes_through_to_what_was_loaded() -> None:
    ada = await RefUser(name="Ada").async_save()
    post = await stored_post(through=ada, lazy=ada)

    await post.through.async_fetch()
    assert (post.through.name, post.through["name"]) == ("Ada", "Ada")
    with pytest.raises(KeyError):
        post.through["save"]

    await post.lazy.async_fetch()
    with pytest.raises(AttributeError):
        post.lazy.name  # noqa: B018


async def test_generic_and_listed_lazy_references_are_loaded_alike(commands: CommandLog) -> None:
    ada = await RefUser(name="Ada").async_save()
    post = await stored_post(lazy_about=ada, lazies=[ada, ada.id])
    commands.clear()

    assert [(await lazy.async_fetch()).name for lazy in post.lazies] == ["Ada", "Ada"]
    assert await post.lazies[0].async_fetch() is await post.lazies[0].async_fetch()
    assert (await post.lazy_about.async_fetch()).name == "Ada"
    assert commands.names == ["find", "find", "find"]


async def test_the_field_of_a_generic_lazy_reference_loads_the_document() -> None:
    ada = await RefUser(name="Ada").async_save()
    post = await stored_post(lazy_about=ada)
    assert (await RefPost.lazy_about.async_fetch(post)).name == "Ada"
    lazy = post.lazy_about
    assert isinstance(lazy, LazyReference)
    assert await RefPost.lazy_about.async_fetch(post) is await lazy.async_fetch()


async def test_loading_whole_levels_leaves_lazy_references_alone(commands: CommandLog) -> None:
    ada = await RefUser(name="Ada").async_save()
    await RefPost(lazy=ada, lazies=[ada], lazy_about=ada).async_save()
    commands.clear()

    (post,) = await RefPost.objects.async_select_related()

    assert commands.names == ["find"]
    assert all(isinstance(x, LazyReference) for x in (post.lazy, post.lazies[0], post.lazy_about))


async def test_prefetching_gives_lazy_references_their_documents(commands: CommandLog) -> None:
    ada = await RefUser(name="Ada").async_save()
    await RefPost(lazy=ada, lazies=[ada], lazy_about=ada).async_save()
    commands.clear()

    (post,) = await RefPost.objects.prefetch("lazy", "lazies", "lazy_about").async_to_list()

    assert commands.names == ["find", "find"]
    assert isinstance(post.lazy, LazyReference)
    found = await post.lazy.async_fetch()
    assert found.name == "Ada"
    assert found is await post.lazies[0].async_fetch()
    assert found is await post.lazy_about.async_fetch()
    assert commands.names == ["find", "find"]


async def test_every_form_of_a_reference_can_be_assigned(database: Any) -> None:
    ada = await RefUser(name="Ada").async_save()
    post = await RefPost().async_save()
    for form in (ada, ada.id, ada.to_dbref(), LazyReference(RefUser, ada.id)):
        post.lazy = form
        await post.async_save()
        assert (await database["ref_post"].find_one())["lazy"] == ada.id
        post.lazy = None
        await post.async_save()
    post.lazies = [DBRef("ref_user", ada.id)]
    await post.async_save()
    assert (await database["ref_post"].find_one())["lazies"] == [ada.id]
