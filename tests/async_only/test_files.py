"""Files in async code only: cancellation, sources that are awaited, errors, the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from bson import ObjectId
from gridfs.errors import CorruptGridFile, NoFile
from PIL import Image

from mongoengine.base import images
from mongoengine.connection import connect, connect_async, disconnect, disconnect_async
from mongoengine.document import Document
from mongoengine.fields import FileField, GridFSProxy, ImageField
from tests.async_only.cancelling import cancelled_everywhere
from tests.commands import CommandLog

ALIAS = "async_files"
DATABASE = "async_files_tests"

CHUNK = 1024
TEXT = b"0123456789abcdef" * 300


class Recording(Document):
    meta = {"db_alias": ALIAS}

    file = FileField(db_alias=ALIAS)
    image = ImageField(db_alias=ALIAS, thumbnail_size=(5, 5), collection_name="fs")


class ColouredRecording(Document):
    meta = {"db_alias": f"{ALIAS}_both"}

    file = FileField(db_alias=f"{ALIAS}_both")


@pytest.fixture
def log() -> CommandLog:
    return CommandLog()


@pytest_asyncio.fixture(autouse=True)
async def database(mongodb_uri: str, log: CommandLog) -> AsyncIterator[Any]:
    client = await connect_async(
        DATABASE,
        alias=ALIAS,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname=ALIAS,
        event_listeners=[log],
    )
    for name in ("fs.files", "fs.chunks", "recording"):
        await client[DATABASE][name].delete_many({})
    yield client[DATABASE]
    await client.drop_database(DATABASE)
    await disconnect_async(ALIAS)


async def stored(database: Any) -> tuple[int, int]:
    """Return how many files and how many chunks there are."""
    return (
        await database["fs.files"].count_documents({}),
        await database["fs.chunks"].count_documents({}),
    )


def picture() -> BytesIO:
    content = BytesIO()
    Image.new("RGB", (60, 60)).save(content, "PNG")
    content.seek(0)
    return content


async def pieces(content: bytes = TEXT, size: int = 500) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        await asyncio.sleep(0)
        yield content[start : start + size]


# Cancellation and exceptions


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an upload send chunks many times."""
    monkeypatch.setattr("mongoengine._async.uploads._BATCH_SIZE", 2 * CHUNK)


SOURCES: dict[str, Callable[[], Any]] = {
    "bytes": lambda: TEXT,
    "file": lambda: BytesIO(TEXT),
    "iterable": lambda: [TEXT[:3000], TEXT[3000:]],
    "async iterable": pieces,
}


@pytest.mark.parametrize("source", SOURCES)
async def test_an_upload_cancelled_anywhere_leaves_nothing(
    source: str, database: Any, small_batches: None
) -> None:
    async def prepare() -> Any:
        return Recording().file

    async def check(file: Any) -> None:
        assert await stored(database) == (0, 0)
        assert not file

    times = await cancelled_everywhere(
        prepare, lambda file: file.async_put(SOURCES[source](), chunk_size=CHUNK), check
    )
    assert times >= 3
    assert (await stored(database))[0] == 1


async def test_a_file_written_in_pieces_and_cancelled_anywhere_leaves_nothing(
    database: Any, small_batches: None
) -> None:
    async def write(file: Any) -> None:
        await file.async_new_file(chunk_size=CHUNK)
        await file.async_write(TEXT)
        await file.async_writelines(pieces())
        await file.async_close()

    async def prepare() -> Any:
        return Recording().file

    async def check(file: Any) -> None:
        assert await stored(database) == (0, 0)
        assert not file
        assert file.newfile is None

    assert await cancelled_everywhere(prepare, write, check) >= 5
    assert await stored(database) == (1, 10)


async def test_replacing_cancelled_anywhere_leaves_one_whole_file(
    database: Any, small_batches: None
) -> None:
    async def prepare() -> Any:
        await database["fs.files"].delete_many({})
        await database["fs.chunks"].delete_many({})
        recording = Recording()
        await recording.file.async_put(TEXT, filename="old", chunk_size=CHUNK)
        return recording.file

    async def check(file: Any) -> None:
        assert await stored(database) == (1, 5)
        assert await file.async_read() == (TEXT if file.filename == "old" else TEXT[::-1])

    times = await cancelled_everywhere(
        prepare,
        lambda file: file.async_replace(pieces(TEXT[::-1]), filename="new", chunk_size=CHUNK),
        check,
    )
    assert times >= 5
    assert await stored(database) == (1, 5)


async def test_an_image_cancelled_anywhere_leaves_neither_it_nor_its_thumbnail(
    database: Any,
) -> None:
    async def prepare() -> Any:
        return Recording().image

    async def check(image: Any) -> None:
        assert await stored(database) == (0, 0)
        assert not image

    content = picture().getvalue()
    assert await cancelled_everywhere(prepare, lambda i: i.async_put(content), check) >= 3
    assert await stored(database) == (2, 2)


