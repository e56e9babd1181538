"""Keyword updates become MongoDB update documents."""

from __future__ import annotations

import pytest

from mongoengine.errors import InvalidQueryError
from mongoengine.queryset import keys, transform
from tests.unit.query_models import (
    FakeDocument,
    FakeEmbedded,
    FakeField,
    FakeList,
    FakeMap,
    FakePoint,
    FakeText,
)


class Word(FakeDocument):
    text = FakeText("x")
    rank = FakeField("r", int)
    type = FakeText("type")


class Chapter(FakeDocument):
    lines = FakeList("l", FakeText(None))
    words = FakeList("w", FakeEmbedded(None, Word))
    title = FakeEmbedded("t", Word)


class Book(FakeDocument):
    name = FakeText("n")
    pages = FakeField("p", int)
    code = FakeField("c", str, required=True)
    tags = FakeList("tg", FakeText(None))
    grades = FakeList("g", FakeField(None, int))
    table = FakeList("tb", FakeList(None, FakeText(None)))
    head = FakeEmbedded("h", Chapter)
    words = FakeList("ws", FakeEmbedded(None, Word))
    chapters = FakeList("ch", FakeEmbedded(None, Chapter))
    indexes = FakeMap("ix", FakeList(None, FakeEmbedded(None, Word)))
    notes = FakeMap("no")
    place = FakePoint("pl")


def update(**changes):
    return transform.update(Book, **changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"set__name": "x"}, {"$set": {"n": "x"}}),
        ({"name": "x"}, {"$set": {"n": "x"}}),
        ({"words__text": "x"}, {"$set": {"ws.x": "x"}}),
        ({"set__words__0__text": "x"}, {"$set": {"ws.0.x": "x"}}),
        ({"set__words__S__text": "x"}, {"$set": {"ws.$.x": "x"}}),
        ({"set__head__title__type__": "x"}, {"$set": {"h.t.type": "x"}}),
        ({"set__pages": "5"}, {"$set": {"p": 5}}),
        ({"inc__pages": "5"}, {"$inc": {"p": 5}}),
        ({"dec__pages": 5}, {"$inc": {"p": -5}}),
        ({"unset__name": "whatever"}, {"$unset": {"n": 1}}),
        ({"set_on_insert__name": "x"}, {"$setOnInsert": {"n": "x"}}),
        ({"set_on_insert__grades": ("1", 2)}, {"$setOnInsert": {"g": [1, 2]}}),
        ({"mul__pages": "5"}, {"$mul": {"p": "5"}}),
        ({"min__pages": "5"}, {"$min": {"p": "5"}}),
        ({"max__pages": "5"}, {"$max": {"p": "5"}}),
        ({"pop__tags": -1}, {"$pop": {"tg": -1}}),
        ({"rename__name": "other"}, {"$rename": {"n": "other"}}),
        ({"push__tags": "a"}, {"$push": {"tg": "a"}}),
        ({"push__grades": ["1", 2]}, {"$push": {"g": [1, 2]}}),
        ({"push_all__grades": ["1", 2]}, {"$push": {"g": {"$each": [1, 2]}}}),
        ({"pull__grades": "1"}, {"$pull": {"g": 1}}),
        ({"pull__grades__gte": "1"}, {"$pull": {"g": {"$gte": 1}}}),
        ({"pull__grades__in": ("1", 2)}, {"$pull": {"g": {"$in": [1, 2]}}}),
        ({"pull_all__grades": ("1", 2)}, {"$pullAll": {"g": [1, 2]}}),
        ({"add_to_set__grades": "1"}, {"$addToSet": {"g": 1}}),
        ({"add_to_set__grades": ("1", 2)}, {"$addToSet": {"g": {"$each": [1, 2]}}}),
        ({"set__words__text__exists": True}, {"$set": {"ws.x": {"$exists": True}}}),
    ],
)
def test_an_update_is_translated_and_converted(changes, expected):
    assert update(**changes) == expected


