"""Book-keeping of one document, kept beside its values.

A document's values are its ``__dict__``; everything else the library remembers about
it is one `DocumentState` in the slot ``__state__``. Documents fresh from the database
share the state of their class until the first change, so a loaded document that is
only read costs no state of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mongoengine.base.changed_fields import ChangedFields

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from mongoengine.base.document import BaseDocument

__all__ = ("DocumentState", "convert_pending", "own_changes", "own_state", "set_loaded")

_NOTHING: frozenset[str] = frozenset()


class DocumentState:
    """What a document knows about itself besides its values.

    Attributes:
        created: True while the document is not known to be in the database.
        initialised: False only while the constructor runs.
        changed: database paths changed since load or save; None while nothing is
            tracked (a new top-level document is saved whole).
        pending: names whose values are still as the driver gave them, unless they show
            by themselves that they are not (see `BaseField._is_unread`).
        extra: values without a field (keys of non-strict data, the text score).
        dynamic: fields this instance has beyond those of its class.
        home: alias and collection name of an instance switched away from its class's.
        dereference: False when the instance must hand out references as stored.
        shared: True for the state all untouched documents of a class have in common.
    """

    __slots__ = (
        "changed",
        "created",
        "dereference",
        "dynamic",
        "extra",
        "home",
        "initialised",
        "pending",
        "shared",
    )

    def __init__(
        self,
        *,
        created: bool = True,
        initialised: bool = False,
        changed: ChangedFields | tuple[()] | None = None,
        pending: AbstractSet[str] = _NOTHING,
        dereference: bool = True,
        shared: bool = False,
    ) -> None:
        self.created = created
        self.initialised = initialised
        self.changed = changed
        #: Shared states hold a frozenset; an own one a set that may be changed.
        self.pending: Any = pending
        self.extra: dict[str, Any] | None = None
        self.dynamic: dict[str, Any] | None = None
        self.home: tuple[str, str] | None = None
        self.dereference = dereference
        self.shared = shared


def own_state(document: BaseDocument) -> DocumentState:
    """Return a state that belongs to this document alone and may be changed."""
    state = document.__state__
    if not state.shared:
        return state

    own = DocumentState.__new__(DocumentState)
    own.created = state.created
    own.initialised = state.initialised
    own.changed = state.changed
    own.pending = set(state.pending)
    own.extra = own.dynamic = own.home = None
    own.dereference = state.dereference
    own.shared = False
    object.__setattr__(document, "__state__", own)
    return own


def set_loaded(document: BaseDocument, *, created: bool = False, dereference: bool = True) -> None:
    """Say of a document made from stored data what it is."""
    state = own_state(document)
    state.created = created
    state.dereference = dereference
    state.changed = ()


def convert_pending(document: BaseDocument) -> None:
    """Convert every value that is still as the driver gave it."""
    pending = document.__state__.pending
    if pending:
        for name in list(pending):
            document._fields[name]._convert_pending(document)
        own_state(document).pending.clear()


def own_changes(document: BaseDocument) -> ChangedFields:
    """Return the list of changes of a document that tracks them, to add to it."""
    state = own_state(document)
    if not isinstance(state.changed, ChangedFields):
        state.changed = ChangedFields()
    return state.changed
