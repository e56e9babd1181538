"""Timing one job, and what is made of many samples: minimum, median, ratio."""

from __future__ import annotations

import gc
import inspect
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Literal

from benchmarks.contenders.job import Job

__all__ = ("CLOCKS", "calibrate", "kept_bytes", "ratio", "sample", "typical")

#: CPU time does not see that other programs run; waiting for a server is wall time.
CLOCKS: dict[str, Callable[[], float]] = {"cpu": time.process_time, "wall": time.perf_counter}

#: Batches kept at once where memory is measured.
KEPT = 4


def typical(values: Sequence[float], metric: str) -> float:
    """Return the one number that stands for many samples.

    What this process does alone is only ever disturbed upward: the minimum. With a server
    both sides vary: the median.
    """
    return statistics.median(values) if metric == "wall" else min(values)


def ratio(value: float | None, base: float | None) -> float | None:
    """Return how many times the base a value is; None when one of the two is missing."""
    if value is None or not base:
        return None
    return value / base


async def sample(job: Job, calls: int, clock: Literal["cpu", "wall"]) -> float:
    """Return the seconds that some calls of a job take, with the garbage collector off."""
    if job.prepare is not None and (preparing := job.prepare(calls)) is not None:
        await preparing
    awaited = inspect.isawaitable  # bound before the clock runs
    now, call = CLOCKS[clock], job.call
    gc.collect()
    gc.disable()
    try:
        start = now()
        first = call()
        if awaited(first):
            await first
            for _ in range(calls - 1):
                await call()
        else:
            for _ in range(calls - 1):
                call()
        return now() - start
    finally:
        gc.enable()


async def calibrate(job: Job, seconds: float, clock: Literal["cpu", "wall"]) -> int:
    """Return how many calls take about that long, after warming up."""
    await sample(job, 1, clock)
    calls = 1
    while calls < job.most:
        spent = await sample(job, calls, clock)
        if spent >= seconds / 2:
            return max(1, min(job.most, round(calls * seconds / spent)))
        calls = min(job.most, calls * 4)
    return job.most


def kept_bytes(job: Job) -> float:
    """Return what a unit of what a job returns weighs, as `tracemalloc` counts it."""
    job.call()
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        kept = [job.call() for _ in range(KEPT)]
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (after - before) / (job.units * len(kept))
