"""`tools/mongod.py` with the real thing: it starts, can be broken, and nothing of it survives."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError

from tools.mongod import MongoNode, MongoServer, MongoServerError
from tools.mongodb import server as server_module

ROOT = Path(__file__).resolve().parents[2]
TOOL = [sys.executable, str(ROOT / "tools" / "mongod.py"), "--ignore-environment"]
INTERRUPTED = 128 + signal.SIGINT


@pytest.fixture(scope="module", autouse=True)
def interruptible() -> Iterator[None]:
    """Let the tools started here be interrupted, also when the tests run in the background.

    A shell has its background jobs ignore Ctrl-C, and every process they start inherits that.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def own_server(directory: Path, **options: object) -> MongoServer:
    return MongoServer(directory=directory, ignore_environment=True, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    with own_server(tmp_path_factory.mktemp("single")) as server:
        yield server


@pytest.fixture(scope="module")
def triple(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    with own_server(tmp_path_factory.mktemp("triple"), nodes=3) as server:
        yield server


def eventually(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Wait for what another process does; it cannot tell us when it has."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def runs(pid: int) -> bool:
    """Say whether a process runs; an orphan may be a zombie until init has seen to it."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def assert_nothing_survives(pid: int, port: int, directory: Path, seconds: float = 0.0) -> None:
    """Look at once, or give the keeper `seconds` when nobody was left to wait for it."""
    assert eventually(lambda: not runs(pid), seconds), f"process {pid} survived"
    assert eventually(lambda: not listens(port), seconds), f"port {port} is still open"
    assert eventually(lambda: not list(directory.iterdir()), seconds), "files are left"


def describe(uri: str) -> tuple[int, int]:
    """Return the pid and the port of the server behind `uri`."""
    client: MongoClient[dict[str, Any]]
    with MongoClient(uri, serverSelectionTimeoutMS=5000) as client:
        pid = client.admin.command("serverStatus")["pid"]
        assert client.address is not None
        return int(pid), client.address[1]


def test_a_server_takes_transactions_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with own_server(tmp_path) as server:
        (node,) = server.nodes
        pid, port = describe(server.uri)
        assert (node.pid, node.port) == (pid, port)
        assert (server.host, server.port, server.is_external) == ("127.0.0.1", port, False)
        client: MongoClient[dict[str, Any]]
        with MongoClient(server.uri) as client, client.start_session() as session:
            with session.start_transaction():
                client.shop.orders.insert_one({"_id": 1}, session=session)
            assert client.shop.orders.count_documents({}) == 1
        assert runs(pid)
        assert list(tmp_path.iterdir()) == [node.directory.parent]
    assert_nothing_survives(pid, port, tmp_path)
    with pytest.raises(MongoServerError, match="does not run"):
        server.uri  # noqa: B018


def test_a_server_can_be_started_again_after_an_error_ended_it(tmp_path: Path) -> None:
    server = own_server(tmp_path)
    with pytest.raises(ZeroDivisionError), server:  # noqa: PT012
        pid, port = describe(server.uri)
        raise ZeroDivisionError
    assert_nothing_survives(pid, port, tmp_path)
    with server:
        assert describe(server.uri)[0] != pid


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 0),
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_nothing_survives_a_signal_to_the_tool(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    command = [*TOOL, "--directory", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tool:
        assert tool.stdout is not None
        pid, port = describe(tool.stdout.readline().strip())
        tool.send_signal(number)
        assert tool.wait(30) == code
    killed = number is signal.SIGKILL
    assert_nothing_survives(pid, port, tmp_path, seconds=15.0 if killed else 0.0)


def test_nothing_survives_an_interrupt_while_the_server_starts(tmp_path: Path) -> None:
    command = [*TOOL, "--directory", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tool:
        assert eventually(lambda: bool(list(tmp_path.glob("*/node-*/mongod.lock"))))
        (lock,) = tmp_path.glob("*/node-*/mongod.lock")
        assert eventually(lambda: bool(lock.read_text().strip()))
        pid = int(lock.read_text())
        tool.send_signal(signal.SIGINT)
        output, _ = tool.communicate(timeout=30)
    assert (tool.returncode, output) == (INTERRUPTED, "")
    assert_nothing_survives(pid, int(lock.parent.name.removeprefix("node-")), tmp_path)


def test_a_command_is_run_with_the_uri_and_gets_the_signal_to_end(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
        "print(os.environ['MONGODB_URI'], flush=True)\n"
        "signal.pause()\n"
    )
    command = [*TOOL, "--directory", str(tmp_path), "--", sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tool:
        assert tool.stdout is not None
        pid, port = describe(tool.stdout.readline().strip())
        tool.terminate()
        assert tool.wait(30) == 7
    assert_nothing_survives(pid, port, tmp_path)


def test_ctrl_c_in_a_terminal_is_left_to_the_command(tmp_path: Path) -> None:
    program = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(7))\n"
        "print('ready', flush=True)\n"
        "signal.pause()\n"
    )
    command = [*TOOL, "--directory", str(tmp_path), "--", sys.executable, "-c", program]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as tool:
        assert tool.stdout is not None
        assert tool.stdout.readline() == "ready\n"
        os.killpg(tool.pid, signal.SIGINT)
        assert tool.wait(30) == 7
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can end orphans for us")
def test_the_servers_go_down_with_their_keeper(tmp_path: Path) -> None:
    with own_server(tmp_path) as server:
        pid, port = describe(server.uri)
        parent = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True)
        os.kill(int(parent.stdout), signal.SIGKILL)
        assert eventually(lambda: not runs(pid))
        with pytest.raises(MongoServerError, match="keeps MongoDB"):
            server.check()
    assert_nothing_survives(pid, port, tmp_path, seconds=15.0)


def test_a_forked_child_neither_stops_the_server_nor_keeps_it(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from tools.mongod import MongoServerError, shared_server\n"
        "server = shared_server()\n"
        "assert shared_server() is server\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    try:\n"
        "        server.nodes[0].kill()\n"
        "    except MongoServerError:\n"
        "        sys.exit(7)\n"
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7\n"
        "server.check()\n"
        "print(server.nodes[0].pid, server.port)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    environment.pop("MONGODB_URI", None)
    done = subprocess.run(
        # Since 3.12 Python warns of any fork beside threads, which the driver has.
        [
            *(sys.executable, "-W", "error::ResourceWarning", "-W", "ignore::DeprecationWarning"),
            *("-c", program),
        ],
        capture_output=True,
        cwd=ROOT,
        env=environment,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    pid, port = map(int, done.stdout.split())
    assert_nothing_survives(pid, port, tmp_path)


def test_a_frozen_server_is_ended_too(tmp_path: Path) -> None:
    with own_server(tmp_path) as server:
        pid, port = describe(server.uri)
        server.nodes[0].freeze()
    assert_nothing_survives(pid, port, tmp_path)


def test_an_external_server_is_used_and_left_alone(
    single: MongoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_URI", single.uri)
    with MongoServer() as server:
        assert (server.uri, server.is_external, server.nodes) == (single.uri, True, ())
        assert (server.host, server.port) == (single.host, single.port)
        with pytest.raises(MongoServerError, match="of our own"):
            server.step_down()
    single.check()
    assert describe(single.uri)[0] == single.nodes[0].pid


def test_a_fixed_port_that_is_taken_is_an_error(single: MongoServer, tmp_path: Path) -> None:
    with pytest.raises(MongoServerError, match=f"Port {single.port} of 127.0.0.1 is in use"):
        own_server(tmp_path, port=single.port).start()
    assert list(tmp_path.iterdir()) == []


def test_a_port_lost_to_a_faster_process_is_replaced(
    single: MongoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_ports = server_module.choose_ports
    answers = [[single.port], choose_ports(1)]
    monkeypatch.setattr(server_module, "choose_ports", lambda *_: answers.pop(0))
    with own_server(tmp_path, host="localhost") as server:
        assert answers == []
        assert server.uri == f"mongodb://localhost:{server.port}/?replicaSet=rs0"
        assert describe(server.uri) == (server.nodes[0].pid, server.port)
    assert describe(single.uri)[0] == single.nodes[0].pid


def test_a_server_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    with pytest.raises(MongoServerError) as caught:
        own_server(tmp_path, parameters={"nonsense": 1}).start()
    assert "ended with exit code" in str(caught.value)
    assert "Unknown --setParameter 'nonsense'" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_never_answers_is_ended_after_the_timeout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = tmp_path / "bin" / "mongod"
    binary.parent.mkdir()
    binary.write_text('#!/bin/sh\necho "pid $$"\nexec sleep 600\n')
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", f"{binary.parent}{os.pathsep}{os.environ['PATH']}")
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(MongoServerError, match=r"did not answer .* 0\.5 seconds") as caught:
        own_server(work, timeout=0.5).start()
    pid = int(str(caught.value).rsplit("pid ", 1)[1])
    assert not runs(pid)
    assert list(work.iterdir()) == []


def test_fail_points_need_to_be_allowed(single: MongoServer, tmp_path: Path) -> None:
    command = {
        "configureFailPoint": "failCommand",
        "mode": {"times": 1},
        "data": {"failCommands": ["ping"], "errorCode": 50},
    }
    with single.nodes[0].client() as client, pytest.raises(OperationFailure):
        client.admin.command(command)
    with (
        own_server(tmp_path, test_commands=True) as server,
        server.nodes[0].client() as client,
    ):
        client.admin.command(command)
        with pytest.raises(OperationFailure) as caught:
            client.admin.command("ping")
        assert caught.value.code == 50


def test_an_interrupted_request_does_not_garble_the_next(single: MongoServer) -> None:
    class Interruption(Exception):
        pass

    def interrupt(*_: object) -> None:
        raise Interruption

    (node,) = single.nodes
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(Interruption):
            node.exit_code(0.5)
        assert single.primary() is node
        node.kill()
        assert node.pid is None
        node.restart()
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_node_keeps_its_data_through_a_crash_and_a_restart(single: MongoServer) -> None:
    (node,) = single.nodes
    client: MongoClient[dict[str, Any]]
    with MongoClient(single.uri, w="majority", journal=True) as client:
        client.shop.orders.insert_one({"_id": "kept"})
        first = node.pid
        node.kill()
        assert not listens(node.port)
        with pytest.raises(MongoServerError, match=r"is down; restart\(\) it"):
            node.freeze()
        node.restart()
        second = node.pid
        node.restart()
        assert len({first, second, node.pid}) == 3
        assert single.primary() is node
        assert client.shop.orders.find_one() == {"_id": "kept"}


def test_a_node_that_ended_by_itself_is_noticed(tmp_path: Path) -> None:
    with own_server(tmp_path) as server:
        (node,) = server.nodes
        server.check()
        assert node.pid is not None
        os.kill(node.pid, signal.SIGKILL)
        assert node.exit_code(10) == -signal.SIGKILL
        with pytest.raises(MongoServerError, match="ended with exit code -9"):
            server.check()


def test_a_frozen_node_answers_nothing_until_it_is_thawed(single: MongoServer) -> None:
    (node,) = single.nodes
    node.freeze()
    assert not node.is_up()
    with node.client(0.3) as client, pytest.raises(ServerSelectionTimeoutError):
        client.admin.command("ping")
    node.thaw()
    assert node.is_up()
    with node.client() as client:
        assert client.admin.command("ping")["ok"] == 1.0


def test_a_single_node_that_stepped_down_elects_itself_again(single: MongoServer) -> None:
    node = single.step_down(seconds=1)
    with node.client() as client:
        assert not client.admin.command("hello")["isWritablePrimary"]
    assert single.primary() is node


def members(server: MongoServer) -> set[tuple[str, int | None]]:
    client: MongoClient[dict[str, Any]]
    with MongoClient(server.uri) as client:
        assert eventually(lambda: len(client.nodes) == 3)
        client.shop.orders.insert_one({})
        return set(client.nodes)


def test_three_nodes_are_one_replica_set_with_one_primary(triple: MongoServer) -> None:
    assert len({node.pid for node in triple.nodes}) == 3
    assert members(triple) == {("127.0.0.1", node.port) for node in triple.nodes}
    assert triple.primary() in triple.nodes


def primary_without(triple: MongoServer, fallen: MongoNode) -> MongoNode:
    elected = triple.primary()
    assert elected is not fallen
    return elected


def test_another_node_takes_over_for_one_that_steps_down_or_fails(triple: MongoServer) -> None:
    stepped_down = triple.step_down(seconds=10)
    second = primary_without(triple, stepped_down)

    second.freeze()
    third = primary_without(triple, second)
    second.thaw()
    assert triple.primary() is third

    third.kill()
    primary_without(triple, third)
    third.restart()
    assert members(triple) == {("127.0.0.1", node.port) for node in triple.nodes}


def test_without_a_majority_there_is_no_primary(triple: MongoServer) -> None:
    triple.primary()
    first, second, third = triple.nodes
    first.kill()
    second.kill()
    third.freeze()
    with pytest.raises(MongoServerError, match=r"There is no primary\.\nThe end of the log of"):
        triple.primary(timeout=0.5)
    third.thaw()
    first.restart()
    second.restart()
    assert triple.primary() in triple.nodes
