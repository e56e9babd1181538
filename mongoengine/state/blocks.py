"""Blocks of code with a setting of their own, for ``with`` and for ``async with``.

State floor. Entering and leaving such a block never waits for anything, so the two do the same.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, ParamSpec, TypeVar, cast

from mongoengine.state.context import ContextValue

__all__ = ("Block", "MadeBlock", "block")

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
T = TypeVar("T")


class Block(Generic[T]):
    """What is held while a block runs, by any number of tasks and threads, and inside itself.

    As a decorator of a function, or of a coroutine function, it is held during every call.
    """

    def _manager(self) -> AbstractContextManager[T]:
        """Return what to enter, anew for each time."""
        raise NotImplementedError(f"{type(self).__name__} does not say what to enter")

    def __enter__(self) -> T:
        manager = self._manager()
        value = manager.__enter__()
        _entered.set((*_entered.get(), (self, manager)))
        return value

    def __exit__(self, t: Any, value: Any, traceback: Any) -> bool | None:
        return self._leave().__exit__(t, value, traceback)

    async def __aenter__(self) -> T:
        return self.__enter__()

    async def __aexit__(self, t: Any, value: Any, traceback: Any) -> bool | None:
        return self.__exit__(t, value, traceback)

    def __call__(self, function: F) -> F:
        """Return a function, or a coroutine function, that runs inside the block."""
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapped_async(*args: Any, **kwargs: Any) -> Any:
                with self._manager():
                    return await function(*args, **kwargs)

            return cast("F", wrapped_async)

        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self._manager():
                return function(*args, **kwargs)

        return cast("F", wrapped)

    def _leave(self) -> AbstractContextManager[Any]:
        """Forget, and return, what this task or thread entered last by this block."""
        entered = _entered.get()
        for number in reversed(range(len(entered))):
            block, manager = entered[number]
            if block is self:
                _entered.set(entered[:number] + entered[number + 1 :])
                return manager
        raise RuntimeError(
            f"This task or thread is not inside a {type(self).__name__} block: leave it in the "
            "one that entered it."
        )


#: What this task or thread has entered and not left, innermost last.
_entered: ContextValue[tuple[tuple[Block[Any], AbstractContextManager[Any]], ...]] = ContextValue(
    "mongoengine_entered_blocks", ()
)


class MadeBlock(Block[T]):
    """A block made by calling a function."""

    def __init__(self, make: Callable[[], AbstractContextManager[T]]) -> None:
        self._make = make

    def _manager(self) -> AbstractContextManager[T]:
        return self._make()


def block(make: Callable[P, AbstractContextManager[T]]) -> Callable[P, MadeBlock[T]]:
    """Turn a function that gives a context manager into one that gives a block of both colours."""

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> MadeBlock[T]:
        return MadeBlock(functools.partial(make, *args, **kwargs))

    return made
