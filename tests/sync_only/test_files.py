"""What files do on a sync alias only: assignment, values for what cannot be read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any

import pytest
from bson import ObjectId

from mongoengine.connection import connect, disconnect
from mongoengine.document import Document
from mongoengine.errors import ValidationError
from mongoengine.fields import FileField, GridFSProxy, ImageField

ALIAS = "sync_files"
DATABASE = "sync_files_tests"
TEXT = b"Hello, World!"
MORE = b"Foo Bar"


class SyncRecording(Document):
    meta = {"db_alias": ALIAS}

    file = FileField(db_alias=ALIAS)
    image = ImageField(db_alias=ALIAS)


@pytest.fixture(autouse=True)
def database(mongodb_uri: str) -> Iterator[Any]:
    client = connect(
        DATABASE, alias=ALIAS, host=mongodb_uri, uuidRepresentation="standard", appname=ALIAS
    )
    yield client[DATABASE]
    client.drop_database(DATABASE)
    disconnect(ALIAS)


def stored(database: Any) -> tuple[int, int]:
    """Return how many files and how many chunks there are."""
    return database["fs.files"].count_documents({}), database["fs.chunks"].count_documents({})


@pytest.mark.parametrize(
    "content", [TEXT, BytesIO(TEXT), bytearray(TEXT), memoryview(TEXT), iter([TEXT[:5], TEXT[5:]])]
)
def test_assigned_content_is_stored_at_once_and_replaces_a_file(
    content: Any, database: Any
) -> None:
    recording = SyncRecording(file=MORE).save()
    assert stored(database) == (1, 1)
    recording.file = content
    assert stored(database) == (1, 1)
    recording.save()
    assert SyncRecording.objects.get().file.read() == TEXT


def test_assigned_content_that_cannot_be_stored_leaves_the_file(database: Any) -> None:
    recording = SyncRecording(file=TEXT).save()
    with pytest.raises(TypeError, match="must specify an encoding for file in order to write str"):
        recording.file = "text"
    assert recording.file.read() == TEXT
    with pytest.raises(ValidationError, match=r"^Invalid image"):
        recording.image = b"no image"
    assert stored(database) == (1, 1)


def test_a_missing_file_reads_as_none() -> None:
    file = SyncRecording(file=GridFSProxy(ObjectId(), db_alias=ALIAS)).file
    assert file.get() is None
    assert file.read() is None
    assert str(file) == f"<GridFSProxy: <no file> ({file.grid_id})>"
    with pytest.raises(AttributeError):
        _ = file.filename


def test_a_broken_file_reads_as_an_empty_string(database: Any) -> None:
    recording = SyncRecording(file=TEXT)
    database["fs.chunks"].delete_many({})
    content: Any = recording.file.read()
    assert content == ""


class AwaitedFile:
    async def read(self, size: int = -1) -> bytes:
        return TEXT


async def awaited_pieces() -> AsyncIterator[bytes]:
    yield TEXT


@pytest.mark.parametrize("source", [awaited_pieces(), AwaitedFile()])
def test_sources_that_must_be_awaited_are_refused(source: Any, database: Any) -> None:
    recording = SyncRecording()
    with pytest.raises(TypeError, match="has to be awaited: use the async_ call"):
        recording.file.put(source)
    with pytest.raises(TypeError, match="has to be awaited: use the async_ call"):
        recording.image.put(source)
    with pytest.raises(TypeError, match="has to be awaited: use the async_ call"):
        recording.file = source
    assert stored(database) == (0, 0)
    assert not recording.file


def test_an_opened_file_is_iterated_over_by_line_and_by_chunk() -> None:
    file = SyncRecording().file
    file.put(b"one\ntwo", chunk_size=4)
    opened = file.get()
    assert opened is not None
    assert list(opened) == [b"one\n", b"two"]
    file.seek(1)
    assert list(iter(file.readchunk, b"")) == [b"ne\n", b"two"]
    with pytest.raises(TypeError, match="'GridFSProxy' object is not iterable"):
        list(file)
