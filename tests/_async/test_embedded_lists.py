"""Embedded documents and their lists have the document they belong to do the work."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from mongoengine.errors import OperationError
from tests.models import Chapter, Story


async def test_a_list_of_embedded_documents_saves_its_owner(database: Any) -> None:
    story = await Story(
        title="Atlas", chapters=[Chapter(name="One"), Chapter(name="Two")]
    ).async_save()

    story.chapters[1].name = "Last"
    await story.chapters.filter(name="Last").async_save()

    stored = await database[Story._get_collection_name()].find_one({"_id": story.id})
    assert [chapter["name"] for chapter in stored["chapters"]] == ["One", "Last"]
    assert story._get_changed_fields() == []


async def test_an_embedded_document_saves_and_reloads_its_owner(database: Any) -> None:
    story = await Story(title="Atlas", chapters=[Chapter(name="One")]).async_save()

    story.chapters[0].name = "First"
    await story.chapters[0].async_save()
    collection = database[Story._get_collection_name()]
    assert (await collection.find_one({"_id": story.id}))["chapters"] == [{"name": "First"}]

    await collection.update_one({"_id": story.id}, {"$set": {"title": "Maps"}})
    await story.chapters[0].async_reload()
    assert story.title == "Maps"


async def test_what_no_document_holds_can_be_neither_saved_nor_reloaded() -> None:
    chapter = Chapter(name="One")

    for call in (chapter.async_save, chapter.async_reload):
        with pytest.raises(OperationError, match=r"\(\) of Chapter .* in a field of a document"):
            await call()


async def test_what_a_document_held_that_is_gone_says_so(database: Any) -> None:
    story = await Story(title="Atlas", chapters=[Chapter(name="One")]).async_save()
    chapters, chapter = story.chapters, story.chapters[0]
    chapter.name = "Last"
    del story
    gc.collect()

    for part in (chapters, chapter):
        with pytest.raises(OperationError, match="the document that holds it is gone"):
            await part.async_save()

    stored = await database[Story._get_collection_name()].find_one()
    assert stored["chapters"] == [{"name": "One"}]
