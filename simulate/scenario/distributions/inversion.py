"""Vectorised inversion of increasing functions, for laws without a closed quantile function."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from simulate.scenario.arrays import Bools, Floats

FURTHEST = 2.0**52
"""No quantile of a draw lies as far out, and beyond it there are no steps between floats."""


def invert_increasing(
    function: Callable[[Floats], Floats], target: Floats, low: npt.ArrayLike, high: npt.ArrayLike
) -> Floats:
    """Smallest x in [low, high] with function(x) >= target, to the last digits.

    Parameters
    ----------
    function : callable
        Non-decreasing, maps an array to an array of its shape; may jump.
    target : ndarray
        Values to reach, any shape.
    low, high : array_like
        Ends of the search, broadcast to the shape of `target`; where function(low) already
        reaches the target the answer is `low`, where function(high) does not, `high`.

    References
    ----------
    Chandrupatla, T. R. (1997), Advances in Engineering Software 28(3), 145-149, as in
    `scipy.optimize.elementwise.find_root`.
    """
    from scipy.optimize.elementwise import find_root

    shape = np.shape(target)
    target = np.reshape(target, -1)
    low = np.broadcast_to(np.asarray(low, dtype=np.float64), shape).reshape(-1)
    high = np.broadcast_to(np.asarray(high, dtype=np.float64), shape).reshape(-1)
    solution = np.where(function(low) >= target, low, high)
    open_ = np.flatnonzero((function(low) < target) & (function(high) > target))
    if open_.size:

        def miss(x: Floats, y: Floats) -> Floats:
            above = function(x) - y
            # Never zero, so that the search continues to the smallest x that reaches the target.
            return np.where(above == 0, np.finfo(np.float64).tiny, above)

        with np.errstate(all="ignore"):  # the method tries steps that lead nowhere
            found = find_root(
                miss,
                (low[open_], high[open_]),
                args=(target[open_],),
                # At a jump, and where rounding makes the function flat, the bracket decides.
                tolerances={"xatol": 0.0, "xrtol": 4e-16, "fatol": 0.0, "frtol": 0.0},
                maxiter=200,
            )
        solution[open_] = np.maximum(*found.bracket)
    return solution.reshape(shape)


class Table:
    """A non-decreasing function, tabulated so that its inverse is found quickly.

    Parameters
    ----------
    function : callable
        As for `invert_increasing`.
    places : ndarray
        Any order; infinite ones are left out.
    """

    def __init__(self, function: Callable[[Floats], Floats], places: Floats) -> None:
        self._function = function
        places = places[np.isfinite(places)]
        # A jump at a place lies between it and the float below it.
        places = np.unique(np.concatenate([places, np.nextafter(places, -np.inf)]))
        self._values = np.maximum.accumulate(function(places))
        self._places = np.concatenate([[-np.inf], places, [np.inf]])

    def inverse(self, target: Floats, low: Floats, high: Floats) -> Floats:
        """Smallest x between `low` and `high` whose value reaches the target."""
        k = np.searchsorted(self._values, target)
        low = np.maximum(low, self._places[k])
        high = np.maximum(low, np.minimum(high, self._places[k + 1]))
        return invert_increasing(self._function, target, low, high)


def smallest_whole(
    reached: Callable[[Floats], Bools], guess: Floats, least: float, largest: float
) -> Floats:
    """Smallest whole number from `least` to `largest` that is `reached`.

    Parameters
    ----------
    reached : callable
        Maps whole numbers, shape of `guess`, to whether they are large enough; the largest is.
    guess : ndarray
        The closer, the faster.
    least, largest : float
        Whole or infinite; the search ends at 2**52.
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
