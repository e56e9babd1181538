"""The stored form of documents."""

from __future__ import annotations

from typing import Any

import bson
import pytest
from bson import SON, DBRef, ObjectId

from mongoengine.document import Document, DynamicDocument, EmbeddedDocument
from mongoengine.fields import (
    BaseField,
    DecimalField,
    DictField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    ReferenceField,
    StringField,
)

KEY = ObjectId()


class Ingredient(EmbeddedDocument):
    name = StringField(db_field="n")
    grams = IntField()


class SpicyIngredient(EmbeddedDocument):
    meta = {"allow_inheritance": True}

    heat = IntField()


class Recipe(Document):
    title = StringField(db_field="t")
    minutes = IntField(default=30)
    price = DecimalField(db_field="p")
    main = EmbeddedDocumentField(Ingredient, db_field="m")
    others = EmbeddedDocumentListField(Ingredient, db_field="o")
    spice = EmbeddedDocumentField(SpicyIngredient)
    steps = ListField(StringField())
    notes = DictField()
    source = ReferenceField("Recipe", db_field="s")
    nothing = StringField(null=True)


class Dish(Document):
    meta = {"allow_inheritance": True}

    name = StringField()


class Soup(Dish):
    litres = IntField(db_field="l")


class Menu(Document):
    code = StringField(primary_key=True)
    name = StringField()


class Buffet(DynamicDocument):
    name = StringField()


EMPTY: dict[str, Any] = {"minutes": 30, "o": [], "steps": [], "notes": {}, "nothing": None}


def test_values_are_stored_under_their_database_names() -> None:
    recipe = Recipe(
        id=KEY,
        title="Soup",
        price="1.5",
        main=Ingredient(name="leek", grams=5),
        others=[Ingredient(name="salt")],
        steps=["cut"],
        notes={"a": Ingredient(grams=1)},
    )

    assert recipe.to_mongo().to_dict() == {
        "_id": KEY,
        "t": "Soup",
        "minutes": 30,
        "p": 1.5,
        "m": {"n": "leek", "grams": 5},
        "o": [{"n": "salt"}],
        "steps": ["cut"],
        "notes": {"a": {"grams": 1, "_cls": "Ingredient"}},
        "nothing": None,
    }


def test_none_is_left_out_unless_the_field_keeps_it() -> None:
    assert Recipe().to_mongo().to_dict() == EMPTY
    assert Ingredient().to_mongo().to_dict() == {}


def test_the_stored_form_is_a_son_with_the_key_and_the_class_first() -> None:
    soup = Soup(litres=2, name="a", id=KEY)

    stored = soup.to_mongo()

    assert isinstance(stored, SON)
    assert isinstance(stored, dict)
    assert list(stored) == ["_id", "_cls", "name", "l"]
    assert stored["_cls"] == "Dish.Soup"


def test_the_class_is_stored_only_where_there_can_be_subclasses() -> None:
    assert "_cls" not in Recipe().to_mongo()
    assert Recipe(main=Ingredient(), spice=SpicyIngredient(heat=1)).to_mongo()["spice"] == {
        "_cls": "SpicyIngredient",
        "heat": 1,
    }


def test_the_class_of_a_subclass_without_inheritance_is_not_stored() -> None:
    class Chili(SpicyIngredient):
        meta = {"custom": 1}

        colour = StringField()

    chili = Chili(heat=9)

    assert chili._cls == "Chili"
    assert chili.to_mongo().to_dict() == {"heat": 9}


def test_a_key_of_the_users_own_is_stored_as_the_id() -> None:
    assert Menu(code="x", name="a").to_mongo().to_dict() == {"_id": "x", "name": "a"}
    assert Menu().to_mongo().to_dict() == {}


def test_model_names_can_be_asked_for() -> None:
    recipe = Recipe(id=KEY, title="Soup", main=Ingredient(name="leek"))

    stored = recipe.to_mongo(use_db_field=False)

    assert stored["title"] == "Soup"
    assert stored["main"] == {"name": "leek"}
    assert (stored["id"], stored["_id"]) == (KEY, KEY)
    assert {"t", "m"}.isdisjoint(stored)


