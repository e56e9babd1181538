"""Models of a small blog, as users write them."""

from __future__ import annotations

import datetime
import enum
from typing import ClassVar, Self

from mongoengine import (
    BooleanField,
    CachedReferenceField,
    ComplexDateTimeField,
    DateField,
    DateTimeField,
    DecimalField,
    DictField,
    Document,
    DynamicDocument,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    EnumField,
    FileField,
    FloatField,
    IntField,
    LazyReferenceField,
    ListField,
    MapField,
    QuerySet,
    QuerySetManager,
    ReferenceField,
    SequenceField,
    SortedListField,
    StringField,
    UUIDField,
    queryset_manager,
)
from mongoengine.fields import BaseField


class Status(enum.Enum):
    DRAFT = "draft"
    LIVE = "live"


class Slug(StringField[str]):
    """Never None, whatever is asked for."""


class Celsius(BaseField[float]):
    """A field from scratch."""


class Stamped:
    created = DateTimeField(default=datetime.datetime.now)

    def age(self) -> datetime.timedelta:
        return datetime.datetime.now() - self.created


class User(Stamped, Document):
    meta = {"allow_inheritance": True, "indexes": ["name"]}

    name = StringField(required=True, max_length=80)
    email = StringField()
    score = IntField(default=0)
    weight = FloatField(null=True, default=1.5)
    active = BooleanField(default=True)
    born = DateField()
    seen = ComplexDateTimeField()
    balance = DecimalField()
    friends = ListField(ReferenceField("self"))


class Admin(User):
    level = IntField(required=True)


class Comment(EmbeddedDocument):
    author = ReferenceField(User)
    text = StringField(required=True)


class PostQuerySet(QuerySet["Post"]):
    def live(self) -> Self:
        return self.filter(status=Status.LIVE)


class Post(Document):
    objects: ClassVar[QuerySetManager[PostQuerySet]]
    meta = {"queryset_class": PostQuerySet}

    id = UUIDField(primary_key=True)
    title = StringField(required=True)
    slug = Slug()
    status = EnumField(Status, default=Status.DRAFT)
    author = ReferenceField(User, required=True)
    editor = ReferenceField(User)
    source: ReferenceField[Post | None] = ReferenceField("Post")
    reviewer = LazyReferenceField(User)
    cached = CachedReferenceField(User, fields=["name"])
    tags = ListField(StringField())
    lines = SortedListField(IntField(required=True))
    grid = ListField(ListField(FloatField()))
    votes = MapField(IntField())
    extra = DictField()
    pinned = EmbeddedDocumentField(Comment)
    comments = EmbeddedDocumentListField(Comment)
    others = ListField(EmbeddedDocumentField(Comment))
    readers = ListField(ReferenceField(User))
    statuses = ListField(EnumField(Status))
    maybe = ListField(StringField(), null=True)
    temperature = Celsius()
    number = SequenceField()
    image = FileField()

    @queryset_manager
    def drafts(cls, queryset: PostQuerySet) -> PostQuerySet:
        return queryset.filter(status=Status.DRAFT)


class Note(DynamicDocument):
    text = StringField()
