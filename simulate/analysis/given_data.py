"""Shares of variance, correlations and quantiles from weighted draws alone: none is resampled.

The weights of an update make inputs depend on each other. The first-order share of an input,
Var(E[Y | X]) / Var(Y), keeps its meaning then (Saltelli and Tarantola 2002, Journal of the American
Statistical Association 97(459), 702-709), and the draws at hand give it, in classes of X (Plischke,
Borgonovo and Smith 2013, European Journal of Operational Research 226(3), 536-550). Shares of
several inputs no longer add up. Pure functions on arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np
from msgspec import Struct

from simulate.analysis.mc_error import replicate_errors
from simulate.engine.sampling.design import REPLICATES
from simulate.scenario.arrays import Bools, Floats, Ints

MOST_CLASSES = 32
"""Classes of an input, at most. Measured with 4,096 and 16,384 draws of every method: more only add
noise, of a lattice far more, and with 32 the width of the classes leaves 0.0003 of a share."""


class Ranking(Struct, frozen=True, eq=False):
    """The places of n values in their order, equal values at the same one; `size` places."""

    place: Ints
    size: int

    @classmethod
    def of(cls, values: Floats, rounding: float = 0.0) -> Self:
        """Rank values; neighbours at most `rounding` apart are equal."""
        order = np.argsort(values)
        ordered = values[order]
        place = np.empty(values.size, dtype=np.int64)
        place[order] = np.append(0, np.cumsum(ordered[1:] > ordered[:-1] + rounding))
        return cls(place, int(place.max(initial=0)) + 1)

    def middles(self, weights: Floats) -> Floats:
        """Mid-distribution function of the weighted values at each of them, shape (n,)."""
        own = np.bincount(self.place, weights, self.size)
        middles: Floats = ((np.cumsum(own) - 0.5 * own) / own.sum())[self.place]
        return middles

    def classes(self, weights: Floats, n: int) -> Classes:
        """An even number of classes of equal weight; of at most `n` values, each its own."""
        if self.size <= n:
            return Classes(self.place, self.size, halves=False)
        return Classes(np.minimum((self.middles(weights) * n).astype(np.int64), n - 1), n)


class Classes(NamedTuple):
    """The class of each draw, of `n`; unless each is a single value, `halves` of wider ones."""

    place: Ints
    n: int
    halves: bool = True


def first_order_shares(classes: Classes, answers: Floats, weights: Floats) -> Floats:
    """The shares of the variances of weighted answers that lie between the classes of an input.

    The variance within classes grows with the square of their width, so classes twice as wide show
    its size (Richardson's extrapolation). The noise of class means adds to it, in proportion to one
    over the number of replicates; `jackknife` takes it off.

    Parameters
    ----------
    classes : Classes
    answers : ndarray, shape (k, n)
        Each with the weighted mean 0 and variance 1.
    weights : ndarray, shape (n,)
        They sum to 1.
    """
    counts = np.bincount(classes.place, weights, classes.n).astype(np.float64)
    parts = [np.bincount(classes.place, weights * each, classes.n) for each in answers]
    sums = np.array(parts, dtype=np.float64).reshape(len(answers), classes.n)
    fine = _between(sums, counts)
    if not classes.halves:
        return fine
    wide = _between(sums[:, ::2] + sums[:, 1::2], counts[::2] + counts[1::2])
    return np.asarray((4.0 * fine - wide) / 3.0)


def _between(sums: Floats, counts: Floats) -> Floats:
    apart = np.divide(sums**2, counts, out=np.zeros_like(sums), where=counts > 0)
    return np.asarray(apart.sum(axis=1))


def standardised(values: Floats, weights: Floats) -> Floats:
    """Values with the weighted mean 0 and variance 1; all 0 where they do not vary."""
    apart = values - product(weights, values)
    variance = product(weights, apart**2)
    return np.asarray(apart / np.sqrt(variance) if variance > 0 else np.zeros(values.size))


def product(one: Floats, other: Floats) -> Floats:
    """The scalar product over the last axis, with the same rounding for any number of threads."""
    return np.asarray(np.einsum("...i,...i->...", one, other))


def jackknife(statistic: Callable[[Floats], Floats], weights: Floats, replicate: Ints) -> Floats:
    """Pseudo-values (replicates, ...) of a statistic of weights, each without one replicate.

    Their mean is the estimate without its bias of the first order, their spread its error, whatever
    the draws of a replicate have in common.
    """
    n = REPLICATES
    without = [statistic(np.where(replicate == r, 0.0, weights)) for r in range(n)]
    return np.asarray(n * statistic(weights) - (n - 1) * np.array(without))


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
