"""Families between two ends, with a beta law: PERT, beta."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, Literal

import numpy as np

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import special
from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.bounded import PeakedDistribution
from simulate.scenario.distributions.parametric import check_increasing
from simulate.scenario.values import Point, Positive

_LEAST, _MOST, _SKEWED, _TERMS = 0.1, 32.0, 0.1, 600
"""Parameters of a beta law, their sum, and means near 0 or 1 beyond which its series is left to
SciPy; within, so many terms are more than enough."""

_SQUARED = 1e-8
"""A step of Newton's method after which the next one would be below rounding."""


class BetaShaped(Distribution, ABC):
    """A beta law on 0 to 1, stretched from one end to another.

    Each tail is measured from its own end, since the distance to the other has lost digits.
    """

    slow_quantiles: ClassVar = True

    @property
    @abstractmethod
    def _law(self) -> tuple[float, float, float, float]:
        """Lower and upper end, and the two parameters of the beta law."""

    def _ppf(self, p: Floats) -> Floats:
        low, high, a, b = self._law
        return low + (high - low) * beta_ppf(a, b, p)

    def _isf(self, q: Floats) -> Floats:
        low, high, a, b = self._law
        return high - (high - low) * beta_ppf(b, a, q)

    def _cdf(self, x: Floats) -> Floats:
        low, high, a, b = self._law
        return special.betainc(a, b, np.clip((x - low) / (high - low), 0.0, 1.0))

    def _sf(self, x: Floats) -> Floats:
        low, high, a, b = self._law
        z, rest = (np.clip(end / (high - low), 0.0, 1.0) for end in (x - low, high - x))
        return np.where(z < rest, special.betaincc(a, b, z), special.betainc(b, a, rest))


def beta_ppf(a: float, b: float, p: Floats) -> Floats:
    """Quantiles of a beta law on 0 to 1; SciPy's only where the series here is long.

    Tiny ones, where SciPy gives none, by the first term of the series.
    """
    mean = a / (a + b)
    if min(a, b) >= _LEAST and a + b <= _MOST and _SKEWED <= mean <= 1.0 - _SKEWED:
        level = mean**a * (1.0 - mean) ** b * _series(a, b)(np.array([mean])) / _divisor(a, b)
        low = p <= level
        x = np.empty_like(p)
        x[low] = _below_mean(a, b, p[low])
        x[~low] = 1.0 - _below_mean(b, a, 1.0 - p[~low])
        return x
    x = special.betaincinv(a, b, p)
    lost = np.flatnonzero(np.isnan(x))
    small = np.exp((np.log(p[lost]) + np.log(a) + special.betaln(a, b)) / a)
    x[lost] = np.where(small < 1e-10, small, np.nan)
    return x


def _below_mean(a: float, b: float, p: Floats) -> Floats:
    """Quantiles up to the mean, by Newton's method for log I_x as a function of log x.

    That curve is concave for b above 1, else convex, and its first term is on the outer side of it:
    from the root of the term on, steps lead towards the quantile and never beyond.
    """
    series, first = _series(a, b), (p * _divisor(a, b)) ** (1.0 / a)
    x = np.minimum(first, a / (a + b))
    i = np.flatnonzero(x > 0)
    while i.size:
        now, total = x[i], series(x[i])
        above = a * np.log(now / first[i]) + b * np.log1p(-now) + np.log(total)
        step = above * (1.0 - now) * total / a
        x[i] = now * np.exp(-step)
        i = i[np.abs(step) > _SQUARED]
    return x


def _divisor(a: float, b: float) -> float:
    """The divisor a B(a, b) of the series."""
    return a * math.gamma(a) * math.gamma(b) / math.gamma(a + b)


def _series(a: float, b: float) -> Callable[[Floats], Floats]:
    """The series of I_x(a, b) a B(a, b) / (x^a (1 - x)^b), for x up to the mean.

    Abramowitz and Stegun (1964), 26.5.4; every term is positive.
    """
    n = np.arange(_TERMS)
    ratios = (a + b + n) / (a + 1.0 + n)
    matters = np.cumprod(ratios * (a / (a + b))) > np.finfo(np.float64).eps / 16.0
    backwards = ratios[matters][::-1].tolist()

    def total(x: Floats) -> Floats:
        found = np.ones_like(x)
        for ratio in backwards:
            found *= x
            found *= ratio
            found += 1.0
        return found

    return total


class Pert(BetaShaped, PeakedDistribution):
    """A smooth beta curve from `low` to `high` with mean (low + 4 mode + high) / 6."""

    distribution: Literal["pert"] = "pert"

    @property
    def _law(self) -> tuple[float, float, float, float]:
        low, mode, high = self._ends
        return low, high, *_pert_shape(low, mode, high)

    def _ppf_between(self, low: float, mode: float, high: float, p: Floats) -> Floats:
        return low + (high - low) * beta_ppf(*_pert_shape(low, mode, high), p)

    def _mean(self) -> float:
        low, mode, high = self._ends
        return (low + 4.0 * mode + high) / 6.0


def _pert_shape(low: float, mode: float, high: float) -> tuple[float, float]:
    """Beta parameters of the PERT distribution with the usual weight 4 on the mode."""
    return 1.0 + 4.0 * (mode - low) / (high - low), 1.0 + 4.0 * (high - mode) / (high - low)


class Beta(BetaShaped):
    """The beta distribution stretched from `low` to `high`."""

    distribution: Literal["beta"] = "beta"
    alpha: Positive
    beta: Positive
    low: Point
    high: Point

    def _check(self) -> None:
        super()._check()
        check_increasing({"low": self.low, "high": self.high})

    @property
    def _law(self) -> tuple[float, float, float, float]:
        return self.low, self.high, self.alpha, self.beta

    def _mean(self) -> float:
        return self.low + (self.high - self.low) * self.alpha / (self.alpha + self.beta)
