"""Runs the benchmarks on the server that MONGODB_URI names: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from rich.console import Console
from rich.table import Table

from benchmarks import report, targets
from benchmarks.contenders import CONTENDERS, MASTER, Contender
from benchmarks.environments import environment_of
from benchmarks.link import Link
from benchmarks.runner import Effort, measure
from benchmarks.workloads import Workload, choose

QUICK = Effort(rounds=3, seconds=0.004, slow_rounds=1)


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog="nox -s bench --", description="Measure this library beside the driver and its like."
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="few short samples: under two minutes")
    add("--rounds", type=int, help="samples of each cell")
    add("--seconds", type=float, help="length of one sample")
    add("--contenders", nargs="+", default=[], metavar="NAME", help="only these, and the driver")
    add("--workloads", nargs="+", default=[], metavar="NAME", help="names, beginnings, patterns")
    add("--upstream", metavar="CHECKOUT", help="a checkout of MongoEngine takes part, too")
    add("--json", type=Path, metavar="FILE", help="write everything, every sample too")
    add("--markdown", type=Path, metavar="FILE", help="write the table")
    options = parser.parse_args(argv)
    try:
        options.workloads = choose(options.workloads)
        options.contenders = choose_contenders(options.contenders, options.upstream)
    except ValueError as error:
        parser.error(str(error))
    return options


def choose_contenders(names: Sequence[str], checkout: str | None) -> list[Contender]:
    """Return the contenders asked for, with the drivers they are measured by.

    Raises:
        ValueError: nobody is called so; the checkout is none.
    """
    everybody = list(CONTENDERS)
    if checkout is not None:
        path = Path(checkout).resolve()
        if not (path / "mongoengine").is_dir():
            raise ValueError(f"{checkout} is no checkout of MongoEngine")
        everybody.append(
            Contender(MASTER, "mongoengine_sync", "mongoengine-checkout", (str(path),), "sync")
        )
    known = [contender.name for contender in everybody]
    for name in names:
        if not any(name.lower() in one.lower() for one in known):
            raise ValueError(f"nobody is called {name!r}; there are {', '.join(known)}")
    return [
        contender
        for contender in everybody
        if not names
        or contender.module.startswith("pymongo")
        or any(name.lower() in contender.name.lower() for name in names)
    ]


def effort(options: argparse.Namespace) -> Effort:
    """Return how long to measure."""
    base = QUICK if options.quick else Effort()
    return dataclasses.replace(
        base, rounds=options.rounds or base.rounds, seconds=options.seconds or base.seconds
    )


def run(
    contenders: Sequence[Contender],
    workloads: Sequence[Workload],
    chosen: Effort,
    uri: str,
    console: Console,
) -> dict[str, Any]:
    """Measure everything; return the result as it is written to JSON."""
    pythons = [environment_of(contender) for contender in contenders]
    with contextlib.ExitStack() as stack:
        links = []
        for contender, python in zip(contenders, pythons, strict=True):
            link = Link(contender, python, uri)
            stack.callback(link.close)
            links.append(link)
        installed = {link.contender.name: link.ask("start") for link in links}

        def failed(name: str, error: Exception) -> None:
            console.print(f"{name} failed: {error}", markup=False, highlight=False)

        rows = []
        for workload in workloads:
            start = time.monotonic()
            rows.append(report.row(workload, contenders, measure(workload, links, chosen, failed)))
            took = f"{time.monotonic() - start:6.1f} s  {workload.name}"
            console.print(took, markup=False, highlight=False)
    with MongoClient[dict[str, Any]](uri) as client:
        server = client.server_info()["version"]
    about = report.header(
        installed,
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        cpus=os.cpu_count(),
        server=server,
        rounds=chosen.rounds,
        seconds=chosen.seconds,
    )
    return {"about": about, "contenders": [c.name for c in contenders], "rows": rows}


def show(result: dict[str, Any], judged: Sequence[targets.Verdict], console: Console) -> None:
    """Print the table, and the targets that are missed."""
    titles, *rows = report.table(result)
    shown = Table(*titles, title="in brackets: times the raw driver of the same colour")
    for column in shown.columns[1:]:
        column.justify = "right"
    for cells in rows:
        shown.add_row(*cells)
    console.print(shown)
    for verdict in judged:
        if not verdict.met:
            sign = "below" if verdict.at_least else "above"
            console.print(
                f"{verdict.workload}: {verdict.contender} is {verdict.found:.2f} {verdict.asked}, "
                f"{sign} the target of {verdict.limit:g}",
                markup=False,
                highlight=False,
            )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the tool; return its exit code."""
    options = parse(argv)
    uri = os.environ.get("MONGODB_URI", "").strip()
    if not uri:
        print(
            "MONGODB_URI is not set. Run `nox -s bench`, which starts a MongoDB.", file=sys.stderr
        )
        return 2
    progress = Console(stderr=True)
    result = run(options.contenders, options.workloads, effort(options), uri, progress)
    judged = targets.verdicts(result)
    show(result, judged, Console(width=None if sys.stdout.isatty() else 190))
    if options.json is not None:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if options.markdown is not None:
        options.markdown.write_text(report.markdown(result, judged), "utf-8")
    return 1 if any(line["errors"] for line in result["rows"]) else 0


if __name__ == "__main__":
    sys.exit(main())
