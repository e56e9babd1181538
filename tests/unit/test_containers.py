"""BaseList and BaseDict: what they report, what they give, what they know of their content."""

from __future__ import annotations

import copy
import inspect
import json
import operator
import pickle
import weakref
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mongoengine.base.containers import bound_dict, bound_list
from mongoengine.base.datastructures import (
    BaseDict,
    BaseList,
    mark_as_changed_wrapper,
    mark_key_as_changed_wrapper,
)
from mongoengine.base.fields.dicts import DictField
from mongoengine.base.fields.lists import ListField
from mongoengine.base.plain import is_plain
from mongoengine.document import Document, EmbeddedDocument


class Owner:
    """Records what it is told."""

    def __init__(self) -> None:
        self.marked: list[str] = []

    def _mark_as_changed(self, path: str) -> None:
        self.marked.append(path)


class HeldThing(EmbeddedDocument):
    items = ListField()


class ContainerHolder(Document):
    data = DictField()
    items = ListField()


def a_list(*items: Any) -> tuple[BaseList, list[str]]:
    owner = Owner()
    return bound_list(BaseList, items, owner, "path", plain=is_plain(items)), owner.marked


def a_dict(items: dict[Any, Any]) -> tuple[BaseDict, list[str]]:
    owner = Owner()
    return bound_dict(items, owner, "path", plain=is_plain(items)), owner.marked


# Construction


@pytest.mark.parametrize(("cls", "items"), [(BaseList, [1, 2]), (BaseDict, {"a": 1})])
def test_a_container_made_for_a_document_holds_a_weak_proxy_of_it(cls, items):
    document = ContainerHolder()

    container = cls(items, document, "path")

    assert container == items
    assert container._instance is weakref.proxy(document)
    assert (container._name, container._dereferenced) == ("path", False)


@pytest.mark.parametrize("cls", [BaseList, BaseDict])
def test_a_container_takes_a_proxy_as_it_is_and_nothing_that_is_no_document(cls):
    document = ContainerHolder()
    proxy = weakref.proxy(document)

    assert cls([], proxy, "path")._instance is proxy
    assert cls([], None, "path")._instance is None
    assert cls([], object(), "path")._instance is None


def test_a_container_without_owner_can_be_changed():
    items = BaseList([], None, "path")
    items.append(1)
    data = BaseDict({}, None, "path")
    data["a"] = 1
    assert (items, data) == ([1], {"a": 1})


def test_a_container_outliving_its_owner_says_so_after_the_change():
    items = BaseList([], ContainerHolder(), "path")
    with pytest.raises(ReferenceError):
        items.append(1)
    assert items == [1]


# Lists: reporting


@pytest.mark.parametrize(
    ("change", "result"),
    [
        (lambda items: items.append(4), [3, 1, 2, 4]),
        (lambda items: items.extend([4, 5]), [3, 1, 2, 4, 5]),
        (lambda items: items.extend(n for n in (4, 5)), [3, 1, 2, 4, 5]),
        (lambda items: items.extend([]), [3, 1, 2]),
        (lambda items: items.insert(0, 4), [4, 3, 1, 2]),
        (lambda items: items.pop(), [3, 1]),
        (lambda items: items.pop(0), [1, 2]),
        (lambda items: items.remove(1), [3, 2]),
        (lambda items: items.reverse(), [2, 1, 3]),
        (lambda items: items.sort(), [1, 2, 3]),
        (lambda items: items.sort(key=operator.neg), [3, 2, 1]),
        (lambda items: items.clear(), []),
        (lambda items: operator.iadd(items, [4]), [3, 1, 2, 4]),
        (lambda items: operator.imul(items, 2), [3, 1, 2, 3, 1, 2]),
        (lambda items: operator.delitem(items, 0), [1, 2]),
        (lambda items: operator.delitem(items, slice(0, 2)), [2]),
        (lambda items: operator.setitem(items, slice(None), [9]), [9]),
        (lambda items: operator.setitem(items, slice(0, 2), [9]), [9, 2]),
        (lambda items: operator.setitem(items, slice(0, 3, 2), [8, 9]), [8, 1, 9]),
    ],
)
def test_a_change_of_the_shape_of_a_list_reports_the_whole_list(change, result):
    items, marked = a_list(3, 1, 2)
    change(items)
    assert items == result
    assert marked == ["path"]


