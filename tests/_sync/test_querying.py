# Generated from tests/_async/test_querying.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Finding documents: conditions, windows, order, projection, options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymongo
import pytest
from bson import ObjectId
from pymongo import ReadPreference

from mongoengine.connection import connect, disconnect
from mongoengine.errors import (
    DoesNotExist,
    FieldDoesNotExist,
    InvalidDocumentError,
    InvalidQueryError,
    LookUpError,
    MultipleObjectsReturned,
    OperationError,
)
from mongoengine.queryset import Q
from tests.commands import CommandLog
from tests.models import (
    Circle,
    House,
    Loose,
    Measurement,
    Page,
    Person,
    Polygon,
    Race,
    Shape,
    Square,
    Street,
)


@pytest.fixture
def people() -> None:
    Person.objects.insert(
        [
            Person(name="Ada", age=36, town="London", languages=["en", "fr"]),
            Person(name="Grace", age=85, town="Arlington", languages=["en"]),
            Person(name="Ida", age=17),
        ]
    )


@pytest.fixture
def numbers() -> None:
    Measurement.objects.insert([Measurement(n=n) for n in range(10)])


@pytest.fixture
def shapes() -> None:
    for shape in (Shape(name="s"), Circle(name="c"), Polygon(name="p"), Square(name="q")):
        shape.save()


def names(queryset: Any) -> list[str]:
    return [document.name for document in queryset.to_list()]


def values(queryset: Any) -> list[int]:
    return [document.n for document in queryset.to_list()]


# Conditions


@pytest.mark.usefixtures("people")
def test_documents_are_found_by_the_values_of_their_fields() -> None:
    assert names(Person.objects(name="Ada")) == ["Ada"]
    assert names(Person.objects(town="London")) == ["Ada"]
    assert names(Person.objects(age__gt=20, age__lt=50)) == ["Ada"]
    assert names(Person.objects(languages="en")) == ["Ada", "Grace"]
    assert names(Person.objects(languages__0="en", languages__size=1)) == ["Grace"]
    assert names(Person.objects(name__in=["Ida", "Ada"])) == ["Ada", "Ida"]
    assert names(Person.objects(name__istartswith="i")) == ["Ida"]
    assert names(Person.objects(age=5)) == []


@pytest.mark.usefixtures("people")
def test_conditions_of_several_calls_are_all_met() -> None:
    assert names(Person.objects(age__gt=20).filter(languages="fr")) == ["Ada"]
    assert names(Person.objects.filter(Q(name="Ada") | Q(name="Ida"), age=17)) == ["Ida"]
    assert names(Person.objects(name="Ada").filter(name="Grace")) == []


@pytest.mark.usefixtures("people")
def test_a_chain_leaves_the_queryset_it_began_with_alone() -> None:
    everyone = Person.objects
    adults = everyone.filter(age__gte=18)

    assert everyone.count() == 3
    assert adults.count() == 2
    assert adults.order_by("-age").only("name").limit(1).count() == 2
    assert names(adults) == ["Ada", "Grace"]


def test_embedded_documents_are_searched_by_their_database_names() -> None:
    House(label="a", street=Street(name="Elm", number=1)).save()
    House(label="b", neighbours=[Street(name="Oak"), Street(name="Elm")]).save()

    assert House.objects(street__name="Elm").get().label == "a"
    assert House.objects(neighbours__name="Elm").get().label == "b"
    assert House.objects(neighbours__1__name="Elm").get().label == "b"
    assert House.objects(street=Street(name="Elm", number=1)).get().label == "a"


def test_a_condition_on_a_name_that_is_no_field_fails_when_it_is_sent() -> None:
    queryset = Person.objects(nickname="x")

    with pytest.raises(InvalidQueryError, match=r'^Cannot resolve field "nickname"$'):
        queryset.first()


def test_a_condition_must_be_a_keyword_or_a_q_object() -> None:
    with pytest.raises(
        InvalidQueryError,
        match=r"^Not a query object: Ada\. Did you intend to use key=value\?$",
    ):
        Person.objects("Ada")


@pytest.mark.usefixtures("people")
def test_a_condition_in_javascript_uses_the_stored_names() -> None:
    assert names(Person.objects.where("this[~town] == 'London'")) == ["Ada"]
    assert names(Person.objects(age__lt=50).where("this[~age] > 20")) == ["Ada"]
    assert Person.objects.where("this[~age] > 50").first().name == "Grace"
    with pytest.raises(Person.DoesNotExist):
        Person.objects.where("this[~age] > 100").get()


