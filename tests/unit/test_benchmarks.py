"""The benchmarks' own decisions: who is asked when, what samples become, what is a miss."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import gate, report, samples, shapes, targets
from benchmarks.contenders import CONTENDERS, Contender, baseline_of
from benchmarks.contenders.job import Job
from benchmarks.link import Link, WorkerError
from benchmarks.runner import Cell, Effort, measure, rotated
from benchmarks.workloads import WORKLOADS, Workload, choose

ROW = Workload("load/small", "load", {"shape": "small"}, "wall")


def contender(name: str, *, in_memory: bool = True) -> Contender:
    return Contender(name, "module", "environment", (), "sync", in_memory)


class FakeWorker:
    def __init__(self, name: str, log: list[str], answers: Any, **options: bool) -> None:
        self.contender = contender(name, **options)
        self.log = log
        self.answers = iter(answers)
        self.requests: list[dict[str, Any]] = []

    def ask(self, request: str, /, **arguments: Any) -> dict[str, Any]:
        self.log.append(self.contender.name)
        self.requests.append(arguments)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


def never(name: str, error: Exception) -> None:
    raise AssertionError(f"{name} failed: {error}")


def steady(value: float) -> Any:
    return itertools.repeat({"value": value, "calls": 8})


# Rounds


def test_rotating_begins_with_another_one_and_loses_none() -> None:
    assert [rotated("abc", number) for number in range(4)] == [
        ["a", "b", "c"],
        ["b", "c", "a"],
        ["c", "a", "b"],
        ["a", "b", "c"],
    ]
    assert rotated([], 3) == []


def test_every_round_asks_all_contenders_beginning_with_another_one() -> None:
    log: list[str] = []
    workers = [FakeWorker(name, log, steady(1)) for name in "abc"]
    measure(ROW, workers, Effort(rounds=3), never)
    assert "".join(log) == "abcbcacab"


def test_the_calls_of_the_first_sample_are_kept_for_all_rounds() -> None:
    worker = FakeWorker("a", [], steady(1))
    measure(ROW, [worker], Effort(rounds=3), never)
    assert [request["calls"] for request in worker.requests] == [None, 8, 8]


def test_who_cannot_do_a_workload_is_asked_once_and_has_no_cell() -> None:
    log: list[str] = []
    workers = [FakeWorker("a", log, [{}]), FakeWorker("b", log, steady(2))]
    cells = measure(ROW, workers, Effort(rounds=3), never)
    assert set(cells) == {"b"}
    assert log.count("a") == 1
    assert cells["b"].values == [2, 2, 2]


def test_who_fails_leaves_the_row_and_the_others_go_on() -> None:
    told: list[str] = []
    failing = FakeWorker("a", [], [{"value": 1, "calls": 1}, WorkerError("Traceback\nOops: no")])
    cells = measure(
        ROW,
        [failing, FakeWorker("b", [], steady(2))],
        Effort(rounds=3),
        lambda name, error: told.append(name),
    )
    assert told == ["a"]
    assert cells["a"].error == "Oops: no"
    assert len(cells["b"].values) == 3


def test_the_second_colour_is_not_asked_for_what_happens_in_memory() -> None:
    log: list[str] = []
    workers = [FakeWorker("a", log, steady(1)), FakeWorker("b", log, steady(1), in_memory=False)]
    measure(Workload("x", "x", {}, "cpu"), workers, Effort(rounds=1), never)
    assert log == ["a"]


def test_what_takes_seconds_gets_fewer_rounds_of_one_call() -> None:
    worker = FakeWorker("a", [], steady(1))
    slow = Workload("x", "x", {}, "wall", slow=True)
    measure(slow, [worker], Effort(rounds=9, slow_rounds=2), never)
    assert [request["calls"] for request in worker.requests] == [1, 8]


# Samples


def test_memory_work_is_worth_its_minimum_and_server_work_its_median() -> None:
    assert samples.typical([3.0, 1.0, 2.0], "cpu") == 1.0
    assert samples.typical([3.0, 1.0, 2.0], "wall") == 2.0


def test_a_ratio_needs_both_numbers() -> None:
    assert samples.ratio(3.0, 2.0) == 1.5
    assert samples.ratio(None, 2.0) is None
    assert samples.ratio(3.0, None) is None


@pytest.mark.parametrize("awaited", [False, True])
def test_a_sample_prepares_and_makes_exactly_the_calls_it_was_asked_for(awaited: bool) -> None:
    ready: list[int] = []

    async def consume() -> None:
        ready.pop()

    def prepare(calls: int) -> None:
        ready[:] = range(calls)

    call: Callable[[], Any] = consume if awaited else ready.pop
    asyncio.run(samples.sample(Job(call, prepare=prepare), 5, "wall"))
    assert ready == []


def test_calibrating_stays_below_what_a_job_allows() -> None:
    prepared: list[int] = []
    job = Job(lambda: None, prepare=prepared.append, most=10)
    assert asyncio.run(samples.calibrate(job, 60.0, "wall")) == 10
    assert max(prepared) <= 10


def test_memory_is_counted_per_document() -> None:
    one = samples.kept_bytes(Job(lambda: [bytearray(10_000) for _ in range(10)], units=10))
    assert 10_000 <= one < 11_000


# Workloads and contenders


def test_names_of_workloads_are_unique() -> None:
    assert len({workload.name for workload in WORKLOADS}) == len(WORKLOADS)


def test_workloads_are_chosen_by_beginning_or_pattern() -> None:
    assert {workload.group for workload in choose(["load"])} == {"load"}
    assert [workload.name for workload in choose(["*one-key*"])] == ["600 000 entries/one-key save"]
    assert choose([]) == list(WORKLOADS)
    with pytest.raises(ValueError, match="no workload is called 'lode'"):
        choose(["lode"])


def test_everybody_is_measured_by_a_driver_that_takes_part() -> None:
    names = {contender.name for contender in CONTENDERS}
    assert {baseline_of(c, in_memory=False) for c in CONTENDERS} <= names
    assert baseline_of(CONTENDERS[-1], in_memory=True) == "PyMongo sync"


def test_every_target_names_a_workload() -> None:
    shaped = [*targets.TIMES_RAW, *targets.FASTER_THAN_MONGOENGINE]
    names = {pattern.format(shape) for pattern in shaped for shape in targets.SHAPES}
    names.update(targets.TIMES_RAW_ONCE, targets.FASTER_ONCE)
    assert names <= {workload.name for workload in WORKLOADS}


def test_a_worker_that_ends_is_an_error_not_a_wait() -> None:
    broken = Contender("nobody", "no_such_module", "none", (), "sync")
    link = Link(broken, Path(sys.executable), "mongodb://127.0.0.1:1")
    with pytest.raises(WorkerError, match="nobody ended"):
        link.ask("start")
    link.close()
    assert link.process.returncode


# Shapes


class Reads(dict[str, Any]):
    """A dict that remembers what was asked of it."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(values)
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> Any:
        self.asked.append(name)
        return super().__getitem__(name)


