"""Keyword filters become MongoDB filters."""

from __future__ import annotations

import gc
import re
import weakref

import pytest
from bson import DBRef, ObjectId

from mongoengine.base import schema
from mongoengine.errors import InvalidQueryError
from mongoengine.queryset import keys, transform
from tests.unit.query_models import (
    FakeCachedReference,
    FakeDocument,
    FakeEmbedded,
    FakeField,
    FakeGenericReference,
    FakeList,
    FakeMap,
    FakeText,
)


class Comment(FakeDocument):
    author = FakeText("a")
    votes = FakeField("v", int)
    type = FakeText("type")


class Post(FakeDocument):
    id = FakeField("_id", str)
    title = FakeText("t")
    likes = FakeField("n", int)
    size = FakeField("size", int)
    tags = FakeList("tg", FakeText(None))
    grades = FakeList("g", FakeField(None, int))
    anything = FakeList("any")
    first = FakeEmbedded("f", Comment)
    comments = FakeList("c", FakeEmbedded(None, Comment))
    by_name = FakeMap("m", FakeEmbedded(None, Comment))
    thing = FakeGenericReference("th")
    writer = FakeCachedReference("w")


one, two = ObjectId("0" * 23 + "1"), ObjectId("0" * 23 + "2")
ref_one, ref_two = DBRef("x", one), DBRef("x", two)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"name": "x", "age": 30}, {"name": "x", "age": 30}),
        ({"age__lt": 30}, {"age": {"$lt": 30}}),
        ({"friend__age__gte": 30}, {"friend.age": {"$gte": 30}}),
        ({"name__exists": True}, {"name": {"$exists": True}}),
        ({"a__0__b": 1}, {"a.0.b": 1}),
        ({"a__b__0__c__ne": 1}, {"a.b.0.c": {"$ne": 1}}),
        ({"0": 1}, {"0": 1}),
        ({"gt": 1}, {"gt": 1}),
        ({"not": 1}, {"not": 1}),
        ({"name__gt__": 1}, {"name.gt": 1}),
        ({"name__": 1}, {"name": 1}),
        ({"age__not__in": [1]}, {"age": {"$not": {"$in": [1]}}}),
        ({"age__not": 1}, {"age": {"$not": 1}}),
        ({"age__not__": 1}, {"age": {"$not": 1}}),
        ({"age__not__0": 1}, {"age.0": {"$not": 1}}),
        ({"name__icontains": "x"}, {"name": "x"}),
        ({"a__match": {"b": 1}}, {"a": {"$elemMatch": {"b": 1}}}),
        ({"a__elemMatch": {"b": 1}}, {"a": {"$elemMatch": {"b": 1}}}),
        ({"a__in": 5}, {"a": {"$in": 5}}),
    ],
)
def test_without_a_class_names_and_values_are_taken_as_they_are(conditions, expected):
    assert transform.query(**conditions) == expected


@pytest.mark.parametrize("op", ["near", "max_distance", "geo_within_box"])
def test_a_geo_operator_without_a_class_says_what_it_lacks(op):
    with pytest.raises(InvalidQueryError, match=f'The operator "{op}" on "a" depends'):
        transform.query(**{f"a__{op}": [1, 2]})


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"title": "x"}, {"t": "x"}),
        ({"pk": "1"}, {"_id": "1"}),
        ({"comments__author": "x"}, {"c.a": "x"}),
        ({"comments__0__author__ne": "x"}, {"c.0.a": {"$ne": "x"}}),
        ({"first__type__": "x"}, {"f.type": "x"}),
        ({"first__type__ne": "x"}, {"f.type": {"$ne": "x"}}),
        ({"size__size": 3}, {"size": {"$size": 3}}),
        ({"anything__x__y": 3}, {"any.x.y": 3}),
        ({"by_name__ann__votes__gt": "3"}, {"m.ann.v": {"$gt": 3}}),
    ],
)
def test_names_are_translated_to_those_of_the_database(conditions, expected):
    assert transform.query(Post, **conditions) == expected


@pytest.mark.parametrize("op", [None, "ne", "gt", "gte", "lt", "lte", "not", "iexact"])
def test_single_values_are_converted_whole_with_their_operator(op):
    Post.likes.asked.clear()
    transform.query(Post, **{f"likes__{op}" if op else "likes": "7"})
    assert Post.likes.asked == [(op, "7")]


@pytest.mark.parametrize("op", ["in", "nin", "all"])
def test_iterables_are_converted_item_by_item(op):
    query = transform.query(Post, **{f"likes__{op}": ("1", 2)})
    assert query == {"n": {f"${op}": [1, 2]}}


def test_a_string_is_iterated_over_by_characters():
    assert transform.query(Post, title__in="ab") == {"t": {"$in": ["a", "b"]}}


@pytest.mark.parametrize("op", ["mod", "size", "exists", "type"])
def test_operands_that_are_no_values_of_the_field_stay_as_they_are(op):
    assert transform.query(Post, **{f"likes__{op}": "7"}) == {"n": {f"${op}": "7"}}


