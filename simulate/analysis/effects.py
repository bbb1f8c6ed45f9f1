"""What each input does to the date of a threshold, from independent replicates of pick-freeze."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.analysis import sobol
from simulate.analysis.drivers import Factor, Kind
from simulate.analysis.inputs import value_at
from simulate.analysis.inverse import median_date
from simulate.analysis.mc_error import mean_with_error
from simulate.analysis.values import Instant
from simulate.engine import pick_freeze
from simulate.engine.plan import Plan
from simulate.engine.tally import Tally
from simulate.scenario.arrays import Floats

ROUNDING = 1e-10
"""Days by which rounding can part two draws of the same date: 1,000 ULP of 1,000 days."""

Bounds = tuple[float | dt.date, float | dt.date]


class Estimate(Struct, frozen=True):
    """A figure and the 95 % half-width of its Monte Carlo error."""

    value: float
    mc_error: float

    @classmethod
    def of(cls, values: Floats) -> Estimate:
        """The mean of independent replicates."""
        return cls(*mean_with_error(values))

    @classmethod
    def of_shares(cls, values: Floats) -> Estimate:
        """The mean of shares, at most 1: any excess is error."""
        estimate = cls.of(values)
        return cls(min(estimate.value, 1.0), estimate.mc_error)


class GroupMedian(Struct, frozen=True):
    """A part of the draws and their median date.

    `name` says which part: "lowest tenth" or "highest tenth" of an input, a claim, or whether an
    event happens. `bound` is the highest value of the lowest tenth, or the lowest of the highest
    tenth.
    """

    name: str
    median: Instant
    bound: float | dt.date | None = None


class Effect(Struct, frozen=True):
    """What one factor does to the date on which a threshold is passed.

    `name`, `kind` and `source` are the factor's; only an event has a `label`. `total` is the share
    of the variance of the date's rank that would remain if every other input were known,
    `first_order` the share that would go, on average, if this one were known. `rank_correlation` is
    Spearman's; claims, which have no order, have none, and the walk has only a total. `low` and
    `high` are the tornado: of claims, those with the earliest and the latest median.

    Shares and correlations are None where all draws end alike.
    """

    name: str
    kind: Kind
    label: str
    source: str
    total: Estimate | None
    first_order: Estimate | None
    rank_correlation: Estimate | None
    low: GroupMedian | None
    high: GroupMedian | None


class Effects(Struct, frozen=True):
    """What moves the date of one threshold, the most influential first.

    `together` is the sum of all first-order shares: its shortfall from 1 is due to interactions.
    None if inputs are correlated, the walk has a share, or all draws end alike.
    """

    threshold: float
    ranked: tuple[Effect, ...]
    together: Estimate | None


class ReplicateEffects(Struct, frozen=True):
    """The results of one replicate, for K thresholds and k factors with a column.

    `variances` are those of the rank of the date; `totals` have one more column for the walk.
    `groups` holds, for each factor, the first passages (K, draws) of each group of draws. Draws
    with weights have no totals, since none is resampled; the last row of their groups is weights.
    """

    variances: Floats  # (K,)
    correlations: Floats  # (K, k)
    sums: Floats  # (K, k, classes)
    counts: Floats  # (k, classes)
    groups: Sequence[Sequence[Floats]] = ()
    totals: Floats | None = None  # (K, k) or (K, k + 1)


def replicate_effects(
    plan: Plan, factors: Sequence[Factor], replicate: int
) -> tuple[Tally, ReplicateEffects]:
    """The tally and the results of one replicate; a pure function, fit for any executor."""
    levels = pick_freeze.levels_of(plan, replicate)
    columns = [factor for factor in factors if factor.kind != "walk"]
    copies = (pick_freeze.redrawn(plan, replicate, levels, factor.name) for factor in columns)
    places = pick_freeze.places_of(plan, replicate)
    walks = (
        pick_freeze.passage_times(plan, levels, places, walk_again=True)
        for _ in range(len(columns), len(factors))
    )
    sets = itertools.chain(pick_freeze.passages_of_each(plan, replicate, copies), walks)
    tally = plan.empty_tally(1)
    times = pick_freeze.passage_times(plan, levels, places, tally=tally)
    rankings = np.sort(times, axis=1)
    ranks = _ranks(rankings, times)
    mixed = [total_shares(ranks, _ranks(rankings, again)) for again in sets]
    rows = [levels[plan.names.index(factor.name)] for factor in columns]
    pairs = [*zip(columns, rows, strict=True)]
    found = replicate_statistics(
        ranks, [factor.middles(row) for factor, row in pairs], sobol.n_classes(levels.shape[1])
    )
    groups = [[times[:, group] for group in factor.groups(row)] for factor, row in pairs]
    totals = np.array(mixed).reshape(len(factors), len(ranks)).T
    return tally, replace(found, groups=groups, totals=totals)


def replicate_statistics(
    ranks: Floats, middles: Sequence[Floats], classes: int, weights: Floats | None = None
) -> ReplicateEffects:
    """What one replicate says of ranks of dates (K, n) and of inputs, without groups and totals."""
    if weights is None:
        variances = ranks.var(axis=1)
    else:
        middle = (ranks * weights).sum(axis=1) / (weights.sum() or 1.0)
        variances = ((ranks.T - middle).T ** 2 * weights).sum(axis=1)
    sorted_in = [
        [sobol.class_sums(each, rank, classes, weights) for each in middles] for rank in ranks
    ]
    shape = (len(ranks), len(middles), classes)
    return ReplicateEffects(
        variances=variances,
        correlations=np.array(
            [[sobol.rank_correlation(each, rank, weights) for each in middles] for rank in ranks]
        ),
        sums=np.array([[sums for sums, _ in row] for row in sorted_in]).reshape(shape),
        counts=np.array([counts for _, counts in sorted_in[0]]),
    )


def _ranks(rankings: Floats, times: Floats) -> Floats:
    """Ranks of dates within the replicate, by threshold."""
    pairs = zip(rankings, times, strict=True)
    return np.array([sobol.mid_distribution(ordered, row, ROUNDING) for ordered, row in pairs])


def total_shares(ranks: Floats, mixed: Floats) -> list[float]:
    """Total share by threshold, 0 where nothing varies."""
    pairs = zip(ranks, mixed, strict=True)
    return [sobol.total_share(one, other) if np.ptp(one) else 0.0 for one, other in pairs]


def effects_of(
    plan: Plan,
    factors: Sequence[Factor],
    parts: Sequence[ReplicateEffects],
    bounds: Mapping[str, Bounds],
    by_chance: Sequence[Sequence[float]] = (),
) -> tuple[Effects, ...]:
    """What moves the date of each threshold, from all replicates.

    `bounds` has the ends of the lowest and the highest tenth of each input that has values;
    `by_chance` total shares of the walk by threshold and replicate, where draws have weights.
    """
    each = by_chance or [()] * len(plan.thresholds)
    return tuple(
        _effects(plan, factors, parts, k, bounds=bounds, by_chance=one)
        for k, one in enumerate(each)
    )


def _effects(
    plan: Plan,
    factors: Sequence[Factor],
    parts: Sequence[ReplicateEffects],
    k: int,
    *,
    bounds: Mapping[str, Bounds],
    by_chance: Sequence[float],
) -> Effects:
    variances = np.array([part.variances[k] for part in parts])
    varies = bool((variances > 0).all())
    found, first_orders = [], []
    for i, factor in enumerate(factors):
        total = first = correlation = None
        low = high = None
        if factor.kind != "walk":
            low, high = _tornado(plan, factor, parts, k, i, bounds=bounds)
        totals = [part.totals[k, i] for part in parts if part.totals is not None]
        if factor.kind == "walk" and by_chance:
            totals = [*by_chance]
        if varies and totals:
            total = Estimate.of_shares(np.array(totals))
        if varies and factor.kind != "walk":
            shares = sobol.first_order_shares(
                np.array([part.sums[k, i] for part in parts]),
                np.array([part.counts[i] for part in parts]),
                variances,
            )
            first_orders.append(shares)
            first = Estimate.of_shares(shares)
        if varies and factor.kind in ("input", "event"):
            correlation = Estimate.of(np.array([part.correlations[k, i] for part in parts]))
        label = factor.cases[0] if factor.kind == "event" else ""
        found.append(
            Effect(
                factor.name, factor.kind, label, factor.source, total, first, correlation, low, high
            )
        )
    is_weighted = parts[0].totals is None
    independent = not plan.correlated and not is_weighted
    adds_up = first_orders and len(first_orders) == len(factors) and independent

    def influence(of: Effect) -> list[float]:
        """By total share; of weighted draws by the other, which the walk lacks."""
        shares = (of.first_order,) if is_weighted else (of.total, of.first_order)
        return [-math.inf if share is None else share.value for share in shares]

    return Effects(
        threshold=plan.thresholds[k],
        ranked=tuple(sorted(found, key=influence, reverse=True)),
        together=Estimate.of_shares(np.sum(first_orders, axis=0)) if adds_up else None,
    )


def prior_bounds(factors: Sequence[Factor]) -> dict[str, Bounds]:
    """Where the lowest and the highest tenth of each input end, as the scenario states it."""
    known = ((each.name, each.law) for each in factors if not each.pooled)
    return {name: (value_at(law, 0.1), value_at(law, 0.9)) for name, law in known if law}


def _tornado(
    plan: Plan,
    factor: Factor,
    parts: Sequence[ReplicateEffects],
    k: int,
    i: int,
    *,
    bounds: Mapping[str, Bounds],
) -> tuple[GroupMedian, GroupMedian]:
    is_weighted = parts[0].totals is None
    groups = list(zip(*(part.groups[i] for part in parts), strict=True))
    medians = [
        median_date(
            plan, [of[k] for of in group], [of[-1] for of in group] if is_weighted else None
        )
        for group in groups
    ]
    if factor.kind == "claim":
        cases = [GroupMedian(*pair) for pair in zip(factor.cases, medians, strict=True)]
        cases = [case for case in cases if case.median.missing != "too_few_draws"] or cases
        ordered = sorted(cases, key=lambda case: case.median.day_or_never)
        return ordered[0], ordered[-1]
    if factor.upto:
        return GroupMedian("does not happen", medians[0]), GroupMedian("happens", medians[1])
    low, high = bounds.get(factor.name, (None, None))
    return GroupMedian("lowest tenth", medians[0], low), GroupMedian(
        "highest tenth", medians[1], high
    )
