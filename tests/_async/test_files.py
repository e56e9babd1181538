"""Files and images in GridFS."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from bson import ObjectId
from PIL import Image

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
    await file.async_put(TEXT + b"\n" + MORE, chunk_size_bytes=4)
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


async def test_a_file_that_is_gone_reads_as_none() -> None:
    file = GridFSProxy(ObjectId())
    assert await file.async_get() is None
    assert await file.async_read() is None


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