def test_string_operators_leave_the_condition_to_the_field():
    expected = re.compile("x", re.IGNORECASE)
    assert transform.query(Post, title__icontains="x") == {"t": expected}
    assert transform.query(Post, title__not__icontains="x") == {"t": {"$not": expected}}


def test_a_dict_after_in_is_a_condition_in_mongodbs_words():
    assert transform.query(Post, likes__in={"a": "1"}) == {"n": {"$in": {"a": "1"}}}


def test_the_last_field_converts_values_at_positions():
    assert transform.query(Post, grades__0__gt="3") == {"g.0": {"$gt": 3}}
    assert transform.query(Post, grades__0__in=["3"]) == {"g.0": {"$in": [3]}}


def test_in_refuses_what_cannot_be_iterated_over():
    with pytest.raises(TypeError) as error:
        transform.query(Post, likes__in=5)
    assert str(error.value) == (
        "The `in`, `nin`, `all`, or `near`-operators must be applied to an iterable (e.g. a list)."
    )


def test_in_refuses_a_document():
    with pytest.raises(TypeError) as error:
        transform.query(Post, likes__in=Comment())
    assert str(error.value) == (
        "When using the `in`, `nin`, `all`, or `near`-operators you can't use a `Document`, "
        "you must wrap your object in a list (object -> [object])."
    )


@pytest.mark.parametrize("op", ["match", "elemMatch"])
def test_a_dict_matched_against_embedded_documents_is_a_query_of_its_own(op):
    query = transform.query(Post, **{f"comments__{op}": {"author": "x", "votes__gt": "3"}})
    assert query == {"c": {"$elemMatch": {"a": "x", "v": {"$gt": 3}}}}


def test_a_negated_match_keeps_its_elemmatch():
    query = transform.query(Post, comments__not__match={"author": "x"})
    assert query == {"c": {"$not": {"$elemMatch": {"a": "x"}}}}


def test_a_match_on_other_fields_is_left_to_the_field():
    assert transform.query(Post, grades__match="3") == {"g": {"$elemMatch": 3}}
    with pytest.raises(InvalidQueryError, match='Cannot resolve field "nope"'):
        transform.query(Post, comments__match={"nope": 1})


@pytest.mark.parametrize("key", ["nope", "nope__gt", "title__nope", "0", "", "title__gt__"])
def test_a_name_that_leads_nowhere_is_an_invalid_query(key):
    with pytest.raises(InvalidQueryError, match="Cannot resolve field"):
        transform.query(Post, **{key: 1})


def test_whatever_fails_in_the_look_up_is_an_invalid_query_with_its_text():
    class Broken(FakeDocument):
        @classmethod
        def _lookup_field(cls, names):
            raise ValueError("on fire")

    with pytest.raises(InvalidQueryError, match=r"^on fire$") as error:
        transform.query(Broken, a=1)
    assert isinstance(error.value.__cause__, ValueError)


def test_conditions_on_one_path_are_united():
    assert transform.query(age__gt=20, age__lt=50) == {"age": {"$gt": 20, "$lt": 50}}
    query = transform.query(age__not__lt=20, age__exists=True)
    assert query == {"age": {"$exists": True, "$not": {"$lt": 20}}}


def test_conditions_that_cannot_be_united_go_into_and_the_first_one_last():
    assert transform.query(age=20, age__gt=50) == {"$and": [{"age": {"$gt": 50}}, {"age": 20}]}
    assert transform.query(age=1, age__gt=2, age__ne=4, b=2) == {
        "b": 2,
        "$and": [{"age": {"$gt": 2}}, {"age": {"$ne": 4}}, {"age": 1}],
    }


def test_a_present_and_is_extended_and_stays_the_users():
    clauses = [{"b": 1}]
    query = transform.query(__raw__={"$and": clauses, "a": 1}, a=3)
    assert query == {"$and": [{"b": 1}, {"a": 3}, {"a": 1}]}
    assert clauses == [{"b": 1}]


def test_raw_conditions_merge_with_keywords():
    query = transform.query(name=["Mark"], __raw__={"name": {"$in": "Tom"}})
    assert query == {"$and": [{"name": ["Mark"]}, {"name": {"$in": "Tom"}}]}
    query = transform.query(name__in=["Tom"], __raw__={"name": "Mark"})
    assert query == {"$and": [{"name": {"$in": ["Tom"]}}, {"name": "Mark"}]}
    assert transform.query(__raw__={"$nor": [{"a": 1}]}, b=2) == {"$nor": [{"a": 1}], "b": 2}


def test_a_raw_query_is_never_changed():
    raw = {"a": {"$gt": 1}}
    assert transform.query(__raw__=raw, a__lt=3) == {"a": {"$gt": 1, "$lt": 3}}
    assert raw == {"a": {"$gt": 1}}


