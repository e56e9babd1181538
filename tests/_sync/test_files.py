# Generated from tests/_async/test_files.py; do not edit.
# To write it again: python tools/generate_sync.py
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
    file.put(TEXT + b"\n" + MORE, chunk_size=4)
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


@pytest.mark.parametrize(
    "source", [[TEXT, MORE], iter([TEXT, MORE]), bytearray(TEXT + MORE), memoryview(TEXT + MORE)]
)
def test_a_file_can_be_stored_from_pieces(source: Any, database: Any) -> None:
    attachment = Attachment()
    attachment.file.put(source, filename="pieces")
    (entry,) = [entry for entry in database["attachments.files"].find()]
    (chunk,) = [chunk for chunk in database["attachments.chunks"].find()]
    assert (entry["_id"], entry["filename"]) == (attachment.file.grid_id, "pieces")
    assert (chunk["files_id"], chunk["n"], chunk["data"]) == (entry["_id"], 0, TEXT + MORE)
    assert entry["length"] == len(TEXT + MORE)


def test_text_takes_an_encoding(database: Any) -> None:
    file = Attachment().file
    with pytest.raises(TypeError, match="must specify an encoding"):
        file.put("text")
    assert stored_files(database) == 0
    file.put("t\xe4xt", encoding="utf-8")
    assert file.read() == "t\xe4xt".encode()


@pytest.mark.parametrize("source", [5, None, [TEXT, "text"], [TEXT, 5]])
def test_what_gives_no_bytes_is_refused_and_leaves_nothing(source: Any, database: Any) -> None:
    attachment = Attachment()
    with pytest.raises(TypeError):
        attachment.file.put(source, chunk_size=4)
    assert stored_files(database) == 0
    assert not attachment.file


