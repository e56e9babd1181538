"""The books on connections: colours, sharing, errors. Client classes that need no server."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import pickle
import threading
import warnings
import weakref
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pymongo
import pytest
from pymongo.errors import ConfigurationError

import mongoengine.connection as connection
from mongoengine import mongodb_support, pymongo_support
from mongoengine.async_utils import (
    ensure_async_connection,
    ensure_sync_connection,
    get_async_collection,
)
from mongoengine.base.common import _document_registry
from mongoengine.connection import (
    ConnectionFailure,
    ConnectionType,
    connect,
    connect_async,
    disconnect,
    disconnect_all,
    disconnect_all_async,
    disconnect_async,
    get_async_connection,
    get_async_db,
    get_connection,
    get_connection_type,
    get_db,
    is_async_connection,
    register_connection,
)
from mongoengine.state import clients, loops, naming, registry
from mongoengine.state.context import ContextValue


class FakeClient:
    """What a client class must offer, without a server; it remembers how it was made."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.closed = False

    def __getitem__(self, name: str) -> FakeDatabase:
        return FakeDatabase(self, name)

    def close(self) -> None:
        self.closed = True


class FakeAsyncClient(FakeClient):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.was_closed = asyncio.Event()

    async def close(self) -> None:  # type: ignore[override]
        self.closed = True
        self.was_closed.set()


class FakeDatabase:
    def __init__(self, client: FakeClient, name: str) -> None:
        self.client = client
        self.name = name

    def __getitem__(self, name: str) -> str:
        return f"{self.name}.{name}"


FAKES: dict[str, Any] = {
    "mongo_client_class": FakeClient,
    "async_mongo_client_class": FakeAsyncClient,
    "uuidRepresentation": "standard",
}


@pytest.fixture(autouse=True)
def fresh_books() -> Iterator[None]:
    kept = connection._connections, connection._dbs, connection._connection_settings
    connection._connections = {}
    connection._dbs = {}
    connection._connection_settings = {}
    yield
    connection._connections, connection._dbs, connection._connection_settings = kept


# -- opening ---------------------------------------------------------------------------------


def test_registering_opens_nothing() -> None:
    register_connection("a", "shop", **FAKES)

    assert connection._connections == {}
    assert connection._connection_settings["a"]["name"] == "shop"
    assert get_connection_type("a") is ConnectionType.NONE
    assert not get_connection_type("a")


def test_connecting_opens_the_sync_client_with_its_settings() -> None:
    client = connect("shop", **FAKES, maxPoolSize=3)

    assert type(client) is FakeClient
    assert client.options["maxPoolSize"] == 3
    assert get_connection() is client
    assert get_db().name == "shop"
    assert get_connection_type() is ConnectionType.SYNC
    assert not is_async_connection()


def test_get_db_keeps_the_database_in_the_book() -> None:
    connect("shop", **FAKES)

    database = get_db()

    assert connection._dbs == {"default": database}
    assert get_db() is database


async def test_an_async_database_is_kept_while_client_and_name_stay_the_same() -> None:
    await connect_async("shop", alias="a", **FAKES)
    database = get_async_db("a")
    assert get_async_db("a") is database

    connection._connection_settings["a"]["name"] = "bank"
    assert get_async_db("a").name == "bank"

    await disconnect_async("a")
    await connect_async("shop", alias="a", **FAKES)
    assert get_async_db("a").client is get_async_connection("a") is not database.client


def test_the_classes_of_the_driver_are_looked_up_when_a_client_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pymongo, "MongoClient", FakeClient)
    monkeypatch.setattr(pymongo, "AsyncMongoClient", FakeAsyncClient)

    assert type(connect(alias="a", uuidRepresentation="standard")) is FakeClient
    made = asyncio.run(connect_async(alias="a", uuidRepresentation="standard"))
    assert type(made) is FakeAsyncClient


def test_connecting_twice_with_equal_settings_gives_the_same_client() -> None:
    assert connect("shop", **FAKES) is connect("shop", **FAKES)


