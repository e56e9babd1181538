# %% [markdown]
# # How long does a call take when many wait at once?
#
# The same lookups, first by threads with `get`, then by tasks of one event loop with `async_get`.
# At every concurrency both have as many connections as callers, so nobody waits for the pool.
#
# `nox -s latency` measures on a throw-away MongoDB and draws `docs/images/latency.png`. In a
# notebook or an editor with cells, set MONGODB_URI and run the cells in turn. Server and callers
# share one machine: compare the colours, and take no number as a promise.

# %%
from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple, TypeVar

from mongoengine import (
    Document,
    IntField,
    StringField,
    connect,
    connect_async,
    disconnect,
    disconnect_async,
)

T = TypeVar("T")

CALLS = int(os.environ.get("LATENCY_CALLS", "2000"))  # at every concurrency, in either colour
CONCURRENCIES = [int(n) for n in os.environ.get("LATENCY_AT", "1 4 16 64 256").split()]
PLOT = os.environ.get("LATENCY_PLOT", "docs/images/latency.png")  # empty: no plot
DOCUMENTS = 1000


class Reading(Document):
    number = IntField(primary_key=True)
    sensor = StringField()
    note = StringField()

    meta = {"collection": "latency_readings"}


def settings(concurrency: int) -> dict[str, Any]:
    return {
        "db": os.environ.get("LATENCY_DATABASE", "latency"),
        "host": os.environ.get("MONGODB_URI", "mongodb://localhost:27017"),
        "uuidRepresentation": "standard",
        "maxPoolSize": concurrency,
    }


# %% [markdown]
# Every caller takes the next call until none is left. A round of calls goes before and is not
# counted: it opens connections. Those it did not need are opened later, which shows in the 99 %.


# %%
class Measured(NamedTuple):
    """Latencies in milliseconds, and calls per second."""

    median: float
    slowest_percent: float
    per_second: float


def summary(latencies: list[float], seconds: float) -> Measured:
    milliseconds = [latency * 1000 for latency in latencies]
    percentiles = quantiles(milliseconds, n=100)
    return Measured(median(milliseconds), percentiles[98], len(latencies) / seconds)


def with_threads(concurrency: int) -> Measured:
    connect(**settings(concurrency))
    latencies: list[float] = []
    numbers = count()
    ready = threading.Barrier(concurrency + 1)

    def caller() -> None:
        Reading.objects.get(pk=0)
        ready.wait()
        while (number := next(numbers)) < CALLS:
            begun = time.perf_counter()
            found = Reading.objects.get(pk=number % DOCUMENTS)
            latencies.append(time.perf_counter() - begun)
            assert found.number == number % DOCUMENTS

    try:
        with ThreadPoolExecutor(concurrency) as threads:
            callers = [threads.submit(caller) for _ in range(concurrency)]
            ready.wait()
            begun = time.perf_counter()
            for each in callers:
                each.result()
            return summary(latencies, time.perf_counter() - begun)
    finally:
        disconnect()


async def with_tasks(concurrency: int) -> Measured:
    await connect_async(**settings(concurrency))
    latencies: list[float] = []
    numbers = count()

    async def caller() -> None:
        while (number := next(numbers)) < CALLS:
            begun = time.perf_counter()
            found = await Reading.objects.async_get(pk=number % DOCUMENTS)
            latencies.append(time.perf_counter() - begun)
            assert found.number == number % DOCUMENTS

    try:
        await asyncio.gather(*(Reading.objects.async_get(pk=0) for _ in range(concurrency)))
        begun = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(concurrency)))
        return summary(latencies, time.perf_counter() - begun)
    finally:
        await disconnect_async()


def in_a_loop_of_its_own(measure: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine in a thread: a notebook has a loop that runs already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(measure())).result()


# %% [markdown]
# ## Measure

# %%
connect(**settings(1))
Reading.drop_collection()
Reading.objects.insert(
    [Reading(number=n, sensor=f"sensor {n % 7}", note="x" * 200) for n in range(DOCUMENTS)]
)
disconnect()

threads: list[Measured] = []
tasks: list[Measured] = []
print("callers   threads: median / 99 % / calls per s      tasks: median / 99 % / calls per s")
for concurrency in CONCURRENCIES:
    threads.append(with_threads(concurrency))
    tasks.append(in_a_loop_of_its_own(lambda n=concurrency: with_tasks(n)))  # type: ignore[misc]
    cells = [
        f"{m.median:8.2f} ms {m.slowest_percent:8.2f} ms {m.per_second:8.0f}"
        for m in (threads[-1], tasks[-1])
    ]
    print(f"{concurrency:7}   {'      '.join(cells)}")

connect(**settings(1))
Reading.drop_collection()
disconnect()

# %% [markdown]
# ## Draw

# %%
if PLOT:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (latency, throughput) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for label, measured, colour in (
        ("threads, get()", threads, "tab:blue"),
        ("tasks, async_get()", tasks, "tab:orange"),
    ):
        latency.plot(CONCURRENCIES, [m.median for m in measured], "o-", color=colour, label=label)
        latency.plot(CONCURRENCIES, [m.slowest_percent for m in measured], "o:", color=colour)
        throughput.plot(CONCURRENCIES, [m.per_second for m in measured], "o-", color=colour)
    latency.set(
        title="Latency of a call (line: median, dots: 99 %)",
        xlabel="callers at once",
        ylabel="milliseconds (log)",
        xscale="log",
        yscale="log",
    )
    throughput.set(
        title="Throughput",
        xlabel="callers at once",
        ylabel="calls per second",
        xscale="log",
        ylim=(0, None),
    )
    for axes in (latency, throughput):
        axes.set_xticks(CONCURRENCIES, [str(n) for n in CONCURRENCIES], minor=False)
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    latency.legend()
    Path(PLOT).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PLOT, dpi=100)
    pyplot.close(figure)
    print(f"drawn in {PLOT}")
