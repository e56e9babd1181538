"""Which references documents hold, how to look them up together, and putting documents in place.

Model floor: nothing is asked of a server here. A `DereferencePlan` goes level by level:
it gives the lookups of a level, is given what was found, and puts the documents where
the references stood. Every reference of a level to one collection is in one lookup, and
what was found once is not looked up again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bson import DBRef, ObjectId
from bson import encode as encode_bson

from mongoengine.base import schema
from mongoengine.base.common import _document_registry, _DocumentRegistry
from mongoengine.base.containers import BaseDict, BaseList
from mongoengine.base.dereference_paths import DIRECTLY, Choice
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.fields.lazy_references import LazilyReadField
from mongoengine.base.fields.references import DereferencingField, TypedReference, key_field
from mongoengine.base.fields.untyped import is_any_document, is_embedded
from mongoengine.base.lazy_reference import BaseLazyReference
from mongoengine.base.plain import SCALARS
from mongoengine.errors import ValidationError

if TYPE_CHECKING:
    from mongoengine.base.fields.base import BaseField

__all__ = ("DereferencePlan", "Lookup", "loader_of", "reference_in", "target_of")

# Values of these types neither are references nor hold any.
_WITHOUT_REFERENCES = SCALARS - {DBRef}

_ONLY_REFERENCES = {DBRef}

_MISSING = object()


class Slot(NamedTuple):
    """A place where a reference stands.

    Attributes:
        holder: a list, a dict, or the values of a document.
        key: position or key in it.
        reference: what stands there now.
        beyond: what to load of the document that is put there.
    """

    holder: Any
    key: Any
    reference: Any
    beyond: Choice | None


class Wanted(NamedTuple):
    """One document that is wanted, and the slots it goes to."""

    key: Any
    slots: list[Slot]


class Lookup:
    """The references of one level to one collection.

    Attributes:
        document_type: a class stored there; the first that was met.
        alias: the connection to look in.
        collection: name of the collection.
        wanted: by class and identity of the key.
    """

    __slots__ = ("alias", "collection", "document_type", "wanted")

    def __init__(self, document_type: Any, alias: str, collection: str) -> None:
        self.document_type = document_type
        self.alias = alias
        self.collection = collection
        self.wanted: dict[Any, dict[Any, Wanted]] = defaultdict(dict)

    def want(self, document_type: Any, key: Any, slot: Slot | None = None) -> None:
        """Add a document to look for.

        Args:
            document_type: class to load it as.
            key: its primary key.
            slot: where it goes.
        """
        wanted = self.wanted[document_type].setdefault(_identity(key), Wanted(key, []))
        if slot is not None:
            wanted.slots.append(slot)

    def keys(self) -> list[Any]:
        """Return the keys to look for, each once, as they are stored."""
        found: dict[Any, Any] = {}
        for document_type, wanted in self.wanted.items():
            for identity, (key, _) in wanted.items():
                if identity not in found:
                    found[identity] = _stored_key(document_type, key)
        return list(found.values())


class DereferencePlan:
    """Loads the references of documents level by level.

    Args:
        may_load: tells of a class whether its documents can be loaded here; all can when
            omitted. References to others stay as they are.
    """

    def __init__(self, may_load: Callable[[Any], bool] | None = None) -> None:
        self._may_load = may_load
        self._slots: list[tuple[Any, Any, Slot]] = []
        self._frontier: list[tuple[Any, Choice]] = []
        self._containers: list[Any] = []
        self._known: dict[Any, dict[Any, Any]] = defaultdict(dict)
        self._visited: set[tuple[int, Choice]] = set()
        #: Kept alive, because what was visited is known by its address.
        self._alive: list[Any] = []
        #: True once a reference was left that `may_load` refuses.
        self.left_some = False

    # Where to begin

    def add_documents(self, documents: Iterable[Any], choice: Choice) -> None:
        """Look for references in documents."""
        self._frontier.extend((document, choice) for document in documents)

    def add_container(
        self, container: Any, field: BaseField[Any] | None, choice: Choice = DIRECTLY
    ) -> None:
        """Look for references among the items of a list or dict.

        Args:
            container: the list or dict; changed in place.
            field: the field of its items; None for items of any kind.
            choice: what of the items, and of documents put in their place, to look at.
        """
        self._look_into(container, field, choice)

    # Level by level

    def lookups(self, alias_of: Callable[[Any], str]) -> list[Lookup]:
        """Return what to look up next; nothing when all is done.

        Args:
            alias_of: tells the alias a class is stored under.
        """
        while True:
            while self._frontier:
                document, choice = self._frontier.pop()
                self._look_at_document(document, choice)
            slots, self._slots = self._slots, []
            found = self._grouped(slots, alias_of)
            if found or not self._frontier:
                break
        if not found:
            self.finish()
        return found

    def put(self, lookup: Lookup, raws: Iterable[dict[str, Any]]) -> None:
        """Put documents in place of the references to them; others stay.

        Args:
            lookup: what was looked up.
            raws: what was found, as the driver gave it.
        """
        found = {_identity(raw["_id"]): raw for raw in raws}
        first = True
        for document_type, wanted in lookup.wanted.items():
            load, documents = loader_of(document_type), {}
            for identity, (key, _) in wanted.items():
                raw = found.get(_identity(_stored_key(document_type, key)))
                if raw is not None:
                    # A document takes over its data, so a second one needs data of its own.
                    documents[identity] = load(raw if first else _copied(raw))
            self.put_documents(lookup, document_type, documents)
            first = False

    def put_documents(
        self, lookup: Lookup, document_type: Any, documents: Mapping[Any, Any]
    ) -> None:
        """Put documents of one class in place of the references to them.

        Args:
            lookup: what was looked up.
            document_type: the class they were wanted as.
            documents: what was found, by key.
        """
        known = self._known[document_type]
        for identity, (_, slots) in lookup.wanted[document_type].items():
            document = known[identity] = documents.get(identity, _MISSING)
            if document is not _MISSING:
                for slot in slots:
                    self._fill(slot, document)

    def _grouped(
        self, slots: list[tuple[Any, Any, Slot]], alias_of: Callable[[Any], str]
    ) -> list[Lookup]:
        lookups: dict[tuple[str, str], Lookup] = {}
        by_type: dict[tuple[Any, str], Lookup] = {}
        for document_type, reference, slot in slots:
            known = self._known[document_type].get(_identity(reference.id))
            if known is not None:
                if known is not _MISSING:
                    self._fill(slot, known)
                continue
            place = document_type, reference.collection
            lookup = by_type.get(place)
            if lookup is None:
                home = alias_of(document_type), reference.collection
                lookup = lookups.get(home) or Lookup(document_type, *home)
                lookups[home] = by_type[place] = lookup
            lookup.want(document_type, reference.id, slot)
        return list(lookups.values())

    def _fill(self, slot: Slot, document: Any) -> None:
        holder, key, reference, beyond = slot
        if isinstance(reference, BaseLazyReference):
            reference._cached_doc = document
        # Another task may have put something else there while this one waited.
        elif isinstance(holder, list):
            if key < len(holder) and list.__getitem__(holder, key) is reference:
                list.__setitem__(holder, key, document)
        elif dict.get(holder, key) is reference:
            dict.__setitem__(holder, key, document)
        if beyond is not None:
            self._frontier.append((document, beyond))

    def finish(self) -> None:
        """Mark containers, so that reading them does not look for what is not there again."""
        if not self.left_some:
            for container in self._containers:
                container._dereferenced = True
        self._containers.clear()
        self._visited.clear()
        self._alive.clear()

    # Finding references

    def _look_at_document(self, document: Any, choice: Choice) -> None:
        visit = id(document), choice
        if visit in self._visited:
            return
        self._visited.add(visit)
        self._alive.append(document)
        values = document.__dict__
        for field, below in choice.fields_of(document):
            if isinstance(field, LazilyReadField):
                if below.loads_lazy:
                    self._look_at(
                        values, field.name, field.__get__(document, type(document)), field, below
                    )
            elif isinstance(field, ComplexBaseField):
                value = field._container(document)
                if below.loads_lazy and field._prepares_items:
                    field._prepare_items(value)
                self._look_at(values, field.name, value, field, below)
            else:
                self._look_at(values, field.name, field._stored_value(document), field, below)

    def _look_at(
        self, holder: Any, key: Any, value: Any, field: BaseField[Any] | None, choice: Choice
    ) -> None:
        if type(value) in _WITHOUT_REFERENCES:
            return
        if is_any_document(value):
            if is_embedded(value):
                self._look_at_document(value, choice)
            elif choice.beyond is not None:
                self._frontier.append((value, choice.beyond))
            return
        reference = reference_in(value)
        if reference is not None:
            self._want(Slot(holder, key, value, choice.beyond), reference, field, choice)
        elif isinstance(value, (list, tuple, dict)):
            inner = field.field if isinstance(field, ComplexBaseField) else None
            self._look_into(value, inner, choice)

    def _look_into(self, container: Any, field: BaseField[Any] | None, choice: Choice) -> None:
        if isinstance(container, (BaseList, BaseDict)):
            self._containers.append(container)
        is_dict = isinstance(container, dict)
        types = set(map(type, container.values() if is_dict else container))
        if isinstance(field, TypedReference) and isinstance(field, DereferencingField):
            if types == _ONLY_REFERENCES and isinstance(container, (list, dict)):
                self._want_all(container, field, choice)
                return
            _make_references(container, field)
        elif types <= _WITHOUT_REFERENCES:
            return
        for key, item in list(container.items()) if is_dict else enumerate(container):
            self._look_at(container, key, item, field, choice)

    def _want_all(self, container: list[Any] | dict[Any, Any], field: Any, choice: Choice) -> None:
        """Want every item of a container of plain references to one class."""
        items = container.items() if isinstance(container, dict) else enumerate(container)
        if getattr(field, "dbref", True) or field._is_abstract():
            # Each may name a class of its own.
            for key, item in items:
                self._want(Slot(container, key, item, choice.beyond), item, field, choice)
        elif self._allows(field.document_type):
            document_type, beyond = field.document_type, choice.beyond
            self._slots.extend(
                (document_type, item, Slot(container, key, item, beyond)) for key, item in items
            )

    def _want(
        self, slot: Slot, reference: DBRef, field: BaseField[Any] | None, choice: Choice
    ) -> None:
        if isinstance(slot.reference, BaseLazyReference) and (
            not choice.loads_lazy or slot.reference._cached_doc is not None
        ):
            return
        if isinstance(slot.holder, tuple):
            return
        document_type = target_of(slot.reference, field)
        if document_type is None:
            return
        if self._allows(document_type):
            self._slots.append((document_type, reference, slot))

    def _allows(self, document_type: Any) -> bool:
        if self._may_load is None or self._may_load(document_type):
            return True
        self.left_some = True
        return False


# References


def reference_in(value: Any) -> DBRef | None:
    """Return the reference a stored value is or carries; None for anything else."""
    if isinstance(value, DBRef):
        return value
    if isinstance(value, dict) and "_ref" in value and isinstance(value.get("_cls"), str):
        reference = value["_ref"]
        return reference if isinstance(reference, DBRef) else None
    return None


def target_of(value: Any, field: BaseField[Any] | None = None) -> Any:
    """Return the class a reference is to; None if nothing tells.

    Args:
        value: a reference of any form.
        field: the field it is a value of.

    Raises:
        NotRegistered: the class it names does not exist.
    """
    if isinstance(value, dict):
        return _DocumentRegistry.get(value["_cls"])
    if hasattr(type(value), "document_type"):  # lazy, cached, or a proxy
        return value.document_type
    if isinstance(field, TypedReference):
        return field._target(value)[0] if isinstance(field, DereferencingField) else None
    name = getattr(value, "cls", None)
    return _DocumentRegistry.get(name) if name else _class_stored_in(value.collection)


class _StoredClasses:
    """The classes by the collection they are stored in, for one generation of the schema."""

    def __init__(self) -> None:
        self.generation = -1
        self.classes: dict[str, Any] = {}

    def get(self, collection: str) -> Any:
        if self.generation != schema.generation.number:
            self.generation = schema.generation.number
            self.classes = {}
            for cls in list(_document_registry.values()):
                if not cls.__is_embedded_document__ and not cls._meta.get("abstract"):
                    self._add(cls)
        return self.classes.get(collection)

    def _add(self, cls: Any) -> None:
        name = cls._meta.get("collection")
        present = self.classes.get(name)
        # Of a hierarchy the topmost: stored documents name their own class.
        if present is None or issubclass(present, cls):
            self.classes[name] = cls


_stored_classes = _StoredClasses()


def _class_stored_in(collection: str) -> Any:
    """Return the class a bare reference must be to, going by the collection; None if none is."""
    return _stored_classes.get(collection)


def _make_references(container: Any, field: Any) -> None:
    """Make references of the bare keys in a list or dict, which users may put there."""
    if isinstance(container, tuple):
        return
    items: Iterator[tuple[Any, Any]] = (
        iter(list(container.items())) if isinstance(container, dict) else enumerate(container)
    )
    store: Any = dict.__setitem__ if isinstance(container, dict) else list.__setitem__
    for key, item in items:
        if item is not None and type(item) is not DBRef and not isinstance(item, (dict, list)):
            reference = field.to_python(item)
            if reference is not item:
                store(container, key, reference)


# Keys


def _identity(key: Any) -> Any:
    """Return what tells keys apart the way the server does, to be hashed."""
    kind = type(key)
    if kind is ObjectId or kind is str or kind is int:
        return key
    if kind is bool:
        return bool, key  # to Python, True is 1
    try:
        hash(key)
    except TypeError:
        return encode_bson({"": key})
    return key


def _stored_key(document_type: Any, key: Any) -> Any:
    """Return a key as it is stored; one its field refuses is looked for as it is."""
    if type(key) is ObjectId or document_type._meta.get("id_field") is None:
        return key
    try:
        return key_field(document_type).to_mongo(key)
    except (ValidationError, ValueError, TypeError):
        return key


# Loading


def loader_of(document_type: Any) -> Callable[[dict[str, Any]], Any]:
    """Return the function that makes documents of a class of the driver's dicts."""
    if schema.overrides_library(document_type, "_from_son"):
        from_son: Callable[[dict[str, Any]], Any] = document_type._from_son
        return from_son
    load: Callable[[dict[str, Any]], Any] = document_type.__plan__().load
    return load


def _copied(raw: Any) -> Any:
    """Return a copy of decoded data down to the values."""
    if isinstance(raw, dict):
        return {key: _copied(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_copied(item) for item in raw]
    return raw
