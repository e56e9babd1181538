"""What reading a reference gives: the document, loaded now, or what it can be awaited from."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from bson import DBRef

from mongoengine._async.dereference import async_fetch_reference
from mongoengine._async.lazy_references import AsyncLazyReferenceIO
from mongoengine._sync.dereference import fetch_reference, run_plan
from mongoengine._sync.lazy_references import SyncLazyReferenceIO
from mongoengine.base import reference_reader
from mongoengine.base.dereference_paths import DIRECTLY, Everything
from mongoengine.base.dereference_plan import DereferencePlan
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.lazy_reference import BaseLazyReference, NotLoaded
from mongoengine.base.proxy_items import put_proxies
from mongoengine.base.reference_proxy import BaseReferenceProxy, Origin
from mongoengine.base.type_variables import D_co
from mongoengine.state.home import alias_of
from mongoengine.state.implicit import may_block

__all__ = ("AsyncReferenceProxy", "LazyReference", "ReferenceLoader", "may_load")


def may_load(document_type: Any) -> bool:
    """Tell whether reading a reference to a class may load the document there and then."""
    return may_block(alias_of(document_type))


class LazyReference(SyncLazyReferenceIO[D_co], AsyncLazyReferenceIO[D_co], BaseLazyReference):
    """Points at a document of a known class, and loads it when told to.

    Args:
        document_type: class of the document.
        pk: its primary key.
        cached_doc: the document itself, when it is at hand.
        passthrough: True to read fields of the document through the reference; where
            reading cannot wait for the server, it has to be loaded first.
    """

    __module__ = "mongoengine.base.datastructures"
    __slots__ = ()

    def _passthrough_document(self) -> Any:
        if self._cached_doc is not None:
            return self._cached_doc
        if not may_load(self.document_type):
            raise NotLoaded(
                f"the {self.document_type.__name__} {self.pk!r} this reference passes through to "
                "has not been loaded: await its async_fetch() first"
            )
        return self.fetch()

    def __getattr__(self, name: str) -> Any:
        # No field begins like that, so what asks for it need not have the document loaded.
        if name.startswith("_"):
            raise AttributeError(name)
        return super().__getattr__(name)


class AsyncReferenceProxy(BaseReferenceProxy):
    """Stands for a document that has to be awaited: ``await proxy``.

    ``pk``, ``id``, ``collection`` and ``document_type`` can be read at once; any other
    attribute is one of the document and raises an error that says how to load it.
    """

    __module__ = "mongoengine.base.datastructures"
    __slots__ = ()

    async def async_fetch(self) -> Any:
        """Return the document, loaded on the first call and kept where the proxy was read.

        Raises:
            DoesNotExist: there is no such document.
        """
        if self._document is None:
            document = await async_fetch_reference(
                self.document_type, self.to_dbref(), str(self._origin)
            )
            return self._keep(document)
        return self._document

    async def fetch(self) -> Any:
        """Return the document (see `async_fetch`)."""
        return await self.async_fetch()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self.async_fetch().__await__()


class ReferenceLoader(reference_reader.ReferenceReader):
    """Loads references where reading may wait for the server, and gives proxies where not."""

    __slots__ = ()

    def read_one(
        self, owner: Any, name: str, document_type: Any, reference: DBRef, stored: Any
    ) -> Any:
        """Return the document, or a proxy that puts it in its place once it is loaded."""
        origin = _origin_of(owner, name)
        if may_load(document_type):
            return fetch_reference(document_type, reference, str(origin))
        return AsyncReferenceProxy(
            document_type, reference, stored=stored, holder=owner, key=name, origin=origin
        )

    def read_items(self, owner: Any, name: str, container: Any, max_depth: int) -> Any:
        """Put documents or proxies in the place of the references in a container."""
        field = owner._fields.get(name)
        inner = field.field if isinstance(field, ComplexBaseField) else None
        choice = DIRECTLY if max_depth <= 1 else Everything(max_depth)
        plan = DereferencePlan(may_load)
        plan.add_container(container, inner, choice)
        run_plan(plan)
        if plan.left_some and not put_proxies(
            container, inner, _origin_of(owner, name), AsyncReferenceProxy, may_load
        ):
            # Embedded documents deal with references of their own when they are read.
            container._dereferenced = True
        return container


def _origin_of(owner: Any, field: str) -> Origin:
    return Origin(owner.__class__.__name__, field, embedded=owner.__is_embedded_document__)


reference_reader.use(ReferenceLoader())
