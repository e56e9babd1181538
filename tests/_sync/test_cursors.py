# Generated from tests/_async/test_cursors.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Cursors on the server: none is left behind by a loop, however it ends."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from mongoengine.errors import FieldDoesNotExist
from tests.commands import CommandLog
from tests.verb_models import Many

COUNT = 250


@pytest.fixture(autouse=True)
def numbers() -> None:
    Many.objects.insert([Many(n=n) for n in range(COUNT)], load_bulk=False)


def open_cursors(database: Any) -> int:
    """Return how many cursors over the collection the server keeps open."""
    stages = [
        {"$currentOp": {"idleCursors": True, "localOps": True}},
        {"$match": {"type": "idleCursor", "ns": f"{database.name}.many"}},
    ]
    cursor = database.client.admin.aggregate(stages)
    return len(cursor.to_list())


def all_closed(database: Any) -> bool:
    """Tell whether the cursors get closed; some are by a task that has yet to run."""
    for _ in range(50):
        if not open_cursors(database):
            return True
    return False


def kinds() -> list[Any]:
    ordered = Many.objects.order_by("n").batch_size(50)
    return [
        pytest.param(lambda: ordered.clone(), id="cached"),
        pytest.param(lambda: ordered.no_cache(), id="not cached"),
    ]


each_kind = pytest.mark.parametrize("make", kinds())


@each_kind
def test_a_loop_that_goes_on_has_a_cursor(make: Any, database: Any) -> None:
    results = make().__iter__()
    with closing(results):
        assert next(results).n == 0
        assert open_cursors(database) == 1

    assert all_closed(database)


@each_kind
def test_a_loop_to_the_end_leaves_no_cursor(make: Any, database: Any) -> None:
    assert [many.n for many in make()] == list(range(COUNT))

    assert open_cursors(database) == 0


@each_kind
def test_a_loop_that_is_left_closes_its_cursor(make: Any, database: Any) -> None:
    queryset = make()
    for many in queryset:
        if many.n == 60:
            break

    assert all_closed(database)
    # The queryset is still good for all of its results.
    assert [many.n for many in queryset] == list(range(COUNT))
    assert all_closed(database)


@each_kind
def test_a_loop_that_raises_closes_its_cursor(make: Any, database: Any) -> None:
    def stumble() -> None:
        for many in make():
            if many.n == 60:
                raise KeyError(many.n)

    with pytest.raises(KeyError):
        stumble()

    assert all_closed(database)


@each_kind
def test_a_document_that_cannot_be_loaded_closes_the_cursor(make: Any, database: Any) -> None:
    database.many.update_one({"number": 120}, {"$set": {"unknown": 1}})
    queryset = make()
    seen = []

    def read() -> None:
        for many in queryset:
            seen.append(many.n)

    with pytest.raises(FieldDoesNotExist):
        read()

    assert seen[:50] == list(range(50))
    assert all_closed(database)
    database.many.update_one({"number": 120}, {"$unset": {"unknown": 1}})
    assert [many.n for many in queryset] == list(range(COUNT))


def test_a_loop_inside_a_loop_leaves_the_cursor_to_the_other(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    outer = []

    for many in queryset:
        outer.append(many.n)
        if many.n in (10, 60):
            for inner in queryset:
                if inner.n == many.n + 45:
                    break

    assert outer == list(range(COUNT))
    assert all_closed(database)


# Going on after a loop was left


def left_at(queryset: Any, n: int) -> list[Many]:
    seen = []
    for many in queryset:
        seen.append(many)
        if many.n == n:
            break
    return seen


def test_documents_seen_before_are_the_same_objects_again(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    before = left_at(queryset, 60)
    assert all_closed(database)

    again = [many for many in queryset]

    assert all(one is other for one, other in zip(before, again, strict=False))
    assert [many.n for many in again] == list(range(COUNT))
    assert queryset.to_list() == again


def test_documents_deleted_meanwhile_do_not_hide_others(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    for many in left_at(queryset, 60):
        many.delete()
    assert all_closed(database)

    assert [many.n for many in queryset] == list(range(COUNT))


def test_a_window_stays_as_wide_as_it_was(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)[10:170]
    for many in left_at(queryset, 60):
        many.delete()
    assert all_closed(database)

    found = [many.n for many in queryset]

    assert len(found) == len(set(found)) == 160
    assert found[:100] == list(range(10, 110))


@pytest.mark.parametrize(
    ("chain", "value"),
    [
        (lambda q: q.scalar("n"), lambda result: result),
        (lambda q: q.as_pymongo(), lambda result: result["number"]),
        (lambda q: q.exclude("id"), lambda result: result.n),
        (lambda q: q.as_pymongo().exclude("id"), lambda result: result["number"]),
    ],
    ids=["scalar", "as_pymongo", "without key", "dicts without key"],
)
def test_whatever_is_given_is_given_once_and_completely(
    database: Any, chain: Any, value: Any
) -> None:
    queryset = chain(Many.objects.order_by("n").batch_size(50))
    for result in queryset:
        if value(result) == 60:
            break
    assert all_closed(database)

    assert [value(result) for result in queryset] == list(range(COUNT))


def test_a_list_after_a_loop_that_was_left_holds_everything(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    left_at(queryset, 0)
    assert all_closed(database)

    assert [many.n for many in queryset.to_list()] == list(range(COUNT))
    assert all_closed(database)


# Batch by batch


def test_results_come_in_the_batches_of_the_driver(commands: CommandLog) -> None:
    queryset = Many.objects.order_by("n").batch_size(20)
    commands.clear()

    for many in queryset:
        assert len(commands.of("find")) + len(commands.of("getMore")) == many.n // 20 + 1
        if many.n == 90:
            break


def test_a_large_batch_is_not_fetched_in_pieces(commands: CommandLog) -> None:
    queryset = Many.objects.order_by("n").batch_size(1000)
    commands.clear()

    assert [many.n for many in queryset] == list(range(COUNT))

    assert commands.names == ["find"]


# By hand


def test_results_can_be_taken_one_by_one(database: Any) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)

    assert [next(queryset).n for _ in range(60)] == list(range(60))
    queryset.rewind()
    assert next(queryset).n == 0
    assert open_cursors(database) == 1
    queryset.rewind()
    assert open_cursors(database) == 0
    queryset.rewind()


def test_results_taken_by_hand_have_an_end_and_the_form_asked_for() -> None:
    queryset = Many.objects.order_by("n").scalar("n")[5:7]

    assert [next(queryset), next(queryset)] == [5, 6]
    with pytest.raises(StopIteration):
        next(queryset)
    with pytest.raises(StopIteration):
        next(Many.objects.none())
    assert next(Many.objects.order_by("n").no_cache()).n == 0
