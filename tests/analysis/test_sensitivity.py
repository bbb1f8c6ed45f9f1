"""Sensitivity of whole scenarios against exact cases, an independent program and by hand."""

from __future__ import annotations

import datetime as dt
import math
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

import simulate
from simulate.analysis.effects import Effect, Estimate
from simulate.analysis.inverse import Needed
from simulate.analysis.mc_error import STUDENT_T, replicate_errors
from simulate.analysis.sobol import class_sums, first_order_shares, n_classes, total_share
from simulate.api.sensitivity import Sensitivity
from simulate.engine.pick_freeze import levels_of, passage_times, places_of, redrawn
from simulate.engine.pilot_run import plan_for
from simulate.engine.sampling.design import REPLICATES
from simulate.report.data.json_document import dumps
from simulate.report.data.sensitivity import document
from simulate.scenario.arrays import Floats
from simulate.scenario.model import Scenario
from tests.cases import ALARM, COUNT, DAYS, SIZE, plan, scenario, uniform

WIDER = float(stats.t.ppf(1 - ALARM / 2, REPLICATES - 1)) / STUDENT_T[REPLICATES - 1]
RANK = 0.482584
"""Rank correlation whose normal scores have the correlation 0.5."""

SD_COUNT, SD_SIZE = (
    math.log(high / low) / (2 * stats.norm.ppf(0.95)) for low, high in ((3000, 4000), (1e4, 1.2e4))
)


def agrees(found: Estimate | None, truth: float) -> bool:
    assert found is not None
    return abs(found.value - truth) <= WIDER * found.mc_error + 2e-4


def case_b(*, correlated: bool = False, **more: Any) -> Scenario:
    pair = [{"inputs": ["losses.count", "force.size"], "rank": RANK}]
    return scenario(COUNT, SIZE, **({"correlations": pair} if correlated else {}), **more)


@cache
def found_b(*, correlated: bool) -> Sensitivity:
    return simulate.sensitivity(case_b(correlated=correlated), draws=131_072)


def effect(found: Sensitivity, name: str) -> Effect:
    return next(i for i in found.effects().ranked if i.name == name)


def linear_shares(r: float) -> dict[str, tuple[float, float]]:
    """First-order and total shares of log F - log C under a correlation r of their scores.

    Given one of them the mean of the difference has the slope sd - r sd', given the other one the
    rest has the variance sd^2 (1 - r^2).
    """
    var = SD_COUNT**2 + SD_SIZE**2 - 2 * r * SD_COUNT * SD_SIZE
    return {
        name: ((own - r * other) ** 2 / var, own**2 * (1 - r**2) / var)
        for name, own, other in (
            ("losses.count", SD_COUNT, SD_SIZE),
            ("force.size", SD_SIZE, SD_COUNT),
        )
    }


def rank_shares(first: float, total: float) -> tuple[float, float]:
    """Shares of the variance of the rank of a normal variable, from those of itself.

    Two such variables with correlation c have ranks with the correlation 6/pi asin(c/2); pairs that
    share one input, or all others, have c = first, or 1 - total.
    """

    def ranks(c: float) -> float:
        return 6 / math.pi * math.asin(c / 2)

    return ranks(first), 1 - ranks(1 - total)


def test_shares_of_the_logarithm_of_the_days() -> None:
    """Case B of the reference values: .713444 and .286556, exact and additive."""
    of = plan(case_b(), draws=131_072)
    parts, totals, variances = [], [], []
    for replicate in range(REPLICATES):
        levels, places = levels_of(of, replicate), places_of(of, replicate)
        days = np.log(passage_times(of, levels, places)[0])
        variances.append(days.var())
        parts.append([class_sums(row, days, n_classes(days.size)) for row in levels])
        again = (redrawn(of, replicate, levels, name) for name in of.names)
        totals.append([total_share(days, np.log(passage_times(of, x, places)[0])) for x in again])
    exact = {"losses.count": 0.713444, "force.size": 0.286556}
    for i, name in enumerate(of.names):
        sums, counts = (np.array([part[i][j] for part in parts]) for j in (0, 1))
        first = first_order_shares(sums, counts, np.array(variances))
        total = np.array(totals)[:, i]
        for found in (first, total):
            error = WIDER * replicate_errors(found)
            assert abs(found.mean() - exact[name]) <= error + 1e-4
            assert error < 0.05
        # The negative control: the shares without logarithms of counts and sizes changed about.
        assert abs(first.mean() - exact[of.names[1 - i]]) > 0.3


