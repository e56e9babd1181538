"""What a field may be called: anything but the names MongoEngine's own classes use."""

from __future__ import annotations

import copy
import pickle
import weakref
from typing import Any

import pytest
from bson import ObjectId

from mongoengine.base.fields.base import BaseField
from mongoengine.base.reserved import RESERVED_NAMES
from mongoengine.base.verbs import verb
from mongoengine.document import (
    Document,
    DynamicDocument,
    DynamicEmbeddedDocument,
    EmbeddedDocument,
)
from mongoengine.errors import InvalidDocumentError, ValidationError
from mongoengine.fields import (
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    ReferenceField,
    StringField,
)


class PlainDocument(Document):
    pass


class PlainEmbedded(EmbeddedDocument):
    pass


#: Attributes the metaclass gives every class; MongoEngine's does too, under these names.
MADE_BY_THE_METACLASS = {
    "DoesNotExist",
    "MultipleObjectsReturned",
    "_cached_reference_fields",
    "_class_name",
    "_cls",
    "_collection",
    "_db_field_map",
    "_fields",
    "_fields_ordered",
    "_is_base_cls",
    "_is_document",
    "_meta",
    "_reverse_db_field_map",
    "_subclasses",
    "_superclasses",
    "_types",
    "id",
    "objects",
}


def added_names(*classes: type) -> list[str]:
    """Return the names of attributes that MongoEngine's classes do not have."""
    names = {name for cls in classes for name in dir(cls)}
    return sorted(
        name
        for name in names - RESERVED_NAMES - MADE_BY_THE_METACLASS
        if not (name.startswith("__") and name.endswith("__"))
    )


ADDED = added_names(Document, DynamicDocument, PlainDocument)
#: `_instance` is MongoEngine's own name for the owner; `save` and `reload` embedded documents
#: do not have there.
ADDED_TO_EMBEDDED = sorted(
    {
        *added_names(EmbeddedDocument, DynamicEmbeddedDocument, PlainEmbedded),
        "reload",
        "save",
    }
    - {"_instance"}
)


def make_class(name: str, base: Any, **attrs: Any) -> Any:
    return type(base)(name, (base,), {"__module__": __name__, "meta": {}, **attrs})


Shadowed: Any = make_class("Shadowed", Document, **{name: StringField() for name in ADDED})
ShadowedEmbedded: Any = make_class(
    "ShadowedEmbedded",
    EmbeddedDocument,
    **{name: StringField() for name in ADDED_TO_EMBEDDED},
    shadowed_list=ListField(IntField()),
)
Holder: Any = make_class(
    "Holder",
    Document,
    one=EmbeddedDocumentField(ShadowedEmbedded),
    many=EmbeddedDocumentListField(ShadowedEmbedded),
)


def test_every_name_that_is_not_a_verb_is_a_dunder() -> None:
    assert [name for name in ADDED if not name.lstrip("_").startswith("async_")] == []
    assert ADDED_TO_EMBEDDED == ["async_reload", "async_save", "reload", "save"]


#: The metaclass sets these, or takes them for instructions, before it looks at fields.
NEVER_SEEN = {"_is_base_cls", "_is_document", "_meta", "my_metaclass"}


@pytest.mark.parametrize("name", sorted(RESERVED_NAMES - NEVER_SEEN))
def test_a_name_of_mongoengines_own_document_is_refused(name: str) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        make_class("Refused", Document, **{name: StringField()})
    assert str(caught.value) == f"{name} is a document method and not a valid field name"


@pytest.mark.parametrize("name", ["__init__", "__iter__", "__class__", "__state__"])
def test_a_name_by_which_python_finds_its_way_in_documents_is_refused(name: str) -> None:
    with pytest.raises(InvalidDocumentError, match="is a document method"):
        type(Document)("Special", (Document,), {"__module__": __name__, name: StringField()})


def test_documents_with_fields_named_like_what_we_add_do_everything_else() -> None:
    values = {name: f"value of {name}" for name in ADDED}
    key = ObjectId()
    document = Shadowed(id=key, **values)

    assert {name: getattr(document, name) for name in ADDED} == values
    document.validate()
    stored = document.to_mongo()
    assert stored == {"_id": key, **values}
    assert list(document) == ["id", *ADDED]
    assert isinstance(Shadowed.async_save, BaseField)

    loaded = Shadowed._from_son(dict(stored))
    assert loaded == document
    assert {name: loaded[name] for name in ADDED} == values
    for name in ADDED:
        loaded[name] = "new"
    assert loaded._delta() == (dict.fromkeys(ADDED, "new"), {})
    assert pickle.loads(pickle.dumps(loaded))._data == loaded._data
    assert copy.deepcopy(loaded)._data == loaded._data
    loaded.async_save = 5
    with pytest.raises(ValidationError, match="async_save"):
        loaded.validate()


