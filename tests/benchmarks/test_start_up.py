"""Start-up beside the least that the same imports cost. Ratios; nothing fails for being slow."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.conftest import Report

ROOT = Path(__file__).parents[2]
ROUNDS = 15

# What an installed `simulate` does.
PROGRAM = ["-c", "from simulate.cli import main; main()"]

PAIRS = {
    "simulate run, flagship": (
        [*PROGRAM, "run", "configs/kursk-isw.yaml"],
        ["-c", "import numpy, click, pydantic, ruamel.yaml"],
    ),
    "simulate --help": ([*PROGRAM, "--help"], ["-c", "import click"]),
    "import simulate": (["-c", "import simulate"], ["-c", "pass"]),
}


# With bytecode, as an installed program has it.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def command(arguments: list[str]) -> None:
    subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT, env=ENVIRONMENT
    )


@pytest.mark.parametrize("name", PAIRS)
def test_start_up(name: str, benchmark: Any, report: Report) -> None:
    """Interleaved, the best of each; the first of both leaves the bytecode behind."""
    ours, imports = PAIRS[name]
    alone: list[float] = []

    def the_imports() -> None:
        began = time.perf_counter()
        command(imports)
        alone.append(time.perf_counter() - began)

    command(ours)
    command(imports)
    benchmark.pedantic(command, args=(ours,), setup=the_imports, rounds=ROUNDS)
    best, least = benchmark.stats.stats.min, min(alone)
    report(
        f"start-up: {name}",
        f"{best * 1e3:.0f} ms, {best / least:.2f} times {least * 1e3:.0f} ms for {imports[-1]!r}",
    )