@pytest.mark.usefixtures("people")
def test_a_queryset_of_nothing_finds_nothing_and_asks_nobody(commands: CommandLog) -> None:
    Person.objects.first()
    commands.clear()
    nothing = Person.objects.none()

    assert nothing.to_list() == []
    assert [person for person in nothing] == []
    assert nothing.first() is None
    assert nothing.count() == 0
    assert nothing.exists() is False
    assert nothing.filter(name="Ada").order_by("name").first() is None
    with pytest.raises(Person.DoesNotExist):
        nothing.get()

    assert commands.names == []


def test_conditions_in_the_servers_own_form_are_sent_as_they_are(
    people: None, commands: CommandLog
) -> None:
    Person.objects.first()
    commands.clear()

    assert names(Person.objects(__raw__={"t": "London"}, age__gt=20)) == ["Ada"]

    assert commands.only("find")["filter"] == {"t": "London", "age": {"$gt": 20}}


@pytest.mark.usefixtures("people")
def test_a_manager_gives_the_queryset_its_function_makes() -> None:
    Race(name="a", points=12).save()
    Race(name="b", points=2).save()

    assert names(Race.won) == ["a"]
    assert Race.won.filter(name="b").first() is None


# Hierarchies


@pytest.mark.usefixtures("shapes")
def test_a_class_finds_its_own_documents_and_those_of_its_subclasses() -> None:
    assert [type(shape) for shape in Shape.objects.to_list()] == [
        Shape,
        Circle,
        Polygon,
        Square,
    ]
    assert names(Polygon.objects) == ["p", "q"]
    assert names(Square.objects) == ["q"]
    assert Circle.objects.count() == 1
    assert Polygon.objects(name="c").first() is None


@pytest.mark.usefixtures("shapes")
def test_the_class_filter_can_be_narrowed_and_dropped() -> None:
    assert names(Polygon.objects.no_sub_classes()) == ["p"]
    assert names(Square.objects.clear_cls_query()) == ["s", "c", "p", "q"]
    assert names(Shape.objects(__raw__={"_cls": "Shape.Circle"})) == ["c"]
    assert names(Polygon.objects(__raw__={"_cls": "Shape.Circle"})) == []


@pytest.mark.usefixtures("shapes")
def test_fields_of_subclasses_can_be_asked_for_and_loaded() -> None:
    Square.objects.update(set__side=3)

    (square,) = Shape.objects(side=3).only("name", "side").to_list()

    assert type(square) is Square
    assert (square.name, square.side, square.corners) == ("q", 3, None)


# Getting


@pytest.mark.usefixtures("people")
def test_get_returns_the_only_match(commands: CommandLog) -> None:
    commands.clear()

    ada = Person.objects.get(name="Ada")

    assert (ada.name, ada.age, ada.town, ada.languages) == ("Ada", 36, "London", ["en", "fr"])
    assert commands.only("find")["limit"] == 2
    assert Person.objects.get(pk=ada.pk) == ada
    assert Person.objects.get(id=str(ada.id)) == ada
    assert Person.objects(age__gt=20).get(Q(languages="fr")).name == "Ada"


@pytest.mark.usefixtures("people")
def test_get_refuses_none_and_several_with_the_exceptions_of_the_class() -> None:
    with pytest.raises(
        Person.DoesNotExist, match=r"^Person matching query does not exist\.$"
    ) as missing:
        Person.objects.get(name="Nobody")
    with pytest.raises(
        Person.MultipleObjectsReturned, match=r"^2 or more items returned, instead of 1$"
    ) as several:
        Person.objects.get(languages="en")

    assert isinstance(missing.value, DoesNotExist)
    assert isinstance(several.value, MultipleObjectsReturned)
    assert not isinstance(missing.value, Race.DoesNotExist)


@pytest.mark.usefixtures("shapes")
def test_the_exceptions_of_a_subclass_are_those_of_its_parent() -> None:
    with pytest.raises(
        Shape.DoesNotExist, match=r"^Shape\.Polygon\.Square matching query does not exist\.$"
    ):
        Square.objects.get(name="none")


