"""Two workers of a command beside one on each road, and a Dask cluster beside two threads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from simulate.engine.cluster import dask_workers
from simulate.engine.pilot_run import plan_for
from simulate.engine.plan import Plan
from simulate.engine.run import run_plan
from simulate.engine.workers import Workers
from simulate.scenario.loader import load
from tests.benchmarks.conftest import Report, in_turn
from tests.benchmarks.test_commands import CAMPAIGN, ROOT
from tests.benchmarks.test_daily import drift_and_returns
from tests.benchmarks.test_throughput import three_inputs

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


def campaign() -> Plan:
    scenario = load(ROOT / CAMPAIGN).scenario
    return plan_for(scenario, draws=2**20, seed=0, method="lattice")


ROADS: dict[str, Callable[[], Plan]] = {
    "straight": lambda: three_inputs(2**24),
    "events": campaign,
    "daily": lambda: drift_and_returns(60_000),
}


def reachable() -> float:
    """How much more two processes do than one, in arithmetic that stays in the cache."""

    def seconds(processes: int) -> float:
        command = [sys.executable, "-c", ARITHMETIC]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(processes)]
        return max(float(process.communicate()[0]) for process in running)

    return 2 * seconds(1) / seconds(2)


@pytest.mark.parametrize("road", ROADS)
def test_two_workers_beside_one(road: str, benchmark: Any, report: Report) -> None:
    plan = ROADS[road]()
    assert plan.road == road
    two, one = in_turn(
        benchmark,
        lambda: run_plan(plan, Workers(2, forks=True)),
        lambda: run_plan(plan, Workers(1)),
        rounds=3,
    )
    possible = max(reachable() for _ in range(3))
    report(
        f"two workers beside one: {road}, {plan.design.n_draws:,} draws",
        f"{one / two:.2f} times as fast ({two:.2f} s); "
        f"two processes of plain arithmetic reach {possible:.2f} here",
    )


def test_two_workers_of_a_cluster_beside_two_threads(benchmark: Any, report: Report) -> None:
    plan = three_inputs(2**26)
    # The start of the cluster is not counted, nor its first run, when its workers import.
    with dask_workers("local", 2) as workers:
        run_plan(plan, workers)
        cluster, threads = in_turn(
            benchmark,
            lambda: run_plan(plan, workers),
            lambda: run_plan(plan, Workers(2)),
            rounds=5,
        )
    report(
        "two Dask workers beside two threads: 2^26 draws",
        f"{cluster:.2f} s and {threads:.2f} s, {100 * (cluster / threads - 1):+.0f} %",
    )
