"""What matters after an update on later reports, and what these say about each input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from simulate.analysis.binned import Binned
from simulate.analysis.drivers import Factor
from simulate.analysis.effects import HIGHEST, LOWEST, ROUNDING, Case, Effect, Effects, Estimate
from simulate.analysis.given_data import (
    MOST_CLASSES,
    Ranking,
    first_order_shares,
    jackknife,
    product,
    standardised,
    weighted_quantiles,
    weighted_share,
)
from simulate.analysis.inputs import INPUT_LEVELS, value_at
from simulate.analysis.outcomes import instant
from simulate.analysis.sobol import n_classes
from simulate.analysis.values import Instant, ValueQuantile
from simulate.engine.extremes import Extremes
from simulate.engine.pick_freeze import levels_of
from simulate.engine.plan import Plan
from simulate.engine.redraw import replayed
from simulate.engine.sampling.design import REPLICATES
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.model import Scenario
from simulate.scenario.values import Day

RATE = "losses_per_day"
"""The name of the loss rate at the count among the inputs, as among saved draws."""


class Weighed(NamedTuple):
    """Draws with their weights (n,): levels and values of the inputs, first passages, loss rates.

    `replicate` numbers the replicate of each draw from 0.
    """

    weights: Floats
    replicate: Ints
    levels: Floats  # (inputs, n)
    values: Floats  # (inputs, n)
    times: Floats  # (thresholds, n)
    rates: Floats


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


def weighed_draws(plan: Plan, replicate: int) -> Weighed:
    """The draws of one replicate; a pure function, fit for any executor."""
    blocks = list(replayed(plan, replicate))
    values = [
        np.array([block.values[name] for name in plan.names]).reshape(-1, block.rate.size)
        for block in blocks
    ]
    weights = np.concatenate([block.weight for block in blocks if block.weight is not None])
    return Weighed(
        weights,
        np.full(weights.size, replicate),
        levels_of(plan, replicate),
        np.concatenate(values, axis=1),
        np.concatenate([block.time for block in blocks], axis=1),
        np.concatenate([block.rate for block in blocks]),
    )


def together(parts: Sequence[Weighed]) -> Weighed:
    """The draws of all replicates."""
    return Weighed(*(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))


# --- what moves the date ---


def updated_effects(
    plan: Plan, factors: Sequence[Factor], draws: Weighed, effective: float
) -> tuple[Effects, ...]:
    """What moves the updated date of each threshold, from draws of that effective sample size."""
    columns = [factor for factor in factors if factor.kind != "walk"]
    rows = [draws.levels[plan.names.index(factor.name)] for factor in columns]
    dates = [Ranking.of(times, ROUNDING) for times in draws.times]
    classes = min(n_classes(round(effective)), MOST_CLASSES)
    shares = _shares(columns, rows, dates, draws, classes)
    effects: list[list[Effect]] = [[] for _ in dates]
    for i, (factor, row) in enumerate(zip(columns, rows, strict=True)):
        groups, bounds = _groups(factor, row, draws.weights), _tenths(plan, factor, draws)
        label = factor.cases[0] if factor.kind == "event" else ""
        for k, times in enumerate(draws.times):
            first = order = None
            if _varies(dates[k], draws):
                first = Estimate.of_shares(shares[:, i, 0, k])
                order = Estimate.of(shares[:, i, 1, k]) if factor.kind != "claim" else None
            medians = [_median(plan, times, draws, group) for group in groups]
            ends = _ends(factor, medians, bounds)
            about = factor.name, factor.kind, label, factor.source
            effects[k].append(Effect(*about, None, first, order, *ends))
    walks = [
        Effect(each.name, each.kind, "", each.source, None, None, None, None, None)
        for each in factors
        if each.kind == "walk"
    ]
    return tuple(
        Effects(threshold, (*sorted(found, key=_decides, reverse=True), *walks), None)
        for threshold, found in zip(plan.thresholds, effects, strict=True)
    )


def _decides(effect: Effect) -> float:
    return 0.0 if effect.first_order is None else effect.first_order.value


def _shares(
    factors: Sequence[Factor],
    rows: Sequence[Floats],
    dates: Sequence[Ranking],
    draws: Weighed,
    classes: int,
) -> Floats:
    """First-order shares and rank correlations, (replicates, inputs, 2, thresholds)."""
    inputs = [Ranking.of(factor.middles(row)) for factor, row in zip(factors, rows, strict=True)]
    of_inputs = [each.classes(draws.weights, classes) for each in inputs]

    def figures(weights: Floats) -> Floats:
        weights = weights / weights.sum()
        ranks = np.array([standardised(each.middles(weights), weights) for each in dates])
        return np.array(
            [
                (
                    first_order_shares(own, ranks, weights),
                    product(weights * ranks, standardised(each.middles(weights), weights)),
                )
                for each, own in zip(inputs, of_inputs, strict=True)
            ]
        )

    return jackknife(figures, draws.weights, draws.replicate)


def _varies(dates: Ranking, draws: Weighed) -> bool:
    """Whether dates still differ without any one replicate."""
    filled = np.zeros((REPLICATES, dates.size), dtype=bool)
    some = draws.weights > 0
    filled[draws.replicate[some], dates.place[some]] = True
    return all(
        np.count_nonzero(np.delete(filled, r, axis=0).any(axis=0)) > 1 for r in range(REPLICATES)
    )


def _groups(factor: Factor, levels: Floats, weights: Floats) -> list[Ints]:
    """Indexes of the draws of each case, or of the lowest and the highest tenth of the weights."""
    if factor.upto:
        return factor.groups(levels)
    place = Ranking.of(factor.ordered(levels)).middles(weights)
    return [np.flatnonzero(place < 0.1), np.flatnonzero(place > 0.9)]


def _tenths(plan: Plan, factor: Factor, draws: Weighed) -> tuple[float | dt.date | None, ...]:
    """The highest value of the lowest tenth of an input, and the lowest of the highest."""
    if factor.law is None or factor.pooled:
        return None, None
    values = draws.values[plan.names.index(factor.name)]
    ends = weighted_quantiles(values, draws.weights, draws.replicate, (0.1, 0.9))
    return tuple(_value(plan, value, dated=factor.law.axis == "date") for value, _ in ends)


def _ends(
    factor: Factor, medians: Sequence[Instant], bounds: Sequence[float | dt.date | None]
) -> tuple[Case, Case]:
    """The two ends of a tornado bar."""
    if factor.kind == "claim":
        cases = [Case(*pair) for pair in zip(factor.cases, medians, strict=True)]
        cases = [case for case in cases if case.median.missing != "too_few_draws"] or cases
        ordered = sorted(cases, key=lambda case: case.median.day_or_never)
        return ordered[0], ordered[-1]
    names = ("does not happen", "happens") if factor.upto else (LOWEST, HIGHEST)
    low, high = (Case(*each) for each in zip(names, medians, bounds, strict=True))
    return low, high


def _median(plan: Plan, times: Floats, draws: Weighed, group: Ints) -> Instant:
    """Median date of a group of draws, with its Monte Carlo error."""
    times, weights, replicate = times[group], draws.weights[group], draws.replicate[group]
    if not weights.sum() > 0:
        return Instant(None, None, None, "too_few_draws")
    bins = plan.times.n_bins + 1
    place = plan.times.bins(times)
    met = Extremes.empty(bins)
    met.note(place, times)
    keys, size = replicate * bins + place, REPLICATES * bins
    counts, sums = (np.bincount(keys, of, size).reshape(-1, bins) for of in (None, weights))
    effective, total = weights.sum() ** 2 / (weights**2).sum(), sums.sum(axis=1)
    binned = Binned.with_atoms(
        plan.times.edges,
        counts[:, :-1],
        met[:-1],
        draws=effective / REPLICATES,
        independent=False,
        weighted=(sums[:, :-1] * effective / weights.sum(), total / total.mean()),
    )
    return instant(binned, Day(plan.origin).date, 0.5)


def _value(plan: Plan, value: float, *, dated: bool) -> float | dt.date:
    return Day(value + plan.origin).date if dated else value


# --- what the reports say about the inputs ---


def moved_inputs(
    scenario: Scenario, plan: Plan, factors: Sequence[Factor], draws: Weighed
) -> tuple[Moved, ...]:
    """Each input with values, those that moved most first, and the loss rate where it is none."""
    found = []
    for factor in factors:
        if factor.law is not None:
            values, dated = draws.values[plan.names.index(factor.name)], factor.law.axis == "date"
            known = [ValueQuantile(level, value_at(factor.law, level)) for level in INPUT_LEVELS]
            found.append(_moved(plan, factor.name, known, values, draws, dated=dated))
    rates = draws.rates
    if np.ptp(rates) > 0 and not scenario.losses.by_rate and scenario.force.lasts is None:
        alike = weighted_quantiles(rates, np.ones(rates.size), draws.replicate, INPUT_LEVELS)
        known = [ValueQuantile(p, *each) for p, each in zip(INPUT_LEVELS, alike, strict=True)]
        found.append(_moved(plan, RATE, known, rates, draws))
    return tuple(sorted(found, key=lambda each: -each.moved))


def _moved(
    plan: Plan,
    name: str,
    before: Sequence[ValueQuantile],
    values: Floats,
    draws: Weighed,
    *,
    dated: bool = False,
) -> Moved:
    after, largest = [], 0.0
    quantiles = weighted_quantiles(values, draws.weights, draws.replicate, INPUT_LEVELS)
    for old, (value, error) in zip(before, quantiles, strict=True):
        new = ValueQuantile(old.level, _value(plan, value, dated=dated), error)
        after.append(new)
        if new.value != old.value:
            largest = max(largest, abs(float(np.mean(values <= value)) - old.level))
    return Moved(name, tuple(before), tuple(after), largest)


def likelier(plan: Plan, factors: Sequence[Factor], draws: Weighed) -> tuple[Likelier, ...]:
    """How probable each event and each claim is before and after the update."""
    return tuple(found for factor in factors for found in _likelier(plan, factor, draws))


def _likelier(plan: Plan, factor: Factor, draws: Weighed) -> Iterator[Likelier]:
    if factor.kind not in ("event", "claim"):
        return
    levels = draws.levels[plan.names.index(factor.name)]
    if factor.upto:
        edges = np.array([0.0, *factor.upto, 1.0])
        known = [*zip(np.diff(edges).tolist(), factor.groups(levels), strict=True)]
        of_cases = known if factor.kind == "claim" else known[1:]
    else:
        likely = draws.values[plan.names.index(f"{factor.name.removesuffix('happens')}probability")]
        happens = np.flatnonzero(levels < likely)
        of_cases = [(happens.size / levels.size, happens)]
    for case, (before, group) in zip(factor.cases, of_cases, strict=True):
        holds = np.zeros(levels.size, dtype=bool)
        holds[group] = True
        after = Estimate(*weighted_share(holds, draws.weights, draws.replicate))
        yield Likelier(factor.name, case, before, after)
