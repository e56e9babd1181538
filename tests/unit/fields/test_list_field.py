"""ListField, EmbeddedDocumentListField and SortedListField, without a server."""

from __future__ import annotations

import enum
import weakref
from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine.base.datastructures import BaseDict, BaseList, LazyReference
from mongoengine.base.embedded_list import EmbeddedDocumentList
from mongoengine.base.fields.base import BaseField
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.fields.embedded import EmbeddedDocumentField
from mongoengine.base.fields.enums import EnumField
from mongoengine.base.fields.lists import (
    EmbeddedDocumentListField,
    ListField,
    SortedListField,
)
from mongoengine.base.fields.numbers import IntField
from mongoengine.base.fields.strings import StringField
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import (
    FieldDoesNotExist,
    InvalidDocumentError,
    InvalidQueryError,
    ValidationError,
)

KEY = ObjectId("5" * 24)


class Side(enum.Enum):
    LEFT = "l"
    RIGHT = "r"


class ListedPart(EmbeddedDocument):
    number = IntField(db_field="n")
    label = StringField()
    tags = ListField(StringField())
    parts = ListField(EmbeddedDocumentField("self"))


class SpecialListedPart(EmbeddedDocument):
    meta = {"allow_inheritance": True}
    number = IntField()


class VerySpecialListedPart(SpecialListedPart):
    extra = IntField()


class Listed(Document):
    untyped = ListField(db_field="u")
    numbers = ListField(IntField())
    grid = ListField(ListField(IntField()))
    parts = ListField(EmbeddedDocumentField(ListedPart))
    specials = EmbeddedDocumentListField(SpecialListedPart)
    sides = ListField(EnumField(Side))
    short = ListField(IntField(), max_length=2)
    needed = ListField(IntField(), required=True)
    answer = ListField(IntField(), default=[42])
    ranked = SortedListField(EmbeddedDocumentField(ListedPart), ordering="n")


class ListedTarget(Document):
    name = StringField()


class ListedFamily(Document):
    meta = {"allow_inheritance": True}


def load(**stored: Any) -> Any:
    return Listed._from_son(stored)


# Definition


@pytest.mark.parametrize("cls", [ComplexBaseField, ListField])
@pytest.mark.parametrize("inner", ["test", IntField, 5])
def test_the_inner_field_must_be_a_field(cls, inner):
    text = rf"^field argument must be a Field instance \(e\.g {cls.__name__}\(StringField\(\)\)\)$"
    with pytest.raises(TypeError, match=text):
        cls(inner)


def test_the_default_is_an_empty_list_of_ones_own():
    first, second = Listed(), Listed()
    first.untyped.append(1)
    first.answer.append(1)
    assert (first.untyped, second.untyped) == ([1], [])
    assert (first.answer, second.answer) == ([42, 1], [42])


def test_the_owner_document_reaches_inner_fields():
    assert Listed.grid.field.field.owner_document is Listed


def test_attributes_users_read():
    assert Listed.short.max_length == 2
    assert (Listed.ranked._ordering, Listed.ranked._order_reverse) == ("n", False)
    assert EmbeddedDocumentListField("ListedPart").field.document_type_obj == "ListedPart"
    with pytest.raises(TypeError):
        ListField(IntField(), 3)  # type: ignore[call-overload]


# Reading


@pytest.mark.parametrize("made", [Listed, load])
def test_reading_gives_one_tracked_list_of_the_document(made):
    document = made(numbers=[1, 2])
    value = document.numbers
    assert type(value) is BaseList
    assert value is document.numbers
    assert value._instance is weakref.proxy(document)
    assert value._name == "numbers"


def test_embedded_documents_in_a_loaded_list_know_their_owner():
    document = load(parts=[{"n": 1, "parts": [{"n": 2}]}])
    (part,) = list(document.parts)
    assert part._instance is weakref.proxy(document)
    assert part.parts[0]._instance is weakref.proxy(part)


def test_a_tuple_and_a_set_become_lists():
    assert Listed(untyped=(1, 2)).untyped == [1, 2]
    assert Listed(numbers={1}).numbers == [1]
    document = Listed()
    document.untyped = (1, (2,))
    assert type(document.untyped) is BaseList
    assert document.untyped == [1, (2,)]


def test_loading_converts_items_on_the_first_read():
    document = load(numbers=["1", 2, "x"], sides=["l"], grid=[["1"], "x"])
    assert document.numbers == [1, 2, "x"]
    assert document.sides == [Side.LEFT]
    assert document.grid == [[1], "x"]
    assert document._get_changed_fields() == []


@pytest.mark.parametrize("value", ["text", 5, {"a": 1}])
def test_a_stored_value_that_is_no_list_loads_as_it_is(value):
    document = load(u=value)
    assert document.untyped == value
    assert type(load(u={"a": 1}).untyped) is BaseDict


