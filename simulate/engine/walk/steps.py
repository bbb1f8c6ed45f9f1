"""One step of a walk: what is lost, who returns, which thresholds are crossed on the way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simulate.engine.clock import LONGEST
from simulate.engine.grid import ROUNDING
from simulate.engine.walk.recovery import Passing
from simulate.engine.walk.walkers import ALMOST, State, Terms

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Step(NamedTuple):
    """A step to `upto`: what the clock shows then, its losses, and what it does to the wounded.

    `left` is the strength at its end before anyone returns, and `spent` as in `State`. At a
    constant rate the losses may be more than there are.
    """

    upto: Floats
    shown: Floats
    losses: Floats
    left: Floats
    spent: Floats
    passing: Passing | None


def next_step(terms: Terms, state: State, upto: Floats, passing: Passing | None) -> Step:
    """The step to a moment before which nothing else happens."""
    if terms.claim is not None:
        claimed = terms.claim.losses_at(np.minimum(upto, terms.stop))
        losses = claimed - state.shown
        return Step(upto, claimed, losses, state.strength - losses, state.spent, passing)
    shown = terms.clock.at(upto)
    base, before = _standing(terms, state, upto)
    with np.errstate(over="ignore"):
        spent = before + np.minimum((shown - state.shown) * _intensity(terms, state), LONGEST)
    left = terms.attrition.left_after(base, spent)
    if terms.recovery is not None:
        return Step(upto, shown, base - left, left, state.spent, passing)
    left = np.minimum(left, state.strength)  # not above it by rounding
    return Step(upto, shown, state.strength - left, left, spent, passing)


def take(terms: Terms, state: State, step: Step) -> None:
    """Take the losses of a step off, let men return, note the thresholds crossed."""
    losses, passing = step.losses, step.passing
    back: Floats | float = 0.0
    if passing is None:
        strength = step.left
    else:
        state.waiting = passing.move(state.waiting)
        waiting = _total(state.waiting)
        back = state.recovering - waiting
        strength = state.strength - losses + (back + passing.within * losses)
    whole, short = strength, np.flatnonzero(strength < 0)
    if short.size:
        strength, losses = strength.copy(), losses.copy()
        losses[short] = _no_more_than_there_are(state.strength + back, losses, passing, short)
        strength[short] = 0.0
    lost = state.lost + losses
    # The strength is followed to where the step would lead, also below zero.
    _cross(terms, state, step, whole, lost)
    if passing is not None:
        passing.join(state.waiting, losses)
        state.recovering = waiting + passing.held * losses
        if not terms.attrition.is_constant:
            days = step.upto - state.time
            felt = days > ROUNDING  # in less the change of a sum is its rounding alone
            coming = (back + passing.within * losses) / np.where(felt, days, 1.0)
            state.coming = np.where(felt, coming, state.coming)
    state.time, state.shown, state.spent = step.upto, step.shown, step.spent
    state.strength, state.lost = strength, lost


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


def _cross(terms: Terms, state: State, step: Step, strength: Floats, lost: Floats) -> None:
    """Note when a step crosses thresholds."""
    value = strength if terms.by_strength else lost
    hit = np.flatnonzero(value <= state.target if terms.by_strength else value >= state.target)
    while hit.size:
        when = _crossing(terms, state, step, strength, hit)
        # Where so few are left that no float tells them from none, it may yet take months.
        there = when <= step.upto[hit] + ROUNDING
        hit, when = hit[there], when[there]
        next_threshold = state.next_threshold[hit]
        state.crossed[next_threshold, hit] = when
        state.next_threshold[hit] = next_threshold + 1
        state.target[hit] = target = search_target(
            terms, next_threshold + 1, terms.shared(state.sent)[hit]
        )
        hit = hit[value[hit] <= target if terms.by_strength else value[hit] >= target]


def _crossing(terms: Terms, state: State, step: Step, strength: Floats, hit: Ints) -> Floats:
    """When some draws reach their next threshold at the pace of a step, even if after its end."""
    target = terms.target(state.next_threshold, terms.shared(state.sent))
    if not terms.by_strength:
        when = when_lost(terms, state, step.upto, target - state.lost)[hit]
    elif terms.recovery is None:
        when = _when_left(terms, state, step.upto, target)[hit]
    else:
        # Those who return come nearly evenly.
        change = state.strength[hit] - strength[hit]
        part = (state.strength - target)[hit] / np.where(change > 0, change, 1.0)
        when = state.time[hit] + part * (step.upto - state.time)[hit]
    return np.maximum(when, state.time[hit])


def search_target(terms: Terms, next_threshold: Ints, whole: Floats) -> Floats:
    """Where the next threshold is looked for, given what it is a share of."""
    target = terms.target(next_threshold, whole)
    return target if terms.by_strength else target * ALMOST


def when_lost(terms: Terms, state: State, upto: Floats, losses: Floats) -> Floats:
    """When these losses more are reached at the pace of a step to `upto`; inf for never."""
    present = _standing(terms, state, upto)[0] if terms.recovery is not None else state.strength
    return _when_left(terms, state, upto, present - np.maximum(losses, 0.0))


def _when_left(terms: Terms, state: State, upto: Floats, left: Floats) -> Floats:
    """When the strength that suffers the losses has fallen to `left`; inf for never."""
    base, before = _standing(terms, state, upto)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        clock = (terms.attrition.clock_for(base, left) - before) / _intensity(terms, state)
    return terms.clock.when(state.shown + np.where(clock > 0, clock, 0.0))


def _standing(terms: Terms, state: State, upto: Floats) -> tuple[Floats, Floats | float]:
    """A strength that suffers the losses of a step, and what the clock has advanced since.

    Of those who return during the step half count as present from the first.
    """
    if terms.recovery is None:
        return state.base, state.spent
    if terms.attrition.is_constant:
        return state.strength, 0.0
    return state.strength + 0.5 * state.coming * (upto - state.time), 0.0


def _intensity(terms: Terms, state: State) -> Floats | float:
    """Factor on the clock: drift and rotation."""
    drifts = terms.drift is not None
    if terms.has_spells:
        return state.turn * state.pace if drifts else state.turn
    return state.pace if drifts else 1.0