@pytest.mark.parametrize("correlated", [False, True])
@pytest.mark.parametrize("name", ["losses.count", "force.size"])
def test_shares_of_the_rank_of_the_date(name: str, *, correlated: bool) -> None:
    found = effect(found_b(correlated=correlated), name)
    first, total = rank_shares(*linear_shares(0.5 if correlated else 0.0)[name])
    assert agrees(found.first_order, first)
    assert agrees(found.total, total)
    wrong = rank_shares(*linear_shares(0.0 if correlated else 0.5)[name])
    assert not agrees(found.first_order, wrong[0])
    assert not agrees(found.total, wrong[1])


def test_lattice_points_that_cross_the_classes_at_a_slant() -> None:
    """Of a correlated input the classes hold unequal numbers: their means alone are off by .005."""
    exact = rank_shares(*linear_shares(0.5)["losses.count"])[0]
    found = effect(found_b(correlated=True), "losses.count").first_order
    assert found is not None
    assert abs(found.value - exact) < 0.003


def test_case_b_in_numbers() -> None:
    assert linear_shares(0.0)["losses.count"] == pytest.approx((0.713444, 0.713444), abs=1e-6)
    assert linear_shares(0.0)["force.size"] == pytest.approx((0.286556, 0.286556), abs=1e-6)


def test_rank_correlation_and_tornado_are_exact() -> None:
    found = effect(found_b(correlated=False), "losses.count")
    var = SD_COUNT**2 + SD_SIZE**2
    rho = -SD_COUNT / math.sqrt(var)
    assert agrees(found.rank_correlation, 6 / math.pi * math.asin(rho / 2))
    middle = math.log(DAYS * math.sqrt(1.2e8) / math.sqrt(1.2e7))
    for case, sign in ((found.low, 1), (found.high, -1)):
        assert case is not None
        assert case.median.day is not None
        assert case.median.mc_error_days is not None
        # Of a standard normal in its lowest tenth and another of correlation rho with it.
        pair = stats.multivariate_normal(cov=[[1, sign * rho], [sign * rho, 1]])
        score = optimize.brentq(
            lambda z, p=pair: float(p.cdf([stats.norm.ppf(0.1), z])) - 0.05, -4, 4, xtol=1e-6
        )
        exact = math.exp(middle + score * math.sqrt(var))
        # 2e-5 is what the two-dimensional distribution function is known to.
        assert abs(case.median.day - exact) <= WIDER * case.median.mc_error_days + 0.01
        assert abs(case.median.day - 129.6534) > 5  # the median of all draws is another


