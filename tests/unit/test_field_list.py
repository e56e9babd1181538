"""The algebra of projections."""

from __future__ import annotations

import pytest

from mongoengine.queryset.field_list import QueryFieldList

ONLY, EXCLUDE = QueryFieldList.ONLY, QueryFieldList.EXCLUDE
SLICE = {"$slice": 5}


def only(*fields, called=False):
    return QueryFieldList(fields=fields, value=ONLY, _only_called=called)


def exclude(*fields):
    return QueryFieldList(fields=fields, value=EXCLUDE)


def sliced(*fields):
    return QueryFieldList(fields=fields, value=SLICE)


def total(*lists, always_include=None):
    result = QueryFieldList(always_include=always_include)
    for fields in lists:
        result += fields
    return result


def test_a_list_without_names_is_empty():
    assert not QueryFieldList()
    assert not QueryFieldList(always_include=["_cls"])
    assert QueryFieldList(always_include=["_cls"]).as_dict() == {}


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ([only("a", "b")], {"a": 1, "b": 1}),
        ([only("a", called=True), only("b")], {"a": 1, "b": 1}),
        ([only("a"), only("b", called=True)], {"b": 1}),
        ([only("a"), only("b", called=True), only("c")], {"b": 1, "c": 1}),
        ([only("a", "b"), exclude("b", "c")], {"a": 1}),
        ([exclude("a", "b"), exclude("b", "c")], {"a": 0, "b": 0, "c": 0}),
        ([exclude("a", "b"), only("b", "c")], {"c": 1}),
        ([only("a"), exclude("a")], {}),
        ([only("a"), exclude("a"), exclude("b")], {"b": 0}),
        ([exclude("a"), only("a"), only("b")], {"b": 1}),
    ],
)
def test_lists_add_up(lists, expected):
    assert total(*lists).as_dict() == expected


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ([sliced("a")], {"a": SLICE}),
        ([only("b"), sliced("a")], {"b": 1, "a": SLICE}),
        ([only("a"), sliced("a")], {"a": SLICE}),
        ([exclude("b"), sliced("a")], {"b": 0, "a": SLICE}),
        ([sliced("a"), only("b")], {"b": 1, "a": SLICE}),
        ([sliced("a"), only("b"), only("c")], {"c": 1}),
        ([sliced("a"), exclude("a")], {}),
        ([only("b"), sliced("a"), exclude("c")], {"b": 1}),
        ([only("b", "c"), sliced("b"), sliced("c"), exclude("c")], {"b": SLICE}),
        ([exclude("b"), sliced("a"), exclude("a")], {"b": 0, "a": SLICE}),
        ([exclude("b"), sliced("a"), only("a")], {"a": SLICE}),
        ([sliced("a"), exclude("b")], {"a": SLICE}),
    ],
)
def test_slices_join_and_leave_with_their_fields(lists, expected):
    assert total(*lists).as_dict() == expected


def test_a_list_of_wanted_names_contains_those_always_included():
    assert total(only("a"), always_include=["x"]).as_dict() == {"a": 1, "x": 1}
    assert total(exclude("a", "x"), only("c"), always_include=["x"]).as_dict() == {"x": 1, "c": 1}


def test_unwanted_names_do_not_contain_those_always_included():
    assert total(exclude("a", "x"), always_include=["x"]).as_dict() == {"a": 0}
    assert total(exclude("x"), always_include=["x"]).as_dict() == {}


def test_slices_alone_do_not_ask_for_other_names():
    assert total(sliced("a"), always_include=["x"]).as_dict() == {"a": SLICE}
    assert total(sliced("a"), only("b"), always_include=["x"]).as_dict() == {
        "a": SLICE,
        "b": 1,
        "x": 1,
    }


def test_what_was_said_about_id_is_kept_apart():
    assert total(exclude("_id")).as_dict() == {"_id": 0}
    assert total(exclude("_id"), only("a")).as_dict() == {"_id": 0, "a": 1}
    assert total(only("a"), exclude("_id")).as_dict() == {"_id": 0, "a": 1}
    assert total(only("_id", "a")).as_dict() == {"_id": 1, "a": 1}


def test_reset_forgets_names_and_slices_only():
    fields = total(only("a"), sliced("b"), always_include=["x"])
    fields.reset()
    assert not fields
    assert fields.as_dict() == {}
    fields += only("b")
    assert fields.as_dict() == {"b": 1, "x": 1}


def test_adding_changes_the_left_side_only():
    left, right = only("a", called=True), only("b")
    assert left + right is left
    assert left.fields == {"a", "b"}
    assert right.fields == {"b"}


def test_taken_over_names_are_not_shared():
    right = only("a", called=True)
    left = total(right)
    left += only("b")
    assert right.fields == {"a"}
