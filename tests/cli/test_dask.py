"""Commands on a Dask cluster: the same bytes, done over there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from distributed import LocalCluster

from simulate.cli import cli
from simulate.errors import ClusterError
from tests.cli.process import FLAGSHIP, LEDGER, NIS, SIZES, UPDATE, call

COMMANDS = {
    "run": ("run", FLAGSHIP, "--json"),
    "claims": ("run", LEDGER, "--json"),
    "precision": ("run", FLAGSHIP, "--precision", "1", "--json"),
    "update": ("run", UPDATE, "--json"),
    "sweep": ("sweep", FLAGSHIP, *SIZES, "--json"),
    "sensitivity": ("sensitivity", FLAGSHIP, "--json"),
    "compare": ("compare", FLAGSHIP, NIS, "--json"),
    "cite": ("cite", FLAGSHIP),
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_bytes_from_the_cluster(command: str, cluster: LocalCluster) -> None:
    arguments = (*COMMANDS[command], "-n", "8192")
    here = call(*arguments)
    before = cluster.scheduler.transition_counter
    there = call(*arguments, "--dask", cluster.scheduler_address)
    assert there.stdout == here.stdout
    assert cluster.scheduler.transition_counter > before


def test_exit_code() -> None:
    assert ClusterError.exit_code == 5
    found = CliRunner().invoke(cli, ["run", FLAGSHIP, "--dask", "tls://127.0.0.1:9"])
    assert isinstance(found.exception, ClusterError)
    assert not found.stdout
