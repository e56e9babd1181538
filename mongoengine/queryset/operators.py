"""The words of the query language: which operators exist and how they group.

Model floor: constants only. Users write an operator as the last part of a keyword
(``age__gt=3``); updates put theirs first (``push__tags="x"``).
"""

from __future__ import annotations

from mongoengine.base.common import UPDATE_OPERATORS

__all__ = (
    "COMPARISON_OPERATORS",
    "CUSTOM_OPERATORS",
    "ELEMENT_OPERATORS",
    "GEO_OPERATORS",
    "ITERABLE_OPERATORS",
    "MATCH_OPERATORS",
    "MONGO_UPDATE_NAMES",
    "SINGLE_VALUE_OPERATORS",
    "STRING_OPERATORS",
    "UPDATE_OPERATORS",
)

COMPARISON_OPERATORS = (
    "ne",
    "gt",
    "gte",
    "lt",
    "lte",
    "in",
    "nin",
    "mod",
    "all",
    "size",
    "exists",
    "not",
    "elemMatch",
    "type",
)
GEO_OPERATORS = (
    "within_distance",
    "within_spherical_distance",
    "within_box",
    "within_polygon",
    "near",
    "near_sphere",
    "max_distance",
    "min_distance",
    "geo_within",
    "geo_within_box",
    "geo_within_polygon",
    "geo_within_center",
    "geo_within_sphere",
    "geo_intersects",
)
STRING_OPERATORS = (
    "contains",
    "icontains",
    "startswith",
    "istartswith",
    "endswith",
    "iendswith",
    "exact",
    "iexact",
    "regex",
    "iregex",
    "wholeword",
    "iwholeword",
)
CUSTOM_OPERATORS = ("match",)
MATCH_OPERATORS = COMPARISON_OPERATORS + GEO_OPERATORS + STRING_OPERATORS + CUSTOM_OPERATORS

#: Operators whose value the field converts as a whole; None stands for equality.
SINGLE_VALUE_OPERATORS = frozenset({None, "ne", "gt", "gte", "lt", "lte", "not", *STRING_OPERATORS})
#: Operators whose value the field converts item by item.
ITERABLE_OPERATORS = frozenset({"in", "nin", "all", "near"})
#: Operators that look into the elements of a list.
ELEMENT_OPERATORS = frozenset({"match", "elemMatch"})

#: What MongoDB calls the update operators, where MongoEngine's word differs. The server has
#: no ``pushAll`` any more; it is the word fields see in ``prepare_query_value``.
MONGO_UPDATE_NAMES = {
    "add_to_set": "addToSet",
    "dec": "inc",
    "pull_all": "pullAll",
    "push_all": "pushAll",
    "set_on_insert": "setOnInsert",
}
