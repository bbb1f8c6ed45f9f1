"""Warnings about what is allowed in a scenario but doubtful, with its probability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from simulate.engine.plan import Plan
from simulate.engine.tally import NO_RATE, Tally
from simulate.scenario.fields import DEFAULT_HORIZON_YEARS
from simulate.scenario.model import Scenario
from simulate.scenario.numerals import exact
from simulate.scenario.stocks import Amount, is_left
from simulate.scenario.warnings import About, chance_of_growth, scenario_warnings

FEW_DEPLETED = 0.05
FEW_DRAWS = 1000


class RunWarnings(NamedTuple):
    """Warnings of a run: `of_the_answer` come before it, `others` after it."""

    of_the_answer: tuple[str, ...]
    others: tuple[str, ...]


def run_warnings(scenario: Scenario, plan: Plan, tally: Tally) -> RunWarnings:
    """All warnings of a run: those of its scenario, with their probabilities, and its own."""
    n = plan.design.n_draws
    depleted = dict(zip(plan.thresholds, tally.passages.sum(axis=(0, 2)) / n, strict=True))
    passed = dict(zip(plan.thresholds, tally.passed.sum(axis=0) / n, strict=True))
    gone = [share for at, share in passed.items() if not isinstance(at, Amount)]
    shares: dict[About, float] = {
        "no rate": int(tally.never[:, 0, plan.causes.index(NO_RATE)].sum()) / n,
        "over": int(tally.over.sum()) / n,
        "floor": min(gone, default=0.0),
        "inflow": chance_of_growth(scenario),
        **{at: share for at, share in passed.items() if isinstance(at, Amount)},
    }
    found = scenario_warnings(scenario)
    doubted = {"no rate", "over", *(warning.about for warning in found)}
    measured = [
        _measured(about, scenario).format(percent(share))
        for about, share in shares.items()
        if share > 0 and about in doubted
    ]
    possible = [warning for warning in found if not shares.get(warning.about)]
    return RunWarnings(
        (*measured, *(warning.text for warning in possible if warning.of_the_answer)),
        (
            *(warning.text for warning in possible if not warning.of_the_answer),
            *_of_the_horizon(scenario, depleted),
            *_of_the_draws(plan),
        ),
    )


def _measured(about: About, scenario: Scenario) -> str:
    """What is wrong in a share of the draws."""
    words, (_, lost), at = scenario.wording.words, scenario.wording.event, scenario.force.at_hand
    if isinstance(about, Amount):
        return f"in {{}} of draws {at} is below {exact(about)}; they have already passed it"
    simple = {
        "floor": f"force.floor is above {at}; all is already gone in them",
        "inflow": f"at least as much comes in as is {lost}; they are never depleted",
        "over": f"losses.count is above the whole {words.whole}",
    }
    if about in simple:
        return f"in {{}} of draws {simple[about]}"
    if scenario.force.counts:
        return "in {} of draws nothing is used between force.counts; they are never depleted"
    if scenario.losses.by_rate:
        return "in {} of draws losses.rate is zero; they are never depleted"
    return (
        "in {} of draws the count is not above zero or losses.start is not before "
        f"losses.as_of; they have no positive {words.rate} and are never depleted"
    )


def _of_the_horizon(scenario: Scenario, depleted: Mapping[float, float]) -> Iterator[str]:
    for threshold, probability in depleted.items():
        share = _point(scenario, threshold)
        if probability == 0:
            yield f"no draw reaches {share} by the horizon, {scenario.last_day}"
        elif probability < FEW_DEPLETED:
            yield (
                f"only {percent(probability)} of draws reach {share} "
                f"by the horizon, {scenario.last_day}"
            )
    if scenario.horizon is None and any(p < 1 for p in depleted.values()):
        yield (
            f"the horizon, {scenario.last_day}, is the default, {DEFAULT_HORIZON_YEARS} years "
            "after the count: the scenario sets none"
        )


def _point(scenario: Scenario, threshold: float) -> str:
    """What a draw reaches at a threshold, in words."""
    words = scenario.wording.words
    if is_left(threshold):
        return f"a {words.level} of {exact(threshold)}"
    of_all = exact(threshold) if isinstance(threshold, Amount) else f"{exact(threshold * 100)} %"
    return words.share_lost.format(of_all, scenario.wording.event[1])


def _of_the_draws(plan: Plan) -> Iterator[str]:
    n = plan.design.n_draws
    if n > plan.design.asked > 0:
        yield (
            f"{n:,} draws instead of {plan.design.asked:,}: {plan.design.method} takes "
            f"{plan.design.replicates} replicates of {plan.design.shifts * plan.design.points:,}"
        )
    if n < FEW_DRAWS:
        yield f"only {n:,} draws: the outer percentiles and all intervals need more"


def percent(p: float) -> str:
    """A share in words: never 0 % if it occurred, nor 100 % if not always."""
    if p < 0.001:
        return "less than 0.1 %"
    if 0.999 < p < 1:
        return "more than 99.9 %"
    return f"{p * 100:.2g} %" if p < 0.1 else f"{p * 100:.3g} %"
