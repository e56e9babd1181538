"""Waiting: for a pause, and for what must not be broken off. Pairs the twins call by one name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

__all__ = ("async_pause", "async_to_the_end", "pause", "to_the_end")

P = ParamSpec("P")
T = TypeVar("T")


def pause(seconds: float) -> None:
    """Do nothing for a while."""
    time.sleep(seconds)


async def async_pause(seconds: float) -> None:
    """Do nothing for a while, and let other tasks go on."""
    await asyncio.sleep(seconds)


def to_the_end(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function and return its result: no cancellation breaks it off halfway."""
    return work(*args, **kwargs)


async def async_to_the_end(
    work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Call a function and return its result, even if this task is cancelled meanwhile.

    Raises:
        CancelledError: The task was cancelled, which takes effect now; caused by the failure
            of the function, if it has failed as well.
    """
    task = asyncio.ensure_future(work(*args, **kwargs))
    cancellation: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancellation = error
    if cancellation is not None:
        raise cancellation from (None if task.cancelled() else task.exception())
    return task.result()
