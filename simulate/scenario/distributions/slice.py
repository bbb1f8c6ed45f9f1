"""A law between two values: what truncation, which renormalises, makes of a law."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Function = Callable[[Floats], Floats]

_ROUNDING = 4.0 * float(np.finfo(np.float64).eps)
"""By how much sums and products of probabilities may miss that of an atom, relative to them."""


class Law(NamedTuple):
    """A law before truncation.

    `mean_between` is the mean of a slice of it; laws with `atoms` have values of positive
    probability.
    """

    ppf: Function
    isf: Function
    cdf: Function
    sf: Function
    mean: Callable[[], float | None]
    mean_between: Callable[[Slice], float | None]
    atoms: bool


@dataclass(frozen=True)
class Slice:
    """A law, given that its value lies from `low` to `high`, both included.

    All functions take arrays of one axis or more.
    """

    law: Law
    low: float = -math.inf
    high: float = math.inf

    @cached_property
    def _tails(self) -> tuple[float, float, float]:
        """Probabilities below `low` and above `high`, and the mass between them."""
        if self._is_whole:
            return 0.0, 0.0, 1.0
        at = np.array([self.low, self.high])
        if self.law.atoms:
            at[0] = np.nextafter(self.low, -math.inf)
        (below, upto), (not_below, above) = self.law.cdf(at).tolist(), self.law.sf(at).tolist()
        # Where both probabilities are near one, subtract the small upper tails instead.
        return below, above, upto - below if below <= 0.5 else not_below - above

    @property
    def _is_whole(self) -> bool:
        return self.low == -math.inf and self.high == math.inf

    @property
    def mass(self) -> float:
        """P(low <= X <= high) of the law."""
        return self._tails[2]

    def ppf(self, p: Floats) -> Floats:
        """Quantiles at probabilities."""
        below, above, mass = self._tails
        if below <= 0.5:
            return self._inside(self.law.ppf(self._to_atom(below + p * mass, -_ROUNDING)))
        return self._inside(self.law.isf(self._to_atom(above + (1.0 - p) * mass, _ROUNDING)))

    def isf(self, q: Floats) -> Floats:
        """Quantiles at upper tail probabilities."""
        below, above, mass = self._tails
        if above <= 0.5:
            return self._inside(self.law.isf(self._to_atom(above + q * mass, _ROUNDING)))
        return self._inside(self.law.ppf(self._to_atom(below + (1.0 - q) * mass, -_ROUNDING)))

    def cdf(self, x: Floats) -> Floats:
        """P(X <= x)."""
        below, above, mass = self._tails
        p = self.law.cdf(x) - below if below <= 0.5 else (above + mass) - self.law.sf(x)
        return self._outside(x, p / mass, 0.0, 1.0)

    def sf(self, x: Floats) -> Floats:
        """P(X > x)."""
        below, above, mass = self._tails
        q = self.law.sf(x) - above if above <= 0.5 else (below + mass) - self.law.cdf(x)
        return self._outside(x, q / mass, 1.0, 0.0)

    def mean(self) -> float | None:
        """The mean; None where there is none or it is too large for a float."""
        try:
            mean = self.law.mean() if self._is_whole else self.law.mean_between(self)
        except OverflowError:
            return None
        return mean if mean is not None and math.isfinite(mean) else None

    def _to_atom(self, p: Floats, rounding: float) -> Floats:
        """Give a probability that rounding has moved past that of an atom back to the atom."""
        if not self.law.atoms:
            return p
        return np.where(p < 1.0, np.minimum(p * (1.0 + rounding), 1.0), p)

    def _inside(self, x: Floats) -> Floats:
        """Undo rounding at the ends; no mass moves here."""
        return np.clip(x, self.low, self.high)

    def _outside(self, x: Floats, probability: Floats, below: float, upto: float) -> Floats:
        """Put the exact probabilities `below` low and `upto` high, where others are rounded."""
        inside = np.where(x < self.low, below, np.clip(probability, 0.0, 1.0))
        return np.where(x >= self.high, upto, inside)