@pytest.mark.parametrize(("index", "path"), [(0, "path.0"), (1, "path.1"), (True, "path.1")])
def test_setting_an_item_reports_its_index(index, path):
    items, marked = a_list(1, 2, 3)
    items[index] = 9
    assert marked == [path]


def test_a_negative_index_is_reported_as_counted_from_the_front():
    items, marked = a_list(1, 2, 3)
    items[-1] = 9
    items[-3] = 9
    assert marked == ["path.2", "path.0"]


def test_an_item_is_reported_even_when_an_equal_one_is_set():
    items, marked = a_list(1)
    items[0] = 1
    assert marked == ["path.0"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda items: items.pop(9), IndexError),
        (lambda items: items.remove(9), ValueError),
        (lambda items: items.sort(key=1), TypeError),
        (lambda items: items.extend(9), TypeError),
        (lambda items: operator.iadd(items, 9), TypeError),
        (lambda items: operator.setitem(items, 9, 1), IndexError),
        (lambda items: operator.setitem(items, -9, 1), IndexError),
        (lambda items: operator.setitem(items, "a", 1), TypeError),
        (lambda items: operator.setitem(items, slice(0, 3, 2), [1]), ValueError),
        (lambda items: operator.delitem(items, 9), IndexError),
    ],
)
def test_a_failed_change_of_a_list_reports_nothing(change, error):
    items, marked = a_list(1, 2, 3)
    with pytest.raises(error):
        change(items)
    assert items == [1, 2, 3]
    assert marked == []


def test_in_place_operators_keep_the_container():
    items, _ = a_list(1)
    same = items
    same += [2]
    same *= 2
    assert same is items


def test_mutators_take_any_arguments_as_upstreams_do():
    for method in (BaseList.append, BaseList.sort, BaseDict.update, BaseDict.pop):
        kinds = [str(parameter) for parameter in inspect.signature(method).parameters.values()]
        assert [kind.partition(":")[0] for kind in kinds] == ["self", "*args", "**kwargs"]


# Dicts: reporting


@pytest.mark.parametrize(
    ("change", "result"),
    [
        (lambda data: data.pop("a"), {"b": 2}),
        (lambda data: data.pop("missing", None), {"a": 1, "b": 2}),
        (lambda data: data.popitem(), {"a": 1}),
        (lambda data: data.clear(), {}),
        (lambda data: data.update({"c": 3}), {"a": 1, "b": 2, "c": 3}),
        (lambda data: data.update([("c", 3)], d=4), {"a": 1, "b": 2, "c": 3, "d": 4}),
        (lambda data: data.update(), {"a": 1, "b": 2}),
        (lambda data: data.setdefault("c", 3), {"a": 1, "b": 2, "c": 3}),
        (lambda data: data.setdefault("a", 3), {"a": 1, "b": 2}),
        (lambda data: operator.ior(data, {"c": 3}), {"a": 1, "b": 2, "c": 3}),
    ],
)
def test_a_change_of_several_keys_reports_the_whole_dict(change, result):
    data, marked = a_dict({"a": 1, "b": 2})
    change(data)
    assert data == result
    assert marked == ["path"]


def test_setting_and_deleting_a_key_reports_the_key():
    data, marked = a_dict({"a": 1, "b": 2})
    data["a"] = 9
    data["new"] = None
    del data["b"]
    assert marked == ["path.a", "path.new", "path.b"]


def test_setting_an_equal_value_reports_nothing_but_stores_it():
    data, marked = a_dict({"a": 1})
    data["a"] = True
    assert data["a"] is True
    assert marked == []


def test_deleting_a_missing_key_reports_it_before_failing():
    data, marked = a_dict({})
    with pytest.raises(KeyError):
        del data["a"]
    assert marked == ["path.a"]


def test_setting_a_key_reports_before_storing():
    seen: list[dict[str, Any]] = []

    class Witness:
        def _mark_as_changed(self, path: str) -> None:
            seen.append(dict(data))

    data = bound_dict({}, Witness(), "path")
    data["a"] = 1
    assert seen == [{}]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda data: data.pop("missing"), KeyError),
        (lambda data: data.update(3), TypeError),
        (lambda data: operator.setitem(data, [], 1), TypeError),
    ],
)
def test_a_failed_change_of_a_dict_reports_nothing(change, error):
    data, marked = a_dict({"a": 1})
    with pytest.raises(error):
        change(data)
    assert data == {"a": 1}
    assert marked == []


