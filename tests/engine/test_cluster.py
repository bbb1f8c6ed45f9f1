"""Runs on a Dask cluster: the same bytes, or an error soon; a worker that dies costs a retry."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from distributed import Client, LocalCluster

import simulate
from simulate.engine import cluster as module
from simulate.engine.cluster import dask_workers
from simulate.engine.pilot_run import plan_for
from simulate.engine.run import run_plan
from simulate.engine.sampling.streams import STREAM
from simulate.engine.workers import Workers
from simulate.errors import ClusterError
from tests.cases import COUNT, SIZE, UNCERTAIN_DATES, image, plan, scenario
from tests.engine.test_run import WALKED
from tests.hang_guard import hang_guard


@pytest.fixture(scope="module")
def two() -> Iterator[Workers]:
    with dask_workers("local", 2) as workers:
        yield workers


@pytest.mark.parametrize("method", ["lattice", "random"])
def test_two_workers_give_the_same_bytes(method: str, two: Workers) -> None:
    of = plan(scenario(COUNT, SIZE, thresholds=[0.3, 1.0], **UNCERTAIN_DATES), method, 10_000)
    assert image(run_plan(of, two)) == image(run_plan(of, Workers(1)))
    assert two.size == 2


def test_walks_by_days_too(two: Workers) -> None:
    walked = plan_for(WALKED, draws=128, seed=0, method="lattice", strength=True)
    assert image(run_plan(walked, two)) == image(run_plan(walked, Workers(1)))


def test_the_work_is_done_by_processes_of_their_own(two: Workers) -> None:
    found = two.each(_process, list(range(20)), worth_threads=True)
    assert os.getpid() not in {process for _, process in found}


def _process(_: int) -> int:
    return os.getpid()


def _die_once(victim: int) -> int:
    """End one worker, unless that was done already."""
    if os.getpid() == victim:
        os.kill(victim, signal.SIGKILL)
    return os.getpid()


def test_a_worker_that_dies_costs_a_retry(two: Workers) -> None:
    victim = next(iter(two.each(_process, [0], worth_threads=True)))[1]
    found = dict(two.each(_die_once, [victim] * 12, worth_threads=True))
    assert victim not in found.values()
    of = plan(scenario(COUNT, SIZE))
    assert image(run_plan(of, two)) == image(run_plan(of, Workers(1)))


def test_a_scheduler_elsewhere_is_used_and_left_running() -> None:
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        address = cluster.scheduler_address
        with dask_workers(address) as workers:
            assert workers.size == 2
            of = plan(scenario(COUNT, SIZE))
            assert image(run_plan(of, workers)) == image(run_plan(of, Workers(1)))
        assert client.submit(sum, [1, 2]).result() == 3


# In a process of its own: a client that fails can block the next one of the same process.
REACH = """
import sys
from simulate.engine import cluster
from simulate.errors import ClusterError
cluster._PATIENCE_SECONDS = 0.5
try:
    with cluster.dask_workers(sys.argv[1]):
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
    with pytest.raises(ClusterError, match="is empty"), dask_workers(""):
        pass


def test_a_cluster_without_workers_is_refused() -> None:
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as cluster,
        pytest.raises(ClusterError, match="has no workers"),
        dask_workers(cluster.scheduler_address),
    ):
        pass


def test_without_dask_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'simulate-depletion\[cluster\]'"):
        dask_workers("local").__enter__()


# --- clusters that are not as they should be ---

ROOT = Path(__file__).parents[2]
SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"


