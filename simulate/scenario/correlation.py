"""The matrix of the Gaussian copula, from rank correlations of named inputs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SMALLEST_EIGENVALUE = 1e-10
"""Below it the matrix counts as not positive definite."""


def copula_matrix(pairs: Iterable[tuple[str, str, float]], names: Sequence[str]) -> Floats:
    """Correlation matrix of the normal scores behind rank correlations.

    Parameters
    ----------
    pairs : iterable of (name, name, rank)
        Spearman's rank correlation of two inputs; pairs left out are uncorrelated.
    names : sequence of str
        The inputs in the order of the rows, shape (k,).

    Returns
    -------
    ndarray
        Shape (k, k); r = 2 sin(pi rho / 6), Pearson (1907), exact for the Gaussian copula.

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


def smallest_eigenvalue(matrix: Floats) -> float:
    """Not above zero where the correlations exclude each other."""
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
    # The last projection may leave an eigenvalue a hair below zero: mix in that much identity.
    lacking = max(0.0, floor - smallest_eigenvalue(nearest))
    return (nearest + lacking * np.eye(len(matrix))) / (1.0 + lacking)
