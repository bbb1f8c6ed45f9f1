"""Bins of time and of rates."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulate.engine.grid import MOST_BINS, RateGrid, TimeGrid
from simulate.scenario.horizon import LONGEST_HORIZON_DAYS


def test_hours_from_the_origin() -> None:
    grid = TimeGrid(10)
    assert (grid.hours, grid.per_day, grid.n_bins) == (1, 24, 240)
    assert grid.edges[[0, 1, 24, 240]].tolist() == [0, 1 / 24, 1, 10]
    hour = 1 / 24
    times = np.array([0.0, 0.5 * hour, hour, 1.5, 2 - 0.01 * hour])
    assert grid.bins(times).tolist() == [0, 0, 1, 36, 47]


@pytest.mark.parametrize(
    ("t", "expected"),
    [
        (129.9999999996, 130.0),
        (130.0, 130.0),
        (129.9999996, 130.0),  # rounds to 130.000000
        (129.9999994, 129 + 23 / 24),  # rounds to 129.999999
        (129.99, 129 + 23 / 24),
    ],
)
def test_a_time_is_rounded_to_a_millionth_of_a_day_first(t: float, expected: float) -> None:
    grid = TimeGrid(400)
    assert grid.edges[grid.bins(np.array([t]))[0]] == expected


def test_the_day_of_the_horizon_belongs_to_it() -> None:
    """An event on the last day counts, one on the next midnight is beyond."""
    grid = TimeGrid(100)
    inside, beyond = [99.0, 99.5, 99.99999], [99.9999999, 100.0, 100.5, 1e300, math.inf]
    assert grid.bins(np.array(inside)).tolist() == [2376, 2388, 2399]
    assert grid.bins(np.array(beyond)).tolist() == [grid.n_bins] * 5


def test_bins_leave_the_times_as_they_are() -> None:
    times = np.array([1.0, math.inf])
    TimeGrid(10).bins(times)
    assert times.tolist() == [1.0, math.inf]


@pytest.mark.parametrize("days", [1, 365, 3653, 4166, 4167, 8333, 8334, 20000, 33334, 36525])
def test_wider_bins_for_more_than_ten_years(days: int) -> None:
    grid = TimeGrid(days)
    assert grid.n_bins <= MOST_BINS
    assert grid.hours * grid.per_day == 24  # every midnight is an edge
    assert np.array_equal(grid.edges[:: grid.per_day], np.arange(days + 1))
    if days <= 3653:
        assert grid.hours == 1
    finer = [h for h in range(1, grid.hours) if 24 % h == 0]
    assert all(days * 24 // h > MOST_BINS for h in finer)


def test_the_longest_horizon_fits() -> None:
    assert TimeGrid(LONGEST_HORIZON_DAYS + 1).n_bins <= MOST_BINS


@pytest.mark.parametrize(("low", "high"), [(1.0, 1000.0), (23.17, 371.2), (1e-9, 1e9), (92.6, 93)])
def test_rates_lie_between_the_edges_of_their_bin(low: float, high: float) -> None:
    grid = RateGrid(low, high)
    edges = grid.edges
    assert edges.shape == (grid.n_bins + 1,)
    assert np.all(np.diff(edges) > 0)
    assert edges[0] == low
    assert edges[-2] <= high < edges[-1]
    rates = np.exp(np.random.default_rng(0).uniform(math.log(low), math.log(high), 10_000))
    bins = grid.bins(rates)
    assert np.all((bins >= 1) & (bins <= grid.n_bins))
    assert np.all((edges[bins - 1] <= rates) & (rates < edges[bins]))
    # Equal steps of the bits are steps of at most 2^-11 or so of the value's own size.
    relative = np.diff(edges) / edges[:-1]
    assert relative.max() <= 2.1 * relative.min()


def test_edges_belong_to_the_bin_above() -> None:
    grid = RateGrid(1.0, 4.0)
    inner = grid.edges[:-1]
    assert np.array_equal(grid.bins(inner.copy()), np.arange(1, grid.n_bins + 1))
    below = np.nextafter(inner, 0)
    assert np.array_equal(grid.bins(below), np.arange(grid.n_bins))


def test_what_lies_outside_the_rates_has_a_bin_of_its_own() -> None:
    grid = RateGrid(2.0, 8.0)
    outside = np.array([0.0, 5e-324, 1.999, 1e300, math.inf])
    last = grid.n_bins + 1
    assert grid.bins(outside).tolist() == [0, 0, 0, last, last]


def test_one_rate_is_one_bin() -> None:
    grid = RateGrid(92.68, 92.68)
    assert grid.n_bins == 1
    assert grid.bins(np.array([92.68, 92.6, 92.7])).tolist() == [1, 0, 2]
    assert grid.edges[0] == 92.68 < grid.edges[1] < 92.680001
