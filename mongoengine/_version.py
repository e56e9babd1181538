"""The version, in one place: the packaging reads it here, the driver is told it."""

from __future__ import annotations

VERSION = (0, 30, 0)
__version__ = "0.30.0"


def get_version() -> str:
    """Return ``VERSION`` as text."""
    return ".".join(map(str, VERSION))
