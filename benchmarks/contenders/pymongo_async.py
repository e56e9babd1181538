"""The raw driver, async."""

from __future__ import annotations

import itertools
from typing import Any

from pymongo import AsyncMongoClient

from benchmarks import shapes
from benchmarks.contenders.job import CONCURRENT, Job
from benchmarks.contenders.pymongo_sync import Raw
from benchmarks.contenders.threads import in_tasks
from benchmarks.shapes import BATCH, Touch

__all__ = ("Worker",)


class Worker(Raw):
    """The verbs of the async driver."""

    def __init__(self, uri: str, database: str) -> None:
        super().__init__(uri, database)
        self.client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(uri)
        self.store = self.client[database]

    async def close(self) -> None:
        """Let go of the server."""
        await self.client.close()

    def insert(self, shape: str) -> Job:
        """Insert dicts made before."""
        insert_one, ready = self.store[f"{shape}_new"].insert_one, list[Any]()

        def prepare(calls: int) -> None:
            ready[:] = [shapes.values(shape, number) for number in range(calls)]

        return Job(lambda: insert_one(ready.pop()), 1, prepare, most=2_000)

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

        async def call() -> None:
            read(await find({"active": True}).to_list())

        return Job(call, units)

    def count(self, shape: str) -> Job:
        """Count what matches a filter."""
        self.seed(shape)
        count = self.store[shape].count_documents
        return Job(lambda: count({"active": True, "age": {"$gte": 3}}))

    def update(self, shape: str) -> Job:
        """Update one by a filter."""
        return self.save_field(shape)

    def delete(self, shape: str) -> Job:
        """Delete stored documents one by one."""
        collection, ready = self.store[f"{shape}_gone"], list[Any]()

        async def prepare(calls: int) -> None:
            ready[:] = shapes.with_ids(shapes.values(shape, number) for number in range(calls))
            await collection.insert_many(ready)

        return Job(lambda: collection.delete_one({"_id": ready.pop()["_id"]}), 1, prepare, 2_000)

    def posts(self, prefetch: bool) -> Job:
        """Read posts with author and tags: a query each, or one per collection."""
        self.seed_posts()
        store = self.store

        async def naive() -> None:
            async for post in store["posts"].find():
                author = await store["authors"].find_one({"_id": post["author"]})
                author["name"]  # type: ignore[index]
                async for tag in store["tags"].find({"_id": {"$in": post["tags"]}}):
                    tag["label"]

        async def by_key(collection: str, keys: set[Any]) -> dict[Any, Any]:
            found = await store[collection].find({"_id": {"$in": list(keys)}}).to_list()
            return {document["_id"]: document for document in found}

        async def prefetched() -> None:
            posts = await store["posts"].find().to_list()
            authors = await by_key("authors", {post["author"] for post in posts})
            tags = await by_key("tags", {tag for post in posts for tag in post["tags"]})
            for post in posts:
                authors[post["author"]]["name"]
                for key in post["tags"]:
                    tags[key]["label"]

        return Job(prefetched if prefetch else naive)

    def concurrent_gets(self, width: int) -> Job:
        """Find by key in some tasks at once."""
        keys, find_one = itertools.cycle(self.seed("small")), self.store["small"].find_one
        return Job(in_tasks(width, lambda: find_one({"_id": next(keys)})), CONCURRENT)

    def concurrent_saves(self, width: int) -> Job:
        """Insert in some tasks at once."""
        numbers, insert_one = itertools.count(), self.store["small_new"].insert_one
        return Job(
            in_tasks(width, lambda: insert_one(shapes.values("small", next(numbers)))), CONCURRENT
        )