async def test_deleting_cancelled_anywhere_leaves_all_or_nothing(database: Any) -> None:
    async def prepare() -> Any:
        await database["fs.files"].delete_many({})
        await database["fs.chunks"].delete_many({})
        recording = Recording()
        await recording.image.async_put(picture())
        return recording.image

    async def check(image: Any) -> None:
        assert await stored(database) in ((0, 0), (2, 2))

    assert await cancelled_everywhere(prepare, lambda i: i.async_delete(), check) >= 1
    assert await stored(database) == (0, 0)


async def test_deleting_a_document_cancelled_anywhere_leaves_it_with_its_files_or_nothing(
    database: Any,
) -> None:
    async def prepare() -> Any:
        for name in ("fs.files", "fs.chunks", "recording"):
            await database[name].delete_many({})
        recording = Recording()
        await recording.file.async_put(TEXT)
        await recording.image.async_put(picture())
        return await recording.async_save()

    async def check(recording: Any) -> None:
        documents = await database["recording"].count_documents({})
        assert (documents, *await stored(database)) in ((1, 3, 3), (0, 0, 0))

    for late in (False, True):
        times = await cancelled_everywhere(prepare, lambda r: r.async_delete(), check, late=late)
        assert times >= 1
        assert await stored(database) == (0, 0)


async def test_an_async_source_that_fails_leaves_nothing(
    database: Any, small_batches: None
) -> None:
    async def failing() -> AsyncIterator[bytes]:
        async for piece in pieces():
            yield piece
        raise OSError("line cut")

    file = Recording().file
    with pytest.raises(OSError, match="line cut"):
        await file.async_put(failing(), chunk_size=CHUNK)
    assert await stored(database) == (0, 0)
    await file.async_put(TEXT)
    with pytest.raises(OSError, match="line cut"):
        await file.async_replace(failing(), chunk_size=CHUNK)
    assert await file.async_read() == TEXT
    assert await stored(database) == (1, 1)


# Sources and iteration


class AsyncFile:
    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    async def read(self, size: int = -1) -> bytes:
        await asyncio.sleep(0)
        return self._content.read(size)


@pytest.mark.parametrize("source", [pieces, lambda: AsyncFile(TEXT)])
async def test_sources_that_are_awaited_can_be_stored(source: Callable[[], Any]) -> None:
    file = Recording().file
    await file.async_put(source(), chunk_size=CHUNK)
    assert await file.async_read() == TEXT
    other = Recording()
    await Recording.file.async_put(source(), instance=other, filename="x")
    assert await other.file.async_read() == TEXT
    assert other.file.filename == "x"


@pytest.mark.parametrize("awaited", [True, False])
async def test_images_can_be_given_by_sources_that_are_awaited(awaited: bool) -> None:
    image, content = Recording().image, picture().getvalue()
    await image.async_put(AsyncFile(content) if awaited else pieces(content))
    await image.async_get()
    assert image.size == (60, 60)
    thumbnail = await image.async_thumbnail()
    assert (thumbnail.width, thumbnail.height) == (5, 5)


async def test_a_file_is_iterated_over_by_line_and_by_chunk() -> None:
    file = Recording().file
    await file.async_put(b"one\ntwo\nthree", chunk_size=4)
    assert [line async for line in file] == [b"one\n", b"two\n", b"three"]
    await file.seek(0)
    assert [chunk async for chunk in file.async_chunks()] == [b"one\n", b"two\n", b"thre", b"e"]
    await file.seek(5)
    assert file.tell() == 5
    assert [line async for line in file] == [b"wo\n", b"three"]
    assert [line async for line in Recording().file] == []


async def test_metadata_are_read_without_asking_once_the_file_is_open(log: CommandLog) -> None:
    recording = Recording()
    await recording.file.async_put(TEXT, filename="x", content_type="a/b", artist="me")
    with pytest.raises(AttributeError, match=r"has not been opened: await its async_get\(\)"):
        _ = recording.file.filename
    await recording.file.async_get()
    log.clear()
    file = recording.file
    assert (file.filename, file.content_type, file.artist) == ("x", "a/b", "me")
    assert (file.length, file.tell()) == (len(TEXT), 0)
    with pytest.raises(AttributeError):
        _ = file.composer
    assert log.names == []


# Errors


async def test_a_missing_file_is_an_error_that_names_it(database: Any) -> None:
    recording = Recording(file=GridFSProxy(ObjectId(), db_alias=ALIAS))
    text = r"Recording\.file: file ObjectId\('.*'\) is not in fs\.files of alias 'async_files'"
    with pytest.raises(NoFile, match=text):
        await recording.file.async_get()
    with pytest.raises(NoFile, match=text):
        await Recording.file.async_read(recording)
    with pytest.raises(NoFile, match=text):
        async for _ in recording.file:
            pass
    await recording.file.async_delete()
    assert await recording.file.async_read() is None


async def test_a_missing_thumbnail_is_an_error_that_names_it(database: Any) -> None:
    image = Recording().image
    await image.async_put(picture())
    await image.async_get()
    await database["fs.files"].delete_one({"_id": image.thumbnail_id})
    with pytest.raises(NoFile, match=r"Recording\.image: thumbnail ObjectId\('.*'\) is not in"):
        await image.async_thumbnail()


