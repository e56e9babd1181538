"""Documents that both twins use: a document class has no colour.

Each class has a name, and so a collection, of its own. What a class is there for says
its docstring.
"""

from __future__ import annotations

from typing import Any

from mongoengine.document import (
    Document,
    DynamicDocument,
    EmbeddedDocument,
)
from mongoengine.errors import ValidationError
from mongoengine.fields import (
    DateTimeField,
    DictField,
    DynamicField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    GenericReferenceField,
    IntField,
    ListField,
    ReferenceField,
    StringField,
)
from mongoengine.queryset import queryset_manager


class Person(Document):
    """Scalar fields; one is stored under another name."""

    name = StringField(required=True)
    age = IntField()
    town = StringField(db_field="t")
    languages = ListField(StringField())


class Street(EmbeddedDocument):
    """Embedded alone and in lists."""

    name = StringField(db_field="n")
    number = IntField()


class House(Document):
    """Values with changes of their own."""

    label = StringField()
    street = EmbeddedDocumentField(Street, db_field="s")
    neighbours = EmbeddedDocumentListField(Street)
    rooms = ListField(StringField(), db_field="r")
    sizes = ListField(IntField(), default=[42])
    notes = DictField()
    nothing = StringField(null=True, default="something")


class Account(Document):
    """A key of the user's own."""

    login = StringField(primary_key=True)
    balance = IntField(default=0)


class Ticket(Document):
    """A unique field."""

    number = IntField(unique=True)
    title = StringField()


class Reading(Document):
    """A shard key."""

    meta = {"shard_key": ("station",)}

    station = StringField(db_field="st")
    value = IntField()


class Delivery(Document):
    """A shard key inside an embedded document."""

    meta = {"shard_key": ("street.name", "day")}

    day = IntField()
    street = EmbeddedDocumentField(Street, db_field="s")
    parcels = IntField()


class Shape(Document):
    """The top of a hierarchy stored in one collection."""

    meta = {"allow_inheritance": True}

    name = StringField()


class Circle(Shape):
    """A leaf of the hierarchy."""

    radius = IntField()


class Polygon(Shape):
    """A class with one above and one below it."""

    corners = IntField(db_field="c")


class Square(Polygon):
    """A leaf, two levels down."""

    side = IntField()


class Race(Document):
    """A default order, and a manager of its own."""

    meta = {"ordering": ["-points", "name"]}

    name = StringField()
    points = IntField(db_field="p")

    @queryset_manager
    def won(cls: Any, queryset: Any) -> Any:
        return queryset.filter(points__gte=10)


class Measurement(Document):
    """Many small documents."""

    n = IntField()


class Page(Document):
    """A text index."""

    meta = {"indexes": [{"fields": ["$title", "$body"], "default_language": "english"}]}

    title = StringField()
    body = StringField()


class Sketch(DynamicDocument):
    """Takes any attribute."""

    name = StringField()


class Loose(Document):
    """Keeps unknown keys of loaded data."""

    meta = {"strict": False}

    name = StringField()


class Anything(Document):
    """A field that takes whatever the driver takes."""

    value = DynamicField()


class Event(Document):
    """Tidies its values before they are checked."""

    start = IntField()
    end = IntField()
    title = StringField()

    def clean(self) -> None:
        if self.title:
            self.title = self.title.strip()
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValidationError("An event must not end before it starts.")


class Template(Document):
    """An abstract class: it has no collection."""

    meta = {"abstract": True}

    name = StringField()


class Letter(Template):
    """A concrete class below an abstract one."""

    text = StringField()


class Author(Document):
    """What books refer to."""

    name = StringField()
    friend = ReferenceField("self")


class Book(Document):
    """References that a cascade follows, and some that it does not."""

    title = StringField()
    author = ReferenceField(Author)
    about = GenericReferenceField()
    others = ListField(ReferenceField(Author))


class CascadingBook(Document):
    """Saves its author by default."""

    meta = {"cascade": True}

    title = StringField()
    author = ReferenceField(Author)


class Journaled(Document):
    """Overrides verbs in both colours, as users do."""

    name = StringField()
    saves = IntField(default=0)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self.saves += 1
        return super().save(*args, **kwargs)

    async def async_save(self, *args: Any, **kwargs: Any) -> Any:
        self.saves += 1
        return await super().async_save(*args, **kwargs)


class JournaledOwner(Document):
    """Refers to a document whose class overrides saving."""

    name = StringField()
    journaled = ReferenceField(Journaled)


class Stamped(Document):
    """Overrides what writes a new document."""

    name = StringField()
    stamp = StringField()

    def _save_create(self, doc: Any, force_insert: bool, write_concern: Any) -> Any:
        doc["stamp"] = "stamped"
        return super()._save_create(doc, force_insert, write_concern)

    async def _async_save_create(self, doc: Any, force_insert: bool, write_concern: Any) -> Any:
        doc["stamp"] = "stamped"
        return await super()._async_save_create(doc, force_insert, write_concern)


# Collections and indexes


class Indexed(Document):
    """Indexes of every everyday form."""

    meta = {
        "indexes": [
            "name",
            "-age",
            ("name", "-age"),
            {"fields": ["town"], "sparse": True, "name": "by_town"},
        ]
    }

    name = StringField()
    age = IntField()
    town = StringField(db_field="t")
    code = StringField(unique=True, sparse=True)


class Unindexed(Document):
    """Indexes that nothing makes by itself."""

    meta = {"auto_create_index": False, "indexes": ["name"]}

    name = StringField()


class IndexedOnSave(Document):
    """Indexes that every save makes sure of."""

    meta = {"auto_create_index_on_save": True, "indexes": ["name"]}

    name = StringField()


class IndexedFamily(Document):
    """Indexes in a hierarchy."""

    meta = {"allow_inheritance": True, "indexes": ["name"]}

    name = StringField()


class IndexedChild(IndexedFamily):
    """Adds an index to the inherited one."""

    meta = {"indexes": ["age"]}

    age = IntField()


class Temperature(Document):
    """A time series."""

    meta = {
        "timeseries": {"timeField": "at", "metaField": "place", "expireAfterSeconds": 3600},
    }

    at = DateTimeField()
    place = StringField()


class CappedLog(Document):
    """A capped collection."""

    meta = {"max_documents": 3, "max_size": 5000}

    line = StringField()


class DefaultCappedLog(Document):
    """A capped collection whose size is not given."""

    meta = {"max_documents": 3}

    line = StringField()


class WrongCappedLog(Document):
    """Wants the collection of `CappedLog` with another size."""

    meta = {"collection": "capped_log", "max_documents": 5, "max_size": 5000}

    line = StringField()


class Chapter(EmbeddedDocument):
    name = StringField()


class Story(Document):
    title = StringField()
    chapters = EmbeddedDocumentListField(Chapter)
