from __future__ import annotations

import uuid

import pytest
from bson.objectid import ObjectId

from mongoengine.base.fields.identifiers import ObjectIdField, UUIDField
from mongoengine.errors import ValidationError

OID = ObjectId("5f1a2b3c4d5e6f7a8b9c0d1e")
UID = uuid.UUID("12345678-1234-5678-1234-567812345678")


class Unprintable:
    def __str__(self):
        raise ValueError("no text")


# ObjectIdField


@pytest.mark.parametrize("value", [OID, str(OID), OID.binary])
def test_texts_and_bytes_of_an_id_become_ids(value):
    assert ObjectIdField().to_python(value) == OID


@pytest.mark.parametrize("value", [None, "not-an-oid", 5, [], b"abc"])
def test_anything_else_stays(value):
    assert ObjectIdField().to_python(value) is value


def test_the_text_of_a_value_is_stored_as_an_id():
    assert ObjectIdField().to_mongo(str(OID)) == OID
    assert ObjectIdField().prepare_query_value(None, str(OID)) == OID
    assert ObjectIdField().prepare_query_value(None, None) is None


def test_storing_what_is_no_id_reports_bsons_reason():
    with pytest.raises(ValidationError, match="'x' is not a valid ObjectId, it must be") as caught:
        ObjectIdField().to_mongo("x")
    assert caught.value.field_name is None

    with pytest.raises(ValidationError, match="no text"):
        ObjectIdField().to_mongo(Unprintable())


@pytest.mark.parametrize("value", ["not-an-oid!", None, 5, OID.binary, Unprintable()])
def test_what_is_no_id_is_refused(value):
    with pytest.raises(ValidationError) as caught:
        ObjectIdField()._validate(value)

    assert str(caught.value) == "Invalid ObjectID"


@pytest.mark.parametrize("value", [OID, str(OID)])
def test_ids_and_their_texts_are_valid(value):
    ObjectIdField()._validate(value)


# UUIDField


def test_a_binary_uuid_is_stored_as_it_is_and_text_is_converted():
    field = UUIDField()

    assert field.to_mongo(UID) is UID
    assert field.to_mongo(str(UID)) == UID
    assert field.to_python(str(UID)) == str(UID)
    with pytest.raises(ValueError, match="badly formed hexadecimal UUID string"):
        field.to_mongo("x")


def test_a_uuid_can_be_stored_as_text():
    field = UUIDField(binary=False)

    assert field.to_mongo(UID) == str(UID)
    assert field.to_python(str(UID)) == UID
    assert field.to_python("x") == "x"
    assert field.to_python(None) is None


def test_a_value_without_a_text_is_no_uuid():
    value = Unprintable()

    assert UUIDField(binary=False).to_python(value) is value


def test_uuids_are_queried_as_they_are_stored():
    assert UUIDField().prepare_query_value(None, str(UID)) == UID
    assert UUIDField(binary=False).prepare_query_value(None, UID) == str(UID)
    assert UUIDField().prepare_query_value(None, None) is None
    with pytest.raises(ValueError, match="badly formed"):
        UUIDField().prepare_query_value(None, "x")


@pytest.mark.parametrize("binary", [True, False])
def test_what_is_no_uuid_is_refused(binary):
    field = UUIDField(binary=binary)

    field._validate(UID)
    field._validate(str(UID))
    with pytest.raises(ValidationError) as caught:
        field._validate("9d159858-549b-4975-9f98-dd2f987c113")
    assert str(caught.value) == ("Could not convert to UUID: badly formed hexadecimal UUID string")


def test_only_uuids_stored_as_text_wait_for_conversion():
    assert UUIDField()._loads_lazily() is False
    assert UUIDField(binary=False)._loads_lazily() is True
    assert UUIDField().plain_types == (uuid.UUID,)
    assert UUIDField(binary=False).plain_types == ()
