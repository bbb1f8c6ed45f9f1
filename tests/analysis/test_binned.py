"""Quantiles, intervals and error bars of binned draws against external truths."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from simulate.analysis.binned import Binned
from simulate.analysis.mc_error import STUDENT_T, order_statistic_ranks, replicate_errors
from simulate.scenario.arrays import Floats
from tests.exact import order_statistic_coverage
from tests.exact import order_statistic_ranks as slow_ranks

N = 2**20
LOG_UNIFORM = np.linspace(math.log(0.1), math.log(1.1), 20_001)
HOURS = np.arange(1000 * 24 + 1) / 24


def binned(
    values: Floats, edges: Floats, *, replicates: int = 8, independent: bool = False
) -> Binned:
    """Bin values dealt out to replicates in turn."""
    rows = [values[i::replicates] for i in range(replicates)]
    return Binned(
        edges=edges,
        counts=np.array([np.histogram(row, edges)[0] for row in rows]),
        below=np.array([np.count_nonzero(row < edges[0]) for row in rows]),
        draws=values.size // replicates,
        independent=independent,
    )


def exact(ppf: Callable[[Floats], Floats], edges: Floats, n: int = N) -> Binned:
    """The middle quantiles of n equal parts: off the law by half a part."""
    return binned(ppf((np.arange(n) + 0.5) / n), edges)


def log_uniform() -> Binned:
    return exact(lambda p: np.log(0.1 + p), LOG_UNIFORM)


def exponential() -> Binned:
    return exact(lambda p: -50 * np.log1p(-p), HOURS)


def within(expected: object, tolerance: float) -> object:
    return pytest.approx(expected, rel=0, abs=tolerance)


def test_equal_tailed_interval_of_a_log_uniform() -> None:
    """JCGM 101, 9.5: the published ends, to seven places."""
    ends = [log_uniform().quantile(p) for p in (0.025, 0.975)]
    # A draw more or less moves an end by 1 / (N f), f > .1; linear inside bins of 1.2e-4.
    assert ends == within([-2.0794415, 0.0723207], 10 / N + 1e-7)


def test_shortest_interval_of_a_log_uniform() -> None:
    (found,) = log_uniform().shortest([0.95])
    assert found is not None
    (low, low_error), (high, high_error) = found
    # Knots are h = 2.4 / 500 apart; linear between them the function is off by h^2 f' / 8 and
    # its inverse, f = f', by h^2 / 8. A replicate's draws are 8 / N apart.
    tolerance = (2.4 / 500) ** 2 / 8 + 2 * 8 / N / 0.15
    assert (low, high) == within((math.log(0.15), math.log(1.1)), tolerance)
    assert (low, high) == within((-1.8971200, 0.0953102), tolerance)
    assert max(low_error, high_error) < tolerance
    assert abs(low - -2.0794415) > 100 * tolerance


def test_intervals_of_an_exponential() -> None:
    law = exponential()
    ends = [law.quantile(p) for p in (0.025, 0.975)]
    # A draw is 1 / (N f) wide, f = .025 / 50 at the upper end; linear in an hour: h^2 / 8 / 50.
    assert ends == within([1.265890, 184.443973], 2000 / N + (1 / 24) ** 2 / 400)
    (found,) = law.shortest([0.95])
    assert found is not None
    (low, _), (high, _) = found
    # Knots every 1.4 days up to the largest value; f = .05 / 50 at the upper end.
    step = 50 * math.log(2 * N) / 500
    assert low == within(0.0, step**2 / 400)
    assert high == within(149.7866, 2 * step**2 / 400 + 8 * 1000 / N)


def test_the_distribution_function() -> None:
    law = exponential()
    for x in (0.0, 0.3, 50.0, 130.0, 999.99):
        assert law.cdf(x) == within(1 - math.exp(-x / 50), 1 / N + (1 / 24 / 50) ** 2)
    assert law.cdf(-1.0) == 0
    assert law.cdf(1e9) == law.cumulative[-1] / law.n


def test_quantile_and_distribution_function_are_inverse() -> None:
    law = log_uniform()
    for level in (0.001, 0.05, 0.5, 0.95, 0.999):
        x = law.quantile(level)
        assert x is not None
        assert law.cdf(x) == within(level, 1e-12)


def test_a_quantile_in_what_lies_outside_the_bins_is_none() -> None:
    values = (np.arange(40_000) + 0.5) / 20_000 - 0.5  # a quarter below, a quarter above
    law = binned(values, np.linspace(0, 1, 101))
    assert law.quantile(0.25) is None
    assert law.quantile(0.2501) == within(0.0002, 1e-9)
    assert law.quantile(0.5) == within(0.5, 1e-3)
    assert law.quantile(0.75) == within(1.0, 1e-3)
    assert law.quantile(0.7501) is None
    assert np.isnan(law.half_widths([0.7501])).all()
    assert np.isnan(law.error_bars([0.8])).all()
    none, some = law.shortest([0.51, 0.49])
    assert none is None
    assert some is not None


def test_empty_bins_between_two_atoms() -> None:
    law = binned(np.repeat([10.5, 90.5], 4000), np.arange(101.0))
    assert law.quantile(0.25) == within(10.5, 1e-9)
    assert law.quantile(0.75) == within(90.5, 1e-9)
    assert law.cdf(50.0) == 0.5


def test_a_bin_keeps_linear_interpolation_exact() -> None:
    """A uniform law in few bins has exact quantiles: the bins add no error."""
    law = exact(lambda p: 8 * p, np.arange(9.0))
    for level in (0.03, 0.2, 0.5, 0.77):
        assert law.quantile(level) == within(8 * level, 1e-12)


def test_the_error_between_replicates_is_students() -> None:
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 9])
    expected = stats.t.ppf(0.975, 7) * stats.sem(values)
    assert replicate_errors(values) == pytest.approx(expected, rel=1e-12)
    assert STUDENT_T[7] == pytest.approx(stats.t.ppf(0.975, 7), rel=1e-12)
    # Not the normal law's, which is too short by a fifth with eight replicates.
    assert replicate_errors(values) > 1.2 * 1.96 * stats.sem(values)


def test_the_same_count_in_all_replicates_is_not_certainty() -> None:
    law = exact(lambda p: 10 * p, np.arange(11.0), 8000)
    assert law.cdf_error(5.0) >= 0.5 / law.draws
    assert law.cdf_error(0.0) == law.cdf_error(10.0) == 0.0


@pytest.mark.parametrize(("n", "ranks"), [(1000, (36, 63)), (10000, (457, 543))])
def test_ranks_about_the_five_percent_point(n: int, ranks: tuple[int, int]) -> None:
    assert order_statistic_ranks(n, 0.05) == ranks == slow_ranks(n, 0.05)


@pytest.mark.parametrize("n", [6, 7, 30, 128, 200, 1000, 1024, 8192, 10000, 131_072, 10**6, 10**9])
@pytest.mark.parametrize("level", [0.001, 0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975])
def test_ranks_enclose_with_95_percent_and_no_more_than_needed(n: int, level: float) -> None:
    law = binned(np.zeros(8), np.array([-1.0, 1.0]))
    if not Binned(law.edges, law.counts, law.below, n // 8 or 1, independent=True).supports(level):
        return
    if max(level, 1 - level) ** n > 0.025:
        return
    low, high = order_statistic_ranks(n, level)
    assert 0 <= low < high < n
    # The binomial distribution function of a billion trials is good to ten places or so.
    assert order_statistic_coverage(n, level, low, high) >= 0.95 - 1e-9
    if n <= 10000:
        narrow_low, narrow_high = slow_ranks(n, level)
        assert high - low <= narrow_high - narrow_low + 1


def test_order_statistics_bound_the_quantile_of_independent_draws() -> None:
    """Bins so fine that each draw has its own: the ends are the order statistics themselves."""
    u = np.sort(np.random.default_rng(1).random(1000))
    law = binned(u, np.linspace(0, 1, 10**6 + 1), independent=True)
    (low,), (high,) = law.error_bars([0.05])
    assert low == within(u[36], 1e-6)
    assert high == within(u[63], 1e-6)


@pytest.mark.parametrize(
    ("level", "least"), [(0.5, 6), (0.05, 72), (0.95, 72), (0.025, 146), (0.001, 3688)]
)
def test_a_level_needs_draws_on_either_side(level: float, least: int) -> None:
    """The first n with max(p, 1 - p)^n <= .025, in whole replicates of one draw."""
    assert max(level, 1 - level) ** least <= 0.025 < max(level, 1 - level) ** (least - 1)
    for n, supported in ((least, True), (least - 1, False)):
        counts = np.ones((n, 1), dtype=np.int64)
        law = Binned(np.array([0.0, 1]), counts, np.zeros(n, dtype=np.int64), 1, independent=True)
        assert law.supports(level) is supported
