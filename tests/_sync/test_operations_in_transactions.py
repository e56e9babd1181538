# Generated from tests/_async/test_operations_in_transactions.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Every verb inside a transaction: its commands carry the session, or it is refused."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from bson import ObjectId
from bson.json_util import RELAXED_JSON_OPTIONS
from PIL import Image

import mongoengine._sync
from mongoengine._sync.commands import (
    count_documents,
    get_mongodb_version,
    list_collection_names,
)
from mongoengine.connection import _get_session, connect, disconnect
from mongoengine.context_managers import query_counter, run_in_transaction
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

Operation = Callable[[Any], Any]

#: What joins a transaction, with the verbs it shows and the commands it must send.
joining: list[tuple[Operation, tuple[str, ...], tuple[str, ...]]] = []
#: What cannot, with the verbs.
refused: list[tuple[Operation, tuple[str, ...]]] = []

#: Verbs that send nothing.
SILENT = {
    "SyncDocumentIO.list_indexes",
    "SyncImageProxyIO.write",
    "SyncImageProxyIO.writelines",
    "SyncQuerySetStepping.rewind",
}
#: What the counter of queries asks is outside of any session on purpose: it would count itself.
OUTSIDE = {
    "SyncQueryCounterIO.count",
    "SyncQueryCounterIO.__enter__",
    "SyncQueryCounterIO.__exit__",
    "get_mongodb_version",
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
    package = mongoengine._sync
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


@joins("SyncDocumentIO.save", sends=("insert",))
def save_new(world: Any) -> None:
    Book(title="new").save()


@joins(sends=("findAndModify",))
def save_with_key(world: Any) -> None:
    Book(id=ObjectId(), title="new").save()


@joins(sends=("update",))
def save_changes(world: Any) -> None:
    world.book.title = "changed"
    world.book.save()


@joins("SyncDocumentIO.cascade_save", sends=("update",))
def save_cascading(world: Any) -> None:
    world.author.name = "changed"
    world.book.author = world.author
    world.book.save(cascade=True)


@joins(sends=("insert", "update"))
def save_cascading_by_default(world: Any) -> None:
    world.author.name = "changed"
    CascadingBook(title="c", author=world.author).save()


@joins("SyncDocumentIO.update", sends=("update",))
def update_itself(world: Any) -> None:
    world.book.update(set__title="changed")


@joins("SyncDocumentIO.modify", sends=("findAndModify",))
def modify_itself(world: Any) -> None:
    world.book.modify(set__title="changed")


@joins("SyncDocumentIO.reload", sends=("find",))
def reload_itself(world: Any) -> None:
    world.book.reload()


@joins("SyncDocumentIO.delete", sends=("delete",))
def delete_itself(world: Any) -> None:
    world.book.delete()


@joins(sends=("find", "delete", "update"))
def delete_with_rules(world: Any) -> None:
    world.target.delete()
    assert not RuleFurther.objects.exists()


@joins("SyncDocumentIO.select_related", sends=("find",))
def load_references_of_one(world: Any) -> None:
    Book.objects.first().select_related()


@joins("SyncDocumentIO.ensure_indexes", sends=("createIndexes",))
def make_indexes_of_a_new_collection(world: Any) -> None:
    Indexed.ensure_indexes()


@joins("SyncDocumentIO.create_index", sends=("createIndexes",))
def make_an_index_of_a_new_collection(world: Any) -> None:
    Indexed.create_index("name")


@cannot_join("SyncDocumentIO.drop_collection")
def drop_collection(world: Any) -> None:
    Book.drop_collection()


@cannot_join("SyncDocumentIO.compare_indexes")
def compare_indexes(world: Any) -> None:
    Book.compare_indexes()


@joins("SyncEmbeddedDocumentIO.save", sends=("update",))
def save_the_owner(world: Any) -> None:
    world.story.chapters[0].name = "changed"
    world.story.chapters[0].save()


@joins("SyncEmbeddedDocumentIO.reload", sends=("find",))
def reload_the_owner(world: Any) -> None:
    world.story.chapters[0].reload()


@joins("SyncEmbeddedListIO.save", sends=("update",))
def save_the_list(world: Any) -> None:
    world.story.chapters.create(name="two")
    world.story.chapters.save()


# Querysets: reading


@joins("SyncQuerySetReading.first", sends=("find",))
def first(world: Any) -> None:
    Book.objects.first()


@joins("SyncQuerySetReading.get", sends=("find",))
def get(world: Any) -> None:
    Book.objects.get(id=world.book.id)


@joins("SyncQuerySetReading.exists", sends=("find",))
def exists(world: Any) -> None:
    assert Book.objects.exists()


@joins("SyncQuerySetReading.to_list", sends=("find", "getMore"))
def to_list_uncached(world: Any) -> None:
    assert len(Author.objects.no_cache().batch_size(2).to_list()) == 3


@joins("SyncCachedIteration.to_list", sends=("find", "getMore"))
def to_list(world: Any) -> None:
    assert len(Author.objects.batch_size(2).to_list()) == 3


@joins("SyncCachedIteration.__iter__", sends=("find", "getMore"))
def iterate(world: Any) -> None:
    assert len([found for found in Author.objects.batch_size(2)]) == 3


@joins("SyncPlainIteration.__iter__", sends=("find", "getMore"))
def iterate_uncached(world: Any) -> None:
    assert len([found for found in Author.objects.no_cache().batch_size(2)]) == 3


@joins("SyncQuerySetStepping.__next__", sends=("find", "getMore"))
def step(world: Any) -> None:
    queryset = Author.objects.batch_size(2)
    for _ in range(3):
        next(queryset)
    queryset.rewind()


@joins(sends=("find",))
def leave_a_loop_early(world: Any) -> None:
    for _ in Author.objects.batch_size(2):
        break


@joins("SyncQuerySetReading.count", sends=("aggregate",))
def count_uncached(world: Any) -> None:
    assert Author.objects.no_cache().count() == 3


@joins("SyncCachedIteration.count", sends=("aggregate",))
def count(world: Any) -> None:
    assert Author.objects.count() == 3


@joins("count_documents", "count_matching", sends=("aggregate",))
def count_in_collection(world: Any) -> None:
    assert count_documents(Author._get_collection(), {}) == 3


@joins("SyncQuerySetLookingUp.with_id", sends=("find",))
def with_id(world: Any) -> None:
    assert Book.objects.with_id(world.book.id) == world.book


@joins("SyncQuerySetLookingUp.in_bulk", sends=("find", "getMore"))
def in_bulk(world: Any) -> None:
    keys = [author.id for author in world.authors]
    assert len(Author.objects.batch_size(2).in_bulk(keys)) == 3


@joins("SyncQuerySetLookingUp.distinct", sends=("distinct",))
def distinct(world: Any) -> None:
    assert Book.objects.distinct("title") == ["notes"]


@joins(sends=("distinct", "find"))
def distinct_references(world: Any) -> None:
    assert Book.objects.distinct("author") == [world.author]


@joins("SyncQuerySetLookingUp.values", sends=("find",))
def values(world: Any) -> None:
    assert Book.objects.values("title") == [{"title": "notes"}]


@cannot_join("SyncQuerySetLookingUp.explain")
def explain(world: Any) -> None:
    Book.objects.explain()


@joins("SyncQuerySetJSON.to_json", sends=("find",))
def to_json(world: Any) -> None:
    assert "notes" in Book.objects.to_json(json_options=RELAXED_JSON_OPTIONS)


@joins("SyncQuerySetAggregation.aggregate", sends=("aggregate", "getMore"))
def aggregate(world: Any) -> None:
    cursor = Author.objects.aggregate([{"$project": {"name": 1}}], batchSize=2)
    assert len([found for found in cursor]) == 3


@joins("SyncQuerySetAggregation.sum", sends=("aggregate",))
def add_up(world: Any) -> None:
    assert Invoice.objects.sum("number") > 0


@joins("SyncQuerySetAggregation.average", sends=("aggregate",))
def average(world: Any) -> None:
    assert Invoice.objects.average("number") > 0


@cannot_join("SyncQuerySetJavaScript.map_reduce")
def map_reduce(world: Any) -> None:
    mapper, reducer = "function() { emit(1, 1); }", "function(key, values) { return 1; }"
    [found for found in Book.objects.map_reduce(mapper, reducer, "inline")]


@cannot_join("SyncQuerySetJavaScript.exec_js")
def exec_js(world: Any) -> None:
    Book.objects.exec_js("function() { return 1; }")


@cannot_join("SyncQuerySetJavaScript.item_frequencies")
def item_frequencies(world: Any) -> None:
    Book.objects.item_frequencies("title")


@cannot_join()
def item_frequencies_in_the_shell(world: Any) -> None:
    Book.objects.item_frequencies("title", map_reduce=False)


@joins("SyncMapReduceResult.fetch", sends=("find",))
def fetch_a_map_reduce_result(world: Any) -> None:
    collection = Book._get_collection()
    result = MapReduceDocument(Book, collection, world.book.id, 1)
    assert result.fetch() == world.book


# Querysets: writing


@joins("SyncQuerySetWriting.create", sends=("insert",))
def create_one(world: Any) -> None:
    Book.objects.create(title="new")


@joins("SyncQuerySetWriting.insert", sends=("insert", "find"))
def insert(world: Any) -> None:
    Book.objects.insert([Book(title="x"), Book(title="y")])


@joins("SyncQuerySetWriting.update", sends=("update",))
def update(world: Any) -> None:
    Book.objects(title="notes").update(set__title="changed")


@joins(sends=("update",))
def upsert(world: Any) -> None:
    Book.objects(title="unknown").update(upsert=True, set__title="known")


@joins("SyncQuerySetWriting.update_one", sends=("update",))
def update_one(world: Any) -> None:
    Book.objects(title="notes").update_one(set__title="changed")


@joins("SyncQuerySetWriting.delete", sends=("delete",))
def delete(world: Any) -> None:
    Book.objects(title="notes").delete()


@joins(sends=("find", "delete"))
def delete_one_by_one(world: Any) -> None:
    Author.objects.limit(2).delete()


@joins("SyncQuerySetModifying.modify", sends=("findAndModify",))
def modify(world: Any) -> None:
    Book.objects(title="notes").modify(set__title="changed", new=True)


@joins(sends=("findAndModify",))
def remove(world: Any) -> None:
    Book.objects(title="notes").modify(remove=True)


@joins("SyncQuerySetModifying.upsert_one", sends=("findAndModify",))
def upsert_one(world: Any) -> None:
    Book.objects(title="unknown").upsert_one(set__title="known")


# References


@joins("SyncQuerySetReferences.select_related", sends=("find",))
def select_related(world: Any) -> None:
    (book,) = Book.objects.select_related()
    assert book.author.name == "ada"


@joins(sends=("find",))
def prefetch_references(world: Any) -> None:
    (book,) = Book.objects.prefetch("author", "others").to_list()
    assert [author.name for author in book.others] == ["bob", "cyd"]


@joins(sends=("find",))
def read_a_reference(world: Any) -> None:
    book = Book.objects.first()
    assert book.author.name == "ada"
    assert book.author.name == "ada"


@joins("SyncReferenceFieldIO.fetch", sends=("find",))
def fetch_by_field(world: Any) -> None:
    book = Book.objects.first()
    assert Book.author.fetch(book) == world.author


@joins("SyncLazyReferenceIO.fetch", sends=("find",))
def fetch_lazily(world: Any) -> None:
    post = RefPost.objects.first()
    assert post.lazy.fetch() == world.user


@joins(sends=("update",))
def save_what_others_have_copies_of(world: Any) -> None:
    world.pet.name = "renamed"
    world.pet.save()
    assert RefSighting.objects.as_pymongo().first()["p"]["name"] == "renamed"


@joins("SyncCachedReferenceIO.sync_all", sends=("find", "update"))
def sync_all_copies(world: Any) -> None:
    RefSighting.pet.sync_all()


# Sequences


@joins("SyncSequenceIO.generate", sends=("findAndModify",))
def count_up(world: Any) -> None:
    Invoice.number.generate()


@joins(sends=("findAndModify", "insert"))
def count_for_a_document(world: Any) -> None:
    Invoice(lines=[Line(), Line()]).save()


@joins("SyncSequenceIO.get_next_value", sends=("find",))
def next_number(world: Any) -> None:
    Invoice.number.get_next_value()


@joins("SyncSequenceIO.set_next_value", sends=("findAndModify",))
def set_number(world: Any) -> None:
    Invoice.number.set_next_value(1000)


# What has no transactions


@cannot_join("list_collection_names")
def list_collections(world: Any) -> None:
    list_collection_names(Book._get_db())


@cannot_join("SyncGridFSProxyIO.put", "SyncFileFieldIO.put")
def put_file(world: Any) -> None:
    Attachment.file.put(b"x", Attachment())


@cannot_join("SyncGridFSProxyIO.get", "SyncFileFieldIO.get")
def get_file(world: Any) -> None:
    Attachment.file.get(world.attachment)


@cannot_join("SyncGridFSProxyIO.read", "SyncFileFieldIO.read")
def read_file(world: Any) -> None:
    Attachment.file.read(world.attachment)


@cannot_join()
def read_on_in_an_open_file(world: Any) -> None:
    world.opened.file.read(1)


@cannot_join("SyncGridFSProxyIO.new_file")
def begin_file(world: Any) -> None:
    Attachment().file.new_file()


@cannot_join("SyncGridFSProxyIO.write")
def write_file(world: Any) -> None:
    world.begun.file.write(b"x")


@cannot_join("SyncGridFSProxyIO.writelines")
def write_lines(world: Any) -> None:
    world.begun.file.writelines([b"x"])


@cannot_join("SyncGridFSProxyIO.close")
def close_file(world: Any) -> None:
    world.begun.file.close()


@cannot_join("SyncGridFSProxyIO.delete", "SyncFileFieldIO.delete")
def delete_file(world: Any) -> None:
    Attachment.file.delete(world.attachment)


@cannot_join("SyncGridFSProxyIO.replace", "SyncFileFieldIO.replace")
def replace_file(world: Any) -> None:
    Attachment.file.replace(b"x", world.attachment)


@cannot_join("SyncImageProxyIO.put")
def put_image(world: Any) -> None:
    content = BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    content.seek(0)
    Attachment().image.put(content)


@cannot_join()
def delete_image(world: Any) -> None:
    world.attachment.image.grid_id = ObjectId()
    world.attachment.image.delete()


@cannot_join()
def delete_a_document_with_a_file(world: Any) -> None:
    world.attachment.delete()


# The world, and the tests


@pytest.fixture
def world() -> Iterator[Any]:
    """Something stored for every operation."""
    Indexed.drop_collection()
    authors = [Author(name=name).save() for name in ("ada", "bob", "cyd")]
    book = Book(title="notes", author=authors[0], others=authors[1:])
    user, pet = RefUser(name="u").save(), RefPet(name="p").save()
    target = RuleTarget(name="t").save()
    RuleOwner(nullify=target, pull=[target]).save()
    cascading = RuleCascading(target=target).save()
    RuleFurther(cascading=cascading).save()
    attachment, opened, begun = Attachment(), Attachment(), Attachment()
    for document in (attachment, opened):
        document.file.put(b"content")
        document.save()
    opened.file.read(1)
    begun.file.new_file()
    Invoice().save()
    RefPost(lazy=user).save()
    RefSighting(pet=pet).save()
    story = Story(title="s")
    story.chapters.create(name="one")
    yield SimpleNamespace(
        authors=authors,
        author=authors[0],
        book=book.save(),
        user=user,
        pet=pet,
        target=target,
        attachment=attachment,
        opened=opened,
        begun=begun,
        story=story.save(),
    )
    begun.file.close()


@pytest.fixture(scope="module", autouse=True)
def aliases(mongodb_uri: str, command_log: CommandLog, connection: Any) -> Iterator[None]:
    """An alias on the client of the default one, and one on a client of its own."""
    options: dict[str, Any] = {"host": mongodb_uri, "uuidRepresentation": "standard"}
    shared = connect(
        OTHER_DATABASE, alias=SHARED, appname="twins", event_listeners=[command_log], **options
    )
    assert shared is connection
    connect(OTHER_DATABASE, alias=APART, appname="operation tests", **options)
    yield
    disconnect(SHARED)
    disconnect(APART)


def test_every_verb_is_in_the_table() -> None:
    covered = {verb for _, verbs, _ in joining for verb in verbs}
    covered |= {verb for _, verbs in refused for verb in verbs}

    assert covered | SILENT | OUTSIDE == set(all_verbs())


@pytest.mark.parametrize("alias", ["default", SHARED])
@pytest.mark.parametrize(
    ("operation", "sends"),
    [pytest.param(operation, sends, id=operation.__name__) for operation, _, sends in joining],
)
def test_every_command_of_an_operation_carries_the_session(
    operation: Operation, sends: tuple[str, ...], alias: str, world: Any, commands: CommandLog
) -> None:
    commands.clear()

    with run_in_transaction(alias):
        operation(world)
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
def test_what_cannot_join_is_refused_before_anything_is_sent(
    operation: Operation, world: Any, commands: CommandLog
) -> None:
    commands.clear()

    with run_in_transaction():
        with pytest.raises(OperationError, match=r"cannot run in a transaction, because"):
            operation(world)

    assert [name for name in commands.names if name != "endSessions"] == []


@pytest.mark.parametrize(
    "operation",
    [*(operation for operation, *_ in joining), drop_collection, map_reduce, explain],
    ids=lambda found: found.__name__,
)
def test_in_a_transaction_on_another_client_every_operation_is_refused(
    operation: Operation, world: Any, commands: CommandLog
) -> None:
    commands.clear()

    with run_in_transaction(APART):
        with pytest.raises(OperationError, match=r"cannot join .* has a client of its own"):
            operation(world)

    assert [name for name in commands.names if name != "endSessions"] == []


def test_the_counter_of_queries_and_the_version_are_asked_outside(
    commands: CommandLog,
) -> None:
    with run_in_transaction(), query_counter() as counter:
        Person(name="ada").save()
        assert counter.count() >= 0
        assert get_mongodb_version() >= (4, 4)

    for name, command in commands.sent:
        in_transaction = name in ("insert", "commitTransaction")
        assert ("autocommit" in command) is in_transaction, name
