"""`DeReference`: putting documents in the place of references, in steps that can be overridden."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from mongoengine._reexports import reexports_of
from mongoengine._sync.dereference import look_up
from mongoengine.base.datastructures import BaseDict, BaseList
from mongoengine.base.dereference_paths import Everything
from mongoengine.base.dereference_plan import DereferencePlan, Lookup, loader_of
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.fields.untyped import is_toplevel
from mongoengine.fields import ReferenceField
from mongoengine.queryset.base import BaseQuerySet
from mongoengine.state.home import alias_of

__all__ = ("DeReference",)


class DeReference:
    """Loads what lists, dicts and documents refer to: ``DeReference()(items)``.

    Subclasses override a step: `_find_references` says what to load, `_fetch_objects`
    loads it, `_attach_objects` puts it in place.

    Attributes:
        max_depth: how many references are followed, one behind the other.
        reference_map: keys to load by class.
        object_map: loaded documents by collection and key.
    """

    max_depth: int = 1
    reference_map: dict[Any, set[Any]]
    object_map: dict[tuple[str, Any], Any]

    def __call__(
        self, items: Any, max_depth: int = 1, instance: Any = None, name: str | None = None
    ) -> Any:
        """Return items with the documents they refer to; what is missing stays a reference.

        Args:
            items: a list, tuple or dict, a queryset, or a document.
            max_depth: how many references to follow, one behind the other.
            instance: the document that holds the items.
            name: path from there, which says what bare keys refer to.

        Raises:
            RuntimeError: the documents are stored under an async alias.
        """
        if items is None or isinstance(items, str):
            return items
        if isinstance(items, BaseQuerySet):
            items = list(items)
        field = _field_at(instance, name)
        if isinstance(field, ReferenceField):
            document_type = field.document_type
            values = items.values() if isinstance(items, dict) else items
            if all(type(item) is document_type for item in values):
                return items
            items = _with_references(items, field)
        items = _with_lists(items)
        self.max_depth = max_depth
        self.reference_map = self._find_references(items)
        self.object_map = self._fetch_objects(doc_type=getattr(field, "document_type", None))
        return self._attach_objects(items, 0, instance, name)

    def _find_references(self, items: Any, depth: int = 0) -> dict[Any, set[Any]]:
        """Return what the items refer to: keys by class.

        Args:
            items: a list, tuple or dict, or a document.
            depth: how many references were followed to get there.
        """
        found: dict[Any, set[Any]] = defaultdict(set)
        if depth < max(self.max_depth, 1):
            for lookup in _plan_for(items, 1).lookups(alias_of):
                for document_type, wanted in lookup.wanted.items():
                    found[document_type].update(key for key, _ in wanted.values())
        return dict(found)

    def _fetch_objects(self, doc_type: Any = None) -> dict[tuple[str, Any], Any]:
        """Return the documents of `reference_map`, by collection and key.

        Args:
            doc_type: class the items' field refers to, if it tells.
        """
        found = {}
        for document_type, keys in self.reference_map.items():
            collection = document_type._get_collection_name()
            lookup = Lookup(document_type, alias_of(document_type), collection)
            for key in keys:
                lookup.want(document_type, key)
            load = loader_of(document_type)
            for raw in look_up(lookup):
                document = load(raw)
                found[collection, document.pk] = document
        return found

    def _attach_objects(
        self, items: Any, depth: int = 0, instance: Any = None, name: str | None = None
    ) -> Any:
        """Return the items with the documents of `object_map` in place of references.

        Args:
            items: a list, tuple or dict, or a document.
            depth: how many references were followed to get there.
            instance: the document that holds the items.
            name: path from there.
        """
        if is_toplevel(items):
            result: Any = items
        elif isinstance(items, dict):
            result = items if isinstance(items, BaseDict) else dict(items)
        else:
            result = items if isinstance(items, BaseList) else list(items)
        plan = _plan_for(result, 1)
        loaded: list[Any] = []
        for lookup in plan.lookups(alias_of):
            for document_type, wanted in lookup.wanted.items():
                documents = {
                    identity: self.object_map[lookup.collection, key]
                    for identity, (key, _) in wanted.items()
                    if (lookup.collection, key) in self.object_map
                }
                plan.put_documents(lookup, document_type, documents)
                loaded.extend(documents.values())
        plan.finish()
        if loaded and depth + 1 < self.max_depth:
            self.reference_map = self._find_references(loaded, depth + 1)
            if self.reference_map:
                self.object_map.update(self._fetch_objects())
                self._attach_objects(loaded, depth + 1)
        return _like(items, result, instance, name)


def _plan_for(items: Any, depth: int) -> DereferencePlan:
    plan, choice = DereferencePlan(), Everything(depth)
    if is_toplevel(items):
        plan.add_documents([items], choice)
        return plan
    values = list(items.values()) if isinstance(items, dict) else items
    plan.add_documents((value for value in values if is_toplevel(value)), choice)
    plan.add_container(items, None, choice)
    return plan


def _field_at(instance: Any, name: str | None) -> Any:
    """Return the innermost field that describes the items of a container."""
    field = instance._fields.get(name) if instance is not None and name else None
    while isinstance(field, ComplexBaseField):
        field = field.field
    return field


def _with_references(items: Any, field: Any) -> Any:
    """Return items with references made of bare keys, at any depth."""
    if isinstance(items, dict):
        return {key: _with_references(item, field) for key, item in items.items()}
    if isinstance(items, (list, tuple)):
        return type(items)(_with_references(item, field) for item in items)
    return field.to_python(items)


def _with_lists(items: Any) -> Any:
    """Return items with lists in place of tuples, at any depth: a tuple takes no document."""
    if not _holds_tuple(items):
        return items
    if isinstance(items, dict):
        return {key: _with_lists(item) for key, item in items.items()}
    return [_with_lists(item) for item in items]


def _holds_tuple(items: Any) -> bool:
    if isinstance(items, tuple):
        return True
    if isinstance(items, dict):
        return any(map(_holds_tuple, items.values()))
    return isinstance(items, list) and any(map(_holds_tuple, items))


def _like(items: Any, result: Any, instance: Any, name: str | None) -> Any:
    """Return the result in the shape of the items, bound to the document that holds them."""
    if result is items:
        return result
    if instance is None or name is None:
        return result
    if isinstance(result, dict):
        bound: Any = BaseDict(result, instance, name)
    else:
        field = instance._fields.get(name)
        list_class = getattr(field, "_list_class", BaseList)
        bound = list_class(result, instance, name)
    bound._dereferenced = True
    return bound


__getattr__ = reexports_of(__name__)
