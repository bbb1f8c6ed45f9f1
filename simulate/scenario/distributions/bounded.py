"""Families between two ends: constant, uniform, triangular."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from simulate.scenario.arrays import Floats, at_least, at_most
from simulate.scenario.distributions import parametric
from simulate.scenario.distributions.base import Distribution, spelled
from simulate.scenario.distributions.slice import Slice
from simulate.scenario.values import Point, fail, shown


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
    x = at_most(p, peak)
    x *= width * rise
    np.sqrt(x, out=x)
    if fall > 0:
        beyond = at_least(p, peak)
        beyond -= peak
        left = np.sqrt(at_least(fall / width - beyond, 0.0) * (width * fall))
        left += fall
        beyond *= width * fall
        beyond /= left
        x += beyond
    return x


def _climbed(distance: Floats, rise: float, fall: float) -> Floats:
    """Inverse of `_climb`."""
    width = rise + fall
    near, beyond = at_most(distance, rise), at_least(distance - rise, 0.0)
    p = near * near / (width * rise) if rise > 0 else np.zeros_like(distance)
    return p + beyond * (2.0 * fall - beyond) / (width * fall) if fall > 0 else p
