"""Percentiles between whose two values no draws lie, which no number of draws can decide."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
import pytest

import simulate
from simulate.analysis.binned import Binned
from tests.analysis.test_binned import HOURS, binned

ARITHMETIC = """title: B
force: {size: 12000}
losses: {%s, as_of: 2025-01-16, start: 2024-12-06}
"""
TWO = "count: {distribution: discrete, values: [3000, 4000], weights: %s}"


def run(losses: str, more: str = "", **asked: object) -> simulate.Result:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "b.yaml"
        file.write_text((ARITHMETIC % losses) + more, encoding="utf-8")
        return simulate.run(simulate.load(file), draws=8192, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["lattice", "random", "sobol", "latin-hypercube"])
def test_the_median_of_two_equal_atoms(method: str) -> None:
    # 12,000 / (3000 / 41) = 164 days and 12,000 / (4000 / 41) = 123 days after 6 December.
    at = run(TWO % "[1, 1]", method=method).outcome().median
    assert at.gap == (dt.date(2025, 4, 8), dt.date(2025, 5, 19))


@pytest.mark.parametrize("weights", ["[3, 7]", "[0.45, 0.55]", "[0.9, 0.1]"])
def test_a_median_at_one_atom_is_in_no_gap(weights: str) -> None:
    # 8,192 random draws tell .45 from .5 at nine standard deviations.
    for method in ("lattice", "random"):
        outcome = run(TWO % weights, method=method).outcome()
        assert outcome.median.gap is None
        assert outcome.median.mc_error_days == pytest.approx(0, abs=0.1)


def test_a_gap_between_parts_of_a_mixture() -> None:
    parts = (
        "{distribution: uniform, low: 3000, high: 3200}, "
        "{distribution: uniform, low: 4000, high: 4200}"
    )
    at = run(f"count: {{distribution: mixture, components: [{parts}]}}").outcome().median
    # 492,000 / 4000 = 123 days and 492,000 / 3200 = 153.75 days; draws come near both.
    assert at.gap is not None
    low, high = at.gap
    assert high is not None
    start = dt.date(2024, 12, 6)
    assert 122 <= (low - start).days <= 123
    assert 153 <= (high - start).days <= 154


@pytest.mark.parametrize("seed", range(8))
def test_a_gap_between_a_date_and_never(seed: int) -> None:
    end = "ends: [{label: withdrawal, date: 2025-02-01, probability: %s}]\n"
    median = run("count: 3800", end % 0.5, method="random", seed=seed).outcome().median
    # As many draws as not are depleted, a few more or less: none of eight is off by 1 / 2000.
    assert median.gap == (dt.date(2025, 4, 14), None)
    assert run("count: 3800", end % 0.4, method="random", seed=seed).outcome().median.gap is None
    assert run("count: 3800", end % 0.6, method="random", seed=seed).outcome().median.gap is None


def test_draws_far_apart_are_no_gap() -> None:
    """Heavy tails and few draws: none of 2,800 percentiles, chance of an alarm 3e-3 at most."""
    rng = np.random.default_rng(1)
    for _ in range(100):
        for n in (128, 1024):
            days = 20 * rng.pareto(1.2, n)  # those beyond the last bin are never depleted
            for independent in (True, False):
                found = binned(days, HOURS, independent=independent)
                levels = [q for q in (0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975) if found.supports(q)]
                assert [found.gap(level) for level in levels] == [None] * len(levels)


def test_two_heaps_are_a_gap_whatever_the_error() -> None:
    """The control: the same draws pulled apart in the middle."""
    days = np.concatenate([np.linspace(10, 40, 512), np.linspace(140, 170, 512)])
    for independent in (True, False):
        found: Binned = binned(days, HOURS, independent=independent)
        low, high = found.gap(0.5) or (0.0, 0.0)
        assert low == pytest.approx(40, abs=0.5)
        assert high == pytest.approx(140, abs=0.5)
        assert found.gap(0.25) is None