@pytest.mark.usefixtures("numbers")
def test_first_is_the_first_in_order_and_inside_the_window() -> None:
    assert Measurement.objects.order_by("-n").first().n == 9
    assert Measurement.objects.order_by("n").skip(3).first().n == 3
    assert Measurement.objects.order_by("n")[4:6].first().n == 4
    assert Measurement.objects(n=50).first() is None
    assert Measurement.objects[:0].first() is None


@pytest.mark.usefixtures("numbers")
def test_existence_is_asked_for_without_loading_a_document(commands: CommandLog) -> None:
    Measurement.objects.first()
    commands.clear()

    assert Measurement.objects(n=3).exists() is True
    assert Measurement.objects(n=30).exists() is False

    first, second = commands.of("find")
    assert first["limit"] == second["limit"] == 1
    assert dict(first["projection"]) == {"_id": 1}
    assert Measurement.objects.skip(9).exists() is True
    assert Measurement.objects.skip(10).exists() is False


# Counting


@pytest.mark.usefixtures("numbers")
def test_a_count_ignores_the_window_unless_told_otherwise() -> None:
    queryset = Measurement.objects(n__gte=2)

    assert queryset.count() == 8
    assert queryset.skip(1).limit(3).count() == 8
    assert queryset.skip(1).limit(3).count(with_limit_and_skip=True) == 3
    assert queryset.skip(7).count(with_limit_and_skip=True) == 1
    assert queryset[2:4].count(True) == 2


@pytest.mark.usefixtures("numbers")
def test_a_limit_of_zero_and_an_empty_slice_count_none() -> None:
    assert Measurement.objects.limit(0).count() == 0
    assert Measurement.objects[:0].count() == 0
    assert Measurement.objects[3:3].count(with_limit_and_skip=True) == 0
    assert Measurement.objects[:0].limit(3).count(with_limit_and_skip=True) == 3


@pytest.mark.usefixtures("numbers")
def test_a_count_without_conditions_is_estimated(commands: CommandLog) -> None:
    Measurement.objects.first()
    commands.clear()

    assert Measurement.objects.count() == 10
    assert Measurement.objects(n__lt=3).count() == 3

    assert commands.names == ["count", "aggregate"]


@pytest.mark.usefixtures("numbers")
def test_a_count_within_the_window_is_kept(commands: CommandLog) -> None:
    queryset = Measurement.objects.limit(3)
    assert queryset.count(with_limit_and_skip=True) == 3
    Measurement.objects.delete()
    commands.clear()

    assert queryset.count(with_limit_and_skip=True) == 3
    assert commands.names == []
    assert queryset.clone().count(with_limit_and_skip=True) == 0


@pytest.mark.usefixtures("numbers")
def test_the_options_of_the_queryset_go_along_with_a_count(commands: CommandLog) -> None:
    Measurement.objects.first()
    commands.clear()

    queryset = Measurement.objects(n__gt=4).hint("_id_").comment("why").max_time_ms(9000)
    assert queryset.collation({"locale": "en"}).count() == 5

    command = commands.only("aggregate")
    assert (command["hint"], command["comment"], command["maxTimeMS"]) == ("_id_", "why", 9000)
    assert command["collation"] == {"locale": "en"}


# Windows


@pytest.mark.usefixtures("numbers")
def test_slices_limits_and_skips_choose_a_window() -> None:
    ordered = Measurement.objects.order_by("n")

    assert values(ordered[2:5]) == [2, 3, 4]
    assert values(ordered[7:]) == [7, 8, 9]
    assert values(ordered[:2]) == [0, 1]
    assert values(ordered[8:50]) == [8, 9]
    assert values(ordered[50:60]) == []
    assert values(ordered[2:2]) == []
    assert values(ordered[:0]) == []
    assert values(ordered.skip(8)) == [8, 9]
    assert values(ordered.skip(8).skip(None)) == list(range(10))
    assert values(ordered.limit(2)) == [0, 1]
    assert values(ordered.limit(0)) == list(range(10))
    assert values(ordered.skip(3).limit(2)) == [3, 4]


@pytest.mark.usefixtures("numbers")
def test_the_last_window_given_is_the_one_that_counts() -> None:
    ordered = Measurement.objects.order_by("n")

    assert values(ordered[1:9][2:4]) == [2, 3]
    assert values(ordered.skip(5)[:2]) == [0, 1]
    assert values(ordered[:0].limit(2)) == [0, 1]


# Order


