"""Which session an operation carries, and what it must not do while a transaction is open.

State floor: sessions are opened and ended by the twins. Here is who may use them: the code of
their block, for one operation at a time, on one client. An operation that cannot join an open
transaction is refused, since it would run outside of it without anybody noticing.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Literal

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.database import Database

from mongoengine.base.savepoint import Savepoint
from mongoengine.errors import OperationError
from mongoengine.state import loops
from mongoengine.state.context import SessionBlock, sessions
from mongoengine.state.registry import books

__all__ = (
    "Nesting",
    "OpenedBlock",
    "TransactionBlock",
    "carried",
    "in_transaction",
    "joins_open_transaction",
    "keep_counted",
    "keep_savepoint",
    "keep_values",
    "puts_off_preparation",
    "refuse_creation",
    "refuse_in_transaction",
    "savepoint_of",
    "session_for",
    "transaction_of",
    "using_cursor",
    "using_session",
)

Nesting = Literal["independent", "join", "error"]

_NO_SESSION = nullcontext()


class OpenedBlock(SessionBlock):
    """A session that ends with the block of code it was opened for.

    As a context manager it is held during one operation, because a session serves one at a
    time: whoever wants it meanwhile is refused.

    Args:
        session: The driver's session.
        alias: The alias it was opened by.
        verb: The call that opened it, for error messages.
    """

    __slots__ = ("_busy", "_idle", "alias", "drained", "ended", "verb")

    def __init__(self, session: Any, alias: str, verb: str) -> None:
        super().__init__(session)
        self.alias = alias
        self.verb = verb
        self.ended = self.drained = False
        self._busy = threading.Lock()
        self._idle: asyncio.Event | None = None

    def __enter__(self) -> Any:
        """Take the session for one operation.

        Raises:
            OperationError: The block has ended, or another operation is under way.
        """
        self.check()
        if not self._busy.acquire(blocking=False):
            raise OperationError(
                f'The session of {self.verb}() on "{self.alias}" can serve one operation at a '
                "time, and another task or thread is using it just now: await operations one "
                "after the other, instead of by asyncio.gather(), in tasks that run side by "
                "side, or in threads."
            )
        return self.session

    def __exit__(self, *_: object) -> None:
        self._busy.release()
        if self._idle is not None:
            self._idle.set()

    def check(self) -> None:
        """Refuse the session after the end of the block.

        Raises:
            OperationError: It has ended.
        """
        if self.ended:
            raise OperationError(
                f'The {self.verb}() block on "{self.alias}" has ended, but code started inside '
                "it goes on and still belongs to it: wait for it before the block ends, or "
                "start it outside of the block."
            )

    def end(self) -> None:
        """Refuse the session to everybody from now on."""
        self.ended = True

    def drain(self) -> None:
        """Wait for the operation under way, if there is one; none can begin after it."""
        if not self.drained:
            self._busy.acquire()
            self.drained = True

    async def async_drain(self) -> None:
        """Wait for the operation under way, if there is one; none can begin after it."""
        while not self.drained and not self._busy.acquire(blocking=False):
            self._idle = asyncio.Event()
            await self._idle.wait()
        self.drained = True


class TransactionBlock(OpenedBlock):
    """A transaction, and what is to be done when it has ended.

    Args:
        session: The driver's session.
        alias: The alias it was opened by.
        verb: The call that opened it, for error messages.
    """

    __slots__ = ("_callbacks", "_counted", "_savepoints")

    def __init__(self, session: Any, alias: str, verb: str) -> None:
        super().__init__(session, alias, verb)
        self._savepoints: dict[int, Savepoint] = {}
        self._counted: list[tuple[Any, str, Any]] = []
        self._callbacks: list[Callable[[], Any]] = []

    @property
    def in_transaction(self) -> bool:
        """Whether operations must join the session, or not run at all."""
        return not self.ended

    def keep(self, savepoint: Savepoint) -> Savepoint:
        """Remember a document's savepoint; return the one from its first use in here."""
        return self._savepoints.setdefault(id(savepoint.document), savepoint)

    def keep_counted(self, holder: Any, name: str, value: Any) -> None:
        """Remember that a document was given a value of a counter."""
        self._counted.append((holder, name, value))

    def restore_documents(self) -> None:
        """Have the documents forget what the transaction did with them, as the server does."""
        for savepoint in self._savepoints.values():
            savepoint.restore()
        for holder, name, value in self._counted:
            # The counter has gone back too, and would give the value to another document.
            if holder.__dict__.get(name) is value:
                del holder.__dict__[name]

    def forget_documents(self) -> None:
        """Let go of the documents."""
        self._savepoints.clear()
        self._counted.clear()

    def add_callback(self, callback: Callable[[], Any]) -> None:
        """Have a function called after the commit."""
        self._callbacks.append(callback)

    def callbacks(self) -> tuple[Callable[[], Any], ...]:
        """Return what to call after the commit, in the order it was added."""
        return tuple(self._callbacks)


