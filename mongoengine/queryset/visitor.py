"""Q objects: conditions that combine with ``&`` and ``|``.

Model floor, pure. Compiling a tree simplifies it first (an ``&`` of plain conditions becomes
one condition) and never changes the operands, which users keep and combine further.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from mongoengine.errors import InvalidQueryError
from mongoengine.queryset.query_compiler import compile_query

__all__ = ("Q", "QNode")


def warn_empty_is_deprecated() -> None:
    """Tell the reader of an ``empty`` property what to write instead."""
    warnings.warn(
        "'empty' property is deprecated in favour of using 'not bool(filter)'",
        DeprecationWarning,
        stacklevel=3,
    )


class DuplicateQueryConditionsError(InvalidQueryError):
    """Two conditions use the same keyword, so they cannot become one."""


class QNodeVisitor:
    """Walks a tree of Q objects from the leaves up; each result takes the node's place."""

    def visit_combination(self, combination: QCombination) -> Any:
        """Return what stands for a combination whose children were visited."""
        return combination

    def visit_query(self, query: Q) -> Any:
        """Return what stands for a single condition."""
        return query


class SimplificationVisitor(QNodeVisitor):
    """Unites conditions that must all hold, where no keyword occurs twice."""

    def visit_combination(self, combination: QCombination) -> Any:
        """Return one Q for an AND of plain conditions, else the combination."""
        if combination.operation != QNode.AND:
            return combination
        queries = []
        for child in combination.children:
            if not isinstance(child, Q):
                return combination
            queries.append(child.query)
        try:
            return Q(**self._query_conjunction(queries))
        except DuplicateQueryConditionsError:
            return combination

    def _query_conjunction(self, queries: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """Unite the keywords of several conditions.

        Raises:
            DuplicateQueryConditionsError: A keyword occurs twice.
        """
        united: dict[str, Any] = {}
        size = 0
        for query in queries:
            united.update(query)
            size += len(query)
        if len(united) != size:
            raise DuplicateQueryConditionsError
        return united


class QueryCompilerVisitor(QNodeVisitor):
    """Turns a tree into a MongoDB filter for a document class."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def visit_combination(self, combination: QCombination) -> dict[str, Any]:
        """Return the children, compiled already, under ``$and`` or ``$or``."""
        symbol = "$and" if combination.operation == QNode.AND else "$or"
        return {symbol: combination.children}

    def visit_query(self, query: Q) -> dict[str, Any]:
        """Return the filter of one condition."""
        return compile_query(self.document, query.query)


_SIMPLIFICATION = SimplificationVisitor()


class QNode:
    """A node in a tree of conditions."""

    AND = 0
    OR = 1

    def to_query(self, document: Any) -> Any:
        """Compile the tree into a MongoDB filter.

        Args:
            document: The document class the keywords speak of.

        Raises:
            InvalidQueryError: A keyword does not name a field or operator.
        """
        simplified = self.accept(_SIMPLIFICATION)
        return simplified.accept(QueryCompilerVisitor(document))

    def accept(self, visitor: QNodeVisitor) -> Any:
        """Let a visitor walk this part of the tree and return what it makes of it."""
        raise NotImplementedError

    def _combine(self, other: Any, operation: int) -> Any:
        """Combine two nodes; one that says nothing leaves the other as it is."""
        if not other:
            return self
        if not self:
            return other
        return QCombination(operation, [self, other])

    def __bool__(self) -> bool:
        return True

    @property
    def empty(self) -> bool:
        """Deprecated: use ``not node``."""
        warn_empty_is_deprecated()
        return False

    def __or__(self, other: Any) -> Any:
        return self._combine(other, self.OR)

    def __and__(self, other: Any) -> Any:
        return self._combine(other, self.AND)


class QCombination(QNode):
    """Nodes joined by one operation.

    Args:
        operation: ``QNode.AND`` or ``QNode.OR``.
        children: The nodes; combinations of the same operation are replaced by their children.
    """

    def __init__(self, operation: int, children: Iterable[Any]) -> None:
        self.operation = operation
        self.children: list[Any] = []
        for child in children:
            if isinstance(child, QCombination) and child.operation == operation:
                self.children.extend(child.children)
            else:
                self.children.append(child)

    def __repr__(self) -> str:
        sign = " & " if self.operation == self.AND else " | "
        return f"({sign.join(map(repr, self.children))})"

    def __bool__(self) -> bool:
        return bool(self.children)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, QCombination):
            return NotImplemented
        return self.operation == other.operation and self.children == other.children

    __hash__ = None  # type: ignore[assignment]

    def accept(self, visitor: QNodeVisitor) -> Any:
        """Visit the children, then a combination of the results; this one stays as it is."""
        visited = []
        changed = False
        for child in self.children:
            result = child.accept(visitor) if isinstance(child, QNode) else child
            changed = changed or result is not child
            visited.append(result)
        combination = QCombination(self.operation, visited) if changed else self
        return visitor.visit_combination(combination)

    @property
    def empty(self) -> bool:
        """Deprecated: use ``not node``."""
        warn_empty_is_deprecated()
        return not self.children


class Q(QNode):
    """Conditions written as keywords, to be combined with others.

    ``Q(name="Ann") | Q(age__gt=30)`` finds documents that meet either.
    """

    def __init__(self, **query: Any) -> None:
        self.query = query

    def __repr__(self) -> str:
        return f"Q(**{self.query!r})"

    def __bool__(self) -> bool:
        return bool(self.query)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Q):
            return NotImplemented
        return self.query == other.query

    __hash__ = None  # type: ignore[assignment]

    def accept(self, visitor: QNodeVisitor) -> Any:
        """Visit the condition."""
        return visitor.visit_query(self)

    @property
    def empty(self) -> bool:
        """Deprecated: use ``not node``."""
        warn_empty_is_deprecated()
        return not self.query
