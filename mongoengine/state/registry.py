"""Which aliases exist, with which settings, open in which colour; and the sync clients.

State floor. Three books upstream keeps as globals of ``mongoengine.connection`` are
``books.settings``, ``books.connections`` and ``books.dbs``: users and tests read them, edit
them and put others in their place, so they are looked up at every call. The async clients,
one per event loop, are in ``state.loops``.
"""

from __future__ import annotations

import enum
import os
import threading
from collections.abc import Callable, Mapping
from typing import Any

import pymongo

from mongoengine.base.common import _get_documents_by_db
from mongoengine.state import loops
from mongoengine.state.naming import OPERATOR_HINTS, counterpart, spoken
from mongoengine.state.settings import (
    DEFAULT_CONNECTION_NAME,
    ConnectionFailure,
    Settings,
    client_options,
    same_client,
)


class ConnectionType(enum.Flag):
    """The colours an alias is open in; ``NONE`` until it is opened or first used."""

    NONE = 0
    SYNC = enum.auto()
    ASYNC = enum.auto()


class Books:
    """The three dicts behind ``mongoengine.connection``, and the lock under which they change.

    The lock is held while a client is made, so an alias gets one client however many threads
    ask at once.
    """

    __slots__ = ("connections", "dbs", "lock", "settings")

    def __init__(self) -> None:
        self.settings: dict[str, Settings] = {}
        self.connections: dict[str, Any] = {}
        self.dbs: dict[str, Any] = {}
        self.lock = threading.RLock()


books = Books()

# Colours an alias keeps without a client at hand: async ones (clients come and go with event
# loops), and in a forked child also sync ones.
_granted: dict[str, ConnectionType] = {}

# How an alias came to its colour, for error messages.
_opened_by: dict[tuple[str, ConnectionType], str] = {}


def colours(alias: str) -> ConnectionType:
    """Return the colours ``alias`` is open in; ``NONE`` for one merely registered or unknown."""
    found = ConnectionType.NONE
    if alias in books.settings:
        found = _granted.get(alias, ConnectionType.NONE)
    if alias in books.connections:
        found |= ConnectionType.SYNC
    return found


def known(alias: str) -> bool:
    """Whether ``alias`` was registered or opened."""
    return alias in books.settings or alias in books.connections


def open_aliases(colour: ConnectionType) -> list[str]:
    """Return the aliases open in ``colour``."""
    return [alias for alias in {**books.settings, **books.connections} if colour in colours(alias)]


def settings_of(alias: str) -> Settings:
    """Return the stored settings of ``alias``.

    Raises:
        ConnectionFailure: There are none.
    """
    settings = books.settings.get(alias)
    if settings is None:
        if alias == DEFAULT_CONNECTION_NAME:
            raise ConnectionFailure("You have not defined a default connection")
        raise ConnectionFailure(f'Connection with alias "{alias}" has not been defined')
    return settings


def register(alias: str, settings: Settings) -> None:
    """Store ``settings`` under ``alias``, over any that are there; open nothing."""
    with books.lock:
        if colours(alias) is ConnectionType.NONE:
            # Left over if somebody emptied the books by hand.
            _forget_async(alias)
        books.settings[alias] = settings


def adopt(alias: str, settings: Settings) -> None:
    """Store what ``connect`` asks for, unless ``alias`` is open with other settings.

    Raises:
        ConnectionFailure: It is.
    """
    with books.lock:
        if colours(alias) is ConnectionType.NONE:
            register(alias, settings)
        elif books.settings.get(alias) != settings:
            raise ConnectionFailure(
                f"A different connection with alias `{alias}` was already registered. "
                "Use disconnect() first"
            )


def open_sync(alias: str, opened_by: str) -> Any:
    """Return the sync client of ``alias``, made or shared now if it has none."""
    with books.lock:
        client = books.connections.get(alias)
        if client is None:
            settings = settings_of(alias)
            client = find_shared(books.connections, settings)
            if client is None:
                client = create_client(alias, _sync_class(settings), client_options(settings))
            books.connections[alias] = client
            _opened_by[alias, ConnectionType.SYNC] = opened_by
        return client


def open_async(alias: str, opened_by: str) -> Any:
    """Return the async client of ``alias`` for the running loop, made or shared if it has none."""
    with books.lock:
        if alias not in books.settings:
            _forget_async(alias)
        settings = settings_of(alias)
        loop = loops.running_loop(alias)
        loops.reap()
        mine = loops.clients_of(loop)
        client = mine.get(alias)
        if client is None:
            client = find_shared(mine, settings)
            if client is None:
                client = create_client(alias, _async_class(settings), client_options(settings))
            loops.remember(loop, alias, client)
        _granted[alias] = _granted.get(alias, ConnectionType.NONE) | ConnectionType.ASYNC
        _opened_by.setdefault((alias, ConnectionType.ASYNC), opened_by)
        return client


def find_shared(clients: Mapping[str, Any], settings: Settings) -> Any:
    """Return one of ``clients`` whose alias differs in the database at most, or None."""
    for alias, client in list(clients.items()):
        theirs = books.settings.get(alias)
        if theirs is not None and same_client(theirs, settings):
            return client
    return None


