"""One change in a large container costs what one change costs, counted in lines and calls."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId

from mongoengine.document import Document, EmbeddedDocument
from mongoengine.fields import (
    DictField,
    DynamicField,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    MapField,
    StringField,
)

MANY = 100_000


class CountingField(StringField):
    """Counts the values it converts to what is stored."""

    calls = 0

    def to_mongo(self, value: Any) -> Any:
        CountingField.calls += 1
        return value


class Line(EmbeddedDocument):
    text = StringField()


class Ledger(Document):
    notes = DictField()
    counts = DictField(IntField())
    numbers = ListField(IntField())
    anything = ListField()
    rows = ListField(ListField(IntField()))
    columns = MapField(ListField(IntField()))
    texts = ListField(CountingField())
    named = MapField(CountingField())
    lines = EmbeddedDocumentListField(Line)
    other = DynamicField()
    single = EmbeddedDocumentField(Line)


def lines_run(work: Callable[[], Any]) -> int:
    """Return how many lines of Python a call runs."""
    count = 0

    def trace(frame: Any, event: str, arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    # What other tests left behind may be collected at any moment, and would be counted.
    gc.collect()
    gc.disable()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


def as_dict(size: int, value: Callable[[int], Any]) -> dict[str, Any]:
    return {str(number): value(number) for number in range(size)}


def set_item(name: str, key: Any, value: Any) -> Callable[[Any], None]:
    return lambda ledger: ledger[name].__setitem__(key, value)


def set_below(name: str, key: Any) -> Callable[[Any], None]:
    return lambda ledger: ledger[name][key].__setitem__(0, -1)


CHANGES: dict[str, tuple[str, Callable[[int], Any], Callable[[Any], None], dict[str, Any]]] = {
    "dict": (
        "notes",
        lambda size: as_dict(size, lambda number: number),
        set_item("notes", "5", "new"),
        {"notes.5": "new"},
    ),
    "nested dict": (
        "notes",
        lambda size: as_dict(size, lambda number: [number]),
        set_below("notes", "5"),
        {"notes.5.0": -1},
    ),
    "typed dict": (
        "counts",
        lambda size: as_dict(size, lambda number: number),
        set_item("counts", "5", -1),
        {"counts.5": -1},
    ),
    "typed list": (
        "numbers",
        lambda size: list(range(size)),
        set_item("numbers", 5, -1),
        {"numbers.5": -1},
    ),
    "list": (
        "anything",
        lambda size: list(range(size)),
        set_item("anything", 5, "new"),
        {"anything.5": "new"},
    ),
    "list of lists": (
        "rows",
        lambda size: [[number] for number in range(size)],
        set_below("rows", 5),
        {"rows.5.0": -1},
    ),
    "map of lists": (
        "columns",
        lambda size: as_dict(size, lambda number: [number]),
        set_below("columns", "5"),
        {"columns.5.0": -1},
    ),
    "another field": (
        "notes",
        lambda size: as_dict(size, lambda number: number),
        lambda ledger: (ledger.notes, setattr(ledger, "single", None), setattr(ledger, "other", 1))[
            0
        ],
        {"other": 1},
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_one_change_costs_the_same_in_small_and_large_containers(kind: str) -> None:
    name, values, change, expected = CHANGES[kind]
    costs = []
    for size in (10, 10, MANY):  # the first warms up what is compiled once
        ledger = Ledger._from_son({"_id": ObjectId(), name: values(size)})
        change(ledger)
        found: list[Any] = []
        costs.append(
            (
                lines_run(lambda: found.append(ledger._delta())),  # noqa: B023 - called at once
                lines_run(ledger._clear_changed_fields),
            )
        )
        assert found == [(expected, {})]
        assert ledger._delta() == ({}, {})

    assert costs[2] == costs[1]


@pytest.mark.parametrize(
    ("name", "key", "values"),
    [
        ("texts", 7, ["x"] * MANY),
        ("named", "7", as_dict(MANY, lambda number: "x")),
    ],
)
def test_one_changed_item_is_the_only_one_converted(name: str, key: Any, values: Any) -> None:
    ledger = Ledger._from_son({"_id": ObjectId(), name: values})
    ledger[name][key] = "new"
    CountingField.calls = 0

    assert ledger._delta() == ({f"{name}.7": "new"}, {})
    ledger._clear_changed_fields()
    assert CountingField.calls == 1


def test_embedded_documents_nobody_changed_are_not_converted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = Ledger._from_son({"_id": ObjectId(), "lines": [{"text": "x"} for _ in range(1000)]})
    ledger.lines[7].text = "new"
    dumped = []
    to_mongo = Line.to_mongo
    asked = []
    changed = Line._get_changed_fields
    monkeypatch.setattr(Line, "to_mongo", lambda self, *a: dumped.append(1) or to_mongo(self, *a))
    monkeypatch.setattr(Line, "_get_changed_fields", lambda self: asked.append(1) or changed(self))

    assert ledger._delta() == ({"lines.7.text": "new"}, {})
    assert (len(dumped), len(asked)) == (0, 1)
