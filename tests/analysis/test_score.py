"""Scores: published formulas by quadrature, the same by hand, and what cannot be known."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from scipy import integrate, stats

import simulate
from simulate.analysis.score import (
    CensoredOutcome,
    Forecast,
    Resolution,
    crps,
    interval_score,
    score,
    straight_day,
)
from simulate.scenario.model import Scenario
from tests.cases import COUNT, scenario

Cdf = Callable[[Any], Any]

MU, SIGMA = 8.150208604, 0.087449141  # of a count from 3,000 (5 %) to 4,000 (95 %), rounded
MIDDLE = 12000 * 41 / math.exp(MU)
CASES: dict[str, Cdf] = {
    "exponential": stats.expon(scale=50).cdf,
    "uniform": stats.uniform(0, 100).cdf,
    "lognormal": stats.lognorm(SIGMA, scale=MIDDLE).cdf,
}
PUBLISHED_DAYS = 12000 * 41 / 3800
LAST = {"exponential": 2000.0, "uniform": 100.0, "lognormal": 400.0}
"""Beyond these days all distributions are at 1 to within 1e-17."""
NEVER = math.inf

REFERENCE = [
    ("exponential", CensoredOutcome(40, 40, NEVER), 9.932896412),
    ("exponential", CensoredOutcome(40, 40, 100), 9.475005440),
    ("exponential", CensoredOutcome(100, NEVER, 100), 38.075637351),
    ("uniform", CensoredOutcome(30, 30, NEVER), 12.333333333),
    ("uniform", CensoredOutcome(30, 30, 60), 10.2),
    ("uniform", CensoredOutcome(60, NEVER, 60), 7.2),
    ("lognormal", CensoredOutcome(150, 150, NEVER), 4.846458805),
    ("lognormal", CensoredOutcome(130, 130, NEVER), 7.323819364),
    ("lognormal", CensoredOutcome(150, 150, 160), 4.819976866),
    ("lognormal", CensoredOutcome(160, NEVER, 160), 11.526206369),
]
DRAWS = Forecast(np.array([10.0, 10.0, 20.0, 20.0]), np.array([0.0, 1.0, 1.0, 2.0]), 3)
WEIGHTED = replace(DRAWS, counts=np.array([0.0, 5.0, 5.0, 8.0]), n=10)
BINS = Forecast(np.array([0.0, 10.0, 20.0, 30.0, 40.0]), np.array([0.0, 2.0, 5.0, 6.0, 7.0]), 10)


def by_quadrature(cdf: Cdf, known: CensoredOutcome, last: float) -> float:
    """The definition, integrated numerically."""
    end = min(known.end, last)

    def integral(of: Cdf, low: float, high: float) -> float:
        if not low < high:
            return 0.0
        points = [x for x in (100.0,) if low < x < high]  # where the uniform has its corner
        return float(integrate.quad(of, low, high, epsabs=1e-13, limit=500, points=points)[0])

    before = integral(lambda t: cdf(t) ** 2, 0.0, known.low)
    return before + integral(lambda t: (1 - cdf(t)) ** 2, min(known.high, end), end)


def in_steps(cdf: Cdf, last: float, n: int) -> Forecast:
    days = np.asarray(np.linspace(0.0, last, n + 1), dtype=np.float64)
    return Forecast(days, np.asarray(1e12 * cdf(days), dtype=np.float64), 1e12)


def extrapolated(cdf: Cdf, known: CensoredOutcome, last: float) -> float:
    """The score of finer and finer bins; their error falls with the square of the width."""
    known = known._replace(end=min(known.end, last))
    coarse, fine = (crps(in_steps(cdf, last, n), known) for n in (2**16, 2**17))
    return (4 * fine - coarse) / 3


@pytest.mark.parametrize(("name", "known", "value"), REFERENCE)
def test_reference_values(name: str, known: CensoredOutcome, value: float) -> None:
    cdf, last = CASES[name], LAST[name]
    assert by_quadrature(cdf, known, last) == pytest.approx(value, abs=1e-9)
    assert extrapolated(cdf, known, last) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("forecast", "known", "value"),
    [
        (DRAWS, CensoredOutcome(15, 15, 30), 3.888888889),
        (DRAWS, CensoredOutcome(30, NEVER, 30), 5.555555556),
        (WEIGHTED, CensoredOutcome(15, 15, 30), 2.9),
        (BINS, CensoredOutcome(17, 17, 40), 4.97),
        (BINS, CensoredOutcome(40, NEVER, 40), 8.7),
    ],
)
def test_draws_and_bins(forecast: Forecast, known: CensoredOutcome, value: float) -> None:
    assert crps(forecast, known) == pytest.approx(value, abs=1e-9)


def test_level_in_a_bin() -> None:
    assert BINS.before(17) == pytest.approx(0.41, abs=1e-15)


@pytest.mark.parametrize(
    ("day", "value", "level"), [(150, 41.0, 0.733842535), (170, 161.0, 0.980096400)]
)
def test_interval_scores_of_the_lognormal_case(day: float, value: float, level: float) -> None:
    """The ends, 123 and 164 days, go by the exact law; its knots leave an error below 1e-8."""
    assert CASES["lognormal"](day) == pytest.approx(level, abs=1e-9)
    days = np.linspace(100.0, 200.0, 10**6 + 1)
    law = stats.lognorm(math.log(4 / 3) / (2 * stats.norm.ppf(0.95)), scale=math.sqrt(123 * 164))
    counts = np.asarray(1e15 * law.cdf(days), dtype=np.float64)
    forecast = Forecast(days, counts, 1e15)
    assert interval_score(forecast, CensoredOutcome(day, day, 400), 0.9) == pytest.approx(
        value, abs=1e-7
    )
    assert forecast.before(day) == pytest.approx(level, abs=1e-9)


def test_a_single_date_scores_its_distance() -> None:
    """The score of a certain forecast is the absolute error (Gneiting and Raftery 2007)."""
    certain = Forecast.certain(129.5)
    for day in (91.25, 129.5, 140.0):
        assert crps(certain, CensoredOutcome(day, day, 400)) == pytest.approx(
            abs(day - 129.5), abs=1e-12
        )
        missed = 2 / 0.1 * abs(day - 129.5)
        assert interval_score(certain, CensoredOutcome(day, day, 400), 0.9) == pytest.approx(missed)
    assert crps(certain, CensoredOutcome(200, NEVER, 200)) == pytest.approx(70.5)
    assert crps(Forecast.certain(NEVER), CensoredOutcome(150, 150, 400)) == pytest.approx(250.0)
    assert crps(Forecast.certain(NEVER), CensoredOutcome(200, NEVER, 200)) == 0.0


def test_the_truth_scores_best_also_where_the_outcome_is_partly_unknown() -> None:
    """Propriety: in the mean over the outcome no other forecast beats its own distribution."""
    truth = stats.uniform(0, 100)
    days = np.linspace(0.0, 100.0, 101)
    forecasts = {shift: Forecast(days + shift, 100 * truth.cdf(days), 100) for shift in (0, -5, 5)}

    def known(y: float) -> CensoredOutcome:
        if y > 80:
            return CensoredOutcome(80, NEVER, 80)
        return CensoredOutcome(40, 55, 80) if 40 <= y < 55 else CensoredOutcome(y, y, 80)

    mean = {
        shift: np.mean([crps(forecast, known(y)) for y in np.arange(0.05, 100, 0.1)])
        for shift, forecast in forecasts.items()
    }
    assert mean[0] < min(mean[-5], mean[5])


def test_a_period_is_scored_outside_it_only() -> None:
    """Draws within the period are right; 20 draws of 100 lie 10 and more days before it."""
    days = np.array([20.0, 20.0, 35.0, 35.0])
    forecast = Forecast(days, np.array([0.0, 20.0, 20.0, 100.0]), 100)
    assert crps(forecast, CensoredOutcome(30, 40, 100)) == pytest.approx(0.2**2 * 10)
    assert interval_score(forecast, CensoredOutcome(30, 40, 100), 0.5) == 0.0


ORIGIN, HORIZON = dt.date(2024, 12, 6), dt.date(2025, 6, 30)


def resolved(first: str, last: str | None = None) -> Resolution:
    return Resolution(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))


def test_levels_and_intervals_go_by_dates() -> None:
    """All draws at noon: on the day itself the interval of no width holds the outcome."""
    noon = Forecast.certain(100.5)
    day = ORIGIN + dt.timedelta(days=100)
    same = score(noon, Resolution(day, day), ORIGIN, HORIZON, [day])
    assert (same.low, same.high, same.level) == (0.0, 1.0, 0.5)
    assert [one.held for one in same.intervals] == [True] * 3
    assert [one.score for one in same.by] == [0.0]
    after = score(noon, Resolution(day + dt.timedelta(1), day + dt.timedelta(1)), ORIGIN, HORIZON)
    assert (after.low, after.crps_days) == (1.0, 1.0)
    assert [one.held for one in after.intervals] == [False] * 3


def test_not_by_a_date_leaves_open_what_came_later() -> None:
    dates = [dt.date(2025, 2, 1), dt.date(2025, 3, 1), dt.date(2025, 4, 1)]
    days = np.linspace(0, 200, 201)
    forecast = Forecast(days, days * 5, 1000)
    found = score(forecast, Resolution.not_by(dates[1]), ORIGIN, HORIZON, dates)
    day = (dates[1] - ORIGIN).days + 1
    assert found.low == pytest.approx(day / 200)
    assert found.high == 1.0
    assert [one.held for one in found.intervals] == [None] * 3
    assert [(one.date, one.happened) for one in found.by] == [(d, False) for d in dates[:2]]
    late = Resolution.not_by(dt.date(2025, 6, 28))
    assert [one.held for one in score(forecast, late, ORIGIN, HORIZON).intervals] == [False] * 3
    never = Forecast(days, days, 1000)  # the lower end of the first lies beyond the horizon
    assert [one.held for one in score(never, late, ORIGIN, HORIZON).intervals] == [None, True, True]
    rare = Forecast(days, days / 5, 1000)
    assert [one.held for one in score(rare, late, ORIGIN, HORIZON).intervals] == [None] * 3
    end = Resolution.not_by(HORIZON)
    assert [one.held for one in score(rare, end, ORIGIN, HORIZON).intervals] == [True] * 3


def test_after_the_horizon_is_not_by_the_horizon() -> None:
    days = np.linspace(0, 100, 101)
    forecast = Forecast(days, days * 5, 1000)
    late = score(forecast, resolved("2026-01-01"), ORIGIN, HORIZON)
    assert late == score(forecast, Resolution.not_by(HORIZON), ORIGIN, HORIZON)
    assert late.low == 0.5


def test_few_knots_score_as_all_do() -> None:
    """Between its knots F is off by less than 0.008, so the score by less than 0.016 a day."""
    result = simulate.run(scenario(COUNT), draws=2**14, seed=1)
    whole = Forecast.of(result.passages(1.0), result.summary.run.draws)
    few = whole.thinned()
    assert few.days.size <= 401 < whole.days.size
    days = whole.days[:: whole.days.size // 997]
    off = [abs(whole.before(day) - few.before(day)) for day in days.tolist()]
    assert 0 < max(off) < 0.008
    for day in (100.0, 150.0, 200.0):
        known = CensoredOutcome(day, day, 400.0)
        assert crps(few, known) == pytest.approx(crps(whole, known), abs=0.02)


def test_with_evidence_the_updated_dates_are_scored(tmp_path: Path) -> None:
    """At once and through a register, whose line has whole draws where weights are fractions."""
    reports = [{"label": "R", "date": "2025-03-06", "losses": 6500, "evidence": True}]
    of, draws = scenario(COUNT, observed=reports), 2**14
    before, happened = simulate.run(of, draws=draws), "2025-04-20"
    after = before.updated
    assert after is not None
    found = simulate.score(of, happened=happened, draws=draws).assessment
    assert found == simulate.score(before, happened=happened).assessment
    assert found == simulate.score(after, happened=happened).assessment
    assert found.record.event == "Whole force (100 %) lost, updated on later reports"
    low, high = (after.probability_by(day).probability for day in ("2025-04-19", happened))
    assert low - 1e-12 <= found.forecast.low <= found.forecast.high <= high + 1e-12
    plain = simulate.score(scenario(COUNT), happened=happened, draws=draws).assessment
    assert plain.forecast.low - found.forecast.high > 0.05
    assert plain.record.event == "Whole force (100 %) lost"
    entry = simulate.register(before, tmp_path / "forecasts.jsonl")
    assert entry.record.event == found.record.event
    assert entry.record.draws == entry.record.forecast.n == draws
    assert entry.record.forecast.quantile(0.5) == pytest.approx(after.quantile(0.5).day, abs=0.05)
    assert simulate.score_register(tmp_path / "forecasts.jsonl").warnings == ()


def test_the_straight_line_through_the_medians() -> None:
    """It ignores changes of the rate; with an amount lost it needs the other formula."""
    plain = scenario()
    bending = {
        "rate": {"multiplier": 0.5},
        "pauses": [{"start": "2025-02-01", "days": 20, "intensity": 0}],
        "wounded": {"share": 0.5, "return_share": 0.2, "return_days": 30},
        "ends": [{"label": "truce", "date": "2025-02-01", "probability": 0.9}],
    }
    for case in (plain, scenario(**bending)):
        plan = simulate.run(case, draws=16).plan
        assert straight_day(case, plan, 1.0) == pytest.approx(PUBLISHED_DAYS, abs=1e-9)
    arriving = scenario(reinforcements=[{"date": "2025-02-01", "size": 3000}])
    plan = simulate.run(arriving, draws=16).plan
    assert straight_day(arriving, plan, 1.0) == pytest.approx(PUBLISHED_DAYS * 15 / 12, abs=1e-9)
    # 3,000 on 22 January at 200 a month, less 400 on 1 May, however the rate changes: by hand
    # (3,000 - 400) / 200 months.
    stock = {"size": 3000, "as_of": "2026-01-22"}
    flows = {"outflows": [{"date": "2026-05-01", "size": 400}], "rate": {"multiplier": 2}}
    keys = {"title": "a stock", "force": stock, "losses": {"rate": 200, "per": "month"}, **flows}
    used = Scenario.model_validate(keys)
    plan = simulate.run(used, draws=16).plan
    assert straight_day(used, plan, 1.0) == pytest.approx(395.679375, abs=1e-6)
    lost = scenario(thresholds=[{"lost": 6000}])
    plan = simulate.run(lost, draws=16).plan
    (threshold,) = plan.thresholds
    assert straight_day(lost, plan, threshold) == pytest.approx(PUBLISHED_DAYS / 2, abs=1e-9)
