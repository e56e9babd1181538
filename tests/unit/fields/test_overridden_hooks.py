"""What a user's field class overrides is used wherever the library would use its own."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from mongoengine.base.fields.base import BaseField
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import ValidationError
from mongoengine.fields import (
    BooleanField,
    DateTimeField,
    DecimalField,
    DictField,
    EmailField,
    EmbeddedDocumentField,
    FloatField,
    IntField,
    ListField,
    MapField,
    ObjectIdField,
    StringField,
    UUIDField,
)
from mongoengine.queryset import transform

BASES = [
    BaseField,
    StringField,
    EmailField,
    IntField,
    FloatField,
    DecimalField,
    BooleanField,
    DateTimeField,
    ObjectIdField,
    UUIDField,
    DictField,
    ListField,
]


class Held:
    """What the overridden hooks make of a stored text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and other.text == self.text

    __hash__ = None  # type: ignore[assignment]


def hooked(base: type[Any]) -> Any:
    """Return a class derived from a field's that holds `Held` and stores its text."""

    class Hooked(base):  # type: ignore[misc]
        def to_python(self, value: Any) -> Any:
            return value if isinstance(value, Held) else Held(value)

        def to_mongo(self, value: Any) -> Any:
            return value.text

        def validate(self, value: Any) -> None:
            if value.text == "bad":
                self.error("It is bad")

        def prepare_query_value(self, op: Any, value: Any) -> Any:
            return f"{op}:{value}"

    return Hooked


@pytest.fixture(params=BASES, ids=lambda base: base.__name__)
def owner(request: pytest.FixtureRequest) -> Any:
    field = hooked(request.param)

    class Inner(EmbeddedDocument):
        value = field(db_field="v")

    class Owner(Document):
        value = field(db_field="v")
        values = ListField(field())
        named = MapField(field())
        nested = ListField(ListField(field()))
        inner = EmbeddedDocumentField(Inner)
        inners = ListField(EmbeddedDocumentField(Inner))

    return Owner


def stored(text: str) -> dict[str, Any]:
    return {
        "v": text,
        "values": [text],
        "named": {"k": text},
        "nested": [[text]],
        "inner": {"v": text},
        "inners": [{"v": text}],
    }


READS: dict[str, Any] = {
    "value": lambda owner: owner.value,
    "values": lambda owner: owner.values[0],
    "named": lambda owner: owner.named["k"],
    "nested": lambda owner: owner.nested[0][0],
    "inner": lambda owner: owner.inner.value,
    "inners": lambda owner: owner.inners[0].value,
}


def constructed(owner: Any, text: str) -> Any:
    inner = owner.inner.document_type
    return owner(
        value=text,
        values=[text],
        named={"k": text},
        nested=[[text]],
        inner=inner(value=text),
        inners=[inner(value=text)],
    )


@pytest.mark.parametrize("place", READS)
def test_loading_and_constructing_use_an_overridden_to_python(owner: Any, place: str) -> None:
    assert READS[place](owner._from_son(stored("x"))) == Held("x")
    assert READS[place](constructed(owner, "x")) == Held("x")


def test_the_stored_form_uses_an_overridden_to_mongo(owner: Any) -> None:
    assert dict(constructed(owner, "x").to_mongo()) == stored("x")
    loaded = owner._from_son(stored("x"))
    assert dict(loaded.to_mongo()) == stored("x")


@pytest.mark.parametrize("place", READS)
def test_validation_uses_an_overridden_validate(owner: Any, place: str) -> None:
    constructed(owner, "good").validate()
    for document in (constructed(owner, "bad"), owner._from_son(stored("bad"))):
        READS[place](document)
        with pytest.raises(ValidationError, match="It is bad") as caught:
            document.validate()
        assert place in caught.value.errors


def test_the_update_of_a_change_uses_an_overridden_to_mongo(owner: Any) -> None:
    document = owner._from_son({"_id": ObjectId(), **stored("x")})
    document.value = Held("y")
    document.values[0] = Held("y")
    document.named["k"] = Held("y")
    document.nested[0][0] = Held("y")
    document.inner.value = Held("y")
    document.inners[0].value = Held("y")

    assert document._delta() == (
        {
            "v": "y",
            "values.0": "y",
            "named.k": "y",
            "nested.0.0": "y",
            "inner.v": "y",
            "inners.0.v": "y",
        },
        {},
    )


def test_queries_and_updates_use_an_overridden_prepare_query_value(owner: Any) -> None:
    assert transform.query(owner, value=1) == {"v": "None:1"}
    assert transform.query(owner, inner__value__gt=1) == {"inner.v": {"$gt": "gt:1"}}
    assert transform.query(owner, inners__value=1) == {"inners.v": "None:1"}
    assert transform.update(owner, set__value=1) == {"$set": {"v": "set:1"}}
    assert transform.update(owner, set__inner__value=1) == {"$set": {"inner.v": "set:1"}}


def test_reading_and_writing_use_an_overridden_descriptor() -> None:
    class Loud(StringField):
        def __get__(self, instance: Any, owner: Any) -> Any:
            value = super().__get__(instance, owner)
            return value.upper() if isinstance(value, str) else value

        def __set__(self, instance: Any, value: Any) -> None:
            super().__set__(instance, value.strip() if isinstance(value, str) else value)

    class Speaker(Document):
        word = Loud()

    for speaker in (Speaker(word=" a "), Speaker._from_son({"word": " a "})):
        assert (speaker.word, speaker._data["word"]) == ("A", "a")
        speaker.word = " b "
        assert (speaker.word, speaker.to_mongo()["word"]) == ("B", "b")
    assert isinstance(Speaker.word, Loud)


def test_queries_use_an_overridden_lookup_member() -> None:
    class Open(DictField):
        def lookup_member(self, member_name: str) -> Any:
            return IntField(db_field=f"_{member_name}")

    class Shelf(Document):
        box = Open()

    assert transform.query(Shelf, box__width="5") == {"box._width": 5}
