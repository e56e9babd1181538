"""Fields that hold one embedded document: of a given type, or of any."""

# Field hooks keep upstream's public signatures, which are narrower than BaseField's.
# mypy: disable-error-code="override"
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import weakref
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from bson import SON

from mongoengine.base.common import _DocumentRegistry, find_document
from mongoengine.base.fields.base import BaseField, T
from mongoengine.base.fields.sequence import embedded_sequences
from mongoengine.base.fields.untyped import is_embedded
from mongoengine.base.plan import ClassPlan, plan_for
from mongoengine.base.stored_class import embedded_class, find_embedded_class
from mongoengine.errors import InvalidQueryError, NotRegistered

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument

__all__ = ("EmbeddedDocumentField", "GenericEmbeddedDocumentField")

_BAD_CLASS = "Invalid embedded document class provided to an EmbeddedDocumentField"


class EmbeddedDocumentField(BaseField[T]):
    """An embedded document of one class or its subclasses.

    Args:
        document_type: the class, its name, or ``"self"`` for the class the field is in.
        **kwargs: see `BaseField`.

    Raises:
        ValidationError: ``document_type`` is not a class of embedded documents.
        TypeError: it is neither a class nor a string.
    """

    lazy: ClassVar[bool] = True
    query_kind: ClassVar[str] = "embedded"
    _passes_clean: ClassVar[bool] = True

    def __init__(self, document_type: Any, **kwargs: Any) -> None:
        if not isinstance(document_type, str):
            self._check_type(document_type)
        self.document_type_obj = document_type
        super().__init__(**kwargs)

    def _check_type(self, document_type: Any) -> None:
        if not isinstance(document_type, type):
            raise TypeError("issubclass() arg 1 must be a class")
        if not getattr(document_type, "__is_embedded_document__", False):
            self.error(_BAD_CLASS)

    @property
    def document_type(self) -> Any:
        """The class, looked up by name when first asked for.

        Raises:
            NotRegistered: no class of that name exists yet.
            ValidationError: it is not a class of embedded documents.
        """
        document_type = self.document_type_obj
        if isinstance(document_type, str):
            if document_type == "self":
                document_type = self.owner_document
            else:
                document_type = _DocumentRegistry.get(document_type)
            self._check_type(document_type)
            # Not by assignment: knowing the class changes nothing for compiled code.
            self.__dict__["document_type_obj"] = document_type
        return document_type

    def _holds_references(self, seen: set[Any]) -> bool:
        return self._any_field(lambda field: field._holds_references(seen), seen)

    def _holds_sequences(self, seen: set[Any]) -> bool:
        return super()._holds_sequences(seen) or self._any_field(
            lambda field: field._holds_sequences(seen), seen
        )

    def _any_field(self, ask: Callable[[BaseField[Any]], bool], seen: set[Any]) -> bool:
        """Ask the fields of the class and its subclasses; True while the class is unknown."""
        try:
            document_type = self.document_type
        except NotRegistered:
            return True
        for cls in (document_type, *map(find_document, document_type._subclasses)):
            if cls is None or cls in seen:
                continue
            seen.add(cls)
            if any(map(ask, cls._fields.values())):
                return True
        return False

    # Loading

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type[Any]) -> T: ...
    def __get__(self, instance: BaseDocument | None, owner: type[Any]) -> Any:
        """Return the document, made of what the driver gave by the first read."""
        if instance is None:
            return self
        value = instance.__dict__.get(self.name)
        if type(value) is dict and self.name in instance.__state__.pending:
            self._convert_pending(instance)
            value = instance.__dict__[self.name]
        elif value is None:
            value = super().__get__(instance, owner)
        return value

    def _is_unread(self, value: Any) -> bool:
        return type(value) is dict

    def _lazy_check(self) -> Callable[[Any], bool] | None:
        return self._check_of_class()

    def _check_of_class(self, *, many: bool = False) -> Callable[[Any], bool]:
        """Return the test of one stored value, or of many: can it be converted later?"""
        try:
            plan = plan_for(self.document_type)
        except NotRegistered:
            # The class may be there when there is data.
            return lambda raw: self._check_of_class(many=many)(raw)
        return plan.nested_check(many=many)

    def _load(self, value: Any, instance: BaseDocument) -> Any:
        return self._load_all((value,), instance)[0]

    def _load_all(self, values: Collection[Any], instance: BaseDocument) -> list[Any]:
        """Make documents of dicts that have passed the check, which become their stores."""
        document_type = self.document_type
        plan = plan_for(document_type)
        owner = weakref.proxy(instance)
        if instance.__state__.dereference and plan.loads_fast():
            return _with_nested(plan, plan.load_checked(values, owner))
        return [_loaded_for(instance, owner, document_type, value) for value in values]

    # Conversion

    def to_python(self, value: Any) -> Any:
        """Return a document; one is made of a dict of stored data.

        Raises:
            ValueError: the value is something else.
        """
        document_type = self.document_type
        if isinstance(value, document_type):
            return value
        return document_type._from_son(value, _auto_dereference=self._auto_dereference)

    def to_mongo(
        self, value: Any, use_db_field: bool = True, fields: list[str] | None = None
    ) -> Any:
        """Return the stored form of a document; any other value as it is."""
        if not isinstance(value, self.document_type):
            return value
        if use_db_field and not fields:
            return value.to_mongo()
        return value.to_mongo(use_db_field, fields)

    def validate(self, value: Any, clean: bool = True) -> None:
        """Check the class, then let the document validate itself.

        Args:
            value: the document.
            clean: call its ``clean`` first.
        """
        if not isinstance(value, self.document_type):
            self.error("Invalid embedded document instance provided to an EmbeddedDocumentField")
        value.validate(clean=clean)

    # Queries

    def lookup_member(self, member_name: str) -> Any:
        """Return a field of the document class or of one of its direct subclasses; or None."""
        return _find_field([self.document_type], member_name)

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return the stored form of a document, or of what a dict of its values makes.

        Raises:
            InvalidQueryError: no document can be made of the value.
        """
        document_type = self.document_type
        if value is not None and not isinstance(value, document_type):
            if isinstance(value, dict) and all(key.startswith("$") for key in value):
                return value
            try:
                value = document_type._from_son(value)
            except ValueError:
                raise InvalidQueryError(
                    f"Querying the embedded document '{document_type._class_name}' failed, "
                    "due to an invalid query value"
                ) from None
        super().prepare_query_value(op, value)
        return self.to_mongo(value)


def _with_nested(plan: ClassPlan, documents: list[Any]) -> list[Any]:
    """Convert what documents of a container embed in their turn; return the documents.

    Who reads one is about to read the others: together they cost a fraction.
    """
    if len(documents) > 1:
        for field in plan.embedded_fields:
            name = field.name
            owners = [
                document
                for document in documents
                if type(document) is plan.cls and type(document.__dict__.get(name)) is dict
            ]
            if owners:
                nested = plan_for(field.document_type)
                raws = [owner.__dict__[name] for owner in owners]
                embedded = _with_nested(nested, nested.load_checked(raws, None))
                bind = field.document_type.__owner__.__set__  # not through __setattr__
                for owner, document in zip(owners, embedded, strict=True):
                    bind(document, weakref.proxy(owner))
                    owner.__dict__[name] = document
    return documents


def _loaded_for(instance: BaseDocument, owner: Any, document_type: Any, value: Any) -> Any:
    """Make a document of stored data, which hands out references as its owner does."""
    from mongoengine.base.loader import load_document  # documents import fields

    document = load_document(document_type, value, dereference=instance.__state__.dereference)
    if is_embedded(document):
        document._instance = owner
    return document


class GenericEmbeddedDocumentField(BaseField[Any]):
    """An embedded document of any class; what is stored names the class.

    Args:
        **kwargs: see `BaseField`; ``choices`` are the classes allowed.
    """

    lazy: ClassVar[bool] = True
    _passes_clean: ClassVar[bool] = True

    def _holds_references(self, seen: set[Any]) -> bool:
        return True

    def _holds_sequences(self, seen: set[Any]) -> bool:
        return embedded_sequences()

    def _lazy_check(self) -> Callable[[Any], bool] | None:
        return _generic_can_wait

    def _load(self, value: Any, instance: BaseDocument) -> Any:
        if not isinstance(value, dict):
            return value
        document_type = embedded_class(value)
        return _loaded_for(instance, weakref.proxy(instance), document_type, value)

    def to_python(self, value: Any) -> Any:
        """Return a document of a dict of stored data; any other value as it is.

        Raises:
            NotRegistered: the class is not known.
            InvalidDocumentError: what the dict names is no class of embedded documents.
            KeyError: the dict names none.
        """
        if isinstance(value, dict):
            document_type = embedded_class(value)
            value = document_type._from_son(value, _auto_dereference=self._auto_dereference)
        return value

    def to_mongo(
        self, document: Any, use_db_field: bool = True, fields: list[str] | None = None
    ) -> Any:
        """Return the stored form of a document, its class included."""
        if document is None:
            return None
        stored = document.to_mongo(use_db_field, fields)
        stored.setdefault("_cls", document._class_name)
        return stored

    def validate(self, value: Any, clean: bool = True) -> None:
        """Check that it is an embedded document, then let it validate itself.

        Args:
            value: the document, or a SON of an allowed class.
            clean: call its ``clean`` first.
        """
        allowed = [choice._class_name for choice in self.choices or ()]
        if allowed and isinstance(value, SON) and value["_cls"] in allowed:
            return
        if not is_embedded(value):
            self.error(
                "Invalid embedded document instance provided to an GenericEmbeddedDocumentField"
            )
        document: Any = value
        document.validate(clean=clean)

    def lookup_member(self, member_name: str) -> Any:
        """Return a field of one of the choices or of a direct subclass of one; or None."""
        return _find_field(self.choices or (), member_name)

    def prepare_query_value(self, op: str | None, value: Any) -> Any:
        """Return the stored form of a document."""
        super().prepare_query_value(op, value)
        return self.to_mongo(value)


def _find_field(classes: Iterable[Any], name: str) -> Any:
    for cls in classes:
        for candidate in (cls, *cls.__subclasses__()):
            if name in candidate._fields:
                return candidate._fields[name]
    return None


def _generic_can_wait(raw: Any) -> bool:
    """Tell whether a stored value can be converted later without raising."""
    if not isinstance(raw, dict):
        return True
    found = find_embedded_class(raw)
    return found is not None and bool(found.__plan__().check(raw))
