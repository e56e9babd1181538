"""What other projects read of documents, querysets and fields."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from mongoengine import Document, EmbeddedDocument
from mongoengine.fields import (
    EmbeddedDocumentField,
    IntField,
    ListField,
    MapField,
    ReferenceField,
    StringField,
)
from mongoengine.queryset import CASCADE


class Address(EmbeddedDocument):
    street = StringField(db_field="s")


class CompatOwner(Document):
    meta = {"db_alias": "compat", "collection": "compat_owners", "allow_inheritance": True}

    name = StringField(db_field="n", required=True, max_length=40)
    address = EmbeddedDocumentField(Address)


class CompatThing(Document):
    meta = {"db_alias": "compat", "ordering": ["-size"], "indexes": ["size"]}

    owner = ReferenceField(CompatOwner, reverse_delete_rule=CASCADE)
    size = IntField(db_field="sz")
    tags = ListField(StringField())
    owners = MapField(ListField(ReferenceField("CompatOwner")))


@pytest.fixture(autouse=True)
def empty() -> None:
    CompatOwner.drop_collection()
    CompatThing.drop_collection()


def test_classes_show_their_fields_and_names() -> None:
    assert set(CompatOwner._fields) == {"id", "name", "address", "_cls"}
    assert CompatOwner._fields_ordered == ("id", "name", "address", "_cls")
    assert CompatOwner._db_field_map == {
        "id": "_id",
        "name": "n",
        "address": "address",
        "_cls": "_cls",
    }
    assert CompatOwner._class_name == "CompatOwner"
    assert CompatOwner._subclasses == ("CompatOwner",)
    assert CompatThing._is_document is True
    assert CompatThing._dynamic is False


def test_meta_has_what_admin_interfaces_read() -> None:
    meta = CompatThing._meta

    assert meta["id_field"] == "id"
    assert meta["collection"] == "compat_thing" == CompatThing._get_collection_name()
    assert meta["db_alias"] == "compat"
    assert meta["ordering"] == ["-size"]
    assert [spec["fields"] for spec in meta["index_specs"]] == [[("sz", 1)]]
    assert CompatOwner._meta["delete_rules"] == {(CompatThing, "owner"): CASCADE}
    assert CompatOwner._meta["allow_inheritance"] is True


def test_fields_show_what_they_hold() -> None:
    fields: Any = CompatThing._fields

    assert fields["owner"].document_type is CompatOwner
    assert isinstance(fields["tags"].field, StringField)
    assert fields["owners"].field.field.document_type is CompatOwner
    assert fields["size"].owner_document is CompatThing
    assert (CompatOwner.name.required, CompatOwner.name.max_length, CompatOwner.name.db_field) == (
        True,
        40,
        "n",
    )
    assert CompatThing.size.creation_counter < CompatThing.tags.creation_counter
    assert CompatOwner._lookup_field(["address", "street"])[-1].db_field == "s"


def test_documents_show_their_values_and_changes() -> None:
    owner = CompatOwner(name="a", address=Address(street="x"))
    assert owner._created is True
    assert set(owner._data) == {"id", "name", "address", "_cls"}
    owner.save()
    assert owner._created is False

    owner.address.street = "y"
    assert owner._get_changed_fields() == ["address.s"]
    assert owner._delta() == ({"address.s": "y"}, {})
    owner._clear_changed_fields()
    assert owner._delta() == ({}, {})
    owner._mark_as_changed("name")
    assert owner._changed_fields == ["n"]
    assert owner._object_key == {"pk": owner.pk}
    assert owner.address._instance == owner


def test_the_drivers_collection_is_at_hand() -> None:
    owner = CompatOwner(name="a").save()

    collection = CompatOwner._get_collection()
    assert collection.name == "compat_owners"
    assert collection.find_one({"_id": owner.id}) == {
        "_id": owner.id,
        "_cls": "CompatOwner",
        "n": "a",
    }
    assert CompatOwner._get_db().name == collection.database.name
    assert owner._qs.filter(pk=owner.pk).count() == 1


def test_querysets_show_what_they_would_ask() -> None:
    queryset = CompatThing.objects(size__gt=1).order_by("size").skip(1).limit(2)

    assert queryset._document is CompatThing
    assert queryset._query == {"sz": {"$gt": 1}}
    assert (queryset._skip, queryset._limit) == (1, 2)
    assert queryset._ordering == [("sz", 1)]
    assert queryset._collection.name == "compat_thing"
    assert CompatOwner.objects(name="a")._query == {"_cls": "CompatOwner", "n": "a"}


def test_values_are_written_through_the_data_of_a_document() -> None:
    thing = CompatThing(size=1).save()
    thing._data["size"] = 7
    thing._mark_as_changed("size")
    thing.save()

    assert CompatThing._get_collection().find_one()["sz"] == 7
    assert CompatThing._from_son({"_id": ObjectId(), "sz": 3}).size == 3
