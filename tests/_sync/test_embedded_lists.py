# Generated from tests/_async/test_embedded_lists.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Embedded documents and their lists have the document they belong to do the work."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from mongoengine.errors import OperationError
from tests.models import Chapter, Story


def test_a_list_of_embedded_documents_saves_its_owner(database: Any) -> None:
    story = Story(title="Atlas", chapters=[Chapter(name="One"), Chapter(name="Two")]).save()

    story.chapters[1].name = "Last"
    story.chapters.filter(name="Last").save()

    stored = database[Story._get_collection_name()].find_one({"_id": story.id})
    assert [chapter["name"] for chapter in stored["chapters"]] == ["One", "Last"]
    assert story._get_changed_fields() == []


def test_an_embedded_document_saves_and_reloads_its_owner(database: Any) -> None:
    story = Story(title="Atlas", chapters=[Chapter(name="One")]).save()

    story.chapters[0].name = "First"
    story.chapters[0].save()
    collection = database[Story._get_collection_name()]
    assert collection.find_one({"_id": story.id})["chapters"] == [{"name": "First"}]

    collection.update_one({"_id": story.id}, {"$set": {"title": "Maps"}})
    story.chapters[0].reload()
    assert story.title == "Maps"


def test_what_no_document_holds_can_be_neither_saved_nor_reloaded() -> None:
    chapter = Chapter(name="One")

    for call in (chapter.save, chapter.reload):
        with pytest.raises(OperationError, match=r"\(\) of Chapter .* in a field of a document"):
            call()


def test_what_a_document_held_that_is_gone_says_so(database: Any) -> None:
    story = Story(title="Atlas", chapters=[Chapter(name="One")]).save()
    chapters, chapter = story.chapters, story.chapters[0]
    chapter.name = "Last"
    del story
    gc.collect()

    for part in (chapters, chapter):
        with pytest.raises(OperationError, match="the document that holds it is gone"):
            part.save()

    stored = database[Story._get_collection_name()].find_one()
    assert stored["chapters"] == [{"name": "One"}]
