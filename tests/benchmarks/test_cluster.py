"""A Dask cluster of two workers beside two threads."""

from __future__ import annotations

import time
from typing import Any

from simulate.engine.cluster import dask_workers
from simulate.engine.run import run_plan
from simulate.engine.workers import Workers
from tests.benchmarks.conftest import Report
from tests.cases import COUNT, SIZE, plan, scenario, uniform

DRAWS = 2**26
ROUNDS = 5


def test_two_workers_of_a_cluster_beside_two_threads(benchmark: Any, report: Report) -> None:
    as_of = uniform("2025-01-04", "2025-01-16")
    ready = plan(scenario(COUNT, SIZE, as_of=as_of), draws=DRAWS)
    threads: list[float] = []

    def two_threads() -> None:
        began = time.perf_counter()
        run_plan(ready, Workers(2))
        threads.append(time.perf_counter() - began)

    # The start of the cluster is not counted, nor its first run, when its workers import.
    with dask_workers("local", 2) as workers:
        run_plan(ready, workers)
        benchmark.pedantic(run_plan, args=(ready, workers), setup=two_threads, rounds=ROUNDS)
    best, least = benchmark.stats.stats.min, min(threads)
    report(
        "cluster: 2^26 draws, two Dask workers beside two threads",
        f"{best:.2f} s and {least:.2f} s, {100 * (best / least - 1):+.0f} %",
    )
