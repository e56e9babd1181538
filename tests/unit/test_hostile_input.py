"""Data from strangers stays data: no value becomes an operator, no name another class."""

from __future__ import annotations

import enum
import re
from collections import UserDict
from typing import Any

import bson
import pytest
from bson import SON, ObjectId, json_util

from mongoengine.base.saving import id_filter
from mongoengine.document import Document, DynamicDocument, EmbeddedDocument
from mongoengine.errors import (
    FieldDoesNotExist,
    InvalidDocumentError,
    InvalidQueryError,
    ValidationError,
)
from mongoengine.fields import (
    BinaryField,
    BooleanField,
    CachedReferenceField,
    ComplexDateTimeField,
    DateField,
    DateTimeField,
    Decimal128Field,
    DecimalField,
    DictField,
    DynamicField,
    EmailField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    EnumField,
    FileField,
    FloatField,
    GenericEmbeddedDocumentField,
    GenericLazyReferenceField,
    GenericReferenceField,
    GeoPointField,
    ImageField,
    IntField,
    LazyReferenceField,
    LineStringField,
    ListField,
    MapField,
    MultiLineStringField,
    MultiPointField,
    MultiPolygonField,
    ObjectIdField,
    PointField,
    PolygonField,
    ReferenceField,
    SequenceField,
    SortedListField,
    StringField,
    URLField,
    UUIDField,
)
from mongoengine.queryset import Q, transform


class Rank(enum.Enum):
    LOW = "low"


class Target(Document):
    name = StringField(primary_key=True)


class Part(EmbeddedDocument):
    meta = {"allow_inheritance": True}

    label = StringField()


class SpecialPart(Part):
    extra = StringField()


class Strange(EmbeddedDocument):
    z = StringField()


class User(Document):
    meta = {"allow_inheritance": True}

    name = StringField()


class Admin(User):
    level = IntField()


class Vault(Document):
    secret = StringField()


TYPED: dict[str, Any] = {
    "string": StringField(),
    "url": URLField(),
    "email": EmailField(),
    "whole": IntField(),
    "real": FloatField(),
    "decimal": DecimalField(),
    "decimal128": Decimal128Field(),
    "flag": BooleanField(),
    "moment": DateTimeField(),
    "day": DateField(),
    "precise": ComplexDateTimeField(),
    "oid": ObjectIdField(),
    "uuid": UUIDField(),
    "uuid_text": UUIDField(binary=False),
    "raw_bytes": BinaryField(),
    "rank": EnumField(Rank),
    "number": SequenceField(),
    "place": GeoPointField(),
    "point": PointField(),
    "line": LineStringField(),
    "polygon": PolygonField(),
    "points": MultiPointField(),
    "multi_lines": MultiLineStringField(),
    "polygons": MultiPolygonField(),
    "reference": ReferenceField(Target),
    "lazy": LazyReferenceField(Target),
    "cached": CachedReferenceField(Target, fields=["name"]),
    "generic": GenericReferenceField(),
    "generic_lazy": GenericLazyReferenceField(),
    "generic_part": GenericEmbeddedDocumentField(),
    "file": FileField(),
    "image": ImageField(),
    "strings": ListField(StringField()),
    "flags": ListField(BooleanField()),
    "uuids": ListField(UUIDField()),
    "references": ListField(ReferenceField(Target)),
    "sorted": SortedListField(StringField()),
    "nested": ListField(ListField(StringField())),
    "mapped": MapField(StringField()),
    "mapped_flags": MapField(ListField(BooleanField())),
}


Form: Any = type("Form", (Document,), {**TYPED, "__module__": __name__})

OPERATORS: list[Any] = [
    {"$ne": None},
    {"$gt": ""},
    {"$regex": ".*"},
    {"$where": "1"},
    {"$exists": True},
    {"$not": {"$eq": 1}},
    {"a": 1, "$ne": 2},
    SON([("$ne", None)]),
    UserDict({"$ne": None}),
]
REFUSALS = (
    InvalidQueryError,  # of the value
    ValidationError,
    InvalidDocumentError,
    TypeError,  # what int(), float() and the like say of a dict
    ValueError,
    AttributeError,
    NotImplementedError,
)
#: A value under these is compared as it is, or counts for an answer of yes or no.
CONDITIONS = ("", "__not", "__in", "__nin", "__all", "__exact", "__icontains", "__startswith")


