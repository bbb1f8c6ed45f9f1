"""Commands beside the least they could cost, and beside the flagship's run. Nothing fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.conftest import Report, in_turn

resource = pytest.importorskip("resource")  # not on Windows

ROOT = Path(__file__).parents[2]

# What an installed `simulate` does.
PROGRAM = ("-c", "from simulate.__main__ import main; main()")
FLAGSHIP = (*PROGRAM, "run", "configs/kursk-isw.yaml")
CAMPAIGN = "configs/kursk-campaign.yaml"
PICTURES = "import numpy, matplotlib.figure, jinja2, click, pydantic, ruamel.yaml"

WALL = {
    "run, imports alone": (FLAGSHIP, ("-c", "import numpy, click, pydantic, ruamel.yaml")),
    "run, by hand with NumPy": (FLAGSHIP, ("tests/benchmarks/by_hand.py",)),
    "--help, import click": ((*PROGRAM, "--help"), ("-c", "import click")),
    "import simulate, nothing": (("-c", "import simulate"), ("-c", "pass")),
    "report, imports alone": (
        (*PROGRAM, "report", "configs/kursk-isw.yaml", "-o", "-"),
        ("-c", PICTURES),
    ),
}
"""What is compared, ours first."""

DRIFT = ("--set", "rate.drift.sd=0.3", "--set", "rate.drift.correlation_days=30")
REFERENCE = ("--set", "rate.reference.class=unit")
CPU = {
    "campaign": ("run", CAMPAIGN),
    "campaign with --strength": ("run", CAMPAIGN, "--strength"),
    "flagship with drift": ("run", "configs/kursk-isw.yaml", *DRIFT),
    "flagship with reference": ("run", "configs/kursk-isw.yaml", *REFERENCE),
    "sensitivity of the campaign": ("sensitivity", CAMPAIGN),
}
"""Commands beside the flagship's run, all on one thread."""

# With bytecode, as an installed program has it.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def run(*arguments: str) -> None:
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=ENVIRONMENT)


def cpu_of_children() -> float:
    """Seconds that finished child processes have computed."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(spent.ru_utime + spent.ru_stime)


@pytest.mark.parametrize("name", WALL)
def test_wall_time(name: str, benchmark: Any, report: Report) -> None:
    ours, other = WALL[name]
    for arguments in (ours, other):  # leaves the bytecode behind
        run(*arguments)
    best, least = in_turn(benchmark, lambda: run(*ours), lambda: run(*other), rounds=15)
    report(f"wall time: {name}", f"{best / least:.2f} times ({best:.3f} s and {least:.3f} s)")


@pytest.mark.benchmark(timer=cpu_of_children)
@pytest.mark.parametrize("name", CPU)
def test_cpu_beside_the_flagship(name: str, benchmark: Any, report: Report) -> None:
    ours = (*PROGRAM, *CPU[name], "--workers", "1")
    run(*FLAGSHIP, "--workers", "1")
    best, least = in_turn(
        benchmark, lambda: run(*ours), lambda: run(*FLAGSHIP, "--workers", "1"), rounds=5
    )
    figures = f"{best / least:.1f} times the flagship's run ({best:.2f} s and {least:.2f} s)"
    report(f"CPU: {name}", figures)
