"""What a queryset loads of each document, and what it makes of that: documents, values, dicts.

Model floor, pure.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, Self

from mongoengine.base import schema
from mongoengine.base.dereferencing import class_keeps_references
from mongoengine.base.state import set_loaded
from mongoengine.queryset.copying import QuerySetState
from mongoengine.queryset.field_list import QueryFieldList

__all__ = ("QuerySetProjection",)


class QuerySetProjection(QuerySetState):
    """Remembers what to load, and turns it into results."""

    def only(self, *fields: str) -> Self:
        """Load these fields only, and those of earlier calls."""
        wanted: dict[str, Any] = dict.fromkeys(fields, QueryFieldList.ONLY)
        return self.fields(True, **wanted)

    def exclude(self, *fields: str) -> Self:
        """Load all fields but these."""
        unwanted: dict[str, Any] = dict.fromkeys(fields, QueryFieldList.EXCLUDE)
        return self.fields(**unwanted)

    def fields(self, _only_called: bool = False, **kwargs: Any) -> Self:
        """Say what to load.

        Args:
            **kwargs: 1 or 0 by field to load it or not; ``slice__x`` and ``elemMatch__x``
                for part of a list.

        Raises:
            LookUpError: a name is no field.
        """
        projected = sorted((_projection(key, value) for key, value in kwargs.items()), key=_by_kind)
        loaded = copy.deepcopy(self._loaded_fields)
        for value, names in _grouped(projected):
            translated = self._fields_to_dbfields(names)
            loaded += QueryFieldList(translated, value=value, _only_called=_only_called)
        return self._with(_loaded_fields=loaded)

    def all_fields(self) -> Self:
        """Load everything; forget `only` and `exclude`."""
        include = set(self._loaded_fields.always_include)
        return self._with(_loaded_fields=QueryFieldList(always_include=include))

    def _whole_documents(self) -> Any:
        """Give documents with everything in them, whatever was asked for."""
        return self.all_fields()._with(_scalar=[], _as_pymongo=False)

    def _fields_to_dbfields(self, fields: Iterable[str]) -> list[str]:
        """Translate names to paths; fields of subclasses are found as well."""
        translated = []
        for name in fields:
            path = name.replace("__", ".")
            translated.append("_id" if path == "pk" else self._document._translate_field_name(path))
        return translated

    def scalar(self, *fields: str) -> Any:
        """Give values instead of documents: of one field, or tuples of several."""
        queryset = self.only(*fields) if fields else self.all_fields()
        queryset._scalar = list(fields)
        return queryset

    def values_list(self, *fields: str) -> Any:
        """Give values instead of documents (another name of `scalar`)."""
        return self.scalar(*fields)

    def as_pymongo(self) -> Any:
        """Give the driver's dicts instead of documents."""
        return self._with(_as_pymongo=True)

    def no_dereference(self) -> Self:
        """Give documents that hand out references as they are stored."""
        return self._with(_dereferences=False)

    @property
    def _auto_dereference(self) -> bool:
        """True when the documents found now are to load what they refer to."""
        return self._dereferences and not class_keeps_references(self._document)

    def _projection(self) -> dict[str, Any] | None:
        """Return the projection to send; None for whole documents."""
        projection = self._loaded_fields.as_dict() if self._loaded_fields else {}
        if self._search_text_score:
            projection = {**projection, **self._search_text_score}
        return projection or None

    # What comes back

    def _hydrate(self, batch: list[dict[str, Any]]) -> list[Any]:
        """Turn one batch of the driver's dicts into what the queryset gives."""
        return batch if self._as_pymongo else self._given(self._load(batch))

    def _load(self, batch: list[dict[str, Any]]) -> list[Any]:
        """Make documents of one batch of the driver's dicts."""
        cls = self._document
        if schema.overrides_library(cls, "_from_son"):
            load_refs = self._auto_dereference
            documents = [cls._from_son(raw, _auto_dereference=load_refs) for raw in batch]
        else:
            documents = cls.__plan__().load_all(batch)
            if not self._auto_dereference:
                for document in documents:
                    set_loaded(document, dereference=False)
        return documents

    def _given(self, documents: list[Any]) -> list[Any]:
        """Return documents as the queryset gives them: themselves, or chosen values of each."""
        return [self._get_scalar(document) for document in documents] if self._scalar else documents

    def _get_scalar(self, doc: Any) -> Any:
        """Return the values of the chosen paths of a document, one alone or a tuple."""

        def value_at(path: str) -> Any:
            value = doc
            for name in path.split("__"):
                value = value[int(name)] if name.isdigit() else getattr(value, name)
            return value

        values = tuple(value_at(path) for path in self._scalar)
        return values[0] if len(values) == 1 else values

    def _only_match(self, found: list[Any]) -> Any:
        """Return the single result of `get`.

        Raises:
            DoesNotExist: there is none; the class's own exception.
            MultipleObjectsReturned: there are several; the class's own exception.
        """
        if not found:
            raise self._document.DoesNotExist(
                f"{self._document._class_name} matching query does not exist."
            )
        if len(found) > 1:
            raise self._document.MultipleObjectsReturned("2 or more items returned, instead of 1")
        return found[0]


def _projection(key: str, value: Any) -> tuple[str, Any]:
    """Return the name and the projection of one keyword of `QuerySetBuilder.fields`."""
    operator, _, name = key.partition("__")
    if name and operator in ("slice", "elemMatch"):
        return name, {f"${operator}": value}
    return key, value


def _by_kind(projected: tuple[str, Any]) -> str:
    # Plain inclusion and exclusion go first, in this order; what limits lists comes last.
    return str(projected[1])


def _grouped(projected: list[tuple[str, Any]]) -> list[tuple[Any, list[str]]]:
    groups: list[tuple[Any, list[str]]] = []
    for name, value in projected:
        if groups and groups[-1][0] == value:
            groups[-1][1].append(name)
        else:
            groups.append((value, [name]))
    return groups
