"""A rate that changes as other rates have changed, alone or beside a drift."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from simulate.engine.shape import Shape
from simulate.engine.walk.dynamics import DAYS, Drift, Noise, Path, Values
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.distributions.normal_quantile import normal_ppf
from simulate.scenario.own_past import Scale
from simulate.scenario.reference import (
    CORRELATION_DAYS,
    DIRECTION,
    SD,
    compensator,
    spread,
)

SCALE, DIRECTIONS, PATH = (f"rate.reference {name}" for name in ("scale", "direction", "path"))
"""Names of the streams of kappa, of Z and of the path."""

_STEPS = ((3, 9 * DAYS, 8), (1, DAYS, 4), (0, 0, 1))
"""Turns of `DAYS` steps, the last first: number, first day, and days a step from there on."""

Normals = Callable[[int, Ints, slice], Floats]
"""Some of the `DAYS` standard normal numbers of a turn, shape (rows, k), for k draws given by their
numbers."""


@dataclass(frozen=True)
class Reference:
    """The changes of a rate described in `simulate.scenario.reference`.

    `kappa` is the scale of each draw and `direction` the part of its log-rate that stays, kappa
    0.22 Z; arrays of shape (n,). The rate is constant within a step: of a day in the first 8 days,
    of 4 days up to day 72, of 8 days from then on.

    Notes
    -----
    At the ends of steps the path is exact. Within one the log-rate is taken at the mean of both
    ends, plus what the curvature of the exponential adds on average. The percentiles 5 to 95 of the
    date are within {error} day of the same paths in steps of a day where H is 12 to 300 days, for
    both classes.
    """

    kappa: Floats
    direction: Floats
    normals: Normals

    def begin(self, n: int) -> Floats:
        """The path on the day of the count."""
        return np.zeros(n)

    def days(self, last: Floats, day: int, number: Ints) -> tuple[Floats, Floats]:
        """As `Path`."""
        turn, first, stride = _turn(day)
        i = (day - first) // stride
        rows = slice(i, i + DAYS // stride)
        levels, last = self._levels(last, day, stride, self.normals(turn, number, rows))
        return last, np.repeat(levels, stride, axis=0)

    def steps(self, last: Floats, day: int, number: Ints) -> tuple[Floats, Floats, int]:
        """As `Path`."""
        turn, _, stride = _turn(day)
        levels, last = self._levels(last, day, stride, self.normals(turn, number, slice(None)))
        return last, levels, stride

    def _levels(self, last: Floats, day: int, stride: int, path: Floats) -> tuple[Floats, Floats]:
        """The log-rate in steps from `day` on, from the normal numbers of the path, in place."""
        gone = -np.expm1(-stride / CORRELATION_DAYS)
        stay = 1.0 - gone
        path *= SD * np.sqrt(1.0 - stay**2)
        begin = day + stride * np.arange(len(path))
        means = _mean_compensator(begin, stride) - SD**2 * gone / 4.0
        squared = self.kappa**2
        for i, mean in enumerate(means.tolist()):
            path[i] += stay * last
            before, last = last, path[i].copy()
            path[i] += before
            path[i] *= 0.5 * self.kappa
            path[i] += self.direction - mean * squared
        return path, last


def _mean_compensator(day: Ints, stride: int) -> Floats:
    """Means over steps, by Simpson's rule."""
    begin, middle, end = (
        compensator((day + part * stride).astype(np.float64)) for part in (0.0, 0.5, 1.0)
    )
    return (begin + 4.0 * middle + end) / 6.0


def _turn(day: int) -> tuple[int, int, int]:
    """Which turn of `DAYS` steps a day belongs to, the day on which it begins, and its step."""
    turn, first, stride = next(row for row in _STEPS if day >= row[1])
    more = (day - first) // (DAYS * stride)
    return turn + more, first + more * DAYS * stride, stride


@dataclass(frozen=True)
class Both:
    """Two independent paths of the log-rate, by days."""

    first: Path
    second: Path

    def begin(self, n: int) -> Floats:
        """As `Path`."""
        return np.stack([self.first.begin(n), self.second.begin(n)])

    def days(self, last: Floats, day: int, number: Ints) -> tuple[Floats, Floats]:
        """As `Path`."""
        one, levels = self.first.days(last[0], day, number)
        other, more = self.second.days(last[1], day, number)
        return np.stack([one, other]), levels + more

    def steps(self, last: Floats, day: int, number: Ints) -> tuple[Floats, Floats, int]:
        """As `Path`."""
        return (*self.days(last, day, number), 1)


def path_of(values: Mapping[str, Values], shape: Shape, noise: Noise) -> Path | None:
    """How the rate of some draws changes at random; None where it does not."""
    drift = reference = None
    if "rate.drift.sd" in values:
        sd, days = values["rate.drift.sd"], values["rate.drift.correlation_days"]
        drift = Drift.of(sd, days, noise.normals)
    if shape.scale is not None:
        reference = _reference(values, shape.scale, noise)
    if drift is None or reference is None:
        return drift or reference
    return Both(drift, reference)


def _reference(values: Mapping[str, Values], scale: Scale, noise: Noise) -> Reference:
    k: Values = values["rate.reference.sd"] / spread(90.0) if scale.k is None else scale.k
    halves, odd = divmod(scale.degrees, 2)
    # Twice the sum of h exponential numbers has a chi-squared distribution of 2 h degrees.
    squares = -2.0 * np.log(noise.uniforms(SCALE, halves)).sum(axis=0)
    if odd:
        squares += normal_ppf(noise.uniforms(f"{SCALE}, odd", 1)[0]) ** 2
    kappa = k * np.sqrt(scale.degrees / squares)
    direction = DIRECTION * kappa * normal_ppf(noise.uniforms(DIRECTIONS, 1)[0])
    return Reference(kappa, direction, functools.partial(noise.some_normals, PATH))
