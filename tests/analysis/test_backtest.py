"""How intervals fared on series whose outcome is known, and one case counted by hand."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulate.analysis import backtest, past_forecasts
from simulate.analysis.backtest import PROBABILITIES, LeadTimeRecord, MethodRecord, track_records
from simulate.errors import ScenarioError
from simulate.scenario.arrays import Floats
from simulate.scenario.counts import Counts
from simulate.scenario.distributions.bounded import Constant, Uniform
from simulate.scenario.distributions.positive import Lognormal
from simulate.scenario.dynamics import Rate
from tests.analysis.series import FIRST, daily

W = 41
FALSE_ALARM = 1e-6


def record(counts: Counts, days: int = 90, window: int = W) -> LeadTimeRecord:
    (found,) = track_records(counts, window, [days])
    return found


def poisson(rate: float, days: int, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).poisson(rate, days).astype(float)


def test_an_origin_by_hand() -> None:
    """The first of two origins, from the counts of single days."""
    lost = np.random.default_rng(5).lognormal(3, 0.8, 2 * W + 2 * 90 + 6)
    found = record(daily(lost))
    assert (found.origins, found.first) == (1, FIRST + dt.timedelta(2 * W))
    c, total, day = lost[W : 2 * W].sum(), 0.0, 2 * W
    needed = c / W * 90
    while total + lost[day] < needed:
        total, day = total + lost[day], day + 1
    y = day - 2 * W + (needed - total) / lost[day]
    end = 180

    def crps(law: Any) -> float:
        t = np.linspace(1e-6, end, 400_001)
        return float(np.trapezoid((law.cdf(t) - (y <= t)) ** 2, t))

    noise = stats.betaprime(needed, c, scale=W)
    line, counted = found.of("straight line"), found.of("counting noise")
    assert line.crps_days == pytest.approx(min(abs(90 - y), 90), abs=1e-9)
    assert counted.width_days == pytest.approx(noise.ppf(0.95) - noise.ppf(0.05), rel=1e-9)
    # Quantile scores at 200 levels are within a quarter of a level's width of the integral.
    assert counted.crps_days == pytest.approx(crps(noise), abs=0.02)
    for each in counted.coverage:
        inside = abs(2 * noise.cdf(y) - 1) <= each.probability
        assert each.covered == inside
        assert math.isnan(each.low)
    projected = needed / (lost[2 * W - 30 : 2 * W].sum() / 30)
    assert counted.crps_ratio == pytest.approx(counted.crps_days / abs(projected - y), rel=1e-9)


def test_origins_are_rows_a_week_apart_with_room_on_both_sides() -> None:
    days = 2 * W + 2 * 30 + 70
    assert record(daily(poisson(9, days)), 30).origins == 11
    assert record(daily(poisson(9, days - 1)), 30).origins == 10
    ten = record(daily(poisson(9, days), every=10), 30)
    first = FIRST + dt.timedelta(90)
    assert (ten.first, ten.origins) == (first, (days // 10 * 10 - 60 - 90) // 10 + 1)
    # With a short window the last 30 days are behind every origin.
    assert record(daily(poisson(9, days)), 30, 7).first == FIRST + dt.timedelta(30)


def test_independent_cases_do_not_overlap() -> None:
    found = record(daily(poisson(9, 2 * W + 180 + 7 * 99)))
    assert found.origins == 100
    assert found.independent == pytest.approx(700 / 131)
    assert found.is_enough
    assert not record(daily(poisson(9, 2 * W + 180 + 7 * 79))).is_enough


def test_counting_noise_covers_a_constant_rate() -> None:
    """Independent windows: each 42 + 30 days of a series, one after the other."""
    n, held = 200, np.zeros(2)
    for seed in range(n):
        lost = poisson(2.0, 2 * 42 + 2 * 30, seed)
        counted = record(daily(lost), 30, 42).of("counting noise")
        held += [counted.at(0.5).covered, counted.at(0.9).covered]
    for share, p in zip(held / n, (0.5, 0.9), strict=True):
        # Counts are discrete: half of the probability of a single count, here about 6 in 100.
        allowed = abs(stats.norm.ppf(FALSE_ALARM / 2)) * math.sqrt(p * (1 - p) / n) + 0.03
        assert abs(share - p) < allowed


def jumping() -> Counts:
    """A rate that doubles or halves every 150 days."""
    rates = [40.0 * 2.0 ** (k % 3 - 1) for k in range(12)]
    return daily(np.concatenate([poisson(rate, 150, k) for k, rate in enumerate(rates)]))


def test_counting_noise_does_not_cover_a_rate_that_jumps() -> None:
    found = record(jumping())
    noise, reference = found.of("counting noise"), found.of("reference")
    assert noise.at(0.9).high < 0.6
    assert reference.at(0.9).low > noise.at(0.9).high
    assert reference.width_days > 3 * noise.width_days
    assert reference.crps_days < noise.crps_days < found.of("straight line").crps_days


def test_a_constant_rate_is_met_by_the_straight_line() -> None:
    found = record(daily(np.full(600, 5.0)))
    line = found.of("straight line")
    assert [each.covered for each in line.coverage] == [1.0] * len(PROBABILITIES)
    assert line.width_days == 0.0
    assert line.crps_days == pytest.approx(0.0, abs=1e-9)


def test_a_multiplier_alone_is_the_method_of_the_scenario() -> None:
    """T / H is lognormal, so each case is covered where |ln(T / H)| is small."""
    counts = jumping()
    law = Lognormal(mu=0.1, sigma=0.3)
    (found,) = track_records(counts, W, [90], Rate(multiplier=law))
    own = found.of(past_forecasts.OWN)
    cases = backtest._cases(counts, W, 90)
    assert cases is not None
    z = (np.log(cases.outcomes / 90) + 0.1) / 0.3
    for each in own.coverage:
        inside = np.abs(z) <= stats.norm.ppf((1 + each.probability) / 2)
        assert each.covered == pytest.approx(np.mean(inside))
    ends = 90 * np.exp(-0.1 + 0.3 * stats.norm.ppf([0.05, 0.95]))
    assert own.width_days == pytest.approx(ends[1] - ends[0])
    (never,) = track_records(counts, W, [90], Rate(multiplier=Uniform(low=0.0, high=1.0)))
    assert never.of(past_forecasts.OWN).crps_days > own.crps_days
    zero = Constant(value=0.0)
    (stopped,) = track_records(counts, W, [90], Rate(multiplier=zero))
    assert not math.isfinite(stopped.of(past_forecasts.OWN).width_days)


def test_a_rate_block_is_simulated_at_each_origin() -> None:
    """With a trend the date is known, and a lognormal factor alone gives a lognormal law."""
    growth = 0.7 / 7
    rate = Rate.model_validate({"trend_per_week": 0.7})
    assert past_forecasts.times_of(rate, 90) == pytest.approx(
        math.log1p(90 * growth) / growth, abs=1e-6
    )
    factor = {"distribution": "lognormal", "mu": 0.1, "sigma": 0.3}
    found = past_forecasts.times_of(Rate.model_validate({"multiplier": factor}), 90)
    levels = (np.arange(found.size) + 0.5) / found.size
    exact = stats.norm.cdf((np.log(found / 90) + 0.1) / 0.3)
    # Each of 8 replicates has one point in each of n / 8 equal parts.
    assert np.abs(exact - levels).max() <= 9 / found.size


def test_the_own_reference_is_the_method_of_that_class() -> None:
    """By paths, where the class beside it is by its closed form: within a few days."""
    counts = jumping()
    rate = Rate.model_validate({"reference": {"class": "unit"}})
    (found,) = track_records(counts, W, [90], rate)
    own, unit = found.of(past_forecasts.OWN), found.of("reference, unit")
    assert own.width_days == pytest.approx(unit.width_days, rel=0.05)
    assert own.crps_days == pytest.approx(unit.crps_days, rel=0.03)
    of_series = Rate.model_validate({"reference": {"series": True}})
    (found,) = track_records(counts, W, [90], of_series)
    assert found.of(past_forecasts.OWN).coverage == found.of("reference").coverage


@pytest.mark.parametrize(
    "keys",
    [
        {"strength_exponent": 0.5},
        {"by_month": [1.0] * 11 + [2.0]},
        {"trend_per_week": 0.1, "trend_until": "2025-03-01"},
        {"reference": {"series": True}, "multiplier": 0.5},
    ],
)
def test_what_depends_on_the_calendar_is_no_method(keys: dict[str, Any]) -> None:
    (found,) = track_records(jumping(), W, [90], Rate.model_validate(keys))
    assert past_forecasts.OWN not in {method.method for method in found.methods}


@pytest.mark.parametrize("name", ["straight line", "counting noise", "reference"])
def test_shares_add_up(name: str) -> None:
    method: MethodRecord = record(jumping()).of(name)
    assert sum(method.pit) == pytest.approx(1.0)
    assert min(method.pit) >= 0
    covered = [each.covered for each in method.coverage]
    assert covered == sorted(covered)
    # Eight tenths in the middle are the 80 % interval.
    assert method.at(0.8).covered == pytest.approx(sum(method.pit[1:-1]), abs=1e-12)


def test_late_outcomes_are_counted_up_to_twice_the_days() -> None:
    """A rate that falls to a twentieth: some outcomes come late, the last never."""
    found = record(daily(np.concatenate([np.full(300, 20.0), np.full(500, 1.0)])), 60)
    assert 0 < found.censored < 1
    line = found.of("straight line")
    assert line.crps_days <= 60
    nothing = record(daily(np.concatenate([np.full(300, 20.0), np.zeros(300)])), 60)
    assert nothing.censored > 0
    # The wait goes on beyond what is known: it lies in the upper levels, not above all of them.
    assert nothing.of("reference, unit").pit[-1] > 0


def test_an_open_case_is_spread_over_the_levels_left() -> None:
    cases = past_forecasts.Cases(90, W, *(np.array([x]) for x in (0.0, 50.0, np.inf, 60.0)))
    law = past_forecasts.Predictive(lambda levels: levels, lambda days: days / 100)
    found = backtest._shares_below(law, cases, np.array([0.5, 0.6, 0.8, 1.0]))
    assert found == pytest.approx(np.array([[0.0, 0.0, 0.5, 1.0]]))


def test_the_bootstrap_takes_neighbours_together() -> None:
    """Blocks of equal values: as many independent means as there are blocks."""
    n, block = 400, 10
    drawn: Floats = (np.random.default_rng(1).random(n // block) < 0.5).astype(np.float64)
    values = np.repeat(drawn, block)[:, np.newaxis]
    low, high = backtest._block_bootstrap(values, block)
    single = backtest._block_bootstrap(values, 1)
    sd = math.sqrt(0.25 / (n // block))
    # Blocks that overlap two runs of equal values vary by a third less; the sample, by its own sd.
    assert 0.6 < (high - low)[0] / (2 * 1.645 * sd) < 1.2
    assert (single[1] - single[0])[0] < 0.5 * (high - low)[0]
    assert np.isnan(backtest._block_bootstrap(values[: 2 * block - 1], block)).all()


def test_a_series_too_short_says_what_it_needs() -> None:
    counts = daily(poisson(9, 200))
    assert [each.days for each in track_records(counts, W, (30, 90))] == [30]
    with pytest.raises(ScenarioError, match="spans 200 days") as error:
        track_records(counts, W, (90, 180))
    assert error.value.problems[0].hint == ("a window of 41 and 90 days ahead need at least 262")