def test_several_keywords_of_one_operator_share_its_document():
    assert update(set__name="x", pages=3, inc__grades__0=1, dec__pages=2) == {
        "$set": {"n": "x", "p": 3},
        "$inc": {"g.0": 1, "p": -2},
    }


def test_the_last_of_two_keywords_for_one_path_wins():
    assert update(set__name="x", name="y") == {"$set": {"n": "y"}}


def test_push_at_a_position_pushes_each():
    assert update(push__tags__0="a") == {"$push": {"tg": {"$each": ["a"], "$position": 0}}}
    assert update(push__tags__2=["a", "b"]) == {
        "$push": {"tg": {"$each": ["a", "b"], "$position": 2}}
    }
    assert update(push__chapters__0__lines__1="a") == {
        "$push": {"ch.0.l": {"$each": ["a"], "$position": 1}}
    }


def test_push_all_at_a_position_uses_an_operator_the_server_has():
    assert update(push_all__tags__0=["a", "b"]) == {
        "$push": {"tg": {"$each": ["a", "b"], "$position": 0}}
    }


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("words__text", {"ws": {"x": "v"}}),
        ("head__lines", {"h.l": "v"}),
        ("head__words__text", {"h.w": {"x": "v"}}),
        ("head__title__text", {"h": {"t": {"x": "v"}}}),
        ("notes__a", {"no": {"a": "v"}}),
        ("notes__a__b", {"no": {"a": {"b": "v"}}}),
        ("table__0", {"tb.0": "v"}),
        ("tags__S", {"tg": {"$": "v"}}),
        ("indexes__k__text", {"ix.k": {"x": "v"}}),
        ("chapters__0__lines", {"ch.0.l": "v"}),
        ("chapters__0__words__text", {"ch.0.w": {"x": "v"}}),
        ("chapters__S__words__text", {"ch.$.w": {"x": "v"}}),
        ("chapters__words__text", {"ch.w": {"x": "v"}}),
        ("table__0__1", {"tb.0": {"1": "v"}}),
    ],
)
def test_pull_goes_to_the_innermost_list_and_nests_the_rest(key, expected):
    assert update(**{f"pull__{key}": "v"}) == {"$pull": expected}


def test_a_comparison_on_a_pulled_element_stays_inside():
    assert update(pull__head__words__text__nin=["a"]) == {"$pull": {"h.w": {"x": {"$nin": ["a"]}}}}


@pytest.mark.parametrize("key", ["words__text", "head__lines", "tags__0"])
def test_pull_all_reaches_one_level(key):
    with pytest.raises(InvalidQueryError) as error:
        update(**{f"pull_all__{key}": ["x"]})
    assert str(error.value) == "pullAll operations only support a single field depth"


@pytest.mark.parametrize("word", ["set", "push", "pull", "add_to_set", "set_on_insert"])
def test_none_is_converted_only_where_a_value_is_required(word):
    Book.code.asked.clear()
    Book.name.asked.clear()
    update(**{f"{word}__name": None, f"{word}__code": None})
    assert Book.name.asked == []
    assert [value for _, value in Book.code.asked] == [None]


def test_none_passes_as_the_operand_of_a_comparison():
    assert update(pull__tags__in=None) == {"$pull": {"tg": {"$in": None}}}


def test_fields_see_mongodbs_word_for_the_operator():
    Book.name.asked.clear()
    update(push_all__name="a", add_to_set__name="b", set_on_insert__name="c", pull_all__name="d")
    assert [op for op, _ in Book.name.asked] == ["pushAll", "addToSet", "setOnInsert", "pullAll"]


