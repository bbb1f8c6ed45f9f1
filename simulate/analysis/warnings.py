"""Warnings about what is allowed in a scenario but doubtful, with its probability."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from simulate.analysis.clusters import FEW_DRAWS, clusters
from simulate.analysis.values import DateHistogram
from simulate.engine.plan import Plan
from simulate.engine.tally import HORIZON, INFLOW, NO_RATE, Tally
from simulate.scenario.horizon import DEFAULT_HORIZON_YEARS
from simulate.scenario.model import Scenario
from simulate.scenario.numerals import exact
from simulate.scenario.stocks import DAYS_IN, Amount, is_left, main_threshold
from simulate.scenario.warnings import RARE, About, scenario_warnings

FEW_DEPLETED = 0.05
HIDDEN = 0.05
"""Share of draws beyond a default horizon from which on it hides part of the answer."""

_DIED_OUT = math.log(1e-3)
"""Growth of the logarithm of a rate of which nothing is left."""

NO_DATES = DateHistogram((), ())


class RunWarnings(NamedTuple):
    """Warnings of a run: `of_the_answer` come before it, `others` after it."""

    of_the_answer: tuple[str, ...]
    others: tuple[str, ...]


def run_warnings(
    scenario: Scenario, plan: Plan, tally: Tally, dates: DateHistogram = NO_DATES
) -> RunWarnings:
    """All warnings of a run: those of its scenario, with their probabilities, and its own.

    `dates` is the histogram of the main threshold, in which separate clusters are reported.
    """
    n = plan.design.n_draws
    depleted = dict(zip(plan.thresholds, tally.passages.sum(axis=(0, 2)) / n, strict=True))
    passed = dict(zip(plan.thresholds, tally.passed.sum(axis=0) / n, strict=True))
    # For what is lost in all it does not matter what comes in: the most of any threshold.
    never = dict(zip(plan.causes, tally.never.sum(axis=0).max(axis=0) / n, strict=True))
    gone = [share for at, share in passed.items() if not isinstance(at, Amount)]
    shares: dict[About, float] = {
        "no rate": never[NO_RATE],
        "over": int(tally.over.sum()) / n,
        "floor": min(gone, default=0.0),
        "inflow": never.get(INFLOW, 0.0),
        **{at: share for at, share in passed.items() if isinstance(at, Amount)},
    }
    found = scenario_warnings(scenario)
    doubted = {"no rate", "over", *(warning.about for warning in found)}
    measured = [
        _measured(about, scenario).format(rough_percent(share))
        for about, share in shares.items()
        if share > 0 and about in doubted
    ]
    possible = [warning for warning in found if not shares.get(warning.about)]
    unchosen, hidden = _of_the_default_horizon(scenario, plan, tally)
    apart = _of_clusters(dates) if n >= FEW_DRAWS else ""
    doubts = (warning.text for warning in possible if warning.of_the_answer)
    return RunWarnings(
        (*measured, *doubts, *filter(None, (unchosen if hidden else "",))),
        (
            *(warning.text for warning in possible if not warning.of_the_answer),
            *_of_the_horizon(scenario, depleted),
            *filter(None, ("" if hidden else unchosen, apart)),
            *_of_the_draws(plan),
        ),
    )


def _measured(about: About, scenario: Scenario) -> str:
    words, (_, lost), at = scenario.wording.words, scenario.wording.event, scenario.force.at_hand
    if isinstance(about, Amount):
        return f"in {{}} of simulations {at} is below {exact(about)}; they have already passed it"
    simple = {
        "floor": f"force.floor is above {at}; all is already gone in them",
        "inflow": f"at least as much comes in as is {lost}; they are never depleted",
        "over": f"losses.count is above the whole {words.whole}",
    }
    if about in simple:
        return f"in {{}} of simulations {simple[about]}"
    if scenario.force.counts:
        return "in {} of simulations nothing is used between force.counts; they are never depleted"
    if scenario.losses.by_rate:
        return "in {} of simulations losses.rate is zero; they are never depleted"
    return (
        "in {} of simulations the count is not above zero or losses.start is not before "
        f"losses.as_of; they have no positive {words.rate} and are never depleted"
    )


def _of_the_horizon(scenario: Scenario, depleted: Mapping[float, float]) -> Iterator[str]:
    for threshold, probability in depleted.items():
        share = _point(scenario, threshold)
        if probability == 0:
            yield f"no simulation reaches {share} by the horizon, {scenario.last_day}"
        elif probability < FEW_DEPLETED:
            yield (
                f"only {rough_percent(probability)} of simulations reach {share} "
                f"by the horizon, {scenario.last_day}"
            )


def _of_the_default_horizon(scenario: Scenario, plan: Plan, tally: Tally) -> tuple[str, bool]:
    """That nobody chose the horizon some draws reach, and whether it hides the last percentiles."""
    beyond = tally.never[:, :, plan.causes.index(HORIZON)].sum(axis=0) / plan.design.n_draws
    if not is_open_ended(scenario) or not beyond.any():
        return "", False
    text = f"horizon: {scenario.last_day} is the default, {DEFAULT_HORIZON_YEARS} years after"
    main = plan.thresholds.index(main_threshold(plan.thresholds))
    hidden = bool(beyond[main] > HIDDEN)
    return f"{text} the count; set horizon: for later dates", hidden


def is_open_ended(scenario: Scenario) -> bool:
    """Whether the horizon is the default, and a later one could show later dates.

    It could not where the losses die out before.
    """
    rate = scenario.rate
    trend = None if rate is None or rate.trend_until else rate.trend
    if scenario.horizon is not None or trend is None:
        return scenario.horizon is None
    key, per = trend
    growth = float(getattr(rate, key).isf(RARE)) / DAYS_IN[per] * DAYS_IN["year"]
    return growth * DEFAULT_HORIZON_YEARS > _DIED_OUT


def _of_clusters(dates: DateHistogram) -> str:
    """That the dates lie in separate clusters, which a median and an interval conceal."""
    found = clusters(dates)
    if not found:
        return ""
    parts = [
        f"{' to '.join(dict.fromkeys((f'{each.first}', f'{each.last}')))} "
        f"({rough_percent(each.probability)} of simulations)"
        for each in found
    ]
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}"
    number = ("two", "three", "four", "five", "six", "seven")[len(parts) - 2]
    return f"{number} separate clusters of dates, {listed}; a single median hides them"


def _point(scenario: Scenario, threshold: float) -> str:
    """What a draw reaches at a threshold, in words."""
    words = scenario.wording.words
    if is_left(threshold):
        return f"a {words.level} of {exact(threshold)}"
    if isinstance(threshold, Amount):
        return words.share_lost.format(exact(threshold), scenario.wording.event[1])
    return words.share_lost.format(f"{exact(threshold * 100)} %", scenario.gone)


def _of_the_draws(plan: Plan) -> Iterator[str]:
    n = plan.design.n_draws
    if n > plan.design.asked > 0:
        yield (
            f"{n:,} draws instead of {plan.design.asked:,}: {plan.design.method} takes "
            f"{plan.design.replicates} replicates of {plan.design.shifts * plan.design.points:,}"
        )
    if n < FEW_DRAWS:
        yield f"only {n:,} draws: the outer percentiles and all intervals need more"


def rough_percent(p: float) -> str:
    """A share in words: never 0 % if it occurred, nor 100 % if not always."""
    if p < 0.001:
        return "less than 0.1 %"
    if 0.999 < p < 1:
        return "more than 99.9 %"
    return f"{p * 100:.2g} %" if p < 0.1 else f"{p * 100:.3g} %"
