"""The signals that verbs send: which, when, with what."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from mongoengine import signals
from mongoengine.errors import NotUniqueError, ValidationError
from tests.models import (
    Account,
    Author,
    Book,
    Circle,
    Journaled,
    Measurement,
    Person,
    Shape,
    Ticket,
)

VERBS = (
    "pre_save",
    "pre_save_post_validation",
    "post_save",
    "pre_delete",
    "post_delete",
    "pre_bulk_insert",
    "post_bulk_insert",
)

Listen = Callable[..., list[tuple[str, Any, dict[str, Any]]]]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Begin to record the signals of a class, as (name, sender, keywords)."""
    with ExitStack() as connections:

        def start(sender: Any, names: tuple[str, ...] = VERBS) -> list[Any]:
            heard: list[Any] = []

            def recorder(name: str) -> Any:
                async def receiver(sender: Any, **kwargs: Any) -> None:
                    heard.append((name, sender, kwargs))

                return receiver

            for name in names:
                receiver = recorder(name)
                signal = getattr(signals, name)
                connections.enter_context(signal.connected_to(receiver, sender=sender))
                # The signal holds it weakly.
                connections.callback(id, receiver)
            return heard

        yield start


async def test_a_save_sends_its_signals_in_order(listen: Listen) -> None:
    heard = listen(Person)
    person = Person(name="Ada")

    await person.async_save()

    assert [(name, sender) for name, sender, _ in heard] == [
        ("pre_save", Person),
        ("pre_save_post_validation", Person),
        ("post_save", Person),
    ]
    assert [kwargs for _, _, kwargs in heard] == [
        {"document": person},
        {"document": person, "created": True},
        {"document": person, "created": True},
    ]


async def test_a_second_save_says_that_nothing_was_created(listen: Listen) -> None:
    person = await Person(name="Ada").async_save()
    heard = listen(Person)

    person.name = "Grace"
    await person.async_save()

    assert [kwargs.get("created") for _, _, kwargs in heard] == [None, False, False]


async def test_a_replaced_document_counts_as_created(listen: Listen) -> None:
    await Account(login="ada").async_save()
    heard = listen(Account, ("post_save",))

    await Account(login="ada", balance=1).async_save()

    assert heard[0][2]["created"] is True


async def test_an_update_that_made_the_document_anew_says_so(database: Any, listen: Listen) -> None:
    person = await Person(name="Ada").async_save()
    await database["person"].delete_many({})
    heard = listen(Person, ("pre_save_post_validation", "post_save"))

    person.name = "Grace"
    await person.async_save()

    assert [kwargs["created"] for _, _, kwargs in heard] == [False, True]


async def test_receivers_find_the_document_as_it_is_at_that_moment() -> None:
    seen: list[Any] = []

    def before(sender: Any, document: Any) -> None:
        seen.append((document.id, document._created))

    async def after(sender: Any, document: Any, created: bool) -> None:
        seen.append((document.id, list(getattr(document, "_changed_fields", ["untracked"]))))

    person = Person(name="Ada")
    with (
        signals.pre_save.connected_to(before, sender=Person),
        signals.post_save.connected_to(after, sender=Person),
    ):
        await person.async_save()
        person.name = "Grace"
        await person.async_save()

    assert seen == [
        (None, True),
        (person.id, ["untracked"]),
        (person.id, False),
        (person.id, ["name"]),
    ]


async def test_what_receivers_change_before_the_write_is_stored(database: Any) -> None:
    def before(sender: Any, document: Any) -> None:
        document.name = "Ada"

    async def between(sender: Any, document: Any, created: bool) -> None:
        # The document has been validated: this is stored as it is.
        document.age = "old"

    with (
        signals.pre_save.connected_to(before, sender=Person),
        signals.pre_save_post_validation.connected_to(between, sender=Person),
    ):
        await Person().async_save()

    found = await database["person"].find_one()
    assert (found["name"], found["age"]) == ("Ada", "old")


