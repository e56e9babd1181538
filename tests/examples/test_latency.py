"""The script that compares latencies, with small numbers; and its picture in the documentation."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest

from tests.examples.running import ROOT

DATABASE = f"latency_tests_{os.getpid()}"


@pytest.fixture
def environment(mongodb_uri: str) -> Iterator[dict[str, str]]:
    yield {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "MONGODB_URI": mongodb_uri,
        "LATENCY_DATABASE": DATABASE,
        "LATENCY_CALLS": "60",
        "LATENCY_AT": "1 3",
    }
    with pymongo.MongoClient[dict[str, object]](mongodb_uri) as client:
        left = client[DATABASE].list_collection_names()
        client.drop_database(DATABASE)
    assert left == []


def run_script(environment: dict[str, str], plot: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-W", "error", "examples/latency.py"],
        cwd=ROOT,
        env={**environment, "LATENCY_PLOT": plot},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    return run.stdout.splitlines()


def size_of(png: Path) -> tuple[int, int]:
    content = png.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_it_measures_both_colours_at_every_concurrency(environment: dict[str, str]) -> None:
    _heading, *rows = run_script(environment, plot="")

    assert [row.split()[0] for row in rows] == ["1", "3"]
    for row in rows:
        numbers = [float(word) for word in row.split() if word != "ms"]
        assert len(numbers) == 7
        assert min(numbers) > 0


def test_it_draws_what_it_measured(environment: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the plot takes matplotlib, of the group `plot`")
    plot = tmp_path / "of" / "latency.png"

    assert run_script(environment, plot=str(plot))[-1] == f"drawn in {plot}"

    assert size_of(plot) == (900, 360)


def test_the_documentation_shows_a_picture_of_that_size() -> None:
    assert "](images/latency.png)" in (ROOT / "docs" / "async.md").read_text(encoding="utf-8")
    assert size_of(ROOT / "docs" / "images" / "latency.png") == (900, 360)