def test_a_source_that_fails_leaves_nothing(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mongoengine._sync.uploads._BATCH_SIZE", 8)

    class Failing(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            content = super().read(size)
            if not content:
                raise OSError("disk gone")
            return content

    attachment = Attachment()
    with pytest.raises(OSError, match="disk gone"):
        attachment.file.put(Failing(TEXT * 4), chunk_size=4)
    assert stored_files(database) == 0
    attachment.file.put(TEXT)
    with pytest.raises(OSError, match="disk gone"):
        attachment.file.replace(Failing(TEXT * 4), chunk_size=4)
    assert loaded(attachment).file.read() == TEXT
    assert stored_files(database) == 1


def test_a_piece_that_fails_gives_up_the_file_that_was_begun(database: Any) -> None:
    file = Attachment().file
    file.write(TEXT)
    with pytest.raises(TypeError, match="pieces of bytes, not of int"):
        file.writelines([MORE, 5])
    assert not file
    file.put(MORE)
    assert file.read() == MORE
    assert stored_files(database) == 1


def test_a_closed_file_is_not_written_any_more(database: Any) -> None:
    file = Attachment().file
    file.write(TEXT)
    with pytest.raises(TypeError, match="can only write"):
        file.write(5)
    file.close()
    file.close()
    with pytest.raises(ValueError, match="cannot write to a closed file"):
        file.write(MORE)
    assert file.read() == TEXT
    assert stored_files(database) == 1


@pytest.mark.parametrize("content", [TEXT, b""])
def test_an_id_that_is_taken_leaves_the_other_file(content: bytes, database: Any) -> None:
    file, other = Attachment().file, Attachment().file
    other.put(content)
    with pytest.raises(FileExists):
        file.put(MORE, _id=other.grid_id)
    assert not file
    assert other.read() == content
    assert stored_files(database) == 1


def test_a_file_being_written_can_be_given_metadata(database: Any) -> None:
    file = Attachment().file
    file.new_file()
    file.newfile.filename = "late"
    file.newfile.artist = "me"
    file.write(TEXT)
    file.close()
    file.get()
    assert (file.filename, file.artist) == ("late", "me")


def test_large_files_are_sent_in_batches(
    commands: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mongoengine._sync.uploads._BATCH_SIZE", 1000)
    file = Attachment().file
    file.put(b"x" * 2500, chunk_size=100)
    batches = [len(command["documents"]) for command in commands.of("insert")]
    assert batches == [7, 7, 7, 4, 1]  # the last is the file's entry
    assert [len(chunk) for chunk in file._chunks()] == [100] * 25


def test_deleting_a_document_deletes_its_files(database: Any) -> None:
    attachment = Attachment()
    attachment.file.put(TEXT)
    attachment.image.put(image_file(60, 60))
    listed = Attachment.files.field.get_proxy_obj("files", attachment)
    listed.put(MORE)
    attachment.files.append(listed)
    attachment.save()
    attachment.delete()
    assert stored_files(database, "attached_images") == 0
    # Files in lists stay, as with MongoEngine.
    assert database["attachments.files"].distinct("_id") == [listed.grid_id]


def test_deleting_a_document_deletes_files_it_was_not_loaded_with(database: Any) -> None:
    attachment = Attachment()
    attachment.file.put(TEXT)
    attachment.image.put(image_file(60, 60))
    attachment.save()
    partial = Attachment.objects.only("image").get(pk=attachment.pk)
    partial.delete()
    assert Attachment.objects.count() == 0
    assert stored_files(database) == 0
    assert stored_files(database, "attached_images") == 0


def test_deleting_a_document_deletes_a_file_it_had_when_it_was_saved(database: Any) -> None:
    attachment = Attachment()
    attachment.file.put(TEXT)
    attachment.save()
    attachment.file = None
    attachment.delete()
    assert stored_files(database) == 0


class Letter(Document):
    file = FileField()


class Reply(Document):
    letter = ReferenceField(Letter, reverse_delete_rule=DENY)


def test_a_refused_deletion_leaves_the_files() -> None:
    letter = Letter()
    letter.file.put(TEXT)
    letter.save()
    reply = Reply(letter=letter).save()

    with pytest.raises(OperationError, match="Could not delete document"):
        letter.delete()
    found = Letter.objects.get(pk=letter.pk)
    assert found.file.read() == TEXT

    reply.delete()
    letter.delete()
    Reply.drop_collection()
    Letter.drop_collection()


def test_a_document_whose_files_are_gone_can_be_deleted(database: Any) -> None:
    attachment = Attachment()
    attachment.file.put(TEXT)
    attachment.image.put(image_file(60, 60))
    attachment.save()
    for name in ("attachments", "attached_images"):
        database[f"{name}.files"].delete_many({})
    attachment.delete()
    assert Attachment.objects.count() == 0
    assert database["attachments.chunks"].count_documents({}) == 0


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


def test_only_a_jpeg_is_stored_progressive() -> None:
    for kind in ("JPEG", "PNG"):
        image = Attachment().plain_image
        image.put(image_file(16, 16, kind), progressive=True)
        content = image.read()
        assert content is not None
        stored = Image.open(BytesIO(content))
        assert (stored.format, bool(stored.info.get("progressive"))) == (kind, kind == "JPEG")


@pytest.mark.parametrize("wrapped", [bytes, lambda content: [content]])
def test_an_image_can_be_given_as_bytes(wrapped: Any) -> None:
    image = Attachment().plain_image
    image.put(wrapped(image_file(6, 6).getvalue()))
    image.get()
    assert image.size == (6, 6)


def test_an_image_is_not_written_in_pieces() -> None:
    image = Attachment().image
    with pytest.raises(RuntimeError, match=r'^Please use "put" method instead$'):
        image.write(TEXT)
    with pytest.raises(RuntimeError, match=r'^Please use "put" method instead$'):
        image.writelines([TEXT])


def test_an_image_that_cannot_be_stored_leaves_no_thumbnail(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = images.prepare

    def unreadable(*args: Any) -> Any:
        image, thumbnail = prepare(*args)
        return image._replace(content=5), thumbnail

    monkeypatch.setattr(images, "prepare", unreadable)
    with pytest.raises(TypeError, match="can only write"):
        Attachment().image.put(image_file(60, 60))
    assert stored_files(database, "attached_images") == 0
