"""Making documents of keywords, and what their attributes do."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from bson import DBRef, ObjectId

from mongoengine import signals
from mongoengine.document import (
    Document,
    DynamicDocument,
    DynamicEmbeddedDocument,
    EmbeddedDocument,
)
from mongoengine.errors import FieldDoesNotExist, InvalidDocumentError, OperationError
from mongoengine.fields import (
    DictField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)


class Address(EmbeddedDocument):
    city = StringField(db_field="c")
    number = IntField(default=1)


class Citizen(Document):
    name = StringField(required=True)
    age = IntField(default=30)
    nick = StringField(null=True, default="none")
    tags = ListField(StringField())
    size = StringField(choices=(("S", "Small"), ("L", "Large")))
    sizes = ListField(StringField(), choices=(("S", "Small"), ("L", "Large")), display_sep="/")
    colour = StringField(choices=("red", "blue"))
    address = EmbeddedDocumentField(Address)
    addresses = EmbeddedDocumentListField(Address)
    notes = DictField()


class Passport(Document):
    number = StringField(primary_key=True)
    owner = StringField()


class Wild(DynamicDocument):
    name = StringField()


class Tolerant(Document):
    meta = {"strict": False}

    name = StringField()


class Vehicle(Document):
    meta = {"allow_inheritance": True}

    wheels = IntField()


class Car(Vehicle):
    doors = IntField()


class Draft(Document):
    meta = {"abstract": True}

    title = StringField()


class Region(Document):
    meta = {"shard_key": ("country", "zone")}

    country = StringField()
    zone = IntField()
    name = StringField()


# Keywords


def test_values_are_given_by_keyword() -> None:
    citizen = Citizen(name="Ada", age=36, tags=["a"], notes={"k": 1})

    assert (citizen.name, citizen.age, citizen.tags, citizen.notes) == ("Ada", 36, ["a"], {"k": 1})


def test_positional_arguments_are_refused() -> None:
    with pytest.raises(
        TypeError,
        match=r"^Instantiating a document with positional arguments is not supported\. "
        r"Please use `field_name=value` keyword arguments\.$",
    ):
        Citizen("Ada")


def test_names_that_are_no_fields_are_refused() -> None:
    with pytest.raises(
        FieldDoesNotExist,
        match=r"""^The fields "\{'shoe'\}" do not exist on the document "Citizen"$""",
    ):
        Citizen(name="Ada", shoe=38)
    with pytest.raises(
        FieldDoesNotExist,
        match=r"""^The fields "\{'doors'\}" do not exist on the document "Vehicle"$""",
    ):
        Vehicle(doors=3)


def test_a_class_that_is_not_strict_refuses_unknown_keywords_all_the_same() -> None:
    with pytest.raises(FieldDoesNotExist):
        Tolerant(name="a", other=1)


def test_database_names_are_no_keywords() -> None:
    with pytest.raises(FieldDoesNotExist):
        Address(c="Paris")


def test_a_dynamic_document_takes_any_keyword() -> None:
    wild = Wild(name="a", colour="red", points=[1])

    assert (wild.name, wild.colour, wild.points) == ("a", "red", [1])
    assert set(wild._dynamic_fields) == {"colour", "points"}
    assert wild.to_mongo().to_dict() == {"name": "a", "colour": "red", "points": [1]}
    assert set(Wild._fields) == {"id", "name"}


def test_given_values_are_converted() -> None:
    assert Citizen(age="36").age == 36
    assert Citizen(address={"c": "Paris"}).address == Address(city="Paris")
    assert Citizen(age="old").age == "old"


def test_values_assigned_later_are_left_as_they_are() -> None:
    citizen = Citizen()
    citizen.age = "36"

    assert citizen.age == "36"


def test_fields_that_are_not_given_have_their_defaults() -> None:
    citizen = Citizen()

    assert (citizen.name, citizen.age, citizen.tags, citizen.notes) == (None, 30, [], {})
    assert Citizen(age=None).age == 30


def test_a_field_that_keeps_none_has_none_in_place_of_its_default() -> None:
    assert Citizen().nick is None
    assert Citizen(nick=None).nick is None
    assert Citizen(nick="Ad").nick == "Ad"


def test_no_two_documents_share_a_default() -> None:
    one, other = Citizen(), Citizen()

    one.tags.append("a")
    one.notes["k"] = 1

    assert (other.tags, other.notes) == ([], {})


def test_the_key_can_be_given_under_both_names_and_the_last_one_counts() -> None:
    first, second = ObjectId(), ObjectId()

    assert Citizen(pk=first).id == first
    assert Citizen(id=first).pk == first
    assert Citizen(pk=first, id=second).id == second
    assert Citizen(id=first, pk=second).id == second
    assert Passport(pk="x").number == "x"
    assert Passport(number="x").id == "x"


def test_receivers_see_a_document_being_made() -> None:
    heard: list[Any] = []

    def before(sender: Any, document: Any, values: dict[str, Any]) -> None:
        heard.append(("before", sender, dict(values), document._initialised))
        values["age"] = 50

    def after(sender: Any, document: Any) -> None:
        heard.append(("after", sender, document.age, document._initialised))

    with (
        signals.pre_init.connected_to(before, sender=Citizen),
        signals.post_init.connected_to(after, sender=Citizen),
    ):
        citizen = Citizen(name="Ada")
        Address(city="Paris")

    assert citizen.age == 50
    assert heard == [
        ("before", Citizen, {"name": "Ada"}, False),
        ("after", Citizen, 50, True),
    ]


def test_a_constructor_of_the_users_own_is_called() -> None:
    class Greeter(Document):
        name = StringField()

        def __init__(self, *args: Any, **values: Any) -> None:
            super().__init__(*args, **values)
            self.greeting = f"Hello {self.name}"

    assert Greeter(name="Ada").greeting == "Hello Ada"
    assert Greeter(name="Ada").to_mongo().to_dict() == {"name": "Ada"}
    assert "greeting" not in Greeter(name="Ada")._data


# The class


def test_a_document_knows_its_class() -> None:
    assert Car()._cls == "Vehicle.Car"
    assert Vehicle(wheels=3)._cls == "Vehicle"
    assert Citizen()._cls == "Citizen"
    assert Address()._cls == "Address"


def test_a_class_that_was_given_is_kept() -> None:
    assert Car(_cls="Vehicle").to_mongo()["_cls"] == "Vehicle"
    assert Citizen(_cls="Citizen").to_mongo().to_dict() == {
        "age": 30,
        "nick": None,
        "tags": [],
        "sizes": [],
        "addresses": [],
        "notes": {},
    }


def test_an_abstract_document_can_be_made_but_has_no_key() -> None:
    draft = Draft(title="a")

    assert (draft.title, draft.pk) == ("a", None)
    with pytest.raises(KeyError):
        draft.pk = 1


# New and stored


def test_a_document_that_was_made_is_new_and_tracks_no_changes() -> None:
    citizen = Citizen(id=ObjectId(), name="Ada")
    citizen.name = "Grace"

    assert citizen._created
    assert citizen._initialised
    assert not hasattr(citizen, "_changed_fields")


def test_a_key_assigned_later_means_a_stored_document() -> None:
    citizen = Citizen(name="Ada")
    citizen.id = ObjectId()
    assert not citizen._created

    passport = Passport()
    passport.pk = "x"
    assert not passport._created


def test_an_embedded_document_tracks_changes_from_the_start() -> None:
    address = Address(city="Paris")
    assert address._changed_fields == []

    address.city = "Rome"
    assert address._changed_fields == ["c"]


def test_shard_keys_of_stored_documents_are_immutable() -> None:
    region = Region(country="fr", zone=1, name="a")
    region.country = "it"
    region._created = False

    region.name = "b"
    region.country = "it"
    with pytest.raises(
        OperationError, match=r"^Shard Keys are immutable\. Tried to update country$"
    ):
        region.country = "fr"
    with pytest.raises(OperationError, match=r"^Shard Keys are immutable\. Tried to update zone$"):
        region.zone = 2
    assert (region.country, region.zone, region.name) == ("it", 1, "b")


# Attributes


def test_deleting_a_field_gives_it_its_default() -> None:
    citizen = Citizen(name="Ada", age=36, tags=["a"])

    del citizen.name
    del citizen.age
    del citizen.tags

    assert (citizen.name, citizen.age, citizen.tags) == (None, 30, [])


def test_any_name_of_an_embedded_dynamic_document_can_be_deleted() -> None:
    class Loose(DynamicEmbeddedDocument):
        number = IntField(default=4)

    loose = Loose(number=1, colour="red")
    del loose.number, loose.colour, loose.never_set

    assert (loose.number, loose.colour, loose.never_set) == (4, None, None)
    assert loose.to_mongo() == {"number": 4}
    with pytest.raises(AttributeError):
        del loose._private


def test_a_name_a_dynamic_document_does_not_have_cannot_be_deleted() -> None:
    with pytest.raises(AttributeError):
        del Wild().never_set


def test_other_attributes_are_the_users_own() -> None:
    citizen = Citizen(name="Ada")
    citizen.remark = "x"

    assert citizen.remark == "x"
    assert "remark" not in citizen.to_mongo()
    assert "remark" not in citizen._data
    del citizen.remark
    assert not hasattr(citizen, "remark")
    with pytest.raises(AttributeError):
        del citizen.remark


def test_fields_can_be_read_and_written_as_items() -> None:
    citizen = Citizen(name="Ada")
    citizen["age"] = 36

    assert (citizen["name"], citizen["age"], citizen["id"]) == ("Ada", 36, None)
    for name in ("save", "shoe", "pk"):
        with pytest.raises(KeyError):
            citizen[name]
    with pytest.raises(KeyError):
        citizen["shoe"] = 38


def test_items_of_a_dynamic_document_can_be_made() -> None:
    wild = Wild(name="a")
    wild["colour"] = "red"

    assert (wild["colour"], wild.colour) == ("red", "red")
    assert list(wild) == ["id", "name", "colour"]
    with pytest.raises(KeyError):
        wild["shape"]


def test_containing_means_an_attribute_that_is_not_none() -> None:
    citizen = Citizen(name="Ada")

    assert "name" in citizen
    assert "save" in citizen
    assert "id" not in citizen
    assert "shoe" not in citizen


def test_iterating_gives_the_names_of_the_fields_in_order() -> None:
    assert list(Address()) == ["city", "number"]
    assert list(Citizen())[:3] == ["id", "name", "age"]
    assert list(Car()) == ["id", "wheels", "doors", "_cls"]


def test_the_length_is_the_number_of_values() -> None:
    assert len(Address()) == 2
    assert len(Passport()) == 2
    assert len(Wild(name="a", colour="red")) == 3


def test_a_document_without_fields_is_false() -> None:
    class Nothing(EmbeddedDocument):
        pass

    assert not Nothing()
    assert Address()


def test_choices_with_labels_can_be_shown() -> None:
    citizen = Citizen(size="S", sizes=["S", "L", "?"], colour="red")

    assert citizen.get_size_display() == "Small"
    assert citizen.get_sizes_display() == "Small/Large/?"
    assert citizen.get_colour_display() == "red"
    citizen.size = "XL"
    assert citizen.get_size_display() == "XL"
    citizen.size = None
    assert citizen.get_size_display() is None


def test_the_text_of_a_document_names_its_class() -> None:
    class Spoken(Document):
        name = StringField()

        def __unicode__(self) -> str:
            return f"I am {self.name}"

    class Written(Document):
        name = StringField()

        def __str__(self) -> Any:
            return self.name

    class Unspeakable(Document):
        def __str__(self) -> str:
            raise UnicodeEncodeError("ascii", "ü", 0, 1, "no such letter")

    assert (str(Citizen()), repr(Citizen())) == ("Citizen object", "<Citizen: Citizen object>")
    assert (str(Spoken(name="x")), repr(Spoken(name="x"))) == ("I am x", "<Spoken: I am x>")
    assert repr(Written(name="Grün")) == "<Written: Grün>"
    assert repr(Written()) == "<Written: None>"
    assert repr(Unspeakable()) == "<Unspeakable: [Bad Unicode data]>"


def test_a_text_search_score_is_there_only_after_a_text_search() -> None:
    with pytest.raises(
        InvalidDocumentError,
        match=r"^This document is not originally built from a text query "
        r"\(or text_score was not set on search_text\(\) call\)$",
    ):
        Citizen().get_text_score()

    assert Citizen(_text_score=1.5).get_text_score() == 1.5


# Identity


def test_documents_are_equal_when_their_keys_are() -> None:
    key = ObjectId()

    assert Citizen(id=key, name="a") == Citizen(id=key, name="b")
    assert Citizen(id=key) != Citizen(id=ObjectId())
    assert Passport(number="x", owner="a") == Passport(number="x")
    assert Passport(number="x") != "x"


def test_documents_without_a_key_are_equal_to_themselves_only() -> None:
    citizen = Citizen(name="Ada")

    assert citizen == citizen
    assert citizen != Citizen(name="Ada")
    assert citizen != Citizen(id=ObjectId())


def test_a_document_equals_a_reference_to_it() -> None:
    key = ObjectId()

    assert Citizen(id=key) == DBRef("citizen", key)
    assert Citizen(id=key) != DBRef("other", key)
    assert Citizen(id=key).to_dbref() == DBRef("citizen", key)
    with pytest.raises(OperationError, match=r"^Only saved documents can have a valid dbref$"):
        Citizen().to_dbref()


def test_documents_of_two_classes_are_not_equal() -> None:
    key = ObjectId()

    # Python asks the subclass first, in either order.
    assert Vehicle(id=key) != Car(id=key)
    assert Car(id=key) != Vehicle(id=key)


def test_documents_hash_by_their_key() -> None:
    key = ObjectId()

    assert hash(Citizen(id=key)) == hash(key)
    assert len({Citizen(id=key), Citizen(id=key)}) == 1
    one = Citizen()
    assert len({one, one, Citizen()}) == 2


def test_embedded_documents_are_equal_by_value_and_have_no_hash() -> None:
    assert Address(city="Paris") == Address(city="Paris")
    assert Address(city="Paris") != Address(city="Rome")
    assert Address() != {"city": None, "number": 1}
    with pytest.raises(TypeError):
        hash(Address())


# Owners


def test_an_embedded_document_knows_who_holds_it() -> None:
    address = Address()
    assert address._instance is None

    citizen = Citizen(address=address, addresses=[Address()])
    assert citizen.address._instance == citizen
    assert citizen.addresses[0]._instance == citizen
    assert citizen.addresses._instance == citizen

    other = Address()
    citizen.address = other
    assert other._instance.name is None


# Values


def test_the_values_are_a_dict_by_field_name() -> None:
    citizen = Citizen(name="Ada", address=Address(city="Paris"))

    assert citizen._data["name"] == "Ada"
    assert citizen._data["age"] == 30
    assert citizen._data["address"] is citizen.address
    assert set(citizen._data) == set(Citizen._fields)
    citizen._data["name"] = "Grace"
    assert citizen.name == "Grace"


def test_a_dict_like_document_is_not_tied_to_other_attributes() -> None:
    citizen = Citizen(name="Ada")
    citizen.remark = "x"
    citizen._data["name"] = "Grace"

    assert citizen.name == "Grace"
    assert set(citizen._data) == set(Citizen._fields)


def test_the_key_of_an_update_holds_the_shard_key() -> None:
    key = ObjectId()

    assert Region(id=key, country="fr", zone=1)._object_key == {
        "pk": key,
        "country": "fr",
        "zone": 1,
    }
    assert Citizen(id=key)._object_key == {"pk": key}
    assert Passport(number="x")._object_key == {"pk": "x"}


def test_a_document_survives_without_its_class_having_been_used_before() -> None:
    citizen = pickle.loads(pickle.dumps(Citizen(name="Ada")))

    assert citizen.name == "Ada"


def test_a_value_that_is_no_choice_is_shown_as_text() -> None:
    class Rated(Document):
        stars = IntField(choices=((1, "one"), (2, 2)))

    assert Rated(stars=3).get_stars_display() == "3"
    assert Rated(stars=0).get_stars_display() == "0"
    assert Rated(stars=2).get_stars_display() == "2"
    assert Rated().get_stars_display() is None