def test_some_fields_can_be_asked_for() -> None:
    recipe = Recipe(id=KEY, title="Soup", main=Ingredient(name="leek", grams=5), steps=["cut"])

    assert recipe.to_mongo(fields=["title"]).to_dict() == {"_id": KEY, "t": "Soup"}
    assert recipe.to_mongo(fields=["main.grams", "steps"]).to_dict() == {
        "_id": KEY,
        "m": {"grams": 5},
        "steps": ["cut"],
    }


def test_references_are_stored_as_keys_without_being_loaded() -> None:
    other = Recipe(id=KEY)

    assert Recipe(source=other).to_mongo()["s"] == KEY
    assert Recipe._from_son({"s": KEY}).to_mongo()["s"] == KEY
    assert Recipe._from_son({"s": DBRef("recipe", KEY)}).to_mongo()["s"] == KEY


def test_dynamic_attributes_are_stored() -> None:
    buffet = Buffet(name="a", places=5)
    buffet.dishes = [{"n": 1}]
    buffet.gone = None

    assert buffet.to_mongo().to_dict() == {
        "name": "a",
        "places": 5,
        "dishes": [{"n": 1}],
        "gone": None,
    }


def test_conversions_the_user_wrote_are_run() -> None:
    class Upper(BaseField):
        def to_mongo(self, value: Any) -> Any:
            return value.upper()

    class Loud(Document):
        word = Upper(db_field="w")
        words = ListField(Upper())

    loud = Loud(word="hey", words=["a", "b"])

    assert loud.to_mongo().to_dict() == {"w": "HEY", "words": ["A", "B"]}
    assert loud.to_mongo(fields=["word"]).to_dict() == {"w": "HEY"}


def test_the_stored_form_can_be_encoded_and_loaded_again() -> None:
    recipe = Recipe(id=KEY, title="Soup", main=Ingredient(name="leek"), notes={"a": [1, {"b": 2}]})

    raw = bson.decode(bson.encode(recipe.to_mongo()))
    again = Recipe._from_son(raw)

    assert raw == recipe.to_mongo().to_dict()
    assert again._data == recipe._data


def test_the_stored_form_is_no_part_of_the_document() -> None:
    recipe = Recipe(title="Soup", notes={"a": {}}, main=Ingredient(name="leek"))
    stored = recipe.to_mongo()

    stored["t"] = "Cake"
    stored["m"]["n"] = "flour"

    assert (recipe.title, recipe.main.name) == ("Soup", "leek")


@pytest.mark.parametrize("name", ["title", "main", "others", "notes"])
def test_what_was_not_read_is_stored_as_it_was_loaded(name: str) -> None:
    raw = {
        "_id": KEY,
        "t": "Soup",
        "m": {"n": "leek"},
        "o": [{"n": "salt"}],
        "notes": {"k": [1]},
        **{key: EMPTY[key] for key in ("minutes", "steps", "nothing")},
    }
    untouched = Recipe._from_son(bson.decode(bson.encode(raw)))
    touched = Recipe._from_son(bson.decode(bson.encode(raw)))
    getattr(touched, name)

    assert untouched.to_mongo().to_dict() == touched.to_mongo().to_dict() == raw


def test_key_and_class_come_first_and_always() -> None:
    class Beast(Document):
        name = StringField(db_field="n")
        age = IntField()
        meta = {"allow_inheritance": True}

    key = ObjectId()
    beast = Beast(id=key, name="a", age=1)

    assert list(beast.to_mongo(fields=["age"]).items()) == [
        ("_id", key),
        ("_cls", "Beast"),
        ("age", 1),
    ]
    assert list(beast.to_mongo(use_db_field=False).items()) == [
        ("_id", key),
        ("_cls", "Beast"),
        ("id", key),
        ("name", "a"),
        ("age", 1),
    ]
    assert list(Beast(age=1).to_mongo(fields=["age"])) == ["_cls", "age"]
