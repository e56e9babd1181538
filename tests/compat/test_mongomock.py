"""Test-suites that replace the server by mongomock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import mongomock
import pytest

from mongoengine import Document, connect, disconnect
from mongoengine.fields import IntField, ListField, ReferenceField, StringField


class MockAuthor(Document):
    meta = {"db_alias": "mock"}

    name = StringField(unique=True)


class MockBook(Document):
    meta = {"db_alias": "mock", "indexes": ["title"]}

    title = StringField()
    pages = IntField()
    author = ReferenceField(MockAuthor)
    readers = ListField(ReferenceField(MockAuthor))


@pytest.fixture(autouse=True)
def connection() -> Iterator[Any]:
    client = connect(
        "mock",
        alias="mock",
        mongo_client_class=mongomock.MongoClient,
        uuidRepresentation="standard",
    )
    yield client
    client.drop_database("mock")
    disconnect("mock")


def test_the_client_is_mongomocks(connection: Any) -> None:
    assert isinstance(connection, mongomock.MongoClient)


def test_documents_are_saved_changed_and_deleted() -> None:
    author = MockAuthor(name="a").save()
    book = MockBook(title="t", pages=10, author=author).save()
    book.pages = 11
    book.save()
    MockBook.objects(pages=11).update(inc__pages=1)

    assert book.reload().pages == 12
    assert MockBook.objects.get(author=author) == book
    assert MockBook.objects(title="t").modify(set__title="u", new=True).title == "u"
    assert MockBook.objects.order_by("-pages").first().title == "u"
    assert MockBook.objects.distinct("title") == ["u"]
    book.delete()
    assert MockBook.objects.count() == 0


def test_references_are_loaded_one_by_one_and_in_lists() -> None:
    authors = [MockAuthor(name=name).save() for name in "ab"]
    MockBook(title="t", author=authors[0], readers=authors).save()

    book = MockBook.objects.get()
    assert book.author.name == "a"
    assert [reader.name for reader in book.readers] == ["a", "b"]
    assert [len(book.readers) for book in MockBook.objects.select_related()] == [2]


def test_references_are_loaded_inside_an_event_loop_too() -> None:
    MockBook(title="t", readers=[MockAuthor(name="a").save()]).save()

    async def names() -> list[str]:
        return [reader.name for reader in MockBook.objects.get().readers]

    assert asyncio.run(names()) == ["a"]


def test_bulk_inserts_and_aggregation_work() -> None:
    MockBook.objects.insert([MockBook(title=f"{n}", pages=n) for n in range(5)])

    assert MockBook.objects(pages__gte=1).sum("pages") == 10
    assert list(MockBook.objects(pages=3).scalar("title")) == ["3"]
    assert len(MockBook.objects[1:3]) == 2
    assert set(MockBook.objects.in_bulk([b.id for b in MockBook.objects])) == {
        book.id for book in MockBook.objects
    }
