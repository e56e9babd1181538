"""Changing stored documents without loading them."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.results import UpdateResult

from mongoengine.errors import (
    InvalidDocumentError,
    InvalidQueryError,
    LookUpError,
    NotUniqueError,
    OperationError,
    ValidationError,
)
from mongoengine.queryset import Q
from tests.commands import CommandLog
from tests.models import (
    Circle,
    House,
    Measurement,
    Person,
    Polygon,
    Race,
    Reading,
    Shape,
    Sketch,
    Square,
    Street,
    Ticket,
)


async def people() -> None:
    await Person.objects.async_insert(
        [Person(name="Ada", age=36), Person(name="Grace", age=85), Person(name="Ida", age=17)]
    )


async def stored_names(database: Any) -> list[str]:
    return [raw["name"] for raw in await database["person"].find(sort=[("_id", 1)]).to_list()]


# A document


async def test_an_update_changes_the_store_and_not_the_object(database: Any) -> None:
    person = await Person(name="Ada", age=36).async_save()

    assert await person.async_update(set__town="Paris", inc__age=1) == 1

    assert await database["person"].find_one() == {
        "_id": person.id,
        "name": "Ada",
        "age": 37,
        "languages": [],
        "t": "Paris",
    }
    assert (person.age, person.town) == (36, None)


async def test_an_update_of_a_document_leaves_the_others_alone(database: Any) -> None:
    await people()
    person = await Person.objects.async_get(name="Grace")

    await person.async_update(name="Mary")

    assert await stored_names(database) == ["Ada", "Mary", "Ida"]


async def test_an_update_of_a_document_that_is_gone_matches_none(database: Any) -> None:
    person = await Person(name="Ada").async_save()
    await database["person"].delete_many({})

    assert await person.async_update(name="Grace") == 0
    assert await database["person"].count_documents({}) == 0


async def test_a_document_that_was_not_saved_cannot_be_updated() -> None:
    with pytest.raises(OperationError, match=r"^attempt to update a document not yet saved$"):
        await Person(name="Ada").async_update(age=36)


async def test_a_document_that_was_not_saved_can_be_upserted(database: Any) -> None:
    await Person(name="Ada", town="London").async_update(age=36, upsert=True)

    found = await database["person"].find_one()
    assert (found["name"], found["t"], found["age"]) == ("Ada", "London", 36)


async def test_an_update_of_a_document_needs_something_to_change() -> None:
    person = await Person(name="Ada").async_save()

    with pytest.raises(OperationError, match=r"^No update parameters, would remove data$"):
        await person.async_update()


async def test_the_shard_key_of_a_document_is_part_of_the_filter(commands: CommandLog) -> None:
    reading = await Reading(station="north", value=1).async_save()
    commands.clear()

    await reading.async_update(value=2)

    assert commands.only("update")["updates"][0]["q"] == {"_id": reading.id, "st": "north"}


async def test_modifying_needs_a_key_and_its_own_key() -> None:
    with pytest.raises(InvalidDocumentError, match=r"^The document does not have a primary key\.$"):
        await Person(name="Ada").async_modify(set__age=1)

    person = await Person(name="Ada").async_save()
    other = await Person(name="Grace").async_save()
    with pytest.raises(
        InvalidQueryError,
        match=r"^Invalid document modify query: it must modify only this document\.$",
    ):
        await person.async_modify({"id": other.id}, set__age=1)


async def test_a_modified_document_takes_over_what_is_stored_then(database: Any) -> None:
    person = await Person(name="Ada", age=36, languages=["en"]).async_save()
    await database["person"].update_one({}, {"$set": {"t": "Paris"}})
    person.name = "not saved"

    assert await person.async_modify(inc__age=1, push__languages="fr") is True

    assert (person.name, person.age, person.town) == ("Ada", 37, "Paris")
    assert person.languages == ["en", "fr"]
    assert person._get_changed_fields() == []
    assert (await database["person"].find_one())["languages"] == ["en", "fr"]
    person.languages.append("it")
    assert person._get_changed_fields() == ["languages"]


async def test_a_document_is_modified_only_if_it_matches(database: Any) -> None:
    person = await Person(name="Ada", age=36).async_save()
    other = await Person(name="Grace", age=85).async_save()
    person.name = "not saved"

    assert await person.async_modify({"age__gt": 50}, set__town="x") is False
    assert await person.async_modify(Q(age=85), set__town="x") is False
    assert (person.name, person._get_changed_fields()) == ("not saved", ["name"])
    assert await database["person"].count_documents({"t": "x"}) == 0

    assert await person.async_modify({"age": 36, "id": person.id}, set__town="x") is True
    assert await person.async_modify(Q(age=36), set__town="y") is True
    assert (person.name, person.town) == ("Ada", "y")
    assert (await other.async_reload()).town is None


async def test_a_dynamic_document_can_be_modified(database: Any) -> None:
    sketch = await Sketch(name="a", colour="red").async_save()
    await database["sketch"].update_one({}, {"$set": {"size": [1]}})

    assert await sketch.async_modify(set__colour="blue") is True

    assert (sketch.name, sketch.colour, sketch.size) == ("a", "blue", [1])
    sketch.size.append(2)
    await sketch.async_save()
    assert (await database["sketch"].find_one())["size"] == [1, 2]


# A queryset


async def test_all_documents_that_match_are_updated(database: Any) -> None:
    await people()

    assert await Person.objects(age__gt=20).async_update(set__town="Paris", inc__age=1) == 2

    found = await database["person"].find({"t": "Paris"}, sort=[("_id", 1)]).to_list()
    assert [(raw["name"], raw["age"]) for raw in found] == [("Ada", 37), ("Grace", 86)]


async def test_documents_that_match_count_even_when_nothing_changes() -> None:
    await people()

    assert await Person.objects(name="Ada").async_update(age=36) == 1
    assert await Person.objects(name="Nobody").async_update(age=36) == 0


async def test_one_document_can_be_updated_alone(database: Any) -> None:
    await people()

    assert await Person.objects.async_update_one(set__town="Paris") == 1
    assert await Person.objects.async_update(multi=False, set__town="Rome") == 1

    assert await database["person"].count_documents({"t": {"$exists": True}}) == 1


async def test_names_and_values_are_stored_as_the_fields_store_them(database: Any) -> None:
    house = await House(neighbours=[Street(number=1)], rooms=["hall"]).async_save()

    await House.objects(pk=house.pk).async_update(
        set__street=Street(name="Elm"), push__rooms="bath", set__neighbours__0__name="Oak"
    )

    found = await database["house"].find_one()
    assert (found["s"], found["r"], found["neighbours"]) == (
        {"n": "Elm"},
        ["hall", "bath"],
        [{"number": 1, "n": "Oak"}],
    )


async def test_the_result_of_the_driver_is_returned_on_request() -> None:
    await people()

    result = await Person.objects(age__gt=20).async_update(full_result=True, set__age=36)

    assert isinstance(result, UpdateResult)
    assert (result.matched_count, result.modified_count) == (2, 1)
    one = await Person.objects.async_update_one(full_result=True, set__age=1)
    assert one.modified_count == 1


async def test_an_update_without_an_answer_returns_none() -> None:
    await people()

    assert await Person.objects.async_update(write_concern={"w": 0}, set__town="x") is None


async def test_an_upsert_makes_a_document_when_none_matches(database: Any) -> None:
    assert await Person.objects(name="Ada").async_update(upsert=True, set__age=36) == 1
    await Person.objects(name="Ada").async_update_one(upsert=True, set__age=37)

    found = await database["person"].find().to_list()
    assert [(raw["name"], raw["age"]) for raw in found] == [("Ada", 37)]


async def test_an_upsert_stores_the_class_of_a_hierarchy(database: Any) -> None:
    await Circle.objects(name="c").async_update(upsert=True, set__radius=2)
    await Shape.objects(name="s").async_update_one(upsert=True)

    found = await database["shape"].find(sort=[("name", 1)]).to_list()
    assert [(raw["name"], raw["_cls"]) for raw in found] == [("c", "Shape.Circle"), ("s", "Shape")]


async def test_an_upsert_leaves_the_class_of_what_is_there_alone(database: Any) -> None:
    await Square(name="a", corners=3).async_save()

    assert await Shape.objects(name="a").async_update(upsert=True, set__name="b") == 1
    assert await Polygon.objects(name="b").async_update_one(upsert=True, set__corners=4) == 1

    (found,) = await database["shape"].find({}, {"_id": 0}).to_list()
    assert found == {"_cls": "Shape.Polygon.Square", "name": "b", "c": 4}
    assert type(await Shape.objects.async_get()) is Square


async def test_an_upsert_makes_a_document_of_the_class_that_is_named(database: Any) -> None:
    await Shape.objects(name="a", _cls="Shape.Circle").async_update(upsert=True, set__name="a")
    await Shape.objects(name="b").async_update(upsert=True, set___cls="Shape.Circle")
    await Shape.objects(name="c").async_update(
        upsert=True, __raw__={"$setOnInsert": {"_cls": "Shape.Circle"}}
    )
    await Shape.objects.clear_cls_query().filter(name="d").async_update(upsert=True, set__name="d")

    found = await database["shape"].find(sort=[("name", 1)]).to_list()
    assert [(raw["name"], raw["_cls"]) for raw in found] == [
        ("a", "Shape.Circle"),
        ("b", "Shape.Circle"),
        ("c", "Shape.Circle"),
        ("d", "Shape"),
    ]
    assert await Circle.objects.async_count() == 3
    assert await Shape.objects.async_count() == 4


async def test_an_upsert_by_a_pipeline_makes_a_document_its_class_finds(database: Any) -> None:
    rename: Any = [{"$set": {"name": {"$concat": ["$name", "!"]}}}]
    await Circle(name="a").async_save()

    await Shape.objects(name="a").async_update(upsert=True, __raw__=rename)
    await Shape.objects(name="b").async_update(upsert=True, __raw__=rename)

    found = await database["shape"].find(sort=[("name", 1)]).to_list()
    assert [(raw["name"], raw["_cls"]) for raw in found] == [
        ("a!", "Shape.Circle"),
        ("b!", "Shape"),
    ]
    assert await Shape.objects.async_count() == 2


async def test_an_update_reaches_the_class_and_its_subclasses_only(database: Any) -> None:
    await Circle(name="a").async_save()
    await Polygon(name="b").async_save()
    await Square(name="c").async_save()

    assert await Polygon.objects.async_update(set__corners=4) == 2

    found = await database["shape"].find({"c": 4}, sort=[("name", 1)]).to_list()
    assert [raw["name"] for raw in found] == ["b", "c"]


async def test_an_update_needs_something_to_change(database: Any) -> None:
    await people()

    with pytest.raises(OperationError, match=r"^No update parameters, would remove data$"):
        await Person.objects.async_update()
    with pytest.raises(OperationError, match=r"^No update parameters, would remove data$"):
        await Person.objects.async_update_one()
    with pytest.raises(ValueError, match=r"^update cannot be empty$"):
        await Person.objects.async_update(upsert=True)


async def test_an_update_of_a_name_that_is_no_field_is_refused() -> None:
    with pytest.raises(InvalidQueryError, match="nickname") as failure:
        await Person.objects.async_update(set__nickname="x")
    assert isinstance(failure.value.__cause__ or failure.value.__context__, LookUpError)


async def test_an_update_with_a_value_that_is_not_valid_is_refused(database: Any) -> None:
    await people()

    with pytest.raises(ValidationError):
        await Person.objects.async_update(set__name=5)

    assert await stored_names(database) == ["Ada", "Grace", "Ida"]


async def test_an_update_may_not_take_a_unique_value_twice(database: Any) -> None:
    await Ticket(number=1).async_save()
    await Ticket(number=2).async_save()

    with pytest.raises(NotUniqueError, match=r"^Update failed \(.*E11000"):
        await Ticket.objects(number=2).async_update(set__number=1)

    assert await database["ticket"].count_documents({"number": 1}) == 1


async def test_a_refusal_of_the_server_is_an_operation_error() -> None:
    await people()

    with pytest.raises(OperationError, match=r"^Update failed \("):
        await Person.objects.async_update(__raw__={"$no_such_operator": {"age": 1}})


async def test_an_update_in_the_servers_own_form_is_sent_as_it_is(database: Any) -> None:
    await people()

    await Person.objects.async_update(__raw__={"$mul": {"age": 2}})
    await Person.objects.async_update(__raw__=[{"$set": {"t": "$name"}}, {"$unset": "age"}])

    found = await database["person"].find(sort=[("_id", 1)]).to_list()
    assert [(raw["t"], raw.get("age")) for raw in found] == [
        ("Ada", None),
        ("Grace", None),
        ("Ida", None),
    ]


async def test_array_filters_choose_the_items_to_change(database: Any) -> None:
    await House(sizes=[1, 5, 9]).async_save()

    await House.objects.async_update(
        __raw__={"$set": {"sizes.$[big]": 0}}, array_filters=[{"big": {"$gt": 4}}]
    )
    await House.objects.async_update_one(
        __raw__={"$inc": {"sizes.$[small]": 1}}, array_filters=[{"small": {"$lt": 1}}]
    )

    assert (await database["house"].find_one())["sizes"] == [1, 1, 1]


async def test_the_options_of_the_queryset_go_along(commands: CommandLog) -> None:
    await Person(name="ADA").async_save()
    commands.clear()

    queryset = Person.objects(name="ada").hint("_id_").comment("why")
    queryset = queryset.collation({"locale": "en", "strength": 2})
    assert await queryset.async_update(write_concern={"w": 1, "j": True}, set__age=1) == 1

    command = commands.only("update")
    assert (command["comment"], command["writeConcern"]) == ("why", {"w": 1, "j": True})
    assert command["updates"][0]["hint"] == "_id_"
    assert command["updates"][0]["collation"]["strength"] == 2


async def test_neither_window_nor_order_limits_an_update(database: Any) -> None:
    await people()

    assert await Person.objects.order_by("age").skip(1).limit(1).async_update(set__town="x") == 3
    await Race.objects.async_insert([Race(name="a", points=1), Race(name="b", points=2)])
    assert await Race.objects.async_update(inc__points=1) == 2


async def test_a_queryset_of_nothing_updates_nothing(database: Any, commands: CommandLog) -> None:
    await people()
    commands.clear()

    assert await Person.objects.none().async_update(set__town="x") == 0
    assert await Person.objects[:0].async_update(set__town="x") == 0

    assert "update" not in commands.names


async def test_a_javascript_condition_limits_an_update(database: Any) -> None:
    await people()

    assert await Person.objects.where("this[~age] > 50").async_update(set__town="x") == 1

    assert [raw["name"] for raw in await database["person"].find({"t": "x"}).to_list()] == ["Grace"]


async def test_an_update_inside_a_condition_of_alternatives(database: Any) -> None:
    await people()

    assert await Person.objects(Q(name="Ada") | Q(age__lt=20)).async_update(unset__age=1) == 2

    assert await database["person"].count_documents({"age": {"$exists": False}}) == 2


async def test_an_update_knows_nothing_of_what_was_loaded() -> None:
    await Measurement(n=1).async_save()
    queryset = Measurement.objects
    (before,) = await queryset.async_to_list()

    await queryset.async_update(inc__n=1)

    assert before.n == 1
    assert (await queryset.clone().async_first()).n == 2