# -- blocks ------------------------------------------------------------------------------


@contextmanager
def carried(block: OpenedBlock) -> Iterator[None]:
    """Have operations inside the ``with`` block carry the session, and none after it."""
    try:
        with sessions.to((*sessions.get(), block)):
            yield
    finally:
        block.end()


def joins_open_transaction(client: Any, alias: str, nested: Nesting) -> bool:
    """Tell whether a new block is to be part of the transaction that is open already.

    Args:
        client: The client the block is for.
        alias: The alias of that client.
        nested: What the user wants if there is one.

    Raises:
        OperationError: There is one, and none is wanted.
        ValueError: ``nested`` is none of the three.
    """
    if nested not in ("independent", "join", "error"):
        raise ValueError(f'nested must be "independent", "join" or "error", not {nested!r}')
    if nested == "independent":
        return False
    block = _block_on(client)
    if block is None or not block.in_transaction:
        return False
    block.check()
    if nested == "error":
        raise OperationError(
            f'A transaction is open on "{alias}" already, and nested="error" allows no other: '
            'leave its block first, or use nested="join" or "independent".'
        )
    return True


def transaction_of(client: Any, alias: str) -> TransactionBlock | None:
    """Return the innermost transaction on a client; None if there is none at all.

    Args:
        client: The client.
        alias: An alias of that client.

    Raises:
        OperationError: A transaction is open, but on another client.
    """
    for block in reversed(sessions.get()):
        if block.session.client is client and isinstance(block, TransactionBlock):
            block.check()
            return block
    if in_transaction():
        raise OperationError(
            f'No transaction is open on "{alias}", but one is on another connection, or in the '
            "other colour: name the alias of that one, and use the call of its colour."
        )
    return None


# -- operations --------------------------------------------------------------------------


def using_session(target: Any) -> AbstractContextManager[Any]:
    """Return a block for one operation; it gives the session to carry, or None.

    Args:
        target: The collection or the database the operation is on.

    Raises:
        OperationError: A transaction is open that the operation cannot join; or, on entry,
            the session is serving another one.
    """
    if not sessions.get():
        return _NO_SESSION
    return _block_for(target) or _NO_SESSION


def using_cursor(cursor: Any) -> AbstractContextManager[Any]:
    """Return a block for one fetch of a cursor, in the session it was opened in.

    Raises:
        OperationError: The session has ended; or, on entry, it is serving another operation.
    """
    session = getattr(cursor, "session", None)
    if session is None:
        return _NO_SESSION
    for block in sessions.get():
        if block.session is session:
            return block
    if session.has_ended:
        raise OperationError(
            "The block whose session these results are read in has ended: read them to their "
            "end inside the block, or begin to read them outside of it."
        )
    return _NO_SESSION


def refuse_in_transaction(target: Any, call: str) -> None:
    """Refuse what the server does in no transaction.

    Args:
        target: The collection or the database it is on.
        call: The call, by the name its user wrote.

    Raises:
        OperationError: A transaction is open.
    """
    session = session_for(target) if sessions.get() else None
    if session is not None and session.in_transaction:
        raise OperationError(
            f'{call}() on "{_name_of(target)}" cannot run in a transaction, because the server '
            "has no such operation in one: run it before or after the transaction."
        )


def session_for(target: Any) -> Any:
    """Return the session an operation on a collection or a database carries, or None.

    Raises:
        OperationError: A transaction is open that the operation cannot join.
    """
    if not sessions.get():
        return None
    block = _block_for(target)
    return None if block is None else block.session


