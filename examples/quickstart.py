"""The Python distributions of this machine as documents, questioned in both colours.

`nox -s demo` runs this on a throw-away MongoDB. On one of your own, install `rich`, set
MONGODB_URI and run `python examples/quickstart.py`. It works in one collection,
`quickstart_distributions`, which it drops before and after.

It stores what `importlib.metadata` knows, then asks each question twice: with the async API
and, in a thread, with the sync API of the same class. It prints the answers, and exits with 1
if they differ.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pymongo.errors import ServerSelectionTimeoutError
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from mongoengine import (
    BooleanField,
    Document,
    IntField,
    ListField,
    StringField,
    connect,
    connect_async,
    disconnect,
    disconnect_async,
)

DATABASE = "quickstart"
BATCH = 10
TOP = 5
PREFIX = "py"
WIDEST = 30

NO_URI = """\
MONGODB_URI is not set, so there is no MongoDB to talk to. Either start a throw-away one,

    python tools/mongod.py -- python examples/quickstart.py

or name one of your own:

    MONGODB_URI=mongodb://localhost:27017 python examples/quickstart.py
"""


# The model: one class for both colours.


class Distribution(Document):
    """A Python distribution that is installed on this machine."""

    name = StringField(primary_key=True)
    version = StringField(required=True)
    summary = StringField()
    licence = StringField()
    requires = ListField(StringField())
    files = IntField(min_value=0)
    standalone = BooleanField(default=False)

    meta = {"collection": "quickstart_distributions", "indexes": ["requires", "-files"]}


# Reading what is installed: building documents needs no connection.


def find_installed() -> list[importlib.metadata.Distribution]:
    """Return what Python can import; of two with one name, the one it would take."""
    found: dict[str, importlib.metadata.Distribution] = {}
    for installed in importlib.metadata.distributions():
        if name := stated(installed, "Name"):
            found.setdefault(normalise(name), installed)
    return list(found.values())


def describe(installed: importlib.metadata.Distribution) -> Distribution:
    """Make the document of one distribution."""
    return Distribution(
        name=normalise(installed.metadata["Name"]),
        version=installed.version,
        summary=stated(installed, "Summary"),
        licence=stated(installed, "License-Expression") or stated(installed, "License"),
        requires=required_names(installed.requires or []),
        files=len(installed.files or []),
    )


def normalise(name: str) -> str:
    """Return the one spelling of a name: `Typing_Extensions` is `typing-extensions`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def stated(installed: importlib.metadata.Distribution, key: str) -> str | None:
    """Return what the metadata state; of a whole text, as some licences are, the first line."""
    text = installed.metadata[key].strip() if key in installed.metadata else ""
    return text.splitlines()[0] if text and text != "UNKNOWN" else None


def required_names(requirements: Iterable[str]) -> list[str]:
    """Return the names that are needed always, not only with an extra or on some platform."""
    names = (re.match(r"[\w.-]+", line) for line in requirements if ";" not in line)
    return sorted({normalise(name[0]) for name in names if name})


async def import_installed(progress: Progress) -> None:
    """Store all distributions, one command for each batch."""
    found = find_installed()
    task = progress.add_task("Importing distributions", total=len(found))
    for start in range(0, len(found), BATCH):
        batch = map(describe, found[start : start + BATCH])
        documents = await asyncio.to_thread(list, batch)  # reads files
        await Distribution.objects.async_insert(documents, load_bulk=False)
        progress.advance(task, len(documents))


# The questions, async and sync. An answer is rows of plain values, so answers can be compared.

Answer = list[tuple[str | int | None, ...]]


async def async_how_many() -> Answer:
    return [(await Distribution.objects.async_count(),)]


def how_many() -> Answer:
    return [(Distribution.objects.count(),)]


async def async_largest() -> Answer:
    found = Distribution.objects.order_by("-files", "name").limit(TOP)
    return [(each.name, each.version, each.files) async for each in found]


def largest() -> Answer:
    found = Distribution.objects.order_by("-files", "name").limit(TOP)
    return [(each.name, each.version, each.files) for each in found]


async def async_most_required() -> Answer:
    votes: Counter[str] = Counter()
    async for each in Distribution.objects.only("requires"):
        votes.update(each.requires)
    return ranked(votes)


def most_required() -> Answer:
    votes: Counter[str] = Counter()
    for each in Distribution.objects.only("requires"):
        votes.update(each.requires)
    return ranked(votes)


def ranked(votes: Counter[str]) -> Answer:
    """Return the names with most votes; the alphabet decides between equals."""
    ranking = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    return list(ranking[:TOP])


async def async_by_prefix() -> Answer:
    found = Distribution.objects(name__startswith=PREFIX).order_by("name")
    return [(each.name, each.licence, each.summary) for each in await found.async_to_list()]


def by_prefix() -> Answer:
    found = Distribution.objects(name__startswith=PREFIX).order_by("name")
    return [(each.name, each.licence, each.summary) for each in found.to_list()]


async def async_which_pymongo() -> Answer:
    found = await Distribution.objects.async_get(name="pymongo")
    return [(found.version, found.licence, ", ".join(found.requires))]


