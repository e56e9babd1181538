"""Work that keeps a processor busy, such as decoding images: off the event loop, if there is one.

State floor: a pair the twins call by one name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

__all__ = ("async_offload", "offload")

P = ParamSpec("P")
T = TypeVar("T")


def offload(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function and return its result."""
    return function(*args, **kwargs)


async def async_offload(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread, so that the event loop goes on, and return its result."""
    return await asyncio.to_thread(function, *args, **kwargs)
