"""The exact distributions against published numbers, closed forms and slower routes."""

import math
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.exact import (
    Law,
    first_passage_by_steps,
    lognormal,
    order_statistic_coverage,
    order_statistic_ranks,
    score_correlation,
    shortest_interval,
    straight_line_cdf,
    straight_line_quantile,
)

DAYS = 41.0  # 6 December 2024 to 16 January 2025
COUNT, SIZE = lognormal(3000, 4000), lognormal(10000, 12000)
SD_COUNT, SD_SIZE = (math.log(q) / (2 * float(stats.norm.ppf(0.95))) for q in (4 / 3, 6 / 5))
PAIR: dict[str, Any] = {"days": DAYS, "count": COUNT, "size": SIZE}
EPS = float(np.finfo(float).eps)
FOUR_PLACES = 0.5e-4  # half a unit of the last printed place
ROUNDING = 1e-12  # of a sum of a few hundred terms


def within(expected: object, tolerance: float) -> Any:
    return pytest.approx(expected, rel=0, abs=tolerance)


@pytest.mark.parametrize(
    ("size", "published"),
    [(12000.0, (123.0, 142.0282, 164.0)), (SIZE, (109.3517, 129.6534, 153.7242))],
)
def test_published_quantiles(size: Law | float, published: tuple[float, ...]) -> None:
    levels = (0.05, 0.5, 0.95)
    found = tuple(straight_line_quantile(p, days=DAYS, count=COUNT, size=size) for p in levels)
    assert found == within(published, FOUR_PLACES)


@pytest.mark.parametrize(
    ("days", "count", "size"),
    [
        (40.0, COUNT, SIZE),  # a day lost
        (DAYS, COUNT, 12000.0),  # the size taken for certain
        (DAYS, COUNT, lognormal(9900, 12000)),
        (DAYS, stats.lognorm(SD_COUNT * 1.28, scale=math.sqrt(12e6)), SIZE),  # p10 and p90
    ],
)
def test_nearby_models_miss_the_published_quantile(
    days: float, count: Law, size: Law | float
) -> None:
    found = straight_line_quantile(0.05, days=days, count=count, size=size)
    assert abs(found - 109.3517) > 100 * FOUR_PLACES


def test_published_probability() -> None:
    assert straight_line_cdf(130, **PAIR) == within(0.510287, 0.5e-6)
    assert straight_line_cdf(65, **PAIR, threshold=0.5) == within(0.510287, 0.5e-6)
    assert straight_line_cdf(0, **PAIR) == 0


def test_published_shortest_interval() -> None:
    low, high = shortest_interval(lambda level: straight_line_quantile(level, **PAIR), 0.9)
    # The width's second derivative by the level is above 1000 here: rounding of 1e-12 moves the
    # level by 5e-8, and the ends, whose slope is below 200, by 1e-5.
    assert (low, high) == within((108.0873, 152.2238), 0.5e-4 + 1e-5)
    mass = straight_line_cdf(high, **PAIR) - straight_line_cdf(low, **PAIR)
    assert mass == within(0.9, 2 * ROUNDING)
    assert high - low < 153.7242 - 109.3517


def test_shortest_interval_at_an_end_of_the_support() -> None:
    # The search stops within 3e-8 (twice the root of the rounding) of the last level.
    expon = shortest_interval(lambda level: -50 * math.log1p(-level), 0.95)
    assert expon == within((0.0, 149.7866), 0.5e-4 + 1000 * 3e-8)
    log_uniform = shortest_interval(lambda level: math.log(0.1 + level), 0.95)
    assert log_uniform == within((-1.8971200, 0.0953102), 0.5e-7 + 10 * 3e-8)


def test_published_copula() -> None:
    for level, value in ((0.05, 114.2990), (0.5, 129.6534), (0.95, 147.0704)):
        found = straight_line_quantile(level, **PAIR, correlation=0.5)
        assert found == within(value, FOUR_PLACES)
    assert straight_line_quantile(0.05, **PAIR, correlation=-0.5) < 109.3517  # the sign
    # 2 sin(pi x / 6) has a slope of at most pi / 3.
    assert score_correlation(0.482584) == within(0.5, 0.5e-6 * math.pi / 3)


