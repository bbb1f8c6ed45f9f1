"""A force of which nobody is left: men who return or arrive are lost at once.

The last stage then feeds the first, w_0' = s (b + a w_(k-1)) - a w_0, for as long as the losses
L that would be possible exceed the b + a w_(k-1) who come. Names and shapes as in `returning`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np

from simulate.engine.clock import QUIET
from simulate.engine.draws import select
from simulate.engine.walk.returning import (
    FASTEST,
    Men,
    Stretch,
    first_fall,
    from_the_left,
    is_now,
    move,
    parabola,
    total,
)
from simulate.scenario.arrays import Bools, Floats, Ints


def first_gain(stretch: Stretch, men: Men, days: Floats) -> Floats:
    """The first time within `days` at which more come than can be lost, where nobody is left.

    From the left, as `first_fall`, for the shortfall h = L - b - f_(k-1). The stages feed each
    other in a ring: in a window of d days no flow exceeds max f + s a b d, nor the greater of max f
    and s b / (1 - s); let U be the less of both, or s (b + U) if that is more. Hence h' is at least
    -a U, or g L - a U with a falling rate, and h'' at least -2 a^2 U.
    """
    of = (stretch, men, np.zeros_like(days), days)
    return from_the_left(*of, safe=_still_short, follow=hold)


@QUIET
def _still_short(stretch: Stretch, men: Men, level: Floats, days: Floats) -> tuple[Floats, Floats]:
    """By how much losses exceed those who come, and for how long they provably do."""
    del level
    loss, flow = stretch.rate, stretch.pace * men.waiting
    come, share = stretch.inflow, stretch.share
    met = reduce(np.maximum, flow, np.zeros_like(loss))
    # Meanwhile flows at most double, and a falling rate falls to a third.
    window = np.fmin(
        (met + come) / (share * stretch.pace * come), 1.0 / np.maximum(-stretch.growth, 0.0)
    )
    window = np.fmin(days, window)

    def most(window: Floats) -> Floats:
        highest = np.fmax(met, share * come / (1.0 - share))
        highest = np.fmin(met + share * stretch.pace * come * window, highest)
        return np.maximum(highest, share * (come + highest))

    before = flow[-2] if len(flow) > 1 else share * (come + flow[-1])
    missing = loss - come - flow[-1]
    slope = stretch.growth * loss - stretch.pace * (before - flow[-1])
    steepest = stretch.pace * most(window)
    by_line = missing / (steepest - np.minimum(stretch.growth, 0.0) * loss)
    step = np.fmax(by_line, parabola(missing, slope, 2.0 * stretch.pace * steepest))
    never = np.minimum(loss, stretch.losses_a_day(days)) > come + most(days)
    return missing, np.where(never, days, np.minimum(window, step))


def hold(stretch: Stretch, men: Men, days: Floats) -> tuple[Men, Floats]:
    """Stages and losses after some days on which all who return or arrive are lost at once."""
    return Ring.of(stretch, days, len(men.waiting)).move(stretch, men)


class Ring(NamedTuple):
    """What some days do to the stages while all who return or arrive are lost at once.

    The stages form a ring, in which P moves all one stage on and s of the last into the first. In
    x = a days the matrix is exp(x (P - 1)), the sum over r < k of c_r(x) P^r, where c_r sums the
    Poisson probabilities of n = r, r + k, ... times s^(n // k), as P^k = s. From a short time on it
    is doubled; every term is positive. `now` is c_r(x), `once` its integral from 0 to x, and
    `twice` the integral of that, each of shape (stages, n).
    """

    days: Floats
    now: Floats
    once: Floats
    twice: Floats

    @classmethod
    def of(cls, stretch: Stretch, days: Floats, stages: int) -> Self:
        """The matrix of some days, shape (n,), at any rate."""
        share, passed = np.broadcast_arrays(stretch.share, np.minimum(stretch.pace * days, FASTEST))
        ring, short = np.empty((3, stages, days.size)), passed <= _SHORT[0]
        for which, mean, terms in zip((short, ~short), _SHORT, _TERMS, strict=True):
            index = np.flatnonzero(which)
            for first in range(0, index.size, _AT_ONCE):
                i = index[first : first + _AT_ONCE]
                ring[:, :, i] = _ring(passed[i], share[i], stages, mean, terms)
        return cls(days, *ring)

    def move(self, stretch: Stretch, men: Men) -> tuple[Men, Floats]:
        """The men at the end, and the losses by then."""
        share, stages = stretch.share, len(men.waiting)
        fed = share * stretch.inflow / stretch.pace
        waiting = np.zeros_like(men.waiting)
        lost = stretch.inflow * self.days + fed * self.twice[-1]
        for r in range(stages):
            waiting += self.now[r] * np.concatenate(
                [share * men.waiting[stages - r :], men.waiting[: stages - r]]
            )
            waiting[r] += fed * self.once[r]
            lost = lost + self.once[r] * men.waiting[stages - 1 - r]
        return Men(np.zeros_like(self.days), waiting), lost


_SHORT, _TERMS = (0.25, 4.0), (12, 32)
"""Means of Poisson numbers, and how many of their probabilities are not negligible."""

_ROUNDING = 1e-9  # share of a sum that rounding may cost
_AT_ONCE = 2**11  # draws whose probabilities fit a core's cache


def _ring(passed: Floats, share: Floats, stages: int, mean: float, terms: int) -> Floats:
    """The three parts of a ring, from its series up to a mean and by doubling beyond it."""
    doublings = np.ceil(np.log2(np.maximum(passed / mean, 1.0))).astype(np.int64)
    short = passed / 2.0**doublings
    rounds = -(-terms // stages)
    count = rounds * stages
    chances = np.vstack([np.exp(-short), short / np.arange(1.0, count + 2).reshape(-1, 1)])
    for before, row in pairwise(chances):
        np.multiply(row, before, out=row)
    beyond = _sums_after(chances)
    further = _sums_after(beyond)
    series = np.array(
        [part[:count].reshape(rounds, stages, -1) for part in (chances, beyond, further)]
    )
    ring = series[:, -1].copy()
    for row in range(rounds - 2, -1, -1):  # Horner's rule
        ring *= share
        ring += series[:, row]
    for done in range(int(doublings.max(initial=0))):
        i = np.flatnonzero(doublings > done)
        now, once, twice = (part[:, i] for part in ring)
        length, back = short[i] * 2.0**done, share[i]
        ring[2][:, i] = twice + length * once + _around(now, twice, back)
        ring[1][:, i] = once + _around(now, once, back)
        ring[0][:, i] = _around(now, now, back)
    return ring


def _sums_after(rows: Floats) -> Floats:
    """For each row but the last, the sum of those after it; many times as fast as a cumsum."""
    found = rows[1:].copy()
    for row, after in pairwise(found[::-1]):
        np.add(after, row, out=after)
    return found


def _around(one: Floats, other: Floats, share: Floats) -> Floats:
    """The product of two sums over P^r, by P^stages = share."""
    found, stages = np.zeros_like(one), len(one)
    for r in range(stages):
        found[r:] += one[r] * other[: stages - r]
        found[:r] += share * (one[r] * other[stages - r :])
    return found


# --- both ---


class After(NamedTuple):
    """The men at the end, the losses by then, and when it was."""

    men: Men
    lost: Floats
    time: Floats


class Leg(NamedTuple):
    """A part of the way of some draws; with `held` nobody is left in it, else somebody always is.

    It runs from `begin` to `end`, in days of the whole way; `men` and `lost` are those at first.
    """

    draws: Ints
    stretch: Stretch
    men: Men
    lost: Floats
    begin: Floats
    end: Floats
    held: bool


def advance(
    stretch: Stretch,
    men: Men,
    days: Floats,
    least: Floats,
    most: Floats | None = None,
    *,
    seen: Callable[[Leg], None] | None = None,
) -> After:
    """Strength, stages and losses after some days, the strength never below zero.

    Nobody is left once the strength would fall to `least`, a number not above zero by which
    rounding does not count. The way ends earlier where `most` are lost. `seen` is called with
    each part of it.
    """
    room = np.full_like(days, np.inf) if most is None else most
    time, enough = _free(stretch, men, days, least, room)
    if seen is not None:
        none = np.zeros_like(days)
        seen(Leg(np.arange(days.size), stretch, men, none, none, time, held=False))
    end, lost = move(stretch, men, time)
    i, held = np.flatnonzero((time < days) & ~enough), True
    while i.size:
        some, now = select(stretch, i).later(time[i]), select(end, i)
        left, still = days[i] - time[i], room[i] - lost[i]
        if held:
            until, enough = _held(some, now, left, still)
        else:
            until, enough = _free(some, now, left, least[i], still)
        then, more = (hold if held else move)(some, now, until)
        if seen is not None:
            seen(Leg(i, some, now, lost[i], time[i], time[i] + until, held=held))
        time[i] += until
        lost[i] += more
        end.strength[i], end.waiting[:, i] = then
        i, held = i[(until < left) & ~enough], not held
    return After(end, lost, time)


def _free(
    stretch: Stretch, men: Men, days: Floats, least: Floats, most: Floats
) -> tuple[Floats, Bools]:
    """How long some are left, and whether so many are lost by then."""
    when = stretch.when_lost(most)
    days = np.minimum(days, when)
    time = np.minimum(first_fall(stretch, men, least, days), days)
    return time, when <= time


@QUIET
def _held(stretch: Stretch, men: Men, days: Floats, most: Floats) -> tuple[Floats, Bools]:
    """How long nobody is left, and whether so many are lost by then."""
    time = np.minimum(first_gain(stretch, men, days), days)
    # Of all who wait or are lost no more than this share, or all, can return meanwhile.
    soon = np.minimum(stretch.pace * time, 1.0)
    come = soon * total(men.waiting) + stretch.inflow * time
    i = np.flatnonzero(most * (1.0 - soon * stretch.share) <= come * (1.0 + _ROUNDING))
    i = i[hold(select(stretch, i), select(men, i), time[i])[1] >= most[i]]
    enough = np.zeros(time.shape, dtype=np.bool_)
    enough[i] = True
    part, first, most = select(stretch, i), select(men, i), most[i]
    low, high, when = np.zeros(i.size), time[i], np.zeros(i.size)
    now, lost = first, when
    while i.size:
        missing = most - lost
        low, high = np.where(missing > 0, when, low), np.where(missing > 0, high, when)
        # Newton's method, or bisection where that leads out of the bracket.
        then = when + missing / (part.inflow + part.pace * now.waiting[-1])
        then = np.where((then >= low) & (then <= high), then, 0.5 * (low + high))
        time[i] = then
        go = np.flatnonzero(~is_now(np.abs(then - when), when))
        i, most, low, high, when = i[go], most[go], low[go], high[go], then[go]
        part, first = select(part, go), select(first, go)
        now, lost = hold(part, first, when)
    return time, enough
