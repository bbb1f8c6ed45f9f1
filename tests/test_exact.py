"""The exact distributions against published numbers, closed forms and slower routes."""

import math
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.exact import (
    Known,
    Law,
    correlated_lognormal_cdf,
    correlated_lognormal_quantile,
    dated_cdf,
    dated_quantile,
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
UNIFORM: Law = stats.uniform(3000, 1000)
PAIR: dict[str, Any] = {"days": DAYS, "count": COUNT, "size": SIZE}
EPS = float(np.finfo(float).eps)
FOUR_PLACES = 0.5e-4 + 1e-10  # half a unit of the last printed place, and the root finder's error
# The mass beyond the last normal score, and the rounding of a sum of fewer than 1000 terms.
QUADRATURE = 6.4e-14 + 1000 * EPS


def within(expected: object, tolerance: float) -> Any:
    return pytest.approx(expected, rel=0, abs=tolerance)


@pytest.mark.parametrize(
    ("count", "size", "published"),
    [
        (COUNT, 12000.0, (123.0, 142.0282, 164.0)),
        (COUNT, SIZE, (109.3517, 129.6534, 153.7242)),
        (UNIFORM, 12000.0, (124.5570, 140.5714, 161.3115)),
    ],
)
def test_published_quantiles(count: Known, size: Known, published: tuple[float, ...]) -> None:
    levels = (0.05, 0.5, 0.95)
    found = tuple(straight_line_quantile(p, days=DAYS, count=count, size=size) for p in levels)
    assert found == within(published, FOUR_PLACES)


@pytest.mark.parametrize(
    ("days", "count", "size"),
    [
        (40.0, COUNT, SIZE),  # a day lost
        (DAYS, COUNT, 12000.0),  # the size taken for certain
        (DAYS, COUNT, lognormal(9900, 12000)),
        (DAYS, UNIFORM, SIZE),  # another family
        (DAYS, stats.lognorm(SD_COUNT * 1.28, scale=math.sqrt(12e6)), SIZE),  # p10 and p90
    ],
)
def test_nearby_models_miss_the_published_quantile(days: float, count: Known, size: Known) -> None:
    found = straight_line_quantile(0.05, days=days, count=count, size=size)
    assert abs(found - 109.3517) > 100 * FOUR_PLACES


def test_published_probability() -> None:
    half_a_unit = 0.5e-6 + QUADRATURE
    assert straight_line_cdf(130, **PAIR) == within(0.510287, half_a_unit)
    assert correlated_lognormal_cdf(130, **PAIR, correlation=0) == within(0.510287, half_a_unit)


def test_published_shortest_interval() -> None:
    low, high = shortest_interval(
        lambda level: correlated_lognormal_quantile(level, **PAIR, correlation=0), 0.9
    )
    # The width's second derivative by the level is above 1000 here: rounding of 1e-12 moves the
    # level by 5e-8, and the ends, whose slope is below 200, by 1e-5.
    assert (low, high) == within((108.0873, 152.2238), 0.5e-4 + 1e-5)
    mass = straight_line_cdf(high, **PAIR) - straight_line_cdf(low, **PAIR)
    assert mass == within(0.9, 2 * QUADRATURE)
    assert high - low < 153.7242 - 109.3517


def test_shortest_interval_at_an_end_of_the_support() -> None:
    # The search stops within 3e-8 (twice the root of the rounding) of the last level.
    expon = shortest_interval(lambda level: -50 * math.log1p(-level), 0.95)
    assert expon == within((0.0, 149.7866), 0.5e-4 + 1000 * 3e-8)
    log_uniform = shortest_interval(lambda level: math.log(0.1 + level), 0.95)
    assert log_uniform == within((-1.8971200, 0.0953102), 0.5e-7 + 10 * 3e-8)


def test_published_variance_shares() -> None:
    """Log T is Gaussian here, so squared widths are in the ratio of the variances."""

    def squared_width(count: Known, size: Known) -> float:
        low, high = (
            straight_line_quantile(level, days=DAYS, count=count, size=size)
            for level in (0.05, 0.95)
        )
        return math.log(high / low) ** 2

    both = squared_width(COUNT, SIZE)
    assert squared_width(COUNT, 12000.0) / both == within(0.713444, 0.5e-6 + 1e-10)
    assert squared_width(3800.0, SIZE) / both == within(0.286556, 0.5e-6 + 1e-10)


def test_published_copula() -> None:
    for level, value in ((0.05, 114.2990), (0.5, 129.6534), (0.95, 147.0704)):
        found = correlated_lognormal_quantile(level, **PAIR, correlation=0.5)
        assert found == within(value, FOUR_PLACES)
    assert correlated_lognormal_quantile(0.05, **PAIR, correlation=-0.5) < 109.3517  # the sign
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
        total += weight * straight_line_cdf(t, days=DAYS, count=count, size=size)
    assert correlated_lognormal_cdf(t, **PAIR, correlation=correlation) == within(total, QUADRATURE)
    assert (straight_line_cdf(t, **PAIR) == within(total, QUADRATURE)) == (correlation == 0)


@pytest.mark.parametrize(
    ("size", "count", "ratio", "probability"),
    [
        (stats.uniform(10000, 2000), UNIFORM, 3.0, 1 / 3),  # a triangle over 3333 < count < 4000
        (stats.uniform(10000, 2000), UNIFORM, 4.0, 1.0),
        (stats.uniform(10000, 2000), UNIFORM, 2.5, 0.0),
        (stats.uniform(0, 20000), stats.triang(0.2, 3000, 1000), 3.0, 3 * 3400 / 20000),  # linear
        (stats.triang(0.5, 10000, 2000), 3500.0, 22 / 7, 0.5),
        (12000.0, UNIFORM, 12 / 3.5, 0.5),
        (12000.0, 4000.0, 3.0, 1.0),
        (12000.0, 4000.0, 2.999, 0.0),
    ],
)
def test_areas_under_the_ratio(size: Known, count: Known, ratio: float, probability: float) -> None:
    whole = straight_line_cdf(ratio, days=1, count=count, size=size)
    half = straight_line_cdf(ratio / 2, days=1, count=count, size=size, threshold=0.5)
    assert (whole, half) == within((probability, probability), QUADRATURE)


@pytest.mark.parametrize("size", [12000.0, SIZE])
def test_a_count_that_is_not_positive_never_depletes(size: Known) -> None:
    law: dict[str, Any] = {"days": 1.0, "count": stats.norm(100, 100), "size": size}
    ever = float(stats.norm.cdf(1))
    # At t the counts up to size / t are missing: a density of at most .004 times 2e4 / 1e15.
    assert straight_line_cdf(1e15, **law) == within(ever, QUADRATURE + 0.004 * 2e-11)
    assert straight_line_quantile(ever + 1e-9, **law) == math.inf
    assert straight_line_quantile(ever - 1e-3, **law) < math.inf
    assert straight_line_quantile(0.5, days=1, count=-1.0, size=size) == math.inf


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
        law: dict[str, Any] = {"count": 3800.0, "size": 12000.0, "threshold": threshold}
        assert straight_line_quantile(0.5, days=days, **law) == within(t, 1e-9)


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


@pytest.mark.parametrize("origin", [0.0, -500.0])
def test_known_dates_are_the_straight_line(origin: float) -> None:
    dates: dict[str, Any] = {"start": origin, "as_of": origin + DAYS}
    for count, size in ((COUNT, SIZE), (UNIFORM, 12000.0), (3800.0, SIZE)):
        level = straight_line_cdf(130, days=DAYS, count=count, size=size)
        dated = dated_cdf(origin + 130, **dates, count=count, size=size)
        assert dated == within(level, QUADRATURE)
        # The density is above .001 here, so an error of 1e-13 in the level moves a day by 1e-10.
        found = dated_quantile(level, **dates, count=count, size=size)
        assert found == within(origin + 130, 2e-10 + 500 * EPS)


@pytest.mark.parametrize("level", [0.02, 0.3, 0.5, 0.9])
def test_one_uncertain_date_with_the_rest_known(level: float) -> None:
    """T = r as_of - (r - 1) start is linear in either date."""
    r = 12000 / 3800
    law: dict[str, Any] = {"count": 3800.0, "size": 12000.0}
    for as_of in (stats.uniform(38, 6), stats.triang(0.7, 30, 20)):
        t = r * float(as_of.ppf(level))
        assert dated_cdf(t, start=0.0, as_of=as_of, **law) == within(level, QUADRATURE)
    for start in (stats.uniform(-5, 10), stats.triang(0.3, -4, 6)):
        t = r * DAYS - (r - 1) * float(start.ppf(1 - level))
        assert dated_cdf(t, start=start, as_of=DAYS, **law) == within(level, QUADRATURE)


def test_an_uncertain_start_on_either_side_of_t() -> None:
    """A size from zero on: P = (1 / 5) E[(t - start)+ / (as_of - start)], a logarithm."""
    law: dict[str, Any] = {"count": 4000.0, "size": stats.uniform(0, 20000)}
    found = dated_cdf(0, start=stats.uniform(-5, 10), as_of=DAYS, **law)
    assert found == within((5 - DAYS * math.log((DAYS + 5) / DAYS)) / 50, QUADRATURE)


@pytest.mark.parametrize("p95", [12000, 10100, 10010])
@pytest.mark.parametrize("wide", ["count", "size"])
def test_a_narrow_law_beside_a_wide_one(p95: float, wide: str) -> None:
    laws: dict[str, Any] = {"count": lognormal(1000, 9000), "size": lognormal(1000, 9000)}
    laws["size" if wide == "count" else "count"] = lognormal(10000, p95)
    for t in (30.0, 60.0, 130.0):
        closed = correlated_lognormal_cdf(t, days=DAYS, **laws, correlation=0)
        assert straight_line_cdf(t, days=DAYS, **laws) == within(closed, 1e-12)
        assert dated_cdf(t, start=0.0, as_of=DAYS, **laws) == within(closed, 1e-12)


@pytest.mark.parametrize("t", [100.0, 131.0, 160.0])
def test_two_uncertain_dates_in_the_other_order(t: float) -> None:
    """The dates in closed form inside, the lognormal ratio by a fine sum outside."""
    early, width, late, span = -3.0, 6.0, 37.0, 8.0
    # The slope is continuous and the curvature jumps four times, by less than 10: a trapezoidal
    # sum is off by 4 * 10 * h^3 / 120 at most, 3.4e-10.
    h = 1e-3
    z = np.arange(-8, 8, h)
    r = math.sqrt(10) * np.exp(math.hypot(SD_COUNT, SD_SIZE) * z)
    # r as_of - (r - 1) start: a least value and two uniform parts, up to a and up to b.
    a, b = r * span, (r - 1) * width
    x = t - r * late + (r - 1) * (early + width)
    corners = ((1, 0), (-1, a), (-1, b), (1, a + b))
    area = np.sum([sign * np.maximum(x - corner, 0) ** 2 for sign, corner in corners], axis=0)
    expected = float(np.sum(area / (2 * a * b) * stats.norm.pdf(z)) * h)
    start, as_of = stats.uniform(early, width), stats.uniform(late, span)
    found = dated_cdf(t, start=start, as_of=as_of, count=COUNT, size=SIZE)
    assert found == within(expected, 1e-8)
    assert dated_cdf(t, start=start, as_of=DAYS, count=COUNT, size=SIZE) != within(expected, 1e-5)


@pytest.mark.parametrize("size", [12000.0, stats.uniform(10000, 2000)])
def test_corners_under_an_uncertain_date(size: Known) -> None:
    """Midpoint rule over a uniform as_of."""
    n, low, span = 500, 38.0, 6.0
    days = low + span * (np.arange(n) + 0.5) / n
    f = np.array([straight_line_cdf(125, days=d, count=UNIFORM, size=size) for d in days.tolist()])
    # A cell of width h is off by h^3 / 24 of its curvature, or h^2 / 8 of a jump in slope. Second
    # differences are h^2 of the one and h of the other: their sum over 8 n bounds the mean's
    # error, and twice that the two end cells' as well.
    error = float(np.sum(np.abs(np.diff(f, 2)))) / (4 * n)
    found = dated_cdf(125, start=0.0, as_of=stats.uniform(low, span), count=UNIFORM, size=size)
    assert error < 1e-6
    assert found == within(float(f.mean()), error)


@pytest.mark.parametrize(
    ("count", "size"),
    [(COUNT, SIZE), (stats.triang(0.2, 3000, 1000), 12000.0), (UNIFORM, SIZE)],
)
def test_quadrature_has_converged(
    count: Known, size: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    law: dict[str, Any] = {"count": count, "size": size}
    law |= {"start": stats.triang(0.3, -4, 6), "as_of": stats.uniform(38, 6)}
    fine = dated_cdf(130, **law)
    monkeypatch.setattr("tests.exact.NODES", 6)
    assert dated_cdf(130, **law) == within(fine, 1e-8)
    assert 0.01 < fine < 0.99


def test_refusals() -> None:
    known: dict[str, Any] = {"count": 1.0, "size": 1.0}
    with pytest.raises(ValueError, match="after start"):
        dated_cdf(1, start=stats.uniform(0, 10), as_of=stats.uniform(9, 3), **known)
    for as_of in (lognormal(30, 50), stats.norm(41, 1)):
        with pytest.raises(ValueError, match="uniform or triangular"):
            dated_cdf(1, start=0.0, as_of=as_of, **known)
    with pytest.raises(ValueError, match="lognormal"):
        correlated_lognormal_cdf(1, days=1, count=UNIFORM, size=SIZE, correlation=0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        straight_line_quantile(1, days=1, **known)
    for central in (False, True):
        with pytest.raises(ValueError, match="5 draws"):
            order_statistic_ranks(5, 0.5, central=central)


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
