# Generated from tests/_async/test_lazy_references.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Lazy references: loading when told to, and only then."""

from __future__ import annotations

from typing import Any

import pytest
from bson import DBRef

from mongoengine.base import LazyReference
from mongoengine.errors import DoesNotExist
from tests.commands import CommandLog
from tests.reference_models import RefPost, RefUser


def stored_post(**values: Any) -> RefPost:
    RefPost(**values).save()
    found: RefPost = RefPost.objects.get()
    return found


def test_a_lazy_reference_is_loaded_when_told_to_and_kept(commands: CommandLog) -> None:
    ada = RefUser(name="Ada").save()
    post = stored_post(lazy=ada)
    commands.clear()

    assert isinstance(post.lazy, LazyReference)
    assert (post.lazy.pk, post.lazy.document_type) == (ada.id, RefUser)
    assert commands.names == []

    found = post.lazy.fetch()
    assert (found.name, commands.names) == ("Ada", ["find"])
    assert post.lazy.fetch() is found
    assert commands.names == ["find"]


def test_a_lazy_reference_can_be_loaded_again() -> None:
    ada = RefUser(name="Ada").save()
    post = stored_post(lazy=ada)
    first = post.lazy.fetch()
    ada.name = "Lady Lovelace"
    ada.save()

    assert post.lazy.fetch().name == "Ada"
    second = post.lazy.fetch(force=True)

    assert second is not first
    assert second.name == "Lady Lovelace"


def test_a_missing_document_is_the_error_of_its_class() -> None:
    ada = RefUser(name="Ada").save()
    post = stored_post(lazy=ada)
    ada.delete()

    with pytest.raises(RefUser.DoesNotExist, match=r"^RefUser matching query does not exist\.$"):
        post.lazy.fetch()
    assert issubclass(RefUser.DoesNotExist, DoesNotExist)


def test_a_reference_passes_through_to_what_was_loaded() -> None:
    ada = RefUser(name="Ada").save()
    post = stored_post(through=ada, lazy=ada)

    post.through.fetch()
    assert (post.through.name, post.through["name"]) == ("Ada", "Ada")
    with pytest.raises(KeyError):
        post.through["save"]

    post.lazy.fetch()
    with pytest.raises(AttributeError):
        post.lazy.name  # noqa: B018


def test_generic_and_listed_lazy_references_are_loaded_alike(commands: CommandLog) -> None:
    ada = RefUser(name="Ada").save()
    post = stored_post(lazy_about=ada, lazies=[ada, ada.id])
    commands.clear()

    assert [lazy.fetch().name for lazy in post.lazies] == ["Ada", "Ada"]
    assert post.lazies[0].fetch() is post.lazies[0].fetch()
    assert post.lazy_about.fetch().name == "Ada"
    assert commands.names == ["find", "find", "find"]


def test_the_field_of_a_generic_lazy_reference_loads_the_document() -> None:
    ada = RefUser(name="Ada").save()
    post = stored_post(lazy_about=ada)
    assert RefPost.lazy_about.fetch(post).name == "Ada"
    lazy = post.lazy_about
    assert isinstance(lazy, LazyReference)
    assert RefPost.lazy_about.fetch(post) is lazy.fetch()


def test_loading_whole_levels_leaves_lazy_references_alone(commands: CommandLog) -> None:
    ada = RefUser(name="Ada").save()
    RefPost(lazy=ada, lazies=[ada], lazy_about=ada).save()
    commands.clear()

    (post,) = RefPost.objects.select_related()

    assert commands.names == ["find"]
    assert all(isinstance(x, LazyReference) for x in (post.lazy, post.lazies[0], post.lazy_about))


def test_prefetching_gives_lazy_references_their_documents(commands: CommandLog) -> None:
    ada = RefUser(name="Ada").save()
    RefPost(lazy=ada, lazies=[ada], lazy_about=ada).save()
    commands.clear()

    (post,) = RefPost.objects.prefetch("lazy", "lazies", "lazy_about").to_list()

    assert commands.names == ["find", "find"]
    assert isinstance(post.lazy, LazyReference)
    found = post.lazy.fetch()
    assert found.name == "Ada"
    assert found is post.lazies[0].fetch()
    assert found is post.lazy_about.fetch()
    assert commands.names == ["find", "find"]


def test_every_form_of_a_reference_can_be_assigned(database: Any) -> None:
    ada = RefUser(name="Ada").save()
    post = RefPost().save()
    for form in (ada, ada.id, ada.to_dbref(), LazyReference(RefUser, ada.id)):
        post.lazy = form
        post.save()
        assert database["ref_post"].find_one()["lazy"] == ada.id
        post.lazy = None
        post.save()
    post.lazies = [DBRef("ref_user", ada.id)]
    post.save()
    assert database["ref_post"].find_one()["lazies"] == [ada.id]