def puts_off_preparation(collection: Any) -> bool:
    """Tell whether a collection and its indexes must be made by a later use, outside.

    The server makes neither in a transaction, nor in a session that reads a snapshot.

    Raises:
        OperationError: A transaction is open that nothing on the collection can join.
    """
    session = session_for(collection)
    return session is not None and (session.in_transaction or bool(session.options.snapshot))


def refuse_creation(collection: Any, class_name: str) -> None:
    """Refuse to use a collection in a transaction that may have to be created in a special way.

    The first write would create an ordinary one, which the class could not use afterwards.

    Args:
        collection: The collection, which has not been prepared yet.
        class_name: The name of the document class.

    Raises:
        OperationError: A transaction is open.
    """
    session = session_for(collection)
    if session is not None and session.in_transaction:
        raise OperationError(
            f'"{collection.full_name}" is capped or a time series collection, and the server '
            f"creates no such one in a transaction: use {class_name} once before it."
        )


def in_transaction() -> bool:
    """Tell whether a transaction is open in this task or thread, on whatever client."""
    return any(block.in_transaction for block in sessions.get())


def _is_database(target: Any) -> bool:
    # Asking it for an attribute would give a collection of that name.
    return isinstance(target, (AsyncDatabase, Database))


def _name_of(target: Any) -> str:
    return str(target.name if _is_database(target) else target.full_name)


def _block_for(target: Any) -> SessionBlock | None:
    block = _block_on(target.client if _is_database(target) else target.database.client)
    if block is not None:
        block.check()
        return block
    for block in reversed(sessions.get()):
        if block.in_transaction:
            raise OperationError(_refusal(block, target))
    return None


def _block_on(client: Any) -> SessionBlock | None:
    """Return the innermost block on a client."""
    for block in reversed(sessions.get()):
        if block.session.client is client:
            return block
    return None


def _refusal(block: SessionBlock, target: Any) -> str:
    name = _name_of(target)
    opened = f' on "{block.alias}"' if isinstance(block, TransactionBlock) else ""
    wants_async = isinstance(target, (AsyncCollection, AsyncDatabase))
    if wants_async != _is_async(block.session):
        theirs = "async" if not wants_async else "sync"
        call = "the call without async_" if wants_async else "the async_ call, awaited"
        return (
            f'An operation on "{name}" cannot join the open transaction{opened}, which is '
            f"{theirs}: use {call}, or run it before or after the transaction."
        )
    return (
        f'An operation on "{name}" cannot join the open transaction{opened}, because its '
        "connection has a client of its own: run it before or after the transaction. Aliases "
        "whose settings differ in the database only share a client."
    )


def _is_async(session: Any) -> bool:
    return inspect.iscoroutinefunction(session.end_session)


# -- documents ---------------------------------------------------------------------------


def savepoint_of(document: Any) -> Savepoint | None:
    """Return what a document about to be saved is like, if a transaction may undo the save."""
    return Savepoint(document) if in_transaction() else None


def keep_savepoint(savepoint: Savepoint | None, collection: Any) -> None:
    """Hand a savepoint to the transaction on the collection a document is about to be saved in."""
    if savepoint is None:
        return
    block = _block_on(collection.database.client)
    if isinstance(block, TransactionBlock):
        block.keep(savepoint).before_write()


def keep_values(document: Any, names: Iterable[str], collection: Any) -> None:
    """Have a transaction bring values back that loaded ones are about to take the place of.

    Args:
        document: The document.
        names: Names of fields.
        collection: The collection it was loaded from.
    """
    block = _block_on(collection.database.client)
    if isinstance(block, TransactionBlock):
        block.keep(Savepoint(document)).before_replacement(names)


def keep_counted(holder: Any, name: str, value: Any, alias: str) -> None:
    """Have a transaction take a value back that a counter has just given.

    Args:
        holder: The document, or one embedded in it.
        name: Name of the field.
        value: The value.
        alias: The connection the counter is on.
    """
    if not in_transaction():
        return
    clients = (books.connections.get(alias), loops.find(alias))
    for block in reversed(sessions.get()):
        if any(block.session.client is client for client in clients):
            if isinstance(block, TransactionBlock):
                block.keep_counted(holder, name, value)
            return
