from __future__ import annotations

import inspect
import re
import warnings

import pytest

from mongoengine.base import common
from mongoengine.base.common import (
    UPDATE_OPERATORS,
    _document_registry,
    _DocumentRegistry,
    _get_documents_by_db,
    get_document,
)
from mongoengine.errors import NotRegistered


@pytest.fixture(autouse=True)
def registry():
    """The registry, empty during the test and put back after it."""
    before = dict(_document_registry)
    _document_registry.clear()
    yield _document_registry
    _document_registry.clear()
    _document_registry.update(before)


def _document(class_name, *, module="shop.models", **meta):
    name = class_name.rpartition(".")[2]
    return type(name, (), {"_class_name": class_name, "__module__": module, "_meta": meta})


def _registered(class_name, **options):
    document = _document(class_name, **options)
    _DocumentRegistry.register(document)
    return document


def test_a_class_is_found_under_its_exact_name():
    animal, dog = _registered("Animal"), _registered("Animal.Dog")
    assert _DocumentRegistry.get("Animal") is animal
    assert _DocumentRegistry.get("Animal.Dog") is dog


@pytest.mark.parametrize("name", ["Dog", "Animal.Mammal.Dog", "Somewhere.Dog"])
def test_a_class_is_found_by_the_last_part_of_the_name_if_only_one_ends_in_it(name):
    dog = _registered("Animal.Dog")
    assert _DocumentRegistry.get(name) is dog


def test_a_dotted_name_finds_a_class_that_has_no_dots():
    order = _registered("Order")
    assert _DocumentRegistry.get("shop.models.Order") is order


def test_an_exact_name_wins_over_others_that_end_in_it():
    kid, other = _registered("Kid"), _registered("Goat.Kid")
    assert _DocumentRegistry.get("Kid") is kid
    assert _DocumentRegistry.get("Goat.Kid") is other


def test_a_last_part_that_two_classes_share_is_not_resolved():
    _registered("Goat.Kid")
    _registered("Family.Kid")
    with pytest.raises(NotRegistered):
        _DocumentRegistry.get("Kid")


def test_part_of_a_word_is_no_match():
    _registered("Animal.Hotdog")
    with pytest.raises(NotRegistered):
        _DocumentRegistry.get("dog")


def test_an_unknown_name_is_reported_in_the_words_that_users_know():
    with pytest.raises(NotRegistered) as caught:
        _DocumentRegistry.get("Nope")
    assert str(caught.value) == (
        "`Nope` has not been registered in the document registry.\n"
        "                Importing the document class automatically registers it, has it\n"
        "                been imported?"
    )


def test_get_document_answers_like_the_registry():
    dog = _registered("Animal.Dog")
    assert get_document("Dog") is dog
    with pytest.raises(NotRegistered):
        get_document("Cat")


def test_a_later_class_of_the_same_module_replaces_the_former_silently():
    _registered("Order")
    second = _registered("Order")
    assert _DocumentRegistry.get("Order") is second


def test_a_class_of_another_module_replaces_the_former_with_a_warning():
    _registered("Order", module="shop.models")
    second = _document("Order", module="depot.models")
    text = (
        "Multiple Document classes named `Order` were registered, first from: `shop.models`, "
        "then from: `depot.models`. this may lead to unexpected behavior during dereferencing."
    )
    with pytest.warns(UserWarning, match=f"^{re.escape(text)}$"):
        _DocumentRegistry.register(second)
    assert _DocumentRegistry.get("Order") is second


def _metaclass_of_the_library():
    """A metaclass that stands, as far as its frames tell, in a module of the library."""
    namespace = {"__name__": "mongoengine.base.pretended", "register": _DocumentRegistry.register}
    source = """
def enter(cls):
    register(cls)

class Meta(type):
    def __new__(mcs, name, bases, attrs):
        cls = super().__new__(mcs, name, bases, attrs)
        enter(cls)
        return cls

class SubMeta(Meta):
    def __new__(mcs, name, bases, attrs):
        return super().__new__(mcs, name, bases, attrs)
"""
    exec(source, namespace)
    return namespace["Meta"], namespace["SubMeta"]


@pytest.mark.parametrize("depth", ["embedded", "top level", "own metaclass"])
def test_the_warning_about_a_second_module_points_at_the_class_statement(depth):
    shallow, deep = _metaclass_of_the_library()

    class OwnMeta(deep):
        def __new__(mcs, name, bases, attrs):
            return super().__new__(mcs, name, bases, attrs)

    metaclass = {"embedded": shallow, "top level": deep, "own metaclass": OwnMeta}[depth]
    _registered("Order", module="shop.models")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        line = inspect.currentframe().f_lineno + 2

        class Order(metaclass=metaclass):
            _class_name = "Order"

    assert [(warning.filename, warning.lineno) for warning in caught] == [(__file__, line)]


def test_unregister_forgets_a_class_and_raises_key_error_for_an_unknown_one():
    _registered("Order")
    _DocumentRegistry.unregister("Order")
    assert "Order" not in _document_registry
    with pytest.raises(KeyError):
        _DocumentRegistry.unregister("Order")


def test_unregister_wants_the_exact_name():
    _registered("Animal.Dog")
    with pytest.raises(KeyError):
        _DocumentRegistry.unregister("Dog")


def test_classes_are_listed_by_alias_and_those_without_one_belong_to_the_default():
    plain, elsewhere = _registered("Plain"), _registered("Elsewhere", db_alias="archive")
    assert _get_documents_by_db("default", "default") == [plain]
    assert _get_documents_by_db("archive", "default") == [elsewhere]
    assert _get_documents_by_db("archive", "archive") == [plain, elsewhere]
    assert _get_documents_by_db("nowhere", "default") == []


def test_the_update_operators_are_those_a_keyword_may_begin_with():
    assert {
        "inc", "dec", "mul", "set", "set_on_insert", "unset", "rename", "min", "max",
        "push", "push_all", "pull", "pull_all", "pop", "add_to_set",
    } == UPDATE_OPERATORS  # fmt: skip


def test_the_exports_are_those_of_upstream():
    assert common.__all__ == ("UPDATE_OPERATORS", "_DocumentRegistry")
