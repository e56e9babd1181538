"""Waiting: for a pause, for what must not be broken off, for the user's own functions.

State floor: pairs the twins call by one name.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

__all__ = (
    "answered",
    "async_answered",
    "async_pause",
    "async_result_of",
    "async_to_the_end",
    "async_value_of",
    "check_callback",
    "pause",
    "result_of",
    "to_the_end",
    "value_of",
)

P = ParamSpec("P")
T = TypeVar("T")

# How long a cancelled task waits for an answer that may be on its way. A query that takes
# longer is broken off; the server gives it up when it finds the connection closed.
SECONDS_FOR_AN_ANSWER = 0.5


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


def check_callback(function: Any, call: str) -> None:
    """Make sure that a call can deal with what a function returns.

    Args:
        function: The function.
        call: The call it was given to; only one with ``async_`` can await.

    Raises:
        TypeError: It cannot.
    """
    if not callable(function):
        raise TypeError(f"{call}() takes a function, not {function!r}")
    if inspect.iscoroutinefunction(function) and not call.startswith("async_"):
        raise TypeError(
            f"{call}() cannot await {function.__qualname__}(): use async_{call}() in an async "
            "transaction, or give it a plain function"
        )


def result_of(function: Callable[[], T]) -> T:
    """Call a function of the user's.

    Raises:
        TypeError: It has returned a coroutine, which nobody would await.
    """
    result = function()
    if inspect.iscoroutine(result):
        result.close()
        raise TypeError(
            f"{function!r} returned a coroutine, which a synchronous call cannot await: use the "
            "async_ call, or give it a function that does its work itself"
        )
    return result


async def async_result_of(function: Callable[[], Any]) -> Any:
    """Call a function of the user's, and await it if it is a coroutine function."""
    result = function()
    # Other awaitables are left alone: a reference is one, and awaiting it would load it.
    return await result if inspect.iscoroutine(result) else result


def value_of(function: Callable[[], T]) -> T:
    """Call a function of the user's.

    Raises:
        TypeError: It has returned a coroutine, which nobody would await.
    """
    return result_of(function)


async def async_value_of(function: Callable[[], Awaitable[T]]) -> T:
    """Call a function of the user's, and await what it returns, whatever that is."""
    return await function()


def answered(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that opens something on the server, and return its result."""
    return work(*args, **kwargs)


async def async_answered(
    work: Callable[P, Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Call a function that opens something on the server, and return its result.

    If this task is cancelled meanwhile, the answer is awaited for a moment all the same: it
    alone says what has been opened. A cursor that was returned is closed then.

    Raises:
        CancelledError: The task was cancelled.
    """
    task = asyncio.ensure_future(work(*args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        try:
            await asyncio.wait([task], timeout=SECONDS_FOR_AN_ANSWER)
        finally:
            task.cancel()
            await async_to_the_end(_async_close_result, task)
        raise


async def _async_close_result(task: asyncio.Future[Any]) -> None:
    await asyncio.wait([task])
    # Asking for the exception also says that somebody knows of it.
    if not task.cancelled() and task.exception() is None:
        close = getattr(task.result(), "close", None)
        if close is not None:
            await close()
