"""First passage at a rate that drifts: a change of time.

Drift changes only how fast the clock runs. Let theta be the integral of exp(x) over what the clock
shows, where x is the path of the log-rate, constant within a day. Then all of `bent_line` holds
with theta in the place of the clock: each threshold is reached at a value of theta known in closed
form, and the path only says where theta is at an arrival and when it reaches that value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from simulate.engine.bent_line import Claim, Counting, bent_line, leading_to, sorted_arrivals
from simulate.engine.clock import Clock
from simulate.engine.draws import Draws
from simulate.engine.first_passage import Passage
from simulate.engine.grid import ROUNDING
from simulate.engine.shape import Shape, setting
from simulate.engine.walk.dynamics import DAYS, Drift, Noise
from simulate.engine.walk.walkers import select
from simulate.scenario.arrays import Floats, Ints

_TOGETHER = 2**14
"""Draws whose paths are followed at once; `DAYS` of their days fit a core's cache."""

_WORTH_DROPPING = 8
"""Finished draws are dropped once they are one in this many; earlier it does not pay."""


def first_passages(
    draws: Draws, shape: Shape, thresholds: Sequence[float], *, days: float
) -> Passage:
    """First passages where the rate drifts, units do not rotate and no return moves a date.

    Parameters
    ----------
    draws : Draws
    shape : Shape
    thresholds : sequence of float
    days : float
        Length of the horizon; later first passages are ignored.
    """
    found = []
    for _, part in draws.parts(_TOGETHER):
        values, noise = part.values, Noise(part.seed, part.segments)
        sd, correlation_days = values["rate.drift.sd"], values["rate.drift.correlation_days"]
        end = np.inf if part.end_time is None else part.end_time
        passage = drifting_line(
            *setting(values, shape, part.n),
            thresholds,
            counting=shape.counting,
            drift=Drift.of(sd, correlation_days, noise.normals),
            until=np.broadcast_to(np.minimum(end, days), part.n),
        )
        found.append(passage[:4])
    return Passage(*(np.concatenate(parts, axis=-1) for parts in zip(*found, strict=True)))


def drifting_line(
    claim: Claim,
    clock: Clock,
    exponent: Floats,
    arrivals: Sequence[tuple[Floats, Floats]],
    thresholds: Sequence[float],
    *,
    counting: Counting,
    drift: Drift,
    until: Floats,
) -> Passage:
    """First passage with everything that `bent_line` takes, at a rate that drifts.

    Parameters
    ----------
    claim, clock, exponent, arrivals, thresholds, counting
        As in `bent_line`, with which it agrees where `drift` has no spread.
    drift : Drift
    until : ndarray, shape (n,)
        When a draw ends: at the horizon, or at an event that stops the losses.

    Returns
    -------
    Passage
        Times after `until` are inf. They are exact but for rounding, of which a trend that dies out
        makes the more days the lower the rate has become: 1e-9 day at 1e-5 of it.
    """
    zero, stock = claim.as_of, claim.stock
    times, sizes = sorted_arrivals(arrivals, claim.early, zero.size)
    # An arrival after the end moves no date before it.
    times[times > np.maximum(until, zero)] = np.inf
    marks = times if stock is None else np.vstack([times, stock.day])
    theta = _theta_at(marks, clock, drift)
    # Theta in the place of days after the count; what comes after it stays after it.
    shown = np.maximum(zero + theta, np.nextafter(zero, np.inf))
    marks = np.where(marks > zero, shown, marks)
    if stock is not None:
        claim = leading_to(claim, stock, theta[-1], exponent)
        stock = stock._replace(day=marks[-1])
    passage = bent_line(
        replace(claim, stock=stock),
        Clock(zero, np.ones_like(zero), np.zeros_like(zero)),
        exponent,
        list(zip(marks[: len(sizes)], sizes, strict=True)),
        thresholds,
        counting=counting,
    )
    later = passage.time > zero
    goal = np.where(later, passage.time - zero, np.inf)
    time = np.where(later, _reached(goal, clock, drift, until), passage.time)
    time = np.maximum(time, claim.since)
    time[time > until] = np.inf
    return passage._replace(time=time, passed=time <= zero + ROUNDING)


@dataclass
class _Path:
    """The path of the draws `number` from day number `day` after the count on.

    There the clock shows `shown` and theta is `theta`; `level` was the log-rate of the day before;
    arrays of shape (k,).
    """

    clock: Clock
    drift: Drift
    number: Ints
    shown: Floats
    theta: Floats
    level: Floats
    day: int = 0

    @classmethod
    def of(cls, clock: Clock, drift: Drift) -> Self:
        """The paths of all draws from the count on."""
        n = clock.zero.size
        return cls(clock, drift, np.arange(n), np.zeros(n), np.zeros(n), np.zeros(n))

    def days(self) -> tuple[Floats, Floats]:
        """Go on by `DAYS` days.

        Returns theta at the first one's beginning and at their ends, shape (DAYS + 1, k), and how
        fast theta gains on the clock in each, shape (DAYS, k).
        """
        levels = self.drift.levels(self.level, self.day, self.number)
        self.level = levels[-1].copy()
        paces = self.drift.paces(levels)
        theta = np.empty((DAYS + 1, self.number.size))
        theta[0] = self.theta
        for day, pace in enumerate(paces):
            before, self.day = self.shown, self.day + 1
            self.shown = self.clock.at(self.clock.zero + self.day)
            np.multiply(pace, self.shown - before, out=theta[day + 1])
            theta[day + 1] += theta[day]
        self.theta = theta[-1].copy()
        return theta, paces


def _theta_at(times: Floats, clock: Clock, drift: Drift) -> Floats:
    """Theta at times (k, n): 0 up to the count, inf at infinity."""
    found = np.where(times == np.inf, np.inf, 0.0)
    days = np.where(times == np.inf, -1.0, times - clock.zero)
    path, last = _Path.of(clock, drift), days.max(initial=0.0)
    while path.day < last:
        first = path.day
        theta, paces = path.days()
        for row, time, day in zip(found, times, days, strict=True):
            i = np.flatnonzero((first < day) & (day <= path.day))
            j = np.minimum(day[i].astype(np.int64) - first, DAYS - 1)
            own = select(clock, i)
            row[i] = theta[j, i] + paces[j, i] * (own.at(time[i]) - own.at(own.zero + (first + j)))
    return found


def _reached(goal: Floats, clock: Clock, drift: Drift, until: Floats) -> Floats:
    """When theta reaches values (k, n), inf for never; not all times after `until` are found."""
    time = np.full_like(goal, np.inf)
    path, left = _Path.of(clock, drift), goal.copy()
    while True:
        done = (left == np.inf).all(axis=0) | (path.clock.zero + path.day > until)
        if np.count_nonzero(done) * _WORTH_DROPPING >= done.size:
            index = np.flatnonzero(~done)
            path, left, until = select(path, index), left[:, index], until[index]
            if not index.size:
                return time
        first = path.day
        theta, paces = path.days()
        for row, goals in zip(time, left, strict=True):
            i = np.flatnonzero(goals <= theta[-1])
            if i.size:
                j = np.count_nonzero(theta[1:, i] < goals[i], axis=0)
                own = select(path.clock, i)
                begun = own.zero + (first + j)
                when = own.when(own.at(begun) + (goals[i] - theta[j, i]) / paces[j, i])
                # Not beyond its day by rounding.
                row[path.number[i]] = np.clip(when, begun, begun + 1.0)
                goals[i] = np.inf