def operator_places(condition: Any) -> list[Any]:
    """Return what the server would read as an operator, our own symbols left out."""
    if not isinstance(condition, (dict, UserDict)):
        return []
    found = []
    for key, operand in condition.items():
        if key in ("$in", "$nin"):
            found += [item for item in operand if operator_places(item)]
        elif key in ("$not", "$all"):
            inner = operand if isinstance(operand, list) else [operand]
            found += [item for item in inner if operator_places(item)]
        elif key.startswith("$"):
            found.append(key)
    return found


@pytest.mark.parametrize("value", OPERATORS, ids=repr)
@pytest.mark.parametrize("suffix", CONDITIONS)
@pytest.mark.parametrize("name", TYPED)
def test_a_value_of_a_typed_field_never_becomes_an_operator(
    name: str, suffix: str, value: Any
) -> None:
    given = [value] if suffix in ("__in", "__nin", "__all") else value
    try:
        query = transform.query(Form, **{name + suffix: given})
    except REFUSALS:
        return
    (condition,) = query.values()
    assert operator_places(condition) == []
    bson.encode(query)


@pytest.mark.parametrize("value", OPERATORS, ids=repr)
@pytest.mark.parametrize("op", ["ne", "gt", "lte"])
@pytest.mark.parametrize("name", TYPED)
def test_what_is_compared_stays_one_operand(name: str, op: str, value: Any) -> None:
    try:
        query = transform.query(Form, **{f"{name}__{op}": value})
    except REFUSALS:
        return
    (condition,) = query.values()
    assert list(condition) == [f"${op}"]


@pytest.mark.parametrize("value", OPERATORS, ids=repr)
@pytest.mark.parametrize("name", ["strings", "flags", "uuids", "references", "sorted"])
def test_pulling_takes_no_condition_where_items_are_typed(name: str, value: Any) -> None:
    with pytest.raises(REFUSALS):
        transform.update(Form, **{f"pull__{name}": value})


def test_the_refusal_names_the_field_and_the_way_out() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        transform.query(Form, string={"$ne": None})
    assert str(caught.value) == (
        'The value for "string" holds MongoDB operators ($ne), which no value of a StringField '
        "does. Write them as keywords (string__ne=...), or the whole filter as __raw__."
    )


@pytest.mark.parametrize("value", OPERATORS, ids=repr)
def test_a_key_that_is_an_operator_is_refused_wherever_it_is_asked_for(value: Any) -> None:
    for query in ({"pk": value}, {"name": value}, {"pk__in": [value]}):
        with pytest.raises(InvalidQueryError, match="holds MongoDB operators"):
            transform.query(Target, **query)
    with pytest.raises(InvalidQueryError, match="holds MongoDB operators"):
        (Q(pk=value) | Q(name="a")).to_query(Target)


class Keyed(Document):
    key = DynamicField(primary_key=True)


def test_a_document_with_an_operator_for_a_key_finds_no_other_one() -> None:
    keyed = Keyed.from_json('{"_id": {"$gt": ""}}', json_options=json_util.RELAXED_JSON_OPTIONS)
    for find in (lambda: keyed._object_key, lambda: id_filter(keyed, keyed.to_mongo())):
        with pytest.raises(InvalidDocumentError, match="would find other documents"):
            find()
    plain = Keyed(key={"a": 1})
    assert plain._object_key == {"pk": {"a": 1}}
    assert id_filter(plain, plain.to_mongo()) == {"_id": {"a": 1}}


@pytest.mark.parametrize("name", ["$where", "$or", "$expr", "a$b", "a.b", "a\0b", "__raw__x", ""])
def test_a_name_that_is_no_field_is_no_keyword(name: str) -> None:
    with pytest.raises(InvalidQueryError):
        transform.query(Form, **{name: "1"})
    with pytest.raises(InvalidQueryError):
        transform.update(Form, **{f"set__{name}": "1"})


@pytest.mark.parametrize("name", ["$where", "$or", "a.b", "a\0b"])
def test_a_dynamic_document_takes_no_operator_for_a_field(name: str) -> None:
    class Free(DynamicDocument):
        pass

    with pytest.raises(InvalidQueryError):
        transform.query(Free, **{name: "1"})


