"""Documents for the verbs of querysets: stored names that differ, lists, embedded documents.

A document class has no colour. Each has a collection of its own.
"""

from __future__ import annotations

import functools
from typing import Any

from mongoengine.document import Document, EmbeddedDocument
from mongoengine.fields import (
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    GenericReferenceField,
    IntField,
    ListField,
    PointField,
    ReferenceField,
    StringField,
)
from mongoengine.queryset import QuerySet, QuerySetManager, queryset_manager


class Dimensions(EmbeddedDocument):
    """Embedded; stored under other names."""

    width = IntField(db_field="w")
    height = IntField(db_field="h")


class Maker(Document):
    """Referred to."""

    name = StringField(db_field="n")


class Ware(Document):
    """Something of every kind the verbs have to do with."""

    name = StringField(db_field="n")
    price = IntField(db_field="p")
    stock = IntField()
    x = IntField(db_field="y")
    tags = ListField(StringField(), db_field="t")
    ratings = ListField(IntField(), db_field="r")
    size = EmbeddedDocumentField(Dimensions, db_field="d")
    parts = EmbeddedDocumentListField(Dimensions, db_field="ps")
    maker = ReferenceField(Maker, db_field="m")
    sellers = ListField(ReferenceField(Maker), db_field="s")
    made_of = GenericReferenceField()


class UniqueWare(Document):
    """A unique field."""

    number = IntField(unique=True)
    name = StringField()


class Animal(Document):
    """The top of a hierarchy."""

    meta = {"allow_inheritance": True}

    name = StringField(db_field="n")
    legs = IntField()


class Dog(Animal):
    """A leaf of the hierarchy."""

    tricks = ListField(StringField())


class Ranked(Document):
    """A default order."""

    meta = {"ordering": ["-rank"]}

    rank = IntField()
    name = StringField()


class Place(Document):
    """A place on the globe."""

    name = StringField()
    location = PointField()


class Many(Document):
    """More documents than one batch of the driver's holds."""

    n = IntField(db_field="number")


# Managers


class ShortList(QuerySet):
    """A queryset of the user's own."""

    def cheap(self, most: int = 10) -> Any:
        return self.filter(price__lte=most)


class CheapManager(QuerySetManager):
    """A manager of the user's own, with a queryset of its own."""

    default = ShortList


class Managed(Document):
    """A queryset class, and managers of every form."""

    meta = {"queryset_class": ShortList}

    name = StringField()
    price = IntField()

    listed = CheapManager()

    @queryset_manager
    def of_queryset(queryset: Any) -> Any:
        return queryset.filter(price__gt=5)

    @queryset_manager
    def of_class(cls: Any, queryset: Any) -> Any:
        return queryset.filter(name=cls.__name__.lower())

    @queryset_manager
    def named(cls: Any, queryset: Any, name: str) -> Any:
        return queryset.filter(name=name)


class HiddenByDefault(Document):
    """Its own `objects` leaves documents out."""

    name = StringField()
    hidden = IntField(default=0)

    @queryset_manager
    def objects(cls: Any, queryset: Any) -> Any:
        return queryset.filter(hidden=0)

    everything = QuerySetManager()


class ManagedBase(Document):
    """Its manager asks which class it is read from."""

    meta = {"allow_inheritance": True}

    name = StringField()

    @queryset_manager
    def mine(cls: Any, queryset: Any) -> Any:
        return queryset.filter(name=cls.__name__)


class ManagedChild(ManagedBase):
    """Inherits a manager."""

    age = IntField()


class Odd(Document):
    """Managers that give no querysets, or are no plain functions."""

    @queryset_manager
    def answer(queryset: Any) -> int:
        return 42

    method = QuerySetManager(functools.partial(lambda n, queryset: (queryset, n), 3))


class ShortBase(Document):
    """An abstract class with a queryset class."""

    meta = {"abstract": True, "queryset_class": ShortList}

    price = IntField()


class ShortChild(ShortBase):
    """Inherits a queryset class."""
