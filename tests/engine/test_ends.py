"""Events that stop the clock, through whole runs: competing risks against exact values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulate.analysis.summary import Outcome
from simulate.api.result import Result
from simulate.api.run import run
from simulate.engine.tally import HORIZON, NO_RATE
from simulate.scenario.loader import load_mapping
from tests.exact import lognormal, straight_line_cdf

ALARM = 1e-6
"""Chance of a false alarm of each statistical test."""
DRAWS = 2**17
COUNT = {"distribution": "lognormal", "p5": 3000, "p95": 4000}
LAST = "2025-05-31"
DAYS = 177.0
"""From 6 December 2024 to the end of 31 May 2025."""

WITHDRAWAL = {
    "label": "withdrawal",
    "date": {"distribution": "uniform", "low": "2025-03-16", "high": "2025-05-15"},
    "probability": 0.4,
}
CEASEFIRE = {"label": "ceasefire", "date": "2025-04-25", "probability": 0.25}


def day(month: int, of_month: int) -> float:
    """Days from 6 December 2024 to a date of 2025."""
    return float(
        (np.datetime64(f"2025-{month:02}-{of_month:02}") - np.datetime64("2024-12-06"))
        / np.timedelta64(1, "D")
    )


def result(*ends: Any, count: Any = 3800, draws: int = DRAWS, **more: Any) -> Result:
    losses = {"count": count, "start": "2024-12-06", "as_of": "2025-01-16"}
    sampling = {"method": more.pop("method", "lattice"), "draws": draws}
    case: dict[str, Any] = {"title": "A claim", "force": {"size": 12000}, "losses": losses}
    case |= {"horizon": LAST, "ends": list(ends), "sampling": sampling, **more}
    return run(load_mapping(case), workers=1)


def causes(outcome: Outcome) -> dict[str, float]:
    return {cause.cause: cause.probability for cause in outcome.never}


def later(t: float, threshold: float = 1.0) -> float:
    """P(T > t) of the straight line with the lognormal count, t in days from 6 December."""
    law = lognormal(3000, 4000)
    return 1 - straight_line_cdf(t, days=41.0, count=law, size=12000.0, threshold=threshold)


def competing(
    p: float, q: float, *, low: float, high: float, fixed: float, threshold: float = 1.0
) -> dict[str, float]:
    """Exact probabilities: one end with probability p on a uniform date, one with q on a known."""
    x, w = np.polynomial.legendre.leggauss(24)

    def mean(a: float, b: float) -> float:
        """Of P(T > D) over a part of the dates, times the share of that part."""
        dates = a + (b - a) * (1 + x) / 2
        value = sum(v * later(t, threshold) for v, t in zip(w, dates.tolist(), strict=True)) / 2
        return float(value) * (b - a) / (high - low)

    before = (fixed - low) / (high - low)
    found = {
        "withdrawal": p * (mean(low, fixed) + (1 - q) * mean(fixed, high)),
        "ceasefire": q * later(fixed, threshold) * (1 - p * before),
        HORIZON: (1 - p) * (1 - q) * later(DAYS, threshold),
    }
    return {**found, "depleted": 1 - sum(found.values())}


def stated(error: float, replicates: int) -> float:
    """The tolerance that goes with a stated 95 % half-width from a Student t of replicates."""
    law = stats.t(replicates - 1)
    return error * float(law.isf(ALARM / 2) / law.ppf(0.975))


def binomial(n: int, p: float) -> tuple[float, float]:
    """Numbers out of n between which one lies, but for a false alarm in one of up to four."""
    law = stats.binom(n, p)
    return float(law.ppf(ALARM / 8)), float(law.isf(ALARM / 8))


EXACT = {"low": day(3, 16), "high": day(5, 15), "fixed": day(4, 25)}


def test_the_exact_values_are_those_of_a_plain_simulation() -> None:
    """Drawn by NumPy: binomial counts, so the tolerance is a quantile of their law."""
    n, rng = 400_000, np.random.default_rng(5)
    t = (
        41
        * 12000
        / stats.lognorm.rvs(
            s=math.log(4 / 3) / (2 * stats.norm.ppf(0.95)),
            scale=math.sqrt(12e6),
            size=n,
            random_state=rng,
        )
    )
    first = np.where(rng.random(n) < 0.4, rng.uniform(EXACT["low"], EXACT["high"], n), np.inf)
    second = np.where(rng.random(n) < 0.25, EXACT["fixed"], np.inf)
    end = np.minimum(first, second)
    drawn = {
        "withdrawal": np.sum((first < t) & (first < second)),
        "ceasefire": np.sum((second < t) & (second < first)),
        HORIZON: np.sum((t >= DAYS) & np.isinf(end)),
        "depleted": np.sum((t <= end) & (t < DAYS)),
    }
    for cause, p in competing(0.4, 0.25, **EXACT).items():
        low, high = binomial(n, p)
        assert low <= drawn[cause] <= high, cause
    for cause, p in competing(0.42, 0.25, **EXACT).items():
        low, high = binomial(n, p)
        if cause in ("withdrawal", "depleted"):
            assert not low <= drawn[cause] <= high, cause


@pytest.mark.parametrize("method", ["lattice", "random", "latin-hypercube", "sobol"])
def test_competing_risks(method: str) -> None:
    found = result(WITHDRAWAL, CEASEFIRE, count=COUNT, method=method, thresholds=[0.8, 1.0])
    n = found.summary.run.draws
    for threshold in (0.8, 1.0):
        outcome = found.outcome(threshold)
        exact = competing(0.4, 0.25, **EXACT, threshold=threshold)
        near = competing(0.42, 0.25, **EXACT, threshold=threshold)
        got = {**causes(outcome), "depleted": outcome.depleted_probability}
        assert set(got) == {cause for cause, p in exact.items() if p > 1e-4}
        missed = 0
        for cause, p in got.items():
            # Whatever the method, the spread is at most about that of independent draws.
            tolerance = float(stats.norm.isf(ALARM / 8)) * math.sqrt(p * (1 - p) / n)
            assert p == pytest.approx(exact[cause], rel=0, abs=tolerance), cause
            missed += abs(p - near[cause]) > tolerance
        assert missed >= 2  # of the nearby probabilities


def test_the_stated_error_covers() -> None:
    found = result(WITHDRAWAL, CEASEFIRE, count=COUNT)
    outcome, replicates = found.outcome(), found.summary.run.replicates
    exact = competing(0.4, 0.25, **EXACT)
    errors = {cause.cause: cause.mc_error for cause in outcome.never}
    errors["depleted"] = outcome.depleted_mc_error
    got = {**causes(outcome), "depleted": outcome.depleted_probability}
    for cause, p in got.items():
        assert 0 < errors[cause] < 5e-3
        tolerance = stated(errors[cause], replicates)
        assert p == pytest.approx(exact[cause], rel=0, abs=tolerance), cause
        assert p != pytest.approx(exact[cause] + 0.02, rel=0, abs=tolerance), cause


@pytest.mark.parametrize("bend", [{}, {"pauses": [{"start": "2025-02-01", "days": 5}]}])
def test_every_draw_has_one_fate(bend: dict[str, Any]) -> None:
    """In whole numbers, for every threshold and replicate."""
    count = {"distribution": "normal", "mean": 3000, "sd": 2000}
    ends = [{**WITHDRAWAL, "probability": {"distribution": "uniform", "low": 0, "high": 1}}]
    found = result(*ends, CEASEFIRE, count=count, thresholds=[0.3, 0.7, 1.0], **bend)
    tally, design = found.tally, found.plan.design
    fates = tally.passages.sum(axis=2) + tally.never.sum(axis=2)
    assert (fates == design.n_draws // design.replicates).all()
    assert (tally.never >= 0).all()
    for outcome in found.summary.outcomes:
        whole = math.fsum([outcome.depleted_probability, *causes(outcome).values()])
        assert whole == pytest.approx(1, rel=0, abs=1e-15)
        assert len(causes(outcome)) == 4


def test_a_known_claim_with_an_uncertain_end() -> None:
    """14 April, unless the withdrawal of 1 March happens."""
    end = {"label": "withdrawal", "date": "2025-03-01", "probability": 0.3}
    found = result(end, thresholds=[0.3, 1.0])
    sure, whole = found.summary.outcomes
    assert sure.depleted_probability == 1
    assert not sure.never
    assert set(causes(whole)) == {"withdrawal"}
    (never,) = whole.never
    tolerance = stated(never.mc_error, found.summary.run.replicates) + 1 / DRAWS
    assert never.probability == pytest.approx(0.3, rel=0, abs=tolerance)
    assert tolerance < 0.005
    assert whole.depleted_probability == pytest.approx(1 - never.probability, rel=0, abs=1e-15)
    assert str(whole.median.date) == "2025-04-14"
    assert found.quantile(0.69).date == whole.median.date
    assert found.quantile(0.71).missing == "beyond_horizon"
    assert found.probability_by("2025-04-13").probability == 0
    assert found.probability_by("2025-04-14").probability == whole.depleted_probability


@pytest.mark.parametrize(
    ("date", "cause"),
    [
        ("2025-04-13", "withdrawal"),
        ("2025-04-14", "withdrawal"),  # at 00:00, and depletion at 11:22 of that day
        ("2025-04-15", None),
        ("2025-05-31", None),
    ],
)
def test_the_first_event_counts(date: str, cause: str | None) -> None:
    found = result({"label": "withdrawal", "date": date}, draws=1024).outcome()
    assert causes(found) == ({cause: 1.0} if cause else {})
    assert found.depleted_probability == (0 if cause else 1)


def test_the_first_of_several_ends() -> None:
    ends = [
        {"label": "peace", "date": "2025-04-12"},
        {"label": "withdrawal", "date": "2025-03-12"},
        {"label": "ceasefire", "date": "2025-02-12", "probability": 0},
    ]
    for order in (ends, ends[::-1]):
        assert causes(result(*order, draws=1024).outcome()) == {"withdrawal": 1.0}


def test_an_end_after_the_horizon_is_the_horizon() -> None:
    slow = {"count": 1900, "draws": 1024}  # depleted after 259 days
    for date, cause in [("2025-05-31", "peace"), ("2025-06-01", HORIZON), ("2025-08-01", HORIZON)]:
        found = result({"label": "peace", "date": date}, **slow)
        assert causes(found.outcome()) == {cause: 1.0}
    assert causes(result(**slow).outcome()) == {HORIZON: 1.0}


def test_without_a_rate_nothing_is_stopped() -> None:
    """P(count <= 0) of a normal law at 1.5 standard deviations; the end stops half the rest."""
    count = {"distribution": "normal", "mean": 3000, "sd": 2000}
    end = {"label": "peace", "date": "2024-12-07", "probability": 0.5}
    found = causes(result(end, count=count, method="random").outcome())
    no_rate = float(stats.norm.cdf(-1.5))
    for cause, p in {NO_RATE: no_rate, "peace": 0.5 * (1 - no_rate)}.items():
        low, high = (number / DRAWS for number in binomial(DRAWS, p))
        assert low <= found[cause] <= high
        assert not low <= p + 0.02 <= high


def test_an_end_that_never_happens_changes_no_number() -> None:
    """Streams go by name: the others' draws stay where they are."""
    plain = result(count=COUNT, draws=8192)
    idle = result({**WITHDRAWAL, "probability": 0}, count=COUNT, draws=8192)
    np.testing.assert_array_equal(idle.tally.passages, plain.tally.passages)
    np.testing.assert_array_equal(idle.tally.rates, plain.tally.rates)
    np.testing.assert_array_equal(idle.tally.never[:, :, [0, -1]], plain.tally.never)
    other = result(WITHDRAWAL, count=COUNT, draws=8192)
    assert (other.tally.passages != plain.tally.passages).any()


