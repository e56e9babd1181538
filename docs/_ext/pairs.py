"""Which method is the other colour of which: asked of the classes, so that no list goes stale.

Pure: no Sphinx, no server. The API reference and the migration tables are made of it.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

from tools.twin.names import NAMES
from tools.twin.translation import TwinRule

_RULE = TwinRule(NAMES)

#: The classes whose verbs have two colours, as users reach them.
CLASSES = (
    "mongoengine.Document",
    "mongoengine.EmbeddedDocument",
    "mongoengine.QuerySet",
    "mongoengine.base.datastructures.EmbeddedDocumentList",
    "mongoengine.ReferenceField",
    "mongoengine.CachedReferenceField",
    "mongoengine.base.datastructures.LazyReference",
    "mongoengine.SequenceField",
    "mongoengine.FileField",
    "mongoengine.GridFSProxy",
    "mongoengine.fields.ImageGridFsProxy",
    "mongoengine.MapReduceDocument",
    "mongoengine.context_managers.query_counter",
    "mongoengine.signals.HybridSignal",
)

#: Modules whose functions have two colours.
MODULES = ("mongoengine.connection", "mongoengine.context_managers", "mongoengine.doctor")

#: Pairs whose names follow no rule.
IRREGULAR = {
    "get_async_connection": "get_connection",
    "get_async_db": "get_db",
}


class Pair(NamedTuple):
    """A call in both colours; `sync` is empty for one that async code alone has.

    Attributes:
        owner: the class or module, by the path users import it from.
        sync: name of the sync call.
        awaited: name of the async call.
    """

    owner: str
    sync: str
    awaited: str


def find(path: str) -> Any:
    """Return what a dotted path names."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for name in parts[length:]:
            found = getattr(found, name)
        return found
    raise ImportError(f"there is no {path}")


def pairs_of(path: str) -> list[Pair]:
    """Return the pairs of a class or a module, in the order of their names."""
    owner = find(path)
    names = dir(owner) if inspect.isclass(owner) else owner.__all__
    found = []
    for name in names:
        if name.startswith("_"):
            continue
        sync = IRREGULAR.get(name, _RULE.translated_name(name))
        if sync != name:
            found.append(Pair(path, sync if hasattr(owner, sync) else "", name))
    return sorted(found, key=lambda pair: pair.sync or pair.awaited)


def all_pairs() -> Iterator[Pair]:
    """Yield the pairs of all classes and modules."""
    for path in (*CLASSES, *MODULES):
        yield from pairs_of(path)


def other_members(path: str) -> list[str]:
    """Return the public methods and properties of a class that have one colour only."""
    cls = find(path)
    if issubclass(cls, find("mongoengine.base.BaseField")):
        return []  # What all fields have is documented once.
    paired = {name for pair in pairs_of(path) for name in (pair.sync, pair.awaited)}
    return [
        name
        for name in dir(cls)
        if not name.startswith("_") and name not in paired and _is_documented(cls, name)
    ]


def fields() -> list[str]:
    """Return the names of the field classes without verbs of their own."""
    package = find("mongoengine")
    return [
        name
        for name in package.fields.__all__
        if name.endswith("Field") and f"mongoengine.{name}" not in CLASSES
    ]


def summary(path: str) -> str:
    """Return the first sentence of a docstring."""
    text = inspect.getdoc(find(path)) or ""
    return " ".join(text.split("\n\n")[0].split())


def _is_documented(cls: type, name: str) -> bool:
    member = inspect.getattr_static(cls, name)
    if isinstance(member, (classmethod, staticmethod)):
        member = member.__func__
    if not (inspect.isfunction(member) or isinstance(member, property)):
        return False
    # Only what this package defines: a proxy inherits from the driver's classes as well.
    function = member.fget if isinstance(member, property) else member
    return bool(member.__doc__) and str(function.__module__).startswith("mongoengine")
