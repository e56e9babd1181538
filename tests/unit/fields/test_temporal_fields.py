from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from mongoengine.base.fields import temporal
from mongoengine.base.fields.temporal import ComplexDateTimeField, DateField, DateTimeField
from mongoengine.errors import ValidationError
from tests.unit.fields.field_owner import owner_of

MOMENT = datetime.datetime(2019, 5, 16, 21, 42, 57, 897847)
TEXT = "2019,05,16,21,42,57,897847"


@pytest.fixture
def without_dateutil(monkeypatch):
    monkeypatch.setattr(temporal, "_dateutil_parse", lambda: None)


# DateTimeField


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (MOMENT, MOMENT),
        (datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2)),
        (lambda: MOMENT, MOMENT),
        (" 2019-05-16 21:42:57.897847 ", MOMENT),
        ("2019-05-16T21:42", datetime.datetime(2019, 5, 16, 21, 42)),
        ("", None),
        ("  ", None),
        ("ABC", None),
        ("January 1st, 9999999999", None),
        (-1, None),
        ([1], None),
    ],
)
def test_dates_texts_and_callables_are_stored_as_dates_with_times(value, stored):
    pytest.importorskip("dateutil")

    assert DateTimeField().to_mongo(value) == stored
    assert DateTimeField().prepare_query_value(None, value) == stored


def test_a_text_stays_a_text_until_it_is_stored():
    assert DateTimeField().to_python("2019-05-16") == "2019-05-16"


@pytest.mark.parametrize("kind", [DateTimeField, DateField])
@pytest.mark.parametrize("value", ["", "  ", "ABC", -1, (1, 2), "2019-05-16 21:GARBAGE:12"])
def test_what_is_no_date_is_refused(kind, value):
    with pytest.raises(ValidationError) as caught:
        kind()._validate(value)

    assert str(caught.value) == f'cannot parse date "{value}"'


@pytest.mark.parametrize("value", [MOMENT, datetime.date(2020, 1, 2), lambda: MOMENT])
def test_what_can_be_stored_is_valid(value):
    DateTimeField()._validate(value)
    DateField()._validate(value)


def test_an_update_to_an_unparsable_text_is_refused():
    with pytest.raises(ValidationError, match='cannot parse date "None"'):
        DateTimeField().prepare_query_value("set", "ABC")


@pytest.mark.usefixtures("without_dateutil")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-05-16", (2019, 5, 16)),
        ("2019-05-16 21:42", (2019, 5, 16, 21, 42)),
        ("2019-05-16 21:42:57", (2019, 5, 16, 21, 42, 57)),
        ("2019-05-16 21:42:57.897847", (2019, 5, 16, 21, 42, 57, 897847)),
        ("2019-05-16 21:42:57.678", (2019, 5, 16, 21, 42, 57, 678000)),
        ("2019-05-16 21:42:57.5", (2019, 5, 16, 21, 42, 57, 500000)),
        (" 2019-5-6 ", (2019, 5, 6)),
    ],
)
def test_the_fraction_of_a_second_is_a_fraction_without_dateutil(text, expected):
    assert DateTimeField().to_mongo(text) == datetime.datetime(*expected)


@pytest.mark.usefixtures("without_dateutil")
@pytest.mark.parametrize(
    "text",
    [
        "2019-13-01",
        "2019-05-16T21:42:57",
        "2019-05-16 21:42:57.",
        "2019-05-16 21:42:57.GARBAGE",
        "2019-05-16 21:42:57.123.456",
        "2019-05-16 21:42:60",
        "now",
    ],
)
def test_other_texts_are_no_dates_without_dateutil(text):
    assert DateTimeField().to_mongo(text) is None


