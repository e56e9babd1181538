"""A worker without `await`, on the models of the FastAPI application: it counts words.

`python -m examples.worker` works until Ctrl-C, with `--drain` until no job is waiting. The queue
is the collection of `Job`; `modify` claims a job in one step, so no two workers get the same.

It works as Celery's prefork pool does: the parent is connected when it forks, and each child makes
connections of its own when it first asks. `--colour async` has each child run an event loop.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from examples.fastapi_app.database import (
    close_async,
    close_sync,
    open_async,
    open_sync,
    working_in,
)
from examples.fastapi_app.models import Book, Job, now
from mongoengine import Q, QuerySet

LEASE = timedelta(minutes=5)  # who has held a job for longer is taken for dead
ATTEMPTS = 3
PAUSE = 0.5


def me() -> str:
    return f"{os.uname().nodename}:{os.getpid()}"


# What both colours ask for. Building a query needs no server.


def open_jobs() -> QuerySet[Job]:
    """Return the jobs to be had, the oldest first: those waiting, and those of the dead."""
    lost = Q(status=Job.RUNNING, claimed__lt=now() - LEASE)
    return Job.objects(Q(status=Job.WAITING) | lost).order_by("id")


def claim() -> dict[str, Any]:
    return {
        "set__status": Job.RUNNING,
        "set__worker": me(),
        "set__claimed": now(),
        "inc__attempts": 1,
    }


def done() -> dict[str, Any]:
    return {"set__status": Job.DONE, "unset__error": True}


def failed(job: Job, error: Exception) -> dict[str, Any]:
    """Let a job be tried again, but not for ever."""
    status = Job.WAITING if job.attempts < ATTEMPTS else Job.FAILED
    return {"set__status": status, "set__error": f"{type(error).__name__}: {error}"}


# A child, sync: like a task of Celery.


def work(stop: Stop, drain: bool) -> int:
    """Do one job after the other; return how many."""
    count = 0
    while not stop:
        job = open_jobs().modify(new=True, **claim())
        if job is not None:
            do(job)
            count += 1
        elif drain:
            break
        else:
            time.sleep(PAUSE)
    close_sync()
    return count


def do(job: Job) -> None:
    try:
        count_words(job)
    except Exception as error:  # whatever it is, it must not end the worker
        outcome = failed(job, error)
    else:
        outcome = done()
    job.modify({"worker": me()}, **outcome)  # unless another took it over
    print(f"{me()}: job {job.pk} is {job.status}", flush=True)


def count_words(job: Job) -> None:
    with working_in(job.town):
        book = Book.objects.get(pk=job.book)
        stored = book.text.get()
        if stored is None:
            raise LookupError("the book has no text")
        book.modify(words=sum(len(line.split()) for line in stored))


# A child, async: the same in an event loop.


async def async_work(stop: Stop, drain: bool) -> int:
    """Do one job after the other; return how many."""
    count = 0
    while not stop:
        job = await open_jobs().async_modify(new=True, **claim())
        if job is not None:
            await async_do(job)
            count += 1
        elif drain:
            break
        else:
            await asyncio.sleep(PAUSE)
    await close_async()
    return count


async def async_do(job: Job) -> None:
    try:
        await async_count_words(job)
    except Exception as error:  # whatever it is, it must not end the worker
        outcome = failed(job, error)
    else:
        outcome = done()
    await job.async_modify({"worker": me()}, **outcome)  # unless another took it over
    print(f"{me()}: job {job.pk} is {job.status}", flush=True)


async def async_count_words(job: Job) -> None:
    with working_in(job.town):
        book = await Book.objects.async_get(pk=job.book)
        if not book.text:
            raise LookupError("the book has no text")
        await book.async_modify(words=sum([len(line.split()) async for line in book.text]))


# The parent.


class Stop:
    """Becomes true when the process is asked to end; a job that was begun is done first."""

    def __init__(self) -> None:
        self._asked = False
        signal.signal(signal.SIGTERM, self._ask)
        # Ctrl-C reaches parent and children alike; the parent passes it on as SIGTERM.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def __bool__(self) -> bool:
        return self._asked


def child(colour: str, drain: bool) -> None:
    # Of the parent's connections an event loop had open, the copies are dropped here unclosed: to
    # close them in due form would tell the server, and they are still the parent's.
    warnings.filterwarnings("ignore", "unclosed (transport|<socket)", ResourceWarning)
    stop = Stop()
    count = work(stop, drain) if colour == "sync" else asyncio.run(async_work(stop, drain))
    print(f"{me()} did {count} jobs", flush=True)


def fork(count: int, target: Callable[[str, bool], None], *arguments: object) -> list[BaseProcess]:
    """Start processes that begin as copies of this one, connections included."""
    context = multiprocessing.get_context("fork")
    processes: list[BaseProcess] = [
        context.Process(target=target, args=arguments) for _ in range(count)
    ]
    with warnings.catch_warnings():
        # Python 3.12 warns of a fork beside threads, and the driver has some. A child does not
        # use what they work on: it makes clients of its own.
        warnings.filterwarnings("ignore", "This process", DeprecationWarning)
        for process in processes:
            process.start()
    return processes


def supervise(processes: list[BaseProcess]) -> int:
    """Wait for all children; have them end when this process shall. Return the exit code."""

    def end(number: int, frame: FrameType | None) -> None:
        for process in processes:
            process.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    for process in processes:
        process.join()
    return max(abs(process.exitcode or 0) for process in processes)


def run_in_sync(workers: int, drain: bool) -> int:
    """Connect, fork, wait."""
    open_sync()
    try:
        print(f"{open_jobs().count()} jobs to do", flush=True)
        return supervise(fork(workers, child, "sync", drain))
    finally:
        close_sync()


def run_in_async(workers: int, drain: bool) -> int:
    """Connect in an event loop, fork beside it, wait."""
    with asyncio.Runner() as loop:
        loop.run(open_async())
        try:
            print(f"{loop.run(open_jobs().async_count())} jobs to do", flush=True)
            return supervise(fork(workers, child, "async", drain))
        finally:
            loop.run(close_async())


def main() -> int:
    parser = argparse.ArgumentParser(description="Count the words of the library's books.")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--colour", choices=("sync", "async"), default="sync")
    parser.add_argument("--drain", action="store_true", help="end when no job is waiting")
    options = parser.parse_args()
    run = run_in_sync if options.colour == "sync" else run_in_async
    return run(options.workers, options.drain)


if __name__ == "__main__":
    sys.exit(main())
