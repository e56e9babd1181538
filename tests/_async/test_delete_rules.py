"""Delete rules, carried out by the delete of a document and of a queryset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mongoengine import signals
from mongoengine.errors import OperationError
from tests.commands import CommandLog
from tests.reference_models import (
    RuleBase,
    RuleCascading,
    RuleDenying,
    RuleEgg,
    RuleFurther,
    RuleHen,
    RuleKeyed,
    RuleLeaf,
    RuleNode,
    RuleOwner,
    RuleTarget,
)


async def target(name: str = "target") -> RuleTarget:
    saved: RuleTarget = await RuleTarget(name=name).async_save()
    return saved


async def counts(database: Any, *names: str) -> list[int]:
    return [await database[name].count_documents({}) for name in names]


# Each rule


@pytest.mark.parametrize(
    "field", ["nullify", "nullify_dbref", "nullify_lazy", "nullify_list", "nothing"]
)
async def test_nullify_removes_the_field_of_those_who_refer(database: Any, field: str) -> None:
    doomed, kept = await target(), await target("kept")
    is_list = field == "nullify_list"
    for name, to in (("a", doomed), ("b", kept)):
        await RuleOwner(name=name, **{field: [to] if is_list else to}).async_save()

    await doomed.async_delete()

    raws = {raw["name"]: raw async for raw in database["rule_owner"].find()}
    assert (field in raws["a"]) is (field == "nothing")
    assert field in raws["b"]
    assert await counts(database, "rule_target") == [1]


@pytest.mark.parametrize("field", ["pull", "pull_dbref"])
async def test_pull_takes_the_items_out_of_lists(database: Any, field: str) -> None:
    doomed, kept = await target(), await target("kept")
    await RuleOwner(name="a", **{field: [doomed, kept, doomed]}).async_save()
    await RuleOwner(name="b", **{field: [kept]}).async_save()

    await doomed.async_delete()

    owners = {owner.name: owner for owner in await RuleOwner.objects.async_select_related()}
    assert getattr(owners["a"], field) == [kept]
    assert getattr(owners["b"], field) == [kept]


async def test_cascade_deletes_those_who_refer_and_those_who_refer_to_them(database: Any) -> None:
    doomed, kept = await target(), await target("kept")
    for to in (doomed, kept):
        cascading = await RuleCascading(name=to.name, target=to).async_save()
        await RuleFurther(name=to.name, cascading=cascading).async_save()

    await doomed.async_delete()

    for name in ("rule_target", "rule_cascading", "rule_further"):
        assert [raw["name"] for raw in await database[name].find().to_list()] == ["kept"]


async def test_deny_keeps_the_document_and_changes_nothing(
    database: Any, commands: CommandLog
) -> None:
    doomed = await target()
    await RuleOwner(nullify=doomed, pull=[doomed]).async_save()
    await RuleCascading(target=doomed).async_save()
    await RuleDenying(target=doomed).async_save()
    before = await database["rule_owner"].find().to_list()
    commands.clear()

    with pytest.raises(OperationError) as caught:
        await doomed.async_delete()

    assert str(caught.value) == "Could not delete document (RuleDenying.target refers to it)"
    assert {"update", "delete"}.isdisjoint(commands.names)
    assert await counts(database, "rule_target", "rule_cascading") == [1, 1]
    assert await database["rule_owner"].find().to_list() == before


async def test_a_deny_beyond_a_cascade_is_found_before_anything_is_changed(
    database: Any, commands: CommandLog
) -> None:
    doomed = await target()
    await RuleOwner(nullify=doomed).async_save()
    cascading = await RuleCascading(target=doomed).async_save()
    further = await RuleFurther(cascading=cascading).async_save()
    denying = await RuleDenying(further=further).async_save()
    commands.clear()

    with pytest.raises(OperationError, match=r"\(RuleDenying\.further refers to it\)$"):
        await doomed.async_delete()
    assert {"update", "delete"}.isdisjoint(commands.names)

    await denying.async_delete()
    await doomed.async_delete()
    names = ("rule_target", "rule_cascading", "rule_further")
    assert await counts(database, *names) == [0, 0, 0]


async def test_what_nobody_refers_to_is_deleted(database: Any) -> None:
    await RuleDenying(target=await target("kept")).async_save()

    await (await target()).async_delete()

    assert await counts(database, "rule_target") == [1]


# Querysets


async def test_a_queryset_carries_the_rules_out_for_all_it_finds(
    database: Any, commands: CommandLog
) -> None:
    targets = [await target(f"t{number}") for number in range(3)]
    for to in targets:
        await RuleCascading(target=to).async_save()
        await RuleOwner(name=to.name, nullify=to, pull=targets).async_save()
    commands.clear()

    assert await RuleTarget.objects(name__in=["t0", "t1"]).async_delete() == 2

    deleted_from = [command["delete"] for command in commands.of("delete")]
    assert deleted_from == ["rule_further", "rule_cascading", "rule_target"]
    owners = {raw["name"]: raw async for raw in database["rule_owner"].find()}
    assert [name for name, raw in owners.items() if "nullify" in raw] == ["t2"]
    assert all(raw["pull"] == [targets[2].id] for raw in owners.values())
    assert await counts(database, "rule_cascading", "rule_target") == [1, 1]


async def test_nothing_to_delete_changes_nothing(database: Any) -> None:
    await RuleOwner(nullify=await target()).async_save()

    assert await RuleTarget.objects(name="nobody").async_delete() == 0
    assert await RuleTarget.objects.none().async_delete() == 0

    assert "nullify" in await database["rule_owner"].find_one()


async def test_a_class_without_rules_is_deleted_by_one_command(commands: CommandLog) -> None:
    await RuleDenying().async_save()
    commands.clear()

    await RuleDenying.objects.async_delete()

    assert commands.names == ["delete"]


async def test_what_the_queryset_gives_makes_no_difference(database: Any) -> None:
    doomed = await target()
    await RuleCascading(target=doomed).async_save()

    await RuleTarget.objects.as_pymongo().only("name").async_delete()
    assert await counts(database, "rule_cascading", "rule_target") == [0, 0]

    doomed = await target()
    await RuleCascading(target=doomed).async_save()
    await RuleTarget.objects.scalar("name").async_delete()
    assert await counts(database, "rule_cascading", "rule_target") == [0, 0]


@pytest.mark.parametrize(
    ("narrow", "kept"),
    [
        (lambda queryset: queryset.limit(2), "234"),
        (lambda queryset: queryset.skip(3), "012"),
        (lambda queryset: queryset[1:3], "034"),
        (lambda queryset: queryset.where("this.name == '1'"), "0234"),
    ],
    ids=["limit", "skip", "slice", "where"],
)
async def test_only_those_who_refer_to_what_a_narrowed_queryset_finds_are_concerned(
    database: Any, narrow: Any, kept: str
) -> None:
    for name in "01234":
        await RuleCascading(name=name, target=await target(name)).async_save()

    await narrow(RuleTarget.objects.order_by("name")).async_delete()

    for collection in ("rule_target", "rule_cascading"):
        names = {raw["name"] async for raw in database[collection].find()}
        assert names == set(kept)


async def test_a_denied_document_of_a_narrowed_queryset_keeps_the_others(database: Any) -> None:
    for name in "012":
        await target(name)
    last = await RuleTarget.objects.async_get(name="1")
    await RuleDenying(target=last).async_save()

    with pytest.raises(OperationError, match=r"RuleDenying\.target refers to it"):
        await RuleTarget.objects.order_by("name").limit(2).async_delete()

    assert await counts(database, "rule_target", "rule_denying") == [3, 1]


async def test_a_document_that_refers_to_itself_is_deleted(database: Any) -> None:
    node = await RuleNode(name="1").async_save()
    node.next = node
    await node.async_save()

    await node.async_delete()

    assert await counts(database, "rule_node") == [0]


async def test_equal_keys_in_two_collections_are_told_apart(database: Any) -> None:
    one, two = await RuleKeyed(number=1).async_save(), await RuleKeyed(number=2).async_save()
    await RuleCascading(name="of two", keyed=two).async_save()
    await RuleCascading(name="of one", keyed=one).async_save()
    await RuleOwner(keyed=two).async_save()

    await two.async_delete()

    assert [raw["name"] for raw in await database["rule_cascading"].find().to_list()] == ["of one"]
    assert "keyed" not in await database["rule_owner"].find_one()


async def test_rules_of_a_subclass_hold_when_it_is_deleted_through_the_top(database: Any) -> None:
    leaf = await RuleLeaf().async_save()
    await RuleCascading(leaf=leaf).async_save()
    await RuleBase().async_save()

    assert await RuleBase.objects.async_delete() == 2

    assert await counts(database, "rule_cascading", "rule_base") == [0, 0]


# Cycles


async def test_a_cycle_within_a_collection_ends(database: Any) -> None:
    first = await RuleNode(name="1").async_save()
    second = await RuleNode(name="2", next=first).async_save()
    third = await RuleNode(name="3", next=second).async_save()
    first.next = third
    await first.async_save()
    alone = await RuleNode(name="4").async_save()
    alone.next = alone
    await alone.async_save()

    await second.async_delete()
    assert [raw["name"] for raw in await database["rule_node"].find().to_list()] == ["4"]

    await alone.async_delete()
    assert await counts(database, "rule_node") == [0]


async def test_a_cycle_through_two_collections_ends(database: Any) -> None:
    hen = await RuleHen().async_save()
    egg = await RuleEgg(hen=hen).async_save()
    hen.egg = egg
    await hen.async_save()

    await hen.async_delete()

    assert await counts(database, "rule_hen", "rule_egg") == [0, 0]


# Signals


@pytest.fixture
def deletions() -> Iterator[list[tuple[str, str]]]:
    """What receivers of the two classes on a cascade's way see, in order."""
    seen: list[tuple[str, str]] = []

    def before(sender: Any, document: Any) -> None:
        seen.append((sender.__name__, f"before {document.name}"))

    def after(sender: Any, document: Any) -> None:
        seen.append((sender.__name__, f"after {document.name}"))

    with (
        signals.pre_delete.connected_to(before, sender=RuleCascading),
        signals.post_delete.connected_to(after, sender=RuleFurther),
        signals.pre_delete.connected_to(before, sender=RuleNode),
    ):
        yield seen