async def test_a_refused_save_sends_only_what_comes_before_it(listen: Listen) -> None:
    heard = listen(Person)
    with pytest.raises(ValidationError):
        await Person().async_save()
    assert [name for name, _, _ in heard] == ["pre_save"]

    await Ticket(number=1).async_save()
    heard = listen(Ticket)
    with pytest.raises(NotUniqueError):
        await Ticket(number=1).async_save()
    assert [name for name, _, _ in heard] == ["pre_save", "pre_save_post_validation"]


async def test_a_receiver_can_refuse_the_save(database: Any) -> None:
    async def refuse(sender: Any, document: Any) -> None:
        raise RuntimeError("not today")

    with (
        signals.pre_save.connected_to(refuse, sender=Person),
        pytest.raises(RuntimeError, match="not today"),
    ):
        await Person(name="Ada").async_save()

    assert await database["person"].count_documents({}) == 0


async def test_further_keywords_reach_the_receivers(listen: Listen) -> None:
    heard = listen(Person)
    person = await Person(name="Ada").async_save(signal_kwargs={"why": "test"})
    await person.async_delete(signal_kwargs={"why": "test"})
    await Person.objects.async_insert(Person(name="Ida"), signal_kwargs={"why": "test"})

    assert [name for name, _, _ in heard] == list(VERBS)
    assert {kwargs["why"] for _, _, kwargs in heard} == {"test"}


async def test_a_delete_sends_its_signals_around_it(database: Any) -> None:
    counts: list[tuple[str, int]] = []

    async def before(sender: Any, document: Any) -> None:
        counts.append(("before", await database["person"].count_documents({})))

    async def after(sender: Any, document: Any) -> None:
        counts.append(("after", await database["person"].count_documents({})))

    person = await Person(name="Ada").async_save()
    with (
        signals.pre_delete.connected_to(before, sender=Person),
        signals.post_delete.connected_to(after, sender=Person),
    ):
        await person.async_delete()

    assert counts == [("before", 1), ("after", 0)]


async def test_a_queryset_sends_the_signals_of_every_document_it_deletes(
    listen: Listen,
) -> None:
    await Measurement.objects.async_insert([Measurement(n=1), Measurement(n=2), Measurement(n=3)])
    heard = listen(Measurement)

    assert await Measurement.objects(n__lt=3).async_delete() == 2

    assert [(name, kwargs["document"].n) for name, _, kwargs in heard] == [
        ("pre_delete", 1),
        ("post_delete", 1),
        ("pre_delete", 2),
        ("post_delete", 2),
    ]


async def test_an_insert_sends_signals_of_the_whole_list(listen: Listen) -> None:
    heard = listen(Measurement)
    given = [Measurement(n=1), Measurement(n=2)]

    loaded = await Measurement.objects.async_insert(given)

    assert [name for name, _, _ in heard] == ["pre_bulk_insert", "post_bulk_insert"]
    assert [m is g for m, g in zip(heard[0][2]["documents"], given, strict=True)] == [True, True]
    assert heard[1][2]["loaded"] is True
    assert [m is one for m, one in zip(heard[1][2]["documents"], loaded, strict=True)] == [True] * 2


async def test_an_insert_that_loads_nothing_sends_what_was_given(listen: Listen) -> None:
    heard = listen(Measurement, ("post_bulk_insert",))
    given = Measurement(n=1)

    key = await Measurement.objects.async_insert(given, load_bulk=False)

    ((_, _, kwargs),) = heard
    assert kwargs["loaded"] is False
    assert kwargs["documents"][0] is given
    assert given.id == key


async def test_what_receivers_change_before_an_insert_is_stored(database: Any) -> None:
    async def before(sender: Any, documents: list[Any]) -> None:
        for document in documents:
            document.n *= 10

    with signals.pre_bulk_insert.connected_to(before, sender=Measurement):
        await Measurement.objects.async_insert([Measurement(n=1), Measurement(n=2)])

    found = await database["measurement"].find(sort=[("n", 1)]).to_list()
    assert [raw["n"] for raw in found] == [10, 20]


async def test_updates_of_a_queryset_send_no_signals(listen: Listen) -> None:
    person = await Person(name="Ada").async_save()
    heard = listen(Person)

    await Person.objects.async_update(set__age=36)
    await person.async_update(set__age=37)
    await person.async_reload()

    assert heard == []


