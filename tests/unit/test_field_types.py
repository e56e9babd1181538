"""The stub of the field classes, and what makes it."""

from __future__ import annotations

import ast

import pytest

from mongoengine import StringField, fields
from tools import field_types, generate_field_types


def _overloads(text: str, name: str) -> list[str]:
    tree = ast.parse(text)
    cls = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name)
    return [ast.unparse(n.args) for n in cls.body if getattr(n, "name", "") == "__init__"]


def test_the_stub_is_up_to_date() -> None:
    stub = (generate_field_types.ROOT / generate_field_types.STUB).read_text(encoding="utf-8")
    assert generate_field_types.build() == stub


def test_the_stub_exports_what_the_module_exports() -> None:
    tree = ast.parse(generate_field_types.build())
    exported = next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    assert exported == fields.__all__


def test_a_field_that_must_have_a_value_is_told_from_one_that_may_not() -> None:
    required, key, default, absent, own = _overloads(generate_field_types.build(), "IntField")
    assert "self: IntField[int]" in required
    assert "required: Literal[True]" in required
    assert "primary_key: Literal[True]" in key
    assert "default: int | Callable[[], int]," in default
    assert "null: Literal[False]=..." in default
    assert "self: IntField[int | None]" in absent
    assert own.startswith("self, ")


def test_a_constructor_takes_what_its_bases_take_by_keyword() -> None:
    constructor = generate_field_types.constructor_of(fields.URLField)
    assert [parameter.name for parameter in constructor.positional] == ["url_regex", "schemes"]
    names = [parameter.name for parameter in constructor.keywords]
    assert names[:3] == ["regex", "max_length", "min_length"]
    assert "required" in names
    assert len(set(names)) == len(names)


def test_the_field_of_an_embedded_list_is_not_for_users_to_give() -> None:
    constructor = generate_field_types.constructor_of(fields.EmbeddedDocumentListField)
    assert "field" not in {parameter.name for parameter in constructor.keywords}


def test_a_field_class_in_no_table_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: row for name, row in field_types.VALUES.items() if name != "IntField"}
    monkeypatch.setattr(field_types, "VALUES", without)
    with pytest.raises(ValueError, match="IntField"):
        generate_field_types.build()


def test_a_stale_stub_is_shown_and_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = generate_field_types.ROOT / generate_field_types.STUB
    before = path.read_text(encoding="utf-8")
    monkeypatch.setattr(generate_field_types, "build", lambda root: before + "x: int\n")
    assert generate_field_types.main(["--check"]) == 1
    assert "+x: int" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == before


def test_field_classes_can_be_given_their_value_type_in_a_program() -> None:
    class Slug(StringField[str]):
        pass

    assert Slug(max_length=3).max_length == 3