async def test_a_cascade_deletes_one_by_one_before_receivers(
    database: Any, deletions: list[tuple[str, str]]
) -> None:
    doomed = await target()
    for name in "ab":
        cascading = await RuleCascading(name=name, target=doomed).async_save()
        await RuleFurther(name=name, cascading=cascading).async_save()

    await doomed.async_delete()

    assert sorted(deletions[:2] + deletions[2:]) == [
        ("RuleCascading", "before a"),
        ("RuleCascading", "before b"),
        ("RuleFurther", "after a"),
        ("RuleFurther", "after b"),
    ]
    assert await counts(database, "rule_cascading", "rule_further") == [0, 0]


async def test_a_cycle_before_receivers_ends_and_each_is_seen_once(
    database: Any, deletions: list[tuple[str, str]]
) -> None:
    first = await RuleNode(name="1").async_save()
    second = await RuleNode(name="2", next=first).async_save()
    first.next = second
    await first.async_save()

    await first.async_delete()

    assert sorted(deletions) == [("RuleNode", "before 1"), ("RuleNode", "before 2")]
    assert await counts(database, "rule_node") == [0]


async def test_the_write_concern_goes_along(commands: CommandLog) -> None:
    doomed = await target()
    await RuleCascading(target=doomed).async_save()
    await RuleOwner(nullify=doomed, pull=[doomed]).async_save()
    commands.clear()

    await doomed.async_delete(w=1, j=True)

    writes = [command for name in ("update", "delete") for command in commands.of(name)]
    assert len(writes) > 4
    assert all(command["writeConcern"] == {"w": 1, "j": True} for command in writes)


async def test_dropping_a_collection_carries_no_rule_out(database: Any) -> None:
    doomed = await target()
    await RuleDenying(target=doomed).async_save()

    await RuleTarget.async_drop_collection()

    assert await counts(database, "rule_target", "rule_denying") == [0, 1]
