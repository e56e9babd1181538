"""Dynamic documents: any public attribute is a field of the instance."""

from __future__ import annotations

import weakref
from typing import Any, ClassVar

from mongoengine.base.common import _DocumentRegistry
from mongoengine.base.containers import wrap
from mongoengine.base.document import BaseDocument

__all__ = ("DynamicAttributes",)


class DynamicAttributes(BaseDocument):
    """Adds fields to an instance when unknown attributes are set."""

    __slots__ = ()

    _dynamic: ClassVar[bool] = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_") or hasattr(type(self), name):
            super().__setattr__(name, value)
        else:
            self._set_dynamic_value(name, value)

    def __delattr__(self, name: str) -> None:
        """Set a dynamic field to None, so that saving removes it."""
        field = (self._state.dynamic or {}).get(name)
        if field is None:
            super().__delattr__(name)
        else:
            field.null = False
            self._set_dynamic_value(name, None)

    def _set_dynamic_values(self, values: dict[str, Any]) -> None:
        """Take over values that belong to no field of the class."""
        for name, value in values.items():
            if name.startswith("_") or hasattr(type(self), name):
                # Reachable as data only: it must not stand in the way of a method.
                state = self._own_state()
                state.extra = {**(state.extra or {}), name: value}
            else:
                self._set_dynamic_value(name, value)

    def _set_dynamic_value(self, name: str, value: Any) -> None:
        from mongoengine.base.fields.dynamic import DynamicField  # fields are made from documents

        state = self._own_state()
        if state.dynamic is None:
            state.dynamic = {}
        field = state.dynamic.get(name)
        if field is None:
            field = DynamicField(db_field=name, null=True)
            field.__dict__["name"] = name
            field.__dict__["_owner_document"] = type(self)
            state.dynamic[name] = field
        field.__set__(self, _expanded(value, weakref.proxy(self), name))


def _expanded(value: Any, owner: Any, path: str) -> Any:
    """Return what a dynamic attribute holds: documents and tracked containers.

    Args:
        value: what was assigned or loaded.
        owner: weak proxy of the document.
        path: where in the document the value is.
    """
    if isinstance(value, dict):
        class_name = value.get("_cls")
        if class_name is not None and "_ref" not in value:
            return _DocumentRegistry.get(class_name)._from_son(value)
        if class_name is None:
            items = {key: _expanded(item, owner, f"{path}.{key}") for key, item in value.items()}
            return wrap(items, owner, path)
    if isinstance(value, (list, tuple)):
        return wrap(
            [_expanded(item, owner, f"{path}.{place}") for place, item in enumerate(value)],
            owner,
            path,
        )
    return value
