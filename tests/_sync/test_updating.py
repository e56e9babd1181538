# Generated from tests/_async/test_updating.py; do not edit.
# To write it again: python tools/generate_sync.py
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


def people() -> None:
    Person.objects.insert(
        [Person(name="Ada", age=36), Person(name="Grace", age=85), Person(name="Ida", age=17)]
    )


def stored_names(database: Any) -> list[str]:
    return [raw["name"] for raw in database["person"].find(sort=[("_id", 1)]).to_list()]


# A document


def test_an_update_changes_the_store_and_not_the_object(database: Any) -> None:
    person = Person(name="Ada", age=36).save()

    assert person.update(set__town="Paris", inc__age=1) == 1

    assert database["person"].find_one() == {
        "_id": person.id,
        "name": "Ada",
        "age": 37,
        "languages": [],
        "t": "Paris",
    }
    assert (person.age, person.town) == (36, None)


def test_an_update_of_a_document_leaves_the_others_alone(database: Any) -> None:
    people()
    person = Person.objects.get(name="Grace")

    person.update(name="Mary")

    assert stored_names(database) == ["Ada", "Mary", "Ida"]


def test_an_update_of_a_document_that_is_gone_matches_none(database: Any) -> None:
    person = Person(name="Ada").save()
    database["person"].delete_many({})

    assert person.update(name="Grace") == 0
    assert database["person"].count_documents({}) == 0


def test_a_document_that_was_not_saved_cannot_be_updated() -> None:
    with pytest.raises(OperationError, match=r"^attempt to update a document not yet saved$"):
        Person(name="Ada").update(age=36)


def test_a_document_that_was_not_saved_can_be_upserted(database: Any) -> None:
    Person(name="Ada", town="London").update(age=36, upsert=True)

    found = database["person"].find_one()
    assert (found["name"], found["t"], found["age"]) == ("Ada", "London", 36)


def test_an_update_of_a_document_needs_something_to_change() -> None:
    person = Person(name="Ada").save()

    with pytest.raises(OperationError, match=r"^No update parameters, would remove data$"):
        person.update()


def test_the_shard_key_of_a_document_is_part_of_the_filter(commands: CommandLog) -> None:
    reading = Reading(station="north", value=1).save()
    commands.clear()

    reading.update(value=2)

    assert commands.only("update")["updates"][0]["q"] == {"_id": reading.id, "st": "north"}


def test_modifying_needs_a_key_and_its_own_key() -> None:
    with pytest.raises(InvalidDocumentError, match=r"^The document does not have a primary key\.$"):
        Person(name="Ada").modify(set__age=1)

    person = Person(name="Ada").save()
    other = Person(name="Grace").save()
    with pytest.raises(
        InvalidQueryError,
        match=r"^Invalid document modify query: it must modify only this document\.$",
    ):
        person.modify({"id": other.id}, set__age=1)


def test_a_modified_document_takes_over_what_is_stored_then(database: Any) -> None:
    person = Person(name="Ada", age=36, languages=["en"]).save()
    database["person"].update_one({}, {"$set": {"t": "Paris"}})
    person.name = "not saved"

    assert person.modify(inc__age=1, push__languages="fr") is True

    assert (person.name, person.age, person.town) == ("Ada", 37, "Paris")
    assert person.languages == ["en", "fr"]
    assert person._get_changed_fields() == []
    assert database["person"].find_one()["languages"] == ["en", "fr"]
    person.languages.append("it")
    assert person._get_changed_fields() == ["languages"]


def test_a_document_is_modified_only_if_it_matches(database: Any) -> None:
    person = Person(name="Ada", age=36).save()
    other = Person(name="Grace", age=85).save()
    person.name = "not saved"

    assert person.modify({"age__gt": 50}, set__town="x") is False
    assert person.modify(Q(age=85), set__town="x") is False
    assert (person.name, person._get_changed_fields()) == ("not saved", ["name"])
    assert database["person"].count_documents({"t": "x"}) == 0

    assert person.modify({"age": 36, "id": person.id}, set__town="x") is True
    assert person.modify(Q(age=36), set__town="y") is True
    assert (person.name, person.town) == ("Ada", "y")
    assert other.reload().town is None


def test_a_dynamic_document_can_be_modified(database: Any) -> None:
    sketch = Sketch(name="a", colour="red").save()
    database["sketch"].update_one({}, {"$set": {"size": [1]}})

    assert sketch.modify(set__colour="blue") is True

    assert (sketch.name, sketch.colour, sketch.size) == ("a", "blue", [1])
    sketch.size.append(2)
    sketch.save()
    assert database["sketch"].find_one()["size"] == [1, 2]


# A queryset


