"""Context managers: switching classes, counting queries, sessions and transactions.

Facade. What a block switches, it switches for its own task or thread only. The switches
work with ``with`` and with ``async with``, and have a second name with ``async_``; what
talks to the server has one form in each colour.
"""

# Private names that third parties know.
# pyright: reportUnusedFunction=false, reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from mongoengine._async.profiling import AsyncQueryCounterIO
from mongoengine._async.transactions import (
    async_on_commit,
    async_run_in_transaction,
    async_session,
    async_with_transaction,
)
from mongoengine._reexports import reexports_of
from mongoengine._sync.profiling import SyncQueryCounterIO
from mongoengine._sync.transactions import (
    commit_with_retry,
    on_commit,
    run_in_transaction,
    session,
    with_transaction,
)
from mongoengine.base import dereferencing
from mongoengine.base.dereferencing import change_class_depth, class_keeps_references
from mongoengine.base.fields.base import BaseField
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.subclass_names import without_subclasses
from mongoengine.state import clients
from mongoengine.state.blocks import Block, block
from mongoengine.state.concerns import with_concerns
from mongoengine.state.home import switched, switched_aliases, switched_collections
from mongoengine.state.implicit import may_block
from mongoengine.state.registry import settings_of
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME

__all__ = (
    "switch_db",
    "switch_collection",
    "no_dereference",
    "no_sub_classes",
    "query_counter",
    "set_write_concern",
    "set_read_write_concern",
    "no_dereferencing_active_for_class",
    "run_in_transaction",
    "with_transaction",
    "on_commit",
    "session",
    "async_switch_db",
    "async_switch_collection",
    "async_no_dereference",
    "async_no_sub_classes",
    "async_query_counter",
    "async_set_write_concern",
    "async_set_read_write_concern",
    "async_run_in_transaction",
    "async_with_transaction",
    "async_on_commit",
    "async_session",
)


# -- where documents are ------------------------------------------------------------------


class switch_db(Block[Any]):
    """Store and find the documents of a class in the database of another alias; gives the class.

    Args:
        cls: the class; its subclasses stay where they are.
        db_alias: the alias.
    """

    def __init__(self, cls: Any, db_alias: str) -> None:
        self.cls = cls
        self.db_alias = db_alias

    def _manager(self) -> AbstractContextManager[Any]:
        return switched(switched_aliases, self.cls, self.db_alias)


class switch_collection(Block[Any]):
    """Store and find the documents of a class in another collection; gives the class.

    Args:
        cls: the class; its subclasses stay where they are.
        collection_name: name of the collection.
    """

    def __init__(self, cls: Any, collection_name: str) -> None:
        self.cls = cls
        self.collection_name = collection_name

    def _manager(self) -> AbstractContextManager[Any]:
        return switched(switched_collections, self.cls, self.collection_name)


# -- what is found ------------------------------------------------------------------------


class no_sub_classes(Block[Any]):
    """Find documents of exactly this class, not of its subclasses; gives the class.

    Args:
        cls: the class.
    """

    def __init__(self, cls: Any) -> None:
        self.cls = cls

    def _manager(self) -> AbstractContextManager[Any]:
        return without_subclasses(self.cls)


@block
@contextmanager
def no_dereference(cls: Any) -> Generator[None, None, None]:
    """Hand out references as they are stored.

    That holds for documents of every class while the block runs, if the class has any field
    that can hold references; and for documents of this class found in it, afterwards too.

    Args:
        cls: the class.
    """
    declared: list[BaseField[Any]] = list(cls._fields.values())
    fields = tuple(
        field for field in declared if field._refers or isinstance(field, ComplexBaseField)
    )
    with dereferencing.keeping_references(cls), dereferencing.no_dereferencing(fields):
        yield


def no_dereferencing_active_for_class(cls: Any) -> bool:
    """Tell whether this code runs inside a `no_dereference` block of a class."""
    return class_keeps_references(cls)