@pytest.mark.usefixtures("people")
def test_documents_come_in_the_order_asked_for() -> None:
    assert names(Person.objects.order_by("age")) == ["Ida", "Ada", "Grace"]
    assert names(Person.objects.order_by("+age")) == ["Ida", "Ada", "Grace"]
    assert names(Person.objects.order_by("-age", "name")) == ["Grace", "Ada", "Ida"]
    assert names(Person.objects.order_by("-pk")) == ["Ida", "Grace", "Ada"]
    assert names(Person.objects.order_by("-town", "")) == ["Ada", "Grace", "Ida"]
    assert names(Person.objects.order_by(__raw__=[("t", -1)])) == ["Ada", "Grace", "Ida"]


def test_order_is_given_by_keys_or_in_the_servers_form() -> None:
    with pytest.raises(
        OperationError, match=r"^Can not use both keys and __raw__ with order_by\(\) $"
    ):
        Person.objects.order_by("name", __raw__=[("age", 1)])


def test_embedded_fields_and_unknown_names_can_be_sorted_by(commands: CommandLog) -> None:
    House.objects.first()
    commands.clear()

    House.objects.order_by("street__name", "-street.number", "whatever").to_list()

    assert dict(commands.only("find")["sort"]) == {"s.n": 1, "s.number": -1, "whatever": 1}


def test_a_class_can_have_a_default_order(commands: CommandLog) -> None:
    Race.objects.insert(
        [Race(name="a", points=1), Race(name="c", points=2), Race(name="b", points=2)]
    )

    assert names(Race.objects) == ["b", "c", "a"]
    assert Race.objects.first().name == "b"
    assert names(Race.objects.order_by("name")) == ["a", "b", "c"]
    assert names(Race.objects.order_by()) == ["a", "c", "b"]
    commands.clear()
    Race.objects.get(name="a")
    assert "sort" not in commands.only("find")


# Projection


@pytest.mark.usefixtures("people")
def test_only_some_fields_can_be_loaded() -> None:
    ada = Person.objects.only("name").only("town").get(name="Ada")

    assert (ada.id is not None, ada.name, ada.town) == (True, "Ada", "London")
    assert (ada.age, ada.languages) == (None, [])


@pytest.mark.usefixtures("people")
def test_fields_can_be_left_out() -> None:
    ada = Person.objects.exclude("town", "languages").get(name="Ada")
    assert (ada.name, ada.age, ada.town, ada.languages) == ("Ada", 36, None, [])

    ada = Person.objects.only("name", "age").exclude("age").get(name="Ada")
    assert (ada.name, ada.age, ada.town) == ("Ada", None, None)

    ada = Person.objects.only("name").all_fields().get(name="Ada")
    assert (ada.name, ada.age) == ("Ada", 36)


def test_parts_of_lists_and_embedded_documents_can_be_loaded() -> None:
    House(
        rooms=["hall", "bath", "attic"],
        street=Street(name="Elm", number=1),
        neighbours=[Street(name="Oak", number=2), Street(name="Ash", number=3)],
    ).save()

    assert House.objects.fields(slice__rooms=[1, 2]).first().rooms == [
        "bath",
        "attic",
    ]
    assert House.objects.fields(slice__rooms=-1).first().rooms == ["attic"]
    house = House.objects.only("street__name", "neighbours__number").first()
    assert (house.street.name, house.street.number) == ("Elm", None)
    assert [(near.name, near.number) for near in house.neighbours] == [(None, 2), (None, 3)]
    matching = House.objects.fields(elemMatch__neighbours={"n": "Ash"})
    assert [near.number for near in matching.first().neighbours] == [3]


def test_a_projection_of_a_name_that_is_no_field_is_refused_at_once() -> None:
    for project in (Person.objects.only, Person.objects.exclude, Person.objects.scalar):
        with pytest.raises(LookUpError, match=r'^Cannot resolve field "nickname"$'):
            project("nickname")


@pytest.mark.usefixtures("people")
def test_values_can_be_given_instead_of_documents() -> None:
    ordered = Person.objects.order_by("name")

    assert ordered.scalar("name").to_list() == ["Ada", "Grace", "Ida"]
    assert ordered.scalar("name", "town").to_list() == [
        ("Ada", "London"),
        ("Grace", "Arlington"),
        ("Ida", None),
    ]
    assert ordered.scalar("age").first() == 36
    assert ordered.values_list("age").get(name="Ida") == 17
    assert [name for name in ordered.scalar("name")] == ["Ada", "Grace", "Ida"]
    assert names(ordered.scalar("age").scalar()) == ["Ada", "Grace", "Ida"]


