"""The smallest and the largest value met in each bin: what tells a value that draws share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SHARED = 1e-6
"""Draws of a bin that lie within this part of its width share a value: they differ by rounding."""

CROWDED = 8.0
"""Standard deviations of a count by which neighbours differ by chance hardly ever: its difference
from one of them has about 1.4, so that one bin in 10^8 is taken for an atom that is none."""


@dataclass(frozen=True, slots=True)
class Extremes:
    """Smallest and largest value by bin, of the draws of all replicates; they merge exactly.

    Attributes
    ----------
    lowest, highest : ndarray, shape (..., bins)
        inf and -inf in a bin without draws.
    """

    lowest: Floats
    highest: Floats

    @classmethod
    def empty(cls, *shape: int) -> Self:
        """Those of no draws."""
        return cls(np.full(shape, np.inf), np.full(shape, -np.inf))

    def note(self, keys: Ints, values: Floats) -> None:
        """Take down values, each in the bin that has its key among all bins, flattened."""
        lowest, highest = self.lowest.reshape(-1), self.highest.reshape(-1)
        # Few values are new extremes, and only those take a slow operation.
        i = np.flatnonzero(values < lowest[keys])
        np.minimum.at(lowest, keys[i], values[i])
        i = np.flatnonzero(values > highest[keys])
        np.maximum.at(highest, keys[i], values[i])

    def merge(self, other: Extremes) -> None:
        """Add the extremes of other draws, in place."""
        np.minimum(self.lowest, other.lowest, out=self.lowest)
        np.maximum(self.highest, other.highest, out=self.highest)

    def tobytes(self) -> bytes:
        """Both, to compare tallies by."""
        return self.lowest.tobytes() + self.highest.tobytes()

    def tight(self, counts: Ints, low: Floats, high: Floats) -> tuple[Floats, Floats, Bools]:
        """Ends of the bins, which are the extremes met where draws are not spread over a bin.

        They are not where all draws of a bin share one value, an atom of the distribution, and
        where far more draws lie in a bin than in its neighbours: one or several atoms, and perhaps
        other draws beside them.

        Parameters
        ----------
        counts, low, high : ndarray, shape (..., bins)
            Draws of all replicates and ends of the bins.

        Returns
        -------
        (low, high, tight)
            `tight` tells which ends are extremes. Two values that differ by rounding are one.
        """
        shared = (counts > 1) & (self.highest - self.lowest <= SHARED * (high - low))
        beside = np.zeros_like(counts)
        beside[..., 1:] = counts[..., :-1]
        np.maximum(beside[..., :-1], counts[..., 1:], out=beside[..., :-1])
        tight = shared | (counts - beside > CROWDED * np.sqrt(counts))
        first = np.where(tight, np.clip(self.lowest, low, high), low)
        last = np.where(tight, np.clip(self.highest, low, high), high)
        return first, np.where(shared, first, last), tight
