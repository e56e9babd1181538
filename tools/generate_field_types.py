"""Write the types of the field classes: `mongoengine/fields/__init__.pyi`.

What a field reads as follows from its constructor's arguments, which takes overloads. They are
made of the real constructors and the tables in `tools/field_types.py`. `--check` compares
and writes nothing.

Exit codes: 0 up to date or written, 1 `--check` found a difference.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    # Run as a script, Python looks for modules in tools/ only.
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools import field_types

ROOT = Path(__file__).resolve().parents[1]
FACADE = "mongoengine/fields/__init__.py"
STUB = "mongoengine/fields/__init__.pyi"
COMMAND = "python tools/generate_field_types.py"

# Where the names that annotations use come from.
_ORIGINS = {
    "Any": "typing",
    "AsyncReferenceProxy": "mongoengine.fields.loading",
    "Callable": "collections.abc",
    "Container": "collections.abc",
    "DBRef": "bson",
    "Decimal": "decimal",
    "EmbeddedDocumentList": "mongoengine.fields.embedded_lists",
    "Enum": "enum",
    "GridFSProxy": "mongoengine.fields.files",
    "IO": "typing",
    "ImageGridFsProxy": "mongoengine.fields.files",
    "Iterable": "collections.abc",
    "LazyReference": "mongoengine.fields.loading",
    "Literal": "typing",
    "ObjectId": "bson",
    "Self": "typing",
    "Sequence": "collections.abc",
    "UUID": "uuid",
    "date": "datetime",
    "datetime": "datetime",
    "overload": "typing",
}
_MODULES = ("decimal", "re")

_REQUIRED = {"required": "Literal[True]"}
_PRIMARY_KEY = {"primary_key": "Literal[True]"}


class Parameter(NamedTuple):
    """One parameter of a constructor."""

    name: str
    annotation: str
    #: Text of how it may be left out; empty when it may not.
    default: str = " = ..."

    def __str__(self) -> str:
        return f"{self.name}: {self.annotation}{self.default}"


class Constructor(NamedTuple):
    """The parameters of a field class, those it hands on to its bases included."""

    positional: tuple[Parameter, ...]
    keywords: tuple[Parameter, ...]
    var_positional: bool

    def overload(self, own_type: str, given: dict[str, str], left: dict[str, str]) -> str:
        """Return the text of an overload.

        Args:
            own_type: what `self` is.
            given: annotations of the parameters that must be given.
            left: other annotations for parameters that may be left out.
        """
        positional: list[str] = []
        keywords: list[str] = []
        for parameter in self.positional:
            changed = _changed(parameter, given, left)
            # Nothing that must be given stands behind what may be left out.
            late = not changed.default and any(" = ..." in text for text in positional)
            (keywords if late else positional).append(str(changed))
        keywords += [str(_changed(parameter, given, left)) for parameter in self.keywords]
        star = "*args: Any" if self.var_positional else "*"
        arguments = [f"self{own_type and ': ' + own_type}", *positional]
        arguments += [*([star] if keywords or self.var_positional else []), *keywords]
        return f"    def __init__({', '.join([*arguments, '**kwargs: Any'])}) -> None: ..."


def _changed(parameter: Parameter, given: dict[str, str], left: dict[str, str]) -> Parameter:
    if parameter.name in given:
        return Parameter(parameter.name, given[parameter.name], "")
    if parameter.name in left:
        return parameter._replace(annotation=left[parameter.name])
    return parameter


def constructor_of(cls: type) -> Constructor:
    """Return the parameters of a field class: its own, then those its bases take by keyword."""
    owners = [base for base in cls.__mro__ if "__init__" in vars(base) and base is not object]
    own, *inherited = (inspect.signature(vars(owner)["__init__"]) for owner in owners)
    parameters = list(own.parameters.values())[1:]
    variadic = {parameter.kind for parameter in parameters}
    positional = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    keywords = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    if not inherited:
        # The constructor of `BaseField`: everything but the name is clearer by keyword.
        positional, keywords = positional[:1], positional[1:]
    known = {p.name for p in (*positional, *keywords)}
    for signature in inherited:
        for p in list(signature.parameters.values())[1:]:
            # The field of the items is the constructor's own business.
            if p.name not in {*known, "field"} and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL):
                known.add(p.name)
                keywords.append(p)
    return Constructor(
        tuple(map(_parameter, positional)),
        tuple(map(_parameter, keywords)),
        inspect.Parameter.VAR_POSITIONAL in variadic,
    )


def _parameter(parameter: inspect.Parameter) -> Parameter:
    default = "" if parameter.default is parameter.empty else " = ..."
    return Parameter(parameter.name, str(parameter.annotation), default)


def _union(*types: str) -> str:
    return " | ".join(dict.fromkeys(types))


def _default(*types: str) -> str:
    """Return the type of a default: a value, or a callable that gives one."""
    value = _union(*types)
    return _union(*types, *([] if "Callable" in value else [f"Callable[[], {value}]"]))


class FieldTypes:
    """Makes the text of the typed classes."""

    def __init__(self, fields: Any, typed_bases: dict[str, str]) -> None:
        self._fields = fields
        self._bases = typed_bases

    def text_of(self, name: str) -> str:
        """Return the class statement of a typed field."""
        if name in field_types.VALUES:
            value = field_types.VALUES[name]
            return self._class(name, f"V_{name}", value.takes, list(self._values(name, *value)))
        if name in field_types.OF_A_CLASS:
            kind = field_types.OF_A_CLASS[name]
            takes = tuple(taken for taken in kind.takes if taken != "C")
            return self._class(name, "V", takes, list(self._of_a_class(name, kind)))
        if name in field_types.CONTAINERS:
            container = field_types.CONTAINERS[name]
            return self._class(name, f"V_{name}", (), list(self._containers(name, container)))
        if name in field_types.EMBEDDED_LISTS:
            return self._embedded_list(name, field_types.EMBEDDED_LISTS[name])
        if name in field_types.MADE_BY:
            return self._class(name, "V", ("None",), list(self._made(name)))
        value = field_types.ALWAYS[name]
        base = f"{self._real(name)}[{value.reads}]"
        if value.reads == "Any":
            return f"class {name}({base}): ..."
        return f"class {name}({base}):\n{self._setter(_union(value.reads, *value.takes))}"

    def type_variable(self, name: str) -> str:
        """Return the statement of the type variable of a field class, if it has its own."""
        if name in field_types.VALUES:
            return self._variable(name, _union(field_types.VALUES[name].reads, "None"))
        if name in field_types.CONTAINERS:
            return self._variable(name, field_types.CONTAINERS[name].reads.replace("I", "Any"))
        return ""

    @staticmethod
    def _variable(name: str, default: str) -> str:
        return f'V_{name} = TypeVar("V_{name}", default={default})'

    def _real(self, name: str) -> str:
        return f"_{name}"

    def _stubbed(self, name: str, parameter: str) -> list[str]:
        base = self._bases.get(name)
        return [f"{base}{parameter}"] if base else []

    def _class(
        self, name: str, variable: str, takes: Sequence[str], overloads: Sequence[str]
    ) -> str:
        real = f"{self._real(name)}[{variable}]"
        bases = ", ".join([real, *self._stubbed(name, f"[{variable}]")])
        lines = [f"class {name}({bases}):"]
        for text in overloads:
            lines += ["    @overload", text]
        return "\n".join([*lines, self._setter(_union(variable, *takes))])

    @staticmethod
    def _setter(taken: str) -> str:
        return f"    def __set__(self, instance: Any, value: {taken}) -> None: ..."

    def _values(self, name: str, reads: str, takes: tuple[str, ...]) -> Iterator[str]:
        """Yield the overloads of a field of one type, by whether it can be None."""
        default = _default(reads, *takes)
        yield from self._by_absence(name, reads, default, {}, {})
        # Subclasses that say what they read as themselves.
        yield self._constructor(name).overload("", {}, {"default": f"{default} | None"})

    def _by_absence(
        self,
        name: str,
        reads: str,
        default: str,
        given: dict[str, str],
        left: dict[str, str],
        variable: str = "",
    ) -> Iterator[str]:
        constructor = self._constructor(name)
        always = f"{name}[{reads}]"
        maybe = {**left, "default": f"{default} | None"}
        yield constructor.overload(always, {**given, **_REQUIRED}, maybe)
        yield constructor.overload(always, {**given, **_PRIMARY_KEY}, maybe)
        yield constructor.overload(
            always, {**given, "default": default}, {**left, "null": "Literal[False]"}
        )
        yield constructor.overload(f"{name}[{_union(reads, 'None')}]", given, maybe)

    def _of_a_class(self, name: str, kind: field_types.OfClass) -> Iterator[str]:
        variable = "C" if kind.bound == "Any" else f"C_{kind.bound}"
        reads = variable if kind.reads == "C" else f"LazyReference[{variable}]"
        takes = [taken for taken in kind.takes if taken != "C"]
        default = _default(reads, *takes)
        if "C" in kind.takes:
            default = _default(variable, reads, *takes)
        given = {kind.parameter: f"type[{variable}]"}
        yield from self._by_absence(name, reads, default, given, {})
        if kind.by_name:
            yield self._constructor(name).overload(
                f"{name}[Any]",
                {kind.parameter: "str"},
                {},
            )
            yield self._constructor(name).overload("", {kind.parameter: "type[Any] | str"}, {})
        else:
            yield self._constructor(name).overload("", {kind.parameter: "type[Any]"}, {})

    def _containers(self, name: str, container: field_types.Container) -> Iterator[str]:
        constructor = self._constructor(name)
        fields = {"BaseField[I | None]": "I", "BaseField[I]": "I"}
        for absent in ({"null": "Literal[True]"}, {"default": "None"}, {}):
            ending = " | None" if absent else ""
            if container.optional:
                reads = container.reads.replace("I", "Any")
                yield constructor.overload(
                    f"{name}[{reads}{ending}]", dict(absent), {"field": "None"}
                )
            for field in fields:
                yield constructor.overload(
                    f"{name}[{container.reads}{ending}]", {"field": field, **absent}, {}
                )
        yield constructor.overload("", {}, {})

    def _made(self, name: str) -> Iterator[str]:
        parameter, reads = field_types.MADE_BY[name]
        constructor = self._constructor(name)
        yield constructor.overload(f"{name}[I]", {parameter: "Callable[[Any], I]"}, {})
        yield constructor.overload(f"{name}[{reads}]", {}, {parameter: "None"})
        yield constructor.overload("", {}, {})

    def _embedded_list(self, name: str, parameter: str) -> str:
        constructor = self._constructor(name)
        value = "EmbeddedDocumentList[C]"
        return "\n".join(
            [
                f"class {name}({self._real(name)}[{value}], Generic[C]):",
                "    @overload",
                constructor.overload("", {parameter: "type[C]"}, {}),
                "    @overload",
                constructor.overload(f"{name}[Any]", {parameter: "str"}, {}),
                "    @overload",
                constructor.overload("", {parameter: "type[Any] | str"}, {}),
                self._setter("Sequence[C]"),
            ]
        )

    def _constructor(self, name: str) -> Constructor:
        return constructor_of(getattr(self._fields, name))


def typed_names() -> list[str]:
    """Return the names of the typed field classes."""
    tables: Iterable[Iterable[str]] = (
        field_types.VALUES,
        field_types.OF_A_CLASS,
        field_types.CONTAINERS,
        field_types.EMBEDDED_LISTS,
        field_types.MADE_BY,
        field_types.ALWAYS,
    )
    return [name for table in tables for name in table]


def build(root: Path = ROOT) -> str:
    """Return the text of the stub.

    Raises:
        ValueError: a field class stands in no table, or a row names no field class.
    """
    from mongoengine import fields
    from mongoengine._reexports import origins_of

    typed = typed_names()
    classes = {
        name for name in fields.__all__ if issubclass(getattr(fields, name), fields.BaseField)
    } - {"LongField"}
    if strangers := classes ^ {*typed, *field_types.UNTYPED}:
        raise ValueError(f"tools/field_types.py and mongoengine.fields differ: {sorted(strangers)}")

    bases = _typed_bases(fields, typed)
    maker = FieldTypes(fields, bases)
    imports, names = _imports(root, typed)
    body = [maker.text_of(name) for name in sorted(typed, key=_depth(fields))]
    variables = [text for name in typed if (text := maker.type_variable(name))]
    text = "\n\n".join(body)
    # Private, because the module has no such names.
    declared = [
        'V = TypeVar("V", default=Any)',
        'C = TypeVar("C", default=Any)',
        'C_Enum = TypeVar("C_Enum", bound=Enum)',
        'I = TypeVar("I")',
        *variables,
    ]
    declared_text, text = (
        re.sub(r"\b(V(?:_\w+)?|C(?:_Enum)?|I)\b", r"_\1", part)
        for part in ("\n".join(declared), text)
    )
    # The lower floors find the classes of the facades late; checkers are told where they are.
    elsewhere = {
        name: _ORIGINS.get(name, module) for name, module in origins_of(fields.__name__).items()
    }
    used = set(re.findall(r"\b[A-Za-z_]+\b", f"{declared_text}\n{text}"))
    needed = (used & _ORIGINS.keys()) - elsewhere.keys() - set(names)
    lines = [
        f"# Generated from {FACADE} and tools/field_types.py; do not edit.",
        f"# To write it again: {COMMAND}",
        "# pyright: reportPrivateUsage=false",
        *(f"import {module}" for module in _MODULES if module in used),
        "from typing import Generic",
        *(f"from {_ORIGINS[name]} import {name}" for name in sorted(needed)),
        "from typing_extensions import TypeVar",
        *imports,
        *(f"from {module} import {name} as {name}" for name, module in sorted(elsewhere.items())),
        "__all__ = (" + "".join(f'"{name}", ' for name in fields.__all__) + ")",
        "LANCZOS: Any",
        "_unsaved_object_error = unsaved_document_text",
        declared_text,
        text,
        "LongField = IntField",
    ]
    return _formatted(root, "\n".join(line for line in lines if line))


def _depth(fields: Any) -> Any:
    return lambda name: len(getattr(fields, name).__mro__)


def _typed_bases(fields: Any, typed: Sequence[str]) -> dict[str, str]:
    """Return the nearest base of each typed class that is typed as well."""
    by_class = {getattr(fields, name): name for name in typed}
    return {
        name: by_class[base]
        for cls, name in by_class.items()
        for base in [next((base for base in cls.__mro__[1:] if base in by_class), None)]
        if base is not None
    }


def _imports(root: Path, typed: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the import statements of the facade, typed classes under a private name."""
    tree = ast.parse((root / FACADE).read_text(encoding="utf-8"))
    lines, names = [], []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mongoengine."):
            for alias in node.names:
                as_name = f"_{alias.name}" if alias.name in typed else alias.name
                lines.append(f"from {node.module} import {alias.name} as {as_name}")
                names.append(alias.name)
    return lines, names


def _formatted(root: Path, text: str) -> str:
    for arguments in (
        (
            *("check", "--fix", "--select=I,F401"),
            "--config=lint.isort.known-first-party=['mongoengine']",
        ),
        ("format",),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--quiet", "--stdin-filename", STUB, "-"],
            cwd=root,
            input=text,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        text = done.stdout
    return text


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description="Write the types of the field classes.")
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 on a difference")
    check = parser.parse_args(argv).check
    text, path = build(root), root / STUB
    current = path.read_text(encoding="utf-8") if path.exists() else ""
    if current == text:
        print("generate_field_types: up to date")
        return 0
    if check:
        diff = difflib.unified_diff(
            current.splitlines(), text.splitlines(), STUB, f"{STUB} (as generated)", lineterm=""
        )
        print("\n".join(diff))
        print(f"generate_field_types: stale, run: {COMMAND}")
        return 1
    path.write_text(text, encoding="utf-8", newline="\n")
    print("generate_field_types: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
