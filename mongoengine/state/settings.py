"""Connection settings: checking, normalising, comparing, and turning them into client options.

State floor, its pure part: text and dicts only, no client, no network. A ``mongodb+srv://``
URI is read without asking DNS; the client resolves it when it is opened.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from bson.binary import UuidRepresentation
from pymongo.driver_info import DriverInfo
from pymongo.errors import InvalidName
from pymongo.read_preferences import (
    Nearest,
    Primary,
    PrimaryPreferred,
    ReadPreference,
    Secondary,
    SecondaryPreferred,
)
from pymongo.uri_parser import parse_uri

from mongoengine._version import __version__

DEFAULT_CONNECTION_NAME = "default"
DEFAULT_DATABASE_NAME = "test"
DEFAULT_HOST = "localhost"
DEFAULT_PORT = 27017
READ_PREFERENCE = ReadPreference.PRIMARY

Settings = dict[str, Any]

_PACKAGE = __name__.partition(".")[0]
_SRV_SCHEME = "mongodb+srv://"
_SRV_ONLY_OPTIONS = frozenset({"srvservicename", "srvmaxhosts", "srvallowedhostssuffix"})

_FORBIDDEN_IN_DB_NAME = ' .$/\\\x00"'

_UUID_REPRESENTATION_NAMES = {
    UuidRepresentation.UNSPECIFIED: "unspecified",
    UuidRepresentation.STANDARD: "standard",
    UuidRepresentation.PYTHON_LEGACY: "pythonLegacy",
    UuidRepresentation.JAVA_LEGACY: "javaLegacy",
    UuidRepresentation.CSHARP_LEGACY: "csharpLegacy",
}

_TAGGED_READ_PREFERENCES = {
    "primarypreferred": PrimaryPreferred,
    "secondary": Secondary,
    "secondarypreferred": SecondaryPreferred,
    "nearest": Nearest,
}

# Stored under a name of our own, passed to the client under the driver's.
_DRIVER_NAMES = {
    "authentication_source": "authSource",
    "authentication_mechanism": "authMechanism",
}

# Steer which client is made rather than how it behaves.
_NOT_FOR_THE_CLIENT = frozenset({"name", "mongo_client_class", "async_mongo_client_class"})


class ConnectionFailure(Exception):
    """A connection is not defined, contradicts the one of its alias, or cannot be made."""


# Users import and pickle it under its public name.
ConnectionFailure.__module__ = "mongoengine.connection"


def build_settings(
    db: str | None = None,
    name: str | None = None,
    host: str | list[str] | None = None,
    port: int | None = None,
    read_preference: Any = READ_PREFERENCE,
    username: str | None = None,
    password: str | None = None,
    authentication_source: str | None = None,
    authentication_mechanism: str | None = None,
    authmechanismproperties: Any = None,
    **kwargs: Any,
) -> Settings:
    """Check the arguments of ``connect`` and return them in the form they are stored in.

    Args:
        db: The database's name; ``name`` has precedence, the one in a URI before both.
        name: The same.
        host: A host, ``host:port`` or URI, or a list of them.
        port: The port of hosts that name none.
        read_preference: A read preference of the driver; one in a URI has precedence.
        username: To authenticate with, unless a URI has one.
        password: To authenticate with, unless a URI has one.
        authentication_source: The database that knows the user.
        authentication_mechanism: How to authenticate.
        authmechanismproperties: What that mechanism needs.
        **kwargs: Further options, passed to the client as they are; and
            ``mongo_client_class`` and ``async_mongo_client_class``, the classes to make
            the clients of.

    Raises:
        TypeError: The database's name is not a string.
        pymongo.errors.InvalidName: It has characters the server does not allow.
    """
    name = name or db or DEFAULT_DATABASE_NAME
    check_db_name(name)
    hosts = [host] if isinstance(host, str) else list(host or [DEFAULT_HOST])
    settings: Settings = {
        "name": name,
        "host": hosts,
        "port": port or DEFAULT_PORT,
        "read_preference": read_preference,
        "username": username,
        "password": password,
        "authentication_source": authentication_source,
        "authentication_mechanism": authentication_mechanism,
        "authmechanismproperties": authmechanismproperties,
    }
    for entry in hosts:
        _refuse_mongomock_uri(entry, kwargs)
        if "://" in entry:
            settings.update(_settings_in_uri(entry))

    # Options of MongoEngine's early days; callers that still pass them mean no harm.
    kwargs.pop("slaves", None)
    kwargs.pop("is_slave", None)
    # The driver lets keywords win over the URI, so the stored settings say the same.
    settings.update(kwargs)
    if not any(key.lower() == "uuidrepresentation" for key in settings):
        _warn_about_uuid_representation()
        settings["uuidRepresentation"] = "pythonLegacy"
    return settings


def check_db_name(name: str) -> None:
    """Raise TypeError or InvalidName unless ``name`` can be the name of a database."""
    if not isinstance(name, str):
        raise TypeError(f"name must be an instance of {str}")
    if name == "$external":
        return
    if not name:
        raise InvalidName("database name cannot be the empty string")
    for character in _FORBIDDEN_IN_DB_NAME:
        if character in name:
            raise InvalidName(f"database names cannot contain the character {character!r}")


def same_client(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two aliases can share a client: their settings differ in the database at most."""
    return _without_name(one) == _without_name(other)


