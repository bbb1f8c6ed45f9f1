"""What later reports say about each input, from weighted draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct

from simulate.analysis.drivers import Factor
from simulate.analysis.effects import Bounds, Estimate
from simulate.analysis.inputs import INPUT_LEVELS, percentiles
from simulate.analysis.values import ValueQuantile
from simulate.analysis.weighted_draws import WeightedDraws, weighted_quantiles, weighted_share
from simulate.engine.plan import Plan
from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import Distribution
from simulate.scenario.model import Scenario
from simulate.scenario.values import Day

RATE = "losses_per_day"
"""The name of the loss rate at the count among the inputs, as among saved draws."""


class Moved(Struct, frozen=True):
    """One input before and after an update, by its percentiles.

    `moved` is the largest difference between the level of a percentile and its level before.
    """

    name: str
    before: tuple[ValueQuantile, ...]
    after: tuple[ValueQuantile, ...]
    moved: float


class Likelier(Struct, frozen=True):
    """The probability that an event happens, or that a claim is followed, before and after."""

    name: str
    case: str
    before: float
    after: Estimate


def bounds_after(plan: Plan, factors: Sequence[Factor], draws: WeightedDraws) -> dict[str, Bounds]:
    """Where the lowest and the highest tenth of each input end after the update."""
    found = {}
    for factor in factors:
        if factor.law is not None and not factor.pooled:
            values = draws.values[plan.names.index(factor.name)]
            ends = weighted_quantiles(values, draws.weights, draws.replicate, (0.1, 0.9))
            low, high = (_stated(plan, factor.law, at) for at, _ in ends)
            found[factor.name] = low, high
    return found


def moved_inputs(
    scenario: Scenario, plan: Plan, factors: Sequence[Factor], draws: WeightedDraws
) -> tuple[Moved, ...]:
    """Each input with values, those that moved most first, and the loss rate where it is none."""
    found = []
    for factor in factors:
        if factor.law is not None:
            values, law = draws.values[plan.names.index(factor.name)], factor.law
            found.append(_moved(plan, factor, percentiles(law), values, draws))
    rates = draws.rates
    if np.ptp(rates) > 0 and not scenario.losses.by_rate and scenario.force.lasts is None:
        alike = weighted_quantiles(rates, np.ones(rates.size), draws.replicate, INPUT_LEVELS)
        before = [ValueQuantile(p, *each) for p, each in zip(INPUT_LEVELS, alike, strict=True)]
        found.append(_moved(plan, None, before, rates, draws))
    return tuple(sorted(found, key=lambda each: -each.moved))


def _moved(
    plan: Plan,
    factor: Factor | None,
    before: Sequence[ValueQuantile],
    values: Floats,
    draws: WeightedDraws,
) -> Moved:
    """An input before and after the update; without a factor the loss rate."""
    name, law = (RATE, None) if factor is None else (factor.name, factor.law)
    after, largest = [], 0.0
    quantiles = weighted_quantiles(values, draws.weights, draws.replicate, INPUT_LEVELS)
    for old, (at, error) in zip(before, quantiles, strict=True):
        new = ValueQuantile(old.level, _stated(plan, law, at), error)
        after.append(new)
        if new.value != old.value:
            largest = max(largest, abs(float(np.mean(values <= at)) - old.level))
    return Moved(name, tuple(before), tuple(after), largest)


def _stated(plan: Plan, law: Distribution | None, value: float) -> float | dt.date:
    """A value as it is stated; that of a date counts from the origin."""
    return Day(value + plan.origin).date if law is not None and law.axis == "date" else value


def likelier(plan: Plan, factors: Sequence[Factor], draws: WeightedDraws) -> Iterator[Likelier]:
    """How probable each event and each claim is before and after the update."""
    for factor in factors:
        if factor.kind not in ("event", "claim"):
            continue
        levels = draws.levels[plan.names.index(factor.name)]
        if factor.upto:
            case = factor.case(factor.ordered(levels))
            edges = np.array([0.0, *factor.upto, 1.0])
            of_cases = [(upto - p, case == k) for k, (p, upto) in enumerate(pairwise(edges))]
            of_cases = of_cases if factor.kind == "claim" else of_cases[1:]
        else:
            name = f"{factor.name.removesuffix('happens')}probability"
            happens = levels < draws.values[plan.names.index(name)]
            of_cases = [(happens.mean(), happens)]
        for name, (before, holds) in zip(factor.cases, of_cases, strict=True):
            after = Estimate(*weighted_share(holds, draws.weights, draws.replicate))
            yield Likelier(factor.name, name, float(before), after)
