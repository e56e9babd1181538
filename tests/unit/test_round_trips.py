"""What is stored loads back equal, and the update of an edited document stores the edits.

Every field class takes part. The update is applied by a small interpreter of what the
server does with ``$set`` and ``$unset``, on the data as BSON brings it back.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import string
from collections.abc import Callable
from numbers import Number
from typing import Any

import bson
from bson import DBRef, ObjectId
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from bson.decimal128 import Decimal128
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mongoengine.base.lazy_reference import BaseLazyReference
from mongoengine.document import (
    Document,
    DynamicDocument,
    DynamicEmbeddedDocument,
    EmbeddedDocument,
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
    GridFSProxy,
    ImageField,
    ImageGridFsProxy,
    IntField,
    LazyReferenceField,
    LineStringField,
    ListField,
    LongField,
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

CODEC: CodecOptions[dict[str, Any]] = CodecOptions(uuid_representation=UuidRepresentation.STANDARD)

EXAMPLES = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)


class Metal(enum.Enum):
    IRON = "fe"
    GOLD = "au"


class Target(Document):
    name = StringField()


class Leaf(EmbeddedDocument):
    name = StringField(db_field="n")
    size = IntField(default=1)
    tags = ListField(StringField(), db_field="t")


class Twig(EmbeddedDocument):
    name = StringField(db_field="n")
    leaf = EmbeddedDocumentField(Leaf, db_field="l")
    leaves = EmbeddedDocumentListField(Leaf)
    notes = DictField(db_field="no")
    loose = GenericEmbeddedDocumentField()
    meta = {"allow_inheritance": True}


class LongTwig(Twig):
    length = FloatField()


class Everything(Document):
    text = StringField()
    renamed = StringField(db_field="r")
    kept_none = StringField(null=True, default="something")
    url = URLField()
    email = EmailField()
    whole = IntField()
    long = LongField(db_field="lo")
    real = FloatField()
    price = DecimalField(precision=2)
    exact = DecimalField(precision=3, force_string=True)
    wide = Decimal128Field()
    flag = BooleanField(default=False)
    moment = DateTimeField()
    day = DateField()
    microseconds = ComplexDateTimeField()
    token = ObjectIdField()
    uuid = UUIDField()
    uuid_text = UUIDField(binary=False)
    blob = BinaryField()
    metal = EnumField(Metal, default=Metal.IRON)
    number = SequenceField(db_field="seq")

    spot = GeoPointField()
    point = PointField()
    line = LineStringField()
    polygon = PolygonField()
    points = MultiPointField()
    lines = MultiLineStringField()
    polygons = MultiPolygonField()

    texts = ListField(StringField(), db_field="ts")
    preset = ListField(IntField(), default=[42])
    matrix = ListField(ListField(IntField()))
    metals = ListField(EnumField(Metal))
    ranked = SortedListField(IntField())
    anything = ListField()
    notes = DictField(db_field="no")
    counts = DictField(IntField())
    lists = MapField(ListField(IntField()), db_field="ls")

    leaf = EmbeddedDocumentField(Leaf, db_field="l")
    twig = EmbeddedDocumentField(Twig)
    leaves = EmbeddedDocumentListField(Leaf, db_field="ll")
    twigs = ListField(EmbeddedDocumentField(Twig))
    leaf_map = MapField(EmbeddedDocumentField(Leaf), db_field="lm")
    leaf_lists = MapField(ListField(EmbeddedDocumentField(Leaf)))
    loose = GenericEmbeddedDocumentField()
    loose_list = ListField(GenericEmbeddedDocumentField())
    dynamic = DynamicField()

    target = ReferenceField(Target)
    dbref_target = ReferenceField(Target, dbref=True, db_field="dt")
    targets = ListField(ReferenceField(Target))
    lazy = LazyReferenceField(Target)
    generic = GenericReferenceField()
    generic_lazy = GenericLazyReferenceField()
    cached = CachedReferenceField(Target, fields=["name"], auto_sync=False)
    file = FileField()
    image = ImageField()


class Loose(DynamicDocument):
    text = StringField()


class LooseBox(DynamicEmbeddedDocument):
    text = StringField()


# Values

texts = st.text(max_size=8)
names = st.text(string.ascii_lowercase, min_size=1, max_size=3)
keys = st.text(string.ascii_letters + string.digits + "_ é", min_size=1, max_size=3)
int64 = st.integers(-(2**63), 2**63 - 1)
reals = st.floats(allow_nan=False)
moments = st.datetimes(
    min_value=datetime.datetime(1, 1, 2), max_value=datetime.datetime(9999, 12, 30)
).map(lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000))
object_ids = st.binary(min_size=12, max_size=12).map(ObjectId)
coordinates = st.lists(st.integers(-90, 90) | st.floats(-90, 90), min_size=2, max_size=2)
rings = st.lists(coordinates, min_size=3, max_size=4).map(lambda ring: [*ring, ring[0]])
lines = st.lists(coordinates, min_size=2, max_size=3)
plain = st.recursive(
    st.booleans() | int64 | reals | texts | moments | object_ids | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


def geo(kind: str, strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return strategy.map(lambda value: {"type": kind, "coordinates": value})


def some_of(
    cls: Callable[..., Any], fields: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=fields).map(lambda values: cls(**values))


LEAF = {"name": texts, "size": int64, "tags": st.lists(texts, max_size=3)}
leaves = some_of(Leaf, LEAF)
TWIG = {
    "name": texts,
    "leaf": leaves,
    "leaves": st.lists(leaves, max_size=2),
    "notes": st.dictionaries(keys, plain | leaves, max_size=2),
    "loose": leaves,
}
twigs = some_of(Twig, TWIG) | some_of(LongTwig, {**TWIG, "length": reals})
targets = object_ids.map(lambda key: Target(id=key, name="target"))
dbrefs = object_ids.map(lambda key: DBRef("target", key))
# Embedded documents among untyped data.
untyped = plain | leaves | twigs | st.lists(leaves, max_size=2)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": object_ids,
    "text": texts,
    "renamed": texts,
    "kept_none": texts | st.none(),
    "url": names.map(lambda name: f"http://{name}.example.com/{name}"),
    "email": names.map(lambda name: f"{name}@example.com"),
    "whole": int64,
    "long": int64,
    "real": reals,
    "price": st.decimals(-(10**9), 10**9, places=2),
    "exact": st.decimals(-(10**20), 10**20, places=3),
    "wide": st.decimals(-(10**20), 10**20, places=5),
    "flag": st.booleans(),
    "moment": moments,
    "day": st.dates(max_value=datetime.date(9999, 12, 30)),
    "microseconds": st.datetimes(min_value=datetime.datetime(1000, 1, 1)),
    "token": object_ids,
    "uuid": st.uuids(),
    "uuid_text": st.uuids(),
    "blob": st.binary(max_size=8),
    "metal": st.sampled_from(Metal),
    "number": st.integers(1, 10**6),
    "spot": coordinates,
    "point": geo("Point", coordinates),
    "line": geo("LineString", lines),
    "polygon": geo("Polygon", st.lists(rings, min_size=1, max_size=2)),
    "points": geo("MultiPoint", st.lists(coordinates, min_size=1, max_size=3)),
    "lines": geo("MultiLineString", st.lists(lines, min_size=1, max_size=2)),
    "polygons": geo("MultiPolygon", st.lists(st.lists(rings, min_size=1, max_size=2), min_size=1)),
    "texts": st.lists(texts, max_size=3),
    "preset": st.lists(int64, max_size=3),
    "matrix": st.lists(st.lists(int64, max_size=2), max_size=3),
    "metals": st.lists(st.sampled_from(Metal), max_size=3),
    "ranked": st.lists(int64, max_size=3).map(sorted),
    "anything": st.lists(untyped, max_size=3),
    "notes": st.dictionaries(keys, untyped, max_size=3),
    "counts": st.dictionaries(keys, int64, max_size=3),
    "lists": st.dictionaries(keys, st.lists(int64, max_size=2), max_size=2),
    "leaf": leaves,
    "twig": twigs,
    "leaves": st.lists(leaves, max_size=2),
    "twigs": st.lists(twigs, max_size=2),
    "leaf_map": st.dictionaries(keys, leaves, max_size=2),
    "leaf_lists": st.dictionaries(keys, st.lists(leaves, max_size=2), max_size=2),
    "loose": leaves | twigs,
    "loose_list": st.lists(leaves | twigs, max_size=2),
    "dynamic": plain | leaves | twigs,
    "target": dbrefs | targets,
    "dbref_target": dbrefs | targets,
    "targets": st.lists(dbrefs | targets, max_size=2),
    "lazy": targets,
    "generic": targets,
    "generic_lazy": targets,
    "cached": targets,
    "file": object_ids.map(lambda key: GridFSProxy(grid_id=key)),
    "image": object_ids.map(lambda key: ImageGridFsProxy(grid_id=key, collection_name="images")),
}

# Without a number the document would ask the server for one.
everything = st.fixed_dictionaries({"number": VALUES.pop("number")}, optional=VALUES).map(
    lambda values: Everything(**values)
)


# Comparing


def through_bson(data: dict[str, Any]) -> dict[str, Any]:
    return bson.decode(bson.encode(data, codec_options=CODEC), codec_options=CODEC)


def essence(value: Any) -> Any:
    """Return a value in the form two equal documents share.

    A document loaded from the database holds references where the edited one may hold the
    documents themselves.
    """
    if isinstance(value, Target):
        return ("target", value.pk)
    if isinstance(value, BaseLazyReference):
        return ("target", value.pk)
    if isinstance(value, DBRef):
        return (value.collection, value.id)
    if isinstance(value, dict) and "_ref" in value:
        return essence(value["_ref"])
    if isinstance(value, EmbeddedDocument):
        return (type(value), {name: essence(item) for name, item in value._data.items()})
    if isinstance(value, dict):
        return {key: essence(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [essence(item) for item in value]
    return value


def assert_same_values(left: Any, right: Any) -> None:
    left_data, right_data = _comparable(left), _comparable(right)
    for name in left_data.keys() | right_data.keys():
        assert left_data.get(name) == right_data.get(name), name


def _comparable(document: Any) -> dict[str, Any]:
    data = {name: essence(value) for name, value in document._data.items()}
    for name in document._dynamic_fields:
        # Emptied dynamic fields are removed from the database.
        if not isinstance(data[name], Number) and not data[name]:
            data[name] = None
    if data.get("ranked"):
        data["ranked"].sort()  # stored sorted, while the list in memory keeps its order
    return data


# What the server does with an update


def apply_update(stored: dict[str, Any], update: dict[str, dict[str, Any]]) -> None:
    """Apply ``$set`` and ``$unset`` to a document as the server does, or refuse as it does."""
    paths = [path.split(".") for changes in update.values() for path in changes]
    for path in paths:
        assert all(path), "an empty field name in a path is refused"
        for other in paths:
            assert path is other or other[: len(path)] != path, "conflicting paths are refused"
    for path, value in update.get("$set", {}).items():
        set_path(stored, path.split("."), value)
    for path in update.get("$unset", {}):
        unset_path(stored, path.split("."))


def set_path(holder: Any, path: list[str], value: Any) -> None:
    first, *rest = path
    if isinstance(holder, list):
        assert first.isdigit(), f"cannot create field {first!r} in an array"
        position = int(first)
        holder.extend([None] * (position + 1 - len(holder)))
        if rest and holder[position] is None:
            raise AssertionError(f"cannot create field {rest[0]!r} in a null")
        key: Any = position
    else:
        assert isinstance(holder, dict), f"cannot create field {first!r} in {holder!r}"
        key = first
        if rest:
            holder.setdefault(key, {})
    if rest:
        set_path(holder[key], rest, value)
    else:
        holder[key] = value


def unset_path(holder: Any, path: list[str]) -> None:
    first, *rest = path
    if isinstance(holder, dict):
        if first in holder:
            if rest:
                unset_path(holder[first], rest)
            else:
                del holder[first]
    elif isinstance(holder, list) and first.isdigit() and int(first) < len(holder):
        if rest:
            unset_path(holder[int(first)], rest)
        else:
            holder[int(first)] = None


# Storing and loading


@EXAMPLES
@given(everything)
def test_what_is_stored_loads_back_equal_and_is_stored_the_same_again(document: Any) -> None:
    document.validate()
    stored = document.to_mongo()
    loaded = Everything._from_son(through_bson(stored))

    assert_same_values(loaded, document)
    assert loaded._get_changed_fields() == []
    assert bson.encode(loaded.to_mongo(), codec_options=CODEC) == bson.encode(
        stored, codec_options=CODEC
    )
    loaded.validate()


@EXAMPLES
@given(everything)
def test_loading_through_the_constructor_gives_the_same_document(document: Any) -> None:
    raw = through_bson(document.to_mongo())
    plan = Everything.__plan__()

    assert_same_values(
        plan._constructing_loader(through_bson(raw)), plan._adopting_loader(through_bson(raw))
    )


# Editing


class Editor:
    """Makes one random change to what it is given, by the means a user has."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def draw(self, strategy: st.SearchStrategy[Any]) -> Any:
        return self.data.draw(strategy)

    def one_of(self, *choices: Callable[[], None]) -> None:
        self.draw(st.sampled_from(choices))()

    def edit_document(self, document: Any, values: dict[str, st.SearchStrategy[Any]]) -> None:
        """Change one field: assign, remove, or change what it holds."""
        name = self.draw(st.sampled_from(sorted(values)))
        held = document._data.get(name)
        choices = [
            lambda: setattr(document, name, self.draw(values[name])),
            lambda: setattr(document, name, None),
        ]
        if name in document._data:
            choices.append(lambda: delattr(document, name))
        if isinstance(held, EmbeddedDocument) or (
            isinstance(held, (list, dict)) and name not in REPLACED
        ):
            # More often than not: that is where the mistakes are.
            choices = choices[:1] + 4 * [lambda: self.edit_value(getattr(document, name), name)]
        self.one_of(*choices)

    def edit_value(self, value: Any, name: str) -> None:
        if isinstance(value, Leaf):
            self.edit_document(value, LEAF)
        elif isinstance(value, Twig):
            self.edit_document(value, TWIG)
        elif isinstance(value, list):
            self.edit_list(value, ITEMS.get(name, untyped), name)
        elif isinstance(value, dict):
            self.edit_dict(value, ITEMS.get(name, untyped), name)

    def edit_list(self, value: Any, items: st.SearchStrategy[Any], name: str) -> None:
        choices: list[Callable[[], Any]] = [
            lambda: value.append(self.draw(items)),
            lambda: value.extend(self.draw(st.lists(items, max_size=2))),
            lambda: value.insert(0, self.draw(items)),
            lambda: value.reverse(),
            lambda: value.clear(),
        ]
        if value:
            position = self.draw(st.integers(-len(value), len(value) - 1))
            choices += [
                lambda: value.__setitem__(position, self.draw(items)),
                lambda: value.__setitem__(slice(0, 1), self.draw(st.lists(items, max_size=2))),
                lambda: value.pop(position),
                lambda: value.__delitem__(position),
                lambda: value.remove(value[position]),
                *3 * [lambda: self.edit_value(value[position], f"{name}.")],
            ]
        self.one_of(*choices)

    def edit_dict(self, value: Any, items: st.SearchStrategy[Any], name: str) -> None:
        choices: list[Callable[[], Any]] = [
            lambda: value.__setitem__(self.draw(keys), self.draw(items)),
            lambda: value.update({self.draw(keys): self.draw(items)}),
            lambda: value.setdefault(self.draw(keys), self.draw(items)),
            lambda: value.__setitem__("a.b", self.draw(items)),
            lambda: value.clear(),
        ]
        if value:
            key = self.draw(st.sampled_from(sorted(value)))
            choices += [
                lambda: value.__setitem__(key, self.draw(items)),
                lambda: value.pop(key),
                lambda: value.__delitem__(key),
                *3 * [lambda: self.edit_value(value[key], f"{name}.")],
            ]
        self.one_of(*choices)


