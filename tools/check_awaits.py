"""Find coroutines that nobody awaits: the sync twin works all the same and hides them.

`python tools/check_awaits.py [PATH ...]` reads the async sources (by default those of `FOLDERS`)
and reports each call of one of their coroutines that is not awaited, and each async generator or
context manager that is used as something else. Names tell: whatever starts with `async_` or
`_async_`, and every other `async def` whose name means nothing else in the same sources. A local
name that such a function was assigned to, and a look-up by such a name, count as the function.

Exit codes: 0 nothing found, 1 problems found, 2 there was nothing to read.
"""

from __future__ import annotations

import argparse
import ast
import enum
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("mongoengine/_async", "mongoengine/state", "tests/_async")

# Callables that await, schedule or drive a coroutine given to them, by the last part of their name.
COROUTINE_TAKERS = frozenset(
    {
        "create_task",
        "ensure_future",
        "gather",
        "run",
        "run_coroutine_threadsafe",
        "run_until_complete",
        "shield",
        "wait_for",
    }
)
# Callables that take over an async generator, and those that take an async context manager.
GENERATOR_TAKERS = frozenset({"aclosing", "aiter", "anext"})
MANAGER_TAKERS = frozenset({"enter_async_context"})

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Kind(enum.Flag):
    """What a call of an `async def` gives."""

    COROUTINE = enum.auto()
    GENERATOR = enum.auto()
    MANAGER = enum.auto()


ANY_KIND = Kind.COROUTINE | Kind.GENERATOR | Kind.MANAGER
ADVICE = {
    Kind.COROUTINE: "is a coroutine; await it",
    Kind.GENERATOR: "is an async generator; iterate it with `async for` or give it to aclosing()",
    Kind.MANAGER: "is an async context manager; enter it with `async with`",
}


class Problem(NamedTuple):
    """A call whose result is lost or misused."""

    path: str
    line: int
    message: str


class Source(NamedTuple):
    """A parsed file: the node around each of its nodes, and its functions' names for functions."""

    path: str
    tree: ast.Module
    parents: Mapping[ast.AST, ast.AST]
    aliases: Mapping[tuple[ast.AST, str], str]


def parse(text: str, path: str) -> Source:
    """Parse the text of one file."""
    tree = ast.parse(text, path)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    return Source(path, tree, parents, dict(_aliases(tree, parents)))


def find_problems(sources: Sequence[Source]) -> list[Problem]:
    """Return every misused call, in the order of files and lines."""
    kinds = collect_kinds(sources)
    found = (problem for source in sources for problem in _problems_of(source, kinds))
    return sorted(found)


def collect_kinds(sources: Iterable[Source]) -> dict[str, Kind]:
    """Map the name of each `async def` to what a call of it gives.

    A name with an async prefix that is only ever a plain `def` or a class is mapped to no kind at
    all: calling it is not asynchronous. Other names are left out if they also mean something else.
    """
    kinds: dict[str, Kind] = defaultdict(lambda: Kind(0))
    plain: set[str] = set()
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.AsyncFunctionDef):
                kinds[node.name] |= _kind_of(node)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                plain.add(node.name)
            elif isinstance(node, ast.arg):
                plain.add(node.arg)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                plain.add(node.id)
    return {
        name: kinds.get(name, Kind(0))
        for name in kinds.keys() | plain
        if _has_prefix(name) or name not in plain
    }


def _has_prefix(name: str) -> bool:
    return name.startswith(("async_", "_async_"))


def _kind_of(function: ast.AsyncFunctionDef) -> Kind:
    decorators = {_last_name(node) for node in function.decorator_list}
    if "asynccontextmanager" in decorators:
        return Kind.MANAGER
    if decorators & {"overload", "abstractmethod"}:
        return ANY_KIND  # a body of `...` does not show whether it would yield
    return Kind.GENERATOR if any(_own_yields(function)) else Kind.COROUTINE


def _own_yields(node: ast.AST) -> Iterator[ast.Yield]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Yield):
            yield child
        if not isinstance(child, (*FUNCTIONS, ast.ClassDef)):
            yield from _own_yields(child)


def _last_name(node: ast.AST) -> str | None:
    """Return `c` for `a.b.c`, `c` and for calls of them."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _aliases(
    tree: ast.Module, parents: Mapping[ast.AST, ast.AST]
) -> Iterator[tuple[tuple[ast.AST, str], str]]:
    """Yield the plain names that prefixed functions are assigned to, each with its scope."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=alias)], value=value):
                meant = _function_meant(value)
            case ast.AnnAssign(target=ast.Name(id=alias), value=ast.expr() as value):
                meant = _function_meant(value)
            case ast.NamedExpr(target=ast.Name(id=alias), value=value):
                meant = _function_meant(value)
            case _:
                continue
        if meant is not None:
            yield (_function_around(node, parents), alias), meant


