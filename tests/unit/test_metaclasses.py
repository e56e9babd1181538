"""What happens when a document class is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mongoengine.base import DocumentMetaclass, TopLevelDocumentMetaclass
from mongoengine.base.common import _document_registry, _DocumentRegistry
from mongoengine.document import (
    Document,
    DynamicDocument,
    DynamicEmbeddedDocument,
    EmbeddedDocument,
)
from mongoengine.errors import (
    DoesNotExist,
    InvalidDocumentError,
    LookUpError,
    MultipleObjectsReturned,
)
from mongoengine.fields import (
    DictField,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    ReferenceField,
    StringField,
)
from mongoengine.queryset import CASCADE, NULLIFY, QuerySet, QuerySetManager, queryset_manager


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """Keep the classes a test makes apart from those of other modules."""
    before = dict(_document_registry)
    own = {name: cls for name, cls in before.items() if cls.__module__ == __name__}
    _document_registry.clear()
    _document_registry.update(own)
    yield
    _document_registry.clear()
    _document_registry.update(before)


# Fields


def test_fields_know_their_names_and_their_class() -> None:
    class Ship(Document):
        name = StringField()
        tons = IntField(db_field="t")

    assert Ship._fields == {"id": Ship.id, "name": Ship.name, "tons": Ship.tons}
    assert (Ship.tons.name, Ship.tons.db_field, Ship.tons.owner_document) == ("tons", "t", Ship)
    assert Ship._db_field_map == {"id": "_id", "name": "name", "tons": "t"}
    assert Ship._reverse_db_field_map == {"_id": "id", "name": "name", "t": "tons"}
    assert Ship._fields_ordered == ("id", "name", "tons")
    assert Ship._is_document
    assert not Ship._dynamic


def test_fields_are_ordered_by_their_creation_with_keys_first() -> None:
    late = StringField()

    class Cargo(Document):
        first = StringField()
        key = StringField(primary_key=True)
        early = late

    assert Cargo._fields_ordered == ("key", "early", "first")


def test_inherited_fields_keep_the_class_that_declared_them() -> None:
    class Base(Document):
        meta = {"abstract": True}

        name = StringField()

    class Derived(Base):
        age = IntField()

    assert Derived._fields_ordered == ("id", "name", "age")
    assert Derived.name.owner_document is Base
    assert Derived.age.owner_document is Derived
    assert Base._fields["name"] is Derived._fields["name"]


def test_a_subclass_may_replace_a_field() -> None:
    class Old(Document):
        meta = {"allow_inheritance": True}

        name = StringField()

    class New(Old):
        name = IntField()

    assert isinstance(New._fields["name"], IntField)
    assert isinstance(Old._fields["name"], StringField)


def test_plain_mixins_lend_their_fields_and_meta() -> None:
    class Named:
        name = StringField(db_field="n")
        meta = {"indexes": ["name"]}

        def shout(self) -> str:
            return str(self.name).upper()

    class Dog(Document, Named):
        age = IntField()

    class Cat(Named, Document):
        meta = {"ordering": ["name"]}

    assert Dog._db_field_map["name"] == "n"
    assert Dog(name="rex").shout() == "REX"
    assert [spec["fields"] for spec in Dog._meta["index_specs"]] == [[("n", 1)]]
    assert Cat(name="tom").to_mongo().to_dict() == {"n": "tom"}
    assert Cat._meta["indexes"] == ["name"]


def test_two_fields_may_not_share_a_database_name() -> None:
    with pytest.raises(InvalidDocumentError, match=r"^Multiple db_fields defined for: x, y $"):

        class Doubled(Document):
            a = StringField(db_field="x")
            b = StringField(db_field="x")
            c = StringField(db_field="y")
            d = StringField(db_field="y")

    with pytest.raises(InvalidDocumentError, match=r"^Multiple db_fields defined for: _id $"):

        class TwoKeys(Document):
            a = StringField(primary_key=True)
            b = StringField(primary_key=True)


@pytest.mark.parametrize(
    "name", ["save", "pk", "validate", "clean", "update", "delete", "to_mongo"]
)
def test_a_field_may_not_be_called_like_a_method_of_documents(name: str) -> None:
    with pytest.raises(
        InvalidDocumentError, match=rf"^{name} is a document method and not a valid field name$"
    ):
        type("Clash", (Document,), {name: StringField(), "__module__": __name__})

    # Embedded documents have fewer methods to lose.
    embedded = type("EmbeddedClash", (EmbeddedDocument,), {"save": StringField()})
    assert "save" in embedded._fields


def test_a_field_is_what_the_class_attribute_gives() -> None:
    class Boat(Document):
        name = StringField()
        sails = ListField(StringField())

    assert isinstance(Boat.name, StringField)
    assert isinstance(Boat.sails, ListField)
    assert Boat.name is Boat._fields["name"]
    assert isinstance(Boat.id, ObjectIdField)


# Names and hierarchy


def test_the_name_of_a_class_holds_those_of_its_concrete_parents() -> None:
    class Animal(Document):
        meta = {"allow_inheritance": True}

    class Mammal(Animal):
        pass

    class Dog(Mammal):
        pass

    class Fish(Animal):
        pass

    assert [cls._class_name for cls in (Animal, Mammal, Dog, Fish)] == [
        "Animal",
        "Animal.Mammal",
        "Animal.Mammal.Dog",
        "Animal.Fish",
    ]
    assert Dog._superclasses == ("Animal", "Animal.Mammal")
    assert tuple(Animal._subclasses) == (
        "Animal",
        "Animal.Mammal",
        "Animal.Mammal.Dog",
        "Animal.Fish",
    )
    assert tuple(Mammal._subclasses) == ("Animal.Mammal", "Animal.Mammal.Dog")
    assert tuple(Animal._types) == tuple(Animal._subclasses)
    assert _DocumentRegistry.get("Dog") is Dog


def test_abstract_parents_are_no_part_of_the_name() -> None:
    class Root(Document):
        meta = {"abstract": True}

    class Middle(Root):
        meta = {"abstract": True}

    class Leaf(Middle):
        pass

    assert Leaf._class_name == "Leaf"
    assert Leaf._get_collection_name() == "leaf"


def test_the_names_of_embedded_documents_have_no_dots() -> None:
    class Shape(EmbeddedDocument):
        meta = {"allow_inheritance": True}

    class Circle(Shape):
        pass

    assert Circle._class_name == "Circle"
    assert Circle._superclasses == ("Shape",)
    assert tuple(Shape._subclasses) == ("Shape", "Circle")


def test_a_class_must_allow_to_be_subclassed() -> None:
    class Closed(Document):
        pass

    class ClosedPart(EmbeddedDocument):
        pass

    for base in (Closed, ClosedPart):
        with pytest.raises(
            ValueError,
            match=rf"^Document {base.__name__} may not be subclassed\. To enable inheritance, "
            r'use the "allow_inheritance" meta attribute\.$',
        ):
            type("Sub", (base,), {"__module__": __name__})


def test_inheritance_cannot_be_forbidden_half_way_down() -> None:
    class Open(Document):
        meta = {"allow_inheritance": True}

    with pytest.raises(
        ValueError,
        match=r'^Only direct subclasses of Document may set "allow_inheritance" to False$',
    ):

        class Half(Open):
            meta = {"allow_inheritance": False}


def test_the_class_is_a_field_of_documents_that_can_have_subclasses() -> None:
    class Open(Document):
        meta = {"allow_inheritance": True}

        name = StringField()

    class Sub(Open):
        other = StringField()

    class Closed(Document):
        name = StringField()

    assert Open._fields_ordered == ("id", "name", "_cls")
    assert Sub._fields_ordered == ("id", "name", "other", "_cls")
    assert "_cls" not in Closed._fields


def test_classes_are_registered_and_replaced_in_their_module() -> None:
    class Twice(Document):
        pass

    first = Twice

    class Twice(Document):  # type: ignore[no-redef]
        name = StringField()

    assert _DocumentRegistry.get("Twice") is Twice
    assert first is not Twice


def test_a_class_of_the_same_name_in_another_module_is_warned_of() -> None:
    type("Common", (Document,), {"__module__": "one"})

    with pytest.warns(UserWarning, match="Multiple Document classes named `Common`"):
        type("Common", (Document,), {"__module__": "two"})


# Meta


def test_a_class_has_the_default_meta() -> None:
    class Plain(Document):
        pass

    meta = dict(Plain._meta)
    assert meta == {
        "abstract": False,
        "max_documents": None,
        "max_size": None,
        "ordering": [],
        "indexes": [],
        "id_field": "id",
        "index_background": False,
        "index_opts": None,
        "delete_rules": None,
        "allow_inheritance": None,
        "collection": "plain",
        "index_specs": [],
    }
    assert not hasattr(Plain, "meta")


@pytest.mark.parametrize(
    ("name", "collection"),
    [
        ("BlogPost", "blog_post"),
        ("HTTPServer", "h_t_t_p_server"),
        ("Foo_Bar", "foo__bar"),
        ("_Hidden", "hidden"),
        ("lower", "lower"),
    ],
)
def test_the_collection_is_named_after_the_class(name: str, collection: str) -> None:
    cls = type(name, (Document,), {"__module__": __name__})

    assert cls._get_collection_name() == collection


def test_the_collection_can_be_named_or_computed() -> None:
    class Named(Document):
        meta = {"collection": "things"}

    class Pattern(Document):
        meta = {"abstract": True, "collection": lambda cls: f"my_{cls.__name__}"}

    class First(Pattern):
        pass

    class Second(Pattern):
        pass

    assert Named._get_collection_name() == "things"
    assert (First._get_collection_name(), Second._get_collection_name()) == (
        "my_First",
        "my_Second",
    )


def test_a_subclass_shares_the_collection_of_its_parent() -> None:
    class Top(Document):
        meta = {"allow_inheritance": True, "collection": "tops"}

    class Below(Top):
        pass

    with pytest.warns(SyntaxWarning, match=r"^Trying to set a collection on a subclass \(Own\)$"):

        class Own(Top):
            meta = {"collection": "own"}

    assert Below._get_collection_name() == Own._get_collection_name() == "tops"


def test_meta_is_inherited_and_indexes_add_up() -> None:
    class Top(Document):
        meta = {
            "allow_inheritance": True,
            "indexes": ["a"],
            "ordering": ["a"],
            "db_alias": "x",
            "custom": 1,
        }
        a = StringField()

    class Below(Top):
        meta = {"indexes": ["b"], "ordering": ["b"]}
        b = StringField()

    assert Below._meta["indexes"] == ["a", "b"]
    assert (Below._meta["ordering"], Below._meta["db_alias"], Below._meta["custom"]) == (
        ["b"],
        "x",
        1,
    )
    assert (Top._meta["indexes"], Top._meta["ordering"]) == (["a"], ["a"])


def test_an_abstract_class_has_neither_collection_nor_manager_nor_key() -> None:
    class Abstract(Document):
        meta = {"abstract": True, "custom": 1}

        name = StringField()

    assert dict(Abstract._meta) == {"abstract": True, "custom": 1}
    assert Abstract._get_collection_name() is None
    assert "id" not in Abstract._fields
    assert not hasattr(Abstract, "objects")
    assert Abstract(name="a").pk is None


def test_an_abstract_class_may_not_be_below_a_concrete_one() -> None:
    class Concrete(Document):
        meta = {"allow_inheritance": True}

    with pytest.raises(ValueError, match=r"^Abstract document cannot have non-abstract base$"):

        class Abstract(Concrete):
            meta = {"abstract": True}


def test_the_meta_of_an_embedded_document_is_taken_as_it_is() -> None:
    class Part(EmbeddedDocument):
        meta = {"allow_inheritance": True, "custom": 1}

    class Plain(Part):
        pass

    class Own(Part):
        meta = {"other": 2}

    assert Part._meta == {"allow_inheritance": True, "custom": 1}
    assert dict(Plain._meta) == {"allow_inheritance": True, "custom": 1, "abstract": False}
    assert Own._meta == {"other": 2}


# Keys


def test_a_key_is_added_to_a_class_without_one() -> None:
    class Auto(Document):
        name = StringField()

    assert isinstance(Auto._fields["id"], ObjectIdField)
    assert (Auto.id.db_field, Auto._meta["id_field"]) == ("_id", "id")


def test_a_field_can_be_the_key() -> None:
    class Keyed(Document):
        login = StringField(primary_key=True)

    keyed = Keyed(login="ada")

    assert Keyed._meta["id_field"] == "login"
    assert Keyed._fields_ordered == ("login",)
    assert Keyed.login.db_field == "_id"
    assert Keyed.login.required
    assert (keyed.pk, keyed.id) == ("ada", "ada")
    keyed.pk = "grace"
    assert keyed.login == "grace"


def test_a_subclass_may_not_choose_another_key() -> None:
    class Keyed(Document):
        meta = {"allow_inheritance": True}

        login = StringField(primary_key=True)

    class Same(Keyed):
        name = StringField()

    assert Same._meta["id_field"] == "login"
    with pytest.raises(ValueError, match=r"^Cannot override primary key field$"):

        class Other(Keyed):
            number = IntField(primary_key=True)


def test_an_added_key_gives_way_to_fields_of_its_name() -> None:
    class Taken(Document):
        id = StringField()

    class TakenInStore(Document):
        key = IntField(db_field="_id")

    assert Taken._meta["id_field"] == "auto_id_0"
    assert Taken._fields["auto_id_0"].db_field == "_auto_id_0"
    assert TakenInStore._meta["id_field"] == "auto_id_0"


# What every class gets


def test_every_class_has_exceptions_of_its_own() -> None:
    class Parent(Document):
        meta = {"allow_inheritance": True}

    class Child(Parent):
        pass

    class Stranger(Document):
        pass

    assert issubclass(Parent.DoesNotExist, DoesNotExist)
    assert issubclass(Parent.MultipleObjectsReturned, MultipleObjectsReturned)
    assert issubclass(Child.DoesNotExist, Parent.DoesNotExist)
    assert not issubclass(Stranger.DoesNotExist, Parent.DoesNotExist)
    assert Child.DoesNotExist.__module__ == __name__


def test_every_class_has_a_manager() -> None:
    class Managed(Document):
        pass

    assert isinstance(Managed.objects, QuerySet)
    assert Managed.objects is not Managed.objects
    assert isinstance(Managed().objects, QuerySetManager)
    assert Managed.objects._document is Managed


def test_a_queryset_class_can_be_chosen() -> None:
    class MyQuerySet(QuerySet):
        def adults(self) -> Any:
            return self.filter(age__gte=18)

    class MyManager(QuerySetManager):
        queryset_class = MyQuerySet

    class ByMeta(Document):
        meta = {"queryset_class": MyQuerySet}

        age = IntField()

    class ByManager(Document):
        objects = MyManager()
        age = IntField()

    for cls in (ByMeta, ByManager):
        assert type(cls.objects) is MyQuerySet
        assert type(cls.objects.filter(age=1)) is MyQuerySet
        assert cls.objects.adults()._query == {"age": {"$gte": 18}}


def test_managers_of_the_users_own_take_one_two_or_more_arguments() -> None:
    class Person(Document):
        meta = {"allow_inheritance": True}

        name = StringField()
        age = IntField()

        @queryset_manager
        def adults(queryset: Any) -> Any:
            return queryset.filter(age__gte=18)

        @queryset_manager
        def named(cls: Any, queryset: Any) -> Any:
            return queryset.filter(name=cls.__name__)

        @queryset_manager
        def called(cls: Any, queryset: Any, name: str) -> Any:
            return queryset.filter(name=name)

    class Child(Person):
        pass

    names = ("Person", "Person.Child")
    assert dict(Person.adults._query_obj.to_query(Person)) == {"age": {"$gte": 18}}
    assert Person.named._query["name"] == "Person"
    assert Child.named._query == {"name": "Child", "_cls": "Person.Child"}
    assert Person.called("Ada")._query["name"] == "Ada"
    assert tuple(Person.adults._query["_cls"]["$in"]) == names


def test_a_class_of_its_own_metaclass_is_made() -> None:
    made: list[str] = []

    class Noting(TopLevelDocumentMetaclass):
        def __new__(mcs, name: str, bases: Any, attrs: Any) -> Any:
            attrs["remark"] = StringField()
            cls = super().__new__(mcs, name, bases, attrs)
            made.append(cls._class_name)
            return cls

    class Noted(Document, metaclass=Noting):
        name = StringField()

    assert made == ["Noted"]
    assert set(Noted._fields) == {"id", "name", "remark"}
    assert Noted(remark="x").to_mongo().to_dict() == {"remark": "x"}


def test_the_library_classes_are_not_registered() -> None:
    for cls in (Document, DynamicDocument, EmbeddedDocument, DynamicEmbeddedDocument):
        assert cls.__name__ not in _document_registry
    assert isinstance(EmbeddedDocument, DocumentMetaclass)
    assert isinstance(DynamicDocument, TopLevelDocumentMetaclass)


def test_dynamic_classes_say_so() -> None:
    class Wild(DynamicDocument):
        pass

    class WildPart(DynamicEmbeddedDocument):
        pass

    assert Wild._dynamic
    assert WildPart._dynamic


# Looking fields up


class Inner(EmbeddedDocument):
    meta = {"allow_inheritance": True}

    name = StringField(db_field="n")


class InnerChild(Inner):
    extra = StringField(db_field="x")


class Outer(Document):
    meta = {"allow_inheritance": True}

    title = StringField(db_field="t")
    inner = EmbeddedDocumentField(Inner, db_field="i")
    inners = ListField(EmbeddedDocumentField(Inner), db_field="l")
    notes = DictField(db_field="d")


class OuterChild(Outer):
    colour = StringField(db_field="c")


@pytest.mark.parametrize(
    ("path", "translated"),
    [
        ("title", "t"),
        ("pk", "_id"),
        ("id", "_id"),
        ("inner.name", "i.n"),
        ("inners.name", "l.n"),
        ("inners.0.name", "l.0.n"),
        ("inner.extra", "i.x"),
        ("notes.any.thing", "d.any.thing"),
        ("colour", "c"),
        ("_cls", "_cls"),
    ],
)
def test_paths_are_translated_to_database_names(path: str, translated: str) -> None:
    assert Outer._translate_field_name(path) == translated


def test_a_path_is_resolved_to_its_fields() -> None:
    found = Outer._lookup_field(["inners", "0", "name"])

    assert found == [Outer._fields["inners"], "0", Inner._fields["name"]]
    assert Outer._lookup_field("title") == [Outer._fields["title"]]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nothing", r'^Cannot resolve field "nothing"$'),
        ("_id", r'^Cannot resolve field "_id"$'),
        ("inner.nothing", r'^Cannot resolve field "nothing"$'),
        ("title.nothing", r'^Cannot resolve field "nothing"$'),
    ],
)
def test_paths_that_lead_nowhere_are_refused(path: str, message: str) -> None:
    with pytest.raises(LookUpError, match=message):
        Outer._lookup_field(path.split("."))


# Indexes


def test_index_specifications_are_built_with_the_class() -> None:
    class Indexed(Document):
        meta = {
            "indexes": [
                "name",
                "-age",
                ["name", "-age"],
                {"fields": ["name", "+age"], "unique": True, "sparse": True},
                "$name",
                "#age",
                "inner.name",
                "pk",
            ]
        }
        name = StringField(db_field="n")
        age = IntField()
        inner = EmbeddedDocumentField(Inner, db_field="i")

    assert Indexed._meta["index_specs"] == [
        {"fields": [("n", 1)]},
        {"fields": [("age", -1)]},
        {"fields": [("n", 1), ("age", -1)]},
        {"fields": [("n", 1), ("age", 1)], "unique": True, "sparse": True},
        {"fields": [("n", "text")]},
        {"fields": [("age", "hashed")]},
        {"fields": [("i.n", 1)]},
        {"fields": [("_id", 1)]},
    ]


def test_an_index_on_a_name_that_is_no_field_is_refused_with_the_class() -> None:
    with pytest.raises(LookUpError, match=r'^Cannot resolve field "nothing"$'):

        class Misindexed(Document):
            meta = {"indexes": ["nothing"]}


def test_indexes_of_a_hierarchy_begin_with_the_class() -> None:
    class Top(Document):
        meta = {"allow_inheritance": True, "indexes": ["name", {"fields": ["age"], "cls": False}]}

        name = StringField()
        age = IntField()

    class Below(Top):
        meta = {"indexes": ["size"]}

        size = IntField()

    assert [spec["fields"] for spec in Below._meta["index_specs"]] == [
        [("_cls", 1), ("name", 1)],
        [("age", 1)],
        [("_cls", 1), ("size", 1)],
    ]


def test_unique_fields_have_indexes() -> None:
    class Uniques(Document):
        code = StringField(unique=True)
        year = IntField()
        # An index over several fields is never sparse.
        number = IntField(unique_with="year", sparse=True)
        serial = IntField(unique=True, sparse=True)

    assert Uniques._meta["index_specs"] == [
        {"fields": [("code", 1)], "unique": True, "sparse": False},
        {"fields": [("number", 1), ("year", 1)], "unique": True, "sparse": False},
        {"fields": [("serial", 1)], "unique": True, "sparse": True},
    ]
    assert Uniques.year.required


def test_the_bases_of_a_class_are_walked_depth_first_and_not_in_their_resolution_order() -> None:
    class Shared:
        pass

    class Near(Shared):
        pass

    class Far(Shared):
        pass

    walked = DocumentMetaclass._get_bases((Near, Far))

    assert list(walked) == [Near, Shared, Far]
    assert type(walked).__name__ == "BasesTuple"
    assert DocumentMetaclass._get_bases(walked) == walked


def test_delete_rules_can_be_registered_and_replaced_by_hand() -> None:
    class Target(Document):
        pass

    class Owner(Document):
        target = ReferenceField(Target)

    Target.register_delete_rule(Owner, "target", NULLIFY)
    assert Target._meta["delete_rules"] == {(Owner, "target"): NULLIFY}

    Target.register_delete_rule(Owner, "target", CASCADE)
    assert Target._meta["delete_rules"] == {(Owner, "target"): CASCADE}


def test_a_class_without_fields_named_in_meta_takes_the_key_meta_names() -> None:
    class Keyed(Document):
        name = StringField()
        meta = {"id_field": "name"}

    assert Keyed._fields_ordered == ("name",)
    assert Keyed(name="x").pk == "x"
    assert not hasattr(Keyed, "id")
