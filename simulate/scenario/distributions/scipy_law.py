"""Any law of scipy.stats by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Bools, Floats
from simulate.scenario.distributions.base import mean_of_quantiles
from simulate.scenario.distributions.counts import mean_of_counts
from simulate.scenario.distributions.fitted import DelayDistribution
from simulate.scenario.distributions.inversion import FURTHEST, smallest_whole
from simulate.scenario.distributions.slice import Slice
from simulate.scenario.values import Line, Number, fail

_MOST_TERMS = 1_000_000
"""Of a law that is known term by term only."""

_LEFT_OUT = 1e-12
"""Probability of all terms beyond them that no run would notice."""

_quiet = np.errstate(all="ignore")
"""SciPy calculates in passing what it then throws away."""


class _Sums(NamedTuple):
    """P(K <= k) and P(K > k) of consecutive whole numbers, the first of which is `first`."""

    first: float
    upto: Floats
    beyond: Floats

    def cdf(self, k: Floats) -> Floats:
        return np.asarray(np.append(0.0, self.upto)[self._place(k)])

    def sf(self, k: Floats) -> Floats:
        return np.asarray(np.append(1.0, self.beyond)[self._place(k)])

    def _place(self, k: Floats) -> Any:
        return np.clip(k - self.first + 1.0, 0.0, self.upto.size).astype(np.int64)


class Scipy(DelayDistribution):
    """Any continuous or discrete law of `scipy.stats`, by its name and arguments."""

    distribution: Literal["scipy"] = "scipy"
    name: Line = Field(description="Name in scipy.stats, for instance burr12.")
    args: Mapping[str, Number] = Field({}, description="Its arguments by name, such as loc.")

    @cached_property
    def _law(self) -> Any:
        import scipy.stats

        family = getattr(scipy.stats, self.name, None)
        if not isinstance(family, scipy.stats.rv_continuous | scipy.stats.rv_discrete):
            raise fail("scipy", f"scipy.stats has no distribution {self.name!r}", at="name")
        try:
            law = family(**self.args)
        except TypeError as error:
            wanted = ", ".join(filter(None, [family.shapes, "loc", "scale"]))
            raise fail(
                "scipy",
                f"{self.name} does not take these arguments",
                hint=f"it takes {wanted}",
                at="args",
            ) from error
        return law

    @property
    def has_atoms(self) -> bool:
        """Whether the law is discrete."""
        import scipy.stats

        return isinstance(self._law.dist, scipy.stats.rv_discrete)

    @cached_property
    def _ends(self) -> tuple[float, float]:
        low, high = self._law.support()
        return float(low), float(high)

    @_quiet
    def _check(self) -> None:
        super()._check()
        low, high = self._ends
        if np.isnan([low, high]).any() or not (self.has_atoms or np.isfinite(self._law.median())):
            raise fail("scipy", f"{self.name} is not defined for these arguments", at="args")
        if self.has_atoms and np.isfinite(low) and low % 1:
            raise fail("scipy", f"loc of {self.name} must be a whole number", at="args")
        if self.has_atoms:
            self._tails  # noqa: B018  (refuses what cannot be added up)

    @cached_property
    def _tails(self) -> Any:
        """What knows P(K <= k) and P(K > k): the law itself, unless it adds up all terms for each.

        Such a law, and what SciPy looks for beyond 2**53, can take all memory and never end.
        """
        import scipy.stats

        low, high = self._ends
        summed = type(self._law.dist)._cdf is scipy.stats.rv_discrete._cdf  # noqa: SLF001
        furthest = low + _MOST_TERMS - 1.0 if summed else FURTHEST
        end = high if self.max is None else min(high, self.max - self._start)
        last = min(end, furthest)
        terms = self._law.pmf(np.arange(low, last + 1.0)) if summed else np.array([])
        left = 1.0 - float(np.sum(terms)) if summed else float(self._law.sf(furthest))
        if last < end and not left <= _LEFT_OUT:
            raise fail(
                "scipy",
                f"{self.name} has values too far out to be calculated",
                hint=f"cut it off with max: {self._start + furthest:.0f} or less",
                at="name",
            )
        if not summed:
            return self._law
        beyond = 0.0 if last == high else max(left, 0.0)
        upto = np.minimum(np.cumsum(terms), 1.0)
        return _Sums(low, upto, beyond + np.append(np.cumsum(terms[:0:-1])[::-1], 0.0))

    @cached_property
    def _median(self) -> float:
        """Where the search for a quantile of a discrete law begins."""
        low, high = self._ends
        guess = np.array([0.0])
        return smallest_whole(lambda k: self._tails.cdf(k) >= 0.5, guess, low, high).item()

    def _smallest(self, reached: Callable[[Floats], Bools], p: Floats) -> Floats:
        """The smallest whole number that has reached its probability `p`."""
        low, high = self._ends
        k = smallest_whole(reached, np.full_like(p, self._median), low, high)
        return np.where(p <= 0.0, low, np.where(p >= 1.0, high, k))

    @_quiet
    def _ppf(self, p: Floats) -> Floats:
        if self.has_atoms:
            return self._start + self._smallest(lambda k: self._tails.cdf(k) >= p, p)
        return self._start + np.asarray(self._law.ppf(p), dtype=np.float64)

    @_quiet
    def _isf(self, q: Floats) -> Floats:
        if self.has_atoms:
            return self._start + self._smallest(lambda k: self._tails.sf(k) <= q, 1.0 - q)
        return self._start + np.asarray(self._law.isf(q), dtype=np.float64)

    # Between whole numbers some discrete laws of SciPy go on rising.

    @_quiet
    def _cdf(self, x: Floats) -> Floats:
        x = x - self._start
        return np.asarray(self._tails.cdf(np.floor(x)) if self.has_atoms else self._law.cdf(x))

    @_quiet
    def _sf(self, x: Floats) -> Floats:
        x = x - self._start
        return np.asarray(self._tails.sf(np.floor(x)) if self.has_atoms else self._law.sf(x))

    @_quiet
    def _mean(self) -> float | None:
        return self._start + float(self._law.mean())

    def _mean_between(self, part: Slice) -> float | None:
        return mean_of_counts(part) if self.has_atoms else mean_of_quantiles(part)
