"""What loading puts off until the first read, and what constructing takes over as it is."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from mongoengine import (
    DictField,
    Document,
    EmbeddedDocument,
    EmbeddedDocumentField,
    FieldDoesNotExist,
    IntField,
    ListField,
    StringField,
    ValidationError,
)


class Leaf(EmbeddedDocument):
    text = StringField()


class Branch(EmbeddedDocument):
    number = IntField()
    leaf = EmbeddedDocumentField(Leaf)
    below = ListField(EmbeddedDocumentField("Branch"))


class Tree(Document):
    name = StringField()
    branch = EmbeddedDocumentField(Branch)
    branches = ListField(EmbeddedDocumentField(Branch))
    counts = DictField(IntField())


def stored() -> dict[str, Any]:
    branch = {"number": 1, "leaf": {"text": "a"}, "below": [{"number": 2}]}
    return {
        "name": "oak",
        "branch": branch,
        "branches": [{**branch, "leaf": {"text": str(place)}} for place in range(5)],
        "counts": {"a": 1},
    }


def test_reading_nested_values_leaves_a_loaded_document_unchanged() -> None:
    tree = Tree._from_son(stored())
    assert [branch.leaf.text for branch in tree.branches] == ["0", "1", "2", "3", "4"]
    assert tree.branch.below[0].number == 2
    assert tree._get_changed_fields() == []
    assert tree._delta() == ({}, {})


def test_a_change_below_documents_that_were_read_is_found() -> None:
    tree = Tree._from_son(stored())
    tree.branches[3].leaf.text = "new"
    assert tree._get_changed_fields() == ["branches.3.leaf.text"]
    assert tree._delta() == ({"branches.3.leaf.text": "new"}, {})


def test_what_a_container_embeds_in_its_turn_knows_its_owner() -> None:
    tree = Tree._from_son(stored())
    branch = tree.branches[1]
    assert branch.leaf._instance == branch
    assert branch._instance == tree


def test_a_dict_given_in_place_of_an_unread_document_stays_a_dict() -> None:
    tree = Tree._from_son(stored())
    tree.branch = {"number": 7}
    assert tree.branch == {"number": 7}
    assert type(tree.branch) is dict


def test_an_unknown_key_at_any_depth_is_refused_on_load() -> None:
    data = stored()
    data["branches"][2]["leaf"]["wrong"] = 1
    with pytest.raises(FieldDoesNotExist, match="wrong"):
        Tree._from_son(data)


def test_a_value_that_was_read_is_validated() -> None:
    tree = Tree._from_son(stored())
    tree.branches[0].number = "no number"
    with pytest.raises(ValidationError, match="branches"):
        tree.validate()


def test_threads_that_read_a_loaded_document_first_at_once_get_the_same_objects() -> None:
    for _ in range(50):
        tree = Tree._from_son(stored())
        start = threading.Barrier(4)
        found: list[list[Any]] = []

        def read(tree: Tree = tree, start: Any = start, found: Any = found) -> None:
            start.wait()
            found.append([tree.branch, tree.branches, *tree.branches, tree.branches[0].leaf])

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4
        for objects in found[1:]:
            assert all(one is other for one, other in zip(objects, found[0], strict=True))


def test_a_field_of_the_users_sees_every_value_the_constructor_is_given() -> None:
    seen: list[Any] = []

    class Watching(StringField):
        def __set__(self, instance: Any, value: Any) -> None:
            seen.append(value)
            super().__set__(instance, value)

    class Watched(EmbeddedDocument):
        text = Watching()
        other = StringField(default="x")

    assert Watched(text=None).text is None
    assert Watched(text="a", other=None).other == "x"
    assert seen == [None, "a"]


def test_the_constructor_keeps_attributes_set_before_it_runs() -> None:
    class Prepared(EmbeddedDocument):
        text = StringField()

        def __init__(self, *args: Any, **values: Any) -> None:
            self.note = "mine"
            super().__init__(*args, **values)

    prepared = Prepared(text="a")
    assert (prepared.note, prepared.text) == ("mine", "a")
