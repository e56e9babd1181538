"""The model in MongoEngine's words: the same classes for MongoEngine and for this library."""

from __future__ import annotations

from typing import Any

from mongoengine import (
    BooleanField,
    DateTimeField,
    Decimal128Field,
    DictField,
    Document,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    FloatField,
    IntField,
    ListField,
    ReferenceField,
    StringField,
)

__all__ = ("MODELS", "Author", "Post", "Tag", "build")


class Common:
    """The six scalars every shape has."""

    name = StringField(required=True, max_length=200)
    email = StringField()
    age = IntField(min_value=0)
    score = FloatField()
    active = BooleanField(default=True)
    created = DateTimeField()


class Small(Common, Document):
    """Six scalars."""

    meta = {"collection": "small"}


class Address(EmbeddedDocument):
    """Part of a medium document."""

    street = StringField()
    city = StringField()
    postcode = StringField()
    country = StringField()


class Company(EmbeddedDocument):
    """Part of a medium document."""

    name = StringField()
    employees = IntField()
    founded = DateTimeField()
    listed = BooleanField()


class Medium(Common, Document):
    """Twenty-five fields."""

    title = StringField()
    slug = StringField()
    summary = StringField()
    city = StringField()
    country = StringField()
    phone = StringField()
    views = IntField()
    likes = IntField()
    shares = IntField()
    rank = IntField()
    rating = FloatField()
    weight = FloatField()
    public = BooleanField()
    archived = BooleanField()
    updated = DateTimeField()
    price = Decimal128Field()
    address = EmbeddedDocumentField(Address)
    company = EmbeddedDocumentField(Company)
    labels = ListField(StringField())
    meta = {"collection": "medium"}


class Detail(EmbeddedDocument):
    """Part of a line."""

    color = StringField()
    weight = FloatField()


class Line(EmbeddedDocument):
    """Part of a large document."""

    sku = StringField()
    quantity = IntField()
    price = FloatField()
    detail = EmbeddedDocumentField(Detail)


class Large(Common, Document):
    """Three levels, a hundred lines."""

    lines = EmbeddedDocumentListField(Line)
    attributes = DictField(IntField())
    meta = {"collection": "large"}


class Huge(Document):
    """Very many keys."""

    name = StringField()
    entries = DictField()
    meta = {"collection": "huge"}


class Author(Document):
    """Who writes posts."""

    name = StringField()
    email = StringField()
    meta = {"collection": "authors"}


class Tag(Document):
    """What posts are about."""

    label = StringField()
    meta = {"collection": "tags"}


class Post(Document):
    """Refers to an author and to tags."""

    title = StringField()
    body = StringField()
    author = ReferenceField(Author)
    tags = ListField(ReferenceField(Tag))
    meta = {"collection": "posts"}


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