def test_conditions_in_mongodbs_words_still_have_their_places() -> None:
    class Open(Document):
        anything = DynamicField()
        notes = DictField()
        items = ListField()
        part = EmbeddedDocumentField(Part)
        scores = ListField(IntField())
        parts = EmbeddedDocumentListField(Part)
        point = PointField()
        name = StringField()

    for name in ("anything", "notes", "items", "part"):
        assert transform.query(Open, **{name: {"$exists": True}}) == {name: {"$exists": True}}
    raw = {"name": {"$gt": ""}}
    assert transform.query(Open, __raw__=raw) == raw
    assert transform.query(Open, name__not=re.compile("a")) == {"name": {"$not": re.compile("a")}}
    shape = {"$geometry": {"type": "Point", "coordinates": [1, 2]}}
    assert transform.query(Open, point__near=shape) == {"point": {"$near": shape}}
    assert transform.query(Open, parts__match={"label__ne": "a"}) == {
        "parts": {"$elemMatch": {"label": {"$ne": "a"}}}
    }


def test_a_field_of_the_users_own_kind_decides_itself() -> None:
    class Range(StringField):
        _refuses_operators = False

    class Shelf(Document):
        span = Range()

    assert transform.query(Shelf, span={"$gte": "a"}) == {"span": {"$gte": "a"}}


# Text


BOMB = "(a+)+$" + "a" * 5000 + ".*|[" + "\\" + "\n(?{1})"


@pytest.mark.parametrize(
    "op", ["contains", "startswith", "endswith", "exact", "wholeword"], ids=str
)
@pytest.mark.parametrize("name", ["string", "url", "email", "strings", "mapped__k", "nested"])
def test_text_in_string_operators_is_escaped(name: str, op: str) -> None:
    for prefix in ("", "i"):
        (pattern,) = transform.query(Form, **{f"{name}__{prefix}{op}": BOMB}).values()
        assert isinstance(pattern, re.Pattern)
        assert re.escape(BOMB) in pattern.pattern
        assert not pattern.search("a" * 10_000)
        if op != "wholeword":  # this text begins and ends with no word
            assert pattern.search(BOMB)


@pytest.mark.parametrize("name", ["anything", "anything__k", "notes", "notes__k"])
def test_text_for_untyped_fields_is_escaped_too(name: str) -> None:
    class Loose(Document):
        anything = DynamicField()
        notes = DictField()

    (pattern,) = transform.query(Loose, **{f"{name}__icontains": BOMB}).values()
    assert pattern.pattern == re.escape(BOMB)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (EmailField(), "a" * 50_000 + "@" + "a-" * 20_000),
        (EmailField(), "a." * 30_000 + "@x.org!"),
        (EmailField(), '"' + "\\a" * 30_000 + "@x.org"),
        (EmailField(), "a@" + "a" * 63 + ("." + "a" * 63) * 500 + "."),
        (URLField(), "http://" + "a-" * 30_000),
        (URLField(), "http://" + "a." * 30_000 + "!"),
        (URLField(), "http://[" + ":" * 30_000 + "!"),
        (URLField(), "http://" + "1." * 30_000 + "1 "),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else type(value).__name__,
)
def test_no_text_keeps_a_check_busy(field: Any, text: str) -> None:
    field.name = "field"
    # A pattern that runs wild would not come back in this universe's time.
    with pytest.raises(ValidationError):
        field.validate(text)


# Classes


@pytest.mark.parametrize(
    "name", ["Vault", "Strange", 5, None, ["User"], {"$ne": 1}, True, b"User", ObjectId()], ids=repr
)
def test_a_class_beside_the_one_that_is_loaded_is_refused(name: Any) -> None:
    with pytest.raises(InvalidDocumentError, match="neither `User` nor a subclass of it"):
        User._from_son({"_cls": name, "secret": "s"})


def test_json_makes_no_document_of_another_class() -> None:
    options = json_util.RELAXED_JSON_OPTIONS
    with pytest.raises(InvalidDocumentError, match="neither `User` nor a subclass"):
        User.from_json('{"_cls": "Vault", "secret": "s"}', json_options=options)
    with pytest.raises(InvalidDocumentError, match=r"neither `User\.Admin` nor a subclass"):
        Admin.from_json('{"_cls": "User", "name": "s"}', json_options=options)
    assert type(User.from_json('{"_cls": "User.Admin"}', json_options=options)) is Admin


def test_a_class_without_subclasses_is_not_left_either() -> None:
    with pytest.raises(InvalidDocumentError, match="neither `Vault` nor a subclass"):
        Vault._from_son({"_cls": "User"})
    assert Vault._from_son({"_cls": "Vault", "secret": "s"}).secret == "s"


class Box(Document):
    part = EmbeddedDocumentField(Part)
    parts = EmbeddedDocumentListField(Part)
    generic = GenericEmbeddedDocumentField()
    notes = DictField()
    items = ListField()
    anything = DynamicField()


