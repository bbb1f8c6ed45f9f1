"""Two functions in turn, and one table for all comparisons, printed at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Report = Callable[[str, str], None]

_ROWS = pytest.StashKey[list[tuple[str, str]]]()


def in_turn(
    benchmark: Any,
    ours: Callable[[], object],
    other: Callable[[], object],
    rounds: int,
) -> tuple[float, float]:
    """Least seconds of ours and of the other, run in turn so that both meet the same machine."""
    timer: Callable[[], float] = benchmark._timer
    alone: list[float] = []

    def the_other() -> None:
        began = timer()
        other()
        alone.append(timer() - began)

    benchmark.pedantic(ours, setup=the_other, rounds=rounds)
    return float(benchmark.stats.stats.min), min(alone)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Add a line to the table: what was compared, and the figures."""
    rows = request.config.stash.setdefault(_ROWS, [])
    return lambda what, figures: rows.append((what, figures))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    rows = config.stash.get(_ROWS, [])
    if rows:
        terminalreporter.section("comparisons")
        width = max(len(what) for what, _ in rows)
        for what, figures in rows:
            terminalreporter.line(f"{what:<{width}}  {figures}")
