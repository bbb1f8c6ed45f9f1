"""What makes a walk by days differ from the closed form: recovery, drift, rotation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from simulate.engine.walk.recovery import Recovery

Floats = npt.NDArray[np.float64]
Values = Floats | float
Ints = npt.NDArray[np.int64]

DAYS = 8
"""Days of noise drawn at once; finished draws drop out as often."""

_STEEPEST = 300.0
"""Logarithm of a factor on the rate beyond which more makes no difference: nobody is lost in any
horizon, or all are at once."""

_WIDEST = 1e100
"""Standard deviation of a drift that no other is wider than, so that sums of it stay floats."""

Normals = Callable[[int, Ints], Floats]
"""Standard normal numbers of `DAYS` days from a given one on, shape (DAYS, k), for k draws given by
their numbers."""


@dataclass(frozen=True)
class Drift:
    """An Ornstein-Uhlenbeck path of the log-rate in steps of a day, zero at the count.

    A day later the level is `stay` times as high, plus `spread` times a normal number; each of
    shape (n,), or a number where all draws agree.
    """

    stay: Values
    spread: Values
    normals: Normals

    @classmethod
    def of(cls, sd: Values, correlation_days: Values, normals: Normals) -> Self:
        """The path with a given stationary standard deviation and correlation time."""
        sd = np.minimum(sd, _WIDEST)
        with np.errstate(over="ignore"):
            elapsed = 1.0 / correlation_days
        return cls(np.exp(-elapsed), sd * np.sqrt(-np.expm1(-2.0 * elapsed)), normals)

    def levels(self, last: Floats, day: int, number: Ints) -> Floats:
        """The path on `DAYS` days from `day` on, shape (DAYS, k), from the level of the day before.

        The day of the count, number 0, begins it at zero.
        """
        levels = self.normals(day, number)
        levels *= self.spread
        levels[0] = 0.0 if day == 0 else levels[0] + self.stay * last
        for i in range(1, DAYS):
            levels[i] += self.stay * levels[i - 1]
        return levels

    @staticmethod
    def paces(levels: Floats) -> Floats:
        """The factors on the rate that levels stand for, in their place."""
        np.clip(levels, -_STEEPEST, _STEEPEST, out=levels)
        return np.exp(levels, out=levels)


class Spell(NamedTuple):
    """A spell on the line and the rest after it, arrays of shape (n,).

    It ends after `line_days` or once it has cost `loss_share` of the force; losses run at
    `intensity` times the rate, and at `rest_intensity` times it in the `rest_days` that follow.
    """

    line_days: Floats
    loss_share: Floats
    rest_days: Floats
    rest_intensity: Floats
    intensity: Floats


NextSpells = Callable[[Ints, Ints], Spell]
"""Later spells: which one it is, from 1 on, and for which draws, both of shape (k,)."""


@dataclass(frozen=True)
class Rotation:
    """Spells on the line: the first one, which begins with the count, and those that follow."""

    first: Spell
    following: NextSpells


@dataclass(frozen=True)
class Dynamics:
    """How n draws depart from the closed form; None where they do not.

    `daily` says that a step may not be longer than a day; with drift it never is.
    """

    recovery: Recovery | None = None
    drift: Drift | None = None
    rotation: Rotation | None = None
    daily: bool = False
