"""What each input does to the date of a threshold, from independent replicates of pick-freeze."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from simulate.analysis import sobol
from simulate.analysis.drivers import Factor, Kind
from simulate.analysis.inputs import value_at
from simulate.analysis.inverse import median_of
from simulate.analysis.mc_error import mean_with_error
from simulate.analysis.values import Instant
from simulate.engine import pick_freeze
from simulate.engine.plan import Plan
from simulate.scenario.arrays import Floats, Ints

ROUNDING = 1e-10
"""Days by which rounding can part two draws of the same date: 1,000 ULP of 1,000 days."""

LOWEST, HIGHEST = "lowest tenth", "highest tenth"


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


class Case(Struct, frozen=True):
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
    low: Case | None
    high: Case | None


class Effects(Struct, frozen=True):
    """What moves the date of one threshold, the most influential first.

    `together` is the sum of all first-order shares: its shortfall from 1 is due to interactions.
    None if inputs are correlated, the walk has a share, or all draws end alike.
    """

    threshold: float
    ranked: tuple[Effect, ...]
    together: Estimate | None


class Part(Struct, frozen=True):
    """The results of one replicate, for K thresholds and k factors with a column.

    `variances` are those of the rank of the date; `totals` have one more column for the walk.
    `groups` holds, for each factor, the first passages (K, draws) of each group of draws.
    """

    variances: Floats  # (K,)
    totals: Floats  # (K, k) or (K, k + 1)
    correlations: Floats  # (K, k)
    sums: Floats  # (K, k, classes)
    counts: Ints  # (k, classes)
    groups: tuple[tuple[Floats, ...], ...]


def part_of(plan: Plan, factors: Sequence[Factor], replicate: int) -> Part:
    """The results of one replicate; a pure function, fit for any executor."""
    levels = pick_freeze.levels_of(plan, replicate)
    columns = [factor for factor in factors if factor.kind != "walk"]
    copies = (pick_freeze.redrawn(plan, replicate, levels, factor.name) for factor in columns)
    sets = pick_freeze.passages_of_each(plan, replicate, itertools.chain([levels], copies))
    times = next(sets)
    rankings = np.sort(times, axis=1)
    ranks = _ranks(rankings, times)
    mixed = [total_shares(ranks, _ranks(rankings, again)) for again in sets]
    if len(columns) < len(factors):
        again = pick_freeze.passage_times(
            plan, levels, pick_freeze.places_of(plan, replicate), walk_again=True
        )
        mixed.append(total_shares(ranks, _ranks(rankings, again)))
    rows = [levels[plan.names.index(factor.name)] for factor in columns]
    middles = [factor.middles(row) for factor, row in zip(columns, rows, strict=True)]
    classes = sobol.n_classes(levels.shape[1])
    sorted_in = [[sobol.class_sums(place, rank, classes) for place in middles] for rank in ranks]
    shape = (len(ranks), len(columns), classes)
    return Part(
        variances=ranks.var(axis=1),
        totals=np.array(mixed).reshape(len(factors), len(ranks)).T,
        correlations=np.array(
            [[sobol.rank_correlation(place, rank) for place in middles] for rank in ranks]
        ),
        sums=np.array([[sums for sums, _ in row] for row in sorted_in]).reshape(shape),
        counts=np.array([counts for _, counts in sorted_in[0]], dtype=np.int64),
        groups=tuple(
            tuple(times[:, group] for group in factor.groups(row))
            for factor, row in zip(columns, rows, strict=True)
        ),
    )


def _ranks(rankings: Floats, times: Floats) -> Floats:
    """Ranks of dates within the replicate, by threshold."""
    pairs = zip(rankings, times, strict=True)
    return np.array([sobol.mid_distribution(ordered, row, ROUNDING) for ordered, row in pairs])


def total_shares(ranks: Floats, mixed: Floats) -> list[float]:
    """Total share by threshold, 0 where nothing varies."""
    pairs = zip(ranks, mixed, strict=True)
    return [sobol.total_share(one, other) if np.ptp(one) else 0.0 for one, other in pairs]


def effects_of(plan: Plan, factors: Sequence[Factor], parts: Sequence[Part], k: int) -> Effects:
    """What moves the date of threshold number `k`, from all replicates."""
    variances = np.array([part.variances[k] for part in parts])
    varies = bool((variances > 0).all())
    found, first_orders = [], []
    for i, factor in enumerate(factors):
        total = first = correlation = None
        low, high = _tornado(plan, factor, parts, k, i) if factor.kind != "walk" else (None, None)
        if varies:
            total = Estimate.of_shares(np.array([part.totals[k, i] for part in parts]))
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
    adds_up = first_orders and len(first_orders) == len(factors) and not plan.correlated
    return Effects(
        threshold=plan.thresholds[k],
        ranked=tuple(sorted(found, key=_influence, reverse=True)),
        together=Estimate.of_shares(np.sum(first_orders, axis=0)) if adds_up else None,
    )


def _influence(of: Effect) -> tuple[float, ...]:
    return tuple(0.0 if share is None else share.value for share in (of.total, of.first_order))


def _tornado(
    plan: Plan, factor: Factor, parts: Sequence[Part], k: int, i: int
) -> tuple[Case, Case]:
    """The two ends of factor number `i`."""
    groups = zip(*(part.groups[i] for part in parts), strict=True)
    medians = [median_of(plan, [times[k] for times in group]) for group in groups]
    if factor.kind == "claim":
        cases = [Case(*pair) for pair in zip(factor.cases, medians, strict=True)]
        ordered = sorted(cases, key=lambda case: case.median.day_or_never)
        return ordered[0], ordered[-1]
    if factor.upto:
        return Case("does not happen", medians[0]), Case("happens", medians[1])
    law = None if factor.pooled else factor.law
    bounds = [None if law is None else value_at(law, level) for level in (0.1, 0.9)]
    return Case(LOWEST, medians[0], bounds[0]), Case(HIGHEST, medians[1], bounds[1])
