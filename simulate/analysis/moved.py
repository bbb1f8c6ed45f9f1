"""What later reports say about each input, from weighted draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct

from simulate.analysis.drivers import Factor
from simulate.analysis.effects import Bounds, Estimate, WeightedDraws
from simulate.analysis.inputs import INPUT_LEVELS, value_at
from simulate.analysis.mc_error import replicate_errors
from simulate.analysis.values import ValueQuantile
from simulate.engine.pick_freeze import levels_of
from simulate.engine.plan import Plan
from simulate.engine.redraw import replayed
from simulate.engine.sampling.design import REPLICATES
from simulate.engine.tally import Tally, add_part
from simulate.scenario.arrays import Bools, Floats, Ints
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


def weighted_draws(plan: Plan, replicate: int) -> tuple[Tally, WeightedDraws]:
    """The draws of one replicate and their tally; a pure function, fit for any executor."""
    tally = plan.empty_tally(1)
    blocks = list(replayed(plan, replicate, tally))
    values = [
        np.array([block.values[name] for name in plan.names]).reshape(-1, block.rate.size)
        for block in blocks
    ]
    weights = np.concatenate([block.weight for block in blocks if block.weight is not None])
    return tally, WeightedDraws(
        weights,
        np.full(weights.size, replicate),
        levels_of(plan, replicate),
        np.concatenate(values, axis=1),
        np.concatenate([block.time for block in blocks], axis=1),
        np.concatenate([block.rate for block in blocks]),
    )


def together(
    plan: Plan, parts: Sequence[tuple[Tally, WeightedDraws]]
) -> tuple[Tally, WeightedDraws]:
    """The draws of all replicates and their tally."""
    tally = plan.empty_tally(len(parts))
    for replicate, (part, _) in enumerate(parts):
        add_part(tally, part, replicate)
    columns = zip(*(draws for _, draws in parts), strict=True)
    return tally, WeightedDraws(*(np.concatenate(each, axis=-1) for each in columns))


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
            before = [ValueQuantile(level, value_at(law, level)) for level in INPUT_LEVELS]
            found.append(_moved(plan, factor, before, values, draws))
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


# --- weighted draws ---


def weighted_share(holds: Bools, weights: Floats, replicate: Ints) -> tuple[float, float]:
    """The share of the weight for which something holds, and its Monte Carlo error (95 %)."""
    some, sums = (np.bincount(replicate, of, REPLICATES) for of in (weights * holds, weights))
    share = some.sum() / sums.sum()
    # A ratio, whose error is that of the mean of these; see `mc_error.centred`.
    spread = REPLICATES * (some - share * sums) / sums.sum()
    return float(share), float(replicate_errors(spread))


def weighted_quantiles(
    values: Floats, weights: Floats, replicate: Ints, levels: tuple[float, ...]
) -> list[tuple[float, float | None]]:
    """Quantiles of weighted values, each with the 95 % half-width of its Monte Carlo error.

    That of the weight below a quantile, carried over to it; None where it reaches past the values.
    """
    order = np.argsort(values)
    upto, ordered = np.cumsum(weights[order]), values[order]
    total = upto[-1]

    def at(level: float) -> float:
        place = np.searchsorted(upto, level * total * (1.0 - 1e-12))
        return float(ordered[min(int(place), ordered.size - 1)])

    found: list[tuple[float, float | None]] = []
    for level in levels:
        value = at(level)
        _, error = weighted_share(values <= value, weights, replicate)
        low, high = level - error, level + error
        half = max(value - at(low), at(high) - value) if low > 0 and high < 1 else None
        found.append((value, half))
    return found
