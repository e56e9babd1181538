"""The quickstart, run as a newcomer runs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pymongo
import pytest

from tests.examples.running import run_python

QUICKSTART = "examples/quickstart.py"

# Runs the quickstart with one sync answer replaced by a wrong one.
ONE_WRONG_ANSWER = """
import dataclasses, sys
from examples import quickstart
first, *others = quickstart.QUESTIONS
wrong = dataclasses.replace(first, ask_sync=lambda: [(-1,)])
quickstart.QUESTIONS = (wrong, *others)
sys.exit(quickstart.main())
"""


@pytest.fixture(scope="module")
def printed(mongodb_uri: str) -> str:
    """What the quickstart prints; it must end well and say nothing on stderr."""
    run = run_python(QUICKSTART, uri=mongodb_uri)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    return run.stdout


_COUNT_FILES = """
import json, re
from importlib import metadata
print(json.dumps([
    (re.sub(r"[-_.]+", "-", installed.metadata["Name"]).lower(), len(installed.files or []))
    for installed in metadata.distributions()
]))
"""


def files_installed() -> dict[str, int]:
    """Return the number of files of every distribution, as a fresh interpreter sees them.

    Importing setuptools, as the tests of the tools do, shows this one more of them.
    """
    command = [sys.executable, "-c", _COUNT_FILES]
    return dict(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


def rows_below(title: str, printed: str) -> list[list[str]]:
    """Return the rows of the table with a title, as lists of words; the headings are left out."""
    _, found, below = printed.partition(f"\n{title}\n")
    assert found, f"{title!r} is not in:\n{printed}"
    _headings, _rule, *rows = below.split("\n\n")[0].splitlines()
    return [row.split() for row in rows]


def test_it_imports_every_installed_distribution(printed: str) -> None:
    total = str(len(files_installed()))

    assert f"{total}/{total}" in printed
    assert rows_below("How many are there?", printed) == [[total]]


def test_the_largest_come_in_falling_order(printed: str) -> None:
    sizes = [int(row[-1]) for row in rows_below("Which are largest?", printed)]

    assert len(sizes) == 5
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == max(files_installed().values())


def test_the_prefix_finds_those_names_and_no_others(printed: str) -> None:
    found = [row[0] for row in rows_below("Which begin with 'py'?", printed)]

    assert found == sorted(name for name in files_installed() if name.startswith("py"))


def test_it_names_the_driver_it_runs_on(printed: str) -> None:
    ((version, *_, requires),) = rows_below("Which PyMongo is this?", printed)

    assert (version, requires) == (pymongo.version, "dnspython")


def test_the_update_reaches_what_the_count_then_finds(printed: str) -> None:
    ((marked, counted),) = rows_below("How many require nothing?", printed)

    assert int(marked) == int(counted) > 0


def test_both_colours_agree_on_all_answers(printed: str) -> None:
    verdicts = [row[-1] for row in rows_below("Asked twice", printed)]

    assert verdicts == ["agree"] * 7
    assert printed.rstrip().endswith("All 7 answers agree.")


def test_the_output_fits_a_terminal_of_80_columns(printed: str) -> None:
    assert max(map(len, printed.splitlines())) <= 80


def test_it_leaves_no_collection_behind(printed: str, mongodb_uri: str) -> None:
    client: pymongo.MongoClient[dict[str, object]] = pymongo.MongoClient(mongodb_uri)
    with client:
        names = client.get_default_database("quickstart").list_collection_names()

    assert "quickstart_distributions" not in names


def test_a_wrong_answer_is_shown_and_makes_it_fail(mongodb_uri: str) -> None:
    run = run_python("-c", ONE_WRONG_ANSWER, uri=mongodb_uri)

    assert run.returncode == 1, run.stdout + run.stderr
    assert "The sync API answers:" in run.stdout
    assert run.stdout.rstrip().endswith("1 of 7 answers differ.")


def test_without_a_uri_it_says_how_to_get_a_server() -> None:
    run = run_python(QUICKSTART, uri=None)

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("MONGODB_URI is not set")
    assert "python tools/mongod.py -- python examples/quickstart.py" in run.stderr


def test_a_server_that_does_not_answer_is_reported_without_a_traceback() -> None:
    # Nothing listens on port 1.
    run = run_python(QUICKSTART, uri="mongodb://127.0.0.1:1")

    assert run.returncode == 2
    assert run.stderr.startswith("No MongoDB answers at the address in MONGODB_URI: 127.0.0.1:1")
    assert "Traceback" not in run.stderr
