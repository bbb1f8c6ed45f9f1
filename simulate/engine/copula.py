"""Rank correlation between inputs: the Gaussian copula."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def correlate(points: Floats, rows: Sequence[int], cholesky: Floats) -> Floats:
    """Give rows of independent uniforms the dependence of a Gaussian copula.

    Parameters
    ----------
    points : ndarray, shape (inputs, n)
        Uniforms in the open unit interval.
    rows : sequence of int
        The k rows to correlate; the first of them keeps its numbers.
    cholesky : ndarray, shape (k, k)
        Lower triangular factor of the correlation matrix of the normal scores.

    Returns
    -------
    ndarray, shape (inputs, n)
        A new array; each row is uniform again.
    """
    from scipy.special import ndtr

    from simulate.scenario.distributions.normal_quantile import normal_ppf

    rows = list(rows)
    correlated = points.copy()
    scores = cholesky @ normal_ppf(points[rows])
    correlated[rows] = np.clip(ndtr(scores), 2.0**-53, 1.0 - 2.0**-53)
    return correlated