def test_embedded_documents_with_fields_named_like_what_we_add_do_everything_else() -> None:
    values = {name: f"value of {name}" for name in ADDED_TO_EMBEDDED}
    document = Holder(
        id=ObjectId(), one=ShadowedEmbedded(**values), many=[ShadowedEmbedded(**values)]
    )
    document.validate()
    stored = document.to_mongo()
    assert stored["one"] == stored["many"][0] == {**values, "shadowed_list": []}

    loaded = Holder._from_son(dict(stored))
    assert loaded.one == document.one
    assert loaded.one._instance == loaded
    name = ADDED_TO_EMBEDDED[0]
    setattr(loaded.one, name, "new")
    loaded.many[0].shadowed_list.append(1)
    assert loaded._delta() == ({f"one.{name}": "new", "many.0.shadowed_list": [1]}, {})


@pytest.mark.parametrize("name", ADDED)
def test_a_verb_is_reached_past_the_field_that_has_its_name(name: str) -> None:
    document = Shadowed(**{name: "value"})

    expected = getattr(Document, name)
    assert verb(document, name).__func__ is getattr(expected, "__func__", expected)


def test_a_verb_of_an_owner_known_by_proxy_is_bound_to_the_document_itself() -> None:
    document = Shadowed()

    assert verb(weakref.proxy(document), "async_save").__self__ is document


def test_a_verb_is_the_override_of_a_subclass_even_below_a_field_of_its_name() -> None:
    class Below(make_class("Above", Document, async_save=StringField(), meta=INHERITABLE)):
        async def async_save(self) -> str:  # a subclass takes its verb back
            return "saved"

    assert verb(Below(), "async_save").__func__ is Below.__dict__["async_save"]


def test_a_verb_is_what_was_put_on_the_instance_where_no_field_has_the_name() -> None:
    document = PlainDocument()
    document.async_save = replaced = object()

    assert verb(document, "async_save") is replaced


INHERITABLE = {"allow_inheritance": True}


class Wide(DynamicDocument):
    label = "a constant"

    def method(self) -> str:
        return "called"

    @property
    def doubled(self) -> int:
        return self.half * 2

    @doubled.setter
    def doubled(self, value: int) -> None:
        self.half = value // 2


class WideEmbedded(DynamicEmbeddedDocument):
    pass


PUBLIC = [name for name in ADDED if not name.startswith("_")]


@pytest.mark.parametrize("name", [*PUBLIC, "method", "label", "save", "update"])
def test_any_public_name_set_on_a_dynamic_document_is_stored(name: str) -> None:
    document = Wide(**{name: 1})
    assert document.to_mongo() == {name: 1}
    setattr(document, name, 2)
    assert document.to_mongo() == {name: 2}
    assert list(document._dynamic_fields) == [name]


def test_a_property_of_a_dynamic_class_is_set_and_not_stored() -> None:
    document = Wide(doubled=6)

    assert document.to_mongo() == {"half": 3}
    document.doubled = 8
    assert document.to_mongo() == {"half": 4}


def test_stored_data_does_not_stand_in_the_way_of_mongoengines_methods() -> None:
    loaded = Wide._from_son({"save": 1, "async_save": 2, "method": 3, "doubled": 4})

    assert callable(loaded.save)
    assert loaded._data["save"] == 1
    assert (loaded.async_save, loaded.method) == (2, 3)
    assert verb(loaded, "async_save").__func__ is Document.async_save


def test_names_that_users_keep_for_themselves_are_theirs() -> None:
    class Private(Document):
        name = StringField()
        _state = "mine"

        def _move(self) -> str:
            return "moved"

        def _plan(self) -> str:
            return "planned"

        def _owner(self) -> str:
            return "owner"

        _home = property(_owner)

    document = Private(name="a")
    document._state = "changed"
    document.validate()

    assert document.to_mongo() == {"name": "a"}
    assert (document._state, document._move(), document._plan(), document._home) == (
        "changed",
        "moved",
        "planned",
        "owner",
    )


def test_a_field_keeps_metadata_named_like_what_we_add_to_fields() -> None:
    own = set(dir(StringField())) | set(dir(ReferenceField(PlainDocument)))
    for name in ("lazy", "plain_types", "query_kind", "stores_items_alone", "async_fetch"):
        assert name in own
        field = StringField(**{name: "metadata"})
        cls = make_class("WithMetadata", Document, text=field)

        assert getattr(field, name) == "metadata"
        assert cls(text="a").to_mongo() == {"text": "a"}
        assert cls._from_son({"text": "a"}).text == "a"
