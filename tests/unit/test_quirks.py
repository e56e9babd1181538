"""Quirks of MongoEngine that were decided on: fixed or kept (see docs/compatibility.md)."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from mongoengine.document import Document, DynamicDocument, EmbeddedDocument
from mongoengine.errors import InvalidQueryError
from mongoengine.fields import (
    DictField,
    DynamicField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    FloatField,
    IntField,
    ListField,
    MapField,
    MultiPointField,
    ObjectIdField,
    PointField,
    StringField,
    UUIDField,
)
from mongoengine.queryset import transform

KEY = ObjectId()


class Brick(EmbeddedDocument):
    code = StringField(db_field="c", unique=True)
    size = IntField()


class Wall(EmbeddedDocument):
    bricks = EmbeddedDocumentListField(Brick, db_field="b")


class Tower(Document):
    name = StringField(db_field="n")
    wall = EmbeddedDocumentField(Wall, db_field="w")
    walls = MapField(EmbeddedDocumentField(Wall), db_field="ws")
    floors = ListField(EmbeddedDocumentField(Brick), db_field="f")
    notes = DictField()
    anything = ListField()
    other = ListField()
    token = ObjectIdField()
    dynamic = DynamicField()


class Loose(DynamicDocument):
    pass


def tower(**values: Any) -> Any:
    return Tower._from_son({"_id": KEY, **values})


def index_fields(cls: Any) -> list[Any]:
    return [spec["fields"] for spec in cls._meta["index_specs"]]


# Fixed


def test_indexes_may_be_a_tuple() -> None:
    class Listed(Document):
        name = StringField()
        meta = {"indexes": ("name", "-name")}

    assert index_fields(Listed) == [[("name", 1)], [("name", -1)]]


def test_pairs_in_an_index_specification_are_kept() -> None:
    class Paired(Document):
        name = StringField(db_field="n")
        age = IntField()
        meta = {
            "allow_inheritance": True,
            "indexes": [[("n", 1)], ["age", ("n", -1)]],
        }

    assert index_fields(Paired) == [
        [("_cls", 1), ("n", 1)],
        [("_cls", 1), ("age", 1), ("n", -1)],
    ]


def test_an_index_of_a_grandparent_is_listed_once() -> None:
    class Old(Document):
        name = StringField()
        meta = {"allow_inheritance": True, "indexes": ["name"]}

    class Middle(Old):
        pass

    class Young(Middle):
        pass

    assert index_fields(Young) == [[("_cls", 1), ("name", 1)]]


def test_a_unique_field_of_an_embedded_document_is_indexed_by_its_stored_path() -> None:
    assert [field for spec in Tower._unique_with_indexes() for field in spec["fields"]] == [
        ("w.b.c", 1),
        ("f.c", 1),
    ]


def test_a_list_of_embedded_documents_creates_at_any_depth() -> None:
    document = tower(w={"b": []}, ws={"north": {"b": []}})

    assert document.wall.bricks.create(code="x").code == "x"
    document.walls["north"].bricks.create(code="y")
    assert document._delta() == (
        {"w.b": [{"c": "x"}], "ws.north.b": [{"c": "y"}]},
        {},
    )


def test_a_document_given_to_untyped_containers_stays_a_document() -> None:
    held = Tower(id=KEY)
    holder = Tower(notes={"held": held}, anything=[held])

    assert holder._data["notes"]["held"] is held
    assert holder.to_mongo()["notes"]["held"]["_cls"] == "Tower"
    assert holder.to_mongo()["anything"][0]["_ref"] == held.to_dbref()


def test_a_container_taken_from_another_document_reports_to_the_new_owner() -> None:
    old, new = tower(anything=[1]), tower()
    new.other = old.anything
    new._clear_changed_fields()
    new.other.append(2)

    assert (new._get_changed_fields(), old._get_changed_fields()) == (["other"], [])
    assert old.anything == [1]


def test_nested_containers_of_dynamic_documents_report_the_full_path() -> None:
    document = Loose._from_son({"_id": KEY, "data": {"deep": {"list": [1, {"k": 1}]}}})
    document.data["deep"]["list"][1]["k"] = 2

    assert document._delta() == ({"data.deep.list.1.k": 2}, {})


def test_replacing_a_dict_in_place_with_or_is_noticed() -> None:
    document = tower(notes={"a": 1})
    document.notes |= {"b": 2}

    assert document._delta() == ({"notes": {"a": 1, "b": 2}}, {})


def test_bytes_in_untyped_data_stay_bytes() -> None:
    assert Tower(anything=[b"ab"], notes={"k": b"cd"}).to_mongo()["anything"] == [b"ab"]
    assert tower(notes={"k": b"cd"}).to_mongo()["notes"] == {"k": b"cd"}


def test_an_object_id_of_none_stays_none() -> None:
    assert Tower._fields["token"].to_python(None) is None
    assert "token" not in Tower(token=None).to_mongo()


def test_push_all_at_a_position_is_what_servers_understand() -> None:
    assert transform.update(Tower, push_all__anything__1=[7, 8]) == {
        "$push": {"anything": {"$each": [7, 8], "$position": 1}}
    }


def test_an_update_key_of_three_parts_without_an_operator_is_refused() -> None:
    with pytest.raises(InvalidQueryError):
        transform.update(Tower, wall__bricks__size=1)


def test_the_meta_of_a_mixin_does_not_replace_that_of_the_classes_between() -> None:
    class Sized:
        meta = {"indexes": ["size"], "of_mixin": True}
        size = IntField()

    class Parent(Document, Sized):
        meta = {"allow_inheritance": True, "indexes": ["name"], "of_parent": True}
        name = StringField()

    class Child(Parent):
        pass

    assert Child._meta["of_parent"]
    assert Child._meta["of_mixin"]
    assert index_fields(Child) == [[("_cls", 1), ("size", 1)], [("_cls", 1), ("name", 1)]]


def test_a_field_called_id_that_is_not_the_key_takes_its_own_values() -> None:
    class Numbered(Document):
        id = StringField()

    assert Numbered(id="a").to_mongo() == {"id": "a"}
    assert Numbered(id="a").pk is None


def test_no_dereference_and_the_plain_way_share_the_fields_of_the_class() -> None:
    document = Tower._from_son({"_id": KEY}, _auto_dereference=False)

    assert document._fields is Tower._fields


# Kept


def test_a_subclass_may_take_a_database_name_of_its_parent() -> None:
    class Plain(Document):
        a = StringField(db_field="x")
        meta = {"allow_inheritance": True}

    class Doubled(Plain):
        b = StringField(db_field="x")

    assert Doubled._db_field_map["a"] == Doubled._db_field_map["b"] == "x"


def test_two_concrete_parents_are_named_from_the_last_to_the_first() -> None:
    class Left(Document):
        meta = {"allow_inheritance": True}

    class Right(Document):
        meta = {"allow_inheritance": True}

    class Both(Left, Right):
        pass

    assert Both._class_name == "Right.Left.Both"
    assert Both._superclasses == ("Left",)
    assert Both._get_collection_name() == "left"


def test_the_meta_given_in_a_class_body_is_told_that_the_class_is_not_abstract() -> None:
    given: dict[str, Any] = {"strict": False}
    type(Document)("Given", (Document,), {"__module__": __name__, "meta": given})

    assert given == {"strict": False, "abstract": False}


def test_marking_a_path_by_a_deeper_model_name_stores_nothing() -> None:
    document = tower(f=[{"c": "x"}])
    document._mark_as_changed("floors.0.code")

    assert document._delta() == ({}, {"f.0.code": 1})


def test_assigning_an_equal_value_is_no_change() -> None:
    document = tower(n="a", notes={"k": 1})
    document.name = "a"
    document.notes["k"] = 1

    assert document._delta() == ({}, {})


def test_deleting_a_missing_key_of_a_dict_marks_it_all_the_same() -> None:
    document = tower(notes={"k": 1})
    with pytest.raises(KeyError):
        del document.notes["nothing"]

    assert document._delta() == ({}, {"notes.nothing": 1})


def test_a_slice_of_a_list_is_a_plain_list_of_the_items_themselves() -> None:
    document = tower(anything=[{"k": [1]}])

    assert type(document.anything[:]) is list
    assert document.anything[:][0] is document.anything[0]
    assert next(iter(document.anything)) is document.anything[0]


def test_the_key_is_not_converted_when_given_as_pk() -> None:
    assert Tower(pk=str(KEY)).pk == str(KEY)
    assert Tower(id=str(KEY)).pk == KEY


def test_model_names_beside_the_stored_key_when_asked_for() -> None:
    assert Tower(id=KEY).to_mongo(use_db_field=False) == {
        "_id": KEY,
        "id": KEY,
        "walls": {},
        "floors": [],
        "notes": {},
        "anything": [],
        "other": [],
    }


def test_values_of_some_update_operators_are_passed_as_they_are() -> None:
    assert transform.update(Tower, max__wall__bricks="x", rename__name="y", mul__floors="z") == {
        "$max": {"w.b": "x"},
        "$rename": {"n": "y"},
        "$mul": {"f": "z"},
    }


def test_multi_geo_fields_get_no_automatic_index() -> None:
    class Spots(Document):
        point = PointField()
        points = MultiPointField()
        many = ListField(PointField())

    assert [spec["fields"] for spec in Spots._geo_indices()] == [[("point", "2dsphere")]]


def test_plain_data_in_a_dynamic_field_of_an_ordinary_class_is_not_tracked() -> None:
    document = tower(dynamic={"a": [1]})
    document.dynamic["a"].append(2)
    assert document._delta() == ({}, {})

    document.dynamic = {"a": [1, 2, 3]}
    assert document._delta() == ({"dynamic": {"a": [1, 2, 3]}}, {})


def test_embedded_documents_in_a_list_of_a_dynamic_field_load_as_plain_data() -> None:
    stored = Tower(dynamic=[Brick(size=1)]).to_mongo()["dynamic"]
    assert stored == [{"size": 1, "_cls": "Brick"}]

    assert tower(dynamic=stored).dynamic == [{"size": 1, "_cls": "Brick"}]


def test_a_key_given_to_the_constructor_makes_a_new_document_one_set_later_a_stored_one() -> None:
    given, later = Tower(id=KEY), Tower()
    later.id = KEY

    assert (given._created, later._created) == (True, False)


def test_a_wrong_class_name_given_to_the_constructor_is_stored() -> None:
    class Named(Document):
        meta = {"allow_inheritance": True}

    assert Named(_cls="Elsewhere").to_mongo() == {"_cls": "Elsewhere"}


def test_an_embedded_document_without_fields_is_falsy() -> None:
    class Empty(EmbeddedDocument):
        pass

    assert not Empty()
    assert Brick()


def test_the_hash_of_a_document_changes_when_it_gets_its_key() -> None:
    document = Tower()
    before = hash(document)
    document.id = KEY

    assert hash(document) == hash(KEY) != before


def test_methods_and_attributes_are_in_a_document_and_none_is_not() -> None:
    document = Tower(name="a")

    assert "name" in document
    assert "save" in document
    assert "token" not in document
    assert "nothing" not in document
    with pytest.raises(KeyError):
        document["save"]


@pytest.mark.parametrize(("name", "value"), [("size", "x"), ("weight", "x"), ("token", "x")])
def test_a_value_of_the_wrong_kind_in_a_query_raises_what_its_conversion_raises(
    name: str, value: Any
) -> None:
    class Weighed(Document):
        size = IntField()
        weight = FloatField()
        token = UUIDField()

    with pytest.raises(ValueError):  # noqa: PT011 - the text is Python's
        transform.query(Weighed, **{name: value})


def test_an_option_of_a_field_may_not_be_named_like_an_attribute_of_it() -> None:
    with pytest.raises(
        TypeError, match=r"^StringField already has attribute\(s\): name, validate$"
    ):
        StringField(validate=1, name=2)


def test_a_time_limit_survives_later_filters() -> None:
    queryset = Tower.objects.max_time_ms(5).filter(name="x")

    assert queryset._find_options()["max_time_ms"] == 5
