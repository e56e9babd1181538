"""What is looked up for which documents, and where what was found is put; without a server."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine.base.dereference_paths import DIRECTLY, Everything, paths_of
from mongoengine.base.dereference_plan import DereferencePlan, target_of
from mongoengine.document import Document, DynamicDocument, EmbeddedDocument
from mongoengine.errors import InvalidQueryError, LookUpError, NotRegistered
from mongoengine.fields import (
    BooleanField,
    DictField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    GenericEmbeddedDocumentField,
    GenericReferenceField,
    IntField,
    LazyReferenceField,
    ListField,
    MapField,
    ReferenceField,
    StringField,
    UUIDField,
)

ONE, TWO, THREE = (ObjectId(digit * 24) for digit in "123")


class PlanUser(Document):
    name = StringField()
    friend = ReferenceField("self")
    friends = ListField(ReferenceField("self"))


class PlanNumbered(Document):
    meta = {"db_alias": "elsewhere"}

    number = IntField(primary_key=True)


class PlanKeyed(Document):
    key = UUIDField(primary_key=True, binary=False)


class PlanUserView(Document):
    """Another class over the collection of the users."""

    meta = {"collection": "plan_user"}

    name = StringField()


class PlanNote(EmbeddedDocument):
    meta = {"allow_inheritance": True}

    text = StringField()


class PlanSigned(PlanNote):
    user = ReferenceField(PlanUser)
    readers = ListField(ReferenceField(PlanUser))
    answer = EmbeddedDocumentField("self")


class PlanPost(Document):
    title = StringField()
    words = ListField(StringField())
    author = ReferenceField(PlanUser, db_field="a")
    view = ReferenceField(PlanUserView)
    number = ReferenceField(PlanNumbered)
    keyed = ReferenceField(PlanKeyed, dbref=True)
    users = ListField(ReferenceField(PlanUser))
    by_role = MapField(ListField(ReferenceField(PlanUser)))
    notes = EmbeddedDocumentListField(PlanNote)
    note = EmbeddedDocumentField(PlanNote)
    any_note = GenericEmbeddedDocumentField()
    about = GenericReferenceField()
    data = DictField()
    lazy = LazyReferenceField(PlanUser)
    lazies = ListField(LazyReferenceField(PlanUser))


class PlanSketch(DynamicDocument):
    pass


class PlanFlag(Document):
    flag = BooleanField(primary_key=True)


def alias_of(cls: Any) -> str:
    return cls._meta.get("db_alias", "default")


def asked(lookups: Any) -> dict[tuple[str, str], list[Any]]:
    return {(lookup.alias, lookup.collection): lookup.keys() for lookup in lookups}


def run(plan: DereferencePlan, *stored: dict[str, Any]) -> list[dict[Any, Any]]:
    """Carry a plan out with users that are stored; return what was asked, level by level."""
    levels = []
    while lookups := plan.lookups(alias_of):
        levels.append(asked(lookups))
        for lookup in lookups:
            keys = lookup.keys()
            plan.put(lookup, [dict(raw) for raw in stored if raw["_id"] in keys])
    return levels


def load(**values: Any) -> Any:
    return PlanPost._from_son(values)


def started(document: Any, choice: Any) -> DereferencePlan:
    plan = DereferencePlan()
    plan.add_documents([document], choice)
    return plan


USERS = (
    {"_id": ONE, "name": "1", "friend": TWO},
    {"_id": TWO, "name": "2", "friend": THREE, "friends": [ONE, THREE]},
    {"_id": THREE, "name": "3"},
)


def test_every_key_of_a_collection_is_asked_for_once_per_level() -> None:
    post = load(
        a=ONE,
        users=[TWO, ONE, TWO],
        by_role={"x": [ONE], "y": []},
        notes=[{"_cls": "PlanNote.PlanSigned", "user": TWO, "readers": [ONE]}],
        note={"_cls": "PlanNote.PlanSigned", "user": ONE},
        about={"_cls": "PlanUser", "_ref": DBRef("plan_user", TWO)},
        number=5,
    )

    levels = run(started(post, Everything()), *USERS)

    (level,) = levels
    assert set(level) == {("default", "plan_user"), ("elsewhere", "plan_numbered")}
    assert sorted(level["default", "plan_user"]) == [ONE, TWO]
    assert level["elsewhere", "plan_numbered"] == [5]
    assert post._data["author"] is post._data["users"][1]
    assert post._data["about"] is post._data["users"][0] is post._data["users"][2]
    assert post._data["notes"][0]._data["user"].name == "2"
    assert post._data["note"]._data["user"] is post._data["by_role"]["x"][0]
    assert post._data["number"] == DBRef("plan_numbered", 5)
    assert post._get_changed_fields() == []


def test_a_level_begins_where_the_last_one_ended() -> None:
    post = load(a=ONE)

    levels = run(started(post, Everything(3)), *USERS)

    assert levels == [
        {("default", "plan_user"): [ONE]},
        {("default", "plan_user"): [TWO]},
        {("default", "plan_user"): [THREE]},
    ]
    second = post._data["author"]._data["friend"]
    assert (second.name, second._data["friend"].name) == ("2", "3")
    assert second._data["friends"][0] is post._data["author"]


def test_what_was_not_found_is_not_asked_for_again() -> None:
    plan = DereferencePlan()
    plan.add_documents([load(a=ONE), load(a=TWO)], Everything(4))

    levels = run(plan, USERS[0])

    assert [sorted(level["default", "plan_user"]) for level in levels] == [[ONE, TWO]]


def test_a_document_met_again_on_another_way_is_looked_at_once_per_level(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[Any] = []
    fields_of = Everything.fields_of

    def watched(choice: Everything, document: Any) -> Any:
        looked_at.append(document)
        return fields_of(choice, document)

    monkeypatch.setattr(Everything, "fields_of", watched)
    ann, bob = PlanUser(id=ONE), PlanUser(id=TWO)
    ann.friends, bob.friends = [bob, bob], [ann, ann]
    plan = DereferencePlan()
    plan.add_documents([ann, bob], Everything(9))

    assert run(plan) == []
    assert len(looked_at) == 2 * 9


def test_choices_of_the_same_are_equal_and_others_are_not() -> None:
    choice = Everything(3).beyond
    assert choice == Everything(2)
    assert hash(choice) == hash(Everything(2))
    assert choice != Everything(3)
    assert choice != Everything(2, loads_lazy=True)
    assert choice != DIRECTLY


def test_two_classes_over_one_collection_share_the_question_but_no_data() -> None:
    post = load(a=THREE, view=THREE)

    levels = run(started(post, Everything()), *USERS)

    assert levels == [{("default", "plan_user"): [THREE]}]
    author, view = post._data["author"], post._data["view"]
    assert (type(author), type(view)) == (PlanUser, PlanUserView)
    author.name = "changed"
    assert view.name == "3"


def test_keys_are_asked_for_as_they_are_stored() -> None:
    key = uuid.uuid4()
    post = load(keyed=DBRef("plan_keyed", str(key)))
    post.keyed = DBRef("plan_keyed", key)

    plan = started(post, Everything())
    (lookup,) = plan.lookups(alias_of)
    assert lookup.keys() == [str(key)]
    plan.put(lookup, [{"_id": str(key)}])

    assert post._data["keyed"].pk == key


def test_keys_that_python_takes_for_equal_are_told_apart() -> None:
    container = [DBRef("plan_flag", True), DBRef("plan_numbered", 1), DBRef("plan_flag", 1)]
    plan = DereferencePlan()
    plan.add_container(container, None)

    found = asked(plan.lookups(alias_of))

    assert [type(key) for key in found["default", "plan_flag"]] == [bool, bool]
    assert found["elsewhere", "plan_numbered"] == [1]


def test_keys_that_cannot_be_hashed_are_looked_up_too() -> None:
    reference = DBRef("plan_sketch", {"a": 1})
    container = [reference, DBRef("plan_sketch", {"a": 1})]
    plan = DereferencePlan()
    plan.add_container(container, None)

    (lookup,) = plan.lookups(alias_of)
    assert lookup.keys() == [{"a": 1}]
    plan.put(lookup, [{"_id": {"a": 1}, "name": "found"}])

    assert container[0] is container[1]
    assert container[0].name == "found"


def test_what_stands_elsewhere_meanwhile_is_not_replaced() -> None:
    post = load(a=ONE, users=[ONE, TWO], by_role={"x": [ONE]})
    plan = started(post, Everything())
    (lookup,) = plan.lookups(alias_of)

    post.author = None
    post._data["users"].pop(0)
    post.by_role = {}
    plan.put(lookup, [dict(raw) for raw in USERS])

    assert post._data["author"] is None
    assert [type(user) for user in post._data["users"]] == [DBRef]


def test_reading_looks_at_embedded_documents_but_not_at_their_lists() -> None:
    note = {"_cls": "PlanNote.PlanSigned", "user": ONE, "readers": [TWO]}
    post = load(notes=[{**note, "answer": dict(note, user=TWO)}, {"_cls": "PlanNote"}])
    plan = DereferencePlan()
    plan.add_container(PlanPost.notes._container(post), PlanPost.notes.field, DIRECTLY)

    levels = run(plan, *USERS)

    assert levels == [{("default", "plan_user"): [ONE]}]
    signed = post._data["notes"][0]
    assert signed._data["user"].name == "1"
    assert type(signed._data["readers"][0]) is DBRef


def test_containers_are_marked_when_all_is_done() -> None:
    post = load(users=[ONE], data={"a": [DBRef("plan_user", TWO)]})
    run(started(post, Everything()), *USERS)
    assert post._data["users"]._dereferenced
    assert post._data["data"]._dereferenced


def test_what_may_not_be_loaded_is_left_and_containers_are_not_marked() -> None:
    post = load(a=ONE, users=[ONE], number=5)
    plan = DereferencePlan(lambda cls: cls is PlanNumbered)
    plan.add_documents([post], Everything())

    levels = run(plan, {"_id": 5})

    assert levels == [{("elsewhere", "plan_numbered"): [5]}]
    assert plan.left_some
    assert type(post._data["author"]) is DBRef
    assert not post._data["users"]._dereferenced
    assert isinstance(post._data["number"], PlanNumbered)


def test_lazy_references_are_given_documents_only_when_named() -> None:
    post = load(lazy=ONE, lazies=[TWO])
    assert run(started(post, Everything(9)), *USERS) == []
    assert post.lazy._cached_doc is None

    levels = run(started(post, paths_of(PlanPost, ["lazy.friend", "lazies"])), *USERS)

    assert [sorted(level["default", "plan_user"]) for level in levels] == [[ONE, TWO]]
    assert post.lazy._cached_doc.name == "1"
    assert post.lazies[0]._cached_doc.name == "2"
    assert post.lazy._cached_doc._data["friend"] is post.lazies[0]._cached_doc


def test_dynamic_attributes_are_looked_at() -> None:
    sketch = PlanSketch._from_son({"user": {"_cls": "PlanUser", "_ref": DBRef("plan_user", ONE)}})
    run(started(sketch, Everything()), *USERS)
    assert sketch.user.name == "1"
    sketch = PlanSketch._from_son({"user": {"_cls": "PlanUser", "_ref": DBRef("plan_user", ONE)}})
    run(started(sketch, paths_of(PlanSketch, ["user.friend"])), *USERS)
    assert sketch.user._data["friend"].name == "2"


def test_classes_without_references_are_not_looked_through() -> None:
    names = [field.name for field in PlanPost.__plan__().reference_fields]
    assert "words" not in names
    assert "title" not in names
    assert "lazy" not in names
    assert {"author", "users", "by_role", "notes", "note", "any_note"} <= set(names)
    assert {"about", "data"} <= set(names)


# Targets


def test_a_reference_tells_its_class_or_the_collection_does() -> None:
    reference = DBRef("plan_user", ONE)
    assert target_of({"_cls": "PlanNumbered", "_ref": reference}) is PlanNumbered
    assert target_of(DBRef("x", ONE, cls="PlanUser")) is PlanUser
    assert target_of(DBRef("plan_numbered", 1)) is PlanNumbered
    assert target_of(reference, PlanPost.view) is PlanUserView
    assert target_of(reference, PlanPost.lazy) is None
    assert target_of(DBRef("nobodys", ONE)) is None
    with pytest.raises(NotRegistered):
        target_of({"_cls": "NoSuchPlanClass", "_ref": reference})


# Paths


def branches(paths: Any) -> dict[str, Any]:
    return {name: branches(below) for name, below in paths._branches.items()}


def test_paths_are_a_tree_of_names() -> None:
    paths = paths_of(PlanPost, ["author", "author.friend", "notes__user.friends", "by_role.friend"])
    assert branches(paths) == {
        "author": {"friend": {}},
        "notes": {"user": {"friends": {}}},
        "by_role": {"friend": {}},
    }


@pytest.mark.parametrize(
    "path", ["about.whatever", "data.x", "any_note.user", "note.answer.user", "lazy.friends"]
)
def test_what_the_classes_do_not_tell_is_taken_as_it_is(path: str) -> None:
    assert paths_of(PlanPost, [path]).beyond is not None


@pytest.mark.parametrize("path", ["nobody", "author.nobody", "notes.nobody", "by_role.nobody"])
def test_names_of_no_field_are_refused(path: str) -> None:
    with pytest.raises(
        LookUpError, match=rf'^Cannot prefetch "{path}": Plan\w+ has no field "nobody"$'
    ):
        paths_of(PlanPost, [path])


@pytest.mark.parametrize("path", ["title", "words", "notes.text", "author.name", "title.x"])
def test_paths_to_no_reference_are_refused(path: str) -> None:
    with pytest.raises(InvalidQueryError, match=r"holds no reference$"):
        paths_of(PlanPost, [path])
