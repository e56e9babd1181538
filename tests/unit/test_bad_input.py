"""Wrong input meets the documented error, and never makes a document wrong."""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

import bson
import pytest
from bson import ObjectId
from bson.errors import InvalidDocument

from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import (
    FieldDoesNotExist,
    InvalidDocumentError,
    NotRegistered,
    ValidationError,
)
from mongoengine.fields import (
    BooleanField,
    DateTimeField,
    DecimalField,
    DictField,
    DynamicField,
    EmbeddedDocumentField,
    FloatField,
    IntField,
    ListField,
    MapField,
    ObjectIdField,
    StringField,
    UUIDField,
)

UTC = datetime.UTC
NAME_RULE = (
    'field names cannot contain dots (".") or null characters ("\\0"), '
    'and they must not start with a dollar sign ("$").'
)


class Ring(EmbeddedDocument):
    label = StringField()
    inner = EmbeddedDocumentField("self")
    others = ListField(EmbeddedDocumentField("self"))


class Form(Document):
    text = StringField()
    whole = IntField()
    real = FloatField()
    price = DecimalField()
    flag = BooleanField()
    moment = DateTimeField()
    token = ObjectIdField()
    uuid = UUIDField()
    numbers = ListField(IntField())
    anything = ListField()
    notes = DictField()
    counts = MapField(IntField())
    ring = EmbeddedDocumentField(Ring)
    dynamic = DynamicField()


def stored() -> dict[str, Any]:
    return {
        "_id": ObjectId(),
        "text": "a",
        "numbers": [1, 2],
        "notes": {"k": 1},
        "ring": {"label": "r"},
        "moment": datetime.datetime(2020, 1, 1),
    }


# Wrong types


