"""Index specifications: every form of ``meta["indexes"]`` and what fields ask for."""

from __future__ import annotations

from typing import Any

import pytest

from mongoengine.base.collection_options import capped_options, required_indexes, timeseries_options
from mongoengine.document import Document, EmbeddedDocument, includes_cls
from mongoengine.errors import LookUpError
from mongoengine.fields import (
    DictField,
    EmbeddedDocumentField,
    GeoPointField,
    IntField,
    ListField,
    PointField,
    StringField,
)


class Street(EmbeddedDocument):
    name = StringField(db_field="n")
    corner = PointField(db_field="c")


class Town(EmbeddedDocument):
    street = EmbeddedDocumentField(Street, db_field="s")
    middle = GeoPointField(db_field="m")


def specs(indexes: Any, **meta: Any) -> list[dict[str, Any]]:
    """Return the specifications of a class with these indexes."""

    class Indexed(Document):
        a = IntField(db_field="aa")
        b = StringField(db_field="bb")
        data = DictField(db_field="d")
        streets = ListField(EmbeddedDocumentField(Street), db_field="ss")

    body = {"__module__": __name__, "meta": {"indexes": indexes, **meta}}
    fields = {name: Indexed._fields[name] for name in ("a", "b", "data", "streets")}
    made: Any = type(Document)("Indexed", (Document,), {**body, **fields})
    found: list[dict[str, Any]] = made._meta["index_specs"]
    return found


@pytest.mark.parametrize(
    ("index", "keys"),
    [
        ("a", [("aa", 1)]),
        ("+a", [("aa", 1)]),
        ("-a", [("aa", -1)]),
        ("$b", [("bb", "text")]),
        ("#a", [("aa", "hashed")]),
        ("*a", [("aa", "2d")]),
        ("(a", [("aa", "2dsphere")]),
        ("pk", [("_id", 1)]),
        ("-id", [("_id", -1)]),
        ("_id", [("_id", 1)]),
        (("a", "-b"), [("aa", 1), ("bb", -1)]),
        (["a", "b"], [("aa", 1), ("bb", 1)]),
        ("streets.name", [("ss.n", 1)]),
        ("data.any.key", [("d.any.key", 1)]),
        ([("somewhere", "text")], [("somewhere", "text")]),
        ([("a", 1)], [("a", 1)]),
    ],
)
def test_an_index_names_fields_and_directions(index: Any, keys: Any) -> None:
    assert specs([index]) == [{"fields": keys}]


def test_options_beside_the_fields_are_kept() -> None:
    options = {"expireAfterSeconds": 3, "name": "old", "collation": {"locale": "en"}}

    assert specs([{"fields": ("a", "-b"), **options}]) == [
        {"fields": [("aa", 1), ("bb", -1)], **options}
    ]


def test_indexes_that_servers_no_longer_have_are_refused() -> None:
    with pytest.raises(NotImplementedError, match="geoHaystack"):
        specs([")a"])


def test_an_index_on_what_is_no_field_is_refused() -> None:
    with pytest.raises(LookUpError, match='Cannot resolve field "nothing"'):
        specs(["nothing"])


@pytest.mark.parametrize(
    ("index", "leads"),
    [
        ("a", True),
        ("$b", True),
        (("*b", "a"), True),
        (("a", "*b"), False),
        ("(a", False),
        ({"fields": ["a"], "sparse": True}, False),
        ({"fields": ["a"], "cls": False}, False),
        ({"fields": ["a"], "cls": True}, True),
        ({"fields": [("a", 1)]}, True),
    ],
)
def test_the_class_comes_first_where_queries_by_class_can_use_it(index: Any, leads: bool) -> None:
    (spec,) = specs([index], allow_inheritance=True)

    assert (spec["fields"][0] == ("_cls", 1)) is leads
    assert "cls" not in spec


def test_a_class_that_is_listed_is_not_added_again() -> None:
    for index in ("_cls", ("_cls", "a"), ("a", "_cls")):
        (spec,) = specs([index], allow_inheritance=True)
        assert [path for path, _ in spec["fields"]].count("_cls") == 1