@pytest.mark.parametrize(
    ("stored", "error", "text"),
    [
        ([5], InvalidDocumentError, "Field 'parts' - The source SON object needs to be of type"),
        ([{"n": 1}, {"nonsense": 1}], FieldDoesNotExist, "nonsense"),
        ([{"parts": [{"nonsense": 1}]}], FieldDoesNotExist, "nonsense"),
    ],
)
def test_what_cannot_be_converted_is_refused_on_load(stored, error, text):
    with pytest.raises(error, match=text):
        load(parts=stored)


def test_items_of_a_subclass_load_as_that_class():
    document = load(
        specials=[{"_cls": "SpecialListedPart"}, {"_cls": "VerySpecialListedPart", "extra": 1}]
    )
    assert type(document.specials) is EmbeddedDocumentList
    assert [type(part) for part in document.specials] == [SpecialListedPart, VerySpecialListedPart]


def test_an_override_of_to_python_is_honoured_for_items_and_lists():
    class Tuples(BaseField):
        def to_python(self, value):
            return tuple(value)

        def to_mongo(self, value):
            return list(value)

    class Backwards(ListField):
        def to_python(self, value):
            return super().to_python(value)[::-1]

    class ItemOverrides(Document):
        tuples = ListField(Tuples())
        nested = ListField(Backwards(IntField()))

    document = ItemOverrides._from_son({"tuples": [[1, 2]], "nested": [["1", "2"]]})
    assert document.tuples == [(1, 2)]
    assert document.nested == [[2, 1]]
    assert document.to_mongo().to_dict() == {"tuples": [[1, 2]], "nested": [[2, 1]]}


# Assigning


def test_assigning_an_equal_list_changes_nothing():
    document = load(numbers=[1])
    document.numbers = [1]
    document.untyped = []
    assert document._get_changed_fields() == []


def test_a_list_of_another_document_is_copied_so_that_changes_reach_the_right_one():
    first, second = load(untyped=[], numbers=[1]), load()
    second.numbers = first.numbers
    second._clear_changed_fields()

    second.numbers.append(2)

    assert (first.numbers, second.numbers) == ([1], [1, 2])
    assert (first._get_changed_fields(), second._get_changed_fields()) == ([], ["numbers"])


def test_a_list_of_another_field_is_copied_too():
    document = load(u=[1])
    document.numbers = document.untyped
    document._clear_changed_fields()
    document.numbers.append(2)
    assert document._get_changed_fields() == ["numbers"]
    assert document.untyped == [1]


def test_assigning_the_list_to_its_own_field_keeps_it():
    document = load(numbers=[1])
    value = document.numbers
    document.numbers = value
    assert document.numbers is value


def test_assigned_enum_values_become_members():
    document = Listed()
    document.sides = ["l", Side.RIGHT]
    assert document.sides == [Side.LEFT, Side.RIGHT]
    document.sides = None
    assert document.sides == []


def test_none_falls_back_to_the_default():
    document = load(answer=[1])
    document.answer = None
    assert document.answer == [42]


# Changes


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d.untyped.append(1), "u"),
        (lambda d: d.untyped[1].append(1), "u.1"),
        (lambda d: d.untyped[2].update(a=2), "u.2"),
        (lambda d: d.untyped.__setitem__(0, ListedPart(number=1)), "u.0"),
        (lambda d: d.grid[1].pop(), "grid.1"),
        (lambda d: d.grid[1].__setitem__(0, 5), "grid.1.0"),
        (lambda d: setattr(d.parts[1], "number", 5), "parts.1.n"),
        (lambda d: d.parts[0].tags.append("x"), "parts.0.tags"),
        (lambda d: setattr(d.parts[0].parts[0], "label", "x"), "parts.0.parts.0.label"),
        (lambda d: [setattr(part, "label", "x") for part in list(d.parts)[:1]], "parts.0.label"),
        (lambda d: setattr(d.ranked[0], "label", "x"), "ranked.0.label"),
        (lambda d: setattr(d.ranked[0], "number", 9), "ranked"),
    ],
)
def test_a_change_is_recorded_under_its_path(change, path):
    document = load(
        u=[1, [2], {"a": 1}],
        grid=[[1], [2, 3]],
        parts=[{"n": 1, "parts": [{"n": 3}]}, {"n": 2}],
        ranked=[{"n": 1}, {"n": 2}],
    )
    change(document)
    assert document._get_changed_fields() == [path]


def test_a_document_brought_into_an_untyped_list_is_followed_later():
    document = load(u=[[1]])
    document.untyped[0].append(ListedPart(number=1))
    document._clear_changed_fields()
    document.untyped[0][1].number = 2
    assert document._delta() == ({"u.0.1.n": 2}, {})


# Storing


