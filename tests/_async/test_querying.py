"""Finding documents: conditions, windows, order, projection, options."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pymongo
import pytest
import pytest_asyncio
from bson import ObjectId
from pymongo import ReadPreference

from mongoengine.connection import connect_async, disconnect_async
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


@pytest_asyncio.fixture
async def people() -> None:
    await Person.objects.async_insert(
        [
            Person(name="Ada", age=36, town="London", languages=["en", "fr"]),
            Person(name="Grace", age=85, town="Arlington", languages=["en"]),
            Person(name="Ida", age=17),
        ]
    )


@pytest_asyncio.fixture
async def numbers() -> None:
    await Measurement.objects.async_insert([Measurement(n=n) for n in range(10)])


@pytest_asyncio.fixture
async def shapes() -> None:
    for shape in (Shape(name="s"), Circle(name="c"), Polygon(name="p"), Square(name="q")):
        await shape.async_save()


async def names(queryset: Any) -> list[str]:
    return [document.name for document in await queryset.async_to_list()]


async def values(queryset: Any) -> list[int]:
    return [document.n for document in await queryset.async_to_list()]


# Conditions


@pytest.mark.usefixtures("people")
async def test_documents_are_found_by_the_values_of_their_fields() -> None:
    assert await names(Person.objects(name="Ada")) == ["Ada"]
    assert await names(Person.objects(town="London")) == ["Ada"]
    assert await names(Person.objects(age__gt=20, age__lt=50)) == ["Ada"]
    assert await names(Person.objects(languages="en")) == ["Ada", "Grace"]
    assert await names(Person.objects(languages__0="en", languages__size=1)) == ["Grace"]
    assert await names(Person.objects(name__in=["Ida", "Ada"])) == ["Ada", "Ida"]
    assert await names(Person.objects(name__istartswith="i")) == ["Ida"]
    assert await names(Person.objects(age=5)) == []


@pytest.mark.usefixtures("people")
async def test_conditions_of_several_calls_are_all_met() -> None:
    assert await names(Person.objects(age__gt=20).filter(languages="fr")) == ["Ada"]
    assert await names(Person.objects.filter(Q(name="Ada") | Q(name="Ida"), age=17)) == ["Ida"]
    assert await names(Person.objects(name="Ada").filter(name="Grace")) == []


@pytest.mark.usefixtures("people")
async def test_a_chain_leaves_the_queryset_it_began_with_alone() -> None:
    everyone = Person.objects
    adults = everyone.filter(age__gte=18)

    assert await everyone.async_count() == 3
    assert await adults.async_count() == 2
    assert await adults.order_by("-age").only("name").limit(1).async_count() == 2
    assert await names(adults) == ["Ada", "Grace"]


async def test_embedded_documents_are_searched_by_their_database_names() -> None:
    await House(label="a", street=Street(name="Elm", number=1)).async_save()
    await House(label="b", neighbours=[Street(name="Oak"), Street(name="Elm")]).async_save()

    assert (await House.objects(street__name="Elm").async_get()).label == "a"
    assert (await House.objects(neighbours__name="Elm").async_get()).label == "b"
    assert (await House.objects(neighbours__1__name="Elm").async_get()).label == "b"
    assert (await House.objects(street=Street(name="Elm", number=1)).async_get()).label == "a"


async def test_a_condition_on_a_name_that_is_no_field_fails_when_it_is_sent() -> None:
    queryset = Person.objects(nickname="x")

    with pytest.raises(InvalidQueryError, match=r'^Cannot resolve field "nickname"$'):
        await queryset.async_first()


async def test_a_condition_must_be_a_keyword_or_a_q_object() -> None:
    with pytest.raises(
        InvalidQueryError,
        match=r"^Not a query object: Ada\. Did you intend to use key=value\?$",
    ):
        Person.objects("Ada")


@pytest.mark.usefixtures("people")
async def test_a_condition_in_javascript_uses_the_stored_names() -> None:
    assert await names(Person.objects.where("this[~town] == 'London'")) == ["Ada"]
    assert await names(Person.objects(age__lt=50).where("this[~age] > 20")) == ["Ada"]
    assert (await Person.objects.where("this[~age] > 50").async_first()).name == "Grace"
    with pytest.raises(Person.DoesNotExist):
        await Person.objects.where("this[~age] > 100").async_get()


@pytest.mark.usefixtures("people")
async def test_a_queryset_of_nothing_finds_nothing_and_asks_nobody(commands: CommandLog) -> None:
    await Person.objects.async_first()
    commands.clear()
    nothing = Person.objects.none()

    assert await nothing.async_to_list() == []
    assert [person async for person in nothing] == []
    assert await nothing.async_first() is None
    assert await nothing.async_count() == 0
    assert await nothing.async_exists() is False
    assert await nothing.filter(name="Ada").order_by("name").async_first() is None
    with pytest.raises(Person.DoesNotExist):
        await nothing.async_get()

    assert commands.names == []


async def test_conditions_in_the_servers_own_form_are_sent_as_they_are(
    people: None, commands: CommandLog
) -> None:
    await Person.objects.async_first()
    commands.clear()

    assert await names(Person.objects(__raw__={"t": "London"}, age__gt=20)) == ["Ada"]

    assert commands.only("find")["filter"] == {"t": "London", "age": {"$gt": 20}}


@pytest.mark.usefixtures("people")
async def test_a_manager_gives_the_queryset_its_function_makes() -> None:
    await Race(name="a", points=12).async_save()
    await Race(name="b", points=2).async_save()

    assert await names(Race.won) == ["a"]
    assert await Race.won.filter(name="b").async_first() is None


# Hierarchies


@pytest.mark.usefixtures("shapes")
async def test_a_class_finds_its_own_documents_and_those_of_its_subclasses() -> None:
    assert [type(shape) for shape in await Shape.objects.async_to_list()] == [
        Shape,
        Circle,
        Polygon,
        Square,
    ]
    assert await names(Polygon.objects) == ["p", "q"]
    assert await names(Square.objects) == ["q"]
    assert await Circle.objects.async_count() == 1
    assert await Polygon.objects(name="c").async_first() is None


@pytest.mark.usefixtures("shapes")
async def test_the_class_filter_can_be_narrowed_and_dropped() -> None:
    assert await names(Polygon.objects.no_sub_classes()) == ["p"]
    assert await names(Square.objects.clear_cls_query()) == ["s", "c", "p", "q"]
    assert await names(Shape.objects(__raw__={"_cls": "Shape.Circle"})) == ["c"]
    assert await names(Polygon.objects(__raw__={"_cls": "Shape.Circle"})) == []


@pytest.mark.usefixtures("shapes")
async def test_fields_of_subclasses_can_be_asked_for_and_loaded() -> None:
    await Square.objects.async_update(set__side=3)

    (square,) = await Shape.objects(side=3).only("name", "side").async_to_list()

    assert type(square) is Square
    assert (square.name, square.side, square.corners) == ("q", 3, None)


# Getting


@pytest.mark.usefixtures("people")
async def test_get_returns_the_only_match(commands: CommandLog) -> None:
    commands.clear()

    ada = await Person.objects.async_get(name="Ada")

    assert (ada.name, ada.age, ada.town, ada.languages) == ("Ada", 36, "London", ["en", "fr"])
    assert commands.only("find")["limit"] == 2
    assert await Person.objects.async_get(pk=ada.pk) == ada
    assert await Person.objects.async_get(id=str(ada.id)) == ada
    assert (await Person.objects(age__gt=20).async_get(Q(languages="fr"))).name == "Ada"


@pytest.mark.usefixtures("people")
async def test_get_refuses_none_and_several_with_the_exceptions_of_the_class() -> None:
    with pytest.raises(
        Person.DoesNotExist, match=r"^Person matching query does not exist\.$"
    ) as missing:
        await Person.objects.async_get(name="Nobody")
    with pytest.raises(
        Person.MultipleObjectsReturned, match=r"^2 or more items returned, instead of 1$"
    ) as several:
        await Person.objects.async_get(languages="en")

    assert isinstance(missing.value, DoesNotExist)
    assert isinstance(several.value, MultipleObjectsReturned)
    assert not isinstance(missing.value, Race.DoesNotExist)


@pytest.mark.usefixtures("shapes")
async def test_the_exceptions_of_a_subclass_are_those_of_its_parent() -> None:
    with pytest.raises(
        Shape.DoesNotExist, match=r"^Shape\.Polygon\.Square matching query does not exist\.$"
    ):
        await Square.objects.async_get(name="none")


@pytest.mark.usefixtures("numbers")
async def test_first_is_the_first_in_order_and_inside_the_window() -> None:
    assert (await Measurement.objects.order_by("-n").async_first()).n == 9
    assert (await Measurement.objects.order_by("n").skip(3).async_first()).n == 3
    assert (await Measurement.objects.order_by("n")[4:6].async_first()).n == 4
    assert await Measurement.objects(n=50).async_first() is None
    assert await Measurement.objects[:0].async_first() is None


@pytest.mark.usefixtures("numbers")
async def test_existence_is_asked_for_without_loading_a_document(commands: CommandLog) -> None:
    await Measurement.objects.async_first()
    commands.clear()

    assert await Measurement.objects(n=3).async_exists() is True
    assert await Measurement.objects(n=30).async_exists() is False

    first, second = commands.of("find")
    assert first["limit"] == second["limit"] == 1
    assert dict(first["projection"]) == {"_id": 1}
    assert await Measurement.objects.skip(9).async_exists() is True
    assert await Measurement.objects.skip(10).async_exists() is False


# Counting


@pytest.mark.usefixtures("numbers")
async def test_a_count_ignores_the_window_unless_told_otherwise() -> None:
    queryset = Measurement.objects(n__gte=2)

    assert await queryset.async_count() == 8
    assert await queryset.skip(1).limit(3).async_count() == 8
    assert await queryset.skip(1).limit(3).async_count(with_limit_and_skip=True) == 3
    assert await queryset.skip(7).async_count(with_limit_and_skip=True) == 1
    assert await queryset[2:4].async_count(True) == 2


@pytest.mark.usefixtures("numbers")
async def test_a_limit_of_zero_and_an_empty_slice_count_none() -> None:
    assert await Measurement.objects.limit(0).async_count() == 0
    assert await Measurement.objects[:0].async_count() == 0
    assert await Measurement.objects[3:3].async_count(with_limit_and_skip=True) == 0
    assert await Measurement.objects[:0].limit(3).async_count(with_limit_and_skip=True) == 3


@pytest.mark.usefixtures("numbers")
async def test_a_count_without_conditions_is_estimated(commands: CommandLog) -> None:
    await Measurement.objects.async_first()
    commands.clear()

    assert await Measurement.objects.async_count() == 10
    assert await Measurement.objects(n__lt=3).async_count() == 3

    assert commands.names == ["count", "aggregate"]


@pytest.mark.usefixtures("numbers")
async def test_a_count_within_the_window_is_kept(commands: CommandLog) -> None:
    queryset = Measurement.objects.limit(3)
    assert await queryset.async_count(with_limit_and_skip=True) == 3
    await Measurement.objects.async_delete()
    commands.clear()

    assert await queryset.async_count(with_limit_and_skip=True) == 3
    assert commands.names == []
    assert await queryset.clone().async_count(with_limit_and_skip=True) == 0


@pytest.mark.usefixtures("numbers")
async def test_the_options_of_the_queryset_go_along_with_a_count(commands: CommandLog) -> None:
    await Measurement.objects.async_first()
    commands.clear()

    queryset = Measurement.objects(n__gt=4).hint("_id_").comment("why").max_time_ms(9000)
    assert await queryset.collation({"locale": "en"}).async_count() == 5

    command = commands.only("aggregate")
    assert (command["hint"], command["comment"], command["maxTimeMS"]) == ("_id_", "why", 9000)
    assert command["collation"] == {"locale": "en"}


# Windows


@pytest.mark.usefixtures("numbers")
async def test_slices_limits_and_skips_choose_a_window() -> None:
    ordered = Measurement.objects.order_by("n")

    assert await values(ordered[2:5]) == [2, 3, 4]
    assert await values(ordered[7:]) == [7, 8, 9]
    assert await values(ordered[:2]) == [0, 1]
    assert await values(ordered[8:50]) == [8, 9]
    assert await values(ordered[50:60]) == []
    assert await values(ordered[2:2]) == []
    assert await values(ordered[:0]) == []
    assert await values(ordered.skip(8)) == [8, 9]
    assert await values(ordered.skip(8).skip(None)) == list(range(10))
    assert await values(ordered.limit(2)) == [0, 1]
    assert await values(ordered.limit(0)) == list(range(10))
    assert await values(ordered.skip(3).limit(2)) == [3, 4]


@pytest.mark.usefixtures("numbers")
async def test_the_last_window_given_is_the_one_that_counts() -> None:
    ordered = Measurement.objects.order_by("n")

    assert await values(ordered[1:9][2:4]) == [2, 3]
    assert await values(ordered.skip(5)[:2]) == [0, 1]
    assert await values(ordered[:0].limit(2)) == [0, 1]


# Order


@pytest.mark.usefixtures("people")
async def test_documents_come_in_the_order_asked_for() -> None:
    assert await names(Person.objects.order_by("age")) == ["Ida", "Ada", "Grace"]
    assert await names(Person.objects.order_by("+age")) == ["Ida", "Ada", "Grace"]
    assert await names(Person.objects.order_by("-age", "name")) == ["Grace", "Ada", "Ida"]
    assert await names(Person.objects.order_by("-pk")) == ["Ida", "Grace", "Ada"]
    assert await names(Person.objects.order_by("-town", "")) == ["Ada", "Grace", "Ida"]
    assert await names(Person.objects.order_by(__raw__=[("t", -1)])) == ["Ada", "Grace", "Ida"]


async def test_order_is_given_by_keys_or_in_the_servers_form() -> None:
    with pytest.raises(
        OperationError, match=r"^Can not use both keys and __raw__ with order_by\(\) $"
    ):
        Person.objects.order_by("name", __raw__=[("age", 1)])


async def test_embedded_fields_and_unknown_names_can_be_sorted_by(commands: CommandLog) -> None:
    await House.objects.async_first()
    commands.clear()

    await House.objects.order_by("street__name", "-street.number", "whatever").async_to_list()

    assert dict(commands.only("find")["sort"]) == {"s.n": 1, "s.number": -1, "whatever": 1}


async def test_a_class_can_have_a_default_order(commands: CommandLog) -> None:
    await Race.objects.async_insert(
        [Race(name="a", points=1), Race(name="c", points=2), Race(name="b", points=2)]
    )

    assert await names(Race.objects) == ["b", "c", "a"]
    assert (await Race.objects.async_first()).name == "b"
    assert await names(Race.objects.order_by("name")) == ["a", "b", "c"]
    assert await names(Race.objects.order_by()) == ["a", "c", "b"]
    commands.clear()
    await Race.objects.async_get(name="a")
    assert "sort" not in commands.only("find")


# Projection


@pytest.mark.usefixtures("people")
async def test_only_some_fields_can_be_loaded() -> None:
    ada = await Person.objects.only("name").only("town").async_get(name="Ada")

    assert (ada.id is not None, ada.name, ada.town) == (True, "Ada", "London")
    assert (ada.age, ada.languages) == (None, [])


@pytest.mark.usefixtures("people")
async def test_fields_can_be_left_out() -> None:
    ada = await Person.objects.exclude("town", "languages").async_get(name="Ada")
    assert (ada.name, ada.age, ada.town, ada.languages) == ("Ada", 36, None, [])

    ada = await Person.objects.only("name", "age").exclude("age").async_get(name="Ada")
    assert (ada.name, ada.age, ada.town) == ("Ada", None, None)

    ada = await Person.objects.only("name").all_fields().async_get(name="Ada")
    assert (ada.name, ada.age) == ("Ada", 36)


async def test_parts_of_lists_and_embedded_documents_can_be_loaded() -> None:
    await House(
        rooms=["hall", "bath", "attic"],
        street=Street(name="Elm", number=1),
        neighbours=[Street(name="Oak", number=2), Street(name="Ash", number=3)],
    ).async_save()

    assert (await House.objects.fields(slice__rooms=[1, 2]).async_first()).rooms == [
        "bath",
        "attic",
    ]
    assert (await House.objects.fields(slice__rooms=-1).async_first()).rooms == ["attic"]
    house = await House.objects.only("street__name", "neighbours__number").async_first()
    assert (house.street.name, house.street.number) == ("Elm", None)
    assert [(near.name, near.number) for near in house.neighbours] == [(None, 2), (None, 3)]
    matching = House.objects.fields(elemMatch__neighbours={"n": "Ash"})
    assert [near.number for near in (await matching.async_first()).neighbours] == [3]


async def test_a_projection_of_a_name_that_is_no_field_is_refused_at_once() -> None:
    for project in (Person.objects.only, Person.objects.exclude, Person.objects.scalar):
        with pytest.raises(LookUpError, match=r'^Cannot resolve field "nickname"$'):
            project("nickname")


@pytest.mark.usefixtures("people")
async def test_values_can_be_given_instead_of_documents() -> None:
    ordered = Person.objects.order_by("name")

    assert await ordered.scalar("name").async_to_list() == ["Ada", "Grace", "Ida"]
    assert await ordered.scalar("name", "town").async_to_list() == [
        ("Ada", "London"),
        ("Grace", "Arlington"),
        ("Ida", None),
    ]
    assert await ordered.scalar("age").async_first() == 36
    assert await ordered.values_list("age").async_get(name="Ida") == 17
    assert [name async for name in ordered.scalar("name")] == ["Ada", "Grace", "Ida"]
    assert await names(ordered.scalar("age").scalar()) == ["Ada", "Grace", "Ida"]


async def test_values_of_embedded_documents_can_be_given() -> None:
    await House(street=Street(name="Elm")).async_save()

    assert await House.objects.scalar("street__name").async_first() == "Elm"


@pytest.mark.usefixtures("people")
async def test_the_dicts_of_the_driver_can_be_given() -> None:
    raw = await Person.objects.as_pymongo().async_get(name="Ada")

    assert type(raw) is dict
    assert {**raw, "_id": None} == {
        "_id": None,
        "name": "Ada",
        "age": 36,
        "t": "London",
        "languages": ["en", "fr"],
    }
    towns = await Person.objects.only("town").as_pymongo().order_by("name").async_to_list()
    assert [set(raw) for raw in towns] == [{"_id", "t"}, {"_id", "t"}, {"_id"}]


# What comes back


async def test_unknown_keys_of_a_strict_document_are_refused(database: Any) -> None:
    await database["person"].insert_one({"name": "Ada", "shoe": 38})

    with pytest.raises(
        FieldDoesNotExist,
        match=r"""^The fields "\{'shoe'\}" do not exist on the document "Person"$""",
    ):
        await Person.objects.async_first()


async def test_unknown_keys_of_a_document_that_is_not_strict_are_kept(database: Any) -> None:
    await database["loose"].insert_one({"name": "a", "other": [1]})

    document = await Loose.objects.async_first()

    assert document.name == "a"
    assert document._data["other"] == [1]
    assert not hasattr(document, "other")


async def test_a_value_a_field_cannot_convert_is_reported_with_its_field(database: Any) -> None:
    await database["house"].insert_one({"s": "Elm"})

    with pytest.raises(
        InvalidDocumentError,
        match=r"^Invalid data to create a `House` instance\.\nField 'street' - The source SON",
    ):
        await House.objects.async_first()


async def test_a_loaded_document_is_not_new_and_has_no_changes(database: Any) -> None:
    await database["house"].insert_one({"label": None})

    house = await House.objects.async_first()

    assert not house._created
    assert house._get_changed_fields() == []
    assert (house.label, house.sizes, house.rooms, house.notes) == (None, [42], [], {})
    assert house._get_changed_fields() == []


# Text


@pytest_asyncio.fixture
async def pages() -> None:
    for title, body in (
        ("Coffee", "coffee, coffee and cake"),
        ("Tea", "tea beside the coffee"),
        ("Water", "water"),
    ):
        await Page(title=title, body=body).async_save()


@pytest.mark.usefixtures("pages")
async def test_a_text_is_found_with_its_score() -> None:
    found = await Page.objects.search_text("coffee").order_by("$text_score").async_to_list()

    assert [page.title for page in found] == ["Coffee", "Tea"]
    assert found[0].get_text_score() > found[1].get_text_score() > 0
    assert await Page.objects.search_text("coffee").async_count() == 2
    assert (
        await Page.objects(title="Tea").search_text("coffee", language="english").async_count() == 1
    )


@pytest.mark.usefixtures("pages")
async def test_a_score_is_there_only_if_it_was_asked_for() -> None:
    page = await Page.objects.search_text("water", text_score=False).async_get()

    with pytest.raises(
        InvalidDocumentError, match=r"^This document is not originally built from a text query"
    ):
        page.get_text_score()


@pytest.mark.usefixtures("pages")
async def test_a_document_found_by_a_text_saves_no_score(database: Any) -> None:
    page = await Page.objects.search_text("water").async_get()

    page.body = "more water"
    await page.async_save()

    found = await database["page"].find_one({"_id": page.id})
    assert found == {"_id": page.id, "title": "Water", "body": "more water"}


async def test_one_queryset_searches_one_text() -> None:
    with pytest.raises(
        OperationError, match=r"^It is not possible to use search_text two times\.$"
    ):
        Page.objects.search_text("a").search_text("b")


# Options


# Of PyMongo 4.13; later ones say nothing.
@pytest.mark.filterwarnings("ignore:use an explicit session with no_cursor_timeout:UserWarning")
@pytest.mark.usefixtures("numbers")
async def test_options_of_a_queryset_are_sent(commands: CommandLog) -> None:
    await Measurement.objects.async_first()
    commands.clear()

    queryset = Measurement.objects.hint([("_id", 1)]).comment("why").max_time_ms(9000)
    queryset = queryset.collation({"locale": "en"}).batch_size(4).allow_disk_use(True)
    queryset = queryset.timeout(False).order_by("-n").skip(1).limit(8)
    assert await values(queryset) == [8, 7, 6, 5, 4, 3, 2, 1]

    command = commands.only("find")
    assert dict(command["hint"]) == {"_id": 1}
    assert (command["comment"], command["maxTimeMS"]) == ("why", 9000)
    assert (command["collation"], command["batchSize"]) == ({"locale": "en"}, 4)
    assert (command["allowDiskUse"], command["noCursorTimeout"]) == (True, True)
    assert (dict(command["sort"]), command["skip"], command["limit"]) == ({"n": -1}, 1, 8)
    assert len(commands.of("getMore")) == 1


@pytest.mark.usefixtures("numbers")
async def test_options_survive_later_conditions(commands: CommandLog) -> None:
    await Measurement.objects.async_first()
    commands.clear()

    await Measurement.objects.max_time_ms(9000).comment("why").filter(n=1).async_first()

    command = commands.only("find")
    assert (command["maxTimeMS"], command["comment"]) == (9000, "why")


@pytest.mark.usefixtures("numbers")
async def test_a_hint_can_be_taken_back(commands: CommandLog) -> None:
    await Measurement.objects.async_first()
    commands.clear()

    await Measurement.objects.hint("_id_").hint().async_first()

    assert "hint" not in commands.only("find")


@pytest.mark.usefixtures("numbers")
async def test_concern_and_preference_of_reads_are_sent(commands: CommandLog) -> None:
    await Measurement.objects.async_first()
    commands.clear()

    queryset = Measurement.objects.read_concern({"level": "majority"})
    queryset = queryset.read_preference(ReadPreference.SECONDARY_PREFERRED)
    assert await queryset.async_exists()
    assert await queryset.async_count() == 10

    find = commands.only("find")
    assert find["readConcern"]["level"] == "majority"
    assert find["$readPreference"]["mode"] == "secondaryPreferred"
    assert commands.only("count")["$readPreference"]["mode"] == "secondaryPreferred"


async def test_options_of_the_wrong_type_are_refused_at_once() -> None:
    with pytest.raises(TypeError, match="is not a read preference"):
        Measurement.objects.read_preference("primary")
    with pytest.raises(TypeError, match=r"^'majority' is not a valid read concern\.$"):
        Measurement.objects.read_concern("majority")
    with pytest.raises(TypeError):
        Measurement.objects.max_time_ms("soon")
    with pytest.raises(TypeError):
        Measurement.objects.where({"n": 1})


# Places


@pytest_asyncio.fixture
async def second(mongodb_uri: str) -> AsyncIterator[Any]:
    """The database of a second alias."""
    client = await connect_async(
        "mongoengine_tests_second", alias="second", host=mongodb_uri, uuidRepresentation="standard"
    )
    yield client["mongoengine_tests_second"]
    await client.drop_database("mongoengine_tests_second")
    await disconnect_async("second")


@pytest.mark.usefixtures("numbers")
async def test_a_queryset_can_look_into_the_database_of_another_alias(second: Any) -> None:
    there = Measurement.objects(n__gt=1).using("second")
    assert await there.async_count() == 0

    await second["measurement"].insert_many([{"n": 1}, {"n": 2}])

    assert await values(there) == [2]
    assert await there.async_update(inc__n=1) == 1
    assert await there.async_delete() == 1
    assert [raw["n"] for raw in await second["measurement"].find().to_list()] == [1]
    assert await Measurement.objects.async_count() == 10


async def test_a_document_created_through_a_queryset_belongs_where_that_looks(
    database: Any, second: Any
) -> None:
    created = await Measurement.objects.using("second").async_create(n=1)
    created.n = 2
    await created.async_save()
    await created.async_reload()
    await created.async_update(inc__n=5)

    assert await second["measurement"].find().to_list() == [{"_id": created.id, "n": 7}]
    assert await database["measurement"].count_documents({}) == 0
    await created.async_delete()
    assert await second["measurement"].count_documents({}) == 0


async def test_a_queryset_can_be_made_of_a_collection_of_the_drivers(database: Any) -> None:
    await database["elsewhere"].insert_one({"_id": ObjectId(), "n": 5})
    queryset = type(Measurement.objects)(Measurement, database["elsewhere"])

    assert await values(queryset) == [5]
    assert await queryset.order_by("n").async_count() == 1
    assert isinstance(
        await queryset.async_update(full_result=True, n=1), pymongo.results.UpdateResult
    )
