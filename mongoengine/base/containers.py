"""The lists and dicts documents hold: they tell their owner what changed in them.

A container knows its owner (`_instance`, a weak proxy) and its path from there
(`_name`). Mutators report to ``_instance._mark_as_changed(path)``; nested lists and
dicts become containers when they are read. Pure bookkeeping: nothing here does I/O.
"""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeVar, cast

from mongoengine.base.plain import SCALARS, holds_scalars, is_plain, is_plain_inside

__all__ = (
    "BaseDict",
    "BaseList",
    "bound_dict",
    "bound_list",
    "has_path",
    "mark_as_changed_wrapper",
    "mark_key_as_changed_wrapper",
    "track_nested",
    "wrap",
)

if TYPE_CHECKING:
    from typing_extensions import TypeVar as _TypeVar

    T = _TypeVar("T", default=Any)
else:
    T = TypeVar("T")

Method = TypeVar("Method", bound=Callable[..., Any])
ListType = TypeVar("ListType", bound="BaseList")

_UNREADABLE = object()


# Binding


def _proxy_of(instance: Any) -> Any:
    """Return what a container keeps of its owner; None for what is no document."""
    if isinstance(instance, weakref.ProxyTypes):
        return instance
    if hasattr(type(instance), "__is_embedded_document__"):
        return weakref.proxy(instance)
    return None


def bound_list(
    cls: type[ListType], items: Iterable[Any], owner: Any, name: str | None, *, plain: bool = False
) -> ListType:
    """Make a container of items the way reading a field does.

    Args:
        cls: `BaseList` or a subclass.
        items: what it holds at first.
        owner: weak proxy of the document, or None.
        name: path from the document.
        plain: True when nothing in it is or holds a document.
    """
    container = cls.__new__(cls)
    list.extend(container, items)
    container._instance = owner
    container._name = name
    if plain:
        container._plain = True
    return container


def bound_dict(items: Any, owner: Any, name: str | None, *, plain: bool = False) -> BaseDict:
    """Make a `BaseDict` the way reading a field does; see `bound_list`."""
    container = BaseDict.__new__(BaseDict)
    dict.update(container, items)
    container._instance = owner
    container._name = name
    if plain:
        container._plain = True
    return container


def wrap(
    value: Any,
    owner: Any,
    name: str | None,
    *,
    list_class: type[BaseList] | None = None,
    plain: bool | None = None,
) -> BaseDict | BaseList:
    """Return a container with the items of a list, tuple or dict.

    Args:
        value: the list, tuple or dict.
        owner: weak proxy of the document, or None.
        name: path from the document.
        list_class: what a list or tuple becomes; `BaseList` when omitted.
        plain: what is known of the items (see `bound_list`); None has them looked at.
    """
    if isinstance(value, dict):
        known = is_plain_inside(value.values()) if plain is None else plain
        return bound_dict(value, owner, name, plain=known)
    known = is_plain_inside(value) if plain is None else plain
    return bound_list(list_class or BaseList, value, owner, name, plain=known)


def _read_item(container: BaseDict | BaseList, key: Any, value: Any) -> Any:
    """Return an item ready for use: nested data tracked, embedded documents owned."""
    kind = type(value)
    if getattr(kind, "__is_embedded_document__", False):
        if value._instance is None:
            value._instance = container._instance
        return value
    if isinstance(value, dict):
        if isinstance(value, BaseDict):
            return value
    elif not isinstance(value, list) or isinstance(value, BaseList):
        return value

    whole = container._whole or not has_path(container, key)
    inner = container._inner
    child = wrap(
        value,
        container._instance,
        container._name if whole else f"{container._name}.{key}",
        list_class=None if inner is None else inner._list_class,
        plain=container._plain,
    )
    if whole:
        child._whole = True
    if container._plain:
        child._above = weakref.ref(container)
    if inner is not None:
        child._inner = inner._container_field()
    _store_item(container, key, child)
    return child


def track_nested(container: BaseDict | BaseList) -> None:
    """Have the lists and dicts in a container report changes, however they are reached.

    Iterating gives items as they stand there, without reading them one by one.
    """
    container._tracked = True
    if holds_scalars(container.values() if isinstance(container, dict) else container):
        return
    for key, item in list(
        container.items() if isinstance(container, dict) else enumerate(container)
    ):
        if isinstance(item, (list, dict)):
            nested = _read_item(container, key, item)
            if not nested._tracked:
                track_nested(nested)


