"""What reading references does on a sync alias, which has no counterpart in the other colour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine.base.containers import BaseDict, BaseList
from mongoengine.base.dereferencing import no_dereferencing
from mongoengine.base.embedded_list import EmbeddedDocumentList
from mongoengine.connection import connect, disconnect
from mongoengine.context_managers import run_in_transaction
from mongoengine.dereference import DeReference
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import DoesNotExist, NotRegistered
from mongoengine.fields import (
    CachedReferenceField,
    DictField,
    DynamicField,
    EmbeddedDocumentListField,
    GenericReferenceField,
    IntField,
    LazyReferenceField,
    ListField,
    MapField,
    ReferenceField,
    StringField,
)
from tests.commands import CommandLog

ALIAS = "reading_references"
DATABASE = "reading_references_tests"


class ReadUser(Document):
    meta = {"db_alias": ALIAS}

    name = StringField()


class ReadTag(Document):
    meta = {"db_alias": ALIAS, "collection": "named_by_hand"}

    number = IntField(primary_key=True)


class ReadNote(EmbeddedDocument):
    user = ReferenceField(ReadUser)
    readers = ListField(ReferenceField(ReadUser))


class ReadPost(Document):
    meta = {"db_alias": ALIAS}

    title = StringField()
    author = ReferenceField(ReadUser)
    cached = CachedReferenceField(ReadUser, fields=["name"])
    about = GenericReferenceField()
    users = ListField(ReferenceField(ReadUser))
    by_role = MapField(ReferenceField(ReadUser))
    nested = ListField(ListField(ReferenceField(ReadUser)))
    mentions = ListField(GenericReferenceField())
    notes = EmbeddedDocumentListField(ReadNote)
    words = ListField(StringField())
    items = ListField()
    data = DictField()
    anything = DynamicField()
    through = LazyReferenceField(ReadUser, passthrough=True)


@pytest.fixture
def commands() -> CommandLog:
    return CommandLog()


@pytest.fixture(autouse=True)
def connection(mongodb_uri: str, commands: CommandLog) -> Iterator[Any]:
    client = connect(
        DATABASE,
        alias=ALIAS,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="reading references",
        event_listeners=[commands],
    )
    yield client
    client.drop_database(DATABASE)
    disconnect(ALIAS)


@pytest.fixture
def ada() -> ReadUser:
    return ReadUser(name="Ada").save()


@pytest.fixture
def ida() -> ReadUser:
    return ReadUser(name="Ida").save()


def stored(commands: CommandLog, **values: Any) -> ReadPost:
    ReadPost(**values).save()
    post: ReadPost = ReadPost.objects.get()
    commands.clear()
    return post


# Reading


def test_a_reference_is_loaded_by_the_first_read(commands: CommandLog, ada: ReadUser) -> None:
    post = stored(commands, author=ada)
    assert post.author.name == "Ada"
    assert post.author is post.author
    assert commands.names == ["find"]
    assert post._get_changed_fields() == []


def test_a_cached_reference_is_loaded_by_the_first_read_and_not_from_its_copy(
    commands: CommandLog, ada: ReadUser
) -> None:
    post = stored(commands, cached=ada)
    ReadUser._get_collection().update_one({"_id": ada.id}, {"$set": {"name": "Eve"}})
    commands.clear()

    assert post.cached.name == "Eve"
    assert post.cached is post.cached
    assert commands.only("find")["find"] == "read_user"
    assert post._get_changed_fields() == []


def test_reading_in_a_transaction_finds_what_the_transaction_has_written(
    commands: CommandLog, ada: ReadUser
) -> None:
    ReadPost(title="made so that the collection exists").save()
    with run_in_transaction(ALIAS):
        eve = ReadUser(name="Eve").save()
        ReadPost(
            title="in",
            author=eve,
            cached=eve,
            about=eve,
            users=[eve],
            by_role={"editor": eve},
            nested=[[eve]],
            mentions=[eve],
            notes=[ReadNote(user=eve, readers=[eve])],
            anything=eve,
            through=eve,
        ).save()
        post = ReadPost.objects.get(title="in")
        commands.clear()

        found = [
            post.author,
            post.cached,
            post.about,
            post.users[0],
            post.by_role["editor"],
            post.nested[0][0],
            post.mentions[0],
            post.notes[0].user,
            post.notes[0].readers[0],
            post.anything,
            post.through,
        ]

        assert [user.name for user in found] == ["Eve"] * len(found)
        finds = commands.of("find")
        assert finds
        assert all("lsid" in find and find["autocommit"] is False for find in finds)


def test_a_dangling_reference_names_owner_field_and_key(
    commands: CommandLog, ada: ReadUser
) -> None:
    post = stored(commands, author=ada, mentions=[ada], anything=ada)
    ada.delete()
    for name in ("author", "anything"):
        with pytest.raises(DoesNotExist) as caught:
            getattr(post, name)
        assert str(caught.value) == (
            f"Trying to dereference unknown document DBRef('read_user', {ada.id!r}), "
            f"which ReadPost.{name} refers to"
        )


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("users", lambda ada, ida: [ada, ida, ada]),
        ("by_role", lambda ada, ida: {"a": ada, "i": ida}),
        ("nested", lambda ada, ida: [[ada], [ida, ada]]),
        ("mentions", lambda ada, ida: [ada, ida]),
        ("items", lambda ada, ida: [1, ada, {"deep": [ida]}]),
        ("data", lambda ada, ida: {"n": 1, "who": ada, "all": [ida, {"a": ada}]}),
    ],
)
def test_a_container_is_loaded_by_one_query(
    commands: CommandLog, ada: ReadUser, ida: ReadUser, name: str, shape: Any
) -> None:
    values = shape(ada, ida)
    post = stored(commands, **{name: values})

    container = getattr(post, name)

    assert container == values
    assert isinstance(container, (BaseList, BaseDict))
    assert container._dereferenced
    assert getattr(post, name) is container
    assert commands.names == ["find"]
    assert post._get_changed_fields() == []
    assert {**post._delta()[0]} == {}


def test_a_generic_list_takes_one_query_per_class(commands: CommandLog, ada: ReadUser) -> None:
    tags = [ReadTag(number=number).save() for number in range(3)]
    post = stored(commands, mentions=[ada, *tags])
    assert post.mentions == [ada, *tags]
    assert commands.names == ["find", "find"]


def test_embedded_documents_get_their_references_by_one_query(
    commands: CommandLog, ada: ReadUser, ida: ReadUser
) -> None:
    post = stored(commands, notes=[ReadNote(user=ada, readers=[ida]), ReadNote(user=ida)])

    notes = post.notes
    assert isinstance(notes, EmbeddedDocumentList)
    assert [note.user.name for note in notes] == ["Ada", "Ida"]
    assert commands.names == ["find"]

    assert notes[0].readers == [ida]
    assert commands.names == ["find", "find"]


def test_lists_that_cannot_hold_references_are_not_searched(commands: CommandLog) -> None:
    post = stored(commands, words=["a"], items=[1, {"a": ["b"]}], data={"a": 1})
    assert (post.words, post.items, post.data) == (["a"], [1, {"a": ["b"]}], {"a": 1})
    assert post.words._dereferenced
    assert commands.names == []


def test_missing_items_stay_references_and_are_asked_for_once(
    commands: CommandLog, ada: ReadUser, ida: ReadUser
) -> None:
    post = stored(commands, users=[ada, ida])
    ida.delete()
    commands.clear()

    assert post.users == [ada, DBRef("read_user", ida.id)]
    assert post.users == [ada, DBRef("read_user", ida.id)]
    assert commands.names == ["find"]


def test_keys_assigned_to_a_list_are_loaded_and_those_appended_later_are_not(
    commands: CommandLog, ada: ReadUser
) -> None:
    post = ReadPost(users=[ada.id])
    assert post.users == [ada]
    assert isinstance(post.users[0], ReadUser)
    post.users = [ada.id, None]
    assert [type(user) for user in post.users] == [ReadUser, type(None)]
    post.users.append(ada.to_dbref())
    assert [type(user) for user in post.users] == [ReadUser, type(None), DBRef]
    commands.clear()
    assert len(post.users) == 3
    assert commands.names == []


def test_an_empty_list_asks_nothing(commands: CommandLog) -> None:
    post = stored(commands)
    assert (post.users, post.mentions, post.data) == ([], [], {})
    assert commands.names == []


def test_bare_references_find_their_class_by_the_collection(commands: CommandLog) -> None:
    tag = ReadTag(number=7).save()
    elsewhere = DBRef("nobodys_collection", ObjectId())
    post = stored(commands, data={"tag": DBRef("named_by_hand", 7), "elsewhere": elsewhere})
    assert post.data == {"tag": tag, "elsewhere": elsewhere}
    assert commands.names == ["find"]


def test_a_class_that_is_gone_is_reported(commands: CommandLog) -> None:
    gone = {"_cls": "NoSuchReadClass", "_ref": DBRef("gone", 1)}
    ReadPost._get_collection().insert_one({"mentions": [gone]})
    post = ReadPost.objects.get()
    with pytest.raises(NotRegistered, match="NoSuchReadClass"):
        post.mentions  # noqa: B018


def test_dereferencing_switched_off_gives_what_is_stored(
    commands: CommandLog, ada: ReadUser
) -> None:
    values = {"author": ada, "users": [ada], "data": {"a": ada}, "anything": ada}
    post = stored(commands, **values)
    with no_dereferencing((ReadPost.author,)):
        assert type(post.author) is DBRef
        assert type(post.users[0]) is DBRef
        assert isinstance(post.data["a"], dict)
        assert type(post.anything) is dict
    raw = ReadPost.objects.no_dereference().get()
    assert type(raw.users[0]) is type(raw.author) is DBRef
    commands.clear()
    assert (post.author, post.users, post.data, post.anything) == (ada, [ada], {"a": ada}, ada)
    assert commands.names == ["find"] * 4


def test_a_lazy_reference_passes_through_by_loading(commands: CommandLog, ada: ReadUser) -> None:
    post = stored(commands, through=ada)
    assert post.through.pk == ada.id
    assert not hasattr(post.through, "_private")
    assert commands.names == []
    assert (post.through.name, post.through["name"]) == ("Ada", "Ada")
    assert commands.names == ["find"]


# Overriding


class CountingField(ReferenceField):  # type: ignore[type-arg]
    """Loads by a way of its own."""

    loaded: list[DBRef] = []

    @staticmethod
    def _lazy_load_ref(ref_cls: Any, dbref: DBRef) -> Any:
        CountingField.loaded.append(dbref)
        return ReferenceField._lazy_load_ref(ref_cls, dbref)


class ReversingList(ListField):  # type: ignore[type-arg]
    """Gives its items in another order."""

    @staticmethod
    def _lazy_load_refs(instance: Any, name: str, ref_values: Any, *, max_depth: int) -> Any:
        items = ListField._lazy_load_refs(instance, name, ref_values, max_depth=max_depth)
        found = BaseList(reversed(items), instance, name)
        found._dereferenced = True
        return found


class ReadOverridden(Document):
    meta = {"db_alias": ALIAS}

    user = CountingField(ReadUser)
    users = ReversingList(ReferenceField(ReadUser))


def test_fields_can_load_by_ways_of_their_own(ada: ReadUser, ida: ReadUser) -> None:
    ReadOverridden(user=ada, users=[ada, ida]).save()
    found = ReadOverridden.objects.get()
    CountingField.loaded.clear()

    assert (found.user, found.user) == (ada, ada)
    assert CountingField.loaded == [ada.to_dbref()]
    assert found.users == [ida, ada]
    assert found.users[0].name == "Ida"


class CachingDeReference(DeReference):
    """Takes documents from elsewhere."""

    def __init__(self, *documents: Any) -> None:
        self.documents = {("read_user", document.pk): document for document in documents}

    def _fetch_objects(self, doc_type: Any = None) -> Any:
        return self.documents


def test_the_steps_of_dereferencing_can_be_overridden(
    commands: CommandLog, ada: ReadUser, ida: ReadUser
) -> None:
    commands.clear()
    dereference = CachingDeReference(ada)
    items = [ada.to_dbref(), ida.to_dbref(), {"a": (ada.to_dbref(),)}]

    found = dereference(items)

    assert found[0] is ada
    assert found[1] == DBRef("read_user", ida.id)
    assert dereference.reference_map == {ReadUser: {ada.id, ida.id}}
    assert commands.names == []
    assert type(items[0]) is DBRef


def test_lists_tuples_dicts_querysets_and_documents_can_be_dereferenced(
    commands: CommandLog, ada: ReadUser, ida: ReadUser
) -> None:
    reference = ada.to_dbref()
    post = stored(commands, author=ada, users=[ida])
    dereference = DeReference()

    assert dereference([reference]) == [ada]
    assert dereference.object_map == {("read_user", ada.id): ada}
    found = dereference((reference, 1, [(reference,)]))
    assert found == [ada, 1, [[ada]]]
    assert all(isinstance(document, ReadUser) for document in (found[0], found[2][0][0]))
    assert dereference({"a": [reference], "b": {"_cls": "ReadUser", "_ref": reference}}) == {
        "a": [ada],
        "b": ada,
    }
    commands.clear()
    assert dereference(post) is post
    assert (post._data["author"], post._data["users"]) == (ada, [ida])
    assert commands.names == ["find"]
    (found,) = dereference(ReadPost.objects)
    assert found._data["author"].name == "Ada"


def test_a_field_says_what_bare_keys_refer_to(commands: CommandLog, ada: ReadUser) -> None:
    post = ReadPost()
    found = DeReference()([ada.id], 1, post, "users")
    assert found == [ada]
    assert isinstance(found, BaseList)
    assert (found._name, found._dereferenced) == ("users", True)
    commands.clear()
    assert DeReference()([ada], 1, post, "users") == [ada]
    assert commands.names == []


def test_a_depth_follows_what_was_loaded(commands: CommandLog, ada: ReadUser) -> None:
    post = ReadPost(author=ada, title="a").save()
    reference = post.to_dbref()

    assert type(DeReference()([reference])[0]._data["author"]) is DBRef
    commands.clear()
    assert DeReference()([reference], max_depth=2)[0]._data["author"].name == "Ada"
    assert commands.names == ["find", "find"]


def test_a_queryset_has_its_own_dereferencer() -> None:
    assert isinstance(ReadPost.objects._dereference, DeReference)
