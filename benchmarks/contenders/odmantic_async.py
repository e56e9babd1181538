"""ODMantic on its async engine. It has no lists of references and no update by filter."""

from __future__ import annotations

import datetime
import decimal
import itertools
from typing import Any

import bson
from motor.motor_asyncio import AsyncIOMotorClient
from odmantic import AIOEngine, EmbeddedModel, Field, Model, query

from benchmarks import shapes
from benchmarks.contenders.job import CONCURRENT, ContenderBase, Job
from benchmarks.contenders.threads import in_tasks
from benchmarks.shapes import BATCH, Touch

__all__ = ("Worker",)


class Small(Model):
    """Six scalars."""

    name: str = Field(max_length=200)
    email: str
    age: int = Field(ge=0)
    score: float
    active: bool = True
    created: datetime.datetime
    model_config = {"collection": "small"}


class Address(EmbeddedModel):
    """Part of a medium document."""

    street: str
    city: str
    postcode: str
    country: str


class Company(EmbeddedModel):
    """Part of a medium document."""

    name: str
    employees: int
    founded: datetime.datetime
    listed: bool


class Medium(Model):
    """Twenty-five fields."""

    name: str = Field(max_length=200)
    email: str
    age: int = Field(ge=0)
    score: float
    active: bool = True
    created: datetime.datetime
    title: str
    slug: str
    summary: str
    city: str
    country: str
    phone: str
    views: int
    likes: int
    shares: int
    rank: int
    rating: float
    weight: float
    public: bool
    archived: bool
    updated: datetime.datetime
    price: decimal.Decimal
    address: Address
    company: Company
    labels: list[str]
    model_config = {"collection": "medium"}


class Detail(EmbeddedModel):
    """Part of a line."""

    color: str
    weight: float


class Line(EmbeddedModel):
    """Part of a large document."""

    sku: str
    quantity: int
    price: float
    detail: Detail


class Large(Model):
    """Three levels, a hundred lines."""

    name: str = Field(max_length=200)
    email: str
    age: int = Field(ge=0)
    score: float
    active: bool = True
    created: datetime.datetime
    lines: list[Line]
    attributes: dict[str, int]
    model_config = {"collection": "large"}


class Huge(Model):
    """Very many keys."""

    name: str
    entries: dict[str, int]
    model_config = {"collection": "huge"}


MODELS: dict[str, Any] = {"small": Small, "medium": Medium, "large": Large, "huge": Huge}


def build(shape: str, values: dict[str, Any]) -> Any:
    """Return a new document of plain values, its embedded documents included."""
    if shape == "medium":
        values = {
            **values,
            "price": values["price"].to_decimal(),
            "address": Address(**values["address"]),
            "company": Company(**values["company"]),
        }
    elif shape == "large":
        lines = [Line(**{**line, "detail": Detail(**line["detail"])}) for line in values["lines"]]
        values = {**values, "lines": lines}
    return MODELS[shape](**values)


