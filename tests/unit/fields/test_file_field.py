"""File and image fields and their proxies, without a server."""

from __future__ import annotations

import copy
import pickle
from io import BytesIO
from typing import Any

import pytest
from bson import ObjectId
from PIL import Image

from mongoengine.base import images
from mongoengine.base.fields import files
from mongoengine.base.fields.files import BaseFileField, BaseGridFSProxy, BaseImageField
from mongoengine.document import Document
from mongoengine.errors import ValidationError
from mongoengine.fields import (
    FileField,
    GridFSError,
    GridFSProxy,
    ImageField,
    ImageGridFsProxy,
    ImproperlyConfigured,
    ListField,
)
from mongoengine.state.registry import ConnectionType

KEY = ObjectId("5" * 24)


class FileOwner(Document):
    file = FileField()
    other = FileField(db_alias="elsewhere", collection_name="macumba")
    image = ImageField(size=(30, 20, True), thumbnail_size=[5, 6])
    needed = BaseFileField(required=True)
    many = ListField(FileField())


def image_file(width: int, height: int, kind: str = "PNG") -> BytesIO:
    content = BytesIO()
    Image.new("RGB", (width, height)).save(content, kind)
    content.seek(0)
    return content


# Fields


def test_where_files_are_kept_can_be_chosen() -> None:
    assert (FileOwner.file.db_alias, FileOwner.file.collection_name) == ("default", "fs")
    assert (FileOwner.other.db_alias, FileOwner.other.collection_name) == ("elsewhere", "macumba")
    assert FileOwner.image.collection_name == "images"


def test_a_document_without_a_file_reads_as_an_empty_proxy() -> None:
    owner = FileOwner._from_son({"_id": KEY})
    proxy = owner.file
    assert isinstance(proxy, GridFSProxy)
    assert not proxy
    assert proxy is owner.file
    assert (proxy.key, proxy.instance) == ("file", owner)
    assert owner._get_changed_fields() == []
    assert "file" not in owner.to_mongo()


def test_a_stored_id_reads_as_a_proxy_of_the_file() -> None:
    owner = FileOwner._from_son({"_id": KEY, "other": KEY})
    assert owner.__dict__["other"] == KEY
    assert owner.other == GridFSProxy(KEY, db_alias="elsewhere", collection_name="macumba")
    assert owner.other.instance is owner
    assert owner._get_changed_fields() == []
    assert owner.to_mongo()["other"] == KEY


def test_image_fields_read_as_image_proxies() -> None:
    assert type(FileOwner().image) is ImageGridFsProxy


@pytest.mark.parametrize("value", [None, 5, ObjectId()])
def test_an_assigned_value_that_is_no_file_leaves_an_empty_proxy(value: Any) -> None:
    owner = FileOwner._from_son({"_id": KEY, "file": KEY})
    owner.file = value
    assert not owner.file
    assert owner._get_changed_fields() == ["file"]
    assert owner._delta() == ({}, {"file": 1})


def test_an_assigned_proxy_is_taken_over() -> None:
    owner = FileOwner._from_son({"_id": KEY})
    proxy = GridFSProxy(KEY)
    owner.file = proxy
    assert owner.file is proxy
    assert (proxy.key, proxy.instance) == ("file", owner)
    assert owner._delta() == ({"file": KEY}, {})


def test_a_proxy_can_be_made_for_a_file_in_a_list() -> None:
    owner = FileOwner()
    proxy = FileOwner.many.field.get_proxy_obj("many", owner, collection_name="photos")
    assert (proxy.key, proxy.collection_name, proxy.db_alias) == ("many", "photos", "default")
    proxy.grid_id = KEY
    owner.many.append(proxy)
    assert owner.to_mongo()["many"] == [KEY]
    assert FileOwner._from_son({"_id": KEY, "many": [KEY]}).many == [GridFSProxy(KEY)]


def test_only_proxies_with_the_id_of_a_file_are_stored() -> None:
    to_mongo = FileOwner.file.to_mongo
    assert to_mongo(GridFSProxy(KEY)) == KEY
    assert [to_mongo(value) for value in (None, GridFSProxy(), KEY, 5)] == [None] * 4


def test_proxies_are_valid() -> None:
    FileOwner.file.validate(GridFSProxy())
    FileOwner.file.validate(GridFSProxy(KEY))
    FileOwner.file.validate(ImageGridFsProxy(KEY))


