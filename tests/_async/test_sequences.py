"""Counting on the server."""

from __future__ import annotations

from typing import Any

import pytest

from mongoengine._async.sequence import async_fill_sequences
from mongoengine.document import Document, EmbeddedDocument
from mongoengine.errors import ValidationError
from mongoengine.fields import (
    DictField,
    EmbeddedDocumentField,
    GenericEmbeddedDocumentField,
    ListField,
    MapField,
    SequenceField,
)
from tests.commands import CommandLog
from tests.field_models import Invoice, Line


class Numbered(Document):
    """Its sequences belong to it, though only subclasses are stored."""

    meta = {"abstract": True}

    number = SequenceField()
    label = SequenceField(sequence_name="labels", value_decorator="L{:03d}".format)


class Ticket(Numbered):
    """Shares the counters of the abstract class."""


class Receipt(Numbered):
    """Shares the counters of the abstract class, from a collection of another name."""

    meta = {"collection": "slips"}


class Vehicle(Document):
    """Shares its counter with its subclasses."""

    meta = {"allow_inheritance": True}

    number = SequenceField()


class Lorry(Vehicle):
    """Has a counter of its own as well."""

    axle = SequenceField(collection_name="axles")


class Part(EmbeddedDocument):
    """Counted wherever it is embedded."""

    number = SequenceField()


class Machine(Document):
    """Identified by what is made of a number."""

    id = SequenceField(primary_key=True, value_decorator=str)
    part = EmbeddedDocumentField(Part)
    parts = ListField(EmbeddedDocumentField(Part))
    nested = ListField(ListField(EmbeddedDocumentField(Part)))
    named = MapField(EmbeddedDocumentField(Part))
    generic = GenericEmbeddedDocumentField()
    untyped = DictField()


class Checked(Document):
    """Looks at its number when it is validated."""

    number = SequenceField(required=True)

    def clean(self) -> None:
        """Refuse a document that has not been counted."""
        if self.__dict__.get("number") is None:
            raise ValidationError("not counted")


async def counter(database: Any, key: str) -> Any:
    """Return where a counter stands."""
    found = await database["mongoengine.counters"].find_one({"_id": key})
    return found and found["next"]


async def test_each_call_gives_the_next_value(database: Any) -> None:
    assert [await Invoice.number.async_generate() for _ in range(3)] == [1, 2, 3]
    assert await counter(database, "invoice.number") == 3


async def test_the_next_value_can_be_asked_for_without_counting(database: Any) -> None:
    assert await Invoice.number.async_get_next_value() == 1
    await Invoice.number.async_generate()
    assert await Invoice.number.async_get_next_value() == 2
    assert await counter(database, "invoice.number") == 1


async def test_a_counter_can_be_set(database: Any) -> None:
    assert await Invoice.number.async_set_next_value(1000) == 1000
    assert await Invoice.number.async_generate() == 1001


async def test_the_value_decorator_applies_to_every_answer() -> None:
    label = Invoice.label
    assert await label.async_get_next_value() == "1"
    assert await label.async_generate() == "1"
    assert await label.async_set_next_value("7") == "7"
    assert await label.async_generate() == "8"


async def test_a_document_is_filled_at_every_depth(database: Any) -> None:
    invoice = Invoice(number=5, lines=[Line(), Line(number=9), Line()])
    await async_fill_sequences(invoice)
    assert invoice.to_mongo() == {
        "number": 5,
        "label": "1",
        "lines": [{"number": 1}, {"number": 9}, {"number": 2}],
    }
    assert await counter(database, "line.number") == 2
    assert await counter(database, "invoice.number") is None


async def test_a_full_document_asks_nothing(commands: CommandLog) -> None:
    await async_fill_sequences(Invoice(number=1, label="x"))
    assert commands.names == []


async def test_saving_counts_before_it_validates() -> None:
    document = await Checked().async_save()
    assert document.number == 1
    assert (await Checked.objects.async_create()).number == 2
    assert (await Checked.objects.async_get(number=2)) is not None


async def test_inserting_counts() -> None:
    await Machine.objects.async_insert([Machine(), Machine(part=Part())])
    machines = await Machine.objects.order_by("id").async_to_list()
    assert [machine.id for machine in machines] == ["1", "2"]
    assert machines[1].part.number == 1


async def test_everything_embedded_is_counted_when_a_document_is_saved(database: Any) -> None:
    machine = Machine(
        part=Part(),
        parts=[Part(), Part()],
        nested=[[Part()]],
        named={"a": Part()},
        generic=Part(),
        untyped={"b": [Part()]},
    )
    await machine.async_save()
    stored = await database["machine"].find_one()
    assert stored["_id"] == "1"
    found = [
        stored["part"],
        *stored["parts"],
        *stored["nested"][0],
        stored["named"]["a"],
        stored["generic"],
        stored["untyped"]["b"][0],
    ]
    assert sorted(part["number"] for part in found) == list(range(1, 8))
    machine.parts.append(Part())
    await machine.async_save()
    assert (await database["machine"].find_one())["parts"][2] == {"number": 8}


async def test_an_id_made_of_a_number_finds_its_document() -> None:
    machine = await Machine().async_save()
    assert machine.pk == "1"
    assert (await Machine.objects.async_get(pk="1")) == machine
    assert (await Machine.objects.async_get(pk=1)) == machine


async def test_subclasses_of_an_abstract_class_share_its_counters(database: Any) -> None:
    documents: list[Any] = [await cls().async_save() for cls in (Ticket, Receipt, Ticket)]
    assert [document.number for document in documents] == [1, 2, 3]
    assert [document.label for document in documents] == ["L001", "L002", "L003"]
    assert await counter(database, "numbered.number") == 3
    assert await counter(database, "labels.label") == 3


async def test_a_counter_belongs_to_the_class_that_declares_it(database: Any) -> None:
    documents: list[Any] = [await cls().async_save() for cls in (Vehicle, Lorry, Vehicle)]
    assert [document.number for document in documents] == [1, 2, 3]
    assert documents[1].axle == 1
    assert await counter(database, "vehicle.number") == 3
    assert await database["axles"].find_one() == {"_id": "vehicle.axle", "next": 1}


@pytest.mark.parametrize("value", [7, "x"])
async def test_a_value_of_ones_own_is_kept(value: Any, database: Any) -> None:
    invoice = await Invoice(number=value, label="mine").async_save()
    await invoice.async_reload()
    assert (invoice.number, invoice.label) == (value, "mine")
    assert await counter(database, "invoice.number") is None
