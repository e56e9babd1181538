"""Connection settings: what is stored, and what reaches the client."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from pymongo.driver_info import DriverInfo
from pymongo.errors import ConfigurationError, InvalidName
from pymongo.read_preferences import Nearest, Primary, Secondary, SecondaryPreferred

from mongoengine._version import VERSION, __version__, get_version
from mongoengine.state import settings as settings_module
from mongoengine.state.settings import (
    build_settings,
    check_db_name,
    client_options,
    same_client,
)


def build(*args: Any, **kwargs: Any) -> dict[str, Any]:
    """Build settings with a UUID representation, so that the warning stays out of the way."""
    if not any(key.lower() == "uuidrepresentation" for key in kwargs):
        kwargs["uuidRepresentation"] = "standard"
    return build_settings(*args, **kwargs)


def test_the_version_is_the_same_in_its_three_forms() -> None:
    assert get_version() == __version__
    assert __version__.split(".") == [str(part) for part in VERSION]


def test_no_arguments_mean_the_test_database_on_localhost() -> None:
    assert build() == {
        "name": "test",
        "host": ["localhost"],
        "port": 27017,
        "read_preference": Primary(),
        "username": None,
        "password": None,
        "authentication_source": None,
        "authentication_mechanism": None,
        "authmechanismproperties": None,
        "uuidRepresentation": "standard",
    }


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"db": "shop"}, "shop"),
        ({"db": "shop", "name": "bank"}, "bank"),
        ({"db": ""}, "test"),
        ({"db": "$external"}, "$external"),
        ({"db": "shop", "host": "mongodb://there/farm"}, "farm"),
        ({"db": "shop", "host": "mongodb://there/"}, "shop"),
        ({"host": "mongodb://there"}, "test"),
        ({"host": ["plain", "mongodb://there/farm"]}, "farm"),
    ],
)
def test_the_database_name_comes_from_the_uri_then_name_then_db(
    arguments: dict[str, Any], name: str
) -> None:
    assert build(**arguments)["name"] == name


@pytest.mark.parametrize("character", list(' .$/\\\x00"'))
def test_a_database_name_with_a_forbidden_character_is_refused(character: str) -> None:
    with pytest.raises(InvalidName) as caught:
        build(f"shop{character}x")
    assert str(caught.value) == (f"database names cannot contain the character {character!r}")


def test_a_uri_in_the_place_of_the_database_name_is_refused() -> None:
    with pytest.raises(InvalidName):
        build("mongodb://localhost")


def test_a_database_name_that_is_no_string_is_a_type_error() -> None:
    with pytest.raises(TypeError) as caught:
        build(["shop"])
    assert str(caught.value) == "name must be an instance of <class 'str'>"


def test_an_empty_database_name_is_refused_where_no_default_applies() -> None:
    with pytest.raises(InvalidName):
        check_db_name("")


@pytest.mark.parametrize(
    ("host", "stored"),
    [
        (None, ["localhost"]),
        ([], ["localhost"]),
        ("one:27018", ["one:27018"]),
        (["one", "two"], ["one", "two"]),
        (("one", "two"), ["one", "two"]),
    ],
)
def test_hosts_are_stored_as_a_list(host: Any, stored: list[str]) -> None:
    assert build(host=host)["host"] == stored


def test_everything_a_uri_says_is_stored_under_our_names() -> None:
    uri = (
        "mongodb://root:12345678@1.1.1.1:27017,2.2.2.2:27017/db_api?replicaSet=s0"
        "&readPreference=secondary&readPreferenceTags=region:us-west-2,usage:api"
        "&uuidRepresentation=javaLegacy"
    )

    assert build_settings(host=uri) == {
        "name": "db_api",
        "host": [uri],
        "port": 27017,
        "read_preference": Secondary(
            tag_sets=[{"region": "us-west-2", "usage": "api"}], max_staleness=-1
        ),
        "username": "root",
        "password": "12345678",
        "authentication_source": None,
        "authentication_mechanism": None,
        "authmechanismproperties": None,
        "replicaSet": "s0",
        "uuidrepresentation": "javaLegacy",
    }


def test_options_of_a_uri_are_found_in_any_case() -> None:
    settings = build(
        host="mongodb://h/x?REPLICASET=s0&authsource=admin&AUTHMECHANISM=GSSAPI"
        "&authmechanismPROPERTIES=SERVICE_NAME:db&readpreference=nearest"
    )

    assert settings["replicaSet"] == "s0"
    assert settings["authentication_source"] == "admin"
    assert settings["authentication_mechanism"] == "GSSAPI"
    assert settings["authmechanismproperties"]["SERVICE_NAME"] == "db"
    assert settings["read_preference"] == Nearest()


def test_credentials_in_the_uri_have_precedence_when_they_are_there() -> None:
    given = {"username": "user", "password": "pass"}

    without = build(host="mongodb://localhost/x", **given)
    with_both = build(host="mongodb://root:p%40ss@localhost/x", **given)

    assert (without["username"], without["password"]) == ("user", "pass")
    assert (with_both["username"], with_both["password"]) == ("root", "p@ss")


def test_the_read_preference_of_a_uri_has_precedence_and_keeps_its_staleness() -> None:
    uri = "mongodb://h/x?readPreference=secondaryPreferred&maxStalenessSeconds=120"

    settings = build(host=uri, read_preference=Nearest())

    assert settings["read_preference"] == SecondaryPreferred(max_staleness=120)


def test_a_uri_that_asks_for_the_primary_overrules_the_argument() -> None:
    settings = build(host="mongodb://h/x?readPreference=primary", read_preference=Nearest())

    assert settings["read_preference"] == Primary()


def test_an_unknown_option_in_a_uri_is_refused_by_the_driver() -> None:
    with pytest.raises(ConfigurationError, match="bogus"):
        build(host="mongodb://h/x?bogus=1")


def test_an_srv_uri_is_read_without_asking_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = settings_module.parse_uri
    monkeypatch.setattr(
        settings_module, "parse_uri", lambda uri: (read.append(uri), original(uri))[1]
    )
    uri = (
        "mongodb+srv://user:secret@cluster.example.invalid/shop"
        "?srvServiceName=db&srvMaxHosts=2&replicaSet=s0&readPreference=nearest"
    )

    settings = build(host=uri)

    assert read == [
        "mongodb://user:secret@cluster.example.invalid/shop?replicaSet=s0&readPreference=nearest"
    ]
    assert settings["host"] == [uri]
    assert settings["name"] == "shop"
    assert (settings["username"], settings["password"]) == ("user", "secret")
    assert settings["replicaSet"] == "s0"


def test_an_srv_uri_without_options_or_database_is_read() -> None:
    assert build("shop", host="mongodb+srv://cluster.example.invalid")["name"] == "shop"
    assert build(host="mongodb+srv://c.example.invalid/farm?srvMaxHosts=1")["name"] == "farm"


@pytest.mark.parametrize("arguments", [{"host": "mongomock://localhost"}, {"is_mock": True}])
def test_the_old_ways_to_mongomock_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="Use of mongomock:// URI or 'is_mock' were removed") as e:
        build(**arguments)
    assert str(e.value) == (
        "Use of mongomock:// URI or 'is_mock' were removed in favor of "
        "'mongo_client_class=mongomock.MongoClient'. Check the CHANGELOG for more info"
    )


def test_options_of_early_days_are_dropped() -> None:
    settings = build(slaves=["a"], is_slave=True)

    assert "slaves" not in settings
    assert "is_slave" not in settings


def test_other_keywords_are_stored_as_they_are() -> None:
    assert build(maxpoolsize=3)["maxpoolsize"] == 3


def test_a_missing_uuid_representation_warns_where_this_package_was_called() -> None:
    with pytest.warns(DeprecationWarning, match="No uuidRepresentation is specified!") as caught:
        settings = build_settings()

    assert settings["uuidRepresentation"] == "pythonLegacy"
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize(
    "arguments",
    [
        {"uuidRepresentation": "standard"},
        {"UUIDREPRESENTATION": "standard"},
        {"host": "mongodb://h/x?uuidRepresentation=standard"},
        {"host": "mongodb://h/x?uuidRepresentation=unspecified"},
    ],
)
def test_a_uuid_representation_from_anywhere_is_enough(arguments: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        settings = build_settings(**arguments)

    assert "pythonLegacy" not in settings.values()


def test_a_keyword_wins_over_the_uri_as_it_does_in_the_driver() -> None:
    settings = build(
        host="mongodb://h/x?uuidRepresentation=csharpLegacy&replicaSet=s0",
        uuidrepresentation="javaLegacy",
        replicaSet="s1",
    )

    assert settings["uuidrepresentation"] == "javaLegacy"
    assert settings["replicaSet"] == "s1"


# -- what reaches the client ---------------------------------------------------------------


def test_the_client_gets_the_settings_under_the_drivers_names() -> None:
    settings = build(
        "shop",
        username="u",
        password="p",
        authentication_source="admin",
        authentication_mechanism="SCRAM-SHA-256",
        authmechanismproperties={"SERVICE_NAME": "x"},
        tz_aware=True,
        replicaSet="s0",
        maxPoolSize=7,
        mongo_client_class=object,
        async_mongo_client_class=object,
    )

    assert client_options(settings) == {
        "host": ["localhost"],
        "port": 27017,
        "read_preference": Primary(),
        "username": "u",
        "password": "p",
        "authSource": "admin",
        "authMechanism": "SCRAM-SHA-256",
        "authmechanismproperties": {"SERVICE_NAME": "x"},
        "tz_aware": True,
        "replicaSet": "s0",
        "maxPoolSize": 7,
        "uuidRepresentation": "standard",
        "driver": DriverInfo("MongoEngine", __version__),
    }


def test_settings_that_are_none_do_not_reach_the_client() -> None:
    assert set(client_options(build(appname=None))) == {
        "host",
        "port",
        "read_preference",
        "uuidRepresentation",
        "driver",
    }


def test_a_driver_info_of_the_users_own_is_kept() -> None:
    mine = DriverInfo("Mine", "1")

    assert client_options(build(driver=mine))["driver"] is mine


def test_a_read_preference_in_the_drivers_spelling_is_not_overruled_by_our_default() -> None:
    options = client_options(build(readPreference="secondary"))

    assert options["readPreference"] == "secondary"
    assert "read_preference" not in options


def test_a_read_preference_object_reaches_the_client_beside_any_other() -> None:
    options = client_options(build(read_preference=Nearest(), readPreference="secondary"))

    assert options["read_preference"] == Nearest()


def test_settings_that_differ_in_the_database_only_share_a_client() -> None:
    assert same_client(build("shop"), build("bank"))
    assert not same_client(build("shop"), build("shop", maxPoolSize=3))
