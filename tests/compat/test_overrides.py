"""Methods that other projects override, each calling what it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mongoengine import Document, EmbeddedDocument
from mongoengine.base import BaseField, ComplexBaseField
from mongoengine.fields import (
    BooleanField,
    EmbeddedDocumentField,
    FileField,
    GridFSProxy,
    IntField,
    ListField,
    ReferenceField,
    StringField,
)
from mongoengine.queryset import QuerySet, QuerySetManager
from mongoengine.queryset.base import BaseQuerySet

calls: list[str] = []


@pytest.fixture(autouse=True)
def no_calls() -> None:
    calls.clear()


class Upper(BaseField):
    """A field with every conversion of its own."""

    def to_mongo(self, value: Any) -> Any:
        return value.lower()

    def to_python(self, value: Any) -> Any:
        return value.upper()

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        return super().prepare_query_value(op, value.lower())

    def validate(self, value: Any) -> None:
        if not value.isalpha():
            self.error("letters only")


class Watched(StringField):
    """A field that looks at every access."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is not None:
            calls.append(f"get {self.name}")
        return super().__get__(instance, owner)

    def __set__(self, instance: Any, value: Any) -> None:
        calls.append(f"set {self.name}")
        super().__set__(instance, value)


class Pair(ComplexBaseField):
    """A complex field of exactly two values."""

    def validate(self, value: Any, **_: Any) -> None:
        if len(value) != 2:
            self.error("two values only")


class Line(EmbeddedDocument):
    text = StringField()
    count = IntField(default=1)

    def __init__(self, *args: Any, **values: Any) -> None:
        calls.append("Line")
        super().__init__(*args, **values)

    def to_mongo(self, *args: Any, **kwargs: Any) -> Any:
        data = super().to_mongo(*args, **kwargs)
        data["double"] = self.count * 2
        return data

    @classmethod
    def _from_son(cls, son: Any, *args: Any, **kwargs: Any) -> Any:
        son = {key: value for key, value in son.items() if key != "double"}
        return super()._from_son(son, *args, **kwargs)


class LoudQuerySet(QuerySet):
    def clone(self) -> Any:
        calls.append("clone")
        return super().clone()

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            return self.get(name=key)
        return super().__getitem__(key)

    @property
    def _query(self) -> Any:
        return {**super()._query, "hidden": {"$ne": True}}


class PublishedManager(QuerySetManager):
    queryset_class = LoudQuerySet

    @staticmethod
    def get_queryset(doc_cls: Any, queryset: Any) -> Any:
        return queryset.filter(published=1)


