"""Metaclasses and document classes that other projects derive."""

from __future__ import annotations

from typing import Any

from mongoengine import Document, EmbeddedDocument, EmbeddedDocumentField, StringField
from mongoengine.base import BaseDocument, DocumentMetaclass, TopLevelDocumentMetaclass
from mongoengine.document import DynamicDocument
from mongoengine.queryset import QuerySet

registered: list[str] = []


class RegisteringMetaclass(TopLevelDocumentMetaclass):
    """Notes every class, and adds a field and a queryset class of its own."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        attrs.setdefault("tenant", StringField(default="none"))
        attrs["meta"] = {"queryset_class": TenantQuerySet, **attrs.get("meta", {})}
        cls = super().__new__(mcs, name, bases, attrs)
        registered.append(name)
        return cls


class TenantQuerySet(QuerySet):
    def of(self, tenant: str) -> Any:
        return self.filter(tenant=tenant)


class TenantDocument(Document, metaclass=RegisteringMetaclass):
    my_metaclass = RegisteringMetaclass
    meta = {"abstract": True, "db_alias": "compat"}


class Invoice(TenantDocument):
    meta = {"collection": "compat_invoices", "allow_inheritance": True}

    number = StringField()


class CreditNote(Invoice):
    reason = StringField()


def test_a_derived_metaclass_makes_every_class_below() -> None:
    assert type(CreditNote) is RegisteringMetaclass
    assert registered[-2:] == ["Invoice", "CreditNote"]


def test_fields_a_metaclass_adds_are_stored_and_queried() -> None:
    Invoice.drop_collection()
    Invoice(number="1", tenant="a").save()
    CreditNote(number="2", tenant="b", reason="broken").save()

    assert [invoice.number for invoice in Invoice.objects.of("a")] == ["1"]
    assert [type(invoice) for invoice in Invoice.objects.of("b")] == [CreditNote]
    assert set(CreditNote._fields) == {"id", "number", "tenant", "reason", "_cls"}


class AnnotatedMetaclass(DocumentMetaclass):
    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        cls = super().__new__(mcs, name, bases, attrs)
        # The class that names its metaclass is a root like Document itself, and has no fields.
        cls.described = ", ".join(getattr(cls, "_fields", ()))
        return cls


class AnnotatedDocument(EmbeddedDocument, metaclass=AnnotatedMetaclass):
    my_metaclass = AnnotatedMetaclass


class Money(AnnotatedDocument):
    amount = StringField()
    currency = StringField(db_field="cur")


def test_metaclasses_of_embedded_documents_are_derived_as_well() -> None:
    assert Money.described == "amount, currency"
    assert Money._db_field_map == {"amount": "amount", "currency": "cur"}
    assert Money._reverse_db_field_map == {"amount": "amount", "cur": "currency"}


class SelfMadeBase(BaseDocument, metaclass=DocumentMetaclass):
    """A root of document classes of another kind."""

    my_metaclass = DocumentMetaclass


class SelfMade(SelfMadeBase):
    title = StringField()


def test_base_documents_can_be_derived_directly() -> None:
    made = SelfMade(title="x")

    assert made.to_mongo()["title"] == "x"
    assert SelfMade._from_son({"title": "y"}).title == "y"


class Priced(DynamicDocument):
    meta = {"db_alias": "compat"}
    price = EmbeddedDocumentField(Money, verbose_name="Price", widget={"step": 1})


def test_extra_keywords_of_fields_and_the_class_they_were_defined_in_can_be_read() -> None:
    field: Any = Priced._fields["price"]

    assert (field.verbose_name, field.widget) == ("Price", {"step": 1})
    assert field.owner_document is Priced
    assert field.document_type is Money
    assert field.document_type_obj is Money
    assert CreditNote._fields["number"].owner_document is Invoice