def test_untyped_items_are_stored_with_what_is_needed_to_load_them():
    value = [
        1,
        (2,),
        {"p": ListedPart(number=1)},
        ListedTarget(id=KEY),
        ListedFamily(id=KEY),
        b"x",
        None,
    ]
    assert Listed.untyped.to_mongo(value) == [
        1,
        [2],
        {"p": {"n": 1, "tags": [], "parts": [], "_cls": "ListedPart"}},
        {"_cls": "ListedTarget", "_ref": DBRef("listed_target", KEY)},
        DBRef("listed_family", KEY),
        b"x",
        None,
    ]


def test_a_single_document_is_stored_as_if_any_class_could_be_meant():
    reference = {"_cls": "ListedFamily", "_ref": DBRef("listed_family", KEY)}
    assert Listed.untyped.to_mongo(ListedFamily(id=KEY)) == reference
    assert Listed.untyped.to_mongo(ListedPart(number=1))["_cls"] == "ListedPart"
    with pytest.raises(
        ValidationError, match=r"^The instance of the document 'ListedTarget' you are"
    ):
        Listed.untyped.to_mongo(ListedTarget())


@pytest.mark.parametrize("convert", [Listed.untyped.to_python, Listed.untyped.to_mongo])
def test_an_unsaved_document_in_an_untyped_list_is_refused(convert):
    text = "^You can only reference documents once they have been saved to the database$"
    with pytest.raises(ValidationError, match=text):
        convert([{"deep": ListedTarget()}])


def test_a_saved_document_given_to_the_constructor_stays_and_is_stored_with_its_class():
    other = ListedTarget(id=KEY)
    document = Listed(untyped=[other])
    assert document.untyped[0] is other
    assert document.to_mongo()["u"] == [
        {"_cls": "ListedTarget", "_ref": DBRef("listed_target", KEY)}
    ]


def test_a_lazy_reference_in_an_untyped_list_stays_one():
    reference = LazyReference(ListedTarget, KEY, passthrough=True)
    assert Listed.untyped.to_python([reference])[0] is reference
    assert Listed.untyped.to_mongo([reference])[0] is reference


def test_conversions_make_new_lists():
    given: list[Any] = [[1]]
    converted = Listed.untyped.to_python(given)
    given[0].append(2)
    assert converted == [[1]]
    document = load(numbers=[1])
    document.to_mongo()["numbers"].append(2)
    assert document.numbers == [1]
    assert type(document.to_mongo()["numbers"]) is list


@pytest.mark.parametrize(
    "value", ["text", 5, None, b"bytes", DBRef("listed_target", KEY), Side.LEFT]
)
def test_a_value_without_items_is_converted_to_itself(value):
    assert Listed.untyped.to_python(value) is value
    assert Listed.untyped.to_mongo(value) is value


def test_names_and_paths_reach_embedded_items():
    document = Listed(parts=[ListedPart(number=1, label="a")])
    by_name = document.to_mongo(use_db_field=False)["parts"]
    assert by_name == [{"number": 1, "label": "a", "tags": [], "parts": []}]
    assert document.to_mongo(fields=["parts.label"])["parts"] == [{"label": "a"}]


def test_sorted_lists_are_sorted_when_stored_but_not_in_memory():
    document = Listed(ranked=[ListedPart(number=2), ListedPart(number=1)])
    assert [part["n"] for part in document.to_mongo()["ranked"]] == [1, 2]
    assert [part.number for part in document.ranked] == [2, 1]
    assert SortedListField(IntField(), reverse=True).to_mongo([1, 3, 2]) == [3, 2, 1]


# Validation


@pytest.mark.parametrize("value", ["text", 5, {"a": 1}, {1}, ListedPart(), ListedTarget()])
def test_only_lists_and_tuples_are_valid(value):
    text = "^Only lists and tuples may be used in a list field$"
    with pytest.raises(ValidationError, match=text):
        Listed.untyped.validate(value)


def test_what_says_it_stands_for_a_list_is_valid():
    class Rows:
        _stands_for_list = True

        def __iter__(self):
            return iter([1])

    Listed.untyped.validate(Rows())


def test_items_are_validated_and_their_errors_kept_by_index():
    document = Listed(needed=[1], numbers=[1, "x", 2, "y"], grid=[[1], ["z"]])
    with pytest.raises(ValidationError) as info:
        document.validate()
    assert info.value.to_dict() == {
        "numbers": {1: "x could not be converted to int", 3: "y could not be converted to int"},
        "grid": {1: {0: "z could not be converted to int"}},
    }


def test_a_direct_call_names_the_inner_field_and_the_value():
    with pytest.raises(ValidationError) as info:
        Listed.numbers.validate([1, "x"])
    assert str(info.value).startswith("Invalid IntField item ([1, 'x'])")


