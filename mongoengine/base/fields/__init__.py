"""Fields on the model floor, a module per subject."""

from __future__ import annotations

from mongoengine.base.fields.base import BaseField
from mongoengine.base.fields.complex import ComplexBaseField
from mongoengine.base.fields.geo import GeoJsonBaseField
from mongoengine.base.fields.identifiers import ObjectIdField

__all__ = ("BaseField", "ComplexBaseField", "GeoJsonBaseField", "ObjectIdField")
