"""`BaseReferenceProxy`: what a reference reads as where reading cannot load it.

Model floor: what awaits the document is added by a facade. To everything that stores,
compares or converts values a proxy is the reference it stands for.
"""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple, NoReturn

from bson import SON, DBRef

__all__ = ("NOWHERE", "BaseReferenceProxy", "Origin", "plain_reference")

_DBREF_KEYS = frozenset({"$ref", "$id", "$db"})


class Origin(NamedTuple):
    """Where a reference was read, for the texts of errors.

    Attributes:
        owner: name of the class of the document.
        field: name of the field.
        keys: positions and keys that lead on from there.
        embedded: True when the document is an embedded one, which no query finds.
    """

    owner: str = ""
    field: str = ""
    keys: tuple[Any, ...] = ()
    embedded: bool = False

    def below(self, key: Any) -> Origin:
        """Return the place of an item."""
        return self._replace(keys=(*self.keys, key))

    @property
    def path(self) -> str:
        """What leads from the document to the reference: ``tags[3]``."""
        return self.field + "".join(f"[{key!r}]" for key in self.keys)

    def __str__(self) -> str:
        return f"{self.owner}.{self.path}" if self.field else ""

    def ways_to_load(self) -> str:
        """Return what to write to have the document."""
        if not self.field:
            return "await reference.async_fetch()"
        query = f'{self.owner}.objects.prefetch("{self.field}")'
        if self.embedded:
            query = f'prefetch("….{self.field}"), with the path to the {self.owner}'
        return f"await {self.path}.async_fetch(), or load it with the query: {query}"


#: The origin of a reference that was read from no document.
NOWHERE = Origin()


class BaseReferenceProxy(DBRef):
    """Stands for a document that has not been loaded.

    Args:
        document_type: class of the document.
        reference: names its collection and its key.
        stored: what stands where the proxy was read, if that is not the reference.
        holder: the document, list or dict it was read from, to keep the document in; None
            for no place.
        key: name, position or key in the holder.
        origin: where it was read.
    """

    __slots__ = ("_document", "_holder", "_key", "_origin", "_stored", "document_type")

    document_type: Any

    def __init__(
        self,
        document_type: Any,
        reference: DBRef,
        *,
        stored: Any = None,
        holder: Any = None,
        key: Any = None,
        origin: Origin = NOWHERE,
    ) -> None:
        super().__init__(
            reference.collection, reference.id, reference.database, _extra_of(reference)
        )
        self.document_type = document_type
        self._stored = reference if stored is None else stored
        # A weak reference: a proxy that is kept must not keep the document it came from.
        self._holder = None if holder is None else weakref.ref(holder)
        self._key = key
        self._origin = origin
        self._document: Any = None

    @property
    def pk(self) -> Any:
        """The primary key of the document."""
        return self.id

    # The reference

    def to_dbref(self) -> DBRef:
        """Return the plain reference."""
        return DBRef(self.collection, self.id, self.database, _extra_of(self))

    def to_mongo(self, *args: Any, **kwargs: Any) -> Any:
        """Return what is stored where the proxy was read."""
        stored = self._stored
        if isinstance(stored, BaseReferenceProxy):
            return stored.to_mongo()
        return self.to_dbref() if isinstance(stored, DBRef) else stored

    def _generic_form(self) -> SON[str, Any]:
        """Return the reference with the class it is to, as generic references are stored."""
        name = self.document_type._class_name
        return SON((("_cls", name), ("_ref", DBRef(self.collection, self.id))))

    # The document

    def _keep(self, document: Any) -> Any:
        """Put the document in the place of the reference, unless something else is there now.

        Returns:
            The document to hand out: the one already there, if another reader was faster.
        """
        self._document = document
        holder = None if self._holder is None else self._holder()
        if holder is None:
            return document
        if isinstance(holder, list):
            for position, item in enumerate(holder):
                if item is self:
                    list.__setitem__(holder, position, document)
            return document
        values: dict[Any, Any] = holder if isinstance(holder, dict) else holder.__dict__
        present = dict.get(values, self._key)
        if type(present) is type(document) and present == document:
            self._document = present
        elif present is self or present == self._stored:
            dict.__setitem__(values, self._key, document)
        return self._document

    def _not_loaded(self, name: str) -> NoReturn:
        source = str(self._origin) or "This reference"
        raise AttributeError(
            f"{source} refers to the {self.document_type.__name__} {self.id!r}, which has not "
            f"been loaded, so it has no {name!r} yet: {self._origin.ways_to_load()}"
        )

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name.startswith("__"):
                raise
        self._not_loaded(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(type(self), name):
            self._not_loaded(name)
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.document_type.__name__} {self.id!r}, not loaded>"

    # Copies belong to no document, pickles to no class that might not be there.

    def __reduce__(self) -> Any:
        return DBRef, (self.collection, self.id, self.database, _extra_of(self))

    def __copy__(self) -> BaseReferenceProxy:
        return type(self)(
            self.document_type, self.to_dbref(), stored=self._stored, origin=self._origin
        )

    def __deepcopy__(self, memo: dict[int, Any]) -> BaseReferenceProxy:
        return self.__copy__()


def _extra_of(reference: DBRef) -> dict[str, Any]:
    """Return what a reference carries besides collection, key and database."""
    return {name: x for name, x in reference.as_doc().items() if name not in _DBREF_KEYS}


def plain_reference(reference: DBRef) -> DBRef:
    """Return the reference a proxy stands for; any other reference as it is."""
    return reference.to_dbref() if isinstance(reference, BaseReferenceProxy) else reference
