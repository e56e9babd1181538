from __future__ import annotations

import asyncio
import functools
import gc
import inspect

import blinker
import pytest

from mongoengine import signals
from mongoengine.signals import HybridSignal

ALL_SIGNALS = (
    "pre_init",
    "post_init",
    "pre_save",
    "pre_save_post_validation",
    "post_save",
    "pre_delete",
    "post_delete",
    "pre_bulk_insert",
    "post_bulk_insert",
)


class Author:
    pass


class Novelist(Author):
    pass


@pytest.fixture
def signal():
    return HybridSignal("saved")


@pytest.fixture
def calls():
    return []


def _plain(calls, name):
    def receiver(sender, **kwargs):
        calls.append((name, sender, kwargs))
        return name

    return receiver


def _coroutine(calls, name):
    async def receiver(sender, **kwargs):
        await asyncio.sleep(0)
        calls.append((name, sender, kwargs))
        return name

    return receiver


class Listener:
    """Receivers of every shape that can be a coroutine function, and of some that cannot."""

    def plain(self, sender, **kwargs):
        return "plain"

    async def method(self, sender, **kwargs):
        return "method"

    @classmethod
    async def class_method(cls, sender, **kwargs):
        return "class method"

    @staticmethod
    async def static_method(sender, **kwargs):
        return "static method"

    partial_method = functools.partialmethod(method)

    async def __call__(self, sender, **kwargs):
        return "call"


class PlainListener:
    def __call__(self, sender, **kwargs):
        return "plain call"


class ClassAsReceiver:
    """Calling the class makes an instance; the coroutine function is the instance's."""

    def __init__(self, sender, **kwargs):
        self.sender = sender

    async def __call__(self):
        raise AssertionError("only the class is a receiver")


# --- the module


def test_every_signal_is_a_hybrid_signal_of_its_own_name_and_kept_in_the_namespace():
    for name in ALL_SIGNALS:
        signal = getattr(signals, name)
        assert isinstance(signal, HybridSignal)
        assert isinstance(signal, blinker.NamedSignal)
        assert signal.name == name
        assert signals._signals.signal(name) is signal
    assert set(signals._signals) == set(ALL_SIGNALS)


def test_star_import_brings_all_but_the_bulk_signals():
    assert signals.__all__ == ALL_SIGNALS[:-2]


def test_signals_are_always_available():
    assert signals.signals_available is True


def test_every_signal_tells_in_its_docstring_when_it_is_sent():
    docs = {getattr(signals, name).__doc__ for name in ALL_SIGNALS}
    assert len(docs) == len(ALL_SIGNALS)
    assert HybridSignal.__doc__ not in docs


# --- sending


def test_without_receivers_nothing_is_sent_and_receivers_is_falsy(signal):
    assert not signal.receivers
    assert signal.send(Author, document=1) == []


async def test_without_receivers_an_async_send_returns_an_empty_list(signal):
    assert await signal.async_send(Author, document=1) == []


def test_send_gives_sender_and_keywords_and_returns_receivers_with_their_values(signal, calls):
    first, second = _plain(calls, "first"), _plain(calls, "second")
    signal.connect(first)
    signal.connect(second, sender=Author)
    assert signal.receivers
    assert signal.send(Author, document=7) == [(first, "first"), (second, "second")]
    assert calls == [("first", Author, {"document": 7}), ("second", Author, {"document": 7})]


def test_self_and_sender_may_be_keywords_of_a_signal(signal):
    heard = signal.connect(lambda _sender, **kwargs: kwargs, weak=False)
    assert signal.send(Author, self=1, sender=2) == [(heard, {"self": 1, "sender": 2})]


async def test_self_and_sender_may_be_keywords_of_an_async_send(signal):
    heard = signal.connect(lambda _sender, **kwargs: kwargs, weak=False)
    assert await signal.async_send(Author, self=1, sender=2) == [(heard, {"self": 1, "sender": 2})]


async def test_async_send_calls_plain_receivers_and_awaits_coroutine_functions_in_turn(
    signal, calls
):
    receivers = [_plain(calls, "a"), _coroutine(calls, "b"), _plain(calls, "c")]
    for receiver in receivers:
        signal.connect(receiver, sender=Author)
    sent = await signal.async_send(Author, document=7)
    assert sent == list(zip(receivers, "abc", strict=True))
    assert [name for name, *_ in calls] == ["a", "b", "c"]


