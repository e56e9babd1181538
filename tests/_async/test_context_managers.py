"""Blocks that switch classes, narrow queries, keep references, and count what the server does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from bson import DBRef

from mongoengine.connection import ConnectionFailure, connect_async, disconnect_async
from mongoengine.context_managers import (
    async_no_dereference,
    async_no_sub_classes,
    async_query_counter,
    async_set_read_write_concern,
    async_set_write_concern,
    async_switch_collection,
    async_switch_db,
    no_dereferencing_active_for_class,
)
from mongoengine.state.home import home_of
from tests.models import Account, Author, Book, Person, Polygon, Shape, Square

OTHER = "other_database"
OTHER_DATABASE = "mongoengine_context_tests"


@pytest_asyncio.fixture
async def other(mongodb_uri: str) -> AsyncIterator[Any]:
    """A second alias, on a database of its own."""
    client = await connect_async(
        OTHER_DATABASE,
        alias=OTHER,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="context manager tests",
    )
    yield client[OTHER_DATABASE]
    await client.drop_database(OTHER_DATABASE)
    await disconnect_async(OTHER)


# All of them

#: Each switch, and what it changes.
switches = [
    pytest.param(
        lambda: async_switch_db(Person, "elsewhere"), lambda: home_of(Person), id="switch_db"
    ),
    pytest.param(
        lambda: async_switch_collection(Person, "elsewhere"),
        Person._get_collection_name,
        id="switch_collection",
    ),
    pytest.param(
        lambda: async_no_sub_classes(Shape), lambda: Shape._subclasses, id="no_sub_classes"
    ),
    pytest.param(
        lambda: async_no_dereference(Book),
        lambda: (Book.author._auto_dereference, no_dereferencing_active_for_class(Book)),
        id="no_dereference",
    ),
]


@pytest.mark.parametrize(("make", "state"), switches)
async def test_a_block_serves_again_and_inside_itself(
    make: Callable[[], Any], state: Callable[[], Any]
) -> None:
    block, before = make(), state()

    for _ in range(2):
        async with block:
            changed = state()
            assert changed != before
            async with block:
                assert state() == changed
            assert state() == changed
        assert state() == before


@pytest.mark.parametrize(("make", "state"), switches)
async def test_a_block_is_left_by_an_error_inside_itself(
    make: Callable[[], Any], state: Callable[[], Any]
) -> None:
    block, before = make(), state()

    async def fail() -> None:
        async with block, block:
            raise TypeError("of my own")

    with pytest.raises(TypeError, match="of my own"):
        await fail()

    assert state() == before


@pytest.mark.parametrize(("make", "state"), switches)
async def test_a_block_decorates_a_function(
    make: Callable[[], Any], state: Callable[[], Any]
) -> None:
    before = state()

    @make()
    async def look(deeper: bool) -> Any:
        """Says what it sees."""
        inside = await look(False) if deeper else state()
        assert inside == state()
        return inside

    assert await look(True) == await look(False) != before
    assert state() == before
    assert (look.__name__, look.__doc__) == ("look", "Says what it sees.")


async def test_blocks_that_overlap_are_left_in_any_order() -> None:
    blocks = [lambda: async_switch_db(Person, "one"), lambda: async_no_sub_classes(Shape)]
    outer, inner = (make() for make in blocks)
    before = home_of(Person), Shape._subclasses

    await outer.__aenter__()
    await inner.__aenter__()
    await outer.__aexit__(None, None, None)
    assert (home_of(Person), Shape._subclasses) == (before[0], ("Shape",))
    await inner.__aexit__(None, None, None)

    assert (home_of(Person), Shape._subclasses) == before


@pytest.mark.parametrize(
    "make",
    [
        lambda collection: async_set_write_concern(collection, {"w": 1, "j": True}),
        lambda collection: async_set_read_write_concern(
            collection, {"w": 1, "j": True}, {"level": "majority"}
        ),
    ],
    ids=["set_write_concern", "set_read_write_concern"],
)
async def test_a_block_of_concerns_serves_again_inside_itself_and_as_a_decorator(
    database: Any, make: Callable[[Any], Any]
) -> None:
    block = make(database["person"])

    for _ in range(2):
        async with block as changed, block as again:
            assert changed is not again
            assert changed.write_concern.document == again.write_concern.document
            assert changed.write_concern.document == {"w": 1, "j": True}
            assert changed.read_concern == again.read_concern

    @block
    async def count() -> int:
        found: int = await database["person"].count_documents({})
        return found

    assert await count() == 0


# Switching the database


async def test_everything_done_through_a_switched_class_is_done_in_the_other_database(
    database: Any, other: Any
) -> None:
    await Person(name="here").async_save()

    async with async_switch_db(Person, OTHER) as switched:
        assert switched is Person
        assert await Person.objects.async_count() == 0
        ada = await Person(name="ada").async_save()
        await ada.async_update(set__age=36)
        await ada.async_reload()
        await Person.objects.async_create(name="bob")
        await Person.objects(name="bob").async_delete()
        assert (await Person._async_get_db()).name == OTHER_DATABASE
        assert (await Person._async_get_collection()).database.name == OTHER_DATABASE

    assert ada.age == 36
    assert [found["name"] async for found in other["person"].find()] == ["ada"]
    assert [found["name"] async for found in database["person"].find()] == ["here"]
    assert await Person.objects.async_count() == 1


async def test_a_switched_class_drops_the_collection_it_is_switched_to(
    database: Any, other: Any
) -> None:
    await Person(name="here").async_save()
    await other["person"].insert_one({"name": "there"})

    async with async_switch_db(Person, OTHER):
        await Person.async_drop_collection()

    assert await other["person"].count_documents({}) == 0
    assert await database["person"].count_documents({}) == 1


async def test_a_class_is_switched_without_its_subclasses(database: Any, other: Any) -> None:
    async with async_switch_db(Shape, OTHER):
        await Shape(name="there").async_save()
        await Square(name="here").async_save()

    assert await other["shape"].count_documents({}) == 1
    assert await database["shape"].count_documents({}) == 1


async def test_a_queryset_stays_where_it_was_begun(other: Any) -> None:
    await Person(name="here").async_save()
    here = Person.objects(name="here")

    async with async_switch_db(Person, OTHER):
        await Person(name="there").async_save()
        there = Person.objects(name="there")
        assert await here.async_count() == 1

    assert await there.async_count() == 1
    assert await there.clone().filter(name="there").async_delete() == 1
    assert await other["person"].count_documents({}) == 0
    assert await here.async_count() == 1


async def test_switches_of_a_class_nest(database: Any, other: Any) -> None:
    async with async_switch_db(Person, OTHER):
        async with async_switch_db(Person, "default"):
            await Person(name="here").async_save()
        await Person(name="there").async_save()

    assert await database["person"].count_documents({"name": "here"}) == 1
    assert await other["person"].count_documents({"name": "there"}) == 1


async def test_an_error_inside_a_block_passes_and_ends_the_switch(other: Any) -> None:
    with pytest.raises(TypeError, match="of my own"):
        async with async_switch_db(Person, OTHER):
            raise TypeError("of my own")

    assert (await Person._async_get_db()).name != OTHER_DATABASE


async def test_an_unknown_alias_fails_on_the_first_use() -> None:
    async with async_switch_db(Person, "nowhere"):
        with pytest.raises(ConnectionFailure, match='"nowhere" has not been defined'):
            await Person.objects.async_first()

    assert await Person.objects.async_first() is None


async def test_one_switch_object_serves_again_and_inside_itself(other: Any) -> None:
    switch = async_switch_db(Person, OTHER)

    for _ in range(2):
        async with switch:
            async with switch:
                await Person(name="there").async_save()
            assert (await Person._async_get_db()).name == OTHER_DATABASE

    assert await other["person"].count_documents({}) == 2
    assert (await Person._async_get_db()).name != OTHER_DATABASE


# Switching the collection


async def test_a_class_is_switched_to_another_collection(database: Any) -> None:
    await Person(name="here").async_save()

    async with async_switch_collection(Person, "people_elsewhere") as switched:
        assert switched is Person
        assert Person._get_collection_name() == "people_elsewhere"
        assert await Person.objects.async_count() == 0
        ada = await Person(name="ada").async_save()
        assert ada.to_dbref().collection == "people_elsewhere"

    assert Person._get_collection_name() == "person"
    assert await database["people_elsewhere"].count_documents({"name": "ada"}) == 1
    assert await Person.objects.async_count() == 1
    await database["people_elsewhere"].drop()


async def test_both_switches_act_together(other: Any) -> None:
    async with async_switch_db(Person, OTHER), async_switch_collection(Person, "folk"):
        await Person(name="ada").async_save()

    assert await other["folk"].count_documents({"name": "ada"}) == 1


# Switching one document


async def test_one_document_is_switched_to_another_database(database: Any, other: Any) -> None:
    ada = await Person(name="ada").async_save()
    bob = await Person(name="bob").async_save()

    assert ada.switch_db(OTHER) is ada
    await ada.async_delete()
    ada.age = 36
    await ada.async_save()
    bob.age = 40
    await bob.async_save()

    stored = await other["person"].find_one({"_id": ada.id})
    assert stored == {"_id": ada.id, "age": 36}  # only what changed
    assert await database["person"].count_documents({"age": 40}) == 1
    assert await database["person"].count_documents({"name": "ada"}) == 1


async def test_a_switched_document_can_be_saved_as_a_new_one(database: Any, other: Any) -> None:
    ada = await Person(name="ada", age=36).async_save()

    await ada.switch_db(OTHER, keep_created=False).async_save()

    stored = await other["person"].find_one({"_id": ada.id})
    assert (stored["name"], stored["age"]) == ("ada", 36)
    await ada.async_reload()
    await ada.async_update(set__age=37)
    assert await other["person"].count_documents({"age": 37}) == 1
    assert await database["person"].count_documents({"age": 36}) == 1


async def test_one_document_is_switched_to_another_collection(database: Any) -> None:
    ada = await Person(name="ada").async_save()

    assert ada.switch_collection("folk", keep_created=False) is ada
    await ada.async_save()

    assert await database["folk"].count_documents({"name": "ada"}) == 1
    assert Person._get_collection_name() == "person"
    await database["folk"].drop()


async def test_a_document_is_not_switched_to_an_unknown_alias() -> None:
    with pytest.raises(ConnectionFailure, match='"nowhere" has not been defined'):
        Person(name="ada").switch_db("nowhere")


# Narrowing queries


async def test_subclasses_are_left_out_inside_a_block() -> None:
    for shape in (Shape(name="s"), Polygon(name="p"), Square(name="q")):
        await shape.async_save()

    async with async_no_sub_classes(Shape) as narrowed:
        assert narrowed is Shape
        assert Shape._subclasses == ("Shape",)
        assert [type(found) async for found in Shape.objects] == [Shape]
        assert await Polygon.objects.async_count() == 2

    assert await Shape.objects.async_count() == 3


# Keeping references


async def test_references_stay_as_stored_inside_a_block() -> None:
    ada = await Author(name="ada").async_save()
    await Book(title="notes", author=ada, others=[ada]).async_save()
    outside = Book.objects

    async with async_no_dereference(Book) as nothing:
        assert nothing is None
        assert no_dereferencing_active_for_class(Book)
        assert not Book.objects._auto_dereference
        assert not outside._auto_dereference
        assert not Book._fields["others"]._auto_dereference
        async with async_no_dereference(Book):
            nested = await Book.objects.async_first()
        book = await Book.objects.async_first()
        assert isinstance(book.author, DBRef)
        assert isinstance(nested.author, DBRef)
        assert all(isinstance(other, DBRef) for other in book.others)

    assert not no_dereferencing_active_for_class(Book)
    assert Book.objects._auto_dereference
    assert isinstance(book.author, DBRef)  # a document found inside keeps its references


async def test_a_block_for_a_class_without_references_leaves_other_classes_alone() -> None:
    async with async_no_dereference(Account):
        assert Book._fields["author"]._auto_dereference
        assert not Account.objects._auto_dereference


async def test_a_block_for_a_class_with_references_keeps_those_of_all_classes() -> None:
    async with async_no_dereference(Book):
        assert not Author._fields["friend"]._auto_dereference
        assert Author.objects._auto_dereference


# Concerns


async def test_a_write_concern_is_merged_into_a_copy_of_the_collection(database: Any) -> None:
    collection = database["person"].with_options(write_concern=None)
    before = collection.write_concern.document

    async with async_set_write_concern(collection, {"w": 1, "j": True}) as changed:
        await changed.insert_one({"name": "ada"})
        assert changed.write_concern.document == {**before, "w": 1, "j": True}
        async with async_set_write_concern(changed, {"w": "majority"}) as further:
            assert further.write_concern.document == {**before, "w": "majority", "j": True}

    assert collection.write_concern.document == before


async def test_both_concerns_are_merged_or_left(database: Any) -> None:
    collection = database["person"]

    async with async_set_read_write_concern(collection, {"w": 1}, {"level": "local"}) as both:
        assert both.write_concern.document["w"] == 1
        assert both.read_concern.document == {"level": "local"}
    async with async_set_read_write_concern(collection, None, {"level": "majority"}) as reading:
        assert reading.write_concern == collection.write_concern
        assert reading.read_concern.document == {"level": "majority"}


# Counting


async def profiling_level(database: Any) -> int:
    level: int = (await database.command({"profile": -1}))["was"]
    return level


async def test_operations_are_counted_and_counting_is_not(database: Any) -> None:
    async with async_query_counter() as counter:
        assert await counter.async_count() == 0
        await Person(name="ada").async_save()
        assert await counter.async_count() == 1
        assert await counter.async_count() == 1
        await Person.objects.async_first()
        await Person.objects(name="ada").async_count()
        assert await counter.async_count() == 3


async def test_batches_are_counted_and_closing_a_cursor_is_not(database: Any) -> None:
    await database["many"].insert_many([{"n": n} for n in range(150)])

    async with async_query_counter() as counter:
        cursor = database["many"].find()
        assert await counter.async_count() == 0  # nothing is sent yet
        await cursor.next()
        assert await counter.async_count() == 1
        await cursor.close()
        assert await counter.async_count() == 1
        await database["many"].find().to_list()
        assert await counter.async_count() == 3


async def test_other_databases_are_not_counted(other: Any) -> None:
    async with async_query_counter(alias=OTHER) as counter:
        await Person.objects.async_first()
        assert await counter.async_count() == 0
        async with async_switch_db(Person, OTHER):
            await Person.objects.async_first()
        counted = await counter.async_count()

    # The first use of the collection may have made it as well.
    assert counted >= 1


async def test_a_counter_counts_anew_when_it_serves_again() -> None:
    await Person.objects.async_first()
    counter = async_query_counter()

    for _ in range(3):
        async with counter:
            assert await counter.async_count() == 0
            await Person.objects.async_first()
            assert await counter.async_count() == 1


async def test_a_counter_inside_itself_brings_the_profiling_level_back(database: Any) -> None:
    counter = async_query_counter()

    async with counter:
        async with counter:
            assert await profiling_level(database) == 2
        assert await profiling_level(database) == 2

    assert await profiling_level(database) == 0


async def test_the_profiling_level_is_brought_back_after_an_error_too(database: Any) -> None:
    async def fail() -> None:
        async with async_query_counter():
            assert await profiling_level(database) == 2
            raise TypeError("of my own")

    await database.command({"profile": 1})
    try:
        with pytest.raises(TypeError, match="of my own"):
            await fail()
        assert await profiling_level(database) == 1
    finally:
        await database.command({"profile": 0})
