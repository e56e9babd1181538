"""What a document was like before a transaction, to be brought back if that is aborted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mongoengine.base.changed_fields import ChangedFields
from mongoengine.base.state import own_state

__all__ = ("Savepoint",)

_ABSENT = object()


class Savepoint:
    """A document's memory of being stored: created or not, changes, key, generated values.

    Its other values are the user's, and stay; save those that were loaded meanwhile.

    Args:
        document: a top-level document, about to be saved, modified or reloaded.
    """

    __slots__ = ("_changed", "_created", "_generated", "_key", "_replaced", "document")

    def __init__(self, document: Any) -> None:
        self.document = document
        self._created: bool = document._created
        tracked = document.__state__.changed is not None
        self._changed = list(document._get_changed_fields()) if tracked else None
        self._key = document.__dict__.get(document._meta["id_field"])
        self._generated = [
            name
            for name, field in document._fields.items()
            if field._auto_gen and document.__dict__.get(name) is None
        ]
        #: Values that loaded ones took the place of, and whether they were unconverted.
        self._replaced: dict[str, tuple[Any, bool]] = {}

    def before_write(self) -> None:
        """Remember the changes that a save is about to write, and to forget."""
        changed = self._present_changes()
        if self._changed is not None:
            self._changed += [path for path in changed if path not in self._changed]
        for name in self._names_of(changed):
            self._replaced.pop(name, None)

    def before_replacement(self, names: Iterable[str]) -> None:
        """Remember values that loaded ones are about to take the place of.

        Args:
            names: names of fields.
        """
        document = self.document
        for name in names:
            value = document.__dict__.get(name, _ABSENT)
            pending = name in document.__state__.pending
            self._replaced.setdefault(name, (value, pending))
        if self._changed is not None:
            changed = self._present_changes()
            self._changed += [path for path in changed if path not in self._changed]

    def restore(self) -> None:
        """Bring everything back; what has changed since the write stays changed as well."""
        document = self.document
        state = own_state(document)
        self._restore_values(state)
        state.created = self._created
        if self._changed is None:
            state.changed = None
        else:
            changed = ChangedFields(state.changed or ())
            for path in self._changed:
                changed.mark(path)
            state.changed = changed
        values = document.__dict__
        for name in self._generated:
            # The counter has gone back too, and would give the value to another document.
            values.pop(name, None)
        id_field = document._meta["id_field"]
        if self._key is None:
            values.pop(id_field, None)
        else:
            values[id_field] = self._key

    def _restore_values(self, state: Any) -> None:
        values = self.document.__dict__
        kept = self._names_of(self._present_changes())
        for name, (value, pending) in self._replaced.items():
            if name in kept:
                continue
            if value is _ABSENT:
                values.pop(name, None)
                if state.dynamic:
                    state.dynamic.pop(name, None)
            else:
                values[name] = value
            if pending:
                state.pending.add(name)

    def _present_changes(self) -> list[str]:
        document = self.document
        tracked = document.__state__.changed is not None
        return list(document._get_changed_fields()) if tracked else []

    def _names_of(self, paths: Iterable[str]) -> set[str]:
        """Return the names of the fields that stored paths begin with."""
        names = self.document._reverse_db_field_map
        roots = {path.partition(".")[0] for path in paths}
        return {names.get(root, root) for root in roots}