@pytest.mark.parametrize("key", ["", "a.b", ".", 0, None])
def test_a_key_no_path_can_name_reports_the_whole_dict(key):
    data, marked = a_dict({key: {"x": [1]}})
    data[key]["x"].append(2)
    data[key]["x"][0] = 9
    data[key]["y"] = 1
    del data[key]
    assert marked == ["path"] * 4


def test_below_such_a_key_nested_containers_still_report_the_whole_dict():
    items, marked = a_list({"a.b": [{"c": 1}]})
    items[0]["a.b"][0]["c"] = 2
    assert marked == ["path.0"]


def test_deleting_an_attribute_is_reported_though_setting_one_is_not():
    data, marked = a_dict({})
    data.note = "x"
    assert marked == []
    del data.note
    assert marked == ["path.note"]


def test_the_union_of_dicts_and_the_sum_of_lists_are_plain_and_reported_by_nobody():
    data, marked = a_dict({"a": 1})
    items, others = a_list(1)
    assert type(data | {"b": 2}) is dict
    assert type(operator.add(items, [2])) is list
    assert marked == others == []


# Reading


def test_reading_nested_data_puts_a_container_in_its_place_that_reports_the_full_path():
    data, marked = a_dict({"list": [0, {"x": [1]}], "dict": {"y": 1}})

    nested = data["list"]
    nested[1]["x"].append(2)
    nested[0] = 5
    data.get("dict")["y"] = 2

    assert type(nested) is BaseList
    assert nested is data["list"]
    assert type(data.get("dict")) is BaseDict
    assert nested._name == "path.list"
    assert nested._instance is data._instance
    assert marked == ["path.list.1.x", "path.list.0", "path.dict.y"]


def test_reading_through_a_negative_index_names_the_item_from_the_front():
    items, _ = a_list([1], {"a": 1})
    assert items[-1]._name == "path.1"
    assert items[-2]._name == "path.0"


def test_setdefault_returns_nested_data_that_reports():
    data, marked = a_dict({})
    data.setdefault("list", []).append(1)
    assert data == {"list": [1]}
    assert marked == ["path", "path.list"]


def test_iterating_and_slicing_give_raw_items():
    items, _ = a_list([1], {"a": 1})
    data, _ = a_dict({"a": {}})
    assert [type(item) for item in items] == [list, dict]
    assert [type(item) for item in items[:]] == [list, dict]
    assert type(items[:]) is list
    assert [type(value) for value in data.values()] == [dict]


def test_a_list_may_shrink_while_it_is_iterated():
    items, _ = a_list(True, False, True, False)
    for index, item in enumerate(items):
        if item:
            items.pop(index)
    assert items == [False, False]


def test_missing_keys_fail_and_defaults_are_returned():
    data, _ = a_dict({"none": None})
    with pytest.raises(KeyError):
        data["missing"]
    assert data.get("missing") is None
    assert data.get("missing", data) is data
    assert data.get("none", 1) is None


def test_reading_gives_an_embedded_document_its_owner_unless_it_has_one():
    holder, other = ContainerHolder(), ContainerHolder()
    thing, owned = HeldThing(), HeldThing()
    owned._instance = weakref.proxy(other)

    items = BaseList([thing, owned], holder, "items")

    assert items[0]._instance is weakref.proxy(holder)
    assert items[1]._instance is weakref.proxy(other)


def test_tuples_stay_tuples():
    items, _ = a_list((1, [2]))
    assert type(items[0]) is tuple


# What a container knows of its content


