"""MongoEngine, both colours: documents for MongoDB, with and without ``await``."""

from __future__ import annotations

from mongoengine import (
    connection,
    context_managers,  # an attribute of the package, as users expect
    document,
    errors,
    fields,
    queryset,
    signals,
)
from mongoengine._version import VERSION, __version__, get_version
from mongoengine.connection import *  # noqa: F403
from mongoengine.document import *  # noqa: F403
from mongoengine.errors import *  # noqa: F403
from mongoengine.fields import *  # noqa: F403
from mongoengine.queryset import *  # noqa: F403
from mongoengine.signals import *  # noqa: F403

__all__ = (
    list(document.__all__)
    + list(fields.__all__)
    + list(connection.__all__)
    + list(queryset.__all__)
    + list(signals.__all__)
    + list(errors.__all__)
)