WRONG_VALUES: list[tuple[str, Any, str]] = [
    ("text", 5, "StringField only accepts string values"),
    ("text", b"\xff\xfe", "StringField only accepts string values"),
    ("whole", "x", "x could not be converted to int"),
    ("whole", [1], "[1] could not be converted to int"),
    ("whole", math.nan, "nan could not be converted to int"),
    ("whole", math.inf, "inf could not be converted to int"),
    ("real", "x", "FloatField only accepts float and integer values"),
    ("real", 10**400, "The value is too large to be converted to float"),
    ("price", "x", "Could not convert value to decimal: [<class 'decimal.ConversionSyntax'>]"),
    ("moment", "yesterday", 'cannot parse date "yesterday"'),
    ("moment", 10**20, f'cannot parse date "{10**20}"'),
    ("token", "x", "Invalid ObjectID"),
    ("uuid", "x", "Could not convert to UUID: badly formed hexadecimal UUID string"),
    ("numbers", 5, "Only lists and tuples may be used in a list field"),
    ("numbers", "12", "Only lists and tuples may be used in a list field"),
    ("numbers", ["x"], "x could not be converted to int"),
    ("notes", [1], "Only dictionaries may be used in a DictField"),
    ("counts", {"a": "x"}, "a.x could not be converted to int"),
    ("ring", {"label": 1}, "label.StringField only accepts string values"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG_VALUES)
def test_a_value_of_a_wrong_type_is_kept_and_refused_by_validation(
    name: str, value: Any, message: str
) -> None:
    document = Form(**{name: value})

    with pytest.raises(ValidationError) as caught:
        document.validate()
    assert str(caught.value) == f"ValidationError (Form:None) ({message}: ['{name}'])"
    assert list(caught.value.errors) == [name]


@pytest.mark.parametrize(("name", "value", "message"), WRONG_VALUES)
def test_a_refused_assignment_to_a_loaded_document_can_be_taken_back(
    name: str, value: Any, message: str
) -> None:
    raw = stored()
    document = Form._from_son(dict(raw))
    before = document[name]
    document[name] = value
    if name != "ring":  # an embedded document's values are converted when it is made
        with pytest.raises(ValidationError):
            document.validate()

    document[name] = before
    document.validate()
    assert Form._from_son(dict(document.to_mongo()))._data == Form._from_son(dict(raw))._data


@pytest.mark.parametrize(
    "raw",
    [
        {"text": 5},
        {"whole": "x"},
        {"numbers": "no list"},
        {"numbers": {"a": 1}},
        {"notes": [1]},
        {"notes": 5},
        {"counts": [1]},
        {"moment": "yesterday"},
        {"token": "x"},
        {"price": "x"},
    ],
)
def test_stored_values_of_another_type_load_and_are_stored_as_they_are(raw: Any) -> None:
    document = Form._from_son(dict(raw))
    (name,) = raw

    assert document._data[name] == raw[name]
    assert document._delta() == ({}, {})


@pytest.mark.parametrize("value", [5, "x", [1]])
def test_a_stored_embedded_document_that_is_none_is_refused_on_load(value: Any) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        Form._from_son({"ring": value})
    assert str(caught.value) == (
        "Invalid data to create a `Form` instance.\nField 'ring' - The source SON object needs "
        f"to be of type 'dict' but a '{type(value)}' was found"
    )


@pytest.mark.parametrize("source", [None, [], 5, "x", [1]])
def test_what_is_no_dict_makes_no_document(source: Any) -> None:
    with pytest.raises(ValueError, match="needs to be of type 'dict' but a"):
        Form._from_son(source)


# Unknown keys


@pytest.mark.parametrize("name", ["nope", "$set", "a.b", "a\0b", "", 1])
def test_unknown_keys_are_refused_on_load_wherever_they_are(name: Any) -> None:
    for raw, cls in (
        ({name: 1}, "Form"),
        ({"ring": {name: 1}}, "Ring"),
        ({"ring": {"others": [{"inner": {name: 1}}]}}, "Ring"),
    ):
        with pytest.raises(FieldDoesNotExist) as caught:
            Form._from_son(raw)
        assert str(caught.value) == (
            f'The fields "{ {name} }" do not exist on the document "{cls}"'
        )


def test_a_key_called_id_is_unknown_to_an_embedded_document_without_one() -> None:
    with pytest.raises(
        FieldDoesNotExist, match=r"\"{'_id'}\" do not exist on the document \"Ring\""
    ):
        Form._from_son({"ring": {"_id": 1}})


@pytest.mark.parametrize("name", ["nope", "$set", "a.b", "a\0b"])
def test_unknown_keywords_are_refused(name: str) -> None:
    with pytest.raises(FieldDoesNotExist, match="do not exist on the document"):
        Form(**{name: 1})
    with pytest.raises(FieldDoesNotExist, match="do not exist on the document"):
        Ring(**{name: 1})


@pytest.mark.parametrize("raw", [{"_cls": "Nope"}, {"ring": {"_cls": "Nope"}}])
def test_a_class_nobody_has_defined_is_refused_on_load(raw: Any) -> None:
    with pytest.raises(NotRegistered, match="`Nope` has not been registered"):
        Form._from_son(raw)


# Names with dots, dollars and NULs


@pytest.mark.parametrize("name", ["$a", "a.b", ".a", "a\0b"])
def test_a_database_name_the_server_would_misread_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(NAME_RULE)}$"):
        StringField(db_field=name)


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("$a", 'Invalid dictionary key name - keys may not startswith "$" characters'),
        (5, "Invalid dictionary key - documents must have only string keys"),
        (None, "Invalid dictionary key - documents must have only string keys"),
    ],
)
def test_keys_the_server_refuses_are_refused_by_validation(
    key: Any, message: str, nested: bool
) -> None:
    data = {key: 1}
    with pytest.raises(ValidationError) as caught:
        Form(notes={"outer": data} if nested else data).validate()
    assert str(caught.value) == f"ValidationError (Form:None) ({message}: ['notes'])"


