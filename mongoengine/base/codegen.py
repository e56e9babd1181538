"""A small helper to write a function as text and compile it.

Generated code refers to field and key names only through quoted literals and to
everything else through its namespace, so no name can become code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ("FunctionSource",)


class FunctionSource:
    """Lines of one function and the objects they refer to."""

    def __init__(self, name: str, parameters: str) -> None:
        self._name = name
        self._lines = [f"def {name}({parameters}):"]
        self._namespace: dict[str, Any] = {}
        self._names: dict[int, str] = {}

    def line(self, text: str, depth: int = 1) -> None:
        """Add one line at an indentation depth."""
        self._lines.append("    " * depth + text)

    def ref(self, value: Any, hint: str) -> str:
        """Return the name under which the function sees an object."""
        known = self._names.get(id(value))
        if known is None:
            known = self._names[id(value)] = f"{hint}_{len(self._names)}"
            self._namespace[known] = value
        return known

    def is_exactly(self, name: str, types: Sequence[type]) -> str:
        """Return the test whether a variable's type is one of some, subclasses excluded."""
        if len(types) == 1:
            return f"type({name}) is {self.ref(types[0], 'type')}"
        return f"type({name}) in {self.ref(frozenset(types), 'types')}"

    def compile(self, origin: str) -> Callable[..., Any]:
        """Return the function.

        Args:
            origin: what stands for a file name in tracebacks.
        """
        source = "\n".join(self._lines)
        code = compile(source, f"<mongoengine {self._name} {origin}>", "exec")
        exec(code, self._namespace)
        function: Callable[..., Any] = self._namespace[self._name]
        return function