def test_values_of_embedded_documents_can_be_given() -> None:
    House(street=Street(name="Elm")).save()

    assert House.objects.scalar("street__name").first() == "Elm"


@pytest.mark.usefixtures("people")
def test_the_dicts_of_the_driver_can_be_given() -> None:
    raw = Person.objects.as_pymongo().get(name="Ada")

    assert type(raw) is dict
    assert {**raw, "_id": None} == {
        "_id": None,
        "name": "Ada",
        "age": 36,
        "t": "London",
        "languages": ["en", "fr"],
    }
    towns = Person.objects.only("town").as_pymongo().order_by("name").to_list()
    assert [set(raw) for raw in towns] == [{"_id", "t"}, {"_id", "t"}, {"_id"}]


# What comes back


def test_unknown_keys_of_a_strict_document_are_refused(database: Any) -> None:
    database["person"].insert_one({"name": "Ada", "shoe": 38})

    with pytest.raises(
        FieldDoesNotExist,
        match=r"""^The fields "\{'shoe'\}" do not exist on the document "Person"$""",
    ):
        Person.objects.first()


def test_unknown_keys_of_a_document_that_is_not_strict_are_kept(database: Any) -> None:
    database["loose"].insert_one({"name": "a", "other": [1]})

    document = Loose.objects.first()

    assert document.name == "a"
    assert document._data["other"] == [1]
    assert not hasattr(document, "other")


def test_a_value_a_field_cannot_convert_is_reported_with_its_field(database: Any) -> None:
    database["house"].insert_one({"s": "Elm"})

    with pytest.raises(
        InvalidDocumentError,
        match=r"^Invalid data to create a `House` instance\.\nField 'street' - The source SON",
    ):
        House.objects.first()


def test_a_loaded_document_is_not_new_and_has_no_changes(database: Any) -> None:
    database["house"].insert_one({"label": None})

    house = House.objects.first()

    assert not house._created
    assert house._get_changed_fields() == []
    assert (house.label, house.sizes, house.rooms, house.notes) == (None, [42], [], {})
    assert house._get_changed_fields() == []


# Text


@pytest.fixture
def pages() -> None:
    for title, body in (
        ("Coffee", "coffee, coffee and cake"),
        ("Tea", "tea beside the coffee"),
        ("Water", "water"),
    ):
        Page(title=title, body=body).save()


@pytest.mark.usefixtures("pages")
def test_a_text_is_found_with_its_score() -> None:
    found = Page.objects.search_text("coffee").order_by("$text_score").to_list()

    assert [page.title for page in found] == ["Coffee", "Tea"]
    assert found[0].get_text_score() > found[1].get_text_score() > 0
    assert Page.objects.search_text("coffee").count() == 2
    assert Page.objects(title="Tea").search_text("coffee", language="english").count() == 1


@pytest.mark.usefixtures("pages")
def test_a_score_is_there_only_if_it_was_asked_for() -> None:
    page = Page.objects.search_text("water", text_score=False).get()

    with pytest.raises(
        InvalidDocumentError, match=r"^This document is not originally built from a text query"
    ):
        page.get_text_score()


@pytest.mark.usefixtures("pages")
def test_a_document_found_by_a_text_saves_no_score(database: Any) -> None:
    page = Page.objects.search_text("water").get()

    page.body = "more water"
    page.save()

    found = database["page"].find_one({"_id": page.id})
    assert found == {"_id": page.id, "title": "Water", "body": "more water"}


def test_one_queryset_searches_one_text() -> None:
    with pytest.raises(
        OperationError, match=r"^It is not possible to use search_text two times\.$"
    ):
        Page.objects.search_text("a").search_text("b")


# Options


