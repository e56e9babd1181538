"""Fields on the model floor, a module per subject."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from mongoengine._reexports import reexports_of
from mongoengine.base.dereferencing import no_dereferencing
from mongoengine.base.fields.base import BaseField
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.fields.geo import GeoJsonBaseField
from mongoengine.base.fields.identifiers import ObjectIdField

__all__ = ("BaseField", "ComplexBaseField", "GeoJsonBaseField", "ObjectIdField")


def _no_dereference_for_fields(*fields: BaseField[Any]) -> AbstractContextManager[None]:
    """Hand out references as they are stored inside the block, if it is for any field at all."""
    return no_dereferencing(fields)


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