async def test_receivers_hear_of_exactly_the_class_they_were_connected_for(
    listen: Listen,
) -> None:
    of_shapes = listen(Shape)
    of_circles = listen(Circle)

    await Circle(name="c").async_save()

    assert of_shapes == []
    assert {sender for _, sender, _ in of_circles} == {Circle}


async def test_a_cascade_sends_the_signals_of_what_it_saves(listen: Listen) -> None:
    author = await Author(name="Ada").async_save()
    book = await Book(author=author).async_save()
    heard = listen(Author, ("post_save",))
    of_book = listen(Book, ("post_save",))

    author.name = "Grace"
    await book.async_save(cascade=True)

    assert [kwargs["document"] is author for _, _, kwargs in heard] == [True]
    assert len(of_book) == 1


async def test_creating_through_a_queryset_sends_the_signals_of_a_save(listen: Listen) -> None:
    heard = listen(Journaled)

    await Journaled.objects.async_create(name="a")

    assert [name for name, _, _ in heard] == ["pre_save", "pre_save_post_validation", "post_save"]


async def test_loading_sends_the_signals_of_construction() -> None:
    heard: list[str] = []

    def before(sender: Any, document: Any, values: dict[str, Any]) -> None:
        heard.append(f"before {values['name']}")
        values["age"] = 50

    def after(sender: Any, document: Any) -> None:
        heard.append(f"after {document.name} {document.age}")

    await Person(name="Ada", age=36).async_save()
    with (
        signals.pre_init.connected_to(before, sender=Person),
        signals.post_init.connected_to(after, sender=Person),
    ):
        person = await Person.objects.async_get()

    assert heard == ["before Ada", "after Ada 50"]
    assert (person.age, person._created, person._changed_fields) == (50, False, [])


async def test_the_nine_signals_of_a_life_come_in_order() -> None:
    heard: list[str] = []

    def recorder(name: str) -> Callable[..., None]:
        def receiver(sender: Any, **kwargs: Any) -> None:
            assert sender is Person
            heard.append(name)

        return receiver

    with ExitStack() as connections:
        for name in (*VERBS, "pre_init", "post_init"):
            receiver = recorder(name)
            connections.enter_context(getattr(signals, name).connected_to(receiver, Person))
            connections.callback(id, receiver)  # the signal holds it weakly
        ada, ida = Person(name="Ada"), Person(name="Ida")
        await ada.async_save()
        await Person.objects.async_insert(ida)
        await ada.async_delete()

    construction = ["pre_init", "post_init"]
    assert heard == [
        *construction * 2,
        *("pre_save", "pre_save_post_validation", "post_save"),
        *("pre_bulk_insert", *construction, "post_bulk_insert"),
        *("pre_delete", "post_delete"),
    ]


async def test_without_receivers_no_signal_is_asked_for_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        original = getattr(signals.HybridSignal, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            return original(*args, **kwargs)

        return call

    for name in ("send", "async_send", "receivers_for", "refuse_coroutine_functions"):
        monkeypatch.setattr(signals.HybridSignal, name, counted(name))

    async def live() -> None:
        await Person(name="Ada").async_save()
        await Person.objects.async_insert([Person(name="Ida")])
        found = await Person.objects.async_to_list()
        await found[0].async_delete()
        await Person.objects.async_delete()

    await live()
    assert calls == []

    def hear(sender: Any, **kwargs: Any) -> None:
        """Another class's receiver: now they are asked."""

    with signals.pre_save.connected_to(hear, sender=Author):
        await live()
    assert calls != []


async def test_a_receiver_nobody_holds_is_forgotten() -> None:
    heard: list[str] = []

    def connect() -> Any:
        def receiver(sender: Any, **kwargs: Any) -> None:
            heard.append("called")

        return signals.post_save.connect(receiver, sender=Person)

    held = connect()
    await Person(name="Ada").async_save()
    assert heard == ["called"]

    del held
    gc.collect()
    await Person(name="Ida").async_save()

    assert heard == ["called"]
