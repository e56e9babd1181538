"""The metaclasses: what happens when a document class is made.

`DocumentMetaclass` collects fields and names for every mapped class;
`TopLevelDocumentMetaclass` adds what a collection needs: merged meta, primary key,
manager, exceptions and index specifications.
"""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mongoengine._reexports import reexports_of
from mongoengine.base import schema
from mongoengine.base.attributes import DynamicFieldOrder, NativeAttribute
from mongoengine.base.common import _DocumentRegistry
from mongoengine.base.fields.base import BaseField
from mongoengine.base.fields.identifiers import ObjectIdField
from mongoengine.base.fields.strings import StringField
from mongoengine.base.meta import (
    BasesTuple,
    MetaDict,
    collection_name,
    document_defaults,
    drop_subclass_collection,
    flattened,
    merged_meta,
)
from mongoengine.base.reserved import RESERVED_NAMES
from mongoengine.base.subclass_names import SubclassNames
from mongoengine.common import _import_class
from mongoengine.errors import DoesNotExist, InvalidDocumentError, MultipleObjectsReturned

__all__ = ("BasesTuple", "DocumentMetaclass", "MetaDict", "TopLevelDocumentMetaclass")


class DocumentMetaclass(type):
    """Makes every mapped class: fields, names, hierarchy, registration."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]
    ) -> DocumentMetaclass:
        """Make a mapped class, or a base class of this library."""
        flattened_bases = mcs._get_bases(bases)
        library_metaclass = attrs.get("my_metaclass")
        if library_metaclass and issubclass(library_metaclass, DocumentMetaclass):
            return super().__new__(mcs, name, bases, attrs)

        attrs["_is_document"] = attrs.get("_is_document", False)
        attrs["_cached_reference_fields"] = []
        if "_meta" not in attrs:
            attrs["_meta"] = _embedded_meta(attrs, flattened_bases)
        if attrs["_meta"].get("allow_inheritance"):
            attrs["_cls"] = StringField()

        fields = _collect_fields(attrs, flattened_bases)
        attrs["_fields"] = fields
        attrs["_db_field_map"] = {key: field.db_field for key, field in fields.items()}
        attrs["_reverse_db_field_map"] = {field.db_field: key for key, field in fields.items()}
        order = sorted((field.creation_counter, field.name) for field in fields.values())
        attrs["_fields_ordered"] = tuple(key for _, key in order)
        _check_inheritance(flattened_bases)
        superclasses, class_name, document_bases = _hierarchy(name, flattened_bases)
        attrs["_class_name"] = class_name
        if "_cls" in fields:
            attrs["_cls"] = fields["_cls"] = _class_name_field(fields["_cls"], class_name)
        attrs["_superclasses"] = superclasses
        attrs["_types"] = (class_name,)
        attrs["_subclasses"] = SubclassNames()

        new_class: Any = super().__new__(mcs, name, bases, attrs)

        for base in document_bases:
            if class_name not in base._types:
                base._types = (*base._types, class_name)
        _adopt_fields(new_class)
        _DocumentRegistry.register(new_class)
        schema.touch()
        for field in new_class._fields.values():
            field._class_made(new_class)
        result: DocumentMetaclass = new_class
        return result

    @classmethod
    def _get_bases(mcs, bases: Iterable[type]) -> BasesTuple:
        """Return bases and their bases, nearest first."""
        return flattened(bases)

    @classmethod
    def _import_classes(mcs) -> tuple[type, type, type, type]:
        """Return the classes metaclasses of third parties ask for."""
        document, embedded, dict_field, map_field = map(
            _import_class, ("Document", "EmbeddedDocument", "DictField", "MapField")
        )
        return document, embedded, dict_field, map_field


class TopLevelDocumentMetaclass(DocumentMetaclass):
    """Makes documents that live in a collection of their own."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]
    ) -> DocumentMetaclass:
        """Make a mapped class, or a base class of this library."""
        flattened_bases = mcs._get_bases(bases)
        own_meta = attrs.pop("meta", {})
        if attrs.get("my_metaclass") == TopLevelDocumentMetaclass:
            attrs["_meta"] = {**document_defaults(), **own_meta}
            attrs["_is_base_cls"] = True
            return super().__new__(mcs, name, bases, attrs)

        attrs["_is_document"] = True
        attrs["_collection"] = None
        attrs["_is_base_cls"] = False
        # Taken by reference: code that keeps the dict sees what became of it.
        own_meta.setdefault("abstract", False)
        if own_meta["abstract"]:
            _check_abstract(flattened_bases)
            attrs["_meta"] = own_meta
            return super().__new__(mcs, name, bases, attrs)

        attrs["_meta"] = _concrete_meta(name, own_meta, flattened_bases)
        new_class: Any = super().__new__(mcs, name, bases, attrs)
        meta = new_class._meta
        if not any(_is_concrete(base) for base in flattened_bases):
            meta["collection"] = collection_name(new_class, meta)
        _add_manager(new_class)
        _set_primary_key(mcs, new_class)
        _add_exceptions(new_class, flattened_bases)
        new_class.__guarded_names__ = _guarded_names(meta)
        meta["index_specs"] = new_class._build_index_specs(meta["indexes"])
        result: DocumentMetaclass = new_class
        return result

    @classmethod
    def get_auto_id_names(mcs, new_class: Any) -> tuple[str, str]:
        """Return attribute and database name for an automatic id that clash with nothing."""
        if "id" not in new_class._fields and "_id" not in new_class._db_field_map.values():
            return "id", "_id"
        for number in itertools.count():
            name, db_name = f"auto_id_{number}", f"_auto_id_{number}"
            if name not in new_class._fields and db_name not in new_class._db_field_map.values():
                return name, db_name
        raise AssertionError("itertools.count() ended")


