"""The comparison with a description of an API, on small descriptions."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from tools import compare_api
from tools.compare_api import differences, main

MODULE = "made_up_package"


class Base:
    pass


class Thing(Base):
    __slots__ = ("held",)

    def __len__(self) -> int:
        return 0

    def move(self, to: str, speed: int = 1, *, quietly: bool = False) -> None: ...

    @classmethod
    def find(cls, name: str) -> None: ...

    def pass_on(self, *args: Any, **kwargs: Any) -> None: ...


def lift(weight: int, height: int = 1) -> None: ...


@pytest.fixture(autouse=True)
def made_up_package(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType(MODULE)
    contents = {"Thing": Thing, "Base": Base, "lift": lift, "LIMIT": 3}
    module.__dict__.update(contents, __all__=["Thing", "lift"])
    monkeypatch.setitem(sys.modules, MODULE, module)


def parameters(*names: str) -> list[dict[str, str]]:
    """Describe parameters: ``*`` and ``**`` as written, ``name=`` for keyword-only ones."""
    kinds = {"**": "VAR_KEYWORD", "*": "VAR_POSITIONAL", "": "POSITIONAL_OR_KEYWORD"}
    found = []
    for name in names:
        stars = name[: len(name) - len(name.lstrip("*"))]
        kind = "KEYWORD_ONLY" if name.endswith("=") else kinds[stars]
        found.append({"name": name.strip("*="), "kind": kind})
    return found


def describe(
    *,
    names: dict[str, Any] | None = None,
    exported: tuple[str, ...] = (),
    members: dict[str, Any] | None = None,
    bases: tuple[str, ...] = (),
    protocol: dict[str, Any] | None = None,
    constructor: Any = None,
    cls: str = "Thing",
) -> dict[str, Any]:
    """Return a description of the package with one class."""
    path = f"{MODULE}.{cls}"
    return {
        "modules": {MODULE: {"names": names or {}, "all": list(exported)}},
        "classes": {
            path: {
                "mro": list(bases),
                "constructor": constructor,
                "members": members or {},
                "protocol": protocol or {},
            }
        },
    }


def method(*names: str) -> dict[str, Any]:
    return {"kind": "function", "signature": parameters("self", *names)}


def function(*names: str) -> dict[str, Any]:
    return {"level": "public", "kind": "function", "signature": parameters(*names)}


def test_a_package_that_has_everything_passes() -> None:
    api = describe(
        names={"lift": function("weight"), "LIMIT": {"level": "public", "kind": "value"}},
        exported=("Thing",),
        members={"move": method("to", "speed"), "find": method("name"), "held": {"kind": "slot"}},
        bases=(f"{MODULE}.Base", "builtins.object"),
        protocol={"__len__": {}},
    )

    assert list(differences(api)) == []


def test_missing_modules_names_and_exports_are_reported() -> None:
    api = describe(names={"drop": function(), "_own": {"level": "private"}}, exported=("LIMIT",))
    api["modules"]["no_such_package"] = {"names": {}}

    found = list(differences(api))

    assert found[0].startswith("no_such_package: cannot be imported")
    assert found[1:] == [f"{MODULE}.drop: missing", f"{MODULE}.__all__: lacks LIMIT"]


def test_missing_classes_members_bases_and_protocols_are_reported() -> None:
    assert list(differences(describe(cls="Nothing"))) == [f"{MODULE}.Nothing: missing"]
    api = describe(
        members={"stop": method(), "_private": method()},
        bases=("elsewhere.Other",),
        protocol={"__iter__": {}},
    )
    assert list(differences(api)) == [
        f"{MODULE}.Thing: has no base elsewhere.Other",
        f"{MODULE}.Thing.__iter__: missing",
        f"{MODULE}.Thing.stop: missing",
    ]


@pytest.mark.parametrize(
    ("name", "described", "problem"),
    [
        ("move", ("to", "speed", "via"), "has no parameter via"),
        ("move", ("speed", "to"), "speed is not parameter number 1"),
        ("move", ("to", "*args"), "takes no *args"),
        ("move", ("to", "**options"), "takes no **options"),
        ("move", (), "requires to"),
        ("find", ("nickname",), "has no parameter nickname"),
    ],
)
def test_a_narrower_method_is_reported(name: str, described: Any, problem: str) -> None:
    found = list(differences(describe(members={name: method(*described)})))

    assert f"{MODULE}.Thing.{name}: {problem}" in found


@pytest.mark.parametrize(
    "described",
    [("to",), ("to", "speed"), ("to", "speed", "quietly=")],
)
def test_new_optional_parameters_are_no_difference(described: Any) -> None:
    assert list(differences(describe(members={"move": method(*described)}))) == []


def test_a_method_that_passes_everything_on_takes_any_parameter() -> None:
    assert list(differences(describe(members={"pass_on": method("a", "b", "c=")}))) == []


def test_functions_and_constructors_are_compared_too() -> None:
    api = describe(names={"lift": function("height")}, constructor=parameters("weight"))

    assert list(differences(api)) == [
        f"{MODULE}.lift: height is not parameter number 0",
        f"{MODULE}.lift: requires weight",
        f"{MODULE}.Thing(): has no parameter weight",
    ]


def test_the_exit_code_tells_whether_anything_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "api.json"
    file.write_text(json.dumps(describe(members={"stop": method()})))
    missing = f"{MODULE}.Thing.stop: missing"

    assert main([str(file)]) == 1
    assert capsys.readouterr().out.splitlines() == [missing]

    monkeypatch.setitem(compare_api.ACCEPTED, missing, "a reason")
    assert main([str(file)]) == 0
    assert capsys.readouterr().out == ""


def test_every_accepted_difference_has_a_reason() -> None:
    assert all(compare_api.ACCEPTED.values())
