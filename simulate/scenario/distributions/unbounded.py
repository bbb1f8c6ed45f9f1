"""Families over the whole axis: normal, Student's t, logistic."""

from abc import ABC
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions import special
from simulate.scenario.distributions.normal_quantile import normal_cdf, normal_ppf
from simulate.scenario.distributions.parametric import FittedDistribution, StandardDistribution
from simulate.scenario.values import Point, Positive


class SymmetricDistribution(StandardDistribution, FittedDistribution, ABC):
    """A symmetric law whose native parameters are its location and scale."""

    @property
    def _place(self) -> tuple[float, float]:
        return self._native

    def _fit(self, p: float, q: float, x: float, y: float) -> tuple[float, float]:
        low, high = self._standard_ppf(np.array([p, q]))
        scale = float((y - x) / (high - low))
        return x - scale * float(low), scale

    def _standard_isf(self, q: Floats) -> Floats:
        return -self._standard_ppf(q)

    def _standard_sf(self, z: Floats) -> Floats:
        return self._standard_cdf(-z)

    def _standard_mean(self) -> float | None:
        return 0.0


class Normal(SymmetricDistribution):
    """The normal distribution, by `mean` and `sd` or two percentiles."""

    forms: ClassVar = (("mean", "sd"),)

    distribution: Literal["normal"] = "normal"
    mean: Point | None = Field(None, description="Mean.")
    sd: Positive | None = Field(None, description="Standard deviation (days for a date).")

    def _standard_ppf(self, p: Floats) -> Floats:
        return normal_ppf(p)

    def _standard_cdf(self, z: Floats) -> Floats:
        return normal_cdf(z)


class Logistic(SymmetricDistribution):
    """The logistic distribution, by `location` and `scale` or two percentiles."""

    forms: ClassVar = (("location", "scale"),)

    distribution: Literal["logistic"] = "logistic"
    location: Point | None = Field(None, description="Mean and median.")
    scale: Positive | None = Field(None, description="Scale (days for a date).")

    def _standard_ppf(self, p: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.log(p) - np.log1p(-p)

    def _standard_cdf(self, z: Floats) -> Floats:
        return logistic_cdf(z)


class StudentT(SymmetricDistribution):
    """Student's t with `df` degrees of freedom, by `location` and `scale` or two percentiles."""

    forms: ClassVar = (("location", "scale"),)
    always: ClassVar = ("df",)
    slow_quantiles: ClassVar = True

    distribution: Literal["student_t"] = "student_t"
    df: Positive = Field(description="Degrees of freedom.")
    location: Point | None = Field(None, description="Median.")
    scale: Positive | None = Field(None, description="Scale (days for a date).")

    def _standard_ppf(self, p: Floats) -> Floats:
        z = special.stdtrit(self.df, p)
        # SciPy gives +inf for p = 0 and just above it.
        return np.where(np.isposinf(z) & (p < 0.5), -np.inf, z)

    def _standard_cdf(self, z: Floats) -> Floats:
        return special.stdtr(self.df, z)

    def _standard_mean(self) -> float | None:
        return 0.0 if self.df > 1 else None


def logistic_cdf(z: Floats) -> Floats:
    """The standard logistic law's P(Z <= z), to full precision in both tails."""
    small = np.exp(-np.abs(z))
    return np.where(z < 0, small, 1.0) / (1.0 + small)
