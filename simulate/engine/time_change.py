"""First passage at a rate that drifts: a change of time.

Drift changes only how fast the clock runs. Let theta be the integral of exp(x) over what the clock
shows, where x is the path of the log-rate, constant within a day. Then all of `bent_line` holds
with theta in the place of the clock: each threshold is reached at a value of theta known in closed
form, and the path only says where theta is at an arrival and when it reaches that value.
"""

from __future__ import annotations

from typing import Self, cast

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from simulate.engine.bent_line import Setting, bent_line, leading_to
from simulate.engine.clock import Clock
from simulate.engine.draws import DrawBatch, select
from simulate.engine.first_passage import Passage
from simulate.engine.grid import ROUNDING
from simulate.engine.shape import Shape, setting
from simulate.engine.walk.dynamics import DAYS, Noise, RatePath, paces
from simulate.engine.walk.reference import path_of
from simulate.engine.walk.walkers import worth_dropping
from simulate.scenario.arrays import Floats, Ints

_TOGETHER = 2**14  # draws whose paths are followed at once; `DAYS` of their days fit a core's cache


def first_passages(draws: DrawBatch, shape: Shape, *, days: float) -> Passage:
    """First passages within `days` where the rate drifts and nothing else needs a walk."""
    found = []
    for _, part in draws.parts(_TOGETHER):
        drift = path_of(part.values, shape, Noise(part.seed, part.segments))
        # This road is for rates that have a path.
        drift, of = cast("RatePath", drift), setting(part.values, shape, part.n)
        found.append(drifting_line(of, drift, until=part.until(days))[:4])
    return Passage(*(np.concatenate(parts, axis=-1) for parts in zip(*found, strict=True)))


def drifting_line(setting: Setting, drift: RatePath, *, until: Floats) -> Passage:
    """`bent_line` at a rate that drifts, with which it agrees where `drift` has no spread.

    Parameters
    ----------
    setting : Setting
    drift : RatePath
    until : ndarray, shape (n,)
        When a draw ends: at the horizon, or at an event that stops the losses.

    Returns
    -------
    Passage
        Times after `until` are inf. They are exact but for rounding, of which a trend that dies out
        makes the more days the lower the rate has become: 1e-9 day at 1e-5 of it.
    """
    claim, clock = setting.claim, setting.clock
    zero, stock = claim.as_of, claim.stock
    times, sizes = setting.arrivals_since(claim.early)
    # An arrival after the end moves no date before it.
    times[times > np.maximum(until, zero)] = np.inf
    marks = times if stock is None else np.vstack([times, stock.day])
    theta = _theta_at(marks, clock, drift)
    # Theta in the place of days after the count; what comes after it stays after it.
    shown = np.maximum(zero + theta, np.nextafter(zero, np.inf))
    marks = np.where(marks > zero, shown, marks)
    if stock is not None:
        claim = leading_to(claim, stock, theta[-1], setting.exponent)
        claim = replace(claim, stock=replace(stock, day=marks[-1]))
    passage = bent_line(
        setting._replace(
            claim=claim,
            clock=Clock(zero, np.ones_like(zero), np.zeros_like(zero)),
            arrivals=list(zip(marks[: len(sizes)], sizes, strict=True)),
        )
    )
    later = passage.time > zero
    goal = np.where(later, passage.time - zero, np.inf)
    time = np.where(later, _reached(goal, clock, drift, until), passage.time)
    time = np.maximum(time, setting.claim.since)
    time[time > until] = np.inf
    return passage._replace(time=time, passed=time <= zero + ROUNDING)


class _Course(Struct):
    """The course of the draws `number` from day number `day` after the count on.

    There the clock shows `shown` and theta is `theta`; `level` is where the path of the log-rate
    is; arrays whose last axis are the k draws.
    """

    clock: Clock
    drift: RatePath
    number: Ints
    shown: Floats
    theta: Floats
    level: Floats
    day: int = 0

    @classmethod
    def of(cls, clock: Clock, drift: RatePath) -> Self:
        """The courses of all draws from the count on."""
        n = clock.zero.size
        return cls(clock, drift, np.arange(n), np.zeros(n), np.zeros(n), drift.begin(n))

    def steps(self) -> tuple[Floats, Floats, int]:
        """Go on by `DAYS` steps.

        Returns theta at the first one's beginning and at their ends, shape (DAYS + 1, k), how fast
        theta gains on the clock in each, shape (DAYS, k), and the days of a step.
        """
        self.level, levels, stride = self.drift.steps(self.level, self.day, self.number)
        gains = paces(levels)
        theta = np.empty((DAYS + 1, self.number.size))
        theta[0] = self.theta
        for step, gain in enumerate(gains):
            before, self.day = self.shown, self.day + stride
            self.shown = self.clock.at(self.clock.zero + self.day)
            np.multiply(gain, self.shown - before, out=theta[step + 1])
            theta[step + 1] += theta[step]
        self.theta = theta[-1].copy()
        return theta, gains, stride


def _theta_at(times: Floats, clock: Clock, drift: RatePath) -> Floats:
    """Theta at times (k, n): 0 up to the count, inf at infinity."""
    found = np.where(times == np.inf, np.inf, 0.0)
    days = np.where(times == np.inf, -1.0, times - clock.zero)
    course, last = _Course.of(clock, drift), days.max(initial=0.0)
    while course.day < last:
        first = course.day
        theta, gains, stride = course.steps()
        for row, time, day in zip(found, times, days, strict=True):
            i = np.flatnonzero((first < day) & (day <= course.day))
            j = np.minimum((day[i].astype(np.int64) - first) // stride, DAYS - 1)
            own = select(clock, i)
            begun = own.zero + (first + j * stride)
            row[i] = theta[j, i] + gains[j, i] * (own.at(time[i]) - own.at(begun))
    return found


def _reached(goal: Floats, clock: Clock, drift: RatePath, until: Floats) -> Floats:
    """When theta reaches values (k, n), inf for never; not all times after `until` are found."""
    time = np.full_like(goal, np.inf)
    course, left = _Course.of(clock, drift), goal.copy()
    while True:
        done = (left == np.inf).all(axis=0) | (course.clock.zero + course.day > until)
        if worth_dropping(done):
            index = np.flatnonzero(~done)
            course, left, until = select(course, index), left[:, index], until[index]
            if not index.size:
                return time
        first = course.day
        theta, gains, stride = course.steps()
        for row, goals in zip(time, left, strict=True):
            i = np.flatnonzero(goals <= theta[-1])
            if i.size:
                j = np.count_nonzero(theta[1:, i] < goals[i], axis=0)
                own = select(course.clock, i)
                begun = own.zero + (first + j * stride)
                when = own.when(own.at(begun) + (goals[i] - theta[j, i]) / gains[j, i])
                # Not beyond its step by rounding.
                row[course.number[i]] = np.clip(when, begun, begun + stride)
                goals[i] = np.inf
