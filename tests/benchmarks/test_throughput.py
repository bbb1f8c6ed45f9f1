"""A run beside its quantile functions alone, and two threads beside one."""

from __future__ import annotations

import subprocess
import sys
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

ARITHMETIC = """
import time
import numpy as np
x = np.linspace(1, 2, 4096)
y = np.empty_like(x)
began = time.perf_counter()
for _ in range(100_000):
    np.multiply(x, 1.0001, out=y)
    np.add(y, x, out=y)
    np.divide(x, y, out=y)
print(time.perf_counter() - began)
"""


def three_inputs() -> Plan:
    as_of = uniform("2025-01-04", "2025-01-16")
    return plan(scenario(COUNT, SIZE, as_of=as_of), draws=DRAWS)


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
    ready = three_inputs()
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


def test_two_threads_beside_one(benchmark: Any, report: Report) -> None:
    ready = three_inputs()
    alone: list[float] = []

    def one_thread() -> None:
        began = time.perf_counter()
        run_plan(ready, Workers(1))
        alone.append(time.perf_counter() - began)

    benchmark.pedantic(run_plan, args=(ready, Workers(2)), setup=one_thread, rounds=ROUNDS)
    possible = max(reachable() for _ in range(ROUNDS))
    gain = min(alone) / benchmark.stats.stats.min
    report(
        "throughput: two threads beside one",
        f"{gain:.2f} times as fast; two processes of plain arithmetic reach {possible:.2f} here",
    )


def reachable() -> float:
    """How much more two processes do than one, in arithmetic that stays in the cache."""

    def seconds(processes: int) -> float:
        command = [sys.executable, "-c", ARITHMETIC]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(processes)]
        return max(float(process.communicate()[0]) for process in running)

    return 2 * seconds(1) / seconds(2)
