"""Stored data and keys from strangers: what reaches the server, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from bson import json_util

from mongoengine.errors import InvalidDocumentError, InvalidQueryError
from tests.models import Account, Anything, Circle, House, Shape

OPTIONS = json_util.RELAXED_JSON_OPTIONS


async def test_a_dict_of_operators_finds_and_deletes_nothing(database: Any) -> None:
    await Account(login="ada", balance=1).async_save()
    for login in ({"$ne": None}, {"$gt": ""}):
        with pytest.raises(InvalidQueryError, match="holds MongoDB operators"):
            await Account.objects(login=login).async_delete()
        with pytest.raises(InvalidQueryError, match="holds MongoDB operators"):
            await Account.objects.async_with_id(login)
    assert await Account.objects.async_count() == 1


async def test_a_document_with_operators_for_a_key_touches_no_other_one(database: Any) -> None:
    await Account(login="ada", balance=1).async_save()
    forged = Account.from_json('{"_id": {"$gt": ""}, "balance": 5}', json_options=OPTIONS)
    forged.balance = 7
    with pytest.raises(InvalidDocumentError, match="would find other documents"):
        await forged.async_save(validate=False)
    with pytest.raises(InvalidDocumentError, match="would find other documents"):
        await forged.async_delete()
    with pytest.raises(InvalidDocumentError, match="would find other documents"):
        await forged.async_update(set__balance=9)
    with pytest.raises(InvalidDocumentError, match="would find other documents"):
        await forged.async_reload()
    assert (await Account.objects.async_get()).balance == 1


async def test_a_stored_class_beside_the_one_asked_for_is_refused(database: Any) -> None:
    await database["account"].insert_one({"_id": "x", "_cls": "House", "label": "l"})
    with pytest.raises(InvalidDocumentError, match="neither `Account` nor a subclass of it"):
        await Account.objects.async_get()
    circle = await Circle(name="c").async_save()
    assert type(await Shape.objects.async_get(pk=circle.pk)) is Circle


async def test_untyped_data_never_makes_its_document_unloadable(database: Any) -> None:
    hostile = [{"_cls": "Nobody"}, {"_cls": 5}, {"_cls": "Street", "x": 1}, {"_cls": "Account"}]
    for data in hostile:
        house = await House(notes={"k": data}).async_save()
        assert (await House.objects.async_get(pk=house.pk)).notes == {"k": data}
        anything = await Anything(value=data).async_save()
        assert (await Anything.objects.async_get(pk=anything.pk)).value == data


async def test_text_with_a_pattern_in_it_is_searched_for(database: Any) -> None:
    await Account(login="(a+)+$.*").async_save()
    await Account(login="aaaa").async_save()
    found = await Account.objects(login__icontains="(A+)+$").async_get()
    assert found.login == "(a+)+$.*"
