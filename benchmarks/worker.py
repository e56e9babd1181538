"""The process of one contender: reads requests, a line of JSON each, and answers in kind.

Started by `benchmarks.link` in the contender's own environment. Waits in a thread, so that
an async driver's tasks go on between two samples.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import json
import os
import subprocess
import sys
import traceback
from typing import Any

from benchmarks import samples
from benchmarks.contenders.job import Job, drop_database

__all__ = ("main",)

_TIME_IMPORT = """\
import sys, time
sys.path.append({root!r})
start = time.process_time()
{statement}
print(time.process_time() - start)
"""


class Server:
    """Answers requests about one contender."""

    def __init__(self, module: str, uri: str, database: str, root: str) -> None:
        self.uri, self.database, self.root = uri, database, root
        maker = importlib.import_module(f"benchmarks.contenders.{module}").Worker
        self.contender: Any = maker(uri, database)
        self.workload: str | None = None
        self.job: Job | None = None

    async def start(self) -> dict[str, Any]:
        """Connect; tell what is installed."""
        if hasattr(self.contender, "start"):
            await self.contender.start()
        installed = {d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}
        return {"python": sys.version.split()[0], "installed": installed}

    async def stop(self) -> dict[str, Any]:
        """Leave nothing on the server."""
        closing = self.contender.close()
        if closing is not None:
            await closing
        drop_database(self.uri, self.database)
        return {}

    async def measure(
        self,
        name: str,
        verb: str,
        arguments: dict[str, Any],
        metric: str,
        seconds: float,
        calls: int | None,
    ) -> dict[str, Any]:
        """Return one value per unit, and the calls it was taken from; nothing for "cannot"."""
        if metric == "import":
            return {"value": self.import_seconds(), "calls": 1}
        if self.workload != name:
            self.workload, self.job = name, None
            self.job = await self.make_job(verb, arguments)
        if (job := self.job) is None:
            return {}
        if metric == "bytes":
            return {"value": samples.kept_bytes(job), "calls": 1}
        clock: Any = metric
        calls = calls or await samples.calibrate(job, seconds, clock)
        spent = await samples.sample(job, calls, clock)
        return {"value": spent / calls / job.units, "calls": calls}

    async def make_job(self, verb: str, arguments: dict[str, Any]) -> Job | None:
        """Return what a verb gives, None for a verb the contender lacks."""
        method = getattr(self.contender, verb, None)
        if method is None:
            return None
        made: Any = method(**arguments)
        job: Job = made if isinstance(made, Job) else await made
        return job

    def import_seconds(self) -> float:
        """Return the CPU seconds a fresh process needs to import the package."""
        code = _TIME_IMPORT.format(root=self.root, statement=self.contender.imports_statement)
        command = [sys.executable, "-I", "-c", code]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        return float(run.stdout)


async def serve(server: Server, answers: Any) -> None:
    """Answer until told to stop."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        request = json.loads(line)
        verb = request.pop("do")
        try:
            answer = await getattr(server, verb)(**request)
        except Exception:
            # The other contenders go on; the run says which cell failed and why.
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        if verb == "stop":
            return


def main(module: str, database: str, root: str) -> None:
    """Run the worker of one contender's module; MONGODB_URI names the server."""
    # Whatever a library prints goes to stderr: stdout belongs to the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    async def run() -> None:
        await serve(Server(module, os.environ["MONGODB_URI"], database, root), answers)

    asyncio.run(run())
