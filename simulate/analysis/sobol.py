"""The share of an answer's variance that is due to one input. Pure functions on arrays.

The answer can be any number; if some draws have none, such as a date that never comes, its
mid-distribution function ranks every draw.
"""

from __future__ import annotations

import math

import numpy as np

from simulate.scenario.arrays import Floats

MOST_CLASSES = 256


def mid_distribution(
    ordered: Floats, values: Floats, rounding: float = 0.0, weights: Floats | None = None
) -> Floats:
    """Place of values among ordered ones: the share below, and half of the share that equals them.

    Values at most `rounding` apart are equal: the same answer by additions in another order.
    Infinity is a value like any other. `weights` are those of the ordered values.

    Parzen (2004), Statistical Science 19(4), 652-662: the mid-distribution function.
    """
    order = np.argsort(values)
    ascending, found = values[order], np.empty(values.shape)  # found several times as fast
    below = np.searchsorted(ordered, ascending - rounding, side="left")
    upto = np.searchsorted(ordered, ascending + rounding, side="right")
    if weights is None:
        found[order] = (below + upto) / (2.0 * ordered.size)
    else:
        reached = np.append(0.0, np.cumsum(weights))
        found[order] = (reached[below] + reached[upto]) / (2.0 * reached[-1])
    return found


def total_share(answers: Floats, mixed: Floats) -> float:
    """Total share of an input: the variance that would remain if every other input were known.

    `mixed` are the answers of the same draws with that input resampled, given all others.
    E[(g - g')^2] / (2 Var g); Jansen (1999), Computer Physics Communications 117, 35-43. For
    correlated inputs E[Var(g | others)] / Var(g), by Kucherenko, Tarantola and Annoni (2012).
    """
    return float(np.mean((answers - mixed) ** 2) / (2.0 * np.var(answers)))


def rank_correlation(levels: Floats, places: Floats, weights: Floats | None = None) -> float:
    """Spearman's rank correlation of an input and an answer, both given by mid-ranks."""
    if levels.size < 2 or np.ptp(levels) == 0 or np.ptp(places) == 0:
        return 0.0
    both = np.cov(levels, places, aweights=weights)
    one, other = np.sqrt(np.diag(both))
    return float(np.clip(both[0, 1] / one / other, -1.0, 1.0))


def n_classes(n: int) -> int:
    """Number of classes of equal probability for n draws, a power of two."""
    return min(MOST_CLASSES, 1 << max(1, int(math.log2(2.0 * math.sqrt(n)))))


def class_sums(
    levels: Floats, answers: Floats, classes: int, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """Sum of the answers and number, or weight, of draws in each class of levels (classes,)."""
    index = np.minimum((levels * classes).astype(np.int64), classes - 1)
    summed = answers if weights is None else answers * weights
    sums, counts = (np.bincount(index, each, classes) for each in (summed, weights))
    return sums.astype(np.float64), counts.astype(np.float64)


def first_order_shares(sums: Floats, counts: Floats, variances: Floats) -> Floats:
    """First-order share of an input: the variance that would go if the input were known.

    From the `class_sums` of independent replicates, shape (replicates, classes), and the variances
    of their answers. The mean of these jackknife pseudo-values is the estimate, their spread its
    error. Weighted draws give sums of weights instead, with a mean of 1 for a replicate: of the
    weights, of weighted answers and of weighted squares.

    The variance of class means includes their noise. The usual correction assumes independent
    draws, and takes off too much for evenly spread points. The product of the class means of two
    replicates has no noise on average, however the points are spread: the mean over all pairs is an
    unbiased estimate of the variance between classes. The variance within classes grows with the
    square of their width, so classes twice as wide show its size (Richardson's extrapolation).
    """
    fine = _between(sums, counts, variances)
    wide = _between(sums[:, ::2] + sums[:, 1::2], counts[:, ::2] + counts[:, 1::2], variances)
    return np.asarray((4.0 * fine - wide) / 3.0)


def _between(sums: Floats, counts: Floats, variances: Floats) -> Floats:
    """Pseudo-values of the share of the variance that lies between the classes."""
    n = len(sums)
    weights = counts.sum(axis=0) / counts.sum()
    middle = sums.sum(axis=1, keepdims=True) / counts.sum(axis=1, keepdims=True)
    # Divide by the expected number of draws, not the actual one: a ratio of random numbers is
    # biased, by far more than the error if evenly spread points cross a class at a slant.
    expected = weights * (counts.sum() / n)
    centred = sums - counts * middle
    apart = np.divide(centred, expected, out=np.zeros_like(sums), where=expected > 0)
    apart *= np.sqrt(weights)
    products = apart @ apart.T
    own = np.diag(products)
    pairs = products.sum() - own.sum()
    whole = pairs / (n * (n - 1)) / variances.mean()
    # Without one replicate its products with the others go, once in its row, once in its column.
    less = pairs - 2.0 * (products.sum(axis=1) - own)
    without = less / ((n - 1) * (n - 2)) / ((variances.sum() - variances) / (n - 1))
    return np.asarray(n * whole - (n - 1) * without)
