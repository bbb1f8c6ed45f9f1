"""One table for all comparisons, printed at the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Report = Callable[[str, str], None]

_ROWS = pytest.StashKey[list[tuple[str, str]]]()


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
