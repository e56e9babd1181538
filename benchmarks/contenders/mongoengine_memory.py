"""What needs no server, in MongoEngine's words; shared by MongoEngine and both our colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bson

from benchmarks import shapes
from benchmarks.contenders.job import ContenderBase, Job
from benchmarks.contenders.mongoengine_models import MODELS, build
from benchmarks.shapes import BATCH, Touch

__all__ = ("InMemory",)

Hydrate = Callable[[list[dict[str, Any]]], list[Any]]


class InMemory(ContenderBase):
    """Loading, constructing, validating, converting."""

    imports_statement = "import mongoengine"

    def hydrate(self, model: Any) -> Hydrate:
        """Return what turns a batch of decoded dicts into documents, as a queryset does it."""

        def hydrate(batch: list[dict[str, Any]]) -> list[Any]:
            return [model._from_son(raw) for raw in batch]

        return hydrate

    def load(self, shape: str, touch: Touch) -> Job:
        """Decode a batch and make documents of it."""
        raw, read = self.raw_batch(shape), self.touch(shape, touch)
        hydrate = self.hydrate(MODELS[shape])
        return Job(lambda: read(hydrate(bson.decode_all(raw))), BATCH[shape])

    def keep(self, shape: str, touch: Touch) -> Job:
        """Make a batch of documents and keep them."""
        raw, read = self.raw_batch(shape), self.touch(shape, touch)
        hydrate = self.hydrate(MODELS[shape])

        def call() -> list[Any]:
            documents = hydrate(bson.decode_all(raw))
            read(documents)
            return documents

        return Job(call, BATCH[shape])

    def construct(self, shape: str) -> Job:
        """Make a document, and those embedded in it, of plain values."""
        values = shapes.values(shape, 1)
        return Job(lambda: build(shape, values))

    def validate(self, shape: str) -> Job:
        """Validate a document."""
        return Job(build(shape, shapes.values(shape, 1)).validate)

    def to_mongo(self, shape: str) -> Job:
        """Convert a document to its stored form."""
        return Job(build(shape, shapes.values(shape, 1)).to_mongo)

    def documents(self, shape: str, count: int) -> list[Any]:
        """Return new documents."""
        return [build(shape, shapes.values(shape, number)) for number in range(count)]
