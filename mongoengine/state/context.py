"""What belongs to one task or thread: the stack of sessions, and the tool for more of the kind.

State floor. The values are immutable and live in context variables, so two tasks or threads
never see each other's, and a task begins with those of the code that started it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class ContextValue(Generic[T]):
    """An immutable value per task or thread, changed for the length of a block.

    Make instances at module level only: a context keeps its variables for ever.
    """

    __slots__ = ("_variable",)

    def __init__(self, name: str, default: T) -> None:
        self._variable: ContextVar[T] = ContextVar(name, default=default)

    def get(self) -> T:
        """Return the value of the current task or thread."""
        return self._variable.get()

    def set(self, value: T) -> Token[T]:
        """Change the value; return the token that takes this change back."""
        return self._variable.set(value)

    def reset(self, token: Token[T]) -> None:
        """Bring back the value from before the ``set`` that gave ``token``.

        Raises:
            ValueError: ``token`` is of another task or thread.
        """
        self._variable.reset(token)

    @contextmanager
    def to(self, value: T) -> Iterator[None]:
        """Hold ``value`` for the length of a ``with`` block."""
        token = self._variable.set(value)
        try:
            yield
        finally:
            self._variable.reset(token)


class SessionBlock:
    """A session of the driver and the code it is for; this one is for whoever sees it.

    Args:
        session: It knows its client, which tells its colour and its deployment.
    """

    __slots__ = ("session",)

    def __init__(self, session: Any) -> None:
        self.session = session

    @property
    def in_transaction(self) -> bool:
        """Whether operations must join the session, or not run at all."""
        return bool(self.session.in_transaction)

    def __enter__(self) -> Any:
        """Return the session, for one operation."""
        return self.session

    def __exit__(self, *_: object) -> None:
        """The operation has ended, which is nothing to remember."""

    def check(self) -> None:
        """Refuse the session to code that must not use it; here there is none."""


sessions: ContextValue[tuple[SessionBlock, ...]] = ContextValue("mongoengine_sessions", ())


def current_session() -> Any:
    """Return the innermost session of this task or thread, whatever its client, or None."""
    stack = sessions.get()
    return stack[-1].session if stack else None


class LocalSessions:
    """The stack of sessions of this task or thread, innermost last."""

    @property
    def sessions(self) -> tuple[Any, ...]:
        """The sessions, as a snapshot."""
        return tuple(block.session for block in sessions.get())

    def append(self, session: Any) -> None:
        """Make ``session`` the current one."""
        sessions.set((*sessions.get(), SessionBlock(session)))

    def get_current(self) -> Any:
        """Return the current session, or None."""
        return current_session()

    def clear_current(self) -> None:
        """Go back to the session before the current one, if there is one at all."""
        sessions.set(sessions.get()[:-1])

    def clear_all(self) -> None:
        """Leave no session."""
        sessions.set(())


local_sessions = LocalSessions()


if hasattr(os, "register_at_fork"):
    # The sessions are those of the parent's clients.
    os.register_at_fork(after_in_child=local_sessions.clear_all)
