"""The result updated on later reports: reference values, a slow twin, and what it refuses."""

from __future__ import annotations

import itertools
import math
from typing import Any, NamedTuple

import numpy as np
import pytest

import simulate
from simulate.analysis.mc_error import STUDENT_T
from simulate.analysis.summary import Update
from simulate.api.result import Result
from simulate.engine.evidence import likelihood
from simulate.engine.redraw import replayed
from simulate.scenario.evidence import reports_of
from tests.analysis.reports import (
    CONFLICTING,
    DAY_111,
    DAY_120,
    TWO,
    errors,
    report,
    updated,
)
from tests.cases import AS_OF, COUNT, SIZE, START, scenario, uniform

LEVELS = (0.05, 0.5, 0.95)
THOUSANDTH = 0.001


class Case(NamedTuple):
    """Inputs and reports, the updated dates in days from the start, mean L and ESS / N."""

    count: Any
    more: dict[str, Any]
    days: tuple[float, float, float]
    mean: float
    share: float


REFERENCE = {
    "A": Case(
        COUNT,
        {"observed": [report(7500)], "evidence": errors(0.10)},
        (128.216672, 142.879309, 159.218740),
        0.748722700,
        0.898298792,
    ),
    "B": Case(
        COUNT,
        {
            "observed": [report(7500, source="S"), report(9000, DAY_120, source="S")],
            "evidence": errors(0.05, source_bias=0.15),
        },
        (127.371972, 144.346236, 163.582579),
        0.267132399,
        0.943518853,
    ),
    "C": Case(
        COUNT,
        {"observed": [report(8000, qualifier="at_least")], "evidence": errors(0.10)},
        (118.377732, 133.791556, 150.358218),
        0.351218236,
        0.661169475,
    ),
    "D": Case(
        3800,
        CONFLICTING,
        (233.025846, 305.174482, 420.182049),
        0.002518052,
        0.008809880,
    ),
}


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_values(name: str) -> None:
    """From the closed form of the weighted distribution, to a thousandth of a day plus the error.

    Its own 95 % error is exceeded in one of twenty runs, so four times that: about 1e-4 by
    Student's t with 7 degrees of freedom, for one seed that does not change.
    """
    case = REFERENCE[name]
    result = simulate.run(scenario(case.count, levels=LEVELS, **case.more), draws=2**20)
    found = updated(result)
    (outcome,) = found.outcomes
    for quantile, expected in zip(outcome.quantiles, case.days, strict=True):
        at = quantile.at
        assert at.day is not None
        assert at.mc_error_days is not None
        # Days are interpolated in bins of an hour, over which the density hardly changes.
        assert abs(at.day - expected) <= THOUSANDTH + 4 * at.mc_error_days
        assert at.mc_error_days < (0.1 if name != "D" else 5.0)
    replicates = result.tally.updated
    assert replicates is not None
    each = replicates.total / (2.0**40 * result.plan.design.per_replicate)
    error = float(STUDENT_T[7] * np.std(each, ddof=1) / math.sqrt(8))
    assert found.mean_likelihood == pytest.approx(case.mean, abs=1e-8 + 4 * error)
    share = found.effective_sample_size / result.summary.run.draws
    assert share == pytest.approx(case.share, rel=2e-3)


def test_a_wrong_likelihood_would_be_found() -> None:
    """Reports of two sources, and a number in the place of a bound, miss the values above."""
    for name, change in (("B", {"source": "T"}), ("C", {"qualifier": "about"})):
        case = REFERENCE[name]
        first, *rest = case.more["observed"]
        more = {**case.more, "observed": [{**first, **change}, *rest]}
        result = simulate.run(scenario(case.count, levels=LEVELS, **more), draws=2**16)
        (outcome,) = updated(result).outcomes
        at = outcome.quantiles[1].at
        assert at.day is not None
        assert at.mc_error_days is not None
        assert abs(at.day - case.days[1]) > THOUSANDTH + 4 * at.mc_error_days


# --- a slow twin ---

DATES = {"start": uniform("2024-12-01", "2024-12-11"), "as_of": uniform("2025-01-04", AS_OF)}
END = {"label": "E", "date": uniform("2025-02-01", "2025-09-01"), "probability": 0.5}


