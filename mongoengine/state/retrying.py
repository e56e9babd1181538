"""Whether and when to try again: the driver's labels on errors, a limit of time, and jitter."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from pymongo.errors import OperationFailure, PyMongoError

__all__ = ("SECONDS_TO_RETRY", "Retries", "commit_has_failed", "may_commit_again", "may_run_again")

#: As long as the driver's own ``with_transaction`` tries.
SECONDS_TO_RETRY = 120.0

_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.5

_MAX_TIME_EXPIRED = 50
_UNKNOWN = "UnknownTransactionCommitResult"


class Retries:
    """The pauses between attempts, growing at random, until the time is over.

    Args:
        seconds: how long after the first attempt another may begin.
    """

    __slots__ = ("_deadline", "_longest")

    def __init__(self, seconds: float = SECONDS_TO_RETRY) -> None:
        self._deadline = time.monotonic() + seconds
        self._longest = _FIRST_PAUSE

    def are_over(self) -> bool:
        """Tell whether no further attempt may begin."""
        return time.monotonic() >= self._deadline

    def seconds_left(self) -> float:
        """Return for how long further attempts may begin."""
        return max(0.0, self._deadline - time.monotonic())

    def next_pause(self) -> float:
        """Return for how many seconds to wait before the next attempt."""
        # Any share of the longest pause, so that those who met do not meet again.
        seconds = random.uniform(0, min(self._longest, self.seconds_left()))
        self._longest = min(self._longest * 2, _LONGEST_PAUSE)
        return seconds


def may_run_again(error: BaseException) -> bool:
    """Tell whether a transaction that failed may well succeed if it is run anew."""
    return _has_label(error, "TransientTransactionError")


def may_commit_again(error: BaseException) -> bool:
    """Tell whether to send a commit once more: nobody knows whether it has happened.

    Not if the server gave up at the time limit of the commit: it would again.
    """
    return _has_label(error, _UNKNOWN) and not any(
        isinstance(cause, OperationFailure) and cause.code == _MAX_TIME_EXPIRED
        for cause in _causes(error)
    )


def commit_has_failed(error: BaseException) -> bool:
    """Tell whether an error during a commit means that nothing was committed.

    Not if nobody knows, nor if the code was cancelled while the commit went well.
    """
    failed = any(isinstance(cause, PyMongoError) for cause in _causes(error))
    return failed and not _has_label(error, _UNKNOWN)


def _has_label(error: BaseException, label: str) -> bool:
    return any(
        isinstance(cause, PyMongoError) and cause.has_error_label(label) for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it: the library's errors are caused by the driver's."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__
