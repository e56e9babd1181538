"""Where the documents of a class are stored just now: alias and collection name.

A class says so in its meta; the context managers that switch a class do it for one
task or thread only, through a context variable.
"""

from __future__ import annotations

from typing import Any

from mongoengine.state.context import ContextValue
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME

__all__ = ("alias_of", "home_of", "switched_aliases")

#: Aliases that classes are switched to in this context, by class.
switched_aliases: ContextValue[dict[Any, str]] = ContextValue("mongoengine_switched_aliases", {})


def alias_of(cls: Any) -> str:
    """Return the alias of the connection a class is stored through."""
    switched = switched_aliases.get()
    if cls in switched:
        return switched[cls]
    alias: str = cls._meta.get("db_alias") or DEFAULT_CONNECTION_NAME
    return alias


def home_of(cls: Any) -> tuple[str, Any]:
    """Return alias and collection name of a class."""
    return alias_of(cls), cls._get_collection_name()
