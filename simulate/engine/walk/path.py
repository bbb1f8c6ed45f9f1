"""Strength and losses at given moments while men return, from the parts of a walk.

The walk need not stop at a moment: from the beginning of each part the men of a draw follow in
closed form. Moment by moment all draws move on by the same days, whose transition is computed once
where no rate has a trend, and those with a new part begin it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from simulate.engine.bent_line import Claim
from simulate.engine.clock import QUIET
from simulate.engine.draws import select
from simulate.engine.strength import ALL, Rows, Seen
from simulate.engine.walk.dynamics import Recovery
from simulate.engine.walk.emptied import Part, Ring, hold
from simulate.engine.walk.returning import Men, Stretch, Transition, move
from simulate.engine.walk.walkers import State
from simulate.scenario.arrays import Bools, Floats, Ints


class _Ways(NamedTuple):
    """How some draws go on: losses and inflow a day, and the men at first; shape (n,) each.

    The first row of `men` is the strength, the others those who wait by stage.
    """

    number: Ints
    first: Ints
    begin: Floats
    held: Bools
    rate: Floats
    growth: Floats
    inflow: Floats
    lost: Floats
    men: Floats


class AtMoments:
    """Moments, whole days, of walks in which the strength is counted from the floor of a claim."""

    def __init__(self, times: Sequence[float], claim: Claim) -> None:
        self.first, self.last = float(times[0]), float(times[-1])
        self.times = np.asarray(times)
        self._floor, self._before = claim.lowest, claim.before
        # How many moments have come by the days -1, 0, ..., one more serving all later days.
        self._come = np.searchsorted(times, np.arange(-1.0, self.last + 2.0), "right")

    def come_by(self, time: Floats) -> Ints:
        """How many moments have come by each time."""
        day = np.floor(time)
        np.minimum(np.maximum(day, -1.0, out=day), self.last, out=day)
        return self._come[day.astype(np.int64) + 1]

    def seen(self, number: Rows, strength: Floats, *lost: Floats) -> Seen:
        """What a recorder sees of some draws; losses count from when the stock was counted."""
        before = self._before[number]
        losses = (np.maximum(row - before, 0.0) for row in lost)
        return Seen(np.maximum(strength, 0.0) + self._floor[number], *losses)


class Path(AtMoments):
    """The parts of the ways of draws in which moments lie."""

    def __init__(self, times: Sequence[float], claim: Claim, recovery: Recovery) -> None:
        super().__init__(times, claim)
        self._recovery, self._parts = recovery, list[_Ways]()

    def wants(self, time: Floats, crossed: Floats) -> Bools:
        """Until the last moment."""
        del crossed
        return time < self.last

    def add(self, number: Ints, state: State, upto: Floats, part: Part) -> None:
        """Add a part of a step to `upto` of the draws `number`."""
        i, (strength, waiting), stretch = part.draws, part.men, part.stretch
        begin, end = state.time[i] + part.begin, state.time[i] + part.end
        # The next step begins exactly where this one ends.
        end = np.where(part.end < upto[i] - state.time[i], end, upto[i])
        first = self.come_by(begin)
        ways = _Ways(
            number=number[i],
            first=first,
            begin=begin,
            held=np.broadcast_to(part.held, i.size),
            rate=stretch.rate,
            growth=np.broadcast_to(stretch.growth, i.size),
            inflow=np.broadcast_to(stretch.inflow, i.size),
            lost=state.lost[i] + part.lost,
            men=np.vstack([strength, waiting]),
        )
        self._parts.append(select(ways, np.flatnonzero(self.come_by(end) > first)))

    def replay(self) -> Iterator[Seen]:
        """Strength and losses of all draws, shape (n,) each, moment by moment."""
        parts = _Ways(*(np.concatenate(rows, axis=-1) for rows in zip(*self._parts, strict=True)))
        self._parts.clear()
        _meet(parts, self.times, self._recovery)
        order = np.argsort(parts.first.astype(np.uint16), kind="stable")  # fast for so few bits
        upto = np.cumsum(np.bincount(parts.first, minlength=self.times.size)).tolist()
        now = _Now(self._floor.size, self._recovery, parts.number[parts.held])
        last = self.first
        for time, begun, end in zip(self.times.tolist(), [0, *upto], upto, strict=False):
            now.go_on(time - last)
            last = time
            now.begin(select(parts, order[begun:end]), time)
            yield self.seen(ALL, now.men.strength, now.lost)


@QUIET
def _meet(ways: _Ways, times: Floats, recovery: Recovery) -> None:
    """Go along those ways on which nobody is left up to their first moment, in place."""
    i = np.flatnonzero(ways.held)
    some, met = select(ways, i), times[ways.first[i]]
    share, pace = select((recovery.share, recovery.pace), some.number)
    part, days = Stretch(some.rate, some.growth, share, pace, some.inflow), met - some.begin
    men, lost = hold(part, Men(some.men[0], some.men[1:]), days)
    ways.begin[i], ways.rate[i] = met, part.losses_a_day(days)
    ways.men[0, i], ways.men[1:, i] = men
    ways.lost[i] += lost


class _Now:
    """The draws of a path at a moment."""

    def __init__(self, n: int, recovery: Recovery, held: Ints) -> None:
        self._growth, self._inflow = np.zeros((2, n))
        self.stretch = Stretch(
            np.zeros(n), self._growth, recovery.share, recovery.pace, self._inflow
        )
        self.men = Men(np.zeros(n), np.zeros((recovery.stages, n)))
        self.lost = np.zeros(n)
        self._held, self._ever_held = np.zeros(n, dtype=np.bool_), np.unique(held)
        self._place = np.cumsum(np.bincount(self._ever_held, minlength=n)) - 1
        self._known: dict[float, Transition] = {}
        self._rings: dict[float, Ring] = {}

    @QUIET
    def go_on(self, days: float) -> None:
        """Some days later, the draws being on their ways."""
        stretch, before = self.stretch, self.men
        transition = self._over(days)
        lost = self.lost + stretch.rate * transition.worth
        men = transition.move(stretch, before)
        i = np.flatnonzero(self._held)
        if i.size:
            held, more = self._ring_over(days, i).move(select(stretch, i), select(before, i))
            men.strength[i], men.waiting[:, i] = held
            lost[i] = self.lost[i] + more
        stretch.rate[:] = stretch.losses_a_day(transition.days)
        self.men, self.lost = men, lost

    def _over(self, days: float) -> Transition:
        """What some days do; where no rate has a trend, always the same."""
        if days not in self._known or self._growth.any():
            some = np.full_like(self.lost, days)
            of = self.stretch
            stages = len(self.men.waiting)
            self._known[days] = Transition.of(of.pace, of.growth, some, stages)
        return self._known[days]

    def _ring_over(self, days: float, i: Ints) -> Ring:
        """What some days do to draws of which nobody is left, worked out once for all of them."""
        if days not in self._rings:
            some, all_days = self._ever_held, np.full(self._ever_held.size, days)
            ring = Ring.of(select(self.stretch, some), all_days, len(self.men.waiting))
            self._rings[days] = ring
        return select(self._rings[days], self._place[i])

    @QUIET
    def begin(self, ways: _Ways, time: float) -> None:
        """Some draws have another way, of which this is the first moment."""
        i, days = ways.number, time - ways.begin
        share, pace = select((self.stretch.share, self.stretch.pace), i)
        part = Stretch(ways.rate, ways.growth, share, pace, ways.inflow)
        men = Men(ways.men[0], ways.men[1:])
        self.stretch.rate[i], self._growth[i] = part.losses_a_day(days), ways.growth
        self._inflow[i], self._held[i] = ways.inflow, ways.held
        self.men.strength[i], self.men.waiting[:, i] = move(part, men, days)
        self.lost[i] = ways.lost + part.losses(days)