def test_dateutil_is_looked_for_once(monkeypatch):
    asked = []

    def no_module(name):
        asked.append(name)
        raise ImportError(name)

    monkeypatch.setattr(temporal, "importlib", SimpleNamespace(import_module=no_module))
    temporal._dateutil_parse.cache_clear()
    try:
        assert DateTimeField().to_mongo("2019-05-16T00:00") is None
        assert DateTimeField().to_mongo("2019-05-16") == datetime.datetime(2019, 5, 16)
    finally:
        temporal._dateutil_parse.cache_clear()

    assert asked == ["dateutil.parser"]


# DateField


def test_a_date_is_stored_as_its_midnight_and_read_as_a_date():
    field = DateField()

    assert field.to_mongo(MOMENT) == datetime.datetime(2019, 5, 16)
    assert field.to_mongo(datetime.date(2019, 5, 16)) == datetime.datetime(2019, 5, 16)
    assert field.to_mongo("ABC") is None
    assert field.to_python(MOMENT) == datetime.date(2019, 5, 16)
    assert type(field.to_python(MOMENT)) is datetime.date
    assert field.to_python(datetime.date(2019, 5, 16)) == datetime.date(2019, 5, 16)


# ComplexDateTimeField


def test_a_moment_is_held_as_text_and_read_as_a_moment():
    owner = owner_of(ComplexDateTimeField())

    owner.value = MOMENT

    assert owner.__dict__["value"] == TEXT
    assert owner.value == MOMENT


def test_the_separator_stands_between_the_numbers():
    field = ComplexDateTimeField(separator=".")

    assert field.to_mongo(MOMENT) == "2019.05.16.21.42.57.897847"
    assert field.to_python("2019.05.16.21.42.57.897847") == MOMENT


def test_loaded_text_is_read_without_a_conversion_in_the_store():
    owner = owner_of(ComplexDateTimeField(), {"value"}, value=TEXT)

    assert owner.value == MOMENT
    assert owner.__dict__["value"] == TEXT


@pytest.mark.parametrize("stored", [TEXT, MOMENT])
def test_what_was_stored_is_held_as_text(stored):
    field = ComplexDateTimeField()
    owner = owner_of(field, {"value"}, value=stored)

    assert owner.value == MOMENT
    assert field._stored_value(owner) == TEXT


def test_assigning_the_same_moment_changes_nothing():
    owner = owner_of(ComplexDateTimeField(), {"value"}, value=TEXT)

    owner.value = MOMENT
    assert owner.marked == []

    owner.value = datetime.datetime(2020, 1, 1)
    assert owner.marked == ["value"]


@pytest.mark.parametrize("default", [MOMENT, lambda: MOMENT])
def test_a_default_moment_is_held_as_text_too(default):
    owner = owner_of(ComplexDateTimeField(default=default))

    assert owner.value == MOMENT
    assert owner.__dict__["value"] == TEXT


def test_no_moment_reads_as_none():
    assert owner_of(ComplexDateTimeField()).value is None
    assert owner_of(ComplexDateTimeField(), value=None).value is None


def test_text_of_another_format_is_kept_refused_and_not_readable():
    field = ComplexDateTimeField()
    owner = owner_of(field)

    owner.value = "garbage"

    assert owner.__dict__["value"] == "garbage"
    with pytest.raises(ValidationError) as caught:
        field._validate("garbage")
    assert str(caught.value) == "Only datetime objects may used in a ComplexDateTimeField"
    with pytest.raises(ValueError, match="garbage"):
        _ = owner.value


@pytest.mark.parametrize(
    "text", ["garbage", "2014,13,02", "2014", "9" * 20 + ",1,2", "2014,1,2,3,4,5,6,7,8"]
)
def test_unreadable_text_stays_on_conversion(text):
    assert ComplexDateTimeField().to_python(text) == text


def test_a_moment_is_queried_by_its_text():
    field = ComplexDateTimeField()

    assert field.prepare_query_value("gt", MOMENT) == TEXT
    assert field.prepare_query_value("set", MOMENT) == TEXT
    assert field.prepare_query_value(None, None) is None


def test_reading_on_the_class_gives_the_field():
    field = ComplexDateTimeField()
    owner = owner_of(field)

    assert type(owner).value is field
