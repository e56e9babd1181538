"""`BaseDocument`: what documents and embedded documents share, without I/O.

The work is done by the modules beside this one (`plan` and what it compiles, `changes`,
`lookup`, `indexes`); this class gives it the names users know.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bson import json_util

from mongoengine._reexports import reexports_of
from mongoengine.base import changes, indexes, lookup
from mongoengine.base.changed_fields import ChangedFields
from mongoengine.base.dumper import StoredForm, dump_fields, stored_form
from mongoengine.base.loader import load_document
from mongoengine.base.plan import ClassPlan, plan_for
from mongoengine.base.rebinding import rebind
from mongoengine.base.state import DocumentState, convert_pending, own_changes, own_state
from mongoengine.base.stored_class import subclass_named
from mongoengine.base.values import DataView, non_field_names
from mongoengine.errors import InvalidDocumentError, OperationError, ValidationError
from mongoengine.pymongo_support import LEGACY_JSON_OPTIONS

if TYPE_CHECKING:
    from mongoengine.base.fields.base import BaseField

__all__ = ("NON_FIELD_ERRORS", "BaseDocument")

#: Key of the errors that `BaseDocument.clean` raises, which belong to no field.
NON_FIELD_ERRORS = "__all__"


class BaseDocument:
    """Values, validation, conversion and change tracking of a mapped class."""

    __slots__ = ("__dict__", "__state__", "__weakref__")

    __state__: DocumentState

    #: Drop unknown keys of loaded data instead of refusing them.
    STRICT: ClassVar[bool] = False
    _dynamic: ClassVar[bool] = False
    _dynamic_lock: ClassVar[bool] = True
    __is_embedded_document__: ClassVar[bool] = False
    _auto_id_field: ClassVar[bool] = False

    # Set by the metaclass
    _class_name: ClassVar[str]
    _fields: ClassVar[dict[str, BaseField[Any]]]
    _fields_ordered: ClassVar[tuple[str, ...]]
    _db_field_map: ClassVar[dict[str, str]]
    _reverse_db_field_map: ClassVar[dict[str, str]]
    _meta: ClassVar[Mapping[str, Any]]
    __native_fields__: ClassVar[dict[str, BaseField[Any]]]
    __guarded_names__: ClassVar[frozenset[str]] = frozenset()
    __compiled__: ClassVar[ClassPlan | None] = None

    def __init__(self, *args: Any, **values: Any) -> None:
        """Make a document of keyword values.

        Args:
            *args: refused.
            **values: values by field name.

        Raises:
            FieldDoesNotExist: a keyword is no field.
            TypeError: positional arguments were given.
        """
        if args:
            raise TypeError(
                "Instantiating a document with positional arguments is not supported. "
                "Please use `field_name=value` keyword arguments."
            )
        plan_for(type(self)).construct(self, values)

    # State

    @property
    def _created(self) -> bool:
        return self.__state__.created

    @_created.setter
    def _created(self, value: bool) -> None:
        own_state(self).created = value

    @property
    def _initialised(self) -> bool:
        return self.__state__.initialised

    @_initialised.setter
    def _initialised(self, value: bool) -> None:
        own_state(self).initialised = value

    @property
    def _changed_fields(self) -> list[str]:
        """Paths changed on this document itself; absent while nothing is tracked."""
        if self.__state__.changed is None:
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute '_changed_fields'"
            )
        return own_changes(self)

    @_changed_fields.setter
    def _changed_fields(self, value: Iterable[str]) -> None:
        own_state(self).changed = (
            value if isinstance(value, ChangedFields) else ChangedFields(value)
        )

    @_changed_fields.deleter
    def _changed_fields(self) -> None:
        own_state(self).changed = None

    @property
    def _dynamic_fields(self) -> dict[str, BaseField[Any]]:
        """Fields of this instance that its class does not have."""
        state = own_state(self)
        if state.dynamic is None:
            state.dynamic = {}
        return state.dynamic

    @property
    def _data(self) -> dict[str, Any]:
        """Values by field name, all converted, defaults included; changes write through."""
        convert_pending(self)
        values = self.__dict__
        for name, field in self._fields.items():
            if name not in values:
                values[name] = field._missing_value(self)
        extra = self.__state__.extra
        others = non_field_names(self)
        return DataView(self, others, extra or {}) if others or extra else values

    @_data.setter
    def _data(self, data: Mapping[str, Any]) -> None:
        attributes = {name: self.__dict__[name] for name in non_field_names(self)}
        self.__dict__.clear()
        self.__dict__.update(attributes)
        self.__dict__.update(data)
        own_state(self).pending = set()

    @classmethod
    def __plan__(cls) -> ClassPlan:
        return plan_for(cls)

    # Attributes

    if not TYPE_CHECKING:
        # To checkers, a class with this method takes any attribute.

        def __setattr__(self, name: str, value: Any) -> None:
            cls = type(self)
            if name in cls.__guarded_names__:
                _guard_key(self, name, value)
            field = cls.__native_fields__.get(name)
            if field is not None:
                field.__set__(self, value)
            else:
                object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        """Set a field to its default; delete any other attribute."""
        field = self._fields.get(name)
        if field is None:
            object.__delattr__(self, name)
        else:
            setattr(self, name, field._default_value())

    def __getitem__(self, name: str) -> Any:
        """Return the value of a field.

        Raises:
            KeyError: the name is no field.
        """
        if name not in self._fields_ordered:
            raise KeyError(name)
        return getattr(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        """Set a field.

        Raises:
            KeyError: the name is no field of a class that is not dynamic.
        """
        if not self._dynamic and name not in self._fields:
            raise KeyError(name)
        setattr(self, name, value)

    def __contains__(self, name: str) -> bool:
        """Tell whether an attribute of that name exists and is not None."""
        return getattr(self, name, None) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields_ordered)

    def __len__(self) -> int:
        return len(self._data)

    # Identity and text

    def __eq__(self, other: object) -> bool:
        """Compare by id with documents of the class and with references to one."""
        if isinstance(other, type(self)) and getattr(other, "id", None) is not None:
            return bool(self.id == other.id)  # type: ignore[attr-defined]
        if hasattr(other, "as_doc") and hasattr(other, "collection"):  # DBRef, LazyReference
            return bool(
                self._get_collection_name() == other.collection and self.id == other.id  # type: ignore[attr-defined]
            )
        if getattr(self, "id", None) is None:
            return self is other
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]  # only documents with a key of their own have one

    def __str__(self) -> str:
        unicode_text = getattr(self, "__unicode__", None)
        if unicode_text is not None:
            return str(unicode_text())
        return f"{type(self).__name__} object"

    def __repr__(self) -> str:
        try:
            text = self.__str__()
        except (UnicodeEncodeError, UnicodeDecodeError):
            text = "[Bad Unicode data]"
        return f"<{type(self).__name__}: {text}>"

    # Hooks and conversion

    def clean(self) -> None:
        """Hook for checks across fields; raise `ValidationError` to refuse the document."""

    def validate(self, clean: bool = True) -> None:
        """Check all values.

        Args:
            clean: call `clean` first.

        Raises:
            ValidationError: with the errors of all fields in ``errors``.
        """
        refused: ValidationError | None = None
        if clean:
            try:
                self.clean()
            except ValidationError as error:
                refused = error
        errors = plan_for(type(self)).validate(self, clean)
        if refused is not None:
            errors = {NON_FIELD_ERRORS: refused, **errors}
        if errors:
            message = f"ValidationError ({self._class_name}:{_key_in_errors(self)}) "
            raise ValidationError(message, errors=errors)

    def to_mongo(
        self, use_db_field: bool = True, fields: Iterable[str] | None = None
    ) -> StoredForm:
        """Return the stored form.

        Args:
            use_db_field: key by database name, else by model name.
            fields: dotted paths to include; all when None.
        """
        if use_db_field and not fields:
            return stored_form(plan_for(type(self)).dump(self))
        return stored_form(dump_fields(self, use_db_field, list(fields or ())))

    @classmethod
    def _from_son(
        cls, son: Mapping[str, Any], _auto_dereference: bool = True, created: bool = False
    ) -> Self:
        """Make a document of stored data.

        Raises:
            ValueError: the data is no dict.
            FieldDoesNotExist: it has keys a strict document does not know.
            InvalidDocumentError: a value cannot be converted.
        """
        if not isinstance(son, dict):
            raise ValueError(
                f"The source SON object needs to be of type 'dict' but a '{type(son)}' was found"
            )
        document: Self = load_document(
            cls, dict(son), dereference=_auto_dereference, created=created
        )
        return document

    def to_json(self, *args: Any, **kwargs: Any) -> str:
        """Return the stored form as JSON.

        Args:
            *args: passed to `bson.json_util.dumps`.
            **kwargs: ``use_db_field``; the rest is passed to `bson.json_util.dumps`,
                which wants ``json_options``.
        """
        use_db_field = kwargs.pop("use_db_field", True)
        _default_json_options(kwargs)
        return json_util.dumps(self.to_mongo(use_db_field), *args, **kwargs)

    @classmethod
    def from_json(cls, json_data: str, created: bool = False, **kwargs: Any) -> Self:
        """Make a document of JSON.

        Args:
            json_data: what `to_json` gives.
            created: True for a document that is not in the database, False for one that is.
            **kwargs: passed to `bson.json_util.loads`, which wants ``json_options``.

        Raises:
            InvalidDocumentError: the data names neither the class nor a subclass of it.
        """
        _default_json_options(kwargs)
        data = json_util.loads(json_data, **kwargs)
        if isinstance(data, dict) and data.get("_cls", cls._class_name) != cls._class_name:
            subclass_named(cls, data["_cls"])
        return cls._from_son(data, created=created)

    def get_text_score(self) -> float:
        """Return how well the document matched a text search.

        Raises:
            InvalidDocumentError: it does not come from a text search.
        """
        score: float | None = (self.__state__.extra or {}).get("_text_score")
        if score is None:
            raise InvalidDocumentError(
                "This document is not originally built from a text query "
                "(or text_score was not set on search_text() call)"
            )
        return score

    # Changes

    def _mark_as_changed(self, key: str) -> None:
        """Record that what a dotted path leads to has changed.

        Args:
            key: path that begins with a model name.
        """
        if not key or self.__state__.changed is None:
            return
        first, dot, rest = key.partition(".")
        path = self._db_field_map.get(first, first) + dot + rest
        own_changes(self).mark(path)

    def _get_changed_fields(self) -> list[str]:
        """Return the paths changed in the document and in what it embeds."""
        return changes.changed_paths(self)

    def _clear_changed_fields(self) -> None:
        """Forget all changes."""
        changes.clear_changes(self)

    def _delta(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what to set and what to unset, by path."""
        return changes.delta(self)

    @staticmethod
    def _nestable_types_changed_fields(changed_fields: list[str], base_key: str, data: Any) -> None:
        """Add the changed paths inside a container to a list."""
        changed_fields.extend(
            changes.nested_changes(base_key.rstrip("."), data, ChangedFields(changed_fields))
        )

    @staticmethod
    def _nestable_types_clear_changed_fields(data: Any) -> None:
        """Forget the changes inside a container."""
        changes.clear_nested(data)

    # Names

    @classmethod
    def _lookup_field(cls, parts: str | Iterable[str]) -> list[Any]:
        """Return the field objects a path of names leads through."""
        return lookup.lookup_field(cls, parts)

    @classmethod
    def _translate_field_name(cls, field: str, sep: str = ".") -> str:
        """Translate a path of model names to one of database names."""
        return lookup.database_path(cls, field, sep)

    @classmethod
    def _get_collection_name(cls) -> str | None:
        """Return the collection the class is stored in; None for one that has none."""
        return cls._meta.get("collection")

    # Indexes

    @classmethod
    def _build_index_specs(cls, meta_indexes: Iterable[Any]) -> list[dict[str, Any]]:
        return indexes.index_specs(cls, meta_indexes)

    @classmethod
    def _build_index_spec(cls, spec: Any) -> dict[str, Any]:
        return indexes.index_spec(cls, spec)

    @classmethod
    def _unique_with_indexes(cls, namespace: str = "") -> list[dict[str, Any]]:
        return indexes.unique_indexes(cls, namespace)

    @classmethod
    def _geo_indices(
        cls, inspected: list[Any] | None = None, parent_field: str | None = None
    ) -> list[dict[str, Any]]:
        return indexes.geo_indexes(cls, inspected, parent_field)

    # Copies

    def __getstate__(self) -> dict[str, Any]:
        state = self.__state__
        data: dict[str, Any] = {
            "_initialised": state.initialised,
            "_created": state.created,
            "_dynamic_fields": dict(state.dynamic or {}),
            "_fields_ordered": self._fields_ordered,
            "_data": self.to_mongo(),
        }
        if state.changed is not None:
            data["_changed_fields"] = list(state.changed)
        return data

    def __setstate__(self, data: dict[str, Any]) -> None:
        stored = data["_data"]
        source = load_document(type(self), dict(stored)) if isinstance(stored, dict) else stored
        object.__setattr__(self, "__state__", DocumentState(initialised=True))
        convert_pending(source)
        self.__dict__.update(source.__dict__)
        state = self.__state__
        state.dynamic = dict(source.__state__.dynamic or {}) or None
        state.extra = source.__state__.extra
        state.created = data["_created"]
        state.initialised = data["_initialised"]
        if "_changed_fields" in data:
            state.changed = ChangedFields(data["_changed_fields"])
        for value in self.__dict__.values():
            rebind(value, self)


