"""What a ledger adds to the answer: rates, levels, and the dates without each source."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from scipy import stats

import simulate
from simulate.analysis.claims import plans_without
from simulate.analysis.inputs import describe_inputs, pooling_note
from simulate.analysis.summary import PooledClaims
from simulate.analysis.values import Shift
from simulate.engine.pilot_run import plan_for
from simulate.errors import ScenarioError
from simulate.scenario.model import Scenario
from tests.cases import ALARM, DAYS, scenario, uniform
from tests.engine.test_pool import (
    AS_OF,
    FIXED,
    FORCE,
    HIGH,
    HOUR,
    LOW,
    OPEN,
    WIDEN,
    ledger,
    linear_quantile,
)

SD = 300 / float(stats.norm.ppf(0.95))


def found(of: simulate.Result) -> PooledClaims:
    assert of.summary.pooled is not None
    return of.summary.pooled


def run(*claims: dict[str, Any], draws: int = 65_536, **more: Any) -> simulate.Result:
    options = {key: more.pop(key) for key in ("method", "workers", "seed") if key in more}
    return simulate.run(ledger(*claims, **more), draws=draws, **options)


def named(claim: dict[str, Any], source: str, **more: Any) -> dict[str, Any]:
    return {**claim, "source": source, **more}


def shifts(of: simulate.Result, source: str, threshold: float = 1.0) -> dict[float, Shift]:
    (left,) = (left for left in found(of).left_out if left.source == source)
    return {shift.level: shift for shift in left.shifts if shift.threshold == threshold}


def size_of(shift: Shift) -> tuple[float, float]:
    """Days, and the error that is passed once in a million, with the hours of two bins."""
    assert shift.days is not None
    assert shift.mc_error_days is not None
    return shift.days, WIDEN * shift.mc_error_days + 2 * HOUR


# --- sources ---


def n_plans_without(of: Scenario) -> int:
    return len(plans_without(of, plan_for(of, draws=1024, seed=0, method="lattice")))


def test_claims_are_grouped_by_source_and_stand_alone_without() -> None:
    flow = {"count": 9, "as_of": AS_OF, "days": 7, "source": "B"}
    of = ledger(named(LOW, "B"), HIGH, flow, named(LOW, " B "), named(HIGH, "A"), HIGH).losses
    assert of.sources == (
        ("B", (1, 4)),
        ("claim 2", (2,)),
        ("A", (5,)),
        ("claim 6", (6,)),
    )
    assert n_plans_without(ledger(named(LOW, "B"), named(HIGH, "B"))) == 0
    assert n_plans_without(ledger(named(LOW, "B"), flow)) == 0
    assert n_plans_without(ledger(LOW, HIGH)) == 2


def test_a_single_source_cannot_be_left_out() -> None:
    assert found(run(named(LOW, "B"), named(HIGH, "B"), draws=1024)).left_out == ()
    assert found(run(LOW, draws=1024)).left_out == ()
    assert simulate.run(scenario(), draws=1024).summary.pooled is None


# --- the dates without a source ---


@pytest.mark.parametrize("method", ["lattice", "random"])
def test_shifts_of_two_normal_claims(method: str) -> None:
    """From the pool of both to the other alone, exactly."""
    result = run(named(LOW, "low"), named(HIGH, "high"), method=method)
    for source, rest in (("low", stats.norm(3800, SD)), ("high", stats.norm(3000, SD))):
        for level, shift in shifts(result, source).items():
            exact = DAYS * FORCE / rest.ppf(1 - level) - DAYS * FORCE / linear_quantile(1 - level)
            days, tolerance = size_of(shift)
            assert abs(days - exact) < tolerance
            # The sign or the source mistaken would be seen.
            if method == "lattice":
                assert tolerance < 2
                assert abs(days + exact) > tolerance


def test_a_shift_is_the_difference_of_two_runs() -> None:
    """The same numbers as a run of the other claims, which counts from another day."""
    early = {"count": 1500, "as_of": uniform("2024-12-02", "2025-01-30"), "source": "early"}
    both = (named(LOW, "low"), named(HIGH, "high"))
    whole, rest = (
        simulate.run(ledger(*both, early), draws=8192),
        simulate.run(ledger(*both), draws=8192),
    )
    later = (rest.summary.origin - whole.summary.origin).days
    assert later == 4
    for level, shift in shifts(whole, "early").items():
        alone, before = rest.quantile(level), whole.quantile(level)
        assert (shift.before, shift.after) == (before, alone)
        assert alone.day is not None
        if before.day is not None:
            assert shift.days == pytest.approx(alone.day + later - before.day, abs=1e-9)
    assert shifts(whole, "early")[0.5].days is not None


def test_leaving_out_one_of_two_equal_claims_shifts_nothing() -> None:
    result = run(named(OPEN[0], "A"), named(OPEN[0], "B"), draws=16_384)
    for source in "AB":
        for shift in shifts(result, source).values():
            assert shift.days == 0.0
            assert shift.mc_error_days == 0.0


@pytest.mark.parametrize("pooling", ["linear", "quantile"])
def test_leaving_out_a_duplicate_among_others_shifts_little(pooling: str) -> None:
    """Twice a claim of weight 1 is that claim with weight 2, and without one of them less of it."""
    copies = [named(LOW, "copy", weight=1), named(LOW, "twin", weight=1)]
    both = run(*copies, named(HIGH, "other", weight=1e9), pooling=pooling)
    for shift in shifts(both, "twin").values():
        days, tolerance = size_of(shift)
        assert abs(days) < tolerance < 0.5
    days, tolerance = size_of(shifts(both, "other")[0.5])
    assert abs(days) > tolerance  # the claim that decides


def test_the_error_of_a_shift_is_what_it_says() -> None:
    """Of 40 seeds 95 % within the 95 % error bar; fewer than 29 once in a million."""
    exact = DAYS * FORCE / stats.norm(3800, SD).ppf(0.75) - DAYS * FORCE / linear_quantile(0.75)
    least = int(stats.binom(40, 0.95).ppf(ALARM))
    within = {1.0: 0, 0.25: 0}
    for seed in range(40):
        result = run(named(LOW, "low"), HIGH, method="random", draws=1024, seed=seed)
        shift = shifts(result, "low")[0.25]
        assert shift.days is not None
        assert shift.mc_error_days is not None
        for factor in within:
            within[factor] += abs(shift.days - exact) < factor * shift.mc_error_days
    assert within[1.0] >= least == 29
    assert within[0.25] < least  # an error bar of a quarter would be seen


def test_every_percentile_of_every_threshold_is_there() -> None:
    result = run(LOW, HIGH, draws=1024, thresholds=[0.5, 1.0], levels=[0.1, 0.5, 0.8])
    for left in found(result).left_out:
        told = [(shift.threshold, shift.level) for shift in left.shifts]
        assert told == [(q, p) for q in (0.5, 1.0) for p in (0.05, 0.1, 0.5, 0.8, 0.95)]


def test_dates_beyond_the_horizon_have_no_shift() -> None:
    """HIGH alone is lost by 1 May, LOW alone only after it."""
    result = run(named(LOW, "low"), named(HIGH, "high"), horizon="2025-05-01", draws=8192)
    low, high = shifts(result, "low"), shifts(result, "high")
    assert {s.before.missing for s in low.values()} == {"", "beyond_horizon"}
    assert (low[0.95].before.missing, low[0.95].after.missing) == ("beyond_horizon", "")
    assert low[0.95].after.date is not None
    assert (high[0.5].before.missing, high[0.5].after.missing) == ("", "beyond_horizon")
    assert {high[0.95].before.missing, high[0.95].after.missing} == {"beyond_horizon"}
    for shift in (low[0.95], high[0.5], high[0.95]):
        assert shift.days is None
        assert shift.mc_error_days is None
    assert low[0.05].days is not None


def test_the_horizon_stays_where_all_claims_put_it() -> None:
    late = {"count": 3000, "as_of": "2025-06-01", "source": "late"}
    result = run(named(HIGH, "high"), late, horizon=30, draws=1024)
    assert shifts(result, "late")[0.5].after.date == dt.date(2025, 4, 14)
    assert result.summary.horizon == dt.date(2025, 7, 1)


def test_too_few_draws_for_a_percentile() -> None:
    result = run(LOW, HIGH, draws=64)
    assert shifts(result, "claim 1")[0.05].before.missing == "too_few_draws"
    assert shifts(result, "claim 1")[0.05].days is None
    assert shifts(result, "claim 1")[0.5].days is not None


def test_a_correlation_falls_with_what_made_it_uncertain() -> None:
    """Only the first claim leaves its day open."""
    pair = {"inputs": ["losses.as_of", "losses.count"], "rank": 0.5}
    result = run(named(OPEN[0], "open"), named(LOW, "low"), correlations=[pair], draws=8192)
    alone = run(LOW, draws=8192)
    shift = shifts(result, "open")[0.5]
    assert shift.after.day == pytest.approx(alone.quantile(0.5).day, abs=1)


# --- rates ---


def test_rates_of_totals_and_flows() -> None:
    flow = {"count": uniform(1000, 1100), "as_of": "2024-12-27", "days": 7}
    result = run(LOW, flow, HIGH)
    low, between, high = found(result).claims
    for claim, mean in ((low, 3000), (high, 3800)):
        for quantile in claim.rates:
            exact = stats.norm(mean, SD).ppf(quantile.level) / DAYS
            assert isinstance(quantile.value, float)
            assert quantile.value == pytest.approx(exact, rel=2e-4)
            assert quantile.value != pytest.approx(exact * 41 / 40, rel=2e-4)
    assert [q.value for q in between.rates] == pytest.approx([1005 / 7, 150, 1095 / 7])
    assert (low.share, between.share, high.share) == (0.5, None, 0.5)
    assert (low.is_flow, between.is_flow, between.weight) == (False, True, None)


def test_the_level_of_a_flow_among_the_loss_rates() -> None:
    """P(C < 7 c) by the pool of two normal laws; a flow of 560 in 7 days is 80 a day."""
    result = run(LOW, HIGH, {"count": 560, "as_of": "2024-12-27", "days": 7})
    flow = found(result).claims[2]
    count = 80 * DAYS
    exact = 0.5 * (stats.norm.cdf(count, 3000, SD) + stats.norm.cdf(count, 3800, SD))
    assert flow.rate_level is not None
    assert flow.rate_level_mc_error is not None
    tolerance = WIDEN * flow.rate_level_mc_error + 1e-4
    assert abs(flow.rate_level - exact) < tolerance < 0.01
    assert abs(flow.rate_level - stats.norm.cdf(count, 3000, SD)) > tolerance


def test_the_rate_of_a_claim_counts_a_prelude() -> None:
    prelude = {"start": "2024-11-05", "intensity": 0.1}
    claim = found(run({"count": 3800, "as_of": AS_OF}, prelude=prelude, draws=1024)).claims[0]
    assert claim.rates[1].value == pytest.approx(3800 / (41 + 0.1 * 31), rel=1e-6)


# --- in the whole ---


def test_flows_change_no_date() -> None:
    flow = {"count": 5000, "as_of": "2024-12-27", "days": 7}
    with_flow, without = run(LOW, HIGH, flow, draws=8192), run(LOW, HIGH, draws=8192)
    assert with_flow.summary.outcomes == without.summary.outcomes
    assert with_flow.loaded.digest != without.loaded.digest


def test_what_is_pooled_is_listed_after_the_claims() -> None:
    result = run(*FIXED, draws=64)
    listed = [item.name for item in result.summary.inputs]
    assert listed[-2:] == ["losses.count", "losses.as_of"]
    assert result.summary.inputs[-2].distribution == "linear pool of 3 claims, weights 1 : 5 : 2"
    described = describe_inputs(ledger(LOW, HIGH, pooling="quantile"))
    pooled, shape = described[-2]
    assert pooled.distribution == "quantile average of 2 claims, equal weights"
    assert [q.value for q in pooled.quantiles] == pytest.approx([3100, 3400, 3700])
    assert math.fsum(shape) == pytest.approx(0.99, abs=0.01)
    for one in (ledger(LOW), ledger(LOW, HIGH, pooling="each")):
        assert describe_inputs(one)[-1][0].name.startswith("losses.claims[")
    assert pooling_note(scenario().losses) == ""


@pytest.mark.parametrize("pooling", ["linear", "quantile"])
def test_the_same_answer_for_any_number_of_workers(pooling: str) -> None:
    one, three = (run(*OPEN, pooling=pooling, draws=8192, workers=w).to_dict() for w in (1, 3))
    assert one == three
    assert one["ledger"]["leave_one_out"]


def test_progress_runs_once_from_nothing_to_all() -> None:
    seen: list[tuple[int, int]] = []

    def watch(done: int, total: int) -> None:
        seen.append((done, total))

    simulate.run(ledger(*FIXED), draws=8192, workers=1, progress=watch)
    assert seen == [(1024 * (i + 1), 4 * 8192) for i in range(32)]


def test_each_claim_has_a_result_of_its_own() -> None:
    of = ledger(*OPEN, pooling="each", horizon=200)
    with pytest.raises(ScenarioError, match=r"simulate\.run_each give"):
        simulate.run(of, draws=1024)
    results = simulate.run_each(of, draws=1024, seed=3)
    assert len({result.summary.horizon for result in results}) == 1
    for claim, result in zip(OPEN, results, strict=True):
        alone = simulate.run(ledger(claim, horizon=str(of.last_day)), draws=1024, seed=3)
        assert result.summary.outcomes == alone.summary.outcomes
    assert len(simulate.run_each(ledger(*OPEN), draws=1024)) == 3
    plain = simulate.run_each(scenario(), draws=1024)
    assert [result.to_dict() for result in plain] == [
        simulate.run(scenario(), draws=1024).to_dict()
    ]


def test_a_recorded_run_of_one_claim_can_be_repeated() -> None:
    results = simulate.run_each(ledger(*OPEN, pooling="each"), draws=1024)
    for result in results:
        again = type(result.loaded.scenario).model_validate(result.record()["scenario"])
        assert simulate.run(again, draws=1024).to_dict() == result.to_dict()