class Sheet(Document):
    meta = {"db_alias": "compat", "queryset_class": LoudQuerySet}

    name = Watched()
    code = Upper()
    pair = Pair()
    hidden = BooleanField()
    published = IntField()
    lines = ListField(EmbeddedDocumentField(Line))
    parent = ReferenceField("self")

    published_only = PublishedManager()

    def __init__(self, *args: Any, **values: Any) -> None:
        values.pop("comment", None)
        super().__init__(*args, **values)
        self.ready = True

    def __setattr__(self, key: str, value: Any) -> None:
        if key == "title":
            key = "name"
        super().__setattr__(key, value)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        calls.append("save")
        return super().save(*args, **kwargs)

    @classmethod
    def _from_son(cls, son: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append("_from_son")
        return super()._from_son(son, *args, **kwargs)


@pytest.fixture(autouse=True)
def no_sheets() -> None:
    Sheet.drop_collection()


def stored() -> dict[str, Any]:
    found: dict[str, Any] = Sheet._get_collection().find_one()
    return found


def test_a_field_converts_with_its_own_methods_both_ways() -> None:
    Sheet(name="a", code="XY").save()

    assert stored()["code"] == "xy"
    assert Sheet.objects.get().code == "XY"
    assert Sheet.objects(code="XY").count() == 1
    sheet = Sheet.objects.get()
    sheet.code = "12"
    with pytest.raises(Exception, match="letters only"):
        sheet.save()


def test_a_complex_field_of_another_kind_tracks_what_is_inside() -> None:
    sheet = Sheet(pair=[1, 2]).save()
    sheet.pair[0] = 5

    assert sheet._get_changed_fields() == ["pair.0"]
    sheet.save()
    assert stored()["pair"] == [5, 2]
    sheet.pair = [1]
    with pytest.raises(Exception, match="two values only"):
        sheet.validate()


def test_accessors_of_a_field_are_called_for_every_access() -> None:
    Sheet(name="a").save()
    assert "set name" in calls
    sheet = Sheet.objects.get()
    calls.clear()

    assert sheet.name == "a"
    assert calls == ["get name"]


def test_documents_are_constructed_and_assigned_to_through_overrides() -> None:
    sheet = Sheet(name="a", comment="not a field")
    sheet.title = "b"

    assert (sheet.name, sheet.ready) == ("b", True)
    assert sheet.save() is sheet
    assert calls.count("save") == 1
    assert Sheet.objects.create(name="c").name == "c"
    assert calls.count("save") == 2


def test_loading_goes_through_overrides_of_documents_and_embedded_documents() -> None:
    Sheet(name="a", lines=[Line(text="x", count=2)]).save()
    assert stored()["lines"] == [{"text": "x", "count": 2, "double": 4}]
    calls.clear()

    sheet = Sheet.objects.get()
    assert sheet.ready is True
    assert sheet.lines[0].count == 2
    assert "_from_son" in calls
    assert "Line" in calls


def test_every_verb_of_a_queryset_asks_the_overridden_query() -> None:
    Sheet(name="seen").save()
    Sheet(name="unseen", hidden=True).save()

    assert [sheet.name for sheet in Sheet.objects] == ["seen"]
    assert Sheet.objects.count() == 1
    assert Sheet.objects["seen"].name == "seen"
    assert Sheet.objects[0].name == "seen"
    assert Sheet.objects.update(published=1) == 1
    assert Sheet.objects.delete() == 1
    assert stored()["name"] == "unseen"


def test_an_overridden_clone_is_how_chains_grow() -> None:
    Sheet.objects.order_by("name")

    assert "clone" in calls


def test_a_manager_of_another_class_has_its_queryset_and_its_filter() -> None:
    Sheet(name="a", published=1).save()
    Sheet(name="b", published=0).save()

    assert isinstance(Sheet.published_only, LoudQuerySet)
    assert [sheet.name for sheet in Sheet.published_only] == ["a"]


class PlainQuerySet(BaseQuerySet):
    """A queryset made of the base alone, which says itself how it is iterated over."""

    def __iter__(self) -> Iterator[Any]:
        for document in self._cursor:
            yield self._document._from_son(document)

    def names(self) -> list[str]:
        return [sheet.name for sheet in self]


class Plain(Document):
    meta = {"db_alias": "compat", "queryset_class": PlainQuerySet, "ordering": ["name"]}

    name = StringField()


def test_a_queryset_of_the_base_alone_works() -> None:
    Plain.drop_collection()
    Plain.objects.insert([Plain(name=name) for name in "cab"])

    assert Plain.objects.names() == ["a", "b", "c"]
    assert Plain.objects[1:].names() == ["b", "c"]


class CountingProxy(GridFSProxy):
    def read(self, size: int = -1) -> Any:
        calls.append("read")
        return super().read(size)


class CountingFileField(FileField):
    proxy_class = CountingProxy


class Report(Document):
    meta = {"db_alias": "compat"}

    data = CountingFileField(db_alias="compat")


def test_a_file_field_hands_out_proxies_of_its_own_class() -> None:
    report = Report()
    report.data.put(b"numbers", filename="n.txt")
    report.save()

    found = Report.objects.get(id=report.id)
    assert found.data.read() == b"numbers"
    assert calls == ["read"]
    assert found.data.grid_id == report.data.grid_id
    assert found.data.gridout.filename == "n.txt"
    found.data.delete()
    Report.drop_collection()