def test_a_bend_decides_whether_the_end_comes_first() -> None:
    end = {"label": "peace", "date": "2025-04-20"}
    pause = {"start": "2025-02-01", "days": 5}
    assert causes(result(end, draws=1024).outcome()) == {}
    assert causes(result(end, draws=1024, pauses=[pause]).outcome()) == {}
    long = {**pause, "days": 6}
    assert causes(result(end, draws=1024, pauses=[long]).outcome()) == {"peace": 1.0}
    uncertain = {**pause, "days": {"distribution": "uniform", "low": 0, "high": 20}}
    found = result(end, pauses=[uncertain])
    (never,) = found.outcome().never
    day_of_end = day(4, 20)
    exact = 1 - (day_of_end - 41 * 12000 / 3800) / 20
    tolerance = stated(never.mc_error, found.summary.run.replicates) + 1 / DRAWS
    assert never.probability == pytest.approx(exact, rel=0, abs=tolerance)
    assert tolerance < 0.01


def test_the_citation_says_why_never() -> None:
    ends = [
        {"label": "withdrawal", "date": "2025-03-01", "probability": 0.3},
        {"label": "ceasefire", "date": "2025-03-02", "probability": 0.5},
    ]
    found = result(*ends)
    cited = found.cite()
    assert "withdrawal 30.0 %" in cited
    assert "ceasefire 35.0 %" in cited
    assert "horizon" not in cited.partition("\n")[0]
    assert "not by then in 65.0 %" in cited
    assert "withdrawal" not in result(ends[1]).cite()
    certain = result({"label": "withdrawal", "date": "2025-03-01"}).cite()
    assert (
        "would not be lost by 31 May 2025 in any of 131,072 simulations (withdrawal 100 %)"
        in certain
    )
    slow = result(*ends, count=1900).cite()
    assert "later or never 35.0 %" in slow
