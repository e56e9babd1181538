"""The pure half of proxies: identity, forms, copies, and where a document is kept."""

from __future__ import annotations

import copy
import gc
import pickle

import bson
import pytest
from bson import SON, DBRef, ObjectId

from mongoengine.base.containers import BaseDict, BaseList
from mongoengine.base.reference_proxy import BaseReferenceProxy, Origin, plain_reference
from mongoengine.document import Document
from mongoengine.fields import GenericReferenceField, ReferenceField, StringField

KEY = ObjectId("5" * 24)
REFERENCE = DBRef("proxied", KEY)


class Proxied(Document):
    name = StringField()


class ProxyOwner(Document):
    one = ReferenceField(Proxied)
    about = GenericReferenceField(choices=[Proxied])


def proxy(reference=REFERENCE, **kwargs):
    return BaseReferenceProxy(Proxied, reference, **kwargs)


def test_it_is_the_reference_to_everything_that_compares():
    assert proxy() == REFERENCE == proxy()
    assert proxy() == Proxied(id=KEY)
    assert Proxied(id=KEY) == proxy()
    assert proxy() != DBRef("proxied", ObjectId())
    assert proxy() != DBRef("elsewhere", KEY)
    assert hash(proxy()) == hash(REFERENCE)
    assert bson.decode(bson.encode({"r": proxy()})) == {"r": REFERENCE}


def test_what_the_reference_carries_is_kept():
    carrying = DBRef("proxied", KEY, "db", cls="Proxied")
    found = proxy(carrying)
    assert (found.pk, found.collection, found.database, found.cls) == (
        KEY,
        "proxied",
        "db",
        "Proxied",
    )
    assert found == carrying
    assert found.to_dbref() == carrying
    assert type(found.to_dbref()) is DBRef
    assert pickle.loads(pickle.dumps(found)) == carrying


def test_it_is_stored_as_what_it_was_read_from():
    generic = {"_cls": "Proxied", "_ref": REFERENCE}
    assert proxy().to_mongo() == REFERENCE
    assert type(proxy().to_mongo()) is DBRef
    assert proxy(stored=generic).to_mongo() is generic
    assert proxy(stored=proxy(stored=generic)).to_mongo(True, []) is generic
    assert proxy()._generic_form() == SON(generic)


def test_only_proxies_are_made_plain():
    assert type(plain_reference(proxy())) is DBRef
    assert plain_reference(REFERENCE) is REFERENCE


def test_other_attributes_name_the_field_and_the_ways_out():
    found = proxy(origin=Origin("ProxyOwner", "one"))
    text = (
        f"ProxyOwner.one refers to the Proxied {KEY!r}, which has not been loaded, so it has no "
        "'name' yet: await one.async_fetch(), or load it with the query: "
        'ProxyOwner.objects.prefetch("one")'
    )
    for attempt in (lambda: found.name, lambda: setattr(found, "name", 1)):
        with pytest.raises(AttributeError) as caught:
            attempt()
        assert str(caught.value) == text
    with pytest.raises(AttributeError, match=r"^This reference refers to the Proxied .*: await re"):
        proxy().name  # noqa: B018
    assert not hasattr(found, "__len__")
    assert not hasattr(found, "name")


def test_items_are_named_with_position_and_key():
    place = Origin("ProxyOwner", "many").below(3).below("a")
    text = (
        r"^ProxyOwner\.many\[3\]\['a'\] refers to .* yet: await many\[3\]\['a'\]\.async_fetch\(\), "
        r'or load it with the query: ProxyOwner\.objects\.prefetch\("many"\)$'
    )
    with pytest.raises(AttributeError, match=text):
        proxy(origin=place).name  # noqa: B018


def test_no_query_for_an_embedded_document_is_named():
    place = Origin("ProxyNote", "user", embedded=True)
    text = r'the query: prefetch\("….user"\), with the path to the ProxyNote$'
    with pytest.raises(AttributeError, match=text):
        proxy(origin=place).name  # noqa: B018


def test_repr_is_short_and_needs_nothing():
    assert repr(proxy()) == f"<BaseReferenceProxy: Proxied {KEY!r}, not loaded>"


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy])
def test_copies_belong_to_no_document(how):
    owner = ProxyOwner(one=REFERENCE)
    found = how(proxy(holder=owner, key="one", origin=Origin("ProxyOwner", "one")))
    assert type(found) is BaseReferenceProxy
    assert found == REFERENCE
    assert str(found._origin) == "ProxyOwner.one"
    found._keep(Proxied(id=KEY))
    assert owner._data["one"] == REFERENCE
    assert type(owner._data["one"]) is DBRef


# Keeping


def test_a_document_is_kept_where_the_reference_stood():
    owner, document = ProxyOwner(one=REFERENCE), Proxied(id=KEY)
    owner._clear_changed_fields()
    assert proxy(stored=owner._data["one"], holder=owner, key="one")._keep(document) is document
    assert owner._data["one"] is document
    assert owner._get_changed_fields() == []


def test_a_document_is_not_kept_where_something_else_stands_now():
    owner, other = ProxyOwner(one=REFERENCE), DBRef("proxied", ObjectId())
    found = proxy(stored=REFERENCE, holder=owner, key="one")
    owner.one = other
    found._keep(Proxied(id=KEY))
    assert owner._data["one"] == other


def test_the_document_of_a_faster_reader_is_given():
    owner, first = ProxyOwner(one=REFERENCE), Proxied(id=KEY)
    slow = proxy(stored=REFERENCE, holder=owner, key="one")
    proxy(stored=REFERENCE, holder=owner, key="one")._keep(first)
    assert slow._keep(Proxied(id=KEY)) is first


def test_lists_and_dicts_keep_documents_without_reporting_a_change():
    document = Proxied(id=KEY)
    items, values = BaseList([1], None, None), BaseDict({}, None, None)
    found = proxy(holder=items, key=0)
    list.extend(items, [found, found])
    found._keep(document)
    assert [item is document for item in items] == [False, True, True]

    found = proxy(holder=values, key="a")
    dict.__setitem__(values, "a", found)
    found._keep(document)
    assert values["a"] is document


def test_a_proxy_does_not_keep_its_owner_alive():
    owner = ProxyOwner(one=REFERENCE)
    found = proxy(holder=owner, key="one")
    del owner
    gc.collect()
    assert found._holder() is None
    document = Proxied(id=KEY)
    assert found._keep(document) is document


# Fields


def test_assigning_a_proxy_assigns_the_reference_in_the_fields_form():
    owner = ProxyOwner(one=proxy(), about=proxy())
    assert type(owner._data["one"]) is DBRef
    assert owner._data["about"] == {"_cls": "Proxied", "_ref": REFERENCE}
    assert owner.to_mongo() == {"one": KEY, "about": {"_cls": "Proxied", "_ref": REFERENCE}}
    owner.validate()


def test_fields_convert_and_check_a_proxy_as_the_reference():
    assert ProxyOwner.one.to_mongo(proxy()) == KEY
    assert ProxyOwner.one.prepare_query_value("set", proxy()) == KEY
    assert ProxyOwner.about.to_mongo(proxy()) == {"_cls": "Proxied", "_ref": REFERENCE}
    ProxyOwner.one._validate(proxy())
    ProxyOwner.about._validate(proxy())
