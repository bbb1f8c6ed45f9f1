"""The draws of a walk: what stays the same for each, and its state."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from msgspec import Struct

from simulate.engine.bent_line import Attrition, Goal
from simulate.engine.clock import Clock
from simulate.engine.draws import select
from simulate.engine.first_passage import Inflow
from simulate.engine.season import Season
from simulate.engine.walk.dynamics import NextSpells, RatePath, Recovery
from simulate.engine.walk.returning import Men, Transition
from simulate.scenario.arrays import Bools, Floats, Ints
from simulate.scenario.stocks import Amount

ALMOST = 1.0 - 1e-12
"""Share of the losses that count as all of them: a sum of many steps rounds."""

MIDNIGHT = 1e-9
"""Days before the end of a day that count as its end."""


class Moment(NamedTuple):
    """Time, strength present and cumulative losses of some draws, each of shape (n,).

    Also when thresholds were reached, inf for those still ahead, shape (thresholds, n), and what
    would be lost `beyond`, as in `State`.
    """

    time: Floats
    strength: Floats
    lost: Floats
    crossed: Floats
    beyond: Floats


class Recording(Protocol):
    """Records a walk from the time `first` to the time `last`."""

    first: float
    last: float

    def wants(self, time: Floats, crossed: Floats) -> Bools:
        """Whether more is to be recorded of draws at a time, with thresholds reached."""


class Record(Recording, Protocol):
    """Records the moments that draws await."""

    def next_after(self, time: Floats) -> Floats:
        """The next moment that each draw awaits, inf for none."""

    def note(self, number: Ints, before: Moment, after: Moment, awaited: Floats) -> None:
        """Record a step, linear between its two ends, and the awaited moments.

        `number` (ascending) says which draws they are.
        """


class Terms(Struct, frozen=True, dict=True):
    """What stays the same for n draws; the last axis of every array is the draw.

    A spell may cost a share of `size`, which is what was there at `since`, if a stock was counted
    then. Days are counted from `zero`, the day of the count. `following` gives the spells after the
    first. Losses stop for good at `stop`, the walk ends at `end`, and the strength, counted from
    `floor`, does not fall below `least`. With `edges`, steps also end where the clock has an
    edge; with `daily`, none is longer than a day. With `recount`, the strength is set to
    the stock on its day. Steps with inflows are `exact` or, by days, nearly so.
    """

    number: Ints
    size: Floats
    goal: Goal
    zero: Floats
    since: Floats
    clock: Clock
    season: Season | None
    attrition: Attrition
    arrivals: Floats
    inflows: list[Inflow]
    recovery: Recovery | None
    drift: RatePath | None
    following: NextSpells | None
    stop: Floats
    end: Floats
    floor: Floats
    least: float
    edges: bool
    daily: bool
    recount: bool
    exact: bool
    record: Recording | None = None

    @cached_property
    def usual(self) -> Transition | None:
        """Transition over a day."""
        return None if self.recovery is None else self.recovery.passing(np.ones(1))

    @cached_property
    def by_losses(self) -> tuple[bool, ...]:
        """For each threshold, whether losses rather than strength decide.

        Without returns both agree, but for losses while nothing is left.
        """
        shares = self.goal.whole is None and self.recovery is not None
        return tuple(
            q.kind == "lost" if isinstance(q, Amount) else shares for q in self.goal.thresholds
        )

    @cached_property
    def rises(self) -> tuple[float, ...]:
        """How much each threshold rises with each one more sent."""
        pairs = zip(self.goal.thresholds, self.by_losses, strict=True)
        return tuple(self.goal.rise(q, by_losses=by_losses) for q, by_losses in pairs)

    def goal_at(self, k: int, sent: Floats, i: Ints | None = None) -> Floats:
        """The strength or the losses at which all draws, or draws `i`, reach a threshold."""
        goal = self.goal if i is None else select(self.goal, i)
        if self.by_losses[k]:
            return goal.losses_at(goal.thresholds[k], sent)
        floor = self.floor if i is None else self.floor[i]
        return goal.left_at(goal.thresholds[k], sent) - floor

    def targets(self, sent: Floats, crossed: Floats, i: Ints | None = None) -> Floats:
        """Almost the goals, so that no threshold at the end of a spell is missed.

        Those that are crossed are out of reach.
        """
        found, whole = np.empty_like(crossed), self.goal.whole
        whole = sent if whole is None else whole if i is None else whole[i]
        for k, (row, done) in enumerate(zip(found, np.isfinite(crossed), strict=True)):
            missing = (1.0 - ALMOST) * (-whole if self.by_losses[k] else whole)
            row[:] = self.goal_at(k, sent, i) + missing
            row[done] = self.out_of_reach(k)
        return found

    def out_of_reach(self, k: int) -> float:
        """A target that is never reached."""
        return np.inf if self.by_losses[k] else -np.inf

    def inflow(self, time: Floats) -> Floats | None:
        """What comes in a day from each time on."""
        if not self.inflows:
            return None
        return sum((inflow.at(time) for inflow in self.inflows), np.zeros_like(time))

    def day(self, time: Floats) -> Floats:
        """Number of the day that begins or is under way; the day of the count is 0."""
        return np.floor(time - self.zero + MIDNIGHT)


class State(Struct):
    """The state of n draws; arrays of shape (n,) unless another is given.

    The clock shows `shown`. Where nobody returns, `base` is the strength at the last arrival, or at
    the count, and `spent` what the clock has advanced since, at each draw's own intensity.
    Reinforcements on their way are `pending` (arrivals, n); those who will return are `waiting`
    (stages, n), and `coming` a day returned in the last step. Arrivals of negative size leave. With
    drift, `level` is where its path is, and `paces` (days, n) are factors on the rate. In
    spell number `spell` the intensity is `turn`; the spell, or without `on_line` the rest after it,
    ends at the time `spell_end`, or once `spell_losses` are lost. `event` is the next event whose
    time is known in advance. Thresholds are reached at `target`, those already reached were at
    `crossed`, else inf; both (thresholds, n). What would have been lost `beyond` what there was,
    (1, n), is kept where it is wanted, else (0, n).
    """

    time: Floats
    shown: Floats
    strength: Floats
    lost: Floats
    sent: Floats
    base: Floats
    spent: Floats
    pending: Floats
    waiting: Floats
    coming: Floats
    level: Floats
    paces: Floats
    turn: Floats
    spell: Ints
    rest_days: Floats
    rest_intensity: Floats
    on_line: Bools
    spell_end: Floats
    spell_losses: Floats
    event: Floats
    target: Floats
    crossed: Floats
    beyond: Floats

    @property
    def moment(self) -> Moment:
        """The part that a record needs."""
        return Moment(self.time, self.strength, self.lost, self.crossed, self.beyond)

    def men(self, index: Ints) -> Men:
        """Those present and those who will return, of some draws."""
        return Men(self.strength[index], self.waiting[:, index])

    def keep(self, index: Ints) -> None:
        """Drop all other draws, in place: no array is held beside all that is kept."""
        for name in self.__struct_fields__:
            setattr(self, name, select(getattr(self, name), index))

    def put(self, index: Ints, part: State) -> None:
        """Replace the state of some draws, in place."""
        for name in self.__struct_fields__:
            whole, some = getattr(self, name), getattr(part, name)
            if whole.ndim == 1:
                whole[index] = some  # several times as fast as [..., index]
            else:
                whole[:, index] = some


def worth_dropping(done: Bools) -> bool:
    """Whether finished draws are at least one in eight; earlier dropping them does not pay."""
    return bool(np.count_nonzero(done) * 8 >= done.size)
