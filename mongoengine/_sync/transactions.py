# Generated from mongoengine/_async/transactions.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Sessions and transactions: opened, committed or aborted, and ended, for a block of code."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pymongo.errors import PyMongoError

from mongoengine.state.clients import get_client
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
    carried,
    joins_open_transaction,
    transaction_block,
)
from mongoengine.state.waiting import pause, to_the_end

if TYPE_CHECKING:
    from pymongo.synchronous.client_session import ClientSession

__all__ = (
    "commit_with_retry",
    "run_in_transaction",
    "session",
    "with_transaction",
)

T = TypeVar("T")

_log = logging.getLogger("mongoengine.transactions")


@contextmanager
def run_in_transaction(
    alias: str = DEFAULT_CONNECTION_NAME,
    session_kwargs: Mapping[str, Any] | None = None,
    transaction_kwargs: Mapping[str, Any] | None = None,
    nested: Nesting = "independent",
) -> Iterator[None]:
    """Run a block in a transaction: committed at its end, aborted by any exception.

    All operations of the block on the client of the alias take part, whichever alias they
    are made through. What cannot take part is refused. Errors labelled
    ``TransientTransactionError`` are left to the caller (see `with_transaction`).

    Documents saved in a transaction that is then aborted are as before: not stored, with
    the same changes, and without the id they got. After a commit nobody knows the result
    of they stay as saved.

    Args:
        alias: the connection.
        session_kwargs: options of the driver's ``start_session``.
        transaction_kwargs: options of the driver's ``start_transaction``.
        nested: what to do inside the block of another transaction of the client:
            ``"independent"`` begins one of its own, ``"join"`` takes part in that one,
            ``"error"`` refuses.

    Raises:
        OperationError: there is a transaction, and ``nested`` allows none.
        RuntimeError: the alias is open in the other colour only.
    """
    client = get_client(alias, "run_in_transaction")
    if joins_open_transaction(client, alias, nested):
        yield
        return
    with client.start_session(**(session_kwargs or {})) as session:
        session.start_transaction(**(transaction_kwargs or {}))
        block = transaction_block(session, alias)
        try:
            with carried(block):
                yield
        except BaseException:
            # A cancelled task too must not leave locks behind on the server.
            try:
                to_the_end(_abort, session)
            finally:
                block.restore_documents()
            raise
        try:
            commit_with_retry(session)
        except BaseException as error:
            if commit_has_failed(error):
                block.restore_documents()
            raise
        finally:
            block.forget_documents()


def _abort(session: ClientSession) -> None:
    # The user may have done so by hand.
    if session.in_transaction:
        session.abort_transaction()


def commit_with_retry(session: ClientSession) -> None:
    """Commit, again and again while nobody knows whether it has happened, for a limited time.

    A cancellation takes effect only between two attempts.

    Args:
        session: the driver's session.
    """
    retries = Retries()
    while True:
        try:
            to_the_end(session.commit_transaction)
            return
        except PyMongoError as error:
            if not may_commit_again(error) or retries.are_over():
                raise
        _log.warning("UnknownTransactionCommitResult, retrying commit operation ...")
        pause(retries.next_pause())


def with_transaction(
    callback: Callable[[], T],
    alias: str = DEFAULT_CONNECTION_NAME,
    session_kwargs: Mapping[str, Any] | None = None,
    transaction_kwargs: Mapping[str, Any] | None = None,
    max_seconds: float = SECONDS_TO_RETRY,
) -> T:
    """Call a function in a transaction, and anew if it met another one, for a limited time.

    Args:
        callback: function without arguments. It may be called several times, so what it
            does besides the operations on the client has to bear that.
        alias: the connection.
        session_kwargs: options of the driver's ``start_session``.
        transaction_kwargs: options of the driver's ``start_transaction``.
        max_seconds: how long after the beginning it may be called once more.

    Returns:
        What the function returns the last time.
    """
    retries = Retries(max_seconds)
    while True:
        try:
            with run_in_transaction(alias, session_kwargs, transaction_kwargs):
                return callback()
        except Exception as error:
            if not may_run_again(error) or retries.are_over():
                raise
        pause(retries.next_pause())


@contextmanager
def session(
    alias: str = DEFAULT_CONNECTION_NAME,
    *,
    causal_consistency: bool | None = None,
    snapshot: bool | None = None,
    **kwargs: Any,
) -> Iterator[None]:
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
    client = get_client(alias, "session")
    options = {"causal_consistency": causal_consistency, "snapshot": snapshot, **kwargs}
    with client.start_session(**options) as opened:
        block = OpenedBlock(opened, alias, "session")
        with carried(block):
            yield