class Worker(ContenderBase):
    """ODMantic's verbs."""

    imports_statement = "import odmantic"

    async def start(self) -> None:
        """Connect."""
        self.client: Any = AsyncIOMotorClient(self.uri)
        self.engine = AIOEngine(client=self.client, database=self.database)

    def close(self) -> None:
        """Let go of the server."""
        self.client.close()

    def load(self, shape: str, touch: Touch) -> Job:
        """Decode a batch and make documents of it, as its cursor does."""
        raw, read = self.raw_batch(shape), self.touch(shape, touch)
        parse = MODELS[shape].model_validate_doc
        return Job(lambda: read([parse(data) for data in bson.decode_all(raw)]), BATCH[shape])

    def keep(self, shape: str, touch: Touch) -> Job:
        """Make a batch of documents and keep them."""
        raw, read = self.raw_batch(shape), self.touch(shape, touch)
        parse = MODELS[shape].model_validate_doc

        def call() -> list[Any]:
            documents = [parse(data) for data in bson.decode_all(raw)]
            read(documents)
            return documents

        return Job(call, BATCH[shape])

    def construct(self, shape: str) -> Job:
        """Make a document of plain values; this validates."""
        values = shapes.values(shape, 1)
        return Job(lambda: build(shape, values))

    def to_mongo(self, shape: str) -> Job:
        """Convert a document to its stored form."""
        return Job(build(shape, shapes.values(shape, 1)).model_dump_doc)

    def build_query(self) -> Job:
        """Build the cursor of a query; nothing is sent."""

        def call() -> Any:
            return self.engine.find(
                Small,
                Small.name == "Person",
                Small.age >= 3,
                sort=query.desc(Small.created),
                limit=10,
            )

        return Job(call)

    def documents(self, shape: str, count: int) -> list[Any]:
        """Return new documents."""
        return [build(shape, shapes.values(shape, number)) for number in range(count)]

    def insert(self, shape: str) -> Job:
        """Save documents made before."""
        ready: list[Any] = []

        def prepare(calls: int) -> None:
            ready[:] = self.documents(shape, calls)

        return Job(lambda: self.engine.save(ready.pop()), 1, prepare, 2_000)

    def insert_many(self, shape: str) -> Job:
        """Save a batch of documents made before: it has no other way."""
        ready: list[Any] = []

        def prepare(calls: int) -> None:
            ready[:] = [self.documents(shape, BATCH[shape]) for _ in range(calls)]

        return Job(lambda: self.engine.save_all(ready.pop()), BATCH[shape], prepare, 20)

    def get(self, shape: str) -> Job:
        """Find one by key."""
        keys, model = itertools.cycle(self.seed(shape)), MODELS[shape]
        return Job(lambda: self.engine.find_one(model, model.id == next(keys)))

    async def save_field(self, shape: str) -> Job:
        """Change one field of a loaded document and save it."""
        model = MODELS[shape]
        document = await self.engine.find_one(model, model.id == self.seed(shape)[0])
        numbers = itertools.count()

        async def call() -> None:
            document.age = next(numbers)
            await self.engine.save(document)

        return Job(call)

    async def save_entry(self) -> Job:
        """Change one of very many keys of a loaded document and save it."""
        document = await self.engine.find_one(Huge, Huge.id == self.seed("huge")[0])
        assert document is not None
        numbers = itertools.count()

        async def call() -> None:
            document.entries["key7"] = next(numbers)
            await self.engine.save(document)

        return Job(call)

    def find(self, shape: str, touch: Touch) -> Job:
        """List what matches a filter."""
        units, read = len(self.seed(shape)) // 2, self.touch(shape, touch)
        model = MODELS[shape]

        async def call() -> None:
            read(await self.engine.find(model, model.active == True))  # noqa: E712

        return Job(call, units)

    def count(self, shape: str) -> Job:
        """Count what matches a filter."""
        self.seed(shape)
        model = MODELS[shape]
        return Job(
            lambda: self.engine.count(model, model.active == True, model.age >= 3)  # noqa: E712
        )

    def delete(self, shape: str) -> Job:
        """Delete stored documents one by one."""
        ready: list[Any] = []

        async def prepare(calls: int) -> None:
            ready[:] = self.documents(shape, calls)
            await self.engine.save_all(ready)

        return Job(lambda: self.engine.delete(ready.pop()), 1, prepare, 200)

    def concurrent_gets(self, width: int) -> Job:
        """Find by key in some tasks at once."""
        keys = itertools.cycle(self.seed("small"))
        return Job(
            in_tasks(width, lambda: self.engine.find_one(Small, Small.id == next(keys))),
            CONCURRENT,
        )

    def concurrent_saves(self, width: int) -> Job:
        """Save in some tasks at once."""
        numbers = itertools.count()

        async def save() -> None:
            await self.engine.save(build("small", shapes.values("small", next(numbers))))

        return Job(in_tasks(width, save), CONCURRENT)
