"""What depends on the server: names for its versions, and the version of the connected one.

An import path of upstream's. The constants are for every floor; asking the server is I/O, so
that is done by the twins, which are imported when it is called for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mongoengine._reexports import reexports_of

MONGODB_34 = (3, 4)
MONGODB_36 = (3, 6)
MONGODB_42 = (4, 2)
MONGODB_44 = (4, 4)
MONGODB_50 = (5, 0)
MONGODB_60 = (6, 0)
MONGODB_70 = (7, 0)
MONGODB_80 = (8, 0)


def get_mongodb_version() -> tuple[int, int]:
    """Return the version of the server of the default connection, as major and minor number."""
    result: tuple[int, int] = _twins("_sync").get_mongodb_version()
    return result


async def async_get_mongodb_version() -> tuple[int, int]:
    """Return the version of the server of the default connection, as major and minor number."""
    result: tuple[int, int] = await _twins("_async").async_get_mongodb_version()
    return result


def _twins(package: str) -> Any:
    # By name and late: the module is three floors up.
    return import_module(f"mongoengine.{package}.commands")


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
