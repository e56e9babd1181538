"""What a health check knows of a connection and of a model, and what it makes of it.

Model floor: judges what the server has said; asks nothing itself.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pymongo
from bson.binary import UUID_REPRESENTATION_NAMES, UuidRepresentation

from mongoengine._version import get_version
from mongoengine.base.collection_options import comparable_keys, compare_keys, required_indexes

__all__ = ("ConnectionReport", "ModelReport", "report_connection", "report_model")

# Options that change what an index does. An index with the same keys and other options is one
# the server refuses to create beside the existing one.
_TELLING_OPTIONS = ("unique", "sparse", "expireAfterSeconds", "partialFilterExpression")

UNSPECIFIED_UUIDS = "unspecified: UUIDs cannot be stored; pass uuidRepresentation='standard'"


@dataclass(frozen=True)
class ConnectionReport:
    """What stands behind an alias.

    Attributes:
        alias: the alias.
        database: name of its database.
        versions: of this package, Python, PyMongo and the server, as text.
        topology: kind of deployment and the member that answered.
        has_transactions: whether the deployment can run transactions.
        uuid_representation: how UUIDs are stored, or that they cannot be.
        writable: whether the member that answered takes writes.
    """

    alias: str
    database: str
    versions: str
    topology: str
    has_transactions: bool
    uuid_representation: str
    writable: bool


@dataclass(frozen=True)
class ModelReport:
    """How a document class and its collection agree.

    Attributes:
        model: the class's registered name.
        collection: database and collection, with a dot between.
        documents: how many there are, from the collection's own count; None when the collection
            does not exist.
        missing: keys of indexes that the class wants and the collection lacks.
        extra: keys of indexes that no class wants.
        differing: text on each index that exists with other options.
    """

    model: str
    collection: str
    documents: int | None
    missing: tuple[Any, ...] = ()
    extra: tuple[Any, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """True when class and collection want the same indexes, or there is no collection yet."""
        return self.documents is None or not (self.missing or self.extra or self.differing)


def report_connection(
    alias: str, database: Any, hello: Mapping[str, Any], build: Mapping[str, Any]
) -> ConnectionReport:
    """Make a report of the server's answers to `hello` and `buildInfo`.

    Args:
        alias: the alias asked for.
        database: its database, of either colour.
        hello: answer to the command `hello`.
        build: answer to the command `buildInfo`.
    """
    return ConnectionReport(
        alias=alias,
        database=database.name,
        versions=(
            f"mongoengine {get_version()}, Python {platform.python_version()}, "
            f"PyMongo {pymongo.version}, MongoDB {build['version']}"
        ),
        topology=_topology(hello),
        # Sessions come with every replica set and cluster, transactions with storage engines
        # that have snapshots, which is all of those from MongoDB 4.2 on.
        has_transactions=_is_replicated(hello) and "logicalSessionTimeoutMinutes" in hello,
        uuid_representation=_representation(database.client.codec_options.uuid_representation),
        writable=bool(hello.get("isWritablePrimary")),
    )


def _representation(number: int) -> str:
    """Return the representation as settings spell it, as `standard` or `pythonLegacy`."""
    if number == UuidRepresentation.UNSPECIFIED:
        return UNSPECIFIED_UUIDS
    name = UUID_REPRESENTATION_NAMES[number].rpartition(".")[2]
    language, *legacy = name.lower().split("_")
    return language + "".join(part.title() for part in legacy)


def _is_replicated(hello: Mapping[str, Any]) -> bool:
    return "setName" in hello or hello.get("msg") == "isdbgrid"


def _topology(hello: Mapping[str, Any]) -> str:
    if hello.get("msg") == "isdbgrid":
        return "sharded cluster"
    if "setName" not in hello:
        return "standalone server"
    role = "primary" if hello.get("isWritablePrimary") else "secondary"
    members = len(hello.get("hosts", ())) + len(hello.get("passives", ()))
    members += len(hello.get("arbiters", ()))
    plural = "" if members == 1 else "s"
    return f"replica set {hello['setName']}, {members} member{plural}, answered by a {role}"


def report_model(
    cls: Any,
    collection: str,
    documents: int | None,
    existing: Mapping[str, Mapping[str, Any]],
    required: list[Any],
) -> ModelReport:
    """Make a report of a document class and the indexes its collection has.

    Args:
        cls: the document class.
        collection: database and collection, with a dot between.
        documents: how many there are; None when the collection does not exist.
        existing: the collection's indexes, as the driver's `index_information` gives them.
        required: key lists the class wants, as its `list_indexes` gives them.
    """
    differences = compare_keys(existing, required) if documents is not None else {}
    return ModelReport(
        model=cls._class_name,
        collection=collection,
        documents=documents,
        missing=tuple(differences.get("missing", ())),
        extra=tuple(differences.get("extra", ())),
        differing=tuple(_differing(cls, existing)),
    )


def _differing(cls: Any, existing: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for keys, options in required_indexes(cls):
        for name, info in existing.items():
            if comparable_keys(info) != comparable_keys({"key": keys}):
                continue
            for option in _TELLING_OPTIONS:
                wanted, has = _set(options.get(option)), _set(info.get(option))
                if wanted != has:
                    yield f"{name}: {option} is {_told(has)}, the class wants {_told(wanted)}"


def _set(value: Any) -> Any:
    return None if value is False else value  # to the server, the same


def _told(value: Any) -> str:
    return "not set" if value is None else str(value)
