"""The signals sent around the life of a document, and the class they are made of.

Model floor: calls receivers and does nothing else. The sender is always the document class,
matched exactly: receivers of a base class do not hear of its subclasses.

Senders on a hot path test ``if signal.receivers:`` first. It is a plain dict, empty as long
as nobody listens, so a signal without receivers costs one truth test.
"""

# What a test finds out about an `Any` is unknown to pyright.
# pyright: reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable, Coroutine, Hashable, Iterator, MutableSet
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar, cast

from blinker import ANY, NamedSignal, Namespace

# The bulk signals are reached as signals.pre_bulk_insert and signals.post_bulk_insert only:
# upstream's `import *` does not bring them, and user code may hold those names itself.
__all__ = (
    "pre_init",
    "post_init",
    "pre_save",
    "pre_save_post_validation",
    "post_save",
    "pre_delete",
    "post_delete",
)

signals_available = True

Receiver = Callable[..., Any]
_Receiver = TypeVar("_Receiver", bound=Receiver)

_turns = itertools.count()

_USE_THE_ASYNC_CALL = (
    "use the async_ call (as async_save() in place of save()) or connect a plain function"
)
_CONNECT_A_FUNCTION = (
    "connect a plain function, because documents are built synchronously in either colour"
)


class _ConnectionOrder(MutableSet[Hashable]):
    """A set that iterates in the order of connection, also after a union with another.

    blinker keeps the receivers of each sender in a set of ``Signal.set_class``, and calls
    the union of the sender's set and the set of ``ANY``.
    """

    __slots__ = ("_turn_of",)

    def __init__(self) -> None:
        self._turn_of: dict[Hashable, int] = {}

    def __contains__(self, item: object) -> bool:
        return item in self._turn_of

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._turn_of)

    def __len__(self) -> int:
        return len(self._turn_of)

    def add(self, value: Hashable) -> None:
        """Put an item at the end; one that is there keeps its place."""
        self._turn_of.setdefault(value, next(_turns))

    def discard(self, value: Hashable) -> None:
        """Remove an item if it is there."""
        self._turn_of.pop(value, None)

    def copy(self) -> _ConnectionOrder:
        """An independent set of the same order."""
        result = _ConnectionOrder()
        result._turn_of = self._turn_of.copy()
        return result

    def __or__(self, other: AbstractSet[Any]) -> _ConnectionOrder:
        if not isinstance(other, _ConnectionOrder):
            return NotImplemented
        # Each side is in order already; an item of both takes its earlier turn.
        pairs = sorted([*self._turn_of.items(), *other._turn_of.items()], key=_turn)
        result = _ConnectionOrder()
        for item, turn in pairs:
            result._turn_of.setdefault(item, turn)
        return result


def _turn(pair: tuple[Hashable, int]) -> int:
    return pair[1]


