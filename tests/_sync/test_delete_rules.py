# Generated from tests/_async/test_delete_rules.py; do not edit.
# To write it again: python tools/generate_sync.py
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


def target(name: str = "target") -> RuleTarget:
    saved: RuleTarget = RuleTarget(name=name).save()
    return saved


def counts(database: Any, *names: str) -> list[int]:
    return [database[name].count_documents({}) for name in names]


# Each rule


@pytest.mark.parametrize(
    "field", ["nullify", "nullify_dbref", "nullify_lazy", "nullify_list", "nothing"]
)
def test_nullify_removes_the_field_of_those_who_refer(database: Any, field: str) -> None:
    doomed, kept = target(), target("kept")
    is_list = field == "nullify_list"
    for name, to in (("a", doomed), ("b", kept)):
        RuleOwner(name=name, **{field: [to] if is_list else to}).save()

    doomed.delete()

    raws = {raw["name"]: raw for raw in database["rule_owner"].find()}
    assert (field in raws["a"]) is (field == "nothing")
    assert field in raws["b"]
    assert counts(database, "rule_target") == [1]


@pytest.mark.parametrize("field", ["pull", "pull_dbref"])
def test_pull_takes_the_items_out_of_lists(database: Any, field: str) -> None:
    doomed, kept = target(), target("kept")
    RuleOwner(name="a", **{field: [doomed, kept, doomed]}).save()
    RuleOwner(name="b", **{field: [kept]}).save()

    doomed.delete()

    owners = {owner.name: owner for owner in RuleOwner.objects.select_related()}
    assert getattr(owners["a"], field) == [kept]
    assert getattr(owners["b"], field) == [kept]


def test_cascade_deletes_those_who_refer_and_those_who_refer_to_them(database: Any) -> None:
    doomed, kept = target(), target("kept")
    for to in (doomed, kept):
        cascading = RuleCascading(name=to.name, target=to).save()
        RuleFurther(name=to.name, cascading=cascading).save()

    doomed.delete()

    for name in ("rule_target", "rule_cascading", "rule_further"):
        assert [raw["name"] for raw in database[name].find().to_list()] == ["kept"]


def test_deny_keeps_the_document_and_changes_nothing(database: Any, commands: CommandLog) -> None:
    doomed = target()
    RuleOwner(nullify=doomed, pull=[doomed]).save()
    RuleCascading(target=doomed).save()
    RuleDenying(target=doomed).save()
    before = database["rule_owner"].find().to_list()
    commands.clear()

    with pytest.raises(OperationError) as caught:
        doomed.delete()

    assert str(caught.value) == "Could not delete document (RuleDenying.target refers to it)"
    assert {"update", "delete"}.isdisjoint(commands.names)
    assert counts(database, "rule_target", "rule_cascading") == [1, 1]
    assert database["rule_owner"].find().to_list() == before


def test_a_deny_beyond_a_cascade_is_found_before_anything_is_changed(
    database: Any, commands: CommandLog
) -> None:
    doomed = target()
    RuleOwner(nullify=doomed).save()
    cascading = RuleCascading(target=doomed).save()
    further = RuleFurther(cascading=cascading).save()
    denying = RuleDenying(further=further).save()
    commands.clear()

    with pytest.raises(OperationError, match=r"\(RuleDenying\.further refers to it\)$"):
        doomed.delete()
    assert {"update", "delete"}.isdisjoint(commands.names)

    denying.delete()
    doomed.delete()
    names = ("rule_target", "rule_cascading", "rule_further")
    assert counts(database, *names) == [0, 0, 0]


def test_what_nobody_refers_to_is_deleted(database: Any) -> None:
    RuleDenying(target=target("kept")).save()

    target().delete()

    assert counts(database, "rule_target") == [1]


# Querysets


def test_a_queryset_carries_the_rules_out_for_all_it_finds(
    database: Any, commands: CommandLog
) -> None:
    targets = [target(f"t{number}") for number in range(3)]
    for to in targets:
        RuleCascading(target=to).save()
        RuleOwner(name=to.name, nullify=to, pull=targets).save()
    commands.clear()

    assert RuleTarget.objects(name__in=["t0", "t1"]).delete() == 2

    deleted_from = [command["delete"] for command in commands.of("delete")]
    assert deleted_from == ["rule_further", "rule_cascading", "rule_target"]
    owners = {raw["name"]: raw for raw in database["rule_owner"].find()}
    assert [name for name, raw in owners.items() if "nullify" in raw] == ["t2"]
    assert all(raw["pull"] == [targets[2].id] for raw in owners.values())
    assert counts(database, "rule_cascading", "rule_target") == [1, 1]


def test_nothing_to_delete_changes_nothing(database: Any) -> None:
    RuleOwner(nullify=target()).save()

    assert RuleTarget.objects(name="nobody").delete() == 0
    assert RuleTarget.objects.none().delete() == 0

    assert "nullify" in database["rule_owner"].find_one()


def test_a_class_without_rules_is_deleted_by_one_command(commands: CommandLog) -> None:
    RuleDenying().save()
    commands.clear()

    RuleDenying.objects.delete()

    assert commands.names == ["delete"]


