# Generated from mongoengine/_async/delete_rules.py; do not edit.
# To write it again: python tools/generate_sync.py
"""Carrying delete rules out: what happens to those who refer to what is being deleted.

Every DENY on the way is looked at before anything is changed. Then, in the order in which
the rules were registered, referring documents are deleted (CASCADE) or lose the field
(NULLIFY) or the items (PULL); what they refer to is deleted last, by the caller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mongoengine.base.delete_rules import (
    CASCADE,
    DENY,
    NULLIFY,
    PULL,
    Doomed,
    doomed_by_class,
    doomed_documents,
    keys_in,
    leads_to_denial,
    rules_apply,
    rules_of,
)
from mongoengine.errors import OperationError
from mongoengine.state.deletion import deleting

__all__ = ("carry_out_delete_rules", "refuse_denied")

#: References in one query.
MOST_REFERENCES = 100_000


def carry_out_delete_rules(
    queryset: Any, write_concern: Mapping[str, Any] | None, cascade_refs: set[Any] | None
) -> None:
    """Do to others what the rules say, before the results of a queryset are deleted.

    Args:
        queryset: what will be deleted.
        write_concern: keywords of pymongo's ``WriteConcern`` for all writes.
        cascade_refs: collection and key of what a running cascade is deleting already.

    Raises:
        OperationError: others refer to it under the rule DENY; nothing has been changed.
    """
    if not rules_apply(queryset._document):
        return
    under_way = deleting.get() | frozenset(cascade_refs or ())
    doomed = find_doomed(queryset)
    # A cascade checked all the way when it began.
    check_denials(doomed, under_way, deep=not under_way)
    under_way |= doomed.keys
    with deleting.to(under_way):
        for cls, references in doomed.by_class.items():
            for (owner, field), rule in rules_of(cls).items():
                for referring, some in referrers(owner, field, references):
                    carry_out_rule(rule, referring, field, some, write_concern, under_way)


def refuse_denied(cls: Any, documents: Sequence[Any]) -> None:
    """Make sure that no rule denies deleting documents, before they are deleted one by one.

    Args:
        cls: class of the queryset that found them.
        documents: the documents.

    Raises:
        OperationError: somebody refers to one of them under the rule DENY.
    """
    if rules_apply(cls):
        check_denials(doomed_documents(documents), frozenset(), deep=True)


def find_doomed(queryset: Any) -> Doomed:
    """Return references to all that a queryset finds."""
    keys_only = queryset.clone().all_fields().only("pk").as_pymongo()
    raws = keys_only._fetch("delete")
    return doomed_by_class(queryset._document, raws)


def referrers(owner: Any, field: str, references: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield querysets that find who refers by a field, each with what it looks for."""
    for start in range(0, len(references), MOST_REFERENCES):
        some = references[start : start + MOST_REFERENCES]
        yield owner.objects(**{f"{field}__in": some}), some


def check_denials(doomed: Doomed, under_way: frozenset[tuple[str, Any]], deep: bool) -> None:
    """Make sure that nobody refers to what will be deleted under the rule DENY.

    Args:
        doomed: what will be deleted.
        under_way: collection and key of what is being deleted already.
        deep: go on with what cascades will delete.

    Raises:
        OperationError: somebody does.
    """
    under_way |= doomed.keys
    for cls, references in doomed.by_class.items():
        for (owner, field), rule in rules_of(cls).items():
            for referring, _ in referrers(owner, field, references):
                if rule == DENY and referring.exists():
                    raise OperationError(
                        f"Could not delete document ({owner.__name__}.{field} refers to it)"
                    )
                if rule == CASCADE and deep and leads_to_denial(owner):
                    further = find_doomed(referring).without(under_way)
                    check_denials(further, under_way, deep)


def carry_out_rule(
    rule: int,
    referring: Any,
    field: str,
    references: Sequence[Any],
    write_concern: Mapping[str, Any] | None,
    under_way: frozenset[tuple[str, Any]],
) -> None:
    """Do to those who refer what one rule says.

    Args:
        rule: the rule.
        referring: a queryset that finds them.
        field: the field they refer by.
        references: what is being deleted.
        write_concern: keywords of pymongo's ``WriteConcern``.
        under_way: collection and key of everything that is being deleted.
    """
    if rule == CASCADE:
        collection = referring._document._get_collection_name()
        spared = keys_in(collection, under_way)
        if spared:
            referring = referring.filter(__raw__={"_id": {"$nin": spared}})
        referring.delete(write_concern=write_concern, cascade_refs=set(under_way))
    elif rule == NULLIFY:
        referring.update(write_concern=write_concern, **{f"unset__{field}": 1})
    elif rule == PULL:
        referring.update(write_concern=write_concern, **{f"pull_all__{field}": list(references)})
