# Generated from mongoengine/_async/connection.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Opening and closing connections.

Twins floor: the bookkeeping is in ``mongoengine.state``, here is what talks to the client.
Public as ``mongoengine.connection``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mongoengine.state.clients import (
    open_client,
    opened_aliases,
    release_client,
)
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME, build_settings
from mongoengine.state.waiting import to_the_end

if TYPE_CHECKING:
    from pymongo import MongoClient


def connect(
    db: str | None = None, alias: str = DEFAULT_CONNECTION_NAME, **kwargs: Any
) -> MongoClient[dict[str, Any]]:
    """Open a connection and return its client; the server is not asked anything yet.

    An alias that is open already is left as it is, if the settings are the same. To have one
    alias open in both colours, open it by the call of each, with equal settings.

    Args:
        db: The name of the database.
        alias: The name documents know the connection by, in ``meta["db_alias"]``.
        **kwargs: The other settings, those of ``register_connection``.

    Raises:
        ConnectionFailure: The alias is open with other settings, or the client refuses them.
    """
    return open_client(alias, build_settings(db, **kwargs))


def disconnect(alias: str = DEFAULT_CONNECTION_NAME) -> None:
    """Close a connection and forget its settings; do nothing if there is none.

    The client stays open while another alias uses it, the settings stay while the alias is
    open in the other colour.

    Raises:
        RuntimeError: The alias is open in the other colour only.
    """
    client = release_client(alias, call="disconnect")
    if client is not None:
        # Nobody could close it later: the books do not know it any more.
        to_the_end(client.close)


def disconnect_all() -> None:
    """Close all connections that are open in the colour of this call."""
    for alias in opened_aliases():
        disconnect(alias)
