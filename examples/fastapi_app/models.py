"""The documents. They know nothing of HTTP and have no colour: `examples/worker.py` shares them.

Authors, books and loans are kept once for each town, in a database of its own. The queue of
jobs and the texts of the books are kept in one place for all of them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from mongoengine import (
    CASCADE,
    DENY,
    DateTimeField,
    Document,
    FileField,
    IntField,
    ObjectIdField,
    ReferenceField,
    StringField,
)


def now() -> datetime:
    return datetime.now(UTC)


class Author(Document):
    name = StringField(required=True, unique=True, max_length=200)


class Book(Document):
    title = StringField(required=True, max_length=200)
    author = ReferenceField(Author, required=True, reverse_delete_rule=DENY)
    # No min_value: it would judge the -1 of a `dec__copies` as well. Updates ask for copies__gt=0.
    copies = IntField(required=True, default=1)
    text = FileField()
    words = IntField()  # counted by the worker

    meta = {"indexes": ["author", "title"]}


class Loan(Document):
    book = ReferenceField(Book, required=True, reverse_delete_rule=CASCADE)
    member = StringField(required=True, max_length=100)
    since = DateTimeField(required=True, default=now)

    meta = {"indexes": [{"fields": ["book", "member"], "unique": True}]}


class Job(Document):
    """Something for the worker to do: count the words of a book."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

    town = StringField(required=True)
    book = ObjectIdField(required=True)
    status = StringField(required=True, default=WAITING)
    worker = StringField()
    claimed = DateTimeField()
    attempts = IntField(default=0)
    error = StringField()

    meta = {"indexes": [("status", "id")]}
