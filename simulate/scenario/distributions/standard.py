"""Standard laws, stretched and moved; delays."""

import math
from abc import ABC, abstractmethod
from functools import cached_property

from pydantic import Field

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions.base import Distribution
from simulate.scenario.distributions.parametric import FittedDistribution, by_level
from simulate.scenario.values import Date, Day, fail, reading_axis


class StandardDistribution(Distribution, ABC):
    """A law of x = location + scale z, stated for z.

    The functions of z return new arrays, which are changed in place.
    """

    @property
    @abstractmethod
    def _place(self) -> tuple[float, float]:
        """Location and scale."""

    @abstractmethod
    def _standard_ppf(self, p: Floats) -> Floats: ...

    @abstractmethod
    def _standard_isf(self, q: Floats) -> Floats: ...

    @abstractmethod
    def _standard_cdf(self, z: Floats) -> Floats: ...

    @abstractmethod
    def _standard_sf(self, z: Floats) -> Floats: ...

    @abstractmethod
    def _standard_mean(self) -> float | None: ...

    def _ppf(self, p: Floats) -> Floats:
        return self._moved(self._standard_ppf(p))

    def _isf(self, q: Floats) -> Floats:
        return self._moved(self._standard_isf(q))

    def _moved(self, z: Floats) -> Floats:
        location, scale = self._place
        z *= scale
        z += location
        return z

    def _cdf(self, x: Floats) -> Floats:
        location, scale = self._place
        return self._standard_cdf((x - location) / scale)

    def _sf(self, x: Floats) -> Floats:
        location, scale = self._place
        return self._standard_sf((x - location) / scale)

    def _mean(self) -> float | None:
        location, scale = self._place
        mean = self._standard_mean()
        return None if mean is None else location + scale * mean


class DelayDistribution(StandardDistribution, ABC):
    """A family of values from zero up.

    Where a date is wanted, its values are days after the date `after`; `min` and `max` are then
    dates.
    """

    after: Date | None = Field(None, description="For dates: the day from which the days count.")

    @cached_property
    def _start(self) -> float:
        return 0.0 if self.after is None else Day.of(self.after)

    @property
    def _place(self) -> tuple[float, float]:
        return self._start, 1.0

    def _check(self) -> None:
        super()._check()
        axis = reading_axis() or self.axis
        if axis == "date" and self.after is None:
            raise fail(
                "needs after, the date from which its days count",
                hint="for instance after: 2024-12-01",
            )
        if axis == "number" and self.after is not None:
            raise fail("after is for dates only", at="after")


class FittedDelay(DelayDistribution, FittedDistribution, ABC):
    """A delay given by native parameters or two percentiles (dates where a date is wanted)."""

    def _check(self) -> None:
        super()._check()
        if min(self.percentiles.values(), default=math.inf) <= self._start:
            above = "above 0" if self.after is None else f"after {self.after}"
            raise fail(
                f"the percentiles of this distribution must be {above}",
                at=next(iter(by_level(self.percentiles))),
            )

    @property
    def _two_points(self) -> tuple[float, float, float, float]:
        """Levels p < q and their values x < y, counted from `after`."""
        p, q, x, y = super()._two_points
        return p, q, x - self._start, y - self._start
