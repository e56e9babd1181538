"""Managers: what ``Model.objects`` is made by."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from mongoengine.queryset.queryset import QuerySet

if TYPE_CHECKING:
    from typing_extensions import TypeVar as _TypeVar

    D = TypeVar("D")
    #: The queryset a manager gives; by default that of the class it is read through.
    Q = _TypeVar("Q", default=QuerySet[Any])

    class DefaultManager:
        """The manager of a class that has none of its own, as checkers see it."""

        @overload
        def __get__(self, instance: None, owner: type[D]) -> QuerySet[D]: ...
        @overload
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...

else:
    Q = TypeVar("Q")

    class DefaultManager:
        """Tells checkers what a class without a manager of its own gives."""


R = TypeVar("R")

__all__ = ("QuerySetManager", "queryset_manager")


class QuerySetManager(DefaultManager, Generic[Q]):
    """Gives a fresh queryset every time it is read through a document class.

    Args:
        queryset_func: function that makes of a queryset what the manager gives. It takes
            the queryset, or the class and the queryset, or these and more: then the
            manager gives a function of the rest.
    """

    get_queryset: Callable[..., Any] | None = None
    default: type = QuerySet

    def __init__(self, queryset_func: Callable[..., Q] | None = None) -> None:
        if queryset_func:
            self.get_queryset = queryset_func

    @overload  # type: ignore[override]
    def __get__(
        self: QuerySetManager[QuerySet[Any]], instance: None, owner: type[D]
    ) -> QuerySet[D]: ...
    @overload
    def __get__(self, instance: None, owner: type[Any]) -> Q: ...
    @overload
    def __get__(self, instance: Any, owner: Any) -> Self: ...
    def __get__(self, instance: Any, owner: Any) -> Any:
        """Return a queryset of the class; on a document, the manager itself."""
        if instance is not None:
            return self
        queryset_class = owner._meta.get("queryset_class", self.default)
        queryset = queryset_class(owner, None)
        if self.get_queryset is None:
            return queryset
        count = _count_arguments(self.get_queryset)
        if count == 1:
            return self.get_queryset(queryset)
        if count == 2:
            return self.get_queryset(owner, queryset)
        return functools.partial(self.get_queryset, owner, queryset)


def _count_arguments(function: Callable[..., Any]) -> int:
    code = getattr(function, "__code__", None)
    if code is None:
        # A callable that is no plain function, as a `functools.partial`.
        return len(inspect.signature(function).parameters)
    return int(code.co_argcount)


def queryset_manager(func: Callable[[Any, Any], R]) -> QuerySetManager[R]:
    """Turn a function into a manager (see `QuerySetManager`)."""
    return QuerySetManager(func)
