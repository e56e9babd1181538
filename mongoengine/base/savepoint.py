"""What a document knew about itself before a save, to be brought back if that is undone."""

from __future__ import annotations

from typing import Any

from mongoengine.base.changed_fields import ChangedFields
from mongoengine.base.state import own_state

__all__ = ("Savepoint",)


class Savepoint:
    """A document's memory of being stored: created or not, changes, key, generated values.

    Its other values are the user's, and stay.

    Args:
        document: a top-level document, about to be saved.
    """

    __slots__ = ("_changed", "_created", "_generated", "_key", "document")

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

    def restore(self) -> None:
        """Bring everything back; what has changed since the save stays changed as well."""
        document = self.document
        state = own_state(document)
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
