"""Why a twin is refused: what does not compile, what stayed async, which names became one."""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tokenize_rt import Token, src_to_tokens, tokens_to_src  # type: ignore[import-untyped]

from tools.twin.tokens import docstring_indices
from tools.twin.translation import TwinRule

OWN_PACKAGES = frozenset({"mongoengine", "tests"})

_IN_NAME = re.compile(r"async|await|coroutine", re.IGNORECASE)
_IN_PROSE = re.compile(r"\w*(?:async|await|coroutine)\w*", re.IGNORECASE)
# A plain string may be data, so only what reads as a name or a keyword counts there.
_IN_STRING = re.compile(r"(?<!\w)(?:async|await|asyncio)(?!\w)|\w*(?:async_|_async|Async[A-Z])\w*")


class Problem(NamedTuple):
    """A reason to refuse a twin, at a line of its async source."""

    line: int
    message: str


class Twin(NamedTuple):
    """The sync text of one source before formatting, and what is wrong with it."""

    text: str
    problems: list[Problem]


def translate(source: str, rule: TwinRule) -> Twin:
    """Translate one async module.

    Args:
        source: the text of the module.
        rule: the names to translate; it remembers which rows were used.

    Returns:
        The twin's text, line for line; and every reason to refuse it.
    """
    if problem := _syntax_problem(source, "the source does not compile"):
        return Twin("", [problem])
    before = src_to_tokens(source)
    if tokens_to_src(before) != source:
        return Twin("", [Problem(1, "the tokenizer does not give the source back unchanged")])
    after = rule.translated(before)
    text = tokens_to_src(after)
    problems = [
        *_leftovers(after),
        *_foreign_classes(source, rule),
        *_collisions(source, before, rule),
    ]
    if problem := _syntax_problem(text, "its twin does not compile"):
        problems.append(problem)
    return Twin(text, sorted(problems))


def _syntax_problem(text: str, message: str) -> Problem | None:
    try:
        compile(text, "<twin>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return Problem(error.lineno or 1, f"{message}: {error.msg}")
    return None


def _leftovers(tokens: Sequence[Token]) -> Iterator[Problem]:
    """Report what is still async in the twin's code, names in strings, docstrings, comments."""
    docstrings = docstring_indices(tokens)
    for i, token in enumerate(tokens):
        line = token.line or 1
        if token.name == "NAME" and _IN_NAME.search(token.src):
            yield Problem(line, f"async code is left in its twin: {token.src}")
        elif token.name in {"COMMENT", "STRING"}:
            is_prose = token.name == "COMMENT" or i in docstrings
            kind = "comment" if token.name == "COMMENT" else "docstring" if is_prose else "string"
            text = re.sub(r"\\[^\n]", "  ", token.src)
            for found in (_IN_PROSE if is_prose else _IN_STRING).finditer(text):
                yield Problem(
                    line + text.count("\n", 0, found.start()),
                    f"async wording is left in a {kind} of its twin, reword it: {found[0]}",
                )


def _foreign_classes(source: str, rule: TwinRule) -> Iterator[Problem]:
    """Report imports of other projects' async classes: only our own are called `SyncFoo`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and not node.level:
            module = str(node.module)
            for name in (alias.name for alias in node.names):
                if module.split(".")[0] not in OWN_PACKAGES and (
                    name.startswith("Async") and rule.translated_name(name).startswith("Sync")
                ):
                    yield Problem(node.lineno, f"{name} of {module} needs a row among the names")


def _collisions(source: str, tokens: Sequence[Token], rule: TwinRule) -> Iterator[Problem]:
    """Report each scope in which two names of the source become one name of the twin."""
    imported = _import_targets(source, rule)
    scopes = [symtable.symtable(source, "<source>", "exec")]
    while scopes:
        scope = scopes.pop()
        scopes.extend(scope.get_children())
        groups: dict[str, list[str]] = {}
        for name in sorted(symbol.get_name() for symbol in scope.get_symbols()):
            groups.setdefault(rule.translated_name(name), []).append(name)
        for twin, names in groups.items():
            if len({_meaning(name, imported, rule) for name in names}) > 1:
                owner = "the module" if scope.get_type() == "module" else scope.get_name()
                yield Problem(
                    _line_of([name for name in names if name != twin], scope.get_lineno(), tokens),
                    f"{' and '.join(names)} of {owner} collide in its twin: both become {twin}",
                )


def _line_of(names: Sequence[str], first: int, tokens: Sequence[Token]) -> int:
    lines = (token.line or 1 for token in tokens if token.name == "NAME" and token.src in names)
    return next((line for line in lines if line >= first), first or 1)


def _meaning(name: str, imported: Mapping[str, str], rule: TwinRule) -> str:
    """Say what a name stands for in the twin: two spellings of one thing do not collide."""
    if name in imported:
        return f"import {imported[name]}"
    if hasattr(builtins, name):
        return f"builtin {rule.translated_name(name)}"
    return f"name {name}"


def _import_targets(source: str, rule: TwinRule) -> dict[str, str]:
    """Map each imported name to what its twin imports."""

    def translated(path: str) -> str:
        return ".".join(rule.translated_name(part) for part in path.split("."))

    targets: dict[str, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                targets[name] = translated(alias.name if alias.asname else name)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                targets[alias.asname or alias.name] = translated(f"{module}.{alias.name}")
    return targets
