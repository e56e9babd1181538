"""What a contender gives the worker to measure, and what all contenders share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import bson
from pymongo import MongoClient

from benchmarks import shapes

__all__ = ("SEEDED", "CONCURRENT", "ContenderBase", "Job", "drop_database", "per_worker", "seed")

#: Stored documents of a shape; half of them match the filter.
SEEDED = {"small": 200, "medium": 200, "large": 40, "huge": 1}
#: Calls of one sample of a concurrent workload.
CONCURRENT = 100
POSTS, AUTHORS, TAGS = 1000, 100, 50


@dataclass(frozen=True)
class Job:
    """One thing to measure.

    Attributes:
        call: is timed; a coroutine function is awaited. What it returns is kept alive
            only where memory is measured.
        units: how many documents, or operations, one call is.
        prepare: is called before a sample with the number of calls to come.
        most: the most calls one sample may have.
    """

    call: Callable[[], Any]
    units: int = 1
    prepare: Callable[[int], Awaitable[None] | None] | None = None
    most: int = 1_000_000


class ContenderBase:
    """Raw data for the verbs. A verb a contender lacks is a cell that shows "-".

    Verbs are methods that take a workload's arguments and return a `Job`, or await first.
    """

    #: Read documents by key, not by attribute.
    by_key: ClassVar[bool] = False
    #: The statement whose time is the import time.
    imports_statement: ClassVar[str]
    #: References are stored as DBRef.
    dbref: ClassVar[bool] = False

    def __init__(self, uri: str, database: str) -> None:
        self.uri = uri
        self.database = database

    def raw_batch(self, shape: str) -> bytes:
        """Return a batch of stored documents as the server sends them."""
        stored = shapes.with_ids(shapes.values(shape, n) for n in range(shapes.BATCH[shape]))
        return b"".join(map(bson.encode, stored))

    def touch(self, shape: str, touch: shapes.Touch) -> Callable[[Sequence[Any]], None]:
        """Return what reads fields of all documents of a batch; for "none" it does nothing."""
        if touch == "none":
            return _touch_nothing
        touch_one = shapes.compile_touch(shape, touch, by_key=self.by_key)

        def touch_batch(documents: Sequence[Any]) -> None:
            for document in documents:
                touch_one(document)

        return touch_batch

    def seed(self, shape: str) -> list[Any]:
        """Fill the collection of a shape afresh; return the keys."""
        documents = shapes.with_ids(shapes.values(shape, n) for n in range(SEEDED[shape]))
        seed(self.uri, self.database, shape, documents)
        return [document["_id"] for document in documents]

    def seed_posts(self) -> None:
        """Fill the collections of the posts afresh."""
        authors = shapes.with_ids(map(shapes.author_values, range(AUTHORS)))
        tags = shapes.with_ids(map(shapes.tag_values, range(TAGS)))
        posts = shapes.with_ids(
            shapes.post_values(n, authors, tags, dbref=self.dbref) for n in range(POSTS)
        )
        for name, documents in (("authors", authors), ("tags", tags), ("posts", posts)):
            seed(self.uri, self.database, name, documents)


def _touch_nothing(documents: Sequence[Any]) -> None:
    """Read no field."""


def seed(uri: str, database: str, collection: str, documents: list[dict[str, Any]]) -> None:
    """Store documents through a client of its own, and index what the filters ask for."""
    with MongoClient[dict[str, Any]](uri) as client:
        target = client[database][collection]
        target.delete_many({})
        target.create_index("age")
        target.insert_many(documents)


def drop_database(uri: str, database: str) -> None:
    """Leave nothing behind."""
    with MongoClient[dict[str, Any]](uri) as client:
        client.drop_database(database)


def per_worker(width: int) -> int:
    """Return how many operations each of ``width`` concurrent workers does in one call."""
    return CONCURRENT // width