BESIDE: list[dict[str, Any]] = [
    {"_cls": "Vault", "secret": "s"},
    {"_cls": "Strange", "z": "s"},
    {"_cls": 5},
    {"_cls": None},
    {"_cls": [1]},
    {"_cls": {"$ne": 1}},
]


@pytest.mark.parametrize("raw", BESIDE, ids=repr)
@pytest.mark.parametrize("name", ["part", "parts"])
def test_an_embedded_document_is_of_its_fields_class(name: str, raw: Any) -> None:
    data = [dict(raw)] if name == "parts" else dict(raw)
    with pytest.raises(InvalidDocumentError, match="neither `Part` nor a subclass of it"):
        Box._from_son({name: data})
    special = {"_cls": "Part.SpecialPart", "extra": "e"}
    box: Any = Box._from_son({name: [special] if name == "parts" else special})
    loaded = box.parts[0] if name == "parts" else box.part
    assert type(loaded) is SpecialPart


@pytest.mark.parametrize("raw", [*BESIDE[:1], *BESIDE[2:]], ids=repr)
def test_a_generic_embedded_document_is_of_an_embedded_class(raw: Any) -> None:
    with pytest.raises(InvalidDocumentError, match="no class of embedded documents"):
        Box._from_son({"generic": dict(raw)}).generic  # noqa: B018


LOOKALIKES: list[dict[str, Any]] = [
    *BESIDE[:1],
    *BESIDE[2:],
    {"_cls": "Nobody"},
    {"_cls": "Strange", "unknown": 1},
    {"_cls": "Strange", "_ref": 5},
]


@pytest.mark.parametrize("raw", LOOKALIKES, ids=repr)
def test_untyped_data_that_looks_like_a_document_makes_nothing_unloadable(raw: Any) -> None:
    for name, data in (("notes", {"k": raw}), ("items", [raw]), ("anything", raw)):
        encoded = bson.encode({"_id": ObjectId(), name: data})
        box = Box._from_son(bson.decode(encoded))
        assert getattr(box, name) == data
        assert box.to_mongo()[name] == data


@pytest.mark.parametrize("raw", LOOKALIKES, ids=repr)
def test_a_dynamic_document_keeps_such_data_as_it_is(raw: Any) -> None:
    class Drawer(DynamicDocument):
        pass

    drawer: Any = Drawer._from_son({"thing": dict(raw), "things": [dict(raw)]})
    assert drawer.thing == raw
    assert drawer.things == [raw]


def test_untyped_data_that_is_a_document_becomes_one() -> None:
    raw = {"_cls": "Strange", "z": "s"}
    box: Any = Box._from_son({"notes": {"k": dict(raw)}, "anything": dict(raw)})
    assert type(box.notes["k"]) is Strange
    assert type(box.anything) is Strange


# Names of fields in compiled code


NAMES = [
    "class",
    "def",
    "None",
    "a'b",
    'a"b',
    "a\\",
    "a\nb",
    "a\r\nimport os",
    "'); raise SystemExit(1) #",
    '"""',
    "{0}",
    "%s",
    "\u2028",
    "ä",
    "d",
    "g",
    "v",
    "v0",
    "errors",
    "document",
    "extra",
    "early",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_field_becomes_code(name: str) -> None:
    fields: dict[str, Any] = {
        name: IntField(),
        "other": StringField(db_field=f"{name}_db", default="x"),
        "items": ListField(IntField(), db_field=f"{name}_items"),
    }
    model: Any = type("Named", (Document,), {**fields, "__module__": __name__})
    made = model(**{name: 1}, other="o", items=[1])
    stored = made.to_mongo()
    assert stored == {name: 1, f"{name}_db": "o", f"{name}_items": [1]}
    made.validate()
    loaded = model._from_son(bson.decode(bson.encode(stored)))
    assert loaded.to_mongo() == stored
    with pytest.raises(ValidationError):
        model(**{name: "no number"}).validate()
    with pytest.raises(FieldDoesNotExist):
        model._from_son({f"{name}?": 1})


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_class_becomes_code(name: str) -> None:
    model: Any = type(name, (Document,), {"a": IntField(), "__module__": __name__})
    assert model._from_son({"a": 1, "_cls": name}).a == 1
    assert model(a=1).to_mongo() == {"a": 1}


def test_json_deeper_than_python_goes_is_an_error_python_names() -> None:
    text = '{"notes": ' + '{"k": ' * 200_000 + "1" + "}" * 200_001
    with pytest.raises(RecursionError):
        Box.from_json(text, json_options=json_util.RELAXED_JSON_OPTIONS)
