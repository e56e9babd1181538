"""What a reference field does with the server: loading one document for another."""

from __future__ import annotations

from typing import Any

from mongoengine._async.dereference import async_fetch_reference
from mongoengine.base.lazy_reference import BaseLazyReference

__all__ = ("AsyncReferenceFieldIO",)


class AsyncReferenceFieldIO:
    """Loads the document that a document refers to through the field."""

    __slots__ = ()

    async def async_fetch(self: Any, instance: Any) -> Any:
        """Return the document a document refers to through this field, loaded if need be.

        Args:
            instance: the document that refers; it keeps what was loaded.

        Raises:
            DoesNotExist: there is no such document.
        """
        value = self._stored_value(instance)
        if not isinstance(value, self._reference_types):
            return await value.async_fetch() if isinstance(value, BaseLazyReference) else value
        document_type, reference = self._target(value)
        referrer = f"{type(instance).__name__}.{self.name}"
        document = await async_fetch_reference(document_type, reference, referrer)
        if self._stored_value(instance) is value:
            self._keep_loaded(instance, document)
        return document
