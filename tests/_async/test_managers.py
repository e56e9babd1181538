"""What a class gives its documents out by."""

from __future__ import annotations

import functools
from typing import Any

import pytest_asyncio

from mongoengine.queryset import QuerySet, QuerySetManager
from tests.commands import CommandLog
from tests.verb_models import (
    CheapManager,
    HiddenByDefault,
    Managed,
    ManagedBase,
    ManagedChild,
    Odd,
    ShortChild,
    ShortList,
)


@pytest_asyncio.fixture(autouse=True)
async def documents() -> None:
    for name, price in (("managed", 1), ("other", 10), ("third", 20)):
        await Managed(name=name, price=price).async_save()


async def names(queryset: Any) -> list[str]:
    return [document.name async for document in queryset.order_by("name")]


async def test_every_access_gives_a_fresh_queryset_without_asking_the_server(
    commands: CommandLog,
) -> None:
    commands.clear()

    first, second = Managed.objects, Managed.objects

    assert first is not second
    assert type(first) is ShortList
    assert commands.names == []


async def test_a_queryset_class_adds_methods_that_chain() -> None:
    assert await names(Managed.objects.cheap()) == ["managed", "other"]
    assert await names(Managed.objects.filter(name__ne="other").cheap(1)) == ["managed"]
    assert (await Managed.objects.cheap().order_by("-price").async_first()).name == "other"


async def test_the_function_of_a_manager_takes_what_it_names() -> None:
    assert await names(Managed.of_queryset) == ["other", "third"]
    assert await names(Managed.of_class) == ["managed"]
    assert isinstance(Managed.named, functools.partial)
    assert await names(Managed.named("third")) == ["third"]
    assert await names(Managed.named(name="other")) == ["other"]


async def test_a_manager_class_may_say_what_querysets_it_gives() -> None:
    assert isinstance(Managed.__dict__["listed"], CheapManager)
    assert type(Managed.listed) is ShortList
    assert await names(Managed.listed.cheap()) == ["managed", "other"]


async def test_a_document_shows_the_manager_itself() -> None:
    document = await Managed.objects.async_first()

    assert isinstance(document.objects, QuerySetManager)
    assert isinstance(document.of_class, QuerySetManager)


async def test_managers_are_inherited_and_see_the_class_they_are_read_from() -> None:
    await ManagedBase(name="ManagedBase").async_save()
    await ManagedChild(name="ManagedChild").async_save()
    await ManagedChild(name="ManagedBase").async_save()

    assert [type(found) for found in await ManagedChild.mine.async_to_list()] == [ManagedChild]
    assert await ManagedBase.mine.async_count() == 2
    assert await ManagedChild.mine.async_count() == 1


async def test_the_default_manager_can_be_replaced() -> None:
    shown = await HiddenByDefault(name="shown").async_save()
    hidden = await HiddenByDefault(name="hidden", hidden=1).async_save()

    assert await HiddenByDefault.objects.async_to_list() == [shown]
    assert await HiddenByDefault.everything.async_count() == 2
    assert await HiddenByDefault.objects(name="hidden").async_first() is None
    # A document finds itself all the same.
    await hidden.async_reload()
    assert await hidden.async_update(set__name="found") == 1
    assert (await HiddenByDefault.everything.async_get(hidden=1)).name == "found"


async def test_a_manager_may_give_whatever_its_function_returns() -> None:
    assert Odd.answer == 42
    queryset, n = Odd.method
    assert (type(queryset), n) == (QuerySet, 3)


async def test_a_queryset_class_set_by_the_meta_of_a_base_is_inherited() -> None:
    await ShortChild(price=3).async_save()

    assert type(ShortChild.objects) is ShortList
    assert type(ShortChild()._qs) is ShortList
    assert await ShortChild.objects.cheap(3).async_count() == 1
