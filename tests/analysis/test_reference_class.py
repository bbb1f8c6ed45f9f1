"""The law of a date under a rate that changes as past rates did, and the scale a series shows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulate.analysis.past_forecasts import reference_cdf as cdf
from simulate.analysis.past_forecasts import reference_ppf as ppf
from simulate.scenario.arrays import Floats
from simulate.scenario.counts import Counts
from simulate.scenario.own_past import past_scales
from simulate.scenario.reference import DEGREES, Reference, spread
from tests.analysis.series import daily

FRONT, UNIT = (Reference.model_validate({"class": kind}).prior for kind in ("front", "unit"))
PUBLISHED = (12_000 - 3_800) / (3_800 / 41)
LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
DATES = {
    1.0: (88.201902, 111.273706, 129.473684, 153.622782, 220.040063),
    UNIT: (78.589927, 105.211342, 129.473684, 165.532238, 277.388199),
}


def test_spread() -> None:
    found = spread(np.array([30.0, 90.0, 180.0, 365.0]))
    assert found == pytest.approx([0.276223999, 0.319670451, 0.330637293, 0.314311397], abs=1e-9)
    assert found[1] ** 2 - 0.22**2 == pytest.approx(0.053789197, abs=1e-9)
    assert FRONT * found[1] == pytest.approx(0.30, abs=1e-9)
    assert UNIT * found[1] == pytest.approx(0.45, abs=1e-9)
    # The path adds 2/3 of .16 t/90 to the variance, below a hundredth of a day no less than there.
    added = 0.16 * (2 / 3) * 0.01 / 90
    assert spread(np.array([1e-12])) == pytest.approx(math.sqrt(0.22**2 + added), abs=1e-8)


@pytest.mark.parametrize("scale", DATES)
def test_dates_of_the_published_case(scale: float) -> None:
    """Days from the start, 41 before the count."""
    k, nu = np.array([scale]), np.array([4.0])
    assert 41 + ppf(LEVELS, PUBLISHED, k, nu) == pytest.approx(DATES[scale], abs=1e-6)
    days = np.array(DATES[scale]) - 41
    assert cdf(days, PUBLISHED, k, nu) == pytest.approx(LEVELS, abs=1e-7)


def test_quantiles_and_levels_agree() -> None:
    rng = np.random.default_rng(1)
    k, nu = rng.uniform(0.3, 3, (50, 1)), rng.uniform(4, 12, (50, 1))
    assert cdf(ppf(LEVELS, 90, k, nu), 90, k, nu) == pytest.approx(np.tile(LEVELS, (50, 1)))


def by_hand(counts: Counts, window: int, days: int, at: float) -> tuple[float, float]:
    """One past case after the other."""
    squares, weights, before = 0.0, 0.0, 0
    while (origin := at - days - before) - window >= counts.days[0]:
        start, now, end = counts.at(np.array([origin - window, origin, origin + days]))
        log = math.log((end - now) / days / ((now - start) / window))
        weight = 0.5 ** (before / 365)
        squares += weight * min(max(log, -2.3), 2.3) ** 2
        weights += weight
        before += 7
    m = squares / weights / spread(np.array([float(days)]))[0] ** 2
    past = at - counts.days[0] - window - days
    n = min(past / (window + days), 1.44 * 365 / (window + days))
    return math.sqrt((4 + n * m) / (4 + n)), min(12, round(4 + n))


@pytest.mark.parametrize(
    ("past", "ahead", "days"),
    [
        (410, 90, 90),
        (261, 90, 56),  # a day short of two windows of 41 + 90 days
        (262, 90, 90),
        (1000, 180, 180),
        (1000, 89, 56),
        (300, 20, 28),
        (80, 90, 28),
    ],
)
def test_the_scale_of_a_series(past: int, ahead: int, days: int) -> None:
    counts = daily(np.random.default_rng(2).lognormal(4, 1.5, 1200))
    at = counts.days[0] + past
    scale, freedom, *_ = past_scales(counts, 41, ahead, np.array([at]))
    assert (scale[0], freedom[0]) == pytest.approx(by_hand(counts, 41, days, at), rel=1e-12)


def test_nothing_after_a_day_matters() -> None:
    lost = np.random.default_rng(3).lognormal(4, 1, 800)
    changed: Floats = lost.copy()
    changed[500:] *= 40
    at = np.array([daily(lost).days[500]])
    assert past_scales(daily(lost), 41, 90, at) == past_scales(daily(changed), 41, 90, at)
    assert past_scales(daily(lost), 41, 90, at + 100) != past_scales(
        daily(changed), 41, 90, at + 100
    )


def test_without_a_past_the_prior_remains() -> None:
    counts = daily(np.full(400, 5.0))
    begin = counts.days[0] + np.array([41.0, 60.0])
    scale, freedom, *_ = past_scales(counts, 41, 90, begin, prior=UNIT)
    assert scale == pytest.approx([UNIT] * 2)
    assert freedom.tolist() == [DEGREES] * 2


def test_a_rate_that_never_changes_narrows_the_scale() -> None:
    counts = daily(np.full(2000, 5.0))
    scale, freedom, *_ = past_scales(counts, 41, 28, counts.days[-1:])
    n = 1.44 * 365 / 69
    assert scale == pytest.approx([math.sqrt(4 / (4 + n))])
    assert freedom.tolist() == [12.0]
