"""A run beside its quantile functions alone."""

from __future__ import annotations

import time
from typing import Any

from simulate.engine.plan import Plan
from simulate.engine.run import run_plan
from simulate.engine.sampling.points import METHODS
from simulate.engine.workers import Workers
from tests.benchmarks.conftest import Report
from tests.cases import COUNT, SIZE, plan, scenario, uniform

DRAWS = 2**24
ROUNDS = 3


def three_inputs(draws: int) -> Plan:
    as_of = uniform("2025-01-04", "2025-01-16")
    return plan(scenario(COUNT, SIZE, as_of=as_of), draws=draws)


def quantile_functions(ready: Plan) -> float:
    """Seconds for the quantile functions at all points of a run, without the points' own time."""
    seconds = 0.0
    for task in ready.design.tasks:
        for points in METHODS["lattice"](ready.design, ready.seed, ready.names, *task):
            began = time.perf_counter()
            for distribution, column in zip(ready.columns.values(), points, strict=True):
                distribution.ppf(column)
            seconds += time.perf_counter() - began
    return seconds


def test_run_beside_its_quantile_functions(benchmark: Any, report: Report) -> None:
    ready = three_inputs(DRAWS)
    alone: list[float] = []
    benchmark.pedantic(
        run_plan,
        args=(ready, Workers(1)),
        setup=lambda: alone.append(quantile_functions(ready)),
        rounds=ROUNDS,
    )
    best, least = benchmark.stats.stats.min, min(alone)
    report(
        "throughput: 2^24 draws, 3 inputs, one thread",
        f"{best:.2f} s, {DRAWS / best / 1e6:.1f} million draws a second, "
        f"{best / least:.2f} times its quantile functions ({least:.2f} s)",
    )