@contextmanager
def started(program: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of a cluster, which is killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def worker(address: str, *, otherwise: str = "pass") -> list[str]:
    """Program and arguments of a worker that no nanny replaces."""
    program = f"{otherwise}\n{WORKER}"
    return [program, address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster


def wait_for_workers(cluster: LocalCluster, n: int) -> None:
    with hang_guard():
        while len(cluster.scheduler.workers) != n:
            time.sleep(0.05)


NUMPY_AND_STREAM = (
    "import numpy, simulate.engine.sampling.streams as s\nnumpy.__version__, s.STREAM = '1.0', 'x'"
)
OTHERS = {
    "simulate": (
        "import simulate._version as v; v.__version__ = '0.0.1'",
        f"has simulate 0.0.1 instead of simulate {simulate.__version__}",
    ),
    "stream": (
        "import simulate.engine.sampling.streams as s; s.STREAM = 'stream-0'",
        f"has stream stream-0 instead of stream {STREAM}",
    ),
    "Python": (
        "import platform; platform.python_version = lambda: '3.11.99'",
        f"has Python 3.11.99 instead of Python {platform.python_version()}",
    ),
    "numpy and stream": (
        NUMPY_AND_STREAM,
        f"has stream x, numpy 1.0 instead of stream {STREAM}, numpy {np.__version__}",
    ),
    "no package": (
        "import sys; sys.modules['simulate'] = None",
        f"cannot load simulate {simulate.__version__}: ",
    ),
}


@pytest.mark.parametrize("other", sorted({*OTHERS} - {"stream"}))  # as "numpy and stream"
def test_a_worker_with_other_versions_is_refused(other: str, scheduler: LocalCluster) -> None:
    otherwise, told = OTHERS[other]
    address = scheduler.scheduler_address
    with started(*worker(address)), started(*worker(address, otherwise=otherwise)):
        wait_for_workers(scheduler, 2)
        with pytest.raises(ClusterError) as caught:
            dask_workers(address).__enter__()
    assert str(caught.value).startswith("the Dask worker at tcp://127.0.0.1:")
    assert told in str(caught.value)
    assert "more)" not in str(caught.value)
    wait_for_workers(scheduler, 0)


def test_a_scheduler_without_the_package_is_refused(tmp_path: Path) -> None:
    file = str(tmp_path / "scheduler.json")
    program = f"import sys; sys.modules['simulate'] = None\n{SCHEDULER}"
    with started(program, "--port", "0", "--no-dashboard", "--scheduler-file", file):
        address = address_in(file)
        with pytest.raises(ClusterError, match=f"scheduler at {address} cannot load simulate"):
            dask_workers(address).__enter__()


def address_in(file: str) -> str:
    with Client(scheduler_file=file, set_as_default=False) as client:  # waits for the file
        return str(client.scheduler.address)


def test_a_worker_that_comes_later_is_compared_too(
    scheduler: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PULSE_SECONDS", 0.1)
    address, otherwise = scheduler.scheduler_address, OTHERS["stream"][0]
    with started(*worker(address)):
        wait_for_workers(scheduler, 1)
        with dask_workers(address) as workers:
            done = workers.each(time.sleep, [0.1] * 600, worth_threads=True)
            next(done)
            with (
                started(*worker(address, otherwise=otherwise)),
                pytest.raises(ClusterError, match="has stream stream-0 instead of"),
            ):
                list(done)
    wait_for_workers(scheduler, 0)


def test_the_last_worker_that_dies_ends_the_run(
    scheduler: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 2)
    monkeypatch.setattr(module, "_PULSE_SECONDS", 0.1)
    address = scheduler.scheduler_address
    with started(*worker(address)) as process:
        wait_for_workers(scheduler, 1)
        with dask_workers(address) as workers:
            done = workers.each(time.sleep, [0.1] * 600, worth_threads=True)
            next(done)
            process.kill()
            with pytest.raises(ClusterError, match=f"at {address} has lost all its workers"):
                list(done)


def test_work_that_kills_every_worker_ends_the_run(two: Workers) -> None:
    with pytest.raises(ClusterError, match="4 Dask workers died with the same part of the run"):
        list(two.each(_die, [0], worth_threads=True))


def _die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_an_error_of_the_work_itself_is_passed_on(two: Workers) -> None:
    with pytest.raises(ZeroDivisionError):
        list(two.each(_divided, [0], worth_threads=True))


def _divided(by: int) -> float:
    return 1 / by


def test_a_scheduler_that_dies_ends_the_run(tmp_path: Path) -> None:
    file = str(tmp_path / "scheduler.json")
    options = ("--port", "0", "--no-dashboard", "--scheduler-file", file)
    with started(SCHEDULER, *options) as process:
        address = address_in(file)
        with started(*worker(address)), Client(address, set_as_default=False) as client:
            client.wait_for_workers(1)
            client.close()
            with dask_workers(address) as workers:
                done = workers.each(time.sleep, [0.1] * 600, worth_threads=True)
                next(done)
                process.kill()
                with pytest.raises(ClusterError, match=f"at {address} no longer answers"):
                    list(done)


def test_tls_without_certificates_says_how_they_are_given() -> None:
    with pytest.raises(ClusterError, match="DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT"):
        dask_workers("tls://127.0.0.1:9").__enter__()
