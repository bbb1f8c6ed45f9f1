"""Quantiles from tables, for laws whose own take microseconds each.

What a level gives depends on the law and the level alone, never on the levels beside it: a draw is
the same in every block, thread and process.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from simulate.scenario.arrays import Bools, Floats, Ints

Function = Callable[[Floats], Floats]

FURTHEST = 2.0**52
"""No quantile of a draw lies as far out, and beyond it there are no steps between floats."""

_TOLERANCE = 1e-13
"""Relative error above which a polynomial is not used."""

_OCTAVES = 12
"""Of the distance to 0 or 1, from 1/2 down; nearer levels are too rare to matter."""

_BITS = 4
_SEGMENTS = 2**_BITS
"""Of equal width in an octave: the leading bits of a float are the number of its segment."""

_SIDE = _OCTAVES + 2
"""The octaves of each side, and one beyond at either end in which nothing is fitted."""

_BEFORE = (1021 - _OCTAVES) << _BITS  # the leading bits of 2**-(_OCTAVES + 2)
_REST = np.int64((1 << (52 - _BITS)) - 1)  # mask of the bits that give the place in a segment
_ONE = np.int64(1023 << 52)  # the bits of 1.0

_DEGREE = 8
_NODES = np.cos(np.pi * (np.arange(_DEGREE + 1) + 0.5) / (_DEGREE + 1))  # roots of a Chebyshev
_NODES[_DEGREE // 2] = 0.0
_FIT = np.linalg.inv(np.vander(_NODES, increasing=True))
_CHECKS = np.array([-1.0, -0.5, 0.5, 1.0])  # where a polynomial misses most


class Curve:
    """Quantiles by polynomials, each checked against the law itself.

    Both halves of the levels are divided as floats are, into octaves of the distance to 0 or 1 and
    these into segments. A polynomial through the quantiles at Chebyshev nodes serves a segment if
    it meets four others, by both functions. Elsewhere, and near 0 and 1, the law's own quantiles
    are used. An octave is fitted when one of its levels is first needed. `ppf` and `isf` are the
    law's own quantiles at lower and upper tail probabilities, shape (n,).
    """

    def __init__(self, ppf: Function, isf: Function) -> None:
        self._own = ppf, isf
        # Coefficients by segment, NaN where none serve, and which octaves are fitted. Replaced as
        # a whole, since other threads may be reading.
        fitted = np.zeros((2, _SIDE), dtype=np.bool_)
        fitted[:, [0, -1]] = True
        self._fitted = np.full((_DEGREE + 1, 2, _SIDE, _SEGMENTS), np.nan), fitted

    def ppf(self, p: Floats) -> Floats:
        """Quantiles at probabilities."""
        return self._at(p, 0)

    def isf(self, q: Floats) -> Floats:
        """Quantiles at upper tail probabilities."""
        return self._at(q, 1)

    def _at(self, p: Floats, side: int) -> Floats:
        """Quantiles at probabilities counted from the lower (0) or upper (1) end."""
        place = np.minimum(p, 1.0 - p)
        bits = place.view(np.int64)  # of the same memory
        segment = (bits >> (52 - _BITS)) - _BEFORE
        np.clip(segment, 0, _SIDE * _SEGMENTS - 1, out=segment)
        segment += ((p > 0.5) ^ side) * (_SIDE * _SEGMENTS)
        bits &= _REST
        bits |= _ONE  # the place is now from 1 to 1 + 1 / _SEGMENTS
        place *= 2.0 * _SEGMENTS
        place -= 2.0 * _SEGMENTS + 1.0  # and from -1 to 1
        x = _polynomials(self._coefficients(segment), segment, place)
        left = np.isnan(x)
        if left.any():
            x[left] = self._own[side](p[left])
        return x

    def _coefficients(self, segment: Ints) -> Floats:
        """The coefficients, fitted in the octaves of some segments at least."""
        coefficients, fitted = self._fitted
        if fitted.all():
            return coefficients
        needed = np.bincount(segment.reshape(-1) >> _BITS, minlength=fitted.size) > 0
        needed = needed.reshape(fitted.shape) & ~fitted
        if needed.any():
            coefficients = coefficients.copy()
            for side in np.flatnonzero(needed.any(axis=1)).tolist():
                low = np.ldexp(1.0, np.flatnonzero(needed[side]) - _SIDE)
                fit = _fit(self._own[side], self._own[1 - side], low)
                coefficients[:, side, needed[side]] = fit.reshape(-1, low.size, _SEGMENTS)
            self._fitted = coefficients, fitted | needed
        return coefficients


def _polynomials(coefficients: Floats, segment: Ints, place: Floats) -> Floats:
    """Horner's rule with the coefficients of a segment for each place."""
    rows = coefficients.reshape(_DEGREE + 1, -1)
    x: Floats = rows[-1][segment]
    term = np.empty_like(place)
    for row in rows[-2::-1]:
        x *= place
        np.take(row, segment, out=term, mode="clip")
        x += term
    return x