def _register_no_dereferencing_for_class(cls: Any) -> None:
    """Count a `no_dereference` block of a class as begun."""
    change_class_depth(cls, 1)


def _unregister_no_dereferencing_for_class(cls: Any) -> None:
    """Count a `no_dereference` block of a class as ended."""
    change_class_depth(cls, -1)


class MyThreadLocals:
    """What belongs to one task or thread; the name is from times when there were threads only."""

    @property
    def no_dereferencing_class(self) -> dict[Any, int]:
        """How many `no_dereference` blocks are open, by class; a copy."""
        return dereferencing.class_depths()

    @no_dereferencing_class.setter
    def no_dereferencing_class(self, depths: Mapping[Any, int]) -> None:
        dereferencing.set_class_depths(depths)


thread_locals = MyThreadLocals()


# -- how the server is to read and write --------------------------------------------------


@block
@contextmanager
def set_write_concern(
    collection: Any, write_concerns: Mapping[str, Any]
) -> Generator[Any, None, None]:
    """Give a copy of a collection with a write concern.

    Args:
        collection: of either colour.
        write_concerns: keywords of pymongo's ``WriteConcern``, merged over its own.
    """
    yield with_concerns(collection, write_concerns)


@block
@contextmanager
def set_read_write_concern(
    collection: Any,
    write_concerns: Mapping[str, Any] | None,
    read_concerns: Mapping[str, Any] | None,
) -> Generator[Any, None, None]:
    """Give a copy of a collection with a write and a read concern.

    Args:
        collection: of either colour.
        write_concerns: keywords of pymongo's ``WriteConcern``, merged over its own; or None.
        read_concerns: keywords of pymongo's ``ReadConcern``, merged over its own; or None.
    """
    yield with_concerns(collection, write_concerns, read_concerns)


# -- what the server has done -------------------------------------------------------------


class query_counter(SyncQueryCounterIO, AsyncQueryCounterIO):
    """Counts the operations on a database while the block runs, whoever they are from.

    Compares like the number, which asks the server; in async code, compare
    ``await counter.async_count()``. It turns on the server's profiler and drops what that
    has gathered before.

    Args:
        alias: the connection.

    Raises:
        ConnectionFailure: the alias is not defined.
    """

    def __init__(self, alias: str = DEFAULT_CONNECTION_NAME) -> None:
        self.alias = alias
        self.initial_profiling_level: int | None = None
        self._ctx_query_counter = 0
        self._depth = 0
        self._ignored_query: dict[str, Any] = {
            "ns": {"$ne": f"{settings_of(alias)['name']}.system.indexes"},
            # The first is what servers before 3.2 called it.
            "op": {"$ne": "killcursors"},
            "command.killCursors": {"$exists": False},
        }

    @property
    def db(self) -> Any:
        """The driver's database, sync."""
        return clients.get_database(self.alias, "query_counter")

    def __eq__(self, value: object) -> bool:
        return value == self._get_count()

    def __ne__(self, value: object) -> bool:
        return not self == value

    def __lt__(self, value: int) -> bool:
        return self._get_count() < value

    def __le__(self, value: int) -> bool:
        return self._get_count() <= value

    def __gt__(self, value: int) -> bool:
        return self._get_count() > value

    def __ge__(self, value: int) -> bool:
        return self._get_count() >= value

    __hash__ = None  # type: ignore[assignment]

    def __int__(self) -> int:
        return self._get_count()

    def __repr__(self) -> str:
        """Return the number; where it cannot be asked for without ``await``, how to ask."""
        if may_block(self.alias):
            return str(self._get_count())
        return f"<query_counter({self.alias!r}): await its async_count()>"


# -- sessions and transactions -------------------------------------------------------------


def _commit_with_retry(session: Any) -> None:
    commit_with_retry(session)


async_switch_db = switch_db
async_switch_collection = switch_collection
async_no_sub_classes = no_sub_classes
async_no_dereference = no_dereference
async_set_write_concern = set_write_concern
async_set_read_write_concern = set_read_write_concern
async_query_counter = query_counter


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
