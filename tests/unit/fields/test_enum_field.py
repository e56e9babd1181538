from __future__ import annotations

import enum

import pytest

from mongoengine.base.fields.enums import EnumField
from mongoengine.errors import ValidationError
from tests.unit.fields.field_owner import owner_of


class Status(enum.Enum):
    NEW = "new"
    DONE = "done"


class Color(enum.IntEnum):
    RED = 1
    BLUE = 2


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


class Demanding(enum.Enum):
    YES = 1

    @classmethod
    def _missing_(cls, value):
        raise KeyError(value)


class Nothing(enum.Enum):
    NOTHING = None


def test_an_assigned_value_becomes_its_member():
    owner = owner_of(EnumField(Status))

    owner.value = "new"
    assert owner.value is Status.NEW

    owner.value = Status.DONE
    assert owner.value is Status.DONE


def test_a_value_without_a_member_is_kept_for_validation_to_refuse():
    field = EnumField(Status)
    owner = owner_of(field)

    owner.value = "wrong"

    assert owner.value == "wrong"
    with pytest.raises(ValidationError) as caught:
        field._validate("wrong")
    assert str(caught.value) == (
        "Value must be one of [<Status.NEW: 'new'>, <Status.DONE: 'done'>]"
    )


def test_assigning_the_value_of_the_held_member_changes_nothing():
    owner = owner_of(EnumField(Status), value=Status.NEW)

    owner.value = "new"
    assert owner.marked == []

    owner.value = "done"
    assert owner.marked == ["value"]


@pytest.mark.parametrize("default", ["done", Status.DONE, lambda: "done"])
def test_a_default_becomes_a_member(default):
    assert owner_of(EnumField(Status, default=default)).value is Status.DONE


def test_none_is_no_member_even_of_an_enumeration_with_that_value():
    owner = owner_of(EnumField(Nothing))

    owner.value = None

    assert owner.value is None


def test_a_loaded_value_becomes_its_member_on_first_read():
    owner = owner_of(EnumField(Status), {"value"}, value="done")

    assert owner.value is Status.DONE
    assert owner.__dict__["value"] is Status.DONE


@pytest.mark.parametrize(
    ("kind", "value", "member"),
    [
        (Status, "new", Status.NEW),
        (Status, "wrong", "wrong"),
        (Status, ["new"], ["new"]),
        (Status, None, None),
        (Color, 1, Color.RED),
        (Color, 3, 3),
        (Permission, 3, Permission.READ | Permission.WRITE),
        (Permission, 8, 8),
    ],
)
def test_values_are_converted_to_members_where_there_is_one(kind, value, member):
    assert EnumField(kind).to_python(value) == member


@pytest.mark.parametrize(
    ("value", "stored"), [(Status.NEW, "new"), ("new", "new"), (Color.RED, Color.RED), (None, None)]
)
def test_members_of_the_enumeration_are_stored_by_value(value, stored):
    assert EnumField(Status).to_mongo(value) is stored
    assert EnumField(Status).prepare_query_value(None, value) is stored


def test_a_member_of_int_enum_is_stored_as_a_plain_int():
    assert type(EnumField(Color).to_mongo(Color.RED)) is int


def test_an_update_to_an_unknown_value_is_refused():
    field = EnumField(Status)

    assert field.prepare_query_value("set", Status.NEW) == "new"
    with pytest.raises(ValidationError, match=r"wrong is not a valid <enum 'Status'>"):
        field.prepare_query_value("set", "wrong")


@pytest.mark.parametrize("choices", [[Status.DONE], (Status.DONE,), {Status.DONE}])
def test_the_choices_may_be_some_of_the_members(choices):
    field = EnumField(Status, choices=choices)

    assert field.choices is choices
    field._validate(Status.DONE)
    with pytest.raises(ValidationError, match=r"Value must be one of .*Status.DONE"):
        field._validate(Status.NEW)


@pytest.mark.parametrize("choices", [None, [], ()])
def test_without_choices_all_members_are_choices(choices):
    assert EnumField(Status, choices=choices).choices == [Status.NEW, Status.DONE]


def test_choices_from_an_iterator_are_kept():
    assert EnumField(Status, choices=iter([Status.DONE])).choices == [Status.DONE]


@pytest.mark.parametrize(
    ("choices", "strangers"),
    [
        (["my", "options"], "['my', 'options']"),
        (["done"], "['done']"),
        ([Status.DONE, Color.RED], "[<Color.RED: 1>]"),
    ],
)
def test_choices_that_are_no_members_are_refused(choices, strangers):
    with pytest.raises(ValueError, match="Invalid choices") as caught:
        EnumField(Status, choices=choices)

    assert str(caught.value) == f"Invalid choices: {strangers}"


def test_an_enumeration_with_its_own_look_up_is_converted_on_load():
    assert EnumField(Status)._loads_lazily() is True
    assert EnumField(Color)._loads_lazily() is True
    assert EnumField(Permission)._loads_lazily() is True
    assert EnumField(Demanding)._loads_lazily() is False
    with pytest.raises(KeyError):
        EnumField(Demanding).to_python("no")