def test_meta_can_leave_the_class_out_of_all_indexes_but_those_that_ask_for_it() -> None:
    assert specs(
        ["a", {"fields": ["b"], "cls": True}], allow_inheritance=True, index_cls=False
    ) == [{"fields": [("aa", 1)]}, {"fields": [("_cls", 1), ("bb", 1)]}]


def test_the_helper_tells_whether_an_index_begins_with_the_class() -> None:
    assert includes_cls([("_cls", 1), ("a", 1)])
    assert includes_cls(["_cls", "a"])
    assert not includes_cls([("a", 1), ("_cls", 1)])
    assert not includes_cls([])


def test_an_index_of_a_unique_field_lends_its_options_to_a_given_one() -> None:
    class Coded(Document):
        code = StringField(unique=True, sparse=True)
        meta = {"indexes": [{"fields": ["code"], "name": "by_code"}]}

    assert Coded._meta["index_specs"] == [
        {"fields": [("code", 1)], "name": "by_code", "unique": True, "sparse": True}
    ]


def test_geo_fields_are_indexed_by_their_stored_path_at_any_depth() -> None:
    class Map(Document):
        town = EmbeddedDocumentField(Town, db_field="t")
        place = PointField(db_field="p")
        hidden = PointField(auto_index=False)

    assert [spec["fields"] for spec in Map._geo_indices()] == [
        [("t.s.c", "2dsphere")],
        [("t.m", "2d")],
        [("p", "2dsphere")],
    ]


def joint_sparse(cls: Any) -> bool:
    (spec,) = cls._unique_with_indexes()
    assert len(spec["fields"]) == 2
    sparse: bool = spec["sparse"]
    return sparse


def test_a_joint_index_is_sparse_where_existing_databases_have_it_sparse() -> None:
    class Mixed:
        a = IntField()

    class Parent(Document):
        a = IntField()
        u = IntField(unique_with="a", sparse=True)
        meta = {"allow_inheritance": True}

    class Child(Parent):
        pass

    class Redeclaring(Parent):
        a = IntField()

    class Lent(Mixed, Document):
        u = IntField(unique_with="a")

    class Nested(Document):
        street = EmbeddedDocumentField(Street)
        u = IntField(unique_with=["street.name"])

    assert not joint_sparse(Parent)
    assert joint_sparse(Child)
    assert not joint_sparse(Redeclaring)
    assert joint_sparse(Lent)
    assert joint_sparse(Nested)


def test_the_options_of_meta_hold_for_every_index() -> None:
    class Many(Document):
        a = IntField()
        b = IntField()
        meta = {
            "indexes": ["a", {"fields": ["b"], "sparse": False}],
            "index_opts": {"sparse": True},
            "index_background": True,
        }

    assert list(required_indexes(Many)) == [
        ([("a", 1)], {"background": True, "sparse": True}),
        ([("b", 1)], {"background": True, "sparse": False}),
    ]


def test_the_class_is_indexed_alone_unless_an_index_begins_with_it() -> None:
    class Bare(Document):
        meta = {"allow_inheritance": True}

    class Led(Document):
        a = IntField()
        meta = {"allow_inheritance": True, "indexes": ["a"]}

    class Without(Document):
        meta = {"allow_inheritance": True, "index_cls": False}

    assert [keys for keys, _ in required_indexes(Bare)] == [[("_cls", 1)]]
    assert [keys for keys, _ in required_indexes(Led)] == [[("_cls", 1), ("a", 1)]]
    assert list(required_indexes(Without)) == []


def test_sizes_of_capped_collections_are_those_the_server_rounds_to() -> None:
    assert capped_options({"max_size": 5000}) == {"capped": True, "size": 5120}
    assert capped_options({"max_documents": 3}) == {"capped": True, "size": 10 * 2**20, "max": 3}
    assert capped_options({"max_size": None, "max_documents": None}) == {}


def test_the_expiry_of_a_time_series_stands_beside_its_options_and_meta_stays() -> None:
    meta = {"timeseries": {"timeField": "at", "metaField": "of", "expireAfterSeconds": 60}}

    for _ in range(2):
        assert timeseries_options(meta) == {
            "expireAfterSeconds": 60,
            "timeseries": {"timeField": "at", "metaField": "of"},
        }
    assert timeseries_options({}) == {}
