"""The draws that walk by days: what holds for each throughout, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from simulate.engine.bent_line import Attrition, Claim
from simulate.engine.clock import Clock
from simulate.engine.walk.dynamics import Drift, NextSpells
from simulate.engine.walk.recovery import Passing, Recovery

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
T = TypeVar("T")


ALMOST = 1.0 - 1e-12
"""Share of a threshold that counts as all of it: a sum of many days rounds."""


@dataclass(frozen=True)
class Moment:
    """Where some draws stand: time, strength present, cumulative losses, each of shape (n,)."""

    time: Floats
    strength: Floats
    lost: Floats


class Record(Protocol):
    """Keeps what it is shown of a walk, up to the time `last`."""

    last: float

    def note(self, number: Ints, before: Moment, after: Moment, which: Bools) -> None:
        """Take note of the two ends of a step, between which all goes evenly.

        Of the draws, given by their ascending numbers, only those in `which` count.
        """


@dataclass(frozen=True)
class Terms:
    """What holds for n draws throughout; the last axis of every array is the draw.

    Losses follow `claim` up to the day of the count, after which it is None. `size` is the force
    that a spell may cost a share of, `whole` what thresholds are shares of, None for all sent so
    far; `following` gives the spells after the first where units rotate. `stop` is when losses
    stop for good; `has_spells` says that intensities change at events,
    `has_events` that there are events after the count at all.
    """

    number: Ints
    claim: Claim | None
    size: Floats
    whole: Floats | None
    clock: Clock
    attrition: Attrition
    arrivals: Floats
    recovery: Recovery | None
    drift: Drift | None
    following: NextSpells | None
    stop: Floats
    ladder: tuple[float, ...]
    has_spells: bool
    has_events: bool

    @property
    def counted(self) -> bool:
        """Whether the day of the count is behind them."""
        return self.claim is None

    @cached_property
    def whole_day(self) -> Passing | None:
        """What a day does to those who recover."""
        return None if self.recovery is None else self.recovery.passing(1.0)

    @property
    def by_strength(self) -> bool:
        """Whether the strength tells when thresholds are reached; also where nobody returns."""
        return self.whole is not None or self.recovery is None

    def shared(self, sent: Floats) -> Floats:
        """What thresholds are shares of."""
        return sent if self.whole is None else self.whole

    def target(self, next_threshold: Ints, whole: Floats) -> Floats:
        """The strength or the losses at which a threshold is reached, given its number."""
        share = np.take((*self.ladder, np.inf), next_threshold)
        return (1.0 - share) * whole if self.by_strength else share * whole


@dataclass
class State:
    """Where n draws stand.

    Attributes
    ----------
    time, shown : ndarray, shape (n,)
        Days, and what the clock shows; before the count, what is lost by the claim.
    strength, lost, sent : ndarray, shape (n,)
    base, spent : ndarray, shape (n,)
        Where nobody returns, the strength at the last arrival, or at the count, and what the clock
        has advanced since, at each draw's own intensity.
    pending : ndarray, shape (arrivals, n)
        Reinforcements on their way.
    waiting, recovering : ndarray, shape (stages, n) and (n,)
        Those who will return, by stage and in all.
    coming : ndarray, shape (n,)
        Men who returned a day of late.
    level, pace : ndarray, shape (n,)
        The drift of the log-rate, and the factor it stands for.
    turn : ndarray, shape (n,)
        Intensity of the present spell or rest.
    spell : ndarray of int, shape (n,)
        Number of the present spell; then the rest after it, whether it is on the line, and the
        time or the losses at which it or the rest ends.
    event : ndarray, shape (n,)
        The next moment at which something happens that is known beforehand.
    next_threshold, target, crossed : ndarray, shape (n,), (n,) and (thresholds, n)
        How many thresholds are crossed, where the next one is looked for, and when each was.
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
    recovering: Floats
    coming: Floats
    level: Floats
    pace: Floats
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
        """Take over where some draws stand, in place."""
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
