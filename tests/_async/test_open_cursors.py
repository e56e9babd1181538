"""What the server itself says of open cursors, and what a loop costs.

The server counts for all who use it, so its number is asked for when all is over only.
"""

from __future__ import annotations

import gc
from typing import Any

import pytest
import pytest_asyncio

from mongoengine.document import Document
from tests.commands import CommandLog
from tests.verb_models import Many

COUNT = 250


@pytest_asyncio.fixture(autouse=True)
async def numbers() -> None:
    await Many.objects.async_insert([Many(n=n) for n in range(COUNT)], load_bulk=False)


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

    async def more(self) -> int:
        return await total(self.database) - self.before

    async def of_these_tests(self) -> int:
        """Return how many are on the collections of these tests; the server has some of its own."""
        stages = [
            {"$currentOp": {"idleCursors": True, "localOps": True}},
            {"$match": {"type": "idleCursor", "ns": {"$regex": f"^{self.database.name}\\."}}},
        ]
        cursor = await self.database.client.admin.aggregate(stages)
        return len(await cursor.to_list())

    async def back_to_none(self) -> bool:
        """Tell whether they get closed; some are by what has yet to run."""
        for _ in range(50):
            gc.collect()
            if await self.more() <= 0 and await self.of_these_tests() == 0:
                return True
        return False

    async def leave_no_collection(self) -> bool:
        """Tell whether temporary collections get dropped; that comes after the closing."""
        for _ in range(50):
            names = await self.database.list_collection_names()
            if not any("tmp" in name for name in names):
                return True
        return False


async def total(database: Any) -> int:
    status = await database.client.admin.command("serverStatus")
    return int(status["metrics"]["cursor"]["open"]["total"])


@pytest_asyncio.fixture
async def cursors(database: Any) -> OpenCursors:
    return OpenCursors(database, await total(database))


@each_kind
async def test_a_loop_that_is_left_leaves_no_cursor(make: Any, cursors: OpenCursors) -> None:
    async for many in make():
        if many.n == 60:
            assert await cursors.of_these_tests() == 1
            break

    assert await cursors.back_to_none()


@each_kind
async def test_a_loop_whose_body_raises_leaves_no_cursor(make: Any, cursors: OpenCursors) -> None:
    async def stumble() -> None:
        async for many in make():
            if many.n == 60:
                assert await cursors.of_these_tests() == 1
                raise KeyError(many.n)

    with pytest.raises(KeyError):
        await stumble()

    assert await cursors.back_to_none()


@each_kind
async def test_a_forgotten_iterator_leaves_no_cursor(make: Any, cursors: OpenCursors) -> None:
    results = aiter(make())
    assert (await anext(results)).n == 0
    assert await cursors.of_these_tests() == 1

    del results

    assert await cursors.back_to_none()


async def test_a_forgotten_map_reduce_leaves_neither_cursor_nor_collection(
    cursors: OpenCursors,
) -> None:
    async for _ in (
        Many.objects.order_by("n")
        .batch_size(50)
        .async_map_reduce(
            "function() { emit(this._id, 1) }", "function(k, v) { return v }", "inline"
        )
    ):
        assert await cursors.of_these_tests() == 1
        break

    assert await cursors.back_to_none()
    assert await cursors.leave_no_collection()


async def test_a_whole_batch_is_made_into_documents_at_a_time(
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

    assert [many.n async for many in queryset] == list(range(COUNT))

    assert sum(sizes) == COUNT
    assert len(sizes) <= COUNT // 50 + 1
    assert commands.names[0] == "find"
    assert set(commands.names[1:]) == {"getMore"}
    assert len(commands.names) <= COUNT // 50 + 1