def test_embedded_items_validate_themselves():
    class PickyItem(EmbeddedDocument):
        def validate(self, clean=True):
            raise ValueError("never")

    class PickyHolder(Document):
        items = ListField(EmbeddedDocumentField(PickyItem))

    with pytest.raises(ValidationError) as info:
        PickyHolder(items=[PickyItem()]).validate()
    assert info.value.to_dict() == {"items": {0: "never"}}


def test_length_and_presence_are_checked():
    with pytest.raises(ValidationError, match=r"^List is too long$"):
        Listed.short.validate([1, 2, 3])
    with pytest.raises(ValidationError, match=r"^Field is required and cannot be empty$"):
        Listed.needed.validate([])
    Listed.short.validate([1, 2])


def test_choices_of_the_list_hold_for_each_item():
    with pytest.raises(ValidationError, match=r"^Value must be one of \[1, 2\]$"):
        ListField(choices=[1, 2])._validate([1, 3])


def test_an_override_of_validate_is_honoured_for_plain_items():
    class Even(IntField):
        def validate(self, value):
            super().validate(value)
            if value % 2:
                self.error("odd")

    with pytest.raises(ValidationError) as info:
        ListField(Even()).validate([2, 3])
    assert info.value.to_dict() == {1: "odd"}


# Queries


@pytest.mark.parametrize("op", ["set", "unset", "gt", "gte", "lt", "lte", "ne", None])
def test_operators_on_lists_convert_item_by_item(op):
    assert Listed.numbers.prepare_query_value(op, ("1", 2)) == [1, 2]


def test_other_operators_convert_one_item():
    assert Listed.numbers.prepare_query_value("in", "5") == 5
    assert Listed.numbers.prepare_query_value(None, "5") == 5
    assert Listed.parts.prepare_query_value("push", ListedPart(number=1))["n"] == 1


def test_a_list_without_inner_field_converts_whole():
    assert (
        Listed.untyped.prepare_query_value(None, (ListedPart(number=1),))[0]["_cls"] == "ListedPart"
    )


def test_setting_too_many_items_is_refused():
    with pytest.raises(ValidationError, match=r"^List is too long$"):
        Listed.short.prepare_query_value("set", [1, 2, 3])
    assert Listed.short.prepare_query_value("ne", [1, 2, 3]) == [1, 2, 3]


def test_a_value_that_makes_no_embedded_document_cannot_be_queried():
    with pytest.raises(InvalidQueryError):
        Listed.parts.prepare_query_value(None, 5)


def test_members_are_looked_up_in_the_inner_field():
    assert Listed.parts.lookup_member("number") is ListedPart.number
    assert Listed.untyped.lookup_member("anything") is None


# Lazy references


def test_items_of_lazy_reference_fields_are_wrapped_in_place_on_every_read():
    class Lazily(BaseField):
        def build_lazyref(self, value):
            return value if isinstance(value, LazyReference) else LazyReference(ListedTarget, value)

    class LazyHolder(Document):
        others = ListField(Lazily())

    document = LazyHolder._from_son({"others": [KEY]})
    others = document.others
    assert others == [LazyReference(ListedTarget, KEY)]
    first = others[0]
    others.append(ObjectId())
    assert document.others is others
    assert [type(item) for item in document.others] == [LazyReference, LazyReference]
    assert document.others[0] is first
    assert document._get_changed_fields() == ["others"]


# Hooks and strangers


def test_what_the_hook_for_dereferencing_returns_is_kept_and_asked_for_once():
    calls = []

    class Loading(ListField):
        def _dereference_on_read(self, instance, value):
            calls.append(value)
            loaded = BaseList([*value, "loaded"], instance, self.name)
            loaded._dereferenced = True
            return loaded

    class LoadingHolder(Document):
        items = Loading()

    document = LoadingHolder._from_son({"items": [1]})
    assert document.items == [1, "loaded"]
    assert document.items == [1, "loaded"]
    assert len(calls) == 1
    assert document._get_changed_fields() == []


def test_values_that_convert_themselves_are_asked_to():
    class Money:
        def to_python(self):
            return "python"

        def to_mongo(self, use_db_field=True, fields=None):
            return ("mongo", use_db_field, fields)

    assert Listed.untyped.to_python([Money()]) == ["python"]
    assert Listed.untyped.to_mongo([Money()], False) == [("mongo", False, None)]


def test_dicts_among_nested_lists_load_by_their_values():
    assert load(grid=[{"a": "1"}, ["2"]]).grid == [{"a": 1}, [2]]


def test_embedded_documents_of_a_document_without_dereferencing_do_not_dereference_either():
    document = Listed._from_son({"parts": [{"n": 1}]}, _auto_dereference=False)
    assert document.parts[0].__state__.dereference is False
    assert document.parts[0]._get_changed_fields() == []
