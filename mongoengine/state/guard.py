"""Refusing sync calls where an event loop runs, for programs that ask for it.

State floor. Who is about to wait for the server looks at ``refuses_sync`` and calls ``check``
when it is set; so a program that does not ask pays for the look only.
"""

from __future__ import annotations

import asyncio

from mongoengine.state.naming import OPERATOR_HINTS, counterpart, spoken

__all__ = ("check", "forbid_sync_in_running_loop", "loop_is_running")

#: Whether sync calls are refused in threads that run an event loop.
refuses_sync = False


def forbid_sync_in_running_loop(forbid: bool = True) -> None:
    """Have sync calls raise where an event loop runs, instead of holding it up.

    This holds for the whole process and all connections, from now on. Threads without a
    running loop, as those of ``asyncio.to_thread``, may go on with sync calls. ``connect()``
    and ``disconnect()`` are allowed everywhere. Reading a reference gives what it does where
    nothing can be loaded: a proxy to await.

    Args:
        forbid: False to allow them again.
    """
    global refuses_sync
    refuses_sync = forbid


def loop_is_running() -> bool:
    """Tell whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def check(call: str, instead: str | None = None) -> None:
    """Refuse a sync call in a running event loop.

    Args:
        call: The name of the call, as the user wrote it: ``"save"``.
        instead: The call of the other colour, where the rule ``x`` / ``async_x`` does not give it.

    Raises:
        RuntimeError: A loop is running in this thread; the message names the async call.
    """
    if not loop_is_running():
        return
    made = spoken(call)
    hint = f" {OPERATOR_HINTS[call]}" if call in OPERATOR_HINTS else ""
    raise RuntimeError(
        f"Use {spoken(instead or counterpart(call))} in a running event loop: {made} is a sync "
        "call, which would hold up all other tasks of the loop, and "
        "forbid_sync_in_running_loop() refuses it. Where it is needed, run it in a thread, by "
        f"asyncio.to_thread() for example.{hint}"
    )