class HybridSignal(NamedSignal):
    """A blinker signal whose receivers may be plain functions and coroutine functions.

    ``send`` calls plain receivers and refuses coroutine functions; ``await async_send`` takes
    both. Receivers are called in the order in which they were connected, to this sender or to
    any, and are held weakly unless connected with ``weak=False``.

    Args:
        name: The name of the signal, shown in errors.
        doc: The docstring of the signal.
        way_out: What the error about a coroutine receiver in ``send`` advises to do.
    """

    # The documented hook for ordered dispatch; it asks for the methods of a set, not for a
    # subclass of set.
    set_class = cast("type[set[Any]]", _ConnectionOrder)

    def __init__(
        self, name: str, doc: str | None = None, *, way_out: str = _USE_THE_ASYNC_CALL
    ) -> None:
        super().__init__(name, doc)
        self._way_out = way_out
        self._coroutine_receivers: set[Hashable] = set()

    def connect(self, receiver: _Receiver, sender: Any = ANY, weak: bool = True) -> _Receiver:
        """Have ``receiver`` called whenever the signal is sent by ``sender``.

        Args:
            receiver: A function, coroutine function, method, or other callable. It gets the
                sender as positional argument, and the keywords of the signal.
            sender: A document class; without it the receiver hears every sender.
            weak: Disconnect when nothing else refers to the receiver any more.

        Returns:
            The receiver, so that this method serves as a decorator.
        """
        # Noted before the connection exists, so that a send in another thread cannot take a
        # coroutine function for a plain one. Whether it is one is settled here and not at
        # every send. An id left behind by a receiver that died costs only the short cut of
        # send; the next receiver that gets the id is entered anew.
        ident = _identity(receiver)
        if _is_coroutine_function(receiver):
            self._coroutine_receivers.add(ident)
        else:
            self._coroutine_receivers.discard(ident)
        return super().connect(receiver, sender, weak)

    def disconnect(self, receiver: Receiver, sender: Any = ANY) -> None:
        """Stop calling ``receiver``.

        Args:
            receiver: What was connected.
            sender: The only sender to disconnect from; without it, all.
        """
        super().disconnect(receiver, sender)
        if sender is ANY:
            self._coroutine_receivers.discard(_identity(receiver))

    def send(
        self,
        sender: Any = None,
        /,
        *,
        _async_wrapper: Callable[[Callable[..., Coroutine[Any, Any, Any]]], Receiver] | None = None,
        **kwargs: Any,
    ) -> list[tuple[Receiver, Any]]:
        """Call the receivers of ``sender``, one after the other.

        Args:
            sender: The document class that sends.
            _async_wrapper: blinker's own hook: turns a coroutine receiver into a plain one.
            **kwargs: Passed on to every receiver.

        Returns:
            The receivers called, each with what it returned.

        Raises:
            RuntimeError: A receiver is a coroutine function; no receiver was called.
        """
        if not self.receivers or self.is_muted:
            return []
        if _async_wrapper is None:
            self.refuse_coroutine_functions(sender)
        results: list[tuple[Receiver, Any]] = []
        for receiver in self.receivers_for(sender):
            call = receiver
            if _async_wrapper is not None and self._awaits(receiver):
                call = _async_wrapper(receiver)
            results.append((receiver, call(sender, **kwargs)))
        return results

    async def async_send(self, sender: Any = None, /, **kwargs: Any) -> list[tuple[Receiver, Any]]:
        """Call the receivers of ``sender`` one after the other, awaiting coroutine functions.

        Args:
            sender: The document class that sends.
            **kwargs: Passed on to every receiver.

        Returns:
            The receivers called, each with what it returned.
        """
        if not self.receivers or self.is_muted:
            return []
        results: list[tuple[Receiver, Any]] = []
        for receiver in self.receivers_for(sender):
            value = receiver(sender, **kwargs)
            # A plain decorator around a coroutine function returns a coroutine as well. Other
            # awaitables are left alone: a reference proxy is one, and awaiting it does I/O.
            if isinstance(value, Coroutine) or self._awaits(receiver):
                value = await value
            results.append((receiver, value))
        return results

    def _awaits(self, receiver: Receiver) -> bool:
        return bool(self._coroutine_receivers) and _identity(receiver) in self._coroutine_receivers

    def refuse_coroutine_functions(self, sender: Any) -> None:
        """Refuse a synchronous send before it takes place.

        Args:
            sender: The document class that is going to send.

        Raises:
            RuntimeError: A receiver is a coroutine function.
        """
        if not self._coroutine_receivers or self.is_muted:
            return
        for receiver in self.receivers_for(sender):
            if self._awaits(receiver):
                raise RuntimeError(
                    f"{self.name} of {getattr(sender, '__name__', sender)} has the coroutine "
                    f"receiver {_described(receiver)}, which a synchronous call cannot await: "
                    f"{self._way_out}."
                )


def check_receivers(sender: Any, call: str, *to_be_sent: HybridSignal) -> None:
    """Refuse a synchronous call before it writes, not when half of it is done.

    Args:
        sender: The document class that is going to send.
        call: The call, by the name its user wrote; one with ``async_`` awaits its receivers.
        *to_be_sent: The signals it is going to send.

    Raises:
        RuntimeError: A receiver is a coroutine function.
    """
    if call.startswith("async_"):
        return
    for signal in to_be_sent:
        if signal.receivers:
            signal.refuse_coroutine_functions(sender)


def _identity(receiver: Receiver) -> Hashable:
    """What stays the same when a bound method is taken from its object again."""
    if inspect.ismethod(receiver):
        return id(receiver.__func__), id(receiver.__self__)
    return id(receiver)


def _is_coroutine_function(receiver: Any) -> bool:
    while isinstance(receiver, functools.partial):
        receiver = receiver.func
    return inspect.iscoroutinefunction(receiver) or inspect.iscoroutinefunction(
        type(receiver).__call__
    )


def _described(receiver: Receiver) -> str:
    name = getattr(receiver, "__qualname__", None)
    return f"{receiver.__module__}.{name}" if name else repr(receiver)


# upstream keeps its signals here, and a user may add some.
_signals = Namespace()


def _signal(name: str, doc: str, way_out: str = _USE_THE_ASYNC_CALL) -> HybridSignal:
    signal = HybridSignal(name, doc, way_out=way_out)
    _signals[name] = signal
    return signal


pre_init = _signal(
    "pre_init",
    "Before a document, loaded or new, gets its values. Keywords: document, values.",
    _CONNECT_A_FUNCTION,
)
post_init = _signal(
    "post_init",
    "When a document, loaded or new, has its values. Keywords: document.",
    _CONNECT_A_FUNCTION,
)
pre_save = _signal("pre_save", "At the start of a save. Keywords: document.")
pre_save_post_validation = _signal(
    "pre_save_post_validation",
    "In a save, after validation and before the write. Keywords: document, created.",
)
post_save = _signal(
    "post_save",
    "After a save was written, cascades included, and before the changes are forgotten. "
    "Keywords: document, created.",
)
pre_delete = _signal("pre_delete", "Before a document is deleted. Keywords: document.")
post_delete = _signal("post_delete", "After a document was deleted. Keywords: document.")
pre_bulk_insert = _signal(
    "pre_bulk_insert", "Before a queryset inserts documents. Keywords: documents."
)
post_bulk_insert = _signal(
    "post_bulk_insert", "After a queryset inserted documents. Keywords: documents, loaded."
)
