"""The runner's end of a worker process."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.contenders import Contender

__all__ = ("ROOT", "Link", "WorkerError")

ROOT = Path(__file__).resolve().parents[1]

# The checkout comes last, so that `import mongoengine` finds what the environment has.
_START = """\
import sys
sys.path.append({root!r})
from benchmarks.worker import main
main({module!r}, {database!r}, {root!r})
"""


class WorkerError(RuntimeError):
    """A worker failed, with its traceback."""


class Link:
    """One contender's process: a request, an answer.

    Args:
        contender: who.
        python: interpreter of its environment.
        uri: the server.
    """

    def __init__(self, contender: Contender, python: Path, uri: str) -> None:
        self.contender = contender
        database = "bench_" + "".join(c if c.isalnum() else "_" for c in contender.name)
        code = _START.format(root=str(ROOT), module=contender.module, database=database)
        self.process = subprocess.Popen(
            [str(python), "-I", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "MONGODB_URI": uri},
        )

    def ask(self, request: str, /, **arguments: Any) -> dict[str, Any]:
        """Return the answer to a request.

        Raises:
            WorkerError: the contender raised, or its process is gone.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"do": request, **arguments}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            # It has let go of its end, so it is on its way out.
            self.process.wait(timeout=10)
            raise WorkerError(f"the worker of {self.contender.name} ended: see its messages above")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise WorkerError(f"{self.contender.name}: {answer['error']}")
        return answer

    def close(self) -> None:
        """Stop the process."""
        try:
            if self.process.poll() is None:
                self.ask("stop")
        finally:
            for pipe in (self.process.stdin, self.process.stdout):
                # What could not be sent to a process that is gone need not be flushed.
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()  # type: ignore[union-attr]
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
