"""Files in GridFS against the driver's own bucket: throughput and peak memory, both colours.

`python benchmarks/gridfs.py [--size 1GiB] [--rounds 3]` uploads and downloads a file of that
size on $MONGODB_URI, or on a throw-away server. Contenders take turns, each time in a process
of its own; the table shows the median of the rounds, and the highest memory of any round
above what the process had before (which the upload has raised for the download). Exit code 1
if a target is missed: 64 MiB above base, and throughput within 10 % of the bucket's. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# In the place of this folder: its own name would hide the driver's package `gridfs`.
sys.path[0] = str(ROOT)

MIB = 1024 * 1024
UNITS = {"KIB": 1024, "MIB": MIB, "GIB": 1024 * MIB}
DATABASE = f"mongoengine_benchmark_gridfs_{os.getpid()}"

MOST_MEMORY = 64.0
LEAST_THROUGHPUT = 0.9

COLOURS = ("sync", "async")
LIBRARIES = ("bucket", "mongoengine")
DIRECTIONS = ("upload", "download")


class Source:
    """An open file of any size that takes no memory and no disk."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._block = os.urandom(MIB)

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most a MiB."""
        piece = self._block[: min(size, self._left)]
        self._left -= len(piece)
        return piece


# -- in the process of a contender -------------------------------------------------------


def run_contender(uri: str, database: str, colour: str, library: str, size: int) -> None:
    """Upload a file, download it again, and print what that took as JSON."""
    contender: Any = {
        ("sync", "bucket"): sync_bucket,
        ("sync", "mongoengine"): sync_mongoengine,
        ("async", "bucket"): lambda *args: asyncio.run(async_bucket(*args)),
        ("async", "mongoengine"): lambda *args: asyncio.run(async_mongoengine(*args)),
    }[colour, library]
    results: dict[str, dict[str, float]] = {}
    contender(uri, database, size, results)
    print(json.dumps(results))


class Measured:
    """A block whose time and additional memory are kept."""

    def __init__(self, results: dict[str, dict[str, float]], direction: str) -> None:
        self._results, self._direction = results, direction

    def __enter__(self) -> None:
        # The kernel keeps the highest memory a process had; this makes it begin anew.
        Path("/proc/self/clear_refs").write_text("5")
        self._base = memory("VmRSS")
        self._began = time.perf_counter()

    def __exit__(self, *args: object) -> None:
        seconds = time.perf_counter() - self._began
        above = memory("VmHWM") - self._base
        self._results[self._direction] = {"seconds": seconds, "memory": above / MIB}


def memory(entry: str) -> int:
    """Return an entry of the process's memory statistics, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{entry}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(f"/proc/self/status has no {entry}")


def check(received: int, size: int) -> None:
    """Refuse a download that is not the whole file."""
    if received != size:
        raise RuntimeError(f"received {received} bytes of {size}")


def sync_bucket(uri: str, name: str, size: int, results: dict[str, dict[str, float]]) -> None:
    """The sync driver's bucket."""
    from gridfs import GridFSBucket
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]](uri) as client:
        bucket = GridFSBucket(client[name])
        bucket.delete(bucket.upload_from_stream("warm", b"warm"))
        with Measured(results, "upload"):
            key = bucket.upload_from_stream("file", Source(size))
        with Measured(results, "download"):
            stored = bucket.open_download_stream(key)
            check(sum(len(chunk) for chunk in iter(stored.readchunk, b"")), size)
        bucket.delete(key)


async def async_bucket(
    uri: str, name: str, size: int, results: dict[str, dict[str, float]]
) -> None:
    """The async driver's bucket."""
    from gridfs.asynchronous import AsyncGridFSBucket
    from pymongo import AsyncMongoClient

    async with AsyncMongoClient[dict[str, Any]](uri) as client:
        bucket = AsyncGridFSBucket(client[name])
        await bucket.delete(await bucket.upload_from_stream("warm", b"warm"))
        with Measured(results, "upload"):
            key = await bucket.upload_from_stream("file", Source(size))
        with Measured(results, "download"):
            stored, received = await bucket.open_download_stream(key), 0
            while chunk := await stored.readchunk():
                received += len(chunk)
            check(received, size)
        await bucket.delete(key)


def model() -> Any:
    """Return a class of documents with a file."""
    from mongoengine import Document, FileField

    class Recording(Document):
        file = FileField()

    return Recording


