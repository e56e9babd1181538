"""Measuring: every workload in rounds, every round through all contenders in a new order.

What changes on the machine from minute to minute so meets all contenders alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.contenders import Contender
from benchmarks.workloads import Workload

__all__ = ("Cell", "Effort", "Worker", "measure", "rotated")

#: What is counted rather than timed needs one more round, to show that it does not vary.
COUNTED_ROUNDS = 2


class Worker(Protocol):
    """Whoever can be asked to measure, see `benchmarks.link.Link`."""

    @property
    def contender(self) -> Contender:
        """Who it works for."""

    def ask(self, request: str, /, **arguments: Any) -> dict[str, Any]:
        """Return the answer to a request."""


@dataclass(frozen=True)
class Effort:
    """How long to measure: rounds, seconds of one sample, rounds of what takes seconds."""

    rounds: int = 11
    seconds: float = 0.05
    slow_rounds: int = 3

    def rounds_of(self, workload: Workload) -> int:
        """Return the rounds one workload gets."""
        if workload.slow:
            return min(self.rounds, self.slow_rounds)
        return min(self.slow_rounds, COUNTED_ROUNDS) if workload.metric == "bytes" else self.rounds


@dataclass
class Cell:
    """The samples of one contender for one workload, per unit; why there are none."""

    values: list[float] = field(default_factory=list)
    calls: int | None = None
    error: str | None = None


def rotated(items: Sequence[Any], by: int) -> list[Any]:
    """Return the items beginning with another one, so that nobody is always first."""
    by %= len(items) or 1
    return [*items[by:], *items[:by]]


def measure(
    workload: Workload,
    workers: Sequence[Worker],
    effort: Effort,
    failed: Callable[[str, Exception], None],
) -> dict[str, Cell]:
    """Return the cells of one row, by contender; only those who can do it.

    Args:
        workload: the row.
        workers: all contenders.
        effort: how often, how long.
        failed: is told who raised what; the row goes on without them.
    """
    cells: dict[str, Cell] = {}
    playing = [w for w in workers if w.contender.in_memory or not workload.in_memory]
    for number in range(effort.rounds_of(workload)):
        for worker in rotated(playing, number):
            name = worker.contender.name
            cell = cells.setdefault(name, Cell(calls=1 if workload.slow else None))
            try:
                answer = worker.ask(
                    "measure",
                    name=workload.name,
                    verb=workload.verb,
                    arguments=dict(workload.arguments),
                    metric=workload.metric,
                    seconds=effort.seconds,
                    calls=cell.calls,
                )
            except RuntimeError as error:
                failed(name, error)
                cell.error = str(error).strip().rpartition("\n")[2]
                playing.remove(worker)
                continue
            if not answer:
                del cells[name]
                playing.remove(worker)
                continue
            cell.values.append(answer["value"])
            cell.calls = answer["calls"]
    return cells