def test_a_key_with_a_nul_is_valid_and_refused_by_the_driver() -> None:
    document = Form(notes={"a\0b": 1})
    document.validate()

    with pytest.raises(InvalidDocument, match="must not contain the NULL byte"):
        bson.encode(document.to_mongo())


@pytest.mark.parametrize("key", ["a.b", ".", "", "a..b"])
def test_a_key_no_path_leads_to_is_stored_with_the_whole_dict(key: str) -> None:
    document = Form._from_son(stored())
    document.notes[key] = 2
    assert document._delta() == ({"notes": {"k": 1, key: 2}}, {})

    document._clear_changed_fields()
    del document.notes[key]
    assert document._delta() == ({"notes": {"k": 1}}, {})


# Cyclic data


def test_a_cyclic_embedded_document_raises_and_can_be_cut_open() -> None:
    ring = Ring(label="a")
    ring.inner = ring
    document = Form(ring=ring)
    for operation in (document.validate, document.to_mongo):
        with pytest.raises(RecursionError):
            operation()

    ring.inner = None
    document.validate()
    assert document.to_mongo()["ring"] == {"label": "a", "others": []}


def test_cyclic_plain_data_raises_and_can_be_replaced() -> None:
    cycle: dict[str, Any] = {}
    cycle["again"] = [cycle]
    with pytest.raises(RecursionError):
        Form(notes=cycle)

    for name, value in (("notes", cycle), ("anything", [cycle]), ("dynamic", cycle)):
        document = Form._from_son(stored())
        setattr(document, name, value)
        with pytest.raises(RecursionError):
            document.to_mongo()
        setattr(document, name, None)
        document.validate()
        assert name not in document._delta()[0]


def test_data_nested_deeper_than_the_server_allows_is_no_trouble() -> None:
    deep: dict[str, Any] = {}
    for _ in range(120):
        deep = {"a": deep}
    document = Form(notes=deep)
    document.validate()

    assert document.to_mongo()["notes"] == deep


# Numbers, text and moments


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_a_number_of_more_than_64_bits_is_refused_by_the_driver(number: int) -> None:
    document = Form(whole=number, anything=[number])
    document.validate()

    with pytest.raises(OverflowError, match="8-byte ints"):
        bson.encode(document.to_mongo())


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_floats_that_are_no_numbers_survive(number: float) -> None:
    document = Form(real=number, anything=[number])
    document.validate()
    loaded = Form._from_son(bson.decode(bson.encode(document.to_mongo())))

    assert repr((loaded.real, loaded.anything)) == repr((number, [number]))
    loaded.real = number
    # nan differs from itself, so it is stored again, which does no harm
    assert loaded._get_changed_fields() == (["real"] if math.isnan(number) else [])


def test_text_without_an_encoding_is_refused_by_the_driver() -> None:
    document = Form(text="\ud800")
    document.validate()

    with pytest.raises(UnicodeEncodeError):
        bson.encode(document.to_mongo())
    document.text = "mended"
    assert bson.decode(bson.encode(document.to_mongo()))["text"] == "mended"


def test_naive_and_aware_moments_are_different_and_compared_without_error() -> None:
    document = Form._from_son(stored())
    document.moment = datetime.datetime(2020, 1, 1, tzinfo=UTC)
    assert document._get_changed_fields() == ["moment"]
    document.validate()

    document._clear_changed_fields()
    document.moment = datetime.datetime(2020, 1, 1)
    assert document._get_changed_fields() == ["moment"]


# Size


def test_a_huge_list_costs_no_more_than_its_length() -> None:
    numbers = list(range(200_000))
    document = Form(id=ObjectId(), numbers=numbers)
    document.validate()
    loaded = Form._from_son(bson.decode(bson.encode(document.to_mongo())))
    loaded.numbers[-1] = -1

    assert loaded._delta() == ({"numbers.199999": -1}, {})
    assert loaded.numbers[:3] == [0, 1, 2]
