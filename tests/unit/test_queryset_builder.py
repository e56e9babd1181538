"""Building querysets: pure, connected to nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pymongo import ReadPreference
from pymongo.read_concern import ReadConcern

from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import InvalidQueryError, LookUpError, OperationError
from mongoengine.fields import EmbeddedDocumentField, IntField, ListField, StringField
from mongoengine.queryset import Q, QuerySet, QuerySetNoCache


class Lens(EmbeddedDocument):
    mm = IntField(db_field="m")


class Camera(Document):
    name = StringField(db_field="n")
    price = IntField()
    lens = EmbeddedDocumentField(Lens, db_field="l")
    lenses = ListField(EmbeddedDocumentField(Lens))


class Device(Document):
    meta = {"allow_inheritance": True, "ordering": ["-weight"]}

    weight = IntField(db_field="w")


class Phone(Device):
    number = StringField(db_field="nr")


class SmartPhone(Phone):
    pass


def cameras() -> QuerySet:
    # Not through the manager, which upstream MongoEngine connects.
    return QuerySet(Camera, None)


# State


def test_a_new_queryset_is_empty_handed() -> None:
    queryset = cameras()

    assert {
        name: getattr(queryset, name)
        for name in (
            "_where_clause",
            "_ordering",
            "_limit",
            "_skip",
            "_empty",
            "_none",
            "_hint",
            "_collation",
            "_batch_size",
            "_max_time_ms",
            "_comment",
            "_timeout",
            "_allow_disk_use",
            "_read_preference",
            "_read_concern",
            "_scalar",
            "_as_pymongo",
            "_search_text",
            "_cls_query",
            "_cursor_args",
        )
    } == {
        "_where_clause": None,
        "_ordering": None,
        "_limit": None,
        "_skip": None,
        "_empty": False,
        "_none": False,
        "_hint": -1,
        "_collation": None,
        "_batch_size": None,
        "_max_time_ms": None,
        "_comment": None,
        "_timeout": True,
        "_allow_disk_use": False,
        "_read_preference": None,
        "_read_concern": None,
        "_scalar": [],
        "_as_pymongo": False,
        "_search_text": None,
        "_cls_query": {},
        "_cursor_args": {},
    }
    assert queryset._query == {}


CHAINS: list[tuple[str, Any]] = [
    ("call", lambda queryset: queryset(price=1)),
    ("filter", lambda queryset: queryset.filter(price=1)),
    ("where", lambda queryset: queryset.where("true")),
    ("search_text", lambda queryset: queryset.search_text("a")),
    ("none", lambda queryset: queryset.none()),
    ("skip", lambda queryset: queryset.skip(1)),
    ("limit", lambda queryset: queryset.limit(1)),
    ("slice", lambda queryset: queryset[1:2]),
    ("order_by", lambda queryset: queryset.order_by("price")),
    ("only", lambda queryset: queryset.only("price")),
    ("exclude", lambda queryset: queryset.exclude("price")),
    ("fields", lambda queryset: queryset.fields(price=1)),
    ("all_fields", lambda queryset: queryset.all_fields()),
    ("scalar", lambda queryset: queryset.scalar("price")),
    ("as_pymongo", lambda queryset: queryset.as_pymongo()),
    ("no_dereference", lambda queryset: queryset.no_dereference()),
    ("hint", lambda queryset: queryset.hint("x")),
    ("collation", lambda queryset: queryset.collation({"locale": "en"})),
    ("batch_size", lambda queryset: queryset.batch_size(5)),
    ("timeout", lambda queryset: queryset.timeout(False)),
    ("allow_disk_use", lambda queryset: queryset.allow_disk_use(True)),
    ("clear_cls_query", lambda queryset: queryset.clear_cls_query()),
    ("all", lambda queryset: queryset.all()),
    ("clone", lambda queryset: queryset.clone()),
    ("deepcopy", copy.deepcopy),
]

SHOWN = (
    "_where_clause",
    "_ordering",
    "_limit",
    "_skip",
    "_empty",
    "_none",
    "_hint",
    "_collation",
    "_batch_size",
    "_timeout",
    "_allow_disk_use",
    "_scalar",
    "_as_pymongo",
    "_search_text",
    "_cls_query",
    "_cursor_args",
    "_query",
)


def state(queryset: Any) -> dict[str, Any]:
    return {name: copy.deepcopy(getattr(queryset, name)) for name in SHOWN}


@pytest.mark.parametrize("chain", [chain for _, chain in CHAINS], ids=[name for name, _ in CHAINS])
def test_a_chain_method_returns_a_copy(chain: Any) -> None:
    first = cameras().filter(name="a").order_by("name").limit(3)
    before = state(first)

    second = chain(first)

    assert second is not first
    assert type(second) is QuerySet
    assert state(first) == before


@pytest.mark.parametrize("chain", [chain for _, chain in CHAINS], ids=[name for name, _ in CHAINS])
def test_a_copy_remembers_what_was_said_before_it(chain: Any) -> None:
    said = chain(cameras())

    assert state(said.clone()) == state(said)
    assert state(copy.deepcopy(said)) == state(said)


def test_querysets_are_equal_to_themselves_only() -> None:
    queryset = cameras()

    assert queryset == queryset
    assert queryset != cameras()
    assert len({queryset, cameras()}) == 2


def test_a_queryset_can_be_copied_into_another_kind() -> None:
    queryset = cameras().filter(name="a").limit(2)

    target = queryset._clone_into(QuerySetNoCache(Camera, None))

    assert type(target) is QuerySetNoCache
    assert (target._query, target._limit) == ({"n": "a"}, 2)
    with pytest.raises(OperationError):
        queryset._clone_into(Camera)


# Conditions


def test_conditions_are_compiled_to_database_names() -> None:
    queryset = cameras().filter(name="a", lens__mm__gt=50).filter(Q(price=1) | Q(price=2))

    assert queryset._query == {
        "$and": [{"n": "a", "l.m": {"$gt": 50}}, {"$or": [{"price": 1}, {"price": 2}]}]
    }


def test_conditions_are_compiled_when_they_are_needed() -> None:
    queryset = cameras().filter(nothing=1)

    for _ in range(2):
        with pytest.raises(InvalidQueryError, match=r'^Cannot resolve field "nothing"$'):
            _ = queryset._query


def test_a_condition_must_be_a_q_object() -> None:
    with pytest.raises(
        InvalidQueryError,
        match=r"^Not a query object: 5\. Did you intend to use key=value\?$",
    ):
        cameras()(5)
    with pytest.raises(TypeError):
        cameras().filter(Q(price=1), Q(price=2))


def test_a_hierarchy_is_filtered_by_class() -> None:
    assert QuerySet(SmartPhone, None)._query == {"_cls": "Device.Phone.SmartPhone"}
    found = QuerySet(Phone, None)(weight=1)._query
    assert (found["w"], tuple(found["_cls"]["$in"])) == (
        1,
        ("Device.Phone", "Device.Phone.SmartPhone"),
    )


def test_a_class_filter_joins_a_condition_on_the_class() -> None:
    queryset = QuerySet(SmartPhone, None).filter(__raw__={"_cls": "Device"})

    assert queryset._query == {"$and": [{"_cls": "Device.Phone.SmartPhone"}, {"_cls": "Device"}]}


def test_the_class_filter_can_be_narrowed_and_dropped() -> None:
    assert QuerySet(Phone, None).no_sub_classes()._query == {"_cls": "Device.Phone"}
    assert QuerySet(Phone, None).clear_cls_query()._query == {}
    queryset = QuerySet(Phone, None)
    assert queryset.no_sub_classes() is queryset


def test_a_text_is_searched_beside_the_other_conditions() -> None:
    queryset = cameras().filter(price=1).search_text("old lens", language="english")

    assert queryset._query == {
        "price": 1,
        "$text": {"$search": "old lens", "$language": "english"},
    }
    assert queryset._cursor_args == {"projection": {"_text_score": {"$meta": "textScore"}}}
    assert cameras().search_text("a", text_score=False)._cursor_args == {}


def test_javascript_conditions_use_the_stored_names() -> None:
    queryset = cameras().where("this[~name] == 'a' && this[~lens.mm] > {{~price}}")

    assert queryset._where_clause == 'this["n"] == \'a\' && this["m"] > price'


# Window


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (slice(1, 3), (1, 2, False)),
        (slice(0, 3), (0, 3, False)),
        (slice(None, 3), (None, 3, False)),
        (slice(3, None), (3, None, False)),
        (slice(2, 2), (2, 0, True)),
        (slice(None, 0), (None, 0, True)),
    ],
)
def test_a_slice_is_a_window(window: slice, expected: tuple[Any, ...]) -> None:
    queryset = cameras()[window]

    assert (queryset._skip, queryset._limit, queryset._empty) == expected


def test_a_limit_lifts_an_empty_slice() -> None:
    queryset = cameras()[:0].limit(3)

    assert (queryset._limit, queryset._empty) == (3, False)


# Order


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("price",), [("price", 1)]),
        (("+price", "-name"), [("price", 1), ("n", -1)]),
        (("lens__mm", "-lens.mm"), [("l.m", 1), ("l.m", -1)]),
        (("pk", "-id"), [("_id", 1), ("_id", -1)]),
        (("", "price"), [("price", 1)]),
        (("unknown",), [("unknown", 1)]),
        (("$text_score",), [("_text_score", {"$meta": "textScore"})]),
        ((), []),
    ],
)
def test_an_order_is_translated(keys: tuple[str, ...], expected: list[Any]) -> None:
    assert cameras().order_by(*keys)._ordering == expected


def test_an_order_may_be_given_in_the_drivers_form() -> None:
    assert cameras().order_by(__raw__=[("n", -1)])._ordering == [("n", -1)]
    with pytest.raises(
        OperationError, match=r"^Can not use both keys and __raw__ with order_by\(\) $"
    ):
        cameras().order_by("name", __raw__=[("n", -1)])


# Projection


PROJECTIONS: list[tuple[Any, Any]] = [
    (lambda queryset: queryset.only("name"), {"n": 1}),
    (lambda queryset: queryset.only("name").only("price"), {"n": 1, "price": 1}),
    (lambda queryset: queryset.only("name", "price").exclude("price"), {"n": 1}),
    (lambda queryset: queryset.exclude("name"), {"n": 0}),
    (lambda queryset: queryset.exclude("name").exclude("price"), {"n": 0, "price": 0}),
    (lambda queryset: queryset.exclude("name").only("name", "price"), {"price": 1}),
    (lambda queryset: queryset.only("lens__mm"), {"l.m": 1}),
    (lambda queryset: queryset.only("lens.mm", "pk"), {"l.m": 1, "_id": 1}),
    (lambda queryset: queryset.fields(name=1, price=1), {"n": 1, "price": 1}),
    (lambda queryset: queryset.fields(name=0), {"n": 0}),
    (lambda queryset: queryset.fields(slice__lenses=[1, 2]), {"lenses": {"$slice": [1, 2]}}),
    (
        lambda queryset: queryset.fields(name=1, slice__lenses=-1),
        {"n": 1, "lenses": {"$slice": -1}},
    ),
    (
        lambda queryset: queryset.fields(elemMatch__lenses={"m": 1}),
        {"lenses": {"$elemMatch": {"m": 1}}},
    ),
    (lambda queryset: queryset.only("name").all_fields(), None),
    (lambda queryset: queryset.scalar("name", "price"), {"n": 1, "price": 1}),
    (lambda queryset: queryset.scalar("name").scalar(), None),
]


@pytest.mark.parametrize(("chain", "projection"), PROJECTIONS)
def test_a_projection_is_translated(chain: Any, projection: dict[str, Any] | None) -> None:
    assert chain(cameras())._cursor_args.get("projection") == projection


def test_the_class_is_always_loaded_where_there_are_subclasses() -> None:
    queryset = QuerySet(Device, None).only("weight", "number")

    assert queryset._cursor_args["projection"] == {"_cls": 1, "w": 1, "nr": 1}
    assert QuerySet(Device, None).only("weight").all_fields()._cursor_args == {}


@pytest.mark.parametrize("method", ["only", "exclude", "scalar", "values_list"])
def test_a_projection_of_a_name_that_is_no_field_is_refused(method: str) -> None:
    with pytest.raises(LookUpError, match=r'^Cannot resolve field "nothing"$'):
        getattr(cameras(), method)("nothing")


# Options


def test_options_of_a_cursor_are_there_only_when_they_were_set() -> None:
    assert cameras().timeout(False)._cursor_args == {"no_cursor_timeout": True}
    assert cameras().timeout(True).allow_disk_use(True)._cursor_args == {"allow_disk_use": True}
    assert cameras().hint("x")._hint == "x"
    assert cameras().hint("x").hint()._hint is None
    assert cameras().collation({"locale": "en"}).collation()._collation is None
    assert cameras().batch_size(7)._batch_size == 7


def test_concerns_and_preferences_of_reads_are_kept() -> None:
    queryset = cameras().read_preference(ReadPreference.SECONDARY)
    queryset = queryset.read_concern({"level": "majority"})

    assert queryset._read_preference == ReadPreference.SECONDARY
    assert queryset._read_concern == ReadConcern("majority")
    assert queryset.read_concern(None)._read_concern is None
    assert queryset.filter(price=1)._read_preference == ReadPreference.SECONDARY


def test_options_of_the_wrong_type_are_refused() -> None:
    with pytest.raises(TypeError, match=r"^'primary' is not a read preference$"):
        cameras().read_preference("primary")
    with pytest.raises(TypeError, match=r"^'majority' is not a valid read concern\.$"):
        cameras().read_concern("majority")
    with pytest.raises(TypeError):
        cameras().max_time_ms("soon")
    with pytest.raises(TypeError):
        cameras().where(5)


# What is sent


def test_a_find_has_all_options_that_were_set_and_no_others() -> None:
    assert cameras()._find_options() == {}

    queryset = cameras().order_by("-name").skip(2).limit(3).hint("x").comment("why")
    queryset = queryset.batch_size(7).max_time_ms(50).collation({"locale": "en"}).only("price")

    assert queryset._find_options() == {
        "projection": {"price": 1},
        "sort": [("n", -1)],
        "skip": 2,
        "limit": 3,
        "hint": "x",
        "comment": "why",
        "batch_size": 7,
        "max_time_ms": 50,
        "collation": {"locale": "en"},
    }


def test_the_default_order_is_sent_unless_another_was_asked_for() -> None:
    devices = QuerySet(Device, None)

    assert devices._find_options() == {"sort": [("w", -1)]}
    assert devices.order_by("weight")._find_options() == {"sort": [("w", 1)]}
    assert devices.order_by()._find_options() == {}


def test_a_javascript_condition_is_part_of_the_filter() -> None:
    queryset = cameras().filter(price=1).where("true")

    assert queryset._filter() == {"price": 1, "$where": "true"}
    assert queryset._query == {"price": 1}
    both = cameras().filter(__raw__={"$where": "a"}).where("b")
    assert both._filter() == {"$and": [{"$where": "a"}, {"$where": "b"}]}


def test_a_position_counts_from_the_start_of_the_window() -> None:
    assert cameras().skip(3)._one_from(2)._find_options() == {"skip": 5, "limit": 1}
    assert cameras()[2:4]._one_from(1)._find_options() == {"skip": 3, "limit": 1}
    assert cameras()[2:4]._one_from(2)._finds_nothing()


def test_an_empty_queryset_finds_nothing() -> None:
    assert cameras().none().filter(price=1)._finds_nothing()
    assert cameras()[:0]._finds_nothing()
    assert not cameras().limit(0)._finds_nothing()
