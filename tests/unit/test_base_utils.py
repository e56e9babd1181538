from __future__ import annotations

import re

import pytest

from mongoengine.base.utils import LazyRegexCompiler, NonOrderedList


def test_a_pattern_is_compiled_on_first_read_and_then_kept():
    class Email:
        pattern = LazyRegexCompiler("@", flags=re.DOTALL | re.IGNORECASE)

    descriptor = Email.__dict__["pattern"]
    assert descriptor._compiled_regex is None
    assert Email.pattern == re.compile("@", re.DOTALL | re.IGNORECASE)
    assert Email().pattern is Email.pattern
    assert descriptor.compiled_regex is Email.pattern


def test_a_broken_pattern_fails_where_it_is_read_and_not_where_it_is_written():
    class Email:
        pattern = LazyRegexCompiler("(")

    with pytest.raises(re.error):
        _ = Email.pattern


def test_a_compiled_pattern_is_taken_as_it_is():
    pattern = re.compile("x")
    assert LazyRegexCompiler(pattern).compiled_regex is pattern


def test_setting_a_pattern_on_an_instance_is_refused_with_the_way_out():
    class Email:
        pattern = LazyRegexCompiler("@")

    email = Email()
    with pytest.raises(AttributeError, match="cannot set pattern on an instance of Email: assign"):
        email.pattern = re.compile("x")
    assert email.pattern.pattern == "@"


def test_setting_a_pattern_on_the_class_replaces_it():
    class Email:
        pattern = LazyRegexCompiler("@")

    Email.pattern = re.compile("cookies")
    assert Email().pattern.search("Cake & cookies")


def test_a_list_without_order_equals_any_list_of_the_same_items():
    assert NonOrderedList([1, 2, 2]) == [2, 1, 2]
    assert [2, 1, 2] == NonOrderedList([1, 2, 2])  # noqa: SIM300 - the other side is the point
    assert NonOrderedList([1, 2]) == NonOrderedList([2, 1])


def test_a_list_without_order_differs_from_lists_of_other_items_and_from_other_types():
    assert not NonOrderedList([1, 2]) == [1, 2, 2]  # noqa: SIM201 - asks for == itself
    assert not NonOrderedList([1, 2]) == (1, 2)  # noqa: SIM201 - asks for == itself
    assert not NonOrderedList([]) == None  # noqa: E711, SIM201 - asks for == itself


def test_inequality_is_the_opposite_of_equality_in_either_direction():
    assert not NonOrderedList([1, 2]) != [2, 1]  # noqa: SIM202 - asks for != itself
    assert not [2, 1] != NonOrderedList([1, 2])  # noqa: SIM202, SIM300 - asks for != itself
    assert NonOrderedList([1]) != [2]
    assert NonOrderedList([1]) != (1,)


def test_a_list_without_order_is_a_list_and_cannot_be_hashed():
    assert isinstance(NonOrderedList(), list)
    with pytest.raises(TypeError, match="unhashable"):
        hash(NonOrderedList())