def sync_mongoengine(uri: str, name: str, size: int, results: dict[str, dict[str, float]]) -> None:
    """The sync calls of this package."""
    from mongoengine import connect, disconnect

    connect(name, host=uri, uuidRepresentation="standard")
    file = model()().file
    file.put(b"warm")
    file.delete()
    with Measured(results, "upload"):
        file.put(Source(size), filename="file")
    with Measured(results, "download"):
        check(sum(len(chunk) for chunk in iter(file.get().readchunk, b"")), size)
    file.delete()
    disconnect()


async def async_mongoengine(
    uri: str, name: str, size: int, results: dict[str, dict[str, float]]
) -> None:
    """The async calls of this package."""
    from mongoengine import connect_async, disconnect_async

    await connect_async(name, host=uri, uuidRepresentation="standard")
    file = model()().file
    await file.async_put(b"warm")
    await file.async_delete()
    with Measured(results, "upload"):
        await file.async_put(Source(size), filename="file")
    with Measured(results, "download"):
        received = 0
        async for chunk in file.async_chunks():
            received += len(chunk)
        check(received, size)
    await file.async_delete()
    await disconnect_async()


# -- in the process that compares --------------------------------------------------------


def compare(uri: str, size: int, rounds: int) -> bool:
    """Let the contenders take turns, print the table, tell whether all targets are met."""
    from pymongo import MongoClient

    measured: dict[tuple[str, str, str], list[dict[str, float]]] = {}
    try:
        for number in range(rounds):
            for colour in COLOURS:
                # Who comes second profits from what the first has warmed up.
                for library in LIBRARIES if number % 2 == 0 else reversed(LIBRARIES):
                    results = child(uri, colour, library, size)
                    for direction in DIRECTIONS:
                        key = (colour, direction, library)
                        measured.setdefault(key, []).append(results[direction])
    finally:
        with MongoClient[dict[str, Any]](uri) as client:
            client.drop_database(DATABASE)
    return print_table(measured, size)


def child(uri: str, colour: str, library: str, size: int) -> dict[str, dict[str, float]]:
    """Run a contender in a process of its own and return its results."""
    command = [sys.executable, __file__, "--size", str(size), "--contender", colour, library]
    done = subprocess.run(
        [*command, "--uri", uri, "--database", DATABASE], check=True, stdout=subprocess.PIPE
    )
    results: dict[str, dict[str, float]] = json.loads(done.stdout)
    return results


def print_table(measured: dict[tuple[str, str, str], list[dict[str, float]]], size: int) -> bool:
    """Print what was measured; tell whether all targets are met."""
    met = True
    print(f"{size / MIB:.0f} MiB         bucket          mongoengine")
    print("                 MiB/s    MiB    MiB/s    MiB   ratio")
    for colour in COLOURS:
        for direction in DIRECTIONS:
            speeds, peaks = [], []
            for library in LIBRARIES:
                runs = measured[colour, direction, library]
                seconds = statistics.median(run["seconds"] for run in runs)
                speeds.append(size / MIB / seconds)
                peaks.append(max(run["memory"] for run in runs))
            ratio = speeds[1] / speeds[0]
            good = ratio >= LEAST_THROUGHPUT and peaks[1] < MOST_MEMORY
            met = met and good
            print(
                f"{colour:5} {direction:8} {speeds[0]:7.0f} {peaks[0]:6.1f}  {speeds[1]:7.0f} "
                f"{peaks[1]:6.1f}   {ratio:5.2f}{'' if good else '  missed'}"
            )
    return met


def parsed_size(text: str) -> int:
    """Return the number of bytes that `1GiB`, `64MiB` or a plain number stands for."""
    for unit, factor in UNITS.items():
        if text.upper().endswith(unit):
            return int(float(text[: -len(unit)]) * factor)
    return int(text)


def main() -> int:
    """Compare, or be one of the contenders."""
    from tools.mongod import shared_server

    parser = argparse.ArgumentParser(description="Files in GridFS against the driver's bucket.")
    parser.add_argument("--size", type=parsed_size, default=parsed_size("1GiB"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contender", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--uri", help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.contender:
        colour, library = given.contender
        run_contender(given.uri, given.database, colour, library, given.size)
        return 0
    return 0 if compare(shared_server().uri, given.size, given.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
