# Generated from tests/_async/test_context_managers.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Blocks that switch classes, narrow queries, keep references, and count what the server does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bson import DBRef

from mongoengine.connection import ConnectionFailure, connect, disconnect
from mongoengine.context_managers import (
    no_dereference,
    no_dereferencing_active_for_class,
    no_sub_classes,
    query_counter,
    set_read_write_concern,
    set_write_concern,
    switch_collection,
    switch_db,
)
from mongoengine.state.home import home_of
from tests.models import Account, Author, Book, Person, Polygon, Shape, Square

OTHER = "other_database"
OTHER_DATABASE = "mongoengine_context_tests"


@pytest.fixture
def other(mongodb_uri: str) -> Iterator[Any]:
    """A second alias, on a database of its own."""
    client = connect(
        OTHER_DATABASE,
        alias=OTHER,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="context manager tests",
    )
    yield client[OTHER_DATABASE]
    client.drop_database(OTHER_DATABASE)
    disconnect(OTHER)


# All of them

#: Each switch, and what it changes.
switches = [
    pytest.param(lambda: switch_db(Person, "elsewhere"), lambda: home_of(Person), id="switch_db"),
    pytest.param(
        lambda: switch_collection(Person, "elsewhere"),
        Person._get_collection_name,
        id="switch_collection",
    ),
    pytest.param(lambda: no_sub_classes(Shape), lambda: Shape._subclasses, id="no_sub_classes"),
    pytest.param(
        lambda: no_dereference(Book),
        lambda: (Book.author._auto_dereference, no_dereferencing_active_for_class(Book)),
        id="no_dereference",
    ),
]


@pytest.mark.parametrize(("make", "state"), switches)
def test_a_block_serves_again_and_inside_itself(
    make: Callable[[], Any], state: Callable[[], Any]
) -> None:
    block, before = make(), state()

    for _ in range(2):
        with block:
            changed = state()
            assert changed != before
            with block:
                assert state() == changed
            assert state() == changed
        assert state() == before


@pytest.mark.parametrize(("make", "state"), switches)
def test_a_block_is_left_by_an_error_inside_itself(
    make: Callable[[], Any], state: Callable[[], Any]
) -> None:
    block, before = make(), state()

    def fail() -> None:
        with block, block:
            raise TypeError("of my own")

    with pytest.raises(TypeError, match="of my own"):
        fail()

    assert state() == before


@pytest.mark.parametrize(("make", "state"), switches)
def test_a_block_decorates_a_function(make: Callable[[], Any], state: Callable[[], Any]) -> None:
    before = state()

    @make()
    def look(deeper: bool) -> Any:
        """Says what it sees."""
        inside = look(False) if deeper else state()
        assert inside == state()
        return inside

    assert look(True) == look(False) != before
    assert state() == before
    assert (look.__name__, look.__doc__) == ("look", "Says what it sees.")


def test_blocks_that_overlap_are_left_in_any_order() -> None:
    blocks = [lambda: switch_db(Person, "one"), lambda: no_sub_classes(Shape)]
    outer, inner = (make() for make in blocks)
    before = home_of(Person), Shape._subclasses

    outer.__enter__()
    inner.__enter__()
    outer.__exit__(None, None, None)
    assert (home_of(Person), Shape._subclasses) == (before[0], ("Shape",))
    inner.__exit__(None, None, None)

    assert (home_of(Person), Shape._subclasses) == before


@pytest.mark.parametrize(
    "make",
    [
        lambda collection: set_write_concern(collection, {"w": 1, "j": True}),
        lambda collection: set_read_write_concern(
            collection, {"w": 1, "j": True}, {"level": "majority"}
        ),
    ],
    ids=["set_write_concern", "set_read_write_concern"],
)
def test_a_block_of_concerns_serves_again_inside_itself_and_as_a_decorator(
    database: Any, make: Callable[[Any], Any]
) -> None:
    block = make(database["person"])

    for _ in range(2):
        with block as changed, block as again:
            assert changed is not again
            assert changed.write_concern.document == again.write_concern.document
            assert changed.write_concern.document == {"w": 1, "j": True}
            assert changed.read_concern == again.read_concern

    @block
    def count() -> int:
        found: int = database["person"].count_documents({})
        return found

    assert count() == 0


# Switching the database


def test_everything_done_through_a_switched_class_is_done_in_the_other_database(
    database: Any, other: Any
) -> None:
    Person(name="here").save()

    with switch_db(Person, OTHER) as switched:
        assert switched is Person
        assert Person.objects.count() == 0
        ada = Person(name="ada").save()
        ada.update(set__age=36)
        ada.reload()
        Person.objects.create(name="bob")
        Person.objects(name="bob").delete()
        assert Person._get_db().name == OTHER_DATABASE
        assert Person._get_collection().database.name == OTHER_DATABASE

    assert ada.age == 36
    assert [found["name"] for found in other["person"].find()] == ["ada"]
    assert [found["name"] for found in database["person"].find()] == ["here"]
    assert Person.objects.count() == 1


