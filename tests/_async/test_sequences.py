"""Counting on the server."""

from __future__ import annotations

from typing import Any

from mongoengine._async.sequence import async_fill_sequences
from tests.commands import CommandLog
from tests.field_models import Invoice, Line


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
