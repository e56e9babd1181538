"""From samples to what people read: a summary for JSON, a table in Markdown."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.contenders import MASTER, Contender, baseline_of
from benchmarks.runner import Cell
from benchmarks.samples import ratio, typical
from benchmarks.targets import Verdict
from benchmarks.workloads import Workload

__all__ = ("header", "markdown", "row", "table")

_UNITS = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))
#: Packages whose versions a result names.
_NAMED = frozenset({"pymongo", "mongoengine", "beanie", "odmantic", "pydantic", "motor"})
_DASH = "-"


def row(
    workload: Workload, contenders: Sequence[Contender], cells: Mapping[str, Cell]
) -> dict[str, Any]:
    """Return one row of the summary: the typical values and every sample."""
    times = {
        name: typical(cell.values, workload.metric) for name, cell in cells.items() if cell.values
    }
    bases = {
        contender.name: times.get(baseline_of(contender, in_memory=workload.in_memory))
        for contender in contenders
    }
    return {
        "name": workload.name,
        "metric": workload.metric,
        "typical": times,
        "times_raw": {
            name: found
            for name, value in times.items()
            if (found := ratio(value, bases[name])) is not None
        },
        "mongoengine_over_ours": ratio(
            times.get("MongoEngine", times.get(MASTER)), times.get("ours sync")
        ),
        "samples": {name: cell.values for name, cell in cells.items()},
        "calls": {name: cell.calls for name, cell in cells.items()},
        "errors": {name: cell.error for name, cell in cells.items() if cell.error is not None},
    }


def header(installed: Mapping[str, Mapping[str, Any]], **facts: Any) -> dict[str, Any]:
    """Return what a result must say about itself: never who or where.

    Args:
        installed: the answers of the workers when they started, by contender.
        **facts: date, effort, server.
    """
    versions = {
        name: {k: v for k, v in answer["installed"].items() if k.lower() in _NAMED}
        for name, answer in installed.items()
    }
    return {
        **facts,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions,
    }


def shown(value: float | None, metric: str) -> str:
    """Return a value with its unit, three digits."""
    if value is None:
        return _DASH
    if metric == "bytes":
        return f"{value:,.0f} B"
    # What would be rounded up to the next unit is shown in it: 999.6 µs is 1 ms.
    unit, size = next((u for u in _UNITS if value >= u[1] * 0.9995), _UNITS[-1])
    return f"{value / size:.3g} {unit}"


def table(result: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the rows of the table, the first of which are the titles."""
    names = result["contenders"]
    yield ["workload", *names, "MongoEngine / ours"]
    for line in result["rows"]:
        cells = [_cell(line, name) for name in names]
        over = line["mongoengine_over_ours"]
        yield [line["name"], *cells, _DASH if over is None else f"{over:.1f}"]


def _cell(line: Mapping[str, Any], name: str) -> str:
    if name in line["errors"]:
        return "failed"
    value, times = line["typical"].get(name), line["times_raw"].get(name)
    if value is None or times is None or name.startswith("PyMongo"):
        return shown(value, line["metric"])
    return f"{shown(value, line['metric'])} ({times:.2f})"


def markdown(result: Mapping[str, Any], judged: Iterable[Verdict]) -> str:
    """Return the whole result for readers."""
    about = result["about"]
    judged = list(judged)
    missed = [verdict for verdict in judged if not verdict.met]
    titles, *rows = table(result)
    lines = [
        f"# {about['date']}",
        "",
        (
            f"Python {about['python']}, {about['system']}, {about['cpus']} CPUs, "
            f"MongoDB {about['server']}, {about['rounds']} rounds of {about['seconds']} s."
        ),
        "",
        *(
            f"- {name}: {', '.join(f'{k} {v}' for k, v in sorted(versions.items()))}"
            for name, versions in about["versions"].items()
        ),
        "",
        "In brackets: times the raw driver of the same colour.",
        "",
        _line(titles),
        _line(["---", *["--:"] * (len(titles) - 1)]),
        *map(_line, rows),
        "",
        f"## Targets: {len(judged) - len(missed)} met, {len(missed)} missed",
        "",
    ]
    if missed:
        lines += [
            _line(["workload", "contender", "target", "found", "limit"]),
            _line(["---", "---", "---", "--:", "--:"]),
            *(_line([v.workload, v.contender, v.asked, f"{v.found:.2f}", _limit(v)])
              for v in missed),
            "",
        ]  # fmt: skip
    for line in result["rows"]:
        lines += [f"- {line['name']}, {who}: {why}" for who, why in line["errors"].items()]
    return "\n".join(lines).rstrip() + "\n"


def _limit(verdict: Verdict) -> str:
    return f"{'≥' if verdict.at_least else '≤'} {verdict.limit:g}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