def test_connecting_with_other_settings_is_refused_until_disconnected() -> None:
    connect("shop", alias="a", **FAKES)

    with pytest.raises(ConnectionFailure) as caught:
        connect("bank", alias="a", **FAKES)
    assert str(caught.value) == (
        "A different connection with alias `a` was already registered. Use disconnect() first"
    )

    disconnect("a")
    assert connect("bank", alias="a", **FAKES)["x"] is not None


def test_connecting_replaces_what_is_merely_registered() -> None:
    register_connection("a", "shop", **FAKES)

    connect("bank", alias="a", **FAKES)

    assert get_db("a").name == "bank"


def test_a_client_whose_settings_vanished_counts_as_different() -> None:
    connect("shop", **FAKES)
    connection._connection_settings.clear()

    with pytest.raises(ConnectionFailure, match="A different connection"):
        connect("shop", **FAKES)
    with pytest.raises(ConnectionFailure, match="You have not defined a default connection"):
        get_db()


def test_undefined_aliases_are_reported_in_upstreams_words() -> None:
    with pytest.raises(ConnectionFailure) as caught:
        get_connection()
    assert str(caught.value) == "You have not defined a default connection"
    with pytest.raises(ConnectionFailure) as caught:
        get_db("a")
    assert str(caught.value) == 'Connection with alias "a" has not been defined'


def test_whatever_the_client_class_raises_is_a_connection_failure() -> None:
    with pytest.raises(ConnectionFailure) as caught:
        connect("shop", alias="a", bogus=1, uuidRepresentation="standard")

    assert str(caught.value).startswith("Cannot connect to database a :\nUnknown option: bogus")
    assert isinstance(caught.value.__cause__, ConfigurationError)
    assert "a" in connection._connection_settings
    assert connection._connections == {}


def test_a_connection_failure_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(ConnectionFailure("no")))

    assert type(error) is connection.ConnectionFailure
    assert error.args == ("no",)
    assert ConnectionFailure.__mro__[1] is Exception


def test_each_colour_gets_its_class_and_the_same_options() -> None:
    given = {
        **FAKES,
        "username": "u",
        "password": "p",
        "authentication_source": "admin",
        "authentication_mechanism": "GSSAPI",
        "authmechanismproperties": {"SERVICE_NAME": "x"},
        "replicaSet": "s0",
        "tz_aware": True,
        "read_preference": pymongo.ReadPreference.NEAREST,
        "host": ["one", "two:27018"],
        "port": 27000,
    }

    async def options_in_both() -> tuple[dict[str, Any], dict[str, Any]]:
        made = await connect_async("shop", **given)
        assert type(made) is FakeAsyncClient
        return connect("shop", **given).options, made.options

    sync_options, async_options = asyncio.run(options_in_both())

    assert sync_options == async_options
    assert sync_options["authSource"] == "admin"
    assert sync_options["host"] == ["one", "two:27018"]
    assert sync_options["tz_aware"] is True
    assert sync_options["driver"].name == "MongoEngine"


def test_real_clients_of_both_colours_take_the_settings() -> None:
    given = {
        "host": "mongodb://h.invalid/shop?authSource=admin&uuidRepresentation=standard",
        "username": "u",
        "password": "p",
        "authentication_mechanism": "SCRAM-SHA-256",
        "replicaSet": "s0",
        "tz_aware": True,
        "read_preference": pymongo.ReadPreference.NEAREST,
        "connect": False,
    }

    async def both() -> list[Any]:
        made = [await connect_async(**given), connect(**given)]
        await disconnect_async()
        disconnect()
        return made

    for client in asyncio.run(both()):
        credentials = client.options.pool_options._credentials
        assert client.options.replica_set_name == "s0"
        assert client.codec_options.tz_aware is True
        assert client.codec_options.uuid_representation == 4
        assert client.read_preference == pymongo.ReadPreference.NEAREST
        assert (credentials.source, credentials.username) == ("admin", "u")
        assert credentials.mechanism == "SCRAM-SHA-256"
        assert "MongoEngine" in client.options.pool_options.metadata["driver"]["name"]


# -- sharing -------------------------------------------------------------------------------