def test_against_an_independent_program() -> None:
    """scipy.stats.sobol_indices, given the date as a function of uniforms, on a shipped file."""
    loaded = simulate.load("configs/kursk-isw.yaml")
    found = simulate.sensitivity(loaded, draws=65_536)
    of = plan_for(loaded.scenario, draws=8192, seed=3, method="random")
    k = len(of.thresholds) - 1
    numbers = range(of.design.replicates)
    times = [passage_times(of, levels_of(of, r), places_of(of, r))[k] for r in numbers]
    reference = np.sort(np.concatenate(times))

    def rank(levels: Floats) -> Floats:
        values = of.values(np.clip(levels, 1e-12, 1 - 1e-12))
        start, as_of = values["losses.start"], values["losses.as_of"]
        days = start + values["force.size"] * (as_of - start) / values["losses.count"]
        found: Floats = np.searchsorted(reference, days) / reference.size
        return found

    dists: Any = [stats.uniform()] * len(of.names)
    runs = [
        stats.sobol_indices(func=rank, n=4096, dists=dists, rng=seed) for seed in range(REPLICATES)
    ]
    for i, name in enumerate(of.names):
        ours = effect(found, name)
        for estimate, theirs in (
            (ours.first_order, np.array([run.first_order[i] for run in runs])),
            (ours.total, np.array([run.total_order[i] for run in runs])),
        ):
            assert estimate is not None
            tolerance = WIDER * math.hypot(estimate.mc_error, replicate_errors(theirs))
            # The reference ranks of 8192 draws are right to about one in a hundred.
            assert abs(estimate.value - theirs.mean()) <= tolerance + 0.005
            assert tolerance < 0.1


def test_an_input_without_influence() -> None:
    """A pause long after the force is used up: nothing at all, or nothing but noise."""
    later = {"start": uniform("2025-11-01", "2025-12-01"), "days": 5}
    found = simulate.sensitivity(case_b(pauses=[later], horizon=600), draws=16_384)
    idle = effect(found, "pauses[0].start")
    assert idle.total == Estimate(0.0, 0.0)
    assert agrees(idle.first_order, 0.0)
    assert agrees(idle.rank_correlation, 0.0)
    assert found.effects().ranked[-1] is idle
    busy = effect(found, "force.size")
    assert not agrees(busy.first_order, 0.0)


def published(date: str) -> dict[str, Any]:
    return {"published": [{"label": "said", "date": date}]}


def needed(of: Scenario, name: str, draws: int = 8192) -> Needed:
    found = simulate.sensitivity(of, draws=draws)
    return next(needed for needed in found.report.needed if needed.name == name)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"inflow": [{"amount": 90, "per": "week"}]},
        {"rate": {"trend_per_week": 0.01}, "inflow": [{"amount": 90, "per": "week"}]},
        {"pauses": [{"start": "2020-06-15", "days": 9}], "rate": {"trend_per_week": 0.01}},
    ],
)
def test_an_input_that_only_reorders_additions_has_no_share(changes: dict[str, Any]) -> None:
    """The day of an addition cannot move the end, but its sums are rounded in another order.

    The end takes two values, with and without the addition, and whether it comes decides alone.
    """
    found = simulate.sensitivity(
        {
            "title": "T",
            "force": {"size": 4100, "as_of": "2020-05-01"},
            "losses": {"rate": 260, "per": "week"},
            "reinforcements": [
                {
                    "date": uniform("2020-07-01", "2020-08-01"),
                    "size": {"distribution": "discrete", "values": [0, 1500], "weights": [2, 1]},
                }
            ],
            "horizon": "2023-01-01",
            **changes,
        },
        draws=4096,
    )
    size, day = found.effects().ranked
    assert (day.name, day.total) == ("reinforcements[0].date", Estimate(0.0, 0.0))
    assert agrees(day.first_order, 0)
    assert agrees(size.total, 1)
    assert agrees(size.first_order, 1)


def test_the_inverse_question_by_hand() -> None:
    """T = S + F (A - S) / C with S 6 December and 41 days; 15 April ends on day 131."""
    by_size = needed(scenario(3800, uniform(10000, 13000), **published("2025-04-15")), "force.size")
    exact = 131 * 3800 / 41
    assert by_size.value == pytest.approx(exact, abs=0.01)
    assert by_size.level == pytest.approx((exact - 10000) / 3000, abs=1e-5)
    assert by_size.mc_error == 0
    by_count = needed(scenario(uniform(3000, 4500), **published("2025-04-15")), "losses.count")
    assert by_count.value == pytest.approx(12000 * 41 / 131, abs=0.01)
    dated = scenario(3800, as_of=uniform("2025-01-01", "2025-02-01"), **published("2025-04-15"))
    by_day = needed(dated, "losses.as_of")
    # 41.483 days: the nearest date, the fraction beside it, and an error that holds both.
    exact = 131 * 3800 / 12000
    assert by_day.value == dt.date(2024, 12, 6) + dt.timedelta(days=round(exact))
    assert by_day.day == pytest.approx(exact, abs=1e-4)
    assert by_day.error == pytest.approx(exact - 41, abs=1e-4)
    assert needed(dated, "losses.as_of").mc_error == 0


