"""The async clients: one per alias and event loop.

State floor. The driver binds an async client to the event loop of its first operation, and
refuses any other loop ever after. So each loop has its own clients, made when they are first
needed and closed when the loop ends. Callers change this book under the registry's lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import warnings
from asyncio import AbstractEventLoop
from collections.abc import AsyncGenerator, Iterator, Mapping
from types import AsyncGeneratorType
from typing import Any, cast

# How long the end of an event loop may be held up by closing clients nobody closed: a
# server that is gone would otherwise hold it for the driver's whole selection timeout.
SECONDS_TO_CLOSE = 5.0


class LoopClients:
    """The clients of one event loop by alias, and the generator that closes them at its end."""

    __slots__ = ("clients", "databases", "keeper", "loop")

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.loop = loop
        self.clients: dict[str, Any] = {}
        self.databases: dict[str, Any] = {}
        self.keeper = cast("AsyncGeneratorType[None, None]", _close_at_end_of_loop(self))
        # The loop learns of an async generator when it is first advanced. This one comes to
        # its yield without awaiting, so it can be advanced by hand.
        _advance(anext(self.keeper))

    def take(self) -> list[Any]:
        """Remove all clients and return each once."""
        distinct = {id(client): client for client in self.clients.values()}
        self.clients.clear()
        self.databases.clear()
        return list(distinct.values())

    def retire(self) -> None:
        """End the keeper of a loop that has no clients left."""
        if not self.keeper.ag_running:
            _advance(self.keeper.aclose())


# Strong references: the client holds its loop, so a weak key would never go either.
_by_loop: dict[AbstractEventLoop, LoopClients] = {}

# asyncio keeps only weak references to tasks.
_closing: set[asyncio.Task[None]] = set()


def running_loop(alias: str) -> AbstractEventLoop:
    """Return the event loop that runs in this thread.

    Raises:
        RuntimeError: None does; the message names the alias whose client was asked for.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            f'No event loop is running in this thread, and the async connection "{alias}" needs '
            "one: call it from a coroutine, run by asyncio.run() for example."
        ) from None


def find(alias: str) -> Any:
    """Return the client ``alias`` has in the running loop, or None; also if none is running."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    if len(_by_loop) > 1:
        reap()
    held = _by_loop.get(loop)
    return None if held is None else held.clients.get(alias)


def database(alias: str, client: Any, name: str) -> Any:
    """Return the database ``name`` of the client ``alias`` has in the running loop.

    It is kept, since making one takes longer than all the rest of a look-up.
    """
    kept = _by_loop[running_loop(alias)].databases
    found = kept.get(alias)
    if found is None or found.name != name or found.client is not client:
        found = kept[alias] = client[name]
    return found


def clients_of(loop: AbstractEventLoop) -> Mapping[str, Any]:
    """Return the clients of ``loop`` by alias."""
    held = _by_loop.get(loop)
    return {} if held is None else held.clients


def remember(loop: AbstractEventLoop, alias: str, client: Any) -> None:
    """Keep ``client`` for ``alias`` in ``loop``, which must be the running one."""
    if loop not in _by_loop:
        _by_loop[loop] = LoopClients(loop)
    _by_loop[loop].clients[alias] = client


def reap() -> None:
    """Drop the clients of loops that were closed without ending their async generators.

    Loops ended as asyncio asks for, by ``asyncio.run()`` for example, leave none behind.
    """
    for loop in list(_by_loop):
        if loop.is_closed():
            held = _by_loop.pop(loop, None)
            if held is not None:
                _bury(held.take())


def release(alias: str, *, close_own: bool = False) -> Any:
    """Drop the clients of ``alias`` in all loops; return the running loop's to be closed.

    Clients of other loops are closed by those loops, as soon as they come to it; a client
    whose loop is closed is dropped. A client that another alias of its loop has too stays.

    Args:
        alias: The alias.
        close_own: Close the running loop's client like the others, and return None.
    """
    reap()
    try:
        own: AbstractEventLoop | None = None if close_own else asyncio.get_running_loop()
    except RuntimeError:
        own = None
    to_close = None
    for loop, held in list(_by_loop.items()):
        client = held.clients.pop(alias, None)
        held.databases.pop(alias, None)
        if client is None or any(client is other for other in held.clients.values()):
            continue
        if not held.clients:
            del _by_loop[loop]
            held.retire()
        if loop is own:
            to_close = client
        else:
            _close_soon(loop, client)
    return to_close


def release_all() -> None:
    """Drop every client; those of living loops are closed by their loops."""
    reap()
    for loop, held in list(_by_loop.items()):
        del _by_loop[loop]
        clients = held.take()
        held.retire()
        for client in clients:
            _close_soon(loop, client)


def forget_in_child() -> None:
    """Drop everything without closing it, in a process just forked.

    The keepers are ended by hand: the loop's own way would write to a pipe the parent reads.
    """
    for held in list(_by_loop.values()):
        held.take()
        held.retire()
    _by_loop.clear()
    _closing.clear()


async def _close_at_end_of_loop(held: LoopClients) -> AsyncGenerator[None, None]:
    """Close the clients of a loop when the loop ends, by waiting for just that.

    A loop that is ending closes the async generators it knows while it can still run.
    """
    try:
        yield
    finally:
        if _by_loop.get(held.loop) is held:
            _by_loop.pop(held.loop, None)
        async with contextlib.AsyncExitStack() as stack:
            if held.clients:
                stack.enter_context(_unwatched_async_generators())
            for client in held.take():
                stack.push_async_callback(_close_in_time, client)


@contextlib.contextmanager
def _unwatched_async_generators() -> Iterator[None]:
    """Keep this thread's loop from learning of new async generators.

    A loop that is ending warns of each, and closing a client takes some in older drivers.
    """
    watch = sys.get_asyncgen_hooks().firstiter
    sys.set_asyncgen_hooks(firstiter=None)
    try:
        yield
    finally:
        sys.set_asyncgen_hooks(firstiter=watch)


async def _close_in_time(client: Any) -> None:
    async with asyncio.timeout(SECONDS_TO_CLOSE):
        await client.close()


def _close_soon(loop: AbstractEventLoop, client: Any) -> None:
    """Have ``loop``, which may run in another thread, close its client."""

    def close() -> None:
        task = loop.create_task(client.close())
        _closing.add(task)
        task.add_done_callback(_closing.discard)

    try:
        loop.call_soon_threadsafe(close)
    except RuntimeError:
        # The loop was closed since we looked.
        _bury([client])


def _bury(clients: list[Any]) -> None:
    """Let go of clients whose loop is closed. No way is left to close them, nor a use in saying so.

    Their transports are reachable in cycles only, and their warnings come when these are
    collected: so that happens here, where they are not wanted, not anywhere later.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        clients.clear()
        gc.collect()


def _advance(step: Any) -> None:
    """Run a step of an async generator that does not wait for anything."""
    with contextlib.suppress(StopIteration):
        step.send(None)
