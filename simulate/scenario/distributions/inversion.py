"""Vectorised inversion of increasing functions, for laws without a closed quantile function."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def invert_increasing(
    function: Callable[[Floats], Floats],
    target: Floats,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
) -> Floats:
    """Smallest x in [low, high] with function(x) >= target, to the last digits.

    Parameters
    ----------
    function : callable
        Non-decreasing, maps an array to an array of its shape; may jump.
    target : ndarray
        Values looked for, any shape.
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
            # Never zero, so that the search goes on to the smallest x that reaches the target.
            return np.where(above == 0, np.finfo(np.float64).tiny, above)

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
