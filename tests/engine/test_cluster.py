"""Runs on a Dask cluster: the same bytes, and a worker that dies costs a retry."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from distributed import Client, LocalCluster

from simulate.engine.cluster import dask_workforce
from simulate.engine.plan import plan_for
from simulate.engine.run import run_plan
from simulate.engine.workforce import Workforce
from simulate.errors import ClusterError
from tests.cases import COUNT, SIZE, UNCERTAIN_DATES, plan, scenario
from tests.engine.test_run import WALKED, image


@pytest.fixture(scope="module")
def two() -> Iterator[Workforce]:
    with dask_workforce("local", 2) as workforce:
        yield workforce


@pytest.mark.parametrize("method", ["lattice", "random"])
def test_two_workers_give_the_same_bytes(method: str, two: Workforce) -> None:
    of = plan(scenario(COUNT, SIZE, thresholds=[0.3, 1.0], **UNCERTAIN_DATES), method, 10_000)
    assert image(run_plan(of, two)) == image(run_plan(of, Workforce(1)))
    assert two.size == 2


def test_walks_by_days_too(two: Workforce) -> None:
    walked = plan_for(WALKED, draws=128, seed=0, method="lattice", strength=True)
    assert image(run_plan(walked, two)) == image(run_plan(walked, Workforce(1)))


def test_the_work_is_done_by_processes_of_their_own(two: Workforce) -> None:
    found = two.each(_process, list(range(20)), worth_threads=True)
    assert os.getpid() not in {process for _, process in found}


def _process(_: int) -> int:
    return os.getpid()


def _die_once(victim: int) -> int:
    """End one worker, unless that was done already."""
    if os.getpid() == victim:
        os.kill(victim, signal.SIGKILL)
    return os.getpid()


def test_a_worker_that_dies_costs_a_retry(two: Workforce) -> None:
    victim = next(iter(two.each(_process, [0], worth_threads=True)))[1]
    found = dict(two.each(_die_once, [victim] * 12, worth_threads=True))
    assert victim not in found.values()
    of = plan(scenario(COUNT, SIZE))
    assert image(run_plan(of, two)) == image(run_plan(of, Workforce(1)))


def test_a_scheduler_elsewhere_is_used_and_left_running() -> None:
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        address = cluster.scheduler_address
        with dask_workforce(address) as workforce:
            assert workforce.size == 2
            of = plan(scenario(COUNT, SIZE))
            assert image(run_plan(of, workforce)) == image(run_plan(of, Workforce(1)))
        assert client.submit(sum, [1, 2]).result() == 3


# In a process of its own: a client that fails can block the next one of the same process.
REACH = """
import sys
from simulate.engine import cluster
from simulate.errors import ClusterError
cluster._PATIENCE_SECONDS = 0.5
try:
    with cluster.dask_workforce(sys.argv[1]):
        pass
except ClusterError as error:
    print(error)
"""


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "ftp://x:1", "tcp://"])
def test_what_cannot_be_reached_is_told(address: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", REACH, address],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.stdout.startswith(f"no Dask scheduler at {address}: ")


def test_an_empty_address_is_refused() -> None:
    with pytest.raises(ClusterError, match="is empty"), dask_workforce(""):
        pass


def test_a_cluster_without_workers_is_refused() -> None:
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as cluster,
        pytest.raises(ClusterError, match="has no workers"),
        dask_workforce(cluster.scheduler_address),
    ):
        pass


def test_without_dask_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'simulate-depletion\[cluster\]'"):
        dask_workforce("local").__enter__()
