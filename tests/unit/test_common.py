from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

from mongoengine import common
from mongoengine.common import _import_class


@pytest.fixture
def package(monkeypatch):
    """Stand-ins for the modules that are asked, so that only the look-up is tested here."""
    monkeypatch.setattr(common, "_class_registry_cache", {})
    exports = {
        "mongoengine.base.document": ["BaseDocument"],
        "mongoengine.document": [
            "Document",
            "DynamicDocument",
            "DynamicEmbeddedDocument",
            "EmbeddedDocument",
            "MapReduceDocument",
        ],
        "mongoengine.dereference": ["DeReference"],
        "mongoengine.fields": ["StringField", "ObjectIdField"],
        "mongoengine.base.fields": ["BaseField", "ObjectIdField"],
    }
    modules = {}
    for module_name, names in exports.items():
        module = ModuleType(module_name)
        module.__all__ = tuple(names)
        for name in names:
            setattr(module, name, type(name, (), {"__module__": module_name}))
        monkeypatch.setitem(sys.modules, module_name, module)
        modules[module_name] = module
    return modules


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("BaseDocument", "mongoengine.base.document"),
        ("Document", "mongoengine.document"),
        ("DynamicEmbeddedDocument", "mongoengine.document"),
        ("EmbeddedDocument", "mongoengine.document"),
        ("MapReduceDocument", "mongoengine.document"),
        ("DeReference", "mongoengine.dereference"),
        ("StringField", "mongoengine.fields"),
        ("BaseField", "mongoengine.base.fields"),
    ],
)
def test_a_known_name_gives_the_class_of_its_module(package, name, module):
    assert _import_class(name) is getattr(package[module], name)


def test_a_field_exported_twice_is_taken_from_the_public_fields(package):
    assert _import_class("ObjectIdField") is package["mongoengine.fields"].ObjectIdField


def test_a_class_is_looked_up_once(package):
    first = _import_class("Document")
    package["mongoengine.document"].Document = object
    assert _import_class("Document") is first
    assert common._class_registry_cache == {"Document": first}


def test_a_name_looked_up_in_vain_is_not_remembered(package):
    with pytest.raises(ValueError, match=r"^No import set for: LateField$"):
        _import_class("LateField")
    package["mongoengine.fields"].LateField = late = type("LateField", (), {})
    package["mongoengine.fields"].__all__ += ("LateField",)
    assert _import_class("LateField") is late


@pytest.mark.parametrize("name", ["UnknownClass", "DynamicDocument", "QuerySet", "", None])
def test_any_other_name_raises_value_error(package, name):
    with pytest.raises(ValueError, match=rf"^No import set for: {name}$"):
        _import_class(name)


def test_the_module_itself_imports_nothing_above_the_ground_floor():
    # Read from its file: importing it by name would run the package's own __init__ first.
    program = (
        "import runpy, sys\n"
        f"runpy.run_path({common.__file__!r})\n"
        "print(*[name for name in sys.modules if name.startswith('mongoengine')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.split() == []