def test_what_is_no_proxy_of_the_kind_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        FileOwner.image.validate(GridFSProxy(KEY))
    assert str(caught.value) == "FileField only accepts GridFSProxy values"
    with pytest.raises(ValidationError) as caught:
        FileOwner.file.validate(GridFSProxy(5))
    assert str(caught.value) == "Invalid GridFSProxy value"
    with pytest.raises(AttributeError, match="'int' object has no attribute 'grid_id'"):
        FileOwner.file.validate(5)


def test_a_required_file_may_be_absent_but_not_null() -> None:
    FileOwner().validate()
    FileOwner._from_son({"_id": KEY}).validate()
    for owner in (FileOwner(needed=None), FileOwner._from_son({"_id": KEY, "needed": None})):
        with pytest.raises(ValidationError) as caught:
            owner.validate()
        assert "Field is required: ['needed']" in str(caught.value)
        assert not owner.needed
        owner.validate()
    owner.needed = BaseGridFSProxy(KEY)
    owner.validate()


def test_a_query_uses_the_id_of_the_file() -> None:
    assert FileOwner.file.prepare_query_value(None, KEY) == KEY
    assert FileOwner.file.prepare_query_value(None, GridFSProxy(KEY)) == KEY


def test_assigning_content_replaces_the_file_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    monkeypatch.setattr(GridFSProxy, "delete", lambda self: done.append(("delete", self.grid_id)))

    def put(self: GridFSProxy, content: Any) -> None:
        done.append(("put", content))
        self._point_at("new id")

    monkeypatch.setattr(GridFSProxy, "put", put)
    owner = FileOwner._from_son({"_id": KEY, "file": KEY})
    owner.file = b"content"
    assert done == [("put", b"content"), ("delete", KEY)]
    assert owner.file.grid_id == "new id"
    assert owner._get_changed_fields() == ["file"]
    stream = BytesIO(b"more")
    assert FileOwner(file=stream).file.grid_id == "new id"
    assert done[-1] == ("put", stream)


def test_documents_with_files_can_be_copied() -> None:
    owner = FileOwner._from_son({"_id": KEY, "file": KEY})
    owner.file.gridout = object()
    for copied in (copy.copy(owner), copy.deepcopy(owner)):
        assert copied == owner
        assert copied.file == owner.file


# Proxies


def test_a_proxy_is_true_when_there_is_a_file() -> None:
    assert GridFSProxy(KEY)
    assert not GridFSProxy()


def test_proxies_of_the_same_file_are_equal() -> None:
    assert GridFSProxy(KEY) == GridFSProxy(KEY, key="x") == ImageGridFsProxy(KEY)
    for other in (
        GridFSProxy(),
        GridFSProxy(KEY, collection_name="x"),
        GridFSProxy(KEY, db_alias="x"),
        KEY,
        None,
        {"test": 1},
    ):
        assert GridFSProxy(KEY) != other
    with pytest.raises(TypeError, match="unhashable"):
        hash(GridFSProxy())


def test_repr_names_the_file_without_asking_for_it() -> None:
    assert repr(GridFSProxy(KEY)) == f"<GridFSProxy: {KEY}>"
    assert str(ImageGridFsProxy()) == "<ImageGridFsProxy: <no file> (None)>"


def test_copies_share_the_file_and_none_of_the_drivers_objects() -> None:
    owner = FileOwner()
    proxy = GridFSProxy(KEY, key="file", instance=owner)
    proxy._fs = proxy.gridout = proxy.newfile = object()
    copies = [copy.copy(proxy), copy.deepcopy(proxy)]
    assert all(copied.instance is owner for copied in copies)
    proxy.instance = None
    for copied in [*copies, pickle.loads(pickle.dumps(proxy))]:
        assert copied == proxy
        assert copied.key == "file"
        assert copied._fs is copied.gridout is copied.newfile is None


def test_a_second_file_is_refused() -> None:
    for call in (GridFSProxy(KEY).put, GridFSProxy(KEY).write):
        with pytest.raises(GridFSError) as caught:
            call(b"x")
        assert str(caught.value) == (
            "This document already has a file. Either delete it or call replace to overwrite it"
        )


def test_without_a_file_there_is_nothing_to_read() -> None:
    proxy = GridFSProxy()
    assert proxy.get() is None
    assert proxy.read() is None
    with pytest.raises(AttributeError):
        proxy.filename  # noqa: B018
    image = FileOwner().image
    assert (image.size, image.format, image.thumbnail) == (None, None, None)


