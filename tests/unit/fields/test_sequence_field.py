"""Sequences, without a server: names, rules, conversion, and what is asked of the counter."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from bson import ObjectId

from mongoengine.base.fields.sequence import BaseSequenceField, unset_sequences
from mongoengine.document import Document, DynamicDocument, EmbeddedDocument
from mongoengine.fields import (
    DateField,
    DictField,
    EmbeddedDocumentField,
    ListField,
    SequenceField,
    StringField,
)
from mongoengine.state.implicit import may_block
from mongoengine.state.registry import ConnectionType

KEY = ObjectId("5" * 24)
DAY = datetime.datetime(2020, 1, 1)


class CountingField(BaseSequenceField):
    """Counts in memory."""

    count = 0

    def _next_value_now(self) -> Any:
        self.__dict__["count"] = self.count + 1
        return self.value_decorator(self.count)


class SeqComment(EmbeddedDocument):
    number = BaseSequenceField()
    text = StringField()


class SeqAbstract(Document):
    meta = {"abstract": True}

    number = BaseSequenceField()


class SeqConcrete(SeqAbstract):
    pass


class SeqPost(Document):
    meta = {"collection": "posts", "allow_inheritance": True}

    number = BaseSequenceField()
    named = BaseSequenceField(sequence_name="jelly", collection_name="counters", db_alias="other")
    text = BaseSequenceField(value_decorator=str)
    comment = EmbeddedDocumentField(SeqComment)
    comments = ListField(EmbeddedDocumentField(SeqComment))
    by_name = DictField()


class SeqChild(SeqPost):
    pass


def counting(**options: Any) -> Any:
    class SeqCounting(Document):
        number = CountingField(**options)

    return SeqCounting


# Names


def test_a_sequence_is_named_after_the_collection_of_the_class_that_declares_it() -> None:
    assert SeqPost.number.get_sequence_name() == "posts"
    assert SeqChild.number.get_sequence_name() == "posts"
    assert SeqPost.number._counter_key() == {"_id": "posts.number"}


def test_embedded_and_abstract_owners_give_their_name() -> None:
    assert SeqComment.number.get_sequence_name() == "seq_comment"
    assert SeqConcrete.number.get_sequence_name() == "seq_abstract"
    assert SeqConcrete.number.owner_document is SeqAbstract


def test_name_collection_and_alias_can_be_chosen() -> None:
    named = SeqPost.named
    assert named._counter_key() == {"_id": "jelly.named"}
    assert (named.collection_name, named.db_alias) == ("counters", "other")
    assert (SeqPost.number.collection_name, SeqPost.number.db_alias) == (
        "mongoengine.counters",
        "default",
    )


def test_what_is_no_function_is_no_value_decorator() -> None:
    assert SequenceField(value_decorator=5).value_decorator is int  # type: ignore[arg-type]
    assert SequenceField().value_decorator is int


# Values


def test_construction_does_not_count() -> None:
    cls = counting()
    assert cls()._data["number"] is None
    assert cls.number.count == 0


def test_reading_a_missing_value_counts_once_and_is_a_change() -> None:
    cls = counting()
    document = cls._from_son({"_id": KEY})
    assert document.number == 1
    assert document.number == 1
    assert document._get_changed_fields() == ["number"]


def test_a_stored_none_counts_as_missing() -> None:
    document = counting()._from_son({"_id": KEY, "number": None})
    assert document.number == 1


def test_a_default_comes_before_counting() -> None:
    cls = counting(default=7)
    assert cls().number == 7
    assert cls._from_son({"_id": KEY}).to_mongo()["number"] == 7
    assert cls.number.count == 0


def test_assigning_none_counts_at_once() -> None:
    document = counting()()
    document.number = None
    assert document.__dict__["number"] == 1


def test_assigning_a_value_does_not_count() -> None:
    cls = counting()
    cls().number = 1100
    assert cls(number=5).number == 5
    assert cls.number.count == 0


def test_the_stored_form_counts_and_keeps_the_value() -> None:
    document = counting()()
    assert document.to_mongo()["number"] == 1
    assert document.number == 1
    assert document.to_mongo()["number"] == 1


def test_a_loaded_document_saves_what_its_stored_form_counted() -> None:
    document = counting()._from_son({"_id": KEY})
    document.to_mongo()
    assert document._delta() == ({"number": 1}, {})


def test_none_converts_to_the_next_value() -> None:
    field = counting(value_decorator=str).number
    assert field.to_python(None) == "1"
    assert field.to_python(7) == 7


def test_without_anything_to_count_a_missing_value_is_none() -> None:
    post = SeqPost()
    assert post.number is None
    assert "number" not in post.to_mongo()


def test_queries_use_the_value_decorator() -> None:
    assert SeqPost.text.prepare_query_value(None, 7) == "7"
    with pytest.raises(ValueError, match="invalid literal for int"):
        SeqPost.number.prepare_query_value("set", "x")


def test_anything_is_valid_and_a_missing_value_never_required() -> None:
    SeqPost.number.validate(object())
    counting(required=True)().validate()


def test_the_value_after_a_counter_is_decorated() -> None:
    assert SeqPost.text._value_after(None) == "1"
    assert SeqPost.text._value_after({"next": 10}) == "11"


# What has to be counted before a document is stored


def test_unset_sequences_are_found_at_any_depth() -> None:
    deep = SeqComment()
    post = SeqPost(
        number=3,
        comment=SeqComment(number=1),
        comments=[SeqComment(), SeqComment(number=2)],
        by_name={"list": [deep]},
    )
    found = [(holder, field.name) for holder, field in unset_sequences(post)]
    assert [name for _, name in found] == ["named", "text", "number", "number"]
    assert found[0][0] is post
    assert found[2][0] is post.comments[0]
    assert found[3][0] is deep


def test_unset_sequences_are_found_in_loaded_documents() -> None:
    post = SeqPost._from_son(
        {"_id": KEY, "_cls": "SeqPost", "number": 1, "named": 2, "comments": [{"text": "x"}]}
    )
    assert [field.name for _, field in unset_sequences(post)] == ["text", "number"]


def test_values_that_cannot_embed_a_sequence_are_not_converted_to_look_for_one() -> None:
    class SeqPlainLine(EmbeddedDocument):
        text = StringField()

    class SeqOwner(Document):
        number = SequenceField()
        lines = ListField(EmbeddedDocumentField(SeqPlainLine))
        days = ListField(DateField())
        comments = ListField(EmbeddedDocumentField(SeqComment))

    owner = SeqOwner._from_son(
        {"_id": KEY, "lines": [{}], "days": [DAY], "comments": [{"text": "x"}]}
    )
    found = [(holder, field.name) for holder, field in unset_sequences(owner)]
    assert [name for _, name in found] == ["number", "number"]
    assert found[1][0] is owner.comments[0]
    values = owner.__dict__
    assert [name for name in ("lines", "days", "comments") if type(values[name]) is list] == [
        "lines",
        "days",
    ]


def test_a_sequence_of_a_subclass_defined_later_is_found() -> None:
    class SeqBaseLine(EmbeddedDocument):
        meta = {"allow_inheritance": True}
        text = StringField()

    class SeqLateOwner(Document):
        line = EmbeddedDocumentField(SeqBaseLine)

    assert list(unset_sequences(SeqLateOwner(line=SeqBaseLine()))) == []

    class SeqLateLine(SeqBaseLine):
        number = SequenceField()

    line = SeqLateLine()
    assert list(unset_sequences(SeqLateOwner(line=line))) == [(line, SeqLateLine.number)]


def test_unset_sequences_are_found_in_dynamic_fields() -> None:
    class SeqDynamic(DynamicDocument):
        name = StringField()

    document = SeqDynamic(name="x")
    document.extra = [SeqComment()]
    ((holder, field),) = unset_sequences(document)
    assert holder is document.extra[0]
    assert field is SeqComment.number


def test_a_counted_value_is_kept_and_is_a_change() -> None:
    post = SeqPost._from_son({"_id": KEY, "_cls": "SeqPost"})
    SeqPost.number._keep_generated(post, 9)
    assert post.number == 9
    assert post._get_changed_fields() == ["number"]


# Where reading may count


class SeqPublic(Document):
    number = SequenceField(db_alias="sequence_alias")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Any:
    def open_as(colours: ConnectionType) -> None:
        monkeypatch.setattr("mongoengine.state.implicit.colours", lambda alias: colours)

    return open_as


def test_on_an_async_alias_reading_gives_none_and_asks_nothing(opened: Any) -> None:
    opened(ConnectionType.ASYNC)
    document = SeqPublic()
    assert document.number is None
    document.number = None
    assert document.number is None
    assert "number" not in document.to_mongo()
    assert not may_block("sequence_alias")


def test_on_a_sync_alias_reading_counts(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(ConnectionType.SYNC)
    monkeypatch.setattr(SequenceField, "generate", lambda self: 12)
    assert SeqPublic().number == 12


async def test_in_an_event_loop_only_a_sync_alias_blocks(opened: Any) -> None:
    opened(ConnectionType.SYNC)
    assert may_block("sequence_alias")
    for colours in (ConnectionType.NONE, ConnectionType.SYNC | ConnectionType.ASYNC):
        opened(colours)
        assert not may_block("sequence_alias")


def test_outside_an_event_loop_an_alias_of_both_colours_blocks(opened: Any) -> None:
    for colours in (ConnectionType.NONE, ConnectionType.SYNC | ConnectionType.ASYNC):
        opened(colours)
        assert may_block("sequence_alias")
