"""StrictDict: a mapping of fixed keys."""

from __future__ import annotations

import pytest

from mongoengine.base.datastructures import StrictDict


@pytest.fixture
def kind() -> type[StrictDict]:
    return StrictDict.create(("a", "b", "c"))


def test_keys_become_attributes_and_items(kind):
    values = kind(a=1, b=2)
    values.c = 3
    values["a"] = 4
    assert (values.a, values["b"], values["c"]) == (4, 2, 3)


def test_other_keys_are_refused(kind):
    with pytest.raises(AttributeError, match="z"):
        kind(z=1)
    with pytest.raises(AttributeError, match="z"):
        kind()["z"] = 1
    with pytest.raises(AttributeError, match="z"):
        kind().z = 1


def test_a_key_without_value_is_missing(kind):
    with pytest.raises(AttributeError):
        kind().a  # noqa: B018
    with pytest.raises(KeyError, match="a"):
        kind()["a"]
    assert "a" not in kind()
    assert 5 not in kind()


def test_only_keys_with_a_value_count_in_the_order_of_the_class(kind):
    values = kind(c=3, a=1)
    assert list(values) == values.keys() == list(values.iterkeys()) == ["a", "c"]
    assert values.items() == list(values.iteritems()) == [("a", 1), ("c", 3)]
    assert len(values) == 2
    assert not kind()


def test_get_and_pop_fall_back_to_the_default(kind):
    values = kind(a=1)
    assert (values.get("a"), values.get("b"), values.get("z", 9)) == (1, None, 9)
    assert (values.pop("a"), values.pop("a"), values.pop("z", 9)) == (1, None, 9)
    assert "a" not in values


def test_a_class_is_made_once_per_set_of_keys(kind):
    assert StrictDict.create(["c", "b", "a"]) is kind
    assert StrictDict.create(["c", "b"]) is not kind


def test_equality_is_of_the_items_whatever_the_class(kind):
    assert kind(a=1) == StrictDict.create(("z", "a"))(a=1)
    assert kind(a=1, b=2) == {"b": 2, "a": 1}
    assert kind(a=1) != kind(a=2)
    assert kind(a=1) != kind(b=1)
    assert kind() != 5
    assert kind() is not None
    with pytest.raises(TypeError, match="unhashable"):
        hash(kind())


def test_it_converts_to_a_dict(kind):
    assert dict(kind(a=1, b=2)) == dict(**kind(a=1, b=2)) == {"a": 1, "b": 2}


def test_repr_quotes_keys_and_shows_the_repr_of_values(kind):
    assert repr(kind(a='"', b="'", c="")) == """{"a": '"', "b": "'", "c": ''}"""


def test_keys_named_like_methods_do_not_hide_them():
    kind = StrictDict.create(["items", "get", "x"])
    values = kind(items=1, x=2)
    assert values["items"] == 1
    assert "items" in values
    assert "get" not in values
    assert values.items() == [("items", 1), ("x", 2)]
    assert values._reserved_items == 1
