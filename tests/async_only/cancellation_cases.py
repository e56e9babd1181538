"""Every async verb, with what it is called on and what it does to that, for cancelling it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from bson.json_util import RELAXED_JSON_OPTIONS
from PIL import Image
from pymongo.errors import OperationFailure

from mongoengine import signals
from mongoengine.connection import (
    connect_async,
    disconnect_all_async,
    disconnect_async,
    get_async_db,
)
from mongoengine.context_managers import (
    async_on_commit,
    async_run_in_transaction,
    async_session,
    async_with_transaction,
    query_counter,
    switch_collection,
)
from mongoengine.doctor import async_examine_connection, async_examine_model
from mongoengine.document import Document, EmbeddedDocument, MapReduceDocument
from mongoengine.fields import (
    CachedReferenceField,
    EmbeddedDocumentListField,
    FileField,
    ImageField,
    IntField,
    LazyReferenceField,
    ListField,
    ReferenceField,
    SequenceField,
    StringField,
)
from mongoengine.mongodb_support import async_get_mongodb_version
from mongoengine.pymongo_support import async_count_documents, async_list_collection_names

ALIAS = "cancellation"
#: Opened and closed by the verbs that do that.
OTHER_ALIAS = "cancellation_other"
COUNT = 150
#: More than an upload sends at once, in the tests.
CONTENT = b"0123456789abcdef" * 300


class Writer(Document):
    meta = {"db_alias": ALIAS}

    name = StringField()


class Chapter(EmbeddedDocument):
    title = StringField()


class Novel(Document):
    meta = {"db_alias": ALIAS, "indexes": ["title"]}

    title = StringField()
    pages = IntField()
    tags = ListField(StringField())
    writer = ReferenceField(Writer)
    friends = ListField(ReferenceField(Writer))
    lazy = LazyReferenceField(Writer)
    chapters = EmbeddedDocumentListField(Chapter)


class Original(Document):
    meta = {"db_alias": ALIAS}

    name = StringField()


class Copied(Document):
    meta = {"db_alias": ALIAS}

    writer = CachedReferenceField(Original, fields=["name"])


class Counted(Document):
    meta = {"db_alias": ALIAS}

    number = SequenceField(db_alias=ALIAS)
    name = StringField()


class Owner(Document):
    meta = {"db_alias": ALIAS}

    name = StringField()


class Owned(Document):
    meta = {"db_alias": ALIAS}

    owner = ReferenceField(Owner, reverse_delete_rule=2)


class Stored(Document):
    meta = {"db_alias": ALIAS}

    file = FileField(db_alias=ALIAS)
    image = ImageField(db_alias=ALIAS, thumbnail_size=(5, 5), collection_name="images")


class Line(Document):
    """Only read: more of them than a batch holds."""

    meta = {"db_alias": ALIAS}

    n = IntField()
    writer = ReferenceField(Writer)


def nothing(given: Any) -> None:
    """Say that nothing in this process is changed."""


async def no_one() -> None:
    """Give nothing to call the verb on."""


@dataclass(frozen=True)
class Case:
    """One way to call a verb.

    Attributes:
        run: calls it on what was given.
        given: makes that.
        state: what of that the verb may change, to be compared.
        again: whether the verb may be called again after it has succeeded.
        result: whether it then returns the same.
        waits: the fewest times it waits.
    """

    run: Callable[[Any], Awaitable[Any]]
    given: Callable[[], Awaitable[Any]] = no_one
    state: Callable[[Any], Any] = nothing
    again: bool = True
    result: bool = True
    waits: int = 1


# What a document remembers


def remembered(document: Any) -> Any:
    """Return values, changes, key and state of a document; keys only as there or not."""
    values = dict(document.to_mongo())
    known = values.pop("_id", None) is not None
    text = re.sub(r"[0-9a-f]{24}", "key", repr(values))
    return document._created, sorted(document._get_changed_fields()), known, text


def all_remembered(documents: Any) -> Any:
    return [remembered(document) for document in documents]


# What is given


async def new_novel() -> Novel:
    return Novel(title="new", pages=1, tags=["a"], chapters=[Chapter(title="one")])


async def unprepared_novel() -> Novel:
    await Novel.async_drop_collection()
    return await new_novel()


async def stored_novel() -> Novel:
    writer = await Writer(name="Ada").async_save()
    friends = [await Writer(name=name).async_save() for name in ("Bob", "Cy")]
    novel = await new_novel()
    novel.writer, novel.friends, novel.lazy = writer, friends, writer
    await novel.async_save()
    return await Novel.objects.async_get(pk=novel.pk)


async def changed_novel() -> Novel:
    novel = await stored_novel()
    novel.title = "changed"
    novel.tags.append("b")
    novel.chapters[0].title = "two"
    del novel.pages
    return novel


async def novel_with_changed_writer() -> Novel:
    novel = await changed_novel()
    writer = await novel.writer.async_fetch()
    writer.name = "Eve"
    return novel


async def new_novel_with_changed_writer() -> Novel:
    novel = await new_novel()
    novel.writer = await Writer(name="Ada").async_save()
    novel.writer.name = "Eve"
    return novel


def novel_and_writer(novel: Novel) -> Any:
    return remembered(novel), remembered(novel.writer)


async def copied_writer() -> Original:
    await Original.objects.async_delete()
    writer = await Original(name="Ada").async_save()
    await Copied(writer=writer).async_save()
    writer.name = "Eve"
    return writer


async def owner_of_three() -> Owner:
    owner = await Owner(name="Ada").async_save()
    await Owned.objects.async_insert([Owned(owner=owner) for _ in range(3)])
    return owner


async def new_file() -> Any:
    return Stored().file


async def stored_file() -> Any:
    document = Stored()
    await document.file.async_put(CONTENT, chunk_size=1024)
    return document.file


async def begun_file() -> Any:
    document = Stored()
    await document.file.async_new_file(chunk_size=1024)
    return document.file


async def written_file() -> Any:
    file = await begun_file()
    await file.async_write(CONTENT)
    return file


async def new_document_with_file() -> Stored:
    return Stored()


async def document_with_file() -> Stored:
    document = Stored()
    await document.file.async_put(CONTENT, chunk_size=1024)
    return document


async def stored_image() -> Any:
    document = Stored()
    await document.image.async_put(picture())
    return document.image


def picture() -> bytes:
    content = BytesIO()
    Image.new("RGB", (60, 60)).save(content, "PNG")
    return content.getvalue()


def file_there(file: Any) -> Any:
    return bool(file.grid_id), file.newfile is not None


def document_file_there(document: Stored) -> Any:
    return file_there(document.file)


# Querysets to read


def lines() -> Any:
    return Line.objects.order_by("n").batch_size(40)


async def small_batches() -> Any:
    return lines()


async def uncached() -> Any:
    return lines().no_cache()


async def all_of(iterator: Any) -> list[Any]:
    return [item async for item in iterator]


async def half_read() -> Any:
    queryset = lines()
    await anext(queryset)
    return queryset


async def writing(novel: Any = None) -> Any:
    """Give a queryset that finds three novels."""
    await Novel.objects.async_delete()
    await Novel.objects.async_insert([Novel(title=f"{n}", pages=n) for n in range(3)])
    return Novel.objects


# Blocks


async def in_transaction(novel: Novel) -> None:
    async with async_run_in_transaction(ALIAS):
        await novel.async_save()
        await Novel.objects.async_count()


async def with_transaction(novel: Novel) -> Any:
    async def work() -> None:
        await novel.async_save()

    await async_with_transaction(work, ALIAS)


async def in_session(given: Any) -> Any:
    async with async_session(ALIAS):
        return await all_of(lines())


async def in_transaction_with_callback(novel: Novel) -> None:
    async def look() -> None:
        await Line.objects.async_exists()

    async with async_run_in_transaction(ALIAS):
        await novel.async_save()
        await async_on_commit(look, ALIAS)


async def in_transaction_left_early(given: Any) -> None:
    readings = []
    try:
        async with async_run_in_transaction(ALIAS):
            readings.append(asyncio.create_task(Line.objects.async_first()))
            await asyncio.sleep(0)
    finally:
        await asyncio.gather(*readings, return_exceptions=True)


async def count_queries(given: Any) -> Any:
    async with query_counter(ALIAS) as counter:
        await Line.objects.async_first()
        return await counter.async_count()


async def counting() -> Any:
    await get_async_db(ALIAS).command({"profile": 0})


async def switch(given: Any) -> Any:
    async with switch_collection(Line, "elsewhere"):
        return Line._get_collection_name()


async def save_with_receivers(novel: Novel) -> None:
    async def receive(sender: Any, document: Any, **kwargs: Any) -> None:
        await Line.objects.async_exists()

    observed = (signals.pre_save, signals.pre_save_post_validation, signals.post_save)
    with contextlib.ExitStack() as stack:
        for signal in observed:
            stack.enter_context(signal.connected_to(receive, sender=Novel))
        await novel.async_save()


async def send_signal(novel: Any) -> None:
    async def receive(sender: Any, **kwargs: Any) -> None:
        await Line.objects.async_exists()

    with signals.pre_save.connected_to(receive, sender=Line):
        await signals.pre_save.async_send(Line, document=novel)


async def refused(call: Callable[[], Awaitable[Any]], error: type[Exception]) -> str:
    try:
        await call()
    except error as raised:
        return type(raised).__name__
    raise AssertionError(f"{error.__name__} was not raised")


async def all_lines_by_map_reduce(given: Any) -> Any:
    results = lines().async_map_reduce(
        "function() { emit(this.n, 1) }", "function(k, v) { return 1 }", "cancelled_output"
    )
    return sorted([result.key async for result in results])


async def one_result() -> Any:
    line = await Line.objects.async_first()
    return MapReduceDocument(Line, None, line.pk, 1)


# Connections


class Connections:
    """How the other alias is opened; the tests set it."""

    main: dict[str, Any]
    settings: dict[str, Any]


async def opened_other() -> Any:
    client = await connect_async(**Connections.settings)
    await client.admin.command("ping")


def case(run: Callable[[Any], Awaitable[Any]], **options: Any) -> Case:
    return Case(run, **options)


def reading(run: Callable[[Any], Awaitable[Any]], **options: Any) -> Case:
    return Case(run, given=options.pop("given", small_batches), **options)


def changing(run: Callable[[Any], Awaitable[Any]], given: Any, **options: Any) -> Case:
    options.setdefault("state", remembered)
    return Case(run, given=given, result=False, **options)


#: By the class or module and the name of the verb; after a space, in which circumstances.
CASES: dict[str, Case] = {
    # Documents
    "AsyncDocumentIO.async_save": changing(lambda d: d.async_save(), new_novel),
    "AsyncDocumentIO.async_save changed": changing(lambda d: d.async_save(), changed_novel),
    "AsyncDocumentIO.async_save unprepared": changing(
        lambda d: d.async_save(), unprepared_novel, waits=3
    ),
    "AsyncDocumentIO.async_save cascading": changing(
        lambda d: d.async_save(cascade=True), novel_with_changed_writer, state=novel_and_writer
    ),
    "AsyncDocumentIO.async_save new cascading": changing(
        lambda d: d.async_save(cascade=True), new_novel_with_changed_writer, waits=2
    ),
    "AsyncDocumentIO.async_save copies": changing(lambda d: d.async_save(), copied_writer, waits=2),
    "AsyncDocumentIO.async_save receivers": changing(save_with_receivers, new_novel, waits=4),
    "AsyncDocumentIO.async_save receivers changed": changing(
        save_with_receivers, changed_novel, waits=4
    ),
    "AsyncDocumentIO.async_save force_insert": changing(
        lambda d: d.async_save(force_insert=True), new_novel, again=False
    ),
    "AsyncDocumentIO.async_cascade_save": changing(
        lambda d: d.async_cascade_save(), novel_with_changed_writer, state=novel_and_writer
    ),
    "AsyncDocumentIO.async_update": changing(lambda d: d.async_update(inc__pages=1), stored_novel),
    "AsyncDocumentIO.async_modify": changing(
        lambda d: d.async_modify(set__title="modified"), changed_novel
    ),
    "AsyncDocumentIO.async_delete": changing(lambda d: d.async_delete(), stored_novel),
    "AsyncDocumentIO.async_delete cascading": changing(
        lambda d: d.async_delete(), owner_of_three, waits=3
    ),
    # Waits once: the document and its file are deleted to the end, or not at all.
    "AsyncDocumentIO.async_delete file": changing(
        lambda d: d.async_delete(), document_with_file, state=document_file_there
    ),
    "AsyncDocumentIO.async_reload": changing(lambda d: d.async_reload(), changed_novel),
    "AsyncDocumentIO.async_select_related": changing(
        lambda d: d.async_select_related(), changed_novel
    ),
    "AsyncDocumentIO.async_drop_collection": changing(
        lambda d: Novel.async_drop_collection(), stored_novel
    ),
    "AsyncDocumentIO.async_ensure_indexes": changing(
        lambda d: Novel.async_ensure_indexes(), unprepared_novel
    ),
    "AsyncDocumentIO.async_create_index": changing(
        lambda d: Novel.async_create_index("pages"), unprepared_novel
    ),
    "AsyncDocumentIO.async_list_indexes": case(lambda d: Novel.async_list_indexes(), waits=0),
    "AsyncDocumentIO.async_compare_indexes": changing(
        lambda d: Novel.async_compare_indexes(), new_novel
    ),
    "Document.async_fetch": changing(lambda d: d.async_fetch(), changed_novel, waits=0),
    "AsyncEmbeddedDocumentIO.async_save": changing(
        lambda d: d.chapters[0].async_save(), changed_novel
    ),
    "AsyncEmbeddedDocumentIO.async_reload": changing(
        lambda d: d.chapters[0].async_reload(), changed_novel
    ),
    "AsyncEmbeddedListIO.async_save": changing(lambda d: d.chapters.async_save(), changed_novel),
    # References
    "AsyncReferenceFieldIO.async_fetch": changing(
        lambda d: Novel.writer.async_fetch(d), changed_novel
    ),
    "AsyncReferenceProxy.async_fetch": changing(lambda d: d.writer.async_fetch(), changed_novel),
    "AsyncReferenceProxy.fetch": changing(lambda d: fetched(d.writer), changed_novel),
    "AsyncLazyReferenceIO.async_fetch": changing(lambda d: d.lazy.async_fetch(), changed_novel),
    "AsyncCachedReferenceIO.async_sync_all": changing(
        lambda d: Copied.writer.async_sync_all(), copied_writer, waits=2
    ),
    # Sequences
    "AsyncSequenceIO.async_generate": case(lambda g: Counted.number.async_generate(), result=False),
    "AsyncSequenceIO.async_set_next_value": case(lambda g: Counted.number.async_set_next_value(7)),
    "AsyncSequenceIO.async_get_next_value": case(lambda g: Counted.number.async_get_next_value()),
    # Files
    "AsyncFileFieldIO.async_put": changing(
        lambda d: Stored.file.async_put(CONTENT, d, chunk_size=1024),
        new_document_with_file,
        state=document_file_there,
        again=False,
    ),
    "AsyncFileFieldIO.async_get": changing(
        lambda d: Stored.file.async_get(d), document_with_file, state=document_file_there
    ),
    "AsyncFileFieldIO.async_read": changing(
        lambda d: Stored.file.async_read(d), document_with_file, state=document_file_there
    ),
    "AsyncFileFieldIO.async_delete": changing(
        lambda d: Stored.file.async_delete(d), document_with_file, state=document_file_there
    ),
    "AsyncFileFieldIO.async_replace": changing(
        lambda d: Stored.file.async_replace(CONTENT, d),
        document_with_file,
        state=document_file_there,
    ),
    "AsyncGridFSProxyIO.async_get": changing(
        lambda f: f.async_get(), stored_file, state=file_there
    ),
    "AsyncGridFSProxyIO.async_read": changing(
        lambda f: f.async_read(), stored_file, state=file_there
    ),
    "AsyncGridFSProxyIO.async_put": changing(
        lambda f: f.async_put(CONTENT, chunk_size=1024), new_file, state=file_there, again=False
    ),
    "AsyncGridFSProxyIO.async_new_file": changing(
        lambda f: f.async_new_file(), new_file, state=file_there, waits=0
    ),
    # A file that is being written is given up whole; test_files.py looks at what is stored.
    "AsyncGridFSProxyIO.async_write": changing(
        lambda f: f.async_write(CONTENT), begun_file, state=nothing
    ),
    "AsyncGridFSProxyIO.async_writelines": changing(
        lambda f: f.async_writelines([CONTENT]), begun_file, state=nothing
    ),
    "AsyncGridFSProxyIO.async_close": changing(
        lambda f: f.async_close(), written_file, state=nothing
    ),
    "AsyncGridFSProxyIO.async_delete": changing(
        lambda f: f.async_delete(), stored_file, state=file_there
    ),
    "AsyncGridFSProxyIO.async_replace": changing(
        lambda f: f.async_replace(CONTENT, chunk_size=1024), stored_file, state=file_there
    ),
    "GridFSProxy.__aiter__": changing(all_of, stored_file, state=file_there),
    "GridFSProxy.async_chunks": changing(
        lambda f: all_of(f.async_chunks()), stored_file, state=file_there
    ),
    "AsyncImageProxyIO.async_put": changing(
        lambda d: d.image.async_put(picture()),
        new_document_with_file,
        state=lambda d: file_there(d.image),
        again=False,
    ),
    "AsyncImageProxyIO.async_write": case(
        lambda g: refused(lambda: Stored().image.async_write(b""), RuntimeError), waits=0
    ),
    "AsyncImageProxyIO.async_writelines": case(
        lambda g: refused(lambda: Stored().image.async_writelines([b""]), RuntimeError), waits=0
    ),
    "ImageGridFsProxy.async_thumbnail": changing(
        lambda f: f.async_thumbnail(), stored_image, state=file_there
    ),
    # Querysets: reading
    "AsyncQuerySetReading.async_to_list": reading(lambda q: q.async_to_list(), given=uncached),
    "AsyncQuerySetReading.async_first": reading(lambda q: q.async_first()),
    "AsyncQuerySetReading.async_get": reading(lambda q: q.async_get(n=3)),
    "AsyncQuerySetReading.async_exists": reading(lambda q: q.async_exists()),
    "AsyncQuerySetReading.async_count": reading(lambda q: q.filter(n__gt=3).async_count()),
    "AsyncCachedIteration.__aiter__": reading(all_of, waits=4),
    "AsyncCachedIteration.async_to_list": reading(lambda q: q.async_to_list()),
    "AsyncCachedIteration.async_count": reading(lambda q: q.limit(9).async_count(True)),
    "AsyncPlainIteration.__aiter__": reading(all_of, given=uncached, waits=4),
    "AsyncQuerySetStepping.__anext__": reading(lambda q: q.clone().__anext__()),
    "AsyncQuerySetStepping.async_rewind": reading(lambda q: q.async_rewind(), given=half_read),
    "AsyncQuerySetReferences.async_select_related": reading(
        lambda q: q.async_select_related(), waits=2
    ),
    "AsyncQuerySetReading.async_to_list prefetching": reading(
        lambda q: q.prefetch("writer").async_to_list(), waits=2
    ),
    "AsyncQuerySetLookingUp.async_with_id": reading(lambda q: Line.objects.async_with_id("0" * 24)),
    "AsyncQuerySetLookingUp.async_in_bulk": reading(lambda q: q.async_in_bulk(["0" * 24])),
    "AsyncQuerySetLookingUp.async_distinct": reading(lambda q: q.async_distinct("n")),
    "AsyncQuerySetLookingUp.async_distinct references": reading(
        lambda q: q.async_distinct("writer"), waits=2
    ),
    "AsyncQuerySetLookingUp.async_values": reading(lambda q: q.async_values("n")),
    "AsyncQuerySetLookingUp.async_explain": reading(lambda q: q.async_explain(), result=False),
    "BaseQuerySet.async_values_list": reading(lambda q: q.async_values_list("n")),
    "AsyncQuerySetJSON.async_to_json": reading(lambda q: json_of(q)),
    "AsyncQuerySetAggregation.async_aggregate": reading(lambda q: aggregated(q)),
    "PendingCursor.__aiter__": reading(lambda q: all_of(q.async_aggregate([])), waits=4),
    "AsyncQuerySetAggregation.async_sum": reading(lambda q: q.async_sum("n")),
    "AsyncQuerySetAggregation.async_average": reading(lambda q: q.async_average("n")),
    "AsyncQuerySetJavaScript.async_map_reduce": reading(all_lines_by_map_reduce, waits=3),
    "AsyncQuerySetJavaScript.async_exec_js": reading(
        lambda q: refused(lambda: q.async_exec_js("return 1"), OperationFailure)
    ),
    "AsyncQuerySetJavaScript.async_item_frequencies": reading(
        lambda q: q.async_item_frequencies("n")
    ),
    "AsyncMapReduceResult.async_fetch": case(lambda r: r.async_fetch(), given=one_result),
    # Querysets: writing
    "AsyncQuerySetWriting.async_create": changing(
        lambda q: q.async_create(title="made"), writing, state=nothing
    ),
    "AsyncQuerySetWriting.async_insert": changing(
        lambda novels: Novel.objects.async_insert(novels),
        lambda: several_novels(),
        state=all_remembered,
        again=False,
    ),
    "AsyncQuerySetWriting.async_insert one": changing(
        lambda novel: Novel.objects.async_insert(novel), new_novel, again=False
    ),
    "AsyncQuerySetWriting.async_update": changing(
        lambda q: q.async_update(inc__pages=1), writing, state=nothing
    ),
    "AsyncQuerySetWriting.async_update_one": changing(
        lambda q: q.async_update_one(inc__pages=1), writing, state=nothing
    ),
    "AsyncQuerySetWriting.async_delete": changing(
        lambda q: q.async_delete(), writing, state=nothing
    ),
    "AsyncQuerySetModifying.async_modify": changing(
        lambda q: q.async_modify(inc__pages=1, new=True), writing, state=nothing
    ),
    "AsyncQuerySetModifying.async_upsert_one": changing(
        lambda q: q.filter(title="x").async_upsert_one(inc__pages=1), writing, state=nothing
    ),
    # Blocks
    "Block.__aenter__": case(switch, waits=0),
    "AsyncQueryCounterIO.__aenter__": case(count_queries, given=counting, waits=4),
    "AsyncQueryCounterIO.async_count": case(count_queries, given=counting, waits=4),
    "context_managers.async_run_in_transaction": changing(in_transaction, changed_novel, waits=3),
    "context_managers.async_run_in_transaction new": changing(in_transaction, new_novel, waits=3),
    "context_managers.async_with_transaction": changing(with_transaction, changed_novel, waits=2),
    "context_managers.async_on_commit": changing(
        in_transaction_with_callback, changed_novel, waits=3
    ),
    # It waits at the end of a block for what was begun there and goes on.
    "OpenedBlock.async_drain": case(in_transaction_left_early, waits=2),
    "context_managers.async_session": case(in_session, waits=4),
    # Signals, connections, health
    "HybridSignal.async_send": changing(send_signal, new_novel),
    "connection.connect_async": case(
        lambda g: connect_async(**Connections.settings), result=False, waits=0
    ),
    "connection.disconnect_async": case(
        lambda g: disconnect_async(OTHER_ALIAS), given=opened_other
    ),
    "connection.disconnect_all_async": case(lambda g: disconnect_all_async(), given=opened_other),
    "doctor.async_examine_connection": case(
        lambda g: async_examine_connection(ALIAS), result=False
    ),
    "doctor.async_examine_model": case(lambda g: async_examine_model(Line), result=False, waits=2),
    "mongodb_support.async_get_mongodb_version": case(
        lambda g: async_get_mongodb_version(), given=lambda: opened_default()
    ),
    "pymongo_support.async_count_documents": reading(
        lambda g: async_count_documents(get_async_db(ALIAS)["line"], {"_id": {"$ne": None}})
    ),
    "pymongo_support.async_list_collection_names": case(
        lambda g: async_list_collection_names(get_async_db(ALIAS)), result=False
    ),
}


async def fetched(proxy: Any) -> Any:
    return await proxy.fetch()


async def json_of(queryset: Any) -> str:
    return await queryset.async_to_json(json_options=RELAXED_JSON_OPTIONS)


async def aggregated(queryset: Any) -> Any:
    cursor = await queryset.async_aggregate([])
    async with cursor:
        return await cursor.to_list()


async def opened_default() -> Any:
    # It shares the client of the other alias.
    await connect_async(**{**Connections.main, "alias": "default"})


async def several_novels() -> list[Novel]:
    return [Novel(title=f"new {n}") for n in range(3)]
