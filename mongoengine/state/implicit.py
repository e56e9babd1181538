"""Whether code that cannot await may talk to the server: attribute access, operators.

State floor: nothing is opened or asked here.
"""

from __future__ import annotations

from mongoengine.state import guard
from mongoengine.state.registry import ConnectionType, colours

__all__ = ("async_reaches", "may_block", "reaches")


def may_block(alias: str) -> bool:
    """Tell whether reading an attribute may ask the server behind an alias, and wait for it.

    On a sync alias it may, inside a running event loop too, as old code does, unless sync
    calls were forbidden there. On an alias of both colours, or not opened yet, it may where
    no event loop is running.
    """
    opened = colours(alias)
    if opened is ConnectionType.SYNC:
        return not (guard.refuses_sync and guard.loop_is_running())
    return opened is not ConnectionType.ASYNC and not guard.loop_is_running()


def reaches(alias: str) -> bool:
    """Tell whether sync calls may go to an alias: it is not open for async ones only."""
    return colours(alias) is not ConnectionType.ASYNC


def async_reaches(alias: str) -> bool:
    """Tell whether async calls may go to an alias: it is not open for sync ones only."""
    return colours(alias) is not ConnectionType.SYNC