def test_touching_reads_three_fields_or_all_down_to_the_last() -> None:
    three = Reads(shapes.values("large", 1))
    shapes.compile_touch("large", "three", by_key=True)(three)
    assert three.asked == list(shapes.TOUCHED)

    values = shapes.values("large", 1)
    detail = values["lines"][-1]["detail"] = Reads(values["lines"][-1]["detail"])
    everything = Reads(values)
    shapes.compile_touch("large", "all", by_key=True)(everything)
    assert everything.asked == list(values)
    assert detail.asked == ["color", "weight"]


# What people read


def result_of(typical: dict[str, float]) -> dict[str, Any]:
    cells = {name: Cell([value], 1) for name, value in typical.items()}
    workload = Workload("load/small, touch none", "load", {}, "cpu")
    line = report.row(workload, CONTENDERS, cells)
    about = report.header(
        {"ours sync": {"installed": {"pymongo": "4", "pip": "1"}}},
        date="2024-02-29", cpus=2, server="6.0", rounds=1, seconds=0.1,
    )  # fmt: skip
    return {"about": about, "contenders": [c.name for c in CONTENDERS], "rows": [line]}


def test_a_row_has_the_ratios_people_ask_for() -> None:
    row = result_of({"PyMongo sync": 1e-6, "ours sync": 2e-6, "MongoEngine": 40e-6})["rows"][0]
    assert row["times_raw"]["ours sync"] == pytest.approx(2)
    assert row["mongoengine_over_ours"] == pytest.approx(20)


def test_a_target_is_missed_on_the_wrong_side_of_its_limit() -> None:
    result = result_of(
        {"PyMongo sync": 1e-6, "ours sync": 2e-6, "MongoEngine": 40e-6, "Beanie": 1e-6}
    )
    met = {verdict.asked: verdict.met for verdict in targets.verdicts(result)}
    assert met == {
        "times the raw driver": False,
        "times faster than MongoEngine": True,
        "times Beanie": False,
    }


def test_the_page_shows_a_dash_for_what_cannot_be_done_and_lists_what_is_missed() -> None:
    result = result_of({"PyMongo sync": 1e-6, "ours sync": 2e-6})
    page = report.markdown(result, targets.verdicts(result))
    assert "| load/small, touch none | 1 µs | - | 2 µs (2.00) | - |" in page
    assert "0 met, 1 missed" in page
    assert "pip" not in page


@pytest.mark.parametrize(
    ("value", "metric", "text"),
    [(0.9999996, "wall", "1 s"), (0.0123, "cpu", "12.3 ms"), (1234.4, "bytes", "1,234 B")],
)
def test_values_are_shown_with_three_digits_and_a_unit(
    value: float, metric: str, text: str
) -> None:
    assert report.shown(value, metric) == text


# The gate


def test_the_gate_lets_pass_what_is_within_its_limit_only() -> None:
    assert gate.excesses({"a": 1.0, "b": 3.0}, {"a": 1.0, "b": 2.0}) == {"b": 1.5}


def test_the_gate_has_a_limit_for_all_it_measures() -> None:
    limits = json.loads(gate.LIMITS.read_text("utf-8"))
    assert set(limits) == {measure.name for measure in gate.measures()}
