"""Fields may be called like verbs; what calls those verbs for the user finds them all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from mongoengine import (
    Document,
    DynamicDocument,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ReferenceField,
    StringField,
    connect_async,
    disconnect_async,
    get_async_connection,
)

DATABASE = "shadowed_verbs_tests"
ALIAS = "shadowed_verbs"


class Referred(Document):
    number = IntField()
    async_save = StringField()
    async_ensure_indexes = StringField()
    _async_get_collection = StringField()
    meta = {"db_alias": ALIAS, "auto_create_index_on_save": True}


class Referring(Document):
    referred = ReferenceField(Referred)
    async_cascade_save = StringField()
    _async_save_create = StringField()
    _async_save_update = StringField()
    meta = {"db_alias": ALIAS}


class Part(EmbeddedDocument):
    save = StringField()
    async_save = StringField()
    inner = EmbeddedDocumentListField("Part")


class Whole(DynamicDocument):
    part = EmbeddedDocumentField(Part)
    meta = {"db_alias": ALIAS}


@pytest_asyncio.fixture(scope="module", autouse=True)
async def connection(mongodb_uri: str) -> AsyncIterator[Any]:
    await connect_async(DATABASE, alias=ALIAS, host=mongodb_uri, uuidRepresentation="standard")
    yield
    await get_async_connection(ALIAS).drop_database(DATABASE)
    await disconnect_async(ALIAS)


async def test_saving_and_cascading_reach_verbs_past_fields_of_their_names() -> None:
    referred = Referred(number=1, async_save="a", async_ensure_indexes="b")
    referred._async_get_collection = "c"
    await Document.async_save(referred)
    referring = Referring(referred=referred, async_cascade_save="d", _async_save_create="e")
    await referring.async_save()

    referred.number, referred.async_save = 2, "changed"
    referring._async_save_update = "f"
    await referring.async_save(cascade=True)

    stored = await Referred.objects.async_get(pk=referred.pk)
    assert (stored.number, stored.async_save, stored._async_get_collection) == (2, "changed", "c")
    again = await Referring.objects.async_get(pk=referring.pk)
    assert (again.async_cascade_save, again._async_save_update) == ("d", "f")


async def test_a_queryset_creates_documents_whose_field_is_called_like_the_verb() -> None:
    created = await Referred.objects.async_create(number=3, async_save="x")

    assert (await Referred.objects.async_get(pk=created.pk)).async_save == "x"


async def test_embedded_documents_save_an_owner_whose_dynamic_field_hides_the_verb() -> None:
    whole = Whole(part=Part(save="a", async_save="b", inner=[Part(save="c")]), async_save="d")
    await Document.async_save(whole)
    loaded = await Whole.objects.async_get(pk=whole.pk)
    assert loaded.to_mongo() == whole.to_mongo()

    loaded.part.save = "changed"
    await EmbeddedDocument.async_save(loaded.part)
    loaded.part.inner[0].save = "too"
    await loaded.part.inner.async_save()

    again = await Whole.objects.async_get(pk=whole.pk)
    assert (again.part.save, again.part.inner[0].save, again.async_save) == ("changed", "too", "d")
