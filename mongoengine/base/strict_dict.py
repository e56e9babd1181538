"""`StrictDict`: a small mapping whose keys are fixed when its class is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

__all__ = ("StrictDict",)

_PREFIX = "_reserved_"


class StrictDict:
    """A mapping that stores its values in slots and knows no other keys.

    Make a class of it with `create`, and instances from that.

    Raises:
        AttributeError: a keyword is not among the keys.
    """

    __module__ = "mongoengine.base.datastructures"
    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    _special_fields: ClassVar[set[str]] = {"create", "get", "items", "iteritems", "keys", "pop"}
    _classes: ClassVar[dict[frozenset[str], type[StrictDict]]] = {}

    def __init__(self, **kwargs: Any) -> None:
        for key, value in kwargs.items():
            self[key] = value

    @classmethod
    def create(cls, allowed_keys: Iterable[str]) -> type[StrictDict]:
        """Return the class for a set of keys; the same one each time.

        Args:
            allowed_keys: the keys. One that is also the name of a method is stored under
                the name ``_reserved_{key}``.
        """
        slots = tuple(map(_slot_name, allowed_keys))
        known = frozenset(slots)
        if known not in cls._classes:
            namespace = {"__slots__": slots, "__repr__": _as_text, "__module__": cls.__module__}
            cls._classes[known] = type("SpecificStrictDict", (cls,), namespace)
        return cls._classes[known]

    def __getitem__(self, key: str) -> Any:
        try:
            return getattr(self, _slot_name(key))
        except AttributeError:
            raise KeyError(key) from None

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self, _slot_name(key), value)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and hasattr(self, _slot_name(key))

    def __iter__(self) -> Iterator[str]:
        slots: tuple[str, ...] = type(self).__slots__
        return (_key_of(slot) for slot in slots if hasattr(self, slot))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (StrictDict, dict)):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    def __ne__(self, other: object) -> bool:
        return not self == other

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, or the default."""
        try:
            return self[key]
        except KeyError:
            return default

    def pop(self, key: str, default: Any = None) -> Any:
        """Take a key out and return its value, or the default."""
        value = self.get(key, default)
        if key in self:
            delattr(self, _slot_name(key))
        return value

    def keys(self) -> list[str]:
        """Return the keys that have a value, in the order of the class."""
        return list(self)

    def iterkeys(self) -> Iterator[str]:
        """Return an iterator over `keys`."""
        return iter(self)

    def items(self) -> list[tuple[str, Any]]:
        """Return pairs of key and value."""
        return [(key, self[key]) for key in self]

    def iteritems(self) -> Iterator[tuple[str, Any]]:
        """Return an iterator over `items`."""
        return iter(self.items())


def _slot_name(key: str) -> str:
    return _PREFIX + key if key in StrictDict._special_fields else key


def _key_of(slot: str) -> str:
    return slot.removeprefix(_PREFIX)


def _as_text(self: StrictDict) -> str:
    pairs = ", ".join(f'"{key}": {value!r}' for key, value in self.items())
    return f"{{{pairs}}}"
