"""Draws weighted by how well they fit later reports: their shares and quantiles, and chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from simulate.analysis import sobol
from simulate.analysis.drivers import Factor
from simulate.analysis.effects import ROUNDING, ReplicateEffects, replicate_statistics
from simulate.analysis.mc_error import replicate_errors
from simulate.engine.pick_freeze import levels_of, places_of, walked_again
from simulate.engine.plan import Plan
from simulate.engine.redraw import replayed
from simulate.engine.sampling.design import REPLICATES
from simulate.engine.tally import Tally
from simulate.scenario.arrays import Bools, Floats, Ints

MOST_WEIGHTED = 32
"""Classes of an input of weighted draws, at most: measured with 4,096 and 16,384 draws of every
method, more only add noise."""

WALKS, MOST_WALKED = 64, 2**13
"""New walks for each draw, and most of them in a replicate: those of 128 draws."""

FEWEST_WALKS = 8.0
"""Least effective number of new walks of a draw, in the median: with fewer, their spread is too
small; with so many, by some percent."""


class WeightedDraws(NamedTuple):
    """Draws with their weights (n,): levels and values of the inputs, first passages, loss rates.

    `replicate` numbers the replicate of each draw from 0.
    """

    weights: Floats
    replicate: Ints
    levels: Floats  # (inputs, n)
    values: Floats  # (inputs, n)
    times: Floats  # (thresholds, n)
    rates: Floats

    @property
    def effective(self) -> float:
        """The effective sample size."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


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


def together(parts: Sequence[WeightedDraws]) -> WeightedDraws:
    """The draws of all replicates."""
    return WeightedDraws(*(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))


def weighted_parts(
    plan: Plan, factors: Sequence[Factor], draws: WeightedDraws
) -> list[ReplicateEffects]:
    """The results of every replicate of an update, ranked among all draws.

    The weights make inputs depend on each other, and the share of one includes what it reveals
    about others (Saltelli and Tarantola 2002, Journal of the American Statistical Association
    97(459), 702-709), which the draws at hand give, in classes of the input (Plischke, Borgonovo
    and Smith 2013, European Journal of Operational Research 226(3), 536-550).
    """
    columns = [factor for factor in factors if factor.kind != "walk"]
    rows = [draws.levels[plan.names.index(factor.name)] for factor in columns]
    pairs = [*zip(columns, rows, strict=True)]
    weights = draws.weights * (REPLICATES / draws.weights.sum())
    classes = min(sobol.n_classes(round(draws.effective)), MOST_WEIGHTED)
    ranks = np.array([weighted_ranks(times, weights, ROUNDING) for times in draws.times])
    middles = [weighted_ranks(factor.middles(row), weights) for factor, row in pairs]
    groups = [factor.groups(row, weights) for factor, row in pairs]
    both = np.vstack([draws.times, weights])
    parts = []
    for replicate in range(REPLICATES):
        own = (draws.replicate == replicate) & (weights > 0)
        found = replicate_statistics(
            ranks[:, own], [each[own] for each in middles], classes, weights[own]
        )
        of = [[both[:, group[own[group]]] for group in each] for each in groups]
        parts.append(replace(found, groups=of))
    return parts


def weighted_ranks(values: Floats, weights: Floats, rounding: float = 0.0) -> Floats:
    """`sobol.mid_distribution` of weighted values among themselves."""
    order = np.argsort(values, kind="stable")
    return sobol.mid_distribution(values[order], values, rounding, weights[order])


# --- chance from day to day ---


def n_chosen(plan: Plan) -> int:
    """Draws of a replicate that walk again."""
    return min(MOST_WALKED, places_of(plan, 0)[0].n) // WALKS


def chosen_levels(plan: Plan, draws: WeightedDraws) -> list[Floats]:
    """Levels (inputs, n) of a systematic sample of each replicate's draws, by their weights."""
    n, found = n_chosen(plan), []
    for replicate in range(REPLICATES):
        own = np.flatnonzero(draws.replicate == replicate)
        upto = np.cumsum(draws.weights[own])
        chosen = np.searchsorted(upto, (np.arange(n) + 0.5) / n * upto[-1])
        found.append(draws.levels[:, own[chosen]])
    return found


def new_walks(plan: Plan, levels: Sequence[Floats], replicate: int) -> tuple[Floats, Floats]:
    """First passages (thresholds, n, WALKS) and weights (n, WALKS) of new walks of n draws.

    A pure function, fit for any executor; `levels` are `chosen_levels`.
    """
    repeated = np.repeat(levels[replicate], WALKS, axis=1)
    place = places_of(plan, replicate)[0]._replace(n=repeated.shape[1])
    times, weights = walked_again(plan, repeated, place)
    return times.reshape(len(times), -1, WALKS), weights.reshape(-1, WALKS)


def shares_of_chance(
    draws: WeightedDraws, walks: Sequence[tuple[Floats, Floats]]
) -> list[list[float]]:
    """Total share of the walk by threshold and replicate; empty where too few walks fit."""
    if np.median([effective_number(weights) for _, weights in walks]) < FEWEST_WALKS:
        return []
    found = []
    for k, times in enumerate(draws.times):
        order = np.argsort(times)
        ordered = times[order], draws.weights[order]

        def ranks(of: Floats, ordered: tuple[Floats, Floats] = ordered) -> Floats:
            return sobol.mid_distribution(ordered[0], of, ROUNDING, ordered[1])

        # The mean of a mid-distribution function is one half.
        variance = np.average((ranks(times) - 0.5) ** 2, weights=draws.weights)
        spread = [
            variance_left(ranks(new[k].ravel()).reshape(weights.shape), weights)
            for new, weights in walks
        ]
        found.append([one / variance if variance else 0.0 for one in spread])
    return found


def effective_number(weights: Floats) -> Floats:
    """The effective number of weights (..., m), 0 without any."""
    total, squares = weights.sum(axis=-1), (weights**2).sum(axis=-1)
    return np.asarray(np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0))


def variance_left(answers: Floats, weights: Floats) -> float:
    """Mean variance of the answers (n, m) of n draws over m weighted walks, given the draw.

    That within m weighted values is too small by the reciprocal of their effective number, as for
    reliability weights: sum w (x - mean)^2 / (1 - sum w^2), where w sums to 1.
    """
    shares = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    middle = (shares * answers).sum(axis=1, keepdims=True)
    within = (shares * (answers - middle) ** 2).sum()
    known = 1.0 - 1.0 / np.maximum(effective_number(weights), 1.0)
    return float(within / known.sum()) if known.any() else 0.0


# --- shares and quantiles ---


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