def _store_item(container: BaseDict | BaseList, key: Any, value: Any) -> None:
    """Replace an item without reporting it."""
    if isinstance(container, dict):
        dict.__setitem__(container, key, value)
    else:
        list.__setitem__(container, key, value)


def has_path(container: Any, key: Any) -> bool:
    """Tell whether a dotted path can lead to an item.

    The server takes a dot in a path for a step down, and knows no empty step.
    """
    return isinstance(container, list) or (bool(key) and "." not in str(key))


# Reporting changes


def _report(container: BaseDict | BaseList, key: Any = None) -> None:
    mark = getattr(container._instance, "_mark_as_changed", None)
    if mark is None:
        return
    if key is None or container._whole or not has_path(container, key):
        mark(container._name)
    else:
        mark(f"{container._name}.{key}")


def _no_longer_plain(container: BaseDict | BaseList) -> None:
    """Record that a container, and so each one around it, may hold documents."""
    around: BaseDict | BaseList | None = container
    while around is not None and around._plain:
        around._plain = False
        around = around._above() if around._above is not None else None


def _named_like(method: Any, wrapper: Any) -> Any:
    # functools.wraps would leave __wrapped__, and with it a signature that is not the one called.
    wrapper.__name__ = method.__name__
    wrapper.__qualname__ = method.__qualname__
    wrapper.__doc__ = method.__doc__
    return wrapper


