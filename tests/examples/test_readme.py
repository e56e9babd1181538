"""What README.md promises: its example runs, its commands and files exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pymongo
import pytest

from tests.examples.running import ROOT, run_python

README = (ROOT / "README.md").read_text(encoding="utf-8")
DATABASE = "mongoengine_readme"


@pytest.fixture
def example(mongodb_uri: str) -> Iterator[str]:
    """The one Python example, on our server and in a database of its own."""
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    for written, ours in (
        ("mongodb://localhost:27017", mongodb_uri),
        ('"library"', f'"{DATABASE}"'),
    ):
        assert written in code
        code = code.replace(written, ours)
    client: pymongo.MongoClient[dict[str, object]] = pymongo.MongoClient(mongodb_uri)
    with client:
        database = client.get_default_database(DATABASE)
        database.drop_collection("book")
        yield code
        database.drop_collection("book")


def test_the_example_prints_what_its_comments_say(example: str) -> None:
    promised = re.findall(r"# prints (.+)", example)

    run = run_python("-c", example, uri=None)

    assert (run.returncode, run.stderr) == (0, ""), run.stderr
    assert run.stdout.splitlines() == promised
    assert len(promised) == 2


def test_the_commands_name_chores_that_exist() -> None:
    chores = re.findall(r"^def (\w+)\(session", (ROOT / "noxfile.py").read_text(), re.MULTILINE)
    named = re.findall(r"nox -s (\w+)", README)

    assert {"demo", "tests"} <= set(named) <= set(chores)


def test_the_links_lead_to_files() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", README)

    assert {"ARCHITECTURE.md", "CHANGELOG.md", "examples/quickstart.py"} <= set(linked)
    assert [path for path in linked if not (ROOT / path).exists()] == []