@pytest.mark.parametrize("t", [110.0, 130.0, 160.0])
@pytest.mark.parametrize("correlation", [-0.9, 0.0, 0.5])
def test_copula_by_conditioning_on_the_count(t: float, correlation: float) -> None:
    # Trapezoidal rule in the count's score. The integrand is entire and its spectrum falls as
    # exp(-w^2 / 2(1 + b^2)) with b < 6: at w = 2 pi / h and h = 1/8 that is 1.5e-15.
    z = np.arange(-8, 8, 1 / 8)
    total = 0.0
    for score, weight in zip(z.tolist(), (stats.norm.pdf(z) / 8).tolist(), strict=True):
        scale = math.sqrt(120e6) * math.exp(correlation * SD_SIZE * score)
        size = stats.lognorm(SD_SIZE * math.sqrt(1 - correlation**2), scale=scale)
        count = math.sqrt(12e6) * math.exp(SD_COUNT * score)
        total += weight * size.cdf(t * count / DAYS)
    assert straight_line_cdf(t, **PAIR, correlation=correlation) == within(total, ROUNDING)
    assert (straight_line_cdf(t, **PAIR) == within(total, ROUNDING)) == (correlation == 0)


def test_dates_of_the_published_case() -> None:
    start = date(2024, 12, 6)
    for days, threshold, passage, on in [
        (41, 1.0, 129.4737, date(2025, 4, 14)),
        (41, 0.5, 64.7368, date(2025, 2, 8)),
        (41, 0.3, 38.8421, date(2025, 1, 13)),
        (29, 1.0, 91.5789, date(2025, 3, 7)),
    ]:
        t = first_passage_by_steps(0, days, 3800, 12000, threshold, step=0.01)
        assert t == within(passage, FOUR_PLACES)
        assert start + timedelta(math.floor(t)) == on


@pytest.mark.parametrize("step", [0.37, 0.01])
@pytest.mark.parametrize("threshold", [1.0, 0.3])
def test_steps_agree_with_the_line(threshold: float, step: float) -> None:
    for start, as_of, count, size in [(0.0, 41.0, 3800, 12000), (-7.5, 30.25, 3200, 9000)]:
        elapsed = (as_of - start) * threshold * size / count
        found = first_passage_by_steps(start, as_of, count, size, threshold, step=step)
        # Each of the n sums rounds by half a unit at most; the rest are a few operations.
        tolerance = (elapsed / step / 2 + 8) * EPS * (elapsed + abs(start))
        assert found == within(start + elapsed, tolerance)
    for count in (0, -5):
        assert first_passage_by_steps(0, 41, count, 12000, threshold, step=step) == math.inf


@pytest.mark.parametrize(
    ("n", "narrowest", "central"),
    [(1000, (36, 63), (36, 64)), (10000, (457, 543), (457, 543))],
)
def test_order_statistic_ranks_in_whole_numbers(
    n: int, narrowest: tuple[int, int], central: tuple[int, int]
) -> None:
    """Every pair of ranks about the 5 % point, with binomial weights times 20^n."""
    terms = [19**n]
    for k in range(n // 10):
        terms.append(terms[-1] * (n - k) // ((k + 1) * 19))
    below, total = list(accumulate(terms)), 20**n

    def best(width: int) -> tuple[int, tuple[int, int]]:
        pairs = ((i, i + width) for i in range(n // 10 - width))
        return max((below[j] - below[i], (i, j)) for i, j in pairs)

    width = narrowest[1] - narrowest[0]
    covered, ranks = best(width)
    assert ranks == narrowest
    assert 100 * best(width - 1)[0] < 95 * total <= 100 * covered
    low, high = central
    assert 40 * below[low] <= total < 40 * below[low + 1]
    assert 40 * (total - below[high]) <= total < 40 * (total - below[high - 1])

    assert order_statistic_ranks(n, 0.05) == narrowest
    assert order_statistic_ranks(n, 0.05, central=True) == central
    # Two values of the binomial distribution function, each computed to some 1e-13.
    assert order_statistic_coverage(n, 0.05, *ranks) == within(covered / total, 1e-12)


def test_order_statistics_of_six_draws() -> None:
    assert order_statistic_ranks(6, 0.5) == (0, 5)
    assert order_statistic_ranks(6, 0.5, central=True) == (0, 5)
    assert order_statistic_coverage(6, 0.5, 0, 5) == within(1 - 2 / 2**6, 8 * EPS)