def test_all_documents_that_match_are_updated(database: Any) -> None:
    people()

    assert Person.objects(age__gt=20).update(set__town="Paris", inc__age=1) == 2

    found = database["person"].find({"t": "Paris"}, sort=[("_id", 1)]).to_list()
    assert [(raw["name"], raw["age"]) for raw in found] == [("Ada", 37), ("Grace", 86)]


def test_documents_that_match_count_even_when_nothing_changes() -> None:
    people()

    assert Person.objects(name="Ada").update(age=36) == 1
    assert Person.objects(name="Nobody").update(age=36) == 0


def test_one_document_can_be_updated_alone(database: Any) -> None:
    people()

    assert Person.objects.update_one(set__town="Paris") == 1
    assert Person.objects.update(multi=False, set__town="Rome") == 1

    assert database["person"].count_documents({"t": {"$exists": True}}) == 1


def test_names_and_values_are_stored_as_the_fields_store_them(database: Any) -> None:
    house = House(neighbours=[Street(number=1)], rooms=["hall"]).save()

    House.objects(pk=house.pk).update(
        set__street=Street(name="Elm"), push__rooms="bath", set__neighbours__0__name="Oak"
    )

    found = database["house"].find_one()
    assert (found["s"], found["r"], found["neighbours"]) == (
        {"n": "Elm"},
        ["hall", "bath"],
        [{"number": 1, "n": "Oak"}],
    )


def test_the_result_of_the_driver_is_returned_on_request() -> None:
    people()

    result = Person.objects(age__gt=20).update(full_result=True, set__age=36)

    assert isinstance(result, UpdateResult)
    assert (result.matched_count, result.modified_count) == (2, 1)
    one = Person.objects.update_one(full_result=True, set__age=1)
    assert one.modified_count == 1


def test_an_update_without_an_answer_returns_none() -> None:
    people()

    assert Person.objects.update(write_concern={"w": 0}, set__town="x") is None


def test_an_upsert_makes_a_document_when_none_matches(database: Any) -> None:
    assert Person.objects(name="Ada").update(upsert=True, set__age=36) == 1
    Person.objects(name="Ada").update_one(upsert=True, set__age=37)

    found = database["person"].find().to_list()
    assert [(raw["name"], raw["age"]) for raw in found] == [("Ada", 37)]


def test_an_upsert_stores_the_class_of_a_hierarchy(database: Any) -> None:
    Circle.objects(name="c").update(upsert=True, set__radius=2)
    Shape.objects(name="s").update_one(upsert=True)

    found = database["shape"].find(sort=[("name", 1)]).to_list()
    assert [(raw["name"], raw["_cls"]) for raw in found] == [("c", "Shape.Circle"), ("s", "Shape")]


def test_an_upsert_leaves_the_class_of_what_is_there_alone(database: Any) -> None:
    Square(name="a", corners=3).save()

    assert Shape.objects(name="a").update(upsert=True, set__name="b") == 1
    assert Polygon.objects(name="b").update_one(upsert=True, set__corners=4) == 1

    (found,) = database["shape"].find({}, {"_id": 0}).to_list()
    assert found == {"_cls": "Shape.Polygon.Square", "name": "b", "c": 4}
    assert type(Shape.objects.get()) is Square


def test_an_upsert_makes_a_document_of_the_class_that_is_named(database: Any) -> None:
    Shape.objects(name="a", _cls="Shape.Circle").update(upsert=True, set__name="a")
    Shape.objects(name="b").update(upsert=True, set___cls="Shape.Circle")
    Shape.objects(name="c").update(upsert=True, __raw__={"$setOnInsert": {"_cls": "Shape.Circle"}})
    Shape.objects.clear_cls_query().filter(name="d").update(upsert=True, set__name="d")

    found = database["shape"].find(sort=[("name", 1)]).to_list()
    assert [(raw["name"], raw["_cls"]) for raw in found] == [
        ("a", "Shape.Circle"),
        ("b", "Shape.Circle"),
        ("c", "Shape.Circle"),
        ("d", "Shape"),
    ]
    assert Circle.objects.count() == 3
    assert Shape.objects.count() == 4


def test_an_upsert_by_a_pipeline_makes_a_document_its_class_finds(database: Any) -> None:
    rename: Any = [{"$set": {"name": {"$concat": ["$name", "!"]}}}]
    Circle(name="a").save()

    Shape.objects(name="a").update(upsert=True, __raw__=rename)
    Shape.objects(name="b").update(upsert=True, __raw__=rename)

    found = database["shape"].find(sort=[("name", 1)]).to_list()
    assert [(raw["name"], raw["_cls"]) for raw in found] == [
        ("a!", "Shape.Circle"),
        ("b!", "Shape"),
    ]
    assert Shape.objects.count() == 2


