"""What matters after an update, and what reports say about inputs, in exact cases."""

from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats

import simulate
from simulate.analysis.effects import Effect, Estimate
from simulate.analysis.moved import RATE, Moved
from simulate.api.report import report_text
from simulate.api.sensitivity import Sensitivity
from simulate.engine.draws import DrawBatch
from simulate.engine.first_passage import Passage
from simulate.engine.plan import Plan
from simulate.errors import UpdateError
from simulate.report.data.json_document import dumps
from simulate.report.data.sensitivity import document
from tests.analysis.reports import CONFLICTING, TWO, errors, report
from tests.analysis.test_weighted_draws import WIDER, agrees, of_ranks
from tests.cases import ALARM, AS_OF, COUNT, SIZE, START, lognormal, scenario, uniform

SAYS_NOTHING = report(1, qualifier="at_least")
Z = float(stats.norm.ppf(0.95))


def lognormal_of(p5: float, p95: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm."""
    return math.log(p5 * p95) / 2, math.log(p95 / p5) / (2 * Z)


RATE_LAW, CHANGE, STOCK = (70.0, 110.0), (0.7, 1.4), (10_000.0, 12_000.0)
REPORTED, DAYS, ERROR = 7500.0, 90.0, 0.1


@cache
def two_factors() -> Sensitivity:
    """ln T = ln F - ln r - ln m days after 6 December, and a report on ln r + ln m."""
    return simulate.sensitivity(
        {
            "title": "T",
            "force": {"size": lognormal(*STOCK), "as_of": START},
            "losses": {"rate": lognormal(*RATE_LAW), "per": "day"},
            "rate": {"multiplier": lognormal(*CHANGE)},
            "observed": [report(REPORTED)],
            "evidence": errors(ERROR),
            "horizon": 600,
        },
        draws=2**16,
    )


def kalman() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Mean and covariance of ln r, ln m and ln F after the report, by normal updating."""
    mean, sd = np.array([lognormal_of(*law) for law in (RATE_LAW, CHANGE, STOCK)]).T
    covariance, seen = np.diag(sd**2), np.array([1.0, 1.0, 0.0])
    gain = covariance @ seen / (seen @ covariance @ seen + ERROR**2)
    mean = mean + gain * (math.log(REPORTED / DAYS) - seen @ mean)
    return mean, covariance - np.outer(gain, seen @ covariance)


NAMES = ("losses.rate", "rate.multiplier", "force.size")
SLOPES = np.array([-1.0, -1.0, 1.0])


def effect(found: Sensitivity, name: str) -> Effect:
    return next(each for each in found.effects().ranked if each.name == name)


def moved(found: Sensitivity, name: str) -> Moved:
    return next(each for each in found.report.moved if each.name == name)


@pytest.mark.parametrize("i", range(3))
def test_shares_that_a_report_makes_dependent(i: int) -> None:
    """Negative control: the shares before the report."""
    found = effect(two_factors(), NAMES[i])
    _, covariance = kalman()

    def correlation(of: np.ndarray[Any, Any]) -> float:
        return float((of @ SLOPES)[i] / math.sqrt(of[i, i] * (SLOPES @ of @ SLOPES)))

    assert found.total is None
    assert agrees(found.first_order, of_ranks(correlation(covariance)))
    rank = 6 / math.pi * math.asin(correlation(covariance) / 2)
    assert agrees(found.rank_correlation, rank)
    sd = np.array([lognormal_of(*law)[1] for law in (RATE_LAW, CHANGE, STOCK)])
    assert not agrees(found.first_order, of_ranks(correlation(np.diag(sd**2))))


@pytest.mark.parametrize("i", range(3))
def test_what_a_report_says_of_an_input(i: int) -> None:
    """Its percentiles are lognormal; negative control: those before it, unless it is the force."""
    found = moved(two_factors(), NAMES[i])
    mean, covariance = kalman()
    for at, before in zip(found.after, found.before, strict=True):
        exact = math.exp(mean[i] + stats.norm.ppf(at.level) * math.sqrt(covariance[i, i]))
        assert at.mc_error is not None
        assert abs(float(str(at.value)) - exact) <= WIDER * at.mc_error + 2e-4 * exact
        if NAMES[i] == "rate.multiplier":
            assert abs(float(str(before.value)) - exact) > WIDER * at.mc_error
    level = stats.norm.cdf(
        (mean[i] + np.array([-Z, 0, Z]) * math.sqrt(covariance[i, i]) - prior(i)[0]) / prior(i)[1]
    )
    largest = float(np.abs(level - [0.05, 0.5, 0.95]).max())
    assert found.moved == pytest.approx(largest, abs=0.01)
    assert [each.moved for each in two_factors().report.moved] == sorted(
        (each.moved for each in two_factors().report.moved), reverse=True
    )


def prior(i: int) -> tuple[float, float]:
    return lognormal_of(*(RATE_LAW, CHANGE, STOCK)[i])


def test_the_ends_of_a_bar_are_medians_after_the_report() -> None:
    """Of a normal variable in the lowest tenth of another, to which it has a correlation."""
    mean, covariance = kalman()
    found, spread = effect(two_factors(), "force.size"), math.sqrt(SLOPES @ covariance @ SLOPES)
    rho = (covariance @ SLOPES)[2] / math.sqrt(covariance[2, 2]) / spread
    rng = np.random.default_rng(5)
    one = stats.norm.ppf(rng.uniform(0, 0.1, 2**20))
    score = float(np.median(rho * one + math.sqrt(1 - rho**2) * rng.normal(size=one.size)))
    for case, sign in ((found.low, 1), (found.high, -1)):
        assert case is not None
        assert case.median.day is not None
        assert case.median.mc_error_days is not None
        exact = math.exp(SLOPES @ mean + sign * score * spread)
        # 2**20 draws leave the score uncertain by .0012, times 1e-6 of a normal: .006.
        assert abs(case.median.day - exact) <= WIDER * case.median.mc_error_days + 0.006 * exact
        bound = math.exp(mean[2] - sign * stats.norm.ppf(0.9) * math.sqrt(covariance[2, 2]))
        assert float(str(case.bound)) == pytest.approx(bound, rel=3e-3)


def with_everything(**more: Any) -> dict[str, Any]:
    """Claims, an event with an uncertain chance, one with a certain one, and dates."""
    return {
        "title": "T",
        "force": {"size": SIZE},
        "losses": {
            "start": uniform("2024-12-01", "2024-12-11"),
            "claims": [
                {"count": COUNT, "as_of": AS_OF, "source": "A"},
                {"count": lognormal(3500, 4500), "as_of": AS_OF, "source": "B", "weight": 2},
            ],
        },
        "ends": [
            {"label": "truce", "date": "2025-04-20", "probability": 0.4},
            {"label": "storm", "date": "2025-05-01", "probability": uniform(0.2, 0.6)},
        ],
        "horizon": "2026-12-31",
        **more,
    }


def test_a_report_that_says_nothing_leaves_all_as_it_was() -> None:
    """Its shares are those of resampled inputs; negative control: a report that says something."""
    draws = 2**14
    before = simulate.sensitivity(with_everything(), draws=draws)
    after = simulate.sensitivity(with_everything(observed=[SAYS_NOTHING]), draws=draws)
    told = simulate.sensitivity(with_everything(observed=[report(7000)]), draws=draws)
    assert after.report.update is not None
    assert after.report.update.effective_sample_size == pytest.approx(draws)
    apart = []
    for was in before.effects().ranked:
        same, other = effect(after, was.name), effect(told, was.name)
        for old, new, moved_on in (
            (was.first_order, same.first_order, other.first_order),
            (was.rank_correlation, same.rank_correlation, other.rank_correlation),
        ):
            if old is None:
                assert new is None
                continue
            assert new is not None
            both = Estimate(new.value, math.hypot(old.mc_error, new.mc_error))
            assert agrees(both, old.value, 2e-3)  # of both ways of forming classes
            apart.append(moved_on is not None and not agrees(moved_on, old.value, 2e-3))
        for one, two in ((was.low, same.low), (was.high, same.high)):
            assert one is not None
            assert two is not None
            assert one.name == two.name
            assert one.median.day is not None
            assert two.median.day is not None
            assert one.median.mc_error_days is not None
            assert two.median.mc_error_days is not None
            error = math.hypot(one.median.mc_error_days, two.median.mc_error_days)
            assert abs(one.median.day - two.median.day) <= WIDER * error + 0.01
    assert sum(apart) >= 2
    assert all(each.moved < 0.01 for each in after.report.moved)
    for chance in after.report.likelier:
        assert chance.after.value == pytest.approx(chance.before, abs=2e-3)


def test_which_claim_is_likelier_is_bayes_theorem() -> None:
    """Two counts without error; the odds are those of a normal density. And events stay."""
    losses = {
        "start": START,
        "claims": [
            {"count": 3000, "as_of": AS_OF, "source": "A"},
            {"count": 4000, "as_of": AS_OF, "source": "B", "weight": 3},
        ],
    }
    of = {
        "title": "T",
        "force": {"size": 12000},
        "losses": losses,
        "observed": [report(7500)],
        "evidence": errors(0.1),
        "ends": [{"label": "truce", "date": "2025-04-20", "probability": 0.4}],
    }
    found = simulate.sensitivity(of, draws=2**13).report
    lost = np.array([3000, 4000]) * 90 / 41
    likely = stats.norm.pdf(np.log(7500 / lost) / 0.1) * [1, 3]
    exact = likely / likely.sum()
    claims, events = found.likelier[:2], found.likelier[2:]
    assert [each.case for each in claims] == ["claim 1: A", "claim 2: B"]
    assert [each.before for each in claims] == pytest.approx([0.25, 0.75])
    for each, share in zip(claims, exact, strict=True):
        assert agrees(each.after, share)
    assert [each.case for each in events] == ["truce"]
    assert events[0].before == pytest.approx(0.4)
    assert agrees(events[0].after, 0.4)
    assert [each.name for each in found.moved] == [RATE]


def test_an_event_with_an_uncertain_chance_has_one_before() -> None:
    found = simulate.sensitivity(with_everything(observed=[report(7000)]), draws=2**13).report
    chances = {each.case: each for each in found.likelier}
    # Its mean over the uniform from .2 to .6, of 2**13 draws.
    error = stats.norm.isf(ALARM / 2) * math.sqrt(0.24 / 2**13)
    assert chances["storm"].before == pytest.approx(0.4, abs=error)


def test_too_few_draws_that_fit() -> None:
    with pytest.raises(UpdateError, match="too few draws fit the reports"):
        simulate.sensitivity(scenario(**CONFLICTING), draws=4096)


def test_nothing_uncertain_and_dates_that_are_all_alike() -> None:
    """The report weighs all draws alike, or the only input that varies moves no date."""
    fixed = simulate.sensitivity(scenario(observed=[report(7500)]), draws=1024)
    assert fixed.effects().ranked == ()
    late = uniform("2025-11-01", "2025-12-01")
    same = simulate.sensitivity(
        scenario(observed=[report(7500)], pauses=[{"start": late, "days": 5}], horizon=600),
        draws=1024,
    )
    (idle,) = same.effects().ranked
    assert (idle.first_order, idle.rank_correlation) == (None, None)
    for each in (fixed, same):
        assert "every simulation gives the same" in each.headlines()[0]


def test_the_dates_are_those_of_the_updated_run() -> None:
    loaded = simulate.load(scenario(COUNT, SIZE, observed=TWO))
    found = simulate.sensitivity(loaded, draws=8192)
    ran = simulate.run(loaded, draws=8192)
    assert ran.updated is not None
    assert found.report.summary.outcomes == ran.updated.summary.outcomes
    assert found.report.own_draws == 0
    assert found.report.needed == ()


DRIFT = {"drift": {"sd": 0.3, "correlation_days": 30}}


def test_chance_is_what_resampling_it_shows_where_a_report_says_nothing() -> None:
    """Negative control: a drift half as wide."""
    narrow = {"drift": {"sd": 0.15, "correlation_days": 30}}
    was, less = (
        effect(simulate.sensitivity(with_everything(rate=each), draws=2**13), "walk").total
        for each in (DRIFT, narrow)
    )
    of = with_everything(rate=DRIFT, observed=[SAYS_NOTHING])
    now = effect(simulate.sensitivity(of, draws=2**15), "walk").total
    assert was is not None
    assert now is not None
    assert less is not None
    assert agrees(Estimate(now.value, math.hypot(was.mc_error, now.mc_error)), was.value)
    assert not agrees(now, less.value)


def test_chance_is_not_known_where_hardly_a_new_walk_fits() -> None:
    of = with_everything(rate=DRIFT, observed=[report(7000)], evidence=errors(0.005))
    assert effect(simulate.sensitivity(of, draws=2**15), "walk").total is None


def test_each_draw_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pilot and the plan of the inverse question take fewer than half as many beside."""
    plain, counted = Plan.first_passage, []

    def counting(plan: Plan, draws: DrawBatch, *others: Any) -> Passage:
        counted.append(draws.n)
        return plain(plan, draws, *others)

    monkeypatch.setattr(Plan, "first_passage", counting)
    simulate.sensitivity(scenario(COUNT, SIZE, observed=TWO), draws=2**15, workers=1)
    assert 2**15 <= sum(counted) < 1.5 * 2**15


def test_the_same_bytes_whoever_works() -> None:
    loaded = simulate.load(scenario(COUNT, SIZE, observed=TWO))
    ticks: list[tuple[int, int]] = []
    one = simulate.sensitivity(
        loaded, draws=4096, workers=1, progress=lambda *tick: ticks.append(tick)
    )
    assert [done for done, _ in ticks] == sorted(done for done, _ in ticks)
    assert ticks[-1][0] == ticks[-1][1]
    three = simulate.sensitivity(loaded, draws=4096, workers=3)
    with ProcessPoolExecutor(2) as pool:
        two = simulate.sensitivity(loaded, draws=4096, executor=pool)
    texts = {dumps(document(each.report)) for each in (one, two, three)}
    assert len(texts) == 1


def test_a_report_page_takes_all_draws_of_the_run() -> None:
    """2,048 draws, as before an update, would be too few here; and it shows both."""
    file = "configs/kursk-update.yaml"
    result = simulate.run(file, draws=32_768)
    page = report_text(result, ".md")
    for words in (
        "Each input before and after the reports",
        "32,768 draws",
        "first-order share",
        "of chance, the part that would remain if every input were known",
    ):
        assert words in page
    assert "(total share)" not in page


def test_a_single_claim_and_a_rate_that_alone_varies() -> None:
    claim = {"count": COUNT, "as_of": AS_OF, "source": "A"}
    one = simulate.sensitivity(
        with_everything(losses={"start": START, "claims": [claim]}, observed=[report(7000)]),
        draws=2048,
    )
    assert moved(one, "losses.count").before[0].value == pytest.approx(3000)
    assert all(each.name.startswith("ends[") for each in one.report.likelier)
    of = scenario(observed=[report(7000)], rate={"reference": {"class": "unit"}}, horizon=2000)
    alone = simulate.sensitivity(of, draws=2048)
    (walk,) = alone.effects().ranked
    assert (walk.kind, walk.first_order) == ("walk", None)
    # Some percent too low where half of the new walks hardly fit.
    assert agrees(walk.total, 1.0, 0.05)
    assert "no input moves this date: how the rate changes alone decides" in alone.headlines()[0]
