"""Which session an operation carries, and what it must not do while a transaction is open.

State floor: sessions are opened and ended by the twins. Here is who may use them: one task,
or one thread, on one client. An operation that cannot join an open transaction is refused,
since it would run outside of it without anybody noticing.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from mongoengine.base.savepoint import Savepoint
from mongoengine.errors import OperationError
from mongoengine.state.context import SessionBlock, sessions

__all__ = (
    "Nesting",
    "OpenedBlock",
    "TransactionBlock",
    "async_transaction_block",
    "carried",
    "in_transaction",
    "joins_open_transaction",
    "keep_savepoint",
    "puts_off_preparation",
    "savepoint_of",
    "session_for",
    "session_for_database",
    "transaction_block",
)

Nesting = Literal["independent", "join", "error"]


class OpenedBlock(SessionBlock):
    """A session that ends with the block of code it was opened for.

    Args:
        session: The driver's session.
        alias: The alias it was opened by.
        verb: The call that opened it, for error messages.
    """

    __slots__ = ("alias", "ended", "verb")

    def __init__(self, session: Any, alias: str, verb: str) -> None:
        super().__init__(session)
        self.alias = alias
        self.verb = verb
        self.ended = False

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


class TransactionBlock(OpenedBlock):
    """A transaction, the code it is for, and the documents saved in it.

    Args:
        session: The driver's session.
        alias: The alias it was opened by.
        verb: The call that opened it, for error messages.
        find_user: Function that returns the task or thread it is called in.
    """

    __slots__ = ("_find_user", "_owner", "_savepoints")

    def __init__(self, session: Any, alias: str, verb: str, find_user: Callable[[], Any]) -> None:
        super().__init__(session, alias, verb)
        self._find_user = find_user
        self._owner = find_user()
        self._savepoints: dict[int, Savepoint] = {}

    @property
    def in_transaction(self) -> bool:
        """Whether operations must join the session, or not run at all."""
        return not self.ended

    def check(self) -> None:
        """Refuse the session to other tasks and threads, and after the end of the block.

        Raises:
            OperationError: The code that asks is not, or no longer, the one it is for.
        """
        super().check()
        if self._find_user() != self._owner:
            raise OperationError(
                f'The transaction on "{self.alias}" was opened by {self.verb}() in another task '
                "or thread, and its session can serve one operation at a time: await operations "
                "one after the other, instead of asyncio.gather(), asyncio.create_task() or "
                "threads inside the block. To limit the time, use asyncio.timeout()."
            )

    def end(self) -> None:
        """Refuse the session to everybody from now on."""
        super().end()
        self._owner = None

    def keep(self, savepoint: Savepoint) -> None:
        """Remember what a document was like before its first save in the transaction."""
        self._savepoints.setdefault(id(savepoint.document), savepoint)

    def restore_documents(self) -> None:
        """Have the documents saved in the transaction forget that, as the server does."""
        for savepoint in self._savepoints.values():
            savepoint.restore()

    def forget_documents(self) -> None:
        """Let go of the documents saved in the transaction."""
        self._savepoints.clear()


# -- blocks ------------------------------------------------------------------------------


def transaction_block(session: Any, alias: str) -> TransactionBlock:
    """Return the block of a sync transaction: for the thread that asks."""
    return TransactionBlock(session, alias, "run_in_transaction", threading.get_ident)


async def async_transaction_block(session: Any, alias: str) -> TransactionBlock:
    """Return the block of an async transaction: for the task that asks."""
    return TransactionBlock(session, alias, "async_run_in_transaction", asyncio.current_task)


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


# -- operations --------------------------------------------------------------------------


def session_for(collection: Any) -> Any:
    """Return the session an operation on a collection carries, or None.

    Raises:
        OperationError: A transaction is open that the operation cannot join.
    """
    if not sessions.get():
        return None
    return _session_for(collection.database.client, collection.full_name, collection)


def session_for_database(database: Any) -> Any:
    """Return the session a command on a database carries, or None.

    Raises:
        OperationError: A transaction is open that the command cannot join.
    """
    if not sessions.get():
        return None
    return _session_for(database.client, database.name, database)


def puts_off_preparation(collection: Any) -> bool:
    """Tell whether a collection and its indexes must be made by a later use, outside.

    The server makes neither in a transaction, nor in a session that reads a snapshot.

    Raises:
        OperationError: A transaction is open that nothing on the collection can join.
    """
    session = session_for(collection)
    return session is not None and (session.in_transaction or bool(session.options.snapshot))


def in_transaction() -> bool:
    """Tell whether a transaction is open in this task or thread, on whatever client."""
    return any(block.in_transaction for block in sessions.get())


def _session_for(client: Any, name: str, target: Any) -> Any:
    block = _block_on(client)
    if block is not None:
        block.check()
        return block.session
    for block in reversed(sessions.get()):
        if block.in_transaction:
            raise OperationError(_refusal(block, name, target))
    return None


def _block_on(client: Any) -> SessionBlock | None:
    """Return the innermost block on a client."""
    for block in reversed(sessions.get()):
        if block.session.client is client:
            return block
    return None


def _refusal(block: SessionBlock, name: str, target: Any) -> str:
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
    """Hand a savepoint to the transaction on the collection a document is saved in."""
    if savepoint is None:
        return
    block = _block_on(collection.database.client)
    if isinstance(block, TransactionBlock):
        block.keep(savepoint)
