"""What `mongoengine.fields` offers."""

from __future__ import annotations

import importlib

import pytest

import mongoengine.fields
from mongoengine.base.fields.base import BaseField


def test_every_field_class_reports_the_module_it_is_imported_from() -> None:
    for name in mongoengine.fields.__all__:
        offered = getattr(mongoengine.fields, name)
        assert getattr(importlib.import_module(offered.__module__), offered.__name__) is offered


def test_no_field_class_is_left_out() -> None:
    def families(cls: type) -> set[type]:
        return {cls, *(found for child in cls.__subclasses__() for found in families(child))}

    offered = {getattr(mongoengine.fields, name) for name in mongoengine.fields.__all__}
    public = {
        cls
        for cls in families(BaseField)
        if cls.__module__.startswith("mongoengine.fields") and cls.__name__.endswith("Field")
    }
    assert len(public) > 35
    assert public <= offered


def test_the_old_name_of_the_number_field_is_kept() -> None:
    assert mongoengine.fields.LongField is mongoengine.fields.IntField


@pytest.mark.parametrize(
    "name",
    [
        "BaseField",
        "BaseQuerySet",
        "ComplexBaseField",
        "Document",
        "EmbeddedDocument",
        "GridFSError",
        "LANCZOS",
        "ObjectId",
        "LazyReference",
        "RECURSIVE_REFERENCE_CONSTANT",
        "_unsaved_object_error",
        "key_not_string",
        "key_starts_with_dollar",
    ],
)
def test_names_other_projects_import_from_here_are_found(name: str) -> None:
    assert getattr(mongoengine.fields, name) is not None


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match=r"'mongoengine.fields' has no attribute 'Nothing'"):
        mongoengine.fields.Nothing  # noqa: B018
