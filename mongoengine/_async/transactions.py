"""Sessions and transactions: opened, committed or aborted, and ended, for a block of code."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pymongo.errors import PyMongoError

from mongoengine.state.clients import async_get_client
from mongoengine.state.retrying import (
    SECONDS_TO_RETRY,
    Retries,
    commit_has_failed,
    may_commit_again,
    may_run_again,
)
from mongoengine.state.settings import DEFAULT_CONNECTION_NAME
from mongoengine.state.transactions import (
    Nesting,
    OpenedBlock,
    TransactionBlock,
    carried,
    joins_open_transaction,
    transaction_of,
)
from mongoengine.state.waiting import (
    async_pause,
    async_result_of,
    async_to_the_end,
    async_value_of,
    check_callback,
)

if TYPE_CHECKING:
    from pymongo.asynchronous.client_session import AsyncClientSession
    from pymongo.asynchronous.mongo_client import AsyncMongoClient

__all__ = (
    "async_commit_with_retry",
    "async_on_commit",
    "async_run_in_transaction",
    "async_session",
    "async_with_transaction",
)

T = TypeVar("T")

_log = logging.getLogger("mongoengine.transactions")


@asynccontextmanager
async def async_run_in_transaction(
    alias: str = DEFAULT_CONNECTION_NAME,
    session_kwargs: Mapping[str, Any] | None = None,
    transaction_kwargs: Mapping[str, Any] | None = None,
    nested: Nesting = "independent",
) -> AsyncIterator[None]:
    """Run a block in a transaction: committed at its end, aborted by any exception.

    All operations of the block on the client of the alias take part, whichever alias they
    are made through, one after the other. What cannot take part is refused. Errors labelled
    ``TransientTransactionError`` are left to the caller (see `async_with_transaction`).

    After an abort, documents saved, inserted, modified or reloaded in the transaction are as
    before: not stored, with the same changes, and without the id they got. After a commit
    nobody knows the result of they stay as they are.

    Args:
        alias: the connection.
        session_kwargs: options of the driver's ``start_session``.
        transaction_kwargs: options of the driver's ``start_transaction``.
        nested: what to do inside the block of another transaction of the client:
            ``"independent"`` begins one of its own, which the abort of the outer one does
            not undo; ``"join"`` takes part in that one; ``"error"`` refuses.

    Raises:
        OperationError: there is a transaction, and ``nested`` allows none.
        RuntimeError: the alias is open in the other colour only.
    """
    client = await async_get_client(alias, "async_run_in_transaction")
    if joins_open_transaction(client, alias, nested):
        yield
        return
    options = session_kwargs, transaction_kwargs
    async with _async_transaction(client, alias, "async_run_in_transaction", *options) as block:
        yield
    await _async_call_back(block)


async def async_with_transaction(
    callback: Callable[[], Awaitable[T]],
    alias: str = DEFAULT_CONNECTION_NAME,
    session_kwargs: Mapping[str, Any] | None = None,
    transaction_kwargs: Mapping[str, Any] | None = None,
    max_seconds: float = SECONDS_TO_RETRY,
    nested: Nesting = "independent",
) -> T:
    """Call a function in a transaction, and anew if it met another one, for a limited time.

    Args:
        callback: function without arguments. It may be called several times, so what it
            does besides the operations on the client has to bear that.
        alias: the connection.
        session_kwargs: options of the driver's ``start_session``.
        transaction_kwargs: options of the driver's ``start_transaction``.
        max_seconds: how long after the beginning it may be called, or the commit sent, once
            more.
        nested: what to do inside another transaction of the client (see
            `async_run_in_transaction`). One that is joined has to be run again as a whole, so
            the function is called once.

    Returns:
        What the function returns the last time.

    Raises:
        OperationError: there is a transaction, and ``nested`` allows none.
        TypeError: the function is none this call can deal with.
        RuntimeError: the alias is open in the other colour only.
    """
    check_callback(callback, "async_with_transaction")
    client = await async_get_client(alias, "async_with_transaction")
    if joins_open_transaction(client, alias, nested):
        return await async_value_of(callback)
    verb, retries = "async_with_transaction", Retries(max_seconds)
    while True:
        options = session_kwargs, transaction_kwargs, retries.seconds_left()
        try:
            async with _async_transaction(client, alias, verb, *options) as block:
                result = await async_value_of(callback)
            break
        except Exception as error:
            if not may_run_again(error) or retries.are_over():
                raise
        await async_pause(retries.next_pause())
    await _async_call_back(block)
    return result


async def async_on_commit(
    callback: Callable[[], Any], alias: str = DEFAULT_CONNECTION_NAME
) -> None:
    """Call a function when the transaction this runs in has been committed; never if it is not.

    Functions are called in the order they were given, after the transaction: one that fails
    undoes nothing, and those after it are not called. In a transaction joined by
    ``nested="join"`` they wait for the outer one. Outside of any it is called at once.

    Args:
        callback: function without arguments.
        alias: the connection the transaction is on.

    Raises:
        OperationError: a transaction is open, but on another client.
        TypeError: it is no function this call can deal with.
        RuntimeError: the alias is open in the other colour only.
    """
    check_callback(callback, "async_on_commit")
    client = await async_get_client(alias, "async_on_commit")
    block = transaction_of(client, alias)
    if block is None:
        await async_result_of(callback)
    else:
        block.add_callback(callback)


@asynccontextmanager
async def _async_transaction(
    client: AsyncMongoClient[dict[str, Any]],
    alias: str,
    verb: str,
    session_kwargs: Mapping[str, Any] | None,
    transaction_kwargs: Mapping[str, Any] | None,
    seconds_to_commit: float = SECONDS_TO_RETRY,
) -> AsyncIterator[TransactionBlock]:
    """Run a block in a transaction of its own, and give what knows what to call afterwards."""
    async with client.start_session(**(session_kwargs or {})) as session:
        await session.start_transaction(**(transaction_kwargs or {}))
        block = TransactionBlock(session, alias, verb)
        try:
            with carried(block):
                yield block
            # A task may have been left behind in the middle of an operation.
            await async_to_the_end(block.async_drain)
        except BaseException:
            # A cancelled task too must not leave locks behind on the server.
            try:
                await async_to_the_end(_async_abort, block)
            finally:
                block.restore_documents()
            raise
        try:
            await async_commit_with_retry(session, seconds_to_commit)
        except BaseException as error:
            if commit_has_failed(error):
                block.restore_documents()
            raise
        finally:
            block.forget_documents()


async def _async_abort(block: TransactionBlock) -> None:
    # An operation that begins after the abort would run outside of the transaction.
    await block.async_drain()
    # The user may have done so by hand.
    if block.session.in_transaction:
        await block.session.abort_transaction()


async def async_commit_with_retry(
    session: AsyncClientSession, max_seconds: float = SECONDS_TO_RETRY
) -> None:
    """Commit, again and again while nobody knows whether it has happened, for a limited time.

    A cancellation takes effect only between two attempts.

    Args:
        session: the driver's session.
        max_seconds: how long after the first attempt another may begin.
    """
    retries = Retries(max_seconds)
    while True:
        try:
            await async_to_the_end(session.commit_transaction)
            return
        except PyMongoError as error:
            if not may_commit_again(error) or retries.are_over():
                raise
        _log.warning("UnknownTransactionCommitResult, retrying commit operation ...")
        await async_pause(retries.next_pause())


async def _async_call_back(block: TransactionBlock) -> None:
    for callback in block.callbacks():
        await async_result_of(callback)


@asynccontextmanager
async def async_session(
    alias: str = DEFAULT_CONNECTION_NAME,
    *,
    causal_consistency: bool | None = None,
    snapshot: bool | None = None,
    **kwargs: Any,
) -> AsyncIterator[None]:
    """Run the operations of a block on the client of an alias in one session, without transaction.

    Args:
        alias: the connection.
        causal_consistency: have reads see the block's earlier writes, on whatever server;
            the default, unless ``snapshot`` is set.
        snapshot: have all reads see the data of one moment, that of the first.
        **kwargs: further options of the driver's ``start_session``.

    Raises:
        RuntimeError: the alias is open in the other colour only.
    """
    client = await async_get_client(alias, "async_session")
    options = {"causal_consistency": causal_consistency, "snapshot": snapshot, **kwargs}
    async with client.start_session(**options) as opened:
        block = OpenedBlock(opened, alias, "async_session")
        with carried(block):
            yield
