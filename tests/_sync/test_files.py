# Generated from tests/_async/test_files.py; do not edit.
# To write it again: python tools/generate_sync.py
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


def stored_files(database: Any, name: str = "attachments") -> int:
    """Return how many files there are, after checking that no chunk is left of another."""
    ids = database[f"{name}.files"].distinct("_id")
    owners = database[f"{name}.chunks"].distinct("files_id")
    assert set(owners) <= set(ids)
    return len(ids)


def loaded(attachment: Any) -> Any:
    """Return a second object of the document, as it would be stored."""
    return Attachment._from_son(dict(attachment.to_mongo()))


def test_a_file_is_stored_with_its_metadata() -> None:
    attachment = Attachment()
    attachment.file.put(TEXT, content_type="text/plain", filename="hello", foo="bar")
    file = loaded(attachment).file
    assert file.read() == TEXT
    assert (file.content_type, file.filename, file.foo) == ("text/plain", "hello", "bar")
    assert file.length == len(TEXT)
    assert str(file) == f"<GridFSProxy: hello ({file.grid_id})>"


def test_storing_a_file_changes_the_document() -> None:
    attachment = Attachment._from_son({"_id": ObjectId()})
    attachment.file.put(BytesIO(TEXT))
    assert attachment._delta() == ({"file": attachment.file.grid_id}, {})


def test_reading_goes_on_where_it_ended() -> None:
    file = Attachment().file
    file.put(TEXT)
    assert file.read(5) == TEXT[:5]
    assert file.tell() == 5
    assert file.read() == TEXT[5:]
    assert file.read() == b""


def test_a_file_is_opened_once(commands: CommandLog) -> None:
    file = Attachment().file
    file.put(TEXT)
    commands.clear()
    assert file.get() is file.get()
    assert commands.names == ["find"]


def test_an_opened_file_is_read_in_pieces() -> None:
    file = Attachment().file
    file.put(TEXT + b"\n" + MORE, chunk_size_bytes=4)
    stored = file.get()
    assert stored is not None
    assert [line for line in stored] == [TEXT + b"\n", MORE]


def test_another_file_can_be_opened_by_its_id() -> None:
    file, other = Attachment().file, Attachment().file
    file.put(TEXT)
    other.put(MORE)
    assert file.read() == TEXT
    stored = file.get(other.grid_id)
    assert stored is not None
    assert stored.read() == MORE


def test_a_file_that_is_gone_reads_as_none() -> None:
    file = GridFSProxy(ObjectId())
    assert file.get() is None
    assert file.read() is None


def test_a_file_can_be_written_in_pieces() -> None:
    attachment = Attachment()
    attachment.file.new_file(content_type="text/plain")
    attachment.file.write(TEXT)
    attachment.file.writelines([MORE, MORE])
    attachment.file.close()
    file = loaded(attachment).file
    assert file.read() == TEXT + MORE + MORE
    assert file.content_type == "text/plain"


@pytest.mark.parametrize("content", [TEXT, [TEXT]])
def test_writing_begins_a_file_if_there_is_none(content: Any) -> None:
    file = Attachment().file
    if isinstance(content, list):
        file.writelines(content)
    else:
        file.write(content)
    file.close()
    assert file.read() == TEXT


def test_a_second_file_is_refused(database: Any) -> None:
    file = Attachment().file
    file.put(TEXT)
    again = GridFSProxy(file.grid_id, collection_name="attachments")
    with pytest.raises(GridFSError, match="already has a file"):
        again.put(MORE)
    with pytest.raises(GridFSError, match="already has a file"):
        again.write(MORE)
    assert stored_files(database) == 1


def test_a_file_can_be_replaced(database: Any) -> None:
    attachment = Attachment()
    attachment.file.put(TEXT)
    assert attachment.file.read() == TEXT
    attachment.file.replace(MORE, filename="more")
    assert loaded(attachment).file.read() == MORE
    assert attachment.file.read() == MORE
    assert stored_files(database) == 1


