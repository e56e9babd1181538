"""The regression gate: `nox -s bench_gate`, part of every check, without a server.

Compares what our own code costs with decoding the same document by `bson`, both measured in
turn in this process, with limits of half as much again as was measured (`gate_limits.json`).
A machine's speed cancels out; a limit is broken by code that became slower. What is above its
limit is measured again before it counts, because a neighbour can only make things slower.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bson

from benchmarks import shapes
from benchmarks.contenders.mongoengine_models import MODELS, build
from benchmarks.contenders.ours_sync import hydrate

__all__ = ("LIMITS", "Measure", "excesses", "main", "measures", "relative_cost")

LIMITS = Path(__file__).with_name("gate_limits.json")
MARGIN = 1.5
SHAPES = ("small", "medium", "large")
ATTEMPTS = 5

_SAMPLE = 0.002
_REPEATS = 25

Action = Callable[[], Any]


@dataclass(frozen=True)
class Measure:
    """Something that must not become slower, and what it is compared with."""

    name: str
    action: Action
    unit: Action


def measures() -> Iterator[Measure]:
    """Yield what is watched."""
    for shape in SHAPES:
        yield from _of_shape(shape)
    small = MODELS["small"]
    unit = _decoding("small")[0]

    def query() -> Any:
        queryset = small.objects(name="Person", age__gte=3).order_by("-created").limit(10)
        return queryset._query, queryset._find_options()

    found = small.objects(name="Person")
    yield Measure("query", query, unit)
    yield Measure("queryset clone", found.clone, unit)


def _decoding(shape: str) -> tuple[Action, bytes]:
    raw = bson.encode(shapes.with_ids(iter([shapes.values(shape, 1)]))[0])
    return lambda: bson.decode_all(raw), raw


def _of_shape(shape: str) -> Iterator[Measure]:
    unit, raw = _decoding(shape)
    load = hydrate(MODELS[shape])
    values = shapes.values(shape, 1)
    touch = shapes.compile_touch(shape, "all", by_key=False)

    def touched() -> None:
        touch(load(bson.decode_all(raw))[0])

    document = build(shape, values)
    (stored,) = load(bson.decode_all(raw))
    numbers = iter(range(1_000_000_000))

    def delta() -> Any:
        stored.age = next(numbers)
        changes = stored._delta()
        stored._clear_changed_fields()
        return changes

    yield Measure(f"load/{shape}", lambda: load(bson.decode_all(raw)), unit)
    yield Measure(f"load and touch all/{shape}", touched, unit)
    yield Measure(f"construct/{shape}", lambda: build(shape, values), unit)
    yield Measure(f"validate/{shape}", document.validate, unit)
    yield Measure(f"to_mongo/{shape}", document.to_mongo, unit)
    yield Measure(f"save delta/{shape}", delta, unit)


def _seconds(action: Action, calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        action()
    return (time.process_time() - start) / calls


def _calls(action: Action) -> int:
    """Return how many calls make a sample."""
    # The first call compiles the class's plan: timed, it would make samples far too short.
    action()
    calls = 1
    while (spent := _seconds(action, calls) * calls) < _SAMPLE / 2:
        calls *= 2
    return max(1, round(calls * _SAMPLE / spent))


def relative_cost(measure: Measure) -> float:
    """Return how many of its units a measure costs: minima of samples taken in turn."""
    calls, unit_calls = _calls(measure.action), _calls(measure.unit)
    cost = unit_cost = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(_REPEATS):
            cost = min(cost, _seconds(measure.action, calls))
            unit_cost = min(unit_cost, _seconds(measure.unit, unit_calls))
    finally:
        gc.enable()
    return cost / unit_cost


def excesses(found: Mapping[str, float], limits: Mapping[str, float]) -> dict[str, float]:
    """Return what is above its limit, by how many times.

    Raises:
        KeyError: something has no limit; a new measure needs `--update`.
    """
    return {name: cost / limits[name] for name, cost in found.items() if cost > limits[name]}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the gate; return its exit code."""
    parser = argparse.ArgumentParser(prog="nox -s bench_gate --")
    parser.add_argument("--update", action="store_true", help="write new limits from this run")
    options = parser.parse_args(argv)

    watched = {measure.name: measure for measure in measures()}
    if options.update:
        # The middle of several: a limit must not rest on one odd moment, up or down.
        limits = {
            name: round(MARGIN * statistics.median(relative_cost(m) for _ in range(ATTEMPTS)), 2)
            for name, m in watched.items()
        }
        LIMITS.write_text(json.dumps(limits, indent=2) + "\n", "utf-8")
        return 0

    found = {name: relative_cost(measure) for name, measure in watched.items()}
    limits = json.loads(LIMITS.read_text("utf-8"))
    for _ in range(ATTEMPTS - 1):
        for name in excesses(found, limits):
            found[name] = min(found[name], relative_cost(watched[name]))
    above = excesses(found, limits)
    for name, cost in found.items():
        sign = "  <-- too slow" if name in above else ""
        print(f"{name:32} {cost:8.2f} decodes of {limits[name]:8.2f} allowed{sign}")
    print(f"{len(found) - len(above)} passed, {len(above)} failed")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
