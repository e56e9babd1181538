"""Beanie: its defaults, and its own idiom for each verb."""

from __future__ import annotations

import datetime
import itertools
from typing import Annotated, Any

import beanie
import bson
from beanie.odm.utils.dump import get_dict
from beanie.odm.utils.parsing import parse_obj
from pydantic import BaseModel, Field
from pymongo import AsyncMongoClient

from benchmarks import shapes
from benchmarks.contenders.job import CONCURRENT, ContenderBase, Job
from benchmarks.contenders.threads import in_tasks
from benchmarks.shapes import BATCH, Touch

__all__ = ("Worker",)


class Common(beanie.Document):
    """The six scalars every shape has."""

    name: Annotated[str, Field(max_length=200)]
    email: str | None = None
    age: Annotated[int, Field(ge=0)]
    score: float
    active: bool = True
    created: datetime.datetime


class Small(Common):
    """Six scalars."""

    class Settings:
        name = "small"


class Address(BaseModel):
    """Part of a medium document."""

    street: str
    city: str
    postcode: str
    country: str


class Company(BaseModel):
    """Part of a medium document."""

    name: str
    employees: int
    founded: datetime.datetime
    listed: bool


class Medium(Common):
    """Twenty-five fields."""

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
    price: beanie.DecimalAnnotation
    address: Address
    company: Company
    labels: list[str]

    class Settings:
        name = "medium"


class Detail(BaseModel):
    """Part of a line."""

    color: str
    weight: float


class Line(BaseModel):
    """Part of a large document."""

    sku: str
    quantity: int
    price: float
    detail: Detail


class Large(Common):
    """Three levels, a hundred lines."""

    lines: list[Line]
    attributes: dict[str, int]

    class Settings:
        name = "large"


class Huge(beanie.Document):
    """Very many keys."""

    name: str
    entries: dict[str, int]

    class Settings:
        name = "huge"


class Author(beanie.Document):
    """Who writes posts."""

    name: str
    email: str

    class Settings:
        name = "authors"


class Tag(beanie.Document):
    """What posts are about."""

    label: str

    class Settings:
        name = "tags"


