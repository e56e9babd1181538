"""Reaching a verb of a document where a field may have its name.

Only MongoEngine's own names are refused as names of fields, so a field may be called
like a verb this package adds. Reading the attribute then gives the field's value; the
package itself calls the verb all the same.
"""

from __future__ import annotations

import weakref
from typing import Any

from mongoengine.base.attributes import NativeAttribute

__all__ = ("verb",)


def verb(holder: Any, name: str) -> Any:
    """Return a method of a document or of a document class.

    Args:
        holder: the document or the class.
        name: the method's name.

    Raises:
        AttributeError: there is no such method.
    """
    if isinstance(holder, weakref.ProxyTypes):
        # So an embedded document knows its owner; a method needs the document itself.
        holder = holder.__getstate__.__self__
    is_class = isinstance(holder, type)
    cls: Any = holder if is_class else type(holder)
    fields = getattr(cls, "_fields", {})
    own_fields = {} if is_class or not fields else holder.__state__.dynamic or {}
    if name not in fields and name not in own_fields:
        return getattr(holder, name)
    for base in cls.__mro__:
        found = base.__dict__.get(name)
        if found is None or isinstance(found, NativeAttribute) or found is fields.get(name):
            continue
        return found.__get__(None if is_class else holder, cls)
    raise AttributeError(f"{cls.__name__} has no method {name}()")