@pytest.mark.parametrize(
    ("raw", "present", "expected"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": {"b": 1}}, {"a": {"c": 1}}, {"a": {"c": 1, "b": 1}}),
        ({"a": {"b": 1}}, {"a": 3}, {"a": 3}),
    ],
)
def test_a_raw_query_is_merged_into_a_compiled_one(raw, present, expected):
    transform.handle_raw_query(raw, present)
    assert present == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("thing", ref_one, {"th._ref": ref_one}),
        ("thing", one, {"th._ref.$id": one}),
        ("thing", None, {"th": None}),
        ("thing__ne", one, {"th._ref.$id": {"$ne": one}}),
        ("thing__in", [ref_one, ref_two], {"th._ref": {"$in": [ref_one, ref_two]}}),
        ("thing__in", [one, two], {"th._ref.$id": {"$in": [one, two]}}),
        ("thing__in", [], {"th._ref": {"$in": []}}),
        ("thing__in", [None], {"th": {"$in": [None]}}),
        ("thing__not__in", [one], {"th._ref.$id": {"$not": {"$in": [one]}}}),
        ("thing__exists", True, {"th": {"$exists": True}}),
        ("thing__mod", [one], {"th": {"$mod": [one]}}),
    ],
)
def test_a_generic_reference_is_compared_where_the_value_lives(key, value, expected):
    assert transform.query(Post, **{key: value}) == expected


def test_ids_and_references_do_not_mix_on_a_generic_reference():
    with pytest.raises(ValueError, match="cannot be applied to mixed queries") as error:
        transform.query(Post, thing__in=[one, ref_one])
    assert str(error.value).endswith("mixed queries of DBRef/ObjectId/Post")


def test_a_cached_reference_is_compared_by_id():
    copy = {"_id": one, "name": "x"}
    assert transform.query(Post, writer=copy) == {"w._id": one}
    assert transform.query(Post, writer__ne=copy) == {"w._id": {"$ne": one}}
    assert transform.query(Post, writer=None) == {"w._id": None}
    assert transform.query(Post, writer__in=[copy]) == {"w._id": {"$in": [copy]}}


def test_a_document_may_stand_for_its_class():
    assert transform.query(Comment(), author="x") == {"a": "x"}
    with pytest.raises(InvalidQueryError, match="has no attribute '_lookup_field'"):
        transform.query("Comment", author="x")


# Plans


def test_a_keyword_is_looked_up_once_per_class():
    class Fresh(Post):
        title = FakeText("t")

    transform.query(Fresh, title="x")
    transform.query(Fresh, title="y", title__ne="z")
    assert Fresh.look_ups == 2  # "title" and "title__ne"


def test_a_subclass_does_not_inherit_what_its_base_remembers():
    class Base(FakeDocument):
        name = FakeField("base")

    class Child(Base):
        name = FakeField("child")

    assert transform.query(Base, name=1) == {"base": 1}
    assert transform.query(Child, name=1) == {"child": 1}


def test_a_change_of_the_schema_makes_plans_out_of_date():
    class Renamed(FakeDocument):
        name = FakeField("old")

    assert transform.query(Renamed, name=1) == {"old": 1}
    Renamed.name.db_field = "new"
    schema.touch()
    assert transform.query(Renamed, name=1) == {"new": 1}
    assert transform.update(Renamed, name=1) == {"$set": {"new": 1}}


def test_a_failed_look_up_is_not_remembered():
    class Growing(FakeDocument):
        name = FakeField("n")

    with pytest.raises(InvalidQueryError):
        transform.query(Growing, late=1)
    Growing._fields["late"] = FakeField("l")
    assert transform.query(Growing, late=1) == {"l": 1}


def test_made_up_names_of_a_dynamic_document_are_not_remembered():
    class Loose(FakeDocument):
        _dynamic = True
        name = FakeField("n")

    assert transform.query(Loose, name=1, extra__gt=2) == {"n": 1, "extra": {"$gt": 2}}
    assert set(keys.plans_of(Loose).query) == {"name"}


def test_the_number_of_remembered_keywords_is_bounded():
    class Wide(FakeDocument):
        data = FakeList("d")

    for number in range(3000):
        transform.query(Wide, **{f"data__key{number}": 1})
    assert len(keys.plans_of(Wide).query) < 2000


def test_remembered_keywords_do_not_keep_a_class_alive():
    def make():
        class Passing(FakeDocument):
            name = FakeField("n")

        Passing.name.owner_document = Passing
        transform.query(Passing, name=1)
        return weakref.ref(Passing)

    passing = make()
    gc.collect()
    assert passing() is None


def test_conditions_with_the_same_operator_on_one_path_all_count():
    assert transform.query(likes__not__gt=5, likes__not__lt=2) == {
        "$and": [{"likes": {"$not": {"$lt": 2}}}, {"likes": {"$not": {"$gt": 5}}}]
    }
    assert transform.query(__raw__={"likes": {"$gt": 5}}, likes__gt=1) == {
        "$and": [{"likes": {"$gt": 1}}, {"likes": {"$gt": 5}}]
    }
