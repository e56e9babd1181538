"""The prefork worker as a process of its own, in both colours, on what the application stored."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from bson import ObjectId

from examples.fastapi_app import database
from examples.fastapi_app.models import Author, Book, Job, now
from tests.examples.library import Library, library_databases, serving
from tests.examples.running import ROOT

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="this operating system cannot fork a process"
)

COLOURS = pytest.mark.parametrize("colour", ["sync", "async"])
COMMAND = [sys.executable, "-X", "dev", "-W", "error", "-m", "examples.worker"]


@pytest.fixture
def environment(mongodb_uri: str) -> Iterator[dict[str, str]]:
    """A library that is open to sync code."""
    with library_databases(mongodb_uri) as environment:
        database.open_sync()
        try:
            yield {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        finally:
            database.close_sync()


def a_job(town: str, words: int) -> Job:
    """Store a book with a text, and the job to count its words."""
    with database.working_in(town):
        book = Book(title=f"{words} words", author=Author(name=str(ObjectId())).save())
        book.text.put(b"word\n" * words, filename="text")
        book.save()
        return Job(town=town, book=book.pk).save()


def counted(job: Job) -> int | None:
    with database.working_in(job.town):
        return Book.objects.get(pk=job.book).words


def run_worker(environment: dict[str, str], *arguments: str) -> str:
    """Run it until no job is left; return what it says."""
    run = subprocess.run(
        [*COMMAND, "--drain", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    return run.stdout


@COLOURS
def test_forked_children_do_every_job_once(environment: dict[str, str], colour: str) -> None:
    jobs = [a_job(database.TOWNS[number % 2], words=number) for number in range(1, 31)]

    said = run_worker(environment, "--colour", colour, "--workers", "3")

    assert [counted(job) for job in jobs] == list(range(1, 31))
    assert Job.objects(status=Job.DONE, attempts=1).count() == 30
    assert said.startswith("30 jobs to do\n")
    shares = re.findall(r":(\d+) did (\d+) jobs", said)
    assert len({process for process, _ in shares}) == 3
    assert sum(int(count) for _, count in shares) == 30


@COLOURS
def test_a_job_that_cannot_be_done_is_given_up_and_says_why(
    environment: dict[str, str], colour: str
) -> None:
    job = Job(town="north", book=ObjectId()).save()
    textless = a_job("south", words=1)
    with database.working_in("south"):
        book = Book.objects.get(pk=textless.book)
        book.text.delete()
        book.save()

    run_worker(environment, "--colour", colour)

    for each, error in ((job, "DoesNotExist: Book"), (textless, "LookupError: the book has no")):
        each.reload()
        assert (each.status, each.attempts) == (Job.FAILED, 3)
        assert each.error.startswith(error)


def test_the_job_of_a_dead_worker_is_taken_over_and_that_of_a_living_one_is_not(
    environment: dict[str, str],
) -> None:
    dead, living = a_job("north", words=5), a_job("north", words=6)
    dead.update(status=Job.RUNNING, worker="gone", claimed=now() - timedelta(hours=1))
    living.update(status=Job.RUNNING, worker="busy", claimed=now())

    run_worker(environment)

    assert (counted(dead), counted(living)) == (5, None)
    assert (living.reload().status, living.worker) == (Job.RUNNING, "busy")


@COLOURS
def test_a_worker_that_is_asked_to_end_ends_well(environment: dict[str, str], colour: str) -> None:
    job = a_job("south", words=7)
    worker = subprocess.Popen(
        [*COMMAND, "--colour", colour, "--workers", "1"],
        cwd=ROOT,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "1 jobs to do\n"
        assert worker.stdout.readline().endswith(f"job {job.pk} is done\n")
    finally:
        worker.send_signal(signal.SIGTERM)
        said, complaints = worker.communicate(timeout=60)

    assert (worker.returncode, complaints) == (0, ""), said
    assert said.endswith("did 1 jobs\n")
    assert counted(job) == 7


async def test_the_worker_counts_what_was_uploaded_to_the_application(
    environment: dict[str, str],
) -> None:
    async with serving() as client:
        path = f"/books/{await Library(client).book()}"
        await client.put(f"{path}/text", files={"text": b"to be\nor not\n"})
        assert (await client.get(path)).json()["words"] is None

        run_worker(environment)

        assert (await client.get(path)).json()["words"] == 4