def test_a_switched_class_drops_the_collection_it_is_switched_to(database: Any, other: Any) -> None:
    Person(name="here").save()
    other["person"].insert_one({"name": "there"})

    with switch_db(Person, OTHER):
        Person.drop_collection()

    assert other["person"].count_documents({}) == 0
    assert database["person"].count_documents({}) == 1


def test_a_class_is_switched_without_its_subclasses(database: Any, other: Any) -> None:
    with switch_db(Shape, OTHER):
        Shape(name="there").save()
        Square(name="here").save()

    assert other["shape"].count_documents({}) == 1
    assert database["shape"].count_documents({}) == 1


def test_a_queryset_stays_where_it_was_begun(other: Any) -> None:
    Person(name="here").save()
    here = Person.objects(name="here")

    with switch_db(Person, OTHER):
        Person(name="there").save()
        there = Person.objects(name="there")
        assert here.count() == 1

    assert there.count() == 1
    assert there.clone().filter(name="there").delete() == 1
    assert other["person"].count_documents({}) == 0
    assert here.count() == 1


def test_switches_of_a_class_nest(database: Any, other: Any) -> None:
    with switch_db(Person, OTHER):
        with switch_db(Person, "default"):
            Person(name="here").save()
        Person(name="there").save()

    assert database["person"].count_documents({"name": "here"}) == 1
    assert other["person"].count_documents({"name": "there"}) == 1


def test_an_error_inside_a_block_passes_and_ends_the_switch(other: Any) -> None:
    with pytest.raises(TypeError, match="of my own"):
        with switch_db(Person, OTHER):
            raise TypeError("of my own")

    assert Person._get_db().name != OTHER_DATABASE


def test_an_unknown_alias_fails_on_the_first_use() -> None:
    with switch_db(Person, "nowhere"):
        with pytest.raises(ConnectionFailure, match='"nowhere" has not been defined'):
            Person.objects.first()

    assert Person.objects.first() is None


def test_one_switch_object_serves_again_and_inside_itself(other: Any) -> None:
    switch = switch_db(Person, OTHER)

    for _ in range(2):
        with switch:
            with switch:
                Person(name="there").save()
            assert Person._get_db().name == OTHER_DATABASE

    assert other["person"].count_documents({}) == 2
    assert Person._get_db().name != OTHER_DATABASE


# Switching the collection


def test_a_class_is_switched_to_another_collection(database: Any) -> None:
    Person(name="here").save()

    with switch_collection(Person, "people_elsewhere") as switched:
        assert switched is Person
        assert Person._get_collection_name() == "people_elsewhere"
        assert Person.objects.count() == 0
        ada = Person(name="ada").save()
        assert ada.to_dbref().collection == "people_elsewhere"

    assert Person._get_collection_name() == "person"
    assert database["people_elsewhere"].count_documents({"name": "ada"}) == 1
    assert Person.objects.count() == 1
    database["people_elsewhere"].drop()


def test_both_switches_act_together(other: Any) -> None:
    with switch_db(Person, OTHER), switch_collection(Person, "folk"):
        Person(name="ada").save()

    assert other["folk"].count_documents({"name": "ada"}) == 1


# Switching one document


def test_one_document_is_switched_to_another_database(database: Any, other: Any) -> None:
    ada = Person(name="ada").save()
    bob = Person(name="bob").save()

    assert ada.switch_db(OTHER) is ada
    ada.delete()
    ada.age = 36
    ada.save()
    bob.age = 40
    bob.save()

    stored = other["person"].find_one({"_id": ada.id})
    assert stored == {"_id": ada.id, "age": 36}  # only what changed
    assert database["person"].count_documents({"age": 40}) == 1
    assert database["person"].count_documents({"name": "ada"}) == 1


def test_a_switched_document_can_be_saved_as_a_new_one(database: Any, other: Any) -> None:
    ada = Person(name="ada", age=36).save()

    ada.switch_db(OTHER, keep_created=False).save()

    stored = other["person"].find_one({"_id": ada.id})
    assert (stored["name"], stored["age"]) == ("ada", 36)
    ada.reload()
    ada.update(set__age=37)
    assert other["person"].count_documents({"age": 37}) == 1
    assert database["person"].count_documents({"age": 36}) == 1


def test_one_document_is_switched_to_another_collection(database: Any) -> None:
    ada = Person(name="ada").save()

    assert ada.switch_collection("folk", keep_created=False) is ada
    ada.save()

    assert database["folk"].count_documents({"name": "ada"}) == 1
    assert Person._get_collection_name() == "person"
    database["folk"].drop()


def test_a_document_is_not_switched_to_an_unknown_alias() -> None:
    with pytest.raises(ConnectionFailure, match='"nowhere" has not been defined'):
        Person(name="ada").switch_db("nowhere")


