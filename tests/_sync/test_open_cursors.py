# Generated from tests/_async/test_open_cursors.py; do not edit.
# To write it again: python tools/generate_sync.py
"""What the server itself says of open cursors, and what a loop costs.

The server counts for all who use it, so its number is asked for when all is over only.
"""

from __future__ import annotations

import gc
from typing import Any

import pytest

from mongoengine.document import Document
from tests.commands import CommandLog
from tests.verb_models import Many

COUNT = 250


@pytest.fixture(autouse=True)
def numbers() -> None:
    Many.objects.insert([Many(n=n) for n in range(COUNT)], load_bulk=False)


def kinds() -> list[Any]:
    ordered = Many.objects.order_by("n").batch_size(50)
    return [
        pytest.param(lambda: ordered.clone(), id="cached"),
        pytest.param(lambda: ordered.no_cache(), id="not cached"),
    ]


each_kind = pytest.mark.parametrize("make", kinds())


class OpenCursors:
    """How many cursors the server has more than in the beginning."""

    def __init__(self, database: Any, before: int) -> None:
        self.database = database
        self.before = before

    def more(self) -> int:
        return total(self.database) - self.before

    def of_these_tests(self) -> int:
        """Return how many are on the collections of these tests; the server has some of its own."""
        stages = [
            {"$currentOp": {"idleCursors": True, "localOps": True}},
            {"$match": {"type": "idleCursor", "ns": {"$regex": f"^{self.database.name}\\."}}},
        ]
        cursor = self.database.client.admin.aggregate(stages)
        return len(cursor.to_list())

    def back_to_none(self) -> bool:
        """Tell whether they get closed; some are by what has yet to run."""
        for _ in range(50):
            gc.collect()
            if self.more() <= 0 and self.of_these_tests() == 0:
                return True
        return False

    def leave_no_collection(self) -> bool:
        """Tell whether temporary collections get dropped; that comes after the closing."""
        for _ in range(50):
            names = self.database.list_collection_names()
            if not any("tmp" in name for name in names):
                return True
        return False


def total(database: Any) -> int:
    status = database.client.admin.command("serverStatus")
    return int(status["metrics"]["cursor"]["open"]["total"])


@pytest.fixture
def cursors(database: Any) -> OpenCursors:
    return OpenCursors(database, total(database))


@each_kind
def test_a_loop_that_is_left_leaves_no_cursor(make: Any, cursors: OpenCursors) -> None:
    for many in make():
        if many.n == 60:
            assert cursors.of_these_tests() == 1
            break

    assert cursors.back_to_none()


@each_kind
def test_a_loop_whose_body_raises_leaves_no_cursor(make: Any, cursors: OpenCursors) -> None:
    def stumble() -> None:
        for many in make():
            if many.n == 60:
                assert cursors.of_these_tests() == 1
                raise KeyError(many.n)

    with pytest.raises(KeyError):
        stumble()

    assert cursors.back_to_none()


@each_kind
def test_a_forgotten_iterator_leaves_no_cursor(make: Any, cursors: OpenCursors) -> None:
    results = iter(make())
    assert next(results).n == 0
    assert cursors.of_these_tests() == 1

    del results

    assert cursors.back_to_none()


def test_a_forgotten_map_reduce_leaves_neither_cursor_nor_collection(
    cursors: OpenCursors,
) -> None:
    for _ in (
        Many.objects.order_by("n")
        .batch_size(50)
        .map_reduce("function() { emit(this._id, 1) }", "function(k, v) { return v }", "inline")
    ):
        assert cursors.of_these_tests() == 1
        break

    assert cursors.back_to_none()
    assert cursors.leave_no_collection()


def test_a_whole_batch_is_made_into_documents_at_a_time(
    commands: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    queryset = Many.objects.order_by("n").batch_size(50)
    sizes: list[int] = []
    load = type(queryset)._load

    def counted(self: Any, batch: list[Any]) -> list[Document]:
        sizes.append(len(batch))
        return load(self, batch)

    monkeypatch.setattr(type(queryset), "_load", counted)
    commands.clear()

    assert [many.n for many in queryset] == list(range(COUNT))

    assert sum(sizes) == COUNT
    assert len(sizes) <= COUNT // 50 + 1
    assert commands.names[0] == "find"
    assert set(commands.names[1:]) == {"getMore"}
    assert len(commands.names) <= COUNT // 50 + 1
