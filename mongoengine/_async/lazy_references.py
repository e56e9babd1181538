"""What a lazy reference does with the server: loading its document when told to."""

from __future__ import annotations

from typing import Any, Generic

from mongoengine.base.type_variables import D_co
from mongoengine.state.clients import async_get_client
from mongoengine.state.home import alias_of

__all__ = ("AsyncLazyReferenceIO",)


class AsyncLazyReferenceIO(Generic[D_co]):
    """Loads the document of a lazy reference."""

    __slots__ = ()

    async def async_fetch(self: Any, force: bool = False) -> D_co:
        """Return the document, loaded on the first call and kept.

        Args:
            force: load it again.

        Raises:
            DoesNotExist: there is no such document; the class's own exception.
            RuntimeError: the alias of the class is open in the other colour only.
        """
        if self._cached_doc is None or force:
            # The query below would name itself, not what was called.
            await async_get_client(alias_of(self.document_type), "async_fetch")
            self._cached_doc = await self.document_type.objects.async_get(pk=self.pk)
        result: D_co = self._cached_doc
        return result
