"""The values of a document as a dict, where its ``__dict__`` holds more or less than them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from mongoengine.base.state import own_state

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("DataView", "non_field_names")


def non_field_names(document: BaseDocument) -> set[str]:
    """Return the names of attributes users keep on a document beside its fields."""
    values = document.__dict__
    names = values.keys() - document._fields.keys()
    if names and document.__state__.dynamic:
        names -= document.__state__.dynamic.keys()
    return names


class DataView(dict[str, Any]):
    """The values of a document whose ``__dict__`` has other attributes too.

    It is a dict of the values as they are; changing it changes the document.
    """

    __slots__ = ("_document",)

    def __init__(
        self, document: BaseDocument, hidden: Collection[str], extra: dict[str, Any]
    ) -> None:
        super().__init__(
            {name: value for name, value in document.__dict__.items() if name not in hidden}
        )
        super().update(extra)
        self._document = document

    def _target(self, name: str) -> dict[str, Any]:
        document = self._document
        if name in document._fields or name in (document.__state__.dynamic or {}):
            return document.__dict__
        state = own_state(document)
        if state.extra is None:
            state.extra = {}
        return state.extra

    def __setitem__(self, name: str, value: Any) -> None:
        self._target(name)[name] = value
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self._target(name).pop(name, None)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Set several values."""
        for name, value in dict(*args, **kwargs).items():
            self[name] = value

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Return a value, set first if there is none."""
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        """Remove a value and return it."""
        value = super().pop(name, *default)
        self._target(name).pop(name, None)
        return value

    def popitem(self) -> tuple[str, Any]:
        """Remove the last value; return it with its name."""
        name = next(reversed(self))
        return name, self.pop(name)

    def clear(self) -> None:
        """Remove all values."""
        for name in list(self):
            del self[name]
