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
