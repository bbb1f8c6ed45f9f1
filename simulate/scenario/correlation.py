"""Rank correlations of named inputs, and the matrix of the Gaussian copula behind them."""

import math
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import Distribution
from simulate.scenario.distributions.normal_quantile import normal_ppf
from simulate.scenario.values import Line, Number, Sourced

Laws = Sequence[Distribution]

SMALLEST_EIGENVALUE = 1e-10
"""Below it the matrix counts as not positive definite."""


class Correlation(Sourced):
    """Two inputs that tend to be high together."""

    inputs: Annotated[tuple[Line, Line], Field(strict=False)] = Field(
        description="Two names, such as losses.count and force.size."
    )
    rank: Annotated[Number, Field(gt=-1, lt=1)] = Field(description="Spearman's rank correlation.")
    repair: Literal["nearest"] | None = Field(
        None, description="Use the nearest possible matrix if the correlations are inconsistent."
    )


def copula_matrix(pairs: Iterable[tuple[str, str, float]], names: Sequence[str]) -> Floats:
    """Correlation matrix, shape (k, k), of the normal scores behind rank correlations.

    `pairs` are two of the k `names` and their Spearman's rank correlation rho; pairs left out are
    uncorrelated. r = 2 sin(pi rho / 6), Pearson (1907), exact for the Gaussian copula.

    Examples
    --------
    >>> round(copula_matrix([("a", "b", 0.482584)], ["a", "b"])[0, 1].item(), 6)
    0.5
    """
    matrix = np.eye(len(names))
    for first, second, rank in pairs:
        i, j = names.index(first), names.index(second)
        matrix[i, j] = matrix[j, i] = 2.0 * math.sin(math.pi * rank / 6.0)
    return matrix


def rank_reached(first: Laws, second: Laws, r: float, shares: Sequence[float]) -> float:
    """Spearman's rank correlation of two inputs' values, known to about 0.0005.

    `copula_matrix` gives the wanted correlation `r` of their normal scores. Their values are
    correlated less where many draws share a value, or where draws follow one of several claims:
    `first` and `second` then have a law for each, which `shares` of the draws follow.
    """
    # A lattice in the cube, with the first components of the vector in engine.sampling.points.
    u, v, choices = (np.outer((1, 182667, 213731), np.arange(2**16)) + 0.5) / 2**16 % 1.0
    scores = normal_ppf(u)
    claim = np.searchsorted(np.cumsum(shares)[:-1], choices, side="right")
    given = np.argsort(np.argsort(r * scores + math.sqrt(1.0 - r * r) * normal_ppf(v)))
    one, other = (
        _mid_ranks(np.choose(claim % len(laws), [law.ppf(levels) for law in laws]))
        for laws, levels in ((first, u), (second, (given + 0.5) / given.size))
    )
    return float(np.corrcoef(one, other)[0, 1])


def _mid_ranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - 0.5 * counts)[place])


def smallest_eigenvalue(matrix: Floats) -> float:
    """Zero or negative where the correlations are inconsistent."""
    return float(np.linalg.eigvalsh(matrix)[0])


def nearest_correlation(matrix: Floats) -> Floats:
    """The positive definite correlation matrix nearest in the Frobenius norm.

    References
    ----------
    Higham (2002), IMA Journal of Numerical Analysis 22(3), 329-343, algorithm 3.3: alternating
    projections with Dykstra's correction.
    """
    floor = 10.0 * SMALLEST_EIGENVALUE
    nearest, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(10_000):
        before = nearest
        eigenvalues, vectors = np.linalg.eigh(nearest - correction)
        positive = (vectors * np.maximum(eigenvalues, floor)) @ vectors.T
        correction += positive - nearest
        nearest = positive.copy()
        np.fill_diagonal(nearest, 1.0)
        if float(np.abs(nearest - before).max()) < 1e-12:
            break
    # The last projection can leave an eigenvalue just below zero: add that much identity.
    lacking = max(0.0, floor - smallest_eigenvalue(nearest))
    return (nearest + lacking * np.eye(len(matrix))) / (1.0 + lacking)
