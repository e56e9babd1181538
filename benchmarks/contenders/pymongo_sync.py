"""The raw driver, sync: dicts in, dicts out. The measure of everything else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import bson
from pymongo import MongoClient

from benchmarks import shapes
from benchmarks.contenders.job import CONCURRENT, ContenderBase, Job
from benchmarks.contenders.threads import Crew
from benchmarks.shapes import BATCH, Touch

__all__ = ("Raw", "Worker")


class Raw(ContenderBase):
    """What both colours of the driver do alike: nothing but decode."""

    by_key = True
    imports_statement = "import pymongo"

    def load(self, shape: str, touch: Touch) -> Job:
        """Decode a batch."""
        raw, read = self.raw_batch(shape), self.touch(shape, touch)
        return Job(lambda: read(bson.decode_all(raw)), BATCH[shape])

    def keep(self, shape: str, touch: Touch) -> Job:
        """Decode a batch and keep it."""
        raw, read = self.raw_batch(shape), self.touch(shape, touch)

        def call() -> Any:
            documents = bson.decode_all(raw)
            read(documents)
            return documents

        return Job(call, BATCH[shape])


class Worker(Raw):
    """The verbs of the sync driver."""

    def __init__(self, uri: str, database: str) -> None:
        super().__init__(uri, database)
        self.client: MongoClient[dict[str, Any]] = MongoClient(uri)
        self.store = self.client[database]

    def close(self) -> None:
        """Let go of the server."""
        self.client.close()

    def build_query(self) -> Job:
        """Make a cursor; nothing is sent."""
        find = self.store["small"].find
        return Job(
            lambda: find({"name": "Person", "age": {"$gte": 3}}).sort("created", -1).limit(10)
        )

    def insert(self, shape: str) -> Job:
        """Insert dicts made before."""
        insert_one = self.store[f"{shape}_new"].insert_one
        return self._consuming(shape, insert_one)

    def _consuming(self, shape: str, verb: Callable[[Any], Any]) -> Job:
        ready: list[Any] = []

        def prepare(calls: int) -> None:
            ready[:] = [shapes.values(shape, number) for number in range(calls)]

        return Job(lambda: verb(ready.pop()), prepare=prepare, most=2_000)

    def insert_many(self, shape: str) -> Job:
        """Insert a batch of dicts made before."""
        insert_many, ready = self.store[f"{shape}_new"].insert_many, list[Any]()

        def prepare(calls: int) -> None:
            ready[:] = [
                [shapes.values(shape, n) for n in range(BATCH[shape])] for _ in range(calls)
            ]

        return Job(lambda: insert_many(ready.pop()), BATCH[shape], prepare, most=20)

    def get(self, shape: str) -> Job:
        """Find one by key."""
        keys = itertools.cycle(self.seed(shape))
        find_one = self.store[shape].find_one
        return Job(lambda: find_one({"_id": next(keys)}))

    def save_field(self, shape: str) -> Job:
        """Set one field by key."""
        key, numbers = self.seed(shape)[0], itertools.count()
        update_one = self.store[shape].update_one
        return Job(lambda: update_one({"_id": key}, {"$set": {"age": next(numbers)}}))

    def save_entry(self) -> Job:
        """Set one of very many keys."""
        key, numbers = self.seed("huge")[0], itertools.count()
        update_one = self.store["huge"].update_one
        return Job(lambda: update_one({"_id": key}, {"$set": {"entries.key7": next(numbers)}}))

    def find(self, shape: str, touch: Touch) -> Job:
        """List what matches a filter."""
        units, read = len(self.seed(shape)) // 2, self.touch(shape, touch)
        find = self.store[shape].find
        return Job(lambda: read(find({"active": True}).to_list()), units)

    def count(self, shape: str) -> Job:
        """Count what matches a filter."""
        self.seed(shape)
        count = self.store[shape].count_documents
        return Job(lambda: count({"active": True, "age": {"$gte": 3}}))

    def update(self, shape: str) -> Job:
        """Update one by a filter."""
        key, numbers = self.seed(shape)[0], itertools.count()
        update_one = self.store[shape].update_one
        return Job(lambda: update_one({"_id": key}, {"$set": {"age": next(numbers)}}))

    def delete(self, shape: str) -> Job:
        """Delete stored documents one by one."""
        collection, ready = self.store[f"{shape}_gone"], list[Any]()

        def prepare(calls: int) -> None:
            ready[:] = shapes.with_ids(shapes.values(shape, number) for number in range(calls))
            collection.insert_many(ready)

        return Job(lambda: collection.delete_one({"_id": ready.pop()["_id"]}), 1, prepare, 2_000)

    def posts(self, prefetch: bool) -> Job:
        """Read posts with author and tags: a query each, or one per collection."""
        self.seed_posts()
        store = self.store

        def naive() -> None:
            for post in store["posts"].find():
                store["authors"].find_one({"_id": post["author"]})["name"]  # type: ignore[index]
                for tag in store["tags"].find({"_id": {"$in": post["tags"]}}):
                    tag["label"]

        def prefetched() -> None:
            posts = store["posts"].find().to_list()
            wanted = list({post["author"] for post in posts})
            authors = {a["_id"]: a for a in store["authors"].find({"_id": {"$in": wanted}})}
            wanted = list({tag for post in posts for tag in post["tags"]})
            tags = {tag["_id"]: tag for tag in store["tags"].find({"_id": {"$in": wanted}})}
            for post in posts:
                authors[post["author"]]["name"]
                for key in post["tags"]:
                    tags[key]["label"]

        return Job(prefetched if prefetch else naive)

    def concurrent_gets(self, width: int) -> Job:
        """Find by key in some threads at once."""
        keys, find_one = itertools.cycle(self.seed("small")), self.store["small"].find_one
        return Job(Crew(width).job(lambda: find_one({"_id": next(keys)})), CONCURRENT)

    def concurrent_saves(self, width: int) -> Job:
        """Insert in some threads at once."""
        numbers, insert_one = itertools.count(), self.store["small_new"].insert_one
        return Job(
            Crew(width).job(lambda: insert_one(shapes.values("small", next(numbers)))), CONCURRENT
        )
