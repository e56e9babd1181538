"""Which references of a document to load: all to a depth, or those on named paths.

Model floor: a `Choice` says, for one document, which fields to look at, and for a document
put in place of a reference, what to load of that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from mongoengine.base.common import find_document
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.fields.embedded import EmbeddedDocumentField
from mongoengine.base.fields.lazy_references import LazilyReadField
from mongoengine.base.fields.references import DereferencingField, TypedReference
from mongoengine.errors import InvalidQueryError, LookUpError

if TYPE_CHECKING:
    from mongoengine.base.fields.base import BaseField

__all__ = ("DIRECTLY", "Choice", "Everything", "Paths", "paths_of", "split_path")


class Choice:
    """What to load of one document."""

    #: True when lazy references get their documents, too.
    loads_lazy: bool = False

    @property
    def beyond(self) -> Choice | None:
        """What to load of a document put in the place of a reference; None for nothing."""
        return None

    def fields_of(self, document: Any) -> Iterator[tuple[BaseField[Any], Choice]]:
        """Yield the fields to look at, each with what to load of its value."""
        raise NotImplementedError


class _Directly(Choice):
    """Of embedded documents only what their reference fields refer to.

    Their lists and dicts are looked at when they are read.
    """

    def fields_of(self, document: Any) -> Iterator[tuple[BaseField[Any], Choice]]:
        for field in document.__plan__().reference_fields:
            if isinstance(field, DereferencingField):
                yield field, self


DIRECTLY = _Directly()


class Everything(Choice):
    """All references, to a depth.

    Args:
        depth: how many references to follow, one behind the other.
        loads_lazy: give lazy references their documents, too.
    """

    def __init__(self, depth: int = 1, loads_lazy: bool = False) -> None:
        self.depth = depth
        self.loads_lazy = loads_lazy

    # Choices are compared to know which documents have been looked at for what: without
    # that, documents that refer to each other are looked at without end.
    def __eq__(self, other: object) -> bool:
        if type(other) is not Everything:
            return NotImplemented
        return (self.depth, self.loads_lazy) == (other.depth, other.loads_lazy)

    def __hash__(self) -> int:
        return hash((self.depth, self.loads_lazy))

    @property
    def beyond(self) -> Choice | None:
        """The same for the documents referred to, one level less."""
        return Everything(self.depth - 1, self.loads_lazy) if self.depth > 1 else None

    def fields_of(self, document: Any) -> Iterator[tuple[BaseField[Any], Choice]]:
        """Yield every field whose values may be or contain references."""
        for field in document.__plan__().reference_fields:
            yield field, self
        for field in (document.__state__.dynamic or {}).values():
            yield field, self
        if self.loads_lazy:
            for field in document._fields.values():
                if _is_lazy(field):
                    yield field, self


# Where a path ends, all there is to load is loaded: of embedded documents, each reference.
_END = Everything(1, loads_lazy=True)


class Paths(Choice):
    """The references on named paths: a tree of names."""

    __slots__ = ("_branches",)

    loads_lazy = True

    def __init__(self) -> None:
        self._branches: dict[str, Paths] = {}

    def add(self, names: Iterable[str]) -> None:
        """Add a path."""
        node = self
        for name in names:
            node = node._branches.setdefault(name, Paths())

    @property
    def beyond(self) -> Choice | None:
        """The rest of the paths, which goes on in the document referred to."""
        return self if self._branches else None

    def fields_of(self, document: Any) -> Iterator[tuple[BaseField[Any], Choice]]:
        """Yield the fields the paths begin with."""
        if not self._branches:
            yield from _END.fields_of(document)
        for name, below in self._branches.items():
            field = document._fields.get(name) or (document.__state__.dynamic or {}).get(name)
            if field is not None:
                yield field, below


def split_path(path: str) -> list[str]:
    """Return the names a path is made of, which dots or double underscores separate."""
    return path.replace("__", ".").split(".")


def paths_of(cls: Any, paths: Iterable[str]) -> Paths:
    """Return the choice of all references on some paths.

    Args:
        cls: class of the documents the paths begin in.
        paths: names separated by dots.

    Raises:
        LookUpError: a name is no field.
        InvalidQueryError: a path leads to no reference.
    """
    tree = Paths()
    for path in paths:
        names = split_path(path)
        _check_path(cls, names, path)
        tree.add(names)
    return tree


def _check_path(cls: Any, names: list[str], path: str) -> None:
    """Refuse a path that leads to no reference, as far as the classes tell."""
    for place, name in enumerate(names, 1):
        field = _field_named(cls, name)
        if field is None:
            if cls._dynamic:
                return
            raise LookUpError(f'Cannot prefetch "{path}": {cls.__name__} has no field "{name}"')
        while isinstance(field, ComplexBaseField) and field.field is not None:
            field = field.field
        typed = isinstance(field, (TypedReference, EmbeddedDocumentField))
        holds = field._holds_references(set()) or _is_lazy(field)
        if not holds and (place == len(names) or not typed):
            raise InvalidQueryError(
                f'Cannot prefetch "{path}": {cls.__name__}.{name} holds no reference'
            )
        if not typed:
            return  # documents of any class: the rest is not known before they are there
        cls = getattr(field, "document_type")  # noqa: B009  # typed by the test above


def _field_named(cls: Any, name: str) -> Any:
    """Return the field of that name of a class or, for a class of a hierarchy, of one below it."""
    for class_name in (cls._class_name, *cls._subclasses):
        found = cls if class_name == cls._class_name else find_document(class_name)
        if found is not None and name in found._fields:
            return found._fields[name]
    return None


def _is_lazy(field: Any) -> bool:
    inner = field
    while isinstance(inner, ComplexBaseField):
        inner = inner.field
    return isinstance(inner, LazilyReadField)
