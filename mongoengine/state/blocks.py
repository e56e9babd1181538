"""Blocks of code with a setting of their own, for ``with`` and for ``async with``.

State floor. Entering and leaving such a block never waits for anything, so the two do the same.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, ParamSpec, TypeVar

__all__ = ("Block", "MadeBlock", "block")

P = ParamSpec("P")
T = TypeVar("T")


class Block(Generic[T]):
    """What is held while a block runs. To be entered by one task or thread at a time."""

    def _manager(self) -> AbstractContextManager[T]:
        """Return what to enter, anew for each time."""
        raise NotImplementedError(f"{type(self).__name__} does not say what to enter")

    def __enter__(self) -> T:
        manager = self._manager()
        value = manager.__enter__()
        # A block may be entered inside itself.
        self.__dict__.setdefault("_entered", []).append(manager)
        return value

    def __exit__(self, t: Any, value: Any, traceback: Any) -> bool | None:
        manager: AbstractContextManager[T] = self.__dict__["_entered"].pop()
        return manager.__exit__(t, value, traceback)

    async def __aenter__(self) -> T:
        return self.__enter__()

    async def __aexit__(self, t: Any, value: Any, traceback: Any) -> bool | None:
        return self.__exit__(t, value, traceback)


class MadeBlock(Block[T]):
    """A block made by calling a function; as a decorator it is held during every call."""

    def __init__(self, make: Callable[[], AbstractContextManager[T]]) -> None:
        self._make = make

    def _manager(self) -> AbstractContextManager[T]:
        return self._make()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function, or a coroutine function, that runs inside the block."""
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapped_async(*args: Any, **kwargs: Any) -> Any:
                with self._make():
                    return await function(*args, **kwargs)

            return wrapped_async

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self._make():
                return function(*args, **kwargs)

        return wrapped


def block(make: Callable[P, AbstractContextManager[T]]) -> Callable[P, MadeBlock[T]]:
    """Turn a function that gives a context manager into one that gives a block of both colours."""

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> MadeBlock[T]:
        return MadeBlock(functools.partial(make, *args, **kwargs))

    return made
