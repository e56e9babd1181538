"""Keywords into MongoDB's language: the door of the query language.

Model floor. `query` and `update` are what users and other libraries call; the work is done in
`query_compiler`, `update_compiler` and `geo`, the words are listed in `operators`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mongoengine._reexports import reexports_of
from mongoengine.queryset.geo import geo_operator as _geo_operator  # noqa: F401
from mongoengine.queryset.geo import infer_geometry as _infer_geometry  # noqa: F401
from mongoengine.queryset.operators import COMPARISON_OPERATORS as COMPARISON_OPERATORS
from mongoengine.queryset.operators import CUSTOM_OPERATORS as CUSTOM_OPERATORS
from mongoengine.queryset.operators import GEO_OPERATORS as GEO_OPERATORS
from mongoengine.queryset.operators import MATCH_OPERATORS as MATCH_OPERATORS
from mongoengine.queryset.operators import STRING_OPERATORS
from mongoengine.queryset.operators import UPDATE_OPERATORS as UPDATE_OPERATORS
from mongoengine.queryset.query_compiler import compile_query
from mongoengine.queryset.query_compiler import handle_raw_query as handle_raw_query
from mongoengine.queryset.query_compiler import prepare_iterable as _prepare_query_for_iterable  # noqa: F401
from mongoengine.queryset.update_compiler import compile_update

# What `import *` has always brought. Code outside the package imports the other names one by one.
__all__ = ("query", "update", "STRING_OPERATORS")


def query(_doc_cls: Any = None, **kwargs: Any) -> dict[str, Any]:
    """Compile keywords into a MongoDB filter.

    Args:
        _doc_cls: The document class the keywords speak of; None takes names and values as
            they are.
        **kwargs: Conditions, as in ``filter(age__gt=3)``.

    Raises:
        InvalidQueryError: A keyword does not name a field or operator.
    """
    return compile_query(_doc_cls, kwargs)


def update(_doc_cls: Any = None, **update: Any) -> dict[str, Any]:
    """Compile keywords into a MongoDB update document.

    Args:
        _doc_cls: The document class the keywords speak of; None takes names and values as
            they are.
        **update: Changes, as in ``update(set__name="x", push__tags="y")``.

    Raises:
        InvalidQueryError: A keyword does not name a field, or lacks its operator.
    """
    return compile_update(_doc_cls, update)


if not TYPE_CHECKING:
    __getattr__ = reexports_of(__name__)
