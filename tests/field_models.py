"""Documents with references, sequences and files, which both twins use (see `tests.models`)."""

from __future__ import annotations

from mongoengine.document import Document, EmbeddedDocument
from mongoengine.fields import (
    EmbeddedDocumentField,
    FileField,
    ImageField,
    ListField,
    ReferenceField,
    SequenceField,
    StringField,
)


class Planet(Document):
    """What moons refer to."""

    name = StringField()


class Moon(Document):
    """Refers to a planet."""

    planet = ReferenceField(Planet)


class Line(EmbeddedDocument):
    """Counted, in a list."""

    number = SequenceField()


class Invoice(Document):
    """Counts itself and its lines."""

    number = SequenceField()
    label = SequenceField(value_decorator=str)
    lines = ListField(EmbeddedDocumentField(Line))


class Attachment(Document):
    """Files, in collections of their own."""

    file = FileField(collection_name="attachments")
    image = ImageField(
        size=(20, 10, True), thumbnail_size=(5, 5), collection_name="attached_images"
    )
    plain_image = ImageField(collection_name="attached_images")
    files = ListField(FileField(collection_name="attachments"))
