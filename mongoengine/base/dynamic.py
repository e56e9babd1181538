"""Dynamic documents: any public attribute is a field of the instance."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, ClassVar

from mongoengine.base.containers import wrap
from mongoengine.base.document import BaseDocument
from mongoengine.base.state import own_state

__all__ = ("DynamicAttributes", "is_dynamic_name", "set_dynamic_value")


class DynamicAttributes(BaseDocument):
    """Adds fields to an instance when unknown attributes are set."""

    __slots__ = ()

    _dynamic: ClassVar[bool] = True

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __setattr__(self, name: str, value: Any) -> None:
        if is_dynamic_name(type(self), name):
            set_dynamic_value(self, name, value)
        else:
            super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        """Set a dynamic field to None, so that saving removes it.

        Inside another document, names that were never set may be deleted too.
        """
        known = self.__state__.dynamic or {}
        made_up = self.__is_embedded_document__ and is_dynamic_name(type(self), name)
        if name in known or made_up:
            set_dynamic_value(self, name, None)
            (self.__state__.dynamic or {})[name].null = False
        else:
            super().__delattr__(name)


def is_dynamic_name(cls: type[BaseDocument], name: str) -> bool:
    """Tell whether an attribute set on a dynamic document is a field of the instance.

    Only fields of the class and what handles assignment itself, like a property, are not:
    other attributes of the class, methods too, are hidden by the value, as by any
    assignment to an attribute.
    """
    if name.startswith("_") or name in cls._fields:
        return False
    for base in cls.__mro__:
        if name in base.__dict__:
            return not hasattr(type(base.__dict__[name]), "__set__")
    return True


def set_dynamic_value(document: BaseDocument, name: str, value: Any) -> None:
    """Set a value for which the class has no field."""
    from mongoengine.base.fields.dynamic import DynamicField  # fields are made from documents

    state = own_state(document)
    if state.dynamic is None:
        state.dynamic = {}
    field = state.dynamic.get(name)
    if field is None:
        field = DynamicField(db_field=name, null=True)
        field.__dict__["name"] = name
        field.__dict__["_owner_document"] = type(document)
        state.dynamic[name] = field
    field.__set__(document, _expanded(value, weakref.proxy(document), name))


def _expanded(value: Any, owner: Any, path: str) -> Any:
    """Return what a dynamic attribute holds: documents and tracked containers.

    Args:
        value: what was assigned or loaded.
        owner: weak proxy of the document.
        path: where in the document the value is.
    """
    from mongoengine.base.fields.untyped import revived  # fields are made from documents

    if isinstance(value, dict):
        document = revived(value)
        if document is not value:
            return document
        if "_cls" not in value or "_ref" not in value:
            items = {key: _expanded(item, owner, f"{path}.{key}") for key, item in value.items()}
            return wrap(items, owner, path)
    if isinstance(value, (list, tuple)):
        return wrap(
            [_expanded(item, owner, f"{path}.{place}") for place, item in enumerate(value)],
            owner,
            path,
        )
    return value
