"""What has no closed form: returns to duty, drift and rotation, and their random numbers.

Men return after exponential delays in series, the linear chain trick (MacDonald 1978, Time Lags
in Biological Models): k stages in a row, each left at the rate k / mean, make an Erlang-k delay of
that mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, Self

import numpy as np
from msgspec import Struct

from simulate.engine.draws import Value, Values
from simulate.engine.first_passage import Inflow
from simulate.engine.sampling.design import Segment
from simulate.engine.sampling.streams import Bits, open_unit, raw_bits, side_by_side, split_mix
from simulate.engine.walk.returning import Transition
from simulate.scenario.arrays import Floats, Ints
from simulate.scenario.distributions import Distribution
from simulate.scenario.distributions.normal_quantile import normal_ppf

_SLOWEST, _FASTEST = 1e-200, 1e9  # stages passed a day: never, or at once

_SPELL = {
    "line_days": np.inf,
    "at_loss_share": np.inf,
    "rest_days": 0.0,
    "rest_intensity": 0.0,
    "return_intensity": 1.0,
}
"""Inputs of a spell in the order of `Spell`, with their values where left out."""

DAYS = 8
"""Days of noise drawn at once; finished draws drop out as often."""

DRIFT = "rate.drift"
"""Name of the stream of the drift's normal numbers."""

_STEEPEST = 300.0
"""Logarithm of a factor on the rate beyond which more makes no difference: nobody is lost in any
horizon, or all are at once."""

WIDEST = 1e100
"""Largest standard deviation of a log-rate, so that sums of it stay finite."""

Normals = Callable[[int, Ints], Floats]
"""Standard normal numbers of `DAYS` days from a given one on, shape (DAYS, k), for k draws given by
their numbers."""


class Recovery(Struct, frozen=True):
    """The share of the lost who return, their mean delay in days, and its number of stages.

    Arrays of shape (n,), or numbers where all draws agree, which is quicker.
    """

    share: Value
    mean_days: Value
    stages: int

    @property
    def pace(self) -> Value:
        """Stages passed a day."""
        with np.errstate(over="ignore", divide="ignore"):
            pace: Value = np.clip(self.stages / self.mean_days, _SLOWEST, _FASTEST)
        return pace

    def passing(self, days: Floats) -> Transition:
        """What becomes over some days of those who wait, and of those lost evenly meanwhile."""
        return Transition.of(self.pace, 0.0, days, self.stages)


class RatePath(Protocol):
    """A random path of the log-rate, zero before the count, of draws given by their numbers."""

    def begin(self, n: int) -> Floats:
        """Where it is on the day of the count, for n draws."""

    def steps(
        self, last: Floats, day: int, number: Ints, days: int | None = None
    ) -> tuple[Floats, Floats, int]:
        """Where it ends, its level in each step from `day` on (steps, k), and the days of a step.

        `last` is where it ended before. There are `DAYS` steps, or as many as fill some days.
        """


def by_days(path: RatePath, last: Floats, day: int, number: Ints) -> tuple[Floats, Floats]:
    """Where a path ends, and its levels in `DAYS` days from `day` on, shape (DAYS, k)."""
    last, levels, stride = path.steps(last, day, number, DAYS)
    return last, levels if stride == 1 else np.repeat(levels, stride, axis=0)


class OrnsteinUhlenbeck(Struct, frozen=True):
    """An Ornstein-Uhlenbeck path of the log-rate in steps of a day, zero at the count.

    A day later the level is `stay` times as high, plus `spread` times a normal number; each of
    shape (n,), or a number where all draws agree.
    """

    stay: Value
    spread: Value
    normals: Normals

    @classmethod
    def of(cls, sd: Value, correlation_days: Value, normals: Normals) -> Self:
        """The path with a given stationary standard deviation and correlation time."""
        sd = np.minimum(sd, WIDEST)
        with np.errstate(over="ignore"):
            elapsed = 1.0 / correlation_days
        return cls(np.exp(-elapsed), sd * np.sqrt(-np.expm1(-2.0 * elapsed)), normals)

    def begin(self, n: int) -> Floats:
        """As `RatePath`."""
        return np.zeros(n)

    def steps(
        self, last: Floats, day: int, number: Ints, days: int | None = None
    ) -> tuple[Floats, Floats, int]:
        """As `RatePath`, in steps of a day; the day of the count, number 0, begins it at zero."""
        del days
        levels = self.normals(day, number)
        levels *= self.spread
        levels[0] = 0.0 if day == 0 else levels[0] + self.stay * last
        for i in range(1, DAYS):
            levels[i] += self.stay * levels[i - 1]
        return levels[-1].copy(), levels, 1


