"""A throw-away replica set as one thing: started, elected, and gone at the end of the block.

Every process and file of it belongs to the keeper; this module decides what it is to do.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tools.mongodb.keeper_process import KeeperProcess
from tools.mongodb.node import Client, MongoNode, is_member, state, until
from tools.mongodb.plan import (
    LOOPBACK,
    MongoServerError,
    PortTakenError,
    choose_ports,
    find_binary,
    mongod_arguments,
    replica_set_config,
    replica_set_uri,
    uri_from_environment,
)

PORT_ATTEMPTS = 5


class MongoServer:
    """A replica set to test against, gone when the `with` block ends.

    Args:
        nodes: how many nodes; they all run on this machine.
        replica_set: its name.
        port: the port of the first node, the others follow; None takes free ones.
        host: what this machine is called in `uri` and in the replica set.
        directory: where to make the temporary directory; None takes the system's place.
        test_commands: allow `configureFailPoint` and its like.
        parameters: further server parameters, by name.
        ignore_environment: start nodes of our own even when $MONGODB_URI is set.
        timeout: how many seconds starting, and each change of state, may take.

    Attributes:
        nodes: the running nodes; none of an external server.
    """

    def __init__(
        self,
        nodes: int = 1,
        replica_set: str = "rs0",
        port: int | None = None,
        *,
        host: str = LOOPBACK,
        directory: Path | None = None,
        test_commands: bool = False,
        parameters: Mapping[str, str | int] | None = None,
        ignore_environment: bool = False,
        timeout: float = 60.0,
    ) -> None:
        if nodes < 1:
            raise MongoServerError(f"A MongoServer has at least one node, not {nodes}.")
        self.nodes: tuple[MongoNode, ...] = ()
        self.test_commands = test_commands
        self._count = nodes
        self._replica_set = replica_set
        self._first_port = port
        self._host = host
        self._parent_directory = Path(directory or tempfile.gettempdir()).absolute()
        self._parameters = dict(parameters or {})
        if test_commands:
            self._parameters["enableTestCommands"] = 1
        self._ignore_environment = ignore_environment
        self._timeout = timeout
        self._keeper: KeeperProcess | None = None
        self._found: tuple[str, str, int | None] | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def uri(self) -> str:
        """What to connect to."""
        return self._running[0]

    @property
    def host(self) -> str:
        """The host of the first node."""
        return self._running[1]

    @property
    def port(self) -> int | None:
        """The port of the first node; None if an external server listens on a socket file."""
        return self._running[2]

    @property
    def is_external(self) -> bool:
        """Whether this is somebody else's server, named by $MONGODB_URI."""
        return self._found is not None and self._keeper is None

    def start(self) -> Self:
        """Start the nodes and wait for a primary, or greet the server of $MONGODB_URI.

        Raises:
            MongoServerError: with the end of the log when a node would not start.
        """
        if self._found is not None:
            raise MongoServerError("This MongoServer runs already.")
        uri = None if self._ignore_environment else uri_from_environment(os.environ)
        if uri is not None:
            self._found = (uri, *self._greet(uri))
            return self
        try:
            self._start_nodes()
            self._initiate()
        except BaseException:
            self.stop()
            raise
        first, addresses = self.nodes[0], [node.address for node in self.nodes]
        self._found = (replica_set_uri(self._replica_set, addresses), first.host, first.port)
        return self

    def stop(self) -> None:
        """End the nodes and remove their directory; an external server is left alone."""
        keeper, self._keeper = self._keeper, None
        self._found = None
        self.nodes = ()
        if keeper is not None:
            keeper.close()

    def primary(self, timeout: float | None = None) -> MongoNode:
        """Return the node that is primary, waiting for an election if need be."""
        self._require_own_nodes()
        with contextlib.ExitStack() as stack:
            clients = {
                node: stack.enter_context(node.client(1.0)) for node in self.nodes if node.is_up()
            }

            def latest() -> MongoNode | None:
                states = {node: state(client) for node, client in clients.items()}
                primaries = [node for node in states if states[node].get("isWritablePrimary")]
                # One that was cut off may take itself for primary still: the last election counts.
                return max(primaries, key=lambda node: states[node]["electionId"], default=None)

            seconds = self._timeout if timeout is None else timeout
            return until(latest, seconds, lambda: self._report("There is no primary."))

    def step_down(self, seconds: int = 5) -> MongoNode:
        """Make the primary step down and stay secondary for `seconds`; return that node.

        Another one is elected meanwhile; a single node elects itself afterwards.
        """
        node = self.primary()
        with node.client() as client:
            client.admin.command(
                "replSetStepDown", seconds, secondaryCatchUpPeriodSecs=0, force=True
            )
        return node

    def check(self, seconds: float = 0.0) -> None:
        """Watch every node for `seconds`, and raise if one ended by itself."""
        for node in self.nodes:
            code = None if node.pid is None else node.exit_code(seconds)
            if code is not None:
                raise MongoServerError(
                    f"mongod on {node.address} ended with exit code {code}.\n{node.report()}"
                )

    @property
    def _running(self) -> tuple[str, str, int | None]:
        if self._found is None:
            raise MongoServerError("This MongoServer does not run: use `with`, or start() it.")
        return self._found

    def _greet(self, uri: str) -> tuple[str, int | None]:
        try:
            client: Client = MongoClient(uri, serverSelectionTimeoutMS=10_000)
            with client:
                client.admin.command("ping")
                return client.primary or min(client.nodes)
        except PyMongoError as error:
            raise MongoServerError(
                f"MONGODB_URI is set, but no server answers there: {error}. Start that server, or "
                "unset MONGODB_URI to have one started here."
            ) from error

    def _start_nodes(self) -> None:
        if os.name != "posix":
            raise MongoServerError(
                "This tool starts MongoDB on Linux and macOS only. Set MONGODB_URI to a running "
                "replica set instead."
            )
        binary = find_binary()
        if not self._parent_directory.is_dir():
            raise MongoServerError(f"{self._parent_directory} is no directory to make another in.")
        self._keeper = KeeperProcess(self._parent_directory)
        attempts = PORT_ATTEMPTS if self._first_port is None else 1
        for attempt in range(1, attempts + 1):
            ports = choose_ports(self._count, self._first_port)
            self.nodes = tuple(self._node(self._keeper, binary, port) for port in ports)
            try:
                self._launch_nodes()
                return
            except PortTakenError:
                # Somebody who looked for a free port at the same moment was faster.
                for node in self.nodes:
                    node.kill()
                if attempt == attempts:
                    raise

    def _node(self, keeper: KeeperProcess, binary: Path, port: int) -> MongoNode:
        assert keeper.directory is not None
        directory = keeper.directory / f"node-{port}"
        command = mongod_arguments(binary, port, directory, self._replica_set, self._parameters)
        return MongoNode(keeper, command, directory, (self._host, port), self._timeout)

    def _launch_nodes(self) -> None:
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            node.await_answer()

    def _initiate(self) -> None:
        config = replica_set_config(self._replica_set, [node.address for node in self.nodes])
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(node.client(self._timeout)) for node in self.nodes]
            clients[0].admin.command("replSetInitiate", config)
            until(
                lambda: all(is_member(state(client)) for client in clients),
                self._timeout,
                lambda: self._report("The replica set did not come up."),
            )
        self.primary()

    def _require_own_nodes(self) -> None:
        if not self.nodes:
            raise MongoServerError(
                "Only a running server of our own can be acted on: start() this one, with "
                "ignore_environment=True if MONGODB_URI is set."
            )

    def _report(self, complaint: str) -> str:
        return "\n".join([complaint, *(node.report() for node in self.nodes)])


_shared: MongoServer | None = None
_shared_lock = threading.Lock()


def shared_server(*, test_commands: bool = False) -> MongoServer:
    """Return the one server of this process, started by the first call and stopped at exit.

    Each worker of pytest-xdist has its own, unless MONGODB_URI is set before they start.

    Args:
        test_commands: allow fail points; the first call decides.
    """
    global _shared
    with _shared_lock:
        if _shared is None:
            server = MongoServer(test_commands=test_commands).start()
            atexit.register(server.stop)
            _shared = server
        if test_commands and not (_shared.test_commands or _shared.is_external):
            raise MongoServerError(
                "The shared server runs without test commands: ask for them in the first call of "
                "shared_server(), or start a MongoServer(test_commands=True) of your own."
            )
        return _shared
