"""Sentences about what is legal in a scenario but doubtful, with its probability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from simulate.engine.plan import Plan
from simulate.engine.tally import NO_RATE, Tally
from simulate.scenario.doubts import correlation_doubts, course_doubts, ledger_doubts
from simulate.scenario.model import Scenario

FEW_DEPLETED = 0.05
FEW_DRAWS = 1000


class Reached(Protocol):
    """How often a threshold is reached."""

    @property
    def threshold(self) -> float:
        """Share of the force lost."""

    @property
    def depleted_probability(self) -> float:
        """Share of draws that get there."""


def doubts(
    scenario: Scenario, plan: Plan, tally: Tally, outcomes: Sequence[Reached]
) -> tuple[str, ...]:
    """All warnings of a run, empty where nothing is doubtful."""
    n = plan.design.n_draws
    no_rate = int(tally.never[:, 0, plan.causes.index(NO_RATE)].sum()) / n
    over = int(tally.over.sum()) / n
    found = []
    if n > plan.design.asked > 0:
        found.append(
            f"{n:,} draws instead of {plan.design.asked:,}: {plan.design.method} takes "
            f"{plan.design.replicates} replicates of {plan.design.shifts * plan.design.points:,}"
        )
    if n < FEW_DRAWS:
        found.append(f"only {n:,} draws: the outer percentiles and all intervals need more")
    if no_rate > 0:
        found.append(
            f"in {percent(no_rate)} of draws the count is not above zero or losses.start is not "
            "before losses.as_of; they have no positive loss rate and are never depleted"
        )
    if over > 0:
        found.append(f"in {percent(over)} of draws losses.count is above the whole force")
    found += ledger_doubts(scenario.losses)
    found += course_doubts(scenario)
    found += correlation_doubts(scenario)
    for outcome in outcomes:
        share = f"{outcome.threshold * 100:g} %"
        if outcome.depleted_probability == 0:
            found.append(f"no draw reaches a loss of {share} by the horizon, {scenario.last_day}")
        elif outcome.depleted_probability < FEW_DEPLETED:
            found.append(
                f"only {percent(outcome.depleted_probability)} of draws reach a loss of {share} "
                f"by the horizon, {scenario.last_day}"
            )
    return tuple(found)


def percent(p: float) -> str:
    """A share in words, never 0 % for what occurred nor 100 % for what did not always."""
    if p < 0.001:
        return "less than 0.1 %"
    if 0.999 < p < 1:
        return "more than 99.9 %"
    return f"{p * 100:.2g} %" if p < 0.1 else f"{p * 100:.3g} %"
