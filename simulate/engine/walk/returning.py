"""Strength and losses while men return, exactly, over any length of time.

Between two events losses run at L(t) = r exp(g t) a day. A share s of the lost passes through k
stages w, each left at the pace a = k / mean (the linear chain trick, see `dynamics`), and returns:

    w_0' = s L - a w_0,    w_j' = a w_(j-1) - a w_j,    S' = b - L + a w_(k-1)

with an inflow b. What happens once nobody is left is in `emptied`.

Arrays have shape (n,), those of stages (stages, n); times are days since the beginning of the
stretch.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import NamedTuple, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.engine.clock import QUIET
from simulate.engine.draws import Value, select
from simulate.scenario.arrays import Bools, Floats, at_least, at_most

_SOON = 1e-8  # days that count as none in the search for a date
STEEPEST = 600.0
"""Logarithm of the largest growth within a stretch, as that of the operational clock."""

_TINY = 1.0 / 64.0  # mean of a Poisson number below which few terms are enough
FASTEST = 1e12
"""Most stages passed in a stretch; who passes more is back at once."""


class Men(NamedTuple):
    """The strength present, shape (n,), and those who will return by stage, (stages, n)."""

    strength: Floats
    waiting: Floats


class Stretch(Struct, frozen=True):
    """What stays the same between two events.

    `rate` r is what the losses a day begin with, `growth` g that of their logarithm a day, `share`
    s that of the lost who return, `pace` a the stages passed a day, `inflow` b >= 0 men a day. Each
    has shape (n,), or is a number where all draws agree; `rate` is always an array.
    """

    rate: Floats
    growth: Value
    share: Value
    pace: Value
    inflow: Value = 0.0

    def losses_a_day(self, days: Floats) -> Floats:
        """Losses a day after some days."""
        if not np.any(self.growth):
            return self.rate
        rate: Floats = self.rate * np.exp(at_most(self.growth * days, STEEPEST))
        return rate

    def losses(self, days: Floats) -> Floats:
        """Losses in the first days, as long as anybody is left."""
        return self.rate * grown(self.growth, days)

    @QUIET
    def when_lost(self, losses: Floats) -> Floats:
        """When so many are lost, inf for never; the inverse of `losses`."""
        days = losses / self.rate
        if np.any(self.growth):
            exponent = self.growth * days
            bent = np.where(exponent > -1.0, np.log1p(exponent) / self.growth, np.inf)
            days = np.where((exponent == 0.0) | ~np.isfinite(days), days, bent)
        return np.where(np.isnan(days), np.inf, days)

    def later(self, days: Floats) -> Stretch:
        """The stretch from a later time on."""
        return replace(self, rate=self.losses_a_day(days))


@QUIET
def grown(growth: Value, days: Floats) -> Floats:
    """The integral of exp(growth * t) over some days."""
    if not np.any(growth):
        return days
    exponent = at_most(growth * days, STEEPEST)
    return np.where(exponent == 0.0, days, days * (np.expm1(exponent) / exponent))


class Transition(NamedTuple):
    """What some days do to the stages, as long as anybody is left.

    `passed[j]` is the probability of passing j stages, `entered[j]` the share of those who entered
    that is in stage j, and losses are `worth` times what they begin with a day.
    """

    days: Floats
    passed: list[Floats]
    entered: list[Floats]
    worth: Floats

    @classmethod
    def of(cls, pace: Value, growth: Value, days: Floats, stages: int) -> Self:
        """The transition at any rate, whose logarithm grows by `growth` a day.

        The number of stages passed in a given time is a Poisson number; of the losses of the
        stretch stage j holds s r exp(g d) times the integral of exp(-(a + g) u) (a u)^j / j! from 0
        to d.
        """
        mean = at_most(pace * days, FASTEST)
        chances = poisson(mean, stages)
        entered = _still_there(mean, at_most(growth * days, STEEPEST), chances)
        return cls(days, chances, entered, grown(growth, days))

    def moved(self, waiting: Floats) -> Floats:
        """Those who wait, by stage (stages, n), at the end."""
        first, *further = self.passed
        found = first * waiting
        for j, chance in enumerate(further, start=1):
            found[j:] += chance * waiting[:-j]
        return found

    def join(self, waiting: Floats, entered: Floats) -> None:
        """Add those who entered meanwhile, in place."""
        for j, part in enumerate(self.entered):
            waiting[j] += entered * part

    def move(self, stretch: Stretch, men: Men) -> tuple[Men, Floats]:
        """The men at the end, the strength without a lower limit, and the losses by then."""
        waiting, lost = self.moved(men.waiting), stretch.rate * self.worth
        entered = stretch.rate * self.days
        entered *= stretch.share
        self.join(waiting, entered)
        back = total(men.waiting)
        back -= total(waiting)
        back += stretch.share * lost
        come = men.strength
        if np.any(stretch.inflow):
            come = stretch.inflow * self.days + come
        strength = come - lost
        strength += back
        return Men(strength, waiting), lost


def move(stretch: Stretch, men: Men, days: Floats) -> tuple[Men, Floats]:
    """Men and losses after some days, the strength without a lower limit."""
    stages = len(men.waiting)
    return Transition.of(stretch.pace, stretch.growth, days, stages).move(stretch, men)


def poisson(mean: Floats, count: int) -> list[Floats]:
    """Probabilities of 0, 1, ... events."""
    found = [np.exp(-mean)]
    for j in range(1, count):
        found.append(found[-1] * (mean / j))
    return found


def total(waiting: Floats) -> Floats:
    """Sum over the few stages; faster than a reduction along a short axis."""
    total: Floats = waiting[0].copy()
    for stage in waiting[1:]:
        total += stage
    return total


@QUIET
def _still_there(passed: Floats, growth: Floats, chances: list[Floats]) -> list[Floats]:
    """Share of those who entered that is in each stage, of n who enter at n exp(y t), t in (0, 1).

    With x stages `passed`, y = `growth` and z = x + y it is the integral from 0 to 1 of
    exp(y (1 - v) - x v) (x v)^j / j!, or (x / z)^j exp(y) / z times the probability that a Poisson
    number of mean z exceeds j.
    """
    stages, z, even = len(chances), passed + growth, not np.any(growth)
    factor = 1.0 / z if even else np.exp(growth) / z
    probability, beyond = chances[0] if even else np.exp(-z), -np.expm1(-z)
    found = []
    for j in range(1, stages + 1):
        found.append(factor * beyond)
        if j < stages:
            factor = factor if even else factor * (passed / z)
            probability = chances[j] if even else probability * (z / j)
            beyond = beyond - probability
    # Rounding is 1e-16 (x / z)^j / z of all who entered: too much for a small z and, if the rate
    # falls, for others; a negative one has no such probability.
    tiny = np.abs(z) < _TINY
    other = z < np.where(growth < 0, 0.25 * stages, -_TINY)
    for which, more in ((tiny, 7), (other & ~tiny, 2 * stages + 16)):
        if not which.any():
            continue
        i = np.flatnonzero(which)
        for row, chance, part in zip(found, chances, _moments(z[i], stages, more), strict=True):
            row[i] = chance[i] * part
    return found


def _moments(z: Floats, count: int, more: int) -> list[Floats]:
    """G_j, the integral from 0 to 1 of exp(z (1 - v)) v^j, for j below `count`; z < count / 4.

    By j G_(j-1) = 1 + z G_j, in the direction in which errors shrink: downwards for j > -z, from an
    index so far above, by `more`, that its value does not matter, else upwards.
    """
    last, found = np.zeros_like(z), []
    for j in range(count + more, 0, -1):
        last = (1.0 + z * last) / j
        if j <= count:
            found.append(last)
    found.reverse()
    i = np.flatnonzero(z < -1.0)
    if i.size:
        some = z[i]
        last = np.expm1(some) / some
        for j in range(count):
            last = (j * last - 1.0) / some if j else last
            found[j][i] = np.where(j <= -some, last, found[j][i])
    return found


# --- first passages ---

Safe = Callable[[Stretch, Men, Floats, Floats], tuple[Floats, Floats]]
Follow = Callable[[Stretch, Men, Floats], tuple[Men, Floats]]


def first_fall(stretch: Stretch, men: Men, level: Floats, days: Floats) -> Floats:
    """The first time within `days` at which the strength is down to `level`, inf for none.

    The search comes from the left and never passes a fall: from each time it goes on only as far as
    two bounds prove the strength to be above the level. In a window ahead L lies between its values
    at both ends, l and u, and each flow f_j = a w_j between the least and the greatest of what it
    and those before it are now, s l and s u: a stage tends to the one before it. Hence S' is at
    least b - u + min f, and S'' = a (f_(k-2) - f_(k-1)) - g L at least the negative of a constant M
    (with f_(-1) = s L), so that S lies above a line and above a parabola. S''' is
    a^2 (f_(k-3) - 2 f_(k-2) + f_(k-1)) - g^2 L, with one stage a s g L more, and at least -N: in a
    window of W days S'' t^2 / 2 - N t^3 / 6 is at least (S'' - N W / 3) t^2 / 2, a parabola whose
    root comes nearer with the cube of the distance; a dip is passed over only if proved to stay
    above. A force of which nobody was left begins to grow with S' = 0 and S'' > 0: as long as N t
    is at most 3/2 S'', S grows by S' t + S'' t^2 / 4 or more.

    Returns
    -------
    ndarray, shape (n,)
        To about `_SOON` days; a dip that ends so near above the level counts as a fall.
    """
    found = np.full(level.shape, np.inf)
    # Nobody is lost sooner than if nobody returned.
    i = np.flatnonzero(men.strength - stretch.losses(days) <= level)
    found[i] = from_the_left(*select((stretch, men, level, days), i), safe=_above, follow=move)
    return found


def from_the_left(
    stretch: Stretch, men: Men, level: Floats, days: Floats, *, safe: Safe, follow: Follow
) -> Floats:
    """The first time within `days` at which something is down to a level, inf for none.

    `safe` says by how much it is above it, and for how much of the days left it provably stays so.
    """
    found, i = np.full(days.shape, np.inf), np.arange(days.size)
    now, time = men, np.zeros(days.size)
    while i.size:
        left = days - time
        ahead, step = safe(stretch.later(time), now, level, left)
        step = np.where(ahead > 0, step, 0.0)
        over = (ahead > 0) & (step >= left)
        here = is_now(step, time) & ~over
        found[i[here]] = (time + step)[here]
        go = np.flatnonzero(~(over | here))
        time = (time + step)[go]
        if go.size < i.size:
            i, stretch, men, level, days = select((i, stretch, men, level, days), go)
        now, _ = follow(stretch, men, time)
    return found


def is_now(step: Floats, time: Floats) -> Bools:
    """Whether a step is too short to matter."""
    found: Bools = step <= _SOON + 4.0 * np.spacing(time)
    return found


@QUIET
def _above(stretch: Stretch, men: Men, level: Floats, days: Floats) -> tuple[Floats, Floats]:
    """By how much the strength exceeds a level, and for how long it provably does."""
    ahead, loss, flow = men.strength - level, stretch.rate, stretch.pace * men.waiting
    slope = stretch.inflow - loss + flow[-1]
    near = np.where(slope < 0, -2.0 * ahead / slope, np.inf)
    window = np.fmin(np.fmin(days, near), 1.0 / np.abs(stretch.growth))
    later = stretch.losses_a_day(window)
    low, high = np.minimum(loss, later), np.maximum(loss, later)
    before = reduce(np.minimum, flow[:-1], stretch.share * low)
    bend = np.maximum(stretch.growth * low, stretch.growth * high)
    top = reduce(np.maximum, flow, stretch.share * high)
    bottom = np.minimum(before, flow[-1])
    bend = bend + stretch.pace * (top - before)
    fall = high - stretch.inflow - bottom
    by_line = np.where(fall > 0, ahead / fall, np.inf)
    rise = flow[-2] if len(flow) > 1 else stretch.share * loss
    rise = stretch.pace * (rise - flow[-1]) - stretch.growth * loss
    turn = stretch.pace**2 * (2.0 * top - before - bottom)
    turn = turn + np.abs(stretch.growth) * (stretch.pace * top + np.abs(stretch.growth) * high)
    bend = np.fmin(bend, turn * window / 3.0 - rise)
    bend = np.where(slope < 0, bend, np.maximum(bend, 0.0))
    step = np.fmax(by_line, parabola(ahead, slope, bend))
    rising = (slope > 0) | (slope * slope < rise * ahead)
    step = np.minimum(window, np.fmax(step, np.where(rising, 1.5 * rise / turn, 0.0)))
    return ahead, np.where(ahead > stretch.losses(days), days, step)


@QUIET
def parabola(ahead: Floats, slope: Floats, bend: Floats) -> Floats:
    """The positive root of ahead + slope t - bend t^2 / 2, inf for none.

    With a negative slope and bend, where there may be none, at most -2 ahead / slope.
    """
    root = np.sqrt(at_least(slope * slope + 2.0 * bend * ahead, 0.0))
    return np.where(slope > 0, (slope + root) / bend, 2.0 * ahead / (root - slope))
