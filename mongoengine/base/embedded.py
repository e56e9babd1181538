"""Embedded documents on the model floor: owned, compared by value, without a key."""

from __future__ import annotations

from typing import Any

from mongoengine.base.changed_fields import ChangedFields
from mongoengine.base.document import BaseDocument

__all__ = ("BaseEmbeddedDocument",)


class BaseEmbeddedDocument(BaseDocument):
    """A document inside another one."""

    __slots__ = ("__owner__",)

    __is_embedded_document__ = True
    __owner__: Any

    @property
    def _instance(self) -> Any:
        """A weak proxy of the document that holds this one; None while none does."""
        return getattr(self, "__owner__", None)

    @_instance.setter
    def _instance(self, owner: Any) -> None:
        object.__setattr__(self, "__owner__", owner)

    def __eq__(self, other: object) -> bool:
        """Compare values with a document of the same class or a subclass."""
        if isinstance(other, type(self)):
            return bool(self._data == other._data)
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __getstate__(self) -> dict[str, Any]:
        data = super().__getstate__()
        data["_instance"] = None
        return data

    def __setstate__(self, data: dict[str, Any]) -> None:
        super().__setstate__(data)
        self._instance = None
        if self.__state__.changed is None:
            self.__state__.changed = ChangedFields()
