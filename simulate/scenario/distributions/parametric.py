"""What families share: a standard law, stretched and moved; parameters or percentiles; delays."""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from pydantic import Field, model_validator

from simulate.scenario.arrays import Floats
from simulate.scenario.distributions.base import Distribution
from simulate.scenario.values import Date, Day, Point, fail, reading_axis, shown

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)")


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


class PercentileKeys(Distribution, ABC):
    """A family that takes percentiles as keys: `p5`, `p50`, `p97.5`.

    They are collected in `percentiles` and written out as separate keys.
    """

    percentiles: Mapping[str, Point] = Field({}, json_schema_extra={"x-percentiles": True})

    @model_validator(mode="before")
    @classmethod
    def _gather_percentiles(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        if "percentiles" in data:
            raise fail('unknown key "percentiles"', hint="write p5: and p95:", at="percentiles")
        names = [key for key in data if _PERCENTILE.fullmatch(str(key))]
        levels = {name: data[name] for name in names if level_of(name) > 0}
        for name, again in pairwise(by_level(levels)):
            if level_of(name) == level_of(again):
                message = f"{name} and {again} are the same percentile"
                raise fail(message, hint="leave one of them out", at=again)
        rest = {key: value for key, value in data.items() if key not in levels}
        return {**rest, "percentiles": levels} if levels else rest


class FittedDistribution(PercentileKeys, ABC):
    """A family given by its native parameters or by two percentiles such as `p5` and `p95`.

    `forms` lists the pairs of native parameters, each complete by itself; the law is stated in
    terms of the first. `always` names the parameters wanted beside every form and beside the
    percentiles.
    """

    forms: ClassVar[tuple[tuple[str, str], ...]]
    always: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def _fit(self, p: float, q: float, x: float, y: float) -> tuple[float, float]:
        """The first pair of native parameters from two levels p < q and their values x < y."""

    @cached_property
    def _native(self) -> tuple[float, float]:
        """The first pair of native parameters, as given or fitted to the percentiles."""
        if self.percentiles:
            return self._fit(*self._two_points)
        first, second = (getattr(self, name) for name in self.forms[0])
        return first, second

    def _check(self) -> None:
        super()._check()
        given = {name for form in self.forms for name in form if getattr(self, name) is not None}
        forms = [*self.forms, ("two percentiles such as p5 and p95",)]
        wanted = ", or ".join(" and ".join((*self.always, *form)) for form in forms)
        if self.percentiles and given:
            message = f"has both {', '.join(sorted(given))} and percentiles"
            raise fail(message, hint=f"give {wanted}", at=min(given))
        if self.percentiles:
            if len(self.percentiles) != 2:
                raise fail(f"has {len(self.percentiles)} percentiles", hint=f"give {wanted}")
            check_increasing(by_level(self.percentiles))
        elif given not in [set(form) for form in self.forms]:
            raise fail(f"needs {wanted}")

    @property
    def _two_points(self) -> tuple[float, float, float, float]:
        """Levels p < q and their values x < y."""
        (lower, x), (upper, y) = by_level(self.percentiles).items()
        return level_of(lower), level_of(upper), x, y


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


def by_level(percentiles: Mapping[str, float]) -> dict[str, float]:
    """Percentiles such as p5 and p95 in the order of their levels."""
    return dict(sorted(percentiles.items(), key=lambda item: level_of(item[0])))


def level_of(name: str) -> float:
    """The level in (0, 1) of a percentile's key: "p2.5" is 0.025."""
    return float(name[1:]) / 100.0


def check_increasing(values: Mapping[str, float]) -> None:
    """Refuse values, by the name of their parameter, that do not increase in this order."""
    for (lower, low), (upper, high) in pairwise(values.items()):
        if not low < high:
            found = f"(found {shown(low)} and {shown(high)})"
            raise fail(f"{lower} must be below {upper} {found}", at=lower)


def solve_increasing(function: Callable[[float], float], low: float, high: float) -> float:
    """Root of an increasing function by bisection, to the last digit."""
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
