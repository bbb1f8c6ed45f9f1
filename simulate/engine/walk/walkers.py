"""The draws that walk: what holds for each throughout, and where each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from simulate.engine.bent_line import Attrition
from simulate.engine.clock import Clock
from simulate.engine.walk.dynamics import Drift, NextSpells, Passing, Recovery
from simulate.scenario.arrays import Bools, Floats, Ints

T = TypeVar("T")

ALMOST = 1.0 - 1e-12
"""Share of the losses that count as all of them: a sum of many steps rounds."""

MIDNIGHT = 1e-9
"""Days before the end of a day that count as its end."""


class Moment(NamedTuple):
    """Time, strength present and cumulative losses of some draws, each of shape (n,)."""

    time: Floats
    strength: Floats
    lost: Floats


class Record(Protocol):
    """Takes down a walk up to the time `last`; most of its moments are `stride` days apart."""

    last: float
    stride: float

    def next_after(self, time: Floats) -> Floats:
        """The next moment that each draw awaits, inf for none."""

    def note(self, number: Ints, before: Moment, after: Moment, awaited: Floats) -> None:
        """Take down the two ends of a step, between which all is even, and what was awaited.

        The draws are given by their ascending numbers.
        """


@dataclass(frozen=True)
class Terms:
    """What holds for n draws throughout; the last axis of every array is the draw.

    A spell may cost a share of `size`; thresholds are shares of `whole`, or of all sent so far if
    that is None. Days are counted from `zero`, that of the count. `following` gives the spells
    after the first. Losses stop for good at `stop`; nobody walks beyond `end`, and the strength
    does not fall below `least`. Steps end at the `edges` of pauses, or not; none is longer than a
    day where the walk is `daily`, and most take `stride` days where men return.
    """

    number: Ints
    size: Floats
    whole: Floats | None
    zero: Floats
    clock: Clock
    attrition: Attrition
    arrivals: Floats
    recovery: Recovery | None
    drift: Drift | None
    following: NextSpells | None
    stop: Floats
    end: Floats
    ladder: tuple[float, ...]
    least: float
    edges: bool
    daily: bool
    stride: float

    @cached_property
    def usual(self) -> Passing | None:
        """What a step of the usual length does to those who recover."""
        return None if self.recovery is None else self.recovery.passing(self.stride)

    @property
    def by_strength(self) -> bool:
        """Whether thresholds are reached by strength; where nobody returns that is the same."""
        return self.whole is not None or self.recovery is None

    def shared(self, sent: Floats) -> Floats:
        """What thresholds are shares of."""
        return sent if self.whole is None else self.whole

    def goal(self, next_threshold: Ints, whole: Floats) -> Floats:
        """The strength or the losses at which a threshold is reached, by its number."""
        share = np.take((*self.ladder, np.inf), next_threshold)
        return (1.0 - share) * whole if self.by_strength else share * whole

    def target(self, next_threshold: Ints, whole: Floats) -> Floats:
        """Almost the goal: a threshold that falls on the end of a spell is not missed."""
        missing = (1.0 - ALMOST) * (whole if self.by_strength else -whole)
        return self.goal(next_threshold, whole) + missing

    def day(self, time: Floats) -> Floats:
        """Number of the day that begins or is under way, counted from the day of the count."""
        return np.floor(time - self.zero + MIDNIGHT)


@dataclass
class State:
    """Where n draws are; arrays of shape (n,) but for four.

    The clock shows `shown`. Where nobody returns, `base` is the strength at the last arrival, or at
    the count, and `spent` what the clock has advanced since, at each draw's own intensity.
    Reinforcements on their way are `pending` (arrivals, n); those who will return are `waiting`
    (stages, n), and `coming` a day returned in the last step. With drift, `level` is that of the
    log-rate, and `paces` (days, n) are factors on the rate. In spell number `spell` the intensity
    is `turn`; it, or without `on_line` the rest after it, ends at the time `spell_end`, or once
    `spell_losses` are lost. `event` is the next moment at which something happens that is known
    beforehand. The next threshold is reached at `target`; the others were at `crossed`
    (thresholds, n).
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
    next_threshold: Ints
    target: Floats
    crossed: Floats

    @property
    def moment(self) -> Moment:
        """What a record is shown."""
        return Moment(self.time, self.strength, self.lost)

    def put(self, index: Ints, part: State) -> None:
        """Take over where some draws are, in place."""
        for name in self.__dataclass_fields__:
            whole, some = getattr(self, name), getattr(part, name)
            if whole.ndim == 1:
                whole[index] = some  # several times as fast as [..., index]
            else:
                whole[:, index] = some


def select(value: T, index: Ints) -> T:
    """The same value for some draws only: every array in it is cut along its last axis."""
    found: Any = value
    if isinstance(value, np.ndarray):
        found = value[index] if value.ndim == 1 else value.take(index, axis=-1)
    elif hasattr(value, "__dataclass_fields__"):
        parts = (select(getattr(value, name), index) for name in value.__dataclass_fields__)
        found = type(value)(*parts)
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        found = type(value)(*(select(part, index) for part in value))
    elif isinstance(value, list):
        found = [select(part, index) for part in value]
    same: T = found
    return same
