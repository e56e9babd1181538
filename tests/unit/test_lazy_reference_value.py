"""LazyReference: the reference itself, without loading."""

from __future__ import annotations

import copy
import pickle

import bson
import pytest
from bson import DBRef, ObjectId

from mongoengine.base.fields.strings import StringField
from mongoengine.base.lazy_reference import BaseLazyReference as LazyReference
from mongoengine.document import Document

KEY = ObjectId("5" * 24)


class LazyTarget(Document):
    name = StringField()


def test_it_is_a_dbref_to_the_collection_of_the_class():
    reference = LazyReference(LazyTarget, KEY)
    assert (reference.collection, reference.id, reference.pk) == ("lazy_target", KEY, KEY)
    assert reference == DBRef("lazy_target", KEY)
    assert DBRef("lazy_target", KEY) == reference
    assert hash(reference) == hash(DBRef("lazy_target", KEY))
    assert bson.decode(bson.encode({"r": reference})) == {"r": DBRef("lazy_target", KEY)}


def test_a_document_equals_a_reference_to_it_both_ways():
    document = LazyTarget(id=KEY)
    assert document == LazyReference(LazyTarget, KEY)
    assert LazyReference(LazyTarget, KEY) == document
    assert document != LazyReference(LazyTarget, ObjectId())


def test_repr_names_class_and_key():
    reference = LazyReference(LazyTarget, KEY)
    assert repr(reference) == f"<LazyReference({LazyTarget}, {KEY!r})>"


def test_without_passthrough_no_attribute_or_item_is_found():
    reference = LazyReference(LazyTarget, KEY, cached_doc=LazyTarget(name="n"))
    with pytest.raises(AttributeError) as attribute_error:
        reference.name  # noqa: B018
    with pytest.raises(KeyError) as key_error:
        reference["name"]
    assert attribute_error.value.args == key_error.value.args == ()


def test_passthrough_reads_fields_but_no_methods():
    document = LazyTarget(id=KEY, name="n")
    reference = LazyReference(LazyTarget, KEY, cached_doc=document, passthrough=True)
    assert reference.name == reference["name"] == "n"
    with pytest.raises(AttributeError):
        reference.save  # noqa: B018
    with pytest.raises(KeyError, match="save"):
        reference["save"]


def test_unknown_attributes_cannot_be_set():
    with pytest.raises(AttributeError):
        LazyReference(LazyTarget, KEY).note = 1


@pytest.mark.parametrize(
    "how", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]
)
def test_copies_are_lazy_references_to_the_same_document(how):
    reference = LazyReference(LazyTarget, KEY, passthrough=True)
    copied = how(reference)
    assert type(copied) is LazyReference
    assert copied == reference
    assert (copied.document_type, copied.passthrough) == (LazyTarget, True)
