"""Whether code that cannot await may talk to the server: attribute access, operators.

State floor: nothing is opened or asked here.
"""

from __future__ import annotations

import asyncio

from mongoengine.state.registry import ConnectionType, colours

__all__ = ("may_block",)


def may_block(alias: str) -> bool:
    """Tell whether reading an attribute may ask the server behind an alias, and wait for it.

    On a sync alias it may, inside a running event loop too, as old code does. On an alias
    of both colours, or not opened yet, it may where no event loop is running.
    """
    opened = colours(alias)
    if opened is ConnectionType.SYNC:
        return True
    return opened is not ConnectionType.ASYNC and not _loop_is_running()


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
