"""What we want to reach, and which cells miss it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.samples import ratio

__all__ = ("Verdict", "verdicts")

OURS = ("ours sync", "ours async")
SHAPES = ("small", "medium", "large")

#: The most a cell may cost, as a multiple of the raw driver of the same colour.
TIMES_RAW: dict[str, tuple[float, float, float]] = {
    "load/{}, touch none": (1.35, 1.25, 1.10),
    "load/{}, touch three": (1.35, 1.25, 1.10),
    "load/{}, touch all": (1.60, 2.1, 1.9),
    "insert one/{}": (1.10, 1.15, 1.35),
    "get by id/{}": (1.10, 1.15, 1.35),
    "one-field save/{}": (1.10, 1.15, 1.35),
    "bulk insert, per document/{}": (1.5, 1.8, 2.0),
    "memory per document/{}, touch none": (1.15, 1.05, 1.05),
}
TIMES_RAW_ONCE = {"1000 posts/prefetched": 2.0, "600 000 entries/load": 1.2}

#: How many times faster than MongoEngine, at least.
FASTER_THAN_MONGOENGINE: dict[str, tuple[float, float, float]] = {
    "load/{}, touch none": (9, 9, 15),
    "construct/{}": (10, 10, 10),
    "validate/{}": (10, 10, 10),
    "to_mongo/{}": (10, 10, 10),
}
FASTER_ONCE = {"query/build and compile": 5.0, "import/whole package": 1.0}

#: How much more the async colour may cost over its driver than the sync one over its own.
ASYNC_OVER_SYNC = 1.05

Ratios = Mapping[str, Mapping[str, float]]
"""Numbers by workload and contender."""


@dataclass(frozen=True)
class Verdict:
    """One target: what was asked, what was found."""

    workload: str
    contender: str
    asked: str
    found: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """True when the target is reached."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit


def _each(
    shaped: Mapping[str, tuple[float, float, float]], once: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    for pattern, limits in shaped.items():
        for shape, limit in zip(SHAPES, limits, strict=True):
            yield pattern.format(shape), limit
    yield from once.items()


def verdicts(result: Mapping[str, Any]) -> list[Verdict]:
    """Return what became of every target that was measured.

    Args:
        result: as `benchmarks.report.summary` makes it.
    """
    times = {row["name"]: row["typical"] for row in result["rows"]}
    raw = {row["name"]: row["times_raw"] for row in result["rows"]}
    return [
        *_against_raw(raw),
        *_against_mongoengine(times),
        *_against_the_others(times),
        *_between_colours(raw),
    ]


def _against_raw(raw: Ratios) -> Iterator[Verdict]:
    for name, limit in _each(TIMES_RAW, TIMES_RAW_ONCE):
        for ours in OURS:
            if (found := raw.get(name, {}).get(ours)) is not None:
                yield Verdict(name, ours, "times the raw driver", found, limit)


def _against_mongoengine(times: Ratios) -> Iterator[Verdict]:
    for name, limit in _each(FASTER_THAN_MONGOENGINE, FASTER_ONCE):
        row = times.get(name, {})
        found = ratio(row.get("MongoEngine"), row.get("ours sync"))
        if found is not None:
            asked = "times faster than MongoEngine"
            yield Verdict(name, "ours sync", asked, found, limit, at_least=True)


def _against_the_others(times: Ratios) -> Iterator[Verdict]:
    for name, row in times.items():
        ours = "ours async" if "ours async" in row else "ours sync"
        for other in ("Beanie", "ODMantic"):
            found = ratio(row.get(ours), row.get(other))
            if found is not None:
                yield Verdict(name, ours, f"times {other}", found, 1.0)


def _between_colours(raw: Ratios) -> Iterator[Verdict]:
    for name, row in raw.items():
        found = ratio(row.get("ours async"), row.get("ours sync"))
        if found is not None and not name.startswith(("memory", "import", "load")):
            yield Verdict(
                name, "ours async", "times ours sync, each over its driver", found, ASYNC_OVER_SYNC
            )