def which_pymongo() -> Answer:
    found = Distribution.objects.get(name="pymongo")
    return [(found.version, found.licence, ", ".join(found.requires))]


async def async_mark_standalone() -> Answer:
    await Distribution.objects.async_update(standalone=False)
    marked = await Distribution.objects(requires__size=0).async_update(standalone=True)
    return [(marked, await Distribution.objects(standalone=True).async_count())]


def mark_standalone() -> Answer:
    Distribution.objects.update(standalone=False)
    marked = Distribution.objects(requires__size=0).update(standalone=True)
    return [(marked, Distribution.objects(standalone=True).count())]


async def async_largest_standalone() -> Answer:
    first = await Distribution.objects(standalone=True).order_by("-files", "name").async_first()
    return [(first.name, first.files)] if first else []


def largest_standalone() -> Answer:
    first = Distribution.objects(standalone=True).order_by("-files", "name").first()
    return [(first.name, first.files)] if first else []


@dataclass(frozen=True)
class Question:
    """A question, the headings of its answer, and the two ways to ask it."""

    text: str
    headings: tuple[str, ...]
    ask_async: Callable[[], Awaitable[Answer]]
    ask_sync: Callable[[], Answer]


QUESTIONS = (
    Question("How many are there?", ("distributions",), async_how_many, how_many),
    Question("Which are largest?", ("name", "version", "files"), async_largest, largest),
    Question(
        "Which do most others require?",
        ("name", "required by"),
        async_most_required,
        most_required,
    ),
    Question(
        f"Which begin with {PREFIX!r}?",
        ("name", "licence", "summary"),
        async_by_prefix,
        by_prefix,
    ),
    Question(
        "Which PyMongo is this?",
        ("version", "licence", "requires"),
        async_which_pymongo,
        which_pymongo,
    ),
    Question(
        "How many require nothing?",
        ("marked by update", "counted after"),
        async_mark_standalone,
        mark_standalone,
    ),
    Question(
        "Which of these is largest?",
        ("name", "files"),
        async_largest_standalone,
        largest_standalone,
    ),
)


def ask_all_in_sync(uri: str) -> list[Answer]:
    """Ask on a sync connection: same alias, same settings, same class."""
    connect(DATABASE, **settings(uri))
    try:
        return [question.ask_sync() for question in QUESTIONS]
    finally:
        disconnect()


def settings(uri: str) -> dict[str, Any]:
    return {"host": uri, "uuidRepresentation": "standard", "serverSelectionTimeoutMS": 3000}


# What is printed.


def table_of(headings: tuple[str, ...], answer: Answer) -> Table:
    """Lay an answer out; where room is short, the last column gives way."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for index, heading in enumerate(headings):
        numbers = all(isinstance(row[index], int) for row in answer)
        last = index == len(headings) - 1
        table.add_column(
            heading,
            justify="right" if numbers else "left",
            no_wrap=not last,
            max_width=None if last else WIDEST,
        )
    for row in answer:
        cells = ("-" if cell is None else str(cell) for cell in row)
        table.add_row(*(Text(cell, no_wrap=True, overflow="ellipsis") for cell in cells))
    return table


def show(console: Console, title: str, headings: tuple[str, ...], answer: Answer) -> None:
    console.print(Text(f"\n{title}", "bold"))
    console.print(table_of(headings, answer))


def report(console: Console, in_async: list[Answer], in_sync: list[Answer]) -> bool:
    """Print the answers and how they compare; return whether all agree."""
    compared: Answer = []
    differing = 0
    for question, first, second in zip(QUESTIONS, in_async, in_sync, strict=True):
        show(console, question.text, question.headings, first)
        if first != second:
            differing += 1
            show(console, "The sync API answers:", question.headings, second)
        verdict = "agree" if first == second else "DIFFER"
        compared.append((question.text, len(first), len(second), verdict))
    show(console, "Asked twice", ("question", "async rows", "sync rows", "answers"), compared)
    if differing:
        console.print(f"\n[bold red]{differing} of {len(QUESTIONS)} answers differ.")
    else:
        console.print(f"\n[bold green]All {len(QUESTIONS)} answers agree.")
    return not differing


async def demonstrate(uri: str, console: Console) -> bool:
    """Import, ask in both colours, report; return whether all answers agree."""
    await connect_async(DATABASE, **settings(uri))
    try:
        await Distribution.async_drop_collection()
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, console=console) as progress:
            await import_installed(progress)
        in_async = [await question.ask_async() for question in QUESTIONS]
        in_sync = await asyncio.to_thread(ask_all_in_sync, uri)
        agree = report(console, in_async, in_sync)
        await Distribution.async_drop_collection()
        return agree
    finally:
        await disconnect_async()


def main() -> int:
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        print(NO_URI, end="", file=sys.stderr)
        return 2
    try:
        return 0 if asyncio.run(demonstrate(uri, Console())) else 1
    except ServerSelectionTimeoutError as error:
        print(f"No MongoDB answers at the address in MONGODB_URI: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
