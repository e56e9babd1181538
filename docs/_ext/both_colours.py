"""Sphinx directives that show both colours side by side.

`both-colours` documents a class or a module: each pair of verbs as two tabs, then the rest.
`verb-table` lists the pairs of all classes, old name and new; `field-list` is all fields.
"""

from __future__ import annotations

import inspect
from typing import Any

import pairs
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class GeneratedDirective(SphinxDirective):
    """A directive that stands for reStructuredText it writes."""

    def parsed(self, lines: list[str]) -> list[nodes.Node]:
        """Parse lines as if they stood in the place of the directive."""
        node = nodes.container()
        node.document = self.state.document
        content = StringList(lines, source=self.get_source_info()[0])
        self.state.nested_parse(content, self.content_offset, node, match_titles=True)
        return node.children


class BothColours(GeneratedDirective):
    """Documents a class or a module, its pairs of calls in tabs."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Write the directives of autodoc."""
        path = self.arguments[0]
        is_class = inspect.isclass(pairs.find(path))
        kind = "method" if is_class else "function"
        lines = ["", f".. autoclass:: {path}", "   :no-members:", ""] if is_class else [""]
        for pair in pairs.pairs_of(path):
            lines += _tabs(pair, kind)
        for name in pairs.other_members(path) if is_class else ():
            lines += _auto(_kind(pairs.find(path), name), f"{path}.{name}", indent=0)
        return self.parsed(lines)


class VerbTable(GeneratedDirective):
    """Lists every pair: the sync call, the async call, what it does."""

    def run(self) -> list[nodes.Node]:
        """Write one table for each class or module."""
        lines: list[str] = [""]
        for path in (*pairs.CLASSES, *pairs.MODULES):
            lines += [f".. rubric:: {_shown(path)}", "", ".. list-table::", "   :header-rows: 1"]
            lines += ["   :widths: 25 30 45", ""]
            lines += ["   * - sync", "     - async", "     - what it does"]
            for pair in pairs.pairs_of(path):
                text = pairs.summary(f"{path}.{pair.sync or pair.awaited}")
                lines += [
                    f"   * - {_code(pair.sync)}",
                    f"     - {_code(pair.awaited)}",
                    f"     - {text}",
                ]
            lines.append("")
        return self.parsed(lines)


class FieldList(GeneratedDirective):
    """Documents every field class by its docstring; those with verbs are documented apart."""

    def run(self) -> list[nodes.Node]:
        """Write the directives of autodoc."""
        lines: list[str] = [""]
        for name in pairs.fields():
            lines += [f".. autoclass:: mongoengine.{name}", "   :no-members:", ""]
        return self.parsed(lines)


def _shown(path: str) -> str:
    return path if inspect.ismodule(pairs.find(path)) else path.rpartition(".")[2]


def _code(name: str) -> str:
    return f"``{name}()``" if name else "none"


def _tabs(pair: pairs.Pair, kind: str) -> list[str]:
    lines = [".. tab-set::", "   :sync-group: colour", ""]
    for colour, name in (("sync", pair.sync), ("async", pair.awaited)):
        if name:
            lines += [f"   .. tab-item:: {name}()", f"      :sync: {colour}", ""]
            path = f"{pair.owner}.{name}"
            member = pairs.find(path)
            directive = "autoclass" if inspect.isclass(member) else None
            if directive is None and isinstance(_static(pair.owner, name), property):
                lines += _auto("autoproperty", path, indent=6)
            else:
                lines += _auto(directive or f"auto{kind}", path, indent=6)
    return lines


def _auto(directive: str, path: str, indent: int) -> list[str]:
    return [" " * indent + f".. {directive}:: {path}", ""]


def _kind(cls: type, name: str) -> str:
    is_property = isinstance(inspect.getattr_static(cls, name), property)
    return "autoproperty" if is_property else "automethod"


def _static(owner: str, name: str) -> Any:
    return inspect.getattr_static(pairs.find(owner), name)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("both-colours", BothColours)
    app.add_directive("verb-table", VerbTable)
    app.add_directive("field-list", FieldList)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
