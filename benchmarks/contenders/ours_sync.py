"""Our sync colour: MongoEngine's verbs, and our own way from decoded dicts to documents."""

from __future__ import annotations

from typing import Any

from benchmarks.contenders.job import Job
from benchmarks.contenders.mongoengine_memory import Hydrate
from benchmarks.contenders.mongoengine_models import Post
from benchmarks.contenders.mongoengine_sync import SyncVerbs

__all__ = ("Worker", "hydrate")


def hydrate(model: Any) -> Hydrate:
    """Return what querysets call for each batch of the driver's dicts."""
    batch: Hydrate = model.objects._hydrate
    return batch


class Worker(SyncVerbs):
    """The verbs of the sync colour."""

    def hydrate(self, model: Any) -> Hydrate:
        """Return what turns a batch of decoded dicts into documents."""
        return hydrate(model)

    def posts(self, prefetch: bool) -> Job:
        """Read posts with author and tags: as reading asks for them, or prefetched."""
        if not prefetch:
            return super().posts(prefetch)
        self.seed_posts()

        def call() -> None:
            for post in Post.objects.prefetch("author", "tags"):
                post.author.name
                for tag in post.tags:
                    tag.label

        return Job(call)