@pytest.mark.parametrize("method", ["lattice", "random"])
def test_against_plain_weights(method: str) -> None:
    """Every draw with its weight as a float, sorted by date."""
    of = scenario(COUNT, SIZE, thresholds=[0.5, 1.0], observed=TWO, levels=LEVELS, **DATES)
    result = simulate.run(of, draws=2**14, method=method)
    plan, found = result.plan, updated(result)
    moments = [(count.date - of.origin).days for count in of.observed]
    times, likely = [], []
    for block in replayed(plan):
        start, as_of = block.values["losses.start"], block.values["losses.as_of"]
        rate = block.values["losses.count"] / (as_of - start)
        lost = np.stack([np.maximum(moment - start, 0.0) * rate for moment in moments])
        likely.append(likelihood(reports_of(of), lost))
        times.append(block.time)
    time, weight = np.concatenate(times, axis=1), np.concatenate(likely)
    assert found.mean_likelihood == pytest.approx(weight.mean(), rel=1e-9)
    ess = weight.sum() ** 2 / np.square(weight).sum()
    assert found.effective_sample_size == pytest.approx(ess, rel=1e-9)
    by_replicate = weight.reshape(8, -1)
    least = (by_replicate.sum(axis=1) ** 2 / np.square(by_replicate).sum(axis=1)).min()
    assert found.smallest_effective_sample_size == pytest.approx(least, rel=1e-9)
    for row, outcome in zip(time, found.outcomes, strict=True):
        order = np.argsort(row)
        upto = np.cumsum(weight[order]) / weight.sum()
        for level, at in outcome.quantiles:
            expected = row[order][np.searchsorted(upto, level)]
            # Within a bin of an hour.
            assert at.day == pytest.approx(expected, abs=1 / 24)
        day = outcome.quantiles[1].at.day
        assert day is not None
        share = _error_by_replicate(row.reshape(8, -1), by_replicate, day)
        passages = _passages(result, outcome.threshold)
        assert passages.cdf_error(day) == pytest.approx(share, rel=1e-9)


def _error_by_replicate(time: Any, weight: Any, day: float) -> float:
    """The half-width of the share of weights up to a day, from V_r by replicate.

    The day is in a bin, in which a tally interpolates.
    """
    begin, end = math.floor(day * 24) / 24, math.ceil(day * 24) / 24
    part = (day - begin) * 24
    below = (weight * (time < begin)).sum(axis=1)
    upto = (weight * (time < end)).sum(axis=1)
    below = below + part * (upto - below)
    total, p = weight.sum(), below.sum() / weight.sum()
    v = 8 * (below - p * weight.sum(axis=1)) / total
    error = STUDENT_T[7] * np.std(v, ddof=1) / math.sqrt(8)
    ess = total**2 / np.square(weight).sum()
    return float(max(error, 0.5 / (ess / 8)))


def _passages(result: Result, threshold: float) -> Any:
    from simulate.analysis.outcomes import passages_of
    from simulate.analysis.weighted import Weighted

    assert result.tally.updated is not None
    k = result.plan.thresholds.index(threshold)
    return passages_of(result.plan, result.tally, k, Weighted.of(result.tally.updated))


def test_the_error_of_a_date_holds() -> None:
    """Over 32 seeds the stated 95 % error misses the reference value in 1.6 runs on average.

    More than 9 have a probability of 7e-6 if it holds; with errors half as wide it misses in a
    third of the runs.
    """
    case, missed = REFERENCE["A"], 0
    of = scenario(case.count, levels=LEVELS, **case.more)
    for seed in range(32):
        (outcome,) = updated(simulate.run(of, draws=2**12, seed=seed, method="random")).outcomes
        at = outcome.quantiles[1].at
        assert at.day is not None
        assert at.mc_error_days is not None
        missed += abs(at.day - case.days[1]) > at.mc_error_days
    assert missed <= 9


# --- blocks that change nothing ---

