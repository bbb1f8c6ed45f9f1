"""Families from zero up: lognormal, gamma, Weibull. For dates they count days after a date."""

from __future__ import annotations

import math
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import special
from simulate.scenario.distributions.fitted import FittedDelay, solve_increasing
from simulate.scenario.distributions.normal_quantile import normal_ppf
from simulate.scenario.values import Number, Positive, fail


class _LogLaw(NamedTuple):
    mu: float
    sigma: float


class Lognormal(FittedDelay):
    """A value whose logarithm is normal.

    Given by `mu` and `sigma` of the logarithm, by its own `mean` and `sd`, or by two percentiles.
    """

    forms: ClassVar = (("mu", "sigma"), ("mean", "sd"))

    distribution: Literal["lognormal"] = "lognormal"
    mu: Number | None = Field(None, description="Mean of the natural logarithm.")
    sigma: Positive | None = Field(None, description="Standard deviation of the logarithm.")
    mean: Positive | None = Field(None, description="Mean of the value itself.")
    sd: Positive | None = Field(None, description="Standard deviation of the value itself.")

    @cached_property
    def _law(self) -> _LogLaw:
        if self.mu is not None and self.sigma is not None:
            return _LogLaw(self.mu, self.sigma)
        if self.mean is not None and self.sd is not None:
            variance = math.log1p((self.sd / self.mean) ** 2)
            return _LogLaw(math.log(self.mean) - variance / 2.0, math.sqrt(variance))
        p, q, x, y = self._two_delays
        low, high = normal_ppf([p, q])
        sigma = math.log(y / x) / float(high - low)
        return _LogLaw(math.log(x) - sigma * float(low), sigma)

    def _standard_ppf(self, p: Floats) -> Floats:
        x = normal_ppf(p)
        x *= self._law.sigma
        x += self._law.mu
        return np.exp(x, out=x)

    def _standard_isf(self, q: Floats) -> Floats:
        return np.exp(self._law.mu - self._law.sigma * normal_ppf(q))

    def _standard_cdf(self, z: Floats) -> Floats:
        return special.ndtr(self._score(z))

    def _standard_sf(self, z: Floats) -> Floats:
        return special.ndtr(-self._score(z))

    def _score(self, z: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return (np.log(np.maximum(z, 0.0)) - self._law.mu) / self._law.sigma

    def _standard_mean(self) -> float | None:
        exponent = self._law.mu + self._law.sigma**2 / 2.0
        return math.exp(exponent) if exponent < 700 else None


class _ShapeScale(NamedTuple):
    shape: float
    scale: float


class Gamma(FittedDelay):
    """The gamma distribution, by `shape` and `scale`, by `mean` and `sd`, or two percentiles."""

    forms: ClassVar = (("shape", "scale"), ("mean", "sd"))

    distribution: Literal["gamma"] = "gamma"
    shape: Positive | None = Field(None, description="Shape.")
    scale: Positive | None = Field(None, description="Scale.")
    mean: Positive | None = Field(None, description="Mean.")
    sd: Positive | None = Field(None, description="Standard deviation.")

    @cached_property
    def _law(self) -> _ShapeScale:
        if self.shape is not None and self.scale is not None:
            return _ShapeScale(self.shape, self.scale)
        if self.mean is not None and self.sd is not None:
            return _ShapeScale((self.mean / self.sd) ** 2, self.sd**2 / self.mean)
        p, q, x, y = self._two_delays

        def log_ratio(log_shape: float) -> float:
            low, high = special.gammaincinv(math.exp(log_shape), [p, q])
            return math.log(high) - math.log(low) if low > 0 else math.inf

        # The ratio of two quantiles falls as the shape grows.
        wanted = math.log(y / x)
        shape = math.exp(solve_increasing(lambda k: wanted - log_ratio(k), -6.0, 40.0))
        return _ShapeScale(shape, y / float(special.gammaincinv(shape, q)))

    def _check(self) -> None:
        super()._check()
        if self.percentiles:
            p, _, x, _ = self._two_delays
            if not math.isclose(self._cdf(np.array([self._start + x])).item(), p, rel_tol=1e-6):
                raise fail("no gamma distribution has these two percentiles")

    @property
    def _place(self) -> tuple[float, float]:
        return self._start, self._law.scale

    def _standard_ppf(self, p: Floats) -> Floats:
        return special.gammaincinv(self._law.shape, p)

    def _standard_isf(self, q: Floats) -> Floats:
        return special.gammainccinv(self._law.shape, q)

    def _standard_cdf(self, z: Floats) -> Floats:
        return special.gammainc(self._law.shape, np.maximum(z, 0.0))

    def _standard_sf(self, z: Floats) -> Floats:
        return special.gammaincc(self._law.shape, np.maximum(z, 0.0))

    def _standard_mean(self) -> float:
        return self._law.shape


class Weibull(FittedDelay):
    """The Weibull distribution, by `shape` and `scale` or two percentiles."""

    forms: ClassVar = (("shape", "scale"),)

    distribution: Literal["weibull"] = "weibull"
    shape: Positive | None = Field(None, description="Shape.")
    scale: Positive | None = Field(None, description="Scale, the 63rd percentile.")

    @cached_property
    def _law(self) -> _ShapeScale:
        if self.shape is not None and self.scale is not None:
            return _ShapeScale(self.shape, self.scale)
        p, q, x, y = self._two_delays
        low, high = math.log(-math.log1p(-p)), math.log(-math.log1p(-q))
        shape = (high - low) / math.log(y / x)
        return _ShapeScale(shape, x / math.exp(low / shape))

    @property
    def _place(self) -> tuple[float, float]:
        return self._start, self._law.scale

    def _standard_ppf(self, p: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return (-np.log1p(-p)) ** (1.0 / self._law.shape)

    def _standard_isf(self, q: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return (-np.log(q)) ** (1.0 / self._law.shape)

    def _standard_cdf(self, z: Floats) -> Floats:
        return -np.expm1(-self._hazard(z))

    def _standard_sf(self, z: Floats) -> Floats:
        return np.exp(-self._hazard(z))

    def _hazard(self, z: Floats) -> Floats:
        """Cumulative hazard, -log of the survival function."""
        return np.maximum(z, 0.0) ** self._law.shape

    def _standard_mean(self) -> float:
        return math.gamma(1.0 + 1.0 / self._law.shape)