def _fit(near: Function, far: Function, low: Floats) -> Floats:
    """Coefficients for the segments of the octaves from `low` on, NaN where they do not serve.

    The quantiles are those at a distance from the `near` end; `far` gives the same at 1 minus it.
    """
    middle = (low[:, np.newaxis] * (1.0 + (np.arange(_SEGMENTS) + 0.5) / _SEGMENTS)).reshape(-1)
    half = np.repeat(0.5 * low / _SEGMENTS, _SEGMENTS)
    levels = middle + np.append(_NODES, _CHECKS)[:, np.newaxis] * half
    with np.errstate(all="ignore"):
        exact = near(levels.reshape(-1)).reshape(levels.shape)
        nodes, checks = exact[: _NODES.size], exact[_NODES.size :]
        mirrored = far(1.0 - levels[_NODES.size :].reshape(-1)).reshape(checks.shape)
        centre = nodes[_DEGREE // 2]
        # In a fixed order: the sums of a matrix product depend on its size.
        fit = np.zeros_like(nodes)
        for weights, values in zip(_FIT.T, nodes - centre, strict=True):
            fit += weights[:, np.newaxis] * values
        fit[0] = centre
        found = sum(fit[k] * _CHECKS[:, np.newaxis] ** k for k in range(_DEGREE + 1))
        errors = np.maximum(np.abs(found - checks), np.abs(found - mirrored))
        good = np.all(errors <= _TOLERANCE * np.abs(found), axis=0)
    return np.where(good, fit, np.nan)


class Steps:
    """The smallest whole number at which a rising function reaches a level.

    `rising` maps whole numbers, shape (n,), to values from `bottom` to `bottom` + 1: `bottom` is 0
    for P(K <= k), -1 for -P(K > k). `guess` maps probabilities p, shape (n,), to numbers near those
    where `bottom` + p is reached; the closer, the faster the search. `least` and `largest` are
    whole or infinite; the search ends at 2**52. Many levels at once are looked up in a table of the
    function, which gives the same numbers as the search.
    """

    def __init__(
        self, rising: Function, guess: Function, least: float, largest: float, bottom: float
    ) -> None:
        self._rising, self._guess = rising, guess
        self._least, self._largest = least, largest
        self._bottom = bottom

    def smallest(self, level: Floats) -> Floats:
        """The smallest whole number that reaches each level, shape (n,)."""
        first, last = self._range
        # A search takes about four values of the function for each level.
        if last - first >= 4.0 * level.size or self._table is None:
            return self._searched(level)
        table = self._table
        k = np.full_like(level, first)
        k += np.searchsorted(table, level)
        outside = level > table[-1]
        if first > self._least:
            outside |= level <= table[0]  # perhaps reached before
        if outside.any():
            k[outside] = self._searched(level[outside])
        return k

    @cached_property
    def _range(self) -> tuple[float, float]:
        """From the number before those of all but a share of 2**-29 of the draws to the last."""
        levels = self._bottom + np.array([2.0**-30, 1.0 - 2.0**-30])
        first, last = self._searched(levels).tolist()
        return max(first - 1.0, self._least), last

    @cached_property
    def _table(self) -> Floats | None:
        """The function over the range; None where it falls by rounding."""
        first, last = self._range
        table = self._rising(np.arange(first, last + 1.0))
        # Where it falls, the search could end at another number.
        return table if np.all(np.diff(table) >= 0.0) else None

    def _searched(self, level: Floats) -> Floats:
        p = np.clip(level - self._bottom, 1e-12, 1.0 - 1e-12)
        k = smallest_whole(
            lambda k: self._rising(k) >= level, self._guess(p), self._least, self._largest
        )
        k = np.where(level >= self._bottom + 1.0, self._largest, k)
        return np.where(level <= self._bottom, self._least, k)


def smallest_whole(
    reached: Callable[[Floats], Bools], guess: Floats, least: float, largest: float
) -> Floats:
    """Smallest whole number from `least` to `largest` that is `reached`, near a `guess`.

    `reached` maps whole numbers, shape of `guess`, to whether they are large enough; the largest
    is. The ends are whole or infinite; the search ends at 2**52.
    """
    least, largest = max(least, -FURTHEST), min(largest, FURTHEST)
    high = np.clip(np.ceil(np.nan_to_num(guess)), least, largest)
    low, width = high - 1.0, 1.0
    # Widen until the answer lies between low, which is not reached, and high, which is.
    while True:
        up = ~reached(high) & (high < largest)
        down = (low >= least) & reached(np.maximum(low, least))
        if not np.any(up | down):
            break
        low, high = (
            np.where(up, high, np.where(down, np.maximum(low - width, least - 1.0), low)),
            np.where(up, np.minimum(high + width, largest), np.where(down, low, high)),
        )
        width *= 2.0
    while np.any(high - low > 1.0):
        middle = np.ceil(0.5 * (low + high))
        enough = reached(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high
