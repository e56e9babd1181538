"""Every verb inside a transaction: its commands carry the session, or it is refused."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from bson import ObjectId
from bson.json_util import RELAXED_JSON_OPTIONS
from PIL import Image

import mongoengine._async
from mongoengine._async.commands import (
    async_count_documents,
    async_get_mongodb_version,
    async_list_collection_names,
)
from mongoengine.connection import _get_session, connect_async, disconnect_async
from mongoengine.context_managers import async_query_counter, async_run_in_transaction
from mongoengine.document import MapReduceDocument
from mongoengine.errors import OperationError
from tests.commands import CommandLog
from tests.field_models import Attachment, Invoice, Line
from tests.models import Author, Book, CascadingBook, Indexed, Person, Story
from tests.reference_models import (
    RefPet,
    RefPost,
    RefSighting,
    RefUser,
    RuleCascading,
    RuleFurther,
    RuleOwner,
    RuleTarget,
)

SHARED, APART = "operations_shared", "operations_apart"
OTHER_DATABASE = "mongoengine_operation_tests"

Operation = Callable[[Any], Awaitable[Any]]

#: What joins a transaction, with the verbs it shows and the commands it must send.
joining: list[tuple[Operation, tuple[str, ...], tuple[str, ...]]] = []
#: What cannot, with the verbs.
refused: list[tuple[Operation, tuple[str, ...]]] = []

#: Verbs that send nothing.
SILENT = {
    "AsyncDocumentIO.async_list_indexes",
    "AsyncImageProxyIO.async_write",
    "AsyncImageProxyIO.async_writelines",
    "AsyncQuerySetStepping.async_rewind",
}
#: What the counter of queries asks is outside of any session on purpose: it would count itself.
OUTSIDE = {
    "AsyncQueryCounterIO.async_count",
    "AsyncQueryCounterIO.__aenter__",
    "AsyncQueryCounterIO.__aexit__",
    "async_get_mongodb_version",
}


def joins(*verbs: str, sends: tuple[str, ...] = ()) -> Callable[[Operation], Operation]:
    """Put an operation among those that take part."""

    def add(operation: Operation) -> Operation:
        joining.append((operation, verbs, sends))
        return operation

    return add


def cannot_join(*verbs: str) -> Callable[[Operation], Operation]:
    """Put an operation among those that are refused."""

    def add(operation: Operation) -> Operation:
        refused.append((operation, verbs))
        return operation

    return add


def all_verbs() -> Iterator[str]:
    """Yield every public verb of a twin, by class and name, and the small commands."""
    package = mongoengine._async
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        module = importlib.import_module(found.name)
        for cls in vars(module).values():
            if inspect.isclass(cls) and cls.__module__ == module.__name__:
                for name in vars(cls):
                    value = vars(cls)[name]
                    function = getattr(value, "__func__", value)
                    public = not name.startswith("_") or name.startswith(("__a", "__n", "__e"))
                    public = public or name == "__iter__"
                    if public and inspect.isfunction(function):
                        yield f"{cls.__name__}.{name}"
    commands = importlib.import_module(package.__name__ + ".commands")
    for name, function in vars(commands).items():
        if inspect.isfunction(function) and function.__module__ == commands.__name__:
            yield name


# Documents


@joins("AsyncDocumentIO.async_save", sends=("insert",))
async def save_new(world: Any) -> None:
    await Book(title="new").async_save()


@joins(sends=("findAndModify",))
async def save_with_key(world: Any) -> None:
    await Book(id=ObjectId(), title="new").async_save()


@joins(sends=("update",))
async def save_changes(world: Any) -> None:
    world.book.title = "changed"
    await world.book.async_save()


@joins("AsyncDocumentIO.async_cascade_save", sends=("update",))
async def save_cascading(world: Any) -> None:
    world.author.name = "changed"
    world.book.author = world.author
    await world.book.async_save(cascade=True)


@joins(sends=("insert", "update"))
async def save_cascading_by_default(world: Any) -> None:
    world.author.name = "changed"
    await CascadingBook(title="c", author=world.author).async_save()


@joins("AsyncDocumentIO.async_update", sends=("update",))
async def update_itself(world: Any) -> None:
    await world.book.async_update(set__title="changed")


@joins("AsyncDocumentIO.async_modify", sends=("findAndModify",))
async def modify_itself(world: Any) -> None:
    await world.book.async_modify(set__title="changed")


@joins("AsyncDocumentIO.async_reload", sends=("find",))
async def reload_itself(world: Any) -> None:
    await world.book.async_reload()


@joins("AsyncDocumentIO.async_delete", sends=("delete",))
async def delete_itself(world: Any) -> None:
    await world.book.async_delete()


@joins(sends=("find", "delete", "update"))
async def delete_with_rules(world: Any) -> None:
    await world.target.async_delete()
    assert not await RuleFurther.objects.async_exists()


@joins("AsyncDocumentIO.async_select_related", sends=("find",))
async def load_references_of_one(world: Any) -> None:
    await (await Book.objects.async_first()).async_select_related()


@joins("AsyncDocumentIO.async_ensure_indexes", sends=("createIndexes",))
async def make_indexes_of_a_new_collection(world: Any) -> None:
    await Indexed.async_ensure_indexes()


@joins("AsyncDocumentIO.async_create_index", sends=("createIndexes",))
async def make_an_index_of_a_new_collection(world: Any) -> None:
    await Indexed.async_create_index("name")


@cannot_join("AsyncDocumentIO.async_drop_collection")
async def drop_collection(world: Any) -> None:
    await Book.async_drop_collection()


@cannot_join("AsyncDocumentIO.async_compare_indexes")
async def compare_indexes(world: Any) -> None:
    await Book.async_compare_indexes()


@joins("AsyncEmbeddedDocumentIO.async_save", sends=("update",))
async def save_the_owner(world: Any) -> None:
    world.story.chapters[0].name = "changed"
    await world.story.chapters[0].async_save()


@joins("AsyncEmbeddedDocumentIO.async_reload", sends=("find",))
async def reload_the_owner(world: Any) -> None:
    await world.story.chapters[0].async_reload()


@joins("AsyncEmbeddedListIO.async_save", sends=("update",))
async def save_the_list(world: Any) -> None:
    world.story.chapters.create(name="two")
    await world.story.chapters.async_save()


# Querysets: reading


@joins("AsyncQuerySetReading.async_first", sends=("find",))
async def first(world: Any) -> None:
    await Book.objects.async_first()


@joins("AsyncQuerySetReading.async_get", sends=("find",))
async def get(world: Any) -> None:
    await Book.objects.async_get(id=world.book.id)


@joins("AsyncQuerySetReading.async_exists", sends=("find",))
async def exists(world: Any) -> None:
    assert await Book.objects.async_exists()


@joins("AsyncQuerySetReading.async_to_list", sends=("find", "getMore"))
async def to_list_uncached(world: Any) -> None:
    assert len(await Author.objects.no_cache().batch_size(2).async_to_list()) == 3


@joins("AsyncCachedIteration.async_to_list", sends=("find", "getMore"))
async def to_list(world: Any) -> None:
    assert len(await Author.objects.batch_size(2).async_to_list()) == 3


@joins("AsyncCachedIteration.__aiter__", sends=("find", "getMore"))
async def iterate(world: Any) -> None:
    assert len([found async for found in Author.objects.batch_size(2)]) == 3


@joins("AsyncPlainIteration.__aiter__", sends=("find", "getMore"))
async def iterate_uncached(world: Any) -> None:
    assert len([found async for found in Author.objects.no_cache().batch_size(2)]) == 3


@joins("AsyncQuerySetStepping.__anext__", sends=("find", "getMore"))
async def step(world: Any) -> None:
    queryset = Author.objects.batch_size(2)
    for _ in range(3):
        await anext(queryset)
    await queryset.async_rewind()


@joins(sends=("find",))
async def leave_a_loop_early(world: Any) -> None:
    async for _ in Author.objects.batch_size(2):
        break


@joins("AsyncQuerySetReading.async_count", sends=("aggregate",))
async def count_uncached(world: Any) -> None:
    assert await Author.objects.no_cache().async_count() == 3


@joins("AsyncCachedIteration.async_count", sends=("aggregate",))
async def count(world: Any) -> None:
    assert await Author.objects.async_count() == 3


@joins("async_count_documents", "async_count_matching", sends=("aggregate",))
async def count_in_collection(world: Any) -> None:
    assert await async_count_documents(await Author._async_get_collection(), {}) == 3


@joins("AsyncQuerySetLookingUp.async_with_id", sends=("find",))
async def with_id(world: Any) -> None:
    assert await Book.objects.async_with_id(world.book.id) == world.book


@joins("AsyncQuerySetLookingUp.async_in_bulk", sends=("find", "getMore"))
async def in_bulk(world: Any) -> None:
    keys = [author.id for author in world.authors]
    assert len(await Author.objects.batch_size(2).async_in_bulk(keys)) == 3


@joins("AsyncQuerySetLookingUp.async_distinct", sends=("distinct",))
async def distinct(world: Any) -> None:
    assert await Book.objects.async_distinct("title") == ["notes"]


@joins(sends=("distinct", "find"))
async def distinct_references(world: Any) -> None:
    assert await Book.objects.async_distinct("author") == [world.author]


@joins("AsyncQuerySetLookingUp.async_values", sends=("find",))
async def values(world: Any) -> None:
    assert await Book.objects.async_values("title") == [{"title": "notes"}]


@cannot_join("AsyncQuerySetLookingUp.async_explain")
async def explain(world: Any) -> None:
    await Book.objects.async_explain()


@joins("AsyncQuerySetJSON.async_to_json", sends=("find",))
async def to_json(world: Any) -> None:
    assert "notes" in await Book.objects.async_to_json(json_options=RELAXED_JSON_OPTIONS)


@joins("AsyncQuerySetAggregation.async_aggregate", sends=("aggregate", "getMore"))
async def aggregate(world: Any) -> None:
    cursor = await Author.objects.async_aggregate([{"$project": {"name": 1}}], batchSize=2)
    assert len([found async for found in cursor]) == 3


@joins("AsyncQuerySetAggregation.async_sum", sends=("aggregate",))
async def add_up(world: Any) -> None:
    assert await Invoice.objects.async_sum("number") > 0


@joins("AsyncQuerySetAggregation.async_average", sends=("aggregate",))
async def average(world: Any) -> None:
    assert await Invoice.objects.async_average("number") > 0


@cannot_join("AsyncQuerySetJavaScript.async_map_reduce")
async def map_reduce(world: Any) -> None:
    mapper, reducer = "function() { emit(1, 1); }", "function(key, values) { return 1; }"
    [found async for found in Book.objects.async_map_reduce(mapper, reducer, "inline")]


@cannot_join("AsyncQuerySetJavaScript.async_exec_js")
async def exec_js(world: Any) -> None:
    await Book.objects.async_exec_js("function() { return 1; }")


@cannot_join("AsyncQuerySetJavaScript.async_item_frequencies")
async def item_frequencies(world: Any) -> None:
    await Book.objects.async_item_frequencies("title")


@cannot_join()
async def item_frequencies_in_the_shell(world: Any) -> None:
    await Book.objects.async_item_frequencies("title", map_reduce=False)


@joins("AsyncMapReduceResult.async_fetch", sends=("find",))
async def fetch_a_map_reduce_result(world: Any) -> None:
    collection = await Book._async_get_collection()
    result = MapReduceDocument(Book, collection, world.book.id, 1)
    assert await result.async_fetch() == world.book


# Querysets: writing


@joins("AsyncQuerySetWriting.async_create", sends=("insert",))
async def create_one(world: Any) -> None:
    await Book.objects.async_create(title="new")


@joins("AsyncQuerySetWriting.async_insert", sends=("insert", "find"))
async def insert(world: Any) -> None:
    await Book.objects.async_insert([Book(title="x"), Book(title="y")])


@joins("AsyncQuerySetWriting.async_update", sends=("update",))
async def update(world: Any) -> None:
    await Book.objects(title="notes").async_update(set__title="changed")


@joins(sends=("update",))
async def upsert(world: Any) -> None:
    await Book.objects(title="unknown").async_update(upsert=True, set__title="known")


@joins("AsyncQuerySetWriting.async_update_one", sends=("update",))
async def update_one(world: Any) -> None:
    await Book.objects(title="notes").async_update_one(set__title="changed")


@joins("AsyncQuerySetWriting.async_delete", sends=("delete",))
async def delete(world: Any) -> None:
    await Book.objects(title="notes").async_delete()


@joins(sends=("find", "delete"))
async def delete_one_by_one(world: Any) -> None:
    await Author.objects.limit(2).async_delete()


@joins("AsyncQuerySetModifying.async_modify", sends=("findAndModify",))
async def modify(world: Any) -> None:
    await Book.objects(title="notes").async_modify(set__title="changed", new=True)


@joins(sends=("findAndModify",))
async def remove(world: Any) -> None:
    await Book.objects(title="notes").async_modify(remove=True)


@joins("AsyncQuerySetModifying.async_upsert_one", sends=("findAndModify",))
async def upsert_one(world: Any) -> None:
    await Book.objects(title="unknown").async_upsert_one(set__title="known")


# References


@joins("AsyncQuerySetReferences.async_select_related", sends=("find",))
async def select_related(world: Any) -> None:
    (book,) = await Book.objects.async_select_related()
    assert book.author.name == "ada"


@joins(sends=("find",))
async def prefetch_references(world: Any) -> None:
    (book,) = await Book.objects.prefetch("author", "others").async_to_list()
    assert [author.name for author in book.others] == ["bob", "cyd"]


@joins(sends=("find",))
async def read_a_reference(world: Any) -> None:
    book = await Book.objects.async_first()
    assert (await book.author).name == "ada"
    assert book.author.name == "ada"


@joins("AsyncReferenceFieldIO.async_fetch", sends=("find",))
async def fetch_by_field(world: Any) -> None:
    book = await Book.objects.async_first()
    assert await Book.author.async_fetch(book) == world.author


@joins("AsyncLazyReferenceIO.async_fetch", sends=("find",))
async def fetch_lazily(world: Any) -> None:
    post = await RefPost.objects.async_first()
    assert await post.lazy.async_fetch() == world.user


@joins(sends=("update",))
async def save_what_others_have_copies_of(world: Any) -> None:
    world.pet.name = "renamed"
    await world.pet.async_save()
    assert (await RefSighting.objects.as_pymongo().async_first())["p"]["name"] == "renamed"


@joins("AsyncCachedReferenceIO.async_sync_all", sends=("find", "update"))
async def sync_all_copies(world: Any) -> None:
    await RefSighting.pet.async_sync_all()


# Sequences


@joins("AsyncSequenceIO.async_generate", sends=("findAndModify",))
async def count_up(world: Any) -> None:
    await Invoice.number.async_generate()


@joins(sends=("findAndModify", "insert"))
async def count_for_a_document(world: Any) -> None:
    await Invoice(lines=[Line(), Line()]).async_save()


@joins("AsyncSequenceIO.async_get_next_value", sends=("find",))
async def next_number(world: Any) -> None:
    await Invoice.number.async_get_next_value()


@joins("AsyncSequenceIO.async_set_next_value", sends=("findAndModify",))
async def set_number(world: Any) -> None:
    await Invoice.number.async_set_next_value(1000)


# What has no transactions


@cannot_join("async_list_collection_names")
async def list_collections(world: Any) -> None:
    await async_list_collection_names(await Book._async_get_db())


@cannot_join("AsyncGridFSProxyIO.async_put", "AsyncFileFieldIO.async_put")
async def put_file(world: Any) -> None:
    await Attachment.file.async_put(b"x", Attachment())


@cannot_join("AsyncGridFSProxyIO.async_get", "AsyncFileFieldIO.async_get")
async def get_file(world: Any) -> None:
    await Attachment.file.async_get(world.attachment)


@cannot_join("AsyncGridFSProxyIO.async_read", "AsyncFileFieldIO.async_read")
async def read_file(world: Any) -> None:
    await Attachment.file.async_read(world.attachment)


@cannot_join()
async def read_on_in_an_open_file(world: Any) -> None:
    await world.opened.file.async_read(1)


@cannot_join("AsyncGridFSProxyIO.async_new_file")
async def begin_file(world: Any) -> None:
    await Attachment().file.async_new_file()


@cannot_join("AsyncGridFSProxyIO.async_write")
async def write_file(world: Any) -> None:
    await world.begun.file.async_write(b"x")


@cannot_join("AsyncGridFSProxyIO.async_writelines")
async def write_lines(world: Any) -> None:
    await world.begun.file.async_writelines([b"x"])


@cannot_join("AsyncGridFSProxyIO.async_close")
async def close_file(world: Any) -> None:
    await world.begun.file.async_close()


@cannot_join("AsyncGridFSProxyIO.async_delete", "AsyncFileFieldIO.async_delete")
async def delete_file(world: Any) -> None:
    await Attachment.file.async_delete(world.attachment)


@cannot_join("AsyncGridFSProxyIO.async_replace", "AsyncFileFieldIO.async_replace")
async def replace_file(world: Any) -> None:
    await Attachment.file.async_replace(b"x", world.attachment)


@cannot_join("AsyncImageProxyIO.async_put")
async def put_image(world: Any) -> None:
    content = BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    content.seek(0)
    await Attachment().image.async_put(content)


@cannot_join()
async def delete_image(world: Any) -> None:
    world.attachment.image.grid_id = ObjectId()
    await world.attachment.image.async_delete()


@cannot_join()
async def delete_a_document_with_a_file(world: Any) -> None:
    await world.attachment.async_delete()


# The world, and the tests


@pytest_asyncio.fixture
async def world() -> AsyncIterator[Any]:
    """Something stored for every operation."""
    await Indexed.async_drop_collection()
    authors = [await Author(name=name).async_save() for name in ("ada", "bob", "cyd")]
    book = Book(title="notes", author=authors[0], others=authors[1:])
    user, pet = await RefUser(name="u").async_save(), await RefPet(name="p").async_save()
    target = await RuleTarget(name="t").async_save()
    await RuleOwner(nullify=target, pull=[target]).async_save()
    cascading = await RuleCascading(target=target).async_save()
    await RuleFurther(cascading=cascading).async_save()
    attachment, opened, begun = Attachment(), Attachment(), Attachment()
    for document in (attachment, opened):
        await document.file.async_put(b"content")
        await document.async_save()
    await opened.file.async_read(1)
    await begun.file.async_new_file()
    await Invoice().async_save()
    await RefPost(lazy=user).async_save()
    await RefSighting(pet=pet).async_save()
    story = Story(title="s")
    story.chapters.create(name="one")
    yield SimpleNamespace(
        authors=authors,
        author=authors[0],
        book=await book.async_save(),
        user=user,
        pet=pet,
        target=target,
        attachment=attachment,
        opened=opened,
        begun=begun,
        story=await story.async_save(),
    )
    await begun.file.async_close()


@pytest_asyncio.fixture(scope="module", autouse=True)
async def aliases(
    mongodb_uri: str, command_log: CommandLog, connection: Any
) -> AsyncIterator[None]:
    """An alias on the client of the default one, and one on a client of its own."""
    options: dict[str, Any] = {"host": mongodb_uri, "uuidRepresentation": "standard"}
    shared = await connect_async(
        OTHER_DATABASE, alias=SHARED, appname="twins", event_listeners=[command_log], **options
    )
    assert shared is connection
    await connect_async(OTHER_DATABASE, alias=APART, appname="operation tests", **options)
    yield
    await disconnect_async(SHARED)
    await disconnect_async(APART)


def test_every_verb_is_in_the_table() -> None:
    covered = {verb for _, verbs, _ in joining for verb in verbs}
    covered |= {verb for _, verbs in refused for verb in verbs}

    assert covered | SILENT | OUTSIDE == set(all_verbs())


@pytest.mark.parametrize("alias", ["default", SHARED])
@pytest.mark.parametrize(
    ("operation", "sends"),
    [pytest.param(operation, sends, id=operation.__name__) for operation, _, sends in joining],
)
async def test_every_command_of_an_operation_carries_the_session(
    operation: Operation, sends: tuple[str, ...], alias: str, world: Any, commands: CommandLog
) -> None:
    commands.clear()

    async with async_run_in_transaction(alias):
        await operation(world)
        lsid = _get_session().session_id

    sent = [(name, command) for name, command in commands.sent if name != "endSessions"]
    names = [name for name, _ in sent]
    assert names[-1] == "commitTransaction"
    assert set(sends) <= set(names[:-1])
    assert {command.get("txnNumber") for _, command in sent} == {sent[0][1]["txnNumber"]}
    for name, command in sent:
        assert command.get("lsid") == lsid, name
        assert command.get("autocommit") is False, name


@pytest.mark.parametrize(
    "operation", [operation for operation, _ in refused], ids=lambda found: found.__name__
)
async def test_what_cannot_join_is_refused_before_anything_is_sent(
    operation: Operation, world: Any, commands: CommandLog
) -> None:
    commands.clear()

    async with async_run_in_transaction():
        with pytest.raises(OperationError, match=r"cannot run in a transaction, because"):
            await operation(world)

    assert [name for name in commands.names if name != "endSessions"] == []


@pytest.mark.parametrize(
    "operation",
    [*(operation for operation, *_ in joining), drop_collection, map_reduce, explain],
    ids=lambda found: found.__name__,
)
async def test_in_a_transaction_on_another_client_every_operation_is_refused(
    operation: Operation, world: Any, commands: CommandLog
) -> None:
    commands.clear()

    async with async_run_in_transaction(APART):
        with pytest.raises(OperationError, match=r"cannot join .* has a client of its own"):
            await operation(world)

    assert [name for name in commands.names if name != "endSessions"] == []


async def test_the_counter_of_queries_and_the_version_are_asked_outside(
    commands: CommandLog,
) -> None:
    async with async_run_in_transaction(), async_query_counter() as counter:
        await Person(name="ada").async_save()
        assert await counter.async_count() >= 0
        assert await async_get_mongodb_version() >= (4, 4)

    for name, command in commands.sent:
        in_transaction = name in ("insert", "commitTransaction")
        assert ("autocommit" in command) is in_transaction, name