# The key stays. Geo data, references and the plain data of a DynamicField are replaced: no
# container notices their changes.
EDITS = {name: values for name, values in VALUES.items() if name != "id"}
REPLACED = {"spot", "point", "line", "polygon", "points", "lines", "polygons", "generic", "dynamic"}
ITEMS: dict[str, st.SearchStrategy[Any]] = {
    "texts": texts,
    "tags": texts,
    "preset": int64,
    "matrix": st.lists(int64, max_size=2),
    "matrix.": int64,
    "metals": st.sampled_from(Metal),
    "ranked": int64,
    "counts": int64,
    "lists": st.lists(int64, max_size=2),
    "lists.": int64,
    "leaves": leaves,
    "twigs": twigs,
    "leaf_map": leaves,
    "leaf_lists": st.lists(leaves, max_size=2),
    "leaf_lists.": leaves,
    "loose_list": leaves | twigs,
    "targets": dbrefs,
}


@settings(EXAMPLES, max_examples=300)
@given(everything, st.data())
def test_the_update_of_an_edited_document_stores_the_edits(document: Any, data: Any) -> None:
    stored = through_bson(document.to_mongo())
    stored.setdefault("_id", ObjectId())
    edited = Everything._from_son(through_bson(stored), _auto_dereference=False)
    editor = Editor(data)

    for _ in range(2):
        for _ in range(data.draw(st.integers(1, 4))):
            editor.edit_document(edited, EDITS)
        edited.validate()
        apply_update(stored, through_bson(edited._get_update_doc()))
        again = Everything._from_son(through_bson(stored), _auto_dereference=False)
        assert_same_values(again, edited)
        edited._clear_changed_fields()
        assert edited._delta() == ({}, {})


