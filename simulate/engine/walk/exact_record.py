"""Strength and losses at given moments while men return, from the parts of a walk.

The walk need not stop at a moment: from the beginning of each part the men of a draw follow in
closed form. Moment by moment all draws move on by the same days, whose transition is computed once
where no rate has a trend, and those with a new part begin it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from simulate.engine.bent_line import Claim
from simulate.engine.clock import QUIET
from simulate.engine.draws import select
from simulate.engine.strength import Rows, Seen
from simulate.engine.walk.dynamics import Recovery
from simulate.engine.walk.emptied import Leg, Ring, hold
from simulate.engine.walk.returning import Men, Stretch, Transition, move
from simulate.engine.walk.walkers import State
from simulate.scenario.arrays import Bools, Floats, Ints, at_least

_AT_ONCE = 2**15
"""Draws that go from moment to moment together. The array of their ways is small enough for the C
library to keep its memory."""


class _Ways(NamedTuple):
    """How some draws go on from the first of their moments; shape (n,).

    `rows` (n, 5 + stages) are rate, growth and inflow as in `Stretch`, the losses until then, and
    the men: what one draw needs lies together in memory.
    """

    number: Ints
    first: Ints
    held: Bools
    rows: Floats


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
        day = np.floor(time).clip(-1.0, self.last)
        return self._come[day.astype(np.int64) + 1]

    def seen(self, number: Rows, strength: Floats, *lost: Floats) -> Seen:
        """What a recorder sees of some draws; losses count from when the stock was counted."""
        before = self._before[number]
        losses = (at_least(row - before, 0.0) for row in lost)
        return Seen(at_least(strength, 0.0) + self._floor[number], *losses)


class ExactRecord(AtMoments):
    """The parts of the ways of draws in which moments lie."""

    def __init__(self, times: Sequence[float], claim: Claim, recovery: Recovery) -> None:
        super().__init__(times, claim)
        self._recovery, self._parts = recovery, list[_Ways]()

    def wants(self, time: Floats, crossed: Floats) -> Bools:
        """Until the last moment."""
        del crossed
        return time < self.last

    @QUIET
    def add(self, number: Ints, state: State, upto: Floats, part: Leg) -> None:
        """Add a part of a step to `upto` of the draws `number`."""
        i = part.draws
        begin, end = state.time[i] + part.begin, state.time[i] + part.end
        # The next step begins exactly where this one ends.
        end = np.where(part.end < upto[i] - state.time[i], end, upto[i])
        first = self.come_by(begin)
        j = np.flatnonzero(self.come_by(end) > first)
        i, first, (stretch, men) = i[j], first[j], select((part.stretch, part.men), j)
        days = self.times[first] - begin[j]
        men, lost = (hold if part.held else move)(stretch, men, days)
        lost += state.lost[i] + part.lost[j]
        rows = np.empty((i.size, 5 + len(men.waiting)))
        rate = stretch.losses_a_day(days)
        of_each = (rate, stretch.growth, stretch.inflow, lost, men.strength, *men.waiting)
        for row, values in zip(rows.T, of_each, strict=True):
            row[:] = values
        held = np.broadcast_to(part.held, i.size)
        # So few bits are fast to sort.
        self._parts.append(_Ways(number[i], first.astype(np.uint16), held, rows))

    def replay(self) -> Iterator[tuple[Ints, int, Seen]]:
        """Strength and losses of some draws by number, moment by moment, and then of the next."""
        for begin in range(0, self._floor.size, _AT_ONCE):
            yield from self._replay(slice(begin, min(begin + _AT_ONCE, self._floor.size)))

    def _replay(self, draws: slice) -> Iterator[tuple[Ints, int, Seen]]:
        ways = self._ways(draws)
        order = np.argsort(ways.first, kind="stable")
        upto = np.cumsum(np.bincount(ways.first, minlength=self.times.size)).tolist()
        number = np.arange(draws.start, draws.stop)
        now = _Now(number.size, select(self._recovery, number), ways)
        days = np.diff(self.times, prepend=self.first).tolist()
        for moment, (begin, end) in enumerate(pairwise([0, *upto])):
            now.go_on(days[moment])
            now.begin(ways, order[begin:end])
            yield number, moment, self.seen(draws, now.men.strength, now.lost)

    def _ways(self, draws: slice) -> _Ways:
        """The ways of some draws, numbered from the first of them."""
        bounds = [draws.start, draws.stop]
        cuts = [slice(*np.searchsorted(part.number, bounds)) for part in self._parts]
        found = (
            np.concatenate([row[cut] for row, cut in zip(rows, cuts, strict=True)])
            for rows in zip(*self._parts, strict=True)
        )
        ways = _Ways(*found)
        return ways._replace(number=ways.number - draws.start)


class _Now:
    """The draws of a path at a moment."""

    def __init__(self, n: int, recovery: Recovery, ways: _Ways) -> None:
        # Numbers where no draw has a trend, or an inflow.
        growth, inflow = (np.zeros(n) if row.any() else 0.0 for row in ways.rows.T[1:3])
        self.stretch = Stretch(np.zeros(n), growth, recovery.share, recovery.pace, inflow)
        self.men = Men(np.zeros(n), np.zeros((recovery.stages, n)))
        self.lost = np.zeros(n)
        self._held = np.zeros(n, dtype=np.bool_)
        self._ever_held = np.unique(ways.number[ways.held])
        self._place = np.cumsum(np.bincount(self._ever_held, minlength=n)) - 1
        self._known: dict[float, Transition] = {}
        self._rings: dict[float, Ring] = {}

    @QUIET
    def go_on(self, days: float) -> None:
        """Some days later, the draws being on their ways."""
        stretch, before = self.stretch, self.men
        transition = self._over(days)
        men, more = transition.move(stretch, before)
        lost = self.lost + more
        i = np.flatnonzero(self._held)
        if i.size:
            held, more = self._ring_over(days, i).move(select(stretch, i), select(before, i))
            men.strength[i], men.waiting[:, i] = held
            lost[i] = self.lost[i] + more
        if np.any(stretch.growth):
            stretch.rate[:] = stretch.losses_a_day(transition.days)
        self.men, self.lost = men, lost

    def _over(self, days: float) -> Transition:
        """What some days do; where no rate has a trend, always the same."""
        if days not in self._known or np.any(self.stretch.growth):
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

    def begin(self, ways: _Ways, which: Ints) -> None:
        """Some draws have another way, of which this is the first moment."""
        i = ways.number[which]
        self._held[i] = ways.held[which]
        of = self.stretch
        of_each = (of.rate, of.growth, of.inflow, self.lost, self.men.strength, *self.men.waiting)
        for row, values in zip(of_each, ways.rows.take(which, axis=0).T, strict=True):
            if isinstance(row, np.ndarray):
                row[i] = values
