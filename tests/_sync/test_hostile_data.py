# Generated from tests/_async/test_hostile_data.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Stored data and keys from strangers: what reaches the server, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from bson import json_util

from mongoengine.errors import InvalidDocumentError, InvalidQueryError
from tests.models import Account, Anything, Circle, House, Shape

OPTIONS = json_util.RELAXED_JSON_OPTIONS


def test_a_dict_of_operators_finds_and_deletes_nothing(database: Any) -> None:
    Account(login="ada", balance=1).save()
    for login in ({"$ne": None}, {"$gt": ""}):
        with pytest.raises(InvalidQueryError, match="holds MongoDB operators"):
            Account.objects(login=login).delete()
        with pytest.raises(InvalidQueryError, match="holds MongoDB operators"):
            Account.objects.with_id(login)
    assert Account.objects.count() == 1


def test_a_document_with_operators_for_a_key_touches_no_other_one(database: Any) -> None:
    Account(login="ada", balance=1).save()
    forged = Account.from_json('{"_id": {"$gt": ""}, "balance": 5}', json_options=OPTIONS)
    forged.balance = 7
    with pytest.raises(InvalidDocumentError, match="would find other documents"):
        forged.save(validate=False)
    with pytest.raises(InvalidDocumentError, match="would find other documents"):
        forged.delete()
    with pytest.raises(InvalidDocumentError, match="would find other documents"):
        forged.update(set__balance=9)
    with pytest.raises(InvalidDocumentError, match="would find other documents"):
        forged.reload()
    assert Account.objects.get().balance == 1


def test_a_stored_class_beside_the_one_asked_for_is_refused(database: Any) -> None:
    database["account"].insert_one({"_id": "x", "_cls": "House", "label": "l"})
    with pytest.raises(InvalidDocumentError, match="neither `Account` nor a subclass of it"):
        Account.objects.get()
    circle = Circle(name="c").save()
    assert type(Shape.objects.get(pk=circle.pk)) is Circle


def test_untyped_data_never_makes_its_document_unloadable(database: Any) -> None:
    hostile = [{"_cls": "Nobody"}, {"_cls": 5}, {"_cls": "Street", "x": 1}, {"_cls": "Account"}]
    for data in hostile:
        house = House(notes={"k": data}).save()
        assert House.objects.get(pk=house.pk).notes == {"k": data}
        anything = Anything(value=data).save()
        assert Anything.objects.get(pk=anything.pk).value == data


def test_text_with_a_pattern_in_it_is_searched_for(database: Any) -> None:
    Account(login="(a+)+$.*").save()
    Account(login="aaaa").save()
    found = Account.objects(login__icontains="(A+)+$").get()
    assert found.login == "(a+)+$.*"
