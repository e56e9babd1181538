"""Files and images in GridFS."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from bson import ObjectId
from gridfs.errors import FileExists
from PIL import Image

from mongoengine import DENY, Document, FileField, ReferenceField
from mongoengine.base import images
from mongoengine.connection import _clear_session, _set_session
from mongoengine.errors import OperationError, ValidationError
from mongoengine.fields import GridFSError, GridFSProxy
from tests.commands import CommandLog
from tests.field_models import Attachment

TEXT = b"Hello, World!"
MORE = b"Foo Bar"


def image_file(width: int, height: int, kind: str = "PNG") -> BytesIO:
    """Return an image of that size."""
    content = BytesIO()
    Image.new("RGB", (width, height)).save(content, kind)
    content.seek(0)
    return content


async def stored_files(database: Any, name: str = "attachments") -> int:
    """Return how many files there are, after checking that no chunk is left of another."""
    ids = await database[f"{name}.files"].distinct("_id")
    owners = await database[f"{name}.chunks"].distinct("files_id")
    assert set(owners) <= set(ids)
    return len(ids)


def loaded(attachment: Any) -> Any:
    """Return a second object of the document, as it would be stored."""
    return Attachment._from_son(dict(attachment.to_mongo()))


async def test_a_file_is_stored_with_its_metadata() -> None:
    attachment = Attachment()
    await attachment.file.async_put(TEXT, content_type="text/plain", filename="hello", foo="bar")
    file = loaded(attachment).file
    assert await file.async_read() == TEXT
    assert (file.content_type, file.filename, file.foo) == ("text/plain", "hello", "bar")
    assert file.length == len(TEXT)
    assert str(file) == f"<GridFSProxy: hello ({file.grid_id})>"


async def test_storing_a_file_changes_the_document() -> None:
    attachment = Attachment._from_son({"_id": ObjectId()})
    await attachment.file.async_put(BytesIO(TEXT))
    assert attachment._delta() == ({"file": attachment.file.grid_id}, {})


async def test_reading_goes_on_where_it_ended() -> None:
    file = Attachment().file
    await file.async_put(TEXT)
    assert await file.async_read(5) == TEXT[:5]
    assert file.tell() == 5
    assert await file.async_read() == TEXT[5:]
    assert await file.async_read() == b""


async def test_a_file_is_opened_once(commands: CommandLog) -> None:
    file = Attachment().file
    await file.async_put(TEXT)
    commands.clear()
    assert await file.async_get() is await file.async_get()
    assert commands.names == ["find"]


async def test_an_opened_file_is_read_in_pieces() -> None:
    file = Attachment().file
    await file.async_put(TEXT + b"\n" + MORE, chunk_size=4)
    stored = await file.async_get()
    assert stored is not None
    assert [line async for line in stored] == [TEXT + b"\n", MORE]


async def test_another_file_can_be_opened_by_its_id() -> None:
    file, other = Attachment().file, Attachment().file
    await file.async_put(TEXT)
    await other.async_put(MORE)
    assert await file.async_read() == TEXT
    stored = await file.async_get(other.grid_id)
    assert stored is not None
    assert await stored.read() == MORE


@pytest.mark.parametrize(
    "source", [[TEXT, MORE], iter([TEXT, MORE]), bytearray(TEXT + MORE), memoryview(TEXT + MORE)]
)
async def test_a_file_can_be_stored_from_pieces(source: Any, database: Any) -> None:
    attachment = Attachment()
    await attachment.file.async_put(source, filename="pieces")
    (entry,) = [entry async for entry in database["attachments.files"].find()]
    (chunk,) = [chunk async for chunk in database["attachments.chunks"].find()]
    assert (entry["_id"], entry["filename"]) == (attachment.file.grid_id, "pieces")
    assert (chunk["files_id"], chunk["n"], chunk["data"]) == (entry["_id"], 0, TEXT + MORE)
    assert entry["length"] == len(TEXT + MORE)


async def test_text_takes_an_encoding(database: Any) -> None:
    file = Attachment().file
    with pytest.raises(TypeError, match="must specify an encoding"):
        await file.async_put("text")
    assert await stored_files(database) == 0
    await file.async_put("t\xe4xt", encoding="utf-8")
    assert await file.async_read() == "t\xe4xt".encode()


@pytest.mark.parametrize("source", [5, None, [TEXT, "text"], [TEXT, 5]])
async def test_what_gives_no_bytes_is_refused_and_leaves_nothing(
    source: Any, database: Any
) -> None:
    attachment = Attachment()
    with pytest.raises(TypeError):
        await attachment.file.async_put(source, chunk_size=4)
    assert await stored_files(database) == 0
    assert not attachment.file


async def test_a_source_that_fails_leaves_nothing(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mongoengine._async.uploads._BATCH_SIZE", 8)

    class Failing(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            content = super().read(size)
            if not content:
                raise OSError("disk gone")
            return content

    attachment = Attachment()
    with pytest.raises(OSError, match="disk gone"):
        await attachment.file.async_put(Failing(TEXT * 4), chunk_size=4)
    assert await stored_files(database) == 0
    await attachment.file.async_put(TEXT)
    with pytest.raises(OSError, match="disk gone"):
        await attachment.file.async_replace(Failing(TEXT * 4), chunk_size=4)
    assert await loaded(attachment).file.async_read() == TEXT
    assert await stored_files(database) == 1


async def test_a_piece_that_fails_gives_up_the_file_that_was_begun(database: Any) -> None:
    file = Attachment().file
    await file.async_write(TEXT)
    with pytest.raises(TypeError, match="pieces of bytes, not of int"):
        await file.async_writelines([MORE, 5])
    assert not file
    await file.async_put(MORE)
    assert await file.async_read() == MORE
    assert await stored_files(database) == 1


async def test_a_closed_file_is_not_written_any_more(database: Any) -> None:
    file = Attachment().file
    await file.async_write(TEXT)
    with pytest.raises(TypeError, match="can only write"):
        await file.async_write(5)
    await file.async_close()
    await file.async_close()
    with pytest.raises(ValueError, match="cannot write to a closed file"):
        await file.async_write(MORE)
    assert await file.async_read() == TEXT
    assert await stored_files(database) == 1


@pytest.mark.parametrize("content", [TEXT, b""])
async def test_an_id_that_is_taken_leaves_the_other_file(content: bytes, database: Any) -> None:
    file, other = Attachment().file, Attachment().file
    await other.async_put(content)
    with pytest.raises(FileExists):
        await file.async_put(MORE, _id=other.grid_id)
    assert not file
    assert await other.async_read() == content
    assert await stored_files(database) == 1


async def test_a_file_being_written_can_be_given_metadata(database: Any) -> None:
    file = Attachment().file
    await file.async_new_file()
    file.newfile.filename = "late"
    file.newfile.artist = "me"
    await file.async_write(TEXT)
    await file.async_close()
    await file.async_get()
    assert (file.filename, file.artist) == ("late", "me")


async def test_large_files_are_sent_in_batches(
    commands: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mongoengine._async.uploads._BATCH_SIZE", 1000)
    file = Attachment().file
    await file.async_put(b"x" * 2500, chunk_size=100)
    batches = [len(command["documents"]) for command in commands.of("insert")]
    assert batches == [7, 7, 7, 4, 1]  # the last is the file's entry
    assert [len(chunk) async for chunk in file._async_chunks()] == [100] * 25


async def test_deleting_a_document_deletes_its_files(database: Any) -> None:
    attachment = Attachment()
    await attachment.file.async_put(TEXT)
    await attachment.image.async_put(image_file(60, 60))
    listed = Attachment.files.field.get_proxy_obj("files", attachment)
    await listed.async_put(MORE)
    attachment.files.append(listed)
    await attachment.async_save()
    await attachment.async_delete()
    assert await stored_files(database, "attached_images") == 0
    # Files in lists stay, as with MongoEngine.
    assert await database["attachments.files"].distinct("_id") == [listed.grid_id]


async def test_deleting_a_document_deletes_files_it_was_not_loaded_with(database: Any) -> None:
    attachment = Attachment()
    await attachment.file.async_put(TEXT)
    await attachment.image.async_put(image_file(60, 60))
    await attachment.async_save()
    partial = await Attachment.objects.only("image").async_get(pk=attachment.pk)
    await partial.async_delete()
    assert await Attachment.objects.async_count() == 0
    assert await stored_files(database) == 0
    assert await stored_files(database, "attached_images") == 0


async def test_deleting_a_document_deletes_a_file_it_had_when_it_was_saved(database: Any) -> None:
    attachment = Attachment()
    await attachment.file.async_put(TEXT)
    await attachment.async_save()
    attachment.file = None
    await attachment.async_delete()
    assert await stored_files(database) == 0


class Letter(Document):
    file = FileField()


class Reply(Document):
    letter = ReferenceField(Letter, reverse_delete_rule=DENY)


async def test_a_refused_deletion_leaves_the_files() -> None:
    letter = Letter()
    await letter.file.async_put(TEXT)
    await letter.async_save()
    reply = await Reply(letter=letter).async_save()

    with pytest.raises(OperationError, match="Could not delete document"):
        await letter.async_delete()
    found = await Letter.objects.async_get(pk=letter.pk)
    assert await found.file.async_read() == TEXT

    await reply.async_delete()
    await letter.async_delete()
    await Reply.async_drop_collection()
    await Letter.async_drop_collection()


async def test_a_document_whose_files_are_gone_can_be_deleted(database: Any) -> None:
    attachment = Attachment()
    await attachment.file.async_put(TEXT)
    await attachment.image.async_put(image_file(60, 60))
    await attachment.async_save()
    for name in ("attachments", "attached_images"):
        await database[f"{name}.files"].delete_many({})
    await attachment.async_delete()
    assert await Attachment.objects.async_count() == 0
    assert await database["attachments.chunks"].count_documents({}) == 0


async def test_a_file_can_be_written_in_pieces() -> None:
    attachment = Attachment()
    await attachment.file.async_new_file(content_type="text/plain")
    await attachment.file.async_write(TEXT)
    await attachment.file.async_writelines([MORE, MORE])
    await attachment.file.async_close()
    file = loaded(attachment).file
    assert await file.async_read() == TEXT + MORE + MORE
    assert file.content_type == "text/plain"


@pytest.mark.parametrize("content", [TEXT, [TEXT]])
async def test_writing_begins_a_file_if_there_is_none(content: Any) -> None:
    file = Attachment().file
    if isinstance(content, list):
        await file.async_writelines(content)
    else:
        await file.async_write(content)
    await file.async_close()
    assert await file.async_read() == TEXT


async def test_a_second_file_is_refused(database: Any) -> None:
    file = Attachment().file
    await file.async_put(TEXT)
    again = GridFSProxy(file.grid_id, collection_name="attachments")
    with pytest.raises(GridFSError, match="already has a file"):
        await again.async_put(MORE)
    with pytest.raises(GridFSError, match="already has a file"):
        await again.async_write(MORE)
    assert await stored_files(database) == 1


async def test_a_file_can_be_replaced(database: Any) -> None:
    attachment = Attachment()
    await attachment.file.async_put(TEXT)
    assert await attachment.file.async_read() == TEXT
    await attachment.file.async_replace(MORE, filename="more")
    assert await loaded(attachment).file.async_read() == MORE
    assert await attachment.file.async_read() == MORE
    assert await stored_files(database) == 1


async def test_a_deleted_file_is_gone(database: Any) -> None:
    attachment = Attachment._from_son({"_id": ObjectId()})
    await attachment.file.async_put(TEXT)
    await attachment.file.async_delete()
    assert await stored_files(database) == 0
    assert not attachment.file
    assert await attachment.file.async_read() is None
    assert attachment._delta() == ({}, {"file": 1})
    await attachment.file.async_write(MORE)
    await attachment.file.async_close()
    assert await attachment.file.async_read() == MORE


async def test_deleting_no_file_asks_nothing(commands: CommandLog) -> None:
    await Attachment().file.async_delete()
    assert commands.names == []


async def test_a_file_can_be_in_a_list() -> None:
    attachment = Attachment()
    proxy = Attachment.files.field.get_proxy_obj("files", attachment)
    await proxy.async_put(TEXT, filename="listed")
    attachment.files.append(proxy)
    (file,) = loaded(attachment).files
    assert await file.async_read() == TEXT


async def test_the_field_has_the_verbs_too(database: Any) -> None:
    attachment = Attachment()
    await Attachment.file.async_put(TEXT, instance=attachment, filename="x")
    stored = await Attachment.file.async_get(attachment)
    assert stored is not None
    assert stored.filename == "x"
    assert await Attachment.file.async_read(attachment, 5) == TEXT[:5]
    await Attachment.file.async_replace(MORE, instance=attachment)
    assert await Attachment.file.async_read(attachment) == MORE
    await Attachment.file.async_delete(attachment)
    assert await stored_files(database) == 0


async def test_files_cannot_be_part_of_a_transaction(connection: Any, database: Any) -> None:
    file = Attachment().file
    async with connection.start_session() as session:
        _set_session(session)
        try:
            await session.start_transaction()
            with pytest.raises(OperationError, match="cannot run in a transaction"):
                await file.async_put(TEXT)
            await session.abort_transaction()
            await file.async_put(TEXT)
            assert await file.async_read() == TEXT
        finally:
            _clear_session()
    assert await stored_files(database) == 1


# Images


async def test_an_image_is_stored_with_dimensions_and_format() -> None:
    attachment = Attachment()
    await attachment.plain_image.async_put(image_file(37, 7), filename="x", foo=1)
    image = loaded(attachment).plain_image
    await image.async_get()
    assert (image.size, image.format, image.filename, image.foo) == ((37, 7), "PNG", "x", 1)
    assert await image._async_open_thumbnail() is None


async def test_an_image_is_brought_to_size_and_gets_a_thumbnail(database: Any) -> None:
    attachment = Attachment()
    await attachment.image.async_put(image_file(60, 60))
    image = loaded(attachment).image
    await image.async_get()
    assert image.size == (20, 10)
    thumbnail = await image._async_open_thumbnail()
    assert thumbnail is not None
    assert (thumbnail.width, thumbnail.height, thumbnail.format) == (5, 3, "PNG")
    assert await stored_files(database, "attached_images") == 2
    await image.async_delete()
    assert await stored_files(database, "attached_images") == 0


async def test_replacing_an_image_leaves_no_thumbnail_behind(database: Any) -> None:
    attachment = Attachment()
    await attachment.image.async_put(image_file(60, 60))
    await attachment.image.async_replace(image_file(6, 6))
    await attachment.image.async_get()
    assert attachment.image.size == (6, 6)
    assert await stored_files(database, "attached_images") == 2


async def test_what_is_no_image_stores_nothing(database: Any) -> None:
    with pytest.raises(ValidationError, match="Invalid image: cannot identify image file"):
        await Attachment().image.async_put(BytesIO(TEXT))
    assert await stored_files(database, "attached_images") == 0


async def test_an_image_in_the_place_of_another_is_refused() -> None:
    image = Attachment().image
    await image.async_put(image_file(6, 6))
    with pytest.raises(GridFSError):
        await image.async_put(image_file(6, 6))


async def test_an_image_can_be_stored_as_a_thumbnail() -> None:
    image = Attachment().image
    picture = Image.new("RGB", (4, 3))
    key = await image._async_put_thumbnail(picture, "PNG", False, foo=1)
    stored = await image.async_get(key)
    assert (stored.width, stored.height, stored.format, stored.foo) == (4, 3, "PNG", 1)


async def test_only_a_jpeg_is_stored_progressive() -> None:
    for kind in ("JPEG", "PNG"):
        image = Attachment().plain_image
        await image.async_put(image_file(16, 16, kind), progressive=True)
        content = await image.async_read()
        assert content is not None
        stored = Image.open(BytesIO(content))
        assert (stored.format, bool(stored.info.get("progressive"))) == (kind, kind == "JPEG")


@pytest.mark.parametrize("wrapped", [bytes, lambda content: [content]])
async def test_an_image_can_be_given_as_bytes(wrapped: Any) -> None:
    image = Attachment().plain_image
    await image.async_put(wrapped(image_file(6, 6).getvalue()))
    await image.async_get()
    assert image.size == (6, 6)


async def test_an_image_is_not_written_in_pieces() -> None:
    image = Attachment().image
    with pytest.raises(RuntimeError, match=r'^Please use "put" method instead$'):
        await image.async_write(TEXT)
    with pytest.raises(RuntimeError, match=r'^Please use "put" method instead$'):
        await image.async_writelines([TEXT])


async def test_an_image_that_cannot_be_stored_leaves_no_thumbnail(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = images.prepare

    def unreadable(*args: Any) -> Any:
        image, thumbnail = prepare(*args)
        return image._replace(content=5), thumbnail

    monkeypatch.setattr(images, "prepare", unreadable)
    with pytest.raises(TypeError, match="can only write"):
        await Attachment().image.async_put(image_file(60, 60))
    assert await stored_files(database, "attached_images") == 0
