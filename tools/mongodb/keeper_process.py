"""The keeper seen from the process that starts it: requests go in, and its end is ours to cause."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

from tools.mongodb import keeper
from tools.mongodb.plan import MongoServerError

CLOSE_SECONDS = 4 * keeper.GRACE_SECONDS
"""How long the keeper may take to end its servers and remove their files."""


class KeeperProcess:
    """The process that owns the nodes and their directory.

    Args:
        parent_directory: where the keeper makes its directory.

    Attributes:
        directory: the one it made, and removes.
    """

    directory: Path | None = None

    def __init__(self, parent_directory: Path) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._owned = True
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", keeper.__file__, str(parent_directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C in a terminal is for us; our end is for the keeper
        )
        _keepers.add(self)
        try:
            self.directory = Path(self._reply())
        except BaseException:
            self.close()
            raise

    def ask(self, do: str, **arguments: Any) -> Any:
        """Have the keeper start, wait for, signal or stop one of its processes."""
        if not self._owned:
            raise MongoServerError(
                "This process is a fork of the one that started MongoDB; only that one may act on "
                "its nodes."
            )
        assert self._process.stdin is not None
        with self._lock:
            self._number += 1
            request = json.dumps({"id": self._number, "do": do, **arguments})
            try:
                print(request, file=self._process.stdin, flush=True)
            except BrokenPipeError:
                raise self._gone() from None
            return self._reply()

    def close(self) -> None:
        """Let go of the keeper, which then ends its servers, and wait until it has."""
        if not self._owned or self._process.returncode is not None:
            return
        self._close_pipes()
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self.directory is not None:
            # Is there still if the keeper was killed itself.
            shutil.rmtree(self.directory, ignore_errors=True)

    def disown(self) -> None:
        """Forget the keeper in a forked child: it belongs to the parent."""
        self._owned = False
        self._close_pipes()
        self._process.returncode = 0  # no child of this process: nothing to wait for or warn about

    def _reply(self) -> Any:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            reply = json.loads(line)
            # An interrupt may have left the answer to an earlier request unread.
            if reply["id"] == self._number:
                if "error" in reply:
                    raise MongoServerError(reply["error"])
                return reply["result"]
        raise self._gone()

    def _gone(self) -> MongoServerError:
        return MongoServerError(
            f"The process that keeps MongoDB (pid {self._process.pid}) has ended, and its servers "
            "with it. If it failed, its own message stands on standard error."
        )

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):  # bytes left over for a keeper that is gone
                pipe.close()


_keepers: weakref.WeakSet[KeeperProcess] = weakref.WeakSet()


def _disown_all() -> None:
    for process in list(_keepers):
        process.disown()


if hasattr(os, "register_at_fork"):
    # Else a forked child would hold the keeper's pipe open, and stop the servers when it exits.
    os.register_at_fork(after_in_child=_disown_all)