def test_an_update_reaches_the_class_and_its_subclasses_only(database: Any) -> None:
    Circle(name="a").save()
    Polygon(name="b").save()
    Square(name="c").save()

    assert Polygon.objects.update(set__corners=4) == 2

    found = database["shape"].find({"c": 4}, sort=[("name", 1)]).to_list()
    assert [raw["name"] for raw in found] == ["b", "c"]


def test_an_update_needs_something_to_change(database: Any) -> None:
    people()

    with pytest.raises(OperationError, match=r"^No update parameters, would remove data$"):
        Person.objects.update()
    with pytest.raises(OperationError, match=r"^No update parameters, would remove data$"):
        Person.objects.update_one()
    with pytest.raises(ValueError, match=r"^update cannot be empty$"):
        Person.objects.update(upsert=True)


def test_an_update_of_a_name_that_is_no_field_is_refused() -> None:
    with pytest.raises(InvalidQueryError, match="nickname") as failure:
        Person.objects.update(set__nickname="x")
    assert isinstance(failure.value.__cause__ or failure.value.__context__, LookUpError)


def test_an_update_with_a_value_that_is_not_valid_is_refused(database: Any) -> None:
    people()

    with pytest.raises(ValidationError):
        Person.objects.update(set__name=5)

    assert stored_names(database) == ["Ada", "Grace", "Ida"]


def test_an_update_may_not_take_a_unique_value_twice(database: Any) -> None:
    Ticket(number=1).save()
    Ticket(number=2).save()

    with pytest.raises(NotUniqueError, match=r"^Update failed \(.*E11000"):
        Ticket.objects(number=2).update(set__number=1)

    assert database["ticket"].count_documents({"number": 1}) == 1


def test_a_refusal_of_the_server_is_an_operation_error() -> None:
    people()

    with pytest.raises(OperationError, match=r"^Update failed \("):
        Person.objects.update(__raw__={"$no_such_operator": {"age": 1}})


def test_an_update_in_the_servers_own_form_is_sent_as_it_is(database: Any) -> None:
    people()

    Person.objects.update(__raw__={"$mul": {"age": 2}})
    Person.objects.update(__raw__=[{"$set": {"t": "$name"}}, {"$unset": "age"}])

    found = database["person"].find(sort=[("_id", 1)]).to_list()
    assert [(raw["t"], raw.get("age")) for raw in found] == [
        ("Ada", None),
        ("Grace", None),
        ("Ida", None),
    ]


def test_array_filters_choose_the_items_to_change(database: Any) -> None:
    House(sizes=[1, 5, 9]).save()

    House.objects.update(__raw__={"$set": {"sizes.$[big]": 0}}, array_filters=[{"big": {"$gt": 4}}])
    House.objects.update_one(
        __raw__={"$inc": {"sizes.$[small]": 1}}, array_filters=[{"small": {"$lt": 1}}]
    )

    assert database["house"].find_one()["sizes"] == [1, 1, 1]


def test_the_options_of_the_queryset_go_along(commands: CommandLog) -> None:
    Person(name="ADA").save()
    commands.clear()

    queryset = Person.objects(name="ada").hint("_id_").comment("why")
    queryset = queryset.collation({"locale": "en", "strength": 2})
    assert queryset.update(write_concern={"w": 1, "j": True}, set__age=1) == 1

    command = commands.only("update")
    assert (command["comment"], command["writeConcern"]) == ("why", {"w": 1, "j": True})
    assert command["updates"][0]["hint"] == "_id_"
    assert command["updates"][0]["collation"]["strength"] == 2


def test_neither_window_nor_order_limits_an_update(database: Any) -> None:
    people()

    assert Person.objects.order_by("age").skip(1).limit(1).update(set__town="x") == 3
    Race.objects.insert([Race(name="a", points=1), Race(name="b", points=2)])
    assert Race.objects.update(inc__points=1) == 2


def test_a_queryset_of_nothing_updates_nothing(database: Any, commands: CommandLog) -> None:
    people()
    commands.clear()

    assert Person.objects.none().update(set__town="x") == 0
    assert Person.objects[:0].update(set__town="x") == 0

    assert "update" not in commands.names


def test_a_javascript_condition_limits_an_update(database: Any) -> None:
    people()

    assert Person.objects.where("this[~age] > 50").update(set__town="x") == 1

    assert [raw["name"] for raw in database["person"].find({"t": "x"}).to_list()] == ["Grace"]


def test_an_update_inside_a_condition_of_alternatives(database: Any) -> None:
    people()

    assert Person.objects(Q(name="Ada") | Q(age__lt=20)).update(unset__age=1) == 2

    assert database["person"].count_documents({"age": {"$exists": False}}) == 2


def test_an_update_knows_nothing_of_what_was_loaded() -> None:
    Measurement(n=1).save()
    queryset = Measurement.objects
    (before,) = queryset.to_list()

    queryset.update(inc__n=1)

    assert before.n == 1
    assert queryset.clone().first().n == 2
