"""Families between two ends: constant, uniform, triangular, PERT, beta."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import parametric, special
from simulate.scenario.distributions.base import Distribution, spelled
from simulate.scenario.distributions.slice import Slice
from simulate.scenario.values import Point, Positive, fail, shown

_LEAST, _MOST, _SKEWED, _TERMS = 0.1, 32.0, 0.1, 600
"""Parameters of a beta law, their sum, and means near 0 or 1 beyond which its series is left to
SciPy; within, so many terms are more than enough."""

_SQUARED = 1e-8
"""A step of Newton's method after which the next one would be below rounding."""


class Constant(Distribution):
    """A bare number or date."""

    only_atoms: ClassVar = True

    distribution: Literal["constant"] = "constant"
    value: Point

    def _ppf(self, p: Floats) -> Floats:
        return np.full_like(p, self.value)

    def _cdf(self, x: Floats) -> Floats:
        return (x >= self.value).astype(np.float64)

    def _mean(self) -> float:
        return self.value

    def _mean_between(self, _part: Slice) -> float:
        return self.value

    def describe(self) -> str:
        """The value in words."""
        return f"constant {spelled(self.value)}"

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> Any:
        """A bare value, unless it has other keys."""
        data = handler(self)
        return data["value"] if set(data) <= {"distribution", "value"} else data


class Uniform(parametric.FittedDistribution):
    """Every value from `low` to `high` equally likely; or two percentiles."""

    forms: ClassVar = (("low", "high"),)

    distribution: Literal["uniform"] = "uniform"
    low: Point | None = Field(None, description="Smallest value.")
    high: Point | None = Field(None, description="Largest value.")

    def _fit(self, p: float, q: float, x: float, y: float) -> tuple[float, float]:
        density = (q - p) / (y - x)
        return x - p / density, y + (1.0 - q) / density

    def _check(self) -> None:
        super()._check()
        parametric.check_increasing(dict(zip(("low", "high"), self._native, strict=True)))

    def _ppf(self, p: Floats) -> Floats:
        low, high = self._native
        return low + p * (high - low)

    def _cdf(self, x: Floats) -> Floats:
        low, high = self._native
        return np.clip((x - low) / (high - low), 0.0, 1.0)

    def _sf(self, x: Floats) -> Floats:
        low, high = self._native
        return np.clip((high - x) / (high - low), 0.0, 1.0)

    def _isf(self, q: Floats) -> Floats:
        low, high = self._native
        return high - q * (high - low)

    def _mean(self) -> float:
        low, high = self._native
        return 0.5 * (low + high)


class PeakedDistribution(parametric.FittedDistribution, ABC):
    """A most likely value between two ends; or two percentiles on either side of the mode."""

    forms: ClassVar = (("low", "high"),)
    always: ClassVar = ("mode",)

    low: Point | None = Field(None, description="Smallest value.")
    mode: Point = Field(description="Most likely value.")
    high: Point | None = Field(None, description="Largest value.")

    @property
    def _ends(self) -> tuple[float, float, float]:
        """Where the law begins, peaks and ends."""
        low, high = self._native
        return low, self.mode, high

    def _fit(self, p: float, q: float, x: float, y: float) -> tuple[float, float]:
        """Find the ends that put the two percentiles where they are given.

        As the mode moves from the lower end to the upper, it passes from below both percentiles to
        above both, so somewhere it divides the distance between them as given.
        """
        wanted = (self.mode - x) / (y - x)

        def between(place: float) -> tuple[float, float]:
            lower, upper = self._ppf_between(0.0, place, 1.0, np.array([p, q])).tolist()
            return lower, upper

        def beyond(place: float) -> float:
            lower, upper = between(place)
            return place - lower - wanted * (upper - lower)

        lower, upper = between(parametric.solve_increasing(beyond, 0.0, 1.0))
        width = (y - x) / (upper - lower)
        return x - width * lower, y + width * (1.0 - upper)

    def _check(self) -> None:
        super()._check()
        if self.percentiles:
            lower, upper = parametric.by_level(self.percentiles)
            if not self.percentiles[lower] < self.mode < self.percentiles[upper]:
                raise fail(f"mode must lie between {lower} and {upper}", at="mode")
        low, mode, high = self._ends
        parametric.check_increasing({"low": low, "high": high})
        if not low <= mode <= high:
            raise fail(
                f"mode must lie between low and high (found {shown(mode)}, "
                f"low {shown(low)}, high {shown(high)})",
                at="mode",
            )

    @abstractmethod
    def _ppf_between(self, low: float, mode: float, high: float, p: Floats) -> Floats:
        """Quantiles for given ends."""

    def _ppf(self, p: Floats) -> Floats:
        return self._ppf_between(*self._ends, p)


class Triangular(PeakedDistribution):
    """Density rising in a straight line from `low` to `mode` and falling to `high`."""

    distribution: Literal["triangular"] = "triangular"

    def _ppf_between(self, low: float, mode: float, high: float, p: Floats) -> Floats:
        x = _climb(p, mode - low, high - mode)
        x += low
        return x

    def _isf(self, q: Floats) -> Floats:
        low, mode, high = self._ends
        return high - _climb(q, high - mode, mode - low)

    def _cdf(self, x: Floats) -> Floats:
        low, mode, high = self._ends
        return _climbed(np.clip(x, low, high) - low, mode - low, high - mode)

    def _sf(self, x: Floats) -> Floats:
        low, mode, high = self._ends
        return _climbed(high - np.clip(x, low, high), high - mode, mode - low)

    def _mean(self) -> float:
        return sum(self._ends) / 3.0


def _climb(p: Floats, rise: float, fall: float) -> Floats:
    """Distance from the end of a triangle within which the probability p lies.

    `rise` and `fall` are the widths of the near and the far side. One sum for both sides: the
    first term stays at `rise` beyond the mode, the second is zero before it and loses no digits.
    """
    width = rise + fall
    peak = rise / width
    x = np.minimum(p, peak)
    x *= width * rise
    np.sqrt(x, out=x)
    if fall > 0:
        beyond = np.maximum(p, peak)
        beyond -= peak
        left = np.sqrt((fall / width - beyond).clip(0.0) * (width * fall))
        left += fall
        beyond *= width * fall
        beyond /= left
        x += beyond
    return x


def _climbed(distance: Floats, rise: float, fall: float) -> Floats:
    """Inverse of `_climb`."""
    width = rise + fall
    near, beyond = np.minimum(distance, rise), np.maximum(distance - rise, 0.0)
    p = near * near / (width * rise) if rise > 0 else np.zeros_like(distance)
    return p + beyond * (2.0 * fall - beyond) / (width * fall) if fall > 0 else p


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
        parametric.check_increasing({"low": self.low, "high": self.high})

    @property
    def _law(self) -> tuple[float, float, float, float]:
        return self.low, self.high, self.alpha, self.beta

    def _mean(self) -> float:
        return self.low + (self.high - self.low) * self.alpha / (self.alpha + self.beta)
