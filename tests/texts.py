"""Answers as a terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from simulate.analysis.backtest import Backtest
from simulate.analysis.comparison import Comparison
from simulate.analysis.sensitivity import SensitivityResult
from simulate.analysis.summary import Summary
from simulate.analysis.sweep import Sweep
from simulate.report.pages.backtest import backtest_page
from simulate.report.pages.comparison import comparison_page
from simulate.report.pages.run import run_page
from simulate.report.pages.sensitivity import sensitivity_page
from simulate.report.pages.sweep import sweep_page
from simulate.report.render.terminal import render


@contextmanager
def undrawn() -> Iterator[None]:
    """Pages without their pictures, which take longest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulate.report.render.html._drawn", lambda *_: "")
        yield


def backtest_text(backtest: Backtest, width: int = 80, **look: Any) -> str:
    """A back-test."""
    return render(backtest_page(backtest), width, **look)


def run_text(summary: Summary, width: int = 80, *, verbose: bool = False, **look: Any) -> str:
    """The answer of a run; `look` as in `render`."""
    return render(run_page(summary, verbose=verbose), width, **look)


def comparison_text(comparison: Comparison, width: int = 80, **look: Any) -> str:
    """A comparison."""
    return render(comparison_page(comparison), width, **look)


def sweep_text(sweep: Sweep, width: int = 80, **look: Any) -> str:
    """A sweep in full."""
    return render(sweep_page(sweep, verbose=True), width, **look)


def sensitivity_text(
    report: SensitivityResult, width: int = 80, *, verbose: bool = False, **look: Any
) -> str:
    """A sensitivity analysis."""
    return render(sensitivity_page(report, verbose=verbose), width, **look)