box_values = some_of(LooseBox, {"text": texts, "other": plain, "leaf": leaves})
loose_items = untyped | box_values
LOOSE = {"text": texts, "a": loose_items, "b": loose_items, "async_save": plain}


@settings(EXAMPLES, max_examples=200)
@given(st.fixed_dictionaries({}, optional=LOOSE), st.data())
def test_the_update_of_an_edited_dynamic_document_stores_the_edits(
    values: dict[str, Any], data: Any
) -> None:
    document = Loose(id=ObjectId(), **values)
    stored = through_bson(document.to_mongo())
    edited = Loose._from_son(through_bson(stored))
    assert_same_values(edited, document)
    editor = Editor(data)

    for _ in range(data.draw(st.integers(1, 4))):
        editor.edit_document(edited, LOOSE)
    apply_update(stored, through_bson(edited._get_update_doc()))
    again = Loose._from_son(through_bson(stored))
    assert_same_values(again, edited)


def test_decimals_keep_their_value_in_each_way_of_storing() -> None:
    amount = decimal.Decimal("12.34")
    document = Everything(number=1, price=amount, exact=amount, wide=amount)
    stored = document.to_mongo()

    assert (stored["price"], stored["exact"]) == (12.34, "12.340")
    assert stored["wide"] == Decimal128("12.34")
    loaded = Everything._from_son(through_bson(stored))
    assert (loaded.price, loaded.exact, loaded.wide) == (amount, amount, amount)