def test_a_date_that_is_the_median_on_the_day_is_found() -> None:
    """T = 129.47, after noon of 14 April: what the scenario says is the answer, not a neighbour."""
    sizes = {"distribution": "discrete", "values": [11000, 12000, 13000]}
    answer = needed(scenario(3800, sizes, **published("2025-04-14")), "force.size")
    assert answer.jump == (12000, 13000)


def test_the_inverse_question_beside_another_uncertain_input() -> None:
    """Given the count the days have the median 41 sqrt(1.2e8) / C."""
    answer = needed(case_b(**published("2025-04-15")), "losses.count", 131_072)
    exact = 41 * math.sqrt(1.2e8) / 131
    assert isinstance(answer.value, float)
    assert answer.mc_error is not None
    assert abs(answer.value - exact) <= WIDER * answer.mc_error
    assert answer.mc_error < 5
    assert abs(answer.value - 41 * math.sqrt(1.2e8) / 130.5) > WIDER * answer.mc_error


def test_a_date_that_no_value_reaches() -> None:
    answer = needed(scenario(3800, uniform(10000, 11000), **published("2025-04-15")), "force.size")
    assert answer.value is None
    assert [answer.low, answer.high] == pytest.approx([10000, 11000])
    ends = [dt.date(2024, 12, 6) + dt.timedelta(days=size * 41 / 3800) for size in (10000, 11000)]
    assert [answer.earliest.date, answer.latest.date] == ends


def test_an_input_that_jumps_over_the_date() -> None:
    sizes = {"distribution": "discrete", "values": [10000, 11000, 13000], "weights": [1, 1, 1]}
    answer = needed(scenario(3800, sizes, **published("2025-04-15")), "force.size")
    assert answer.value is None
    assert answer.jump == (11000, 13000)


def test_whether_an_event_happens_is_an_input() -> None:
    """Half of the draws are stopped at once: the others keep their dates."""
    end = {"label": "withdrawal", "date": "2025-01-17", "probability": 0.4}
    found = simulate.sensitivity(case_b(ends=[end]), draws=65_536)
    event = effect(found, "ends[0].happens")
    assert (event.kind, event.label) == ("event", "withdrawal")
    assert event.low is not None
    assert event.high is not None
    assert (event.low.name, event.high.name) == ("does not happen", "happens")
    assert event.high.median.missing == "beyond_horizon"
    assert event.low.median.day == pytest.approx(129.65, abs=0.5)
    # Ranks: never at 1 - .4 / 2, else uniform below .6. Variance .6^3 / 12 + .6 .4 (.5)^2.
    between = 0.6 * 0.4 * 0.5**2
    assert agrees(event.first_order, between / (between + 0.6**3 / 12))
    # An event that is certain is none.
    certain = simulate.sensitivity(case_b(ends=[{**end, "probability": 1.0}]), draws=1024)
    assert all(i.kind == "input" for i in certain.effects().ranked)


