"""EmbeddedDocumentList: searching and changing embedded documents in memory."""

from __future__ import annotations

import weakref

import pytest

from mongoengine.base.datastructures import BaseList
from mongoengine.base.embedded_list import EmbeddedDocumentList
from mongoengine.base.fields.dicts import MapField
from mongoengine.base.fields.embedded import EmbeddedDocumentField
from mongoengine.base.fields.lists import EmbeddedDocumentListField, ListField
from mongoengine.base.fields.numbers import IntField
from mongoengine.base.fields.strings import StringField
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import DoesNotExist, FieldDoesNotExist, MultipleObjectsReturned


class Remark(EmbeddedDocument):
    author = StringField()
    likes = IntField()
    answers = EmbeddedDocumentListField("self")


class RemarkedPost(Document):
    remarks = EmbeddedDocumentListField(Remark)
    pinned = EmbeddedDocumentField(Remark)
    by_language = MapField(EmbeddedDocumentListField(Remark))
    pages = ListField(EmbeddedDocumentListField(Remark))


@pytest.fixture
def post() -> RemarkedPost:
    return RemarkedPost(
        remarks=[
            Remark(author="ann", likes=1),
            Remark(author="ben", likes=2),
            Remark(author="ann", likes=2),
        ],
        pinned=Remark(author="cid"),
        by_language={"en": [Remark(author="dee")]},
        pages=[[], [Remark(author="eve")]],
    )


def authors(remarks: BaseList) -> list[str]:
    return [remark.author for remark in remarks]


def test_filter_keeps_documents_that_match_all_keywords(post):
    assert authors(post.remarks.filter(author="ann")) == ["ann", "ann"]
    assert len(post.remarks.filter(author="ann", likes=2)) == 1
    assert len(post.remarks.filter(author="ann").filter(likes=2)) == 1
    assert post.remarks.filter(author="nobody") == []


def test_filter_without_keywords_keeps_all_and_exclude_keeps_none(post):
    assert post.remarks.filter() == post.remarks
    assert post.remarks.filter() is not post.remarks
    assert post.remarks.exclude() == []


def test_exclude_keeps_what_filter_leaves_out(post):
    assert authors(post.remarks.exclude(author="ann")) == ["ben"]
    assert authors(post.remarks.exclude(author="ann", likes=2)) == ["ann", "ben"]


def test_a_value_matches_by_its_text_too(post):
    assert authors(post.remarks.filter(likes="2")) == ["ben", "ann"]


@pytest.mark.parametrize("method", ["filter", "exclude", "get"])
def test_an_unknown_attribute_raises(post, method):
    with pytest.raises(AttributeError, match="year"):
        getattr(post.remarks, method)(year=2)


def test_a_selection_belongs_to_the_same_owner_and_name(post):
    found = post.remarks.filter(author="ann")
    assert type(found) is type(post.remarks)
    assert found._instance is weakref.proxy(post)
    assert found._name == "remarks"


def test_count_and_first(post):
    assert post.remarks.count() == 3
    assert post.remarks.first() is post.remarks[0]
    assert RemarkedPost().remarks.first() is None


def test_get_returns_the_only_match(post):
    assert post.remarks.get(author="ben") is post.remarks[1]


def test_get_without_a_match_raises_and_names_the_list(post):
    with pytest.raises(DoesNotExist, match=r"^remarks matching query does not exist\.$"):
        post.remarks.get(author="nobody")


def test_get_with_several_matches_raises_and_counts_them(post):
    with pytest.raises(MultipleObjectsReturned, match=r"^2 items returned, instead of 1$"):
        post.remarks.get(author="ann")
    with pytest.raises(MultipleObjectsReturned, match=r"^3 items"):
        post.remarks.get()


def test_create_appends_to_the_list_of_the_owner_even_from_a_selection(post):
    created = post.remarks.filter(author="ben").create(author="flo")
    assert isinstance(created, Remark)
    assert post.remarks[3] is created
    assert post.remarks.count() == 4


def test_create_reports_the_change(post):
    post._clear_changed_fields()
    post.remarks.create(author="flo")
    assert post._get_changed_fields() == ["remarks"]


def test_create_refuses_unknown_fields_and_appends_nothing(post):
    with pytest.raises(FieldDoesNotExist):
        post.remarks.create(nonsense=1)
    assert post.remarks.count() == 3


def test_create_works_in_lists_of_embedded_documents(post):
    created = post.pinned.answers.create(author="gus")
    deeper = post.pinned.answers[0].answers.create(author="hal")
    assert post.pinned.answers == [created]
    assert created.answers == [deeper]


def test_create_works_below_maps_and_lists(post):
    english = EmbeddedDocumentList(post.by_language["en"], post, "by_language.en")
    created = english.create(author="ida")
    assert post.by_language["en"][1] is created

    second_page = EmbeddedDocumentList(post.pages[1], post, "pages.1")
    second_page.create(author="jon")
    assert authors(post.pages[1]) == ["eve", "jon"]


def test_reading_below_maps_and_lists_gives_searchable_lists(post):
    loaded = RemarkedPost._from_son(post.to_mongo())
    for document in (post, loaded):
        assert document.by_language["en"].get(author="dee").likes is None
        document.pages[1].create(author="kim")
        assert authors(document.pages[1]) == ["eve", "kim"]
        assert authors(document.pages[0].filter()) == []


def test_delete_takes_the_documents_out_of_the_owners_list(post):
    assert post.remarks.filter(author="ann").delete() == 2
    assert authors(post.remarks) == ["ben"]
    assert post.remarks.delete() == 1
    assert post.remarks == []
    assert isinstance(post.remarks, EmbeddedDocumentList)


def test_deleting_a_selection_twice_fails(post):
    selection = post.remarks.filter(author="ben")
    selection.delete()
    with pytest.raises(ValueError, match="not in list"):
        selection.delete()


def test_update_sets_attributes_and_reports_each(post):
    post._clear_changed_fields()
    assert post.remarks.filter(author="ann").update(likes=9) == 2
    assert [remark.likes for remark in post.remarks] == [9, 2, 9]
    assert post._get_changed_fields() == ["remarks.0.likes", "remarks.2.likes"]


def test_update_without_keywords_does_nothing(post):
    assert post.remarks.update() == 0
