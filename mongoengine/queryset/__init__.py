"""Querysets: finding and changing many documents."""

from __future__ import annotations

from mongoengine.errors import (
    BulkWriteError,
    DeprecatedError,
    DoesNotExist,
    FieldDoesNotExist,
    InvalidDocumentError,
    InvalidQueryError,
    LookUpError,
    MultipleObjectsReturned,
    NotRegistered,
    NotUniqueError,
    OperationError,
    SaveConditionError,
    ValidationError,
)
from mongoengine.queryset.base import CASCADE, DENY, DO_NOTHING, NULLIFY, PULL
from mongoengine.queryset.field_list import QueryFieldList
from mongoengine.queryset.manager import QuerySetManager, queryset_manager
from mongoengine.queryset.queryset import QuerySet, QuerySetNoCache
from mongoengine.queryset.transform import STRING_OPERATORS, query, update
from mongoengine.queryset.visitor import Q, QNode

__all__ = (
    "QuerySet",
    "QuerySetNoCache",
    "Q",
    "queryset_manager",
    "QuerySetManager",
    "QueryFieldList",
    "DO_NOTHING",
    "NULLIFY",
    "CASCADE",
    "DENY",
    "PULL",
    # Errors that may be raised from here
    "DoesNotExist",
    "InvalidQueryError",
    "MultipleObjectsReturned",
    "NotUniqueError",
    "OperationError",
)
