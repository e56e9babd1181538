"""MongoEngine's verbs. Ours has the same, so this is our sync colour as well."""

from __future__ import annotations

import itertools
from typing import Any

import mongoengine
from benchmarks import shapes
from benchmarks.contenders.job import CONCURRENT, Job
from benchmarks.contenders.mongoengine_memory import InMemory
from benchmarks.contenders.mongoengine_models import MODELS, Post, build
from benchmarks.contenders.threads import Crew
from benchmarks.shapes import BATCH, Touch

__all__ = ("SyncVerbs", "Worker")


class SyncVerbs(InMemory):
    """Everything but the way documents are made in memory."""

    def __init__(self, uri: str, database: str) -> None:
        super().__init__(uri, database)
        mongoengine.connect(database, host=uri, uuidRepresentation="standard")

    def close(self) -> None:
        """Let go of the server."""
        mongoengine.disconnect()

    def build_query(self) -> Job:
        """Build a queryset and compile it into the driver's cursor; nothing is sent."""
        model = MODELS["small"]

        def call() -> Any:
            return model.objects(name="Person", age__gte=3).order_by("-created").limit(10)._cursor

        return Job(call)

    def insert(self, shape: str) -> Job:
        """Save documents made before."""
        ready: list[Any] = []

        def prepare(calls: int) -> None:
            ready[:] = self.documents(shape, calls)

        return Job(lambda: ready.pop().save(), 1, prepare, 2_000)

    def insert_many(self, shape: str) -> Job:
        """Insert a batch of documents made before."""
        model, ready = MODELS[shape], list[Any]()

        def prepare(calls: int) -> None:
            ready[:] = [self.documents(shape, BATCH[shape]) for _ in range(calls)]

        return Job(
            lambda: model.objects.insert(ready.pop(), load_bulk=False), BATCH[shape], prepare, 20
        )

    def get(self, shape: str) -> Job:
        """Find one by key."""
        keys, model = itertools.cycle(self.seed(shape)), MODELS[shape]
        return Job(lambda: model.objects.get(id=next(keys)))

    def save_field(self, shape: str) -> Job:
        """Change one field of a loaded document and save it."""
        document = MODELS[shape].objects.get(id=self.seed(shape)[0])
        numbers = itertools.count()

        def call() -> None:
            document.age = next(numbers)
            document.save()

        return Job(call)

    def save_entry(self) -> Job:
        """Change one of very many keys of a loaded document and save it."""
        document = MODELS["huge"].objects.get(id=self.seed("huge")[0])
        numbers = itertools.count()

        def call() -> None:
            document.entries["key7"] = next(numbers)
            document.save()

        return Job(call)

    def find(self, shape: str, touch: Touch) -> Job:
        """List what matches a filter."""
        units, read = len(self.seed(shape)) // 2, self.touch(shape, touch)
        model = MODELS[shape]
        return Job(lambda: read(list(model.objects(active=True))), units)

    def count(self, shape: str) -> Job:
        """Count what matches a filter."""
        self.seed(shape)
        model = MODELS[shape]
        return Job(lambda: model.objects(active=True, age__gte=3).count())

    def update(self, shape: str) -> Job:
        """Update one by a filter."""
        key, numbers, model = self.seed(shape)[0], itertools.count(), MODELS[shape]
        return Job(lambda: model.objects(id=key).update_one(set__age=next(numbers)))

    def delete(self, shape: str) -> Job:
        """Delete stored documents one by one."""
        model, ready = MODELS[shape], list[Any]()

        def prepare(calls: int) -> None:
            ready[:] = self.documents(shape, calls)
            model.objects.insert(ready, load_bulk=False)

        return Job(lambda: ready.pop().delete(), 1, prepare, 2_000)

    def posts(self, prefetch: bool) -> Job:
        """Read posts with author and tags: as reading asks for them, or all at once."""
        self.seed_posts()

        def call() -> None:
            for post in Post.objects.select_related() if prefetch else Post.objects:
                post.author.name
                for tag in post.tags:
                    tag.label

        return Job(call)

    def concurrent_gets(self, width: int) -> Job:
        """Find by key in some threads at once."""
        keys, model = itertools.cycle(self.seed("small")), MODELS["small"]
        return Job(Crew(width).job(lambda: model.objects.get(id=next(keys))), CONCURRENT)

    def concurrent_saves(self, width: int) -> Job:
        """Save in some threads at once."""
        numbers = itertools.count()

        def save() -> None:
            build("small", shapes.values("small", next(numbers))).save()

        return Job(Crew(width).job(save), CONCURRENT)


class Worker(SyncVerbs):
    """MongoEngine itself, which must not be this library by mistake."""

    def __init__(self, uri: str, database: str) -> None:
        if hasattr(mongoengine.Document, "async_save"):
            raise RuntimeError("this is not MongoEngine: documents have async_save")
        super().__init__(uri, database)