# Of PyMongo 4.13; later ones say nothing.
@pytest.mark.filterwarnings("ignore:use an explicit session with no_cursor_timeout:UserWarning")
@pytest.mark.usefixtures("numbers")
def test_options_of_a_queryset_are_sent(commands: CommandLog) -> None:
    Measurement.objects.first()
    commands.clear()

    queryset = Measurement.objects.hint([("_id", 1)]).comment("why").max_time_ms(9000)
    queryset = queryset.collation({"locale": "en"}).batch_size(4).allow_disk_use(True)
    queryset = queryset.timeout(False).order_by("-n").skip(1).limit(8)
    assert values(queryset) == [8, 7, 6, 5, 4, 3, 2, 1]

    command = commands.only("find")
    assert dict(command["hint"]) == {"_id": 1}
    assert (command["comment"], command["maxTimeMS"]) == ("why", 9000)
    assert (command["collation"], command["batchSize"]) == ({"locale": "en"}, 4)
    assert (command["allowDiskUse"], command["noCursorTimeout"]) == (True, True)
    assert (dict(command["sort"]), command["skip"], command["limit"]) == ({"n": -1}, 1, 8)
    assert len(commands.of("getMore")) == 1


@pytest.mark.usefixtures("numbers")
def test_options_survive_later_conditions(commands: CommandLog) -> None:
    Measurement.objects.first()
    commands.clear()

    Measurement.objects.max_time_ms(9000).comment("why").filter(n=1).first()

    command = commands.only("find")
    assert (command["maxTimeMS"], command["comment"]) == (9000, "why")


@pytest.mark.usefixtures("numbers")
def test_a_hint_can_be_taken_back(commands: CommandLog) -> None:
    Measurement.objects.first()
    commands.clear()

    Measurement.objects.hint("_id_").hint().first()

    assert "hint" not in commands.only("find")


@pytest.mark.usefixtures("numbers")
def test_concern_and_preference_of_reads_are_sent(commands: CommandLog) -> None:
    Measurement.objects.first()
    commands.clear()

    queryset = Measurement.objects.read_concern({"level": "majority"})
    queryset = queryset.read_preference(ReadPreference.SECONDARY_PREFERRED)
    assert queryset.exists()
    assert queryset.count() == 10

    find = commands.only("find")
    assert find["readConcern"]["level"] == "majority"
    assert find["$readPreference"]["mode"] == "secondaryPreferred"
    assert commands.only("count")["$readPreference"]["mode"] == "secondaryPreferred"


def test_options_of_the_wrong_type_are_refused_at_once() -> None:
    with pytest.raises(TypeError, match="is not a read preference"):
        Measurement.objects.read_preference("primary")
    with pytest.raises(TypeError, match=r"^'majority' is not a valid read concern\.$"):
        Measurement.objects.read_concern("majority")
    with pytest.raises(TypeError):
        Measurement.objects.max_time_ms("soon")
    with pytest.raises(TypeError):
        Measurement.objects.where({"n": 1})


# Places


@pytest.fixture
def second(mongodb_uri: str) -> Iterator[Any]:
    """The database of a second alias."""
    client = connect(
        "mongoengine_tests_second", alias="second", host=mongodb_uri, uuidRepresentation="standard"
    )
    yield client["mongoengine_tests_second"]
    client.drop_database("mongoengine_tests_second")
    disconnect("second")


@pytest.mark.usefixtures("numbers")
def test_a_queryset_can_look_into_the_database_of_another_alias(second: Any) -> None:
    there = Measurement.objects(n__gt=1).using("second")
    assert there.count() == 0

    second["measurement"].insert_many([{"n": 1}, {"n": 2}])

    assert values(there) == [2]
    assert there.update(inc__n=1) == 1
    assert there.delete() == 1
    assert [raw["n"] for raw in second["measurement"].find().to_list()] == [1]
    assert Measurement.objects.count() == 10


def test_a_document_created_through_a_queryset_belongs_where_that_looks(
    database: Any, second: Any
) -> None:
    created = Measurement.objects.using("second").create(n=1)
    created.n = 2
    created.save()
    created.reload()
    created.update(inc__n=5)

    assert second["measurement"].find().to_list() == [{"_id": created.id, "n": 7}]
    assert database["measurement"].count_documents({}) == 0
    created.delete()
    assert second["measurement"].count_documents({}) == 0


def test_a_queryset_can_be_made_of_a_collection_of_the_drivers(database: Any) -> None:
    database["elsewhere"].insert_one({"_id": ObjectId(), "n": 5})
    queryset = type(Measurement.objects)(Measurement, database["elsewhere"])

    assert values(queryset) == [5]
    assert queryset.order_by("n").count() == 1
    assert isinstance(queryset.update(full_result=True, n=1), pymongo.results.UpdateResult)