def test_a_deleted_file_is_gone(database: Any) -> None:
    attachment = Attachment._from_son({"_id": ObjectId()})
    attachment.file.put(TEXT)
    attachment.file.delete()
    assert stored_files(database) == 0
    assert not attachment.file
    assert attachment.file.read() is None
    assert attachment._delta() == ({}, {"file": 1})
    attachment.file.write(MORE)
    attachment.file.close()
    assert attachment.file.read() == MORE


def test_deleting_no_file_asks_nothing(commands: CommandLog) -> None:
    Attachment().file.delete()
    assert commands.names == []


def test_a_file_can_be_in_a_list() -> None:
    attachment = Attachment()
    proxy = Attachment.files.field.get_proxy_obj("files", attachment)
    proxy.put(TEXT, filename="listed")
    attachment.files.append(proxy)
    (file,) = loaded(attachment).files
    assert file.read() == TEXT


def test_the_field_has_the_verbs_too(database: Any) -> None:
    attachment = Attachment()
    Attachment.file.put(TEXT, instance=attachment, filename="x")
    stored = Attachment.file.get(attachment)
    assert stored is not None
    assert stored.filename == "x"
    assert Attachment.file.read(attachment, 5) == TEXT[:5]
    Attachment.file.replace(MORE, instance=attachment)
    assert Attachment.file.read(attachment) == MORE
    Attachment.file.delete(attachment)
    assert stored_files(database) == 0


def test_files_cannot_be_part_of_a_transaction(connection: Any, database: Any) -> None:
    file = Attachment().file
    with connection.start_session() as session:
        _set_session(session)
        try:
            session.start_transaction()
            with pytest.raises(OperationError, match="cannot run in a transaction"):
                file.put(TEXT)
            session.abort_transaction()
            file.put(TEXT)
            assert file.read() == TEXT
        finally:
            _clear_session()
    assert stored_files(database) == 1


# Images


def test_an_image_is_stored_with_dimensions_and_format() -> None:
    attachment = Attachment()
    attachment.plain_image.put(image_file(37, 7), filename="x", foo=1)
    image = loaded(attachment).plain_image
    image.get()
    assert (image.size, image.format, image.filename, image.foo) == ((37, 7), "PNG", "x", 1)
    assert image._open_thumbnail() is None


def test_an_image_is_brought_to_size_and_gets_a_thumbnail(database: Any) -> None:
    attachment = Attachment()
    attachment.image.put(image_file(60, 60))
    image = loaded(attachment).image
    image.get()
    assert image.size == (20, 10)
    thumbnail = image._open_thumbnail()
    assert thumbnail is not None
    assert (thumbnail.width, thumbnail.height, thumbnail.format) == (5, 3, "PNG")
    assert stored_files(database, "attached_images") == 2
    image.delete()
    assert stored_files(database, "attached_images") == 0


def test_replacing_an_image_leaves_no_thumbnail_behind(database: Any) -> None:
    attachment = Attachment()
    attachment.image.put(image_file(60, 60))
    attachment.image.replace(image_file(6, 6))
    attachment.image.get()
    assert attachment.image.size == (6, 6)
    assert stored_files(database, "attached_images") == 2


def test_what_is_no_image_stores_nothing(database: Any) -> None:
    with pytest.raises(ValidationError, match="Invalid image: cannot identify image file"):
        Attachment().image.put(BytesIO(TEXT))
    assert stored_files(database, "attached_images") == 0


def test_an_image_in_the_place_of_another_is_refused() -> None:
    image = Attachment().image
    image.put(image_file(6, 6))
    with pytest.raises(GridFSError):
        image.put(image_file(6, 6))


def test_an_image_can_be_stored_as_a_thumbnail() -> None:
    image = Attachment().image
    picture = Image.new("RGB", (4, 3))
    key = image._put_thumbnail(picture, "PNG", False, foo=1)
    stored = image.get(key)
    assert (stored.width, stored.height, stored.format, stored.foo) == (4, 3, "PNG", 1)