def test_coordinates_become_geojson_before_they_are_checked():
    Book.place.asked.clear()
    stored = {"type": "Point", "coordinates": [1, 2]}
    assert update(set__place=[1, 2]) == {"$set": {"pl": stored}}
    assert update(set__place=stored) == {"$set": {"pl": stored}}
    assert update(min__place=[1, 2]) == {"$min": {"pl": stored}}
    assert Book.place.asked == [("set", stored), ("set", stored)]


@pytest.mark.parametrize("value", ["5", None, [1]])
def test_dec_takes_numbers_only(value):
    with pytest.raises(TypeError, match="bad operand type for unary -"):
        update(dec__pages=value)


def test_push_all_and_pull_all_need_an_iterable():
    for word in ("push_all", "pull_all"):
        with pytest.raises(TypeError, match="'int' object is not iterable"):
            update(**{f"{word}__tags": 5})
    with pytest.raises(TypeError, match="must be applied to an iterable"):
        update(pull__tags__in=5)


@pytest.mark.parametrize("key", ["nope", "set__nope", "name__nope", "set__", "a__b__c"])
def test_a_name_that_leads_nowhere_is_an_invalid_query(key):
    with pytest.raises(InvalidQueryError, match="Cannot resolve field"):
        update(**{key: 1})


@pytest.mark.parametrize("key", ["words__0__text", "tags__0__gt", "head__lines__0"])
def test_a_deep_path_without_an_operator_says_that_it_needs_one(key):
    with pytest.raises(InvalidQueryError) as error:
        update(**{key: 1})
    assert str(error.value) == (f'The update keyword "{key}" needs an operator, as in "set__{key}"')


def test_an_operator_alone_names_no_field():
    with pytest.raises(InvalidQueryError, match='keyword "inc" does not name a field'):
        update(inc=1)


def test_a_raw_update_is_merged_and_never_changed():
    raw = {"$inc": {"a": 1}, "$currentDate": {"b": True}}
    compiled = update(__raw__=raw, set__name="x", inc__pages=2)
    assert compiled == {
        "$inc": {"a": 1, "p": 2},
        "$currentDate": {"b": True},
        "$set": {"n": "x"},
    }
    assert raw == {"$inc": {"a": 1}, "$currentDate": {"b": True}}
    compiled = update(set__name="x", __raw__={"$set": {"b": 1}})
    assert compiled == {"$set": {"n": "x", "b": 1}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "x"}, {"$set": {"name": "x"}}),
        ({"set__a__S__b": 1}, {"$set": {"a.S.b": 1}}),
        ({"push__a__0": 1}, {"$push": {"a": {"$each": [1], "$position": 0}}}),
        ({"push_all__a": (1,)}, {"$push": {"a": {"$each": [1]}}}),
        ({"add_to_set__a": [1]}, {"$addToSet": {"a": {"$each": [1]}}}),
        ({"unset__a": "x"}, {"$unset": {"a": "x"}}),
        ({"pull__a__in": [1]}, {"$pull": {"a": {"$in": [1]}}}),
        ({"pull__a__b": 1}, {"$pull": {"a": {"b": 1}}}),
        ({"dec__a": 1}, {"$inc": {"a": -1}}),
    ],
)
def test_without_a_class_names_and_values_are_taken_as_they_are(changes, expected):
    assert transform.update(**changes) == expected


def test_no_changes_make_an_empty_update():
    assert update() == {}


def test_an_update_keyword_is_looked_up_once_per_class():
    class Fresh(FakeDocument):
        name = FakeText("n")

    for value in "abc":
        assert transform.update(Fresh, name=value) == {"$set": {"n": value}}
    assert Fresh.look_ups == 1


def test_made_up_names_of_a_dynamic_document_are_not_remembered():
    class Loose(FakeDocument):
        _dynamic = True
        name = FakeText("n")

    compiled = transform.update(Loose, set__name="x", set__extra=1, push__more=2)
    assert compiled == {"$set": {"n": "x", "extra": 1}, "$push": {"more": 2}}
    assert set(keys.plans_of(Loose).update) == {"set__name"}