async def test_async_send_awaits_the_coroutine_of_a_plainly_decorated_coroutine_function(
    signal, calls
):
    receiver = _coroutine(calls, "wrapped")

    @functools.wraps(receiver)
    def decorated(*args, **kwargs):
        return receiver(*args, **kwargs)

    signal.connect(decorated)
    assert await signal.async_send(Author) == [(decorated, "wrapped")]


async def test_async_send_leaves_other_awaitables_of_plain_receivers_alone(signal):
    class Proxy:
        def __await__(self):
            raise AssertionError("awaiting a reference would do I/O")

    proxy = Proxy()
    heard = signal.connect(lambda sender: proxy, weak=False)
    assert await signal.async_send(Author) == [(heard, proxy)]


async def test_an_error_of_a_receiver_reaches_the_sender_and_ends_the_round(signal, calls):
    async def failing(sender, **kwargs):
        raise LookupError("receiver failed")

    last = _plain(calls, "last")
    signal.connect(failing)
    signal.connect(last)
    with pytest.raises(LookupError, match="receiver failed"):
        await signal.async_send(Author)
    assert calls == []


async def test_cancelling_an_async_send_cancels_the_receiver_and_ends_the_round(signal, calls):
    waiting = asyncio.Event()

    async def slow(sender, **kwargs):
        waiting.set()
        await asyncio.Event().wait()

    last = _plain(calls, "last")
    signal.connect(slow)
    signal.connect(last)
    task = asyncio.create_task(signal.async_send(Author))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert calls == []


# --- coroutine receivers in a synchronous send


def test_send_refuses_a_coroutine_function_before_any_receiver_is_called(signal, calls):
    plain, coroutine = _plain(calls, "plain"), _coroutine(calls, "coroutine")
    signal.connect(plain)
    signal.connect(coroutine)
    with pytest.raises(RuntimeError) as caught:
        signal.send(Author)
    assert str(caught.value) == (
        "saved of Author has the coroutine receiver "
        f"{__name__}._coroutine.<locals>.receiver, which a synchronous call cannot await: "
        "use the async_ call (as async_save() in place of save()) or connect a plain function."
    )
    assert calls == []


@pytest.mark.parametrize("name", ["pre_init", "post_init"])
def test_the_signals_of_construction_do_not_advise_an_async_call(name, calls):
    signal = getattr(signals, name)
    receiver = _coroutine(calls, "coroutine")
    signal.connect(receiver, sender=Author)
    try:
        with pytest.raises(RuntimeError, match=f"^{name} of Author .* connect a plain function"):
            signal.send(Author)
        with pytest.raises(RuntimeError) as caught:
            signal.send(Author)
        assert "async_" not in str(caught.value)
    finally:
        signal.disconnect(receiver)


LISTENER = Listener()