def test_closing_what_was_not_begun_does_nothing() -> None:
    assert GridFSProxy().close() is None


def test_an_image_is_stored_whole() -> None:
    for call in (ImageGridFsProxy().write, ImageGridFsProxy().writelines):
        with pytest.raises(RuntimeError, match='Please use "put" method instead'):
            call(b"x")


def test_on_an_async_alias_an_unopened_file_says_how_to_open_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mongoengine.state.implicit.colours", lambda alias: ConnectionType.ASYNC)
    owner = FileOwner._from_son({"_id": KEY, "file": KEY, "image": KEY})
    for name in ("filename", "tell"):
        with pytest.raises(AttributeError, match=f"'{name}' is read from .* of 'file'.*async_get"):
            getattr(owner.file, name)
    with pytest.raises(AttributeError, match=r"'size' is read from .* of 'image'"):
        owner.image.size  # noqa: B018
    assert str(owner.file) == repr(owner.file) == f"<GridFSProxy: {KEY}>"


def test_attributes_of_an_opened_file_are_read_from_it() -> None:
    class Stored:
        filename = "hello"
        width, height, format = 3, 4, "PNG"

    proxy = ImageGridFsProxy(KEY)
    proxy.gridout = Stored()
    assert proxy.filename == "hello"
    assert str(proxy) == f"<ImageGridFsProxy: hello ({KEY})>"
    assert (proxy.size, proxy.format) == ((3, 4), "PNG")
    with pytest.raises(AttributeError):
        proxy.nothing  # noqa: B018


# Images


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, None),
        ((1,), {"width": 1, "height": None, "force": None}),
        ([1, 2], {"width": 1, "height": 2, "force": None}),
        ((1, 2, True), {"width": 1, "height": 2, "force": True}),
    ],
)
def test_sizes_are_kept_by_name(given: Any, kept: Any) -> None:
    field = ImageField(size=given, thumbnail_size=given)
    assert field.size == field.thumbnail_size == kept


def test_images_need_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured) as caught:
        ImageField()
    assert str(caught.value) == "PIL library was not found"


def prepared(content: Any, progressive: bool = False, **options: Any) -> Any:
    return images.prepare(content, BaseImageField(**options), progressive)


def dimensions(image: Any) -> tuple[int, int]:
    size: tuple[int, int] = Image.open(image.content).size
    return size


def test_an_image_is_stored_with_its_dimensions_and_format() -> None:
    image, thumbnail = prepared(image_file(8, 4))
    assert image.metadata == {"width": 8, "height": 4, "format": "PNG"}
    assert dimensions(image) == (8, 4)
    assert thumbnail is None


def test_bytes_are_an_image_too() -> None:
    image, _ = prepared(image_file(8, 4).getvalue())
    assert image.metadata["width"] == 8


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((10, 20), (10, 5)),
        ((10, 20, True), (10, 20)),
        ((10,), (10, 5)),
        ((100, 100, True), (40, 20)),
    ],
)
def test_a_larger_image_is_brought_to_size(size: Any, expected: Any) -> None:
    image, _ = prepared(image_file(40, 20), size=size)
    assert dimensions(image) == expected
    assert (image.metadata["width"], image.metadata["height"]) == expected


@pytest.mark.parametrize(
    ("size", "expected"), [((10, 20), (10, 5)), ((10, 20, True), (10, 20)), ((90, 90), (40, 20))]
)
def test_a_thumbnail_is_made_of_the_image(size: Any, expected: Any) -> None:
    image, thumbnail = prepared(image_file(40, 20), thumbnail_size=size)
    assert dimensions(image) == (40, 20)
    assert dimensions(thumbnail) == expected


def test_only_jpeg_becomes_progressive() -> None:
    jpeg, _ = prepared(image_file(8, 4, "JPEG"), progressive=True)
    assert Image.open(jpeg.content).info.get("progressive")
    png, _ = prepared(image_file(8, 4), progressive=True)
    assert png.metadata["format"] == "PNG"


def test_what_is_no_image_is_refused() -> None:
    content = BytesIO(b"Hello World!")
    with pytest.raises(ValidationError) as caught:
        prepared(content)
    assert str(caught.value) == f"Invalid image: cannot identify image file {content!r}"
