"""Which changes are noticed, and the update they make."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from mongoengine.document import (
    Document,
    DynamicDocument,
    DynamicEmbeddedDocument,
    EmbeddedDocument,
)
from mongoengine.fields import (
    BooleanField,
    DictField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    MapField,
    ReferenceField,
    SortedListField,
    StringField,
)

KEY = ObjectId()


class Leaf(EmbeddedDocument):
    name = StringField(db_field="n")
    marks = ListField(IntField())


class Branch(EmbeddedDocument):
    name = StringField()
    leaf = EmbeddedDocumentField(Leaf, db_field="l")
    leaves = EmbeddedDocumentListField(Leaf)
    extra = DictField()


class Forest(Document):
    name = StringField()


class Tree(Document):
    name = StringField(db_field="n", default="tree")
    age = IntField(default=5)
    alive = BooleanField()
    branch = EmbeddedDocumentField(Branch, db_field="b")
    branches = EmbeddedDocumentListField(Branch)
    numbers = ListField(IntField(), db_field="nums")
    preset = ListField(IntField(), default=[42])
    matrix = ListField(ListField(IntField()))
    notes = DictField()
    anything = ListField()
    by_name = MapField(EmbeddedDocumentField(Leaf), db_field="m")
    ranked = SortedListField(EmbeddedDocumentField(Leaf), ordering="n")
    forest = ReferenceField(Forest)
    forests = ListField(ReferenceField(Forest))


class Loosely(DynamicDocument):
    name = StringField()


class LooseLeaf(DynamicEmbeddedDocument):
    name = StringField()


STORED: dict[str, Any] = {
    "_id": KEY,
    "n": "oak",
    "age": 7,
    "alive": True,
    "b": {"name": "b", "l": {"n": "x", "marks": [1]}, "leaves": [{"n": "y"}], "extra": {"k": [1]}},
    "branches": [{"name": "b0"}, {"name": "b1", "leaves": [{"n": "z"}, {"n": "w"}]}],
    "nums": [1, 2, 3],
    "preset": [1],
    "matrix": [[1], [2, 3]],
    "notes": {"a": {"b": 1}, "c": [1, {"d": 2}]},
    "m": {"k": {"n": "v"}},
    "ranked": [{"n": "a"}, {"n": "b"}],
}


def tree() -> Tree:
    import copy

    loaded: Tree = Tree._from_son(copy.deepcopy(STORED))
    return loaded


CHANGES: list[tuple[Any, list[str], dict[str, Any], dict[str, Any]]] = [
    # change, changed paths, what is set, what is unset
    (lambda t: setattr(t, "name", "elm"), ["n"], {"n": "elm"}, {}),
    (lambda t: setattr(t, "name", "oak"), [], {}, {}),
    (lambda t: setattr(t, "name", None), ["n"], {"n": "tree"}, {}),
    (lambda t: setattr(t, "age", 0), ["age"], {"age": 0}, {}),
    (lambda t: setattr(t, "age", 5), ["age"], {"age": 5}, {}),
    (lambda t: setattr(t, "alive", False), ["alive"], {"alive": False}, {}),
    (lambda t: setattr(t, "alive", None), ["alive"], {}, {"alive": 1}),
    (lambda t: setattr(t, "branch", None), ["b"], {}, {"b": 1}),
    (lambda t: setattr(t.branch, "name", "c"), ["b.name"], {"b.name": "c"}, {}),
    (lambda t: setattr(t.branch, "name", None), ["b.name"], {}, {"b.name": 1}),
    (lambda t: setattr(t.branch.leaf, "name", "c"), ["b.l.n"], {"b.l.n": "c"}, {}),
    (lambda t: t.branch.leaf.marks.append(2), ["b.l.marks"], {"b.l.marks": [1, 2]}, {}),
    (lambda t: setattr(t.branch.leaf, "marks", []), ["b.l.marks"], {}, {"b.l.marks": 1}),
    (
        lambda t: setattr(t.branch.leaves[0], "name", "q"),
        ["b.leaves.0.n"],
        {"b.leaves.0.n": "q"},
        {},
    ),
    (
        lambda t: t.branch.extra.__setitem__("new", 1),
        ["b.extra.new"],
        {"b.extra.new": 1},
        {},
    ),
    (lambda t: t.branch.extra["k"].append(2), ["b.extra.k"], {"b.extra.k": [1, 2]}, {}),
    (
        lambda t: setattr(t.branches[1].leaves[0], "name", "q"),
        ["branches.1.leaves.0.n"],
        {"branches.1.leaves.0.n": "q"},
        {},
    ),
    (
        lambda t: t.branches.append(Branch(name="b2")),
        ["branches"],
        {
            "branches": [
                {"name": "b0", "leaves": [], "extra": {}},
                {
                    "name": "b1",
                    "leaves": [{"n": "z", "marks": []}, {"n": "w", "marks": []}],
                    "extra": {},
                },
                {"name": "b2", "leaves": [], "extra": {}},
            ]
        },
        {},
    ),
    (lambda t: t.numbers.__setitem__(1, 9), ["nums.1"], {"nums.1": 9}, {}),
    (lambda t: t.numbers.__setitem__(-1, 9), ["nums.2"], {"nums.2": 9}, {}),
    (lambda t: t.numbers.__setitem__(slice(0, 1), [8, 9]), ["nums"], {"nums": [8, 9, 2, 3]}, {}),
    (lambda t: t.numbers.append(4), ["nums"], {"nums": [1, 2, 3, 4]}, {}),
    (lambda t: t.numbers.pop(), ["nums"], {"nums": [1, 2]}, {}),
    (lambda t: t.numbers.clear(), ["nums"], {}, {"nums": 1}),
    (lambda t: setattr(t, "numbers", []), ["nums"], {}, {"nums": 1}),
    (lambda t: setattr(t, "numbers", [1, 2, 3]), [], {}, {}),
    (lambda t: setattr(t, "preset", []), ["preset"], {"preset": []}, {}),
    (lambda t: t.matrix[1].append(4), ["matrix.1"], {"matrix.1": [2, 3, 4]}, {}),
    (lambda t: t.matrix[1].__setitem__(0, 4), ["matrix.1.0"], {"matrix.1.0": 4}, {}),
    (lambda t: t.notes.__setitem__("z", 1), ["notes.z"], {"notes.z": 1}, {}),
    (lambda t: t.notes.__delitem__("a"), ["notes.a"], {}, {"notes.a": 1}),
    (lambda t: t.notes["a"].__setitem__("b", 2), ["notes.a.b"], {"notes.a.b": 2}, {}),
    (lambda t: t.notes["c"][1].__setitem__("d", 3), ["notes.c.1.d"], {"notes.c.1.d": 3}, {}),
    (lambda t: t.notes.clear(), ["notes"], {}, {"notes": 1}),
    (
        lambda t: t.notes.update(c=0),
        ["notes"],
        {"notes": {"a": {"b": 1}, "c": 0}},
        {},
    ),
    (lambda t: setattr(t.by_name["k"], "name", "q"), ["m.k.n"], {"m.k.n": "q"}, {}),
    (
        lambda t: t.by_name.__setitem__("new", Leaf(name="q")),
        ["m.new"],
        {"m.new": {"n": "q", "marks": []}},
        {},
    ),
]


@pytest.mark.parametrize(("change", "paths", "to_set", "to_unset"), CHANGES)
def test_a_change_is_stored_where_it_was_made(
    change: Any, paths: list[str], to_set: dict[str, Any], to_unset: dict[str, Any]
) -> None:
    changed = tree()

    change(changed)

    assert changed._get_changed_fields() == paths
    found_set, found_unset = changed._delta()
    assert (found_set, found_unset) == (to_set, to_unset)


@pytest.mark.parametrize(("change", "paths", "to_set", "to_unset"), CHANGES)
def test_after_a_change_was_saved_nothing_is_changed(
    change: Any, paths: list[str], to_set: dict[str, Any], to_unset: dict[str, Any]
) -> None:
    changed = tree()
    change(changed)

    changed._clear_changed_fields()

    assert changed._get_changed_fields() == []
    assert changed._delta() == ({}, {})


def test_a_sorted_list_is_stored_whole_when_its_order_is_affected() -> None:
    changed = tree()

    changed.ranked[0].name = "c"

    assert changed._get_changed_fields() == ["ranked"]
    assert [leaf["n"] for leaf in changed._delta()[0]["ranked"]] == ["b", "c"]


def test_reading_is_no_change() -> None:
    read = tree()
    for name in read:
        if name not in ("forest", "forests"):
            assert getattr(read, name) is not read
    _ = read.branch.leaf.marks, read.branches[1].leaves[1].name, read.notes["c"][1]["d"]
    read.to_mongo()
    read.validate()

    assert read._get_changed_fields() == []
    assert read._delta() == ({}, {})


def test_a_path_above_others_takes_their_place() -> None:
    changed = tree()
    changed.numbers[0] = 9
    changed.notes["a"]["b"] = 2
    changed.branch.name = "c"
    changed.numbers.append(5)
    changed.notes = {}
    changed.branch = Branch(name="new")

    assert sorted(changed._get_changed_fields()) == ["b", "notes", "nums"]
    to_set, to_unset = changed._delta()
    assert to_set == {"nums": [9, 2, 3, 5], "b": {"name": "new", "leaves": [], "extra": {}}}
    assert to_unset == {"notes": 1}


def test_a_path_below_a_recorded_one_is_not_recorded() -> None:
    changed = tree()
    changed.branch = Branch(name="new")
    changed.branch.name = "newer"
    changed.numbers.append(4)
    changed.numbers[0] = 7

    assert changed._get_changed_fields() == ["b", "nums"]


def test_a_new_document_has_everything_to_set_but_its_key() -> None:
    made = Tree(id=KEY, name="oak", numbers=[1])

    to_set, to_unset = made._delta()

    assert "_id" not in to_set
    assert (to_set["n"], to_set["nums"], to_set["age"]) == ("oak", [1], 5)
    # Empty lists equal to their default need not be stored.
    assert {"branches", "matrix", "notes"} <= set(to_unset)


def test_marking_by_hand_uses_model_names() -> None:
    marked = tree()

    marked._mark_as_changed("name")
    marked._mark_as_changed("numbers.1")
    marked._mark_as_changed("numbers.1.x")

    assert marked._changed_fields == ["n", "nums.1"]
    made = Tree()
    made._mark_as_changed("name")
    assert not hasattr(made, "_changed_fields")


def test_what_is_referred_to_has_changes_of_its_own() -> None:
    forest = Forest._from_son({"_id": ObjectId(), "name": "f"})
    other = Forest._from_son({"_id": ObjectId(), "name": "g"})
    holder = tree()
    holder.forest = forest
    holder.forests = [other]
    holder._clear_changed_fields()

    forest.name = "x"
    other.name = "y"

    assert holder._get_changed_fields() == []
    holder._clear_changed_fields()
    assert forest._get_changed_fields() == ["name"]


def test_replacing_a_reference_stores_the_key() -> None:
    holder = tree()
    forest = Forest(id=ObjectId())

    holder.forest = forest

    assert holder._delta() == ({"forest": forest.id}, {})


def test_changed_fields_may_be_read_and_replaced() -> None:
    changed = tree()
    changed._changed_fields = ["n"]

    assert changed._delta() == ({"n": "oak"}, {})
    changed._changed_fields.append("age")
    assert changed._delta() == ({"n": "oak", "age": 7}, {})


def test_dynamic_attributes_are_tracked() -> None:
    loose = Loosely._from_son({"_id": KEY, "name": "a", "colour": "red", "points": [1, 2]})

    loose.colour = "blue"
    loose.points.append(3)
    loose.size = 5
    assert loose._get_changed_fields() == ["colour", "points", "size"]
    assert loose._delta() == ({"colour": "blue", "points": [1, 2, 3], "size": 5}, {})

    loose._clear_changed_fields()
    del loose.colour
    loose.points = []
    assert loose._delta() == ({}, {"colour": 1, "points": 1})


def test_embedded_dynamic_attributes_are_tracked() -> None:
    class Pot(Document):
        leaf = EmbeddedDocumentField(LooseLeaf)

    pot = Pot._from_son({"_id": KEY, "leaf": {"name": "a", "colour": "red"}})
    pot.leaf.colour = "blue"
    pot.leaf.size = 1

    assert sorted(pot._get_changed_fields()) == ["leaf.colour", "leaf.size"]
    assert pot._delta() == ({"leaf.colour": "blue", "leaf.size": 1}, {})


def test_a_large_dict_is_not_walked_for_the_change_of_one_key() -> None:
    holder = Tree._from_son({"_id": KEY, "notes": {str(n): n for n in range(50_000)}})
    holder.notes["7"] = "seven"

    assert holder._delta() == ({"notes.7": "seven"}, {})


def test_a_dict_key_with_a_dot_stores_the_whole_dict() -> None:
    holder = tree()

    holder.notes["x.y"] = 1

    assert holder._get_changed_fields() == ["notes"]
    assert holder._delta()[0]["notes"]["x.y"] == 1


# Nested data is changed in loops more often than by position.


def _change(item: Any) -> None:
    if isinstance(item, dict):
        item["new"] = 1
    else:
        item.append(9)


@pytest.mark.parametrize("dereference", [True, False])
@pytest.mark.parametrize(
    ("field", "stored", "changed"),
    [
        ("matrix", [[1], [2]], ["matrix.0", "matrix.1"]),
        ("notes", {"x": [1], "y": {"z": 1}}, ["notes.x", "notes.y.new"]),
        ("anything", [[1], {"a": 1}], ["anything.0", "anything.1.new"]),
    ],
)
def test_nested_data_is_tracked_when_it_is_reached_by_iterating(
    field: str, stored: Any, changed: list[str], dereference: bool
) -> None:
    tree = Tree._from_son({"_id": KEY, field: stored}, _auto_dereference=dereference)
    value = getattr(tree, field)
    for item in value.values() if isinstance(value, dict) else value:
        _change(item)
    assert tree._get_changed_fields() == changed
    assert sorted(tree._delta()[0]) == changed


def test_nested_data_is_tracked_at_any_depth_of_a_loop() -> None:
    tree = Tree._from_son({"_id": KEY, "anything": [[{"a": [1]}]]})
    for rows in tree.anything:
        for row in rows:
            for cells in row.values():
                cells.append(2)
    assert tree._delta()[0] == {"anything.0.0.a": [1, 2]}


def test_slices_give_tracked_items() -> None:
    tree = Tree._from_son({"_id": KEY, "matrix": [[1], [2]]})
    tree.matrix[1:][0].append(3)
    assert tree._delta()[0] == {"matrix.1": [2, 3]}


def test_nested_data_put_into_a_dict_is_tracked() -> None:
    tree = Tree._from_son({"_id": KEY, "notes": {"x": 1}})
    tree.notes["y"] = [5]
    tree._clear_changed_fields()
    for item in tree.notes.values():
        if isinstance(item, list):
            item.append(6)
    assert tree._delta()[0] == {"notes.y": [5, 6]}
