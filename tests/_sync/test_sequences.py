# Generated from tests/_async/test_sequences.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Counting on the server."""

from __future__ import annotations

from typing import Any

from mongoengine._sync.sequence import fill_sequences
from tests.commands import CommandLog
from tests.field_models import Invoice, Line


def counter(database: Any, key: str) -> Any:
    """Return where a counter stands."""
    found = database["mongoengine.counters"].find_one({"_id": key})
    return found and found["next"]


def test_each_call_gives_the_next_value(database: Any) -> None:
    assert [Invoice.number.generate() for _ in range(3)] == [1, 2, 3]
    assert counter(database, "invoice.number") == 3


def test_the_next_value_can_be_asked_for_without_counting(database: Any) -> None:
    assert Invoice.number.get_next_value() == 1
    Invoice.number.generate()
    assert Invoice.number.get_next_value() == 2
    assert counter(database, "invoice.number") == 1


def test_a_counter_can_be_set(database: Any) -> None:
    assert Invoice.number.set_next_value(1000) == 1000
    assert Invoice.number.generate() == 1001


def test_the_value_decorator_applies_to_every_answer() -> None:
    label = Invoice.label
    assert label.get_next_value() == "1"
    assert label.generate() == "1"
    assert label.set_next_value("7") == "7"
    assert label.generate() == "8"


def test_a_document_is_filled_at_every_depth(database: Any) -> None:
    invoice = Invoice(number=5, lines=[Line(), Line(number=9), Line()])
    fill_sequences(invoice)
    assert invoice.to_mongo() == {
        "number": 5,
        "label": "1",
        "lines": [{"number": 1}, {"number": 9}, {"number": 2}],
    }
    assert counter(database, "line.number") == 2
    assert counter(database, "invoice.number") is None


def test_a_full_document_asks_nothing(commands: CommandLog) -> None:
    fill_sequences(Invoice(number=1, label="x"))
    assert commands.names == []
