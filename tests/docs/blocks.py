"""The Python blocks of a page: found, pointed at the tests' server, run one after the other.

A page is one namespace and one event loop. A block that awaits runs in the loop; any other
runs outside it, as sync code does. What follows `# prints ` in a block is what it has to print,
and a block that promises nothing prints nothing. `% not run: REASON` on the line before a fence
marks a block that is only shown; `% needs: MODULE, …` one that takes packages the project
itself does not need.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import contextlib
import importlib.util
import inspect
import io
import linecache
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ("Block", "Page", "blocks_of", "pages")

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

#: The address the pages show.
SHOWN_URI = "mongodb://localhost:27017"

_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})python\b.*$")
_MARK = re.compile(r"^ *% (?P<mark>not run|needs): (?P<text>\S.*)$")

# Where the name of the database stands among the positional arguments.
_CONNECTING = {"connect": 0, "connect_async": 0, "register_connection": 1}


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        code: its lines.
        line: number of its first line in the page.
        not_run: why it is only shown; empty for a block that is run.
        needs: the modules it takes.
    """

    code: str
    line: int
    not_run: str = ""
    needs: tuple[str, ...] = ()

    @property
    def promised(self) -> list[str]:
        """What it has to print."""
        return re.findall(r"# prints (.+)", self.code)

    def missing(self) -> list[str]:
        """Return the modules it takes that are not installed."""
        return [name for name in self.needs if importlib.util.find_spec(name) is None]


def pages() -> list[Path]:
    """Return the pages with Python blocks; what Sphinx builds is left out."""
    found = (path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
    return sorted(path for path in found if blocks_of(path.read_text(encoding="utf-8")))


def blocks_of(text: str) -> list[Block]:
    """Return the Python blocks of a page, in order."""
    lines = text.splitlines()
    return list(_blocks(lines))


def _blocks(lines: list[str]) -> Iterator[Block]:
    position = 0
    while position < len(lines):
        fence = _FENCE.match(lines[position])
        position += 1
        if fence is None:
            continue
        first, indent = position, len(fence["indent"])
        while lines[position].strip() != fence["ticks"]:
            position += 1
        marks = _marks(lines, first - 2)
        yield Block(
            code="\n".join(line[indent:] for line in lines[first:position]) + "\n",
            line=first + 1,
            not_run=marks.get("not run", ""),
            needs=tuple(re.split(r",\s*", marks["needs"])) if "needs" in marks else (),
        )


def _marks(lines: list[str], position: int) -> dict[str, str]:
    found = {}
    while position >= 0 and (mark := _MARK.match(lines[position])):
        found[mark["mark"]] = mark["text"]
        position -= 1
    return found


class Page:
    """Runs the blocks of a page.

    Args:
        path: the page.
        uri: the server to use in the place of the one the page names.
        prefix: put before the names of all databases.
    """

    def __init__(self, path: Path, uri: str, prefix: str) -> None:
        self.path = path
        self.namespace: dict[str, Any] = {
            "__name__": f"docs_{path.stem}",
            "__builtins__": builtins,
        }
        self._here = _Here(uri, prefix)
        self._runner = asyncio.Runner()

    def run(self, block: Block) -> list[str]:
        """Run a block; return the lines it printed."""
        code = self._compiled(block)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            result = types.FunctionType(code, self.namespace)()
            if inspect.iscoroutine(result):
                self._runner.run(result)
        return printed.getvalue().splitlines()

    def run_async(self, coroutine: Any) -> Any:
        """Run a coroutine in the loop of the page."""
        return self._runner.run(coroutine)

    def close(self) -> None:
        """End the loop."""
        self._runner.close()

    def _compiled(self, block: Block) -> types.CodeType:
        tree = ast.parse(block.code)
        self._here.visit(tree)
        ast.increment_lineno(tree, block.line - 1)
        linecache.checkcache(str(self.path))  # tracebacks show the lines of the page
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code: types.CodeType = compile(tree, str(self.path), "exec", flags, dont_inherit=True)
        return code


class _Here(ast.NodeTransformer):
    """Puts the tests' server and databases in the place of those a page names."""

    def __init__(self, uri: str, prefix: str) -> None:
        self.uri = uri
        self.prefix = prefix

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if node.value == SHOWN_URI:
            return ast.copy_location(ast.Constant(self.uri), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        # Plain names only: a signal has a `connect` as well.
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _CONNECTING:
            self._move(node, _CONNECTING[name])
        return node

    def _move(self, node: ast.Call, position: int) -> None:
        keywords = {word.arg: word for word in node.keywords}
        if "db" in keywords or "name" in keywords:
            word = keywords.get("name") or keywords["db"]
            word.value = self._renamed(word.value, node)
        elif len(node.args) > position:
            node.args[position] = self._renamed(node.args[position], node)
        else:
            raise ValueError(f"line {node.lineno} of the block names no database")

    def _renamed(self, value: ast.expr, node: ast.Call) -> ast.expr:
        # The name may be any expression: an f-string, a variable.
        renamed = ast.BinOp(ast.Constant(self.prefix), ast.Add(), value)
        return ast.fix_missing_locations(ast.copy_location(renamed, node))