@pytest.mark.parametrize(
    "change",
    [
        lambda data, thing: data.__setitem__("k", thing),
        lambda data, thing: data.__setitem__("k", [thing]),
        lambda data, thing: data.update(k=thing),
        lambda data, thing: operator.ior(data, {"k": thing}),
        lambda data, thing: data.setdefault("k", thing),
        lambda data, thing: data["list"].append(thing),
        lambda data, thing: data["list"].insert(0, thing),
        lambda data, thing: data["list"].extend([1, thing]),
        lambda data, thing: operator.iadd(data["list"], [thing]),
        lambda data, thing: data["list"].__setitem__(0, thing),
        lambda data, thing: data["list"].__setitem__(slice(0, 1), [{"deep": thing}]),
        lambda data, thing: data["dict"]["deeper"].__setitem__("k", thing),
    ],
)
def test_bringing_in_a_document_at_any_depth_ends_plainness_all_the_way_up(change):
    data, _ = a_dict({"list": [1, 2], "dict": {"deeper": {}}})
    assert data._plain is True
    change(data, HeldThing())
    assert data._plain is False


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.__setitem__("k", {"a": [1, {"b": None}]}),
        lambda data: data.update(k=(1, "a")),
        lambda data: data["list"].append(bson.ObjectId()),
        lambda data: data["list"].__setitem__(slice(None), [[1], 2.0]),
        lambda data: data["list"].sort(),
        lambda data: data["list"].extend(data["list"]),
    ],
)
def test_bringing_in_plain_data_leaves_a_container_plain(change):
    data, _ = a_dict({"list": [1, 2]})
    change(data)
    assert data._plain is True
    assert data["list"]._plain is True


def test_a_container_from_elsewhere_may_hold_a_document_later_and_ends_plainness():
    data, _ = a_dict({})
    foreign, _ = a_list(1)
    data["k"] = foreign
    assert data._plain is False


def test_cyclic_data_is_not_plain():
    cycle: list[Any] = []
    cycle.append(cycle)
    assert is_plain(cycle) is False


def test_one_key_of_a_large_dict_costs_one_report():
    document = ContainerHolder._from_son({"data": {str(n): n for n in range(5_000)}})
    document.data["7"] = "seven"
    assert document.data._plain is True
    assert document._delta() == ({"data.7": "seven"}, {})


# Copies


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
def test_a_copy_has_the_items_but_no_owner(how):
    document = ContainerHolder(items=[1, [2]], data={"a": {"b": 1}})
    for original in (document.items, document.data):
        original._dereferenced = True
        copied = how(original)
        assert type(copied) is type(original)
        assert copied == original
        assert (copied._instance, copied._name, copied._dereferenced) == (None, None, False)


def test_a_deep_copy_copies_items_once_and_keeps_cycles():
    shared: list[int] = []
    items = BaseList([shared, shared], None, "path")
    list.append(items, items)

    copied = copy.deepcopy(items)

    assert list.__getitem__(copied, 0) is list.__getitem__(copied, 1)
    assert list.__getitem__(copied, 0) is not shared
    assert list.__getitem__(copied, 2) is copied


def test_an_embedded_document_in_a_deep_copy_has_no_owner():
    holder = ContainerHolder(items=[HeldThing()])
    assert holder.items[0]._instance is not None
    assert copy.deepcopy(holder.items)[0]._instance is None


def test_the_copy_method_gives_plain_data():
    assert type(BaseList([1], None, "path").copy()) is list
    assert type(BaseDict({}, None, "path").copy()) is dict


# As ordinary data


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.lists(json_values, max_size=4))
def test_containers_equal_and_encode_like_the_data_they_hold(values):
    items, _ = a_list(*copy.deepcopy(values))
    for index in range(len(items)):
        items[index]
    data, _ = a_dict({"items": copy.deepcopy(values)})
    data["items"]

    assert (items, data) == (values, {"items": values})
    assert json.dumps([items, data]) == json.dumps([values, {"items": values}])
    if "\0" not in json.dumps(values).replace("\\u0000", "\0"):
        assert bson.encode({"items": items}) == bson.encode({"items": values})


def test_containers_are_unhashable_as_lists_and_dicts_are():
    for container in (BaseList([], None, "path"), BaseDict({}, None, "path")):
        with pytest.raises(TypeError, match="unhashable"):
            hash(container)


# Subclasses of users


def test_the_wrappers_make_mutators_for_subclasses():
    class Counted(BaseList):
        push = mark_as_changed_wrapper(list.append)

    class Ordered(BaseDict):
        move = mark_key_as_changed_wrapper(lambda self, key: dict.pop(self, key))

    items = bound_list(Counted, [], owner := Owner(), "items", plain=True)
    assert items.push(1) is None
    assert items == [1]
    assert owner.marked == ["items"]
    assert items._plain is False

    data = Ordered({"a": 1}, None, "data")
    data._instance = owner
    assert data.move("a") == 1
    assert owner.marked == ["items", "data.a"]
    assert Counted.push.__name__ == "append"