@pytest.mark.parametrize(
    ("receiver", "value"),
    [
        (LISTENER, "call"),
        (LISTENER.method, "method"),
        (LISTENER.class_method, "class method"),
        (LISTENER.static_method, "static method"),
        (LISTENER.partial_method, "method"),
        (functools.partial(LISTENER.method), "method"),
        (functools.partial(functools.partial(LISTENER, extra=1)), "call"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
async def test_a_coroutine_function_is_known_in_every_disguise(signal, receiver, value):
    signal.connect(receiver, weak=False)
    with pytest.raises(RuntimeError, match="synchronous call cannot await"):
        signal.send(Author)
    assert await signal.async_send(Author) == [(receiver, value)]


def test_plain_methods_callable_objects_and_classes_are_not_taken_for_coroutine_functions(signal):
    plain_listener = PlainListener()
    signal.connect(LISTENER.plain)
    signal.connect(plain_listener)
    signal.connect(ClassAsReceiver)
    values = [value for _, value in signal.send(Author)]
    assert values[:2] == ["plain", "plain call"]
    assert isinstance(values[2], ClassAsReceiver)


def test_a_receiver_without_a_name_is_described_by_its_repr(signal):
    class Nameless:
        async def __call__(self, sender):
            raise AssertionError("never called")

        def __repr__(self):
            return "<the nameless one>"

    signal.connect(Nameless(), weak=False)
    with pytest.raises(RuntimeError, match="coroutine receiver <the nameless one>, which"):
        signal.send(Author)


def test_a_coroutine_receiver_of_another_sender_does_not_disturb(signal, calls):
    plain, coroutine = _plain(calls, "plain"), _coroutine(calls, "coroutine")
    signal.connect(coroutine, sender=Novelist)
    signal.connect(plain, sender=Author)
    assert signal.send(Author) == [(plain, "plain")]


def test_after_the_coroutine_receiver_is_gone_a_synchronous_send_works_again(signal, calls):
    plain, coroutine = _plain(calls, "plain"), _coroutine(calls, "coroutine")
    signal.connect(plain)
    signal.connect(coroutine)
    signal.disconnect(coroutine)
    assert signal.send(Author) == [(plain, "plain")]

    signal.connect(coroutine)
    del coroutine
    gc.collect()
    assert signal.send(Author) == [(plain, "plain")]


def test_a_coroutine_receiver_that_left_one_of_two_senders_is_still_refused(signal, calls):
    coroutine = _coroutine(calls, "coroutine")
    signal.connect(coroutine, sender=Author)
    signal.connect(coroutine, sender=Novelist)
    signal.disconnect(coroutine, sender=Author)
    assert signal.send(Author) == []
    with pytest.raises(RuntimeError, match="saved of Novelist"):
        signal.send(Novelist)


def test_a_plain_receiver_that_takes_the_id_of_a_dead_coroutine_receiver_is_called(signal):
    def connect_and_forget():
        async def coroutine(sender):
            raise AssertionError("never called")

        signal.connect(coroutine)
        return id(coroutine)

    # CPython hands the memory of the one to the other after a few tries at most.
    for _ in range(1000):
        dead = connect_and_forget()
        plain = lambda sender: "plain"  # noqa: E731 - a fresh object every time
        if id(plain) == dead:
            break
    else:
        pytest.fail("no id was used again, so this test says nothing")
    signal.connect(plain)
    assert signal.send(Author) == [(plain, "plain")]


def test_whether_a_receiver_is_a_coroutine_function_is_asked_when_it_is_connected(
    signal, calls, monkeypatch
):
    plain, coroutine = _plain(calls, "plain"), _coroutine(calls, "coroutine")
    signal.connect(plain, sender=Author)
    signal.connect(coroutine, sender=Novelist)
    asked = []
    monkeypatch.setattr(inspect, "iscoroutinefunction", asked.append)
    for _ in range(3):
        signal.send(Author)
    assert asked == []
    assert len(calls) == 3


async def test_blinkers_wrapper_for_coroutine_functions_keeps_working(signal, calls):
    plain = _plain(calls, "plain")
    listener = Listener()
    signal.connect(plain)
    signal.connect(listener)

    def wrapper(receiver):
        def run(sender, **kwargs):
            receiver(sender, **kwargs).close()
            return "wrapped"

        return run

    sent = signal.send(Author, _async_wrapper=wrapper)
    assert sent == [(plain, "plain"), (listener, "wrapped")]


# --- order


def _names(sent):
    return [value for _, value in sent]


def test_receivers_are_called_in_the_order_of_connection_across_specific_and_any(signal, calls):
    # More receivers than happen to come out of a plain set in order.
    receivers = [_plain(calls, number) for number in range(20)]
    for number, receiver in enumerate(receivers):
        if number % 2:
            signal.connect(receiver, sender=Author)
        else:
            signal.connect(receiver)
    assert _names(signal.send(Author)) == list(range(20))
    assert _names(signal.send(Novelist)) == list(range(0, 20, 2))


def test_a_receiver_of_several_senders_has_its_own_turn_with_each(signal, calls):
    first, second = _plain(calls, "first"), _plain(calls, "second")
    signal.connect(first, sender=Author)
    signal.connect(second, sender=Novelist)
    signal.connect(first, sender=Novelist)
    signal.connect(second, sender=Author)
    assert _names(signal.send(Author)) == ["first", "second"]
    assert _names(signal.send(Novelist)) == ["second", "first"]


def test_a_receiver_connected_to_any_and_to_the_sender_is_called_once_at_its_earlier_turn(
    signal, calls
):
    first, second, third = (_plain(calls, name) for name in ("first", "second", "third"))
    signal.connect(first, sender=Author)
    signal.connect(second)
    signal.connect(third, sender=Author)
    signal.connect(first)
    signal.connect(third)
    assert _names(signal.send(Author)) == ["first", "second", "third"]
    assert _names(signal.send(Novelist)) == ["second", "first", "third"]


def test_connecting_again_keeps_the_place_and_reconnecting_takes_the_last(signal, calls):
    first, second = _plain(calls, "first"), _plain(calls, "second")
    signal.connect(first)
    signal.connect(second)
    signal.connect(first)
    assert _names(signal.send(Author)) == ["first", "second"]
    signal.disconnect(first)
    signal.connect(first)
    assert _names(signal.send(Author)) == ["second", "first"]


# --- what blinker offers keeps working


def test_senders_match_exactly_and_not_by_inheritance(signal, calls):
    receiver = _plain(calls, "author")
    signal.connect(receiver, sender=Author)
    assert signal.send(Novelist) == []
    assert signal.has_receivers_for(Author)
    assert not signal.has_receivers_for(Novelist)


def test_receivers_are_held_weakly_unless_asked_otherwise(signal, calls):
    signal.connect(_plain(calls, "forgotten"))
    signal.connect(_plain(calls, "kept"), weak=False)
    gc.collect()
    assert _names(signal.send(Author)) == ["kept"]
    assert len(signal.receivers) == 1


def test_the_methods_of_an_object_are_forgotten_with_it(signal):
    listener = Listener()
    signal.connect(listener.plain)
    assert _names(signal.send(Author)) == ["plain"]
    del listener
    gc.collect()
    assert not signal.receivers


def test_a_bound_method_is_disconnected_by_an_equal_one(signal):
    signal.connect(LISTENER.method)
    signal.disconnect(LISTENER.method)
    assert signal.send(Author) == []
    assert not signal.receivers


def test_a_sender_that_is_gone_takes_its_connections_with_it(signal, calls):
    def connect():
        class Passing:
            pass

        signal.connect(receiver, sender=Passing)
        assert _names(signal.send(Passing)) == ["heard"]

    receiver = _plain(calls, "heard")
    connect()
    signal.connect(receiver, sender=Author)
    gc.collect()
    assert _names(signal.send(Author)) == ["heard"]


def test_connect_returns_the_receiver_and_connect_via_decorates(signal):
    @signal.connect
    def heard(sender):
        return "any"

    @signal.connect_via(Author)
    def heard_of_author(sender):
        return "author"

    assert signal.send(Author) == [(heard, "any"), (heard_of_author, "author")]
    assert signal.send(Novelist) == [(heard, "any")]


def test_connected_to_connects_for_a_block_and_muted_silences_one(signal, calls):
    receiver = _plain(calls, "heard")
    with signal.connected_to(receiver, sender=Author):
        assert _names(signal.send(Author)) == ["heard"]
        with signal.muted():
            assert signal.send(Author) == []
        assert _names(signal.send(Author)) == ["heard"]
    assert signal.send(Author) == []


async def test_muted_silences_coroutine_receivers_in_both_sends(signal, calls):
    coroutine = _coroutine(calls, "coroutine")
    with signal.connected_to(coroutine), signal.muted():
        assert signal.send(Author) == []
        assert await signal.async_send(Author) == []
    assert calls == []


def test_a_receiver_disconnected_by_an_earlier_one_is_not_called_any_more(signal, calls):
    def first(sender):
        signal.disconnect(second)
        return "first"

    second = _plain(calls, "second")
    signal.connect(first)
    signal.connect(second)
    assert signal.send(Author) == [(first, "first")]


def test_a_receiver_connected_by_an_earlier_one_is_called_from_the_next_send_on(signal, calls):
    def first(sender):
        signal.connect(second)
        return "first"

    second = _plain(calls, "second")
    signal.connect(first)
    assert _names(signal.send(Author)) == ["first"]
    assert _names(signal.send(Author)) == ["first", "second"]


def test_connecting_and_disconnecting_are_announced_as_blinker_does(signal, calls):
    announced = []

    def on_connected(source, /, **kwargs):
        announced.append(("connected", source, kwargs))

    def on_disconnected(source, /, **kwargs):
        announced.append(("disconnected", source, kwargs))

    signal.receiver_connected.connect(on_connected)
    signal.receiver_disconnected.connect(on_disconnected)
    receiver = _plain(calls, "heard")
    signal.connect(receiver, sender=Author)
    signal.disconnect(receiver, sender=Author)
    assert announced == [
        ("connected", signal, {"receiver": receiver, "sender": Author, "weak": True}),
        ("disconnected", signal, {"receiver": receiver, "sender": Author}),
    ]
    assert not signal.has_receivers_for(Novelist)
