from __future__ import annotations

import re

import pytest

from mongoengine.base.fields.string_lookups import string_query


@pytest.mark.parametrize(
    ("op", "pattern"),
    [
        ("contains", r"a\.b"),
        ("startswith", r"^a\.b"),
        ("endswith", r"a\.b$"),
        ("exact", r"^a\.b$"),
        ("wholeword", r"\ba\.b\b"),
        ("regex", r"a.b"),
    ],
)
def test_a_string_operator_becomes_a_pattern_with_and_without_case(op, pattern):
    sensitive = string_query(op, "a.b")
    insensitive = string_query("i" + op, "a.b")

    assert (sensitive.pattern, sensitive.flags & re.IGNORECASE) == (pattern, 0)
    assert (insensitive.pattern, insensitive.flags & re.IGNORECASE) == (pattern, re.IGNORECASE)


@pytest.mark.parametrize("op", [None, "ne", "in", "set", "match", "iin", 5, ["exact"]])
def test_values_of_other_operators_stay(op):
    assert string_query(op, "a.b") == "a.b"


@pytest.mark.parametrize("value", [None, 5, ["a"]])
def test_a_string_operator_refuses_values_that_are_no_text(value):
    with pytest.raises(TypeError):
        string_query("icontains", value)
