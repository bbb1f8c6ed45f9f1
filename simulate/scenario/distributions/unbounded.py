"""Families over the whole axis: normal, Student's t, logistic."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions.fitted import FittedDistribution
from simulate.scenario.distributions.normal_quantile import normal_ppf
from simulate.scenario.values import Point, Positive


class _LocationScale(NamedTuple):
    location: float
    scale: float


class SymmetricDistribution(FittedDistribution, ABC):
    """A symmetric standard law, moved and stretched."""

    @abstractmethod
    def _standard_ppf(self, p: Floats) -> Floats: ...

    @abstractmethod
    def _standard_cdf(self, z: Floats) -> Floats: ...

    @abstractmethod
    def _native(self) -> tuple[float | None, float | None]:
        """Location and scale as given, None where percentiles are given instead."""

    @cached_property
    def _law(self) -> _LocationScale:
        location, scale = self._native()
        if location is not None and scale is not None:
            return _LocationScale(location, scale)
        p, q, x, y = self._two_points
        low, high = self._standard_ppf(np.array([p, q]))
        scale = float((y - x) / (high - low))
        return _LocationScale(x - scale * float(low), scale)

    def _ppf(self, p: Floats) -> Floats:
        x = self._standard_ppf(p)
        x *= self._law.scale
        x += self._law.location
        return x

    def _isf(self, q: Floats) -> Floats:
        return self._law.location - self._law.scale * self._standard_ppf(q)

    def _cdf(self, x: Floats) -> Floats:
        return self._standard_cdf((x - self._law.location) / self._law.scale)

    def _sf(self, x: Floats) -> Floats:
        return self._standard_cdf((self._law.location - x) / self._law.scale)

    def _mean(self) -> float | None:
        return self._law.location


class Normal(SymmetricDistribution):
    """The normal distribution, by `mean` and `sd` or two percentiles."""

    forms: ClassVar = (("mean", "sd"),)

    distribution: Literal["normal"] = "normal"
    mean: Point | None = Field(None, description="Mean.")
    sd: Positive | None = Field(None, description="Standard deviation (days for a date).")

    def _native(self) -> tuple[float | None, float | None]:
        return self.mean, self.sd

    def _standard_ppf(self, p: Floats) -> Floats:
        return normal_ppf(p)

    def _standard_cdf(self, z: Floats) -> Floats:
        from scipy.special import ndtr

        return np.asarray(ndtr(z))


class Logistic(SymmetricDistribution):
    """The logistic distribution, by `location` and `scale` or two percentiles."""

    forms: ClassVar = (("location", "scale"),)

    distribution: Literal["logistic"] = "logistic"
    location: Point | None = Field(None, description="Mean and median.")
    scale: Positive | None = Field(None, description="Scale (days for a date).")

    def _native(self) -> tuple[float | None, float | None]:
        return self.location, self.scale

    def _standard_ppf(self, p: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.log(p) - np.log1p(-p)

    def _standard_cdf(self, z: Floats) -> Floats:
        small = np.exp(-np.abs(z))
        return np.where(z < 0, small, 1.0) / (1.0 + small)


class StudentT(SymmetricDistribution):
    """Student's t with `df` degrees of freedom, by `location` and `scale` or two percentiles."""

    forms: ClassVar = (("location", "scale"),)
    always: ClassVar = ("df",)

    distribution: Literal["student_t"] = "student_t"
    df: Positive = Field(description="Degrees of freedom.")
    location: Point | None = Field(None, description="Median.")
    scale: Positive | None = Field(None, description="Scale (days for a date).")

    def _native(self) -> tuple[float | None, float | None]:
        return self.location, self.scale

    def _standard_ppf(self, p: Floats) -> Floats:
        from scipy.special import stdtrit

        z = np.asarray(stdtrit(self.df, p))
        # SciPy gives +inf for p = 0 and next to it.
        return np.where(np.isposinf(z) & (p < 0.5), -np.inf, z)

    def _standard_cdf(self, z: Floats) -> Floats:
        from scipy.special import stdtr

        return np.asarray(stdtr(self.df, z))

    def _mean(self) -> float | None:
        return self._law.location if self.df > 1 else None
