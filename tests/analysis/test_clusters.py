"""Clusters of dates parted by a valley, and single humps that noise must not split."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from simulate.analysis.clusters import clusters
from simulate.analysis.values import DateHistogram

DRAWS, RUNS = 1024, 200
Days = NDArray[np.float64]


def histogram(days: Days) -> DateHistogram:
    counts = np.bincount(np.floor(days - days.min()).astype(int))
    first = dt.date(2025, 1, 1)
    edges = tuple(first + dt.timedelta(days=n) for n in range(len(counts) + 1))
    return DateHistogram(edges, tuple((counts / len(days)).tolist()))


def of_a_week(rng: np.random.Generator, days: Days) -> Days:
    """Days of which few are at the weekend."""
    kept: Days = days[rng.random(len(days)) < np.where(np.floor(days) % 7 < 5, 1, 0.1)]
    return kept[:DRAWS]


@pytest.mark.parametrize("law", ["flat", "normal", "exponential", "lognormal", "week", "comb"])
def test_noise_splits_no_single_hump(law: str) -> None:
    """At less than one of 1,000 runs, two of 200 have a chance below 2 %; here there is none."""
    rng = np.random.default_rng(7)
    laws: dict[str, Callable[[], Days]] = {
        "flat": lambda: rng.uniform(0, 100, DRAWS),
        "normal": lambda: rng.normal(0, 20, DRAWS),
        "exponential": lambda: rng.exponential(60, DRAWS),
        "lognormal": lambda: 60 * rng.lognormal(0, 1, DRAWS),
        "week": lambda: of_a_week(rng, rng.uniform(0, 100, 2 * DRAWS)),
        "comb": lambda: 10 * np.floor(rng.uniform(0, 12, DRAWS)),
    }
    assert sum(bool(clusters(histogram(laws[law]()))) for _ in range(RUNS)) <= 1


def test_two_humps_without_an_empty_gap() -> None:
    """Normal humps four standard deviations apart: the valley is at 0.27 of the peaks."""
    rng = np.random.default_rng(7)
    days = np.concatenate((rng.normal(0, 10, DRAWS), rng.normal(40, 10, DRAWS)))
    first, last = clusters(histogram(days))
    assert first.probability == pytest.approx(0.45, abs=0.05)
    # Each is given on whole days, of which the probability is that of all draws on them.
    for one in (first, last):
        a, b = ((day - dt.date(2025, 1, 1)).days for day in one[:2])
        on_them = np.mean((days - days.min() >= a) & (days - days.min() < b + 1))
        assert one.probability == pytest.approx(on_them, abs=1e-9)
    begin = dt.date(2025, 1, 1) - dt.timedelta(days=float(np.floor(days.min())))
    # The middle 90 % of each is about 16 days on either side; less 2 % beyond the valley.
    found = [(day - begin).days for one in (first, last) for day in (one.first, one.last)]
    assert found == pytest.approx([-17, 16, 24, 57], abs=4)


@pytest.mark.parametrize("apart", [0, 15, 20])
def test_humps_close_to_each_other_are_one(apart: float) -> None:
    """Two normal humps up to two standard deviations apart have a single mode."""
    rng = np.random.default_rng(7)
    days = np.concatenate((rng.normal(0, 10, 8192), rng.normal(apart, 10, 8192)))
    assert not clusters(histogram(days))


def test_a_small_hump_beside_a_large_one_is_no_cluster() -> None:
    rng = np.random.default_rng(7)
    days = np.concatenate((rng.normal(0, 10, 9000), rng.normal(60, 8, 1000)))
    assert not clusters(histogram(days))


def test_three_humps() -> None:
    rng = np.random.default_rng(7)
    days = np.concatenate([rng.normal(at, 10, 3000) for at in (0, 50, 100)])
    assert len(clusters(histogram(days))) == 3


def test_the_share_of_a_gap_is_that_of_its_days() -> None:
    """The tails and the days between are in neither share."""
    hump = np.concatenate(
        [np.full(4, 0.5), np.repeat(np.arange(2, 18) + 0.5, 30), np.full(4, 20.5)]
    )
    dates = histogram(np.concatenate([hump, hump + 150.0]))
    found = clusters(dates)
    assert len(found) == 2
    for one in found:
        days = zip(dates.probability, dates.edges[:-1], strict=True)
        share = sum(mass for mass, day in days if one.first <= day <= one.last)
        assert one.probability == pytest.approx(share, abs=1e-12)
    assert sum(one.probability for one in found) < 0.999