# Fields


def _embedded_meta(attrs: dict[str, Any], bases: BasesTuple) -> Mapping[str, Any]:
    if "meta" in attrs:
        result: Mapping[str, Any] = attrs.pop("meta")
        return result
    meta = merged_meta(bases)
    meta["abstract"] = False
    return meta


def _collect_fields(attrs: dict[str, Any], bases: BasesTuple) -> dict[str, BaseField[Any]]:
    """Name and gather the fields of a class body and of its bases."""
    fields: dict[str, BaseField[Any]] = {}
    for base in reversed(bases):
        if hasattr(base, "_fields"):
            fields.update(base._fields)
        if not hasattr(base, "_meta"):
            fields.update(_named_fields(base.__dict__))
    own = _named_fields(attrs)
    counts = Counter(field.db_field for field in own.values())
    repeated = sorted(db_field for db_field, count in counts.items() if count > 1)
    if repeated:
        raise InvalidDocumentError(f"Multiple db_fields defined for: {', '.join(repeated)} ")
    fields.update(own)
    return fields


def _named_fields(namespace: Mapping[str, Any]) -> dict[str, BaseField[Any]]:
    fields = {name: value for name, value in namespace.items() if isinstance(value, BaseField)}
    for name, field in fields.items():
        field.__dict__["name"] = name
        if not field.db_field:
            field.__dict__["db_field"] = name
    return fields


def _class_name_field(field: BaseField[Any], class_name: str) -> BaseField[Any]:
    """Return the ``_cls`` of one class: its documents say what they are, unless told otherwise."""
    own = copy.copy(field)
    # Not by assignment: the field of the parent has an owner, and its code stays as it is.
    own.__dict__.update(default=class_name, _owner_document=None)
    return own


def _is_special(cls: type, name: str) -> bool:
    """Tell whether a name is one by which Python or this package finds its way in documents."""
    return name.startswith("__") and name.endswith("__") and hasattr(cls.__base__, name)


def _adopt_fields(cls: Any) -> None:
    """Bind the fields to their class and put the right descriptor on it for each."""
    for name, field in cls._fields.items():
        if cls._is_document and (name in RESERVED_NAMES or _is_special(cls, name)):
            raise InvalidDocumentError(f"{name} is a document method and not a valid field name")
        if field.owner_document is None:
            field.owner_document = cls
    cls.__native_fields__ = {
        name: field for name, field in cls._fields.items() if _reads_natively(field)
    }
    for name, field in cls._fields.items():
        if name in cls.__native_fields__ and _class_attribute(cls, name) is field:
            setattr(cls, name, NativeAttribute(field))
        if field.choices and _class_attribute(cls, f"get_{name}_display") is None:
            setattr(cls, f"get_{name}_display", _display_method(field))
    _order_fields(cls, cls._fields_ordered)
    if "_cls" not in cls._fields:
        cls._cls = cls._class_name


def _reads_natively(field: BaseField[Any]) -> bool:
    """Tell whether the value in a document's ``__dict__`` is what reading it gives."""
    kind = type(field)
    return (
        kind.__get__ is BaseField.__get__
        and kind.__set__ is BaseField.__set__
        and not field._loads_lazily()
    )


def _class_attribute(cls: type, name: str) -> Any:
    """Return what the class or a base defines under a name, descriptors untouched."""
    for base in cls.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return None


def _display_method(field: BaseField[Any]) -> Callable[[Any], Any]:
    def display(self: Any) -> Any:
        return field._display(getattr(self, field.name))

    display.__name__ = display.__qualname__ = f"get_{field.name}_display"
    display.__doc__ = f"Return the label of the value of ``{field.name}``."
    return display


