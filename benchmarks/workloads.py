"""What is measured, as data: a name, the verb of the contenders that does it, its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal

__all__ = ("WORKLOADS", "Workload", "choose")

Metric = Literal["cpu", "wall", "bytes", "import"]

SHAPES = ("small", "medium", "large")


@dataclass(frozen=True)
class Workload:
    """One row of the table.

    Attributes:
        name: what it is called, ``group/...``.
        verb: method of the contenders that makes the job.
        arguments: keywords for that method.
        metric: CPU time of this process, wall time with a server, bytes kept, or import time.
        slow: takes seconds: it is repeated three times at most, one call at a time.
    """

    name: str
    verb: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    metric: Metric = "wall"
    slow: bool = False

    @property
    def in_memory(self) -> bool:
        """True when no server takes part; the colour of a contender says nothing then."""
        return self.metric != "wall"

    @property
    def group(self) -> str:
        """The section of the table."""
        return self.name.partition("/")[0]


def _in_memory() -> Iterable[Workload]:
    for shape in SHAPES:
        for touch in ("none", "three", "all"):
            yield Workload(
                f"load/{shape}, touch {touch}", "load", {"shape": shape, "touch": touch}, "cpu"
            )
    for verb in ("construct", "validate", "to_mongo"):
        for shape in SHAPES:
            yield Workload(f"{verb}/{shape}", verb, {"shape": shape}, "cpu")
    yield Workload("query/build and compile", "build_query", {}, "cpu")


def _on_server() -> Iterable[Workload]:
    for verb, label in (
        ("insert", "insert one"),
        ("insert_many", "bulk insert, per document"),
        ("get", "get by id"),
        ("save_field", "one-field save"),
    ):
        for shape in SHAPES:
            yield Workload(f"{label}/{shape}", verb, {"shape": shape})
    for shape in SHAPES:
        for touch in ("none", "all"):
            yield Workload(
                f"filter and list, per document/{shape}, touch {touch}",
                "find",
                {"shape": shape, "touch": touch},
            )
    yield Workload("filter and count/small", "count", {"shape": "small"})
    yield Workload("update/small", "update", {"shape": "small"})
    yield Workload("delete/small", "delete", {"shape": "small"})
    yield Workload("1000 posts/naive", "posts", {"prefetch": False}, slow=True)
    yield Workload("1000 posts/prefetched", "posts", {"prefetch": True})
    for verb in ("get", "save"):
        for width in (1, 10, 100):
            yield Workload(
                f"concurrent {verb}s, each/{width} at a time",
                f"concurrent_{verb}s",
                {"width": width},
            )


def _sizes() -> Iterable[Workload]:
    for shape in SHAPES:
        for touch in ("none", "all"):
            yield Workload(
                f"memory per document/{shape}, touch {touch}",
                "keep",
                {"shape": shape, "touch": touch},
                "bytes",
            )
    yield Workload("import/whole package", "imports", {}, "import")


def _huge() -> Iterable[Workload]:
    huge = {"shape": "huge", "touch": "none"}
    yield Workload("600 000 entries/load", "load", huge, "cpu", slow=True)
    yield Workload("600 000 entries/one-key save", "save_entry", {}, slow=True)


WORKLOADS: tuple[Workload, ...] = (*_in_memory(), *_on_server(), *_sizes(), *_huge())


def choose(patterns: Iterable[str]) -> list[Workload]:
    """Return the workloads whose name matches a pattern, or begins with it; all for none.

    Raises:
        ValueError: a pattern matches nothing.
    """
    wanted = list(patterns)
    for pattern in wanted:
        if not any(_matches(workload, pattern) for workload in WORKLOADS):
            names = ", ".join(dict.fromkeys(workload.group for workload in WORKLOADS))
            raise ValueError(f"no workload is called {pattern!r}; there are {names}")
    return [
        workload
        for workload in WORKLOADS
        if not wanted or any(_matches(workload, pattern) for pattern in wanted)
    ]


def _matches(workload: Workload, pattern: str) -> bool:
    return workload.name.startswith(pattern) or fnmatch(workload.name, pattern)
