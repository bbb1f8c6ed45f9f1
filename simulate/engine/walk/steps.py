"""One step of a walk: what is lost, who returns, which thresholds are crossed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from simulate.engine.bent_line import Attrition, Claim
from simulate.engine.clock import LONGEST, Clock
from simulate.engine.grid import ROUNDING
from simulate.engine.walk.recovery import Passing, Recovery
from simulate.engine.walk.walkers import ALMOST, State, Terms, select

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_INSTANT = 4.0
"""Spacings of a float below which a length of time counts as none."""

_ROUNDED = 1e-11
"""Days by which a step of the usual length may differ from it by rounding."""


class Step(NamedTuple):
    """A step to `upto`: what the clock shows then, and the strength left if nobody returns.

    At a constant rate that can be below zero; `spent` is as in `State`.
    """

    upto: Floats
    shown: Floats
    left: Floats
    spent: Floats

    def put(self, i: Ints, part: Step) -> None:
        """Take over the steps of some draws, in place."""
        for whole, some in zip(self, part, strict=True):
            whole[i] = some


@dataclass(frozen=True)
class ClaimedPath:
    """What losses go by up to the count: the claim, whatever the strength; they end at `stop`."""

    claim: Claim
    stop: Floats
    shown: Floats
    strength: Floats
    spent: Floats

    @classmethod
    def of(cls, terms: Terms, state: State, claim: Claim) -> Self:
        """The present one of some draws."""
        return cls(claim, terms.stop, state.shown, state.strength, state.spent)

    def step(self, upto: Floats) -> Step:
        """A step to a moment before which nothing else happens."""
        shown = self.claim.losses_at(np.minimum(upto, self.stop))
        return Step(upto, shown, self.strength - (shown - self.shown), self.spent)


@dataclass(frozen=True)
class Pace:
    """What losses go by after the count until something happens; arrays of shape (n,).

    They are those of a strength `base`, since whose presence the clock has advanced by `spent`; of
    `coming` men who return a day half count as present from the first.
    """

    time: Floats
    shown: Floats
    strength: Floats
    base: Floats
    spent: Floats
    coming: Floats | None
    intensity: Floats | float
    clock: Clock
    attrition: Attrition

    @classmethod
    def of(cls, terms: Terms, state: State) -> Self:
        """The present one of some draws."""
        base, spent, coming = state.base, state.spent, None
        if terms.recovery is not None:
            base, spent = state.strength, np.zeros_like(state.spent)
            coming = None if terms.attrition.is_constant else state.coming
        if terms.drift is None:
            intensity: Floats | float = state.turn if terms.has_spells else 1.0
        else:
            days = terms.day(state.time).astype(np.int64) % len(state.paces)
            intensity = np.take_along_axis(state.paces, days[np.newaxis], axis=0)[0]
            if terms.has_spells:
                intensity = state.turn * intensity
        return cls(
            time=state.time,
            shown=state.shown,
            strength=state.strength,
            base=base,
            spent=spent,
            coming=coming,
            intensity=intensity,
            clock=terms.clock,
            attrition=terms.attrition,
        )

    def step(self, upto: Floats) -> Step:
        """A step to a moment before which nothing else happens."""
        base, shown = self._present(upto - self.time), self.clock.at(upto)
        with np.errstate(over="ignore"):
            spent = self.spent + np.minimum((shown - self.shown) * self.intensity, LONGEST)
        left = self.attrition.left_after(base, spent)
        if self.coming is not None:
            left = left + (self.strength - base)
        return Step(upto, shown, np.minimum(left, self.strength), spent)  # not above by rounding

    def when_lost(self, losses: Floats, days: Floats | float = 1.0) -> Floats:
        """When this many more are lost at the pace of a step of some days; inf for never."""
        return self.when_left(self.strength - np.maximum(losses, 0.0), days)

    def when_left(self, left: Floats, days: Floats | float = 1.0) -> Floats:
        """When the strength has fallen to `left` if nobody returns; inf for never."""
        base = self._present(days)
        if self.coming is not None:
            left = left + (base - self.strength)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            clock = (self.attrition.clock_for(base, left) - self.spent) / self.intensity
        return self.clock.when(self.shown + np.where(clock > 0, clock, 0.0))

    def _present(self, days: Floats | float) -> Floats:
        return self.base if self.coming is None else self.base + 0.5 * self.coming * days


def worn_out(state: State, pace: Pace, step: Step) -> Ints:
    """End steps where a spell has cost its share, in place; draws whose spell is over at once.

    A spell that may still cost more than are there goes on: where those who come back are lost at
    once the walk would else go from one handful to the next.
    """
    total = state.lost + (state.strength - step.left)
    i = np.flatnonzero(total >= state.spell_losses * ALMOST)
    missing = np.maximum(state.spell_losses[i] - state.lost[i], 0.0)
    enough = (missing <= state.strength[i]) & (state.strength[i] > 0)
    if not enough.any():
        return i[:0]
    i, missing = i[enough], missing[enough]
    part = select(pace, i)
    when = np.clip(part.when_lost(missing), part.time, step.upto[i])
    step.put(i, part.step(when))
    # Time can be too coarse for what is missing.
    return i[when <= part.time + _INSTANT * np.spacing(np.abs(part.time))]


def take(terms: Terms, state: State, pace: Pace | ClaimedPath, step: Step) -> None:
    """Subtract the losses of a step, let men return, note the thresholds crossed."""
    losses, strength, passing = state.strength - step.left, step.left, None
    back: Floats | float = 0.0
    days = step.upto - state.time
    if terms.recovery is not None:
        passing = _passing(terms, terms.recovery, days)
        waiting = passing.move(state.waiting)
        back = _total(state.waiting) - _total(waiting)
        strength = strength + (back + passing.within * losses)
    unlimited, short = strength, np.flatnonzero(strength < 0)
    if short.size:
        strength, losses = strength.copy(), losses.copy()
        losses[short] = _no_more_than_there_are(state.strength + back, losses, passing, short)
        strength[short] = 0.0
    lost = state.lost + losses
    # The strength is followed to where the step would lead, also below zero.
    _cross(terms, state, pace, step, unlimited, lost)
    if passing is not None:
        passing.join(waiting, losses)
        state.waiting = waiting
        if not terms.attrition.is_constant:
            felt = days > ROUNDING  # in less the change of a sum is its rounding alone
            coming = (back + passing.within * losses) / np.where(felt, days, 1.0)
            state.coming = np.where(felt, coming, state.coming)
    state.time, state.shown, state.spent = step.upto, step.shown, step.spent
    state.strength, state.lost = strength, lost


def _passing(terms: Terms, recovery: Recovery, days: Floats) -> Passing:
    """What steps do to those who recover; worked out once for those of the usual length."""
    usual, odd = terms.usual, np.flatnonzero(np.abs(days - terms.stride) > _ROUNDED)
    if not odd.size:
        return usual
    if odd.size == days.size:
        return recovery.passing(days)
    return usual.but(odd, select(recovery, odd).passing(days[odd]), days.size)


def _no_more_than_there_are(
    present: Floats, losses: Floats, passing: Passing | None, short: Ints
) -> Floats:
    """Losses of a step, for some draws, that use up all who are present or return within it."""
    within = 0.0 if passing is None else np.broadcast_to(passing.within, losses.shape)[short]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        most = np.maximum(present[short], 0.0) / (1.0 - within)
    return np.fmin(losses[short], most)  # no limit where all return at once


def _total(waiting: Floats) -> Floats:
    """Sum over the few stages; faster than a reduction along a short axis."""
    total: Floats = waiting[0].copy()
    for stage in waiting[1:]:
        total += stage
    return total


def _cross(
    terms: Terms,
    state: State,
    pace: Pace | ClaimedPath,
    step: Step,
    strength: Floats,
    lost: Floats,
) -> None:
    """Note when a step crosses thresholds."""
    value = strength if terms.by_strength else lost
    hit = np.flatnonzero(value <= state.target if terms.by_strength else value >= state.target)
    while hit.size:
        time, days, target = state.time[hit], (step.upto - state.time)[hit], state.target[hit]
        if isinstance(pace, ClaimedPath) or (terms.by_strength and terms.recovery is not None):
            # Those who return come nearly evenly.
            change = state.strength[hit] - strength[hit]
            part = (state.strength[hit] - target) / np.where(change > 0, change, 1.0)
            when = time + part * days
        elif terms.by_strength:
            when = select(pace, hit).when_left(target, days)
        else:
            when = select(pace, hit).when_lost(target / ALMOST - state.lost[hit], days)
        when = np.maximum(when, time)
        # Where so few are left that no float tells them from none, it may yet take months.
        there = when <= step.upto[hit] + ROUNDING
        hit, when = hit[there], when[there]
        next_threshold = state.next_threshold[hit]
        state.crossed[next_threshold, hit] = when
        state.next_threshold[hit] = next_threshold + 1
        state.target[hit] = target = terms.target(next_threshold + 1, terms.shared(state.sent)[hit])
        hit = hit[value[hit] <= target if terms.by_strength else value[hit] >= target]
