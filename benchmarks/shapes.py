"""The documents all contenders store: their values, the same for everybody, and how to read them.

Needs nothing but `bson`, so that every contender's environment can import it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from bson import DBRef, Decimal128, ObjectId

__all__ = (
    "BATCH",
    "TOUCHED",
    "Touch",
    "author_values",
    "compile_touch",
    "post_values",
    "tag_values",
    "values",
    "with_ids",
)

Touch = Literal["none", "three", "all"]
Values = dict[str, Any]

#: Documents in one call of a workload that works on many.
BATCH = {"small": 100, "medium": 100, "large": 10, "huge": 1}
#: What "touching three fields" reads.
TOUCHED = ("name", "age", "created")
#: Fields that are dicts of any keys, not embedded documents.
DICTS = frozenset({"attributes", "entries"})

_DAY = datetime.datetime(2024, 2, 29, 12, 30, 15, 250_000)
_HUGE = 600_000


def values(shape: str, number: int) -> Values:
    """Return the values of one document by field name, as the driver decodes them."""
    return _MAKERS[shape](number)


def _small(number: int) -> Values:
    return {
        "name": f"Person number {number}",
        "email": f"person{number}@example.org",
        "age": number % 100,
        "score": number / 7,
        "active": number % 2 == 0,
        "created": _DAY + datetime.timedelta(hours=number),
    }


def _medium(number: int) -> Values:
    return {
        **_small(number),
        "title": f"The title of {number}",
        "slug": f"the-title-of-{number}",
        "summary": "What can be said in a line or two about it. " * 2,
        "city": "Utrecht",
        "country": "Netherlands",
        "phone": f"+31 30 {number:07d}",
        "views": number * 31,
        "likes": number * 17,
        "shares": number * 3,
        "rank": number,
        "rating": number / 11,
        "weight": number / 13,
        "public": True,
        "archived": False,
        "updated": _DAY + datetime.timedelta(days=number % 900),
        "price": Decimal128(f"{number}.95"),
        "address": {
            "street": f"{number} Long Street",
            "city": "Utrecht",
            "postcode": "3511 AB",
            "country": "Netherlands",
        },
        "company": {
            "name": f"Company {number}",
            "employees": number,
            "founded": _DAY,
            "listed": False,
        },
        "labels": [f"label-{index}" for index in range(10)],
    }


def _large(number: int) -> Values:
    return {
        **_small(number),
        "lines": [
            {
                "sku": f"sku-{number}-{index}",
                "quantity": index,
                "price": index * 1.25,
                "detail": {"color": "dark green", "weight": index / 3},
            }
            for index in range(100)
        ],
        "attributes": {f"attribute_{index}": index for index in range(50)},
    }


def _huge(number: int) -> Values:
    return {"name": f"Huge {number}", "entries": {f"key{index}": index for index in range(_HUGE)}}


_MAKERS: dict[str, Callable[[int], Values]] = {
    "small": _small,
    "medium": _medium,
    "large": _large,
    "huge": _huge,
}


def with_ids(documents: Iterator[Values]) -> list[Values]:
    """Return stored forms: each with a key of its own, which comes first."""
    return [{"_id": ObjectId(), **document} for document in documents]


# Posts


def author_values(number: int) -> Values:
    """Return one of the authors of the posts."""
    return {"name": f"Author {number}", "email": f"author{number}@example.org"}


def tag_values(number: int) -> Values:
    """Return one of the tags of the posts."""
    return {"label": f"tag {number}"}


def post_values(
    number: int, authors: list[Values], tags: list[Values], *, dbref: bool = False
) -> Values:
    """Return a post that refers to one author and five tags.

    Args:
        number: number of the post.
        authors: stored authors.
        tags: stored tags.
        dbref: refer by DBRef, not by key.
    """

    def refer(collection: str, document: Values) -> Any:
        return DBRef(collection, document["_id"]) if dbref else document["_id"]

    return {
        "title": f"Post {number}",
        "body": "Lorem ipsum dolor sit amet. " * 5,
        "author": refer("authors", authors[number % len(authors)]),
        "tags": [refer("tags", tags[(number * 3 + step) % len(tags)]) for step in range(5)],
    }


# Reading


def compile_touch(shape: str, touch: Touch, *, by_key: bool) -> Callable[[Any], None]:
    """Return a function that reads fields of one document, as straight-line code.

    Args:
        shape: which document.
        touch: three scalars, or everything down to the last scalar.
        by_key: read ``d["name"]`` rather than ``d.name``.
    """
    sample = _MAKERS[shape](1)
    if touch == "three":
        sample = {name: sample[name] for name in TOUCHED}
    lines = ["def touch(d):", *_reads(sample, "d", 1, by_key=by_key)]
    namespace: dict[str, Any] = {}
    exec("\n".join(lines), namespace)
    function: Callable[[Any], None] = namespace["touch"]
    return function


def _reads(sample: Mapping[str, Any], owner: str, depth: int, *, by_key: bool) -> Iterator[str]:
    indent = "    " * depth
    for name, value in sample.items():
        read = f"{owner}[{name!r}]" if by_key else f"{owner}.{name}"
        inner = f"v{depth}"
        if name in DICTS:
            yield f"{indent}for _ in {read}.values(): pass"
        elif isinstance(value, dict):
            yield f"{indent}{inner} = {read}"
            yield from _reads(value, inner, depth, by_key=by_key)
        elif isinstance(value, list) and isinstance(value[0], dict):
            yield f"{indent}for {inner} in {read}:"
            yield from _reads(value[0], inner, depth + 1, by_key=by_key)
        elif isinstance(value, list):
            yield f"{indent}for _ in {read}: pass"
        else:
            yield f"{indent}{read}"
