"""Two small value types that fields and indexes use: a regex compiled late, a list without order.

Ground floor: imports nothing of the package.
"""

from __future__ import annotations

import re
from typing import Any


class LazyRegexCompiler:
    """A class attribute that reads as a compiled pattern, compiled on first read.

    Large patterns (URLs, e-mail addresses) then cost nothing where their field is not used.
    The pattern can be replaced on the class, not on an instance.

    Args:
        pattern: The regular expression.
        flags: Flags for ``re.compile``.
    """

    def __init__(self, pattern: str | re.Pattern[str], flags: int | re.RegexFlag = 0) -> None:
        self._pattern = pattern
        self._flags = flags
        self._compiled_regex: re.Pattern[str] | None = None
        self._name = "the pattern"

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    @property
    def compiled_regex(self) -> re.Pattern[str]:
        """The compiled pattern."""
        if self._compiled_regex is None:
            self._compiled_regex = re.compile(self._pattern, self._flags)
        return self._compiled_regex

    def __get__(self, instance: Any, owner: type[Any] | None) -> re.Pattern[str]:
        return self.compiled_regex

    def __set__(self, instance: Any, value: Any) -> None:
        cls = type(instance).__name__
        raise AttributeError(
            f"cannot set {self._name} on an instance of {cls}: assign it on a class, "
            f"{cls} or a subclass of it"
        )


class NonOrderedList(list[Any]):
    """A list that equals every list of the same items, whatever their order."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and sorted(self) == sorted(other)

    def __ne__(self, other: object) -> bool:
        # list brings its own __ne__, which would go on comparing by position.
        return not self == other
