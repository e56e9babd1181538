"""The process that owns the servers started by `tools/mongod.py`, and their directory.

It is the parent of every `mongod`, makes the directory they live in, and ends them all and
removes it when its standard input closes. The system closes that pipe however the starting
process ends: return, exception, Ctrl-C, SIGTERM or SIGKILL, so there is one way to clean up.

Requests are JSON, one a line: {"id", "do": "start" | "wait" | "signal" | "stop", ...}; each gets
one line back with the same id. Standard library only: it runs isolated from site-packages.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from typing import Any

GRACE_SECONDS = 5.0
"""How long a server may take to shut down by itself before it is killed."""

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> Callable[[], None] | None:
    """Return what a child runs before exec so that Linux kills it when the keeper is killed.

    The signal is tied to the *thread* that forks, which is safe here: the keeper has only one.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def arm() -> None:
        if prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL)) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")

    return arm


def end(processes: Iterable[subprocess.Popen[bytes]], grace: float = GRACE_SECONDS) -> None:
    """Ask every process to end, and kill those that have not within `grace` seconds."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGTERM)
        # A frozen process gets the SIGTERM only once it is continued.
        process.send_signal(signal.SIGCONT)
    deadline = time.monotonic() + grace
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Keeper:
    """Starts processes and acts on those it started, never on any other pid."""

    def __init__(self) -> None:
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._before_exec = die_with_parent()

    def start(self, argv: list[str], output: str) -> int:
        """Run `argv` with its output going to the file `output`; return its pid."""
        with open(output, "ab") as sink:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                # mongod refuses to start under a locale the machine does not have.
                env={**os.environ, "LC_ALL": "C"},
                preexec_fn=self._before_exec,
            )
        self._processes[process.pid] = process
        return process.pid

    def wait(self, pid: int, seconds: float) -> int | None:
        """Wait for `pid` to end; return its exit code, or None if it still runs."""
        try:
            return self._processes[pid].wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def send(self, pid: int, name: str) -> None:
        """Send the signal called `name` to `pid`."""
        self._processes[pid].send_signal(signal.Signals[name])

    def stop(self, pid: int) -> int:
        """End `pid`, gently first, and return its exit code."""
        process = self._processes[pid]
        end([process])
        return process.wait()

    def end_all(self) -> None:
        """End whatever still runs."""
        end(self._processes.values())

    def answer(self, line: str) -> dict[str, Any]:
        """Carry out one request."""
        request = json.loads(line)
        number, verb = request.pop("id"), request.pop("do")
        verbs: dict[str, Callable[..., Any]] = {
            "start": self.start,
            "wait": self.wait,
            "signal": self.send,
            "stop": self.stop,
        }
        try:
            return {"id": number, "result": verbs[verb](**request)}
        except OSError as error:
            return {"id": number, "error": str(error)}


def remove(directory: str) -> None:
    """Delete `directory`; one that somebody else deleted is fine."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(directory)


def main(parent_directory: str) -> None:
    """Serve requests until standard input closes, then leave nothing behind."""
    # A stray interrupt must not end the keeper before its client: the client's end is the signal.
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    keeper = Keeper()
    directory = tempfile.mkdtemp(prefix="throw-away-mongod-", dir=parent_directory)
    try:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        print(json.dumps({"id": 0, "result": directory}), flush=True)
        for line in sys.stdin:
            print(json.dumps(keeper.answer(line)), flush=True)
    except BrokenPipeError:
        # The client ended between request and answer: the same as a closed stdin.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (nothing is left to flush at exit)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        keeper.end_all()
        remove(directory)


if __name__ == "__main__":
    main(sys.argv[1])