def _order_fields(cls: Any, names: tuple[str, ...]) -> None:
    cls._fields_ordered = DynamicFieldOrder(names) if cls._dynamic else names


# Hierarchy


def _is_concrete(base: Any) -> bool:
    """Tell whether a base is a user's document with a collection of its own."""
    return not getattr(base, "_is_base_cls", True) and not base._meta.get("abstract", True)


def _hierarchy(name: str, bases: BasesTuple) -> tuple[tuple[str, ...], str, list[Any]]:
    """Return the superclasses, the dotted name and the mapped bases of a new class."""
    mapped: list[Any] = [base for base in bases if hasattr(base, "_class_name")]
    superclasses = (*mapped[0]._superclasses, mapped[0]._class_name) if mapped else ()
    concrete = [base.__name__ for base in reversed(bases) if _is_concrete(base)]
    return superclasses, ".".join([*concrete, name]), mapped


def _check_inheritance(bases: BasesTuple) -> None:
    for base in bases:
        meta = getattr(base, "_meta", {})
        if not hasattr(base, "_class_name"):
            continue
        if not meta.get("abstract") and not meta.get("allow_inheritance"):
            raise ValueError(
                f"Document {base.__name__} may not be subclassed. "
                'To enable inheritance, use the "allow_inheritance" meta attribute.'
            )


def _check_abstract(bases: BasesTuple) -> None:
    metas: list[dict[str, Any]] = [getattr(base, "_meta", {}) for base in bases]
    if any(not meta.get("abstract", True) for meta in metas):
        raise ValueError("Abstract document cannot have non-abstract base")


# What a collection needs


def _concrete_meta(name: str, own_meta: dict[str, Any], bases: BasesTuple) -> MetaDict:
    """Merge the metas of the bases and of the class body."""
    drop_subclass_collection(name, bases, own_meta)
    meta = merged_meta(bases)
    inherited = meta.get("allow_inheritance")
    meta.merge(own_meta)
    wanted = own_meta.get("allow_inheritance")
    if wanted is None:
        meta["allow_inheritance"] = inherited
    elif not wanted and any(_is_concrete(base) for base in bases):
        raise ValueError('Only direct subclasses of Document may set "allow_inheritance" to False')
    return meta


def _add_manager(cls: Any) -> None:
    manager = _class_attribute(cls, "objects")
    if manager is None:
        manager = cls.objects = cls.__default_manager__()
        # Read through the class it was just put on, a manager gives a queryset.
        manager = cls.__dict__["objects"]
    queryset_class = getattr(manager, "queryset_class", None)
    if queryset_class is not None and not isinstance(manager, BaseField):
        cls._meta["queryset_class"] = queryset_class


def _set_primary_key(mcs: type[TopLevelDocumentMetaclass], cls: Any) -> None:
    meta = cls._meta
    for name, field in cls._fields.items():
        if not field.primary_key:
            continue
        current = meta.get("id_field")
        if current and current != name:
            raise ValueError("Cannot override primary key field")
        meta["id_field"] = name
        if name != "id":
            cls.id = field
    if not meta.get("id_field"):
        _add_automatic_id(cls, *mcs.get_auto_id_names(cls))


def _add_automatic_id(cls: Any, name: str, db_name: str) -> None:
    field: BaseField[Any] = ObjectIdField(db_field=db_name)
    field.__dict__["name"] = name
    field.owner_document = cls
    cls._meta["id_field"] = name
    cls._fields[name] = field
    cls.__native_fields__[name] = field
    cls._db_field_map[name] = db_name
    cls._reverse_db_field_map[db_name] = name
    _order_fields(cls, (name, *cls._fields_ordered))
    setattr(cls, name, NativeAttribute(field))
    if name != "id":
        cls.id = field
    schema.touch()


def _add_exceptions(cls: Any, bases: BasesTuple) -> None:
    """Give the class exceptions of its own, below those of its bases."""
    for default in (DoesNotExist, MultipleObjectsReturned):
        name = default.__name__
        parents = dict.fromkeys(getattr(base, name) for base in bases if hasattr(base, name))
        exception = type(
            name,
            tuple(parents) or (default,),
            {"__module__": cls.__module__, "__qualname__": f"{cls.__qualname__}.{name}"},
        )
        setattr(cls, name, exception)


def _guarded_names(meta: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields whose assignment has consequences: the key and shard keys."""
    shard_key = meta.get("shard_key") or ()
    if isinstance(shard_key, str):
        shard_key = (shard_key,)
    names = {key.partition(".")[0] for key in shard_key}
    return frozenset(names | {meta["id_field"]})


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
