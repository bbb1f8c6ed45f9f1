"""Reports as evidence: each draw counts by how well its losses fit them.

The likelihood, scaled to at most 1, becomes a whole number, so that tallies of weighted draws add
exactly, whoever worked them out.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from msgspec import Struct

from simulate.engine.strength import ALL, COLUMNS, Rows, Seen, StrengthTally, columns
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.distributions import special
from simulate.scenario.evidence import Reports

ONE = 2.0**40
"""The weight of a draw with the largest possible likelihood."""

MOST_DRAWS = 2**25
"""Draws of which the weights of a replicate stay below 2**63, with a margin of two."""

_HALF = 20  # bits of the lower part of a weight; squares of whole weights exceed 63 bits
_POINTS = 64  # points of the integral over the errors of several lower bounds
_TINY = 1e-300


class DatedReports(Struct, frozen=True):
    """Reports, and the number of the moment of each in the tally of strength and losses."""

    reports: Reports
    moments: tuple[int, ...]


def likelihood(reports: Reports, lost: Floats) -> Floats:
    """How well draws fit the reports.

    Parameters
    ----------
    reports : Reports
    lost : ndarray, shape (reports, n)
        Cumulative losses of each draw at the time of each report.

    Returns
    -------
    ndarray, shape (n,)
        The normal density of the errors that the reports would have, relative to its largest value,
        times the probability that the lower bounds hold, given these errors.
    """
    some = (lost > 0).all(axis=0)
    # The error that each report would have, and for bounds the least that it may have.
    error = reports.logs[:, np.newaxis] - np.log(np.where(some, lost, 1.0))
    point, bound = ~reports.bounds, reports.bounds
    covariance = reports.covariance
    inverse = np.linalg.inv(np.linalg.cholesky(covariance[np.ix_(point, point)]))
    normal = _times(inverse, error[point])
    found: Floats = some * np.exp(-0.5 * np.square(normal).sum(axis=0))
    if not bound.any():
        return found
    # Rows: what the standard normal numbers of the points add to the error of each bound.
    shared = _times(inverse, covariance[np.ix_(point, bound)]).T
    own = np.linalg.cholesky(covariance[np.ix_(bound, bound)] - _times(shared, shared.T))
    found *= orthant(_times(shared, normal) - error[bound], own.astype(np.float64))
    return found


def _times(matrix: Floats, columns: Floats) -> Floats:
    """The matrix product, with the same rounding for any number of columns and threads."""
    product: Floats = np.einsum("ij,jn->in", matrix, columns)
    return product


def orthant(limits: Floats, root: Floats) -> Floats:
    """Probability that normal numbers with covariance L L' all lie below their limits.

    Parameters
    ----------
    limits : ndarray, shape (k, n)
    root : ndarray, shape (k, k)
        L, lower triangular.

    Returns
    -------
    ndarray, shape (n,)
        One limit is exact. For more, each number is drawn below its limit given those before
        (Genz 1992, Journal of Computational and Graphical Statistics 1(2), 141-149), at the same
        64 even points for all draws: two limits within 1e-3, ten within 1e-2.
    """
    k, n = limits.shape
    if k == 1:
        return np.asarray(special.ndtr(limits[0] / root[0, 0]))
    total = np.zeros(n)
    for point in _even_points(k - 1):
        drawn, chance = np.zeros((k, n)), np.ones(n)
        for i in range(k):
            before = np.einsum("j,jn->n", root[i, :i], drawn[:i])
            below = special.ndtr((limits[i] - before) / root[i, i])
            chance *= below
            if i + 1 < k:
                drawn[i] = special.ndtri(np.maximum(point[i] * below, _TINY))
        total += chance
    return total / _POINTS


def _even_points(dimensions: int) -> Floats:
    """Even points of the unit cube, shape (_POINTS, dimensions).

    A Kronecker sequence of square roots of primes, folded so that its ends meet.
    """
    steps = np.sqrt([2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0])[: dimensions - 1]
    number = np.arange(_POINTS)[:, np.newaxis] + 0.5
    others = np.abs(2.0 * (number * steps % 1.0) - 1.0)
    return np.concatenate([number / _POINTS, others], axis=1)


def weights(likely: Floats) -> Ints:
    """Likelihoods of at most 1 as whole numbers."""
    return np.rint(likely * ONE).astype(np.int64)


class WeightedTally(Struct, frozen=True, eq=False):
    """Sums of the weights of draws, by replicate, in the bins of the plan's other tally.

    `squares` has the sums of a a, a b and b b for weights of a 2**20 + b. `present` and `lost` are
    at the moments of the tally of strength and losses.
    """

    total: Ints  # (replicates,)
    squares: Ints  # (replicates, 3)
    passages: Ints  # (replicates, thresholds, time bins)
    never: Ints  # (replicates, thresholds, causes)
    passed: Ints  # (replicates, thresholds)
    present: Ints  # (replicates, moments, COLUMNS)
    lost: Ints  # (replicates, moments, COLUMNS)

    @classmethod
    def empty(cls, replicates: int, thresholds: int, bins: int, causes: int, moments: int) -> Self:
        """A tally of no draws."""
        shapes = ((), (3,), (thresholds, bins), (thresholds, causes), (thresholds,))
        by_date = ((moments, COLUMNS),) * 2
        return cls(*(np.zeros((replicates, *of), dtype=np.int64) for of in (*shapes, *by_date)))

    def note(self, weight: Ints) -> None:
        """Add draws of these weights."""
        high, low = weight >> _HALF, weight & ((1 << _HALF) - 1)
        self.total[0] += weight.sum()
        self.squares[0] += [(high * high).sum(), (high * low).sum(), (low * low).sum()]

    @property
    def effective(self) -> tuple[float, float]:
        """Effective sample size of all draws, and the smallest of a replicate.

        (sum W)^2 / sum W^2 (Kong 1992, University of Chicago, Technical Report 348).
        """
        parts = [
            (total, (high << 2 * _HALF) + (both << _HALF + 1) + low)
            for total, (high, both, low) in zip(
                self.total.tolist(), self.squares.tolist(), strict=True
            )
        ]
        whole = tuple(map(sum, zip(*parts, strict=True)))
        each = [total**2 / squares if squares else 0.0 for total, squares in (whole, *parts)]
        return each[0], min(each[1:])


class Witness:
    """A recorder of a tally that also keeps, draw by draw, what their weights need and change.

    At most `n` draws at a time. Columns of strength and losses are kept until the draws are
    weighed, since a report can be later than a moment that its weights change.
    """

    def __init__(
        self, tally: StrengthTally, updated: WeightedTally, evidence: DatedReports, n: int
    ) -> None:
        self._tally, self._updated, self._reports = tally, updated, evidence.reports
        self.times, self.losses_only = tally.times, tally.losses_only
        moments, self._slots = np.unique(evidence.moments, return_inverse=True)
        # The last row takes what no report needs.
        self._slot_at = np.full(len(tally.times), moments.size)
        self._slot_at[moments] = np.arange(moments.size)
        self._lost = np.empty((moments.size + 1, n))
        self._columns = np.empty((2, len(tally.times), n), dtype=np.int16)

    def note(self, moments: Ints | int, seen: Seen, *, weight: int = 1, rows: Rows = ALL) -> None:
        """Record draws; see `Recorder.note`."""
        self._tally.note(moments, seen, weight=weight)
        grid = self._tally.grid
        self._columns[0, moments, rows] = columns(seen.present, grid.top_present)
        self._columns[1, moments, rows] = columns(seen.lost, grid.top_lost)
        # A draw that ran out long before a report of less fits it worse than one that just did.
        lost = seen.lost if seen.unlimited is None else seen.unlimited
        self._lost[self._slot_at[moments], rows] = lost

    def weigh(self, n: int) -> Ints:
        """The weights of the first `n` draws, which with all moments are added to a tally."""
        found = weights(likelihood(self._reports, self._lost[self._slots, :n]))
        self._updated.note(found)
        by_date = self._updated.present, self._updated.lost
        for counts, kept in zip(by_date, self._columns, strict=True):
            for row, keys in zip(counts[0], kept, strict=True):
                np.add.at(row, keys[:n], found)
        return found
