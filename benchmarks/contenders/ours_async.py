"""Our async colour: the classes of the sync one, the awaited verbs."""

from __future__ import annotations

import itertools
from typing import Any

import mongoengine
from benchmarks import shapes
from benchmarks.contenders.job import CONCURRENT, Job
from benchmarks.contenders.mongoengine_memory import Hydrate, InMemory
from benchmarks.contenders.mongoengine_models import MODELS, Post, build
from benchmarks.contenders.ours_sync import hydrate
from benchmarks.contenders.threads import in_tasks
from benchmarks.shapes import BATCH, Touch

__all__ = ("Worker",)


class Worker(InMemory):
    """The verbs of the async colour."""

    async def start(self) -> None:
        """Connect."""
        await mongoengine.connect_async(self.database, host=self.uri, uuidRepresentation="standard")

    async def close(self) -> None:
        """Let go of the server."""
        await mongoengine.disconnect_async()

    def hydrate(self, model: Any) -> Hydrate:
        """Return what turns a batch of decoded dicts into documents."""
        return hydrate(model)

    def insert(self, shape: str) -> Job:
        """Save documents made before."""
        ready: list[Any] = []

        def prepare(calls: int) -> None:
            ready[:] = self.documents(shape, calls)

        return Job(lambda: ready.pop().async_save(), 1, prepare, 2_000)

    def insert_many(self, shape: str) -> Job:
        """Insert a batch of documents made before."""
        model, ready = MODELS[shape], list[Any]()

        def prepare(calls: int) -> None:
            ready[:] = [self.documents(shape, BATCH[shape]) for _ in range(calls)]

        return Job(
            lambda: model.objects.async_insert(ready.pop(), load_bulk=False),
            BATCH[shape],
            prepare,
            20,
        )

    def get(self, shape: str) -> Job:
        """Find one by key."""
        keys, model = itertools.cycle(self.seed(shape)), MODELS[shape]
        return Job(lambda: model.objects.async_get(id=next(keys)))

    async def save_field(self, shape: str) -> Job:
        """Change one field of a loaded document and save it."""
        document = await MODELS[shape].objects.async_get(id=self.seed(shape)[0])
        numbers = itertools.count()

        async def call() -> None:
            document.age = next(numbers)
            await document.async_save()

        return Job(call)

    async def save_entry(self) -> Job:
        """Change one of very many keys of a loaded document and save it."""
        document = await MODELS["huge"].objects.async_get(id=self.seed("huge")[0])
        numbers = itertools.count()

        async def call() -> None:
            document.entries["key7"] = next(numbers)
            await document.async_save()

        return Job(call)

    def find(self, shape: str, touch: Touch) -> Job:
        """List what matches a filter."""
        units, read = len(self.seed(shape)) // 2, self.touch(shape, touch)
        model = MODELS[shape]

        async def call() -> None:
            read(await model.objects(active=True).async_to_list())

        return Job(call, units)

    def count(self, shape: str) -> Job:
        """Count what matches a filter."""
        self.seed(shape)
        model = MODELS[shape]
        return Job(lambda: model.objects(active=True, age__gte=3).async_count())

    def update(self, shape: str) -> Job:
        """Update one by a filter."""
        key, numbers, model = self.seed(shape)[0], itertools.count(), MODELS[shape]
        return Job(lambda: model.objects(id=key).async_update_one(set__age=next(numbers)))

    def delete(self, shape: str) -> Job:
        """Delete stored documents one by one."""
        model, ready = MODELS[shape], list[Any]()

        async def prepare(calls: int) -> None:
            ready[:] = self.documents(shape, calls)
            await model.objects.async_insert(ready, load_bulk=False)

        return Job(lambda: ready.pop().async_delete(), 1, prepare, 2_000)

    def posts(self, prefetch: bool) -> Job:
        """Read posts with author and tags: fetched for each post, or prefetched."""
        self.seed_posts()

        async def naive() -> None:
            async for post in Post.objects:
                # Reading cannot await: a post's references are loaded by a call.
                await post.async_select_related(max_depth=1)
                post.author.name
                for tag in post.tags:
                    tag.label

        async def prefetched() -> None:
            async for post in Post.objects.prefetch("author", "tags"):
                post.author.name
                for tag in post.tags:
                    tag.label

        return Job(prefetched if prefetch else naive)

    def concurrent_gets(self, width: int) -> Job:
        """Find by key in some tasks at once."""
        keys, model = itertools.cycle(self.seed("small")), MODELS["small"]
        return Job(in_tasks(width, lambda: model.objects.async_get(id=next(keys))), CONCURRENT)

    def concurrent_saves(self, width: int) -> Job:
        """Save in some tasks at once."""
        numbers = itertools.count()

        async def save() -> None:
            await build("small", shapes.values("small", next(numbers))).async_save()

        return Job(in_tasks(width, save), CONCURRENT)