class Post(beanie.Document):
    """Refers to an author and to tags."""

    title: str
    body: str
    author: beanie.Link[Author]
    tags: list[beanie.Link[Tag]]

    class Settings:
        name = "posts"


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
    """Beanie's verbs."""

    imports_statement = "import beanie"
    dbref = True

    async def start(self) -> None:
        """Connect."""
        self.client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self.uri)
        await beanie.init_beanie(
            database=self.client[self.database],
            document_models=[Small, Medium, Large, Huge, Author, Tag, Post],
        )

    async def close(self) -> None:
        """Let go of the server."""
        await self.client.close()

    def load(self, shape: str, touch: Touch) -> Job:
        """Decode a batch and make documents of it, as its cursor does."""
        raw, read, model = self.raw_batch(shape), self.touch(shape, touch), MODELS[shape]
        return Job(
            lambda: read([parse_obj(model, data) for data in bson.decode_all(raw)]), BATCH[shape]
        )

    def keep(self, shape: str, touch: Touch) -> Job:
        """Make a batch of documents and keep them."""
        raw, read, model = self.raw_batch(shape), self.touch(shape, touch), MODELS[shape]

        def call() -> list[Any]:
            documents = [parse_obj(model, data) for data in bson.decode_all(raw)]
            read(documents)
            return documents

        return Job(call, BATCH[shape])

    def construct(self, shape: str) -> Job:
        """Make a document of plain values; this validates."""
        values = shapes.values(shape, 1)
        return Job(lambda: build(shape, values))

    def to_mongo(self, shape: str) -> Job:
        """Convert a document to its stored form."""
        document = build(shape, shapes.values(shape, 1))
        return Job(lambda: get_dict(document, to_db=True))

    def build_query(self) -> Job:
        """Build a query and its filter; nothing is sent."""

        def call() -> Any:
            query = Small.find(Small.name == "Person", Small.age >= 3)
            return query.sort("-created").limit(10).get_filter_query()

        return Job(call)

    def documents(self, shape: str, count: int) -> list[Any]:
        """Return new documents."""
        return [build(shape, shapes.values(shape, number)) for number in range(count)]

    def insert(self, shape: str) -> Job:
        """Insert documents made before."""
        ready: list[Any] = []

        def prepare(calls: int) -> None:
            ready[:] = self.documents(shape, calls)

        return Job(lambda: ready.pop().insert(), 1, prepare, 2_000)

    def insert_many(self, shape: str) -> Job:
        """Insert a batch of documents made before."""
        model, ready = MODELS[shape], list[Any]()

        def prepare(calls: int) -> None:
            ready[:] = [self.documents(shape, BATCH[shape]) for _ in range(calls)]

        return Job(lambda: model.insert_many(ready.pop()), BATCH[shape], prepare, 20)

    def get(self, shape: str) -> Job:
        """Find one by key."""
        keys, model = itertools.cycle(self.seed(shape)), MODELS[shape]
        return Job(lambda: model.get(next(keys)))

    async def save_field(self, shape: str) -> Job:
        """Set one field of a loaded document."""
        document, numbers = await MODELS[shape].get(self.seed(shape)[0]), itertools.count()
        return Job(lambda: document.set({"age": next(numbers)}))

    async def save_entry(self) -> Job:
        """Set one of very many keys of a loaded document."""
        document, numbers = await Huge.get(self.seed("huge")[0]), itertools.count()
        return Job(lambda: document.set({"entries.key7": next(numbers)}))

    def find(self, shape: str, touch: Touch) -> Job:
        """List what matches a filter."""
        units, read = len(self.seed(shape)) // 2, self.touch(shape, touch)
        model = MODELS[shape]

        async def call() -> None:
            read(await model.find(model.active == True).to_list())  # noqa: E712

        return Job(call, units)

    def count(self, shape: str) -> Job:
        """Count what matches a filter."""
        self.seed(shape)
        model = MODELS[shape]
        return Job(lambda: model.find(model.active == True, model.age >= 3).count())  # noqa: E712

    def update(self, shape: str) -> Job:
        """Update one by a filter."""
        key, numbers, model = self.seed(shape)[0], itertools.count(), MODELS[shape]

        async def call() -> None:
            await model.find_one(model.id == key).update({"$set": {"age": next(numbers)}})

        return Job(call)

    def delete(self, shape: str) -> Job:
        """Delete stored documents one by one."""
        ready: list[Any] = []

        async def prepare(calls: int) -> None:
            # Its bulk insert does not tell the documents their keys.
            ready[:] = self.documents(shape, calls)
            for document in ready:
                document.id = bson.ObjectId()
            await MODELS[shape].insert_many(ready)

        return Job(lambda: ready.pop().delete(), 1, prepare, 2_000)

    def posts(self, prefetch: bool) -> Job:
        """Read posts with author and tags: fetched for each post, or by $lookup."""
        self.seed_posts()

        async def call() -> None:
            async for post in Post.find(fetch_links=prefetch):
                if not prefetch:
                    await post.fetch_all_links()
                post.author.name
                for tag in post.tags:
                    tag.label

        return Job(call)

    def concurrent_gets(self, width: int) -> Job:
        """Find by key in some tasks at once."""
        keys = itertools.cycle(self.seed("small"))
        return Job(in_tasks(width, lambda: Small.get(next(keys))), CONCURRENT)

    def concurrent_saves(self, width: int) -> Job:
        """Insert in some tasks at once."""
        numbers = itertools.count()

        async def save() -> None:
            await build("small", shapes.values("small", next(numbers))).insert()

        return Job(in_tasks(width, save), CONCURRENT)
