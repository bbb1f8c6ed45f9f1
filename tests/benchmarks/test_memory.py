"""Peak memory does not grow with the number of draws."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.benchmarks.conftest import Report
from tests.memory import PEAK


def peak(draws: int) -> float:
    command = [sys.executable, "-c", PEAK, str(draws)]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
def test_peak_of_128_times_the_draws(benchmark: Any, report: Report) -> None:
    few = peak(2**20)
    many = benchmark.pedantic(peak, args=(2**27,), rounds=1)
    report(
        "memory: 2^27 draws beside 2^20",
        f"{many:.1f} MB and {few:.1f} MB at the peak, {many - few:+.1f} MB",
    )
    assert many <= few + 20
