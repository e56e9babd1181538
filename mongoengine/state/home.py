"""Where the documents of a class are stored just now: alias and collection name.

A class says so in its meta; the context managers that switch a class do it for one
task or thread only, through context variables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mongoengine.state.context import ContextValue
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME

__all__ = ("alias_of", "at_home", "home_of", "switched", "switched_aliases", "switched_collections")

Switches = ContextValue[Mapping[Any, str]]

#: Aliases that classes are switched to in this context, by class. Never changed in place.
switched_aliases: Switches = ContextValue("mongoengine_switched_aliases", {})
#: Names of the collections that classes are switched to, likewise.
switched_collections: Switches = ContextValue("mongoengine_switched_collections", {})


@contextmanager
def switched(switches: Switches, cls: Any, target: str) -> Iterator[Any]:
    """Switch a class, and not its subclasses, inside the block; give the class."""
    with switches.to({**switches.get(), cls: target}):
        yield cls


def alias_of(cls: Any) -> str:
    """Return the alias of the connection a class is stored through."""
    switches = switched_aliases.get()
    if cls in switches:
        return switches[cls]
    alias: str = cls._meta.get("db_alias") or DEFAULT_CONNECTION_NAME
    return alias


def home_of(cls: Any) -> tuple[str, Any]:
    """Return alias and collection name of a class."""
    switches = switched_collections.get()
    # A switch is stronger than a class's own _get_collection_name.
    name = switches[cls] if cls in switches else cls._get_collection_name()
    return alias_of(cls), name


@contextmanager
def at_home(cls: Any, alias: str, name: str) -> Iterator[None]:
    """Have a class stored in this place inside the block."""
    if home_of(cls) == (alias, name):
        yield
    else:
        with switched(switched_aliases, cls, alias), switched(switched_collections, cls, name):
            yield
