"""References where reading cannot load them: proxies, and what they are to everything else."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from collections.abc import AsyncIterator
from typing import Any

import bson
import pytest
import pytest_asyncio
from bson import DBRef, ObjectId, json_util

from mongoengine.base.datastructures import AsyncReferenceProxy, LazyReference
from mongoengine.connection import connect, connect_async, disconnect, disconnect_async
from mongoengine.context_managers import async_run_in_transaction
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import DoesNotExist
from mongoengine.fields import (
    CachedReferenceField,
    DictField,
    DynamicField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    GenericReferenceField,
    LazyReferenceField,
    ListField,
    MapField,
    ReferenceField,
    StringField,
)
from mongoengine.pymongo_support import LEGACY_JSON_OPTIONS
from tests.async_only.cancelling import CancelledAt
from tests.commands import CommandLog

ALIAS = "reference_proxies"
DATABASE = "reference_proxy_tests"


class ProxyUser(Document):
    meta = {"db_alias": ALIAS}

    name = StringField()
    boss = ReferenceField("self")


class ProxyThing(Document):
    meta = {"db_alias": ALIAS, "abstract": True}

    name = StringField()


class ProxyChair(ProxyThing):
    pass


class ProxyNote(EmbeddedDocument):
    user = ReferenceField(ProxyUser)
    readers = ListField(ReferenceField(ProxyUser))


class ProxyPost(Document):
    meta = {"db_alias": ALIAS}

    title = StringField()
    author = ReferenceField(ProxyUser, db_field="a")
    by_dbref = ReferenceField(ProxyUser, dbref=True)
    thing = ReferenceField(ProxyThing)
    about = GenericReferenceField(choices=[ProxyUser])
    cached = CachedReferenceField(ProxyUser, fields=["name"])
    anything = DynamicField()
    lazy = LazyReferenceField(ProxyUser, passthrough=True)
    users = ListField(ReferenceField(ProxyUser))
    nested = ListField(ListField(ReferenceField(ProxyUser)))
    by_role = MapField(ReferenceField(ProxyUser))
    mentions = ListField(GenericReferenceField())
    note = EmbeddedDocumentField(ProxyNote)
    notes = EmbeddedDocumentListField(ProxyNote)
    items = ListField()
    data = DictField()


@pytest.fixture
def commands() -> CommandLog:
    return CommandLog()


@pytest.fixture
def settings(mongodb_uri: str, commands: CommandLog) -> dict[str, Any]:
    return {
        "db": DATABASE,
        "alias": ALIAS,
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        "appname": "reference proxies",
        "event_listeners": [commands],
    }


@pytest_asyncio.fixture(autouse=True)
async def connection(settings: dict[str, Any]) -> AsyncIterator[Any]:
    """The alias, open for async calls only."""
    client = await connect_async(**settings)
    yield client
    client = await connect_async(**settings)  # a test may have closed the first one
    await client.drop_database(DATABASE)
    await disconnect_async(ALIAS)


@pytest_asyncio.fixture
async def ada() -> ProxyUser:
    boss = await ProxyUser(name="Boss").async_save()
    user: ProxyUser = await ProxyUser(name="Ada", boss=boss).async_save()
    return user


@pytest_asyncio.fixture
async def post(ada: ProxyUser, commands: CommandLog) -> ProxyPost:
    """A post with a reference in every field, fresh from the server."""
    chair = await ProxyChair(name="Oak").async_save()
    await ProxyPost(
        title="a",
        author=ada,
        by_dbref=ada,
        thing=chair,
        about=ada,
        cached=ada,
        anything=ada,
        lazy=ada,
        users=[ada, ada.boss],
        nested=[[ada], [ada]],
        by_role={"editor": ada},
        mentions=[ada, chair],
        note=ProxyNote(user=ada, readers=[ada]),
        notes=[ProxyNote(user=ada, readers=[ada])],
        items=[ada, {"deep": [ada]}],
        data={"who": ada},
    ).async_save()
    found: ProxyPost = await ProxyPost.objects.async_get()
    commands.clear()
    return found


SINGLE = ["author", "by_dbref", "about", "cached", "anything"]


def every_proxy(post: Any) -> dict[str, Any]:
    """Return all proxies reading a post gives, by place."""
    found = {name: getattr(post, name) for name in [*SINGLE, "thing"]}
    found.update({f"users.{place}": user for place, user in enumerate(post.users)})
    found["nested"] = post.nested[1][0]
    found["by_role"] = post.by_role["editor"]
    found.update({f"mentions.{place}": user for place, user in enumerate(post.mentions)})
    found["note.user"] = post.note.user
    found["note.readers"] = post.note.readers[0]
    found["notes.user"] = post.notes[0].user
    found["notes.readers"] = post.notes[0].readers[0]
    found["items"] = post.items[0]
    found["items.deep"] = post.items[1]["deep"][0]
    found["data"] = post.data["who"]
    return found


# Reading


async def test_every_reference_reads_as_a_proxy_without_asking_the_server(
    post: ProxyPost, ada: ProxyUser, commands: CommandLog
) -> None:
    proxies = every_proxy(post)

    assert len(proxies) == 19
    for place, proxy in proxies.items():
        assert type(proxy) is AsyncReferenceProxy, place
        chair = place in ("thing", "mentions.1")
        assert proxy.document_type is (ProxyChair if chair else ProxyUser)
        assert proxy.collection == ("proxy_chair" if chair else "proxy_user")
        assert isinstance(proxy.id, ObjectId)
        assert proxy.pk == proxy.id
    assert proxies["author"].id == ada.id
    assert commands.names == []


async def test_a_field_without_reference_reads_as_none() -> None:
    post = await ProxyPost().async_save()
    assert (post.author, post.about, post.cached, post.users) == (None, None, None, [])


async def test_a_proxy_equals_every_form_of_the_reference(post: ProxyPost, ada: ProxyUser) -> None:
    proxy, reference = post.author, DBRef("proxy_user", ada.id)

    for other in (reference, LazyReference(ProxyUser, ada.id), ada, post.users[0]):
        assert proxy == other
        assert other == proxy
        assert (proxy != other) is False
    assert proxy != DBRef("proxy_user", ObjectId())
    assert proxy != ada.boss
    assert hash(proxy) == hash(reference)
    assert {reference: 1}[proxy] == 1
    assert ada in post.users
    assert proxy in [ada]
    assert post.users == [ada, ada.boss]


async def test_repr_and_str_say_what_was_not_loaded(
    post: ProxyPost, ada: ProxyUser, commands: CommandLog
) -> None:
    text = f"<AsyncReferenceProxy: ProxyUser {ada.id!r}, not loaded>"
    assert repr(post.author) == str(post.author) == text
    assert text in repr(post.users)
    assert bool(post.author) is True
    assert commands.names == []


# Loading


@pytest.mark.parametrize("way", ["async_fetch", "fetch", "await"])
async def test_there_are_three_ways_to_load(
    post: ProxyPost, commands: CommandLog, way: str
) -> None:
    proxy = post.author

    found = await (proxy if way == "await" else getattr(proxy, way)())

    assert (type(found), found.name) == (ProxyUser, "Ada")
    assert post.author is found
    assert commands.names == ["find"]
    assert await proxy is found
    assert await post.author.async_fetch() is found
    assert commands.names == ["find"]


async def test_loading_from_any_place_keeps_the_document_there(
    post: ProxyPost, commands: CommandLog
) -> None:
    for place, proxy in every_proxy(post).items():
        found = await proxy.async_fetch()
        assert found == proxy, place

    for place, document in every_proxy(post).items():
        assert isinstance(document, Document), place
    assert commands.names == ["find"] * 19
    assert post._get_changed_fields() == []


async def test_loaded_documents_are_followed_the_same_way(post: ProxyPost) -> None:
    author = await post.author
    assert type(author.boss) is AsyncReferenceProxy
    assert (await author.boss).name == "Boss"
    assert author.boss.name == "Boss"


async def test_a_list_is_loaded_item_by_item_while_it_is_iterated(post: ProxyPost) -> None:
    assert [(await user).name for user in post.users] == ["Ada", "Boss"]
    assert [user.name for user in post.users] == ["Ada", "Boss"]


async def test_tasks_that_load_at_once_get_the_same_document(post: ProxyPost) -> None:
    one, two = post.author, post.author
    found = await asyncio.gather(*(proxy.async_fetch() for proxy in (one, two, one)))
    assert all(document is post.author for document in found)


async def test_the_first_read_of_a_cached_reference_is_awaited_and_not_its_copy(
    post: ProxyPost, ada: ProxyUser, commands: CommandLog
) -> None:
    collection = await ProxyUser._async_get_collection()
    await collection.update_one({"_id": ada.id}, {"$set": {"name": "Eve"}})
    commands.clear()

    loaded = await post.cached

    assert loaded.name == "Eve"
    assert post.cached is loaded
    assert commands.only("find")["find"] == "proxy_user"
    assert post._get_changed_fields() == []


@pytest.mark.parametrize("late", [False, True])
async def test_a_proxy_whose_loading_was_cancelled_can_be_loaded_again(
    post: ProxyPost, ada: ProxyUser, late: bool
) -> None:
    for place, proxy in every_proxy(post).items():

        async def load(proxy: Any = proxy) -> Any:
            return await proxy

        async def cancelled(load: Any = load) -> Any:
            return await CancelledAt(load(), 1, late=late)

        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(cancelled())
        assert type(every_proxy(post)[place]) is AsyncReferenceProxy, place
        assert every_proxy(post)[place] == proxy, place
        assert (await proxy).name in ("Ada", "Boss", "Oak"), place
        assert every_proxy(post)[place] is await proxy, place
    assert post._get_changed_fields() == []


async def test_awaiting_in_a_transaction_finds_what_the_transaction_has_written(
    post: ProxyPost, commands: CommandLog
) -> None:
    async with async_run_in_transaction(ALIAS):
        eve = await ProxyUser(name="Eve").async_save()
        await ProxyPost(
            title="in",
            author=eve,
            cached=eve,
            about=eve,
            anything=eve,
            users=[eve],
            mentions=[eve],
            notes=[ProxyNote(user=eve, readers=[eve])],
        ).async_save()
        found = await ProxyPost.objects.async_get(title="in")
        commands.clear()

        loaded = [
            await found.author,
            await found.cached,
            await found.about,
            await found.anything,
            await found.users[0],
            await found.mentions[0],
            await found.notes[0].user,
            await found.notes[0].readers[0],
        ]

        assert [user.name for user in loaded] == ["Eve"] * len(loaded)
        finds = commands.of("find")
        assert len(finds) == len(loaded)
        assert all("lsid" in find and find["autocommit"] is False for find in finds)


async def test_what_was_assigned_meanwhile_is_kept(post: ProxyPost, ada: ProxyUser) -> None:
    proxy, item = post.author, post.users[0]
    post.author = ada.boss
    post.users = []

    assert (await proxy).name == (await item).name == "Ada"

    assert post.author is ada.boss
    assert post.users == []


async def test_a_list_that_was_changed_meanwhile_gets_its_document_in_the_right_place(
    post: ProxyPost,
) -> None:
    item = post.users[1]
    post.users.insert(0, item)
    post.users.pop(1)

    await item

    assert [type(user) for user in post.users] == [ProxyUser, ProxyUser]


async def test_a_proxy_outlives_its_owner(post: ProxyPost) -> None:
    proxy, item = post.author, post.users[0]
    del post
    assert (await proxy).name == (await item).name == "Ada"


@pytest.mark.parametrize("name", SINGLE)
async def test_a_missing_document_names_owner_field_and_key(
    post: ProxyPost, ada: ProxyUser, name: str
) -> None:
    await ada.async_delete()
    with pytest.raises(DoesNotExist) as caught:
        await getattr(post, name)
    assert str(caught.value) == (
        f"Trying to dereference unknown document DBRef('proxy_user', {ada.id!r}), "
        f"which ProxyPost.{name} refers to"
    )


async def test_a_missing_item_names_the_list_and_the_place(post: ProxyPost, ada: ProxyUser) -> None:
    await ada.async_delete()
    with pytest.raises(DoesNotExist, match=r"which ProxyPost\.users\[0\] refers to$"):
        await post.users[0]
    with pytest.raises(
        DoesNotExist, match=r"which ProxyPost\.items\[1\]\['deep'\]\[0\] refers to$"
    ):
        await post.items[1]["deep"][0]
    with pytest.raises(DoesNotExist, match=r"which ProxyNote\.user refers to$"):
        await post.note.user


async def test_a_document_fetches_itself(ada: ProxyUser, commands: CommandLog) -> None:
    commands.clear()
    assert await ada.async_fetch() is ada
    assert commands.names == []


async def test_levels_are_loaded_at_once(post: ProxyPost, commands: CommandLog) -> None:
    assert len(every_proxy(post)) == 19

    await post.async_select_related()

    assert all(isinstance(found, Document) for found in every_proxy(post).values())
    assert sorted(find["find"] for find in commands.of("find")) == ["proxy_chair", "proxy_user"]


async def test_the_field_loads_for_a_document(post: ProxyPost, commands: CommandLog) -> None:
    found = await ProxyPost.author.async_fetch(post)
    assert post.author is found
    assert await ProxyPost.author.async_fetch(post) is found
    assert commands.names == ["find"]


# What a proxy has not


async def test_any_other_attribute_says_how_to_load(post: ProxyPost, ada: ProxyUser) -> None:
    with pytest.raises(AttributeError) as caught:
        post.author.name  # noqa: B018
    assert str(caught.value) == (
        f"ProxyPost.author refers to the ProxyUser {ada.id!r}, which has not been loaded, so it "
        "has no 'name' yet: await author.async_fetch(), or load it with the query: "
        'ProxyPost.objects.prefetch("author")'
    )
    with pytest.raises(
        AttributeError, match=r"^ProxyPost\.users\[0\] refers to .*prefetch\(\"users\""
    ):
        post.users[0].save()
    with pytest.raises(AttributeError, match=r"await by_role\['editor'\]\.async_fetch\(\), or"):
        post.by_role["editor"].name  # noqa: B018
    with pytest.raises(AttributeError, match=r"with the path to the ProxyNote$"):
        post.note.user.name  # noqa: B018
    assert not hasattr(post.author, "name")
    with pytest.raises(TypeError):
        post.author["name"]


async def test_attributes_of_a_proxy_cannot_be_set(post: ProxyPost) -> None:
    with pytest.raises(AttributeError, match=r"has no 'name' yet: await author\.async_fetch\(\)"):
        post.author.name = "lost"


async def test_a_lazy_reference_passes_through_once_it_is_loaded(
    post: ProxyPost, commands: CommandLog
) -> None:
    assert type(post.lazy) is LazyReference
    with pytest.raises(AttributeError, match=r"await its async_fetch\(\) first"):
        post.lazy.name  # noqa: B018
    with pytest.raises(KeyError, match=r"await its async_fetch\(\) first"):
        post.lazy["name"]
    assert commands.names == []

    await post.lazy.async_fetch()
    assert post.lazy.name == "Ada"


# Saving and copying


async def test_nothing_but_loading_asks_the_server(
    post: ProxyPost, ada: ProxyUser, commands: CommandLog
) -> None:
    stored = post.to_mongo()
    every_proxy(post)

    assert post.to_mongo() == stored
    assert json.loads(post.to_json(json_options=LEGACY_JSON_OPTIONS))["a"] == {"$oid": str(ada.id)}
    post.validate()
    assert post._delta() == ({}, {})
    assert post == copy.copy(post) == copy.deepcopy(post) == pickle.loads(pickle.dumps(post))
    assert pickle.loads(pickle.dumps(post)).to_mongo() == stored
    assert copy.deepcopy(post).to_mongo() == stored
    assert str(post) == "ProxyPost object"
    for name in ProxyPost._fields:
        post._mark_as_changed(name)
    assert {**post._delta()[0], "_id": post.id} == stored
    assert commands.names == []


async def test_a_document_with_proxies_is_saved_as_it_was(post: ProxyPost, connection: Any) -> None:
    before = await connection[DATABASE]["proxy_post"].find_one()
    every_proxy(post)
    for name in ProxyPost._fields:
        if name != "id":
            post._mark_as_changed(name)

    await post.async_save()

    assert await connection[DATABASE]["proxy_post"].find_one() == before


async def test_a_copy_of_a_proxy_is_a_proxy_and_a_pickle_the_reference(post: ProxyPost) -> None:
    for proxy in (post.author, post.users[0], post.thing):
        for copied in (copy.copy(proxy), copy.deepcopy(proxy)):
            assert type(copied) is AsyncReferenceProxy
            assert copied == proxy
        pickled = pickle.loads(pickle.dumps(proxy))
        assert (type(pickled), pickled) == (DBRef, proxy)
    detached = copy.copy(post.author)
    assert (await detached).name == "Ada"
    assert type(post.author) is AsyncReferenceProxy


async def test_a_proxy_can_be_encoded(post: ProxyPost) -> None:
    plain = DBRef("proxy_user", post.author.id)
    assert bson.decode(bson.encode({"r": post.author})) == {"r": plain}
    assert json_util.loads(json_util.dumps(post.users[0])) == plain


async def test_a_proxy_can_be_assigned_where_a_document_can(
    post: ProxyPost, connection: Any, commands: CommandLog
) -> None:
    thing = post.thing
    for proxy in (post.author, post.about, post.users[0], post.mentions[0], post.data["who"]):
        other = ProxyPost(author=proxy, by_dbref=proxy, about=proxy, lazy=proxy, thing=thing)
        other.users, other.mentions, other.by_role = [proxy], [proxy], {"a": proxy}
        other.anything, other.items, other.data = proxy, [proxy], {"a": [proxy]}
        assert type(other.author) is type(other.about) is AsyncReferenceProxy
        commands.clear()
        await other.async_save()
        assert "find" not in commands.names

        raw = await connection[DATABASE]["proxy_post"].find_one({"_id": other.id})
        plain = DBRef("proxy_user", proxy.id)
        generic = {"_cls": "ProxyUser", "_ref": plain}
        assert (raw["a"], raw["by_dbref"], raw["lazy"]) == (proxy.id, plain, proxy.id)
        assert raw["thing"] == DBRef("proxy_chair", thing.id, cls="ProxyChair")
        assert (raw["about"], raw["mentions"]) == (generic, [generic])
        assert (raw["users"], raw["by_role"]) == ([proxy.id], {"a": proxy.id})

        found = await ProxyPost.objects(pk=other.pk).async_get()
        await found.async_select_related()
        assert found.anything.name == found.items[0].name == found.data["a"][0].name == "Ada"
        assert found.thing.name == "Oak"


async def test_assigning_a_loaded_proxy_assigns_the_document(post: ProxyPost) -> None:
    proxy = post.author
    author = await proxy
    other = ProxyPost(title="b")
    other.author = proxy
    assert other.author is author


async def test_proxies_can_be_queried_by(post: ProxyPost) -> None:
    for query in (
        {"author": post.author},
        {"by_dbref": post.by_dbref},
        {"about": post.about},
        {"users": post.users[1]},
        {"users__in": list(post.users)},
        {"author__in": [post.author]},
        {"lazy": post.author},
        {"mentions": post.mentions[0]},
        {"cached": post.cached},
    ):
        assert await ProxyPost.objects(**query).async_get() == post, query


async def test_switching_dereferencing_off_gives_what_is_stored(post: ProxyPost) -> None:
    raw = await ProxyPost.objects.no_dereference().async_get()
    assert type(raw.author) is DBRef
    assert {type(user) for user in raw.users} == {DBRef}
    assert type(raw.about) is dict
    assert type(raw.note.user) is DBRef


# Both colours


async def test_on_an_alias_of_both_colours_a_loop_gets_proxies_and_a_thread_documents(
    post: ProxyPost, settings: dict[str, Any]
) -> None:
    connect(**settings)
    try:
        assert type(post.author) is AsyncReferenceProxy
        assert {type(user) for user in post.users} == {AsyncReferenceProxy}
        every_proxy(post)

        names = await asyncio.to_thread(lambda: [post.author.name, *(u.name for u in post.users)])

        assert names == ["Ada", "Ada", "Boss"]
        assert post.author.name == "Ada"
        found = await asyncio.to_thread(lambda: every_proxy(ProxyPost.objects.get()))
        assert all(isinstance(document, Document) for document in found.values())
    finally:
        disconnect(ALIAS)


async def test_on_a_sync_alias_a_running_loop_loads_as_ever(
    post: ProxyPost, settings: dict[str, Any]
) -> None:
    await disconnect_async(ALIAS)
    connect(**settings)
    try:
        found = every_proxy(ProxyPost.objects.get())
        assert all(isinstance(document, Document) for document in found.values())
        assert ProxyPost.objects.get().lazy.name == "Ada"
    finally:
        disconnect(ALIAS)
        await connect_async(**settings)


async def test_without_a_loop_an_async_alias_gives_proxies(post: ProxyPost) -> None:
    assert type(await asyncio.to_thread(lambda: post.author)) is AsyncReferenceProxy
