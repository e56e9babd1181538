"""MongoEngine, both colours: documents for MongoDB, with and without ``await``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mongoengine import (
    connection,
    document,
    errors,
    fields,
    queryset,
    signals,
)
from mongoengine._version import VERSION as VERSION
from mongoengine._version import __version__ as __version__
from mongoengine._version import get_version as get_version
from mongoengine.connection import *  # noqa: F403
from mongoengine.document import *  # noqa: F403
from mongoengine.errors import *  # noqa: F403
from mongoengine.fields import *  # noqa: F403
from mongoengine.queryset import *  # noqa: F403
from mongoengine.signals import *  # noqa: F403

# In a form that checkers follow.
__all__: list[str] = []
__all__ += document.__all__
__all__ += fields.__all__
__all__ += connection.__all__
__all__ += queryset.__all__
__all__ += signals.__all__
__all__ += errors.__all__

# An attribute of the package, as users expect, that is not imported before it is used.
if TYPE_CHECKING:
    from mongoengine import context_managers as context_managers
else:

    def __getattr__(name: str) -> Any:
        if name == "context_managers":
            from importlib import import_module

            return import_module("mongoengine.context_managers")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