NEUTRAL: dict[str, dict[str, Any]] = {
    "multiplier": {"rate": {"multiplier": 1}},
    "trend": {"rate": {"trend_per_week": 0}},
    "exponent": {"rate": {"strength_exponent": 0}},
    "season": {"rate": {"by_month": [1] * 12}},
    "season with a trend": {"rate": {"by_month": [1] * 12, "trend_per_week": 0}},
    "late pause": {"pauses": [{"start": "2025-07-01", "days": 10, "intensity": 0}]},
    "nobody arrives": {"reinforcements": [{"date": "2025-02-01", "size": 0}]},
    "late arrival": {"reinforcements": [{"date": "2025-08-01", "size": 1000}]},
    "no inflow": {"inflow": [{"amount": 0, "per": "day"}], "counting": "casualties"},
    "nothing taken": {"outflows": [{"date": "2025-03-01", "size": 0}], "counting": "casualties"},
    "nobody wounded": {"wounded": {"share": 0, "return_share": 0.5, "return_days": 30}},
    "nobody returns": {"wounded": {"share": 0.7, "return_share": 0, "return_days": 30}},
    "no rests": {
        "rotation": {"line_days": 9, "rest_days": 9, "rest_intensity": 1, "return_intensity": 1}
    },
    "strength": {"counting": "strength"},
    "late end": {"ends": [{"label": "E", "date": "2026-12-01"}]},
}
"""Beside a report they cannot change, on the roads in closed form and by events."""

NEARLY: dict[str, dict[str, Any]] = {
    "drift": {"rate": {"drift": {"sd": 1e-6, "correlation_days": 20}}},
    "reference": {"rate": {"reference": {"sd": 1e-6}}},
    "drift by days": {
        **NEUTRAL["no inflow"],
        "rate": {"drift": {"sd": 1e-6, "correlation_days": 20}},
    },
}
ALL_GONE = report(12_000, "2025-06-01")
"""Losses go on beyond the whole force in most draws."""


def gone_by(**more: Any) -> Update:
    of = scenario(COUNT, observed=[ALL_GONE], horizon="2026-12-31", **more)
    return updated(simulate.run(of, draws=2**13))


@pytest.mark.parametrize("name", [*NEUTRAL, *NEARLY])
def test_what_changes_nothing_leaves_the_update(name: str) -> None:
    """The draws are the same, and so is the update; at a tiny drift within its error."""
    plain, found = gone_by(), gone_by(**(NEUTRAL | NEARLY)[name])
    before, after = (of.outcomes[0].median for of in (plain, found))
    assert before.day is not None
    assert before.mc_error_days is not None
    within = before.mc_error_days if name in NEARLY else 1e-6
    assert after.day == pytest.approx(before.day, abs=within)
    assert found.mean_likelihood == pytest.approx(plain.mean_likelihood, rel=1e-4)


EVEN = {"multiplier": 1}, {"by_month": [1] * 12, "trend_per_week": 0}


@pytest.mark.parametrize(
    "more",
    [
        {"ends": [END]},
        {"force": {"floor": 2000}},
        {"force": {"as_of": "2024-12-20"}, "inflow": [{"amount": 20, "per": "day"}]},
    ],
)
@pytest.mark.parametrize("rate", EVEN)
def test_it_changes_nothing_beside_others(rate: dict[str, Any], more: dict[str, Any]) -> None:
    """Beside an event that ends the losses in some draws, a floor, a stock with an inflow."""
    plain, found = gone_by(**more), gone_by(rate=rate, **more)
    before, after = (of.outcomes[0].median.day for of in (plain, found))
    assert after == pytest.approx(before, abs=1e-6)
    assert found.mean_likelihood == pytest.approx(plain.mean_likelihood, rel=1e-9)


@pytest.mark.parametrize(
    "more",
    [
        {"rotation": {"line_days": 900, "rest_days": 1, "return_intensity": 1}},
        {"wounded": {"share": 0.7, "return_share": 1e-6, "return_days": 30}},
        {"rate": {"strength_exponent": 0.001}},
    ],
)
def test_where_a_force_that_is_gone_loses_no_more(more: dict[str, Any]) -> None:
    """All draws that ran out before the report of the whole force fit it equally well."""
    plain, found = gone_by(), gone_by(**more)
    assert plain.mean_likelihood < 0.5
    assert found.mean_likelihood > 0.99


# --- shares, counts and strength after the update ---