def _guard_key(document: BaseDocument, name: str, value: Any) -> None:
    """Guard an assignment to the primary key or to a shard key."""
    state = document.__state__
    meta = document._meta
    shard_key = meta.get("shard_key") or ()
    shard_key = (shard_key,) if isinstance(shard_key, str) else shard_key
    if (
        not state.created
        and name in shard_key
        and document._fields[name]._stored_value(document) != value
    ):
        raise OperationError(f"Shard Keys are immutable. Tried to update {name}")
    if name == meta.get("id_field") and state.initialised and state.created:
        # A key given to the constructor means a new document, one given later
        # means a stored one.
        own_state(document).created = False


def _key_in_errors(document: Any) -> Any:
    """Return the key of the document an error is about: of the one that is stored."""
    stored = document._instance if document.__is_embedded_document__ else document
    return getattr(stored, "pk", "None")


def _default_json_options(kwargs: dict[str, Any]) -> None:
    if "json_options" not in kwargs:
        warnings.warn(
            "No 'json_options' are specified! Falling back to LEGACY_JSON_OPTIONS with "
            "uuid_representation=PYTHON_LEGACY. Pass the options with the representation of UUIDs "
            "your readers expect; a later release will use UNSPECIFIED.",
            DeprecationWarning,
            stacklevel=3,
        )
        kwargs["json_options"] = LEGACY_JSON_OPTIONS


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
