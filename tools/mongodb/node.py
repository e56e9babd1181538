"""One `mongod` of a throw-away replica set, and the faults a test may cause it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, PyMongoError

from tools.mongodb.keeper_process import KeeperProcess
from tools.mongodb.plan import LOOPBACK, MongoServerError, PortTakenError, readable_log

T = TypeVar("T")
Client = MongoClient[dict[str, Any]]

EXIT_PORT_TAKEN = 48


class MongoNode:
    """One `mongod` process.

    Attributes:
        host, port: where it listens.
        pid: its process, or None while it is down.
        directory: its data and its log.
    """

    def __init__(
        self,
        keeper: KeeperProcess,
        command: list[str],
        directory: Path,
        address: tuple[str, int],
        timeout: float,
    ) -> None:
        self.host, self.port = address
        self.directory = directory
        self.pid: int | None = None
        self._keeper = keeper
        self._command = command
        self._timeout = timeout
        self._frozen = False

    def __repr__(self) -> str:
        state = "down" if self.pid is None else f"pid {self.pid}"
        return f"<MongoNode {self.address} {state}{', frozen' * self._frozen}>"

    @property
    def address(self) -> str:
        """`host:port`, as the replica set calls it."""
        return f"{self.host}:{self.port}"

    @property
    def log(self) -> str:
        """What the process has printed and logged up to now."""
        files = [self.directory / "output.txt", self.directory / "mongod.log"]
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    def client(self, timeout: float = 5.0, **options: Any) -> Client:
        """Return a client of this node alone, whose operations take at most `timeout` seconds."""
        milliseconds = int(timeout * 1000)
        timeouts = dict.fromkeys(
            ("serverSelectionTimeoutMS", "connectTimeoutMS", "socketTimeoutMS"), milliseconds
        )
        return MongoClient(LOOPBACK, self.port, directConnection=True, **{**timeouts, **options})

    def exit_code(self, seconds: float = 0.0) -> int | None:
        """Wait up to `seconds` for the process to end; return its exit code, None if it runs."""
        code: int | None = self._keeper.ask("wait", pid=self._running_pid, seconds=seconds)
        return code

    def is_up(self) -> bool:
        """Say whether the process runs and is not frozen."""
        return self.pid is not None and not self._frozen and self.exit_code() is None

    def kill(self) -> None:
        """End the process at once, as a crash would; one that is down stays down."""
        if self.pid is not None:
            self._signal("SIGKILL")
            if self.exit_code(self._timeout) is None:
                raise MongoServerError(f"mongod on {self.address} did not end on SIGKILL.")
            self._is_down()

    def stop(self) -> None:
        """End the process the gentle way; one that is down stays down."""
        if self.pid is not None:
            self._keeper.ask("stop", pid=self.pid)
            self._is_down()

    def freeze(self) -> None:
        """Halt the process: it keeps its connections but answers nothing until `thaw()`."""
        self._signal("SIGSTOP")
        self._frozen = True

    def thaw(self) -> None:
        """Let a frozen process go on."""
        self._signal("SIGCONT")
        self._frozen = False

    def restart(self) -> None:
        """Start the process again on its data, stopping it first if it runs.

        Returns when it is primary or secondary again.
        """
        self.stop()
        self.launch()
        self.await_answer()
        with self.client() as client:
            until(
                lambda: is_member(state(client)),
                self._timeout,
                lambda: f"{self.address} is no member of its replica set again.\n{self.report()}",
            )

    def launch(self) -> None:
        """Start the process, without waiting for it."""
        self.directory.mkdir(exist_ok=True)
        output = self.directory / "output.txt"
        self.pid = self._keeper.ask("start", argv=self._command, output=str(output))

    def await_answer(self) -> None:
        """Wait until the launched process answers.

        Raises:
            PortTakenError: another process holds the port.
            MongoServerError: it ended, or did not answer in time.
        """
        deadline = time.monotonic() + self._timeout
        while not self._answers():
            code = self.exit_code(0.02)
            if code == EXIT_PORT_TAKEN:
                raise PortTakenError(f"Another process took port {self.port} of {LOOPBACK}.")
            if code is not None:
                raise MongoServerError(
                    f"{self._command[0]} ended with exit code {code}.\n{self.report()}"
                )
            if time.monotonic() > deadline:
                raise MongoServerError(
                    f"{self._command[0]} did not answer on port {self.port} within "
                    f"{self._timeout:g} seconds.\n{self.report()}"
                )

    def report(self) -> str:
        """Return the end of the log, for an error message."""
        return f"The end of the log of {self.address}:\n{readable_log(self.log)}"

    def _answers(self) -> bool:
        """Say whether our process answers on the port, and not one that was there before."""
        try:
            socket.create_connection((LOOPBACK, self.port), timeout=1.0).close()
            with self.client(1.0) as client:
                options = client.admin.command("getCmdLineOpts")["parsed"]
        except (OSError, PyMongoError):
            return False
        return bool(options.get("storage", {}).get("dbPath") == str(self.directory))

    @property
    def _running_pid(self) -> int:
        if self.pid is None:
            raise MongoServerError(f"mongod on {self.address} is down; restart() it first.")
        return self.pid

    def _signal(self, name: str) -> None:
        self._keeper.ask("signal", pid=self._running_pid, name=name)

    def _is_down(self) -> None:
        self.pid = None
        self._frozen = False


def state(client: Client) -> dict[str, Any]:
    """Return how a node sees itself; nothing if it cannot be reached now."""
    try:
        return client.admin.command("hello")
    except ConnectionFailure:
        return {}


def is_member(state: dict[str, Any]) -> bool:
    """Say whether a node in this state takes part in its replica set."""
    return bool(state.get("isWritablePrimary") or state.get("secondary"))


def until(probe: Callable[[], T | None], seconds: float, complaint: Callable[[], str]) -> T:
    """Return the first answer of `probe` that is true; the server has no event to wait for."""
    deadline = time.monotonic() + seconds
    while not (answer := probe()):
        if time.monotonic() > deadline:
            raise MongoServerError(f"After {seconds:g} seconds: {complaint()}")
        time.sleep(0.02)
    return answer