def _function_meant(value: ast.expr) -> str | None:
    """Return the prefixed name of the function an expression refers to without calling it."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name if _has_prefix(name) else None
        case ast.IfExp():
            return _function_meant(value.body) or _function_meant(value.orelse)
        case ast.Call(
            func=ast.Name(id="partial") | ast.Attribute(attr="partial"), args=[first, *_]
        ):
            return _function_meant(first)
        case ast.Call():
            return _looked_up(value)
    return None


def _looked_up(call: ast.Call) -> str | None:
    """Return `async_x` for `getattr(a, "async_x")` and whatever else finds it by that name."""
    for argument in call.args:
        match argument:
            case ast.Constant(value=str(name)) if name.isidentifier() and _has_prefix(name):
                return name
    return None


def _called_name(call: ast.Call, source: Source) -> str | None:
    """Return the name of the function a call calls, as far as it can be told."""
    match call.func:
        case ast.Call() as finder:
            return _function_meant(finder)
        case ast.Name(id=name):
            scope: ast.AST = call
            while not isinstance(scope, ast.Module):
                scope = _function_around(source.parents[scope], source.parents)
                if (scope, name) in source.aliases:
                    return source.aliases[scope, name]
    return _last_name(call)


def _problems_of(source: Source, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        name = _called_name(node, source)
        if name is None:
            continue
        # A prefixed name that is defined elsewhere promises to be async, but not in which way.
        kind = kinds.get(name, ANY_KIND if _has_prefix(name) else Kind(0))
        if kind and not kind & _allowed_kinds(node, source.parents):
            yield Problem(source.path, node.lineno, _message(node, name, kind, source.parents))


def _allowed_kinds(call: ast.Call, parents: Mapping[ast.AST, ast.AST]) -> Kind:
    """Return the kinds that the place of a call makes proper use of."""
    node, parent = _out_of_choices(call, parents)
    match parent:
        case ast.Await():
            return Kind.COROUTINE
        case ast.AsyncFor() | ast.comprehension(is_async=1) if parent.iter is node:
            return Kind.GENERATOR
        case ast.withitem() if isinstance(parents[parent], ast.AsyncWith):
            return Kind.MANAGER
        case ast.Return() | ast.Yield() if not isinstance(
            _function_around(parent, parents), ast.AsyncFunctionDef
        ):
            return ANY_KIND  # handed on: whoever called this function has to use it
        case ast.Lambda():
            return ANY_KIND
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr():
            return Kind.GENERATOR  # kept, to be iterated or advanced later
    taker = _last_name(_out_of_containers(node, parents))
    if taker in COROUTINE_TAKERS:
        return Kind.COROUTINE
    if taker in GENERATOR_TAKERS:
        return Kind.GENERATOR
    return Kind.MANAGER if taker in MANAGER_TAKERS else Kind(0)


def _out_of_choices(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> tuple[ast.AST, ast.AST]:
    """Climb out of `a if x else b`, `a or b` and `cast(T, a)`, which pass on what they get."""
    parent = parents[node]
    while (
        (isinstance(parent, ast.IfExp) and node is not parent.test)
        or (isinstance(parent, ast.BoolOp) and node is parent.values[-1])
        or (isinstance(parent, ast.Call) and _last_name(parent) == "cast" and node in parent.args)
    ):
        node, parent = parent, parents[parent]
    return node, parent


def _out_of_containers(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> ast.AST:
    """Climb out of lists, comprehensions and `*`, and return the call they are given to."""
    parent = parents[node]
    while isinstance(parent, ast.List | ast.Tuple | ast.Starred | ast.keyword) or (
        isinstance(parent, ast.ListComp | ast.GeneratorExp) and node is parent.elt
    ):
        node, parent = parent, parents[parent]
    return parent if isinstance(parent, ast.Call) and node is not parent.func else ast.Pass()


def _function_around(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> ast.AST:
    while not isinstance(node, (*FUNCTIONS, ast.Module)):
        node = parents[node]
    return node


def _message(call: ast.Call, name: str, kind: Kind, parents: Mapping[ast.AST, ast.AST]) -> str:
    called = ast.unparse(call.func)
    if kind == ANY_KIND and name.startswith(("async_", "_async_")):
        text = f"{called}() is used as if it were not async; await it"
    else:
        text = f"{called}() " + " or ".join(ADVICE[one] for one in kind)
    _, parent = _out_of_choices(call, parents)
    if isinstance(parent, ast.Await):
        return f"{text}; it cannot be awaited"
    if isinstance(parent, ast.Return | ast.Yield):
        return f"{text} here: its caller, awaiting an async function, would get it unused"
    return text


def read(root: Path, paths: Sequence[str]) -> list[Source]:
    """Parse the Python files of `paths`, files or folders relative to `root`.

    Raises:
        ValueError: a path holds no Python file, or one that does not parse.
    """
    sources: list[Source] = []
    for path in paths:
        start = root / path
        files = [start] if start.is_file() else sorted(start.rglob("*.py"))
        if not files:
            raise ValueError(f"{path}: there is no Python file to check")
        for file in files:
            shown = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
            try:
                sources.append(parse(file.read_text(encoding="utf-8"), shown))
            except SyntaxError as error:
                raise ValueError(f"{shown}:{error.lineno}: {error.msg}") from error
    return sources


def main(argv: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description="Find coroutines that nobody awaits.")
    parser.add_argument("paths", nargs="*", default=FOLDERS, metavar="PATH")
    try:
        sources = read(root, parser.parse_args(argv).paths)
    except ValueError as error:
        print(f"check_awaits: {error}", file=sys.stderr)
        return 2
    problems = find_problems(sources)
    for problem in problems:
        print(f"{problem.path}:{problem.line}: {problem.message}")
    print(f"check_awaits: {len(sources)} files, {len(problems)} problems")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
