# Generated from tests/_async/test_managers.py; do not edit.
# To write it again: python tools/generate_sync.py
"""What a class gives its documents out by."""

from __future__ import annotations

import functools
from typing import Any

import pytest

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


@pytest.fixture(autouse=True)
def documents() -> None:
    for name, price in (("managed", 1), ("other", 10), ("third", 20)):
        Managed(name=name, price=price).save()


def names(queryset: Any) -> list[str]:
    return [document.name for document in queryset.order_by("name")]


def test_every_access_gives_a_fresh_queryset_without_asking_the_server(
    commands: CommandLog,
) -> None:
    commands.clear()

    first, second = Managed.objects, Managed.objects

    assert first is not second
    assert type(first) is ShortList
    assert commands.names == []


def test_a_queryset_class_adds_methods_that_chain() -> None:
    assert names(Managed.objects.cheap()) == ["managed", "other"]
    assert names(Managed.objects.filter(name__ne="other").cheap(1)) == ["managed"]
    assert Managed.objects.cheap().order_by("-price").first().name == "other"


def test_the_function_of_a_manager_takes_what_it_names() -> None:
    assert names(Managed.of_queryset) == ["other", "third"]
    assert names(Managed.of_class) == ["managed"]
    assert isinstance(Managed.named, functools.partial)
    assert names(Managed.named("third")) == ["third"]
    assert names(Managed.named(name="other")) == ["other"]


def test_a_manager_class_may_say_what_querysets_it_gives() -> None:
    assert isinstance(Managed.__dict__["listed"], CheapManager)
    assert type(Managed.listed) is ShortList
    assert names(Managed.listed.cheap()) == ["managed", "other"]


def test_a_document_shows_the_manager_itself() -> None:
    document = Managed.objects.first()

    assert isinstance(document.objects, QuerySetManager)
    assert isinstance(document.of_class, QuerySetManager)


def test_managers_are_inherited_and_see_the_class_they_are_read_from() -> None:
    ManagedBase(name="ManagedBase").save()
    ManagedChild(name="ManagedChild").save()
    ManagedChild(name="ManagedBase").save()

    assert [type(found) for found in ManagedChild.mine.to_list()] == [ManagedChild]
    assert ManagedBase.mine.count() == 2
    assert ManagedChild.mine.count() == 1


def test_the_default_manager_can_be_replaced() -> None:
    shown = HiddenByDefault(name="shown").save()
    hidden = HiddenByDefault(name="hidden", hidden=1).save()

    assert HiddenByDefault.objects.to_list() == [shown]
    assert HiddenByDefault.everything.count() == 2
    assert HiddenByDefault.objects(name="hidden").first() is None
    # A document finds itself all the same.
    hidden.reload()
    assert hidden.update(set__name="found") == 1
    assert HiddenByDefault.everything.get(hidden=1).name == "found"


def test_a_manager_may_give_whatever_its_function_returns() -> None:
    assert Odd.answer == 42
    queryset, n = Odd.method
    assert (type(queryset), n) == (QuerySet, 3)


def test_a_queryset_class_set_by_the_meta_of_a_base_is_inherited() -> None:
    ShortChild(price=3).save()

    assert type(ShortChild.objects) is ShortList
    assert type(ShortChild()._qs) is ShortList
    assert ShortChild.objects.cheap(3).count() == 1
