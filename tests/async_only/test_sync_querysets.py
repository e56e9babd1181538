"""What only querysets on a sync alias do: their text, and the driver's cursor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo.command_cursor import CommandCursor
from pymongo.cursor import Cursor

from mongoengine.connection import connect, disconnect
from mongoengine.document import Document, MapReduceDocument
from mongoengine.fields import IntField
from tests.commands import CommandLog

DATABASE = "sync_querysets"
ALIAS = "sync querysets"


class Figure(Document):
    meta = {"db_alias": ALIAS, "collection": "figures"}

    n = IntField()

    def __repr__(self) -> str:
        return f"<{self.n}>"


@pytest.fixture(scope="module")
def log() -> CommandLog:
    return CommandLog()


@pytest.fixture(scope="module", autouse=True)
def client(mongodb_uri: str, log: CommandLog) -> Iterator[Any]:
    client = connect(
        DATABASE,
        alias=ALIAS,
        host=mongodb_uri,
        uuidRepresentation="standard",
        appname="sync querysets",
        event_listeners=[log],
    )
    client.drop_database(DATABASE)
    Figure.objects.insert([Figure(n=n) for n in range(250)], load_bulk=False)
    yield client
    client.drop_database(DATABASE)
    disconnect(ALIAS)


def test_the_text_shows_the_first_results(log: CommandLog) -> None:
    queryset = Figure.objects.order_by("n")
    shown = ", ".join(f"<{n}>" for n in range(20))
    log.clear()

    assert repr(queryset) == f"[{shown}, '...(remaining elements truncated)...']"
    assert repr(queryset[:20]) == f"[{shown}]"
    assert repr(queryset[1:3]) == "[<1>, <2>]"
    assert repr(queryset.no_cache()[1:3]) == "[<1>, <2>]"
    assert repr(queryset.none()) == "[]"
    assert [command["limit"] for command in log.of("find")] == [21, 20, 2, 2]


def test_results_that_were_all_shown_are_kept(log: CommandLog) -> None:
    queryset = Figure.objects(n__lt=3).order_by("n")
    log.clear()

    assert repr(queryset) == repr(queryset) == "[<0>, <1>, <2>]"
    assert [figure.n for figure in queryset] == [0, 1, 2]
    assert log.names == ["find"]


def test_the_text_says_so_only_while_a_loop_goes_on() -> None:
    for queryset in (Figure.objects(n__lt=3), Figure.objects(n__lt=3).no_cache()):
        for _ in queryset:
            assert repr(queryset) == ".. queryset mid-iteration .."
            assert repr(queryset.clone()) == "[<0>, <1>, <2>]"
        assert repr(queryset) == "[<0>, <1>, <2>]"
        for _ in queryset:
            break
        assert repr(queryset) == "[<0>, <1>, <2>]"


def test_the_cursor_of_the_driver_is_there_before_anything_is_sent(log: CommandLog) -> None:
    queryset = Figure.objects(n__lt=5).order_by("-n").hint("_id_")
    log.clear()

    cursor = queryset._cursor

    assert type(cursor) is Cursor
    assert queryset._cursor is cursor is queryset._cursor_obj
    assert queryset.clone()._cursor_obj is None
    assert log.names == []
    assert [raw["n"] for raw in cursor] == [4, 3, 2, 1, 0]
    assert log.only("find")["hint"] == "_id_"


def test_an_iteration_goes_on_where_steps_by_hand_have_ended() -> None:
    queryset = Figure.objects(n__lt=5).order_by("n")

    assert next(queryset).n == 0
    assert [figure.n for figure in queryset] == [1, 2, 3, 4]


def test_a_pipeline_gives_the_cursor_of_the_driver() -> None:
    cursor = Figure.objects(n__lt=2).aggregate([{"$sort": {"n": 1}}])

    assert type(cursor) is CommandCursor
    assert [raw["n"] for raw in cursor] == [0, 1]


def test_a_result_of_a_map_reduce_has_its_document_as_an_attribute(log: CommandLog) -> None:
    figure = Figure.objects(n=7).get()
    result = MapReduceDocument(Figure, None, str(figure.pk), 1)
    log.clear()

    assert result.object == figure
    assert result.object is result.object
    assert log.names == ["find"]