def test_aliases_that_differ_in_the_database_only_share_a_client() -> None:
    one, two = connect("one", alias="a", **FAKES), connect("two", alias="b", **FAKES)

    assert one is two
    assert connect("one", alias="c", maxPoolSize=3, **FAKES) is not one


def test_a_shared_client_is_closed_with_the_last_of_its_aliases() -> None:
    client = connect("one", alias="a", **FAKES)
    connect("two", alias="b", **FAKES)

    disconnect("a")
    assert not client.closed

    disconnect("b")
    assert client.closed


async def test_async_aliases_of_one_loop_share_a_client_until_the_last_is_closed() -> None:
    client = await connect_async("one", alias="a", **FAKES)

    assert await connect_async("two", alias="b", **FAKES) is client
    await disconnect_async("a")
    assert not client.closed
    await disconnect_async("b")
    assert client.closed


def test_one_client_is_made_however_many_threads_ask_for_it() -> None:
    made = []
    all_here = threading.Barrier(8)

    class SlowClient(FakeClient):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            made.append(self)
            # Lets the other threads come as far as they can.
            threading.Event().wait(0.05)

    register_connection("a", "shop", **{**FAKES, "mongo_client_class": SlowClient})
    got: list[Any] = []

    def ask() -> None:
        all_here.wait()
        got.append(get_connection("a"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
    assert got == made * 8


# -- closing -------------------------------------------------------------------------------


def test_disconnecting_forgets_client_database_and_settings() -> None:
    client = connect("shop", **FAKES)
    get_db()

    disconnect()

    assert client.closed
    assert connection._connections == {}
    assert connection._dbs == {}
    assert connection._connection_settings == {}


def test_disconnecting_an_unknown_alias_does_nothing() -> None:
    disconnect("a")
    asyncio.run(disconnect_async("a"))

    assert connection._connection_settings == {}


def test_disconnecting_a_registered_alias_forgets_its_settings() -> None:
    register_connection("a", **FAKES)
    register_connection("b", **FAKES)

    disconnect("a")
    asyncio.run(disconnect_async("b"))

    assert connection._connection_settings == {}


def test_disconnect_all_leaves_what_was_never_opened() -> None:
    register_connection("a", **FAKES)
    one, two = connect("one", alias="b", **FAKES), connect("two", alias="c", x=1, **FAKES)

    disconnect_all()

    assert one.closed
    assert two.closed
    assert set(connection._connection_settings) == {"a"}


async def test_disconnect_all_async_closes_the_async_aliases_only() -> None:
    made = await connect_async("one", alias="a", **FAKES)
    also = await connect_async("two", alias="b", x=1, **FAKES)
    other = connect("three", alias="c", **FAKES)

    await disconnect_all_async()

    assert made.closed
    assert also.closed
    assert not other.closed
    assert set(connection._connection_settings) == {"c"}


def test_disconnecting_detaches_the_documents_of_the_alias(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    detached = []

    def document(name: str, **meta: str) -> Any:
        namespace = {"_meta": meta, "_disconnect": classmethod(lambda cls: detached.append(name))}
        return type(name, (), namespace)

    embedded = type("Embedded", (), {"_meta": {"db_alias": "a"}})
    monkeypatch.setitem(_document_registry, "A", document("A", db_alias="a"))
    monkeypatch.setitem(_document_registry, "B", document("B", db_alias="b"))
    monkeypatch.setitem(_document_registry, "D", document("D"))
    monkeypatch.setitem(_document_registry, "Embedded", embedded)
    connect("one", alias="a", **FAKES)
    connect("one", **FAKES)

    disconnect("a")
    assert detached == ["A"]
    disconnect()
    assert detached == ["A", "D"]


def test_reconnecting_opens_a_new_client_with_the_same_settings() -> None:
    old = connect("shop", **FAKES)
    database = get_db()

    new = get_connection(reconnect=True)

    assert old.closed
    assert new is not old
    assert not new.closed
    assert get_db() is not database
    assert get_db(reconnect=True).client is get_connection() is not new


def test_reconnecting_an_undefined_alias_fails() -> None:
    with pytest.raises(ConnectionFailure, match='alias "a" has not been defined'):
        get_connection("a", reconnect=True)


# -- colours -------------------------------------------------------------------------------


async def test_an_alias_opened_in_both_colours_has_a_client_of_each() -> None:
    made = await connect_async("shop", **FAKES)
    assert get_connection_type() is ConnectionType.ASYNC
    assert get_connection() is made

    client = connect("shop", **FAKES)

    assert get_connection_type() == ConnectionType.SYNC | ConnectionType.ASYNC
    assert is_async_connection()
    assert get_connection() is client
    assert get_async_connection() is made
    assert get_db().client is client
    assert get_async_db().client is made


async def test_the_second_colour_needs_equal_settings() -> None:
    await connect_async("shop", alias="a", **FAKES)
    connect("shop", alias="b", **FAKES)

    with pytest.raises(ConnectionFailure, match="A different connection with alias `a`"):
        connect("bank", alias="a", **FAKES)
    with pytest.raises(ConnectionFailure, match="A different connection with alias `b`"):
        await connect_async("bank", alias="b", **FAKES)


async def test_closing_one_colour_leaves_the_other() -> None:
    made = await connect_async("shop", **FAKES)
    client = connect("shop", **FAKES)

    disconnect()
    assert client.closed
    assert get_connection_type() is ConnectionType.ASYNC
    assert get_connection() is made

    connect("shop", **FAKES)
    await disconnect_async()
    assert made.closed
    assert get_connection_type() is ConnectionType.SYNC

    disconnect()
    assert connection._connection_settings == {}


async def test_a_registered_alias_takes_the_colour_of_its_first_use() -> None:
    register_connection("a", **FAKES)
    register_connection("b", **FAKES)

    await clients.async_get_client("a", call="async_save")
    clients.get_client("b", call="save")

    assert get_connection_type("a") is ConnectionType.ASYNC
    assert get_connection_type("b") is ConnectionType.SYNC
    with pytest.raises(RuntimeError, match=r'"a" was opened by its first use, async_save\(\), so'):
        clients.get_client("a", call="save")


async def test_a_sync_call_on_an_async_alias_names_the_call_to_use() -> None:
    await connect_async("shop", **FAKES)

    with pytest.raises(RuntimeError) as caught:
        clients.get_client("default", call="save")

    assert str(caught.value) == (
        'Use async_save() with async connection: "default" was opened by connect_async(), so '
        "save() cannot run. To have both kinds of calls, also open the alias with connect() "
        "and the same settings."
    )


async def test_an_async_call_on_a_sync_alias_names_the_call_to_use() -> None:
    connect("shop", alias="a", **FAKES)

    with pytest.raises(RuntimeError) as caught:
        await clients.async_get_client("a", call="async_save")

    assert str(caught.value) == (
        'Use save() with sync connection: "a" was opened by connect(), so async_save() cannot '
        "run. To have both kinds of calls, also open the alias with await connect_async() and "
        "the same settings."
    )


@pytest.mark.parametrize(
    ("call", "other"),
    [
        ("save", "async_save"),
        ("User.save", "User.async_save"),
        ("_save", "_async_save"),
        ("connect", "connect_async"),
        ("disconnect_all", "disconnect_all_async"),
        ("get_db", "get_async_db"),
    ],
)
def test_the_counterpart_of_a_call_is_known_both_ways(call: str, other: str) -> None:
    assert naming.counterpart(call) == other
    assert naming.counterpart(other) == call


@pytest.mark.parametrize(
    ("call", "instead", "beginning"),
    [
        ("__iter__", None, "Use async_to_list() with async connection: "),
        ("len()", "await async_count()", "Use await async_count() with async connection: "),
        ("User.save", None, "Use User.async_save() with async connection: "),
    ],
)
async def test_calls_that_are_no_methods_are_named_as_they_are_written(
    call: str, instead: str | None, beginning: str
) -> None:
    await connect_async("shop", **FAKES)

    with pytest.raises(RuntimeError) as caught:
        registry.require(ConnectionType.SYNC, "default", call=call, instead=instead)

    assert str(caught.value).startswith(beginning)


async def test_closing_in_the_wrong_colour_is_refused() -> None:
    await connect_async("shop", alias="a", **FAKES)
    connect("shop", alias="s", **FAKES)

    with pytest.raises(RuntimeError, match=r"^Use disconnect_async\(\) with async connection"):
        disconnect("a")
    with pytest.raises(RuntimeError, match=r"^Use disconnect\(\) with sync connection"):
        await disconnect_async("s")
    disconnect_all()
    assert get_connection_type("a") is ConnectionType.ASYNC


async def test_the_ensuring_functions_tell_colours_apart() -> None:
    register_connection("r", **FAKES)
    await connect_async("shop", alias="a", **FAKES)
    connect("shop", alias="s", **FAKES)

    ensure_async_connection("a")
    ensure_sync_connection("s")
    ensure_async_connection("r")
    ensure_sync_connection("r")
    assert get_connection_type("r") is ConnectionType.NONE
    with pytest.raises(RuntimeError, match=r'^Use sync calls with sync connection: "s" was'):
        ensure_async_connection("s")
    with pytest.raises(RuntimeError, match=r'^Use async calls with async connection: "a" was'):
        ensure_sync_connection("a")
    with pytest.raises(ConnectionFailure, match='alias "x" has not been defined'):
        ensure_async_connection("x")
    with pytest.raises(ConnectionFailure, match='alias "x" has not been defined'):
        ensure_sync_connection("x")


async def test_collections_of_both_colours_come_from_their_databases() -> None:
    await connect_async("shop", alias="a", **FAKES)
    connect("bank", alias="s", **FAKES)

    assert get_async_collection("order", "a") == "shop.order"
    assert await clients.async_get_collection("a", "order", call="async_save") == "shop.order"
    assert clients.get_collection("s", "account", call="save") == "bank.account"
    with pytest.raises(RuntimeError, match=r"^Use get_db\(\) with sync connection"):
        get_async_collection("account", "s")


def test_async_calls_that_can_never_work_say_so_without_an_event_loop_too() -> None:
    connect("shop", alias="s", **FAKES)

    with pytest.raises(RuntimeError, match=r"^Use get_connection\(\) with sync connection"):
        get_async_connection("s")
    with pytest.raises(ConnectionFailure, match='alias "x" has not been defined'):
        get_async_db("x")


def test_async_connections_without_an_event_loop_say_so() -> None:
    asyncio.run(connect_async("shop", **FAKES))

    for ask in (get_connection, get_db, get_async_connection, get_async_db):
        with pytest.raises(RuntimeError, match=r"^No event loop is running in this thread.*\"def"):
            ask()


# -- event loops, with clients that are not bound to one ---------------------------------------


def test_each_event_loop_gets_its_own_client_closed_at_its_end() -> None:
    async def open_and_ask() -> Any:
        await connect_async("shop", **FAKES)
        assert get_async_connection() is get_async_connection()
        return get_async_connection()

    one, two = asyncio.run(open_and_ask()), asyncio.run(open_and_ask())

    assert one is not two
    assert one.closed
    assert two.closed
    assert is_async_connection()


def test_all_clients_are_closed_at_the_end_of_a_loop_even_if_one_refuses() -> None:
    reported: list[Any] = []

    class Stubborn(FakeAsyncClient):
        async def close(self) -> None:  # type: ignore[override]
            raise ValueError("no")

    async def open_both() -> list[Any]:
        asyncio.get_running_loop().set_exception_handler(lambda loop, said: reported.append(said))
        return [
            await connect_async(alias="a", **FAKES),
            await connect_async(alias="b", **{**FAKES, "async_mongo_client_class": Stubborn}),
            await connect_async(alias="c", x=1, **FAKES),
        ]

    one, _, three = asyncio.run(open_both())

    assert one.closed
    assert three.closed
    assert [type(said["exception"]) for said in reported] == [ValueError]


def test_a_client_that_does_not_close_holds_up_its_loop_for_a_bounded_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loops, "SECONDS_TO_CLOSE", 0.01)
    reported: list[Any] = []

    class Stuck(FakeAsyncClient):
        async def close(self) -> None:  # type: ignore[override]
            await asyncio.Event().wait()

    async def open_it() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, said: reported.append(said))
        await connect_async(**{**FAKES, "async_mongo_client_class": Stuck})

    asyncio.run(open_it())

    assert [type(said["exception"]) for said in reported] == [TimeoutError]


def test_a_loop_closed_without_ceremony_is_dropped_at_the_next_look_up() -> None:
    loop = asyncio.new_event_loop()
    client = weakref.ref(loop.run_until_complete(connect_async("shop", **FAKES)))
    loop.close()
    closed = weakref.ref(loop)
    del loop

    async def look_up() -> Any:
        return get_async_connection()

    assert asyncio.run(look_up()) is not None
    gc.collect()
    assert client() is None
    assert closed() is None


async def test_a_look_up_that_finds_its_client_drops_those_of_closed_loops_too() -> None:
    def open_elsewhere() -> weakref.ref[Any]:
        loop = asyncio.new_event_loop()
        client = loop.run_until_complete(connect_async("shop", **FAKES))
        loop.close()
        return weakref.ref(client)

    await connect_async("shop", **FAKES)
    client = await asyncio.to_thread(open_elsewhere)
    assert client() is not None

    get_async_connection()

    gc.collect()
    assert client() is None


def test_clients_of_closed_loops_are_dropped_without_a_resource_warning() -> None:
    class Warning_(FakeAsyncClient):
        def __del__(self) -> None:
            warnings.warn("unclosed", ResourceWarning, source=self, stacklevel=1)

    loop = asyncio.new_event_loop()
    given = {**FAKES, "async_mongo_client_class": Warning_}
    dropped = weakref.ref(loop.run_until_complete(connect_async(**given)))
    loop.close()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(disconnect_async())

    assert dropped() is None
    assert caught == []


def test_disconnecting_closes_the_clients_of_other_running_loops_in_their_loops() -> None:
    opened, closed_there = threading.Event(), threading.Event()
    clients_there = []

    class Telling(FakeAsyncClient):
        async def close(self) -> None:  # type: ignore[override]
            self.closed_in = threading.get_ident()
            closed_there.set()

    given = {**FAKES, "async_mongo_client_class": Telling}

    async def live() -> None:
        clients_there.append(await connect_async(**given))
        opened.set()
        assert await asyncio.to_thread(closed_there.wait, 10)

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    assert opened.wait(10)
    asyncio.run(disconnect_async())
    thread.join()

    assert clients_there[0].closed_in == thread.ident
    assert get_connection_type() is ConnectionType.NONE


# -- books edited or replaced by others -------------------------------------------------------


def test_dicts_put_in_the_place_of_the_books_are_used() -> None:
    connections: dict[str, Any] = {}
    connection._connections = connections

    client = connect("shop", **FAKES)

    assert connections == {"default": client}
    assert connection._connections is connections


def test_the_books_can_be_patched_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    client = connect("shop", **FAKES)
    before = connection._connections

    with mock.patch.object(connection, "_connections", {}):
        assert get_connection_type() is ConnectionType.NONE
    assert connection._connections is before
    with monkeypatch.context() as patch:
        patch.setattr("mongoengine.connection._connections", {})
        assert get_connection_type() is ConnectionType.NONE
    assert get_connection() is client


def test_a_client_put_into_the_book_by_hand_is_used() -> None:
    client = FakeClient()
    connection._connections["a"] = client

    assert get_connection("a") is client
    assert get_connection_type("a") is ConnectionType.SYNC


def test_settings_edited_in_place_are_used() -> None:
    register_connection("a", "shop", **FAKES)
    connection._connection_settings["b"] = {**connection._connection_settings["a"], "name": "bank"}

    assert get_db("b").name == "bank"


@pytest.mark.parametrize("book", ["_connections", "_connection_settings"])
async def test_async_connections_vanish_with_a_book_that_is_replaced(book: str) -> None:
    made = await connect_async("shop", **FAKES)

    setattr(connection, book, {})

    assert get_connection_type() is ConnectionType.NONE
    await asyncio.wait_for(made.was_closed.wait(), 10)


async def test_async_connections_vanish_with_their_settings() -> None:
    made = await connect_async("shop", **FAKES)

    connection._connection_settings.clear()

    assert get_connection_type() is ConnectionType.NONE
    with pytest.raises(ConnectionFailure, match="You have not defined a default connection"):
        get_async_connection()
    await asyncio.wait_for(made.was_closed.wait(), 10)
    assert connect("bank", **FAKES) is get_connection()


async def test_an_alias_registered_anew_after_its_settings_vanished_is_not_open() -> None:
    made = await connect_async("shop", **FAKES)
    connection._connection_settings.clear()

    register_connection("default", "bank", **FAKES)

    assert get_connection_type() is ConnectionType.NONE
    assert get_async_connection() is not made
    assert get_async_db().name == "bank"


def test_upstreams_private_helpers_are_there() -> None:
    client = connect("shop", **FAKES)
    settings = connection._get_connection_settings("bank", **FAKES)

    assert connection._find_existing_connection(settings) is client
    assert connection._find_existing_connection({**settings, "port": 1}) is None
    assert connection._create_connection("a", FakeClient, port=1).options == {"port": 1}
    assert connection._get_connection() is client
    assert connection._get_db().name == "shop"
    with pytest.raises(TypeError):
        connection._check_db_name(3)


# -- sessions ------------------------------------------------------------------------------


def test_sessions_are_a_stack() -> None:
    assert connection._get_session() is None

    connection._set_session("one")
    connection._set_session("two")
    assert connection._get_session() == "two"
    assert connection._local_sessions.sessions == ("one", "two")
    connection._clear_session()
    assert connection._local_sessions.get_current() == "one"
    connection._local_sessions.append("three")
    connection._local_sessions.clear_all()
    assert connection._get_session() is None
    connection._clear_session()
    assert connection._local_sessions.sessions == ()


async def test_concurrent_tasks_do_not_see_each_others_sessions() -> None:
    both_pushed = asyncio.Barrier(2)

    async def push(session: str) -> Any:
        connection._set_session(session)
        await both_pushed.wait()
        return connection._get_session()

    assert await asyncio.gather(push("one"), push("two")) == ["one", "two"]
    assert connection._get_session() is None


def test_a_new_thread_sees_no_session_of_another() -> None:
    def run() -> None:
        connection._set_session("one")
        seen: list[Any] = []
        thread = threading.Thread(
            target=contextvars.Context().run, args=(lambda: seen.append(connection._get_session()),)
        )
        thread.start()
        thread.join()
        assert seen == [None]
        assert connection._get_session() == "one"

    contextvars.copy_context().run(run)


VALUE: ContextValue[int] = ContextValue("test_registry_value", 0)


def test_a_context_value_is_changed_for_the_length_of_a_block() -> None:
    def fail() -> None:
        with VALUE.to(1), VALUE.to(2):
            assert VALUE.get() == 2
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert VALUE.get() == 0


def test_a_change_is_taken_back_by_its_token() -> None:
    token = VALUE.set(5)
    assert VALUE.get() == 5

    VALUE.reset(token)

    assert VALUE.get() == 0


# -- pymongo_support, mongodb_support -----------------------------------------------------------


def test_the_json_options_of_old_write_uuids_the_old_way() -> None:
    assert pymongo_support.LEGACY_JSON_OPTIONS.uuid_representation == 3
    assert pymongo_support.LEGACY_JSON_OPTIONS.json_mode == 0
    assert pymongo.version_tuple[:2] == pymongo_support.PYMONGO_VERSION


def test_versions_of_the_server_have_names() -> None:
    names = {name: v for name, v in vars(mongodb_support).items() if name.startswith("MONGODB_")}

    assert names["MONGODB_34"] == (3, 4)
    assert names["MONGODB_80"] == (8, 0)
    for name, version in names.items():
        assert name == "MONGODB_{}{}".format(*version)