def test_everything_sums_to_one() -> None:
    of = scenario(COUNT, SIZE, thresholds=[0.5, 1.0], observed=TWO, ends=[END], by=["2025-03-01"])
    found = updated(simulate.run(of, draws=2**14, strength=True))
    for outcome in found.outcomes:
        never = sum(cause.probability for cause in outcome.never)
        assert outcome.depleted_probability + never == pytest.approx(1, abs=1e-12)
        assert {cause.cause for cause in outcome.never} == {"E"}
        assert sum(outcome.histogram.probability) == pytest.approx(outcome.depleted_probability)
        assert all(interval.kind == "equal-tailed" for interval in outcome.intervals)
    assert found.strength is not None
    assert found.strength.levels == (0.05, 0.25, 0.5, 0.75, 0.95)


def test_certain_shares_are_exactly_one() -> None:
    (outcome,) = updated(
        simulate.run(scenario(COUNT, observed=[report(7500)]), draws=2**14)
    ).outcomes
    assert outcome.depleted_probability == 1.0
    assert outcome.depleted_mc_error == 0.0
    assert outcome.never == ()


def test_the_prior_is_as_without_evidence() -> None:
    of = scenario(COUNT, SIZE, observed=TWO)
    off = scenario(COUNT, SIZE, observed=[{**one, "evidence": False} for one in TWO])
    with_it, without = (simulate.run(one, draws=2**13).to_dict() for one in (of, off))
    assert "update" not in without
    del with_it["update"]
    for tree in (with_it, without):
        del tree["scenario"]
    for one, other in itertools.pairwise((with_it, without)):
        assert {k: v for k, v in one.items() if k != "warnings"} == {
            k: v for k, v in other.items() if k != "warnings"
        }


def test_a_vague_report_changes_nothing() -> None:
    """An error of e^10 gives all draws the same weight, and so the dates of the prior."""
    of = scenario(COUNT, SIZE, observed=[report(7500)], evidence=errors(10.0))
    result = simulate.run(of, draws=2**14)
    found, (before,) = updated(result), result.summary.outcomes
    (after,) = found.outcomes
    for old, new in zip(before.quantiles, after.quantiles, strict=True):
        assert new.at.day == pytest.approx(old.at.day, abs=1e-3)
    assert found.effective_sample_size == pytest.approx(2**14, rel=1e-4)
    shown, known = (
        check.simulated[1].value for check in (found.observed[0], result.summary.observed[0])
    )
    assert shown == pytest.approx(known, rel=1e-5)


def test_where_nothing_is_uncertain() -> None:
    result = simulate.run(scenario(observed=[report(7500)]), draws=1024, strength=True)
    found = updated(result)
    assert found.outcomes[0].median.date == result.summary.outcomes[0].median.date
    assert found.effective_sample_size == 1024


def test_the_levels_of_reports() -> None:
    """Before and after, as in the counts published later."""
    more = {"label": "later", "date": "2025-04-01", "losses": 8000}
    result = simulate.run(scenario(COUNT, observed=[more, *TWO]), draws=2**13)
    found = updated(result)
    assert [(one.qualifier, one.bound) for one in found.reports] == [
        ("", False),
        ("at_least", True),
    ]
    for one, before, after in zip(
        found.reports, result.summary.observed[1:], found.observed[1:], strict=True
    ):
        assert (one.level, one.mc_error) == (before.middle.level, before.middle.mc_error)
        assert one.updated_level == after.middle.level


# --- workers ---


@pytest.mark.parametrize("more", [{}, {"rate": {"drift": {"sd": 0.3, "correlation_days": 20}}}])
def test_any_number_of_workers_gives_the_same_bytes(more: dict[str, Any]) -> None:
    of = scenario(COUNT, SIZE, observed=TWO, **more)
    one, several = (simulate.run(of, draws=2**13, workers=n, strength=True) for n in (1, 7))
    assert one.to_dict() == several.to_dict()
    assert one.tally == several.tally


def test_start_of_the_cases() -> None:
    """Day 90 and day 120 of the reference values."""
    of = scenario(observed=[report(7500), report(9000, DAY_120), report(5000, DAY_111)])
    assert of.origin.isoformat() == START
    days = [(count.date - of.origin).days for count in of.observed]
    assert days == [90, 120, 111]
