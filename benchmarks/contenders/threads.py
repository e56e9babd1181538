"""Doing one thing in several threads, or tasks, at once: the same way for every contender."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.contenders.job import per_worker

__all__ = ("Crew", "in_tasks")


class Crew:
    """Some threads that stay."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.pool = ThreadPoolExecutor(width)

    def job(self, action: Callable[[], Any]) -> Callable[[], None]:
        """Return a call in which every thread does its share of the actions."""
        share = per_worker(self.width)

        def work() -> None:
            for _ in range(share):
                action()

        def call() -> None:
            for future in [self.pool.submit(work) for _ in range(self.width)]:
                future.result()

        return call


def in_tasks(width: int, action: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[None]]:
    """Return a call in which each of some tasks does its share of the actions."""
    share = per_worker(width)

    async def work() -> None:
        for _ in range(share):
            await action()

    async def call() -> None:
        await asyncio.gather(*(work() for _ in range(width)))

    return call
