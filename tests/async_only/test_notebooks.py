"""Awaiting at the top level: as in a notebook, in `python -m asyncio` and in IPython."""

from __future__ import annotations

import ast
import asyncio
import importlib.util
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pymongo
import pytest

DATABASE = f"notebook_tests_{os.getpid()}"
ROOT = Path(__file__).resolve().parents[2]

# As a notebook is run: one cell after the other, in one loop that stays.
CELLS = """
from mongoengine import Document, ReferenceField, StringField
from mongoengine import connect, connect_async, disconnect, disconnect_async
class Singer(Document): name = StringField()

class Song(Document): title = StringField(); singer = ReferenceField(Singer)

client = await connect_async(DB, host=URI, alias="default", uuidRepresentation="standard")
song = await Song(title="Erlking", singer=await Singer(name="Dietrich").async_save()).async_save()
found = await Song.objects.async_get(title="Erlking")
print(type(found.singer).__name__, (await found.singer).name, found.singer.name)
print([each.title async for each in Song.objects.prefetch("singer")])
import asyncio
print(await asyncio.gather(*(Song.objects.async_count() for _ in range(3))))
client = connect(DB, host=URI, alias="default", uuidRepresentation="standard")
print(Song.objects.count(), await asyncio.to_thread(lambda: Song.objects.first().singer.name))
await Song.async_drop_collection(); await Singer.async_drop_collection(); await disconnect_async()
disconnect()
"""
SAID = [
    "AsyncReferenceProxy Dietrich Dietrich",
    "['Erlking']",
    "[1, 1, 1]",
    "1 Dietrich",
]


@pytest.fixture
def cells(mongodb_uri: str) -> Iterator[str]:
    yield f"DB, URI = {DATABASE!r}, {mongodb_uri!r}\n{CELLS.strip()}\n"
    with pymongo.MongoClient[dict[str, object]](mongodb_uri) as client:
        client.drop_database(DATABASE)


def feed(arguments: list[str], lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        input=lines,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_cells_that_await_share_names_and_one_loop(
    cells: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, object] = {"__name__": __name__}
    with asyncio.Runner() as runner:

        async def run(cell: str) -> None:
            tree = ast.parse(cell)
            code = compile(tree, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            result = eval(code, names)
            if inspect.iscoroutine(result):
                await result

        for cell in filter(None, cells.splitlines()):
            runner.run(run(cell))

    assert capsys.readouterr().out.splitlines() == SAID


def test_python_m_asyncio_takes_the_cells_from_stdin(cells: str) -> None:
    done = feed(["-X", "dev", "-W", "error", "-m", "asyncio"], cells)

    assert done.returncode == 0, done.stderr
    said = [re.sub(r"^(>>> |[.]{3} )+", "", line) for line in done.stdout.splitlines()]
    assert [line for line in said if line in SAID] == SAID, done.stdout
    for complaint in ("Traceback", "Warning", "Error", "was destroyed", "never"):
        assert complaint not in done.stdout + done.stderr, done.stdout + done.stderr


@pytest.mark.skipif(
    importlib.util.find_spec("IPython") is None,
    reason="IPython is not installed; the tests do not need it otherwise",
)
def test_ipython_runs_the_cells(cells: str, tmp_path: Path) -> None:
    script = tmp_path / "cells.py"
    script.write_text(
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        f"for cell in {[cell for cell in cells.splitlines() if cell]!r}:\n"
        "    shell.run_cell(cell).raise_error()\n",
        encoding="utf-8",
    )

    done = feed(["-c", script.read_text(encoding="utf-8")], "")

    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line] == SAID
    assert done.stderr == ""
