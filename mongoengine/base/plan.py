"""Everything that is compiled per class, made on first use.

A `ClassPlan` turns what fields and meta say into straight-line functions: `load` a
document from the driver's dict, `check` that a nested dict can be loaded later,
`construct` from keywords, `dump` to the stored form, `validate`. A plan is dropped
when anything it was made from changes (see `mongoengine.base.schema`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from mongoengine import signals
from mongoengine.base import schema
from mongoengine.base.constructor import compile_constructor
from mongoengine.base.dumper import compile_dumper
from mongoengine.base.loader import compile_check, compile_loader, construct_loaded, never
from mongoengine.base.validator import compile_validator

if TYPE_CHECKING:
    from mongoengine.base.document import BaseDocument
    from mongoengine.base.fields.base import BaseField

__all__ = ("ClassPlan", "plan_for")


class ClassPlan:
    """The compiled code of one document class."""

    def __init__(self, cls: type[BaseDocument]) -> None:
        self.cls = cls
        self.generation = schema.generation.number
        self._makes_check = False

    @functools.cached_property
    def adopts(self) -> bool:
        """True when documents may be loaded without running user code of the class."""
        cls = self.cls
        return not (
            cls._dynamic
            or schema.overrides_library(cls, "__init__")
            or schema.overrides_library(cls, "__setattr__")
            or schema.overrides_library(cls, "_from_son")
            or any(schema.overrides_library(type(f), "__set__") for f in cls._fields.values())
        )

    def loads_fast(self) -> bool:
        """Tell whether documents may adopt their data now: no user code wants to see them."""
        return self.adopts and not signals.pre_init.receivers and not signals.post_init.receivers

    @property
    def load(self) -> Callable[[dict[str, Any]], Any]:
        """A function that makes a persisted document of decoded data, of the class it names.

        Look it up once per batch: which one is right depends on signal receivers.
        """
        return self._adopting_loader if self.loads_fast() else self._constructing_loader

    @property
    def load_all(self) -> Callable[[Iterable[dict[str, Any]]], list[Any]]:
        """A function that makes documents of a batch of decoded data, as `load` does of one."""
        return self._batch_loader if self.loads_fast() else self._constructing_batch_loader

    @functools.cached_property
    def _batch_loader(self) -> Callable[[Iterable[dict[str, Any]]], list[Any]]:
        return compile_loader(self.cls)

    @functools.cached_property
    def load_checked(self) -> Callable[[Iterable[dict[str, Any]], Any], list[Any]]:
        """A function that makes embedded documents of dicts that have passed the check.

        It takes the weak proxy of their owner; it may be called while `loads_fast`.
        """
        return compile_loader(self.cls, checked=True)

    @functools.cached_property
    def _adopting_loader(self) -> Callable[[dict[str, Any]], Any]:
        load_all = self._batch_loader
        return lambda raw: load_all((raw,))[0]

    def _constructing_batch_loader(self, raws: Iterable[dict[str, Any]]) -> list[Any]:
        return [construct_loaded(self.cls, raw) for raw in raws]

    @functools.cached_property
    def _constructing_loader(self) -> Callable[[dict[str, Any]], Any]:
        return functools.partial(construct_loaded, self.cls)

    def check(self, raw: Any) -> bool:
        """Tell whether `load` can be put off: it would raise nothing and run no user code."""
        return self.loads_fast() and self._structure_checks[0](raw)

    @functools.cached_property
    def _structure_checks(self) -> tuple[Callable[[Any], bool], Callable[[Any], bool]]:
        """The check of one nested dict and that of many."""
        if not self.adopts:
            return never, never
        return compile_check(self.cls), compile_check(self.cls, many=True)

    def nested_check(self, *, many: bool = False) -> Callable[[Any], bool]:
        """Return what `check` does, to the loader of an owner, which has asked `loads_fast`.

        Classes may contain themselves: one that is asked for while it is made is found later.
        """
        if self._makes_check:
            return lambda raw: self._structure_checks[many](raw)
        self._makes_check = True
        try:
            return self._structure_checks[many]
        finally:
            self._makes_check = False

    @functools.cached_property
    def construct(self) -> Callable[[BaseDocument, dict[str, Any]], None]:
        """Give a new document its values from keywords."""
        return compile_constructor(self.cls)

    @functools.cached_property
    def reference_fields(self) -> tuple[BaseField[Any], ...]:
        """The fields whose values may be, or contain, references that reading replaces."""
        fields = self.cls._fields.values()
        return tuple(field for field in fields if field._holds_references(set()))

    @functools.cached_property
    def sequence_fields(self) -> tuple[BaseField[Any], ...]:
        """The sequences, and the fields whose values may embed documents that have some."""
        fields = self.cls._fields.values()
        return tuple(field for field in fields if field._holds_sequences(set()))

    @functools.cached_property
    def embedded_fields(self) -> tuple[Any, ...]:
        """The fields that hold one embedded document, read from what the driver gave."""
        fields = self.cls._fields.values()
        return tuple(
            field for field in fields if field.query_kind == "embedded" and field._loads_lazily()
        )

    @functools.cached_property
    def dump(self) -> Callable[[BaseDocument], dict[str, Any]]:
        """Return the stored form of a document as a plain dict."""
        return compile_dumper(self.cls)

    @functools.cached_property
    def validate(self) -> Callable[[BaseDocument, bool], dict[str, Any]]:
        """Return the errors of all fields by name."""
        return compile_validator(self.cls)


def plan_for(cls: type[BaseDocument]) -> ClassPlan:
    """Return the up-to-date plan of a class."""
    plan = cls.__compiled__
    # The plan of a base is inherited until the class has its own.
    if plan is None or plan.cls is not cls or plan.generation != schema.generation.number:
        plan = ClassPlan(cls)
        cls.__compiled__ = plan
    return plan