def paces(levels: Floats) -> Floats:
    """The factors on the rate at levels of the log-rate, computed in place."""
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


class Rotation(Struct, frozen=True):
    """Spells on the line: the first one, which begins with the count, and those that follow."""

    first: Spell
    following: NextSpells


class Dynamics(Struct, frozen=True):
    """How n draws depart from the closed form; None where they do not.

    `daily` says that a step may not be longer than a day; with drift it never is. `flows` says
    whether units also come in, as the `inflows`, or leave, as arrivals of negative size.
    """

    recovery: Recovery | None = None
    drift: RatePath | None = None
    rotation: Rotation | None = None
    daily: bool = False
    inflows: Sequence[Inflow] = ()
    flows: bool = False

    @property
    def walks(self) -> bool:
        """Whether the strength on the day of the count only follows from a walk up to then."""
        return self.flows or self.recovery is not None


class Noise(Struct, frozen=True):
    """The streams of the draws of some segments.

    A draw's numbers depend only on its segment and its place in it.
    """

    seed: int
    segments: tuple[Segment, ...]

    def normals(self, day: int, number: Ints) -> Floats:
        """Standard normal numbers of `DAYS` days from `day` on, for some draws, (DAYS, draws)."""
        rows = self._bits(DRIFT, day // DAYS, DAYS)
        if number.size < rows.shape[1]:
            rows = np.take(rows, number, axis=1)
        return normal_ppf(open_unit(rows))

    def uniforms(self, name: str, rows: int) -> Floats:
        """Uniform numbers of all draws, shape (rows, draws)."""
        return open_unit(self._bits(name, 0, rows))

    def rotation(self, values: Values, laws: Mapping[str, Distribution]) -> Rotation:
        """The spells: the first from the values of the draws, later ones resampled.

        The first return takes its intensity from the column.
        """
        n = sum(segment.n for segment in self.segments)
        given = (values.get(f"rotation.{name}", out) for name, out in _SPELL.items())
        first = Spell(*(np.broadcast_to(np.asarray(value, np.float64), n) for value in given))
        names = [name for name in _SPELL if f"rotation.{name}" in laws]
        keys = {name: self.keys(f"rotation.{name}") for name in names}

        def again(name: str, spell: Ints, number: Ints) -> Floats:
            uniforms = later_uniforms(keys[name], number, spell)
            return laws[f"rotation.{name}"].ppf(uniforms)

        def following(spell: Ints, number: Ints) -> Spell:
            found = []
            for name, of_first in zip(_SPELL, first, strict=True):
                if name in keys and name != "return_intensity":
                    value = again(name, spell, number)
                else:
                    value = of_first.take(number)
                    if name in keys:
                        i = np.flatnonzero(spell > 1)
                        value[i] = again(name, spell[i], number[i])
                found.append(value)
            return Spell(*found)

        return Rotation(first, following)

    def keys(self, name: str) -> Bits:
        """The start of each draw's own sequence for an input, shape (draws,)."""
        keys: Bits = self._bits(name, 0, 1)[0]
        return keys

    def _bits(self, name: str, turn: int, rows: int) -> Bits:
        found = {  # several sets of the same draws may be worked out together
            segment: raw_bits(self.seed, name, (*place, turn), rows * n).reshape(rows, n)
            for segment in dict.fromkeys(self.segments)
            for *place, n in [segment]
        }
        return side_by_side(found[segment] for segment in self.segments)


def later_uniforms(keys: Bits, number: Ints, spell: Ints) -> Floats:
    """Uniform numbers of later spells, for some draws by their numbers."""
    return open_unit(split_mix(keys[number], spell))