def create_client(alias: str, client_class: Callable[..., Any], options: dict[str, Any]) -> Any:
    """Call the client class.

    Raises:
        ConnectionFailure: For whatever the class raises.
    """
    try:
        return client_class(**options)
    except Exception as error:
        raise ConnectionFailure(f"Cannot connect to database {alias} :\n{error}") from error


def release_sync(alias: str) -> Any:
    """Close ``alias`` for sync calls; return the client to be closed, or None.

    There is none to close if the alias has none, or shares it with another alias.
    """
    with books.lock:
        client = books.connections.pop(alias, None)
        _detach(alias)
        _drop_colour(alias, ConnectionType.SYNC)
        # Identity, because clients of one cluster compare equal.
        shared = any(client is other for other in books.connections.values())
        return None if shared else client


def release_async(alias: str) -> Any:
    """Close ``alias`` for async calls; return the running loop's client to close, or None.

    Clients the alias has in other event loops are dealt with here, see ``loops.release``.
    """
    with books.lock:
        _detach(alias)
        _drop_colour(alias, ConnectionType.ASYNC)
        return loops.release(alias)


def replace_book(book: str, value: Any) -> None:
    """Put another dict in the place of one of the books, as tests do to start afresh.

    What is kept beside the books goes with them.
    """
    with books.lock:
        setattr(books, book, value)
        if book != "dbs":
            _granted.clear()
            _opened_by.clear()
            loops.release_all()


def require(colour: ConnectionType, alias: str, *, call: str, instead: str | None = None) -> None:
    """Make sure ``alias`` may be used in ``colour``: it is open in it, or not open at all.

    Args:
        colour: The colour of the call.
        alias: The alias it leads to.
        call: The name of the call, as the user wrote it: ``"save"``, ``"async_save"``.
        instead: The call of the other colour, where the rule ``x`` / ``async_x`` does not give it.

    Raises:
        RuntimeError: The alias is open in the other colour only.
    """
    opened = colours(alias)
    if opened and colour not in opened:
        raise wrong_colour(colour, alias, call, instead)


def wrong_colour(
    colour: ConnectionType, alias: str, call: str, instead: str | None = None
) -> RuntimeError:
    """Return the error for ``call``, of ``colour``, on an alias of the other colour."""
    use, made = spoken(instead or counterpart(call)), spoken(call)
    if colour is ConnectionType.SYNC:
        hint = f" {OPERATOR_HINTS[call]}" if call in OPERATOR_HINTS else ""
        opened_by = _opened_by.get((alias, ConnectionType.ASYNC), "connect_async()")
        return RuntimeError(
            f'Use {use} with async connection: "{alias}" was opened by {opened_by}, so {made} '
            "cannot run. To have both kinds of calls, also open the alias with connect() "
            f"and the same settings.{hint}"
        )
    opened_by = _opened_by.get((alias, ConnectionType.SYNC), "connect()")
    return RuntimeError(
        f'Use {use} with sync connection: "{alias}" was opened by {opened_by}, so {made} '
        "cannot run. To have both kinds of calls, also open the alias with "
        "await connect_async() and the same settings."
    )


def _sync_class(settings: Settings) -> Callable[..., Any]:
    if settings.get("mongo_client_class") is not None:
        result: Callable[..., Any] = settings["mongo_client_class"]
        return result
    return pymongo.MongoClient


def _async_class(settings: Settings) -> Callable[..., Any]:
    if settings.get("async_mongo_client_class") is not None:
        result: Callable[..., Any] = settings["async_mongo_client_class"]
        return result
    return pymongo.AsyncMongoClient


def _drop_colour(alias: str, colour: ConnectionType) -> None:
    """Take ``colour`` from ``alias``; without any left it is unknown again."""
    left = colours(alias) & ~colour
    _opened_by.pop((alias, colour), None)
    if left:
        _granted[alias] = _granted.get(alias, ConnectionType.NONE) & left
    else:
        _granted.pop(alias, None)
        books.settings.pop(alias, None)


def _detach(alias: str) -> None:
    """Make the documents of ``alias`` forget their collections, and forget its database."""
    books.dbs.pop(alias, None)
    for document in _get_documents_by_db(alias, DEFAULT_CONNECTION_NAME):
        # Embedded documents are registered too, and have no collection.
        disconnect = getattr(document, "_disconnect", None)
        if disconnect is not None:
            disconnect()


def _forget_async(alias: str) -> None:
    _granted.pop(alias, None)
    _opened_by.pop((alias, ConnectionType.ASYNC), None)
    loops.release(alias, close_own=True)


def _after_fork_in_child() -> None:
    """Forget every client and keep settings and colours, so that the child opens its own.

    Nothing is closed: the sockets are the parent's as well.
    """
    # Another thread of the parent may have held it.
    books.lock = threading.RLock()
    opened = {alias: colours(alias) for alias in {**books.settings, **books.connections}}
    for alias in list(books.connections):
        _detach(alias)
    books.connections.clear()
    books.dbs.clear()
    loops.forget_in_child()
    _granted.clear()
    _granted.update((alias, colour) for alias, colour in opened.items() if colour)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
