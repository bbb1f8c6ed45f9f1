"""Shifts between scenarios on common random numbers, and which date comes first."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from scipy import stats

import simulate
from simulate.analysis.comparison import Comparison, Order, compare_scenarios
from simulate.analysis.outcomes import shifts
from simulate.analysis.request import Request
from simulate.analysis.values import Shift
from simulate.engine.paired import run_jointly
from simulate.engine.workers import Workers
from simulate.errors import LimitError, ScenarioError
from simulate.scenario.loader import LoadedScenario
from simulate.scenario.model import Scenario
from tests.analysis.reports import errors, report
from tests.cases import ALARM, COUNT, DAYS, SIZE, lognormal, plan, scenario, uniform

ONE = Workers(1)
WIDEN = float(stats.t.isf(ALARM / 2, 7) / stats.t.isf(0.025, 7))
"""From a 95 % error of eight replicates to one that is passed once in a million."""

WEEK = {
    "start": uniform("2024-12-08", "2024-12-18"),
    "as_of": uniform("2025-01-11", "2025-01-23"),
}
NOW = {"start": uniform("2024-12-01", "2024-12-11"), "as_of": uniform("2025-01-04", "2025-01-16")}


def compared(*scenarios: Scenario, draws: int = 16_384, method: str = "lattice") -> Comparison:
    loaded = [LoadedScenario(one) for one in scenarios]
    return compare_scenarios(loaded, Request(draws, method=method, workers=1))


def moved(of: Comparison, level: float = 0.5, number: int = 1, threshold: float = 1.0) -> Shift:
    return next(
        shift
        for shift in of.against[number - 1].shifts
        if (shift.level, shift.threshold) == (level, threshold)
    )


def order(of: Comparison, draws: str = "shared", threshold: float = 1.0) -> Order:
    orders = of.against[0].orders
    return next(one for one in orders if (one.draws, one.threshold) == (draws, threshold))


# --- shifts ---


REPORT = {"observed": [report(6500)], "evidence": errors(0.1)}


def test_updated_dates_are_compared() -> None:
    """Medians and shifts are those of the updated results, with an error of their difference."""
    plain, later = scenario(COUNT, SIZE), scenario(COUNT, SIZE, **REPORT)
    of = compared(plain, later)
    alone = [simulate.run(one, draws=16_384) for one in (plain, later)]
    assert alone[1].updated is not None
    medians = [one.outcome().median for one in (alone[0], alone[1].updated)]
    assert [one.outcomes[-1].median for one in of.summaries] == medians
    shift = moved(of)
    first, second = (at.day for at in medians)
    assert first is not None
    assert second is not None
    assert shift.days == pytest.approx(second - first, abs=1e-9)
    truth = moved(compared(plain, later, draws=2**20)).days
    assert truth is not None
    assert shift.days is not None
    assert shift.mc_error_days is not None
    assert abs(shift.days - truth) < WIDEN * shift.mc_error_days < abs(shift.days)
    same = moved(compared(later, later))
    assert (same.days, same.mc_error_days) == (0.0, 0.0)


def test_the_order_of_updated_dates_is_that_of_weighted_draws() -> None:
    plain, later = scenario(COUNT, SIZE), scenario(COUNT, SIZE, **REPORT)
    of = compared(plain, later)
    assert {one.draws for one in of.against[0].orders} == {"independent"}
    days, weights = [], []
    for one in (plain, later):
        draws = simulate.run(one, draws=16_384).draws()
        date = np.asarray(draws["date_100"], dtype="datetime64[D]")
        days.append(date.astype(np.int64))
        weights.append(np.asarray(draws["weight"]) if one is later else np.ones(len(date)))
    start = min(map(np.min, days))
    one, two = (
        np.bincount(d - start, w, 4000) / w.sum() for d, w in zip(days, weights, strict=True)
    )
    first = float((one * (1.0 - np.cumsum(two))).sum())
    found = order(of, "independent").reference_first
    assert found.probability == pytest.approx(first, abs=1e-9)
    unweighted = order(compared(plain, plain), "independent").reference_first
    assert abs(unweighted.probability - first) > 0.1


@pytest.mark.parametrize("method", ["lattice", "random"])
def test_a_pure_shift_of_all_dates_is_exact(method: str) -> None:
    """Seven days later in every draw: no error at all, though the origins differ."""
    found = compared(
        scenario(COUNT, SIZE, thresholds=[0.5, 1.0], **NOW),
        scenario(COUNT, SIZE, thresholds=[0.5, 1.0], **WEEK),
        method=method,
    )
    assert found.summaries[1].origin - found.summaries[0].origin == dt.timedelta(days=7)
    assert len(found.against[0].shifts) == 2 * 5
    for shift in found.against[0].shifts:
        assert shift.days == 7.0
        assert shift.mc_error_days == 0.0
    for one in found.against[0].orders:
        if one.draws == "shared":
            assert one.reference_first.probability == 1.0
            assert one.reference_first.mc_error == 0.0


def test_a_scenario_against_itself() -> None:
    open_ended = scenario(COUNT, SIZE, horizon="2025-04-20", levels=[0.1, 0.9])
    found = compared(open_ended, open_ended)
    assert found.levels == (0.05, 0.1, 0.5, 0.9, 0.95)
    assert (moved(found).days, moved(found).mc_error_days) == (0.0, 0.0)
    beyond = moved(found, 0.95)
    assert (beyond.days, beyond.mc_error_days) == (None, None)
    assert beyond.before.missing == beyond.after.missing == "beyond_horizon"
    shared, never = order(found), 1 - found.summaries[0].outcomes[0].depleted_probability
    assert 0.2 < never < 0.8
    assert shared.reference_first.probability == shared.other_first.probability == 0.0
    assert shared.neither.probability == never
    assert shared.same_day.probability == 1 - never
    # Independent of itself it seldom falls on the same day.
    assert order(found, "independent").same_day.probability < 0.1


@pytest.mark.parametrize(("method", "factor"), [("random", 5.0), ("lattice", 1.0)])
def test_a_shift_is_more_precise_than_that_of_two_seeds(method: str, factor: float) -> None:
    """A tenth more men: so many times at least in standard deviation, from 60 seeds.

    The lattice is so precise by itself that there is less to gain. A ratio of sample variances is
    off by more than the factor `off` once in a million.
    """
    few, more, seeds = scenario(COUNT, SIZE), scenario(COUNT, lognormal(11_000, 13_200)), 60
    plans = (plan(few, method), plan(more, method))
    exact = 0.1 * DAYS * math.sqrt(10_000 * 12_000 / (3000 * 4000))

    def shift(first: int, second: int) -> Shift:
        seeded = [replace(of, seed=s) for of, s in zip(plans, (first, second), strict=True)]
        tallies = run_jointly(seeded, (1.0,), ONE).tallies
        runs = list(zip(seeded, tallies, strict=True))
        return next(shifts(runs[0], runs[1], (1.0,), (0.5,)))

    def variance(found: list[Shift]) -> float:
        return float(np.var([one.days for one in found if one.days is not None], ddof=1))

    paired = [shift(seed, seed) for seed in range(seeds)]
    apart = [shift(seed, 1000 + seed) for seed in range(seeds)]
    off = float(stats.f.isf(ALARM, seeds - 1, seeds - 1))
    assert variance(apart) / variance(paired) > factor**2 * off
    # The stated errors know it: their mean square is near the variance they stand for.
    for found in (paired, apart):
        stated = [one.mc_error_days or 0.0 for one in found]
        ratio = np.mean(np.square(stated)) / stats.t.isf(0.025, 7) ** 2 / variance(found)
        assert 1 / off < ratio < off
    for one in paired:
        assert one.days is not None
        assert one.mc_error_days is not None
        assert abs(one.days - exact) < WIDEN * one.mc_error_days + 2 / 24
    # Without pairs the same is not seen.
    assert variance(apart[::2]) / variance(apart[1::2]) < off


def test_shifts_are_told_against_each_of_several() -> None:
    sizes = (12_000, 11_000, 13_000)
    found = compared(*(scenario(COUNT, size) for size in sizes))
    assert [against.number for against in found.against] == [1, 2]
    signs = [moved(found, number=number).days for number in (1, 2)]
    assert signs[0] is not None
    assert signs[1] is not None
    assert signs[0] < 0 < signs[1]


# --- which comes first ---

FORCE = (11_000, 13_000)


def exact_first(*, shared: bool) -> tuple[float, float, float]:
    """P(A on an earlier day), P(B on an earlier day), P(same day), free of Monte Carlo.

    A has 12,000 men, B from 11,000 to 13,000; both lose 3,000 to 4,000 in 41 days. Given the
    counts B's day is fixed by where its force falls, which is uniform.
    """
    c = 3000 + 1000 * (np.arange(4000) + 0.5) / 4000
    day = np.floor(DAYS * 12_000 / c)[:, np.newaxis]
    own = c[:, np.newaxis] if shared else c[np.newaxis, :]
    low, high = FORCE
    # B's date is after A's day where its force is at least so many, before it below so many.
    after = 1 - np.clip(((day + 1) * own / DAYS - low) / (high - low), 0, 1)
    before = np.clip((day * own / DAYS - low) / (high - low), 0, 1)
    first, second = float(after.mean()), float(before.mean())
    return first, second, 1 - first - second


@pytest.mark.parametrize("method", ["lattice", "random"])
def test_the_probability_of_coming_first(method: str) -> None:
    count = uniform(3000, 4000)
    found = compared(
        scenario(count, 12_000), scenario(count, uniform(*FORCE)), draws=65_536, method=method
    )
    for draws in ("shared", "independent"):
        exact, one = exact_first(shared=draws == "shared"), order(found, draws)
        for chance, known in zip(one.chances, exact, strict=False):
            assert abs(chance.probability - known) < WIDEN * chance.mc_error + 1e-4
        assert one.neither.probability == 0.0
        assert sum(chance.probability for chance in one.chances) == pytest.approx(1, abs=1e-12)
    # The one mistaken for the other would be seen.
    wrong, shared = exact_first(shared=False), order(found)
    tolerance = WIDEN * shared.same_day.mc_error + 1e-4
    assert abs(shared.same_day.probability - wrong[2]) > tolerance


def test_dates_count_up_to_the_earlier_horizon() -> None:
    """After the horizon of one scenario nothing is known of it, so neither comes first there."""
    long, short = scenario(COUNT, SIZE), scenario(COUNT, SIZE, horizon="2025-04-20")
    found = compared(long, short)
    assert found.against[0].horizon == dt.date(2025, 4, 20)
    for one in found.against[0].orders:
        known = found.summaries[1].outcomes[0].depleted_probability
        assert one.neither.probability == pytest.approx(
            1 - known if one.draws == "shared" else (1 - known) ** 2, abs=1e-12
        )
    assert order(found).same_day.probability == pytest.approx(known, abs=1e-12)
    # The percentiles keep the horizon of their own scenario.
    late = moved(found, 0.95)
    assert late.before.date is not None
    assert late.after.missing == "beyond_horizon"
    assert late.days is None


def test_the_next_year_comes_second_for_certain() -> None:
    later = {"start": "2026-12-06", "as_of": "2027-01-16"}
    found = compared(scenario(COUNT, SIZE), scenario(COUNT, SIZE, **later))
    for one in found.against[0].orders:
        assert one.reference_first.probability == 1.0
    back = compared(scenario(COUNT, SIZE, **later), scenario(COUNT, SIZE))
    for one in back.against[0].orders:
        assert one.other_first.probability == 1.0


# --- what is compared ---


def test_a_certain_date_beside_draws_by_day() -> None:
    """One value serves all draws of several tasks; 12,000 at 3,800 in 41 days, 14 April 2025."""
    certain = scenario(3800, 12_000)
    drifting = scenario(3800, 12_000, rate={"drift": {"sd": 0.4, "correlation_days": 30}})
    found = compared(certain, drifting, draws=1024)
    (outcome,) = found.summaries[0].outcomes
    assert {quantile.at.date for quantile in outcome.quantiles} == {dt.date(2025, 4, 14)}
    assert outcome.depleted_probability == 1.0
    assert sum(chance.probability for chance in order(found).chances) == pytest.approx(1, abs=1e-12)


def test_histograms_share_their_bins_and_hold_all_that_is_depleted() -> None:
    found = compared(
        scenario(COUNT, SIZE, **NOW),
        scenario(COUNT, SIZE, horizon="2025-04-20"),
        scenario(COUNT, SIZE, horizon=12_000),
    )
    first, *others = found.histograms[0]
    assert all(one.edges == first.edges for one in others)
    for summary, one in zip(found.summaries, found.histograms[0], strict=True):
        assert sum(one.probability) == pytest.approx(
            summary.outcomes[0].depleted_probability, abs=1e-12
        )


def test_thresholds_in_common() -> None:
    found = compared(
        scenario(thresholds=[0.3, 0.5, 1.0]), scenario(thresholds=[1.0, 0.5]), draws=1024
    )
    assert found.thresholds == (0.5, 1.0)
    assert {one.threshold for one in found.against[0].shifts} == {0.5, 1.0}
    with pytest.raises(ScenarioError, match=r"no threshold in common: A \[0.3\], B \[0.5, 1\]"):
        compared(scenario(thresholds=[0.3]), scenario(thresholds=[0.5, 1.0]))


def test_what_cannot_be_compared() -> None:
    claims = [{"count": 3800, "as_of": "2025-01-16"}, {"count": 3000, "as_of": "2025-01-16"}]
    each = Scenario.model_validate(
        {
            "title": "T",
            "force": {"size": 12_000},
            "losses": {"start": "2024-12-06", "pooling": "each", "claims": claims},
        }
    )
    with pytest.raises(ScenarioError, match="one result for each claim"):
        compared(scenario(), each)
    with pytest.raises(ScenarioError, match="two scenarios or more"):
        compared(scenario())
    with pytest.raises(ScenarioError, match="two scenarios or more"):
        simulate.compare([])
    with pytest.raises(LimitError, match="limit of 60"):
        compared(*[scenario()] * 61)


def test_the_python_face() -> None:
    few, more = scenario(COUNT, SIZE, sampling={"draws": 2048, "seed": 3}), scenario(COUNT, 13_000)
    result = simulate.compare([few, LoadedScenario(more)])
    assert {one.run.draws for one in result.comparison.summaries} == {2048}
    assert {one.run.seed for one in result.comparison.summaries} == {3}
    assert result.to_dict()["reference"] == "A"
    assert "B against A: the median date is" in result.cite()
    assert repr(result).startswith("<ComparisonResult of 'a case' and 1 more\n Whole force")
    options: dict[str, Any] = {"draws": 1024, "seed": 1, "method": "random"}
    run = simulate.compare([few, more], **options).comparison.summaries[1].run
    assert (run.draws, run.seed, run.method) == (1024, 1, "random")