def client_options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords for a client, of either colour, that stored settings stand for."""
    options = {
        _DRIVER_NAMES.get(key, key): value
        for key, value in settings.items()
        if value is not None and key not in _NOT_FOR_THE_CLIENT
    }
    # The driver prefers our default object to its own textual option, which somebody wrote.
    if options.get("read_preference") == READ_PREFERENCE and any(
        key.lower() == "readpreference" for key in options
    ):
        del options["read_preference"]
    options.setdefault("driver", DriverInfo("MongoEngine", __version__))
    return options


def _without_name(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key != "name"}


def _refuse_mongomock_uri(entry: str, kwargs: Mapping[str, Any]) -> None:
    if entry.startswith("mongomock://") or kwargs.get("is_mock"):
        # Upstream raises the base class, and its users match on the text.
        raise Exception(
            "Use of mongomock:// URI or 'is_mock' were removed in favor of "
            "'mongo_client_class=mongomock.MongoClient'. Check the CHANGELOG for more info"
        )


def _settings_in_uri(uri: str) -> Settings:
    """Return the settings a URI determines, without those it does not mention."""
    parsed = parse_uri(_without_srv(uri))
    found: Settings = {}
    if parsed["database"]:
        found["name"] = parsed["database"]
    for key in ("username", "password"):
        if parsed[key]:
            found[key] = parsed[key]
    found.update(_settings_in_uri_options({k.lower(): v for k, v in parsed["options"].items()}))
    return found


def _settings_in_uri_options(options: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for option, key in (
        ("replicaset", "replicaSet"),
        ("authsource", "authentication_source"),
        ("authmechanism", "authentication_mechanism"),
        ("authmechanismproperties", "authmechanismproperties"),
    ):
        if option in options:
            yield key, options[option]
    if "readpreference" in options:
        yield "read_preference", _read_preference(options)
    if "uuidrepresentation" in options:
        yield "uuidrepresentation", _UUID_REPRESENTATION_NAMES[options["uuidrepresentation"]]


def _read_preference(options: Mapping[str, Any]) -> Any:
    mode = _TAGGED_READ_PREFERENCES.get(options["readpreference"].lower())
    if mode is None:
        return Primary()
    return mode(options.get("readpreferencetags"), options.get("maxstalenessseconds", -1))


def _without_srv(uri: str) -> str:
    """Return a ``mongodb+srv://`` URI in the form that is parsed without asking DNS.

    Settings are made where nothing may block; what the DNS records add, the client finds
    out for itself. The options allowed with SRV only stay in the URI the client is given.
    """
    if not uri.startswith(_SRV_SCHEME):
        return uri
    address, mark, query = uri.removeprefix(_SRV_SCHEME).partition("?")
    kept = [
        option
        for option in query.split("&")
        if option.partition("=")[0].lower() not in _SRV_ONLY_OPTIONS
    ]
    return "mongodb://" + address + mark + "&".join(kept)


def _warn_about_uuid_representation() -> None:
    warnings.warn(
        "No uuidRepresentation is specified! Falling back to 'pythonLegacy'. Other drivers do "
        "not read that form: give 'standard' for new data, or name the one your data has. "
        "A later release will refuse to guess ('unspecified').",
        DeprecationWarning,
        stacklevel=_levels_to_the_caller(),
    )


def _levels_to_the_caller() -> int:
    """Return the stacklevel, for the function that asks, of the code that called this package.

    Counted rather than fixed, since the way here differs between ``connect``,
    ``register_connection`` and their async relatives.
    """
    level = 1
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
        level += 1
    return level


def _is_ours(module: str) -> bool:
    return module == _PACKAGE or module.startswith(_PACKAGE + ".")
