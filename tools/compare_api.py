"""Compares the package with a description of MongoEngine's API.

    python tools/compare_api.py api.json

The description lists modules with their names, and classes with bases, members and
signatures. Printed is what is missing here: modules, public names, members, bases,
parameters. What this package has in addition is not looked at. Exit code 1 if
anything is missing that `ACCEPTED` does not give a reason for.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ("ACCEPTED", "differences", "main")

#: Differences that are decided, each with its reason.
ACCEPTED = {
    "mongoengine.base.document.GEOHAYSTACK: missing": "None since servers lack such indexes",
    "mongoengine.context_managers.MyThreadLocals: has no base _thread._local": (
        "tasks must not see each other's values either, so it holds context variables"
    ),
    "mongoengine.fields.CachedReferenceField.on_document_pre_save: missing": (
        "saving itself updates the copies: a signal receiver has one colour only"
    ),
    "mongoengine.fields.CachedReferenceField.start_listener: missing": "likewise",
    "mongoengine.document.Document.to_mongo: takes no *args": "they are named here",
    "mongoengine.document.Document.to_mongo: takes no **kwargs": "they are named here",
    "mongoengine.document.EmbeddedDocument.to_mongo: takes no *args": "they are named here",
    "mongoengine.document.EmbeddedDocument.to_mongo: takes no **kwargs": "they are named here",
    "mongoengine.fields.ImageGridFsProxy.delete: takes no *args": "deleting takes none",
    "mongoengine.fields.ImageGridFsProxy.delete: takes no **kwargs": "deleting takes none",
}

Signature = list[dict[str, Any]]

_POSITIONAL = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD")


def differences(api: dict[str, Any]) -> Iterator[str]:
    """Yield one line for everything the description has and the package has not."""
    modules: dict[str, Any] = {}
    for module_name in api["modules"]:
        try:
            modules[module_name] = importlib.import_module(module_name)
        except ImportError as error:
            yield f"{module_name}: cannot be imported: {error}"
    for module_name, module in modules.items():
        yield from _module_differences(module_name, module, api["modules"][module_name])
    for path, described in api["classes"].items():
        module_name, _, class_name = path.rpartition(".")
        if class_name.startswith("_"):
            continue
        try:
            cls = getattr(importlib.import_module(module_name), class_name)
        except (ImportError, AttributeError):
            yield f"{path}: missing"
            continue
        yield from _class_differences(path, cls, described)


def _module_differences(name: str, module: Any, described: dict[str, Any]) -> Iterator[str]:
    public = {key for key, value in described["names"].items() if value["level"] == "public"}
    for missing in sorted(key for key in public if not hasattr(module, key)):
        yield f"{name}.{missing}: missing"
    exported = set(described.get("all") or ()) - set(getattr(module, "__all__", ()))
    for missing in sorted(exported):
        yield f"{name}.__all__: lacks {missing}"
    for key in sorted(public):
        value = described["names"][key]
        if value["kind"] == "function" and hasattr(module, key):
            yield from _signature_differences(
                f"{name}.{key}", getattr(module, key), value["signature"]
            )


def _class_differences(path: str, cls: type, described: dict[str, Any]) -> Iterator[str]:
    own_bases = {base.__name__ for base in cls.__mro__}
    for base in described["mro"]:
        if base.rpartition(".")[2] not in own_bases:
            yield f"{path}: has no base {base}"
    # The signatures of what is made in C (`type`, `list`) say nothing about a subclass.
    builtin = issubclass(cls, (type, list))
    if described.get("constructor") is not None and not builtin:
        yield from _signature_differences(f"{path}()", cls, described["constructor"])
    members = {
        **{name: value for name, value in described["members"].items() if name[0] != "_"},
        **described["protocol"],
    }
    for name, value in sorted(members.items()):
        missing = object()
        found = inspect.getattr_static(cls, name, missing)
        if found is missing:
            yield f"{path}.{name}: missing"
        elif isinstance(value, dict) and value.get("signature") is not None and name[0] != "_":
            yield from _signature_differences(
                f"{path}.{name}", _function(found), value["signature"]
            )


def _function(member: Any) -> Any:
    """Return the plain function of a method, with ``self`` or ``cls`` among its parameters."""
    return member.__func__ if isinstance(member, (classmethod, staticmethod)) else member


def _signature_differences(path: str, function: Any, described: Signature) -> Iterator[str]:
    """Yield what a call that suits the description would stumble over."""
    if not callable(function):
        yield f"{path}: cannot be called"
        return
    try:
        own = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # made in C
        return
    kinds = {parameter.kind.name for parameter in own}
    places = {
        parameter.name: place
        for place, parameter in enumerate(own)
        if parameter.kind.name in _POSITIONAL
    }
    names = {parameter.name for parameter in own}
    for place, wanted in enumerate(described):
        name, kind = wanted["name"], wanted["kind"]
        if place == 0 and name in ("self", "cls"):
            continue
        if kind.startswith("VAR_"):
            if kind not in kinds:
                yield f"{path}: takes no {'*' if kind == 'VAR_POSITIONAL' else '**'}{name}"
        elif name not in names and not (
            "VAR_KEYWORD" in kinds and (kind == "KEYWORD_ONLY" or "VAR_POSITIONAL" in kinds)
        ):
            yield f"{path}: has no parameter {name}"
        elif kind in _POSITIONAL and "VAR_POSITIONAL" not in kinds and places.get(name) != place:
            yield f"{path}: {name} is not parameter number {place}"
    described_names = {wanted["name"] for wanted in described}
    for parameter in own:
        if (
            parameter.default is parameter.empty
            and not parameter.kind.name.startswith("VAR_")
            and parameter.name not in described_names
            and parameter.name not in ("self", "cls")
        ):
            yield f"{path}: requires {parameter.name}"


def main(arguments: list[str] | None = None) -> int:
    """Print the differences; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("api", type=Path, help="the description, a JSON file")
    options = parser.parse_args(arguments)
    api = json.loads(options.api.read_text())
    found = [line for line in differences(api) if line not in ACCEPTED]
    for line in found:
        print(line)
    print(f"compare_api: {len(found)} differences", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    raise SystemExit(main())
