"""Iterating over querysets, with and without a cache."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from mongoengine.errors import OperationError
from mongoengine.queryset import QuerySet, QuerySetNoCache
from tests.commands import CommandLog
from tests.models import Measurement

COUNT = 250


@pytest_asyncio.fixture(autouse=True)
async def numbers() -> None:
    await Measurement.objects.async_insert(
        [Measurement(n=n) for n in range(COUNT)], load_bulk=False
    )


async def test_an_iteration_gives_every_document_once_and_in_order() -> None:
    seen = []
    async for measurement in Measurement.objects.order_by("n"):
        assert type(measurement) is Measurement
        seen.append(measurement.n)

    assert seen == list(range(COUNT))


async def test_a_list_is_loaded_by_one_query(commands: CommandLog) -> None:
    queryset = Measurement.objects.order_by("n").batch_size(1000)
    commands.clear()

    assert [m.n for m in await queryset.async_to_list()] == list(range(COUNT))
    assert len(await queryset.async_to_list()) == COUNT
    assert [m.n async for m in queryset] == list(range(COUNT))

    assert commands.names == ["find"]


async def test_results_are_kept_for_the_next_iteration(commands: CommandLog) -> None:
    queryset = Measurement.objects.order_by("n").batch_size(1000)
    first = [m async for m in queryset]
    await Measurement.objects.async_delete()
    commands.clear()

    second = [m async for m in queryset]

    assert commands.names == []
    assert all(one is other for one, other in zip(first, second, strict=True))
    assert [m async for m in queryset.clone()] == []


async def test_results_are_fetched_as_they_are_needed(commands: CommandLog) -> None:
    queryset = Measurement.objects.order_by("n").batch_size(100)
    commands.clear()

    async for measurement in queryset:
        if measurement.n == 50:
            break

    assert commands.names.count("find") == 1
    assert "getMore" not in commands.names


async def test_an_iteration_after_one_that_was_left_gives_every_document_once() -> None:
    queryset = Measurement.objects.order_by("n")
    seen = []
    async for measurement in queryset:
        seen.append(measurement)
        if measurement.n == 120:
            break

    found = [m async for m in queryset]

    assert [m.n for m in found] == list(range(COUNT))
    assert all(one is other for one, other in zip(seen, found, strict=False))


async def test_iterations_of_one_queryset_do_not_disturb_each_other() -> None:
    queryset = Measurement.objects(n__lt=120).order_by("n")
    pairs = []

    async for outer in queryset:
        if outer.n not in (0, 99, 119):
            continue
        async for inner in queryset:
            if inner.n in (0, 101, 119):
                pairs.append((outer.n, inner.n))

    assert pairs == [(outer, inner) for outer in (0, 99, 119) for inner in (0, 101, 119)]


async def test_a_list_after_a_part_of_an_iteration_holds_everything() -> None:
    queryset = Measurement.objects.order_by("n")
    iterator = queryset.__aiter__()
    assert (await anext(iterator)).n == 0

    assert [m.n for m in await queryset.async_to_list()] == list(range(COUNT))
    assert (await anext(iterator)).n == 1
    await iterator.aclose()


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200])
async def test_the_size_of_the_chunks_does_not_show(count: int) -> None:
    queryset = Measurement.objects.order_by("n")[:count]

    assert [m.n async for m in queryset] == list(range(count))
    assert [m.n async for m in queryset] == list(range(count))
    assert len(await queryset.async_to_list()) == count


async def test_a_list_is_the_callers_own() -> None:
    queryset = Measurement.objects.order_by("n")
    found = await queryset.async_to_list()

    found.clear()

    assert len(await queryset.async_to_list()) == COUNT


async def test_a_changed_document_shows_in_the_next_iteration() -> None:
    queryset = Measurement.objects.order_by("n")
    async for measurement in queryset:
        measurement.n = -measurement.n

    assert [m.n async for m in queryset][:3] == [0, -1, -2]


async def test_a_chain_starts_without_results(commands: CommandLog) -> None:
    queryset = Measurement.objects.order_by("n")
    await queryset.async_to_list()
    commands.clear()

    assert [m.n for m in await queryset.filter(n__lt=3).async_to_list()] == [0, 1, 2]
    assert commands.names == ["find"]


# Without a cache


async def test_a_queryset_without_a_cache_asks_anew_every_time(commands: CommandLog) -> None:
    queryset = Measurement.objects.order_by("n").batch_size(1000).no_cache()
    assert type(queryset) is QuerySetNoCache
    assert [m.n async for m in queryset] == list(range(COUNT))
    await Measurement.objects(n__gte=2).async_delete()
    commands.clear()

    assert [m.n async for m in queryset] == [0, 1]
    assert [m.n for m in await queryset.async_to_list()] == [0, 1]

    assert commands.names == ["find", "find"]


async def test_iterations_without_a_cache_do_not_disturb_each_other() -> None:
    queryset = Measurement.objects(n__lt=3).order_by("n").no_cache()

    pairs = [(outer.n, inner.n) async for outer in queryset async for inner in queryset]

    assert pairs == [(outer, inner) for outer in range(3) for inner in range(3)]


async def test_chains_keep_the_kind_of_queryset() -> None:
    uncached = Measurement.objects.no_cache().filter(n__lt=2).order_by("-n")
    assert type(uncached) is QuerySetNoCache
    assert [m.n async for m in uncached] == [1, 0]

    cached = uncached.cache()
    assert type(cached) is QuerySet
    assert [m.n async for m in cached] == [1, 0]


async def test_a_queryset_that_has_results_keeps_its_cache() -> None:
    queryset = Measurement.objects
    await queryset.async_to_list()

    with pytest.raises(OperationError, match=r"^QuerySet already cached$"):
        queryset.no_cache()


async def test_a_queryset_of_nothing_without_a_cache_is_empty(commands: CommandLog) -> None:
    commands.clear()

    assert [m async for m in Measurement.objects.none().no_cache()] == []
    assert [m async for m in Measurement.objects[:0].no_cache()] == []

    assert commands.names == []


async def test_a_cursor_left_open_is_closed_with_the_iteration(
    connection: Any, commands: CommandLog
) -> None:
    queryset = Measurement.objects.batch_size(10).no_cache()
    commands.clear()

    iterator = queryset.__aiter__()
    await anext(iterator)
    await iterator.aclose()

    assert "killCursors" in commands.names