# Narrowing queries


def test_subclasses_are_left_out_inside_a_block() -> None:
    for shape in (Shape(name="s"), Polygon(name="p"), Square(name="q")):
        shape.save()

    with no_sub_classes(Shape) as narrowed:
        assert narrowed is Shape
        assert Shape._subclasses == ("Shape",)
        assert [type(found) for found in Shape.objects] == [Shape]
        assert Polygon.objects.count() == 2

    assert Shape.objects.count() == 3


# Keeping references


def test_references_stay_as_stored_inside_a_block() -> None:
    ada = Author(name="ada").save()
    Book(title="notes", author=ada, others=[ada]).save()
    outside = Book.objects

    with no_dereference(Book) as nothing:
        assert nothing is None
        assert no_dereferencing_active_for_class(Book)
        assert not Book.objects._auto_dereference
        assert not outside._auto_dereference
        assert not Book._fields["others"]._auto_dereference
        with no_dereference(Book):
            nested = Book.objects.first()
        book = Book.objects.first()
        assert isinstance(book.author, DBRef)
        assert isinstance(nested.author, DBRef)
        assert all(isinstance(other, DBRef) for other in book.others)

    assert not no_dereferencing_active_for_class(Book)
    assert Book.objects._auto_dereference
    assert isinstance(book.author, DBRef)  # a document found inside keeps its references


def test_a_block_for_a_class_without_references_leaves_other_classes_alone() -> None:
    with no_dereference(Account):
        assert Book._fields["author"]._auto_dereference
        assert not Account.objects._auto_dereference


def test_a_block_for_a_class_with_references_keeps_those_of_all_classes() -> None:
    with no_dereference(Book):
        assert not Author._fields["friend"]._auto_dereference
        assert Author.objects._auto_dereference


# Concerns


def test_a_write_concern_is_merged_into_a_copy_of_the_collection(database: Any) -> None:
    collection = database["person"].with_options(write_concern=None)
    before = collection.write_concern.document

    with set_write_concern(collection, {"w": 1, "j": True}) as changed:
        changed.insert_one({"name": "ada"})
        assert changed.write_concern.document == {**before, "w": 1, "j": True}
        with set_write_concern(changed, {"w": "majority"}) as further:
            assert further.write_concern.document == {**before, "w": "majority", "j": True}

    assert collection.write_concern.document == before


def test_both_concerns_are_merged_or_left(database: Any) -> None:
    collection = database["person"]

    with set_read_write_concern(collection, {"w": 1}, {"level": "local"}) as both:
        assert both.write_concern.document["w"] == 1
        assert both.read_concern.document == {"level": "local"}
    with set_read_write_concern(collection, None, {"level": "majority"}) as reading:
        assert reading.write_concern == collection.write_concern
        assert reading.read_concern.document == {"level": "majority"}


# Counting


def profiling_level(database: Any) -> int:
    level: int = database.command({"profile": -1})["was"]
    return level


def test_operations_are_counted_and_counting_is_not(database: Any) -> None:
    with query_counter() as counter:
        assert counter.count() == 0
        Person(name="ada").save()
        assert counter.count() == 1
        assert counter.count() == 1
        Person.objects.first()
        Person.objects(name="ada").count()
        assert counter.count() == 3


def test_batches_are_counted_and_closing_a_cursor_is_not(database: Any) -> None:
    database["many"].insert_many([{"n": n} for n in range(150)])

    with query_counter() as counter:
        cursor = database["many"].find()
        assert counter.count() == 0  # nothing is sent yet
        cursor.next()
        assert counter.count() == 1
        cursor.close()
        assert counter.count() == 1
        database["many"].find().to_list()
        assert counter.count() == 3


def test_other_databases_are_not_counted(other: Any) -> None:
    with query_counter(alias=OTHER) as counter:
        Person.objects.first()
        assert counter.count() == 0
        with switch_db(Person, OTHER):
            Person.objects.first()
        counted = counter.count()

    # The first use of the collection may have made it as well.
    assert counted >= 1


def test_a_counter_counts_anew_when_it_serves_again() -> None:
    Person.objects.first()
    counter = query_counter()

    for _ in range(3):
        with counter:
            assert counter.count() == 0
            Person.objects.first()
            assert counter.count() == 1


def test_a_counter_inside_itself_brings_the_profiling_level_back(database: Any) -> None:
    counter = query_counter()

    with counter:
        with counter:
            assert profiling_level(database) == 2
        assert profiling_level(database) == 2

    assert profiling_level(database) == 0


def test_the_profiling_level_is_brought_back_after_an_error_too(database: Any) -> None:
    def fail() -> None:
        with query_counter():
            assert profiling_level(database) == 2
            raise TypeError("of my own")

    database.command({"profile": 1})
    try:
        with pytest.raises(TypeError, match="of my own"):
            fail()
        assert profiling_level(database) == 1
    finally:
        database.command({"profile": 0})
