"""Embedded documents and their lists have the document they belong to do the work."""

from __future__ import annotations

from typing import Any

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
