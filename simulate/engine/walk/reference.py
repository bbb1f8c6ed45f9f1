"""A rate that changes as other rates have changed, alone or beside a drift."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from msgspec import Struct

from simulate.engine.draws import Value, Values
from simulate.engine.sampling.streams import open_unit, split_mix
from simulate.engine.shape import Shape
from simulate.engine.walk.dynamics import DAYS, WIDEST, Noise, OrnsteinUhlenbeck, RatePath, by_days
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.distributions.normal_quantile import normal_ppf
from simulate.scenario.own_past import Scale
from simulate.scenario.reference import CORRELATION_DAYS, DIRECTION, SD, compensator, spread

SCALE, DIRECTIONS, PATH = (f"rate.reference {name}" for name in ("scale", "direction", "path"))
"""Names of the streams of kappa, of Z and of the path."""

_STEPS = ((3, 9 * DAYS, 8), (1, DAYS, 4), (0, 0, 1))
"""Turns of `DAYS` steps, the last first: number, first day, and days a step from there on."""

StepNormals = Callable[[Ints, Ints], Floats]
"""Standard normal numbers of some steps of k draws given by their numbers, shape (steps, k)."""


class ReferencePath(Struct, frozen=True):
    """The changes of a rate described in `simulate.scenario.reference`.

    `kappa` is the scale of each draw and `direction` the part of its log-rate that stays, kappa
    0.22 Z; arrays of shape (n,). The rate is constant within a step: of a day in the first 8 days,
    of 4 days up to day 72, of 8 days from then on.

    Notes
    -----
    At the ends of steps the path is exact. Within one the log-rate is taken at the mean of both
    ends, plus what the curvature of the exponential adds on average. Measured against the same
    paths in steps of a day, for both classes and H of 5 to 300 days: percentiles 5, 25 and 50 of
    the date are within 0.04 day, 75 within 0.05, 95 within 0.10 (H 88 days, unit: 0.10 +- 0.05).
    """

    kappa: Floats
    direction: Floats
    normals: StepNormals

    def begin(self, n: int) -> Floats:
        """The path on the day of the count."""
        return np.zeros(n)

    def steps(
        self, last: Floats, day: int, number: Ints, days: int | None = None
    ) -> tuple[Floats, Floats, int]:
        """As `RatePath`."""
        turn, first, stride = _turn(day)
        step = DAYS * turn + (day - first) // stride
        steps = np.arange(step, step + (DAYS if days is None else days // stride))
        levels = self.normals(steps, number)
        stay = math.exp(-stride / CORRELATION_DAYS)
        levels *= SD * math.sqrt(1.0 - stay**2)
        squared = self.kappa**2
        for i in range(len(levels)):
            levels[i] += stay * last
            before, last = last, levels[i].copy()
            levels[i] += before
            levels[i] *= 0.5 * self.kappa
            levels[i] += self.direction - _mean_compensator(day + i * stride, stride) * squared
        return last, levels, stride


@cache
def _mean_compensator(day: int, stride: int) -> float:
    """What kappa^2 takes off the log-rate in a step, by Simpson's rule.

    The variance of the path about the mean of both ends adds to the mean of the rate.
    """
    begin, middle, end = compensator(day + stride * np.array([0.0, 0.5, 1.0])).tolist()
    about = -math.expm1(-stride / CORRELATION_DAYS) / 2.0
    return float((begin + 4.0 * middle + end) / 6.0 - SD**2 * about / 2.0)


def _turn(day: int) -> tuple[int, int, int]:
    """Which turn of `DAYS` steps a day belongs to, the day on which it begins, and its step."""
    turn, first, stride = next(row for row in _STEPS if day >= row[1])
    more = (day - first) // (DAYS * stride)
    return turn + more, first + more * DAYS * stride, stride


class Both(Struct, frozen=True):
    """Two independent paths of the log-rate, by days."""

    first: RatePath
    second: RatePath

    def begin(self, n: int) -> Floats:
        """As `RatePath`."""
        return np.stack([self.first.begin(n), self.second.begin(n)])

    def steps(
        self, last: Floats, day: int, number: Ints, days: int | None = None
    ) -> tuple[Floats, Floats, int]:
        """As `RatePath`, in steps of a day."""
        del days
        one, levels = by_days(self.first, last[0], day, number)
        other, more = by_days(self.second, last[1], day, number)
        return np.stack([one, other]), levels + more, 1


def path_of(values: Values, shape: Shape, noise: Noise) -> RatePath | None:
    """How the rate of some draws changes at random; None where it does not."""
    drift = reference = None
    if "rate.drift.sd" in values:
        sd, days = values["rate.drift.sd"], values["rate.drift.correlation_days"]
        drift = OrnsteinUhlenbeck.of(sd, days, noise.normals)
    if shape.scale is not None:
        reference = _reference(values, shape.scale, noise)
    if drift is None or reference is None:
        return drift or reference
    return Both(drift, reference)


def _reference(values: Values, scale: Scale, noise: Noise) -> ReferencePath:
    k: Value = values["rate.reference.sd"] / spread(90.0) if scale.k is None else scale.k
    halves, odd = divmod(scale.degrees, 2)
    # Twice the sum of h exponential numbers has a chi-squared distribution of 2 h degrees.
    squares = -2.0 * np.log(noise.uniforms(SCALE, halves)).sum(axis=0)
    if odd:
        squares += normal_ppf(noise.uniforms(f"{SCALE}, odd", 1)[0]) ** 2
    kappa = np.minimum(k * np.sqrt(scale.degrees / squares), WIDEST)
    direction = DIRECTION * kappa * normal_ppf(noise.uniforms(DIRECTIONS, 1)[0])
    keys = noise.keys(PATH)

    def normals(steps: Ints, number: Ints) -> Floats:
        return normal_ppf(open_unit(split_mix(keys[number], steps[:, np.newaxis])))

    return ReferencePath(kappa, direction, normals)
