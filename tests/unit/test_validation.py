"""Validating documents."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from mongoengine.document import Document, DynamicDocument, EmbeddedDocument
from mongoengine.errors import ValidationError
from mongoengine.fields import (
    BaseField,
    DictField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)

KEY = ObjectId()


class Clause(EmbeddedDocument):
    text = StringField(required=True, db_field="t")
    number = IntField(min_value=1)

    def clean(self) -> None:
        if self.text == "forbidden":
            raise ValidationError("This clause is forbidden.")
        if self.text:
            self.text = self.text.strip()


class Contract(Document):
    title = StringField(required=True, max_length=10)
    pages = IntField(min_value=1, default=1)
    kind = StringField(choices=("sale", "lease"))
    clause = EmbeddedDocumentField(Clause)
    clauses = EmbeddedDocumentListField(Clause)
    tags = ListField(StringField(max_length=3))
    notes = DictField()

    def clean(self) -> None:
        if self.title == "void":
            raise ValidationError("A void contract is none.")


def errors_of(document: Any, **kwargs: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as failure:
        document.validate(**kwargs)
    found: dict[str, Any] = failure.value.to_dict()
    return found


def test_a_valid_document_passes() -> None:
    contract = Contract(
        title="a", kind="sale", clause=Clause(text="x"), clauses=[Clause(text="y")], tags=["abc"]
    )

    assert contract.validate() is None


def test_all_errors_are_reported_together_by_field() -> None:
    contract = Contract(title="x" * 11, pages=0, kind="gift", tags=["abcd", "a", 5])

    assert errors_of(contract) == {
        "title": "String value is too long",
        "pages": "Integer value is too small",
        "kind": "Value must be one of ('sale', 'lease')",
        "tags": {
            0: "String value is too long",
            2: "StringField only accepts string values",
        },
    }


def test_the_message_names_class_key_and_fields() -> None:
    with pytest.raises(ValidationError) as failure:
        Contract().validate()
    assert str(failure.value) == ("ValidationError (Contract:None) (Field is required: ['title'])")

    with pytest.raises(ValidationError) as failure:
        Contract(id=KEY, title=5).validate()
    assert str(failure.value) == (
        f"ValidationError (Contract:{KEY}) (StringField only accepts string values: ['title'])"
    )


def test_a_required_field_must_not_be_none() -> None:
    assert errors_of(Contract()) == {"title": "Field is required"}
    assert Contract(title="").validate() is None


def test_errors_inside_embedded_documents_are_reported_under_their_place() -> None:
    contract = Contract(
        title="a", clause=Clause(number=0), clauses=[Clause(text="x"), Clause(number=1)]
    )

    assert errors_of(contract) == {
        "clause": {"text": "Field is required", "number": "Integer value is too small"},
        "clauses": {1: {"text": "Field is required"}},
    }


def test_a_value_of_another_kind_is_refused() -> None:
    assert set(errors_of(Contract(title="a", tags="abc", notes=[1]))) == {"tags", "notes"}
    contract = Contract(title="a")
    contract.clause = "text"
    assert errors_of(contract) == {
        "clause": "Invalid embedded document instance provided to an EmbeddedDocumentField"
    }


def test_what_clean_refuses_belongs_to_no_field() -> None:
    assert errors_of(Contract(title="void", pages=0)) == {
        "__all__": "A void contract is none.",
        "pages": "Integer value is too small",
    }


def test_clean_can_be_left_out() -> None:
    assert Contract(title="void").validate(clean=False) is None
    assert Contract(title="a", clause=Clause(text="forbidden")).validate(clean=False) is None


def test_embedded_documents_are_cleaned_with_their_owner() -> None:
    contract = Contract(title="a", clause=Clause(text="  x "))
    contract.validate()
    assert contract.clause.text == "x"

    contract.clause.text = "forbidden"
    assert errors_of(contract) == {"clause": {"__all__": "This clause is forbidden."}}


def test_other_errors_of_clean_pass_through() -> None:
    class Explosive(Document):
        def clean(self) -> None:
            raise ZeroDivisionError("boom")

    with pytest.raises(ZeroDivisionError, match="boom"):
        Explosive().validate()


def test_loaded_values_are_validated_once_they_were_touched() -> None:
    contract = Contract._from_son({"_id": KEY, "title": "a", "pages": 0})
    assert errors_of(contract) == {"pages": "Integer value is too small"}

    contract = Contract._from_son({"_id": KEY, "title": "a", "tags": ["abc"]})
    contract.tags.append("abcd")
    assert errors_of(contract) == {"tags": {1: "String value is too long"}}


def test_fields_of_the_users_own_are_asked() -> None:
    class Even(IntField):
        def validate(self, value: Any) -> None:
            if value % 2:
                self.error(f"{value} is odd")

    class Broken(BaseField):
        def validate(self, value: Any) -> None:
            raise AttributeError("no such thing")

    class Checked(Document):
        even = Even()
        broken = Broken()

    assert Checked(even=2).validate() is None
    assert errors_of(Checked(even=3, broken=1)) == {
        "even": "3 is odd",
        "broken": "no such thing",
    }


def test_a_validation_callable_is_asked() -> None:
    def not_bob(value: str) -> None:
        if value == "Bob":
            raise ValidationError("no Bobs")

    class Guarded(Document):
        name = StringField(validation=not_bob)

    assert Guarded(name="Ada").validate() is None
    assert errors_of(Guarded(name="Bob")) == {"name": "no Bobs"}


def test_dynamic_attributes_are_validated() -> None:
    class Dyn(DynamicDocument):
        name = StringField(required=True)

    assert Dyn(name="a", other={"x": [1]}).validate() is None
    assert errors_of(Dyn(other=1)) == {"name": "Field is required"}


def test_rules_changed_after_the_class_was_made_hold() -> None:
    class Mutable(Document):
        name = StringField()

    assert Mutable().validate() is None
    Mutable.name.required = True
    assert errors_of(Mutable()) == {"name": "Field is required"}
    Mutable.name.max_length = 2
    assert errors_of(Mutable(name="abc")) == {"name": "String value is too long"}


def test_an_embedded_document_names_the_key_of_its_owner() -> None:
    contract = Contract(id=KEY, title="a", clause=Clause())
    with pytest.raises(ValidationError) as failure:
        contract.clause.validate()

    assert str(failure.value).startswith(f"ValidationError (Clause:{KEY}) ")
