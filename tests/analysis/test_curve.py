"""The curve and the dots against what the draws say."""

from __future__ import annotations

import numpy as np
import pytest

from simulate.analysis.binned import Binned
from simulate.analysis.curve import DOTS, curve_of


def binned(counts: list[list[int]], draws: int) -> Binned:
    table = np.array(counts, dtype=np.int64)
    return Binned(
        edges=np.arange(table.shape[1] + 1, dtype=np.float64),
        counts=table,
        below=np.zeros(len(table), dtype=np.int64),
        draws=draws,
        independent=True,
    )


def test_the_curve_is_the_share_of_draws_by_then() -> None:
    passages = binned([[0, 40, 30, 0, 10]], draws=100)
    curve = curve_of(passages)
    assert curve.days[0] == 1.0
    assert curve.at(0.5) == 0.0
    for day in (1.0, 1.5, 2.0, 2.7, 5.0, 9.0):
        assert curve.at(day) == pytest.approx(passages.cdf(day), abs=1e-9)
    assert max(curve.mc_error) == pytest.approx(1.96 * 0.5 / 10, rel=0.01)


def test_dots_are_equal_shares_and_those_never_depleted_have_no_day() -> None:
    curve = curve_of(binned([[0, 40, 30, 0, 10]], draws=100))
    assert len(curve.dots) == DOTS
    assert curve.dots.count(None) == 10
    days = [day for day in curve.dots if day is not None]
    assert days == sorted(days)
    assert sum(1 <= day <= 2 for day in days) == 20
    assert sum(4 <= day <= 5 for day in days) == 5


def test_no_draw_depleted() -> None:
    curve = curve_of(binned([[0, 0, 0]], draws=10))
    assert (curve.days, curve.probability, curve.at(3.0)) == ((), (), 0.0)
    assert set(curve.dots) == {None}


def test_one_draw() -> None:
    curve = curve_of(binned([[0, 1, 0]], draws=1))
    assert curve.at(2.0) == 1.0
    assert all(day is not None and 1 <= day <= 2 for day in curve.dots)


def test_the_curve_jumps_where_draws_share_a_day() -> None:
    """30 of 100 between days 1 and 2, then 50 at once, then 20 up to day 3."""
    edges = np.array([0.0, 1.0, 2.0, 2.0, 3.0])
    counts = np.array([[0, 30, 50, 20]], dtype=np.int64)
    below = np.zeros(1, dtype=np.int64)
    curve = curve_of(Binned(edges, counts, below, draws=100, independent=True))
    knots = list(zip(curve.days, curve.probability, strict=True))
    assert knots[0] == (1.0, 0.0)
    assert knots[-1] == (3.0, 1.0)
    jump = knots.index((2.0, 0.3))
    assert knots[jump + 1] == (2.0, 0.8)
    assert knots == sorted(knots)
    assert curve.mc_error[jump] == pytest.approx(1.96 * (0.3 * 0.7 / 100) ** 0.5, rel=0.01)