def test_what_the_queryset_gives_makes_no_difference(database: Any) -> None:
    doomed = target()
    RuleCascading(target=doomed).save()

    RuleTarget.objects.as_pymongo().only("name").delete()
    assert counts(database, "rule_cascading", "rule_target") == [0, 0]

    doomed = target()
    RuleCascading(target=doomed).save()
    RuleTarget.objects.scalar("name").delete()
    assert counts(database, "rule_cascading", "rule_target") == [0, 0]


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
def test_only_those_who_refer_to_what_a_narrowed_queryset_finds_are_concerned(
    database: Any, narrow: Any, kept: str
) -> None:
    for name in "01234":
        RuleCascading(name=name, target=target(name)).save()

    narrow(RuleTarget.objects.order_by("name")).delete()

    for collection in ("rule_target", "rule_cascading"):
        names = {raw["name"] for raw in database[collection].find()}
        assert names == set(kept)


def test_a_denied_document_of_a_narrowed_queryset_keeps_the_others(database: Any) -> None:
    for name in "012":
        target(name)
    last = RuleTarget.objects.get(name="1")
    RuleDenying(target=last).save()

    with pytest.raises(OperationError, match=r"RuleDenying\.target refers to it"):
        RuleTarget.objects.order_by("name").limit(2).delete()

    assert counts(database, "rule_target", "rule_denying") == [3, 1]


def test_a_document_that_refers_to_itself_is_deleted(database: Any) -> None:
    node = RuleNode(name="1").save()
    node.next = node
    node.save()

    node.delete()

    assert counts(database, "rule_node") == [0]


def test_equal_keys_in_two_collections_are_told_apart(database: Any) -> None:
    one, two = RuleKeyed(number=1).save(), RuleKeyed(number=2).save()
    RuleCascading(name="of two", keyed=two).save()
    RuleCascading(name="of one", keyed=one).save()
    RuleOwner(keyed=two).save()

    two.delete()

    assert [raw["name"] for raw in database["rule_cascading"].find().to_list()] == ["of one"]
    assert "keyed" not in database["rule_owner"].find_one()


def test_rules_of_a_subclass_hold_when_it_is_deleted_through_the_top(database: Any) -> None:
    leaf = RuleLeaf().save()
    RuleCascading(leaf=leaf).save()
    RuleBase().save()

    assert RuleBase.objects.delete() == 2

    assert counts(database, "rule_cascading", "rule_base") == [0, 0]


# Cycles


def test_a_cycle_within_a_collection_ends(database: Any) -> None:
    first = RuleNode(name="1").save()
    second = RuleNode(name="2", next=first).save()
    third = RuleNode(name="3", next=second).save()
    first.next = third
    first.save()
    alone = RuleNode(name="4").save()
    alone.next = alone
    alone.save()

    second.delete()
    assert [raw["name"] for raw in database["rule_node"].find().to_list()] == ["4"]

    alone.delete()
    assert counts(database, "rule_node") == [0]


def test_a_cycle_through_two_collections_ends(database: Any) -> None:
    hen = RuleHen().save()
    egg = RuleEgg(hen=hen).save()
    hen.egg = egg
    hen.save()

    hen.delete()

    assert counts(database, "rule_hen", "rule_egg") == [0, 0]


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


def test_a_cascade_deletes_one_by_one_before_receivers(
    database: Any, deletions: list[tuple[str, str]]
) -> None:
    doomed = target()
    for name in "ab":
        cascading = RuleCascading(name=name, target=doomed).save()
        RuleFurther(name=name, cascading=cascading).save()

    doomed.delete()

    assert sorted(deletions[:2] + deletions[2:]) == [
        ("RuleCascading", "before a"),
        ("RuleCascading", "before b"),
        ("RuleFurther", "after a"),
        ("RuleFurther", "after b"),
    ]
    assert counts(database, "rule_cascading", "rule_further") == [0, 0]


def test_a_cycle_before_receivers_ends_and_each_is_seen_once(
    database: Any, deletions: list[tuple[str, str]]
) -> None:
    first = RuleNode(name="1").save()
    second = RuleNode(name="2", next=first).save()
    first.next = second
    first.save()

    first.delete()

    assert sorted(deletions) == [("RuleNode", "before 1"), ("RuleNode", "before 2")]
    assert counts(database, "rule_node") == [0]


def test_the_write_concern_goes_along(commands: CommandLog) -> None:
    doomed = target()
    RuleCascading(target=doomed).save()
    RuleOwner(nullify=doomed, pull=[doomed]).save()
    commands.clear()

    doomed.delete(w=1, j=True)

    writes = [command for name in ("update", "delete") for command in commands.of(name)]
    assert len(writes) > 4
    assert all(command["writeConcern"] == {"w": 1, "j": True} for command in writes)


def test_dropping_a_collection_carries_no_rule_out(database: Any) -> None:
    doomed = target()
    RuleDenying(target=doomed).save()

    RuleTarget.drop_collection()

    assert counts(database, "rule_target", "rule_denying") == [0, 1]