def mark_as_changed_wrapper(parent_method: Method) -> Method:
    """Return a method that does what another does, then reports the whole container.

    Args:
        parent_method: unbound method of list or dict, or of a subclass.
    """

    def mutate(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = parent_method(self, *args, **kwargs)
        if self._plain:
            _no_longer_plain(self)
        self._mark_as_changed()
        return result

    return cast(Method, _named_like(parent_method, mutate))


def mark_key_as_changed_wrapper(parent_method: Method) -> Method:
    """Return a method that reports one key, then does what another method does.

    The first argument of the method is the key. With a value as second argument nothing
    is reported when the container has an equal one already.

    Args:
        parent_method: unbound method of dict, or of a subclass.
    """

    def mutate(self: Any, key: Any, *args: Any, **kwargs: Any) -> Any:
        if not args or key not in self or dict.get(self, key) != args[0]:
            self._mark_as_changed(key)
        result = parent_method(self, key, *args, **kwargs)
        if args and type(args[0]) not in SCALARS:
            if self._plain and not is_plain(args[0]):
                _no_longer_plain(self)
            if self._tracked:
                _read_item(self, key, args[0])
        return result

    return cast(Method, _named_like(parent_method, mutate))


def _rearranging(parent_method: Method) -> Method:
    """Wrap a method that brings in no new item."""

    def mutate(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = parent_method(self, *args, **kwargs)
        self._mark_as_changed()
        return result

    return cast(Method, _named_like(parent_method, mutate))


def _adding(parent_method: Method) -> Method:
    """Wrap a method of list whose last argument is a new item."""

    def mutate(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = parent_method(self, *args, **kwargs)
        if self._plain and not is_plain(args[-1]):
            _no_longer_plain(self)
        self._mark_as_changed()
        return result

    return cast(Method, _named_like(parent_method, mutate))


def _extending(parent_method: Method) -> Method:
    """Wrap a method of list that adds items at the end."""

    def mutate(self: Any, *args: Any, **kwargs: Any) -> Any:
        before = len(self)
        result = parent_method(self, *args, **kwargs)
        if self._plain and not is_plain_inside(list.__getitem__(self, slice(before, None))):
            _no_longer_plain(self)
        self._mark_as_changed()
        return result

    return cast(Method, _named_like(parent_method, mutate))


class _Container:
    """What a container knows of its place in a document."""

    _dereferenced: bool = False
    _instance: Any = None
    _name: str | None = None

    #: True once the lists and dicts in here are containers, too (see `track_nested`).
    _tracked: bool = False
    #: True when nothing in here, at any depth, is a document: nothing changes unreported.
    _plain: bool = False
    #: The plain container this one was read from.
    _above: weakref.ref[Any] | None = None
    #: True when no path leads to the items, so that any change concerns `_name` itself.
    _whole: bool = False
    #: The field of the items, where those are containers too.
    _inner: Any = None

    def _bind(self, instance: Any, name: str | None) -> None:
        owner = _proxy_of(instance)
        if owner is not None:
            self._instance = owner
        self._name = name

    def _mark_as_changed(self: Any, key: Any = None) -> None:
        """Report an item to the owner; the whole container without a key or path to it."""
        _report(self, key)

    def __getstate__(self) -> None:
        """Return nothing: copies and pickles carry the items, not the owner."""
        return None

    def __setstate__(self, state: Any) -> None:
        """Ignore the state that pickles of other versions carry."""


class BaseDict(_Container, dict[Any, Any]):
    """A dict that reports its changes to the document that holds it.

    Args:
        dict_items: a dict, or pairs of key and value.
        instance: the document; anything else leaves the container without owner.
        name: path of the container from the document.
    """

    __module__ = "mongoengine.base.datastructures"

    def __init__(self, dict_items: Any, instance: Any, name: str | None) -> None:
        self._bind(instance, name)
        super().__init__(dict_items)

    def __getitem__(self, key: Any) -> Any:
        value = dict.__getitem__(self, key)
        return value if type(value) in SCALARS else _read_item(self, key, value)

    def get(self, key: Any, default: Any = None) -> Any:
        """Return an item as ``[key]`` does, or the default."""
        value = dict.get(self, key, _UNREADABLE)
        if value is _UNREADABLE:
            return default
        return value if type(value) in SCALARS else _read_item(self, key, value)

    __setitem__ = mark_key_as_changed_wrapper(dict.__setitem__)
    __delitem__ = mark_key_as_changed_wrapper(dict.__delitem__)
    # Attributes are reported like keys when deleted, though not when set: upstream's tests pin it.
    __delattr__ = mark_key_as_changed_wrapper(dict.__delattr__)

    clear = _rearranging(dict.clear)
    pop = _rearranging(dict.pop)
    popitem = _rearranging(dict.popitem)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Take over items as `dict.update` does."""
        new = dict(*args, **kwargs)
        dict.update(self, new)
        if self._plain and not is_plain_inside(new.values()):
            _no_longer_plain(self)
        self._mark_as_changed()

    def __ior__(self, other: Any) -> BaseDict:  # type: ignore[misc]
        self.update(other)
        return self

    def setdefault(self, *args: Any, **kwargs: Any) -> Any:
        """Return an item, stored first when there is none, ready for use."""
        value = dict.setdefault(self, *args, **kwargs)
        if self._plain and not is_plain(value):
            _no_longer_plain(self)
        self._mark_as_changed()
        return value if type(value) in SCALARS else _read_item(self, args[0], value)

    def __deepcopy__(self, memo: dict[int, Any]) -> BaseDict:
        copied = type(self).__new__(type(self))
        memo[id(self)] = copied
        dict.update(copied, [(deepcopy(k, memo), deepcopy(v, memo)) for k, v in self.items()])
        return copied


class BaseList(_Container, list[T]):
    """A list that reports its changes to the document that holds it.

    Args:
        list_items: the items.
        instance: the document or a weak proxy of it; anything else leaves the container
            without owner.
        name: path of the container from the document.
    """

    __module__ = "mongoengine.base.datastructures"

    def __init__(self, list_items: Iterable[Any], instance: Any, name: str | None) -> None:
        self._bind(instance, name)
        super().__init__(list_items)

    def __getitem__(self, key: Any) -> Any:
        value = list.__getitem__(self, key)
        if type(value) in SCALARS or type(key) is slice:
            return value
        return _read_item(self, self._position(key), value)

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, slice):
            list.__setitem__(self, key, value)
            if self._plain and not is_plain_inside(self):
                _no_longer_plain(self)
            self._mark_as_changed()
            return
        list.__setitem__(self, key, value)
        if self._plain and not is_plain(value):
            _no_longer_plain(self)
        self._mark_as_changed(self._position(key))

    __delitem__ = _rearranging(list.__delitem__)
    __imul__ = _rearranging(list.__imul__)
    __iadd__ = _extending(list.__iadd__)

    if not TYPE_CHECKING:  # checkers take these from `list`
        append = _adding(list.append)
        insert = _adding(list.insert)
        extend = _extending(list.extend)
        clear = _rearranging(list.clear)
        pop = _rearranging(list.pop)
        remove = _rearranging(list.remove)
        reverse = _rearranging(list.reverse)
        sort = _rearranging(list.sort)

    def _position(self, key: SupportsIndex) -> int:
        """Return an index counted from the front."""
        index = operator.index(key)
        return index + len(self) if index < 0 else index

    def __deepcopy__(self, memo: dict[int, Any]) -> BaseList:
        copied = type(self).__new__(type(self))
        memo[id(self)] = copied
        list.extend(copied, [deepcopy(item, memo) for item in self])
        return copied
