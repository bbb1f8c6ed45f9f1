"""Families from zero up: lognormal, gamma, Weibull. For dates they count days after a date."""

import math
from abc import ABC
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import special
from simulate.scenario.distributions.normal_quantile import normal_cdf, normal_ppf
from simulate.scenario.distributions.parametric import FittedDelay, solve_increasing
from simulate.scenario.values import Number, Positive, fail


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
    def _native(self) -> tuple[float, float]:
        if self.mean is None or self.sd is None:
            return super()._native
        variance = math.log1p((self.sd / self.mean) ** 2)
        return math.log(self.mean) - variance / 2.0, math.sqrt(variance)

    def _fit(self, p: float, q: float, x: float, y: float) -> tuple[float, float]:
        low, high = normal_ppf([p, q])
        sigma = math.log(y / x) / float(high - low)
        return math.log(x) - sigma * float(low), sigma

    def _standard_ppf(self, p: Floats) -> Floats:
        mu, sigma = self._native
        x = normal_ppf(p)
        x *= sigma
        x += mu
        return np.exp(x, out=x)

    def _standard_isf(self, q: Floats) -> Floats:
        mu, sigma = self._native
        return np.exp(mu - sigma * normal_ppf(q))

    def _standard_cdf(self, z: Floats) -> Floats:
        return normal_cdf(self._score(z))

    def _standard_sf(self, z: Floats) -> Floats:
        return normal_cdf(-self._score(z))

    def _score(self, z: Floats) -> Floats:
        mu, sigma = self._native
        with np.errstate(divide="ignore"):
            return (np.log(np.maximum(z, 0.0)) - mu) / sigma

    def _standard_mean(self) -> float | None:
        mu, sigma = self._native
        exponent = mu + sigma**2 / 2.0
        return math.exp(exponent) if exponent < 700 else None


class ShapedDelay(FittedDelay, ABC):
    """A delay whose native parameters are its shape and scale."""

    @property
    def _place(self) -> tuple[float, float]:
        return self._start, self._native[1]

    @property
    def _shape(self) -> float:
        return self._native[0]


class Gamma(ShapedDelay):
    """The gamma distribution, by `shape` and `scale`, by `mean` and `sd`, or two percentiles."""

    forms: ClassVar = (("shape", "scale"), ("mean", "sd"))
    slow_quantiles: ClassVar = True

    distribution: Literal["gamma"] = "gamma"
    shape: Positive | None = Field(None, description="Shape.")
    scale: Positive | None = Field(None, description="Scale.")
    mean: Positive | None = Field(None, description="Mean.")
    sd: Positive | None = Field(None, description="Standard deviation.")

    @cached_property
    def _native(self) -> tuple[float, float]:
        if self.mean is None or self.sd is None:
            return super()._native
        return (self.mean / self.sd) ** 2, self.sd**2 / self.mean

    def _fit(self, p: float, q: float, x: float, y: float) -> tuple[float, float]:
        def log_ratio(log_shape: float) -> float:
            low, high = special.gammaincinv(math.exp(log_shape), [p, q])
            return math.log(high) - math.log(low) if low > 0 else math.inf

        # The ratio of two quantiles falls as the shape grows.
        wanted = math.log(y / x)
        shape = math.exp(solve_increasing(lambda k: wanted - log_ratio(k), -6.0, 40.0))
        return shape, y / float(special.gammaincinv(shape, q))

    def _check(self) -> None:
        super()._check()
        if self.percentiles:
            p, _, x, _ = self._two_points
            if not math.isclose(self._cdf(np.array([self._start + x])).item(), p, rel_tol=1e-6):
                raise fail("no gamma distribution has these two percentiles")

    def _standard_ppf(self, p: Floats) -> Floats:
        return special.gammaincinv(self._shape, p)

    def _standard_isf(self, q: Floats) -> Floats:
        return special.gammainccinv(self._shape, q)

    def _standard_cdf(self, z: Floats) -> Floats:
        return special.gammainc(self._shape, np.maximum(z, 0.0))

    def _standard_sf(self, z: Floats) -> Floats:
        return special.gammaincc(self._shape, np.maximum(z, 0.0))

    def _standard_mean(self) -> float:
        return self._shape


class Weibull(ShapedDelay):
    """The Weibull distribution, by `shape` and `scale` or two percentiles."""

    forms: ClassVar = (("shape", "scale"),)

    distribution: Literal["weibull"] = "weibull"
    shape: Positive | None = Field(None, description="Shape.")
    scale: Positive | None = Field(None, description="Scale, the 63rd percentile.")

    def _fit(self, p: float, q: float, x: float, y: float) -> tuple[float, float]:
        low, high = math.log(-math.log1p(-p)), math.log(-math.log1p(-q))
        shape = (high - low) / math.log(y / x)
        return shape, x / math.exp(low / shape)

    def _standard_ppf(self, p: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return (-np.log1p(-p)) ** (1.0 / self._shape)

    def _standard_isf(self, q: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return (-np.log(q)) ** (1.0 / self._shape)

    def _standard_cdf(self, z: Floats) -> Floats:
        return -np.expm1(-self._hazard(z))

    def _standard_sf(self, z: Floats) -> Floats:
        return np.exp(-self._hazard(z))

    def _hazard(self, z: Floats) -> Floats:
        """Cumulative hazard, -log of the survival function."""
        return np.maximum(z, 0.0) ** self._shape

    def _standard_mean(self) -> float:
        return math.gamma(1.0 + 1.0 / self._shape)
