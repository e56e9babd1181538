"""Every option of a save, and pairs of them, on documents in every state: both colours alike."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import pytest_asyncio

from mongoengine import signals
from mongoengine.connection import connect, connect_async, disconnect, disconnect_async
from mongoengine.document import Document
from mongoengine.errors import (
    NotUniqueError,
    OperationError,
    SaveConditionError,
    ValidationError,
)
from mongoengine.fields import IntField, ReferenceField, StringField
from tests.commands import CommandLog

DATABASE = "save_options"
ALIAS = "save options"


class Crate(Document):
    meta = {"db_alias": ALIAS, "collection": "crates", "auto_create_index": False}

    key = IntField(primary_key=True)
    name = StringField(min_length=2, db_field="n")


class Parcel(Document):
    meta = {
        "db_alias": ALIAS,
        "collection": "parcels",
        "shard_key": ("route",),
        "auto_create_index": False,
    }

    key = IntField(primary_key=True)
    route = StringField(db_field="r")
    weight = IntField(db_field="w", max_value=10)
    number = IntField(db_field="u")
    crate = ReferenceField(Crate, db_field="c")

    def clean(self) -> None:
        if self.weight == 3:
            self.weight = 4
        if self.weight == 5:
            raise ValidationError("five is refused")


OTHER = {"_id": 9, "r": "z", "u": 50}
STORED = {"_id": 1, "r": "a", "w": 2, "u": 1, "c": 1}
CRATE = {"_id": 1, "n": "old"}


@pytest_asyncio.fixture(scope="module")
async def clients(mongodb_uri: str) -> AsyncIterator[tuple[dict[str, Any], CommandLog]]:
    """Both clients, and what was sent through them."""
    log = CommandLog()
    settings: dict[str, Any] = {
        "alias": ALIAS,
        "host": mongodb_uri,
        "uuidRepresentation": "standard",
        "appname": "save options",
        "event_listeners": [log],
    }
    client = connect(DATABASE, **settings)
    both = {"": client, "async_": await connect_async(DATABASE, **settings)}
    client.drop_database(DATABASE)
    client[DATABASE].parcels.create_index("u", unique=True, sparse=True)
    yield both, log
    client.drop_database(DATABASE)
    disconnect(ALIAS)
    await disconnect_async(ALIAS)


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """The signals of parcels: name and keywords."""
    told: list[Any] = []
    with ExitStack() as stack:
        for name in ("pre_save", "pre_save_post_validation", "post_save"):

            def receiver(sender: Any, document: Any, *, _name: str = name, **extra: Any) -> None:
                told.append((_name, extra))

            stack.enter_context(getattr(signals, name).connected_to(receiver, sender=Parcel))
        yield told


def new(weight: int) -> Parcel:
    return Parcel(key=1, route="a", weight=weight)


def loaded(raw: dict[str, Any], **changes: Any) -> Parcel:
    parcel = Parcel._from_son(dict(raw))
    for name, value in changes.items():
        setattr(parcel, name, value)
    return parcel


def parcel_in(state: str, weight: int) -> tuple[Parcel, list[dict[str, Any]]]:
    """Return a parcel to save, and what is stored before, beside the other one."""
    if state == "new":
        return new(weight), []
    if state == "new under a taken key":
        return new(weight), [STORED]
    if state == "partly loaded":
        part = {key: value for key, value in STORED.items() if key in ("_id", "r", "w")}
        return loaded(part, weight=weight), [STORED]
    if state == "taking a unique value":
        return loaded(STORED, weight=weight, number=50), [STORED]
    return loaded(STORED, weight=weight), [STORED] if state == "changed" else []


STATES = [
    "new",
    "new under a taken key",
    "changed",
    "partly loaded",
    "taking a unique value",
    "deleted meanwhile",
]
OPTIONS: dict[str, list[Any]] = {
    "force_insert": [True],
    "validate": [False],
    "clean": [False],
    "write_concern": [{"w": 1, "j": True}],
    "cascade": [True],
    "cascade_kwargs": [{"validate": False}],
    "save_condition": [{"weight": 2}, {"weight": 7}],
    "signal_kwargs": [{"why": "asked"}],
}
SINGLE = [{name: value} for name, values in OPTIONS.items() for value in values]
CHOICES = [
    {},
    *SINGLE,
    *({**one, **two} for one, two in itertools.combinations(SINGLE, 2) if not one.keys() & two),
]
# As it is, changed by `clean`, refused by it, refused by the field.
WEIGHTS = [1, 3, 5, 99]


def expected(
    state: str, weight: int, options: dict[str, Any]
) -> tuple[dict[str, Any] | None, type[Exception] | None]:
    """Return what is to be stored under the key afterwards, and the error."""
    before = None if state in ("new", "deleted meanwhile") else STORED
    if options.get("validate", True):
        if options.get("clean", True):
            weight = {3: 4}.get(weight, weight)
            if weight == 5:
                return before, ValidationError
        if weight == 99:
            return before, ValidationError
    fresh = {"_id": 1, "r": "a", "w": weight}
    if options.get("force_insert"):
        if before is not None or state == "taking a unique value":
            return before, NotUniqueError
        return ({**STORED, "w": weight} if state == "deleted meanwhile" else fresh), None
    if state.startswith("new"):
        return fresh, None
    if before is None or options.get("save_condition") == {"weight": 7}:
        if "save_condition" in options:
            return before, SaveConditionError
        return fresh, None
    if state == "taking a unique value":
        return before, NotUniqueError
    return {**STORED, "w": weight}, None


async def run(
    clients: tuple[dict[str, Any], CommandLog],
    heard: list[Any],
    colour: str,
    case: tuple[str, int, dict[str, Any]],
) -> dict[str, Any]:
    """Save one parcel; return all that can be told of it afterwards."""
    state, weight, options = case
    (by_colour, log) = clients
    database = by_colour[""][DATABASE]
    database.parcels.delete_many({})
    database.crates.delete_many({})
    parcel, before = parcel_in(state, weight)
    database.parcels.insert_many([dict(raw) for raw in (OTHER, *before)])
    database.crates.insert_one(dict(CRATE))
    cascades = "cascade" in options or "cascade_kwargs" in options
    if cascades and "force_insert" not in options and state == "changed":
        parcel.crate = Crate._from_son(dict(CRATE))
        parcel.crate.name = "new"
    heard.clear()
    log.clear()
    error = None
    try:
        saved = getattr(parcel, f"{colour}save")(**options)
        assert (await saved if colour else saved) is parcel
    except (ValidationError, OperationError) as raised:
        error = raised
    commands = [
        (name, {key: value for key, value in command.items() if key not in ("lsid", "txnNumber")})
        for name, command in log.sent
    ]
    for _, command in commands:
        command.pop("$clusterTime", None)
    return {
        "error": (type(error), str(error).partition("full error")[0]),
        "stored": database.parcels.find_one({"_id": 1}),
        "other": database.parcels.find_one({"_id": 9}),
        "crate": database.crates.find_one(),
        "parcel": (parcel.to_mongo().to_dict(), parcel._get_changed_fields(), parcel._created),
        "heard": list(heard),
        "commands": commands,
    }


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("options", CHOICES, ids=lambda options: "+".join(options) or "none")
async def test_the_options_of_a_save_act_alike_in_both_colours(
    clients: Any, heard: list[Any], state: str, options: dict[str, Any]
) -> None:
    for weight in WEIGHTS if len(options) < 2 else WEIGHTS[1::2]:
        case = (state, weight, options)
        outcome = await run(clients, heard, "", case)

        assert await run(clients, heard, "async_", case) == outcome
        stored, error = expected(*case)
        assert outcome["error"][0] is (error or type(None))
        assert outcome["stored"] == stored
        assert outcome["other"] == OTHER
        cascaded = (
            error is None
            and state == "changed"
            and bool(options.keys() & {"cascade", "cascade_kwargs"})
        )
        assert outcome["crate"] == ({**CRATE, "n": "new"} if cascaded else CRATE)
        if error is None:
            assert outcome["parcel"][1:] == ([], False)
        names = [name for name, _ in outcome["heard"]]
        assert names[:1] == ["pre_save"]
        assert ("post_save" in names) is (error is None)
        for _, extra in outcome["heard"]:
            assert options.get("signal_kwargs", {}).items() <= extra.items()
        for name, command in outcome["commands"]:
            if "write_concern" in options and name in ("insert", "update", "findAndModify"):
                assert command["writeConcern"] == {"w": 1, "j": True}
            for update in command.get("updates", ()):
                if command["update"] == "parcels":
                    assert update["q"].items() >= {"_id": 1, "r": "a"}.items()
