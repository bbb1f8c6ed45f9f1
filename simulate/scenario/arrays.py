"""The types of the arrays that all rooms work with, and limits to their values.

`np.minimum` and `np.maximum` have no vector instructions for an array and a number: clipping at
both ends takes less than half the time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def at_most(values: Floats, most: float) -> Floats:
    """The values, none of them above `most`."""
    return values.clip(-np.inf, most)


def at_least(values: Floats, least: float) -> Floats:
    """The values, none of them below `least`."""
    return values.clip(least, np.inf)
