"""A law between two values: truncation, with the probability renormalised."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions.tables import Curve, Function

_ROUNDING = 4.0 * float(np.finfo(np.float64).eps)
"""Relative rounding error of sums and products of probabilities at an atom."""


class Law(NamedTuple):
    """A law before truncation.

    `mean_between` is the mean of a slice of it; laws with `atoms` have values of positive
    probability; quantiles that are `slow` are taken from a table.
    """

    ppf: Function
    isf: Function
    cdf: Function
    sf: Function
    mean: Callable[[], float | None]
    mean_between: Callable[[Slice], float | None]
    atoms: bool
    slow: bool


class _Tails(NamedTuple):
    """Probabilities outside a slice, and the mass within it."""

    below: float  # P(X < low)
    not_below: float
    above: float  # P(X > high)
    mass: float


class Slice(Struct, frozen=True, dict=True):
    """A law, given that its value lies from `low` to `high`, both included.

    All functions take arrays of one axis or more.
    """

    law: Law
    low: float = -math.inf
    high: float = math.inf

    @property
    def is_whole(self) -> bool:
        """Whether nothing is cut off."""
        return self.low == -math.inf and self.high == math.inf

    @cached_property
    def _tails(self) -> _Tails:
        if self.is_whole:
            return _Tails(0.0, 1.0, 0.0, 1.0)
        at = np.array([self.low, self.high])
        if self.law.atoms:
            at[0] = np.nextafter(self.low, -math.inf)
        (below, upto), (not_below, above) = self.law.cdf(at).tolist(), self.law.sf(at).tolist()
        # Where both probabilities are near one, subtract the small upper tails instead.
        mass = upto - below if below <= 0.5 else not_below - above
        return _Tails(below, not_below, above, mass)

    @property
    def mass(self) -> float:
        """P(low <= X <= high) of the law."""
        return self._tails.mass

    @cached_property
    def is_point(self) -> bool:
        """Whether it is a single value."""
        low, high = self.ppf(np.array([0.0, 1.0])).tolist()
        return bool(low == high)

    @cached_property
    def _table(self) -> Curve:
        return Curve(self.own_ppf, self.own_isf)

    def ppf(self, p: Floats) -> Floats:
        """Quantiles at probabilities."""
        return self._table.ppf(p) if self.law.slow else self.own_ppf(p)

    def isf(self, q: Floats) -> Floats:
        """Quantiles at upper tail probabilities."""
        return self._table.isf(q) if self.law.slow else self.own_isf(q)

    def own_ppf(self, p: Floats) -> Floats:
        """Quantiles at probabilities, worked out for each."""
        if self.is_whole and not self.law.atoms:
            return self.law.ppf(p)
        below, _, above, mass = self._tails
        return self._at(below + p * mass) if below <= 0.5 else self._from(above + (1.0 - p) * mass)

    def own_isf(self, q: Floats) -> Floats:
        """Quantiles at upper tail probabilities, worked out for each."""
        below, _, above, mass = self._tails
        return self._from(above + q * mass) if above <= 0.5 else self._at(below + (1.0 - q) * mass)

    def _at(self, p: Floats) -> Floats:
        """Quantiles of the law at probabilities within the slice."""
        p = np.minimum(p, 1.0)
        if self.law.atoms:
            # A level that rounding moved past the probability of an atom still belongs to it, but
            # never to the last atom below the slice.
            first = np.nextafter(self._tails.below, 1.0) if self._tails.below > 0.0 else 0.0
            p = np.where(p < 1.0, np.maximum(p * (1.0 - _ROUNDING), first), p)
        return np.clip(self.law.ppf(p), self.low, self.high)  # no mass moves here

    def _from(self, q: Floats) -> Floats:
        """Quantiles of the law at upper tail probabilities within the slice."""
        q = np.minimum(q, 1.0)
        if self.law.atoms:
            first = np.nextafter(self._tails.not_below, 0.0) if self._tails.below > 0.0 else 1.0
            q = np.minimum(q * (1.0 + _ROUNDING), first)
        return np.clip(self.law.isf(q), self.low, self.high)

    def cdf(self, x: Floats) -> Floats:
        """P(X <= x)."""
        below, _, above, mass = self._tails
        p = self.law.cdf(x) - below if below <= 0.5 else (above + mass) - self.law.sf(x)
        return self._outside(x, p / mass, 0.0, 1.0)

    def sf(self, x: Floats) -> Floats:
        """P(X > x)."""
        below, _, above, mass = self._tails
        q = self.law.sf(x) - above if above <= 0.5 else (below + mass) - self.law.cdf(x)
        return self._outside(x, q / mass, 1.0, 0.0)

    def mean(self) -> float | None:
        """The mean; None where there is none or it is too large for a float."""
        below, _, above, _ = self._tails
        try:
            mean = self.law.mean() if below == above == 0.0 else self.law.mean_between(self)
        except OverflowError:
            return None
        return mean if mean is not None and math.isfinite(mean) else None

    def _outside(self, x: Floats, probability: Floats, below: float, upto: float) -> Floats:
        """Replace rounded probabilities outside the slice by the exact `below` and `upto`."""
        inside = np.where(x < self.low, below, np.clip(probability, 0.0, 1.0))
        return np.where(x >= self.high, upto, inside)
