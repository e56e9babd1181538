"""The set of changed paths of one document.

It is a plain list to its users (third parties read, extend and replace
``_changed_fields``) and keeps an index beside it, so that marking a path costs the
same whether ten or six hundred thousand paths are recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ("ChangedFields",)


def _ancestors(path: str) -> Iterator[str]:
    """Yield every proper prefix of a dotted path: ``a.b.c`` gives ``a``, ``a.b``."""
    end = path.find(".")
    while end != -1:
        yield path[:end]
        end = path.find(".", end + 1)


class ChangedFields(list[str]):
    """Changed database paths, in order of first change, none below another."""

    __slots__ = ("_above", "_known")

    def __init__(self, paths: Iterable[str] = ()) -> None:
        super().__init__(paths)
        self._known: set[str] | None = None
        self._above: set[str] = set()

    def mark(self, path: str) -> None:
        """Record a path, unless it or one above it is recorded; forget those below it."""
        known = self._index()
        if path in known or any(above in known for above in _ancestors(path)):
            return
        if path in self._above:
            below = path + "."
            self[:] = [other for other in self if not other.startswith(below)]
            self._known = None
            known = self._index()
        self.append(path)
        known.add(path)
        self._above.update(_ancestors(path))

    def covers(self, path: str) -> bool:
        """Tell whether the path itself, or one above it, is recorded."""
        known = self._index()
        return path in known or any(above in known for above in _ancestors(path))

    def _index(self) -> set[str]:
        # Code outside this class may have used any list method: a different length
        # is how that shows (replacing one path by another is not worth tracking).
        if self._known is None or len(self._known) != len(self):
            self._known = set(self)
            self._above = {above for path in self for above in _ancestors(path)}
        return self._known

    def __reduce__(self) -> tuple[type, tuple[list[str]]]:
        return ChangedFields, (list(self),)
