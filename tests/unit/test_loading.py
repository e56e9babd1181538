"""Making documents of stored data."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from mongoengine import signals
from mongoengine.document import Document, DynamicDocument, EmbeddedDocument
from mongoengine.errors import FieldDoesNotExist, InvalidDocumentError, NotRegistered
from mongoengine.fields import (
    BaseField,
    DateTimeField,
    DecimalField,
    DictField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)

KEY = ObjectId()


class Crate(EmbeddedDocument):
    label = StringField(db_field="l")
    weight = IntField(default=10)


class Shipment(Document):
    name = StringField(db_field="n")
    n = IntField(db_field="name")
    price = DecimalField(db_field="p")
    crate = EmbeddedDocumentField(Crate, db_field="c")
    crates = EmbeddedDocumentListField(Crate)
    ports = ListField(StringField(), default=["Oslo"])
    notes = DictField()
    status = StringField(default="new")
    empty = StringField(null=True, default="full")


class Lax(Document):
    meta = {"strict": False}

    name = StringField()


class Dropping(Document):
    STRICT = True

    name = StringField()


class Free(DynamicDocument):
    name = StringField()


class Beast(Document):
    meta = {"allow_inheritance": True}

    legs = IntField()


class Bird(Beast):
    wings = IntField(db_field="w")


def test_stored_names_become_field_names() -> None:
    shipment = Shipment._from_son({"_id": KEY, "n": "a", "name": 5, "p": 1.5})

    assert (shipment.id, shipment.name, shipment.n) == (KEY, "a", 5)
    assert str(shipment.price) == "1.50"


def test_a_loaded_document_is_not_new_and_tracks_changes() -> None:
    shipment = Shipment._from_son({"_id": KEY, "n": "a"})

    assert not shipment._created
    assert shipment._initialised
    assert shipment._changed_fields == []
    shipment.name = "b"
    assert shipment._changed_fields == ["n"]


def test_data_can_be_loaded_as_that_of_a_new_document() -> None:
    shipment = Shipment._from_son({"n": "a"}, created=True)

    assert shipment._created
    assert shipment.name == "a"


def test_what_is_not_stored_reads_as_the_default() -> None:
    shipment = Shipment._from_son({"_id": KEY, "status": None, "ports": None})

    assert (shipment.name, shipment.status, shipment.ports) == (None, "new", ["Oslo"])
    assert (shipment.empty, shipment.notes, shipment.crates) == (None, {}, [])
    assert shipment._get_changed_fields() == []


def test_a_default_that_was_read_and_changed_is_a_change() -> None:
    shipment = Shipment._from_son({"_id": KEY})
    shipment.ports.append("Kiel")
    shipment.notes["k"] = 1

    assert sorted(shipment._get_changed_fields()) == ["notes.k", "ports"]
    assert Shipment().ports == ["Oslo"]


def test_embedded_data_becomes_documents() -> None:
    shipment = Shipment._from_son(
        {"_id": KEY, "c": {"l": "a"}, "crates": [{"l": "b", "weight": 1}, {}]}
    )

    assert shipment.crate == Crate(label="a")
    assert shipment.crates == [Crate(label="b", weight=1), Crate()]
    assert shipment.crate._instance == shipment
    assert not shipment.crate._created
    assert shipment.crates[1].weight == 10
    assert shipment._get_changed_fields() == []


def test_values_are_not_checked_when_loaded() -> None:
    shipment = Shipment._from_son({"_id": KEY, "name": "many", "n": 5})

    assert (shipment.n, shipment.name) == ("many", 5)


def test_a_document_reads_the_same_before_and_after_its_values_were_taken_as_a_dict() -> None:
    raw = {"_id": KEY, "n": "a", "c": {"l": "x"}, "crates": [{"l": "y"}], "ports": ["p"]}
    whole = Shipment._from_son(dict(raw))._data
    shipment = Shipment._from_son(dict(raw))

    assert {name: getattr(shipment, name) for name in shipment} == dict(whole)
    assert shipment._data == whole


@pytest.mark.parametrize("kind", [str, int, list])
def test_data_must_be_a_dict(kind: type[Any]) -> None:
    value = {str: "x", int: 5, list: [1]}[kind]
    with pytest.raises(
        ValueError,
        match=rf"^The source SON object needs to be of type 'dict' but a '<class '{kind.__name__}'>"
        r"' was found$",
    ):
        Shipment._from_son(value)


def test_values_that_cannot_be_converted_are_listed() -> None:
    with pytest.raises(
        InvalidDocumentError,
        match=r"^Invalid data to create a `Shipment` instance\.\n"
        r"Field 'crate' - The source SON object needs to be of type 'dict' but a "
        r"'<class 'str'>' was found$",
    ):
        Shipment._from_son({"_id": KEY, "c": "heavy"})


def test_unknown_keys_of_a_strict_document_are_refused() -> None:
    with pytest.raises(
        FieldDoesNotExist,
        match=r"""^The fields "\{'other'\}" do not exist on the document "Shipment"$""",
    ):
        Shipment._from_son({"_id": KEY, "other": 1})
    with pytest.raises(FieldDoesNotExist, match='document "Crate"'):
        Shipment._from_son({"_id": KEY, "c": {"other": 1}})
    with pytest.raises(FieldDoesNotExist, match='document "Crate"'):
        Shipment._from_son({"_id": KEY, "crates": [{"l": "a"}, {"other": 1}]})


def test_unknown_keys_of_a_document_that_is_not_strict_are_kept_as_data() -> None:
    lax = Lax._from_son({"_id": KEY, "name": "a", "other": [1]})

    assert lax._data["other"] == [1]
    assert lax.to_mongo().to_dict() == {"_id": KEY, "name": "a"}
    assert lax._get_changed_fields() == []


def test_unknown_keys_can_be_dropped() -> None:
    dropping = Dropping._from_son({"_id": KEY, "name": "a", "other": 1})

    assert dropping.name == "a"
    assert "other" not in dropping._data


def test_unknown_keys_of_a_dynamic_document_are_attributes() -> None:
    free = Free._from_son({"_id": KEY, "name": "a", "colour": "red", "points": [{"x": 1}]})

    assert (free.colour, free.points[0]["x"]) == ("red", 1)
    assert free._get_changed_fields() == []
    assert free.to_mongo().to_dict() == {
        "_id": KEY,
        "name": "a",
        "colour": "red",
        "points": [{"x": 1}],
    }


def test_data_is_loaded_as_the_class_it_names() -> None:
    bird = Beast._from_son({"_id": KEY, "_cls": "Beast.Bird", "legs": 2, "w": 2})

    assert type(bird) is Bird
    assert (bird.legs, bird.wings, bird._cls) == (2, 2, "Beast.Bird")


def test_data_that_names_no_class_is_loaded_as_the_class_it_is_asked_of() -> None:
    bird = Bird._from_son({"_id": KEY, "legs": 2})

    assert type(bird) is Bird
    assert bird.to_mongo().to_dict() == {"_id": KEY, "_cls": "Beast.Bird", "legs": 2}


def test_data_of_a_class_nobody_knows_is_refused() -> None:
    with pytest.raises(NotRegistered, match=r"^`Beast\.Dragon` has not been registered"):
        Beast._from_son({"_id": KEY, "_cls": "Beast.Dragon"})


def test_a_class_name_is_ignored_where_there_are_no_subclasses() -> None:
    lax = Lax._from_son({"_id": KEY, "_cls": "Lax", "name": "a"})

    assert lax.to_mongo().to_dict() == {"_id": KEY, "name": "a"}


def test_receivers_and_constructors_see_loaded_data() -> None:
    class Observed(Document):
        name = StringField()

        def __init__(self, *args: Any, **values: Any) -> None:
            super().__init__(*args, **values)
            self.seen = f"made {self.name}"

    heard: list[Any] = []

    def before(sender: Any, document: Any, values: dict[str, Any]) -> None:
        heard.append(values["name"])
        values["name"] = values["name"].upper()

    assert Observed._from_son({"_id": KEY, "name": "a"}).seen == "made a"
    with signals.pre_init.connected_to(before, sender=Lax):
        lax = Lax._from_son({"_id": KEY, "name": "a"})

    assert (heard, lax.name, lax._created, lax._changed_fields) == (["a"], "A", False, [])


def test_conversions_the_user_wrote_are_run() -> None:
    class Shout(BaseField):
        def to_python(self, value: Any) -> Any:
            return value.upper()

        def to_mongo(self, value: Any) -> Any:
            return value.lower()

    class Doubled(IntField):
        def to_python(self, value: Any) -> Any:
            return 2 * value

    class Customised(Document):
        word = Shout()
        number = Doubled()

    loaded = Customised._from_son({"_id": KEY, "word": "hey", "number": 4})

    assert (loaded.word, loaded.number) == ("HEY", 8)
    assert loaded.to_mongo()["word"] == "hey"


def test_conversions_that_fail_are_reported_together() -> None:
    class Picky(BaseField):
        def to_python(self, value: Any) -> Any:
            raise ValueError(f"no {value}")

    class Choosy(Document):
        a = Picky(db_field="x")
        b = Picky()
        c = IntField()

    with pytest.raises(InvalidDocumentError) as failure:
        Choosy._from_son({"_id": KEY, "x": 1, "b": 2, "c": 3})

    assert str(failure.value) == (
        "Invalid data to create a `Choosy` instance.\nField 'a' - no 1\nField 'b' - no 2"
    )


def test_defaults_that_are_computed_are_computed_for_every_document() -> None:
    numbers = iter(range(10))

    class Numbered(Document):
        number = IntField(default=lambda: next(numbers))
        at = DateTimeField()

    first, second = Numbered._from_son({"_id": KEY}), Numbered._from_son({"_id": KEY})

    assert (first.number, second.number) == (0, 1)
    assert (first.number, second.number) == (0, 1)
    assert Numbered._from_son({"_id": KEY, "number": 7}).number == 7


def test_fields_added_to_a_class_are_known_to_the_next_document_loaded() -> None:
    class Growing(Document):
        name = StringField()

    with pytest.raises(FieldDoesNotExist):
        Growing._from_son({"_id": KEY, "name": "a", "age": 1})

    Growing.name.default = "nobody"

    assert Growing._from_son({"_id": KEY}).name == "nobody"
