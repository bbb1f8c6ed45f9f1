"""Rank correlation between inputs: the Gaussian copula."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from simulate.scenario.arrays import Bools, Floats
from simulate.scenario.distributions.normal_quantile import normal_ppf

_POINT = 1e-9  # levels closer than this are one: the value is not an atom
_STEPS = 16  # by then hardly any draw is still where it began
_LEAST = 1e-300


def correlate(points: Floats, rows: Sequence[int], cholesky: Floats) -> Floats:
    """Give some rows of independent uniforms (inputs, n) the dependence of a Gaussian copula.

    `cholesky` is the lower triangular factor of the correlation matrix of the normal scores of
    these rows, of which the first keeps its numbers. In the new array each row is uniform again.
    """
    rows = list(rows)
    correlated = points.copy()
    scores = cholesky @ normal_ppf(points[rows])
    correlated[rows] = np.clip(ndtr(scores), 2.0**-53, 1.0 - 2.0**-53)
    return correlated


def again_given_values(
    matrix: Floats,
    which: int,
    levels: Floats,
    cells: tuple[Floats, Floats],
    uniforms: Callable[[str], Floats],
) -> Floats:
    """One correlated input resampled given the values of the others: levels, shape (n,).

    `matrix` (k, k) has the correlations of the normal scores, `levels` (k, n) the draws, `cells`
    the lowest and highest level with the same value: one level, or all levels of an atom.
    `uniforms` gives fresh numbers (n,) for a name.

    Given the values, the scores of inputs with atoms are normal within a box; other scores are
    known. They are resampled one by one, each within its edges given those before (Genz 1992,
    J. Comput. Graph. Stat. 1(2), 141-149). With several atoms that is not quite their law, and the
    Metropolis rule accepts or rejects each proposal; the scores follow the law from the start, and
    so after every step.
    """
    below, upto = cells
    atoms = upto - below > _POINT
    others = [int(j) for j in np.argsort(atoms.sum(axis=1), kind="stable") if j != which]
    order = [*others, which]
    cholesky: Floats = np.linalg.cholesky(matrix[np.ix_(order, order)]).astype(np.float64)
    box = _Box(
        cholesky, atoms[others], *(normal_ppf(each[others]) for each in (levels, below, upto))
    )
    normals, weight = box.normals()
    with_atoms = int(atoms[others].any(axis=1).sum())
    for step in range(_STEPS if with_atoms > 1 else with_atoms):
        drawn = np.array([uniforms(f" given {j}, {step}") for j in others])
        proposed, its_weight = box.normals(drawn)
        taken = np.log(uniforms(f" taken {step}")) < its_weight - weight
        normals = np.where(taken, proposed, normals)
        weight = np.where(taken, its_weight, weight)
    own = cholesky[-1, :-1] @ normals + cholesky[-1, -1] * normal_ppf(uniforms(""))
    return np.asarray(np.clip(ndtr(own), 2.0**-53, 1.0 - 2.0**-53))


class _Box(NamedTuple):
    """Bounds of k normal scores, known or between two edges, shape (k, n)."""

    cholesky: Floats
    atoms: Bools
    scores: Floats
    low: Floats
    high: Floats

    def normals(self, uniforms: Floats | None = None) -> tuple[Floats, Floats]:
        """Independent normals (k, n) behind the scores, resampled at uniforms where they are free.

        The weight (n,) is the logarithm of the density of their law over that of these proposals.
        """
        normals, weight = np.empty_like(self.scores), np.zeros(self.scores.shape[1])
        for j, atom in enumerate(self.atoms):
            mean, sd = self.cholesky[j, :j] @ normals[:j], self.cholesky[j, j]
            known, low, high = ((x[j] - mean) / sd for x in (self.scores, self.low, self.high))
            # In the upper tail, mirrored edges have more digits.
            upper = low > 0
            first, last = ndtr(np.where(upper, -high, low)), ndtr(np.where(upper, -low, high))
            normals[j] = known
            if uniforms is not None:
                level = np.maximum(first + uniforms[j] * (last - first), _LEAST)
                drawn = normal_ppf(level) * np.where(upper, -1.0, 1.0)
                normals[j] = np.where(atom, np.clip(drawn, low, high), known)
            mass = np.log(np.maximum(last - first, _LEAST))
            weight += np.where(atom, mass, -0.5 * known**2)
        return normals, weight