async def test_a_file_that_is_not_closed_says_so() -> None:
    file = Recording().file
    await file.async_write(TEXT)
    with pytest.raises(NoFile, match=r"it is being written, close it first$"):
        await file.async_read()


async def test_a_broken_file_is_an_error(database: Any) -> None:
    file = Recording().file
    await file.async_put(TEXT)
    await database["fs.chunks"].delete_many({})
    with pytest.raises(CorruptGridFile, match="no chunk #0"):
        await file.async_read()


@pytest.mark.parametrize(
    ("call", "instead"),
    [
        (lambda file: file.get(), "async_get"),
        (lambda file: file.read(), "async_read"),
        (lambda file: file.delete(), "async_delete"),
        (lambda file: file.replace(TEXT), "async_put"),
        (lambda file: GridFSProxy(db_alias=ALIAS).put(TEXT), "async_put"),
        (lambda file: GridFSProxy(db_alias=ALIAS).new_file(), "async_new_file"),
        (lambda file: GridFSProxy(db_alias=ALIAS).write(TEXT), "async_new_file"),
    ],
)
async def test_sync_calls_name_the_call_to_use(call: Callable[[Any], Any], instead: str) -> None:
    file = Recording().file
    await file.async_put(TEXT)
    with pytest.raises(RuntimeError, match=rf"^Use {instead}\(\) with async connection: "):
        call(file)


async def test_the_thumbnail_property_names_the_call_to_use() -> None:
    image = Recording().image
    await image.async_put(picture())
    with pytest.raises(RuntimeError, match=r"^Use async_thumbnail\(\) with async connection: "):
        _ = image.thumbnail


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        BytesIO(TEXT),
        AsyncFile(TEXT),
        bytearray(TEXT),
        memoryview(TEXT),
        pieces(),
        iter([TEXT]),
    ],
)
async def test_assigned_content_is_refused_with_the_way_out(
    content: Any, mongodb_uri: str, log: CommandLog, database: Any
) -> None:
    recording = Recording()
    text = r"^Use async_put\(\) with async connection: assigning content to Recording\.file .* "
    with pytest.raises(RuntimeError, match=text + r"Write await document\.file\.async_put"):
        recording.file = content
    with pytest.raises(RuntimeError, match=text):
        Recording(file=content)
    assert await stored(database) == (0, 0)
    assert not recording.file


# Both colours at once


@pytest_asyncio.fixture
async def both(mongodb_uri: str) -> AsyncIterator[None]:
    settings = {"alias": f"{ALIAS}_both", "host": mongodb_uri, "uuidRepresentation": "standard"}
    client = connect(DATABASE, **settings)
    await connect_async(DATABASE, **settings)
    yield
    client.drop_database(DATABASE)
    disconnect(f"{ALIAS}_both")
    await disconnect_async(f"{ALIAS}_both")


async def test_assigned_content_does_not_block_the_loop_of_an_alias_of_both_colours(
    both: None,
) -> None:
    with pytest.raises(RuntimeError, match=r"^Use async_put\(\) with async connection"):
        ColouredRecording(file=TEXT)
    recording = await asyncio.to_thread(ColouredRecording, file=TEXT)
    assert await asyncio.to_thread(recording.file.read) == TEXT


async def test_reading_goes_on_where_a_call_of_the_other_colour_ended(both: None) -> None:
    file = ColouredRecording().file
    await file.async_put(TEXT, chunk_size=CHUNK)
    assert await asyncio.to_thread(file.read, 5) == TEXT[:5]
    assert await file.async_read(2000) == TEXT[5:2005]
    assert await asyncio.to_thread(file.read) == TEXT[2005:]
    assert await file.async_read() == b""


async def test_a_file_begun_in_one_colour_is_not_written_in_the_other(both: None) -> None:
    file = ColouredRecording().file
    await file.async_write(TEXT)
    for name, *content in (("write", TEXT), ("writelines", [TEXT]), ("close",)):
        text = rf"^{name}\(\) cannot go on with the file of 'file', which async calls have begun"
        with pytest.raises(RuntimeError, match=text):
            await asyncio.to_thread(getattr(file, name), *content)
    await file.async_close()
    assert await file.async_read() == TEXT
    file = ColouredRecording().file
    await asyncio.to_thread(file.write, TEXT)
    with pytest.raises(RuntimeError, match=r"^async_write\(\) .* which sync calls have begun"):
        await file.async_write(TEXT)
    await asyncio.to_thread(file.close)
    assert await file.async_read() == TEXT


# The event loop


async def test_images_are_made_off_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, begun, ticked = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
    threads: list[int] = []
    prepare = images.prepare

    def watched(*args: Any) -> Any:
        threads.append(threading.get_ident())
        loop.call_soon_threadsafe(begun.set)
        # Only a loop that goes on meanwhile can set it.
        assert ticked.wait(30)
        return prepare(*args)

    monkeypatch.setattr(images, "prepare", watched)

    async def tick() -> None:
        await begun.wait()
        ticked.set()

    await asyncio.gather(Recording().image.async_put(picture()), tick())
    assert len(threads) == 1
    assert threading.get_ident() not in threads
