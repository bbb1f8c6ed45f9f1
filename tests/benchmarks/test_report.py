"""`simulate report` beside the least that the same imports cost. A ratio; nothing fails."""

from __future__ import annotations

import time
from typing import Any

from tests.benchmarks.conftest import Report
from tests.benchmarks.test_start_up import PROGRAM, command

ROUNDS = 10
OURS = [*PROGRAM, "report", "configs/kursk-isw.yaml", "-o", "-"]
IMPORTS = ["-c", "import numpy, matplotlib.figure, jinja2, click, pydantic, ruamel.yaml"]


def test_report(benchmark: Any, report: Report) -> None:
    """Interleaved, the best of each; the first of both leaves the bytecode behind."""
    alone: list[float] = []

    def the_imports() -> None:
        began = time.perf_counter()
        command(IMPORTS)
        alone.append(time.perf_counter() - began)

    command(OURS)
    command(IMPORTS)
    benchmark.pedantic(command, args=(OURS,), setup=the_imports, rounds=ROUNDS)
    best, least = benchmark.stats.stats.min, min(alone)
    report(
        "simulate report, flagship",
        f"{best * 1e3:.0f} ms, {best / least:.2f} times {least * 1e3:.0f} ms for {IMPORTS[-1]!r}",
    )