def test_which_claim_is_an_input() -> None:
    found = simulate.sensitivity(simulate.load("configs/kursk-claims.yaml"), draws=8192)
    claim = found.effects().ranked[0]
    assert (claim.name, claim.kind, claim.rank_correlation) == ("losses.claim", "claim", None)
    assert claim.low is not None
    assert claim.high is not None
    assert (claim.low.name[:7], claim.high.name[:7]) == ("claim 2", "claim 1")
    # By itself the first claim has this median, as simulate.run_each says.
    alone = simulate.run_each(simulate.load("configs/kursk-claims.yaml"), draws=8192)[0]
    middles = [alone.quantile(0.5), claim.high.median]
    days, errors = zip(*((m.day or 0.0, m.mc_error_days or 0.0) for m in middles), strict=True)
    assert abs(days[0] - days[1]) <= WIDER * math.hypot(*errors)


def test_the_chance_of_a_walk_has_a_share() -> None:
    drift = {"drift": {"sd": 0.4, "correlation_days": 20}}
    found = simulate.sensitivity(case_b(rate=drift), draws=1024)
    chance = effect(found, "walk")
    assert chance.first_order is None
    assert chance.total is not None
    assert chance.total.value - WIDER * chance.total.mc_error > 0.05
    assert found.effects().together is None
    reference = {"reference": {"class": "front", "source": "forty series"}}
    changes = effect(simulate.sensitivity(case_b(rate=reference), draws=1024), "rate.reference")
    assert (changes.kind, changes.source) == ("walk", "forty series")
    assert changes.total is not None
    assert changes.total.value - WIDER * changes.total.mc_error > 0.05
    still = simulate.sensitivity(case_b(rate={"trend_per_week": 0.01}), draws=1024).effects()
    assert {each.kind for each in still.ranked} == {"input"}


def test_no_input_is_uncertain_and_all_draws_alike() -> None:
    fixed = simulate.sensitivity(scenario(), draws=1024)
    assert fixed.effects().ranked == ()
    never = simulate.sensitivity(case_b(horizon=5), draws=1024)
    assert [(i.total, i.first_order) for i in never.effects().ranked] == [(None, None)] * 2


def test_draws_and_limits() -> None:
    few = simulate.sensitivity(case_b(), draws=10)
    assert few.report.summary.run.draws == 1024
    wounded = {"share": 0.7, "return_share": 0.5, "return_days": 30}
    slow = case_b(counting="strength", wounded=wounded)
    assert simulate.sensitivity(slow, draws=2048).report.own_draws == 0
    with pytest.raises(simulate.LimitError, match="beyond the limit of 8,388,608"):
        simulate.sensitivity(case_b(), draws=2**23 + 1)


def test_the_same_bytes_whoever_works() -> None:
    loaded = simulate.load("configs/kursk-claims.yaml")
    ticks: list[tuple[int, int]] = []
    few = partial(simulate.sensitivity, loaded, draws=4096)
    one = few(workers=1, progress=lambda *tick: ticks.append(tick))
    assert ticks[-1][0] == ticks[-1][1]
    assert [done for done, _ in ticks] == sorted(done for done, _ in ticks)
    three = few(workers=3)
    with ProcessPoolExecutor(2) as pool:
        two = few(executor=pool)
    texts = {dumps(document(each.report)) for each in (one, two, three)}
    assert len(texts) == 1
    assert dumps(document(few(workers=1, seed=1).report)) not in texts


def test_a_walk_again_is_another_walk_of_the_same_inputs() -> None:
    of = plan(case_b(rate={"drift": {"sd": 0.3, "correlation_days": 20}}), draws=1024)
    walk = partial(passage_times, of, levels_of(of, 0), places_of(of, 0))
    assert np.array_equal(walk(), walk())
    assert not np.array_equal(walk(), walk(walk_again=True))


def test_the_draws_are_those_of_a_run() -> None:
    loaded = simulate.load("configs/kursk-isw.yaml")
    found = simulate.sensitivity(loaded, draws=8192)
    ran = simulate.run(loaded, draws=8192)
    assert found.report.summary.outcomes == ran.summary.outcomes
    assert found.effects(0.5).threshold == 0.5
    with pytest.raises(ValueError, match="not among"):
        found.effects(0.4)
    assert "North Korean" in repr(found)
