"""Putting proxies in the place of the references in lists and dicts.

Model floor: which references cannot be loaded, and what a proxy is, is told by the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bson import DBRef

from mongoengine.base.containers import BaseDict, BaseList
from mongoengine.base.dereference_plan import reference_in, target_of
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.lazy_reference import BaseLazyReference
from mongoengine.base.plain import SCALARS
from mongoengine.base.reference_proxy import BaseReferenceProxy, Origin

__all__ = ("put_proxies",)

_WITHOUT_REFERENCES = SCALARS - {DBRef}


def put_proxies(
    container: BaseList | BaseDict,
    field: Any,
    origin: Origin,
    proxy_class: type[BaseReferenceProxy],
    may_load: Callable[[Any], bool],
) -> bool:
    """Put proxies in the place of references that cannot be loaded here.

    Args:
        container: the list or dict; changed in place, without reporting a change.
        field: the field of its items; None for items of any kind.
        origin: where the container was read.
        proxy_class: what to put in place.
        may_load: tells of a class whether its documents can be loaded; references to those
            stay.

    Returns:
        Whether there is a proxy in the container now, at any depth.
    """
    found = False
    for key, item in list(
        container.items() if isinstance(container, dict) else enumerate(container)
    ):
        if type(item) in _WITHOUT_REFERENCES:
            continue
        if isinstance(item, BaseReferenceProxy):
            found = True
        elif isinstance(item, BaseLazyReference):
            continue
        elif (reference := reference_in(item)) is not None:
            document_type = target_of(item, field)
            if document_type is None or may_load(document_type):
                continue
            proxy = proxy_class(
                document_type,
                reference,
                stored=item,
                holder=container,
                key=key,
                origin=origin.below(key),
            )
            _put(container, key, proxy)
            found = True
        elif isinstance(item, (list, dict)):
            # Read, so that it becomes a container that stays where it is.
            nested = container[key]
            inner = field.field if isinstance(field, ComplexBaseField) else None
            found = put_proxies(nested, inner, origin.below(key), proxy_class, may_load) or found
    return found


def _put(container: BaseList | BaseDict, key: Any, value: Any) -> None:
    if isinstance(container, dict):
        dict.__setitem__(container, key, value)
    else:
        list.__setitem__(container, key, value)
